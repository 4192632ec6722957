"""Brant's test of proportional odds: whether a driver matters alike at every cut of an ordinal outcome."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import chdtrc

from crm_analysis.intervals import check_level, holm, p_text
from crm_analysis.satisfaction.drivers.cases import read_cases
from crm_analysis.satisfaction.drivers.cuts import FEW_PER_DRIVER, CutFits, fit_cuts
from crm_analysis.tables.ledger import TableLedger
from crm_analysis.words import word


@dataclass(frozen=True)
class BrantTest:
    """Result of Brant's test.

    Parameters
    ----------
    table : pandas.DataFrame, index driver
        chi_square, df, p, p_holm (over the drivers); the first row, ``all_drivers``, is the omnibus test. Blank where
        the cuts are too sparse for a valid covariance.
    cuts : pandas.DataFrame, index (driver, cut)
        As from `cut_coefficients`.
    level : float
        A p-value below ``1 - level`` speaks against proportional odds.
    ledger : TableLedger
        Respondents used and left out.
    """

    table: pd.DataFrame
    cuts: pd.DataFrame
    level: float
    ledger: TableLedger

    @property
    def failing(self) -> list[str]:
        """Drivers whose coefficient differs between cuts, by the p-value corrected for their number."""
        return list(self.table.index[self.table["p_holm"] < 1 - self.level])

    @property
    def verdict(self) -> str:
        """``proportional`` (nothing speaks against it), ``drivers_differ``, ``odds_differ`` or ``not_testable``."""
        p = self.table.loc["all_drivers", "p"]
        if self.failing:
            return "drivers_differ"
        if np.isnan(p):
            return "not_testable"
        return "odds_differ" if p < 1 - self.level else "proportional"

    def text(self, lang: str = "en") -> str:
        """What the test says and what to do, in Chinese (``zh``) or English (``en``)."""
        whole = self.table.loc["all_drivers"]
        names = {"zh": "、", "en": ", "}[lang].join(
            _NAMED[lang].format(name=word(name, lang), p=p_text(self.table.loc[name, "p_holm"]))
            for name in self.failing
        )
        figures = _FIGURES[f"{lang}_none"]
        if np.isfinite(whole["p"]):
            figures = _FIGURES[lang].format(chi_square=whole["chi_square"], df=whole["df"], p=p_text(whole["p"]))
        sparse = _SPARSE[lang].format(few=FEW_PER_DRIVER) if self.cuts["sparse_cut"].any() else ""
        return _TEXTS[self.verdict][lang].format(figures=figures, names=names) + sparse


_FIGURES = {
    "zh": "总体检验：卡方 = {chi_square:.2f}，自由度 {df:.0f}，{p}", "zh_none": "总体检验无法计算",
    "en": "all together: chi-square {chi_square:.2f}, df {df:.0f}, {p}",
    "en_none": "no test of all together is possible",
}  # fmt: skip
_NAMED = {"zh": "{name}（校正后 {p}）", "en": "{name} (corrected {p})"}
_SPARSE = {
    "zh": "注意：某些切分点某一侧的回答平均每个因素不足 {few} 个，卡方近似不可靠。",
    "en": " Beware: some cuts have fewer than {few} answers per driver on one side, and the chi-square is rough there.",
}
_TEXTS = {
    "proportional": {
        "zh": "Brant 检验没有发现与比例优势假定相矛盾的证据（{figures}）；这不等于证明假定成立。",
        "en": "Brant's test finds nothing against proportional odds ({figures}); that is no proof that they hold.",
    },
    "drivers_differ": {
        "zh": "Brant 检验不支持比例优势假定：{names}的系数在各切分点之间有差异（{figures}）。可以用 "
              "partial_proportional_odds 让这些因素在每个切分点有各自的系数，或用 merge_categories 合并回答较少的"
              "类别，并按切分点报告系数。",
        "en": "Brant's test speaks against proportional odds: coefficients differ between cuts for {names}; "
              "{figures}. Give each one coefficient at every cut with partial_proportional_odds, or merge rare "
              "categories with merge_categories, and report the coefficients by cut.",
    },
    "odds_differ": {
        "zh": "Brant 检验不支持比例优势假定（{figures}），但没有哪一个因素单独显著。请查看各切分点的系数，"
              "用 merge_categories 合并回答较少的类别，或用 partial_proportional_odds 放开差别最大的因素。",
        "en": "Brant's test speaks against proportional odds ({figures}), though no driver stands out alone. Look at "
              "the coefficients by cut, merge rare categories with merge_categories, or free the driver that differs "
              "most with partial_proportional_odds.",
    },
    "not_testable": {
        "zh": "比例优势假定无法检验：切分点之间的协方差矩阵不正定，请先用 merge_categories 合并回答较少的类别。",
        "en": "Proportional odds cannot be tested: the covariance between cuts is not positive definite. Merge rare "
              "categories with merge_categories first.",
    },
}  # fmt: skip


def brant_test(
    survey: pd.DataFrame,
    *,
    outcome: str,
    drivers: Iterable[str],
    level: float = 0.95,
    missing: str = "listwise",
    missing_codes: Sequence[float] = (),
    reversed_items: Iterable[str] = (),
    low: float | None = None,
    high: float | None = None,
) -> BrantTest:
    r"""Test whether the coefficients of a cumulative logit are the same at every cut.

    .. math:: \chi^2 = (D\hat\beta)^\top (D \hat V D^\top)^{-1} D\hat\beta, \quad
              D\hat\beta = (\hat\beta_1 - \hat\beta_2, \dots, \hat\beta_1 - \hat\beta_{J-1})

    The coefficients come from J - 1 binary logits of the same respondents; their covariance across cuts is needed.

    Parameters
    ----------
    survey, outcome, drivers, missing, missing_codes, reversed_items, low, high
        As in `read_cases`.
    level : float in (0, 1)

    Returns
    -------
    BrantTest
        ``df`` is k (J - 2) for all k drivers, J - 2 for each.

    Raises
    ------
    InputError
        As `cut_coefficients`.

    References
    ----------
    .. [1] Brant (1990). Assessing proportionality in the proportional odds model for ordinal logistic regression.
       Biometrics 46, 1171-1178.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> quality = rng.integers(1, 6, 200)
    >>> stars = np.digitize(quality + rng.logistic(size=200), [2.0, 4.0])
    >>> test = brant_test(pd.DataFrame({"stars": stars, "quality": quality}), outcome="stars", drivers=["quality"])
    >>> test.verdict, test.table["df"].tolist()
    ('proportional', [1, 1])
    """
    cases = read_cases(survey, outcome=outcome, drivers=drivers, low=low, high=high, missing=missing,
                       missing_codes=missing_codes, reversed_items=reversed_items)  # fmt: skip
    fits = fit_cuts(cases)
    columns = [list(range(len(fits.names))), *([j] for j in range(len(fits.names)))]
    found = [_wald(fits, chosen) for chosen in columns]
    table = pd.DataFrame(
        found, columns=["chi_square", "df"], index=pd.Index(["all_drivers", *fits.names], name="driver")
    )
    table["p"] = chdtrc(table["df"], table["chi_square"])
    table["p_holm"] = np.append(np.nan, holm(table["p"].iloc[1:]))
    return BrantTest(table, fits.table(level=level), check_level(level), cases.ledger)


def _wald(fits: CutFits, chosen: list[int]) -> tuple[float, int]:
    """Chi-square and degrees of freedom of equal slopes of some drivers at all cuts."""
    cuts, k = len(fits.slopes), len(chosen)
    slopes = fits.slopes[:, chosen]
    covariance = fits.covariance[:, chosen][:, :, :, chosen].reshape(cuts * k, cuts * k)
    contrast = np.hstack([np.tile(np.eye(k), (cuts - 1, 1)), -np.eye((cuts - 1) * k)])
    gap, variance = contrast @ slopes.ravel(), contrast @ covariance @ contrast.T
    sound = np.linalg.eigvalsh(variance)[0] > 0
    return float(gap @ np.linalg.solve(variance, gap)) if sound else np.nan, (cuts - 1) * k
