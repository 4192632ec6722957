"""Percentile limits of draws: those of numpy where all exist, of the rest where some do not, none where too few."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from crm_analysis.intervals import percentile_limits, quantile_of_draws


@settings(max_examples=50, deadline=None)
@given(arrays.arrays(float, st.tuples(st.integers(1, 30), st.integers(1, 4)), elements=st.floats(-1e6, 1e6)))
def test_limits_are_those_of_numpy_where_every_draw_exists(drawn):
    low, high = percentile_limits(drawn, level=0.9)
    assert low == pytest.approx(np.quantile(drawn, 0.05, axis=0))
    assert high == pytest.approx(np.quantile(drawn, 0.95, axis=0))


def test_draws_without_a_value_are_left_out_column_by_column():
    drawn = np.column_stack([np.arange(10.0), np.full(10, np.nan), np.r_[np.arange(9.0), np.inf]])
    low, high = percentile_limits(drawn, level=0.8)
    assert low.tolist() == pytest.approx([0.9, np.nan, 0.8], nan_ok=True)
    assert high.tolist() == pytest.approx([8.1, np.nan, 7.2], nan_ok=True)


def test_too_many_lost_draws_leave_no_limits():
    drawn = np.r_[np.arange(8.0), np.nan, np.nan][:, None]
    assert np.isfinite(quantile_of_draws(drawn, 0.5, most_lost=0.2)).all()
    assert np.isnan(quantile_of_draws(drawn, 0.5, most_lost=0.1)).all()


def test_no_draws_give_no_limits():
    low, high = percentile_limits(np.empty((0, 3)))
    assert low.shape == high.shape == (3,)
    assert np.isnan(low).all()


def test_a_level_in_per_cent_is_refused():
    with pytest.raises(ValueError, match=r"pass 0\.95"):
        percentile_limits(np.ones((3, 1)), level=95)
