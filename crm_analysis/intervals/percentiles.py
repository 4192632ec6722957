"""Percentile limits of many statistics at once, from the draws in which each exists."""

from __future__ import annotations

import numpy as np

from crm_analysis.intervals.estimate import check_level


def percentile_limits(
    drawn: np.ndarray, *, level: float = 0.95, most_lost: float = 1.0
) -> tuple[np.ndarray, np.ndarray]:
    """Percentile limits over draws (first axis) of the values there are.

    Parameters
    ----------
    drawn : ndarray, shape (draws, ...)
        NaN or infinite where a statistic does not exist in a draw.
    level : float in (0, 1)
    most_lost : float
        Share of draws without a value above which there are no limits.

    Returns
    -------
    low, high : ndarray, shape (...)
        NaN where no draw, or too few, have a value.

    References
    ----------
    .. [1] Efron & Tibshirani (1993). An Introduction to the Bootstrap, chapter 13.

    Examples
    --------
    >>> low, high = percentile_limits(np.arange(101.0)[:, None], level=0.9)
    >>> low.round(6).tolist(), high.round(6).tolist()
    ([5.0], [95.0])
    """
    tail = (1 - check_level(level)) / 2
    return quantile_of_draws(drawn, tail, most_lost=most_lost), quantile_of_draws(drawn, 1 - tail, most_lost=most_lost)


def quantile_of_draws(drawn: np.ndarray, share: float, *, most_lost: float = 1.0) -> np.ndarray:
    """Quantile over draws (first axis) of the values there are; NaN as in `percentile_limits`.

    Examples
    --------
    >>> quantile_of_draws(np.array([[1.0, np.nan], [3.0, np.nan]]), 0.5).tolist()
    [2.0, nan]
    """
    drawn = np.asarray(drawn, float)
    missing = ~np.isfinite(drawn)
    if len(drawn) and not missing.any():
        return np.quantile(drawn, share, axis=0)
    lost = missing.mean(axis=0) if len(drawn) else np.ones(drawn.shape[1:])
    unfit = (lost > most_lost) | (lost == 1)
    filled = np.where(missing, np.nan, drawn) if len(drawn) else np.zeros((1, *drawn.shape[1:]))
    return np.where(unfit, np.nan, np.nanquantile(np.where(unfit, 0.0, filled), share, axis=0))
