"""When customers buy again: gaps between purchase days, time to the second purchase, purchases per customer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.intervals import share_columns
from crm_analysis.segments.frames import code, needs_days, zone_of
from crm_analysis.survival import kaplan_meier
from crm_analysis.tables.days import Moment, day_number, last_moment

MONTHS = {1: 30, 3: 91, 6: 182, 12: 365}  # months -> days


def gaps(purchases: pd.DataFrame, *, data_end: Moment | None = None) -> pd.Series:
    """Days between neighbouring purchase days of the same customer.

    The gaps seen are too short on the whole: a long gap is the likelier to be cut by the end of the
    data, and then it is not among them. Several purchases on one day make no gap of 0.

    Parameters
    ----------
    purchases : pandas.DataFrame
        customer_id, at.
    data_end : str or Timestamp, optional
        Last moment used.

    Returns
    -------
    pandas.Series of int, index customer_id
        Named ``gap_days``, one row per gap, in order of time within a customer.

    Examples
    --------
    >>> log = pd.DataFrame({"customer_id": list("aabaa"),
    ...     "at": pd.to_datetime(["2010-01-01", "2010-01-01", "2010-01-01", "2010-01-08", "2010-01-29"])})
    >>> gaps(log).tolist()
    [7, 21]
    """
    coded = code(purchases, measure="gaps between purchases", until=data_end)
    days = coded.by_day()
    same = np.diff(days["code"]) == 0
    return pd.Series(
        np.diff(days["day"])[same], index=coded.customers[days["code"].to_numpy()[1:][same]], name="gap_days"
    )


def gap_table(found: pd.Series, *, quantiles: Sequence[float] = (0.1, 0.25, 0.5, 0.75, 0.8, 0.9)) -> pd.DataFrame:
    """Quantiles of the gaps: within how many days the given part of the repeat purchases followed.

    Parameters
    ----------
    found : pandas.Series
        From `gaps`.
    quantiles : sequence of float in [0, 1]

    Returns
    -------
    pandas.DataFrame
        quantile, gap_days; NaN if there are no gaps.

    Examples
    --------
    >>> gap_table(pd.Series([7, 21, 28]), quantiles=(0.5,)).values.tolist()
    [[0.5, 21.0]]
    """
    if found.empty:
        return pd.DataFrame({"quantile": list(quantiles), "gap_days": np.nan})
    return pd.DataFrame({"quantile": list(quantiles), "gap_days": np.quantile(found, list(quantiles))})


def second_purchase(purchases: pd.DataFrame, *, data_end: Moment, level: float = 0.95) -> pd.DataFrame:
    """Share of customers who have bought on a second day, by days since their first purchase.

    One minus the Kaplan-Meier curve: a customer who has not come back counts for as long as he was
    seen. Dividing those who came back by all customers would count yesterday's newcomers as lost.

    Parameters
    ----------
    purchases : pandas.DataFrame
        customer_id, at. A customer's first row is taken for his first purchase.
    data_end : str or Timestamp
        Last moment of complete data; a day means the whole day.
    level : float in (0, 1)

    Returns
    -------
    pandas.DataFrame, index days
        at_risk, second_purchases, censored, repeat_share with its limits; the last row is the
        longest time for which anybody was seen.

    Raises
    ------
    InputError
        If the data span less than two days.

    Examples
    --------
    >>> log = pd.DataFrame({"customer_id": list("aabc"),
    ...     "at": pd.to_datetime(["2010-01-01", "2010-01-08", "2010-01-01", "2010-01-04"])})
    >>> second_purchase(log, data_end="2010-01-11")["repeat_share"].round(3).to_dict()
    {0: 0.0, 7: 0.333, 10: 0.333}
    """
    zone = zone_of(purchases) if "at" in purchases else None
    coded = code(purchases, measure="time to the second purchase", until=last_moment(data_end, zone))
    needs_days("time to the second purchase", needed=2, start=coded.start, end=coded.end)
    days = coded.by_day()
    start = np.flatnonzero(np.r_[True, np.diff(days["code"]) > 0])
    again = np.diff(np.r_[start, len(days)]) > 1
    day = days["day"].to_numpy()
    until = np.where(again, day[np.minimum(start + 1, len(day) - 1)], day_number(data_end, zone))
    curve = kaplan_meier(until - day[start], again, level=level)
    found = curve[["at_risk", "occurred", "censored"]].rename(columns={"occurred": "second_purchases"})
    found["repeat_share"] = 1 - curve["survival"]
    found["repeat_share_low"] = 1 - curve["survival_high"]
    found["repeat_share_high"] = 1 - curve["survival_low"]
    return found.set_index(curve.index.astype("int64").rename("days"))


def repeat_rates(curve: pd.DataFrame, *, months: Sequence[int] = tuple(MONTHS)) -> pd.DataFrame:
    """Share of customers with a second purchase within 1, 3, 6 and 12 months (30, 91, 182 and 365 days).

    Parameters
    ----------
    curve : pandas.DataFrame
        From `second_purchase`.
    months : sequence of int

    Returns
    -------
    pandas.DataFrame
        months, days, repeat_share with its limits; NaN for a time longer than anybody was seen.

    Examples
    --------
    >>> curve = pd.DataFrame({"repeat_share": [0, 0.3], "repeat_share_low": [0, 0.2], "repeat_share_high": [0, 0.4]},
    ...                      index=[0, 40])
    >>> repeat_rates(curve, months=(1, 3))["repeat_share"].tolist()
    [0.0, nan]
    """
    days = np.array([MONTHS.get(month, round(month * 365 / 12)) for month in months])
    position = np.searchsorted(curve.index.to_numpy(), days, "right") - 1
    names = ["repeat_share", "repeat_share_low", "repeat_share_high"]
    found = curve[names].astype("float64").iloc[position].reset_index(drop=True)
    found = found.where(pd.Series(days <= curve.index.max()), axis=0)
    found.insert(0, "months", list(months))
    found.insert(1, "days", days)
    return found


def purchases_per_customer(purchases: pd.DataFrame, *, by: str = "orders", most: int = 10) -> pd.DataFrame:
    """How many customers bought once, twice, ..., with the rest in one row.

    Parameters
    ----------
    purchases : pandas.DataFrame
        customer_id, at.
    by : str
        ``orders``, or ``days`` on which the customer bought.
    most : int
        The last row holds customers with this number or more.

    Returns
    -------
    pandas.DataFrame
        purchases (text: ``1`` to ``10+``), customers, share with Wilson's 95 % limits.

    Examples
    --------
    >>> log = pd.DataFrame({"customer_id": list("aab"), "at": pd.Timestamp("2010-12-09")})
    >>> purchases_per_customer(log, most=3)[["purchases", "customers"]].values.tolist()
    [['1', 1], ['2', 1], ['3+', 0]]
    """
    if by not in ("orders", "days") or most < 2:
        raise InputError(f"by={by!r}, most={most}", expected="by 'orders' or 'days', most at least 2")
    coded = code(purchases, measure="purchases per customer")
    count = np.bincount(coded.code if by == "orders" else coded.by_day()["code"])
    customers = np.bincount(np.minimum(count, most), minlength=most + 1)[1:]
    found = pd.DataFrame({"purchases": [*map(str, range(1, most)), f"{most}+"], "customers": customers})
    return found.assign(**share_columns("share", found["customers"], len(count)))
