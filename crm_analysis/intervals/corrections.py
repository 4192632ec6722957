"""The correction of p-values for many comparisons."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike


def holm(p: ArrayLike) -> np.ndarray:
    r"""Correct p-values for the number of comparisons, so that the chance of one false find stays below the limit.

    .. math:: \tilde p_{(i)} = \max_{j \le i}\ \min\left(1,\ (m-j+1)\,p_{(j)}\right)

    Parameters
    ----------
    p : array_like, shape (m,)
        NaN (no test was possible) stays NaN and is not counted.

    References
    ----------
    .. [1] Holm (1979). Scandinavian Journal of Statistics 6, 65-70.

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03, 0.005]).round(4).tolist()
    [0.03, 0.06, 0.06, 0.02]
    """
    p = np.asarray(p, float)
    tested = np.flatnonzero(~np.isnan(p))
    order = tested[np.argsort(p[tested], kind="stable")]
    corrected = np.full(p.shape, np.nan)
    steps = np.minimum(1.0, p[order] * np.arange(len(order), 0, -1))
    corrected[order] = np.maximum.accumulate(steps) if len(order) else steps
    return corrected
