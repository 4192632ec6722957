"""Exact coverage of the limits of a net promoter score."""

from __future__ import annotations

import numpy as np
import pytest

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.scores.coverage import coverage_table, nps_coverage
from crm_analysis.satisfaction.scores.limits import nps_limits

MIXES = [(0.95, 0.04, 0.01), (0.01, 0.04, 0.95), (0.9, 0.05, 0.05), (0.05, 0.05, 0.9), (0.5, 0.3, 0.2),
         (0.2, 0.2, 0.6), (0.05, 0.9, 0.05), (0.34, 0.33, 0.33)]  # fmt: skip


@pytest.mark.parametrize(("n", "wald", "adjusted"), [(10, 0.649, 0.959), (30, 0.883, 0.973), (100, 0.925, 0.959)])
def test_coverage_published(n, wald, adjusted):
    assert nps_coverage((0.9, 0.05, 0.05), n, "wald").coverage == pytest.approx(wald, abs=1e-3)
    assert nps_coverage((0.9, 0.05, 0.05), n).coverage == pytest.approx(adjusted, abs=1e-3)


@pytest.mark.parametrize("mix", MIXES)
def test_adjusted_limits_cover_from_ten_respondents_on(mix):
    assert min(nps_coverage(mix, n).coverage for n in range(10, 101)) >= 0.91


def test_walds_limits_do_not():
    found = nps_coverage((0.95, 0.04, 0.01), 10, "wald")
    assert found.coverage < 0.45
    assert found.zero_width == pytest.approx(0.95**10 + 0.04**10 + 0.01**10)
    assert nps_coverage((0.95, 0.04, 0.01), 10).zero_width == 0


def test_enumeration_agrees_with_drawn_samples():
    rng, mix = np.random.default_rng(3), (0.6, 0.25, 0.15)
    drawn = rng.multinomial(25, mix, size=20_000)
    low, high = nps_limits(*drawn.T)
    found = nps_coverage(mix, 25)
    assert found.coverage == pytest.approx(np.mean((low <= 0.45) & (high >= 0.45)), abs=0.006)
    assert found.mean_width == pytest.approx(np.mean(high - low), abs=0.002)


def test_table_has_a_row_for_each_method_and_size():
    table = coverage_table((0.5, 0.3, 0.2), sizes=[5, 10])
    assert table[["nps_method", "respondents"]].values.tolist() == [
        ["adjusted_wald", 5], ["adjusted_wald", 10], ["wald", 5], ["wald", 10],
    ]  # fmt: skip


@pytest.mark.parametrize(("shares", "n"), [((0.5, 0.5), 10), ((0.5, 0.5, 0.5), 10), ((1, 0, 0), 0), ((1, 0, 0), 5000)])
def test_what_cannot_be_enumerated(shares, n):
    with pytest.raises(InputError):
        nps_coverage(shares, n)
