"""Sessions: a user's events with no pause of more than half an hour, how long, how deep, how many bounce.

A bounce is a session of exactly one event, a view. Users who never did anything but
view are *view-only users*; they are not bounces, and their share is not a bounce rate.
The length of a session runs from its first event to its last: how long the last page
was looked at is not logged, and a session of one event has length 0.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.intervals import bootstrap_ratios, clustered_median, clustered_share, proportion, with_limits
from crm_analysis.marketing.log import action_ranks, codes, leads, microseconds
from crm_analysis.tables.needs import check_columns

DEPTHS = {"one_event": 1, "events_2_to_5": 5, "events_6_to_10": 10, "events_over_10": np.inf}  # up to so many events


def find_sessions(events: pd.DataFrame, *, gap_minutes: float = 30.0) -> pd.DataFrame:
    """Cut each user's events into sessions: a new one begins after a pause longer than `gap_minutes`.

    Parameters
    ----------
    events : pandas.DataFrame
        Table ``events``: customer_id, action, happened_at.
    gap_minutes : float > 0
        A pause of exactly this length does not begin a new session.

    Returns
    -------
    pandas.DataFrame
        One row per session: customer_id, started_at, ended_at, minutes, events, views, buys, bounced.
        Sessions of one user stand together in order of time.

    Raises
    ------
    InputError
        If columns or values cannot be used.

    Examples
    --------
    >>> times = pd.to_datetime(["2017-11-25 09:00", "2017-11-25 09:30", "2017-11-25 10:01"])
    >>> events = pd.DataFrame({"customer_id": "a", "action": "view", "happened_at": times.tz_localize("Asia/Shanghai")})
    >>> find_sessions(events)[["events", "minutes", "bounced"]].values.tolist()
    [[2, 30.0, False], [1, 0.0, True]]
    """
    if not gap_minutes > 0:
        raise InputError(f"gap_minutes must be above 0; got {gap_minutes}", mend="the custom is 30")
    check_columns(events, "events", ("customer_id", "action", "happened_at"), times=("happened_at",))
    user, moment = codes(events, "customer_id"), microseconds(events["happened_at"])
    rank = action_ranks(events["action"])
    order = np.lexsort((moment, user))
    user, moment, rank = user[order], moment[order], rank[order]
    begins = leads(user)
    begins[1:] |= np.diff(moment) > gap_minutes * 60e6
    first = np.flatnonzero(begins)
    size = np.diff(np.append(first, len(user)))
    last = first + size - 1
    session = np.cumsum(begins) - 1
    views, buys = (np.bincount(session[rank == k], minlength=len(first)) for k in (0, 3))
    return pd.DataFrame(
        {
            "customer_id": events["customer_id"].iloc[order[first]].array,
            "started_at": events["happened_at"].iloc[order[first]].array,
            "ended_at": events["happened_at"].iloc[order[last]].array,
            "minutes": (moment[last] - moment[first]) / 60e6,
            "events": size,
            "views": views,
            "buys": buys,
            "bounced": (size == 1) & (views == 1),
        }
    )


def session_summary(
    sessions: pd.DataFrame, *, level: float = 0.95, draws: int = 1000, rng: int | np.random.Generator = 0
) -> pd.DataFrame:
    """Count the sessions and measure them, with intervals from drawing whole users again.

    A user's sessions resemble each other, so the user is the independent unit. The
    median's interval uses the same unit (`intervals.clustered_median`).

    Parameters
    ----------
    sessions : pandas.DataFrame
        From `find_sessions`.
    level : float in (0, 1)
    draws : int
    rng : int or numpy.random.Generator

    Returns
    -------
    pandas.DataFrame
        One row: users, sessions, one_event_sessions, bounces, and with limits bounce_rate (bounces among all
        sessions), one_event_share, sessions_per_user, events_per_session, session_minutes (mean),
        session_minutes_median, buying_sessions (share with a purchase).

    Examples
    --------
    >>> sessions = pd.DataFrame({"customer_id": ["a", "a", "b"], "minutes": [0.0, 9.0, 3.0], "events": [1, 4, 2],
    ...                          "buys": [0, 1, 0], "bounced": [True, False, False]})
    >>> session_summary(sessions)[["sessions", "bounces", "sessions_per_user"]].iloc[0].tolist()
    [3.0, 1.0, 1.5]
    """
    rows = pd.DataFrame(
        {"users": 0, "sessions": 1, "one_event": sessions["events"].eq(1), "bounces": sessions["bounced"],
         "events": sessions["events"], "minutes": sessions["minutes"], "bought": sessions["buys"].gt(0)}
    )  # fmt: skip
    sums = rows.astype(float).groupby(sessions["customer_id"], observed=True).sum().assign(users=1)
    ratios = {
        "bounce_rate": ("bounces", "sessions"),
        "one_event_share": ("one_event", "sessions"),
        "sessions_per_user": ("sessions", "users"),
        "events_per_session": ("events", "sessions"),
        "session_minutes": ("minutes", "sessions"),
        "buying_sessions": ("bought", "sessions"),
    }
    found = bootstrap_ratios(sums, ratios, level=level, draws=draws, rng=rng)
    found["session_minutes_median"] = clustered_median(sessions["minutes"], sessions["customer_id"], level=level)
    row = {"users": len(sums), "sessions": len(sessions), "one_event_sessions": int(rows["one_event"].sum()),
           "bounces": int(rows["bounces"].sum())}  # fmt: skip
    for name, estimate in found.items():
        row |= with_limits(name, estimate)
    return pd.DataFrame([row])


def session_depth(sessions: pd.DataFrame, *, level: float = 0.95) -> pd.DataFrame:
    """Count the sessions by their number of events: one, 2 to 5, 6 to 10, more.

    Parameters
    ----------
    sessions : pandas.DataFrame
        From `find_sessions`.
    level : float in (0, 1)
        Level of the interval, with the user as the independent unit.

    Returns
    -------
    pandas.DataFrame
        session_depth, sessions, share with limits, buying_share (of these sessions) with limits.

    Examples
    --------
    >>> sessions = pd.DataFrame({"customer_id": ["a", "b", "c"], "events": [1, 3, 30], "buys": [0, 0, 2]})
    >>> session_depth(sessions)["sessions"].tolist()
    [1, 1, 0, 1]
    """
    place = np.searchsorted(list(DEPTHS.values()), sessions["events"])
    user, bought = sessions["customer_id"].to_numpy(), sessions["buys"].to_numpy() > 0
    table = []
    for k, name in enumerate(DEPTHS):
        here = place == k
        share = clustered_share(here, user, level=level)
        buying = clustered_share(bought[here], user[here], level=level)
        table.append(
            {"session_depth": name, "sessions": int(here.sum())}
            | with_limits("share", share) | with_limits("buying_share", buying)
        )  # fmt: skip
    return pd.DataFrame(table)


def view_only_users(events: pd.DataFrame, *, level: float = 0.95) -> pd.DataFrame:
    """Count the users all of whose events are views, with a Wilson interval of their share.

    Returns
    -------
    pandas.DataFrame
        One row: users, view_only_users, view_only_share with limits.

    Examples
    --------
    >>> events = pd.DataFrame({"customer_id": ["a", "a", "b"], "action": ["view", "buy", "view"],
    ...     "happened_at": pd.date_range("2017-11-25", periods=3, freq="h", tz="Asia/Shanghai")})
    >>> view_only_users(events)[["users", "view_only_users"]].values.tolist()
    [[2, 1]]
    """
    check_columns(events, "events", ("customer_id", "action", "happened_at"), times=("happened_at",))
    user = codes(events, "customer_id")
    users = len(np.unique(user))
    only = users - len(np.unique(user[action_ranks(events["action"]) > 0]))
    share = proportion(only, users, level=level)
    return pd.DataFrame([{"users": users, "view_only_users": only} | with_limits("view_only_share", share)])
