"""The bootstrap against the normal interval, and ratios of totals against the general bootstrap."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crm_analysis.intervals import Estimate, bootstrap, bootstrap_ratios


def test_bootstrap_is_near_the_normal_interval_of_a_mean_and_repeats():
    values = np.random.default_rng(0).normal(5, 2, 400)
    found = bootstrap(np.mean, values, draws=2000)
    half = 1.96 * values.std(ddof=1) / 20
    assert (found.low, found.high) == pytest.approx((values.mean() - half, values.mean() + half), abs=0.03)
    assert bootstrap(np.mean, values, draws=2000) == found
    assert bootstrap(np.mean, values, draws=2000, rng=1) != found
    assert bootstrap(np.mean, values, rng=np.random.default_rng(1)) == bootstrap(np.mean, values, rng=1)


def test_bootstrap_draws_whole_rows():
    rows = np.column_stack([np.arange(1.0, 30), 2 * np.arange(1.0, 30)])
    assert bootstrap(lambda v: v[:, 1].sum() / v[:, 0].sum(), rows) == Estimate(2.0, 2.0, 2.0)


@pytest.mark.parametrize("values", [[], [3.0]])
def test_bootstrap_of_fewer_than_two_rows_has_no_interval(values):
    found = bootstrap(np.mean, values)
    assert np.isnan([found.low, found.high]).all()


def test_bootstrap_of_a_statistic_that_is_never_defined_has_no_interval():
    assert np.isnan(bootstrap(lambda _: float("nan"), [1.0, 2.0])).all()


def test_ratios_are_those_of_the_general_bootstrap():
    values = np.random.default_rng(2).poisson(4, size=(50, 2)) + 1.0
    sums = pd.DataFrame(values, columns=["top", "bottom"])
    fast = bootstrap_ratios(sums, {"ratio": ("top", "bottom")}, draws=300, rng=5)["ratio"]
    slow = bootstrap(lambda v: v[:, 0].sum() / v[:, 1].sum(), values, draws=300, rng=5)
    assert fast == pytest.approx(slow)
