"""Importance-performance map analysis (IPMA): what moves the target index, and how well it does now."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.intervals import Estimate
from crm_analysis.satisfaction.index.index import item_table
from crm_analysis.satisfaction.index.points import Points, find_construct, limits, point_fit, point_replicates
from crm_analysis.satisfaction.index.texts import ipma_text
from crm_analysis.satisfaction.pls.algorithm import total_effects
from crm_analysis.satisfaction.pls.estimator import PLS
from crm_analysis.satisfaction.survey.model import PathModel

QUADRANTS = ("concentrate_here", "keep_up", "low_priority", "possible_overkill")
SETTLED = 0.8  # share of resamples in one quadrant from which it is named without reserve


@dataclass(frozen=True)
class ImportancePerformance:
    """Importance for a target and performance, of its drivers and of their items.

    Parameters
    ----------
    target : str
    constructs : pandas.DataFrame, index construct
        importance: points of the target's index per point of the driver's, by all ways of paths; performance: the
        driver's index; total_effect: the standardised one; each with interval. quadrant against the mean crosshair,
        quadrant_share: share of resamples in that quadrant, quadrant_settled: whether that is .8 or more.
    items : pandas.DataFrame, index item
        construct, importance (points of the target per point of the item, through its construct), performance (mean
        from 0 to 100), quadrant, quadrant_share, quadrant_settled.
    crosshair : dict of {"constructs", "items"} to (importance, performance)
        Means of the tables' columns.
    target_index : Estimate
    level : float
    replicates : int
    point : Points
        The fit.
    drawn : Points or None
        Its bootstrap replicates.
    model : PathModel
    """

    target: str
    constructs: pd.DataFrame
    items: pd.DataFrame
    crosshair: dict[str, tuple[float, float]]
    target_index: Estimate
    level: float
    replicates: int
    point: Points = field(repr=False)
    drawn: Points | None = field(repr=False)
    model: PathModel = field(repr=False)

    def first(self) -> tuple[str, float]:
        """Return the driver of largest importance, whatever its sign, and the share of resamples in which it is first.

        The share is NaN without resamples.
        """
        names = list(self.constructs.index)
        first = str(self.constructs["importance"].abs().idxmax())
        if self.drawn is None:
            return first, float("nan")
        places = [self.model.constructs.index(name) for name in names]
        drawn = np.abs(self.drawn.effects[:, places, self.model.constructs.index(self.target)])
        return first, float((drawn.argmax(axis=1) == names.index(first)).mean())

    def text(self, lang: str) -> str:
        """Say what comes first, and what the map does not show."""
        return ipma_text(self, lang)


def importance_performance(
    fitted: PLS, *, target: str = "satisfaction", draws: int = 5000, seed: int = 0, level: float = 0.95
) -> ImportancePerformance:
    r"""Importance-performance map of the constructs, and of the items, that act on a target.

    .. math:: \text{importance}_j = T_{jk}\,\frac{s(I_k)}{s(I_j)}, \qquad \text{performance}_j = I_j

    Importance is the total effect in points of the target's index per point of the driver's index; an item's is its
    weight in the index times that. Each bootstrap draw estimates weights, paths, indices **and crosshair** anew, so
    ``quadrant_share`` tells how sure the quadrant is; high means at or above the mean.

    Parameters
    ----------
    fitted : PLS
        Of a model with low and high. From moments alone there are no intervals.
    target : str
        A construct that paths lead to.
    draws, seed : int
        Of the bootstrap; 0 draws for none.
    level : float in (0, 1)

    Returns
    -------
    ImportancePerformance

    Raises
    ------
    InputError
        If the target is unknown or nothing acts on it, or the scale's ends or the items' means are not known.

    References
    ----------
    .. [1] Ringle & Sarstedt (2016). Industrial Management & Data Systems 116, 1865-1886.
    .. [2] Martilla & James (1977). Journal of Marketing 41(1), 77-79 (quadrants).

    Examples
    --------
    >>> from crm_analysis.satisfaction.pls.templates import ecsi
    >>> from crm_analysis.satisfaction.survey.moments import mobi
    >>> found = importance_performance(PLS(ecsi(low=1, high=10)).fit_moments(mobi()))
    >>> found.constructs["importance"].round(4).to_dict()
    {'image': 0.4147, 'expectations': 0.4323, 'quality': 0.6398, 'value': 0.1383}
    """
    model = fitted.model
    place = find_construct(model, target, "target")
    here = point_fit(fitted)
    acting = np.flatnonzero(total_effects(fitted.design_.edges.astype(float))[:, place] > 0.5)
    if not len(acting):
        raise InputError(f"no path leads to {target}", where="target", expected=", ".join(model.endogenous),
                         mend="name a construct that others act on", zh=f"没有路径指向 {target}")  # fmt: skip
    drawn, _ = point_replicates(fitted, "unstandardised", draws=draws, seed=seed)
    items = np.flatnonzero(np.isin(fitted.design_.block, acting))
    names = pd.Index([model.constructs[j] for j in acting], name="construct")
    constructs, cross = _table(*_of_constructs(here, drawn, acting, place), level)
    total = _standardised(here, drawn, acting, place)
    constructs = constructs.set_axis(names)
    for key, values in _columns("total_effect", *total, level).items():
        constructs.insert(list(constructs).index("quadrant"), key, values)
    of_items, cross_items = _table(*_of_items(here, drawn, items, fitted.design_.block, place), level)
    own = item_table(fitted, here).iloc[items][["construct"]]
    low, high = limits(None if drawn is None else drawn.index[:, place], level, ())
    return ImportancePerformance(
        target, constructs, pd.concat([own, of_items.set_axis(own.index)], axis=1),
        {"constructs": cross, "items": cross_items}, Estimate(float(here.index[0, place]), float(low), float(high)),
        level, 0 if drawn is None else len(drawn.index), here, drawn, model,
    )  # fmt: skip


Pair = tuple[np.ndarray, np.ndarray]  # importance and performance, each of shape (B, things)


def _of_constructs(here: Points, drawn: Points | None, acting: np.ndarray, place: int) -> tuple[Pair, Pair | None]:
    def pair(found: Points) -> Pair:
        return found.effects[:, acting, place], found.index[:, acting]

    return pair(here), None if drawn is None else pair(drawn)


def _of_items(
    here: Points, drawn: Points | None, items: np.ndarray, block: np.ndarray, place: int
) -> tuple[Pair, Pair | None]:
    def pair(found: Points) -> Pair:
        return found.shares[:, items] * found.effects[:, block[items], place], found.items[:, items]

    return pair(here), None if drawn is None else pair(drawn)


def _standardised(
    here: Points, drawn: Points | None, acting: np.ndarray, place: int
) -> tuple[np.ndarray, np.ndarray | None]:
    """Total effects in standard deviations."""

    def of(found: Points) -> np.ndarray:
        return total_effects(found.coefficients)[:, acting, place]

    return of(here)[0], None if drawn is None else of(drawn)


def _table(here: Pair, drawn: Pair | None, level: float) -> tuple[pd.DataFrame, tuple[float, float]]:
    """Importance, performance and quadrant with intervals, and the crosshair."""
    parts = [None, None] if drawn is None else list(drawn)
    columns = _columns("importance", here[0][0], parts[0], level) | _columns("performance", here[1][0], parts[1], level)
    quadrant = _quadrants(*here)[0]
    share = np.full(quadrant.shape, np.nan) if drawn is None else (_quadrants(*drawn) == quadrant).mean(axis=0)
    columns |= {"quadrant": pd.Categorical.from_codes(quadrant, list(QUADRANTS)), "quadrant_share": share,
                "quadrant_settled": share >= SETTLED}  # fmt: skip
    return pd.DataFrame(columns), (float(here[0][0].mean()), float(here[1][0].mean()))


def _columns(name: str, value: np.ndarray, drawn: np.ndarray | None, level: float) -> dict[str, np.ndarray]:
    low, high = limits(drawn, level, value.shape)
    return {name: value, f"{name}_low": low, f"{name}_high": high}


def _quadrants(importance: np.ndarray, performance: np.ndarray) -> np.ndarray:
    """Place in `QUADRANTS` against the means of each row; at the mean is high."""
    important = importance >= importance.mean(axis=1, keepdims=True) - 1e-12
    good = performance >= performance.mean(axis=1, keepdims=True) - 1e-12
    return np.where(important, np.where(good, 1, 0), np.where(good, 3, 2))
