"""Effects in a path model: direct, indirect by each way, total; and what each path adds to the explained variance."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crm_analysis.satisfaction.pls.algorithm import Solution, regressions, total_effects
from crm_analysis.satisfaction.pls.design import Design
from crm_analysis.satisfaction.survey.model import PathModel

if TYPE_CHECKING:
    from crm_analysis.satisfaction.pls.estimator import PLS

ARROW = " → "
SIZES = ((0.02, "small_effect"), (0.15, "medium_effect"), (0.35, "large_effect"))  # Cohen (1988), a convention


def joined_pairs(edges: np.ndarray) -> np.ndarray:
    """Return the pairs [i, j] of constructs with a way of paths from i to j, shape (pairs, 2)."""
    return np.argwhere(total_effects(edges.astype(float)) > 0.5)


def indirect_ways(model: PathModel) -> list[tuple[str, ...]]:
    """Return every way of two or more paths, as the constructs it passes, source first.

    Examples
    --------
    >>> model = PathModel({name: [name + "1"] for name in "abc"}, [("a", "b"), ("b", "c"), ("a", "c")])
    >>> indirect_ways(model)
    [('a', 'b', 'c')]
    """
    ways = (way for name in model.constructs for way in _ways_from(model, (name,)))
    order = {name: index for index, name in enumerate(model.constructs)}
    return sorted((way for way in ways if len(way) > 2), key=lambda way: (order[way[0]], order[way[-1]], len(way)))


def way_effects(solution: Solution, model: PathModel) -> np.ndarray:
    """Product of the coefficients along each of `indirect_ways`, shape (B, ways)."""
    place = {name: index for index, name in enumerate(model.constructs)}
    columns = [
        np.prod([solution.paths[:, place[a], place[b]] for a, b in pairwise(way)], axis=0)
        for way in indirect_ways(model)
    ]
    return np.stack(columns, axis=1) if columns else np.empty((len(solution.paths), 0))


def effect_table(paths: np.ndarray, design: Design, names: list[str]) -> pd.DataFrame:
    """Return source, target, direct_effect, indirect_effect, total_effect of all joined pairs, for one solution."""
    total = total_effects(paths)
    rows = [
        (names[i], names[j], paths[i, j], total[i, j] - paths[i, j], total[i, j]) for i, j in joined_pairs(design.edges)
    ]
    return pd.DataFrame(rows, columns=["source", "target", "direct_effect", "indirect_effect", "total_effect"])


def f_squared(solution: Solution, design: Design) -> np.ndarray:
    r"""Cohen's f2 of each path at [i, j]: what R2 of j loses without i, against what is left unexplained.

    .. math:: f^2_{ij} = \frac{R^2_j - R^2_{j \setminus i}}{1 - R^2_j}

    The scores are held fixed: only the regression is run again. NaN where there is no path; infinite where R2 is 1.

    Parameters
    ----------
    solution : Solution
    design : Design

    Returns
    -------
    ndarray, shape (B, q, q)

    References
    ----------
    .. [1] Cohen (1988). Statistical Power Analysis for the Behavioral Sciences, 2nd edition, p. 410.
    """
    found = np.full_like(solution.paths, np.nan)
    for i, j in np.argwhere(design.edges):
        fewer = np.zeros_like(design.edges)
        fewer[:, j] = design.edges[:, j]
        fewer[i, j] = False
        without = regressions(solution.correlations, fewer)[1][:, j] if fewer.any() else 0.0
        with np.errstate(divide="ignore", invalid="ignore"):  # R2 of 1: infinite
            found[:, i, j] = (solution.r_squared[:, j] - without) / (1 - solution.r_squared[:, j])
    return found


def effect_sizes(fitted: PLS) -> pd.DataFrame:
    """Return f2 of each path of a fitted model.

    Parameters
    ----------
    fitted : PLS

    Returns
    -------
    pandas.DataFrame
        source, target, f_squared, effect_size (no_effect below .02, then small_effect, medium_effect from .15,
        large_effect from .35: Cohen's convention).

    Examples
    --------
    >>> from crm_analysis.satisfaction.pls.estimator import PLS
    >>> from crm_analysis.satisfaction.pls.templates import ecsi
    >>> from crm_analysis.satisfaction.survey.moments import mobi
    >>> effect_sizes(PLS(ecsi()).fit_moments(mobi())).round(3).head(2)
      source        target  f_squared    effect_size
    0  image  expectations      0.342  medium_effect
    1  image  satisfaction      0.042   small_effect
    """
    names = list(fitted.model.constructs)
    values = f_squared(fitted.solution_, fitted.design_)[0]
    rows = [(a, b, values[names.index(a), names.index(b)]) for a, b in fitted.model.paths]
    table = pd.DataFrame(rows, columns=["source", "target", "f_squared"])
    labels = ["no_effect", *(name for _, name in SIZES)]
    bounds = [-np.inf, *(bound for bound, _ in SIZES), np.inf]
    return table.assign(effect_size=pd.cut(table["f_squared"], bounds, right=False, labels=labels))


def _ways_from(model: PathModel, way: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    yield way
    for source, target in model.paths:
        if source == way[-1]:
            yield from _ways_from(model, (*way, target))
