"""Buying again after a complaint, set against purchases of customers who had not complained."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError, nearest
from crm_analysis.intervals import newcombe, proportion
from crm_analysis.satisfaction.tickets import check_table, end_of, with_limits

HANDLING = ("compensated", "resolved_only", "not_resolved")
SPAN = 10**6  # days; longer than any data, so that (customer, day) sorts as one number


class Log(NamedTuple):
    """Purchases as numbers: customers, sorted keys ``customer * SPAN + day`` without repeats, last complete day."""

    customers: pd.Index
    keys: np.ndarray
    last_day: int


def later_buying(
    orders: pd.DataFrame,
    tickets: pd.DataFrame,
    *,
    as_of: str | pd.Timestamp,
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


def purchase_log(orders: pd.DataFrame, as_of: str | pd.Timestamp, days: int) -> Log:
    """Turn orders up to `as_of` into numbers; `days` is the length of the follow-up, which must be one."""
    check_table(orders, "orders", "customer_id", "ordered_at")
    if days < 1:
        raise InputError(f"days={days!r} is no follow-up", expected="1 or more days")
    end = end_of(as_of, orders["ordered_at"])
    rows = orders[orders["ordered_at"] < end]
    if rows.empty:
        raise InputError(f"there is no order up to {as_of}", where="table orders", mend="take a later day",
                         zh=f"截至 {as_of} 没有订单")  # fmt: skip
    code, customers = pd.factorize(rows["customer_id"], sort=True)
    keys = np.unique(code.astype("int64") * SPAN + day_of(rows["ordered_at"]))
    whole_days = end.tz_localize(None).to_datetime64().astype("datetime64[D]").astype("int64") - 1
    return Log(pd.Index(customers), keys, int(whole_days))


def day_of(times: pd.Series) -> np.ndarray:
    """Return the local calendar day of each moment as a number, 0 on 1970-01-01.

    Examples
    --------
    >>> day_of(pd.Series(pd.to_datetime(["1970-01-01 23:00+00:00"])).dt.tz_convert("Asia/Shanghai")).tolist()
    [1]
    """
    return times.dt.tz_localize(None).to_numpy().astype("datetime64[D]").astype("int64")


def bought_later(log: Log, code: np.ndarray, day: np.ndarray, days: int) -> np.ndarray:
    """Tell for each customer and day whether a purchase follows on a later day, at most `days` days later."""
    key = np.asarray(code, "int64") * SPAN + day
    following = np.append(log.keys, np.iinfo("int64").max)[np.searchsorted(log.keys, key, side="right")]
    return following <= key + days


def compare(exposed: pd.DataFrame, reference: pd.DataFrame, *, level: float = 0.95) -> dict[str, float]:
    """Share of `exposed` who bought, the share of `reference` in the same strata, and the difference.

    Parameters
    ----------
    exposed, reference : pandas.DataFrame
        Columns stratum, customer, bought (bool). Every stratum of `exposed` occurs in `reference`.
    level : float in (0, 1)

    Returns
    -------
    dict
        cases, later_share, reference_share, later_difference (with limits), reference_cases.

    Examples
    --------
    >>> exposed = pd.DataFrame({"stratum": [1, 1, 2], "customer": [1, 2, 3], "bought": [True, False, True]})
    >>> reference = pd.DataFrame({"stratum": [1, 2, 2], "customer": [4, 5, 6], "bought": [True, True, False]})
    >>> found = compare(exposed, reference)
    >>> print(round(found["later_share"], 4), round(found["reference_share"], 4))  # 2/3 * 1 + 1/3 * 1/2
    0.6667 0.8333
    """
    share = exposed["stratum"].value_counts(normalize=True)
    rows = reference[reference["stratum"].isin(share.index)]
    strata = rows.groupby("stratum")["bought"].agg(["size", "mean"])
    weight = rows["stratum"].map(share / strata["size"]).to_numpy(float)
    ours = exposed["bought"].to_numpy(float)
    overall = np.full(len(ours), ours.mean() if len(ours) else np.nan)
    x1, n1 = _effective(ours, np.full(len(ours), 1 / max(1, len(ours))), exposed["customer"], overall)
    expected = rows["stratum"].map(strata["mean"]).to_numpy(float)
    x2, n2 = _effective(rows["bought"].to_numpy(float), weight, rows["customer"], expected)
    return (
        {"cases": len(ours)}
        | with_limits("later_share", proportion(x1, n1, level=level))
        | with_limits("reference_share", proportion(x2, n2, level=level))
        | with_limits("later_difference", newcombe(x1, n1, x2, n2, level=level))
        | {"reference_cases": len(rows)}
    )


def _effective(
    bought: np.ndarray, weight: np.ndarray, customer: pd.Series, expected: np.ndarray
) -> tuple[float, float]:
    """Effective hits and number of weighted rows of which those of one customer are alike; weights add up to 1."""
    if not len(bought):
        return 0.0, 0.0
    share, by_customer = min(1.0, weight @ bought), np.bincount(pd.factorize(customer)[0], weight * (bought - expected))
    variance = len(by_customer) / max(1, len(by_customer) - 1) * (by_customer**2).sum()
    n = 1 / (weight**2).sum()
    if variance > 0:
        n = min(n, 1 + share * (1 - share) / variance)
    return share * n, n


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
    return pd.DataFrame({"stratum": _month(day), "customer": code, "bought": bought_later(log, code, day, days)})


def _first_complaints(
    tickets: pd.DataFrame, by: str | None, log: Log, as_of: str | pd.Timestamp, days: int
) -> pd.DataFrame:
    """First complaint of each customer (-1 without an order): day, month, group, what was bought before and after."""
    _check_tickets(tickets, by)
    rows = tickets[tickets["opened_at"] < end_of(as_of, tickets["opened_at"])]
    rows = rows.sort_values(["opened_at", "ticket_id"]).drop_duplicates("customer_id")
    code, day = log.customers.get_indexer(rows["customer_id"]), day_of(rows["opened_at"])
    last = log.keys[
        np.searchsorted(log.keys, code * SPAN + day, side="right") - 1
    ]  # the last purchase, if it is theirs
    if by == "handling":
        group = _handling(rows, day + days)
    else:
        group = "all_complaints" if by is None else rows[by].astype(object).fillna("not_stated").to_numpy()
    return pd.DataFrame(
        {
            "customer": code, "day": day, "stratum": _month(day), "group": group,
            "bought": bought_later(log, code, day, days), "bought_before": (code >= 0) & (last // SPAN == code),
            "waited": code * SPAN + day - last,
        }
    )  # fmt: skip


def _handling(rows: pd.DataFrame, last_day: np.ndarray) -> np.ndarray:
    """How each complaint stood on a day: compensated, resolved_only or not_resolved."""
    resolved = (rows["resolved_at"].notna() & (day_of(rows["resolved_at"]) <= last_day)).to_numpy()
    paid = (rows["compensation"] > 0).to_numpy() if "compensation" in rows else np.zeros(len(rows), bool)
    return np.select([resolved & paid, resolved], HANDLING[:2], HANDLING[2])


def _month(day: np.ndarray) -> np.ndarray:
    return np.asarray(day, "int64").astype("datetime64[D]").astype("datetime64[M]").astype("int64")


def _check_tickets(tickets: pd.DataFrame, by: str | None) -> None:
    check_table(tickets, "tickets", "ticket_id", "customer_id", "opened_at")
    if by == "handling":
        if "resolved_at" not in tickets or tickets["resolved_at"].isna().all():
            raise InputError("no ticket has a time of resolution", where="table tickets", expected="resolved_at",
                             mend="group by reason or channel", zh="投诉工单没有解决时间")  # fmt: skip
    elif by is not None and by not in tickets:
        names = [str(name) for name in tickets]
        raise InputError(f"there is no column {by!r} to group by", where="table tickets",
                         expected=f"handling, or one of {', '.join(names)}", mend=nearest(by, names),
                         zh=f"投诉工单没有“{by}”这一列")  # fmt: skip
