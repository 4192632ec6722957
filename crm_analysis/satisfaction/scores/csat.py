"""Customer satisfaction score (CSAT): the share of satisfied answers, of a survey and of each segment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import ndtr

from crm_analysis.errors import InputError
from crm_analysis.intervals import Estimate, newcombe, wilson, with_limits
from crm_analysis.satisfaction.scores.difference import DELTA, NEAR_LEVEL, Difference, check_delta
from crm_analysis.satisfaction.scores.sample import TOO_FEW, Sample, take_sample
from crm_analysis.satisfaction.scores.segments import take_segments


@dataclass(frozen=True)
class SatisfiedShare:
    """The share of satisfied answers with all that it rests on.

    Parameters
    ----------
    satisfied : int
        Respondents with an answer that counts, not weighted.
    csat : Estimate
        Their share, weighted where there are weights.
    respondents, not_answered : int
    n_eff : float
        Effective sample size.
    counted : tuple of float
        The answers that count as satisfied.
    scale : tuple of float
        Ends of the scale.
    level : float
    """

    satisfied: int
    csat: Estimate
    respondents: int
    not_answered: int
    n_eff: float
    counted: tuple[float, ...]
    scale: tuple[float, float]
    level: float

    @property
    def too_few(self) -> bool:
        """Whether fewer than 30 (effective) respondents answered: the interval is then up to 35 points wide."""
        return self.n_eff < TOO_FEW

    def row(self) -> dict[str, float]:
        """Return the share as a row of a table."""
        size = {"respondents": self.respondents, "not_answered": self.not_answered, "n_eff": self.n_eff}
        return size | {"satisfied": self.satisfied} | with_limits("csat_share", self.csat) | {"too_few": self.too_few}

    def text(self, lang: str) -> str:
        """Return the share in a sentence that names the answers counted."""
        low, high = self.scale
        answers = {"zh": "、", "en": ", "}[lang].join(f"{answer:g}" for answer in self.counted)
        few = {"zh": f"有效样本不足 {TOO_FEW} 人，只宜作参考。",
               "en": f" With fewer than {TOO_FEW} effective respondents it is a hint only."}  # fmt: skip
        said = {"zh": f"{self.respondents:,} 位受访者中满意率为 {self.csat:.1%}"
                      f"（{low:g} 到 {high:g} 分中回答 {answers} 计为满意）。",
                "en": f"Of {self.respondents:,} respondents {self.csat:.1%} are satisfied (answers {answers} on a "
                      f"scale from {low:g} to {high:g})."}  # fmt: skip
        return said[lang] + few[lang] * self.too_few


def csat(
    answers: ArrayLike | pd.Series,
    *,
    low: float | None = None,
    high: float | None = None,
    model: Mapping | None = None,
    satisfied: Iterable[float] | None = None,
    weights: ArrayLike | pd.Series | None = None,
    level: float = 0.95,
    missing_codes: float | Sequence[float] = (),
) -> SatisfiedShare:
    """Share of satisfied answers (top boxes), with Wilson's limits.

    Parameters
    ----------
    answers : Series or array_like
        Whole numbers from `low` to `high`; blanks are counted and left out.
    low, high : float, optional
        Ends of the scale; required where no `model` states them.
    model : mapping, optional
        Measurement model with ``scale: {low, high}`` (``model.yml``).
    satisfied : iterable of float, optional
        Answers that count. Only a scale from 1 to 5 has a default, its top two (4, 5).
    weights : Series with the index of `answers`, or array_like, optional
    level : float in (0, 1)
    missing_codes : float or sequence of float

    Returns
    -------
    SatisfiedShare
        With weights, Wilson's limits for n_eff respondents.

    Raises
    ------
    InputError
        If the scale or the answers that count are not stated, answers lie outside, or nobody answered.

    References
    ----------
    .. [1] Wilson (1927). JASA 22, 209-212.

    Examples
    --------
    >>> f"{csat([5, 4, 3, 5], low=1, high=5).csat:.3f}"
    '0.750 [0.301, 0.954]'
    """
    ends = scale_of(low, high, model)
    counted = counted_answers(ends, satisfied)
    sample = take_sample(answers, low=ends[0], high=ends[1], weights=weights, missing_codes=missing_codes)
    return _share(sample, counted, ends, level)


def csat_table(
    survey: pd.DataFrame,
    *,
    question: str,
    by: str | None = None,
    low: float | None = None,
    high: float | None = None,
    model: Mapping | None = None,
    satisfied: Iterable[float] | None = None,
    weights: str | pd.Series | None = None,
    level: float = 0.95,
    missing_codes: float | Sequence[float] = (),
) -> pd.DataFrame:
    """Share of satisfied answers of each segment and of all.

    Parameters
    ----------
    survey : pandas.DataFrame
        One row per respondent (or ticket).
    question : str
    by : str, optional
        Column of segments; blanks are ``not_stated``.
    weights : str or Series, optional
    low, high, model, satisfied, level, missing_codes
        As in `csat`.

    Returns
    -------
    pandas.DataFrame, index `by`
        The largest segment first, ``total`` last: respondents, not_answered, n_eff, satisfied (respondents),
        csat_share with limits, too_few.

    Examples
    --------
    >>> survey = pd.DataFrame({"q": [5, 4, 1, 2], "city": list("AAAB")})
    >>> csat_table(survey, question="q", by="city", low=1, high=5)["satisfied"].to_dict()
    {'A': 2, 'B': 0, 'total': 2}
    """
    ends = scale_of(low, high, model)
    counted = counted_answers(ends, satisfied)
    found = take_segments(survey, question, by, ends, weights=weights, missing_codes=missing_codes)
    hit = np.isin(found.values, counted)
    share = found.mean(hit)
    low, high = wilson(np.where(found.n > 0, np.minimum(share, 1.0), 0.0) * found.n_eff, found.n_eff, level=level)
    limits = {"csat_share": share, "csat_share_low": low, "csat_share_high": high}
    return found.frame({"satisfied": found.count(hit)} | limits, by)


def csat_difference(
    first: SatisfiedShare, second: SatisfiedShare, *, level: float = 0.95, delta: float = DELTA
) -> Difference:
    """Difference of two independent shares of satisfied answers, the first less the second, by Newcombe's method.

    Parameters
    ----------
    first, second : SatisfiedShare
        From `csat`, on the same scale with the same answers counted; with weights the limits are for n_eff respondents.
    level : float in (0, 1)
    delta : float > 0
        Largest difference that does not matter; "no change" needs a 90 % interval within it.

    Returns
    -------
    Difference
        p is that of the pooled z test, which may differ in the third decimal from what the limits say.

    References
    ----------
    .. [1] Newcombe (1998). Statistics in Medicine 17, 873-890, method 10.

    Examples
    --------
    >>> a, b = csat([5] * 56 + [1] * 14, low=1, high=5), csat([5] * 48 + [1] * 32, low=1, high=5)
    >>> f"{csat_difference(a, b).difference:.4f}"
    '0.2000 [0.0524, 0.3339]'
    """
    if (first.scale, first.counted) != (second.scale, second.counted):
        raise InputError("the two shares count different answers", where=f"{first.counted} and {second.counted}",
                         expected="the same scale and the same answers",
                         zh="两个满意率的量表或计为满意的回答不同")  # fmt: skip
    check_delta(delta)
    x1, n1, x2, n2 = first.csat.value * first.n_eff, first.n_eff, second.csat.value * second.n_eff, second.n_eff
    pooled = (x1 + x2) / (n1 + n2)
    error = np.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2))
    found = newcombe(x1, n1, x2, n2, level=level)
    p = float(2 * ndtr(-abs(found.value) / error)) if error > 0 else 1.0
    return Difference(first.csat, second.csat, found, newcombe(x1, n1, x2, n2, level=NEAR_LEVEL), p, delta, level,
                      min(n1, n2))  # fmt: skip


def scale_of(low: float | None, high: float | None, model: Mapping | None) -> tuple[float, float]:
    """Return the ends of the scale, as stated or from the measurement model."""
    stated = (model or {}).get("scale", {})
    ends = (stated.get("low") if low is None else low, stated.get("high") if high is None else high)
    if None in ends:
        raise InputError("the scale of the question is not stated", expected="low and high, or a model with a scale",
                         mend="pass low=1, high=5 for a question answered from 1 to 5",
                         zh="没有说明题目的量表范围（low、high）")  # fmt: skip
    if not ends[0] < ends[1]:
        raise InputError(f"the scale runs from {ends[0]} to {ends[1]}", expected="low below high", zh="量表范围有误")
    return ends


def counted_answers(ends: tuple[float, float], satisfied: Iterable[float] | None) -> tuple[float, ...]:
    """Return the answers that count as satisfied, checked; the default is for a scale from 1 to 5 only."""
    low, high = ends
    if satisfied is None:
        if ends != (1, 5):
            raise InputError(f"no rule says which answers from {low:g} to {high:g} count as satisfied",
                             expected="satisfied=(...)", mend=f"for example satisfied=({high - 1:g}, {high:g})",
                             zh="没有说明哪些回答计为满意")  # fmt: skip
        return (4.0, 5.0)
    counted = tuple(sorted({float(answer) for answer in ([satisfied] if np.isscalar(satisfied) else satisfied)}))
    if not counted or not all(low <= answer <= high and answer % 1 == 0 for answer in counted):
        raise InputError(f"the answers that count, {counted}, are not all on the scale",
                         expected=f"whole numbers from {low} to {high}", zh="计为满意的回答不在量表上")  # fmt: skip
    return counted


def _share(sample: Sample, counted: tuple[float, ...], ends: tuple[float, float], level: float) -> SatisfiedShare:
    hit = np.isin(sample.values, counted)
    share = sample.share(hit)
    effective = min(share, 1.0) * sample.n_eff if sample.n else 0.0
    low, high = wilson(effective, sample.n_eff, level=level)
    return SatisfiedShare(
        int(hit.sum()), Estimate(share, float(low), float(high)), sample.n, sample.not_answered, sample.n_eff, counted,
        ends, level,
    )  # fmt: skip
