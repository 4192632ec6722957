"""Quadrants of importance and performance: where the crosshair stands and on which side an attribute lies."""

from __future__ import annotations

import numpy as np

QUADRANTS = ("concentrate_here", "keep_up", "low_priority", "possible_overkill")
CROSSHAIRS = ("midpoint", "mean", "median", "diagonal")
Scale = tuple[float, float] | None


def quadrants(
    performance: np.ndarray, importance: np.ndarray, *, crosshair: str, scale: Scale = None, stated: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """Quadrant of each attribute, and the crosshair it was judged by.

    A value on a line counts as high. ``midpoint``: performance against the middle of the scale; importance too if it
    was stated on that scale, else against its mean, for a derived importance has no scale. ``mean`` and ``median``:
    of the attributes. ``diagonal``: where importance exceeds performance the attribute belongs to
    ``concentrate_here``; the others are parted by the means. The two are compared as shares of the scale if
    importance was stated on it, else in standard deviations across attributes.

    Parameters
    ----------
    performance, importance : ndarray, shape (draws, k)
    crosshair : {"midpoint", "mean", "median", "diagonal"}
    scale : (low, high), optional
        Needed for ``midpoint``.
    stated : bool
        Whether importance was asked for on the same scale.

    Returns
    -------
    codes : ndarray of int, shape (draws, k)
        Of `QUADRANTS`; -1 throughout a draw in which any value is unknown.
    lines : ndarray, shape (draws, 2)
        Performance and importance at the crosshair.

    References
    ----------
    .. [1] Martilla & James (1977). Journal of Marketing 41, 77-79.
    .. [2] Abalo, Varela & Manzano (2007). Journal of Business Research 60, 115-121 (diagonal and quadrants).

    Examples
    --------
    >>> performance, importance = np.array([[4.0, 2.0]]), np.array([[0.2, 0.6]])
    >>> codes, lines = quadrants(performance, importance, crosshair="mean")
    >>> [QUADRANTS[code] for code in codes[0]], lines.tolist()
    (['possible_overkill', 'concentrate_here'], [[3.0, 0.4]])
    """
    middle = np.median if crosshair == "median" else np.mean
    lines = np.stack([middle(performance, axis=1), middle(importance, axis=1)], axis=1)
    if crosshair == "midpoint":
        lines[:, 0] = sum(scale) / 2
        lines[:, 1] = sum(scale) / 2 if stated else lines[:, 1]
    good = performance >= lines[:, :1] - 1e-9
    matters = importance >= lines[:, 1:] - 1e-9
    codes = np.where(matters, np.where(good, 1, 0), np.where(good, 3, 2))
    if crosshair == "diagonal":
        codes = _above_diagonal(performance, importance, scale if stated else None, codes)
    known = np.isfinite(performance).all(axis=1) & np.isfinite(importance).all(axis=1)  # else there is no crosshair
    return np.where(known[:, None], codes, -1), lines


def _above_diagonal(performance: np.ndarray, importance: np.ndarray, scale: Scale, codes: np.ndarray) -> np.ndarray:
    """Call attributes above the diagonal ``concentrate_here``; below it nothing is called so."""
    gap = diagonal_gap(performance, importance, scale)
    below = np.where(codes == 0, 1, codes)  # unequal scales only: important, weak, and yet below the line
    return np.where(gap > 1e-9, 0, below)


def diagonal_gap(performance: np.ndarray, importance: np.ndarray, scale: Scale) -> np.ndarray:
    """Importance less performance on comparable units: shares of a scale, or standard deviations across attributes.

    Examples
    --------
    >>> diagonal_gap(np.array([[4.0, 2.0]]), np.array([[3.0, 5.0]]), (1, 5)).tolist()
    [[-0.25, 0.75]]
    """
    if scale is not None:
        return (importance - performance) / (scale[1] - scale[0])
    return _standard(importance) - _standard(performance)


def _standard(values: np.ndarray) -> np.ndarray:
    spread = values.std(axis=1, keepdims=True)
    away = values - values.mean(axis=1, keepdims=True)
    return np.divide(away, spread, out=np.zeros_like(away), where=np.isfinite(spread) & (spread > 1e-12))
