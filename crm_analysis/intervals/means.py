"""Means with Student's interval."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtrit

from crm_analysis.intervals.estimate import UNKNOWN, Estimate, check_level


def t_half(deviation: ArrayLike, n: ArrayLike, *, level: float = 0.95) -> np.ndarray:
    r"""Half the width of Student's interval of a mean, :math:`t_{n-1}\, s / \sqrt n`.

    Parameters
    ----------
    deviation : array_like
        Standard deviation s of the values (``ddof=1``), NaN where there is only one; 0 gives an interval of width 0.
    n : array_like of int
        Number of values, 1 or more; broadcast against `deviation`.
    level : float in (0, 1)

    Examples
    --------
    >>> t_half([1.0, 0.0], 3).round(2).tolist()
    [2.48, 0.0]
    """
    n = np.asarray(n)
    return stdtrit(np.maximum(n - 1, 1), 0.5 + check_level(level) / 2) * np.asarray(deviation) / np.sqrt(n)


def mean_t(values: ArrayLike, *, level: float = 0.95) -> Estimate:
    r"""Mean with Student's interval, :math:`\bar x \pm t_{n-1} s / \sqrt n`.

    Returns
    -------
    Estimate
        Without limits where all values are equal or there is only one: then nothing shows how far the
        mean may be off. (`t_half` alone gives equal values an interval of width 0.)

    Examples
    --------
    >>> f"{mean_t([3, 4, 5]):.2f}", f"{mean_t([4, 4]):.2f}"
    ('4.00 [1.52, 6.48]', '4.00')
    """
    x = np.asarray(values, float)
    if len(x) == 0:
        return UNKNOWN
    if np.ptp(x) == 0:
        return Estimate(float(x[0]), UNKNOWN.low, UNKNOWN.high)
    half = t_half(x.std(ddof=1), len(x), level=level)
    return Estimate(float(x.mean()), float(x.mean() - half), float(x.mean() + half))
