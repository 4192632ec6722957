"""How long complaints wait for a reply or a solution, by group, with open ones counted."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from crm_analysis.intervals import with_limits
from crm_analysis.satisfaction.tickets.clock import group_order, groups_of, waits
from crm_analysis.satisfaction.tickets.comparison import Comparison, compare_groups
from crm_analysis.survival import common_limit, kaplan_meier, km_quantile, restricted_mean, survival_at
from crm_analysis.tables.days import Moment

UNTIL_HOURS = 720.0  # 30 days: what a mean wait is restricted to
QUANTILES = {0.25: "hours_p25", 0.5: "hours_median", 0.75: "hours_p75", 0.9: "hours_p90"}


def waiting_table(
    tickets: pd.DataFrame,
    *,
    step: str = "reply",
    by: str | None = None,
    as_of: Moment,
    customers: pd.DataFrame | None = None,
    status: str | None = None,
    quantiles: Sequence[float] = (0.5, 0.9),
    until_hours: float | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Hours until complaints are answered or resolved: quantiles and restricted mean, open ones counted.

    A ticket that is still open has waited at least until `as_of`. The mean of the closed ones alone would be far
    too small, as the long waits are those still open.

    Parameters
    ----------
    tickets : pandas.DataFrame
        Columns ticket_id, opened_at, first_reply_at or resolved_at, and what `by` needs.
    step : {"reply", "resolve"}
    by : str, optional
        Column to group by: of the tickets (channel, severity, ...), of `customers` (city, ...), or ``party_count``,
        the number of names in the column parties. None gives one row ``total``.
    as_of : str or Timestamp
        Last day of complete data (a time of day other than midnight: the last moment).
    customers : pandas.DataFrame, optional
        Columns customer_id, `by`.
    status : str, optional
        Column of ways to end, as in `clock.waits`: tickets that ended in another way are cut at that moment
        (`ends.ends_table` shows how many).
    quantiles : sequence of float
        0.5 is the median, 0.9 the hours by which nine in ten are done.
    until_hours : float, optional
        Limit of the restricted mean, the same for all groups; by default 720 hours (30 days) or, if that is
        shorter, as long as every group was followed.
    level : float in (0, 1)

    Returns
    -------
    pandas.DataFrame, index `by`
        Levels that are numbers by size, others the largest first: tickets; step_done and still_open; for each
        quantile hours_median, hours_p90, ... with log-log limits; restricted_hours, the mean of the waits cut
        at until_hours, with its limits; until_hours.

    Raises
    ------
    InputError
        If columns are missing, lack a zone or are blank, no ticket was opened in time, or one was answered before it
        was opened.

    References
    ----------
    .. [1] Kaplan & Meier (1958). JASA 53, 457-481. Uno et al. (2014). Journal of Clinical Oncology 32, 2380-2385.

    Examples
    --------
    >>> times = lambda *texts: pd.to_datetime(list(texts)).tz_localize("Asia/Shanghai")
    >>> tickets = pd.DataFrame({"ticket_id": ["1", "2", "3"], "opened_at": times(*["2012-03-01 09:00"] * 3),
    ...     "first_reply_at": times("2012-03-01 10:00", "2012-03-01 13:00", None)})
    >>> table = waiting_table(tickets, as_of="2012-03-01 19:00")
    >>> table[["tickets", "still_open", "hours_median", "restricted_hours"]].values.round(2).tolist()
    [[3.0, 1.0, 4.0, 5.0]]
    """
    facts, groups = _facts(tickets, step, by, as_of, customers, status)
    if until_hours is None:
        until_hours = min(UNTIL_HOURS, common_limit(facts["hours"], facts["ended"], groups))
    rows = {}
    for name in group_order(groups):
        part = facts[groups == name]
        hours, ended = part["hours"], part["ended"]
        rows[name] = {"tickets": len(part), "step_done": int(ended.sum()), "still_open": int((~ended).sum())}
        for share in quantiles:
            column = QUANTILES.get(share, f"hours_p{100 * share:g}")
            rows[name] |= with_limits(column, km_quantile(hours, ended, share=share, level=level))
        mean = restricted_mean(hours, ended, until=until_hours, level=level)
        rows[name] |= with_limits("restricted_hours", mean) | {"until_hours": float(until_hours)}
    return pd.DataFrame(list(rows.values()), index=pd.Index(list(rows), name=by or "tickets_in"))


def still_waiting(
    tickets: pd.DataFrame,
    *,
    step: str = "reply",
    by: str | None = None,
    as_of: Moment,
    hours: Sequence[float] = (1, 4, 24, 72),
    customers: pd.DataFrame | None = None,
    status: str | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Share of complaints still waiting so many hours after they were opened.

    Parameters
    ----------
    tickets, step, by, as_of, customers, status, level
        As in `waiting_table`.
    hours : sequence of float

    Returns
    -------
    pandas.DataFrame
        `by`, hours_after, at_that_time (tickets waiting or followed until then), waiting_share with limits; blank
        where no ticket of the group was followed so long.

    Examples
    --------
    >>> times = lambda *texts: pd.to_datetime(list(texts)).tz_localize("Asia/Shanghai")
    >>> tickets = pd.DataFrame({"ticket_id": ["1", "2", "3"], "opened_at": times(*["2012-03-01 09:00"] * 3),
    ...     "first_reply_at": times("2012-03-01 10:00", "2012-03-01 13:00", None)})
    >>> still_waiting(tickets, as_of="2012-03-01 19:00", hours=(1, 4))["waiting_share"].round(3).tolist()
    [0.667, 0.333]
    """
    facts, groups = _facts(tickets, step, by, as_of, customers, status)
    frames = []
    for name in group_order(groups):
        part = facts[groups == name]
        found = survival_at(part["hours"], part["ended"], times=hours, level=level).reset_index()
        found.insert(0, by or "tickets_in", name)
        frames.append(found)
    names = {"time": "hours_after", "at_risk": "at_that_time", "survival": "waiting_share"}
    names |= {f"survival_{end}": f"waiting_share_{end}" for end in ("low", "high")}
    return pd.concat(frames, ignore_index=True).rename(columns=names)


def waiting_curves(
    tickets: pd.DataFrame,
    *,
    step: str = "reply",
    by: str | None = None,
    as_of: Moment,
    customers: pd.DataFrame | None = None,
    status: str | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Kaplan-Meier curve of the waits of each group, for `plots.plot_waiting`.

    Parameters
    ----------
    tickets, step, by, as_of, customers, status, level
        As in `waiting_table`.

    Returns
    -------
    pandas.DataFrame, index (`by`, time)
        time in hours; columns as in `survival.kaplan_meier`. ``attrs["step"]`` says what they wait for.
    """
    facts, groups = _facts(tickets, step, by, as_of, customers, status)
    parts = {name: facts[groups == name] for name in group_order(groups)}
    curves = {name: kaplan_meier(part["hours"], part["ended"], level=level) for name, part in parts.items()}
    table = pd.concat(curves, names=[by or "tickets_in"])
    table.attrs["step"] = step
    return table


def waiting_comparison(
    tickets: pd.DataFrame,
    *,
    step: str = "reply",
    by: str,
    as_of: Moment,
    customers: pd.DataFrame | None = None,
    status: str | None = None,
) -> Comparison:
    """Log-rank test that the groups wait equally long, and of each pair with Holm's correction.

    Parameters
    ----------
    tickets, step, by, as_of, customers, status
        As in `waiting_table`; there must be two groups or more.

    Returns
    -------
    comparison.Comparison
        Its ``text(lang)`` says what the test does not show.
    """
    facts, groups = _facts(tickets, step, by, as_of, customers, status)
    return compare_groups(facts["hours"], facts["ended"], groups, order=group_order(groups))


def _facts(
    tickets: pd.DataFrame, step: str, by: str | None, as_of: Moment, customers: pd.DataFrame | None, status: str | None
) -> tuple[pd.DataFrame, pd.Series]:
    tickets = tickets.reset_index(drop=True)  # rows are taken by their label
    facts = waits(tickets, step=step, as_of=as_of, status=status)
    return facts, groups_of(tickets, by, customers).loc[facts.index]
