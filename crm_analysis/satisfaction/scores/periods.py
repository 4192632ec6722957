"""Calendar periods of moments, in the zone of the data: their number, their label, gaps included."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError, nearest

FREQUENCIES = {"day": "D", "week": "W-SUN", "month": "M", "quarter": "Q", "year": "Y"}  # weeks begin on Monday


def periods_of(times: pd.Series, freq: str) -> tuple[np.ndarray, list[str]]:
    """Return the place of each moment among the periods from the first to the last, and their labels.

    Parameters
    ----------
    times : Series of datetimes with a zone, none blank
    freq : {"day", "week", "month", "quarter", "year"}

    Examples
    --------
    >>> times = pd.Series(pd.to_datetime(["2012-12-31", "2013-02-01"])).dt.tz_localize("Asia/Shanghai")
    >>> place, labels = periods_of(times, "month")
    >>> place.tolist(), labels
    ([0, 2], ['2012-12', '2013-01', '2013-02'])
    """
    if freq not in FREQUENCIES:
        raise InputError(
            f"there is no period {freq!r}", expected=", ".join(FREQUENCIES), mend=nearest(freq, FREQUENCIES)
        )
    found = pd.PeriodIndex(times.dt.tz_localize(None).dt.to_period(FREQUENCIES[freq]))
    every = pd.period_range(found.min(), found.max(), freq=found.freq)
    starts = every.start_time.strftime("%Y-%m-%d") if freq in ("day", "week") else every.astype("str")
    return every.get_indexer(found), list(starts)


def times_of(frame: pd.DataFrame, at: str, *, where: str) -> pd.Series:
    """Return the column of times; one that is missing, blank somewhere or without a zone is an `InputError`."""
    if at not in frame:
        names = [str(name) for name in frame]
        raise InputError(f"{at} is missing", where=where, expected=f"one of {', '.join(names)}",
                         mend=nearest(at, names), zh=f"缺少时间列 {at}")  # fmt: skip
    times = frame[at]
    if not isinstance(times.dtype, pd.DatetimeTZDtype):
        raise InputError(f"{at} has no time zone", where=where, mend="load it with tables.load or tables.from_frames",
                         zh=f"{at} 没有时区")  # fmt: skip
    if times.isna().any():
        raise InputError(f"{at} is blank in {int(times.isna().sum()):,} rows", where=where,
                         mend="set these rows aside", zh=f"{at} 有 {int(times.isna().sum()):,} 个空值")  # fmt: skip
    return times
