"""Intervals with the customer as the unit: special cases, and how often they hold the truth."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from crm_analysis.intervals import clustered_median, clustered_share, design_effect, effective_counts, proportion

ROWS = st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=2, max_size=40)


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


@given(ROWS)
def test_the_design_effect_by_its_definition(rows):
    hits, owners = zip(*rows)
    n, p, own = len(rows), np.mean(hits), sorted(set(owners))
    x, size = ([sum(value for value, o in pairs if o == u) for u in own] for pairs in (rows, [(1, o) for o in owners]))
    assume(0 < p < 1 and len(own) > 1)
    between = len(own) / (len(own) - 1) * sum((a - p * b) ** 2 for a, b in zip(x, size)) / n**2
    assert design_effect(x, size) == pytest.approx(max(1, between / (p * (1 - p) / (n - 1))))


@given(ROWS)
def test_with_equal_weights_both_effective_numbers_differ_by_less_than_a_row(rows):
    hits, owners = np.array(rows).T
    hit_rate, n = hits.mean(), len(hits)
    found = effective_counts(hits, owners, weight=np.full(n, 1 / n), expected=np.full(n, hit_rate))
    owners = np.unique(owners, return_inverse=True)[1]
    d = design_effect(np.bincount(owners, hits), np.bincount(owners))
    assert found[0] == pytest.approx(hit_rate * found[1])
    assert -1e-9 <= found[1] - n / d < 1
    if d > 1:
        assert found[1] == pytest.approx(1 + (n - 1) / d)


def test_unequal_weights_cost_rows_and_no_rows_are_none():
    assert effective_counts([], [], weight=[], expected=[]) == (0.0, 0.0)
    apart = effective_counts([1, 0, 1], list("abc"), weight=[0.5, 0.25, 0.25], expected=[0.75] * 3)
    assert apart == pytest.approx((0.75 / 0.375, 1 / 0.375))  # 1 / the sum of squared weights
    alike = effective_counts([1, 0, 1], list("aba"), weight=[0.5, 0.25, 0.25], expected=[0.75] * 3)
    assert alike[1] == pytest.approx(1 + 0.75 * 0.25 / (2 * (0.1875**2 + 0.1875**2)))
