"""The ordered funnel: who viewed, then collected or carted, then bought, in this order.

A unit (a user, a user with one item, or a user with one category) reaches step k
at its first event of that step at or after its time of step k-1; within one second
view comes before favourite, cart and buy. Ratios of event counts are not
conversion: one buyer with many views lowers them, and nothing ties a purchase to
the view before it; `event_counts` gives them apart.

A log that starts late or leaves out pages makes item funnels mostly a picture of
what was not logged: read `linkage_coverage` first, and take the user funnel as
headline.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from crm_analysis.intervals import UNKNOWN, Estimate, clustered_median, clustered_share, with_limits
from crm_analysis.marketing.steps import STEPS, Steps, chain


def ordered_funnel(
    events: pd.DataFrame,
    *,
    steps: Steps = STEPS,
    unit: str = "user",
    entry: str = "first",
    window: pd.Timedelta | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    r"""Count the units that reach each step in order, with conversion from the previous and from the first step.

    .. math:: c_k = N_k / N_{k-1}, \qquad C_k = N_k / N_1

    With ``entry="first"`` a unit must pass all steps from the first one on, so counts
    never grow. With ``entry="any"`` a unit that did a step counts there, wherever it
    came in (`entered`), and :math:`c_k` is the share of the units at step k-1 that went
    on to step k afterwards; :math:`C_k` has no meaning then and is NaN.

    A conversion window asks that some attempt, beginning at any first-step event of
    the unit, reaches step k within that time.

    Parameters
    ----------
    events : pandas.DataFrame
        Table ``events``: customer_id, item_id, category_id, action, happened_at.
    steps : sequence of str or of collections of str
        Actions of each step; an action belongs to one step at most. Others are left aside.
    unit : {"user", "user_item", "user_category"}
    entry : {"first", "any"}
    window : pandas.Timedelta, optional
        Only with ``entry="first"``.
    level : float in (0, 1)
        Level of the Wilson intervals. Units of one user are alike, so for user-items and
        user-categories they are computed for the effective number of units
        (`intervals.clustered_share`).

    Returns
    -------
    pandas.DataFrame
        One row per step: step, unit, units, entered, of_previous, of_first, both with ``_low`` and ``_high``.

    Raises
    ------
    InputError
        If columns, values or options cannot be used.

    Examples
    --------
    >>> events = pd.DataFrame({
    ...     "customer_id": ["a", "a", "a", "b", "b"], "action": ["view", "cart", "buy", "buy", "view"],
    ...     "happened_at": pd.date_range("2017-11-25", periods=5, freq="h", tz="Asia/Shanghai")})
    >>> ordered_funnel(events)[["step", "units", "of_previous"]]
                    step  units  of_previous
    0               view      2          NaN
    1  favourite_or_cart      1          0.5
    2                buy      1          1.0
    """
    names, rows, log = chain(events, steps, unit, entry, window)
    there = [row < len(log.unit) for row in rows]
    users = log.user_of
    first = {"step": names[0], "unit": unit, "units": int(there[0].sum()), "entered": int(there[0].sum())}
    table = [first | with_limits("of_previous", UNKNOWN) | with_limits("of_first", UNKNOWN)]
    for k in range(1, len(names)):
        went_on = there[k] & there[k - 1] & (rows[k] > rows[k - 1])
        of_previous = _share(went_on, there[k - 1], users, level)
        of_first = _share(there[k], there[0], users, level) if entry == "first" else UNKNOWN
        entered = there[k] & ~went_on
        counts = {"step": names[k], "unit": unit, "units": int(there[k].sum()), "entered": int(entered.sum())}
        table.append(counts | with_limits("of_previous", of_previous) | with_limits("of_first", of_first))
    return pd.DataFrame(table)


def time_to_convert(
    events: pd.DataFrame,
    *,
    steps: Steps = STEPS,
    unit: str = "user",
    window: pd.Timedelta | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Hours from each step to the next, and from the first to the last, among the units that got there.

    Late converters are missing at the end of a log, so the hours are too short
    rather than too long; see `censored_share`.

    Parameters
    ----------
    events, steps, unit, window
        As in `ordered_funnel`.
    level : float in (0, 1)
        Level of the median's interval, with the user as the independent unit.

    Returns
    -------
    pandas.DataFrame
        from_step, step, units, hours_p25, hours_median (with limits), hours_p75, hours_p90.

    Examples
    --------
    >>> events = pd.DataFrame({
    ...     "customer_id": ["a", "a", "b", "b"], "action": ["view", "buy", "view", "buy"],
    ...     "happened_at": pd.date_range("2017-11-25", periods=4, freq="3h", tz="Asia/Shanghai")})
    >>> time_to_convert(events, steps=("view", "buy"))["hours_median"].tolist()
    [3.0]
    """
    names, rows, log = chain(events, steps, unit, "first", window)
    pairs = [(k - 1, k) for k in range(1, len(names))] + ([(0, len(names) - 1)] if len(names) > 2 else [])
    table = []
    for start, end in pairs:
        hours = (log.seconds(rows[end]) - log.seconds(rows[start])) / 3600
        there = ~np.isnan(hours)
        middle = clustered_median(hours[there], log.user_of[there], level=level)
        p25, p75, p90 = np.quantile(hours[there], [0.25, 0.75, 0.9]) if there.any() else [np.nan] * 3
        table.append(
            {"from_step": names[start], "step": names[end], "units": int(there.sum()), "hours_p25": p25}
            | with_limits("hours_median", middle) | {"hours_p75": p75, "hours_p90": p90}
        )  # fmt: skip
    return pd.DataFrame(table)


def censored_share(
    events: pd.DataFrame, *, hours: float = 24.0, steps: Steps = STEPS, unit: str = "user", until: object = None
) -> float:
    """Share of the units entering the funnel whose first step lies within the last `hours` of the data.

    They had less than `hours` to go on: where the share is large, the log is too short
    for the conversion it shows, which is then a lower bound.

    Parameters
    ----------
    events, steps, unit
        As in `ordered_funnel`.
    hours : float
        Time that a unit should be given to convert.
    until : pandas.Timestamp, optional
        Moment up to which the data are complete; the last event if not given.

    Examples
    --------
    >>> events = pd.DataFrame({"customer_id": ["a", "b"], "action": "view",
    ...     "happened_at": pd.to_datetime(["2017-11-25", "2017-11-28"]).tz_localize("Asia/Shanghai")})
    >>> censored_share(events)
    0.5
    """
    _, rows, log = chain(events, steps, unit, "first", None)
    entered = log.seconds(rows[0][rows[0] < len(log.unit)])
    if not len(entered):
        return float("nan")
    end = events["happened_at"].max() if until is None else pd.Timestamp(until)
    return float(np.mean(entered > end.timestamp() - hours * 3600))


def _share(hit: np.ndarray, base: np.ndarray, users: np.ndarray, level: float) -> Estimate:
    """Return the share of the units `base` that are a hit; the user is the independent unit."""
    return clustered_share(hit[base], users[base], level=level)
