"""Retention projected beyond the data: sBG (or BdW), beside what was counted and beside a constant rate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm_analysis.churn.rates.book import check_sizes
from crm_analysis.churn.rates.contract_tenures import as_tenures, check_options, contract_tenures
from crm_analysis.churn.rates.hazards import hazard_table
from crm_analysis.clv.contracts import tenures as clv_tenures
from crm_analysis.clv.contracts.bdw import BdW
from crm_analysis.clv.contracts.contractual import ContractModel
from crm_analysis.clv.contracts.sbg import SBG
from crm_analysis.clv.contracts.tenures import Tenures, life_table
from crm_analysis.errors import InputError
from crm_analysis.intervals import check_level, p_text
from crm_analysis.words import Sentence, join

MODELS = {"sbg": SBG, "bdw": BdW}


@dataclass(frozen=True)
class RetentionProjection:
    """Retention as counted, as fitted and as projected.

    Parameters
    ----------
    table : pandas.DataFrame, index period (1, 2, ...)
        at_risk, lost, observed_survival with limits (all counted periods); survival, retention_rate with limits of the
        parameters (all periods); constant_survival: what a constant retention rate, that of the periods
        fitted, would give; used_in_fit: whether the fit used the period.
    model : SBG or BdW
        Fitted.
    seen : int
        Periods of the fit.
    heterogeneity_p : float
        Likelihood-ratio p of BdW against sBG (does a customer's own chance of leaving change?); NaN if there are
        too few periods.
    unit : str
    level : float
    """

    table: pd.DataFrame
    model: ContractModel
    seen: int
    heterogeneity_p: float
    unit: str
    level: float

    def text(self, lang: str) -> str:
        """Say what is projected, how retention moves, and that its rise is no proof of loyalty."""
        return _text(self).text(lang)


def project_retention(
    data: object, *, periods: int = 12, seen: int | None = None, model: str = "sbg", level: float = 0.95, seed: int = 0,
    **options: object,
) -> RetentionProjection:  # fmt: skip
    r"""Fit retention with sBG and project it, with intervals.

    .. math:: S(t) = \frac{B(\alpha, \beta + t)}{B(\alpha, \beta)}, \qquad
        r_t = \frac{\beta + t - 1}{\alpha + \beta + t - 1}

    Each customer has a chance of leaving that never changes; the retention rate rises all the same, because those
    quick to leave have left. A rising rate is therefore no sign of growing loyalty.

    Parameters
    ----------
    data : pandas.DataFrame, pandas.Series or list
        Customers still there after 0, 1, 2, ... periods; or period and customers, [cohort]; or tenures (tenure, ended,
        [entry]) ; or contracts.
    periods : int >= 1
        How many periods to project beyond the fit.
    seen : int, optional
        Periods to fit; by default all. With fewer, the later counts show how good the projection is.
    model : {"sbg", "bdw"}
        ``bdw`` lets a customer's own chance of leaving rise or fall with tenure.
    level : float in (0, 1)
    seed : int
        Of the posterior draws behind the limits.
    **options
        Of `contract_tenures`, where `data` are contracts.

    Returns
    -------
    RetentionProjection

    Raises
    ------
    InputError
        If the data cannot be used, nobody left, or there are too few periods.

    References
    ----------
    .. [1] Fader, Hardie (2007). How to project customer retention. Journal of Interactive Marketing 21(1), 76-90.
    .. [2] Fader, Hardie, Liu, Davin, Steenburgh (2018). Journal of Interactive Marketing 43, 1-16 (BdW).

    Examples
    --------
    >>> found = project_retention([1000, 869, 743, 653, 593, 551, 517, 491], periods=5)
    >>> (100 * found.table["survival"].loc[8:]).round(1).tolist()  # 45.2, 42.7, 40.9, 39.4 were there at 9 ... 12
    [46.0, 43.6, 41.4, 39.5, 37.8]
    """
    check_level(level)
    check_sizes(periods=periods)
    if model not in MODELS:
        raise InputError(f"model={model!r} is not known", expected=", ".join(MODELS), zh="未知的留存模型")
    counts = _counts(data, **options)
    fitted = counts.periods if seen is None else seen
    check_sizes(periods=fitted)
    if fitted > counts.periods:
        raise InputError(f"seen={fitted}, but there are {counts.periods} periods", expected="as many or fewer",
                         zh="拟合期数多于数据期数")  # fmt: skip
    part = Tenures(counts.renewed[:fitted], counts.lost[:fitted], counts.customers, counts.unit)
    found = MODELS[model]().fit(part)
    last = max(fitted + periods, counts.periods)
    ahead = found.project(last, level=level, seed=seed)
    shown = [f"{name}{side}" for name in ("survival", "retention_rate") for side in ("", "_low", "_high")]
    counted = life_table(counts, level=level).rename(
        columns=lambda name: f"observed_{name}" if "surv" in name else name
    )
    columns = ["at_risk", "lost", *(f"observed_survival{side}" for side in ("", "_low", "_high"))]
    table = counted[columns].reindex(ahead.index).join(ahead[shown])
    kept = part.renewed.sum() / part.at_risk.sum()
    table["constant_survival"] = kept ** table.index.to_numpy(float)
    table["used_in_fit"] = table.index <= fitted
    return RetentionProjection(table, found, fitted, _own_change(part), counts.unit or "period", level)


def _counts(data: object, **options: object) -> Tenures:
    """Count renewals of contracts or of tenures with late entries here; anything else as `clv` does."""
    check_options(options)
    if isinstance(data, pd.DataFrame) and {"tenure", "ended"} <= set(data):
        frame = as_tenures(data)
    elif isinstance(data, pd.DataFrame) and {"started_on", "tenure_months"} & set(data):
        frame = contract_tenures(data, **options)
    else:
        return clv_tenures.as_tenures(data)
    table = hazard_table(frame)
    at_risk, lost = (table[name].to_numpy(float) for name in ("at_risk", "lost"))
    unit = str(frame.attrs.get("unit", data.attrs.get("unit", "")))
    return Tenures(at_risk - lost, lost, float(len(frame)), unit)


def _own_change(part: Tenures) -> float:
    from scipy.special import chdtrc

    try:
        gain = 2 * (BdW().fit(part).log_likelihood_ - SBG().fit(part).log_likelihood_)
    except InputError:
        return float("nan")
    return float(chdtrc(1, max(0.0, gain)))


def _text(found: RetentionProjection) -> Sentence:
    rates, table = found.table["retention_rate"], found.table
    last, key = int(table.index[-1]), found.model.key
    name = {"sbg": "sBG", "bdw": "BdW"}[key]
    end, low, high = (table[f"survival{side}"].iloc[-1] for side in ("", "_low", "_high"))
    limits = "" if np.isnan(low) else f" [{low:.1%}, {high:.1%}]"
    parts = [Sentence(
        f"{name} 模型拟合前 {found.seen} 期，推算到第 {last} 期留存 {end:.1%}{limits}；"
        f"若假定留存率不变，则为 {table['constant_survival'].iloc[-1]:.1%}。",
        f"{name}, fitted to {found.seen} periods, projects {end:.1%}{limits} still there after {last}; "
        f"a constant retention rate would give {table['constant_survival'].iloc[-1]:.1%}.",
    )]  # fmt: skip
    if key == "sbg":
        parts.append(Sentence(
            f"逐期留存率由 {rates.iloc[0]:.1%} 升至 {rates.iloc[-1]:.1%}，在模型中完全来自客户差异"
            f"（易流失的先离开），不表示客户越来越忠诚。",
            f"The retention rate rises from {rates.iloc[0]:.1%} to {rates.iloc[-1]:.1%}, in the model by heterogeneity "
            f"alone (those quick to leave leave first), not by growing loyalty.",
        ))  # fmt: skip
    later = table[~table["used_in_fit"] & table["observed_survival"].notna()]
    if len(later):
        row, at = later.iloc[-1], int(later.index[-1])
        seen, side = row["observed_survival"], Sentence("", "")
        if np.isfinite(row["survival_low"]) and not row["survival_low"] <= seen <= row["survival_high"]:
            side = Sentence("，实际值在推算区间之外", ", outside the limits")
        parts.append(Sentence(
            f"未用于拟合的第 {at} 期实际留存 {seen:.1%}，推算 {row['survival']:.1%}{side.zh}。",
            f"In period {at}, not used for the fit, {seen:.1%} were still there, projected {row['survival']:.1%}"
            f"{side.en}.",
        ))  # fmt: skip
    if key == "sbg" and found.heterogeneity_p < 0.05:
        parts.append(Sentence(
            f"但数据表明客户自身的流失概率也随时间变化（BdW 对 sBG，{p_text(found.heterogeneity_p)}），"
            f"宜同时看 model=\"bdw\" 的推算。",
            f"But a customer's own chance of leaving seems to change with tenure, too (BdW against sBG, "
            f"{p_text(found.heterogeneity_p)}): see the projection with model=\"bdw\" as well.",
        ))  # fmt: skip
    return join(parts)
