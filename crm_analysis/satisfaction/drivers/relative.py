"""Closed-form measures of importance from a correlation matrix: relative weights, squared betas, Pratt, VIF."""

from __future__ import annotations

import numpy as np


def relative_weights(correlations: np.ndarray) -> np.ndarray:
    r"""Johnson's relative weights: R2 shared out by way of the closest uncorrelated stand-ins of the drivers.

    .. math:: \Lambda = R^{1/2},\quad b = \Lambda^{-1} r,\quad
              \varepsilon_j = \sum_k \Lambda_{jk}^2\, b_k^2

    They add up to R2, are never negative and cost one eigenvalue problem instead of all subsets.

    Parameters
    ----------
    correlations : ndarray, shape (..., k + 1, k + 1)
        The outcome first; the drivers not collinear.

    Returns
    -------
    ndarray, shape (..., k)

    References
    ----------
    .. [1] Johnson (2000). A heuristic method for estimating the relative weight of predictor variables in multiple
       regression. Multivariate Behavioral Research 35, 1-19.

    Examples
    --------
    >>> matrix = np.array([[1, 0.6, 0.5], [0.6, 1, 0.3], [0.5, 0.3, 1]])
    >>> relative_weights(matrix).round(4).tolist()  # of two drivers the same as LMG
    [0.2913, 0.1813]
    """
    r, within = _split(correlations)
    values, vectors = np.linalg.eigh(within)
    root = np.sqrt(values)[..., None, :]
    loadings = (vectors * root) @ vectors.swapaxes(-1, -2)
    slopes = (vectors / root) @ (vectors.swapaxes(-1, -2) @ r[..., None])
    return (loadings**2 @ slopes**2)[..., 0]


def betas(correlations: np.ndarray) -> np.ndarray:
    """Standardised regression coefficients; their squares are ``betasq``.

    Examples
    --------
    >>> betas(np.array([[1, 0.6, 0.5], [0.6, 1, 0], [0.5, 0, 1]])).tolist()
    [0.6, 0.5]
    """
    r, within = _split(correlations)
    return np.linalg.solve(within, r[..., None])[..., 0]


def pratt(correlations: np.ndarray) -> np.ndarray:
    """Pratt's measure, beta times correlation: adds up to R2, but may be negative and then is no share.

    References
    ----------
    .. [1] Pratt (1987). Dividing the indivisible. Proceedings of the Second International Tampere Conference in
       Statistics, 245-260.

    Examples
    --------
    >>> pratt(np.array([[1, 0.6, 0.5], [0.6, 1, 0], [0.5, 0, 1]])).tolist()
    [0.36, 0.25]
    """
    return betas(correlations) * np.asarray(correlations, float)[..., 0, 1:]


def vif(correlations: np.ndarray) -> np.ndarray:
    """Variance inflation of each driver's coefficient, 1 / (1 - R2 on the other drivers).

    Examples
    --------
    >>> vif(np.array([[1, 0.6, 0.5], [0.6, 1, 0.6], [0.5, 0.6, 1]])).round(4).tolist()
    [1.5625, 1.5625]
    """
    return np.diagonal(np.linalg.inv(_split(correlations)[1]), axis1=-2, axis2=-1)


def _split(correlations: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Correlations of the drivers with the outcome, and among each other."""
    matrix = np.asarray(correlations, float)
    return matrix[..., 0, 1:], matrix[..., 1:, 1:]
