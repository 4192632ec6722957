"""What the model says would follow if some indices were higher or lower: a conditional sentence, not a forecast."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.intervals import Estimate
from crm_analysis.satisfaction.index.ipma import ImportancePerformance
from crm_analysis.satisfaction.index.points import FULL, Points, find_construct, limits
from crm_analysis.satisfaction.index.texts import what_if_text
from crm_analysis.satisfaction.survey.model import PathModel


@dataclass(frozen=True)
class WhatIf:
    """Indices now and under a change, for the constructs changed and all that follow from them.

    Parameters
    ----------
    table : pandas.DataFrame, index construct
        what_if_role (change_supposed or change_follows); index_now, index_then and their difference index_change, the
        latter two with interval; index_capped: an end of the scale cut the change.
    changes : dict of construct to float
        As asked for, in points.
    target : str
    level : float
    model : PathModel
    """

    table: pd.DataFrame
    changes: dict[str, float]
    target: str
    level: float
    model: PathModel = field(repr=False)

    @property
    def change(self) -> Estimate:
        """Change of the target's index, in points."""
        row = self.table.loc[self.target, ["index_change", "index_change_low", "index_change_high"]]
        return Estimate(*map(float, row))

    def text(self, lang: str) -> str:
        """Say the answer in the conditional, with what it takes for granted."""
        return what_if_text(self, lang)


def what_if(ipma: ImportancePerformance, changes: Mapping[str, float]) -> WhatIf:
    r"""Indices that would follow, by the model, if those of some constructs were higher or lower.

    .. math:: \Delta_k = \sum_j b^*_{jk}\, \Delta_j

    That is for every construct k that is not changed itself. One that is takes the change asked for, whatever leads
    to it: two changes of which one acts on the other are not counted twice. Every index stays between 0 and 100.
    Intervals are those of the bootstrap; they tell how exactly the paths are known, not whether the paths are causes.

    Parameters
    ----------
    ipma : ImportancePerformance
    changes : dict of construct to float
        Points by which its index would move; the target must follow from one of them.

    Returns
    -------
    WhatIf

    Raises
    ------
    InputError
        If a construct is unknown, is the target itself or does not act on it, or a change is no number.

    References
    ----------
    .. [1] Ringle & Sarstedt (2016). Industrial Management & Data Systems 116, 1865-1886.
    .. [2] Pearl (2009). Causality, 2nd edition, section 5.3 (effects in linear models).

    Examples
    --------
    >>> from crm_analysis.satisfaction.pls.estimator import PLS
    >>> from crm_analysis.satisfaction.index.ipma import importance_performance
    >>> from crm_analysis.satisfaction.pls.templates import ecsi
    >>> from crm_analysis.satisfaction.survey.moments import mobi
    >>> ipma = importance_performance(PLS(ecsi(low=1, high=10)).fit_moments(mobi()))
    >>> round(what_if(ipma, {"quality": 5}).change.value, 3)
    3.199
    """
    model = ipma.model
    asked = _checked(ipma, changes)
    now = ipma.point.index[0]
    moved = propagate(ipma.point, asked)[0]
    drawn = None if ipma.drawn is None else propagate(ipma.drawn, asked)
    low, high = limits(drawn, ipma.level, now.shape)
    then_low, then_high = limits(None if drawn is None else ipma.drawn.index + drawn, ipma.level, now.shape)
    free = propagate(ipma.point, asked, capped=False)[0]
    at_end = np.isin(now + moved, (0.0, FULL))
    changed = np.isin(np.arange(len(now)), list(asked))
    table = pd.DataFrame(
        {
            "what_if_role": np.where(changed, "change_supposed", "change_follows"), "index_now": now,
            "index_then": now + moved, "index_then_low": then_low, "index_then_high": then_high,
            "index_change": moved, "index_change_low": low, "index_change_high": high,
            "index_capped": at_end & (free != moved),
        },
        index=pd.Index(model.constructs, name="construct"),
    )  # fmt: skip
    return WhatIf(table[changed | (free != 0)], dict(changes), ipma.target, ipma.level, model)


def propagate(found: Points, changes: Mapping[int, float], *, capped: bool = True) -> np.ndarray:
    """Change of each construct's index in each of B fits, shape (B, q), along the paths from the sources down."""
    moved = np.zeros_like(found.index)
    for place in _order(found.paths):
        step = changes[place] if place in changes else (moved * found.paths[:, :, place]).sum(axis=1)
        here = found.index[:, place]
        moved[:, place] = (
            np.where(here + step > FULL, FULL - here, np.where(here + step < 0, -here, step)) if capped else step
        )
    return moved


def _order(paths: np.ndarray) -> list[int]:
    """Places of the constructs, each after those that act on it."""
    edges = (paths != 0).any(axis=0)
    depth = np.zeros(len(edges), int)
    for _ in edges:
        depth = np.where(edges.any(axis=0), (edges * (depth + 1)[:, None]).max(axis=0), 0)
    return np.argsort(depth, kind="stable").tolist()


def _checked(ipma: ImportancePerformance, changes: Mapping[str, float]) -> dict[int, float]:
    if not changes:
        raise InputError("no change was named", where="changes", mend='{"quality": +5}', zh="没有给出任何变动")
    places = {name: find_construct(ipma.model, name, "changes") for name in changes}
    idle = [name for name in changes if name not in ipma.constructs.index]
    wrong = [f"{name}: {points!r}" for name, points in changes.items() if not _is_number(points)]
    problems = [f"{name} does not act on {ipma.target}" for name in idle] + [f"{text} is no number" for text in wrong]
    if problems:
        raise InputError("; ".join(problems), where="changes", expected=", ".join(ipma.constructs.index),
                         zh="只能设定作用于目标的潜变量的变动分数")  # fmt: skip
    return {places[name]: float(points) for name, points in changes.items()}


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float, np.number)) and not isinstance(value, bool) and bool(np.isfinite(value))
