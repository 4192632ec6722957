"""When things happen: hours, weekdays and months, as averages over days of which nothing is missing."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from crm_analysis.errors import InputError
from crm_analysis.intervals import t_half
from crm_analysis.segments import periods
from crm_analysis.segments.frames import HALF_DAY, check_columns, has_money, too_short, zone_of
from crm_analysis.tables.days import Moment, day_number, last_moment, local_days, wall

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def by_hour(
    log: pd.DataFrame, *, start: Moment | None = None, end: Moment | None = None, level: float = 0.95
) -> pd.DataFrame:
    """Rows per hour of the local day, averaged over complete days.

    Parameters
    ----------
    log : pandas.DataFrame
        customer_id, at: actions or purchases.
    start, end : str or Timestamp, optional
        First and last moment of complete data; default the first and last seen, whose days then
        count as complete only if nothing of them can be missing.
    level : float in (0, 1)
        Of Student's interval for the mean over days.

    Returns
    -------
    pandas.DataFrame, index hour
        whole_days (their number), rows (in them), share (of the rows of all hours), per_day with its limits.

    Raises
    ------
    InputError
        If no day is complete.

    Examples
    --------
    >>> log = pd.DataFrame({"customer_id": "a", "at": pd.to_datetime(["2017-11-25 21:05", "2017-11-26 21:40"])})
    >>> by_hour(log, start="2017-11-25", end="2017-11-26").loc[21, ["whole_days", "rows", "per_day"]].tolist()
    [2.0, 2.0, 1.0]
    """
    counts = _counts(log, start, end, "hour profile", 1)
    _needs_hours(log)
    found = pd.DataFrame({"whole_days": len(counts), "rows": counts.sum(axis=0)}, index=pd.RangeIndex(24, name="hour"))
    found["share"] = found["rows"] / max(1, found["rows"].sum())
    mean, error = counts.mean(axis=0), t_half(counts.std(axis=0, ddof=1), len(counts), level=level)
    return found.assign(per_day=mean, per_day_low=np.maximum(mean - error, 0), per_day_high=mean + error)


def by_weekday(
    log: pd.DataFrame, *, start: Moment | None = None, end: Moment | None = None, level: float = 0.95
) -> pd.DataFrame:
    r"""Rows per weekday, averaged over the complete days of each.

    .. math:: \bar y_w \pm t_{N - 7}\sqrt{\hat\varphi\,\bar y_w / n_w}, \quad
        \hat\varphi = \frac{1}{N - 7}\sum_d \frac{(y_d - \bar y_{w(d)})^2}{\bar y_{w(d)}}

    Nine days hold two Saturdays and one Tuesday: totals would favour Saturday, averages do not. The
    spread is learned from all weekdays together (quasi-Poisson), for one Tuesday alone has none.

    Parameters
    ----------
    log, start, end, level
        As in `by_hour`.

    Returns
    -------
    pandas.DataFrame, index weekday
        whole_days, rows, share (of the sum of the averages), per_day with its limits, which are
        NaN where no weekday occurs twice.

    Raises
    ------
    InputError
        If fewer than seven days are complete.

    References
    ----------
    .. [1] McCullagh & Nelder (1989). Generalized Linear Models, 2nd ed., section 6.2.3.

    Examples
    --------
    >>> log = pd.DataFrame({"customer_id": "a", "at": pd.to_datetime(["2017-11-25 21:05", "2017-12-02 21:40"])})
    >>> by_weekday(log, start="2017-11-25", end="2017-12-03").loc["saturday", ["whole_days", "per_day"]].tolist()
    [2.0, 1.0]
    """
    counts = _counts(log, start, end, "weekday profile", 7)
    weekday, daily = _weekdays(counts), counts.sum(axis=1)
    days, rows = np.bincount(weekday, minlength=7), np.bincount(weekday, daily, 7)
    mean, free = rows / days, len(daily) - 7
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = np.nansum((daily - mean[weekday]) ** 2 / mean[weekday]) / free if free else np.nan
    error = stdtrit(free, 0.5 + level / 2) * np.sqrt(spread * mean / days) if free else np.full(7, np.nan)
    found = pd.DataFrame({"whole_days": days, "rows": rows.astype("int64")}, index=pd.Index(WEEKDAYS, name="weekday"))
    found["share"] = mean / max(mean.sum(), 1e-300)
    return found.assign(per_day=mean, per_day_low=np.maximum(mean - error, 0), per_day_high=mean + error)


def week_hours(log: pd.DataFrame, *, start: Moment | None = None, end: Moment | None = None) -> pd.DataFrame:
    """Rows per weekday and hour, averaged over the complete days of each weekday.

    Parameters
    ----------
    log : pandas.DataFrame
        customer_id, at.
    start, end : str or Timestamp, optional
        As in `by_hour`.

    Returns
    -------
    pandas.DataFrame, index weekday, columns hour

    Examples
    --------
    >>> log = pd.DataFrame({"customer_id": "a", "at": pd.to_datetime(["2017-11-25 21:05", "2017-12-02 21:40"])})
    >>> float(week_hours(log, start="2017-11-25", end="2017-12-03").loc["saturday", 21])
    1.0
    """
    counts = _counts(log, start, end, "weekday profile", 7)
    _needs_hours(log)
    weekday = _weekdays(counts)
    mean = np.array([counts.to_numpy()[weekday == day].mean(axis=0) for day in range(7)])
    return pd.DataFrame(mean, index=pd.Index(WEEKDAYS, name="weekday"), columns=pd.RangeIndex(24, name="hour"))


def by_month(
    log: pd.DataFrame, *, start: Moment | None = None, end: Moment | None = None, level: float = 0.95
) -> pd.DataFrame:
    """Rows, customers and money of each month, with the average per complete day, for months differ in length.

    The first and the last day seen count as complete unless `start` and `end` say otherwise.

    Growth and season cannot be told apart in less than two years: the index compares months, it does
    not say that the next year will look the same.

    Parameters
    ----------
    log : pandas.DataFrame
        customer_id, at, [amount].
    start, end, level
        As in `by_hour`.

    Returns
    -------
    pandas.DataFrame, index month (text such as 2010-12)
        whole_days, rows (in them), customers, [money], per_day with Student's limits over days, season_index (1 is
        the average of all complete days), partial (not all days of the month are complete).

    Examples
    --------
    >>> log = pd.DataFrame({"customer_id": ["a", "b"], "at": pd.to_datetime(["2010-01-01", "2010-02-02"])})
    >>> by_month(log, start="2010-01-01", end="2010-02-10")[["whole_days", "rows", "partial"]].values.tolist()
    [[31, 1, False], [10, 1, True]]
    """
    check_columns(log, measure="months")
    start = log["at"].min().tz_localize(None).normalize() if start is None else start
    end = log["at"].max().tz_localize(None).normalize() if end is None else end
    daily = _counts(log, start, end, "months", 2).sum(axis=1)
    month = periods.number(daily.index.to_numpy(), "month")
    grouped = daily.groupby(month)
    days, mean = grouped.size(), grouped.mean()
    number = days.index.to_numpy()
    length = periods.first_day(number + 1, "month") - periods.first_day(number, "month")
    found = pd.DataFrame({"whole_days": days, "rows": grouped.sum()})
    whole = log[np.isin(local_days(log["at"]), daily.index)]
    of_row = periods.number(local_days(whole["at"]), "month")
    found["customers"] = whole.groupby(of_row)["customer_id"].nunique().reindex(number, fill_value=0)
    if has_money(log):
        found["money"] = whole.groupby(of_row)["amount"].sum().reindex(number, fill_value=0.0)
    error = t_half(grouped.std(ddof=1), days, level=level)
    found["per_day"], found["per_day_low"], found["per_day_high"] = mean, np.maximum(mean - error, 0), mean + error
    found["season_index"], found["partial"] = mean / daily.mean(), days.to_numpy() < length
    return found.set_index(pd.Index(periods.label(number, "month"), name="month"))


def _counts(log: pd.DataFrame, start: Moment | None, end: Moment | None, measure: str, needed: int) -> pd.DataFrame:
    """Return rows per complete day (index: number of the day) and hour."""
    check_columns(log, measure=measure)
    zone = zone_of(log)
    at = log["at"].dt.tz_localize(None)
    first = at.min() if start is None else wall(start, zone)
    last = at.max() if end is None else last_moment(end, zone)
    low, high = periods.first_whole_day(first), periods.last_whole_day(last)
    if high - low + 1 < needed or at.max() - at.min() < HALF_DAY:  # two hours are no day, whatever the window
        raise too_short(measure, needed=needed, start=at.min(), end=at.max(), kind="whole")
    days = local_days(log["at"])
    inside = (days >= low) & (days <= high)
    cell = (days[inside] - low) * 24 + at.dt.hour.to_numpy()[inside]
    counts = np.bincount(cell, minlength=(high - low + 1) * 24).reshape(-1, 24)
    return pd.DataFrame(counts, index=pd.RangeIndex(low, high + 1), columns=pd.RangeIndex(24))


def _needs_hours(log: pd.DataFrame) -> None:
    at = log["at"].dt.tz_localize(None)
    if (at == at.dt.normalize()).all():
        raise InputError(
            "hour profile: the times are days without an hour",
            expected="moments with a time of day",
            zh="时间只精确到日，没有钟点",
        )


def _weekdays(counts: pd.DataFrame) -> np.ndarray:
    return (counts.index.to_numpy() + day_number("1970-01-01") + 3) % 7  # 1970-01-01 was a Thursday
