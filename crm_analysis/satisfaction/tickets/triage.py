"""Which open complaint comes next: declared severity by urgency, with the reasons of each ticket."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.tickets.triage_rules import RULES, Rule, triage_facts
from crm_analysis.tables.days import Moment
from crm_analysis.words import word

LEVELS = (1, 2, 3)
MIDDLE = 2
NOT_STATED = "triage.severity_not_stated"
PRIORITIES = pd.DataFrame(
    [[5, 4, 3], [4, 3, 2], [3, 2, 1]],
    index=pd.Index(LEVELS, name="severity_level"), columns=pd.Index(LEVELS, name="urgency"),
)  # fmt: skip


def triage(
    tickets: pd.DataFrame,
    *,
    as_of: Moment,
    rules: Sequence[Rule] | None = None,
    priorities: pd.DataFrame | None = None,
    repeat_days: int = 90,
) -> pd.DataFrame:
    """Open complaints in the order in which to take them up, with the reasons of each.

    Severity is what the ticket declares; urgency is the highest level among the rules that apply, 1 if none
    does; the table `priorities` joins the two into 1 (at once) to 5. Among equals the longest wait goes first.
    The default rules and the table are a convention to be replaced by the company's own.

    Parameters
    ----------
    tickets : pandas.DataFrame
        Columns ticket_id, customer_id, opened_at, [severity (1 to 3), first_reply_at, resolved_at, parties, text,
        channel, reason]. Blank severity counts as 2, and the ticket says so among its reasons.
    as_of : str or Timestamp
        Moment of the list: a day stands for its end. Tickets opened later or resolved by then are left out.
    rules : sequence of Rule, optional
        By default `triage_rules.RULES`, which `rule_table` lists.
    priorities : pandas.DataFrame, index severity, columns urgency, optional
        Priority of each pair of levels; by default `PRIORITIES`, severity plus urgency turned into 1 to 5.
    repeat_days : int
        A customer's earlier ticket counts for ``triage.complained_before`` if it was opened so many days or fewer
        before.

    Returns
    -------
    pandas.DataFrame, index ticket_id
        priority, severity_level, urgency, waiting_hours (since it was opened), replied, triage_reasons (tuple of
        keys, the most urgent first; `in_words` turns them into text), then customer_id, channel and reason where
        there are any. Empty if no ticket is open.

    Raises
    ------
    InputError
        If columns are missing, a severity is none of the table's levels, or a ticket was answered before it was
        opened.

    References
    ----------
    .. [1] ISO/IEC 20000-1 (2018), 8.6.1: incidents are prioritised by impact and urgency.

    Examples
    --------
    >>> times = lambda *texts: pd.to_datetime(list(texts)).tz_localize("Asia/Shanghai")
    >>> tickets = pd.DataFrame({"ticket_id": ["1", "2"], "customer_id": ["a", "b"], "severity": [3, 2],
    ...     "opened_at": times("2012-03-01 09:00", "2012-03-01 17:00"), "first_reply_at": times(None, None)})
    >>> triage(tickets, as_of="2012-03-01 19:00")[["priority", "waiting_hours", "triage_reasons"]].values.tolist()
    [[2, 10.0, ('triage.no_reply_4h',)], [4, 2.0, ()]]
    """
    rules, priorities = RULES if rules is None else rules, PRIORITIES if priorities is None else priorities
    facts = triage_facts(tickets, as_of=as_of, repeat_days=repeat_days)
    _check_levels(facts, priorities, rules)
    stated = facts["severity"].notna()
    applies = {rule.key: np.asarray(rule.applies(facts), bool) for rule in rules} | {NOT_STATED: ~stated.to_numpy()}
    levels = np.array([np.where(applies[rule.key], rule.urgency, 1) for rule in rules])
    table = pd.DataFrame(
        {"severity_level": facts["severity"].fillna(MIDDLE).astype(int),
         "urgency": levels.max(axis=0).astype(int) if len(rules) else 1,
         "waiting_hours": facts["waiting_hours"], "replied": facts["replied"]}, index=facts.index
    )  # fmt: skip
    place = (priorities.index.get_indexer(table["severity_level"]), priorities.columns.get_indexer(table["urgency"]))
    table.insert(0, "priority", priorities.to_numpy()[place])
    ordered = [rule.key for rule in sorted(rules, key=lambda rule: -rule.urgency)] + [NOT_STATED]
    given = [tuple(key for key in ordered if applies[key][row]) for row in range(len(table))]
    table["triage_reasons"] = pd.Series(given, index=table.index, dtype=object)
    shown = [name for name in ("customer_id", "channel", "reason") if name in facts]
    table = table.join(facts[shown]).set_index(pd.Index(facts["ticket_id"], name="ticket_id"))
    return table.sort_values(["priority", "waiting_hours"], ascending=[True, False], kind="stable")


def in_words(table: pd.DataFrame, *, lang: str) -> pd.DataFrame:
    """Return the list of `triage` with the reasons of each ticket as one text.

    Examples
    --------
    >>> table = pd.DataFrame({"triage_reasons": [("triage.open_7_days", "triage.complained_before"), ()]})
    >>> in_words(table, lang="en")["triage_reasons"].tolist()
    ['open for more than 7 days; complained before', 'none']
    """
    none, between = {"zh": ("无", "；"), "en": ("none", "; ")}[lang]
    texts = [between.join(word(key, lang) for key in keys) or none for keys in table["triage_reasons"]]
    return table.assign(triage_reasons=pd.Series(texts, index=table.index, dtype=object))


def triage_matrix(table: pd.DataFrame, *, priorities: pd.DataFrame | None = None) -> pd.DataFrame:
    """Open tickets in each cell of severity by urgency.

    Parameters
    ----------
    table : pandas.DataFrame
        From `triage`.
    priorities : pandas.DataFrame, optional
        The table that `triage` was given.

    Returns
    -------
    pandas.DataFrame
        severity_level, urgency, priority, tickets (0 in empty cells), longest_wait in hours (blank in empty cells).

    Examples
    --------
    >>> table = pd.DataFrame({"severity_level": [3, 3], "urgency": [1, 1], "waiting_hours": [5.0, 9.0]})
    >>> found = triage_matrix(table)
    >>> found["tickets"].sum(), found["longest_wait"].max()
    (np.int64(2), np.float64(9.0))
    """
    cells = (
        (PRIORITIES if priorities is None else priorities)
        .rename_axis(index="severity_level", columns="urgency")
        .reset_index()
    )
    cells = cells.melt("severity_level", value_name="priority").sort_values(["severity_level", "urgency"])
    found = table.groupby(["severity_level", "urgency"])["waiting_hours"].agg(tickets="size", longest_wait="max")
    joined = cells.merge(found.reset_index(), how="left", on=["severity_level", "urgency"])
    return joined.assign(tickets=joined["tickets"].fillna(0).astype(int))


def _check_levels(facts: pd.DataFrame, priorities: pd.DataFrame, rules: Sequence[Rule]) -> None:
    strange = sorted(set(facts["severity"].dropna()) - set(priorities.index))
    if MIDDLE not in priorities.index and facts["severity"].isna().any():
        strange.append("blank")
    known = set(priorities.columns)
    wrong = [rule.key for rule in rules if rule.urgency not in known]
    problems = [f"severity {', '.join(map(str, strange))} is not in the table of priorities"] if strange else []
    problems += [f"the urgency of {', '.join(wrong)} is not in the table of priorities"] if wrong else []
    problems += ["urgency 1 is not in the table of priorities"] if 1 not in known else []
    if problems:
        raise InputError("; ".join(problems), where="tables tickets and priorities",
                         expected=f"severity {list(priorities.index)}, urgency {list(priorities.columns)}",
                         mend="pass a table with these levels", zh="严重程度或紧急程度不在优先级表中")  # fmt: skip
