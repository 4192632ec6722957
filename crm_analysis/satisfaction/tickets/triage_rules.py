"""What makes a complaint urgent: the rules of triage, and what they may look at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.tickets.clock import HOUR, PARTY_COUNT, check_times, groups_of, opened_by
from crm_analysis.tables.days import Moment, end_of

THREATS = (
    r"(?<!\d)(?:12315|12345)(?!\d)|消费者协会|消协|工商局|市场监管|律师|起诉|法院|曝光|媒体|微博"
    r"|\b(?:lawyers?|courts?|sue|ombudsman|press|newspapers?)\b"
)


@dataclass(frozen=True)
class Rule:
    """One reason why a ticket is urgent.

    Parameters
    ----------
    key : str
        Name of the reason, a key of `crm_analysis.words`.
    urgency : int
        Level (1 to 3) to which the reason lifts a ticket; the highest counts.
    applies : callable
        Takes the facts of the open tickets (see `triage_facts`), returns True or False for each.
    """

    key: str
    urgency: int
    applies: Callable[[pd.DataFrame], pd.Series]


RULES = (
    Rule("triage.no_reply_24h", 3, lambda facts: ~facts["replied"] & (facts["waiting_hours"] > 24)),
    Rule("triage.open_7_days", 3, lambda facts: facts["waiting_hours"] > 7 * 24),
    Rule("triage.threat", 3, lambda facts: facts["threat"]),
    Rule("triage.no_reply_4h", 2, lambda facts: ~facts["replied"] & facts["waiting_hours"].between(4, 24, "right")),
    Rule("triage.open_3_days", 2, lambda facts: facts["waiting_hours"].between(3 * 24, 7 * 24, "right")),
    Rule("triage.complained_before", 2, lambda facts: facts["earlier_tickets"] > 0),
    Rule("triage.three_parties", 2, lambda facts: facts["party_count"] >= 3),
)


def rule_table(rules: Sequence[Rule] | None = None) -> pd.DataFrame:
    """Rules of urgency (by default `RULES`) as a table for the report: triage_reason, urgency.

    Examples
    --------
    >>> rule_table()["urgency"].tolist()
    [3, 3, 3, 2, 2, 2, 2]
    """
    rules = RULES if rules is None else rules
    listed = {"triage_reason": [r.key for r in rules], "urgency": [r.urgency for r in rules]}
    return pd.DataFrame(listed)


def triage_facts(tickets: pd.DataFrame, *, as_of: Moment, repeat_days: int = 90) -> pd.DataFrame:
    """Return what the rules may look at: one row per open ticket, with what was known at a moment.

    Parameters
    ----------
    tickets, as_of, repeat_days
        As in `triage`.

    Returns
    -------
    pandas.DataFrame
        The columns of `tickets` and: waiting_hours, replied, earlier_tickets (of the same customer),
        party_count (0 if not stated), threat (the text names a lawyer, an authority or the press), severity (NaN
        if not stated).
    """
    check_times(tickets)
    end = end_of(as_of, tickets["opened_at"])
    rows = opened_by(tickets, end, as_of).reset_index(drop=True)
    earlier = _earlier(rows, repeat_days)
    solved = rows["resolved_at"] < end if _has(rows, "resolved_at") else pd.Series(False, index=rows.index)
    rows, earlier = rows[~solved], earlier[~solved]
    return rows.assign(
        severity=_severity(rows),
        waiting_hours=(end - rows["opened_at"]).dt.floor("s") / HOUR,
        replied=rows["first_reply_at"] < end if _has(rows, "first_reply_at") else False,
        earlier_tickets=earlier,
        party_count=_parties(rows),
        threat=rows["text"].astype(object).fillna("").str.contains(THREATS, case=False) if "text" in rows else False,
    )


def _severity(rows: pd.DataFrame) -> pd.Series:
    if "severity" not in rows:
        return pd.Series(np.nan, index=rows.index)
    severity = pd.to_numeric(rows["severity"], errors="coerce").astype(float)
    strange = rows.loc[severity.isna() & rows["severity"].notna(), "severity"]
    if len(strange):
        raise InputError(f"severity {strange.iloc[0]!r} is no number", where="table tickets, column severity",
                         expected="1 to 3, or blank", mend="turn names into numbers",
                         zh="严重程度应为数字或留空")  # fmt: skip
    return severity


def _has(rows: pd.DataFrame, column: str) -> bool:
    return column in rows and bool(rows[column].notna().any())


def _parties(rows: pd.DataFrame) -> pd.Series:
    if "parties" not in rows:
        return pd.Series(0, index=rows.index)
    return pd.to_numeric(groups_of(rows, PARTY_COUNT), errors="coerce").fillna(0).astype(int)


def _earlier(rows: pd.DataFrame, repeat_days: int) -> pd.Series:
    """Tickets of the same customer opened before, at most so many days before."""
    if "customer_id" not in rows:
        return pd.Series(0, index=rows.index)
    order = rows.sort_values(["opened_at", "ticket_id"], kind="stable")
    customer = pd.factorize(order["customer_id"])[0].astype("int64")
    opened = order["opened_at"].dt.tz_convert("UTC").dt.tz_localize(None).to_numpy()
    moments = np.unique(opened)
    place = customer * (len(moments) + 1)  # customer and moment as one number, so that one search serves all
    keys = place + np.searchsorted(moments, opened)
    by_customer = np.argsort(keys, kind="stable")
    since = place + np.searchsorted(moments, opened - pd.Timedelta(repeat_days, "D").to_timedelta64())
    before = np.empty(len(order), "int64")
    before[by_customer] = np.arange(len(order))
    before -= np.searchsorted(keys[by_customer], since)
    return pd.Series(np.where(customer >= 0, before, 0), index=order.index).reindex(rows.index)
