"""What was known on the evening of the cutoff: rows of that time, and of them only what had happened by then."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from crm_analysis.churn.windows.meeting import check_zones
from crm_analysis.churn.windows.windows import Windows
from crm_analysis.tables.needs import check_table

ROW_TIME = {  # the moment from which a row is known
    "customers": "joined_at", "orders": "ordered_at", "events": "happened_at", "ratings": "rated_at",
    "seller_feedback": "rated_at", "sellers": "opened_at", "survey": "answered_at", "tickets": "opened_at",
    "contracts": "started_on", "contacts": "sent_at", "visits": "landed_at", "posts": "posted_at",
    "prices": "at",
}  # fmt: skip
KNOWN_FROM = {  # columns of a row that become known later, and when
    "sellers": {"closed_at": "closed_at"},
    "tickets": {"first_reply_at": "first_reply_at", "resolved_at": "resolved_at", "compensation": "resolved_at",
                "csat": "resolved_at"},
    "contracts": {"ended_on": "ended_on", "renewed": "ends_on"},  # the end of the term is agreed, and known, before
    "contacts": {"opened_at": "opened_at", "clicked_at": "clicked_at", "converted_at": "converted_at",
                 "value": "converted_at"},
    "posts": {"adopted_at": "adopted_at"},
}  # fmt: skip
WHOLE_LIFE = ("customers", "sellers", "contracts")  # tables of people and things: kept however long ago they began
TOTALS = {  # sums over all time: never known at a cutoff
    "sellers": ("violations", "refunds", "orders", "complaints"), "ratings": ("helpful_votes",),
}  # fmt: skip


def history(tables: Mapping[str, pd.DataFrame], windows: Windows) -> dict[str, pd.DataFrame]:
    """Cut a data set back to what was known at the cutoff.

    Rows that begin after the cutoff are dropped. Of rows that began before, what came
    later is blank: a complaint solved after the cutoff is an open complaint, a delivery
    under way has no delivery time yet, an e-mail is unopened until it is opened. Rows of
    before the observation are dropped too, but for customers, sellers and contracts. Totals
    over all time (`TOTALS`) are blank: nobody knows what they were. What a table states
    without a date (a city, an order's status) is taken to be known from the row's own time.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        Tables of the schema, with zoned times; others are left out. Columns beyond the schema are kept.
    windows : Windows

    Returns
    -------
    dict of str to pandas.DataFrame
        New frames; the index of the rows is kept.

    Raises
    ------
    InputError
        If a row has no time, times lack a zone, or the tables name days in different zones.

    Examples
    --------
    >>> at = lambda *texts: pd.to_datetime(list(texts)).tz_localize("Asia/Shanghai")
    >>> tickets = pd.DataFrame({"ticket_id": ["1", "2"], "opened_at": at("2012-05-30", "2012-06-02"),
    ...     "resolved_at": at("2012-06-03", "2012-06-04"), "csat": [5, 4]})
    >>> known = history({"tickets": tickets}, Windows("2012-05-31", data_end="2012-12-31"))
    >>> known["tickets"][["ticket_id", "resolved_at", "csat"]].values.tolist()
    [['1', NaT, nan]]
    """
    check_zones(tables, ROW_TIME)
    return {name: _cut(frame, name, windows) for name, frame in tables.items() if name in ROW_TIME}


def _cut(frame: pd.DataFrame, name: str, windows: Windows) -> pd.DataFrame:
    if frame.empty:
        return frame.copy()
    time = ROW_TIME[name]
    check_table(frame, name, time)
    kept, first = frame[time] < windows.ends(frame[time]), windows.begins(frame[time])
    if name not in WHOLE_LIFE and first is not None:
        kept &= frame[time] >= first
    known = frame[kept].copy()
    happened = later_columns(known, name, windows)
    for column, seen in happened.items():
        known[column] = known[column].where(seen)
    return known.assign(**{column: float("nan") for column in TOTALS.get(name, ()) if column in known})


def later_columns(frame: pd.DataFrame, name: str, windows: Windows) -> dict[str, pd.Series]:
    """Return, for each column that becomes known later than its row, whether it was known at the cutoff.

    Parameters
    ----------
    frame : pandas.DataFrame
        Rows of the table `name`.
    name : str
    windows : Windows

    Returns
    -------
    dict of str to pandas.Series of bool

    Examples
    --------
    >>> at = pd.to_datetime(["2012-05-30", None]).tz_localize("UTC")
    >>> posts = pd.DataFrame({"posted_at": at[0], "adopted_at": at})
    >>> later_columns(posts, "posts", Windows("2012-05-31", data_end="2012-12-31"))["adopted_at"].tolist()
    [True, False]
    """
    end = windows.ends(frame[ROW_TIME[name]])
    never = pd.Series(False, index=frame.index)
    found = {}
    for column, since in KNOWN_FROM.get(name, {}).items():
        if column in frame:
            dated = since in frame and isinstance(frame[since].dtype, pd.DatetimeTZDtype)
            found[column] = frame[since] < end if dated else never
    if name == "orders" and "delivery_days" in frame:
        found["delivery_days"] = frame["ordered_at"] + pd.to_timedelta(frame["delivery_days"], unit="D") < end
    return found
