"""Resamples of respondents and what a cloud of resampled results says: limits, regions, chances of classes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from crm_analysis.intervals import percentile_limits

DECIDED = 0.8  # share of the resamples that must agree before a class or a quadrant is called decided
BLOCK = 2_000_000  # numbers of resampled respondents held at a time


def redraws(n: int, draws: int, seed: int) -> Iterator[np.ndarray]:
    """Yield how often each of n respondents is drawn, `draws` times with replacement, in blocks (draws, n).

    One stream of random numbers per draw: the size of the blocks does not matter.

    Examples
    --------
    >>> blocks = list(redraws(4, 3, seed=0))
    >>> blocks[0].shape, blocks[0].sum(axis=1).tolist()
    ((3, 4), [4.0, 4.0, 4.0])
    """
    streams = np.random.SeedSequence(seed).spawn(draws)
    size = max(1, BLOCK // max(n, 1))
    for first in range(0, draws, size):
        part = streams[first : first + size]
        rows = [np.bincount(np.random.default_rng(one).integers(0, n, n), minlength=n) for one in part]
        yield np.array(rows, float)


def region(cloud: np.ndarray, *, level: float = 0.95, points: int = 60) -> np.ndarray:
    """Ellipse that holds `level` of a cloud of resampled points, shaped as the cloud is.

    Parameters
    ----------
    cloud : ndarray, shape (draws, 2)
        Rows with NaN are left out.

    Returns
    -------
    ndarray, shape (points, 2)
        NaN where fewer than three points are known.

    Examples
    --------
    >>> cloud = np.random.default_rng(0).normal(size=(2000, 2))
    >>> float(np.hypot(*region(cloud).T).mean().round(1))  # sqrt of the 95 % point of chi-square, 2 df: 2.45
    2.5
    """
    known = cloud[np.isfinite(cloud).all(axis=1)]
    if len(known) < 3:
        return np.full((points, 2), np.nan)
    centre, (sizes, axes) = known.mean(axis=0), np.linalg.eigh(np.cov(known.T))
    spread = np.sqrt(np.maximum(sizes, 1e-18))
    far = np.linalg.norm((known - centre) @ axes / spread, axis=1)
    turn = np.linspace(0, 2 * np.pi, points)
    circle = np.column_stack([np.cos(turn), np.sin(turn)]) * np.quantile(far, level)
    return centre + (circle * spread) @ axes.T


def region_frame(names: Sequence, clouds: np.ndarray, columns: Sequence[str], *, level: float) -> pd.DataFrame:
    """Return the regions of several attributes, one below the other.

    Parameters
    ----------
    names : sequence, length k
    clouds : ndarray, shape (draws, k, 2)
    columns : two names

    Examples
    --------
    >>> region_frame(["a"], np.zeros((5, 1, 2)), ["x", "y"], level=0.95).columns.tolist()
    ['attribute', 'x', 'y']
    """
    parts = []
    for at, name in enumerate(names):
        part = pd.DataFrame(region(clouds[:, at], level=level), columns=list(columns))
        part.insert(0, "attribute", [name] * len(part))
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def percentiles(name: str, value: np.ndarray, cloud: np.ndarray, *, level: float) -> dict[str, np.ndarray]:
    """Return an estimate with percentile limits over the draws (first axis) as three columns; NaN draws left out.

    Examples
    --------
    >>> percentiles("x", np.array([1.0]), np.arange(101.0)[:, None], level=0.9)["x_low"].round(2).tolist()
    [5.0]
    """
    low, high = percentile_limits(cloud, level=level)
    return {name: np.asarray(value, float), f"{name}_low": low, f"{name}_high": high}


def chances(found: np.ndarray, classes: int) -> np.ndarray:
    """Return the share of draws that fall into each class, shape (k, classes); code -1 (no class) is left out.

    Parameters
    ----------
    found : ndarray of int, shape (draws, k)

    Examples
    --------
    >>> chances(np.array([[0], [1], [1], [-1]]), 2).round(2).tolist()
    [[0.33, 0.67]]
    """
    counts = np.stack([(found == code).sum(axis=0) for code in range(classes)], axis=1).astype(float)
    total = counts.sum(axis=1, keepdims=True)
    return np.divide(counts, total, out=np.full_like(counts, np.nan), where=total > 0)
