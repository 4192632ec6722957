"""The scale of seller credit: which level a score reaches, and the badge of each level."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from crm_analysis.errors import InputError

LEVEL_BOUNDS = (
    4, 11, 41, 91, 151,
    251, 501, 1001, 2001, 5001,
    10001, 20001, 50001, 100001, 200001,
    500001, 1000001, 2000001, 5000001, 10000001,
)  # lowest score of each level  # fmt: skip
BADGES = ("heart", "diamond", "crown", "gold_crown")  # five levels each


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
        If `levels` lies outside 1 to 20.

    References
    ----------
    .. [1] Taobao's published table of seller credit levels (20 lower bounds).

    Examples
    --------
    >>> credit_level([3, 4, 250, 251, 10_000_001]).tolist(), credit_level(10_000_001, levels=15).tolist()
    ([0, 1, 5, 6, 20], 15)
    """
    if levels not in range(1, len(LEVEL_BOUNDS) + 1):
        raise InputError(f"there is no scale of {levels!r} levels", expected="1 to 20", mend="levels=20 or levels=15")
    return np.searchsorted(LEVEL_BOUNDS[:levels], np.asarray(score), side="right")
