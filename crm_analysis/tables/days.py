"""Moments and calendar days: what a window's end means, and days as numbers, in the zone of the data."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError

Moment = str | pd.Timestamp
YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{2,4})\b")
MICROSECOND = pd.Timedelta(1, "us")


def local_days(at: pd.Series) -> np.ndarray:
    """Return the local calendar day of each moment as a number, 0 on 1970-01-01.

    Examples
    --------
    >>> local_days(pd.Series(pd.to_datetime(["1970-01-01 23:00+00:00"])).dt.tz_convert("Asia/Shanghai")).tolist()
    [1]
    """
    return at.dt.tz_localize(None).to_numpy().astype("datetime64[D]").astype("int64")


def month_of(day: np.ndarray) -> np.ndarray:
    """Return the calendar month of each day as a number, 0 for January 1970.

    Examples
    --------
    >>> month_of([0, 30, 31]).tolist()
    [0, 0, 1]
    """
    return np.asarray(day, "int64").astype("datetime64[D]").astype("datetime64[M]").astype("int64")


def wall(moment: Moment, zone: object = None) -> pd.Timestamp:
    """Return what calendar and clock of `zone` show at a moment; one that names no zone is local already.

    Examples
    --------
    >>> str(wall(pd.Timestamp("2017-11-24 16:00", tz="UTC"), "Asia/Shanghai"))
    '2017-11-25 00:00:00'
    >>> wall("soon")
    Traceback (most recent call last):
    crm_analysis.errors.InputError: the moment 'soon' cannot be read
      expected: a day or moment, such as 2017-12-03 or 2017-12-03 21:00
    """
    stamp = _read(moment)
    return (stamp.tz_convert(zone) if stamp.tz is not None and zone is not None else stamp).tz_localize(None)


def day_number(moment: Moment, zone: object = None) -> int:
    """Return the local calendar day of one moment as a number.

    Examples
    --------
    >>> day_number("1970-01-03")
    2
    """
    return int((wall(moment, zone).normalize() - pd.Timestamp(0)).days)


def day_stamp(day: int) -> pd.Timestamp:
    """Return the day of a number: the inverse of `day_number`.

    Examples
    --------
    >>> str(day_stamp(2))
    '1970-01-03 00:00:00'
    """
    return pd.Timestamp(int(day), unit="D").as_unit("us")


def last_moment(moment: Moment, zone: object = None) -> pd.Timestamp:
    """Return the last moment, on the wall, that the end of a window means: a day, or midnight, is the whole day.

    Examples
    --------
    >>> str(last_moment("2010-12-09")), str(last_moment("2010-12-09 20:01"))
    ('2010-12-09 23:59:59.999999', '2010-12-09 20:01:00')
    """
    stamp = wall(moment, zone)
    return stamp + pd.Timedelta(1, "D") - MICROSECOND if stamp == stamp.normalize() else stamp


def end_of(as_of: Moment, times: pd.Series) -> pd.Timestamp:
    """Return the first moment after `as_of` in the zone of `times`; a day, or midnight, stands for the whole day.

    It is a moment in its zone, where `last_moment` is what the wall shows one microsecond before.

    Examples
    --------
    >>> times = pd.Series(pd.to_datetime(["2012-03-01"])).dt.tz_localize("Asia/Shanghai")
    >>> str(end_of("2012-03-31", times)), str(end_of("2012-03-31 12:00", times))
    ('2012-04-01 00:00:00+08:00', '2012-03-31 12:00:00.000001+08:00')
    """
    stamp = _read(as_of)
    stamp = stamp.tz_convert(times.dt.tz) if stamp.tz else stamp.tz_localize(times.dt.tz)
    return stamp + (pd.DateOffset(days=1) if stamp == stamp.normalize() else MICROSECOND)


def _read(moment: Moment) -> pd.Timestamp:
    if isinstance(moment, str) and (found := YEAR_LAST.match(moment.strip())):
        en, zh = "does not begin with the year", "不是以年份开头"
        if _ambiguous(*found.groups()):
            en, zh = "may be read as two days", "有歧义"
        raise InputError(f"{moment!r} {en}", expected="year, month, day, such as 2017-12-03",
                         zh=f"日期 {moment} {zh}，请写成 2017-12-03 的形式")  # fmt: skip
    try:
        return pd.Timestamp(moment)
    except (ValueError, TypeError) as error:
        raise InputError(f"the moment {moment!r} cannot be read",
                         expected="a day or moment, such as 2017-12-03 or 2017-12-03 21:00") from error  # fmt: skip


def _ambiguous(first: str, second: str, year: str) -> bool:
    """Tell whether 12/11/2012 may be two days, or 12/11/10 begin with the year: 30.09.2024 and 5/5/2024 cannot."""
    return len(year) < 4 or (max(int(first), int(second)) <= 12 and int(first) != int(second))
