"""Net promoter score over time: each period with its interval, the linear trend, and changes between neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from crm_analysis.intervals import Estimate, check_level, holm, with_limits
from crm_analysis.satisfaction.scores.difference import DELTA, nps_difference, p_text
from crm_analysis.satisfaction.scores.limits import nps_moments
from crm_analysis.satisfaction.scores.nps import HIGH, LOW, PromoterScore, nps, score_of
from crm_analysis.satisfaction.scores.periods import periods_of, times_of
from crm_analysis.satisfaction.scores.sample import WHERE, Sample, known_answers, question_of, take_sample, weights_of

CHANGE_COLUMNS = [
    "period",
    "previous_period",
    "nps_change",
    "nps_change_low",
    "nps_change_high",
    "p",
    "p_holm",
    "verdict",
]


@dataclass(frozen=True)
class NpsTrend:
    """A net promoter score by period.

    Parameters
    ----------
    table : pandas.DataFrame, index period
        As `nps_table`, one row per period; periods without answers are blank.
    slope : Estimate
        Change of the score per period; NaN with fewer than three periods.
    p : float
        Of the slope, two-sided.
    changes : pandas.DataFrame
        period, previous_period (with answers), nps_change with limits, p, p_holm, verdict (as `Difference`).
    freq : str
    repeated : int
        Customers who answered more than once; 0 where customers are not named.
    level : float
    """

    table: pd.DataFrame
    slope: Estimate
    p: float
    changes: pd.DataFrame
    freq: str
    repeated: int
    level: float

    def text(self, lang: str) -> str:
        """Return trend and changes in words, with what may not be claimed."""
        clear = int((self.changes["p_holm"] < 1 - self.level).sum()) if len(self.changes) else 0
        few = int((self.table["too_few"] & (self.table["respondents"] > 0)).sum())
        count = len(self.changes)
        parts = {"zh": [self._slope_text("zh"), f"相邻时期的 {count} 次变化中，校正后显著的有 {clear} 次。"],
                 "en": [self._slope_text("en"), f"Of {count} changes between neighbouring periods {clear} stand after "
                                                f"correction for their number."]}[lang]  # fmt: skip
        if few:
            parts += [{"zh": f"{few} 个时期的有效样本不足 30 人。",
                       "en": f"{few} periods have fewer than 30 effective respondents."}[lang]]  # fmt: skip
        if self.repeated:
            parts += [{"zh": f"有 {self.repeated:,} 位客户多次作答，而区间把各次回答视为独立。",
                       "en": f"{self.repeated:,} customers answered more than once; the intervals take answers as "
                             f"independent."}[lang]]  # fmt: skip
        return ("" if lang == "zh" else " ").join(parts)

    def _slope_text(self, lang: str) -> str:
        unit = {"day": ("天", "day"), "week": ("周", "week"), "month": ("月", "month"), "quarter": ("季度", "quarter"),
                "year": ("年", "year")}[self.freq][lang == "en"]  # fmt: skip
        if not np.isfinite(self.slope.value):
            return {"zh": "有回答的时期不足三个，无法检验趋势。",
                    "en": "Fewer than three periods have answers: no trend can be tested."}[lang]  # fmt: skip
        sure = self.p < 1 - self.level
        tells = {"zh": ("不能断定有线性趋势", "线性趋势显著")[sure],
                 "en": ("a linear trend is not shown", "a linear trend is shown")[sure]}[lang]  # fmt: skip
        p = p_text(self.p, lang)
        said = {"zh": f"净推荐值平均每{unit}变化 {self.slope:+.1%}{p}：{tells}。",
                "en": f"The score changes by {self.slope:+.1%} per {unit}{p}: {tells}."}  # fmt: skip
        return said[lang]


def nps_trend(
    survey: pd.DataFrame,
    *,
    question: str = "nps",
    at: str = "answered_at",
    freq: str = "month",
    weights: str | pd.Series | None = None,
    level: float = 0.95,
    delta: float = DELTA,
    scale: tuple[float, float] | None = None,
    missing_codes: float | Sequence[float] = (),
) -> NpsTrend:
    r"""Net promoter score by period, with a test of linear trend and of each change, corrected by Holm.

    .. math:: b = \frac{\sum_t W_t (t - \bar t) N_t}{\sum_t W_t (t - \bar t)^2},\qquad
              \mathrm{var}(b) = \frac{\sum_t W_t^2 (t - \bar t)^2\, \tilde v_t / n_t}
              {(\sum_t W_t (t - \bar t)^2)^2}

    b is the least-squares line through the answers (promoter 1, passive 0, detractor -1); W is the weight of
    a period, the number of its answers without weights; v the variance of one answer with three respondents added
    (never 0), n the effective sample size.

    Parameters
    ----------
    survey : pandas.DataFrame
        One row per respondent; with customer_id, customers who answered again are counted.
    question, weights, scale, missing_codes
        As in `nps_table`.
    at : str
        Column of times with a zone; periods are calendar periods in that zone.
    freq : {"day", "week", "month", "quarter", "year"}
    level : float in (0, 1)
    delta : float > 0
        As in `nps_difference`.

    Returns
    -------
    NpsTrend

    Raises
    ------
    InputError
        As `nps_table`; if times are missing, blank or without a zone.

    Examples
    --------
    >>> times = pd.to_datetime(["2012-01-05"] * 40 + ["2012-02-05"] * 40 + ["2012-03-05"] * 40).tz_localize("UTC")
    >>> survey = pd.DataFrame({"answered_at": times, "nps": [10] * 10 + [5] * 30 + [10] * 60 + [5] * 20})
    >>> found = nps_trend(survey)
    >>> found.table["nps"].tolist(), round(found.slope.value, 3), found.changes["verdict"].tolist()
    ([-0.5, 1.0, 0.0], 0.25, ['diff_higher', 'diff_lower'])
    """
    answers, times = question_of(survey, question), times_of(survey, at, where=WHERE)
    weight = weights_of(survey, weights)
    whole = nps(answers, weights=weight, scale=scale, missing_codes=missing_codes, level=level)
    place, labels = periods_of(times, freq)
    known = known_answers(answers, missing_codes)[0]
    scores, sums = [], np.zeros(len(labels))
    for t in range(len(labels)):
        part = _period(known, weight, place == t)
        scores.append(score_of(part, level=level, method=whole.method))
        sums[t] = part.weights.sum()
    table = pd.DataFrame([score.row() for score in scores], index=pd.Index(labels, name="period", dtype=object))
    slope, p = _slope(scores, sums, level)
    who = survey.loc[known.notna().to_numpy(), "customer_id"] if "customer_id" in survey else pd.Series(dtype=object)
    repeated = int((who.value_counts() > 1).sum())
    return NpsTrend(table, slope, p, _changes(scores, labels, level, delta), freq, repeated, level)


def _period(answers: pd.Series, weights: pd.Series | None, rows: np.ndarray) -> Sample:
    if not answers[rows].notna().any():
        return Sample(np.empty(0), np.empty(0), int(rows.sum()))
    return take_sample(answers[rows], low=LOW, high=HIGH, weights=None if weights is None else weights[rows])


def _slope(scores: list[PromoterScore], sums: np.ndarray, level: float) -> tuple[Estimate, float]:
    """Slope of the score on the number of the period, with normal limits and p."""
    asked = np.flatnonzero(sums > 0)
    if len(asked) < 3:
        return Estimate(*[float("nan")] * 3), float("nan")
    w = sums[asked]
    away = asked - w @ asked / w.sum()
    score = np.array([scores[t].nps.value for t in asked])
    size = np.array([scores[t].n_eff for t in asked])
    variance = np.array([nps_moments(*scores[t].effective_counts)[1] for t in asked]) * (size + 3) / size
    spread = w @ away**2
    slope, error = (w * away) @ score / spread, np.sqrt((w * away) ** 2 @ variance) / spread
    half = ndtri(0.5 + check_level(level) / 2) * error
    return Estimate(float(slope), float(slope - half), float(slope + half)), float(2 * ndtr(-abs(slope) / error))


def _changes(scores: list[PromoterScore], labels: list[str], level: float, delta: float) -> pd.DataFrame:
    asked = [t for t, score in enumerate(scores) if score.respondents]
    rows = []
    for before, after in pairwise(asked):
        found = nps_difference(scores[after], scores[before], level=level, delta=delta)
        named = {"period": labels[after], "previous_period": labels[before], "p": found.p, "verdict": found.verdict}
        rows.append(named | with_limits("nps_change", found.difference))
    table = pd.DataFrame(rows, columns=[name for name in CHANGE_COLUMNS if name != "p_holm"])
    return table.assign(p_holm=holm(table["p"]))[CHANGE_COLUMNS]
