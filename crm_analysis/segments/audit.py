"""The customer-base audit: who bought how much, period by period; facts without forecasts.

The five lenses of Fader, Hardie & Ross: how customers differ within a period (`deciles`), how one
period differs from the next (`change.compare_periods`), how one cohort develops (`cohort_history`), how
cohorts differ (`cohorts.cohorts`), and all of it together (`by_period`, `revenue_by_cohort`).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from crm_analysis.errors import InputError
from crm_analysis.intervals import share_columns
from crm_analysis.segments import periods
from crm_analysis.segments.concentration import checked_values
from crm_analysis.segments.frames import Coded, code, zone_of
from crm_analysis.tables.days import Moment, day_number, last_moment, wall


def by_period(
    purchases: pd.DataFrame, *, start: Moment | None = None, end: Moment | None = None, period: str = "month"
) -> pd.DataFrame:
    """Customers, orders and money of each period.

    Parameters
    ----------
    purchases : pandas.DataFrame
        customer_id, at, [amount].
    start, end : str or Timestamp, optional
        First and last moment of complete data, to mark the periods that they cut; default the first and
        last day seen, whole.
    period : str
        ``day``, ``week``, ``month``, ``quarter`` or ``year``.

    Returns
    -------
    pandas.DataFrame, index period
        customers, new_customers (first seen in this period), returning_customers, orders, orders_per_customer, with
        money also revenue, new_revenue, returning_revenue, average_order_value, revenue_per_customer; partial.
        In the first periods nearly everybody is first seen: that is not to say new.

    References
    ----------
    .. [1] Fader, Hardie & Ross (2022). The Customer-Base Audit. Wharton School Press, lens 5.

    Examples
    --------
    >>> log = pd.DataFrame({"customer_id": list("aab"), "amount": [5.0, 3.0, 2.0],
    ...     "at": pd.to_datetime(["2010-01-01", "2010-02-03", "2010-02-04"])})
    >>> by_period(log, end="2010-02-28")[["customers", "new_customers", "revenue", "partial"]].values.tolist()
    [[1, 1, 5.0, False], [2, 1, 5.0, False]]
    """
    coded = code(purchases, measure="the audit by period", until=end)
    low, high = _ends(coded, zone_of(purchases), start, end)
    days = coded.by_day()
    days["period"] = periods.number(days["day"].to_numpy(), periods.check_period(period))
    first = days["period"].to_numpy()[np.r_[True, np.diff(days["code"]) > 0]]
    days["new_customers"] = days["period"].to_numpy() == first[days["code"]]
    numbers = np.arange(first.min(), int(periods.number(np.array([day_number(high)]), period)[0]) + 1)
    found = pd.DataFrame({"customers": days.groupby("period")["code"].nunique()}).reindex(numbers, fill_value=0)
    found["new_customers"] = np.bincount(first - numbers[0], minlength=len(numbers))
    found["returning_customers"] = found["customers"] - found["new_customers"]
    found["orders"] = days.groupby("period")["orders"].sum().reindex(numbers, fill_value=0)
    found["orders_per_customer"] = ratio(found["orders"], found["customers"])
    if coded.amount is not None:
        money = days["amount"].groupby(days["period"]).sum().reindex(numbers, fill_value=0.0)
        of_new = (
            days["amount"]
            .where(days["new_customers"], 0.0)
            .groupby(days["period"])
            .sum()
            .reindex(numbers, fill_value=0.0)
        )
        found["revenue"], found["new_revenue"], found["returning_revenue"] = money, of_new, money - of_new
        found["average_order_value"] = ratio(money, found["orders"])
        found["revenue_per_customer"] = ratio(money, found["customers"])
    found["partial"] = periods.is_partial(numbers, period, low, high)
    return found.set_index(pd.Index(periods.label(numbers, period), name="period"))


def revenue_by_cohort(
    purchases: pd.DataFrame, *, period: str = "month", cohort_period: str = "quarter", end: Moment | None = None
) -> pd.DataFrame:
    """Money (or orders) of each period, parted by the cohort of the customers who brought it.

    Parameters
    ----------
    purchases : pandas.DataFrame
        customer_id, at, [amount].
    period, cohort_period : str
        Length of the periods shown, and of those of the first purchase.
    end : str or Timestamp, optional
        Last day used.

    Returns
    -------
    pandas.DataFrame, index period, columns cohort
        Cohorts are periods of the first purchase; cells before it are 0.

    Examples
    --------
    >>> log = pd.DataFrame({"customer_id": list("aab"), "amount": [5.0, 3.0, 2.0],
    ...     "at": pd.to_datetime(["2010-01-01", "2010-04-03", "2010-04-04"])})
    >>> revenue_by_cohort(log, period="quarter").values.tolist()
    [[5.0, 0.0], [3.0, 2.0]]
    """
    coded = code(purchases, measure="revenue by cohort", until=end)
    days = coded.by_day()
    first = days["day"].to_numpy()[np.r_[True, np.diff(days["code"]) > 0]]
    row = periods.number(days["day"].to_numpy(), periods.check_period(period))
    column = periods.number(first, periods.check_period(cohort_period))[days["code"]]
    shape = (row.max() - row.min() + 1, column.max() - column.min() + 1)
    cell = np.ravel_multi_index((row - row.min(), column - column.min()), shape)
    values = np.bincount(cell, days["orders" if coded.amount is None else "amount"], shape[0] * shape[1])
    index = pd.Index(periods.label(np.arange(row.min(), row.max() + 1), period), name="period")
    columns = pd.Index(periods.label(np.arange(column.min(), column.max() + 1), cohort_period), name="cohort")
    return pd.DataFrame(values.reshape(shape), index=index, columns=columns)


def cohort_history(
    purchases: pd.DataFrame, *, first: tuple[Moment, Moment], end: Moment | None = None, period: str = "month"
) -> pd.DataFrame:
    """One cohort over time: the customers whose first purchase lies in a window, period by period.

    Parameters
    ----------
    purchases : pandas.DataFrame
        customer_id, at, [amount].
    first : pair of str or Timestamp
        First and last day of the window of first purchases.
    end : str or Timestamp, optional
        Last moment of complete data.
    period : str

    Returns
    -------
    pandas.DataFrame, index period
        The columns of `by_period`, and cohort_size, share (of the cohort that bought) with Wilson's 95 % limits.

    Raises
    ------
    InputError
        If nobody's first purchase lies in the window.

    Examples
    --------
    >>> log = pd.DataFrame({"customer_id": list("aabc"),
    ...     "at": pd.to_datetime(["2010-01-01", "2010-02-03", "2010-01-04", "2010-02-01"])})
    >>> cohort_history(log, first=("2010-01-01", "2010-01-31"))["share"].tolist()
    [1.0, 0.5]
    """
    coded, zone = code(purchases, measure="the history of a cohort"), zone_of(purchases)
    day = pd.Series(coded.day).groupby(coded.code).min().to_numpy()[coded.code]
    of_cohort = purchases[(day >= day_number(first[0], zone)) & (day <= day_number(first[1], zone))]
    if of_cohort.empty:
        raise InputError(
            f"nobody bought first from {first[0]} to {first[1]}",
            mend="move the window",
            zh="该窗口内没有首次购买的客户",
        )
    found = by_period(of_cohort, start=first[0], end=end, period=period)
    found.insert(0, "cohort_size", of_cohort["customer_id"].nunique())
    return found.assign(**share_columns("share", found["customers"], found["cohort_size"]))


def deciles(values: ArrayLike, *, parts: int = 10) -> pd.DataFrame:
    """Customers ranked by value and cut into ten equal parts, the best first.

    Parameters
    ----------
    values : array_like, shape (n_customers,)
        Not negative; from `concentration.customer_values`.
    parts : int

    Returns
    -------
    pandas.DataFrame
        decile (1 is best), customers, total_value, mean_value, least_value, most_value, value_share, cumulative_share.

    Examples
    --------
    >>> deciles([7, 1, 1, 1], parts=2)[["customers", "total_value", "cumulative_share"]].values.tolist()
    [[2.0, 8.0, 0.8], [2.0, 2.0, 1.0]]
    """
    ranked = np.sort(checked_values(values))[::-1]
    if not 2 <= parts <= len(ranked):
        raise InputError(f"{len(ranked)} customers cannot be cut into {parts} parts", mend="take fewer parts",
                         zh=f"{len(ranked)} 位客户不足以分成 {parts} 份")  # fmt: skip
    pieces = np.array_split(ranked, parts)
    found = pd.DataFrame({"decile": range(1, parts + 1), "customers": [len(piece) for piece in pieces]})
    found["total_value"] = [piece.sum() for piece in pieces]
    found["mean_value"] = found["total_value"] / found["customers"]
    found["least_value"], found["most_value"] = [piece[-1] for piece in pieces], [piece[0] for piece in pieces]
    found["value_share"] = ratio(found["total_value"], pd.Series(ranked.sum(), index=found.index))
    return found.assign(cumulative_share=found["value_share"].cumsum())


def _ends(coded: Coded, zone: object, start: Moment | None, end: Moment | None) -> tuple[pd.Timestamp, pd.Timestamp]:
    low = coded.start.normalize() if start is None else wall(start, zone)
    high = last_moment(coded.end.normalize()) if end is None else last_moment(end, zone)
    return low, high


def ratio(part: pd.Series, whole: pd.Series) -> pd.Series:
    """Return part / whole, NaN where the whole is 0."""
    return part / whole.where(whole != 0)
