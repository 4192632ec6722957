"""Penalty-reward contrasts: what low and high ratings of an attribute go along with in overall satisfaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from crm_analysis.errors import InputError
from crm_analysis.intervals import check_level, holm
from crm_analysis.satisfaction.priorities.clouds import DECIDED, chances, percentiles
from crm_analysis.satisfaction.priorities.prca_fit import Design, Fit, design, fit, refits
from crm_analysis.satisfaction.priorities.prca_impact import FACTORS, NOT_CLASSED, factor_names, factor_of, impact
from crm_analysis.satisfaction.priorities.prca_text import prca_text
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

FEW_IN_CELL = 10  # ratings; an index resting on fewer has limits wider than +-.6 standard deviations of the outcome
ALPHA = 0.05
LIMITS_TRIED = (0.0, 0.05, 0.1, 0.15, 0.2)
Cut = float | Mapping[str, float]


@dataclass(frozen=True)
class Prca:
    """Attributes by what low and high ratings go along with.

    Parameters
    ----------
    table : pandas.DataFrame, index attribute
        See `prca_table`.
    model : pandas.DataFrame
        One row: respondents, effective_n, constant with limits, prca_r2, prca_adjusted_r2.
    choices : pandas.DataFrame
        attribute, low_cut, high_cut, ia_limit, prca_factor: the class under other cuts and limits.
    settings : pandas.DataFrame, index setting
    failures : pandas.DataFrame
        cause, failed_draws.
    account : pandas.DataFrame, index item
    ledger : TableLedger
    """

    table: pd.DataFrame
    model: pd.DataFrame
    choices: pd.DataFrame
    settings: pd.DataFrame
    failures: pd.DataFrame
    account: pd.DataFrame
    ledger: TableLedger

    def text(self, lang: str) -> str:
        """Return what the table says and what it does not, in Chinese (``zh``) or English (``en``)."""
        return prca_text(self, lang)


def prca_table(
    survey: pd.DataFrame,
    *,
    outcome: str,
    attributes: Mapping[str, str],
    low_cut: Cut,
    high_cut: Cut,
    ia_limit: float = 0.1,
    cut_step: float = 1.0,
    low: float | None = None,
    high: float | None = None,
    missing_codes: Sequence[float] = (),
    reversed_items: Iterable[str] = (),
    missing: str = "listwise",
    weights: str | pd.Series | None = None,
    level: float = 0.95,
    draws: int = 1000,
    seed: int = 0,
) -> Prca:
    r"""Compare overall satisfaction at low, middle and high ratings of each attribute, the others held alike.

    .. math:: y = b_0 + \sum_j (PI_j\, 1[x_j \le \ell] + RI_j\, 1[x_j \ge h]) + e,\qquad
              IA_j = \frac{|RI_j| - |PI_j|}{|RI_j| + |PI_j|}

    The penalty index PI is how much lower respondents with a low rating stand than those with a middle one, the
    reward index RI how much higher those with a high rating. An attribute with little reward but a large penalty
    is a basic factor (IA below -`ia_limit`), the reverse an excitement factor, both alike a performance factor. The
    cuts and the limit of .1 are conventions: `choices` tries others. Wrong signs (a reward below or a penalty
    above 0) are flagged; unless small beside the other index they leave the attribute without class
    (`prca_impact.factor_of`), for shares of absolute values would mislead.

    Parameters
    ----------
    survey : pandas.DataFrame
        One row per respondent.
    outcome : str
        Column of overall satisfaction.
    attributes : dict of attribute to column
        Ratings, on one scale.
    low_cut, high_cut : float or dict of attribute to float
        A rating up to the first is low, from the second on high.
    ia_limit : float
    cut_step : float
        How far `choices` moves the cuts, each way.
    low, high : float, optional
        Ends of the scale of the ratings, for checking and for reversed items.
    missing_codes, reversed_items, missing
        As in `survey.answers.read_answers`; `missing` is listwise or mean.
    weights : str or Series, optional
    level : float in (0, 1)
    draws, seed : int

    Returns
    -------
    Prca
        Its table holds, by attribute: low_count, middle_count, high_count, thin_cell (a cell below 10), penalty and
        reward with HC3 limits, riocs (range of impact, |RI| + |PI|), sgp and dgp (satisfaction and dissatisfaction
        generating potential, their shares), ia (impact asymmetry) with percentile limits, prca_factor, p_factor (share
        of resamples with that class), decided, p and p_holm (Wald test RI + PI = 0: reward and penalty are equally
        large), p_effect and p_effect_holm (RI = PI = 0), vif_low, vif_high, wrong_sign, share_same. A cell with
        fewer than two ratings has no index.

    Raises
    ------
    InputError
        If columns are missing, cuts are not in order, or dummies are collinear.

    References
    ----------
    .. [1] Brandt (1987). In Surprenant (ed.), Add Value to Your Service, AMA, 61-65.
    .. [2] Mikulic & Prebezac (2008). Managing Service Quality 18, 559-576 (RIOCS, SGP, DGP, IA).
    .. [3] Mikulic & Prebezac (2011). Managing Service Quality 21, 46-66 (what it cannot tell of Kano's classes).

    Examples
    --------
    >>> rating = pd.Series([1, 2, 3, 3, 4, 5, 5, 1] * 10)
    >>> survey = pd.DataFrame({"q": rating, "all": rating.map({1: 2, 2: 3, 3: 6, 4: 6, 5: 7})})
    >>> found = prca_table(survey, outcome="all", attributes={"speed": "q"}, low_cut=2, high_cut=5, draws=100)
    >>> found.table[["penalty", "reward", "ia"]].round(2).values.tolist(), found.table["prca_factor"].tolist()
    ([[-3.67, 1.0, -0.57]], ['basic_factor'])
    """
    check_draws(draws)
    if not 0 <= float(ia_limit) < 1:
        raise InputError(f"ia_limit={ia_limit} is no limit of an impact asymmetry", where="ia_limit",
                         expected="a number from 0 to below 1, such as .1", zh="ia_limit 应在 0 到 1 之间")  # fmt: skip
    names = list(check_mapping(attributes, "attributes"))
    cuts = _cuts(names, low_cut, high_cut)
    answers = read_scaled(survey, attributes.values(), outcome=outcome, low=low, high=high, missing=missing,
                          missing_codes=missing_codes, reversed_items=reversed_items)  # fmt: skip
    ratings = answers.frame[list(attributes.values())].set_axis(names, axis=1)
    y = answers.frame[outcome].to_numpy(float)
    w = read_weights(survey, weights).loc[answers.frame.index].to_numpy()
    setup = design(ratings, *cuts)
    found = fit(setup.matrix, y, w)
    again, failed = refits(setup.matrix, y, w, draws=draws, seed=seed)
    table = _table(setup, found, again, ia_limit, check_level(level), few=effective_size(w) < FEW)
    choices = _choices(ratings, y, w, cuts, cut_step, ia_limit)
    own = choices.set_index("attribute")["prca_factor"]
    possible = own[own != ""]
    same = possible.eq(table["prca_factor"].reindex(possible.index)).groupby(level=0).mean()
    table["share_same"] = same.reindex(names).to_numpy()
    settings = settings_frame(outcome=outcome, low_cut=low_cut, high_cut=high_cut, ia_limit=ia_limit, gaps=missing,
                              cut_step=cut_step, covariance_type="HC3", respondent_weights=weighting(weights),
                              level=level, resamples=draws, random_seed=seed)  # fmt: skip
    causes = pd.DataFrame({"cause": list(failed), "failed_draws": list(failed.values())})
    return Prca(table, _model(found, w, level), choices, settings,
                causes[causes["failed_draws"] > 0].reset_index(drop=True), answers.account, answers.ledger)  # fmt: skip


def _cuts(names: list[str], low_cut: Cut, high_cut: Cut) -> tuple[np.ndarray, np.ndarray]:
    """Return the cuts of each attribute."""
    try:
        low, high = (
            np.array([float(cut[name] if isinstance(cut, Mapping) else cut) for name in names])
            for cut in (low_cut, high_cut)
        )
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"the cuts lack a number for {error}", where="low_cut and high_cut",
                         expected="one number, or one for each attribute", zh="分界值设置有误") from error  # fmt: skip
    wrong = [name for name, a, b in zip(names, low, high) if not a < b]
    if wrong or not names:
        raise InputError(f"the low cut is not below the high cut for {', '.join(wrong)}" if names else
                         "no attribute was named", where="low_cut and high_cut",
                         expected="low_cut < high_cut, with a middle between", zh="低分界值应小于高分界值")  # fmt: skip
    return low, high


def _taken(values: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Entries along the last axis, NaN where the place is -1."""
    return np.where(places >= 0, values[..., np.maximum(places, 0)], np.nan)


def _table(setup: Design, found: Fit, again: np.ndarray, ia_limit: float, level: float, *, few: bool) -> pd.DataFrame:
    table = setup.counts.copy()
    table["thin_cell"] = table.min(axis=1) < FEW_IN_CELL
    reach = stdtrit(found.free, 0.5 + level / 2) * found.errors()
    for name, places in (("penalty", setup.low), ("reward", setup.high)):
        value, half = _taken(found.coefficients, places), _taken(reach, places)
        table = table.assign(**{name: value, f"{name}_low": value - half, f"{name}_high": value + half})
    penalty, reward = table["penalty"].to_numpy(), table["reward"].to_numpy()
    clouds = _taken(again, setup.low), _taken(again, setup.high)
    shares = impact(penalty, reward)
    table = table.assign(**{name: shares[name] for name in ("riocs", "sgp", "dgp")})
    table = table.assign(**percentiles("ia", shares["ia"], impact(*clouds)["ia"], level=level))
    codes = factor_of(penalty, reward, ia_limit=ia_limit)
    drawn = factor_of(*clouds, ia_limit=ia_limit)
    drawn = np.where((drawn < 0) & np.isfinite(clouds[0] + clouds[1]), len(FACTORS), drawn)  # a wrong sign counts too
    chance = chances(drawn, len(FACTORS) + 1)[np.arange(len(codes)), np.where(codes >= 0, codes, len(FACTORS))]
    table = table.assign(prca_factor=factor_names(codes), p_factor=chance, **_tests(setup, found))
    shown = table["p_effect_holm"] < ALPHA
    table["decided"] = (table["p_factor"] >= DECIDED) & (table["prca_factor"] != NOT_CLASSED) & shown & (not few)
    table["vif_low"], table["vif_high"] = _taken(found.vif, setup.low), _taken(found.vif, setup.high)
    table["wrong_sign"] = (table["penalty"] > 0) | (table["reward"] < 0)
    return table


def _tests(setup: Design, found: Fit) -> dict[str, np.ndarray]:
    """Wald tests of each attribute: reward and penalty equally large; both zero."""
    equal, none = [], []
    for low, high in zip(setup.low, setup.high):
        places = np.array([place for place in (low, high) if place >= 0], int)
        contrast = np.zeros(len(found.coefficients))
        contrast[places] = 1
        equal.append(found.contrast(contrast)[2] if len(places) == 2 else np.nan)
        none.append(found.joint_p(places))
    return {"p": np.array(equal), "p_holm": holm(equal), "p_effect": np.array(none), "p_effect_holm": holm(none)}


def _model(found: Fit, w: np.ndarray, level: float) -> pd.DataFrame:
    constant = np.zeros(len(found.coefficients))
    constant[0] = 1
    value, error, _ = found.contrast(constant)
    half = float(stdtrit(found.free, 0.5 + level / 2)) * error
    return pd.DataFrame({"respondents": [len(w)], "effective_n": [effective_size(w)], "constant": [value],
                         "constant_low": [value - half], "constant_high": [value + half], "prca_r2": [found.r2],
                         "prca_adjusted_r2": [found.adjusted_r2]})  # fmt: skip


def _choices(
    ratings: pd.DataFrame, y: np.ndarray, w: np.ndarray, cuts: tuple[np.ndarray, np.ndarray], step: float, limit: float
) -> pd.DataFrame:
    """Classes under cuts moved by a step and under other limits; blank where a cell has no index."""
    parts = []
    moves = (0.0, -step, step) if step > 0 else (0.0,)
    for down, up in product(moves, moves):
        low, high = cuts[0] + down, cuts[1] + up
        if not (low < high).all():
            continue
        setup = design(ratings, low, high)
        try:
            found = fit(setup.matrix, y, w).coefficients
        except InputError:  # collinear under these cuts only: no class
            found = np.full(setup.matrix.shape[1], np.nan)
        penalty, reward = _taken(found, setup.low), _taken(found, setup.high)
        for tried in sorted({*LIMITS_TRIED, limit}):
            names = np.array(factor_names(factor_of(penalty, reward, ia_limit=tried)), object)
            names[~np.isfinite(penalty + reward)] = ""
            parts.append(pd.DataFrame({"attribute": list(ratings), "low_cut": low, "high_cut": high,
                                       "ia_limit": tried, "prca_factor": names}))  # fmt: skip
    return pd.concat(parts, ignore_index=True)
