"""Risk is not uplift: who is likely to be lost need not be who can be won."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import ndtri

from crm_analysis.errors import InputError
from crm_analysis.intervals import UNKNOWN, Estimate, check_level, proportion, with_limits
from crm_analysis.marketing.uplift.groups import FEW_RESPONSES, FEW_ROWS
from crm_analysis.marketing.uplift.rows import customers_of, difference, points, read_rows, score_groups
from crm_analysis.words import Sentence


@dataclass(frozen=True)
class RiskAndUplift:
    """How the effect of a treatment goes with the risk.

    Attributes
    ----------
    table : pandas.DataFrame
        risk_group (1 the highest risk), customers, risk_mean; with predictions predicted_uplift; with an experiment
        uplift with limits and few_customers.
    top : float
        Share of the customers called the top.
    top_effect, other_effect : Estimate
        Measured effect among the customers of the highest risk and among the others (NaN without an experiment).
    overlap : Estimate
        Share of the top by risk that is also in the top by predicted uplift (NaN without predictions).
    overlap_by_chance : float
    spearman : Estimate
        Rank correlation of risk and predicted uplift (NaN without predictions).
    """

    table: pd.DataFrame
    top: float
    top_effect: Estimate
    other_effect: Estimate
    overlap: Estimate
    overlap_by_chance: float
    spearman: Estimate

    def text(self, lang: str) -> str:
        """Return what targeting by risk would have treated."""
        parts_zh, parts_en = [], []
        if np.isfinite(self.top_effect.value):
            parts_zh.append(
                f"风险最高的 {self.top:.0%} 客户中，处理的增量为 {self.top_effect:+.2%}；其余客户为"
                f" {self.other_effect:+.2%}。"
            )
            parts_en.append(
                f"Among the {self.top:.0%} of customers with the highest risk the treatment gains"
                f" {self.top_effect:+.2%}; among the others {self.other_effect:+.2%}."
            )
            reading = self._reading()
            parts_zh.append(reading.zh)
            parts_en.append(reading.en)
        if np.isfinite(self.overlap.value):
            parts_zh.append(
                f"风险最高的 {self.top:.0%} 中有 {self.overlap:.0%} 同属预测增量最高的 {self.top:.0%}"
                f"（随机重合为 {self.overlap_by_chance:.0%}）；风险与预测增量的 Spearman 相关为 {self.spearman:.2f}。"
            )
            parts_en.append(
                f"Of the top {self.top:.0%} by risk, {self.overlap:.0%} are in the top {self.top:.0%} by"
                f" predicted uplift ({self.overlap_by_chance:.0%} by chance); Spearman's correlation of risk"
                f" and predicted uplift is {self.spearman:.2f}."
            )
        parts_zh.append("风险说的是不处理会怎样，增量说的是处理能改变什么：应按增量、而不是按风险挑选触达对象。")
        parts_en.append(
            "Risk says what happens without treatment, uplift what the treatment changes: choose whom to treat"
            " by uplift, not by risk."
        )
        return Sentence("".join(parts_zh), " ".join(filter(None, parts_en))).text(lang)

    def _reading(self) -> Sentence:
        """Whether the riskiest respond otherwise than the rest, by the limits of the difference."""
        gap = self.top_less_other
        if not np.isfinite(gap.low):
            return Sentence("", "")
        if gap.low > 0:
            return Sentence(f"高风险客户的增量更大，相差 {points(gap)} 个百分点。",
                            f"The effect is larger among those at high risk, by {points(gap)} percentage"
                            " points.")  # fmt: skip
        if gap.high < 0:
            return Sentence(f"高风险客户的增量更小，相差 {points(gap)} 个百分点。",
                            f"The effect is smaller among those at high risk, by {points(gap)} percentage"
                            " points.")  # fmt: skip
        return Sentence(f"两者相差 {points(gap)} 个百分点，区间包含 0："
                        "这些数据不能说明高风险客户更容易或更难被打动。",
                        f"They differ by {points(gap)} percentage points, which holds 0: these data do not"
                        " show that those at high risk respond more, or less, than the others.")  # fmt: skip

    @property
    def top_less_other(self) -> Estimate:
        """Effect among the customers of the highest risk less that among the others (limits by MOVER).

        With customers in several rows the two parts are taken as independent.
        """
        a, b = self.top_effect, self.other_effect
        d = a.value - b.value
        low, high = np.hypot(a.value - a.low, b.high - b.value), np.hypot(a.high - a.value, b.value - b.low)
        return Estimate(d, float(d - low), float(d + high))


def risk_and_uplift(
    risk: ArrayLike,
    *,
    uplift: ArrayLike | None = None,
    y: ArrayLike | None = None,
    treated: ArrayLike | None = None,
    customer: ArrayLike | None = None,
    groups: int = 10,
    top: float = 0.2,
    level: float = 0.95,
) -> RiskAndUplift:
    """Set the risk of customers beside the effect of treating them, measured or predicted.

    Parameters
    ----------
    risk : array_like, shape (n,)
        Chance (or score) of the bad outcome if left alone; high is bad.
    uplift : array_like, shape (n,), optional
        Predicted uplift, from models that have not seen the customer.
    y, treated : array_like of 0 and 1, shape (n,), optional
        Good outcome and randomised treatment: the effect is measured. Give these, `uplift`, or all three.
    customer : array_like, shape (n,), optional
        Customer of each row where a customer may stand in several; the level ``customer_id`` of the index of `risk`
        unless given. Overlap and rank correlation then count customers, not rows.
    groups : int
    top : float in (0, 1)
    level : float in (0, 1)

    Returns
    -------
    RiskAndUplift

    Raises
    ------
    InputError
        If neither predictions nor an experiment are given, or values are blank or out of range.

    References
    ----------
    .. [1] Ascarza (2018). Retention Futility. Journal of Marketing Research 55, 80-98.
    .. [2] Bonett & Wright (2000). Psychometrika 65, 23-28 (interval of Spearman's correlation).
    .. [3] Zou & Donner (2008). Statistics in Medicine 27, 1693-1702 (MOVER, for `RiskAndUplift.top_less_other`).

    Examples
    --------
    >>> risk = np.linspace(1, 0, 100)
    >>> found = risk_and_uplift(risk, uplift=-np.abs(risk - 0.5), groups=5)
    >>> f"{found.overlap:.0%}", round(found.spearman.value, 2)
    ('0% [0%, 16%]', 0.01)
    """
    if (uplift is None and y is None) or (y is None) != (treated is None):
        raise InputError("neither predicted uplift nor an experiment (y and treated) is given",
                         mend="uplift=…, or y=… and treated=…",
                         zh="请给出预测增量，或结果与处理")  # fmt: skip
    if not 0 < top < 1:
        raise InputError(
            f"top must lie between 0 and 1; got {top}", mend="20 % is written 0.2", zh="top 应在 0 与 1 之间"
        )
    check_level(level)
    score = _column(risk, "risk", risk)
    rows = None if y is None or treated is None else read_rows(risk, y, treated, customer=customer, name="risk")
    predicted = None if uplift is None else _column(uplift, "uplift", risk)
    best, codes = _best(score, top), customers_of(risk, customer)
    sides = [_effect(rows, part, level) for part in (best, ~best)]
    overlap, chance, rank = UNKNOWN, float("nan"), UNKNOWN
    if predicted is not None:
        other = _best(predicted, top)
        rows_best, units_best, units = int(best.sum()), _units(codes, best), _units(codes, best | ~best)
        overlap = proportion((best & other).sum() / rows_best * units_best, units_best, level=level)
        chance, rank = float(other.mean()), spearman(score, predicted, level=level, units=units)
    return RiskAndUplift(_table(score, predicted, rows, groups, level), top, *sides, overlap, chance, rank)


def spearman(first: ArrayLike, second: ArrayLike, *, level: float = 0.95, units: int | None = None) -> Estimate:
    r"""Spearman's rank correlation with limits on Fisher's scale.

    .. math:: \tanh\left(\operatorname{artanh} r \pm z\sqrt{\frac{1 + r^2/2}{n - 3}}\right)

    Returns
    -------
    Estimate
        NaN where a column never varies.

    Examples
    --------
    >>> f"{spearman([1, 2, 3, 4, 5], [1, 3, 2, 4, 5]):.2f}"
    '0.90 [-0.17, 1.00]'
    """
    a, b = (pd.Series(np.asarray(values, float)).rank().to_numpy() for values in (first, second))
    if len(a) < 2 or np.ptp(a) == 0 or np.ptp(b) == 0:
        return UNKNOWN
    r = float(np.clip(np.corrcoef(a, b)[0, 1], -1, 1))
    n = len(a) if units is None else units
    if n < 4 or abs(r) > 1 - 1e-12:
        return Estimate(r, float("nan"), float("nan"))
    half = ndtri(0.5 + level / 2) * np.sqrt((1 + r**2 / 2) / (n - 3))
    return Estimate(r, float(np.tanh(np.arctanh(r) - half)), float(np.tanh(np.arctanh(r) + half)))


def _column(values: ArrayLike, name: str, risk: ArrayLike) -> np.ndarray:
    series = values if isinstance(values, pd.Series) else pd.Series(np.asarray(values))
    if isinstance(values, pd.Series) and isinstance(risk, pd.Series) and not values.index.equals(risk.index):
        raise InputError(f"{name} and risk have different indexes", mend=f"{name}.loc[risk.index]", zh="索引不一致")
    numeric = pd.api.types.is_numeric_dtype(series.dtype)
    found = series.to_numpy("float64", na_value=np.nan) if numeric else np.array([])
    if len(found) != len(np.asarray(risk)) or not len(found) or not np.isfinite(found).all():
        raise InputError(f"{name} holds blanks, no numbers, or not one per customer", where=name,
                         expected="a number for each customer", zh=f"{name} 有空值、不是数值或长度不符")  # fmt: skip
    return found


def _units(codes: ArrayLike | None, part: np.ndarray) -> int:
    """Number of customers among some rows."""
    return int(part.sum()) if codes is None else len(pd.unique(np.asarray(codes)[part]))


def _best(score: np.ndarray, top: float) -> np.ndarray:
    """Whether a customer is among the top share; equal scores at the limit all are."""
    return score >= np.sort(score)[::-1][max(0, int(np.ceil(top * len(score) - 1e-9)) - 1)]


def _effect(rows: object, part: np.ndarray, level: float) -> Estimate:
    if rows is None or not part.any():
        return UNKNOWN
    codes = None if rows.customer is None else rows.customer[part]
    return difference(rows.y[part], rows.treated[part], codes, level=level)


def _table(score: np.ndarray, predicted: np.ndarray | None, rows: object, groups: int, level: float) -> pd.DataFrame:
    group, found = score_groups(score, groups), []
    for place in np.unique(group):
        part = group == place
        row = {"risk_group": int(place), "customers": int(part.sum()), "risk_mean": float(score[part].mean())}
        if predicted is not None:
            row["predicted_uplift"] = float(predicted[part].mean())
        if rows is not None:
            n = int(rows.treated[part].sum())
            few = min(n, int(part.sum()) - n) < FEW_ROWS or rows.y[part].sum() < FEW_RESPONSES
            row |= with_limits("uplift", _effect(rows, part, level)) | {"few_customers": bool(few)}
        found.append(row)
    return pd.DataFrame(found)
