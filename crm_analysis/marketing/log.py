"""An event log as arrays that sort fast: integer codes, moments in microseconds, runs of equal codes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError, nearest
from crm_analysis.tables import ACTIONS


def microseconds(times: pd.Series) -> np.ndarray:
    """Return moments as whole microseconds since 1970 in UTC, whatever their unit and zone.

    Examples
    --------
    >>> microseconds(pd.Series(pd.to_datetime(["1970-01-01 08:00:01+08:00"]))).tolist()
    [1000000]
    """
    return times.dt.as_unit("us").astype("int64").to_numpy()


def codes(events: pd.DataFrame, *columns: str) -> np.ndarray:
    """Return one integer per row, equal where all `columns` are equal and ordered by the first one's codes.

    Examples
    --------
    >>> codes(pd.DataFrame({"customer_id": ["b", "a", "b"], "item_id": ["x", "x", "y"]}), "customer_id", "item_id")
    array([0, 2, 1])
    """
    code = np.zeros(len(events), dtype="int64")
    for name in columns:
        part, values = pd.factorize(events[name])
        code = code * max(1, len(values)) + part
    return code


def action_ranks(actions: pd.Series) -> np.ndarray:
    """Return the place of each action in view, favourite, cart, buy; an unknown action is an `InputError`.

    Examples
    --------
    >>> action_ranks(pd.Series(["buy", "view"])).tolist()
    [3, 0]
    """
    code, names = pd.factorize(actions)
    rank_of = pd.Index(ACTIONS).get_indexer(names)
    unknown = [str(name) for name in names[rank_of < 0]]
    if unknown:
        raise InputError(f"the events have the unknown action {', '.join(unknown)}", where="column action",
                         expected=", ".join(ACTIONS), mend=nearest(unknown[0], ACTIONS))  # fmt: skip
    return rank_of[code].astype("int8")


def leads(code: np.ndarray) -> np.ndarray:
    """Mark the first row of each run of equal codes.

    Examples
    --------
    >>> leads(np.array([4, 4, 7])).tolist()
    [True, False, True]
    """
    return np.append(True, code[1:] != code[:-1])[: len(code)]
