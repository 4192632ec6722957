"""How an estimate prints, and the levels it may have."""

from __future__ import annotations

import numpy as np
import pytest

from crm_analysis.intervals import UNKNOWN, Estimate, bootstrap, wilson, with_limits


@pytest.mark.parametrize(
    ("estimate", "style", "text"),
    [
        (Estimate(0.5, 0.4, 0.6), ".0%", "50% [40%, 60%]"),
        (Estimate(0.5, float("nan"), float("nan")), ".0%", "50%"),
        (Estimate(float("nan"), 0.1, 0.2), ".0%", "–"),
        (Estimate(float("inf"), 0.1, 0.2), ".0%", "–"),
        (Estimate(1234.5, 1000, 2000), ",.0f", "1,234 [1,000, 2,000]"),
    ],
)
def test_an_estimate_prints_its_interval_in_one_style(estimate, style, text):
    assert format(estimate, style) == text


@pytest.mark.parametrize("level", [95, 0, 1, -0.5])
def test_a_level_outside_its_range_is_refused(level):
    for interval in (lambda: wilson(1, 2, level=level), lambda: bootstrap(np.mean, [1, 2], level=level)):
        with pytest.raises(ValueError, match="level must lie between 0 and 1"):
            interval()


def test_an_unknown_number_has_no_limits_either():
    assert np.isnan(list(with_limits("x", UNKNOWN).values())).all()
    assert f"{UNKNOWN:.1%}" == "–"
