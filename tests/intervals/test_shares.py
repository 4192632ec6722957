"""Shares against published values, a second implementation, and how often they hold the truth."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from crm_analysis.intervals import newcombe, proportion, share_columns, wilson

COUNTS = st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(
    ("x", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_is_newcombes_table_one(x, n, low, high):
    found = wilson(x, n)
    assert np.round(found, 4).tolist() == [low, high]


@pytest.mark.parametrize(
    ("x1", "n1", "x2", "n2", "low", "high"),
    [(56, 70, 48, 80, 0.0524, 0.3339), (9, 10, 3, 10, 0.1705, 0.8090), (6, 7, 2, 7, 0.0582, 0.8062),
     (5, 56, 0, 29, -0.0381, 0.1926), (0, 10, 0, 20, -0.1611, 0.2775), (10, 10, 0, 10, 0.6075, 1.0)],
)  # fmt: skip
def test_newcombe_is_his_table_two(x1, n1, x2, n2, low, high):
    found = newcombe(x1, n1, x2, n2)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


@given(COUNTS, st.sampled_from([0.8, 0.95, 0.99]))
def test_wilson_is_that_of_statsmodels(counts, level):
    x, n = counts
    assert np.array(wilson(x, n, level=level)) == pytest.approx(
        np.array(proportion_confint(x, n, alpha=1 - level, method="wilson")), abs=1e-12
    )


@given(COUNTS, COUNTS)
def test_newcombe_is_that_of_statsmodels(first, second):
    found = newcombe(*first, *second)
    other = confint_proportions_2indep(*first, *second, method="newcomb")
    assert (found.low, found.high) == pytest.approx(other, abs=1e-12)


@given(COUNTS)
def test_limits_hold_the_share_and_mirror_its_complement(counts):
    x, n = counts
    found, other = proportion(x, n), proportion(n - x, n)
    assert 0 <= found.low <= found.value <= found.high <= 1
    assert (found.low, found.high) == pytest.approx((1 - other.high, 1 - other.low))


def test_wilson_inverts_the_score_test():
    low, high = wilson(15, 148)
    for limit in (low, high):
        z = (15 / 148 - limit) / np.sqrt(limit * (1 - limit) / 148)
        assert abs(z) == pytest.approx(stats.norm.ppf(0.975))


def test_wilson_takes_arrays_and_leaves_empty_groups_without_limits():
    low, high = wilson([0, 1, 0], [4, 4, 0])
    assert low.shape == (3,)
    assert np.isnan([low[2], high[2]]).all()
    assert wilson(1, [2, 4])[0].shape == (2,)
    assert np.isnan(proportion(0, 0)).all()
    assert np.isnan(newcombe(0, 0, 1, 2)).all()


@pytest.mark.parametrize(("x", "n"), [(3, 2), (-1, 2)])
def test_counts_outside_their_range_are_refused(x, n):
    with pytest.raises(ValueError, match="between 0 and trials"):
        wilson(x, n)


def test_95_is_taken_for_a_percentage():
    with pytest.raises(ValueError, match="If 95 % was meant"):
        proportion(1, 2, level=95)


@given(st.lists(COUNTS, min_size=1, max_size=8))
def test_columns_are_the_proportions_row_by_row(rows):
    successes, trials = zip(*rows, (0, 0))
    found = share_columns("x", successes, trials)
    assert list(found) == ["x", "x_low", "x_high"]
    expected = np.array([proportion(hit, n) for hit, n in zip(successes, trials)])
    np.testing.assert_array_equal(np.column_stack(list(found.values())), expected)
