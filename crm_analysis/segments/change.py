"""What changed from one window to the next: customers, frequency or basket; who left, who stayed, who came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.segments import periods
from crm_analysis.segments.audit import ratio
from crm_analysis.segments.frames import Coded, code, too_short
from crm_analysis.tables.days import Moment, day_number, day_stamp, last_moment, wall

FACTORS = ("customers", "orders_per_customer", "average_order_value")
WINDOWS = (12, 6, 3, 1)  # months
SHORT_WINDOWS = (28, 14, 7)  # days


@dataclass(frozen=True)
class Change:
    """What changed from one window to the next.

    Parameters
    ----------
    factors : pandas.DataFrame, index factor
        customers, orders_per_customer, average_order_value and total (revenue, or orders without money), each
        with before, after, ratio, and the contribution to the change of the total.
    customers : pandas.DataFrame, index moved
        lost_customers (bought before only), kept_customers, gained_customers (after only): customers, orders_before,
        orders_after, [revenue_before, revenue_after, change].
    before, after : tuple of Timestamp
        First and last day of the windows.
    """

    factors: pd.DataFrame
    customers: pd.DataFrame
    before: tuple[pd.Timestamp, pd.Timestamp]
    after: tuple[pd.Timestamp, pd.Timestamp]


def last_windows(*, start: Moment, end: Moment) -> tuple[tuple, tuple]:
    """Return the last full 12 months of the data and the 12 before, or the longest of 6, 3, 1 months, 4, 2, 1 weeks.

    Parameters
    ----------
    start, end : str or Timestamp
        First and last moment of complete data; only whole days are used.

    Returns
    -------
    before, after : tuple of Timestamp
        First and last day of each window.

    Raises
    ------
    InputError
        If the data do not hold two full weeks.

    Examples
    --------
    >>> before, after = last_windows(start="2009-12-01", end="2010-12-09 20:01")
    >>> [str(day.date()) for day in (*before, *after)]
    ['2009-12-09', '2010-06-08', '2010-06-09', '2010-12-08']
    """
    first, last = wall(start), last_moment(end)
    low, high = periods.first_whole_day(first), periods.last_whole_day(last)
    stop = day_stamp(high + 1)
    lengths = [pd.DateOffset(months=count) for count in WINDOWS] + [
        pd.DateOffset(days=count) for count in SHORT_WINDOWS
    ]
    for length in lengths:
        middle = stop - length
        if middle - length >= day_stamp(low):
            day = pd.Timedelta(1, "D")
            return (middle - length, middle - day), (middle, stop - day)
    raise too_short("comparison of two periods", needed=2 * SHORT_WINDOWS[-1], start=first, end=last, kind="whole")


def compare_periods(purchases: pd.DataFrame, *, before: tuple[Moment, Moment], after: tuple[Moment, Moment]) -> Change:
    r"""Change between two windows: how much of it is customers, how much frequency, how much basket.

    .. math:: \text{revenue} = \text{customers} \times \frac{\text{orders}}{\text{customers}} \times
        \frac{\text{revenue}}{\text{orders}}

    The contributions are Shapley values: the change that a factor makes when it moves from its old
    to its new level, averaged over all orders in which the factors can move. They add up to the
    change exactly, and no factor is favoured.

    Parameters
    ----------
    purchases : pandas.DataFrame
        customer_id, at, [amount].
    before, after : pair of str or Timestamp
        First and last day of each window, as from `last_windows`; compare windows of one length.

    Returns
    -------
    Change

    Raises
    ------
    InputError
        If the windows overlap, or one of them holds no purchase.

    References
    ----------
    .. [1] Fader, Hardie & Ross (2022). The Customer-Base Audit, lens 2.
    .. [2] Shorrocks (2013). Journal of Economic Inequality 11, 99-126.

    Examples
    --------
    >>> log = pd.DataFrame({"customer_id": list("abbc"), "amount": [10.0, 10.0, 20.0, 20.0],
    ...     "at": pd.to_datetime(["2010-01-01", "2010-01-02", "2010-02-01", "2010-02-02"])})
    >>> change = compare_periods(log, before=("2010-01-01", "2010-01-31"), after=("2010-02-01", "2010-02-28"))
    >>> change.factors["contribution"].tolist()
    [0.0, 0.0, 20.0, 20.0]
    >>> change.customers["customers"].to_dict()
    {'lost_customers': 1, 'kept_customers': 1, 'gained_customers': 1}
    """
    windows = [tuple(wall(moment).normalize() for moment in window) for window in (before, after)]
    (start_1, end_1), (start_2, end_2) = windows
    if not start_1 <= end_1 < start_2 <= end_2:
        raise InputError("the windows are not one before the other", where=f"{before}, {after}",
                         expected="two windows that do not overlap, the earlier first")  # fmt: skip
    coded = code(purchases, measure="comparison of two periods")
    totals = [_totals(coded, window) for window in windows]
    for window, total in zip((before, after), totals):
        if not total["orders"].sum():
            raise InputError("a window of the comparison holds no purchase", where=f"{window[0]} to {window[1]}",
                             zh="要比较的两个时期中有一个没有购买")  # fmt: skip
    return Change(_factors(totals), _kept(*totals), *windows)


def shapley(before: Sequence[float], after: Sequence[float]) -> np.ndarray:
    """Contribution of each factor to the change of their product; the contributions add up to it.

    Parameters
    ----------
    before, after : sequence of float, shape (n_factors,)

    Returns
    -------
    numpy.ndarray, shape (n_factors,)

    Examples
    --------
    >>> shapley([2, 10], [3, 10]).tolist(), shapley([2, 10], [3, 12]).tolist()
    ([10.0, 0.0], [11.0, 5.0])
    """
    parts = np.zeros(len(before))
    orders = list(permutations(range(len(before))))
    for order in orders:
        level = np.array(before, "float64")
        for factor in order:
            old = level.prod()
            level[factor] = after[factor]
            parts[factor] += level.prod() - old
    return parts / len(orders)


def _totals(coded: Coded, window: tuple[pd.Timestamp, pd.Timestamp]) -> pd.DataFrame:
    inside = (coded.day >= day_number(window[0])) & (coded.day <= day_number(window[1]))
    size = len(coded.customers)
    found = pd.DataFrame({"orders": np.bincount(coded.code[inside], minlength=size)})
    if coded.amount is not None:
        found["revenue"] = np.bincount(coded.code[inside], coded.amount[inside], size)
    return found


def _factors(totals: list[pd.DataFrame]) -> pd.DataFrame:
    money = "revenue" in totals[0]
    columns = []
    for total in totals:
        customers, orders = (total["orders"] > 0).sum(), total["orders"].sum()
        factors = [customers, orders / customers] + ([total["revenue"].sum() / orders] if money else [])
        columns.append(np.array(factors, "float64"))
    names = [*FACTORS[: len(columns[0])], "revenue" if money else "orders"]
    before, after = (np.r_[factors, factors.prod()] for factors in columns)
    found = pd.DataFrame({"before": before, "after": after}, index=pd.Index(names, name="factor"))
    found["ratio"] = ratio(found["after"], found["before"])
    return found.assign(contribution=np.r_[shapley(*columns), after[-1] - before[-1]])


def _kept(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    bought = before["orders"].gt(0).to_numpy(), after["orders"].gt(0).to_numpy()
    kinds = {
        "lost_customers": bought[0] & ~bought[1],
        "kept_customers": bought[0] & bought[1],
        "gained_customers": ~bought[0] & bought[1],
    }
    rows = {}
    for kind, of_kind in kinds.items():
        row = {"customers": int(of_kind.sum())}
        for name in before:
            row |= {f"{name}_before": before[name][of_kind].sum(), f"{name}_after": after[name][of_kind].sum()}
        rows[kind] = row | {"change": row[f"{name}_after"] - row[f"{name}_before"]}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("moved")
