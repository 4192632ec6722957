"""Complaint tickets: which reasons weigh most, how fast and how well each channel answers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crm_analysis.intervals import mean_t, proportion, share_columns, with_limits
from crm_analysis.satisfaction.tickets.clock import HOUR, STEPS, check_times, opened_by, replies
from crm_analysis.survival import km_median
from crm_analysis.tables.days import end_of
from crm_analysis.tables.needs import check_group, check_table, stated

PROMPT_HOURS = 24


def reason_table(tickets: pd.DataFrame, *, level: float = 0.95) -> pd.DataFrame:
    """Complaints by reason, the most frequent first: the table behind a Pareto chart.

    Parameters
    ----------
    tickets : pandas.DataFrame
        Column reason.
    level : float in (0, 1)

    Returns
    -------
    pandas.DataFrame, index reason
        tickets, share with Wilson's limits, cumulative_share. Equal counts stand in the order of their names.

    Raises
    ------
    InputError
        If there is no ticket, or one without a reason.

    References
    ----------
    .. [1] Juran (1951). Quality Control Handbook, on "the vital few and the trivial many".

    Examples
    --------
    >>> table = reason_table(pd.DataFrame({"reason": ["late", "rude", "late", "late"]}))
    >>> table[["tickets", "cumulative_share"]].values.tolist()
    [[3.0, 0.75], [1.0, 1.0]]
    """
    check_table(tickets, "tickets", "reason")
    count = tickets["reason"].astype("str").value_counts().sort_index().sort_values(ascending=False, kind="stable")
    table = pd.DataFrame({"tickets": count.to_numpy()}, index=pd.Index(count.index.astype(object), name="reason"))
    table = table.assign(**share_columns("share", table["tickets"], len(tickets), level=level))
    table["cumulative_share"] = table["tickets"].cumsum() / len(tickets)
    return table


def service_table(
    tickets: pd.DataFrame, *, by: str | None = "channel", as_of: str | pd.Timestamp, level: float = 0.95
) -> pd.DataFrame:
    """How complaints are answered: replies, time to resolution, satisfaction and compensation of each group.

    What happened after `as_of` is not known yet: a ticket without a reply or a
    solution by then has waited *at least* so long (it is censored), and only
    tickets opened a day or more before count for the share answered within 24 hours.
    A ticket resolved without a reply on record was answered when it was resolved.

    Parameters
    ----------
    tickets : pandas.DataFrame
        Columns ticket_id, opened_at, the column `by`, [first_reply_at, resolved_at, csat, compensation].
        Of these four, one that is missing or wholly blank leaves its measures blank.
    by : str, optional
        Column to group by; blank values are named ``not_stated``. None gives one row ``total``.
    as_of : str or Timestamp
        Last day of complete data (a time of day other than midnight: the last moment). Tickets opened
        later do not count.
    level : float in (0, 1)

    Returns
    -------
    pandas.DataFrame, index `by`
        The largest group first, each measure with its limits: tickets; due_24h (tickets opened 24 hours or more
        before the end) and replied_24h, their share answered within 24 hours (Wilson); reply_hours and
        resolve_hours, medians by Kaplan-Meier; resolved_share (Wilson); csat_answers and csat, their mean
        (t interval; blank for fewer than two different answers); compensated_share, of the resolved tickets
        (of all, where resolved_at is missing), a blank compensation counting as none (Wilson).

    Raises
    ------
    InputError
        If columns are missing or lack a zone, no ticket was opened in time, or one was answered before it was opened.

    Examples
    --------
    >>> times = lambda *texts: pd.to_datetime(list(texts)).tz_localize("Asia/Shanghai")
    >>> tickets = pd.DataFrame({"ticket_id": ["1", "2"], "channel": "chat",
    ...     "opened_at": times("2012-03-01 09:00", "2012-03-02 09:00"),
    ...     "first_reply_at": times("2012-03-01 10:00", None)})
    >>> service_table(tickets, as_of="2012-03-31")[["tickets", "replied_24h", "reply_hours"]].values.tolist()
    [[2.0, 0.5, 1.0]]
    """
    check_times(tickets)
    if by is not None:
        check_group(tickets, "tickets", by)
    end = end_of(as_of, tickets["opened_at"])
    rows = opened_by(tickets, end, as_of)
    facts = _facts(rows, end, known={name for name in tickets if tickets[name].notna().any()})
    group = pd.Series("total", index=rows.index) if by is None else stated(rows[by])
    parts = sorted(facts.groupby(group, sort=False), key=lambda item: (-len(item[1]), str(item[0])))
    index = pd.Index([name for name, _ in parts], name=by or "group")
    return pd.DataFrame([_measures(part, level) for _, part in parts], index=index)


def _facts(rows: pd.DataFrame, end: pd.Timestamp, known: set[str]) -> pd.DataFrame:
    """What is known of each ticket at `end`; NaN hours where the table does not record the step at all."""
    opened = rows["opened_at"]
    facts = pd.DataFrame({"due": end - opened >= PROMPT_HOURS * HOUR}, index=rows.index)
    never = pd.Series(pd.NaT, index=rows.index, dtype=opened.dtype)
    for step, column in STEPS.items():
        moment = rows[column] if column in known else never
        if step == "reply" and column in known:
            moment = replies(rows, rows["resolved_at"] if "resolved_at" in known else never)
        facts[f"{step}_done"] = moment < end
        hours = (moment.where(facts[f"{step}_done"], end) - opened) / HOUR
        facts[f"{step}_hours"] = hours if column in known else np.nan
    facts["settled"] = facts["resolve_done"] if "resolved_at" in known else True
    later = ~facts["settled"] & (rows["resolved_at"].notna() if "resolved_at" in known else False)
    facts["csat"] = rows["csat"].astype(float).mask(later) if "csat" in known else np.nan
    paid = rows["compensation"].fillna(0) > 0 if "compensation" in known else np.nan
    facts["compensated"] = pd.Series(paid, index=rows.index, dtype=float)
    return facts


def _measures(facts: pd.DataFrame, level: float) -> dict[str, float]:
    due = facts[facts["due"] & facts["reply_hours"].notna()]
    prompt = due["reply_done"] & (due["reply_hours"] <= PROMPT_HOURS)
    csat = facts["csat"].dropna()
    paid = facts.loc[facts["settled"], "compensated"].dropna()
    resolvable = int(facts["resolve_hours"].notna().sum())
    return (
        {"tickets": len(facts), "due_24h": len(due)}
        | with_limits("replied_24h", proportion(prompt.sum(), len(due), level=level))
        | with_limits("reply_hours", km_median(facts["reply_hours"], facts["reply_done"], level=level))
        | with_limits("resolve_hours", km_median(facts["resolve_hours"], facts["resolve_done"], level=level))
        | with_limits("resolved_share", proportion(facts["resolve_done"].sum(), resolvable, level=level))
        | {"csat_answers": len(csat)}
        | with_limits("csat", mean_t(csat, level=level))
        | with_limits("compensated_share", proportion(paid.sum(), len(paid), level=level))
    )
