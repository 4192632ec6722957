"""Intervals where one customer gives many rows: rows of a customer are alike, so the customer is the unit."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from crm_analysis.intervals.estimate import UNKNOWN, Estimate
from crm_analysis.intervals.shares import wilson


def design_effect(hits: ArrayLike, rows: ArrayLike) -> float:
    r"""How many times the variance of a share is that of independent rows, because rows of one customer are alike.

    .. math:: d = \max\left(1,\ \frac{\hat v}{\hat p(1-\hat p)/(n-1)}\right),\quad
              \hat v = \frac{U}{U-1}\,\frac{\sum_u (x_u - \hat p\, n_u)^2}{n^2}

    Customer (or seller) u of U has n_u rows, x_u of them hits; n rows say as much as n / d
    independent ones. Where no row or every row is a hit, likeness cannot be seen and d is 1.

    Parameters
    ----------
    hits, rows : array_like, shape (n_customers,)
        x_u and n_u; customers without a row are no customers here.

    References
    ----------
    .. [1] Rao & Scott (1992). Biometrics 48, 577-585 (design effect of clustered counts).
    .. [2] Korn & Graubard (1998). Survey Methodology 24, 193-201 (effective sample size).

    Examples
    --------
    >>> design_effect([2, 0], [2, 2]), design_effect([1, 1], [2, 2])
    (3.0, 1.0)
    """
    x, n = np.asarray(hits, float), np.asarray(rows, float)
    p = x.sum() / n.sum()
    simple = p * (1 - p) / max(1.0, n.sum() - 1)
    return float(max(1.0, _variance(x - p * n) / n.sum() ** 2 / simple)) if simple > 0 else 1.0


def clustered_share(hit: ArrayLike, cluster: ArrayLike, *, level: float = 0.95) -> Estimate:
    """Share of rows that are a hit, with a Wilson interval for the effective number of rows, n / `design_effect`.

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
    if not len(hit):
        return UNKNOWN
    user = pd.factorize(np.asarray(cluster))[0]
    p, effective = hit.mean(), len(hit) / design_effect(np.bincount(user, hit), np.bincount(user))
    low, high = wilson(p * effective, effective, level=level)
    return Estimate(float(p), float(low), float(high))


def effective_counts(
    hit: ArrayLike, cluster: ArrayLike, *, weight: ArrayLike, expected: ArrayLike
) -> tuple[float, float]:
    r"""Hits and rows that a weighted share is worth in independent rows, for Wilson's and Newcombe's limits.

    .. math:: n^* = \min\left(\frac{1}{\sum_i w_i^2},\ 1 + \frac{\hat p(1-\hat p)}{\hat v}\right),\quad
              \hat v = \frac{U}{U-1}\sum_u \Big(\sum_{i \in u} w_i (y_i - \mu_i)\Big)^2

    Here likeness and weights both cost rows, and rows are compared with the share :math:`\mu_i` of their
    own stratum. With equal weights and one stratum n* is 1 + (n - 1) / d, where `clustered_share` takes n / d:
    less than one row apart, and both are kept as they are.

    Parameters
    ----------
    hit : array_like of bool, shape (n,)
        y.
    cluster : array_like, shape (n,)
        Customer of each row.
    weight : array_like, shape (n,)
        w; adds up to 1.
    expected : array_like, shape (n,)
        Share of hits in the row's stratum.

    Returns
    -------
    hits, rows : float
        Both 0 without rows.

    References
    ----------
    .. [1] Korn & Graubard (1998). Survey Methodology 24, 193-201 (effective sample size).

    Examples
    --------
    >>> effective_counts([1, 0, 1, 0], list("abcd"), weight=[0.25] * 4, expected=[0.5] * 4)
    (2.0, 4.0)
    """
    y, w = np.asarray(hit, float), np.asarray(weight, float)
    if not len(y):
        return 0.0, 0.0
    share = min(1.0, w @ y)
    variance = _variance(np.bincount(pd.factorize(np.asarray(cluster))[0], w * (y - np.asarray(expected))))
    n = 1 / (w**2).sum()
    if variance > 0:
        n = min(n, 1 + share * (1 - share) / variance)
    return float(share * n), float(n)


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
        return UNKNOWN
    median = np.quantile(values, 0.5)
    share = clustered_share(values <= median, cluster, level=level)
    half = (share.high - share.low) / 2
    low, high = np.quantile(values, [max(0.0, 0.5 - half), min(1.0, 0.5 + half)])
    return Estimate(float(median), float(low), float(high))


def _variance(excess: np.ndarray) -> float:
    """Variance of a sum over clusters from what each has more than expected: U / (U - 1) times the sum of squares."""
    return len(excess) / max(1, len(excess) - 1) * (excess**2).sum()
