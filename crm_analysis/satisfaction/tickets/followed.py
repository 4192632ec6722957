"""Customers who complained, followed from a landmark day to their next order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.tickets.clock import check_times, groups_of
from crm_analysis.tables.days import Moment, day_number, end_of, local_days
from crm_analysis.tables.needs import check_group, check_table

HANDLING, CSAT = "handling_then", "csat_then"
LEVELS = {
    HANDLING: ["compensated", "resolved_only", "not_resolved"],
    CSAT: ["csat_high", "csat_middle", "csat_low", "csat_none"],
}
MICROSECOND = pd.Timedelta(1, "us")


@dataclass(frozen=True)
class Followed:
    """Customers followed from the landmark on, and those who could not be.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row per first complaint: group, days (from the landmark to the next order, or to the end of the data),
        bought (whether there was one), bought_early (an order between complaint and landmark).
    left_out : pandas.Series, index reason
        not_yet (the landmark is not before the end of the data), no_purchase (no order up to the complaint), and
        bought_early, where these were left out.
    """

    frame: pd.DataFrame
    left_out: pd.Series


def follow(
    tickets: pd.DataFrame,
    orders: pd.DataFrame,
    *,
    by: str = HANDLING,
    as_of: Moment,
    landmark_days: int = 7,
    keep_early_buyers: bool = True,
) -> Followed:
    """Follow the customers of first complaints from the landmark day to their next order.

    Parameters
    ----------
    tickets, orders, by, as_of, landmark_days, keep_early_buyers
        As in `staying_table`.

    Returns
    -------
    Followed
    """
    _check(tickets, orders, by, landmark_days)
    end = end_of(as_of, tickets["opened_at"])
    last_day = day_number(end - MICROSECOND, tickets["opened_at"].dt.tz)
    rows = tickets[tickets["opened_at"] < end].sort_values(["opened_at", "ticket_id"]).drop_duplicates("customer_id")
    opened = local_days(rows["opened_at"])
    landmark = opened + landmark_days
    names = pd.Index(rows["customer_id"].to_numpy())
    customer, day = _purchases(orders, end, names, tickets["opened_at"].dt.tz)
    frame = pd.DataFrame(index=names)
    following = np.full(len(names), np.inf)
    later = day > landmark[customer]
    np.minimum.at(following, customer[later], day[later])
    frame["bought"] = np.isfinite(following)
    frame["days"] = np.where(frame["bought"], following, last_day) - landmark
    frame["bought_early"] = _seen(customer[(day > opened[customer]) & ~later], len(names))
    buyers = _seen(customer[day <= opened[customer]], len(names))
    frame["group"] = pd.Series(_groups(rows, by, landmark_days).to_numpy(), index=frame.index, dtype=object)
    fates = [landmark >= last_day, ~buyers, frame["bought_early"] & (not keep_early_buyers)]
    fate = np.select(fates, ["not_yet", "no_purchase", "bought_early"], "followed")
    counts = pd.Series(fate).value_counts().reindex(["not_yet", "no_purchase", "bought_early"], fill_value=0)
    if not (fate == "followed").any():
        raise InputError(f"no complaint can be followed beyond {landmark_days} days", where="tables orders and tickets",
                         expected="a buyer's complaint well before the end of the data", mend="an earlier landmark",
                         zh=f"没有一个投诉可以在 {landmark_days} 天之后继续跟踪")  # fmt: skip
    columns = ["group", "days", "bought", "bought_early"]
    return Followed(frame.loc[fate == "followed", columns].rename_axis("customer_id"), counts.rename("customers"))


def _purchases(orders: pd.DataFrame, end: pd.Timestamp, names: pd.Index, zone: object) -> tuple[np.ndarray, np.ndarray]:
    """Place among `names` of the customer of each order before `end`, and its day; other customers' are left out."""
    bought = orders[orders["ordered_at"] < end]
    customer = names.get_indexer(bought["customer_id"])
    day = local_days(bought["ordered_at"].dt.tz_convert(zone))  # days of one calendar
    return customer[customer >= 0], day[customer >= 0]


def _seen(customer: np.ndarray, count: int) -> np.ndarray:
    """Whether each of `count` customers occurs."""
    return np.bincount(customer, minlength=count) > 0


def _groups(rows: pd.DataFrame, by: str, landmark_days: int) -> pd.Series:
    """Group of each complaint, known by the end of its landmark day."""
    if by not in LEVELS:
        return groups_of(rows, by)
    landmark = local_days(rows["opened_at"]) + landmark_days
    resolved = (rows["resolved_at"].notna() & (local_days(rows["resolved_at"]) <= landmark)).to_numpy()
    if by == HANDLING:
        paid = (rows["compensation"] > 0).to_numpy() if "compensation" in rows else np.zeros(len(rows), bool)
        return pd.Series(np.select([resolved & paid, resolved], LEVELS[by][:2], LEVELS[by][2]), dtype=object)
    csat = rows["csat"].astype(float).where(resolved).to_numpy()
    return pd.Series(np.select([csat >= 4, csat >= 3, csat >= 1], LEVELS[by][:3], LEVELS[by][3]), dtype=object)


def _check(tickets: pd.DataFrame, orders: pd.DataFrame, by: str, landmark_days: int) -> None:
    check_table(tickets, "tickets", "ticket_id", "customer_id", "opened_at")
    check_table(orders, "orders", "customer_id", "ordered_at")
    check_times(tickets)
    if landmark_days < 0:
        raise InputError(f"a landmark of {landmark_days} days", where="landmark_days", expected="0 or more",
                         zh="起算日不能早于投诉日")  # fmt: skip
    for name in {HANDLING: ["resolved_at"], CSAT: ["resolved_at", "csat"]}.get(by, []):
        if name not in tickets or tickets[name].isna().all():
            raise InputError(f"no ticket has a value in {name}", where="table tickets", expected=name,
                             mend="group by reason or channel", zh=f"投诉工单没有 {name}")  # fmt: skip
    if by not in LEVELS:
        check_group(tickets, "tickets", by, besides=f"{HANDLING}, {CSAT}")
