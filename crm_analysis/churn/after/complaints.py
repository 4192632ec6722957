"""Buying again after a complaint, set against purchases of customers who had not complained."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crm_analysis.churn.after.follow_up import SPAN, Log, bought_later, compare, purchase_log
from crm_analysis.errors import InputError
from crm_analysis.tables.days import Moment, end_of, local_days, month_of
from crm_analysis.tables.needs import check_group, check_table, stated

HANDLING = ("compensated", "resolved_only", "not_resolved")


def later_buying(
    orders: pd.DataFrame,
    tickets: pd.DataFrame,
    *,
    as_of: Moment,
    days: int = 90,
    by: str | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    r"""Share of customers who buy again after their first complaint, against customers who had not complained.

    .. math:: D = \frac{1}{n}\sum_i y_i - \sum_m \frac{n_m}{n}\, \bar y_{m}^{\,ref}

    y is 1 if the customer buys on a later calendar day, at most `days` days later.
    A customer is followed from the day of the first complaint. The comparison:
    purchases of customers who had not complained, followed from as many days after
    the purchase as usually (median) pass between a last purchase and a complaint,
    provided that there was still no complaint; the calendar months m of these days
    are weighted like those of the complaints (direct standardisation). Whether
    somebody complains later plays no part: customers who never complain at all are
    those who buy little, and beside them complainers would look loyal.

    The difference is an association, not an effect of the complaint: who complains
    was let down before, and an order that is complained about later stands in the
    comparison until then, which draws the two shares a little together. First
    complaints come early in a customer's time: in simulated companies where they
    have no consequence, the difference is still about one point below zero.

    Parameters
    ----------
    orders : pandas.DataFrame
        Columns customer_id, ordered_at. Each row is a purchase: set refunds and cancellations aside before.
        Later rows than `as_of` do not count.
    tickets : pandas.DataFrame
        Columns ticket_id, customer_id, opened_at, the column `by` (for ``handling``: resolved_at, [compensation]).
        Only the first complaint of each customer counts.
    as_of : str or Timestamp
        Last day of complete data.
    days : int >= 1
        Length of the follow-up.
    by : str, optional
        Column of `tickets` to group by (``reason``, ``channel``, ...), or ``handling``: compensated, resolved
        without compensation, or not resolved by the end of the follow-up. How a complaint was handled is
        known only after buying has begun: this comparison least of all shows an effect.
    level : float in (0, 1)

    Returns
    -------
    pandas.DataFrame, index `by` (``complaint`` when None)
        The largest group first: customers (followed), later_share, reference_share (for the group's months) and
        later_difference, each with limits; reference_cases (customers' purchase days behind it). Then those who
        could not be followed: not_yet (the follow-up ends after the data), no_purchase (bought nothing up to the
        complaint), unmatched (a month without comparison). The difference has Newcombe's limits, the shares have
        Wilson's, for the effective number of purchases where a customer stands in the comparison several times.

    Raises
    ------
    InputError
        If columns are missing, or no complaint can be followed and compared.

    References
    ----------
    .. [1] Newcombe (1998). Statistics in Medicine 17, 873-890, method 10.
    .. [2] Korn & Graubard (1998). Survey Methodology 24, 193-201 (effective sample size).
    .. [3] Li, Propert & Rosenbaum (2001). JASA 96, 870-882 (comparison with those still at risk: nothing is
           chosen by the future).

    Examples
    --------
    >>> day = lambda *texts: pd.to_datetime(list(texts)).tz_localize("Asia/Shanghai")
    >>> orders = pd.DataFrame({"customer_id": list("aabbc"),
    ...     "ordered_at": day("2012-01-02", "2012-02-01", "2012-01-03", "2012-01-20", "2012-01-09")})
    >>> tickets = pd.DataFrame({"ticket_id": ["1"], "customer_id": ["a"], "opened_at": day("2012-01-05")})
    >>> table = later_buying(orders, tickets, as_of="2012-12-31")
    >>> table[["customers", "later_share", "reference_cases", "reference_share"]].round(3).values.tolist()
    [[1.0, 1.0, 3.0, 0.333]]
    """
    log = purchase_log(orders, as_of, days)
    first = _first_complaints(tickets, by, log, as_of, days)
    reference = _reference(log, first, days)
    known = set(reference["stratum"])
    fate = np.select(
        [~first["bought_before"], first["day"] + days > log.last_day, ~first["stratum"].isin(known)],
        ["no_purchase", "not_yet", "unmatched"], "customers",
    )  # fmt: skip
    if not (fate == "customers").any():
        raise InputError(f"no complaint can be followed for {days} days", where=f"tables orders and tickets, {as_of}",
                         expected=f"a buyer's complaint {days} days or more before the end of the data",
                         mend="take a shorter follow-up (days=30) or more data",
                         zh=f"没有一个投诉可以跟踪满 {days} 天")  # fmt: skip
    rows = {}
    for group, part in first.assign(fate=fate).groupby("group", sort=False):
        counts = part["fate"].value_counts().reindex(["not_yet", "no_purchase", "unmatched"], fill_value=0)
        rows[group] = compare(part[part["fate"] == "customers"], reference, level=level) | counts.to_dict()
    table = pd.DataFrame(list(rows.values()), index=pd.Index(list(rows), name=by or "complaint"))
    table = table.rename(columns={"cases": "customers"})
    order = sorted(table.index, key=lambda name: (-table.loc[name, "customers"], str(name)))
    return table.loc[[name for name in HANDLING if name in table.index] if by == "handling" else order]


def _reference(log: Log, first: pd.DataFrame, days: int) -> pd.DataFrame:
    """Days as long after a purchase as complaints are, of customers without one by then, followed inside the data."""
    waited = first.loc[first["bought_before"], "waited"]
    code, day = log.keys // SPAN, log.keys % SPAN + (int(waited.median()) if len(waited) else 0)
    complained = np.full(len(log.customers) + 1, SPAN)  # the last place is for customers without any order
    complained[first["customer"]] = first["day"]
    keep = (day < complained[code]) & (day + days <= log.last_day)
    code, day = code[keep], day[keep]
    if not len(code):
        raise InputError(f"no purchase without complaint can be followed for {days} days", where="table orders",
                         mend="take a shorter follow-up (days=30) or more data",
                         zh=f"没有可跟踪满 {days} 天的未投诉客户订单作对照")  # fmt: skip
    return pd.DataFrame({"stratum": month_of(day), "customer": code, "bought": bought_later(log, code, day, days)})


def _first_complaints(tickets: pd.DataFrame, by: str | None, log: Log, as_of: Moment, days: int) -> pd.DataFrame:
    """First complaint of each customer (-1 without an order): day, month, group, what was bought before and after."""
    _check_tickets(tickets, by)
    rows = tickets[tickets["opened_at"] < end_of(as_of, tickets["opened_at"])]
    rows = rows.sort_values(["opened_at", "ticket_id"]).drop_duplicates("customer_id")
    code, day = log.customers.get_indexer(rows["customer_id"]), local_days(rows["opened_at"])
    place = np.searchsorted(log.keys, code * SPAN + day, side="right") - 1
    last = log.keys[place]  # the last purchase, if it is theirs
    if by == "handling":
        group = _handling(rows, day + days)
    else:
        group = "all_complaints" if by is None else stated(rows[by]).to_numpy()
    return pd.DataFrame(
        {
            "customer": code, "day": day, "stratum": month_of(day), "group": group,
            "bought": bought_later(log, code, day, days), "bought_before": (code >= 0) & (last // SPAN == code),
            "waited": code * SPAN + day - last,
        }
    )  # fmt: skip


def _handling(rows: pd.DataFrame, last_day: np.ndarray) -> np.ndarray:
    """How each complaint stood on a day: compensated, resolved_only or not_resolved."""
    resolved = (rows["resolved_at"].notna() & (local_days(rows["resolved_at"]) <= last_day)).to_numpy()
    paid = (rows["compensation"] > 0).to_numpy() if "compensation" in rows else np.zeros(len(rows), bool)
    return np.select([resolved & paid, resolved], HANDLING[:2], HANDLING[2])


def _check_tickets(tickets: pd.DataFrame, by: str | None) -> None:
    check_table(tickets, "tickets", "ticket_id", "customer_id", "opened_at")
    if by == "handling":
        if "resolved_at" not in tickets or tickets["resolved_at"].isna().all():
            raise InputError("no ticket has a time of resolution", where="table tickets", expected="resolved_at",
                             mend="group by reason or channel", zh="投诉工单没有解决时间")  # fmt: skip
    elif by is not None:
        check_group(tickets, "tickets", by, besides="handling")
