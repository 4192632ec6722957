"""How long each ticket waited for a step, as far as is known at a moment; the groups of tickets that are compared."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.tables.days import Moment, end_of
from crm_analysis.tables.needs import BLANK, check_group, check_table, stated

HOUR = pd.Timedelta(1, "h")
STEPS = {"reply": "first_reply_at", "resolve": "resolved_at"}
DONE = {"reply": "replied", "resolve": "resolved"}
PARTY_COUNT = "party_count"
BETWEEN_PARTIES = r"[;；,，、|/+]"


def waits(
    tickets: pd.DataFrame,
    *,
    step: str = "resolve",
    as_of: Moment,
    status: str | None = None,
) -> pd.DataFrame:
    """Hours that each ticket waited for a reply or a solution, open ones included.

    What happened after `as_of` is not known yet: a ticket still open then has waited *at least* so long (its
    wait is cut, "censored"). A ticket resolved without a reply on record was answered when it was resolved.

    Parameters
    ----------
    tickets : pandas.DataFrame
        Columns ticket_id, opened_at, first_reply_at or resolved_at (the other if there is one).
    step : {"reply", "resolve"}
    as_of : str or Timestamp
        Last day of complete data (a time of day other than midnight: the last moment). Tickets opened
        later are left out.
    status : str, optional
        Column that tells how a ticket with resolved_at ended: ``resolved`` (in capitals or not) or blank, or another
        way, such as ``withdrawn`` or ``escalated``, which shuts a solution out. Such an end cuts the wait for a reply.

    Returns
    -------
    pandas.DataFrame
        With the caller's index, tickets opened in time only: hours, ended (whether the step was seen) and end (how
        the wait ended: ``replied`` or ``resolved``, the status where that differs; empty while it lasts).

    Raises
    ------
    InputError
        If columns are missing, lack a zone or are wholly blank, no ticket was opened in time, or one was answered
        before it was opened.

    Examples
    --------
    >>> times = lambda *texts: pd.to_datetime(list(texts)).tz_localize("Asia/Shanghai")
    >>> tickets = pd.DataFrame({"ticket_id": ["1", "2"], "opened_at": times("2012-03-01 09:00", "2012-03-30 09:00"),
    ...     "resolved_at": times("2012-03-01 21:00", None)})
    >>> waits(tickets, as_of="2012-03-31").values.tolist()
    [[12.0, True, 'resolved'], [39.0, False, '']]
    """
    _check_step(tickets, step, status)
    end = end_of(as_of, tickets["opened_at"])
    rows = opened_by(tickets, end, as_of)
    solved, other = _solutions(rows, status)
    moment = replies(rows, solved) if step == "reply" else solved
    done, gone = moment < end, other < end
    gone &= ~done | (other < moment)
    done &= ~gone
    last = moment.where(done, other.where(gone, end))
    ways = rows[status].astype(object) if status else pd.Series("", index=rows.index, dtype=object)
    ends = pd.Series("", index=rows.index, dtype=object).mask(done, DONE[step]).mask(gone, ways)
    return pd.DataFrame({"hours": (last - rows["opened_at"]) / HOUR, "ended": done, "end": ends})


def opened_by(tickets: pd.DataFrame, end: pd.Timestamp, as_of: Moment) -> pd.DataFrame:
    """Return the tickets opened before `end`; none is an `InputError`."""
    rows = tickets[tickets["opened_at"] < end]
    if rows.empty:
        raise InputError(f"no ticket was opened by {as_of}", where="table tickets", mend="take a later day",
                         zh=f"截至 {as_of} 没有投诉工单")  # fmt: skip
    return rows


def replies(rows: pd.DataFrame, solved: pd.Series) -> pd.Series:
    """Return the moment of the first reply; a solution without one is a reply.

    Parameters
    ----------
    rows : pandas.DataFrame
        Column first_reply_at.
    solved : pandas.Series
        Moment of the solution.
    """
    first = rows["first_reply_at"].astype(rows["opened_at"].dtype)
    return first.where(first.notna() & ~(solved < first), solved)


def check_times(tickets: pd.DataFrame) -> None:
    """Raise `InputError` unless tickets have their ids and times, none answered before it was opened."""
    check_table(tickets, "tickets", "ticket_id", "opened_at")
    problems = []
    for name in STEPS.values():
        early = tickets[name] < tickets["opened_at"] if name in tickets and tickets[name].notna().any() else []
        if count := int(np.sum(early)):
            problems.append(f"{name} lies before opened_at in {count:,} rows (first: "
                            f"{tickets.loc[early, 'ticket_id'].iloc[0]})")  # fmt: skip
    if problems:
        raise InputError("; ".join(problems), where="table tickets", expected="opened_at <= reply and solution",
                         mend="correct these times or leave them blank",
                         zh="部分工单的回复或解决时间早于提交时间")  # fmt: skip


def groups_of(tickets: pd.DataFrame, by: str | None, customers: pd.DataFrame | None = None) -> pd.Series:
    """Return the group of each ticket: a column of the tickets, of their customers, or the number of parties.

    Parameters
    ----------
    tickets : pandas.DataFrame
        Column `by`; or customer_id, where `by` is a column of `customers`; or parties, for ``party_count``.
    by : str, optional
        None puts all tickets into one group ``total``. ``party_count`` is the number of names in the column
        parties, which stand between commas, semicolons, bars or slashes.
    customers : pandas.DataFrame, optional
        Columns customer_id, `by`.

    Returns
    -------
    pandas.Series
        Named `by`; blanks are ``not_stated``.

    Examples
    --------
    >>> groups_of(pd.DataFrame({"parties": ["seller; carrier", "seller", None]}), "party_count").tolist()
    [2, 1, 'not_stated']
    """
    if by is None:
        return pd.Series("total", index=tickets.index, name="tickets_in", dtype=object)
    if by == PARTY_COUNT and by not in tickets:
        check_group(tickets, "tickets", "parties")
        if not tickets["parties"].dropna().map(lambda names: isinstance(names, str)).all():
            raise InputError("parties holds no names", where="table tickets, column parties",
                             expected="names with commas or semicolons between them",
                             mend="name a column of counts in by",
                             zh="涉及方一列应为名称，以逗号或分号分隔")  # fmt: skip
        names = tickets["parties"].astype(object).str.split(BETWEEN_PARTIES, regex=True)
        return _whole(stated(names.map(_named, na_action="ignore"))).rename(by)
    if by not in tickets and customers is not None:
        check_group(tickets, "tickets", "customer_id")
        check_table(customers, "customers", "customer_id", times=())
        check_group(customers, "customers", by)
        known = customers.drop_duplicates("customer_id").set_index("customer_id")[by]
        return _whole(stated(tickets["customer_id"].map(known))).rename(by)
    check_group(tickets, "tickets", by)
    return _whole(stated(tickets[by])).rename(by)


def group_order(groups: pd.Series) -> list:
    """Return the groups in the order in which tables show them: numbers by size, others the largest first.

    Examples
    --------
    >>> group_order(pd.Series(["mail", "chat", "chat"])), group_order(pd.Series([3, 1, 1, "not_stated"]))
    (['chat', 'mail'], [1, 3, 'not_stated'])
    """
    count = groups.value_counts()
    numbers = [name for name in count.index if isinstance(name, (int, float, np.number))]
    texts = [name for name in count.index if name not in numbers]
    if numbers:
        return sorted(numbers) + sorted(texts, key=str)
    return sorted(texts, key=lambda name: (name == BLANK, -count[name], str(name)))


def _whole(values: pd.Series) -> pd.Series:
    """Turn 3.0 into 3, so that levels read as they were given."""
    return values.map(lambda x: int(x) if isinstance(x, float) and x.is_integer() else x).astype(object)


def _named(parties: list[str]) -> object:
    """Return the number of parties named, None where there are only signs between them."""
    return len({name.strip() for name in parties if name.strip()}) or None


def _solutions(rows: pd.DataFrame, status: str | None) -> tuple[pd.Series, pd.Series]:
    """Moments of the solution, and of an end of another kind; NaT where there is none."""
    never = pd.Series(pd.NaT, index=rows.index, dtype=rows["opened_at"].dtype)
    ended = rows["resolved_at"].astype(never.dtype) if "resolved_at" in rows else never
    if status is None:
        return ended, never
    other = rows[status].notna() & ~rows[status].astype(str).str.strip().str.casefold().isin(["", "resolved"])
    return ended.mask(other), ended.where(other)


def _check_step(tickets: pd.DataFrame, step: str, status: str | None) -> None:
    if step not in STEPS:
        raise InputError(f"step {step!r} is not known", where="step", expected=f"one of {', '.join(STEPS)}",
                         zh=f"不存在步骤“{step}”")  # fmt: skip
    check_times(tickets)
    column = STEPS[step]
    if column not in tickets or tickets[column].isna().all():
        raise InputError(f"no ticket has a time in {column}", where="table tickets", expected=column,
                         mend="record the time of this step", zh=f"投诉工单没有 {column} 的时间")  # fmt: skip
    if status is not None:
        check_group(tickets, "tickets", status)
