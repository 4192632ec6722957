"""Customers of shops that closed: whether they buy anywhere again."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from crm_analysis.churn.after.follow_up import SPAN, Log, bought_later, compare, purchase_log
from crm_analysis.errors import InputError
from crm_analysis.tables.days import Moment, end_of, local_days
from crm_analysis.tables.needs import check_table

BONDS = ("last_purchase", "main_shop")
RECENCY_DAYS = (30, 90, 180)  # bands of days since the last purchase: up to 30, 31-90, 91-180, more


class Visits(NamedTuple):
    """Orders by customer and time: customer, day, the shop, and the customer's main shop so far (-1: none known)."""

    customer: np.ndarray
    day: np.ndarray
    last_purchase: np.ndarray
    main_shop: np.ndarray


def closed_shop_customers(
    orders: pd.DataFrame, sellers: pd.DataFrame, *, as_of: Moment, days: int = 90, level: float = 0.95
) -> pd.DataFrame:
    r"""Share of a closed shop's customers who buy anywhere afterwards, against customers of open shops.

    .. math:: D = \frac{1}{n}\sum_i y_i - \sum_k \frac{n_k}{n}\, \bar y_{k}^{\,ref}

    y is 1 if the customer buys from any shop on a later calendar day, at most
    `days` days after the closing. Customers are tied to a shop in one of two ways:

    =============  ==================================================================
    last_purchase  the last purchase up to the closing was there
    main_shop      two purchases or more and at least half of all so far were there
    =============  ==================================================================

    The comparison: on the same day, customers tied in the same way to a shop that
    is still open, with as long a time since their last purchase (up to 30, 31-90,
    91-180, more days); its strata k of day and time are weighted like the customers
    of closed shops (direct standardisation). The difference is an association:
    shops that close may have other customers than shops that stay.

    Parameters
    ----------
    orders : pandas.DataFrame
        Columns customer_id, ordered_at, seller_id. A purchase with a blank or unknown seller_id counts as
        buying; while it is the last one, its customer is tied to no shop.
    sellers : pandas.DataFrame
        Columns seller_id (unique), closed_at (blank while open).
    as_of : str or Timestamp
        Last day of complete data; later rows and closings do not count.
    days : int >= 1
        Length of the follow-up.
    level : float in (0, 1)

    Returns
    -------
    pandas.DataFrame, index bond
        One row for each way: shops_closed (from the first order on), customers (different ones followed), cases
        (customer and closing), later_share, reference_share and later_difference with limits as in
        `complaints.later_buying`, reference_cases (customer and day); then the cases that could not be
        followed: not_yet (the follow-up ends after the data) and unmatched (nobody to compare with).

    Raises
    ------
    InputError
        If columns are missing, no shop closed within the data, or no case can be followed and compared.

    Examples
    --------
    >>> day = lambda *texts: pd.to_datetime(list(texts)).tz_localize("Asia/Shanghai")
    >>> orders = pd.DataFrame({"customer_id": list("aabc"), "seller_id": list("xyzx"),
    ...     "ordered_at": day("2012-01-05", "2012-02-10", "2012-01-06", "2012-01-07")})
    >>> sellers = pd.DataFrame({"seller_id": list("xyz"), "closed_at": day("2012-02-01", None, None)})
    >>> table = closed_shop_customers(orders, sellers, as_of="2012-12-31")
    >>> table.loc["last_purchase", ["customers", "later_share", "reference_share"]].tolist()
    [2.0, 0.5, 0.0]
    """
    log = purchase_log(orders, as_of, days)
    shops, closed = _closings(orders, sellers, as_of, log)
    visits = _visits(orders, shops, as_of, log)
    closings = np.unique(closed[(closed >= visits.day.min()) & (closed <= log.last_day)])
    rows = {bond: _followed(bond, visits, closed, closings, log, days, level) for bond in BONDS}
    table = pd.DataFrame(list(rows.values()), index=pd.Index(BONDS, name="bond"))
    if not table["cases"].any():
        raise InputError(f"no customer of a closed shop can be followed for {days} days",
                         where="tables orders, sellers",
                         expected=f"a closing {days} days or more before {as_of}",
                         mend="take a shorter follow-up (days=30) or more data",
                         zh=f"没有一位关店卖家的客户可以跟踪满 {days} 天")  # fmt: skip
    table.insert(0, "shops_closed", int(np.isin(closed, closings).sum()))
    return table


def _followed(
    bond: str, visits: Visits, closed: np.ndarray, closings: np.ndarray, log: Log, days: int, level: float
) -> dict[str, float]:
    late = closings + days > log.last_day
    exposed, reference = _snapshots(bond, visits, closed, closings[~late], log, days)
    matched = exposed["stratum"].isin(reference["stratum"])
    followed = exposed[matched]
    waiting, _ = _snapshots(bond, visits, closed, closings[late], log, days)
    return (
        {"customers": followed["customer"].nunique()}
        | compare(followed, reference, level=level)
        | {"not_yet": len(waiting), "unmatched": int((~matched).sum())}
    )


def _snapshots(
    bond: str, visits: Visits, closed: np.ndarray, closings: np.ndarray, log: Log, days: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Customers of the shops that close, and of those still open, on the evening of each day of closing."""
    keys, everyone = visits.customer * SPAN + visits.day, np.arange(len(log.customers))
    begins = np.searchsorted(keys, everyone * SPAN)
    parts = {True: [], False: []}
    for day in closings:
        place = np.searchsorted(keys, everyone * SPAN + day, side="right") - 1
        code, place = everyone[place >= begins], place[place >= begins]
        closes = closed[getattr(visits, bond)[place]]
        band = np.searchsorted(RECENCY_DAYS, day - visits.day[place])
        frame = pd.DataFrame({"stratum": day * (len(RECENCY_DAYS) + 1) + band, "customer": code,
                              "bought": bought_later(log, code, day, days)})  # fmt: skip
        parts[True].append(frame[closes == day])
        parts[False].append(frame[closes > day])
    none = pd.DataFrame({"stratum": [], "customer": [], "bought": []}, dtype="int64")
    return tuple(pd.concat(parts[side], ignore_index=True) if parts[side] else none for side in (True, False))


def _closings(orders: pd.DataFrame, sellers: pd.DataFrame, as_of: Moment, log: Log) -> tuple[pd.Index, np.ndarray]:
    """The shops, and the day each closes: `SPAN` if it does not, -1 in the extra last place, of no known shop."""
    check_table(sellers, "sellers", "seller_id", *(["closed_at"] if "closed_at" not in sellers else []))
    known = "seller_id" in orders and orders["seller_id"].isin(sellers["seller_id"]).any()
    problems = ["no order names a seller of the table sellers"] if not known else []
    problems += ["the table sellers names a seller twice"] if sellers["seller_id"].duplicated().any() else []
    if problems:
        raise InputError("; ".join(problems), where="tables orders, sellers", expected="orders.seller_id as in sellers",
                         mend="add the column, or keep one row per seller",
                         zh="订单与卖家表无法按卖家编号对应")  # fmt: skip
    at = sellers["closed_at"]
    counts = at.notna() & (at < end_of(as_of, at)) if at.notna().any() else at.notna()
    closed = np.full(len(sellers) + 1, SPAN)
    closed[:-1][counts] = local_days(at[counts])
    closed[-1] = -1
    first = (log.keys % SPAN).min()
    if not ((closed[:-1] >= first) & (closed[:-1] <= log.last_day)).any():
        raise InputError(f"no seller closed between the first order and {as_of}", where="table sellers, closed_at",
                         zh="数据期内没有卖家关店")  # fmt: skip
    return pd.Index(sellers["seller_id"]), closed


def _visits(orders: pd.DataFrame, shops: pd.Index, as_of: Moment, log: Log) -> Visits:
    rows = orders[orders["ordered_at"] < end_of(as_of, orders["ordered_at"])]
    frame = pd.DataFrame(
        {
            "customer": log.customers.get_indexer(rows["customer_id"]), "at": rows["ordered_at"].to_numpy(),
            "day": local_days(rows["ordered_at"]), "shop": shops.get_indexer(rows["seller_id"]),
        }
    ).sort_values(["customer", "at", "shop"], ignore_index=True)  # fmt: skip
    customer, shop = frame["customer"], frame["shop"]
    here = frame.groupby(["customer", "shop"]).cumcount() + 1
    most = here.groupby(customer).cummax()
    leader = shop.where(here == most).groupby(customer).ffill()  # of equal counts the latest
    main = (most >= 2) & (2 * most >= frame.groupby("customer").cumcount() + 1)
    return Visits(*(frame[name].to_numpy() for name in ("customer", "day", "shop")),
                  leader.where(main, -1).astype("int64").to_numpy())  # fmt: skip
