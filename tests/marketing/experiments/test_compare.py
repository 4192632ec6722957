"""Published numbers, scipy and statsmodels as second opinions, and properties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportions_ztest

from crm_analysis.errors import InputError
from crm_analysis.intervals import newcombe
from crm_analysis.marketing import relative_lift, sample_ratio, sample_size, two_means, two_proportions

ARM = st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def test_two_shares_to_printed_precision():
    found = two_proportions(527, 5000, 486, 5000)
    assert found.statistic == pytest.approx(1.358851, abs=5e-7)
    assert found.p == pytest.approx(0.174194, abs=5e-7)
    assert (found.difference.low, found.difference.high) == pytest.approx((-0.003634, 0.020041), abs=5e-7)
    assert 100 * np.array(found.lift) == pytest.approx([8.436, -3.524, 21.879], abs=5e-4)


@given(ARM, ARM)
def test_the_test_is_that_of_statsmodels(first, second):
    found = two_proportions(*first, *second)
    successes = first[0] + second[0]
    if 0 < successes < first[1] + second[1]:
        z, p = proportions_ztest([first[0], second[0]], [first[1], second[1]])
        assert (found.statistic, found.p) == pytest.approx((z, p), abs=1e-12)
    else:
        assert np.isnan(found.statistic)
        assert np.isnan(found.p)


@given(ARM, ARM)
def test_newcombe_flips_with_the_arms_and_stays_within_one(first, second):
    there, back = newcombe(*first, *second), newcombe(*second, *first)
    assert there == pytest.approx((-back.value, -back.high, -back.low))
    assert -1 <= there.low <= there.value <= there.high <= 1


@given(ARM, ARM)
def test_lift_of_the_arms_swapped_is_the_inverse(first, second):
    there, back = relative_lift(*first, *second), relative_lift(*second, *first)
    if first[0] and second[0]:
        assert 1 + there.value == pytest.approx(1 / (1 + back.value))
        assert 1 + there.low == pytest.approx(1 / (1 + back.high))
    else:
        assert np.isnan(there).all()


def test_empty_arms_give_no_numbers():
    found = two_proportions(0, 0, 3, 10)
    assert np.isnan([*found.difference, *found.lift, found.statistic, found.p]).all()


def test_means_are_those_of_scipy():
    rng = np.random.default_rng(0)
    a, b = rng.gamma(2, 30, 400), rng.gamma(2, 25, 150)
    found, other = two_means(a, b), stats.ttest_ind(a, b, equal_var=False)
    limits = other.confidence_interval(0.95)
    assert (found.statistic, found.p) == pytest.approx((other.statistic, other.pvalue))
    assert (found.difference.low, found.difference.high) == pytest.approx((limits.low, limits.high))
    assert found.lift.value == pytest.approx(a.mean() / b.mean() - 1)


@pytest.mark.parametrize(("a", "b", "difference"), [([1.0], [2.0, 3.0], -1.5), ([2.0, 2.0], [1.0, 1.0], 1.0)])
def test_means_without_spread_have_no_interval(a, b, difference):
    found = two_means(a, b)
    assert found.difference.value == difference
    assert np.isnan([found.difference.low, found.p]).all()


def test_means_of_nothing():
    assert np.isnan(two_means([], [1.0]).difference.value)


@pytest.mark.parametrize(
    ("counts", "statistic", "p", "stop"),
    [([10_000, 10_300], 4.4335, 0.0352, False), ([10_000, 10_500], 12.1951, 0.00048, True)],
)
def test_sample_ratio_to_printed_precision(counts, statistic, p, stop):
    found = sample_ratio(counts)
    assert found.statistic == pytest.approx(statistic, abs=5e-5)
    assert found.p == pytest.approx(p, rel=1e-2)
    assert found.stop is stop


def test_sample_ratio_of_a_planned_split_is_that_of_scipy():
    found, other = sample_ratio([905, 95, 10], [9, 1, 0.1]), stats.chisquare([905, 95, 10], np.array([9, 1, 0.1]) * 100)
    assert (found.statistic, found.p) == pytest.approx((other.statistic, other.pvalue))
    assert sample_ratio([905, 95], [90, 10]) == pytest.approx(sample_ratio([905, 95], [0.9, 0.1]))


@pytest.mark.parametrize("counts", [[5, -1], [5, np.nan]])
def test_counts_are_counts(counts):
    with pytest.raises(InputError, match="not sizes of groups"):
        sample_ratio(counts)


@pytest.mark.parametrize(("counts", "planned"), [([5], None), ([5, 5], [1]), ([5, 5], [1, 0]), ([5, 5], [1, np.nan])])
def test_a_plan_that_does_not_fit_is_refused(counts, planned):
    with pytest.raises(InputError, match="planned split"):
        sample_ratio(counts, planned)


@pytest.mark.parametrize(
    ("p1", "p2", "power", "n"), [(0.5, 0.75, 0.9, 77), (0.10, 0.12, 0.8, 3841), (0.02, 0.022, 0.8, 80_682)]
)
def test_sample_sizes(p1, p2, power, n):
    assert sample_size(p1, p2, power=power) == sample_size(p2, p1, power=power) == n


@pytest.mark.parametrize(("p1", "p2"), [(0.1, 0.1), (10, 12)])
def test_no_sample_size_for_equal_shares_or_percentages(p1, p2):
    with pytest.raises(InputError, match="5 % is written"):
        sample_size(p1, p2)


@pytest.mark.parametrize("counts", [(20, 10, 3, 10), (3, 10, 20, 10), (-1, 10, 3, 10), (float("nan"), 10, 3, 10)])
def test_more_successes_than_units_are_refused(counts):
    for call in (two_proportions, relative_lift):
        with pytest.raises(InputError, match="more successes than units"):
            call(*counts)
