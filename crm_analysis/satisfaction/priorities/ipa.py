"""Importance-performance analysis in which the crosshair is estimated too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.intervals import check_level
from crm_analysis.satisfaction.priorities.clouds import DECIDED, chances, percentiles, redraws, region_frame
from crm_analysis.satisfaction.priorities.ipa_quadrants import CROSSHAIRS, QUADRANTS, quadrants
from crm_analysis.satisfaction.priorities.ipa_setup import Importance, Setup
from crm_analysis.satisfaction.priorities.ipa_text import ipa_text
from crm_analysis.satisfaction.priorities.respondents import (
    FEW,
    check_draws,
    check_mapping,
    effective_size,
    read_scaled,
    read_weights,
    settings_frame,
    weighting,
)
from crm_analysis.tables.ledger import TableLedger


@dataclass(frozen=True)
class Ipa:
    """Attributes by importance and performance.

    Parameters
    ----------
    table : pandas.DataFrame, index attribute
        See `ipa_table`.
    lines : pandas.DataFrame, index axis (ipa_performance, ipa_importance)
        The crosshair with its limits: line, line_low, line_high.
    choices : pandas.DataFrame, index attribute
        Quadrant under every crosshair and every kind of importance that the data allow.
    regions : pandas.DataFrame
        attribute, ipa_performance, ipa_importance: outline of the joint region at `level`.
    settings : pandas.DataFrame, index setting
    failures : pandas.DataFrame
        cause, failed_draws: resamples that could not be used.
    account : pandas.DataFrame, index item
        Answers and gaps by item.
    ledger : TableLedger
        Respondents used and left out.
    """

    table: pd.DataFrame
    lines: pd.DataFrame
    choices: pd.DataFrame
    regions: pd.DataFrame
    settings: pd.DataFrame
    failures: pd.DataFrame
    account: pd.DataFrame
    ledger: TableLedger

    def text(self, lang: str) -> str:
        """Return what the table says and what it does not, in Chinese (``zh``) or English (``en``)."""
        return ipa_text(self, lang)


def ipa_table(
    survey: pd.DataFrame,
    *,
    attributes: Mapping[str, str],
    importance: Importance | None = None,
    outcome: str | None = None,
    derived: str = "correlation",
    crosshair: str = "mean",
    low: float | None = None,
    high: float | None = None,
    missing_codes: Sequence[float] = (),
    reversed_items: Iterable[str] = (),
    missing: str = "listwise",
    weights: str | pd.Series | None = None,
    level: float = 0.95,
    draws: int = 1000,
    seed: int = 0,
) -> Ipa:
    """Place attributes by how well they are rated and how much they matter, and say how sure each quadrant is.

    Each resample of respondents finds means, importance and crosshair anew; the share of resamples in which an
    attribute lies in a quadrant is its chance. Below 80 % the attribute is not decided: a point near a line has no
    quadrant. (80 % is no high bar: of points exactly on a line four in ten pass it.) Quadrants hang on the choice
    of crosshair and of importance, so `choices` shows them all.

    Parameters
    ----------
    survey : pandas.DataFrame
        One row per respondent.
    attributes : dict of attribute to column
        Ratings of performance.
    importance : dict of attribute to column, or to number, Series or function, optional
        Columns: ratings of importance, on the same scale (stated). Numbers: importances found elsewhere, such as
        shares of drivers; they are held fixed, so that chances come out too sure. A function takes the answers of
        a resample (columns of `attributes` and the outcome) and returns one number per attribute, named by
        attribute or in their order.
    outcome : str, optional
        Column of overall satisfaction, for derived importance; with `importance` given it serves `choices` only.
    derived : {"correlation", "standardised", "relative_weight"}
        See `ipa_importance.derived_importance`.
    crosshair : {"midpoint", "mean", "median", "diagonal"}
        See `ipa_quadrants.quadrants`.
    low, high : float, optional
        Ends of the scale of the ratings; needed for ``midpoint``.
    missing_codes, reversed_items, missing
        As in `survey.answers.read_answers`; `missing` is listwise or mean.
    weights : str or Series, optional
        Weight of each respondent.
    level : float in (0, 1)
    draws, seed : int

    Returns
    -------
    Ipa
        Its table holds, by attribute: ipa_performance and ipa_importance with percentile limits, quadrant,
        p_quadrant, ipa_verdict (the quadrant, or ``not_decided``), decided, p_concentrate_here, p_keep_up,
        p_low_priority, p_possible_overkill, share_same (of `choices` with the same quadrant), wrong_sign (importance
        below 0). ``table.attrs``: respondents, effective_n, too_few.

    Raises
    ------
    InputError
        If there is no importance at all, columns are missing, fewer than two attributes are named, a choice is not
        possible, or attributes are collinear.

    References
    ----------
    .. [1] Martilla & James (1977). Journal of Marketing 41, 77-79.
    .. [2] Oh (2001). Tourism Management 22, 617-627 (crosshairs, stated and derived importance).

    Examples
    --------
    >>> survey = pd.DataFrame({"a": [5, 5, 4, 5] * 10, "b": [2, 1, 2, 3] * 10, "all": [2, 1, 2, 3] * 10})
    >>> found = ipa_table(survey, attributes={"page": "a", "speed": "b"}, outcome="all", draws=200)
    >>> found.table["ipa_verdict"].tolist()
    ['possible_overkill', 'concentrate_here']
    """
    check_draws(draws)
    setup = Setup(check_mapping(attributes, "attributes"), importance, outcome, derived, crosshair, (low, high))
    setup.check(weights)
    answers = read_scaled(survey, setup.items, outcome=outcome, low=low, high=high, missing_codes=missing_codes,
                          reversed_items=reversed_items, missing=missing)  # fmt: skip
    w = read_weights(survey, weights).loc[answers.frame.index].to_numpy()
    point = setup.measure(answers.frame, np.ones((1, len(w))) * w)
    _check_known(point, setup)
    clouds = [setup.measure(answers.frame, block * w, counts=block) for block in redraws(len(w), draws, seed)]
    cloud = {name: np.concatenate([part[name] for part in clouds]) for name in point}
    settings = settings_frame(importance_kind=setup.kinds[0], outcome=outcome, crosshair=crosshair, scale_low=low,
                              scale_high=high, gaps=missing, respondent_weights=weighting(weights),
                              level=check_level(level), resamples=draws, random_seed=seed)  # fmt: skip
    few = effective_size(w) < FEW
    table, lines, choices = _tables(setup, point, cloud, level, few)
    table.attrs = {"respondents": len(w), "effective_n": effective_size(w), "too_few": few}
    both = np.stack([cloud["ipa_performance"], cloud[setup.kinds[0]]], axis=-1)
    regions = region_frame(table.index, both, ["ipa_performance", "ipa_importance"], level=level)
    failed = np.isnan(both).any(axis=(1, 2)).sum()
    failures = pd.DataFrame({"cause": ["no_spread_or_collinear"], "failed_draws": [int(failed)]})
    return Ipa(table, lines, choices, regions, settings, failures[failures["failed_draws"] > 0],
               answers.account, answers.ledger)  # fmt: skip


def _check_known(point: dict[str, np.ndarray], setup: Setup) -> None:
    blank = [kind for kind in setup.kinds[:1] if not np.isfinite(point[kind]).all()]
    if blank:
        raise InputError(f"importance by {blank[0]} cannot be found: attributes are collinear", where="attributes",
                         mend="leave out attributes that say the same, or take derived='correlation'",
                         zh="属性之间完全共线，无法推算重要性")  # fmt: skip


def _tables(
    setup: Setup, point: dict[str, np.ndarray], cloud: dict[str, np.ndarray], level: float, few: bool
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Table, crosshair and choices."""
    kind, index = setup.kinds[0], pd.Index(list(setup.attributes), name="attribute")
    how = {"crosshair": setup.crosshair, "scale": setup.scale, "stated": kind == "stated"}
    codes, line = quadrants(point["ipa_performance"], point[kind], **how)
    again, moved = quadrants(cloud["ipa_performance"], cloud[kind], **how)
    chance, codes = chances(again, len(QUADRANTS)), codes[0]
    table = pd.DataFrame(
        percentiles("ipa_performance", point["ipa_performance"][0], cloud["ipa_performance"], level=level)
        | percentiles("ipa_importance", point[kind][0], cloud[kind], level=level), index=index
    )  # fmt: skip
    table["quadrant"] = [QUADRANTS[code] for code in codes]
    table["p_quadrant"] = chance[np.arange(len(codes)), codes]
    table["decided"] = (table["p_quadrant"] >= DECIDED) & (not few)
    table["ipa_verdict"] = table["quadrant"].where(table["decided"], "not_decided")
    table = table.assign(**{f"p_{name}": chance[:, at] for at, name in enumerate(QUADRANTS)})
    choices = _choices(setup, point, index)
    table["share_same"] = choices.eq(table["quadrant"], axis=0).mean(axis=1)
    table["wrong_sign"] = table["ipa_importance"] < 0
    lines = pd.DataFrame(percentiles("line", line[0], moved, level=level),
                         index=pd.Index(["ipa_performance", "ipa_importance"], name="axis"))  # fmt: skip
    return table, lines, choices


def _choices(setup: Setup, point: dict[str, np.ndarray], index: pd.Index) -> pd.DataFrame:
    """Quadrants under every crosshair and kind of importance; what the data do not allow is left out."""
    found = {}
    for kind in setup.kinds:
        if not np.isfinite(point[kind]).all():
            continue
        for crosshair in CROSSHAIRS:
            if crosshair == "midpoint" and setup.scale is None:
                continue
            codes, _ = quadrants(point["ipa_performance"], point[kind], crosshair=crosshair, scale=setup.scale,
                                 stated=kind == "stated")  # fmt: skip
            found[f"{crosshair}_{kind}"] = [QUADRANTS[code] for code in codes[0]]
    return pd.DataFrame(found, index=index)
