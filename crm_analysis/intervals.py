"""Estimates with their intervals: proportions, differences of proportions, the bootstrap."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri


class Estimate(NamedTuple):
    """A number with its interval; formats as ``value [low, high]`` with one format for all three.

    Examples
    --------
    >>> f"{Estimate(0.7348, 0.701, 0.767):.1%}"
    '73.5% [70.1%, 76.7%]'
    >>> f"{Estimate(float('nan'), float('nan'), float('nan')):.1%}"
    '–'
    """

    value: float
    low: float
    high: float

    def __format__(self, spec: str) -> str:
        if not np.isfinite(self.value):
            return "–"
        if not (np.isfinite(self.low) and np.isfinite(self.high)):
            return format(self.value, spec)
        return f"{format(self.value, spec)} [{format(self.low, spec)}, {format(self.high, spec)}]"


def check_level(level: float) -> float:
    """Return the confidence level if it lies between 0 and 1, else raise `ValueError`.

    Examples
    --------
    >>> check_level(95)
    Traceback (most recent call last):
    ValueError: level must lie between 0 and 1; got 95. If 95 % was meant, pass 0.95.
    """
    if not 0 < level < 1:
        hint = f" If {level:g} % was meant, pass {level / 100:g}." if 1 <= level < 100 else ""
        raise ValueError(f"level must lie between 0 and 1; got {level}.{hint}")
    return level


def wilson(successes: ArrayLike, trials: ArrayLike, *, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    r"""Wilson score limits of a proportion.

    .. math:: \frac{\hat p + z^2/2n \pm z\sqrt{\hat p(1-\hat p)/n + z^2/4n^2}}{1 + z^2/n}

    The limits hold every true share that the data do not contradict; unlike
    :math:`\hat p \pm z\,se` they stay inside [0, 1] and are useful at 0 and at n.

    Parameters
    ----------
    successes, trials : array_like
        Counts, ``0 <= successes <= trials``; broadcast against each other.
    level : float in (0, 1)
        Confidence level.

    Returns
    -------
    low, high : numpy.ndarray
        NaN where ``trials`` is 0.

    Raises
    ------
    ValueError
        If a count or the level lies outside its range.

    References
    ----------
    .. [1] Wilson (1927). JASA 22, 209-212. Values: Newcombe (1998), Statistics in Medicine 17, 857-872, Table I.

    Examples
    --------
    >>> low, high = wilson([81, 0], [263, 20])
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([0.2553, 0.0], [0.3662, 0.1611])
    """
    x, n = np.asarray(successes, float), np.asarray(trials, float)
    if np.any((x < 0) | (x > n)):
        raise ValueError("successes must lie between 0 and trials")
    z = ndtri(0.5 + check_level(level) / 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        p = x / n
        centre = p + z**2 / (2 * n)
        half = z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
        low, high = (centre - half) / (1 + z**2 / n), (centre + half) / (1 + z**2 / n)
    return np.where(x == 0, np.where(n > 0, 0.0, np.nan), low), np.where((x == n) & (n > 0), 1.0, high)


def proportion(successes: float, trials: float, *, level: float = 0.95) -> Estimate:
    """Return one proportion with its Wilson interval.

    Examples
    --------
    >>> f"{proportion(15, 148):.3f}"
    '0.101 [0.062, 0.160]'
    """
    low, high = wilson(successes, trials, level=level)
    return Estimate(successes / trials if trials else float("nan"), float(low), float(high))


def newcombe(x1: float, n1: float, x2: float, n2: float, *, level: float = 0.95) -> Estimate:
    r"""Difference of two independent proportions, :math:`p_1 - p_2`, with Newcombe's hybrid interval.

    .. math:: D - \sqrt{(p_1-l_1)^2+(u_2-p_2)^2},\quad D + \sqrt{(u_1-p_1)^2+(p_2-l_2)^2}

    where (l, u) are the Wilson limits of each share.

    References
    ----------
    .. [1] Newcombe (1998). Statistics in Medicine 17, 873-890, method 10, Table II.

    Examples
    --------
    >>> f"{newcombe(56, 70, 48, 80):.4f}"
    '0.2000 [0.0524, 0.3339]'
    """
    if not (n1 and n2):
        return Estimate(*(float("nan"),) * 3)
    a, b = proportion(x1, n1, level=level), proportion(x2, n2, level=level)
    d = a.value - b.value
    low = d - np.hypot(a.value - a.low, b.high - b.value)
    high = d + np.hypot(a.high - a.value, b.value - b.low)
    return Estimate(d, float(low), float(high))


def bootstrap(
    statistic: Callable[[np.ndarray], float],
    values: ArrayLike,
    *,
    level: float = 0.95,
    draws: int = 1000,
    rng: int | np.random.Generator = 0,
) -> Estimate:
    """A statistic of a sample with its percentile bootstrap interval.

    The sample is drawn again `draws` times with replacement, row by row; the
    interval spans the middle `level` of the statistics so found.

    Parameters
    ----------
    statistic : callable
        Takes an array of the shape of `values` and returns a number.
    values : array_like, shape (n,) or (n, k)
        One row per independent unit, as a rule a customer.
    level : float in (0, 1)
    draws : int
    rng : int or numpy.random.Generator
        Seed; the same seed gives the same interval.

    Returns
    -------
    Estimate
        The interval is NaN with fewer than two rows. Draws in which the statistic is NaN are left out.

    References
    ----------
    .. [1] Efron & Tibshirani (1993). An Introduction to the Bootstrap, chapter 13.

    Examples
    --------
    >>> f"{bootstrap(np.mean, np.arange(100.0)):.1f}"
    '49.5 [43.8, 55.0]'
    """
    values, tail = np.asarray(values, float), (1 - check_level(level)) / 2
    point = float(statistic(values)) if len(values) else float("nan")
    if len(values) < 2:
        return Estimate(point, float("nan"), float("nan"))
    rng = np.random.default_rng(rng)
    found = np.array([statistic(values[rng.integers(0, len(values), len(values))]) for _ in range(draws)])
    found = found[~np.isnan(found)]
    low, high = np.quantile(found, [tail, 1 - tail]) if len(found) else (float("nan"), float("nan"))
    return Estimate(point, float(low), float(high))
