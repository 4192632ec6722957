"""Spans of time in units of the calendar."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_analysis.clv.summary.calendar import add_months, elapsed
from crm_analysis.errors import InputError
from crm_analysis.tables.days import day_number

DAYS = st.integers(day_number("1969-01-01"), day_number("2050-12-31"))
MONTHS = {"month": 1, "year": 12}


def by_hand(first: int, last: int, size: int) -> float:
    """Count whole months with pandas' own calendar, then the part of the running one."""
    start, stop, whole = pd.Timestamp(first, unit="D"), pd.Timestamp(last, unit="D"), 0
    while start + pd.DateOffset(months=size * (whole + 1)) <= stop:
        whole += 1
    begin, end = (start + pd.DateOffset(months=size * k) for k in (whole, whole + 1))
    return whole + (stop - begin) / (end - begin)


@given(DAYS, st.integers(0, 3000), st.sampled_from(["month", "year"]))
def test_months_and_years_are_those_of_pandas(first, length, unit):
    assert elapsed(first, first + length, unit=unit).item() == by_hand(first, first + length, MONTHS[unit])


@given(DAYS, st.integers(0, 3000), st.sampled_from(["day", "week", "month", "year"]))
def test_time_grows_with_every_day(first, length, unit):
    spans = elapsed(first, [first + length, first + length + 1], unit=unit)
    assert 0 <= spans[0] < spans[1]


@given(DAYS, st.integers(0, 240), st.integers(0, 240))
def test_whole_months_add_up_from_the_first_day(first, some, more):
    assert elapsed(first, add_months(first, some), unit="month").item() == some
    assert elapsed(first, add_months(first, some + more), unit="month").item() == some + more
    assert elapsed(first, add_months(first, 12 * some), unit="year").item() == some


@pytest.mark.parametrize(
    ("first", "last", "unit", "length"),
    [
        ("2011-01-31", "2011-02-28", "month", 1),
        ("2012-01-31", "2012-02-28", "month", 28 / 29),
        ("2012-01-31", "2012-02-29", "month", 1),
        ("2011-01-31", "2011-03-30", "month", 1 + 30 / 31),
        ("2011-01-31", "2011-03-31", "month", 2),
        ("2011-02-28", "2011-03-31", "month", 1 + 3 / 31),
        ("2012-02-29", "2013-02-28", "year", 1),
        ("2011-07-01", "2012-01-01", "year", 184 / 366),
        ("1997-01-01", "1997-09-30", "week", 272 / 7),
        ("1997-01-01", "1997-01-01", "year", 0),
    ],
)
def test_ends_of_months(first, last, unit, length):
    assert elapsed(day_number(first), day_number(last), unit=unit).item() == pytest.approx(length, abs=1e-15)


def test_arrays_broadcast_and_units_are_checked():
    first = np.array([0, 31])
    assert elapsed(first, 59, unit="month").tolist() == [2.0, 1.0]
    with pytest.raises(InputError, match="did you mean 'month'"):
        elapsed(0, 1, unit="months")
