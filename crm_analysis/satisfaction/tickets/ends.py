"""How complaints end when there are several ways: resolved, withdrawn, escalated, of which one shuts out the others."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from crm_analysis.satisfaction.tickets.clock import waits
from crm_analysis.survival import cumulative_incidence, incidence_at
from crm_analysis.tables.days import Moment


def ends_table(
    tickets: pd.DataFrame,
    *,
    as_of: Moment,
    status: str | None = None,
    days: Sequence[float] = (1, 3, 7, 30),
    level: float = 0.95,
) -> pd.DataFrame:
    """Share of complaints that ended in each way within so many days (Aalen-Johansen), open ones counted.

    A withdrawn complaint can no longer be resolved: to leave it out, or to treat it as open, would overstate
    what the service resolves. The shares of all ways and of the open ones add up to 1.

    Parameters
    ----------
    tickets : pandas.DataFrame
        Columns ticket_id, opened_at, resolved_at (the moment of the end, of whatever kind), the column `status`.
    as_of : str or Timestamp
        Last day of complete data.
    status : str, optional
        Column of ways to end; blank means ``resolved``. Without it all ends are solutions.
    days : sequence of float
    level : float in (0, 1)

    Returns
    -------
    pandas.DataFrame
        ticket_end, days_after, incidence with limits; blank later than the longest wait seen.

    Raises
    ------
    InputError
        As `clock.waits`, or if no ticket ended.

    References
    ----------
    .. [1] Aalen & Johansen (1978). Scandinavian Journal of Statistics 5, 141-150.

    Examples
    --------
    >>> times = lambda *texts: pd.to_datetime(list(texts)).tz_localize("Asia/Shanghai")
    >>> tickets = pd.DataFrame({"ticket_id": list("123"), "opened_at": times(*["2012-03-01"] * 3),
    ...     "resolved_at": times("2012-03-02", "2012-03-03", None), "status": ["resolved", "withdrawn", None]})
    >>> ends_table(tickets, as_of="2012-03-31", status="status", days=(7,))["ticket_end"].tolist()
    ['resolved', 'withdrawn']
    """
    facts = waits(tickets, step="resolve", as_of=as_of, status=status)
    found = incidence_at(facts["hours"] / 24, facts["end"], times=days, level=level).reset_index()
    return found.rename(columns={"end": "ticket_end", "time": "days_after"})


def ends_curves(
    tickets: pd.DataFrame, *, as_of: Moment, status: str | None = None, level: float = 0.95
) -> pd.DataFrame:
    """Cumulative incidence of each way to end, by days since the complaint was opened.

    Parameters
    ----------
    tickets, as_of, status, level
        As in `ends_table`.

    Returns
    -------
    pandas.DataFrame, index (ticket_end, time)
        time in days; columns as in `survival.cumulative_incidence`.
    """
    facts = waits(tickets, step="resolve", as_of=as_of, status=status)
    table = cumulative_incidence(facts["hours"] / 24, facts["end"], level=level)
    return table.rename_axis(index={"end": "ticket_end"})
