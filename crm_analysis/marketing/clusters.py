"""Intervals where one customer gives many rows: rows of a customer are alike, so the customer is the unit."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from crm_analysis.intervals import Estimate, check_level, wilson


def clustered_share(hit: ArrayLike, cluster: ArrayLike, *, level: float = 0.95) -> Estimate:
    r"""Share of rows that are a hit, with a Wilson interval for the effective number of rows.

    .. math:: n^* = n \Big/ \max\left(1,\ \frac{\hat v}{\hat p(1-\hat p)/(n-1)}\right),\quad
              \hat v = \frac{U}{U-1}\,\frac{\sum_u (x_u - \hat p\, n_u)^2}{n^2}

    Customer u has n_u rows, x_u of them hits. If a customer's rows resemble each
    other, n rows say as much as n* independent ones, and the interval is wider.
    Where no row or every row is a hit, likeness cannot be seen and n* = n.

    Parameters
    ----------
    hit : array_like of bool, shape (n,)
    cluster : array_like, shape (n,)
        Customer of each row.
    level : float in (0, 1)

    Returns
    -------
    Estimate
        NaN without rows.

    References
    ----------
    .. [1] Korn & Graubard (1998). Survey Methodology 24, 193-201 (effective sample size).
    .. [2] Dean & Pagano (2015). Journal of Survey Statistics and Methodology 3, 484-503 (with Wilson's limits).

    Examples
    --------
    >>> f"{clustered_share([1, 1, 0, 0], ['a', 'b', 'c', 'd']):.2f}"  # as wilson(2, 4)
    '0.50 [0.15, 0.85]'
    >>> f"{clustered_share([1, 1, 0, 0], ['a', 'a', 'b', 'b']):.2f}"
    '0.50 [0.07, 0.93]'
    """
    hit = np.asarray(hit, float)
    n, user = len(hit), pd.factorize(np.asarray(cluster))[0]
    if n == 0:
        return Estimate(*(float("nan"),) * 3)
    p, users = hit.mean(), user.max() + 1
    excess = np.bincount(user, hit - p)
    simple = p * (1 - p) / max(1, n - 1)
    variance = users / max(1, users - 1) * (excess**2).sum() / n**2
    effective = n / max(1.0, variance / simple) if simple > 0 else n
    low, high = wilson(p * effective, effective, level=level)
    return Estimate(float(p), float(low), float(high))


def with_limits(name: str, estimate: Estimate) -> dict[str, float]:
    """Return an estimate as the three columns `name`, `name_low` and `name_high` of a row.

    Examples
    --------
    >>> with_limits("share", Estimate(0.5, 0.4, 0.6))
    {'share': 0.5, 'share_low': 0.4, 'share_high': 0.6}
    """
    return {name: estimate.value, f"{name}_low": estimate.low, f"{name}_high": estimate.high}


def clustered_median(values: ArrayLike, cluster: ArrayLike, *, level: float = 0.95) -> Estimate:
    """Median of rows, its limits the quantiles at the limits of the share of rows up to the median.

    Parameters
    ----------
    values : array_like of float, shape (n,)
    cluster : array_like, shape (n,)
        Customer of each row.
    level : float in (0, 1)

    References
    ----------
    .. [1] Woodruff (1952). JASA 47, 635-646.

    Examples
    --------
    >>> f"{clustered_median(range(101), range(101)):.0f}"
    '50 [40, 60]'
    """
    values = np.asarray(values, float)
    if not len(values):
        return Estimate(*(float("nan"),) * 3)
    median = np.quantile(values, 0.5)
    share = clustered_share(values <= median, cluster, level=level)
    half = (share.high - share.low) / 2
    low, high = np.quantile(values, [max(0.0, 0.5 - half), min(1.0, 0.5 + half)])
    return Estimate(float(median), float(low), float(high))


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
