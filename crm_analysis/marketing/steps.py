"""How each unit passes through the steps of a funnel: one sort of the log, then whole arrays, no loop over units."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError, nearest
from crm_analysis.marketing.log import action_ranks, codes, leads, microseconds
from crm_analysis.tables import ACTIONS
from crm_analysis.tables.needs import check_columns

STEPS = (("view",), ("favourite", "cart"), ("buy",))
UNITS = {
    "user": ("customer_id",),
    "user_item": ("customer_id", "item_id"),
    "user_category": ("customer_id", "category_id"),
}
ENTRIES = ("first", "any")
Steps = Sequence[str | Iterable[str]]


@dataclass(frozen=True)
class Log:
    """Events of the funnel's steps in the order of unit, second, action; `unit` counts from 0 without holes."""

    unit: np.ndarray
    second: np.ndarray
    step: np.ndarray
    user_of: np.ndarray  # by unit

    def first(self, step: int, where: np.ndarray | bool = True) -> np.ndarray:
        """Return each unit's first row of `step` among the rows `where`; the number of rows where it has none."""
        rows = np.flatnonzero((self.step == step) & where)
        rows = rows[leads(self.unit[rows])]
        found = np.full(len(self.user_of), len(self.unit))
        found[self.unit[rows]] = rows
        return found

    def seconds(self, rows: np.ndarray) -> np.ndarray:
        """Return the time of `rows` in seconds, NaN for the row that is not there."""
        return np.append(self.second.astype(float), np.nan)[rows]


def parse_steps(steps: Steps) -> dict[str, tuple[str, ...]]:
    """Return the actions of each step by the step's name, such as ``favourite_or_cart``."""
    parsed = [(step,) if isinstance(step, str) else tuple(step) for step in steps]
    used = [action for step in parsed for action in step]
    for action in used:
        if action not in ACTIONS:
            raise InputError(f"a step of the funnel has the unknown action {action!r}", expected=", ".join(ACTIONS),
                             mend=nearest(action, ACTIONS))  # fmt: skip
    if len(parsed) < 2 or len(used) != len(set(used)) or not all(parsed):
        raise InputError("the steps of the funnel cannot be used", where=f"steps={parsed}",
                         expected="two steps or more, none empty, no action in two of them",
                         mend="for example (('view',), ('favourite', 'cart'), ('buy',))")  # fmt: skip
    return {"_or_".join(sorted(step, key=ACTIONS.index)): step for step in parsed}


def sorted_log(events: pd.DataFrame, steps: dict[str, tuple[str, ...]], unit: str) -> Log:
    """Return the events of the steps in order, by units."""
    if unit not in UNITS:
        raise InputError(f"the funnel has no unit {unit!r}", expected=", ".join(UNITS), mend=nearest(unit, UNITS))
    check_columns(events, "events", (*UNITS[unit], "action", "happened_at"), times=("happened_at",))
    step_of = np.full(len(ACTIONS), -1, dtype="int8")
    for k, actions in enumerate(steps.values()):
        step_of[[ACTIONS.index(action) for action in actions]] = k
    rank = action_ranks(events["action"])
    used = step_of[rank] >= 0
    events, rank = events.loc[used], rank[used]
    second = microseconds(events["happened_at"]) // 1_000_000
    unit_code, user = codes(events, *UNITS[unit]), codes(events, "customer_id")
    order = np.lexsort((second * len(ACTIONS) + rank, unit_code))
    unit_code, user = unit_code[order], user[order]
    lead = leads(unit_code)
    return Log(np.cumsum(lead) - 1, second[order], step_of[rank[order]], user[lead])


def chain(
    events: pd.DataFrame, steps: Steps, unit: str, entry: str, window: pd.Timedelta | None
) -> tuple[list[str], list[np.ndarray], Log]:
    """Return the names of the steps and, for each step, the row of the log at which each unit reaches it."""
    if entry not in ENTRIES or (entry == "any" and window is not None):
        raise InputError(f"entry={entry!r} with window={window} is not a funnel", expected="entry 'first' or 'any'",
                         mend="a window needs entry='first'")  # fmt: skip
    parsed = parse_steps(steps)
    log = sorted_log(events, parsed, unit)
    within: np.ndarray | bool = True
    if window is not None:
        within = _attempt(log, len(parsed), pd.Timedelta(window).total_seconds())
    here = np.arange(len(log.unit))
    rows = [log.first(0, within)]
    for k in range(1, len(parsed)):
        found = log.first(k, within & (here > rows[-1][log.unit]))
        if entry == "any":
            found = np.where(found < len(here), found, log.first(k))
        rows.append(found)
    return list(parsed), rows, log


def _attempt(log: Log, steps: int, seconds: float) -> np.ndarray:
    """Mark the rows of each unit's best attempt: the earliest of those that get furthest within `seconds`.

    `start` holds for each row of step k the latest first-step row from which it can be
    reached in order; if any attempt gets there in time, that one does.
    """
    start = np.where(log.step == 0, np.arange(len(log.unit)), -1)
    reached = log.first(0)
    for k in range(1, steps):
        latest = np.maximum.accumulate(start)
        same = (latest >= 0) & (log.unit[latest] == log.unit)
        start = np.where((log.step == k) & same, latest, -1)
        found = log.first(k, (start >= 0) & (log.second - log.second[start] <= seconds))
        reached = np.where(found < len(log.unit), found, reached)
    earliest = (log.seconds(reached) - seconds)[log.unit]
    begin = log.seconds(log.first(0, log.second >= earliest))[log.unit]
    return (log.second >= begin) & (log.second - begin <= seconds)
