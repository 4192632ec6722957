"""What each action costs and gains for each customer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.segments.worklist.action import Action
from crm_analysis.segments.worklist.customers import uplift_columns


class Options(NamedTuple):
    """Effect (fall of the chance of churn), expected cost and gain after cost, shape (customers, actions)."""

    effect: np.ndarray
    cost: np.ndarray
    gain: np.ndarray
    assumed: bool


def options_of(frame: pd.DataFrame, actions: Sequence[Action]) -> Options:
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
    effects, assumed = zip(*(_effect(frame, p, one) for one in actions))
    effect = np.column_stack(effects)
    fees, offers = (np.array([getattr(one, name) for one in actions], float) for name in ("cost", "offer"))
    cost = fees + offers * (1 - p[:, None] + effect)
    return Options(effect, cost, effect * clv[:, None] - cost, any(assumed))


def _effect(frame: pd.DataFrame, p: np.ndarray, action: Action) -> tuple[np.ndarray, bool]:
    """Return the fall of the chance of churn, never below zero chance nor above one, and whether it is assumed."""
    for name in (f"uplift_{action.key}", "uplift"):
        if name in frame:
            return np.clip(frame[name].to_numpy(), p - 1, p), False
    fall = action.accept * p if action.accept is not None else np.full(len(p), float(action.effect))
    return np.clip(fall, p - 1, p), True
