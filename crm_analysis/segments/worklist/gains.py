"""What each action costs and gains for each customer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.segments.worklist.action import Action
from crm_analysis.segments.worklist.customers import as_ids, one_row_each, uplift_columns


class Options(NamedTuple):
    """Effect (fall of the chance of churn), expected cost and gain after cost, shape (customers, actions)."""

    effect: np.ndarray
    cost: np.ndarray
    gain: np.ndarray
    assumed: bool


def options_of(
    frame: pd.DataFrame, actions: Sequence[Action], accept: pd.Series | pd.DataFrame | None = None
) -> Options:
    """Return the options of checked customers.

    Examples
    --------
    >>> frame = pd.DataFrame({"churn_probability": [0.5], "clv": [200.0]}, index=["a"])
    >>> found = options_of(frame, [Action("offer", cost=1, offer=10, accept=0.3)])
    >>> found.gain.tolist(), found.cost.tolist()
    ([[22.5]], [[7.5]])
    """
    p, clv = frame["churn_probability"].to_numpy(), frame["clv"].to_numpy()
    known = {"uplift", *(f"uplift_{one.key}" for one in actions)}
    stray = [name for name in uplift_columns(frame) if name not in known]
    if stray:
        raise InputError(f"columns {', '.join(stray)} name no action", where="customers of the worklist",
                         expected=", ".join(f"uplift_{one.key}" for one in actions),
                         zh=f"列 {'、'.join(stray)} 没有对应的行动")  # fmt: skip
    shares = acceptance(frame.index, actions, accept)
    effects, assumed = zip(*(_effect(frame, p, one, shares.get(one.key)) for one in actions))
    effect = np.column_stack(effects)
    fees, offers = (np.array([getattr(one, name) for one in actions], float) for name in ("cost", "offer"))
    cost = fees + offers * (1 - p[:, None] + effect)
    return Options(effect, cost, effect * clv[:, None] - cost, any(assumed))


def acceptance(
    ids: pd.Index, actions: Sequence[Action], accept: pd.Series | pd.DataFrame | None = None
) -> dict[str, np.ndarray]:
    """Return the share of churners who stay, per customer, of each action that has `accept`.

    Examples
    --------
    >>> by_customer = pd.Series([0.05], index=["b"])
    >>> acceptance(pd.Index(["a", "b"]), [Action("call", accept=0.3)], by_customer)["call"].tolist()
    [0.3, 0.05]
    """
    assumed = {one.key: one.accept for one in actions if one.accept is not None}
    found = {key: np.full(len(ids), float(share)) for key, share in assumed.items()}
    if accept is None:
        return found
    if not isinstance(accept, (pd.Series, pd.DataFrame)):
        raise _refused("accept is no Series or DataFrame")
    table = accept if isinstance(accept, pd.DataFrame) else pd.DataFrame(dict.fromkeys(assumed, accept))
    stray = [str(name) for name in table if name not in assumed]
    numbers = all(pd.api.types.is_numeric_dtype(kind) and not pd.api.types.is_bool_dtype(kind) for kind in table.dtypes)
    problem = one_row_each(table, ids, "accept")
    problem = f"accept has columns of no action with accept: {', '.join(stray)}" if stray else problem
    problem = problem if table.columns.size else "no action has accept"
    if problem or not numbers or not ((table >= 0) & (table <= 1)).all(axis=None):
        raise _refused(problem or "accept is blank, no number, or outside 0 to 1")
    table = table.set_axis(as_ids(table.index), axis=0).reindex(ids)
    return found | {key: table[key].fillna(assumed[key]).to_numpy("float64") for key in table}


def _refused(problem: str) -> InputError:
    return InputError(problem, where="accept", expected="shares from 0 to 1, index customer_id; a DataFrame has a "
                      "column per action key", mend="accept=0.3 * 0.5 ** (days_since_last / 180), for example",
                      zh=f"按客户设定的接受率无法使用：{problem}")  # fmt: skip


def _effect(frame: pd.DataFrame, p: np.ndarray, action: Action, accept: np.ndarray | None) -> tuple[np.ndarray, bool]:
    """Return the fall of the chance of churn, never below zero chance nor above one, and whether it is assumed."""
    for name in (f"uplift_{action.key}", "uplift"):
        if name in frame:
            return np.clip(frame[name].to_numpy(), p - 1, p), False
    fall = accept * p if accept is not None else np.full(len(p), float(action.effect))
    return np.clip(fall, p - 1, p), True
