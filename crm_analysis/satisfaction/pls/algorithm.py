"""The PLS algorithm on correlation matrices, many at once: outer weights, inner weights, paths, effects."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from crm_analysis.satisfaction.pls.consistent import corrected, rho_a
from crm_analysis.satisfaction.pls.design import Design

SCHEMES = ("path", "centroid", "factorial")
TOLERANCE, MAX_ROUNDS = 1e-7, 300


@dataclass(frozen=True)
class Solution:
    """What PLS finds for each of B correlation matrices of p items; NaN throughout where it found nothing.

    Parameters
    ----------
    weights : ndarray, shape (B, p, q)
        Outer weights for standardised items; scores, that is items @ weights, have variance 1.
    cross_loadings : ndarray, shape (B, p, q)
        Correlations of items with scores.
    loadings : ndarray, shape (B, p)
        Of each item on its own construct; corrected for PLSc.
    rho : ndarray, shape (B, q)
        Reliability with which correlations were corrected: rho_A for PLSc, else 1.
    correlations : ndarray, shape (B, q, q)
        Of the constructs; corrected for PLSc.
    paths : ndarray, shape (B, q, q)
        Standardised coefficient at [i, j] for a path from i to j.
    r_squared : ndarray, shape (B, q)
        NaN for exogenous constructs.
    converged : ndarray of bool, shape (B,)
    rounds : ndarray of int, shape (B,)
    """

    weights: np.ndarray
    cross_loadings: np.ndarray
    loadings: np.ndarray
    rho: np.ndarray
    correlations: np.ndarray
    paths: np.ndarray
    r_squared: np.ndarray
    converged: np.ndarray
    rounds: np.ndarray

    def take(self, rows: np.ndarray) -> Solution:
        """Return the solutions of some of the matrices."""
        return Solution(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


def solve(
    correlations: np.ndarray,
    design: Design,
    *,
    scheme: str = "path",
    consistent: bool = False,
    dominant: dict[int, int] | None = None,
    oriented: bool = True,
    tolerance: float = TOLERANCE,
    max_rounds: int = MAX_ROUNDS,
) -> Solution:
    r"""Run PLS path modelling on B correlation matrices.

    Outer weights start at 1 and are improved in rounds: inner proxies are neighbours' scores, weighted by the
    scheme; new weights are the items' covariances with their construct's proxy (Mode A) or its regression on them
    (Mode B). Construct signs follow from rule "the sum of a block's loadings is positive" or from a dominant item.

    .. math:: G = S W E, \quad w_j \leftarrow G_{jj} \text{ or } S_{jj}^{-1} G_{jj}, \quad w_j' S_{jj} w_j = 1

    Parameters
    ----------
    correlations : ndarray, shape (B, p, p)
    design : Design
    scheme : {"path", "centroid", "factorial"}
    consistent : bool
        PLSc: correct construct correlations and loadings of reflective blocks for rho_A.
    dominant : dict of construct to item, optional
        Places; the item whose loading is to be positive, instead of the sum of its block's.
    oriented : bool
        False leaves the signs of the constructs as the rounds end.
    tolerance : float
        Largest change of a weight at which rounds stop.
    max_rounds : int

    References
    ----------
    .. [1] Tenenhaus et al. (2005). Computational Statistics & Data Analysis 48, 159-205, section 2.
    .. [2] Dijkstra & Henseler (2015). MIS Quarterly 39, 297-316 (PLSc, rho_A).
    """
    weights, converged, rounds = _outer_weights(correlations, design, scheme, tolerance, max_rounds)
    cross = correlations @ weights
    if oriented:
        sign = _signs(cross, design, dominant)
        weights, cross = weights * sign, cross * sign
    between = np.swapaxes(weights, 1, 2) @ cross
    loadings = np.take_along_axis(cross, design.block[None, :, None], axis=2)[..., 0]
    rho = np.ones(between.shape[:2])
    if consistent:
        rho = rho_a(correlations, weights, design)
        loadings, between = corrected(loadings, weights, between, rho, design)
    paths, r_squared = regressions(between, design.edges)
    return Solution(weights, cross, loadings, rho, between, paths, r_squared, converged, rounds)


def regressions(correlations: np.ndarray, edges: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Standardised coefficients [i, j] of each construct j on its predecessors i, and R2 (NaN without predecessors)."""
    paths, r_squared = np.zeros_like(correlations), np.full(correlations.shape[:2], np.nan)
    for target in np.flatnonzero(edges.any(axis=0)):
        sources = np.flatnonzero(edges[:, target])
        right = correlations[:, sources, target]
        slopes = solve_each(correlations[:, sources[:, None], sources], right)
        paths[:, sources, target] = slopes
        r_squared[:, target] = (slopes * right).sum(axis=1)
    return paths, r_squared


def total_effects(paths: np.ndarray) -> np.ndarray:
    """Total effects (I - B)^-1 - I of path coefficients B, shape (..., q, q)."""
    one = np.eye(paths.shape[-1])
    return np.linalg.inv(one - paths) - one


def solve_each(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Solve B systems of equations; NaN for those whose matrix is singular, instead of an error for all."""
    try:
        return np.linalg.solve(left, right[..., None])[..., 0]
    except np.linalg.LinAlgError:
        return np.array([_solve_one(a, b) for a, b in zip(left, right)])


def _solve_one(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    try:
        return np.linalg.solve(left, right)
    except np.linalg.LinAlgError:
        return np.full_like(right, np.nan)


def _outer_weights(
    correlations: np.ndarray, design: Design, scheme: str, tolerance: float, max_rounds: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    weights = _scaled(np.broadcast_to(design.member, (len(correlations), *design.member.shape)), correlations)
    rounds = np.zeros(len(weights), int)
    converged = np.zeros(len(weights), bool)
    at_work = np.arange(len(weights))
    for _ in range(max_rounds):
        matrix, now = correlations[at_work], weights[at_work]
        cross = matrix @ now
        inner = _inner_weights(np.swapaxes(now, 1, 2) @ cross, design.edges, scheme)
        new = _scaled(_outer(cross @ inner, matrix, design), matrix)
        change = np.abs(new - now).max(axis=(1, 2))
        weights[at_work], rounds[at_work] = new, rounds[at_work] + 1
        converged[at_work] = change < tolerance
        at_work = at_work[change >= tolerance]  # NaN leaves, not converged
        if not len(at_work):
            break
    return weights, converged, rounds


def _inner_weights(between: np.ndarray, edges: np.ndarray, scheme: str) -> np.ndarray:
    """Column j holds the weights of the neighbours' scores in the proxy of j."""
    neighbours = edges | edges.T
    if scheme == "centroid":
        return np.sign(between) * neighbours
    if scheme == "factorial":
        return between * neighbours
    return regressions(between, edges)[0] + between * edges.T


def _outer(proxy_cross: np.ndarray, matrix: np.ndarray, design: Design) -> np.ndarray:
    new = proxy_cross * design.member
    for construct in np.flatnonzero(design.formative):
        items = design.items(construct)
        new[:, items, construct] = solve_each(matrix[:, items[:, None], items], new[:, items, construct])
    return new


def _scaled(weights: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """Scale each column so that the scores have variance 1."""
    variance = (weights * (matrix @ weights)).sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):  # a construct without variance becomes NaN, and is reported
        return weights / np.sqrt(variance)


def _signs(cross: np.ndarray, design: Design, dominant: dict[int, int] | None) -> np.ndarray:
    lead = (cross * design.member).sum(axis=1)
    for construct, item in (dominant or {}).items():
        lead[:, construct] = cross[:, item, construct]
    return np.where(lead < 0, -1.0, 1.0)[:, None, :]
