"""Cohorts: customers by the period of their first purchase, followed over the periods after it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm_analysis.intervals import share_columns
from crm_analysis.segments import periods
from crm_analysis.segments.frames import Coded, code, needs_days, zone_of
from crm_analysis.tables.days import Moment, last_moment, wall


@dataclass(frozen=True)
class Cohorts:
    """Cohort triangles: one row per cohort, one column per age (0 is the period of the first purchase).

    A cell whose period starts after the end of the data is NaN: not observed, not 0. A cell
    whose period the data do not cover wholly is marked in `partial` and left out of `mean`.

    Parameters
    ----------
    period : str
    customers : pandas.DataFrame
        Customers of the cohort who bought in the period.
    share : pandas.DataFrame
        The same as part of the cohort.
    revenue, revenue_per_customer : pandas.DataFrame or None
        Money of the period, and per customer of the cohort's first period; None without money.
    partial : pandas.DataFrame of bool
    mean : pandas.DataFrame, index cohort_age
        Over the complete cells of an age: retained, base (customers of these cohorts), share with
        Wilson's 95 % limits, and the ratio of revenue per customer (``revenue_share``) to that of age 0.
    """

    period: str
    customers: pd.DataFrame
    share: pd.DataFrame
    revenue: pd.DataFrame | None
    revenue_per_customer: pd.DataFrame | None
    partial: pd.DataFrame
    mean: pd.DataFrame

    @property
    def sizes(self) -> pd.Series:
        """Customers of each cohort: those first seen in its period.

        First seen is not new: customers of the first cohorts may have bought before the data begin.
        """
        return self.customers[0].astype("int64").rename("cohort_size")


def cohorts(
    purchases: pd.DataFrame, *, data_end: Moment, period: str = "month", data_start: Moment | None = None
) -> Cohorts:
    r"""Cohort triangles of customers and of revenue.

    .. math:: \text{share}_{c,k} =
        \frac{\text{customers of cohort } c \text{ who bought in period } c + k}{\text{customers of cohort } c}

    Parameters
    ----------
    purchases : pandas.DataFrame
        customer_id, at, [amount].
    data_end : str or Timestamp
        Last moment of complete data; a day means the whole day. Later rows do not count.
    period : str
        ``day``, ``week`` (from Monday), ``month``, ``quarter`` or ``year``.
    data_start : str or Timestamp, optional
        First moment of complete data; default the first day seen.

    Returns
    -------
    Cohorts

    Raises
    ------
    InputError
        If the data do not span two periods.

    References
    ----------
    .. [1] Fader, Hardie & Ross (2022). The Customer-Base Audit, lenses 3 and 4.

    Examples
    --------
    >>> log = pd.DataFrame({"customer_id": list("abaac"),
    ...     "at": pd.to_datetime(["2010-01-05", "2010-01-09", "2010-02-03", "2010-03-02", "2010-02-20"])})
    >>> found = cohorts(log, data_start="2010-01-01", data_end="2010-03-10")
    >>> found.share.values.tolist()
    [[1.0, 0.5, 0.5], [1.0, 0.0, nan]]
    >>> found.partial.values.tolist()
    [[False, False, True], [False, True, False]]
    >>> found.mean.loc[1, ["retained", "base", "share"]].tolist()
    [1.0, 2.0, 0.5]
    """
    periods.check_period(period)
    end = last_moment(data_end, zone_of(purchases) if "at" in purchases else None)
    coded = code(purchases, measure=f"cohorts by {period}", until=end)
    start = coded.start.normalize() if data_start is None else wall(data_start, zone_of(purchases))
    needs_days(f"cohorts by {period}", needed=2 * periods.DAYS[period], start=coded.start, end=coded.end,
               mend="take a shorter period, such as period='day', or more data")  # fmt: skip
    return _triangles(coded, period, start, end)


def _triangles(coded: Coded, period: str, start: pd.Timestamp, end: pd.Timestamp) -> Cohorts:
    days = coded.by_day()
    number = periods.number(days["day"].to_numpy(), period)
    first = number[np.r_[True, np.diff(days["code"]) > 0]]
    last = int(periods.number(np.array([(end - pd.Timestamp(0)).days]), period)[0])
    rows, columns = np.arange(first.min(), first.max() + 1), np.arange(last - first.min() + 1)
    shape = (len(rows), len(columns))
    cohort = first[days["code"]] - first.min()
    cell = np.ravel_multi_index((cohort, number - first[days["code"]]), shape)
    once = np.r_[True, (np.diff(days["code"]) > 0) | (np.diff(number) > 0)]
    counts = np.bincount(cell[once], minlength=shape[0] * shape[1]).reshape(shape)
    calendar = rows[:, None] + columns
    observed, partial = calendar <= last, periods.is_partial(calendar, period, start, end) & (calendar <= last)

    def frame(values: np.ndarray) -> pd.DataFrame:
        index = pd.Index(periods.label(rows, period), name="cohort")
        return pd.DataFrame(values, index=index, columns=pd.RangeIndex(len(columns), name="cohort_age"))

    sizes = np.where(counts[:, :1] > 0, counts[:, :1], np.nan)
    customers, revenue = np.where(observed, counts, np.nan), None
    if coded.amount is not None:
        money = np.bincount(cell, days["amount"], shape[0] * shape[1]).reshape(shape)
        revenue = np.where(observed, money, np.nan)
    mean = _mean(counts, revenue, observed & ~partial, partial[:, 0])
    with_money = (None, None) if revenue is None else (frame(revenue), frame(revenue / sizes))
    return Cohorts(period, frame(customers), frame(customers / sizes), *with_money, frame(partial), mean)


def _mean(counts: np.ndarray, revenue: np.ndarray | None, complete: np.ndarray, cut_start: np.ndarray) -> pd.DataFrame:
    """Pool the complete cells of each age; a cohort whose own first period is cut still counts in later ages."""
    base = (counts[:, :1] * complete).sum(axis=0)
    mean = pd.DataFrame({"retained": (counts * complete).sum(axis=0), "base": base})
    mean = mean.assign(**share_columns("share", mean["retained"], mean["base"]))
    if revenue is not None:
        whole = complete & ~cut_start[:, None]
        at_first = (revenue[:, :1] * whole).sum(axis=0)
        later = np.where(whole, revenue, 0).sum(axis=0)
        mean["revenue_share"] = np.divide(later, at_first, out=np.full(len(later), np.nan), where=at_first > 0)
    return mean.rename_axis("cohort_age")


def cohort_table(found: Cohorts) -> pd.DataFrame:
    """Cohorts as one long table: a row for each observed cell.

    Parameters
    ----------
    found : Cohorts
        From `cohorts`.

    Returns
    -------
    pandas.DataFrame
        cohort, cohort_age, cohort_size, customers, share with Wilson's 95 % limits, [revenue,
        revenue_per_customer], partial.

    Examples
    --------
    >>> log = pd.DataFrame({"customer_id": list("aba"),
    ...     "at": pd.to_datetime(["2010-01-01", "2010-01-09", "2010-02-28"])})
    >>> cohort_table(cohorts(log, data_end="2010-02-28"))[["cohort", "cohort_age", "share", "partial"]].values.tolist()
    [['2010-01', 0, 1.0, False], ['2010-01', 1, 0.5, False]]
    """
    cohort, age = np.nonzero(found.customers.notna().to_numpy())
    table = pd.DataFrame({"cohort": found.customers.index[cohort], "cohort_age": age})
    table["cohort_size"] = found.sizes.to_numpy()[cohort]
    table["customers"] = found.customers.to_numpy()[cohort, age].astype("int64")
    table = table.assign(**share_columns("share", table["customers"], table["cohort_size"]))
    for name in ("revenue", "revenue_per_customer"):
        if getattr(found, name) is not None:
            table[name] = getattr(found, name).to_numpy()[cohort, age]
    return table.assign(partial=found.partial.to_numpy()[cohort, age])
