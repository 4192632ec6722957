"""Student's interval of a mean."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from crm_analysis.intervals import mean_t, t_half


def test_mean_without_spread_has_no_limits():
    assert np.isnan(mean_t([4, 4])[1:]).all()
    assert np.isnan(mean_t([])).all()


@given(st.lists(st.integers(-50, 50), min_size=2, max_size=30).filter(lambda values: len(set(values)) > 1))
def test_the_interval_is_that_of_scipy(values):
    found, limits = mean_t(values, level=0.9), stats.ttest_1samp(values, 0).confidence_interval(0.9)
    assert found == pytest.approx((np.mean(values), limits.low, limits.high))


def test_half_a_width_of_equal_values_is_none_and_of_one_value_unknown():
    np.testing.assert_array_equal(t_half([0.0, np.nan], [3, 1]), [0.0, np.nan])


def test_a_level_in_per_cent_is_refused():
    with pytest.raises(ValueError, match=r"pass 0\.95"):
        mean_t([1.0, 2.0], level=95)
