"""SERVQUAL and SERVPERF side by side: gaps, perception alone, weights of importance, and which goes with the whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.intervals import Estimate, mean_t, percentile_limits, with_limits
from crm_analysis.satisfaction.disconfirmation.sides import WHERE, Pairs, listed, side_answers
from crm_analysis.satisfaction.disconfirmation.triple import resampled
from crm_analysis.satisfaction.survey.answers import check_codes, check_items
from crm_analysis.satisfaction.survey.numbers import as_numbers
from crm_analysis.words import word


@dataclass(frozen=True)
class Servqual:
    """Dimensions of service quality, measured with and without expectation.

    Parameters
    ----------
    table : pandas.DataFrame, index dimension
        importance_weight (adds up to 1), expectation, perception (SERVPERF) and gap (SERVQUAL) with limits,
        weighted_gap (weight times gap) with limits.
    scores : pandas.DataFrame, index servqual_score
        perception_score, gap_score and, with weights, weighted_perception_score and weighted_gap_score: mean,
        score_sd and, with an overall question, score_correlation with limits.
    differences : pandas.DataFrame
        first_score, second_score, correlation_difference with limits, of each pair of scores; empty without an
        overall question.
    respondents, left_out : int
        Those with all answers, and the others.
    weighted : str
        ``equal``, ``common`` (one weight per dimension) or ``own`` (each respondent's).
    overall : str
    """

    table: pd.DataFrame
    scores: pd.DataFrame
    differences: pd.DataFrame
    respondents: int
    left_out: int
    weighted: str
    overall: str

    def text(self, lang: str) -> str:
        """Say which score goes best with the overall question, in Chinese (``zh``) or English (``en``)."""
        return _in_chinese(self) if lang == "zh" else _in_english(self)


def servqual_table(
    survey: pd.DataFrame,
    pairs: Pairs,
    *,
    overall: str | None = None,
    importance: Mapping[str, float | str] | None = None,
    low: float | None = None,
    high: float | None = None,
    missing_codes: Sequence[float] = (),
    level: float = 0.95,
    draws: int = 2000,
    seed: int = 0,
) -> Servqual:
    r"""Dimensions of service quality by SERVQUAL (P - E) and SERVPERF (P), and which score goes with an overall answer.

    .. math:: \text{SERVQUAL} = \sum_d w_d (P_d - E_d), \qquad \text{SERVPERF} = \sum_d w_d P_d

    A correlation of the gap with overall satisfaction that is lower than that of perception alone is what most
    studies find: the expectation that is subtracted adds error. The comparison is of dependent correlations, as
    all come from the same respondents; its limits are from drawing respondents again.

    Parameters
    ----------
    survey : pandas.DataFrame
        One row per respondent, one column of numbers per item.
    pairs : dict of dimension to (expectation, perception)
        Item, or tuple of items, of each side; from a measurement model by `gaps.model_pairs`.
    overall : str, optional
        Question on overall quality or satisfaction.
    importance : dict of dimension to float or str, optional
        Weight of each dimension, or the column with each respondent's own (such as 100 points divided up); both
        are made to add up to 1. Equal weights by default.
    low, high : float, optional
        Ends of the scale of the pairs.
    missing_codes : sequence of float
        Numbers that stand for "no answer".
    level : float in (0, 1)
    draws : int
        Bootstrap samples for correlations and their differences.
    seed : int

    Returns
    -------
    Servqual

    Raises
    ------
    InputError
        If items cannot be used, a dimension lacks a weight, or weights are negative or all 0.

    References
    ----------
    .. [1] Parasuraman, Zeithaml & Berry (1988). Journal of Retailing 64, 12-40 (SERVQUAL). Cronin & Taylor (1992).
           Journal of Marketing 56, 55-68 (SERVPERF).

    Examples
    --------
    >>> survey = pd.DataFrame({"e": [8, 7, 9, 6], "p": [6, 7, 8, 5], "f": [9, 9, 8, 9], "q": [9, 8, 8, 9],
    ...                        "z": [6, 7, 9, 5]})
    >>> pairs = {"reliability": ("e", "p"), "empathy": ("f", "q")}
    >>> found = servqual_table(survey, pairs, overall="z", importance={"reliability": 3, "empathy": 1}, draws=50)
    >>> found.table[["importance_weight", "gap", "weighted_gap"]].values.tolist()
    [[0.75, -1.0, -0.75], [0.25, -0.25, -0.0625]]
    """
    if not pairs:
        raise InputError("no pair of items was named", where="pairs", zh="没有给出成对题项")
    survey = survey.reset_index(drop=True)  # rows are taken by their label
    scale = {"low": low, "high": high, "missing_codes": missing_codes}
    everything = tuple(tuple(dict.fromkeys(item for pair in pairs.values() for item in listed(pair[side])))
                       for side in (0, 1))  # fmt: skip
    sides = side_answers(survey, {**pairs, _ALL: everything}, **scale)
    rows = sides.pop(_ALL).expected.index
    outcome = _outcome(survey, overall, missing_codes, rows)
    weights, kind = _weights(survey, list(pairs), importance, missing_codes, rows)
    rows = rows[outcome.notna().to_numpy() & weights.notna().all(axis=1).to_numpy()]
    if len(rows) < 3:
        raise InputError(f"{len(rows)} respondents answered everything, at least 3 are needed", where=WHERE,
                         mend="leave dimensions out or ask more respondents",
                         zh=f"答全所有题项的受访者只有 {len(rows)} 人，至少需要 3 人")  # fmt: skip
    expected, perceived = (pd.DataFrame({name: pair[side].loc[rows].mean(axis=1) for name, pair in sides.items()})
                           for side in (0, 1))  # fmt: skip
    weights, gap = weights.loc[rows], (perceived - expected).round(9)  # 1e-16 between means is no gap
    scores = _scores(perceived, gap, weights, kind)
    table = _dimensions(expected, perceived, gap, weights, level)
    shown, differences = _correlations(scores, outcome.loc[rows] if overall else None, level, draws, seed)
    return Servqual(table, shown, differences, len(rows), len(survey) - len(rows), kind, overall or "")


_ALL = ""


def _outcome(survey: pd.DataFrame, overall: str | None, missing_codes: Sequence[float], rows: pd.Index) -> pd.Series:
    if overall is None:
        return pd.Series(0.0, index=rows)
    check_items(survey, [overall])
    answers = as_numbers(survey.loc[rows, overall])[0]
    answers = answers.mask(answers.isin(np.ravel(missing_codes).tolist()))
    check_codes(answers.to_frame(), None, None)
    return answers


def _weights(
    survey: pd.DataFrame, names: list[str], importance: Mapping | None, missing_codes: Sequence[float], rows: pd.Index
) -> tuple[pd.DataFrame, str]:
    """Weight of each dimension for each respondent, adding up to 1; NaN where a respondent gave none."""
    given = dict.fromkeys(names, 1.0) if importance is None else dict(importance)
    absent, strange = [name for name in names if name not in given], [str(name) for name in given if name not in names]
    if strange:
        raise InputError(f"there is no dimension {', '.join(strange)}", where="importance",
                         expected=f"one of {', '.join(map(str, names))}",
                         zh=f"没有这些维度：{'、'.join(strange)}")  # fmt: skip
    if absent:
        raise InputError(f"no importance for {', '.join(absent)}", where="importance",
                         expected="a number or a column for each dimension",
                         zh=f"这些维度没有重要性权重：{'、'.join(absent)}")  # fmt: skip
    columns = [given[name] for name in names if isinstance(given[name], str)]
    if columns:
        check_items(survey, columns)
    frame = pd.DataFrame({name: as_numbers(survey.loc[rows, given[name]])[0] if isinstance(given[name], str)
                          else float(given[name]) for name in names}, index=rows)  # fmt: skip
    frame = frame.mask(frame.isin(np.ravel(missing_codes).tolist())) if columns else frame
    if (frame < 0).any(axis=None) or np.isinf(frame).any(axis=None) or not (frame.sum(axis=1) > 0).any():
        raise InputError("weights of importance must not be negative, nor all 0", where="importance",
                         zh="重要性权重不能为负，也不能全为 0")  # fmt: skip
    total = frame.sum(axis=1, skipna=False)
    kind = "own" if columns else "equal" if importance is None else "common"
    return frame.div(total.where(total > 0), axis=0), kind


def _scores(perceived: pd.DataFrame, gap: pd.DataFrame, weights: pd.DataFrame, kind: str) -> pd.DataFrame:
    scores = {"perception_score": perceived.mean(axis=1), "gap_score": gap.mean(axis=1)}
    if kind != "equal":
        scores |= {"weighted_perception_score": (weights * perceived).sum(axis=1),
                   "weighted_gap_score": (weights * gap).sum(axis=1)}  # fmt: skip
    return pd.DataFrame(scores)


def _dimensions(
    expected: pd.DataFrame, perceived: pd.DataFrame, gap: pd.DataFrame, weights: pd.DataFrame, level: float
) -> pd.DataFrame:
    rows = [
        {"importance_weight": float(weights[name].mean())}
        | with_limits("expectation", mean_t(expected[name], level=level))
        | with_limits("perception", mean_t(perceived[name], level=level))
        | with_limits("gap", mean_t(gap[name], level=level))
        | with_limits("weighted_gap", mean_t(weights[name] * gap[name], level=level))
        for name in gap
    ]
    return pd.DataFrame(rows, index=pd.Index(list(gap), name="dimension"))


def _correlations(
    scores: pd.DataFrame, outcome: pd.Series | None, level: float, draws: int, seed: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    shown = pd.DataFrame({"mean": scores.mean(), "score_sd": scores.std()}).rename_axis("servqual_score")
    columns = [f"correlation_difference{end}" for end in ("", "_low", "_high")]
    if outcome is None:
        return shown, pd.DataFrame(columns=["first_score", "second_score", *columns])
    rows = np.column_stack([scores, outcome])
    point = _with_last(rows)
    drawn = np.array(list(resampled(_with_last, rows, draws=draws, seed=seed))).reshape(-1, scores.shape[1])
    low, high = percentile_limits(drawn, level=level)
    shown = shown.assign(score_correlation=point, score_correlation_low=low, score_correlation_high=high)
    found = []
    for a, b in combinations(range(scores.shape[1]), 2):
        (low,), (high,) = percentile_limits((drawn[:, a] - drawn[:, b])[:, None], level=level)
        names = {"first_score": scores.columns[a], "second_score": scores.columns[b]}
        gap = Estimate(float(point[a] - point[b]), float(low), float(high))
        found.append(names | with_limits("correlation_difference", gap))
    return shown, pd.DataFrame(found)


def _with_last(rows: np.ndarray) -> np.ndarray:
    """Correlation of each column with the last; NaN where one does not vary."""
    centred = rows - rows.mean(axis=0)
    spread = np.sqrt((centred**2).sum(axis=0))
    safe = np.where(spread > 1e-12, spread, np.nan)
    return (centred[:, :-1] * centred[:, [-1]]).sum(axis=0) / (safe[:-1] * safe[-1])


def _best(found: Servqual) -> tuple[str, Estimate, list[str]]:
    """Score with the highest correlation, and those that cannot be told from it."""
    best = found.scores["score_correlation"].idxmax()
    columns = [f"score_correlation{end}" for end in ("", "_low", "_high")]
    rows = found.differences[(found.differences[["first_score", "second_score"]] == best).any(axis=1)]
    open_ = rows[~((rows["correlation_difference_low"] > 0) | (rows["correlation_difference_high"] < 0))]
    tied = [b if a == best else a for a, b in zip(open_["first_score"], open_["second_score"])]
    return best, Estimate(*found.scores.loc[best, columns].astype(float)), tied


def _in_chinese(found: Servqual) -> str:
    head = f"{found.respondents} 名受访者答全（另有 {found.left_out} 名未计入）。"
    if found.differences.empty:
        return head + "没有总体问题，无法比较各种得分。"
    if found.scores["score_correlation"].isna().all():
        return head + "总体问题的回答或各种得分没有差异，无法比较。"
    best, r, tied = _best(found)
    text = f"与总体评价相关最高的是{word(best, 'zh')}，r = {r:.2f}"
    rest = (
        f"；与{'、'.join(word(name, 'zh') for name in tied)}的差别不显著，不能说谁更好。"
        if tied
        else "，高于其余得分。"
    )
    return head + text + rest + "相关不是因果，也不说明哪种得分更适合诊断问题。"


def _in_english(found: Servqual) -> str:
    head = f"{found.respondents} respondents answered everything ({found.left_out} are left out)."
    if found.differences.empty:
        return f"{head} Without an overall question the scores cannot be compared."
    if found.scores["score_correlation"].isna().all():
        return f"{head} The overall answers, or the scores, do not differ: nothing can be compared."
    best, r, tied = _best(found)
    text = f"{head} The {word(best, 'en')} goes best with the overall answer, r = {r:.2f}"
    names = ", ".join(word(name, "en") for name in tied)
    rest = f"; it cannot be told from: {names}." if tied else ", higher than the others."
    return f"{text}{rest} A correlation is no effect, nor does it say which score is better for finding what is wrong."
