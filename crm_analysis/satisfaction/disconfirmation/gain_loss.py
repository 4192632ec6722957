"""Gains and losses: whether falling short of expectation weighs more than exceeding it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import chdtrc

from crm_analysis.intervals import UNKNOWN, Estimate, check_level, p_text, percentile_limits
from crm_analysis.satisfaction.disconfirmation.regression import Fit, contrast_table, least_squares, wald
from crm_analysis.satisfaction.disconfirmation.sides import Items
from crm_analysis.satisfaction.disconfirmation.triple import resampled, triple

TERMS = ("constant", "gain", "loss")
FEW_ON_A_SIDE = 20  # respondents: the slope of a side with fewer is that of a handful of people


@dataclass(frozen=True)
class GainLoss:
    """The gain-loss model fitted to a survey.

    Parameters
    ----------
    table : pandas.DataFrame, index term
        constant, gain, loss: estimate with limits, standard_error, t_value, p.
    chi_squared, p : float
        Wald test that a loss weighs as much as a gain (one degree of freedom).
    ratio : Estimate
        Loss over gain with its bootstrap limits; unknown where the interval of the gain holds 0.
    sides : pandas.Series
        Respondents with a gap above, at and below 0.
    r_squared : float
    respondents, left_out : int
    failed : pandas.Series
        Draws left out of the ratio, by cause.
    points : pandas.DataFrame
        gap and outcome of each respondent.
    fit : Fit
    covariance : str
    """

    table: pd.DataFrame
    chi_squared: float
    p: float
    ratio: Estimate
    sides: pd.Series
    r_squared: float
    respondents: int
    left_out: int
    failed: pd.Series
    points: pd.DataFrame
    fit: Fit
    covariance: str

    @property
    def too_few(self) -> bool:
        """Whether a side has too few respondents for its slope to be trusted."""
        return bool(self.sides[["above_expectation", "below_expectation"]].min() < FEW_ON_A_SIDE)

    def curve(self, gaps: np.ndarray, *, level: float = 0.95) -> pd.DataFrame:
        """Return the fitted outcome with limits at given gaps.

        Parameters
        ----------
        gaps : numpy.ndarray
        level : float in (0, 1)

        Returns
        -------
        pandas.DataFrame, index gap
            outcome, outcome_low, outcome_high.
        """
        rows = dict(enumerate(_design(np.asarray(gaps, float))))
        found = contrast_table(self.fit, rows, level=level)
        columns = ["estimate", "estimate_low", "estimate_high"]
        return pd.DataFrame(
            found[columns].to_numpy(), columns=["outcome", "outcome_low", "outcome_high"],
            index=pd.Index(np.asarray(gaps, float), name="gap"),
        )  # fmt: skip

    def text(self, lang: str, *, alpha: float = 0.05) -> str:
        """Say what was found and what may not be claimed, in Chinese (``zh``) or English (``en``)."""
        return _in_chinese(self, alpha) if lang == "zh" else _in_english(self, alpha)


def gain_loss(
    survey: pd.DataFrame,
    *,
    outcome: Items,
    expectation: Items,
    perception: Items,
    low: float = 1,
    high: float = 10,
    missing_codes: Sequence[float] = (),
    reversed_items: Iterable[str] = (),
    covariance: str = "HC3",
    level: float = 0.95,
    draws: int = 2000,
    seed: int = 0,
) -> GainLoss:
    r"""Fit the gain-loss model: outcome on gaps above and below expectation, each with a slope of its own.

    .. math:: Z = c + g \max(D, 0) + l \min(D, 0), \qquad D = P - E, \qquad H_0: l = g

    c is the outcome of customers who got what they expected; g what a point above expectation adds, l what a
    point below takes away. l > g is what prospect theory calls loss aversion. The ratio l/g means something only
    where g is known to be above 0: else a small g in the denominator makes any ratio.

    Parameters
    ----------
    survey : pandas.DataFrame
        One row per respondent, one column of numbers per item.
    outcome, expectation, perception : str or tuple of str
        Item, or items of which the mean counts. The outcome may have a scale of its own.
    low, high : float
        Ends of the scale of expectation and perception.
    missing_codes, reversed_items
        As in `triple.triple`.
    covariance : {"HC3", "OLS"}
        Standard errors and tests; HC3 allows for a spread that differs along the gap.
    level : float in (0, 1)
    draws : int
        Bootstrap samples of respondents for the ratio.
    seed : int

    Returns
    -------
    GainLoss

    Raises
    ------
    InputError
        If items cannot be used, or no respondent lies above (or none below) expectation.

    References
    ----------
    .. [1] Anderson & Sullivan (1993). Marketing Science 12, 125-143. Mittal, Ross & Baldasare (1998). Journal of
           Marketing 62, 33-47. Kahneman & Tversky (1979). Econometrica 47, 263-291.
    .. [2] MacKinnon & White (1985). Journal of Econometrics 29, 305-325 (HC3).

    Examples
    --------
    >>> survey = pd.DataFrame({"e": [5] * 5 + [6], "p": [2, 4, 5, 6, 8, 7], "z": [1, 5, 7, 7.5, 8.5, 7.5]})
    >>> found = gain_loss(survey, outcome="z", expectation="e", perception="p", draws=50)
    >>> found.table["estimate"].round(2).to_dict(), round(found.ratio.value, 2)
    ({'constant': 7.0, 'gain': 0.5, 'loss': 2.0}, 4.0)
    """
    check_level(level)
    made = triple(
        survey, outcome=outcome, expectation=expectation, perception=perception, low=low, high=high,
        missing_codes=missing_codes, reversed_items=reversed_items, at_least=4,
    )  # fmt: skip
    gap = (made.frame["perception"] - made.frame["expectation"]).round(9)  # 1e-16 between means is no gap
    outcome_values = made.frame["outcome"]
    fit = least_squares(_design(gap.to_numpy()), outcome_values.to_numpy(), covariance=covariance)
    table = contrast_table(fit, dict(zip(TERMS, np.eye(3))), level=level)
    f, _, _ = wald(fit, [[0, -1, 1]])
    rows = np.column_stack([gap, outcome_values])
    ratio, failed = _ratio(rows, table, draws=draws, seed=seed, level=level)
    sides = pd.Series({"above_expectation": (gap > 0).sum(), "as_expected": (gap == 0).sum(),
                       "below_expectation": (gap < 0).sum()}, name="respondents").rename_axis("standing")  # fmt: skip
    return GainLoss(
        table=table, chi_squared=f, p=float(chdtrc(1, f)), ratio=ratio, sides=sides.astype(int),
        r_squared=fit.r_squared, respondents=len(gap), left_out=made.ledger.set_aside, failed=failed,
        points=pd.DataFrame({"gap": gap, "outcome": outcome_values}), fit=fit, covariance=covariance,
    )  # fmt: skip


def _design(gap: np.ndarray) -> np.ndarray:
    return np.column_stack([np.ones(len(gap)), np.maximum(gap, 0), np.minimum(gap, 0)])


def _ratio(rows: np.ndarray, table: pd.DataFrame, *, draws: int, seed: int, level: float) -> tuple[Estimate, pd.Series]:
    """Loss over gain with percentile limits, and the draws left out by cause."""
    low, high = table.loc["gain", ["estimate_low", "estimate_high"]]
    none = pd.Series({"one_side_empty": 0, "gain_not_positive": 0}, name="draws").rename_axis("cause")
    if low <= 0 <= high or high < 0 or not np.isfinite([low, high]).all():
        return UNKNOWN, none
    drawn = np.array(list(resampled(_slopes, rows, draws=draws, seed=seed))).reshape(-1, 2)
    empty = np.isnan(drawn).any(axis=1)
    negative = ~empty & (drawn[:, 0] <= 0)
    none[:] = [int(empty.sum()), int(negative.sum())]
    use = drawn[~empty & ~negative]
    limits = percentile_limits((use[:, 1] / use[:, 0])[:, None], level=level)
    value = table.loc["loss", "estimate"] / table.loc["gain", "estimate"]
    return Estimate(float(value), float(limits[0][0]), float(limits[1][0])), none


def _slopes(rows: np.ndarray) -> np.ndarray:
    """Gain and loss of one draw; NaN where a side is empty."""
    gap = rows[:, 0]
    if not ((gap > 0).any() and (gap < 0).any()):
        return np.full(2, np.nan)
    return np.linalg.lstsq(_design(gap), rows[:, 1], rcond=None)[0][1:]


def _estimate(found: GainLoss, term: str) -> Estimate:
    return Estimate(*found.table.loc[term, ["estimate", "estimate_low", "estimate_high"]].astype(float))


def _in_chinese(found: GainLoss, alpha: float) -> str:
    gain, loss = _estimate(found, "gain"), _estimate(found, "loss")
    parts = [
        f"{found.respondents} 名受访者（另有 {found.left_out} 名未答全）：感知每高出期望 1 分，结果变化 {gain:+.2f}；"
        f"每低于期望 1 分，结果变化 {-loss.value:+.2f}（损失斜率 {loss:.2f}）。"
    ]
    if found.p < alpha:
        what = "损失的分量大于收益" if loss.value > gain.value else "收益的分量大于损失"
        parts.append(f"两个斜率不同（Wald 检验 {p_text(found.p)}）：{what}。")
    else:
        parts.append(f"不能断定两个斜率不同（Wald 检验 {p_text(found.p)}），不应声称损失厌恶。")
    if np.isfinite(found.ratio.value):
        parts.append(f"损失与收益斜率之比为 {found.ratio:.2f}。")
    else:
        parts.append("不能断定收益斜率大于 0，不报告两者之比。")
    if found.too_few:
        parts.append(f"高于或低于期望的受访者不足 {FEW_ON_A_SIDE} 人，该侧斜率不可靠。")
    parts.append("这是同一次调查中的关联：若期望是事后询问的，它可能已随感受改变。")
    return "".join(parts)


def _in_english(found: GainLoss, alpha: float) -> str:
    gain, loss = _estimate(found, "gain"), _estimate(found, "loss")
    parts = [
        f"Of {found.respondents} respondents ({found.left_out} more did not answer everything): a point above "
        f"expectation goes with {gain:+.2f} of the outcome, a point below with {-loss.value:+.2f} (slope {loss:.2f})."
    ]
    if found.p < alpha:
        what = "a loss weighs more than a gain" if loss.value > gain.value else "a gain weighs more than a loss"
        parts.append(f"The slopes differ (Wald test, {p_text(found.p)}): {what}.")
    else:
        parts.append(
            f"It cannot be said that the slopes differ (Wald test, {p_text(found.p)}): do not claim loss aversion."
        )
    if np.isfinite(found.ratio.value):
        parts.append(f"The loss slope is {found.ratio:.2f} times the gain slope.")
    else:
        parts.append("The gain cannot be told to lie above 0: no ratio is given.")
    if found.too_few:
        parts.append(f"A side has fewer than {FEW_ON_A_SIDE} respondents: its slope is not reliable.")
    parts.append("This is an association within one survey; expectation asked afterwards may follow the experience.")
    return " ".join(parts)
