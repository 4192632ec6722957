"""The formulas of reliability on matrices, one number for each of B replicates."""

from __future__ import annotations

import numpy as np
from scipy.special import fdtri

from crm_analysis.intervals import Estimate, check_level


def alpha_of(matrix: np.ndarray) -> np.ndarray:
    r"""Cronbach's alpha: raw from a covariance matrix, standardised from a correlation matrix.

    .. math:: \alpha = \frac{k}{k-1}\left(1 - \frac{\mathrm{tr}\, C}{\sum_{ij} C_{ij}}\right)

    Parameters
    ----------
    matrix : ndarray, shape (..., k, k)

    Returns
    -------
    ndarray, shape (...)
        NaN for a single item, or where the sum of the items does not vary.

    References
    ----------
    .. [1] Cronbach (1951). Psychometrika 16, 297-334.

    Examples
    --------
    >>> float(alpha_of(np.array([[1, 0.5], [0.5, 1]])).round(6))
    0.666667
    """
    k = matrix.shape[-1]
    if k < 2:
        return np.full(matrix.shape[:-2], np.nan)
    total = matrix.sum(axis=(-2, -1))
    total = np.where(total > 1e-12, total, np.nan)  # the sum of the items does not vary
    return k / (k - 1) * (1 - np.trace(matrix, axis1=-2, axis2=-1) / total)


def feldt(alpha: float, *, k: int, n: int, level: float = 0.95) -> Estimate:
    r"""Interval of a raw alpha, exact for normal answers to parallel items.

    .. math:: 1 - (1-\alpha) F_{1-a/2}, \quad 1 - (1-\alpha) F_{a/2}, \qquad F \text{ with } n-1, (n-1)(k-1)
        \text{ degrees of freedom}

    References
    ----------
    .. [1] Feldt, Woodruff & Salih (1987). Applied Psychological Measurement 11, 93-103.

    Examples
    --------
    >>> f"{feldt(0.714447, k=5, n=250):.4f}"
    '0.7144 [0.6544, 0.7668]'
    """
    tail = (1 - check_level(level)) / 2
    if k < 2 or n < 2:
        return Estimate(float(alpha), float("nan"), float("nan"))
    low, high = (1 - (1 - alpha) * fdtri(n - 1, (n - 1) * (k - 1), share) for share in (1 - tail, tail))
    return Estimate(float(alpha), float(low), float(high))


def composite_reliability(loadings: np.ndarray) -> np.ndarray:
    r"""Reliability of a sum of items from their loadings: omega with factor loadings, rho_C with PLS loadings.

    .. math:: \frac{(\sum l)^2}{(\sum l)^2 + \sum (1 - l^2)}

    Parameters
    ----------
    loadings : ndarray, shape (..., k)

    References
    ----------
    .. [1] McDonald (1999). Test Theory, chapter 6 (omega). Werts, Linn & Joreskog (1974). Educational and
        Psychological Measurement 34, 25-33 (rho_C).

    Examples
    --------
    >>> float(composite_reliability(np.array([0.8, 0.8, 0.8])).round(4))
    0.8421
    """
    common = loadings.sum(axis=-1) ** 2
    return common / (common + (1 - loadings**2).sum(axis=-1))


def average_variance(loadings: np.ndarray) -> np.ndarray:
    """Average variance extracted (AVE): mean squared loading, shape (..., k) to (...).

    Examples
    --------
    >>> float(average_variance(np.array([0.8, 0.6])))
    0.5
    """
    return (loadings**2).mean(axis=-1)
