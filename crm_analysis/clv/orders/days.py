"""From whatever a column of times holds to local calendar days: numbers counted from 1970-01-01."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.tables import parse_times
from crm_analysis.tables.days import day_number, local_days
from crm_analysis.tables.plain import plain
from crm_analysis.tables.times import OFFSET

if TYPE_CHECKING:
    import ibis.expr.types as ir

CLOCK = r"[T ]\s*\d{1,2}(:\d{2}(:\d{2}(\.\d+)?)?( ?[AaPp][Mm])?)?$"  # a clock without an offset: the day is before it
ISO_DAY = r"\d{4}([-/.]?)\d{1,2}\1\d{1,2}([T ].*)?"
NO_DAY = -(10**9)  # stands for a missing day where numbers cannot be missing
STEP = pd.Timedelta(15, "min")


def one_day(given: object, *, name: str, zone: str | None = None) -> int:
    """Read a day that the user names: text like ``1997-09-30`` or ``19970930``, a date, or a moment.

    Examples
    --------
    >>> one_day("1970-01-03", name="until"), one_day(19700103, name="until")
    (2, 2)
    """
    text = str(given) if isinstance(given, (int, np.integer, str)) and not isinstance(given, bool) else None
    iso = text is None or pd.Series([text.strip()]).str.fullmatch(ISO_DAY).item()
    try:
        if iso and not pd.isna(moment := pd.Timestamp(given if text is None else text)):
            return day_number(moment, zone)
    except (ValueError, TypeError):
        pass
    raise InputError(f"{name}={given!r} is no day that can be read without doubt", mend="write it so",
                     expected="year, month, day, such as 1997-09-30",
                     zh=f"{name}={given!r} 不是明确的日期，应写作 1997-09-30")  # fmt: skip


def days_of(values: pd.Series, *, zone: str | None, time_format: str | None = None, where: str = "") -> np.ndarray:
    """Local calendar day of each value; `NO_DAY` where it cannot be read.

    Parameters
    ----------
    values : pandas.Series
        Datetimes with or without a zone, dates, texts, or whole numbers such as 19970101.
    zone : str, optional
        Zone whose days are meant; without it, moments keep the zone they have.
    time_format : str, optional
        How texts are written, as for ``strptime``.
    where : str
        For messages.

    Returns
    -------
    numpy.ndarray of int64

    Raises
    ------
    InputError
        If day and month cannot be told apart, texts name offsets and no zone is stated, or most cannot be read.

    Examples
    --------
    >>> days_of(pd.Series([19700102, 19700103]), zone=None).tolist()
    [1, 2]
    """
    kinds = pd.api.types
    if kinds.is_bool_dtype(values.dtype) or kinds.is_timedelta64_dtype(values.dtype):
        raise no_times(values.name, values.dtype, where)
    if kinds.is_datetime64_any_dtype(values.dtype):
        zoned = zone is not None and isinstance(values.dtype, pd.DatetimeTZDtype)
        return _numbers(values.dt.tz_convert(zone) if zoned else values)
    codes, texts = pd.factorize(values)  # each different text is read once
    read = _read(pd.Series(texts, name=values.name), zone, time_format, where)
    return np.append(read, NO_DAY)[codes]


def no_times(column: object, kind: object, where: str) -> InputError:
    """Return the error for a column that holds something other than times."""
    return InputError(f"column {column!r} holds {kind}, no times", where=where, expected="dates, moments or texts",
                      mend="name the column: when='column name'", zh=f"列 {column} 不是时间")  # fmt: skip


def _numbers(moments: pd.Series) -> np.ndarray:
    return np.where(moments.isna(), NO_DAY, local_days(moments))


def _read(texts: pd.Series, zone: str | None, time_format: str | None, where: str) -> np.ndarray:
    written = plain(texts)
    if time_format is None and zone is None and written.str.contains(OFFSET, na=False).any():
        raise InputError(f"the times of column {texts.name!r} name an offset from UTC: whose days are meant?",
                         where=where, expected="a time zone for all of them", mend="zone='Asia/Shanghai', for example",
                         zh=f"列 {texts.name} 的时间带有时区偏移，请用 zone= 指明按哪个时区划分日期")  # fmt: skip
    try:
        moments = parse_times(written, zone=zone or "UTC", form=time_format, where=where)
    except InputError as error:
        error.zh = f"列 {texts.name} 的日期无法确定：请用 time_format= 指明格式"
        raise
    return _numbers(moments)


def day_text(column: ir.Value) -> ir.Value:
    """Expression of the part of a text that names the day; the whole text where an offset follows the clock.

    Texts such as ``2017-11-25 21:30:00`` are cut by place, which is quicker than by pattern.
    """
    import ibis

    if column.type().is_floating():
        column = column.try_cast("int64")
    text = column.cast("string")
    size, parted = text.length(), text.substr(10, 1).isin([" ", "T"]) & (text.substr(13, 1) == ":")
    usual = (size == 10) | parted & ((size == 16) | (size == 19) & (text.substr(16, 1) == ":"))
    return ibis.ifelse(usual, text.left(10), text.strip().re_replace(CLOCK, ""))


def day_expression(column: ir.Value, shifts: list[tuple[int, int]]) -> ir.Value:
    """Expression of the local day of a column of dates or timestamps.

    Parameters
    ----------
    column : ibis column
        Dates, or timestamps; those with a zone are moments.
    shifts : list of (int, int)
        For moments: from which second since 1970 on local clocks are how many seconds ahead of UTC.
    """
    import ibis

    if not (column.type().is_timestamp() and column.type().timezone):
        return column.date().delta(ibis.date(1970, 1, 1), unit="day").cast("int32")
    second = column.truncate("s").epoch_seconds().cast("int64")
    shift: object = shifts[0][1]
    if len(shifts) > 1:
        branches = [(second >= start, ahead) for start, ahead in reversed(shifts[1:])]
        shift = ibis.cases(*branches, else_=shifts[0][1])
    return ((second + shift) / 86400).floor().cast("int32")


def zone_shifts(low: pd.Timestamp, high: pd.Timestamp, zone: str) -> list[tuple[int, int]]:
    """Seconds by which clocks of `zone` are ahead of UTC, and since when, from one moment to another.

    Examples
    --------
    >>> year = pd.Timestamp("2011-01-01", tz="UTC"), pd.Timestamp("2011-12-31", tz="UTC")
    >>> [ahead for _, ahead in zone_shifts(*year, "Europe/London")], len(zone_shifts(*year, "Asia/Shanghai"))
    ([0, 3600, 0], 1)
    """
    moments = pd.date_range(low.floor("D"), high.ceil("D") + STEP, freq=STEP).as_unit("s")
    ahead = (moments.tz_convert(zone).tz_localize(None) - moments.tz_localize(None)) // pd.Timedelta(1, "s")
    ahead = np.asarray(ahead, "int64")
    begin = np.flatnonzero(np.r_[True, ahead[1:] != ahead[:-1]])
    seconds = moments.tz_localize(None).to_numpy("datetime64[s]").astype("int64")
    return [(int(seconds[k]), int(ahead[k])) for k in begin]
