"""Which differences between models matter: all pairs at once, by drawing customers again."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd

from crm_analysis.clv.holdout.metrics import LARGER_IS_BETTER
from crm_analysis.clv.holdout.sheet import SCORED

NEGLIGIBLE = 1e-3  # of a measure: models that come to the same, such as an NBD and a model without dropout
Measured = dict[str, dict[str, np.ndarray]]  # of each model, its measures: one number each, or one per draw


def differences_of(point: Measured, drawn: Measured, *, level: float) -> pd.DataFrame:
    """Return the differences of all pairs of models on every measure; empty without draws or with one model.

    A difference matters if its interval does not hold 0 and it is more than a thousandth of the measure. The
    interval of a difference d is ``d -+ c s``: s is its standard deviation over the draws, c the `level`
    quantile over draws of the largest ``|d* - d| / s`` among the pairs of that measure.

    Examples
    --------
    >>> draws = np.linspace(-0.1, 0.1, 101)
    >>> point, drawn = {"a": {"mae": 1.0}, "b": {"mae": 2.0}}, {"a": {"mae": 1 + draws}, "b": {"mae": 2 - draws}}
    >>> differences_of(point, drawn, level=0.95).round(2).values.tolist()
    [['mae', 'a', 'b', -1.0, -1.19, -0.81, True, 'a']]
    """
    columns = [
        "measure",
        "model",
        "other_model",
        "difference",
        "difference_low",
        "difference_high",
        "matters",
        "better",
    ]
    known = [name for name in SCORED if len(_having(name, point)) > 1 and all(drawn.values())]
    found = [_of_measure(name, point, drawn, level) for name in known]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=columns)


def _having(name: str, point: Measured) -> list[str]:
    return [key for key, values in point.items() if name in values and np.isfinite(values[name])]


def _of_measure(name: str, point: Measured, drawn: Measured, level: float) -> pd.DataFrame:
    """Return the differences of all pairs of models on one measure, with intervals that hold together."""
    size = np.abs if name == "bias" else np.asarray
    pairs = list(combinations(_having(name, point), 2))
    found = np.array([float(size(point[a][name]) - size(point[b][name])) for a, b in pairs])
    again = np.array([size(drawn[a][name]) - size(drawn[b][name]) for a, b in pairs])
    again = again[:, np.isfinite(again).all(axis=0)]
    half = _together(found, again, level)
    low, high = found - half, found + half
    sizes = np.array([max(abs(point[a][name]), abs(point[b][name])) for a, b in pairs])
    matters = ((low > 0) | (high < 0)) & (np.abs(found) > NEGLIGIBLE * sizes)
    first = (found > 0) == (name in LARGER_IS_BETTER)
    better = [(a if wins else b) if sure else "" for (a, b), wins, sure in zip(pairs, first, matters)]
    return pd.DataFrame({"measure": name, "model": [a for a, _ in pairs], "other_model": [b for _, b in pairs],
                         "difference": found, "difference_low": low, "difference_high": high, "matters": matters,
                         "better": better})  # fmt: skip


def _together(found: np.ndarray, again: np.ndarray, level: float) -> np.ndarray:
    """Half-widths ``c s`` of all differences, c from the largest standardised deviation over pairs in each draw."""
    if again.size == 0:
        return np.full(len(found), np.inf)
    spread = again.std(axis=1)
    far = np.abs(again - found[:, None]) / np.where(spread > 0, spread, np.inf)[:, None]
    return np.quantile(far.max(axis=0), level) * spread


def best_of(table: pd.DataFrame, differences: pd.DataFrame) -> pd.DataFrame:
    """Return the best model on each measure, and those whose difference from it does not matter."""
    rows = {}
    for name in SCORED:
        values = (table[name].abs() if name == "bias" else table[name]).dropna()
        if len(values):
            key = values.idxmax() if name in LARGER_IS_BETTER else values.idxmin()
            rows[name] = {"model": key, "best_value": table.loc[key, name], "tied": _tied(name, key, differences)}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["model", "best_value", "tied"]).rename_axis("measure")


def _tied(name: str, key: str, differences: pd.DataFrame) -> tuple[str, ...]:
    with_best = (differences["model"] == key) | (differences["other_model"] == key)
    rows = differences[(differences["measure"] == name) & with_best & ~differences["matters"].astype(bool)]
    return tuple(b if a == key else a for a, b in zip(rows["model"], rows["other_model"]))
