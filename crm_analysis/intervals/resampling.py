"""The bootstrap: a statistic of rows drawn again, and ratios of totals over customers drawn again."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from crm_analysis.intervals.estimate import Estimate, check_level


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


def bootstrap_ratios(
    sums: pd.DataFrame,
    ratios: dict[str, tuple[str, str]],
    *,
    level: float = 0.95,
    draws: int = 1000,
    rng: int | np.random.Generator = 0,
) -> dict[str, Estimate]:
    """Ratios of totals with percentile intervals from drawing whole customers again.

    Parameters
    ----------
    sums : pandas.DataFrame, one row per customer
        Sums of each customer's rows.
    ratios : dict of name to (numerator, denominator)
        Columns of `sums`; all ratios use the same draws. A ratio whose denominator is 0 in a draw has no interval.
    level : float in (0, 1)
    draws : int
    rng : int or numpy.random.Generator

    Returns
    -------
    dict of name to Estimate
        Limits are NaN with fewer than two customers.

    References
    ----------
    .. [1] Davison & Hinkley (1997). Bootstrap Methods and their Application, section 3.8 (hierarchical data).

    Examples
    --------
    >>> sums = pd.DataFrame({"bounces": [1, 0, 3, 1], "sessions": [2, 4, 5, 2]})
    >>> f"{bootstrap_ratios(sums, {'bounce_rate': ('bounces', 'sessions')})['bounce_rate']:.2f}"
    '0.38 [0.07, 0.59]'
    """
    values, rng, n = sums.to_numpy(float), np.random.default_rng(rng), len(sums)
    tail = (1 - check_level(level)) / 2
    top = [sums.columns.get_loc(name) for name, _ in ratios.values()]
    bottom = [sums.columns.get_loc(name) for _, name in ratios.values()]

    def shares(totals: np.ndarray) -> np.ndarray:
        with np.errstate(divide="ignore", invalid="ignore"):
            return totals[..., top] / totals[..., bottom]

    point = shares(values.sum(axis=0))
    low = high = np.full(len(ratios), np.nan)
    if n > 1:
        drawn = (np.bincount(rng.integers(0, n, n), minlength=n) @ values for _ in range(draws))
        low, high = np.quantile(shares(np.array(list(drawn))), [tail, 1 - tail], axis=0)
    return {name: Estimate(*map(float, found)) for name, found in zip(ratios, zip(point, low, high))}
