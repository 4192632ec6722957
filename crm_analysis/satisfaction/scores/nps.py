"""Net promoter score of a survey and of each segment, with limits that hold for few respondents too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from crm_analysis.errors import InputError
from crm_analysis.intervals import Estimate, with_limits
from crm_analysis.satisfaction.scores.limits import nps_limits
from crm_analysis.satisfaction.scores.sample import TOO_FEW, Sample, take_sample
from crm_analysis.satisfaction.scores.segments import take_segments

LOW, HIGH = 0, 10
PROMOTER, PASSIVE = 9, 7  # 9-10 promoters, 7-8 passives, 0-6 detractors
SHORT_SCALE = 7  # the longest scale of the usual shorter ones


@dataclass(frozen=True)
class PromoterScore:
    """A net promoter score with all that it rests on.

    Parameters
    ----------
    promoters, passives, detractors : int
        Respondents, not weighted.
    promoter_share, passive_share, detractor_share : float
        Weighted where there are weights.
    nps : Estimate
        Share of promoters less share of detractors, from -1 to 1, with its limits.
    respondents, not_answered : int
    n_eff : float
        Effective sample size; the number of respondents without weights.
    level : float
    method : str
    looks_short : bool
        Whether all answers lie between 1 and 7, as on a shorter scale, and no scale was named.
    """

    promoters: int
    passives: int
    detractors: int
    promoter_share: float
    passive_share: float
    detractor_share: float
    nps: Estimate
    respondents: int
    not_answered: int
    n_eff: float
    level: float
    method: str
    looks_short: bool = False

    @property
    def too_few(self) -> bool:
        """Whether fewer than 30 (effective) respondents answered: the interval is then some 50 points wide or wider."""
        return self.n_eff < TOO_FEW

    @property
    def effective_counts(self) -> tuple[float, float, float]:
        """Promoters, passives and detractors in effective respondents: what the limits are computed from."""
        return tuple(share * self.n_eff for share in (self.promoter_share, self.passive_share, self.detractor_share))

    def row(self) -> dict[str, float]:
        """Return the score as a row of a table."""
        counts = {name: getattr(self, name) for name in ("promoters", "passives", "detractors")}
        shares = {name: getattr(self, name) for name in ("promoter_share", "passive_share", "detractor_share")}
        size = {"respondents": self.respondents, "not_answered": self.not_answered, "n_eff": self.n_eff}
        return size | counts | shares | with_limits("nps", self.nps) | {"too_few": self.too_few}

    def text(self, lang: str) -> str:
        """Return the score in a sentence, with what may not be read from it."""
        few = {
            "zh": f"有效样本不足 {TOO_FEW} 人，只宜作参考，不宜用来比较。",
            "en": f" With fewer than {TOO_FEW} effective respondents it is a hint, no ground for comparisons.",
        }
        said = {
            "zh": f"{self.respondents:,} 位受访者中，推荐者占 {self.promoter_share:.1%}，贬损者占 "
                  f"{self.detractor_share:.1%}，净推荐值为 {self.nps:+.1%}。区间只反映抽样误差，不反映谁愿意作答。",
            "en": f"Of {self.respondents:,} respondents {self.promoter_share:.1%} are promoters and "
                  f"{self.detractor_share:.1%} detractors: the net promoter score is {self.nps:+.1%}. The interval "
                  f"tells of chance in sampling, not of who cares to answer.",
        }  # fmt: skip
        short = {
            "zh": f"全部回答都在 1 到 {SHORT_SCALE} 之间，题目似乎不是 0 到 10 分；若是较短的量表，此数不成立。",
            "en": f" All answers lie between 1 and {SHORT_SCALE}: this looks like a shorter scale, on which there is "
                  f"no net promoter score.",
        }  # fmt: skip
        return said[lang] + few[lang] * self.too_few + short[lang] * self.looks_short


def nps(
    answers: ArrayLike | pd.Series,
    *,
    weights: ArrayLike | pd.Series | None = None,
    level: float = 0.95,
    method: str = "adjusted_wald",
    scale: tuple[float, float] | None = None,
    missing_codes: float | Sequence[float] = (),
) -> PromoterScore:
    r"""Net promoter score: share of promoters (9-10) less share of detractors (0-6).

    .. math:: N = p - d

    Limits: three quarters of a promoter, three halves of a passive and three quarters of
    a detractor are added before Wald's formula (`limits.nps_limits`). With weights the
    shares are weighted and count for n_eff respondents.

    Parameters
    ----------
    answers : Series or array_like
        How likely to recommend, whole numbers from 0 to 10; blanks are counted and left out.
    weights : Series with the index of `answers`, or array_like, optional
        Above 0, one per respondent.
    level : float in (0, 1)
    method : {"adjusted_wald", "wald"}
    scale : (low, high), optional
        Scale on which the question was asked. Only (0, 10) has a net promoter score; naming it also vouches for 30 or
        more answers that all lie between 1 and 7, which are refused otherwise as those of a shorter scale.
    missing_codes : float or sequence of float
        Numbers that stand for no answer.

    Returns
    -------
    PromoterScore
        The score as it stands in the data; its limits lie around the adjusted score.

    Raises
    ------
    InputError
        If answers are no whole numbers from 0 to 10, were given on another scale, or nobody answered.

    References
    ----------
    .. [1] Reichheld (2003). The one number you need to grow. Harvard Business Review 81(12), 46-54.
    .. [2] Rocks (2016). Interval estimation for the Net Promoter Score. The American Statistician 70, 365-372.

    Examples
    --------
    >>> found = nps([10] * 50 + [8] * 30 + [5] * 20)
    >>> f"{found.nps:.3f}", found.promoters, found.too_few
    ('0.300 [0.141, 0.442]', 50, False)
    """
    _check_scale(scale)
    sample = take_sample(answers, low=LOW, high=HIGH, weights=weights, missing_codes=missing_codes)
    if scale is None:
        _check_length(sample)
    found = score_of(sample, level=level, method=method)
    return replace(found, looks_short=scale is None and _looks_short(sample))


def nps_table(
    survey: pd.DataFrame,
    *,
    question: str = "nps",
    by: str | None = None,
    weights: str | pd.Series | None = None,
    level: float = 0.95,
    method: str = "adjusted_wald",
    scale: tuple[float, float] | None = None,
    missing_codes: float | Sequence[float] = (),
) -> pd.DataFrame:
    """Net promoter score of each segment and of all.

    Parameters
    ----------
    survey : pandas.DataFrame
        One row per respondent.
    question : str
        Column with the answers from 0 to 10.
    by : str, optional
        Column of segments; blanks are named ``not_stated``.
    weights : str or Series, optional
        Column of the survey, or a Series with its index.
    level, method, scale, missing_codes
        As in `nps`.

    Returns
    -------
    pandas.DataFrame, index `by`
        The largest segment first, ``total`` last: respondents, not_answered, n_eff, promoters, passives, detractors
        (respondents), promoter_share, passive_share, detractor_share (weighted), nps with limits, too_few. The
        intervals are not corrected for their number.

    Raises
    ------
    InputError
        As `nps`; if there is no such question or segment column.

    Examples
    --------
    >>> survey = pd.DataFrame({"nps": [10, 9, 3, 8], "city": ["A", "A", "A", "B"]})
    >>> nps_table(survey, by="city")["nps"].round(3).to_dict()
    {'A': 0.333, 'B': 0.0, 'total': 0.25}
    """
    _check_scale(scale)
    found = take_segments(survey, question, by, (LOW, HIGH), weights=weights, missing_codes=missing_codes)
    if scale is None:
        _check_length(found.whole)  # a wrong scale shows best in all answers at once
    hits = dict(zip(("promoter", "passive", "detractor"), classes(found.values)))
    shares = {f"{name}_share": found.mean(hit) for name, hit in hits.items()}
    effective = [np.where(found.n > 0, share, 0.0) * found.n_eff for share in shares.values()]
    low, high = nps_limits(*effective, level=level, method=method)
    score = shares["promoter_share"] - shares["detractor_share"]
    limits = {"nps": score, "nps_low": np.minimum(low, score), "nps_high": np.maximum(high, score)}
    return found.frame({f"{name}s": found.count(hit) for name, hit in hits.items()} | shares | limits, by)


def score_of(sample: Sample, *, level: float = 0.95, method: str = "adjusted_wald") -> PromoterScore:
    """Return the score of answers already checked; NaN where nobody answered."""
    hits = classes(sample.values)
    shares = [sample.share(hit) for hit in hits]
    effective = [share * sample.n_eff if sample.n else 0.0 for share in shares]
    score, (low, high) = shares[0] - shares[2], map(float, nps_limits(*effective, level=level, method=method))
    return PromoterScore(
        *(int(hit.sum()) for hit in hits), *shares, Estimate(score, min(low, score), max(high, score)),
        sample.n, sample.not_answered, sample.n_eff, level, method,
    )  # fmt: skip


def classes(values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Tell who is promoter, passive, detractor.

    Examples
    --------
    >>> [hit.tolist() for hit in classes(np.array([9.0, 7.0, 6.0]))]
    [[True, False, False], [False, True, False], [False, False, True]]
    """
    return values >= PROMOTER, (values >= PASSIVE) & (values < PROMOTER), values < PASSIVE


def _check_scale(scale: tuple[float, float] | None) -> None:
    if scale is not None and tuple(scale) != (LOW, HIGH):
        raise InputError(f"a question asked from {scale[0]:g} to {scale[1]:g} has no net promoter score",
                         expected="a question asked from 0 to 10",
                         mend="use csat for the share of satisfied answers, or ask from 0 to 10; do not stretch the "
                              "answers",
                         zh=f"{scale[0]:g} 到 {scale[1]:g} 分的题目不能计算净推荐值，须为 0 到 10 分")  # fmt: skip


def _looks_short(sample: Sample) -> bool:
    return bool(sample.values.min() >= 1 and sample.values.max() <= SHORT_SCALE)


def _check_length(sample: Sample) -> None:
    if sample.n >= TOO_FEW and _looks_short(sample):
        top = f"{sample.values.max():g}"
        raise InputError(f"{sample.n:,} answers all lie between 1 and {top}, as on a shorter scale",
                         expected="answers from 0 to 10",
                         mend="use csat for it; if it was asked from 0 to 10 after all, pass scale=(0, 10)",
                         zh=f"全部回答都在 1 到 {top} 之间，题目似乎不是 0 到 10 分")  # fmt: skip
