"""Importance of attributes derived from the answers: correlations, standardised coefficients, relative weights."""

from __future__ import annotations

import numpy as np

from crm_analysis.satisfaction.drivers.relative import betas, relative_weights

DERIVED = ("correlation", "standardised", "relative_weight")
SINGULAR = 1e-8  # smallest eigenvalue of a correlation matrix that counts as more than 0


def moments(values: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weighted means, shape (draws, p), and correlations, shape (draws, p, p), of columns; NaN without spread.

    Parameters
    ----------
    values : ndarray, shape (n, p)
    weights : ndarray, shape (draws, n)

    Examples
    --------
    >>> means, correlations = moments(np.array([[1.0, 1], [2, 3], [3, 2]]), np.ones((1, 3)))
    >>> means.tolist(), correlations[0, 0, 1].round(2)
    ([[2.0, 2.0]], np.float64(0.5))
    """
    centre = values.mean(axis=0)
    z = values - centre  # sums of squares of centred values: no digits are lost to a large mean
    p = z.shape[1]
    up, down = np.triu_indices(p)
    total = weights.sum(axis=1, keepdims=True)
    first = weights @ z / total
    second = weights @ (z[:, up] * z[:, down]) / total
    covariance = np.zeros((len(weights), p, p))
    covariance[:, up, down] = covariance[:, down, up] = second - first[:, up] * first[:, down]
    spread = np.sqrt(np.maximum(np.einsum("bii->bi", covariance), 0))
    spread = np.where(spread > 1e-9, spread, np.nan)
    return first + centre, covariance / (spread[:, :, None] * spread[:, None, :])


def derived_importance(correlations: np.ndarray, *, kind: str) -> np.ndarray:
    r"""Importance of attributes for an outcome from correlations whose last variable is the outcome.

    ``correlation``: r of the attribute with the outcome. ``standardised``: coefficients of the regression on all
    attributes in standard deviations, :math:`R^{-1} r`. ``relative_weight``: Johnson's share of each attribute in
    :math:`R^2`, :math:`(L \circ L)(b \circ b)` with :math:`L = R^{1/2}`, :math:`b = L^{-1} r`; close to the average
    over all orders of entry (LMG).

    Parameters
    ----------
    correlations : ndarray, shape (draws, k + 1, k + 1)
    kind : {"correlation", "standardised", "relative_weight"}

    Returns
    -------
    ndarray, shape (draws, k)
        NaN where attributes have no spread or are collinear.

    References
    ----------
    .. [1] Johnson (2000). Multivariate Behavioral Research 35, 1-19.

    Examples
    --------
    >>> matrix = np.array([[[1, 0, 0.6], [0, 1, 0.3], [0.6, 0.3, 1]]])
    >>> derived_importance(matrix, kind="relative_weight").round(2).tolist()
    [[0.36, 0.09]]
    """
    inner, r = correlations[:, :-1, :-1], correlations[:, :-1, -1]
    if kind == "correlation":
        return r.copy()
    found = np.full(r.shape, np.nan)
    known = np.isfinite(correlations).all(axis=(1, 2))
    usable = np.linalg.eigvalsh(inner[known])[:, 0] > SINGULAR
    outcome_first = np.roll(correlations[known][usable], 1, axis=(1, 2))
    share_out = relative_weights if kind == "relative_weight" else betas
    found[np.flatnonzero(known)[usable]] = share_out(outcome_first)
    return found
