"""Customers who have fallen silent: days since the last action, lapsed customers, silence against one's own rhythm."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.intervals import share_columns
from crm_analysis.segments.frames import Coded, code, needs_days, zone_of
from crm_analysis.tables.days import Moment, day_number

LIMITS = (7, 14, 30, 60, 90, 180, 365)


def inactivity(log: pd.DataFrame, *, as_of: Moment) -> pd.DataFrame:
    """Days since the last action (or purchase) of each customer.

    Parameters
    ----------
    log : pandas.DataFrame
        customer_id, at. Rows after `as_of` do not count.
    as_of : str or Timestamp
        Day at which silence is counted; an action of that day gives 0.

    Returns
    -------
    pandas.DataFrame, index customer_id
        last_active_day, inactive_days, observed_days (from the customer's first action to `as_of`).

    Raises
    ------
    InputError
        If the data span less than two days.

    Examples
    --------
    >>> log = pd.DataFrame({"customer_id": ["a", "b"], "at": pd.to_datetime(["2017-11-25", "2017-12-01"])})
    >>> inactivity(log, as_of="2017-12-03")["inactive_days"].to_dict()
    {'a': 8, 'b': 2}
    """
    coded = code(log, measure="inactivity", until=as_of)
    needs_days("inactivity", needed=2, start=coded.start, end=coded.end)
    first, last = _first_last(coded)
    day = day_number(as_of, zone_of(log))
    found = pd.DataFrame(
        {"last_active_day": last.astype("datetime64[D]").astype("datetime64[s]")}, index=coded.customers
    )
    return found.assign(inactive_days=day - last, observed_days=day - first)


def share_inactive(found: pd.DataFrame, *, over: Sequence[int] = LIMITS) -> pd.DataFrame:
    """Share of customers silent for more than k days, among those first seen more than k days ago.

    Somebody first seen a week ago cannot have been silent for a month: counting him among the
    active would flatter the share.

    Parameters
    ----------
    found : pandas.DataFrame
        From `inactivity`.
    over : sequence of int
        The values of k.

    Returns
    -------
    pandas.DataFrame
        days (k), customers (first seen more than k days ago), inactive (of them), share with Wilson's 95 %
        limits; NaN where nobody was seen for so long.

    Examples
    --------
    >>> found = pd.DataFrame({"inactive_days": [8, 2, 0], "observed_days": [8, 8, 3]})
    >>> share_inactive(found, over=(4, 30))[["customers", "inactive", "share"]].values.tolist()
    [[2.0, 1.0, 0.5], [0.0, 0.0, nan]]
    """
    limits = np.asarray(list(over), "int64")
    if np.any(limits < 0):
        raise InputError(f"days over {limits.tolist()} must not be negative")
    seen, silent = np.sort(found["observed_days"].to_numpy()), np.sort(found["inactive_days"].to_numpy())
    base = len(seen) - np.searchsorted(seen, limits, "right")
    inactive = len(silent) - np.searchsorted(silent, limits, "right")
    table = pd.DataFrame({"days": limits, "customers": base, "inactive": inactive})
    return table.assign(**share_columns("share", inactive, base))


def lapsed_customers(purchases: pd.DataFrame, *, as_of: Moment, after_days: int) -> pd.DataFrame:
    """Customers whose last purchase is more than `after_days` days ago, the most valuable first.

    Parameters
    ----------
    purchases : pandas.DataFrame
        customer_id, at, [amount].
    as_of : str or Timestamp
        Day at which silence is counted.
    after_days : int
        Longest silence of a customer who is not lapsed.

    Returns
    -------
    pandas.DataFrame, index customer_id
        last_active_day, inactive_days, orders, purchase_days, [money]; sorted by money (or orders), then by id.

    Examples
    --------
    >>> log = pd.DataFrame({"customer_id": list("aab"), "amount": [5.0, 3.0, 9.0],
    ...     "at": pd.to_datetime(["2010-01-01", "2010-01-05", "2010-06-01"])})
    >>> lapsed_customers(log, as_of="2010-06-30", after_days=90)["money"].to_dict()
    {'a': 8.0}
    """
    found = inactivity(purchases, as_of=as_of).drop(columns="observed_days")
    coded = code(purchases, measure="lapsed customers", until=as_of)
    found["orders"] = np.bincount(coded.code)
    found["purchase_days"] = np.bincount(coded.by_day()["code"])
    worth = "orders"
    if coded.amount is not None:
        worth, found["money"] = "money", np.bincount(coded.code, coded.amount)
    found = found[found["inactive_days"] > after_days]
    return found.sort_values(worth, ascending=False, kind="stable")


def gone_quiet(purchases: pd.DataFrame, *, as_of: Moment, level: float = 0.05, min_gaps: int = 2) -> pd.DataFrame:
    r"""Customers silent for longer than their own rhythm explains, the most valuable first.

    .. math:: p = \left(1 + \frac{s}{T}\right)^{-n}

    is the chance of a silence of s days or more for somebody who still buys at his own pace: n
    gaps in T days so far, purchases at random times. Listed are those with ``p < level``. Of
    customers who have not changed at all, about the part `level` is listed as well.

    Parameters
    ----------
    purchases : pandas.DataFrame
        customer_id, at, [amount].
    as_of : str or Timestamp
    level : float in (0, 1)
    min_gaps : int
        Customers with fewer gaps between purchase days have no rhythm to compare with.

    Returns
    -------
    pandas.DataFrame, index customer_id
        last_active_day, inactive_days, purchase_days, typical_gap (median), longest_gap, silence_chance (p), [money];
        sorted by money (or purchase days), then by id.

    References
    ----------
    .. [1] For exponential gaps s / (T / n) follows F(2, 2n); its upper tail is the formula above.

    Examples
    --------
    >>> log = pd.DataFrame({"customer_id": ["a"] * 5 + ["b"] * 2,
    ...     "at": pd.to_datetime(["2010-01-01", "2010-01-08", "2010-01-15", "2010-01-22", "2010-01-29",
    ...                           "2010-01-01", "2010-01-02"])})
    >>> gone_quiet(log, as_of="2010-03-31")[["inactive_days", "typical_gap", "silence_chance"]].round(3).values.tolist()
    [[61.0, 7.0, 0.01]]
    """
    if min_gaps < 1 or not 0 < level < 1:
        raise InputError(f"min_gaps={min_gaps}, level={level}", expected="at least 1 gap, a level between 0 and 1")
    found = inactivity(purchases, as_of=as_of)
    coded = code(purchases, measure="customers gone quiet", until=as_of)
    days = coded.by_day()
    same = np.diff(days["code"]) == 0
    gap = pd.Series(np.diff(days["day"])[same]).groupby(days["code"].to_numpy()[1:][same])
    number = np.bincount(days["code"]) - 1
    active = np.maximum(found["observed_days"] - found["inactive_days"], 1)
    found["purchase_days"] = number + 1
    for name, value in (("typical_gap", gap.median()), ("longest_gap", gap.max())):
        found[name] = value.reindex(range(len(found))).to_numpy("float64")
    found["silence_chance"] = (1 + found["inactive_days"] / active) ** -number.astype("float64")
    worth = "purchase_days"
    if coded.amount is not None:
        worth, found["money"] = "money", np.bincount(coded.code, coded.amount)
    quiet = found[(number >= min_gaps) & (found["silence_chance"] < level)]
    return quiet.drop(columns="observed_days").sort_values(worth, ascending=False, kind="stable")


def _first_last(coded: Coded) -> tuple[np.ndarray, np.ndarray]:
    days = coded.by_day()
    ends = np.cumsum(np.bincount(days["code"]))
    day = days["day"].to_numpy()
    return day[np.r_[0, ends[:-1]]], day[ends - 1]
