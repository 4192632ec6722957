"""Relative differences and ratios of totals: formulas of books, statsmodels, bootstrap and coverage."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_analysis.errors import InputError
from crm_analysis.marketing.experiments import fieller, ratio_of_totals, relative_means, two_ratios


@given(st.floats(0.5, 50), st.floats(0.01, 0.2), st.floats(1, 50), st.floats(0.01, 0.2))
def test_fieller_limits_are_where_the_test_turns(first, v1, second, v2):
    found = fieller(first, v1, second, v2, z=1.96)
    for limit in (found.low, found.high):
        if np.isfinite(limit):
            ratio = 1 + limit
            assert (first - ratio * second) ** 2 == pytest.approx(1.96**2 * (v1 + ratio**2 * v2), rel=1e-6)


def test_a_base_that_may_be_nothing_has_no_limits():
    assert np.isnan(fieller(1.0, 0.1, 0.1, 0.1, z=1.96).low)
    assert np.isnan(fieller(1.0, 0.1, -0.1, 0.1, z=1.96).value)
    assert np.isnan(relative_means([1.0], [2.0, 3.0]).low)
    assert np.isnan(relative_means([], [1.0]).value)
    assert tuple(relative_means([3.0, 3.0], [2.0, 2.0])) == pytest.approx((0.5, 0.5, 0.5))


def test_relative_means_hold_the_truth_as_often_as_they_say():
    rng = np.random.default_rng(0)
    held = 0
    for _ in range(600):
        found = relative_means(rng.gamma(2, 6, 40), rng.gamma(2, 5, 40))
        held += found.low <= 0.2 <= found.high
    assert 553 <= held <= 586


def test_the_delta_method_is_the_bootstrap():
    rng = np.random.default_rng(1)
    sessions = rng.poisson(3, 2000) + 1
    revenue = rng.gamma(1, 4, 2000) * sessions
    ratio, variance = ratio_of_totals(revenue, sessions)
    draws = rng.integers(0, 2000, (600, 2000))
    other = revenue[draws].sum(axis=1) / sessions[draws].sum(axis=1)
    assert ratio == pytest.approx(revenue.sum() / sessions.sum())
    assert np.sqrt(variance) == pytest.approx(other.std(), rel=0.08)


def test_a_ratio_to_one_each_is_a_mean():
    rng = np.random.default_rng(2)
    a, b = rng.normal(5, 1, 50), rng.normal(4, 2, 70)
    found = two_ratios(a, np.ones(50), b, np.ones(70))
    error = np.sqrt(a.var(ddof=1) / 50 + b.var(ddof=1) / 70)
    assert found.statistic == pytest.approx((a.mean() - b.mean()) / error)
    assert found.difference.low == pytest.approx(a.mean() - b.mean() - 1.959964 * error, rel=1e-6)


def test_sessions_are_not_the_unit():
    """Customers with many alike sessions: taking sessions as independent would be far too sure."""
    rng = np.random.default_rng(3)
    held = naive = 0
    for _ in range(300):
        sides = []
        for _ in range(2):
            sessions = rng.poisson(8, 60) + 1
            sides.append((rng.gamma(2, 5, 60) * sessions, sessions))
        (y1, x1), (y2, x2) = sides
        found = two_ratios(y1, x1, y2, x2)
        held += found.difference.low <= 0 <= found.difference.high
        parts = [np.repeat(y / x, x) for y, x in sides]
        error = np.sqrt(sum(part.var(ddof=1) / len(part) for part in parts))
        naive += abs(parts[0].mean() - parts[1].mean()) <= 1.96 * error
    assert 274 <= held <= 296
    assert naive < 200


def test_groups_without_numbers():
    assert np.isnan(two_ratios([1.0], [1], [1.0, 2.0], [1, 1]).difference.value)
    assert np.isnan(two_ratios([1.0, 2.0], [0, 0], [1.0, 2.0], [1, 1]).difference.value)
    assert np.isnan(two_ratios([2.0, 2.0], [1, 1], [1.0, 1.0], [1, 1]).p)


@pytest.mark.parametrize("bottom", [[1], [1, -1]])
def test_denominators_that_do_not_fit(bottom):
    with pytest.raises(InputError, match="do not fit"):
        two_ratios([1, 2], bottom, [1, 2], [1, 1])
