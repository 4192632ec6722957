"""Moments and calendar days: what the end of a window means, days and months as numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_analysis.errors import InputError
from crm_analysis.tables.days import MICROSECOND, day_number, day_stamp, end_of, last_moment, local_days, month_of, wall

ZONE = "Asia/Shanghai"


def test_days_are_those_of_the_zone():
    at = pd.Series(pd.to_datetime(["2017-11-24 16:30:00+00:00"])).dt.tz_convert("Asia/Shanghai")
    assert local_days(at)[0] == day_number("2017-11-25")


@given(st.integers(-20000, 40000))
def test_days_and_months_agree_with_pandas(day):
    stamp = day_stamp(day)
    assert day_number(stamp) == day
    assert month_of([day]).tolist() == [12 * (stamp.year - 1970) + stamp.month - 1]


@given(st.datetimes(min_value=pd.Timestamp("1990-01-01"), max_value=pd.Timestamp("2030-01-01")), st.booleans())
def test_both_ends_are_one_microsecond_apart(moment, whole):
    as_of = pd.Timestamp(moment).normalize() if whole else pd.Timestamp(moment)
    times = pd.Series(pd.to_datetime(["2012-03-01"])).dt.tz_localize(ZONE)
    end = end_of(as_of, times)
    assert wall(end) - last_moment(as_of) == MICROSECOND
    assert end_of(as_of.tz_localize(ZONE).tz_convert("UTC"), times) == end


@pytest.mark.parametrize("read", [wall, last_moment, lambda moment: end_of(moment, pd.Series([pd.Timestamp(0)]))])
def test_a_moment_that_cannot_be_read_is_named(read):
    with pytest.raises(InputError, match="the moment 'soon' cannot be read"):
        read("soon")


def test_days_before_1970_are_negative():
    at = pd.Series(pd.to_datetime(["1969-12-31 23:59"])).dt.tz_localize(ZONE)
    np.testing.assert_array_equal(local_days(at), [-1])


@pytest.mark.parametrize("text", ["12/11/2012", "1-2-2012", "03.04.12"])
def test_days_that_can_be_read_in_two_ways_are_refused(text):
    with pytest.raises(InputError, match="two days"):
        wall(text)


@pytest.mark.parametrize("text", ["30.09.2024", "9/30/2024", "05-05-2024", "30.09.2024 21:00"])
def test_days_that_cannot_be_mistaken_are_refused_for_the_right_reason(text):
    with pytest.raises(InputError, match="does not begin with the year") as caught:
        wall(text)
    assert "2017-12-03" in caught.value.expected
    assert "有歧义" not in caught.value.zh


def test_a_year_of_two_digits_may_stand_anywhere():
    with pytest.raises(InputError, match="two days"):
        wall("30.09.24")  # the 30th of September 2024, or the 24th of September 2030
