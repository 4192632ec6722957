"""Whether predictors repeat each other: variance inflation, and what each adds to R2."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crm_analysis.satisfaction.measurement.replicates import Replicates, columns
from crm_analysis.satisfaction.pls.algorithm import Solution, solve_each
from crm_analysis.satisfaction.pls.design import Design
from crm_analysis.satisfaction.pls.effects import f_squared

if TYPE_CHECKING:
    from crm_analysis.satisfaction.pls.estimator import PLS


def vif(correlations: np.ndarray) -> np.ndarray:
    r"""Variance inflation factors of predictors, :math:`\mathrm{diag}(R^{-1})`, shape (B, k, k) to (B, k).

    A predictor that the others determine wholly has NaN.

    Examples
    --------
    >>> vif(np.array([[[1, 0.6], [0.6, 1]]])).round(4).tolist()
    [[1.5625, 1.5625]]
    """
    count, k = correlations.shape[:2]
    unit = np.eye(k)
    found = [solve_each(correlations, np.broadcast_to(unit[place], (count, k)))[:, place] for place in range(k)]
    inflated = np.stack(found, axis=1)
    return np.where(inflated > 0, inflated, np.nan)


def collinearity_table(fitted: PLS, *, replicates: Replicates | None = None, level: float = 0.95) -> pd.DataFrame:
    """Every path with the inflation of its variance and its effect size; items of formative (Mode B) blocks after.

    Parameters
    ----------
    fitted : PLS
    replicates : Replicates, optional
        From `replicates.draw`, for intervals.
    level : float in (0, 1)

    Returns
    -------
    pandas.DataFrame, index (outcome, predictor)
        predictor_kind (construct or item), vif and f_squared with limits (f_squared is blank for items). For an item
        the outcome is the construct it forms.

    References
    ----------
    .. [1] Hair, Risher, Sarstedt & Ringle (2019). European Business Review 31, 2-24 (VIF below 3, at most 5).

    Examples
    --------
    >>> from crm_analysis.satisfaction.pls.estimator import PLS
    >>> from crm_analysis.satisfaction.pls.templates import ecsi
    >>> from crm_analysis.satisfaction.survey.moments import mobi
    >>> table = collinearity_table(PLS(ecsi()).fit_moments(mobi()))
    >>> table["vif"].idxmax()
    ('satisfaction', 'quality')
    """
    model, design = fitted.model, fitted.design_
    names, items = list(model.constructs), list(model.items)
    point = _paths(fitted.solution_, design) | _formed(fitted.moments_.correlations[None], design)
    drawn = {}
    if replicates:
        drawn = _paths(replicates.solution, design) | _formed(replicates.moments.correlations, design)
    rows, kinds = [], []
    edges = [("construct", names.index(target), names.index(source)) for source, target in model.paths]
    for key in edges + [key for key in point if key[0] == "item"]:
        kind, target, source = key
        label = names[source] if kind == "construct" else items[source]
        both = {}
        for place, name in enumerate(("vif", "f_squared")):
            both |= columns(name, point[key][0, place], drawn[key][:, place] if drawn else None, level=level)
        rows.append({"outcome": names[target], "predictor": label} | {name: float(x) for name, x in both.items()})
        kinds.append(kind)
    table = pd.DataFrame(rows)
    table.insert(2, "predictor_kind", kinds)
    return table.set_index(["outcome", "predictor"])


def _paths(solution: Solution, design: Design) -> dict[tuple[str, int, int], np.ndarray]:
    """VIF and f2 of each path, shape (B, 2)."""
    found, effect = {}, f_squared(solution, design)
    effect = np.where(solution.r_squared[:, None, :] < 1, effect, np.nan)  # R2 of 1 or more: PLSc, inadmissible
    for target in np.flatnonzero(design.edges.any(axis=0)):
        sources = np.flatnonzero(design.edges[:, target])
        inflated = vif(solution.correlations[:, sources[:, None], sources])
        for place, source in enumerate(sources):
            both = [inflated[:, place], effect[:, source, target]]
            found["construct", int(target), int(source)] = np.stack(both, axis=1)
    return found


def _formed(correlations: np.ndarray, design: Design) -> dict[tuple[str, int, int], np.ndarray]:
    """VIF of each item of a formative block of two or more items, f2 blank."""
    found = {}
    for target in np.flatnonzero(design.formative & (design.member.sum(axis=0) > 1)):
        items = design.items(target)
        inflated = vif(correlations[:, items[:, None], items])
        for place, item in enumerate(items):
            found["item", int(target), int(item)] = np.stack(
                [inflated[:, place], np.full(len(inflated), np.nan)], axis=1
            )
    return found
