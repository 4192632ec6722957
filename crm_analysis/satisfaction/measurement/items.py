"""What each item does for its construct: loading, relation with the rest, alpha without it, other loadings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crm_analysis.satisfaction.measurement.coefficients import alpha_of
from crm_analysis.satisfaction.measurement.replicates import Replicates, columns, stacked
from crm_analysis.satisfaction.pls.algorithm import Solution
from crm_analysis.satisfaction.pls.design import Design
from crm_analysis.satisfaction.survey.moments import Moments

if TYPE_CHECKING:
    from crm_analysis.satisfaction.pls.estimator import PLS

DROPPED = ("alpha_raw", "alpha_raw_dropped", "alpha_standardised", "alpha_standardised_dropped")


def item_table(fitted: PLS, *, replicates: Replicates | None = None, level: float = 0.95) -> pd.DataFrame:
    """Each item of a fitted model: how it stands to its own construct, to the rest of its block and to the others.

    Parameters
    ----------
    fitted : PLS
    replicates : Replicates, optional
        From `replicates.draw`, for intervals.
    level : float in (0, 1)

    Returns
    -------
    pandas.DataFrame, index item
        construct, mode; loading (as the model was fitted) with limits; item_rest (correlation with the sum of the
        block's other items, as answered, or standardised where spreads are unknown) with limits; alpha_raw,
        alpha_raw_dropped, alpha_standardised, alpha_standardised_dropped (of the block, and of the block without the
        item; blank for blocks that are not reflective); other_construct and other_loading (the largest elsewhere),
        loading_lead (own correlation with scores less the other's size) with limits; reversed_suspect (see
        `suspects`).

    Examples
    --------
    >>> from crm_analysis.satisfaction.pls.estimator import PLS
    >>> from crm_analysis.satisfaction.pls.templates import ecsi
    >>> from crm_analysis.satisfaction.survey.moments import mobi
    >>> table = item_table(PLS(ecsi()).fit_moments(mobi()))
    >>> table.loc["CUSL2", ["loading", "alpha_raw", "alpha_raw_dropped"]].astype(float).round(3).tolist()
    [0.202, 0.442, 0.695]
    """
    design, names = fitted.design_, list(fitted.model.constructs)
    point = _items(stacked(fitted.moments_), fitted.solution_, design)
    drawn = _items(replicates.moments, replicates.solution, design) if replicates else {}
    own = [names[block] for block in design.block]
    table = {"construct": own, "mode": [fitted.model.mode(name) for name in own]}
    table |= columns("loading", fitted.solution_.loadings[0], replicates.solution.loadings if replicates else None,
                     level=level)  # fmt: skip
    table |= columns("item_rest", point["item_rest"][0], drawn.get("item_rest"), level=level)
    table |= {name: point[name][0] for name in DROPPED}
    other = point["other"][0].astype(int)
    several = len(names) > 1
    table |= {"other_construct": [names[place] if several else "" for place in other]}
    table |= {"other_loading": fitted.solution_.cross_loadings[0, range(len(own)), other]}
    table |= columns("loading_lead", point["loading_lead"][0], drawn.get("loading_lead"), level=level)
    found = pd.DataFrame(table, index=pd.Index(fitted.model.items, name="item"))
    return found.assign(reversed_suspect=suspects(found["loading"], found["item_rest"], found["construct"]))


def suspects(loading: pd.Series, item_rest: pd.Series, block: pd.Series) -> pd.Series:
    """Items that seem to be reversed: those that load negatively, or else, in a block without any, oppose the rest.

    Examples
    --------
    >>> loading, rest = pd.Series([0.8, 0.7, -0.6]), pd.Series([-0.1, 0.2, -0.5])
    >>> suspects(loading, rest, pd.Series(["a", "a", "a"])).tolist()
    [False, False, True]
    """
    negative = (loading < 0) & item_rest.notna()
    none = ~negative.groupby(block).transform("any")
    return negative | (none & (item_rest < 0))


def drop_columns(correlations: np.ndarray, sds: np.ndarray) -> dict[str, np.ndarray]:
    """Item-rest correlations and alphas with and without each item of one block, shape (B, k).

    Parameters
    ----------
    correlations : ndarray, shape (B, k, k)
    sds : ndarray, shape (B, k)
        NaN where unknown: then item-rest correlations are those of standardised items.
    """
    count, k = correlations.shape[:2]
    covariance = correlations * sds[:, :, None] * sds[:, None, :]
    summed = np.where(np.isnan(sds).any(axis=1)[:, None, None], correlations, covariance)
    found = {"item_rest": _item_rest(summed)}
    for name, matrix in (("alpha_raw", covariance), ("alpha_standardised", correlations)):
        found[name] = np.repeat(alpha_of(matrix)[:, None], k, axis=1)
        rests = [np.delete(np.arange(k), item) for item in range(k)]
        without = [alpha_of(matrix[:, rest[:, None], rest]) for rest in rests]
        found[f"{name}_dropped"] = np.stack(without, axis=1) if k > 1 else np.full((count, k), np.nan)
    return found


def _item_rest(covariance: np.ndarray) -> np.ndarray:
    """Correlation of each item with the sum of the others; NaN for a single item."""
    own = np.diagonal(covariance, axis1=1, axis2=2)
    rest = covariance.sum(axis=2) - own
    spread = covariance.sum(axis=(1, 2))[:, None] - 2 * rest - own
    with np.errstate(divide="ignore", invalid="ignore"):  # a single item has no rest
        return rest / np.sqrt(own * spread) if covariance.shape[1] > 1 else np.full(own.shape, np.nan)


def _items(moments: Moments, solution: Solution, design: Design) -> dict[str, np.ndarray]:
    """Item statistics of B replicates, shape (B, p)."""
    shape = moments.correlations.shape[:2]
    found = {name: np.full(shape, np.nan) for name in ("item_rest", *DROPPED)}
    for place in np.flatnonzero(design.common):
        items = design.items(place)
        block = drop_columns(moments.correlations[:, items[:, None], items], moments.sds[:, items])
        for name, values in block.items():
            found[name][:, items] = values
    cross = solution.cross_loadings
    elsewhere = np.where(design.member[None] > 0, -1.0, np.abs(cross))
    own = np.take_along_axis(cross, design.block[None, :, None], axis=2)[..., 0]
    best = elsewhere.max(axis=2)
    found["other"] = elsewhere.argmax(axis=2)
    found["loading_lead"] = np.where(best < 0, np.nan, own - best)
    return found
