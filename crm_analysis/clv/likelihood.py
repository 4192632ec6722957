"""Value, gradient and Hessian of a log-likelihood whose rows are mixtures (bought last and stayed, or dropped out)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import logsumexp


class Derivatives(NamedTuple):
    """A log-likelihood and its derivatives with respect to the logarithms of the parameters."""

    value: float
    gradient: np.ndarray
    hessian: np.ndarray


def mixture(
    weight: np.ndarray,
    common: tuple[np.ndarray, list[np.ndarray], dict[tuple[int, int], np.ndarray]],
    logs: np.ndarray,
    slopes: list[np.ndarray],
    curves: dict[tuple[int, int], np.ndarray],
) -> Derivatives:
    """Add up ``common + ln sum_j exp(logs_j)`` over rows, with exact derivatives.

    With q_j the share of component j in its row, the gradient of a row is ``g0 + sum q g`` and its
    Hessian ``H0 + sum q H + sum q g g' - (sum q g)(sum q g)'``: no numerical differences are needed.

    Parameters
    ----------
    weight : numpy.ndarray of shape (rows,)
    common : tuple of (values, slopes, curves)
        The part outside the mixture, per row, and its first and second derivatives.
    logs : numpy.ndarray of shape (components, rows)
    slopes : list of arrays broadcastable to (components, rows), one per parameter
    curves : dict from a pair of parameters (i <= j) to an array of second derivatives

    Returns
    -------
    Derivatives

    Examples
    --------
    >>> one = np.ones(1)
    >>> mixture(one, (0 * one, [0 * one], {}), np.log([[0.5], [0.5]]), [np.array([[1.0], [3.0]])], {}).hessian.tolist()
    [[1.0]]
    """
    values, outer, bends = common
    count = len(slopes)
    total = logsumexp(logs, axis=0)
    share = np.exp(logs - total) * weight
    gradient, means, hessian = np.empty(count), [], np.zeros((count, count))
    for i in range(count):
        mean = np.sum(share * slopes[i], axis=0)  # weighted by customers
        means.append(mean)
        gradient[i] = mean.sum() + np.sum(weight * outer[i])
    for i in range(count):
        pulled = share * slopes[i]
        for j in range(i, count):
            entry = np.sum(pulled * slopes[j]) - np.sum(means[i] * means[j] / weight)
            entry += np.sum(share * curves[i, j]) if (i, j) in curves else 0.0
            entry += np.sum(weight * bends[i, j]) if (i, j) in bends else 0.0
            hessian[i, j] = hessian[j, i] = entry
    return Derivatives(float(weight @ (values + total)), gradient, hessian)
