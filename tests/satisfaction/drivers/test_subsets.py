"""R2 of all subsets: against least squares, one subset after the other."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.drivers.shapley import shapley
from crm_analysis.satisfaction.drivers.subsets import counts, subset_r_squared, without
from tests.satisfaction.drivers.published import SWISS, any_correlations

quick = settings(max_examples=25, deadline=None)


def brute(matrix: np.ndarray, columns: list[int]) -> float:
    r = matrix[0, columns]
    return float(r @ np.linalg.pinv(matrix[np.ix_(columns, columns)]) @ r) if columns else 0.0


@quick
@given(st.integers(0, 10**6), st.integers(1, 6))
def test_all_subsets_equal_least_squares_one_by_one(seed, k):
    matrix = any_correlations(seed, k)
    expected = [brute(matrix, [j + 1 for j in range(k) if s >> j & 1]) for s in range(2**k)]
    np.testing.assert_allclose(subset_r_squared(matrix), expected, atol=1e-9)


@quick
@given(st.integers(0, 10**6), st.lists(st.integers(1, 3), min_size=1, max_size=4))
def test_groups_enter_together(seed, sizes):
    matrix = any_correlations(seed, sum(sizes))
    group = np.repeat(np.arange(len(sizes)), sizes)
    expected = [brute(matrix, list(1 + np.flatnonzero(s >> group & 1))) for s in range(2 ** len(sizes))]
    np.testing.assert_allclose(subset_r_squared(matrix, sizes=sizes), expected, atol=1e-9)


def test_against_a_regression_on_rows():
    rng = np.random.default_rng(3)
    x = rng.normal(size=(60, 3))
    y = x @ [1, 0.5, -0.3] + rng.normal(size=60)
    found = subset_r_squared(np.corrcoef(np.column_stack([y, x]), rowvar=False))
    for s in range(1, 8):
        design = np.column_stack([np.ones(60), x[:, [j for j in range(3) if s >> j & 1]]])
        rest = np.linalg.lstsq(design, y, rcond=None)[1][0]
        assert found[s] == pytest.approx(1 - rest / ((y - y.mean()) ** 2).sum(), abs=1e-12)


def test_resamples_are_worked_on_together():
    stack = np.stack([any_correlations(seed, 4) for seed in range(3)])
    np.testing.assert_allclose(subset_r_squared(stack), [subset_r_squared(one) for one in stack], atol=1e-14)


def test_a_copy_of_a_driver_adds_nothing():
    doubled = SWISS[np.ix_([0, 1, 2, 2], [0, 1, 2, 2])]
    found = subset_r_squared(doubled)
    assert found[0b110] == pytest.approx(found[0b010], abs=1e-12)
    assert found[0b111] == pytest.approx(found[0b011], abs=1e-12)


def test_counts_and_positions():
    assert counts(3).tolist() == [0, 1, 1, 2, 1, 2, 2, 3]
    assert without(3, 1).tolist() == [0, 1, 4, 5]


def test_fifteen_drivers_take_less_than_a_second():
    matrix = any_correlations(1, 15)
    start = time.perf_counter()
    shares = shapley(subset_r_squared(matrix))
    assert time.perf_counter() - start < 1
    assert shares.sum() == pytest.approx(brute(matrix, list(range(1, 16))), abs=1e-9)


def test_too_many_drivers_and_wrong_sizes():
    with pytest.raises(InputError, match="21 drivers have 2,097,152 subsets"):
        subset_r_squared(np.eye(22))
    with pytest.raises(ValueError, match="do not cover"):
        subset_r_squared(np.eye(4), sizes=[1, 1])
