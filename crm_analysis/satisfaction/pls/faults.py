"""What can be wrong with a PLS solution: each fault by code, and the item or construct it lies in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from crm_analysis.satisfaction.pls.algorithm import Solution
from crm_analysis.satisfaction.pls.design import Design

SINGULAR = 1e-10  # smallest eigenvalue of a block of correlations below which its items repeat each other
SLACK = 1e-9  # by which a correlation may exceed 1 through rounding
BROKEN = ("constant_item", "singular_block", "not_converged")
INADMISSIBLE = (
    "rho_not_positive", "rho_above_1", "loading_above_1", "correlation_above_1", "r_squared_above_1",
    "not_positive_definite",
)  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """One thing that may be wrong, looked for in B solutions.

    Parameters
    ----------
    code : str
        One of `BROKEN` (there is no solution) or `INADMISSIBLE` (PLSc gave numbers that cannot be).
    of : str
        ``item``, ``construct`` or ``model``: what the columns of `hit` stand for.
    hit : ndarray of bool, shape (B, p or q or 1)
    value : ndarray of float, same shape
        The number that is out of bounds; NaN where there is none to show.
    """

    code: str
    of: str
    hit: np.ndarray
    value: np.ndarray


def find_faults(matrix: np.ndarray, solution: Solution, design: Design, *, consistent: bool) -> list[Fault]:
    """Look for every fault in B solutions of correlation matrices of p items.

    Parameters
    ----------
    matrix : ndarray, shape (B, p, p)
        Correlations of the items; NaN on the diagonal for an item that is constant.
    solution : Solution
    design : Design
    consistent : bool
        Whether the solution is one of PLSc; only then can it be inadmissible.

    Returns
    -------
    list of Fault
        In the order in which a solution with several is counted: causes before consequences.
    """
    constant = np.isnan(np.diagonal(matrix, axis1=1, axis2=2))
    found = [
        _fault("constant_item", "item", constant),
        _fault("singular_block", "construct", _singular(matrix, solution, design)),
        _fault("not_converged", "model", ~solution.converged[:, None]),
    ]
    return found + _inadmissible(solution, design) if consistent else found


def _inadmissible(solution: Solution, design: Design) -> list[Fault]:
    """Return the faults that only a correction for measurement error can bring about."""
    loading = np.abs(solution.loadings)
    with np.errstate(invalid="ignore"):  # NaN where rho_A is negative, which is a fault of its own
        relation = np.abs(solution.correlations * ~np.eye(len(design.edges), dtype=bool)).max(axis=2)
    least = least_eigenvalue(solution.correlations)[:, None]
    rho, r_squared = solution.rho, solution.r_squared
    return [
        _fault("rho_not_positive", "construct", design.common & ~(rho > 0), rho),
        _fault("rho_above_1", "construct", design.common & (rho > 1 + SLACK), rho),
        _fault("loading_above_1", "item", loading > 1 + SLACK, solution.loadings),
        _fault("correlation_above_1", "construct", relation > 1 + SLACK, relation),
        _fault("r_squared_above_1", "construct", r_squared > 1 + SLACK, r_squared),
        _fault("not_positive_definite", "model", ~(least > 0), least),
    ]


def _singular(matrix: np.ndarray, solution: Solution, design: Design) -> np.ndarray:
    """Constructs whose weights or regression have no solution, shape (B, q)."""
    own = np.take_along_axis(solution.weights, design.block[None, :, None], axis=2)[..., 0]
    bad = np.stack([~np.isfinite(own[:, design.items(j)]).all(axis=1) for j in range(len(design.edges))], axis=1)
    between = np.swapaxes(solution.weights, 1, 2) @ solution.cross_loadings
    for construct in range(len(design.edges)):
        items, sources = design.items(construct), np.flatnonzero(design.edges[:, construct])
        if design.formative[construct]:
            bad[:, construct] |= least_eigenvalue(matrix[:, items[:, None], items]) < SINGULAR
        if len(sources) > 1:
            bad[:, construct] |= least_eigenvalue(between[:, sources[:, None], sources]) < SINGULAR
    return bad


def least_eigenvalue(matrices: np.ndarray) -> np.ndarray:
    """Smallest eigenvalue of B symmetric matrices; NaN for those with a blank."""
    whole = np.isfinite(matrices).all(axis=(1, 2))
    found = np.full(len(matrices), np.nan)
    found[whole] = np.linalg.eigvalsh(matrices[whole])[:, 0]
    return found


def _fault(code: str, of: str, hit: np.ndarray, value: np.ndarray | None = None) -> Fault:
    return Fault(code, of, hit, np.full(hit.shape, np.nan) if value is None else np.broadcast_to(value, hit.shape))
