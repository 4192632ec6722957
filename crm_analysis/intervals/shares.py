"""Shares of independent rows: Wilson's limits, Newcombe's difference, shares as columns of a table."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from crm_analysis.intervals.estimate import UNKNOWN, Estimate, check_level


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


def share_columns(name: str, successes: ArrayLike, trials: ArrayLike, *, level: float = 0.95) -> dict[str, np.ndarray]:
    """Return shares as the columns `name`, `name_low` and `name_high` of a table, with Wilson limits.

    Parameters
    ----------
    name : str
    successes, trials : array_like
        Counts of each row of the table; one number stands for all rows.
    level : float in (0, 1)

    Returns
    -------
    dict of name to numpy.ndarray
        For ``table.assign(**share_columns(...))``; NaN where ``trials`` is 0.

    Examples
    --------
    >>> {column: x.round(3).tolist() for column, x in share_columns("share", [1, 3], 4).items()}
    {'share': [0.25, 0.75], 'share_low': [0.046, 0.301], 'share_high': [0.699, 0.954]}
    """
    low, high = wilson(successes, trials, level=level)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.asarray(successes, float) / np.asarray(trials, float)
    return {name: share, f"{name}_low": low, f"{name}_high": high}


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
        return UNKNOWN
    a, b = proportion(x1, n1, level=level), proportion(x2, n2, level=level)
    d = a.value - b.value
    low = d - np.hypot(a.value - a.low, b.high - b.value)
    high = d + np.hypot(a.high - a.value, b.value - b.low)
    return Estimate(d, float(low), float(high))
