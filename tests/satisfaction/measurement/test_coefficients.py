"""The formulas of reliability against definitions, printed values and simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.satisfaction.measurement.coefficients import (
    alpha_of,
    average_variance,
    composite_reliability,
    feldt,
)


def answers(seed: int, n: int = 60, k: int = 4) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, 1)) + rng.normal(size=(n, k)) * rng.uniform(0.5, 2, k)


def test_alpha_is_one_less_the_variances_of_items_over_that_of_their_sum():
    rows = answers(1)
    k = rows.shape[1]
    by_hand = k / (k - 1) * (1 - rows.var(axis=0, ddof=1).sum() / rows.sum(axis=1).var(ddof=1))
    assert alpha_of(np.cov(rows.T)) == pytest.approx(by_hand, abs=1e-12)
    scaled = (rows - rows.mean(axis=0)) / rows.std(axis=0, ddof=1)
    by_hand = k / (k - 1) * (1 - k / scaled.sum(axis=1).var(ddof=1))
    assert alpha_of(np.corrcoef(rows.T)) == pytest.approx(by_hand, abs=1e-12)


def test_alpha_of_two_items_is_spearman_brown():
    assert alpha_of(np.array([[1, 0.5], [0.5, 1]])) == pytest.approx(2 * 0.5 / 1.5)


def test_alpha_is_the_mean_of_all_split_halves():
    c = np.cov(answers(2).T)
    halves = [([0, 1], [2, 3]), ([0, 2], [1, 3]), ([0, 3], [1, 2])]
    split = [4 * c[np.ix_(a, b)].sum() / c.sum() for a, b in halves]
    assert alpha_of(c) == pytest.approx(np.mean(split))


def test_alpha_has_no_value_for_one_item_or_a_sum_that_does_not_vary():
    assert np.isnan(alpha_of(np.ones((3, 1, 1)))).all()
    assert np.isnan(alpha_of(np.array([[1.0, -1.0], [-1.0, 1.0]])))


def test_alpha_works_on_many_matrices_at_once():
    many = np.array([np.cov(answers(seed).T) for seed in range(5)])
    np.testing.assert_allclose(alpha_of(many), [alpha_of(one) for one in many])


def test_feldt_interval_of_the_image_scale():
    found = feldt(0.714447, k=5, n=250)
    assert (found.low, found.high) == pytest.approx((0.6544, 0.7668), abs=5e-5)
    assert np.isnan(feldt(0.5, k=1, n=250).low)


def test_feldt_interval_covers_the_true_alpha_of_parallel_items():
    rng, n, k, draws = np.random.default_rng(3), 40, 4, 2000
    rows = rng.normal(size=(draws, n, 1)) + rng.normal(size=(draws, n, k))
    moved = rows - rows.mean(axis=1, keepdims=True)
    alphas = alpha_of(np.swapaxes(moved, 1, 2) @ moved / (n - 1))
    truth = k * 1 / (k * 1 + 1)
    intervals = [feldt(value, k=k, n=n) for value in alphas]
    covered = np.mean([found.low <= truth <= found.high for found in intervals])
    assert abs(covered - 0.95) < 4 * np.sqrt(0.95 * 0.05 / draws)


@pytest.mark.parametrize(("sum_of", "expected"), [([0.5, 0.5], 1 / (1 + 1.5)), ([1, 1, 1], 1.0), ([0.0, 0.0], 0.0)])
def test_composite_reliability(sum_of, expected):
    assert composite_reliability(np.array(sum_of, float)) == pytest.approx(expected)


def test_average_variance_is_the_mean_square():
    assert average_variance(np.array([0.6, 0.8])) == pytest.approx(0.5)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.permutations(range(4)))
def test_order_of_items_and_their_scale_leave_alpha_alone(seed, order):
    rows = answers(seed)
    order = list(order)
    assert alpha_of(np.cov(rows[:, order].T)) == pytest.approx(alpha_of(np.cov(rows.T)))
    stretched = rows * np.array([1.0, 2.0, 5.0, 0.1]) + 7
    assert alpha_of(np.corrcoef(stretched.T)) == pytest.approx(alpha_of(np.corrcoef(rows.T)))
    assert alpha_of(np.cov(3 * rows.T)) == pytest.approx(alpha_of(np.cov(rows.T)))
