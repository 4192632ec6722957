"""What was known on the evening of the cutoff: rows of that time, and of them only what had happened by then."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from crm_analysis.churn.windows.windows import Windows
from crm_analysis.tables.days import day_stamp, end_of
from crm_analysis.tables.needs import check_table

ROW_TIME = {  # the moment from which a row is known
    "customers": "joined_at", "orders": "ordered_at", "events": "happened_at", "ratings": "rated_at",
    "seller_feedback": "rated_at", "sellers": "opened_at", "survey": "answered_at", "tickets": "opened_at",
    "contracts": "started_on", "contacts": "sent_at", "visits": "landed_at", "posts": "posted_at",
}  # fmt: skip
KNOWN_FROM = {  # columns of a row that become known later, and when
    "sellers": {"closed_at": "closed_at"},
    "tickets": {"first_reply_at": "first_reply_at", "resolved_at": "resolved_at", "compensation": "resolved_at",
                "csat": "resolved_at"},
    "contracts": {"ended_on": "ended_on", "renewed": "ended_on"},
    "contacts": {"opened_at": "opened_at", "clicked_at": "clicked_at", "converted_at": "converted_at",
                 "value": "converted_at"},
}  # fmt: skip
WHOLE_LIFE = ("customers", "sellers", "contracts")  # tables of people and things: kept however long ago they began
TOTALS = {"sellers": ("violations", "refunds", "orders", "complaints")}  # sums over all time: never known at a cutoff


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
        Tables of the schema, with zoned times; others are left out.
    windows : Windows

    Returns
    -------
    dict of str to pandas.DataFrame
        New frames; the index of the rows is kept.

    Examples
    --------
    >>> at = lambda *texts: pd.to_datetime(list(texts)).tz_localize("Asia/Shanghai")
    >>> tickets = pd.DataFrame({"ticket_id": ["1", "2"], "opened_at": at("2012-05-30", "2012-06-02"),
    ...     "resolved_at": at("2012-06-03", "2012-06-04"), "csat": [5, 4]})
    >>> known = history({"tickets": tickets}, Windows("2012-05-31", data_end="2012-12-31"))
    >>> known["tickets"][["ticket_id", "resolved_at", "csat"]].values.tolist()
    [['1', NaT, nan]]
    """
    return {name: _cut(frame, name, windows) for name, frame in tables.items() if name in ROW_TIME}


def _cut(frame: pd.DataFrame, name: str, windows: Windows) -> pd.DataFrame:
    if frame.empty:
        return frame.copy()
    time = ROW_TIME[name]
    check_table(frame, name, time)
    end = windows.ends(frame[time])
    kept = frame[time] < end
    if name not in WHOLE_LIFE and windows.first_day is not None:
        kept &= frame[time] >= end_of(day_stamp(windows.first_day - 1), frame[time])
    known = frame[kept].copy()
    for column, since in KNOWN_FROM.get(name, {}).items():
        if column in known and column != since:
            known[column] = known[column].where(known[since] < end) if since in known else None
    for column in {since for since in KNOWN_FROM.get(name, {}).values() if since in known}:
        known[column] = known[column].where(known[column] < end)
    if name == "orders" and "delivery_days" in known:
        arrived = known[time] + pd.to_timedelta(known["delivery_days"], unit="D")
        known["delivery_days"] = known["delivery_days"].where(arrived < end)
    return known.assign(**{column: float("nan") for column in TOTALS.get(name, ()) if column in known})
