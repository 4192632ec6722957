"""Calendar periods: days into days, weeks (from Monday), months, quarters and years, and which of them are whole."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError, nearest
from crm_analysis.tables.days import day_number, month_of

DAYS = {"day": 1, "week": 7, "month": 28, "quarter": 90, "year": 365}  # the least number of days in one
MONDAY = 4  # 1970-01-05
SECOND = pd.Timedelta(1, "s")


def check_period(period: str) -> str:
    """Return `period` if it is one of day, week, month, quarter, year.

    Examples
    --------
    >>> check_period("month")
    'month'
    """
    if period not in DAYS:
        raise InputError(f"there is no period {period!r}", expected=", ".join(DAYS), mend=nearest(period, DAYS))
    return period


def number(day: np.ndarray, period: str) -> np.ndarray:
    """Return the number of the period that holds each day; neighbouring periods differ by 1.

    Examples
    --------
    >>> number(np.array([0, 3, 4, 31]), "week").tolist(), number(np.array([0, 31]), "month").tolist()
    ([-1, -1, 0, 3], [0, 1])
    """
    day = np.asarray(day, "int64")
    if period == "day":
        return day
    if period == "week":
        return (day - MONDAY) // 7
    return month_of(day) // {"month": 1, "quarter": 3, "year": 12}[check_period(period)]


def first_day(period_number: np.ndarray | int, period: str) -> np.ndarray:
    """Return the first day of each period; the inverse of `number`.

    Examples
    --------
    >>> first_day(np.array([0, 1]), "month").tolist()
    [0, 31]
    """
    numbers = np.asarray(period_number, "int64")
    if period == "day":
        return numbers
    if period == "week":
        return numbers * 7 + MONDAY
    months = numbers * {"month": 1, "quarter": 3, "year": 12}[check_period(period)]
    return months.astype("datetime64[M]").astype("datetime64[D]").astype("int64")


def label(period_number: np.ndarray, period: str) -> list[str]:
    """Return how each period is written: 2010-12-09, 2010-12-06 (a week by its Monday), 2010-12, 2010Q4, 2010.

    Examples
    --------
    >>> label(np.array([491]), "month"), label(np.array([163]), "quarter")
    (['2010-12'], ['2010Q4'])
    """
    days = pd.DatetimeIndex(first_day(period_number, period).astype("datetime64[D]").astype("datetime64[s]"))
    if period == "quarter":
        return [f"{day.year}Q{day.quarter}" for day in days]
    return days.strftime({"day": "%Y-%m-%d", "week": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}[period]).tolist()


def is_partial(period_number: np.ndarray, period: str, start: pd.Timestamp, end: pd.Timestamp) -> np.ndarray:
    """Tell which periods are not wholly inside the data, from `start` to `end`.

    Examples
    --------
    >>> is_partial(np.array([0, 1]), "month", pd.Timestamp("1970-01-01"), pd.Timestamp("1970-02-20")).tolist()
    [False, True]
    """
    numbers = np.asarray(period_number, "int64")
    before = first_day(numbers, period) < first_whole_day(start)
    after = first_day(numbers + 1, period) - 1 > last_whole_day(end)
    return before | after


def first_whole_day(start: pd.Timestamp) -> int:
    """Return the first day of which nothing is missing."""
    return day_number(start) + (start > start.normalize())


def last_whole_day(end: pd.Timestamp) -> int:
    """Return the last day of which nothing is missing."""
    return day_number(end + SECOND) - 1


def suitable_period(start: pd.Timestamp, end: pd.Timestamp) -> str:
    """Return the period that shows a span best: days up to three weeks, weeks up to 17, months up to 3 years.

    Examples
    --------
    >>> suitable_period(pd.Timestamp("2017-11-25"), pd.Timestamp("2017-12-03"))
    'day'
    >>> suitable_period(pd.Timestamp("2009-12-01"), pd.Timestamp("2010-12-09"))
    'month'
    """
    days = (end - start).days
    return next((period for period, most in (("day", 21), ("week", 119), ("month", 1100)) if days <= most), "quarter")
