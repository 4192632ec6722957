"""How reliably each construct of a fitted model is measured: alpha, omega, rho_A, rho_C and AVE, with intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.measurement.coefficients import (
    alpha_of,
    average_variance,
    composite_reliability,
    feldt,
)
from crm_analysis.satisfaction.measurement.factor import one_factor
from crm_analysis.satisfaction.measurement.replicates import MOST_LOST, Replicates, columns, stacked
from crm_analysis.satisfaction.pls.algorithm import Solution
from crm_analysis.satisfaction.pls.consistent import corrected, rho_a
from crm_analysis.satisfaction.pls.design import Design
from crm_analysis.satisfaction.survey.moments import Moments

if TYPE_CHECKING:
    from crm_analysis.satisfaction.pls.estimator import PLS

MEASURES = ("alpha_standardised", "alpha_raw", "omega", "rho_a", "rho_c", "ave")
LOADINGS = ("pls", "plsc")


def reliability_table(
    fitted: PLS, *, replicates: Replicates | None = None, loadings: str | None = None, level: float = 0.95
) -> pd.DataFrame:
    """Reliability of each construct that is taken to cause its items.

    Parameters
    ----------
    fitted : PLS
    replicates : Replicates, optional
        From `replicates.draw`; without them only raw alpha has an interval, Feldt's.
    loadings : {"pls", "plsc"}, optional
        Of which rho_C and AVE are made; as the model was fitted when left out. PLS loadings hold measurement error
        and make both look better than they are.
    level : float in (0, 1)

    Returns
    -------
    pandas.DataFrame, index construct
        mode, item_count; each of alpha_standardised, alpha_raw, omega, rho_a, rho_c, ave with percentile limits;
        feldt_low and feldt_high (of raw alpha); loadings_of ("pls" or "plsc"); heywood_share (of the replicates);
        omega_note (why there is no omega: two_items, heywood, signs_differ) and reliability_note (why there is nothing:
        single_item, formative, composite; or no_sds, negative_items, rho_a_above_1).

    Raises
    ------
    InputError
        If `loadings` is neither.

    References
    ----------
    .. [1] Dijkstra & Henseler (2015). MIS Quarterly 39, 297-316 (rho_A).
    .. [2] Fornell & Larcker (1981). Journal of Marketing Research 18, 39-50 (AVE).

    Examples
    --------
    >>> from crm_analysis.satisfaction.pls.estimator import PLS
    >>> from crm_analysis.satisfaction.pls.templates import ecsi
    >>> from crm_analysis.satisfaction.survey.moments import mobi
    >>> table = reliability_table(PLS(ecsi()).fit_moments(mobi()))
    >>> table.loc["loyalty", ["alpha_standardised", "rho_c"]].astype(float).round(6).tolist()
    [0.472399, 0.721706]
    """
    kind = loadings or ("plsc" if fitted.consistent else "pls")
    if kind not in LOADINGS:
        raise InputError(f"loadings={loadings!r} is none of {', '.join(LOADINGS)}", where="reliability_table")
    design, moments = fitted.design_, fitted.moments_
    point = _coefficients(stacked(moments), fitted.solution_, design, kind)
    drawn = _coefficients(replicates.moments, replicates.solution, design, kind) if replicates else {}
    names = list(fitted.model.constructs)
    size = design.member.sum(axis=0).astype(int)
    table = {"mode": [fitted.model.mode(name) for name in names], "item_count": size}
    for name in MEASURES:
        table |= columns(name, point[name][0], drawn.get(name), level=level)
    exact = [feldt(value, k=k, n=moments.n, level=level) for value, k in zip(point["alpha_raw"][0], size)]
    table |= {"feldt_low": [limit.low for limit in exact], "feldt_high": [limit.high for limit in exact]}
    table |= {"loadings_of": kind}
    heywood = drawn["heywood"].mean(axis=0) if drawn else np.full(len(names), np.nan)
    table |= {"heywood_share": np.where(size > 2, heywood, np.nan)}
    found = pd.DataFrame(table, index=pd.Index(names, name="construct"))
    notes = [_note(fitted, row, point) for row in range(len(names))]
    found["omega_note"] = [_omega_note(row, size, point, design, found) for row in range(len(names))]
    return found.assign(reliability_note=notes)


def own_loadings(correlations: np.ndarray, solution: Solution, design: Design, kind: str) -> np.ndarray:
    """Loading of each item on its own construct, shape (B, p): correlations with scores, or corrected (PLSc).

    Only reflective constructs of two and more items are corrected.
    """
    plain = np.take_along_axis(solution.cross_loadings, design.block[None, :, None], axis=2)[..., 0]
    if kind == "pls":
        return plain
    rho = rho_a(correlations, solution.weights, design)
    return corrected(plain, solution.weights, solution.correlations, rho, design)[0]


def _coefficients(moments: Moments, solution: Solution, design: Design, kind: str) -> dict[str, np.ndarray]:
    """Each measure for B replicates and q constructs; NaN where a construct is not reflective."""
    correlations = moments.correlations
    shape = (len(correlations), design.member.shape[1])
    found = {name: np.full(shape, np.nan) for name in MEASURES}
    found |= {"heywood": np.zeros(shape, bool), "solved": np.zeros(shape, bool)}
    covariance = correlations * moments.sds[:, :, None] * moments.sds[:, None, :]
    loadings, rho = own_loadings(correlations, solution, design, kind), rho_a(correlations, solution.weights, design)
    for place in np.flatnonzero(design.common):
        items = design.items(place)
        block = correlations[:, items[:, None], items]
        factor = one_factor(block)
        usable = factor.solved & ~factor.heywood
        found["heywood"][:, place], found["solved"][:, place] = factor.heywood, factor.solved
        found["alpha_standardised"][:, place] = alpha_of(block)
        found["alpha_raw"][:, place] = alpha_of(covariance[:, items[:, None], items])
        found["omega"][:, place] = np.where(usable, composite_reliability(factor.loadings), np.nan)
        found["rho_a"][:, place] = rho[:, place]
        found["rho_c"][:, place] = composite_reliability(loadings[:, items])
        found["ave"][:, place] = average_variance(loadings[:, items])
    return found


def _note(fitted: PLS, place: int, point: dict[str, np.ndarray]) -> str:
    model, name = fitted.model, fitted.model.constructs[place]
    if len(model.blocks[name]) == 1:
        return "single_item"
    if not model.reflective(name):
        return "formative" if model.mode(name) == "B" else "composite"
    own = fitted.solution_.cross_loadings[0][fitted.design_.items(place), place]
    if (own < 0).any():
        return "negative_items"
    if point["rho_a"][0, place] > 1:
        return "rho_a_above_1"
    return "no_sds" if np.isnan(point["alpha_raw"][0, place]) else ""


def _omega_note(place: int, size: np.ndarray, point: dict[str, np.ndarray], design: Design, table: pd.DataFrame) -> str:
    if not design.common[place]:
        return ""
    if size[place] < 3:
        return "two_items"
    if point["heywood"][0, place]:
        return "heywood"
    if not point["solved"][0, place]:
        return "signs_differ"
    return "heywood_replicates" if table["heywood_share"].iloc[place] > MOST_LOST else ""
