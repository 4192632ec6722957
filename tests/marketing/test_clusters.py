"""Intervals with the customer as the unit: special cases, and how often they hold the truth."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_analysis.intervals import bootstrap, proportion
from crm_analysis.marketing.clusters import bootstrap_ratios, clustered_median, clustered_share


@given(st.lists(st.booleans(), min_size=1, max_size=40))
def test_one_row_each_is_plain_wilson(hits):
    assert clustered_share(hits, range(len(hits))) == pytest.approx(proportion(sum(hits), len(hits)))


@given(st.lists(st.booleans(), min_size=1, max_size=10), st.integers(2, 5))
def test_repeating_each_customers_row_adds_nothing(hits, times):
    """Copies of a row carry no news: the effective number of rows is that of the customers, up to (n-1)/n."""
    few, many = clustered_share(hits, range(len(hits))), clustered_share(hits * times, list(range(len(hits))) * times)
    assert many.value == pytest.approx(few.value)
    if 0 < sum(hits) < len(hits):
        assert many.high - many.low >= few.high - few.low - 1e-9


def test_nothing_or_everything_hit_keeps_the_wilson_interval():
    assert clustered_share([False] * 6, [1, 1, 1, 2, 2, 2]) == pytest.approx(proportion(0, 6))
    assert np.isnan(clustered_share([], [])).all()


def test_the_interval_holds_the_truth_about_as_often_as_it_says():
    rng, held = np.random.default_rng(0), 0
    for _ in range(400):
        own = rng.beta(2, 6, size=80)  # customers differ; their mean share is 0.25
        sizes = rng.poisson(6, size=80) + 1
        hits = rng.random(sizes.sum()) < np.repeat(own, sizes)
        found = clustered_share(hits, np.repeat(np.arange(80), sizes))
        held += found.low <= 0.25 <= found.high
    assert 0.92 <= held / 400 <= 0.98


def test_median_limits_are_quantiles_and_widen_with_clusters():
    values = np.random.default_rng(1).exponential(size=60)
    alone = clustered_median(np.repeat(values, 5), range(300))
    together = clustered_median(np.repeat(values, 5), np.repeat(np.arange(60), 5))
    assert alone.value == together.value == np.median(np.repeat(values, 5))
    assert together.low <= alone.low <= alone.value <= alone.high <= together.high


def test_ratios_are_those_of_the_general_bootstrap():
    values = np.random.default_rng(2).poisson(4, size=(50, 2)) + 1.0
    sums = pd.DataFrame(values, columns=["top", "bottom"])
    fast = bootstrap_ratios(sums, {"ratio": ("top", "bottom")}, draws=300, rng=5)["ratio"]
    slow = bootstrap(lambda v: v[:, 0].sum() / v[:, 1].sum(), values, draws=300, rng=5)
    assert fast == pytest.approx(slow)
