"""Value, gradient and Hessian of a log-likelihood whose rows are mixtures (bought last and stayed, or dropped out)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Derivatives(NamedTuple):
    """A log-likelihood and its derivatives with respect to the logarithms of the parameters."""

    value: float
    gradient: np.ndarray
    hessian: np.ndarray


def mixture(
    weight: np.ndarray,
    common: tuple[np.ndarray, list[np.ndarray], dict[tuple[int, int], np.ndarray]],
    logs: np.ndarray,
    slopes: list[np.ndarray] | np.ndarray,
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
    slopes : array of shape (parameters, components, rows), or list of arrays broadcastable to (components, rows)
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
    highest = logs.max(axis=0)
    share = np.exp(logs - highest)
    sums = share.sum(axis=0)
    share *= weight / sums
    steep = slopes if isinstance(slopes, np.ndarray) else np.stack([np.broadcast_to(g, logs.shape) for g in slopes])
    steep = steep + np.stack(outer)[:, None, :]  # before squaring: of frequent buyers the two nearly cancel
    pulled = share * steep
    means = pulled.sum(axis=1)  # weighted by customers
    gradient = means.sum(axis=1)
    # einsum, not matrix products: their threads wait for each other on a busy machine
    hessian = np.einsum("imn,jmn->ij", pulled, steep) - np.einsum("in,jn->ij", means / weight, means)
    for pair, curve in curves.items():
        hessian[pair] += np.einsum("mn,mn->", share, np.broadcast_to(curve, logs.shape))
    for pair, bend in bends.items():
        hessian[pair] += np.sum(weight * bend)
    hessian = np.triu(hessian)
    value = float(np.sum(weight * (values + highest + np.log(sums))))
    return Derivatives(value, gradient, hessian + np.triu(hessian, 1).T)
