"""LMG and its relatives: published values, all orders of entry by hand, sampled orders."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.satisfaction.drivers.relative import relative_weights
from crm_analysis.satisfaction.drivers.shapley import alone, at_last, by_level, sampled_shapley, shapley
from crm_analysis.satisfaction.drivers.subsets import subset_r_squared
from crm_analysis.satisfaction.survey.moments import mobi
from tests.satisfaction.drivers.published import MTCARS, PERQ, SWISS, any_correlations

quick = settings(max_examples=25, deadline=None)
MOBI = mobi().take(["CUSA1", *PERQ]).correlations


@pytest.mark.parametrize(
    ("matrix", "r_squared", "expected"),
    [
        (SWISS, 0.706735, [0.057091, 0.171173, 0.260135, 0.105570, 0.112766]),  # R relaimpo
        (MTCARS, 0.848635, [0.215709, 0.200698, 0.170077, 0.262150]),
        (MOBI, 0.446749, [0.134763, 0.050854, 0.045326, 0.075340, 0.035288, 0.043937, 0.061241]),
    ],
)
def test_lmg_of_published_correlations(matrix, r_squared, expected):
    fit = subset_r_squared(matrix)
    assert fit[-1] == pytest.approx(r_squared, abs=1e-6)
    np.testing.assert_allclose(shapley(fit), expected, atol=1e-6)


def test_first_and_last_of_swiss():
    fit = subset_r_squared(SWISS)
    np.testing.assert_allclose(alone(fit), SWISS[0, 1:] ** 2, atol=1e-12)
    np.testing.assert_allclose(at_last(fit), [0.042870, 0.007387, 0.161963, 0.062373, 0.056945], atol=1e-6)


@quick
@given(st.integers(0, 10**6), st.integers(1, 5))
def test_lmg_is_the_mean_over_orders_and_over_levels(seed, k):
    fit = subset_r_squared(any_correlations(seed, k))
    added = np.zeros(k)
    orders = list(permutations(range(k)))
    for order in orders:
        entered = 0
        for j in order:
            added[j] += fit[entered | 1 << j] - fit[entered]
            entered |= 1 << j
    shares = shapley(fit)
    np.testing.assert_allclose(shares, added / len(orders), atol=1e-12)
    np.testing.assert_allclose(shares, by_level(fit).mean(axis=1), atol=1e-12)
    assert shares.sum() == pytest.approx(fit[-1], abs=1e-12)


@quick
@given(st.integers(0, 10**6))
def test_two_drivers_and_uncorrelated_drivers(seed):
    matrix = any_correlations(seed, 2)
    np.testing.assert_allclose(shapley(subset_r_squared(matrix)), relative_weights(matrix), atol=1e-10)
    rng = np.random.default_rng(seed)
    free = np.eye(5)
    free[0, 1:] = free[1:, 0] = rng.uniform(-0.45, 0.45, 4)
    np.testing.assert_allclose(shapley(subset_r_squared(free)), free[0, 1:] ** 2, atol=1e-12)
    np.testing.assert_allclose(relative_weights(free), free[0, 1:] ** 2, atol=1e-12)


@quick
@given(st.integers(0, 10**6), st.permutations(range(4)))
def test_order_of_drivers_does_not_matter(seed, order):
    matrix = any_correlations(seed, 4)
    turned = np.array([0, *(1 + np.array(order))])
    shares = shapley(subset_r_squared(matrix[np.ix_(turned, turned)]))
    np.testing.assert_allclose(shares, shapley(subset_r_squared(matrix))[list(order)], atol=1e-12)


def test_shares_of_many_resamples_at_once():
    fits = subset_r_squared(np.stack([any_correlations(seed, 3) for seed in range(4)]))
    np.testing.assert_allclose(shapley(fits), [shapley(one) for one in fits], atol=1e-14)
    assert by_level(fits).shape == (4, 3, 3)
    np.testing.assert_allclose(alone(fits)[2], alone(fits[2]))


@pytest.mark.parametrize("sizes", [None, [2, 1, 3, 1, 1, 2]])
def test_sampled_orders_come_close_and_say_how_close(sizes):
    matrix = any_correlations(7, 10)
    exact = shapley(subset_r_squared(matrix, sizes=sizes))
    shares, errors = sampled_shapley(matrix, sizes=sizes, orders=2000, seed=1)
    assert shares.sum() == pytest.approx(exact.sum(), abs=1e-10)
    assert (np.abs(shares - exact) < 4 * errors + 1e-12).all()
    assert errors.max() < 0.004
    again, _ = sampled_shapley(matrix, sizes=sizes, orders=2000, seed=1)
    np.testing.assert_array_equal(shares, again)


def test_sampled_errors_are_of_the_right_size():
    matrix = any_correlations(11, 6)
    exact = shapley(subset_r_squared(matrix))
    runs = [sampled_shapley(matrix, orders=100, seed=seed) for seed in range(200)]
    ratio = np.std([shares - exact for shares, _ in runs], axis=0) / np.mean([errors for _, errors in runs], axis=0)
    assert (np.abs(ratio - 1) < 0.25).all()
