"""How far the gap of one respondent can be trusted: the reliability of a difference."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.intervals import Estimate, percentile_limits, with_limits
from crm_analysis.satisfaction.disconfirmation.sides import Pairs, Sides, side_answers
from crm_analysis.satisfaction.disconfirmation.triple import resampled
from crm_analysis.satisfaction.measurement.coefficients import alpha_of
from crm_analysis.satisfaction.survey.moments import Moments
from crm_analysis.words import word

ENOUGH = 0.7  # below, more than 30 % of the variance of the gaps is error of measurement


@dataclass(frozen=True)
class GapReliability:
    """Reliability of the gap of each dimension.

    Parameters
    ----------
    table : pandas.DataFrame, index dimension
        respondents; expectation_items and perception_items; alpha_expectation and alpha_perception (raw Cronbach
        alpha, or as given; blank for one item without a value); sides_correlation; gap_reliability with percentile
        limits; individual_claims, whether gaps of single respondents may be interpreted.
    limit : float
        Reliability from which they may.
    """

    table: pd.DataFrame
    limit: float

    def text(self, lang: str) -> str:
        """Say which claims on individual gaps are blocked, in Chinese (``zh``) or English (``en``)."""
        return _in_chinese(self) if lang == "zh" else _in_english(self)


def difference_reliability(
    *,
    reliability_perception: float,
    reliability_expectation: float,
    correlation: float,
    sd_perception: float = 1.0,
    sd_expectation: float = 1.0,
) -> float:
    r"""Reliability of the difference of two measures, from theirs.

    .. math:: \rho_D = \frac{s_P^2 \rho_{PP} + s_E^2 \rho_{EE} - 2 r s_P s_E}{s_P^2 + s_E^2 - 2 r s_P s_E}

    The share of the variance of P - E that is no error of measurement. The more alike the two sides, the less
    there is left but error: two scales of .8 that correlate .6 give a difference of .5.

    Parameters
    ----------
    reliability_perception, reliability_expectation : float in [0, 1]
    correlation : float in [-1, 1]
        Of perception and expectation.
    sd_perception, sd_expectation : float > 0
        Standard deviations; equal ones by default.

    Returns
    -------
    float
        Below 0 if the numbers given contradict each other (a correlation higher than the reliabilities allow);
        NaN if the differences do not vary.

    Raises
    ------
    InputError
        If a number lies outside its range.

    References
    ----------
    .. [1] Lord & Novick (1968). Statistical Theories of Mental Test Scores. Peter, Churchill & Brown
           (1993). Journal of Consumer Research 19, 655-662 (difference scores in consumer research).

    Examples
    --------
    >>> round(difference_reliability(reliability_perception=0.8, reliability_expectation=0.8, correlation=0.6), 3)
    0.5
    """
    problems = [f"{name} is {value}" for name, value in (("reliability_perception", reliability_perception),
                ("reliability_expectation", reliability_expectation)) if not value <= 1]  # fmt: skip
    problems += [f"correlation is {correlation}"] if not -1 <= correlation <= 1 else []
    problems += ["a standard deviation is not above 0"] if not (sd_perception > 0 and sd_expectation > 0) else []
    if problems:
        raise InputError("; ".join(problems), expected="reliabilities up to 1, a correlation from -1 to 1",
                         zh="信度、相关系数或标准差超出取值范围")  # fmt: skip
    shared = 2 * correlation * sd_perception * sd_expectation
    total = sd_perception**2 + sd_expectation**2 - shared
    if total <= 1e-12 * (sd_perception**2 + sd_expectation**2):
        return float("nan")
    return (sd_perception**2 * reliability_perception + sd_expectation**2 * reliability_expectation - shared) / total


def published_gap_reliability(moments: Moments, *, expectation: Iterable[str], perception: Iterable[str]) -> float:
    """Reliability of the gap of two means of items, from published moments alone; reliabilities are raw alphas.

    Parameters
    ----------
    moments : Moments
        With standard deviations.
    expectation, perception : iterable of str
        Items of either side, two or more.

    Returns
    -------
    float

    References
    ----------
    .. [1] As `difference_reliability`; alpha: Cronbach (1951). Psychometrika 16, 297-334.

    Examples
    --------
    >>> from crm_analysis.satisfaction.survey.moments import mobi
    >>> quality = [f"PERQ{k}" for k in range(1, 8)]
    >>> round(published_gap_reliability(mobi(), expectation=["CUEX1", "CUEX2", "CUEX3"], perception=quality), 4)
    0.2337
    """
    sides = [list(expectation), list(perception)]
    if min(map(len, sides)) < 2:
        raise InputError("alpha needs two items or more on either side",
                         mend="use difference_reliability with the reliability of the single item",
                         zh="α 系数要求期望和感知两侧各有两个以上题项")  # fmt: skip
    part = moments.take([item for side in sides for item in side])
    covariance = part.correlations * np.outer(part.sds, part.sds)
    member = np.repeat(np.eye(2), [len(side) for side in sides], axis=0)
    within = member.T @ covariance @ member  # of the sums of items
    own = member.T @ np.diag(covariance)
    count = member.sum(axis=0)
    alphas = count / (count - 1) * (1 - own / np.diag(within))
    sd = np.sqrt(np.diag(within))
    found = difference_reliability(
        reliability_perception=alphas[1], reliability_expectation=alphas[0],
        correlation=within[0, 1] / (sd[0] * sd[1]), sd_perception=sd[1] / count[1], sd_expectation=sd[0] / count[0],
    )  # fmt: skip
    return float(found)


def gap_reliability(
    survey: pd.DataFrame,
    pairs: Pairs,
    *,
    reliabilities: Mapping[str, tuple[float, float]] | None = None,
    low: float | None = None,
    high: float | None = None,
    missing_codes: Sequence[float] = (),
    limit: float = ENOUGH,
    level: float = 0.95,
    draws: int = 1000,
    seed: int = 0,
) -> GapReliability:
    """Reliability of the gap of each dimension, from the answers.

    Means over many respondents can be told from 0 however unreliable single gaps are (`gaps.gap_table`); a list of
    customers "with a negative gap", or a relation of gaps to anything else, needs reliable ones.

    Parameters
    ----------
    survey : pandas.DataFrame
        One row per respondent, one column of numbers per item.
    pairs : dict of dimension to (expectation, perception)
        Tuples of items; alpha needs two or more on a side.
    reliabilities : dict of dimension to (expectation, perception), optional
        Reliabilities known from elsewhere, NaN for "compute alpha"; needed for a side of one item.
    low, high, missing_codes
        As in `gaps.gap_table`.
    limit : float
        Reliability from which single gaps may be interpreted.
    level : float in (0, 1)
    draws : int
        Bootstrap samples of respondents for the limits.
    seed : int

    Returns
    -------
    GapReliability

    Raises
    ------
    InputError
        As `gaps.gap_table`, or if a reliability given is above 1.

    References
    ----------
    .. [1] Cronbach (1951). Psychometrika 16, 297-334 (alpha). Peter, Churchill & Brown (1993). JCR 19, 655-662.

    Examples
    --------
    >>> survey = pd.DataFrame({"e1": [1, 2, 3, 4], "e2": [1, 2, 3, 4], "p1": [4, 2, 3, 1], "p2": [4, 2, 3, 1]})
    >>> found = gap_reliability(survey, {"empathy": (("e1", "e2"), ("p1", "p2"))}, draws=20)
    >>> found.table["gap_reliability"].round(3).tolist(), found.table["individual_claims"].tolist()
    ([1.0], [True])
    """
    sides = side_answers(survey, pairs, low=low, high=high, missing_codes=missing_codes)
    given = dict(reliabilities or {})
    strange = [str(name) for name in given if name not in sides]
    if strange:
        raise InputError(f"there is no dimension {', '.join(strange)}", where="reliabilities",
                         expected=f"one of {', '.join(map(str, sides))}",
                         zh=f"没有这些维度：{'、'.join(strange)}")  # fmt: skip
    rows = {}
    for name, pair in sides.items():
        known = tuple(map(float, given.get(name, (np.nan, np.nan))))
        rows[name] = _row(pair, known, limit=limit, level=level, draws=draws, seed=seed)
    return GapReliability(pd.DataFrame(list(rows.values()), index=pd.Index(list(rows), name="dimension")), limit)


def raw_alpha(answers: np.ndarray) -> float:
    r"""Cronbach's raw alpha, :math:`\frac{k}{k-1}\left(1 - \frac{\mathrm{tr}\,C}{\sum C}\right)`, NaN for one item.

    Examples
    --------
    >>> round(raw_alpha(np.array([[1.0, 2], [2, 2], [3, 4]])), 3)
    0.923
    """
    return float(alpha_of(np.atleast_2d(np.cov(answers, rowvar=False))))


def _row(
    pair: Sides, known: tuple[float, float], *, limit: float, level: float, draws: int, seed: int
) -> dict[str, object]:
    answers = np.hstack([pair.expected, pair.perceived])
    k = pair.expected.shape[1]

    def parts(values: np.ndarray) -> np.ndarray:
        return _parts(values[:, :k], values[:, k:], known)

    alpha_e, alpha_p, correlation, value = parts(answers)
    drawn = np.array([parts_of[3:] for parts_of in resampled(parts, answers, draws=draws, seed=seed)]).reshape(-1, 1)
    (low,), (high,) = percentile_limits(drawn, level=level) if np.isfinite(value) else ([np.nan], [np.nan])
    return (
        {"respondents": len(answers), "expectation_items": k, "perception_items": answers.shape[1] - k}
        | {"alpha_expectation": alpha_e, "alpha_perception": alpha_p, "sides_correlation": correlation}
        | with_limits("gap_reliability", Estimate(float(value), float(low), float(high)))
        | {"individual_claims": bool(value >= limit)}
    )


def _parts(expected: np.ndarray, perceived: np.ndarray, known: tuple[float, float]) -> np.ndarray:
    """Both reliabilities, the correlation of the sides and the reliability of the gap; NaN where there is none."""
    e, p = expected.mean(axis=1), perceived.mean(axis=1)
    alphas = [value if np.isfinite(value) else raw_alpha(side) for value, side in zip(known, (expected, perceived))]
    se, sp = e.std(ddof=1), p.std(ddof=1)
    if not (se > 0 and sp > 0):
        return np.array([*alphas, np.nan, np.nan])
    r = float(np.clip(np.corrcoef(e, p)[0, 1], -1, 1))
    if not np.isfinite(alphas).all():
        return np.array([*alphas, r, np.nan])
    value = difference_reliability(
        reliability_perception=alphas[1], reliability_expectation=alphas[0], correlation=r, sd_perception=sp,
        sd_expectation=se,
    )  # fmt: skip
    return np.array([*alphas, r, value])


def _sorted_out(found: GapReliability, lang: str) -> tuple[list[str], list[str], list[str]]:
    """Names with their values: enough, too low, unknown."""
    value = found.table["gap_reliability"]
    named = {name: f"{word(name, lang)} {x:.2f}" for name, x in value.items()}
    enough = [named[name] for name in value.index[value >= found.limit]]
    low = [named[name] for name in value.index[value < found.limit]]
    return enough, low, [word(name, lang) for name in value.index[value.isna()]]


def _in_chinese(found: GapReliability) -> str:
    enough, low, unknown = _sorted_out(found, "zh")
    parts = []
    if low:
        parts.append(f"差距分数信度低于 {found.limit:g}：{'、'.join(low)}。这些维度不得按单个客户的差距下结论，"
                     "例如列出“低于期望的客户”名单，或把差距与其他变量相关联；只可比较全体均值。")  # fmt: skip
    if unknown:
        parts.append(f"信度无法计算（单题项或无差异），同样不得解读个人差距：{'、'.join(unknown)}。")
    if enough:
        parts.append(f"信度足够：{'、'.join(enough)}。")
    return "".join(parts)


def _in_english(found: GapReliability) -> str:
    enough, low, unknown = _sorted_out(found, "en")
    parts = []
    if low:
        parts.append(f"The gap is less reliable than {found.limit:g}: {', '.join(low)}. For these dimensions nothing "
                     "may be claimed on single customers' gaps, such as a list of customers below expectation, nor on "
                     "how gaps relate to anything else; only means over all respondents can be compared.")  # fmt: skip
    if unknown:
        parts.append("Reliability cannot be computed (one item, or no spread), so that single gaps must not be read: "
                     f"{', '.join(unknown)}.")  # fmt: skip
    if enough:
        parts.append(f"Reliable enough: {', '.join(enough)}.")
    return " ".join(parts)
