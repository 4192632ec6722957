"""A fit shared out among drivers: LMG (Shapley) from all subsets or from sampled orders, alone and last."""

from __future__ import annotations

from math import comb

import numpy as np

from crm_analysis.satisfaction.drivers.subsets import CELLS, Sizes, check_sizes, counts

ORDERS = 2000  # sampled orders of entry, in pairs of an order and its reverse


def shapley(fit: np.ndarray) -> np.ndarray:
    r"""Share of each driver in a fit: what it adds, averaged over all orders of entry (LMG where the fit is R2).

    .. math:: \phi_j = \sum_{S \not\ni j} \frac{|S|!\,(m-1-|S|)!}{m!}\,\bigl[f(S \cup j) - f(S)\bigr]

    The shares add up to the fit of all drivers less that of none. They are the general dominance values.

    Parameters
    ----------
    fit : ndarray, shape (..., 2 ** m)
        Of every subset, as `subset_r_squared` orders them.

    Returns
    -------
    ndarray, shape (..., m)

    References
    ----------
    .. [1] Lindeman, Merenda & Gold (1980). Introduction to Bivariate and Multivariate Analysis, p. 119 ff.
    .. [2] Groemping (2007). Estimators of relative importance in linear regression. American Statistician 61, 139-147.
    .. [3] Shapley (1953). A value for n-person games. Contributions to the Theory of Games II, 307-317.

    Examples
    --------
    >>> shapley(np.array([0, 0.36, 0.25, 0.4725])).round(5).tolist()
    [0.29125, 0.18125]
    """
    m = _groups(fit)
    size = counts(m)
    weight = np.array([1 / (m * comb(m - 1, s)) for s in range(m)])
    entering, absent = np.append(0, weight)[size], np.append(weight, 0)[size]  # 0: none to enter, none absent
    return _holding(fit * (entering + absent)) - (fit @ absent)[..., None]


def alone(fit: np.ndarray) -> np.ndarray:
    """Fit of each driver alone (``first``).

    Examples
    --------
    >>> alone(np.array([0, 0.36, 0.25, 0.4725])).tolist()
    [0.36, 0.25]
    """
    return fit[..., 2 ** np.arange(_groups(fit))] - fit[..., :1]


def at_last(fit: np.ndarray) -> np.ndarray:
    """What each driver adds to all others (``last``).

    Examples
    --------
    >>> at_last(np.array([0, 0.36, 0.25, 0.4725])).round(4).tolist()
    [0.2225, 0.1125]
    """
    m = _groups(fit)
    return fit[..., -1:] - fit[..., 2**m - 1 - 2 ** np.arange(m)]


def by_level(fit: np.ndarray) -> np.ndarray:
    """What each driver adds to subsets of 0, 1, ..., m - 1 others, averaged within each size: conditional dominance.

    Returns
    -------
    ndarray, shape (..., m, m)
        One row per driver, one column per size; the mean of a row is the driver's `shapley` share.

    Examples
    --------
    >>> by_level(np.array([0, 0.36, 0.25, 0.4725])).round(4).tolist()
    [[0.36, 0.2225], [0.25, 0.1125]]
    """
    m = _groups(fit)
    size, parts = counts(m), []
    lacking = np.zeros((*fit.shape[:-1], m))
    for s in range(m + 1):
        of_size = np.where(size == s, fit, 0)
        holding = _holding(of_size)
        parts += [(holding - lacking) / comb(m - 1, s - 1)] if s else []
        lacking = of_size.sum(axis=-1, keepdims=True) - holding
    return np.stack(parts, axis=-1)


def sampled_shapley(
    correlations: np.ndarray, *, sizes: Sizes = None, orders: int = ORDERS, seed: int | np.random.Generator = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Shares of R2 from sampled orders of entry, for more drivers than all subsets can be looked at.

    An order and its reverse form a pair, which cancels much of the chance. What a driver adds in an order is the
    square of its entry in the outcome's row of the Cholesky factor. Drivers must not be collinear.

    Parameters
    ----------
    correlations : ndarray, shape (k + 1, k + 1)
        The outcome first.
    sizes : sequence of int, optional
        Columns of each of the m groups that enter together.
    orders : int
        At least 4.
    seed : int or numpy.random.Generator

    Returns
    -------
    shares, errors : ndarray, shape (m,)
        Shares, which add up to R2 whatever the orders, and their Monte Carlo standard errors.

    References
    ----------
    .. [1] Castro, Gomez & Tejada (2009). Polynomial calculation of the Shapley value based on sampling.
       Computers & Operations Research 36, 1726-1730.
    .. [2] Lomeli, Rowland, Gretton & Ghahramani (2019). Antithetic and Monte Carlo kernel estimators for partial
       rankings. Statistics and Computing 29, 1127-1147 (pairs of an order and its reverse).

    Examples
    --------
    >>> matrix = np.array([[1, 0.6, 0.5], [0.6, 1, 0.3], [0.5, 0.3, 1]])
    >>> sampled_shapley(matrix, orders=4)[0].round(4).tolist()
    [0.2913, 0.1813]
    """
    matrix, rng = np.asarray(correlations, float), np.random.default_rng(seed)
    k, sizes = len(matrix) - 1, check_sizes(len(matrix) - 1, sizes)
    group = np.repeat(np.arange(len(sizes)), sizes)
    forward = rng.permuted(np.tile(np.arange(len(sizes)), (max(2, orders // 2), 1)), axis=1)
    step = max(1, CELLS // (2 * k * k))
    pairs = np.concatenate([
        (_added(matrix, group, part) + _added(matrix, group, part[:, ::-1])) / 2
        for part in (forward[i : i + step] for i in range(0, len(forward), step))
    ])  # fmt: skip
    return pairs.mean(axis=0), pairs.std(axis=0, ddof=1) / np.sqrt(len(pairs))


def _added(matrix: np.ndarray, group: np.ndarray, orders: np.ndarray) -> np.ndarray:
    """What each group adds to R2 in each order, shape (orders, m)."""
    place = np.argsort(orders, axis=1)  # of each group in its order
    columns = np.argsort(place[:, group], axis=1, kind="stable")
    within = matrix[1:, 1:][columns[:, :, None], columns[:, None, :]]
    entries = np.linalg.solve(np.linalg.cholesky(within), matrix[0, 1:][columns][..., None])[..., 0]
    added = np.zeros(orders.shape)
    np.add.at(added, (np.arange(len(orders))[:, None], group[columns]), entries**2)
    return added


def _groups(fit: np.ndarray) -> int:
    return fit.shape[-1].bit_length() - 1


def _holding(values: np.ndarray) -> np.ndarray:
    """Sum of `values` over the subsets that hold each driver, shape (..., m): halves folded, the last driver first."""
    sums, rest = [], values
    for j in reversed(range(_groups(values))):
        upper = rest[..., 2**j :]
        sums.append(upper.sum(axis=-1))
        rest = rest[..., : 2**j] + upper
    return np.stack(sums[::-1], axis=-1)
