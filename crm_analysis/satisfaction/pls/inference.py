"""Bootstrap inference on a PLS model: its tables with intervals, and what they allow to be said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crm_analysis.intervals import holm
from crm_analysis.satisfaction.pls.algorithm import Solution, total_effects
from crm_analysis.satisfaction.pls.design import Design
from crm_analysis.satisfaction.pls.effects import ARROW, indirect_ways, joined_pairs, way_effects
from crm_analysis.satisfaction.pls.limits import spread
from crm_analysis.satisfaction.pls.resampling import Resamples, jackknife, resample
from crm_analysis.satisfaction.survey.moments import Moments

if TYPE_CHECKING:
    from crm_analysis.satisfaction.pls.estimator import PLS

Statistic = Callable[[Moments, Solution, Design], np.ndarray]


@dataclass(frozen=True)
class Bootstrap:
    """Tables of a fitted PLS model with bootstrap intervals.

    Parameters
    ----------
    paths : pandas.DataFrame
        source, target, path with limits, standard_error, bootstrap_bias, p, p_holm (over all paths).
    effects : pandas.DataFrame
        source, target; direct_effect, indirect_effect and total_effect, each with limits.
    specific_indirect : pandas.DataFrame
        source, via, target, indirect_effect with limits, standard_error, bootstrap_bias, p: one row for each way.
    weights, loadings : pandas.DataFrame, index item
        construct; weight or loading with limits, standard_error, bootstrap_bias.
    r_squared : pandas.DataFrame, index construct
        r_squared with limits, standard_error, bootstrap_bias.
    failures : pandas.DataFrame
        cause, name, replicates: resamples left out, each counted once.
    resamples : Resamples
        For statistics of one's own; see `statistic_table`.
    fitted : PLS
    level, kind
        As asked for.
    percentile_instead : int
        Statistics with percentile limits although BCa was asked for.
    """

    paths: pd.DataFrame
    effects: pd.DataFrame
    specific_indirect: pd.DataFrame
    weights: pd.DataFrame
    loadings: pd.DataFrame
    r_squared: pd.DataFrame
    failures: pd.DataFrame
    resamples: Resamples
    fitted: PLS
    level: float
    kind: str
    percentile_instead: int = 0

    def text(self, lang: str) -> str:
        """Return how the intervals were made, what they show and what they do not, in ``zh`` or ``en``."""
        from crm_analysis.satisfaction.pls.inference_texts import bootstrap_text

        return bootstrap_text(self, lang)


def bootstrap(
    fitted: PLS,
    *,
    draws: int = 5000,
    seed: int = 0,
    level: float = 0.95,
    kind: str = "percentile",
    signs: str = "orient",
) -> Bootstrap:
    """Draw the respondents of a fitted model again and give every estimate an interval.

    Parameters
    ----------
    fitted : PLS
        Fitted to answers, not to correlations alone.
    draws : int
    seed : int
        Same seed, same result.
    level : float in (0, 1)
    kind : {"percentile", "bca"}
        BCa corrects for bias and skewness and fits the model once more without each respondent.
    signs : {"orient", "construct", "none"}
        How the sign of a construct is settled in each resample; see `pls.signs`.

    Returns
    -------
    Bootstrap

    Raises
    ------
    InputError
        If more than 10 % of the resamples have no usable solution; up to that they are counted in `failures`.

    References
    ----------
    .. [1] Efron & Tibshirani (1993). An Introduction to the Bootstrap, chapters 13 and 14.
    .. [2] Streukens & Leroi-Werelds (2016). European Management Journal 34, 618-632 (bootstrap of PLS).

    Examples
    --------
    >>> from crm_analysis.satisfaction.pls.estimator import PLS
    >>> from crm_analysis.satisfaction.survey.model import PathModel
    >>> rng = np.random.default_rng(1)
    >>> survey = pd.DataFrame({"x1": rng.normal(size=80)})
    >>> survey["y1"] = survey["x1"] + rng.normal(size=80)
    >>> model = PathModel({"x": ["x1"], "y": ["y1"]}, [("x", "y")])
    >>> bootstrap(PLS(model).fit(survey), draws=200).paths[["path", "path_low", "path_high"]].round(2).values.tolist()
    [[0.66, 0.54, 0.75]]
    """
    drawn = resample(fitted, draws=draws, seed=seed, signs=signs)
    without = jackknife(fitted) if kind == "bca" else None

    how = {"level": level, "kind": kind, "without": without}

    def table(statistic: Statistic, name: str, index: pd.Index | None = None) -> pd.DataFrame:
        return statistic_table(fitted, drawn, statistic, name=name, index=index, **how)

    model, own = fitted.model, fitted.weights_[["construct"]]
    tables = {
        "paths": _paths(fitted, table),
        "effects": _effects(fitted, table),
        "specific_indirect": _ways(fitted, table),
        "weights": table(lambda _m, s, _d: s.weights.sum(axis=2), "weight", own.index),
        "loadings": table(lambda _m, s, _d: s.loadings, "loading", own.index),
        "r_squared": table(_r_squared, "r_squared", pd.Index(model.endogenous, name="construct")),
    }
    instead = sum(part.attrs["percentile_instead"] for part in tables.values())
    tables = {name: _shown(part, own if name in ("weights", "loadings") else None) for name, part in tables.items()}
    return Bootstrap(**tables, failures=drawn.failures.reset_index(), resamples=drawn, fitted=fitted, level=level,
                     kind=kind, percentile_instead=instead)  # fmt: skip


def statistic_table(
    fitted: PLS,
    resamples: Resamples,
    statistic: Statistic,
    *,
    name: str = "estimate",
    index: pd.Index | None = None,
    level: float = 0.95,
    kind: str = "percentile",
    without: Resamples | None = None,
) -> pd.DataFrame:
    """Value of a statistic at the fit, with its bootstrap interval.

    Parameters
    ----------
    fitted : PLS
    resamples : Resamples
        From `resample`.
    statistic : callable
        Of moments, solution and design, each with a leading axis of B replicates; returns an array (B, ...), of which
        what follows the leading axis is laid out row by row.
    name : str
        Of the column.
    index : pandas.Index, optional
        Of the table, one label for each number.
    level : float in (0, 1)
    kind : {"percentile", "bca"}
    without : Resamples, optional
        From `jackknife`, to spare it being done again for each table; used for "bca".

    Returns
    -------
    pandas.DataFrame
        `name` with limits, standard_error, bootstrap_bias and p (two-sided, of the value 0, agreeing with the limits).
        Limits, standard_error and p are NaN where the number is fixed by the model (the loading of a single item).
        ``attrs``: undefined (replicates in which a number has no value, at most) and percentile_instead (numbers with
        percentile limits although BCa was asked for).

    Examples
    --------
    >>> from crm_analysis.satisfaction.pls.estimator import PLS
    >>> from crm_analysis.satisfaction.survey.model import PathModel
    >>> rng = np.random.default_rng(1)
    >>> survey = pd.DataFrame(rng.normal(size=(80, 1)) + rng.normal(size=(80, 3)), columns=["x1", "x2", "y1"])
    >>> fitted = PLS(PathModel({"x": ["x1", "x2"], "y": ["y1"]}, [("x", "y")])).fit(survey)
    >>> table = statistic_table(fitted, fitted.resample(draws=200), lambda m, s, d: s.loadings, name="loading")
    >>> table.columns.tolist()
    ['loading', 'loading_low', 'loading_high', 'standard_error', 'bootstrap_bias', 'p']
    """
    if kind == "bca" and without is None:
        without = jackknife(fitted)
    estimate = _values(statistic, lead(fitted.moments_), fitted.solution_, fitted.design_)[0]
    drawn = _values(statistic, resamples.moments, resamples.solution, fitted.design_)
    left = None if without is None else _values(statistic, without.moments, without.solution, fitted.design_)
    found = spread(estimate, drawn, level=level, kind=kind, jackknife=left)
    columns = {name: estimate, f"{name}_low": found.low, f"{name}_high": found.high, "standard_error": found.error}
    table = pd.DataFrame(columns | {"bootstrap_bias": found.bias, "p": found.p}, index=index)
    table.attrs = {
        "undefined": int(found.undefined.max(initial=0)),
        "percentile_instead": int(found.percentile.sum()),
    }
    return table


def lead(moments: Moments) -> Moments:
    """Return the moments of one sample with a leading axis of length 1, as statistics expect them."""
    return Moments(moments.items, moments.correlations[None], moments.means[None], moments.sds[None], moments.n)


def _values(statistic: Statistic, moments: Moments, solution: Solution, design: Design) -> np.ndarray:
    values = np.asarray(statistic(moments, solution, design), float)
    return values.reshape(len(values), -1)


def _paths(fitted: PLS, table: Callable) -> pd.DataFrame:
    names = list(fitted.model.constructs)
    rows, columns = ([names.index(edge[k]) for edge in fitted.model.paths] for k in (0, 1))
    found = table(lambda _m, s, _d: s.paths[:, rows, columns], "path")
    ends = fitted.paths_[["source", "target"]]
    return _beside(ends, found.assign(p_holm=holm(found["p"])))


def _effects(fitted: PLS, table: Callable) -> pd.DataFrame:
    rows, columns = joined_pairs(fitted.design_.edges).T
    ways = {
        "direct_effect": lambda _m, s, _d: s.paths[:, rows, columns],
        "indirect_effect": lambda _m, s, _d: (total_effects(s.paths) - s.paths)[:, rows, columns],
        "total_effect": lambda _m, s, _d: total_effects(s.paths)[:, rows, columns],
    }
    parts = [table(statistic, name).iloc[:, :3] for name, statistic in ways.items()]
    together = pd.concat(parts, axis=1)
    together.attrs = {"percentile_instead": sum(part.attrs["percentile_instead"] for part in parts)}
    return _beside(fitted.effects_[["source", "target"]], together)


def _ways(fitted: PLS, table: Callable) -> pd.DataFrame:
    ways = indirect_ways(fitted.model)
    ends = pd.DataFrame(
        {"source": [way[0] for way in ways], "via": [ARROW.join(way[1:-1]) for way in ways],
         "target": [way[-1] for way in ways]}
    )  # fmt: skip
    return _beside(ends, table(lambda _m, s, _d: way_effects(s, fitted.model), "indirect_effect"))


def _r_squared(_moments: Moments, solution: Solution, design: Design) -> np.ndarray:
    return solution.r_squared[:, design.edges.any(axis=0)]


def _beside(ends: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    joined = pd.concat([ends, table], axis=1)
    joined.attrs = table.attrs
    return joined


def _shown(table: pd.DataFrame, own: pd.DataFrame | None) -> pd.DataFrame:
    """Put the construct beside an item, and leave p out where the value 0 is no question."""
    table.attrs = {}
    keep = table if "source" in table else table.drop(columns="p")
    return keep if own is None else own.join(keep)
