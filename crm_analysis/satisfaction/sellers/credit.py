"""The scale of seller credit: which level a score reaches, how far the next one is, and the badge of each level."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from crm_analysis.errors import InputError

with (Path(__file__).parent / "credit_levels.csv").open(encoding="utf-8", newline="") as _file:
    _ROWS = list(csv.DictReader(_file))
LEVEL_BOUNDS = tuple(int(row["lowest_score"]) for row in _ROWS)  # lowest score of each level
BADGES = tuple(dict.fromkeys(row["badge"] for row in _ROWS))  # five levels each


def credit_level(score: ArrayLike, *, levels: int = 20) -> np.ndarray:
    """Credit level of a score: how many of the published lower bounds it reaches; below 4 points none.

    Five levels each are hearts, diamonds, crowns and gold crowns.

    Parameters
    ----------
    score : array_like of int
        Good verdicts less bad ones.
    levels : int, 1 to 20
        20 for the published scale; 15 for the older one, which ends at five crowns.

    Returns
    -------
    numpy.ndarray of int

    Raises
    ------
    InputError
        If `levels` lies outside 1 to 20, or a score is blank or no number.

    References
    ----------
    .. [1] Taobao's published table of seller credit levels (20 lower bounds).

    Examples
    --------
    >>> credit_level([3, 4, 250, 251, 10_000_001]).tolist(), credit_level(10_000_001, levels=15).tolist()
    ([0, 1, 5, 6, 20], 15)
    """
    return np.searchsorted(_bounds(levels), _scores(score), side="right")


def points_to_next_level(score: ArrayLike, *, levels: int = 20) -> np.ndarray:
    """Points that are missing to the next credit level; 0 on the highest.

    Parameters
    ----------
    score : array_like of int
    levels : int, 1 to 20
        As in `credit_level`.

    Returns
    -------
    numpy.ndarray of int

    Examples
    --------
    >>> points_to_next_level([-2, 4, 10, 250, 10_000_001]).tolist()
    [6, 7, 1, 1, 0]
    """
    bounds, score = np.asarray(_bounds(levels)), _scores(score)
    following = bounds[np.minimum(credit_level(score, levels=levels), levels - 1)]
    return np.maximum(following - score, 0)


def credit_table(*, levels: int = 20) -> pd.DataFrame:
    """The scale itself: badge, number of symbols, lowest and highest score of each level.

    Parameters
    ----------
    levels : int, 1 to 20
        As in `credit_level`.

    Returns
    -------
    pandas.DataFrame, index credit_level
        From 0 (no level yet; no lowest score) to `levels` (no highest score).

    Examples
    --------
    >>> credit_table().loc[[0, 7, 20]].values.tolist()
    [['no_badge', 0, nan, 3.0], ['diamond', 2, 501.0, 1000.0], ['gold_crown', 5, 10000001.0, nan]]
    """
    bounds = [float(bound) for bound in _bounds(levels)]
    rows = _ROWS[:levels]
    return pd.DataFrame(
        {
            "badge": ["no_badge", *(row["badge"] for row in rows)],
            "symbols": [0, *(int(row["symbols"]) for row in rows)],
            "lowest_score": [np.nan, *bounds],
            "highest_score": [*(bound - 1 for bound in bounds), np.nan],
        },
        index=pd.RangeIndex(levels + 1, name="credit_level"),
    )


def _scores(score: ArrayLike) -> np.ndarray:
    """Return scores as an array; a blank would sort above the highest level."""
    scores = np.asarray(score)
    if scores.dtype.kind not in "iuf" or np.isnan(scores).any():
        raise InputError(
            "a credit score is blank or no number", expected="whole numbers", zh="信用积分不能为空，且须为数字"
        )
    return scores


def _bounds(levels: int) -> tuple[int, ...]:
    if levels not in range(1, len(LEVEL_BOUNDS) + 1):
        raise InputError(f"there is no scale of {levels!r} levels", expected="1 to 20", mend="levels=20 or levels=15",
                         zh="没有这样的信用等级表，应为 1 至 20 级")  # fmt: skip
    return LEVEL_BOUNDS[:levels]
