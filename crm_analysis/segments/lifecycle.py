"""Lifecycle states of users: potential, intending, buying, lapsed, and the moves between them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.intervals import share_columns
from crm_analysis.segments.frames import check_columns, needs_days, zone_of
from crm_analysis.tables.days import Moment, day_number, day_stamp, last_moment, local_days, wall

STATES = ("potential", "intending", "buying", "lapsed")
UNSEEN = "unseen"
INTENTION = ("favourite", "cart")


def states(actions: pd.DataFrame, *, as_of: Moment, window_days: int, start: Moment | None = None) -> pd.DataFrame:
    """State of each user on the evening of a day D; the first that matches counts.

    ===========  ========================================================
    buying       a purchase in ``(D - W, D]``
    lapsed       a purchase only before
    intending    never a purchase, but something favourited or in the cart
    potential    views only
    ===========  ========================================================

    Every user seen by D has exactly one state. A buyer never becomes intending or potential again.

    Parameters
    ----------
    actions : pandas.DataFrame
        customer_id, at, action (view, favourite, cart, buy).
    as_of : str or Timestamp
        The day D; later rows do not count.
    window_days : int
        W, in days.
    start : str or Timestamp, optional
        First day of complete data; default the first moment seen.

    Returns
    -------
    pandas.DataFrame, index customer_id
        state (ordered categories) and intends_again: True for a lapsed user who favourited something or
        filled the cart in the window.

    Raises
    ------
    InputError
        If fewer than 2 W days lie between the start and D: then hardly anybody could have lapsed.

    Examples
    --------
    >>> log = pd.DataFrame({"customer_id": list("aabbc"), "action": ["view", "buy", "buy", "cart", "view"],
    ...     "at": pd.to_datetime(["2017-11-25", "2017-11-30", "2017-11-26", "2017-11-29", "2017-11-28"])})
    >>> states(log, as_of="2017-11-30", window_days=3).values.tolist()
    [['buying', False], ['lapsed', True], ['potential', False]]
    """
    check_columns(actions, measure="lifecycle states", columns=("customer_id", "at", "action"))
    if window_days < 1:
        raise InputError(f"window_days={window_days} is not a window", expected="1 or more days")
    zone = zone_of(actions)
    days, last = local_days(actions["at"]), day_number(as_of, zone)
    seen = days <= last
    rows, days = actions[seen], days[seen]
    if rows.empty:
        raise InputError(f"lifecycle states: nobody was seen up to {as_of}", mend="take a later day",
                         zh="该日之前没有任何用户")  # fmt: skip
    first = rows["at"].min().tz_localize(None) if start is None else wall(start, zone)
    end = min(actions["at"].max().tz_localize(None), last_moment(day_stamp(last)))
    needs_days("lifecycle states", needed=2 * window_days, start=first, end=end,
               mend=f"take more data or a window shorter than {window_days} days: it is needed twice")  # fmt: skip
    codes, users = pd.factorize(rows["customer_id"], sort=True)
    recent = days > last - window_days
    buy = (rows["action"] == "buy").to_numpy()
    wish = rows["action"].isin(INTENTION).to_numpy()

    def any_of(hit: np.ndarray) -> np.ndarray:
        return np.bincount(codes[hit], minlength=len(users)) > 0

    bought, wished, bought_lately = any_of(buy), any_of(wish), any_of(buy & recent)
    position = np.select([bought_lately, bought, wished], [2, 3, 1], 0)
    found = pd.DataFrame(index=pd.Index(users, name="customer_id"))
    found["state"] = pd.Categorical.from_codes(position, categories=list(STATES), ordered=True)
    found["intends_again"] = (position == 3) & any_of(wish & recent)
    return found


def state_table(found: pd.DataFrame) -> pd.DataFrame:
    """Users in each state, their share with Wilson's 95 % limits, and how many of the lapsed intend again.

    Parameters
    ----------
    found : pandas.DataFrame
        From `states`.

    Returns
    -------
    pandas.DataFrame, index state
        users, share, share_low, share_high, intends_again.

    Examples
    --------
    >>> found = pd.DataFrame({"state": pd.Categorical(["buying"], STATES), "intends_again": [False]})
    >>> state_table(found)["users"].to_dict()
    {'potential': 0, 'intending': 0, 'buying': 1, 'lapsed': 0}
    """
    grouped = found.groupby("state", observed=False)
    table = pd.DataFrame({"users": grouped.size()})
    table = table.assign(**share_columns("share", table["users"], len(found)))
    table["intends_again"] = grouped["intends_again"].sum().astype("int64")
    return table


def transitions(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Moves of users between the states of two days.

    Parameters
    ----------
    before, after : pandas.DataFrame
        From `states` of the same log, for an earlier and a later day. Users first seen in between
        stand in the row ``unseen``.

    Returns
    -------
    pandas.DataFrame
        state_before, state_after, users, base (users in state_before), share of the base with Wilson's
        95 % limits. The shares of one state_before add up to 1.

    Raises
    ------
    InputError
        If a user of `before` is missing in `after`.

    Examples
    --------
    >>> day = lambda *names: pd.DataFrame({"state": pd.Categorical(names, STATES)}, index=["a", "b"][:len(names)])
    >>> moves = transitions(day("buying", "potential"), day("lapsed", "potential"))
    >>> moves[moves["users"] > 0][["state_before", "state_after", "share"]].values.tolist()
    [['potential', 'potential', 1.0], ['buying', 'lapsed', 1.0]]
    """
    gone = before.index.difference(after.index)
    if len(gone):
        raise InputError(f"{len(gone)} users of the earlier day are missing on the later one",
                         where=f"first: {gone[0]}", mend="make both from one log, the earlier first")  # fmt: skip
    rows = [*STATES, *([UNSEEN] if len(after) > len(before) else [])]
    earlier = before["state"].astype("str").reindex(after.index).fillna(UNSEEN)
    counts = pd.crosstab(earlier, after["state"].astype("str")).reindex(index=rows, columns=list(STATES), fill_value=0)
    moves = pd.DataFrame({"state_before": np.repeat(rows, len(STATES)), "state_after": list(STATES) * len(rows)})
    moves["users"] = counts.to_numpy().ravel()
    moves["base"] = np.repeat(counts.sum(axis=1).to_numpy(), len(STATES))
    moves = moves.assign(**share_columns("share", moves["users"], moves["base"]))
    for side, levels in (("state_before", rows), ("state_after", STATES)):
        moves[side] = pd.Categorical(moves[side], categories=list(levels), ordered=True)
    return moves
