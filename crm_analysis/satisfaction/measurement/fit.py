"""Whether the model reproduces the correlations of the items: SRMR, d_ULS, d_G, and a bootstrap test of exact fit."""

from __future__ import annotations

from graphlib import TopologicalSorter
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.measurement.replicates import draw, quantile, root
from crm_analysis.satisfaction.pls.algorithm import Solution
from crm_analysis.satisfaction.pls.design import Design

if TYPE_CHECKING:
    from crm_analysis.satisfaction.pls.estimator import PLS

STRUCTURES = ("saturated", "estimated")
BLOCKS = ("auto", "factor", "composite")
DISTANCES = ("srmr", "d_uls", "d_g")
EXACT = 1e-10  # SRMR below which nothing but rounding is left


def implied_correlations(
    correlations: np.ndarray, solution: Solution, design: Design, *, structure: str, factors: bool
) -> np.ndarray:
    r"""Correlations of the items if the model held.

    Between blocks :math:`\lambda_a \rho_{ab} \lambda_b'`; within reflective blocks :math:`\lambda \lambda'` with a
    unit diagonal; within composites the correlations as they are.

    Parameters
    ----------
    correlations : ndarray, shape (B, p, p)
    solution : Solution
    design : Design
    structure : {"saturated", "estimated"}
        Correlations of constructs as found, or as the paths imply them.
    factors : bool
        Whether reflective blocks of two and more items are common factors; else every block is a composite.

    Returns
    -------
    ndarray, shape (B, p, p)
    """
    rho = solution.correlations if structure == "saturated" else path_correlations(solution, design)
    spread = design.member[None] * solution.loadings[:, :, None]
    implied = spread @ rho @ np.swapaxes(spread, 1, 2)
    same = design.block[:, None] == design.block[None, :]
    factor = (design.common & factors)[design.block]
    implied = np.where(same & ~factor[:, None], correlations, implied)
    implied[:, range(len(factor)), range(len(factor))] = 1.0
    return implied


def path_correlations(solution: Solution, design: Design) -> np.ndarray:
    """Correlations of constructs that the paths imply, errors unrelated; those of exogenous constructs as found.

    Examples
    --------
    >>> from crm_analysis.satisfaction.pls.estimator import PLS
    >>> from crm_analysis.satisfaction.pls.templates import ecsi
    >>> from crm_analysis.satisfaction.survey.moments import mobi
    >>> fitted = PLS(ecsi()).fit_moments(mobi())
    >>> float(path_correlations(fitted.solution_, fitted.design_)[0, 0, 2].round(3))  # image, quality: .505 x .557
    0.281
    """
    edges = design.edges
    order = list(TopologicalSorter({j: np.flatnonzero(edges[:, j]).tolist() for j in range(len(edges))}).static_order())
    exogenous = [place for place in order if not edges[:, place].any()]
    found = np.zeros_like(solution.correlations)
    found[:, range(len(edges)), range(len(edges))] = 1.0
    grid = np.ix_(range(len(found)), exogenous, exogenous)
    found[grid] = solution.correlations[grid]
    done = exogenous
    for target in (place for place in order if edges[:, place].any()):
        relation = (found[:, done] @ solution.paths[:, :, target, None])[..., 0]
        found[:, done, target] = found[:, target, done] = relation
        done = [*done, target]
    return found


def distances(observed: np.ndarray, implied: np.ndarray) -> dict[str, np.ndarray]:
    r"""How far implied correlations are from those observed, shape (B, p, p) to (B,).

    .. math:: \mathrm{SRMR} = \sqrt{\frac{\sum_{i \le j} (s_{ij} - \sigma_{ij})^2}{p(p+1)/2}}, \quad
        d_{ULS} = \tfrac12 \sum_{ij} (s_{ij} - \sigma_{ij})^2, \quad
        d_G = \tfrac12 \sum_i \ln^2 \varphi_i(S^{-1}\Sigma)

    d_G takes natural logarithms; cSEM takes those to the base 10, which makes its d_G 5.302 times smaller. It is NaN
    where a matrix is not positive definite.

    References
    ----------
    .. [1] Dijkstra & Henseler (2015). Computational Statistics & Data Analysis 81, 10-23.

    Examples
    --------
    >>> one, two = np.eye(2)[None], np.array([[[1, 0.3], [0.3, 1]]])
    >>> {name: round(float(value[0]), 4) for name, value in distances(one, two).items()}
    {'srmr': 0.1732, 'd_uls': 0.09, 'd_g': 0.098}
    """
    p = observed.shape[1]
    squares = (observed - implied) ** 2
    whole = squares.sum(axis=(1, 2))
    half = (whole + np.trace(squares, axis1=1, axis2=2)) / 2
    return {"srmr": np.sqrt(half / (p * (p + 1) / 2)), "d_uls": whole / 2, "d_g": _geodesic(observed, implied)}


def fit_table(fitted: PLS, *, draws: int = 0, seed: int = 0, blocks: str = "auto", level: float = 0.95) -> pd.DataFrame:
    r"""Distance between the correlations of the items and those the model implies, and a test of exact fit.

    The test draws the survey again from a world in which the model holds: rows :math:`Z S^{-1/2} \Sigma^{1/2}`. The
    p-value is the share of replicates at least as far off as the data are; a small one says that the model is wrong
    somewhere, not how badly.

    Parameters
    ----------
    fitted : PLS
    draws : int
        Replicates of the test; 0 for none.
    seed : int
    blocks : {"auto", "factor", "composite"}
        What reflective blocks are taken to be: common factors or composites; "auto": common factors if the model was
        fitted with PLSc (whose loadings are those of factors), composites otherwise.
    level : float in (0, 1)
        Of the critical values.

    Returns
    -------
    pandas.DataFrame, index structure (saturated, estimated)
        blocks_as (common_factor or composite), srmr, d_uls, d_g; for each `x_critical` (its quantile when the model
        holds) and `x_p`; fit_draws (replicates used) and fit_note (why there is no test: not_positive_definite,
        no world like that can be drawn; reproduced_exactly: the model leaves nothing to test, as with single items;
        items_are_scores, of other items).

    Raises
    ------
    InputError
        If `blocks` is unknown.

    References
    ----------
    .. [1] Dijkstra & Henseler (2015). Computational Statistics & Data Analysis 81, 10-23.
    .. [2] Henseler et al. (2014). Organizational Research Methods 17, 182-209 (SRMR in PLS).

    Examples
    --------
    >>> from crm_analysis.satisfaction.pls.estimator import PLS
    >>> from crm_analysis.satisfaction.pls.templates import ecsi
    >>> from crm_analysis.satisfaction.survey.moments import mobi
    >>> fit_table(PLS(ecsi()).fit_moments(mobi()))["srmr"].round(3).to_dict()
    {'saturated': 0.057, 'estimated': 0.123}
    """
    if blocks not in BLOCKS:
        raise InputError(f"blocks={blocks!r} is none of {', '.join(BLOCKS)}", where="fit_table")
    factors = fitted.consistent if blocks == "auto" else blocks == "factor"
    rows = [_row(fitted, structure, factors, draws, seed, level) for structure in STRUCTURES]
    return pd.DataFrame(rows, index=pd.Index(STRUCTURES, name="structure"))


def _row(fitted: PLS, structure: str, factors: bool, draws: int, seed: int, level: float) -> dict[str, object]:
    design, observed = fitted.design_, fitted.moments_.correlations[None]
    model = implied_correlations(observed, fitted.solution_, design, structure=structure, factors=factors)
    found = {name: float(value[0]) for name, value in distances(observed, model).items()}
    row = {"blocks_as": "common_factor" if factors else "composite"} | found
    note = _note(fitted, found)
    many = dict.fromkeys(DISTANCES, np.full(1, np.nan))
    if draws and not note:
        world = draw(fitted, draws=draws, seed=seed, truth=model[0])
        seen = world.moments.correlations
        many = distances(seen, implied_correlations(seen, world.solution, design, structure=structure, factors=factors))
    for name in DISTANCES:
        values = many[name][np.isfinite(many[name])]
        tested = len(values) > 0
        row[f"{name}_critical"] = float(quantile(values, level)) if tested else np.nan
        row[f"{name}_p"] = float((values >= found[name]).mean()) if tested else np.nan
    used = int(np.isfinite(many["srmr"]).sum())
    return row | {"fit_draws": used, "fit_note": note}


def _note(fitted: PLS, found: dict[str, float]) -> str:
    """Why there can be no test."""
    if not np.isfinite(found["d_g"]):
        return "not_positive_definite"
    if found["srmr"] < EXACT and not fitted.design_.common.any():
        return "reproduced_exactly"
    moved = fitted.answers_ is not None and tuple(map(str, fitted.answers_.frame)) != fitted.moments_.items
    return "items_are_scores" if moved else ""


def _geodesic(observed: np.ndarray, implied: np.ndarray) -> np.ndarray:
    found = np.full(len(observed), np.nan)
    usable = np.isfinite(observed).all(axis=(1, 2)) & np.isfinite(implied).all(axis=(1, 2))
    turn = root(observed[usable], -0.5)
    solid = np.isfinite(turn).all(axis=(1, 2))
    places = np.flatnonzero(usable)[solid]
    between = turn[solid] @ implied[places] @ turn[solid]
    values = np.linalg.eigvalsh(between)
    logs = np.log(np.where(values > 0, values, np.nan))
    found[places] = 0.5 * (logs**2).sum(axis=1)
    return found
