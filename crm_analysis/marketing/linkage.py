"""What a log holds of the way to a purchase: is the view there before the cart, how many events of each action."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crm_analysis.intervals import clustered_share, with_limits
from crm_analysis.marketing.log import action_ranks, codes
from crm_analysis.marketing.steps import STEPS, parse_steps, sorted_log
from crm_analysis.tables import ACTIONS
from crm_analysis.tables.needs import check_columns


def linkage_coverage(events: pd.DataFrame, *, level: float = 0.95) -> pd.DataFrame:
    """Tell, for the events favourite and cart, whether the same user viewed the same item before, only later or never.

    Where few have a view before, the log does not hold the way to the item, and a
    strict item funnel shows missing logs rather than behaviour.

    Parameters
    ----------
    events : pandas.DataFrame
        Table ``events``.
    level : float in (0, 1)
        Level of the interval, with the user as the independent unit.

    Returns
    -------
    pandas.DataFrame
        linkage (``viewed_before``, at or before the same second; ``viewed_later``;
        ``never_viewed``), events, share with limits.

    Examples
    --------
    >>> events = pd.DataFrame({"customer_id": "a", "item_id": ["x", "x", "y"], "action": ["view", "cart", "cart"],
    ...     "happened_at": pd.date_range("2017-11-25", periods=3, freq="h", tz="Asia/Shanghai")})
    >>> linkage_coverage(events)["events"].tolist()
    [1, 0, 1]
    """
    log = sorted_log(events, parse_steps(STEPS), "user_item")
    viewed = log.first(0)[log.unit]
    rows = np.flatnonzero(log.step == 1)
    never = viewed[rows] == len(log.unit)
    before = viewed[rows] < rows
    groups = {"viewed_before": before, "viewed_later": ~before & ~never, "never_viewed": never}
    users = log.user_of[log.unit[rows]]
    return pd.DataFrame(
        {"linkage": name, "events": int(hit.sum())} | with_limits("share", clustered_share(hit, users, level=level))
        for name, hit in groups.items()
    )


def event_counts(events: pd.DataFrame) -> pd.DataFrame:
    """Events, users and events per view by action; a ratio of event counts is **not** conversion.

    Returns
    -------
    pandas.DataFrame
        action, events, users, events_per_view.

    Examples
    --------
    >>> events = pd.DataFrame({"customer_id": ["a", "a", "b"], "action": ["view", "view", "buy"],
    ...     "happened_at": pd.date_range("2017-11-25", periods=3, freq="h", tz="Asia/Shanghai")})
    >>> event_counts(events)["events_per_view"].tolist()
    [1.0, 0.0, 0.0, 0.5]
    """
    check_columns(events, "events", ("customer_id", "action", "happened_at"), times=("happened_at",))
    rank, user = action_ranks(events["action"]), codes(events, "customer_id")
    count = np.bincount(rank, minlength=len(ACTIONS))
    users = [len(np.unique(user[rank == k])) for k in range(len(ACTIONS))]
    per_view = count / count[0] if count[0] else np.full(len(count), np.nan)
    return pd.DataFrame({"action": ACTIONS, "events": count, "users": users, "events_per_view": per_view})
