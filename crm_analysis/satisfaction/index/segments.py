"""Indices of segments on common weights: each with its interval, and the differences between segments."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import combinations

import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.index.differences import compare_groups
from crm_analysis.satisfaction.index.index import has_answers, named_constructs
from crm_analysis.satisfaction.index.texts import segment_text
from crm_analysis.satisfaction.pls.estimator import PLS
from crm_analysis.satisfaction.survey.model import PathModel


@dataclass(frozen=True)
class SegmentIndex:
    """Indices of segments, all on the item weights of the whole sample.

    Parameters
    ----------
    table : pandas.DataFrame
        construct, segment, respondents, index_value with bootstrap interval, index_sd, too_few (under 30).
    differences : pandas.DataFrame
        construct, segment, other_segment, index_difference (the first less the other) with bootstrap interval, p by
        permutation, p_holm over all rows.
    unassigned : int
        Respondents without a segment; they count for the weights, not in the table.
    weights : str
    level : float
    draws : int
        Of the bootstrap, and permutations.
    model : PathModel
    """

    table: pd.DataFrame
    differences: pd.DataFrame
    unassigned: int
    weights: str
    level: float
    draws: int
    model: PathModel = field(repr=False)

    def text(self, lang: str) -> str:
        """Say which segments differ beyond chance, and what that does not show."""
        return segment_text(self, lang)


def index_by_segment(
    fitted: PLS,
    by: pd.Series,
    *,
    construct: str | Iterable[str] | None = None,
    weights: str = "unstandardised",
    draws: int = 5000,
    seed: int = 0,
    level: float = 0.95,
) -> SegmentIndex:
    r"""Index of each segment on common weights, and the differences between segments.

    .. math:: I_g = \sum_i u_i\, 100\, \frac{\bar x_{gi} - \min}{\max - \min}

    One model is fitted to all, so that a difference comes from the answers and not from the weights. Each bootstrap
    draw estimates the weights anew. The p-value permutes respondents between two segments and compares Welch's t,
    which allows for unequal spread and size.

    Parameters
    ----------
    fitted : PLS
        Fitted to answers, of a model with low and high.
    by : pandas.Series
        Segment of each respondent, on the survey's index; NaN for none. Categories keep their order.
    construct : str or iterable of str, optional
        All when left out.
    weights, draws, seed, level
        As in `satisfaction_index`; permutations are as many as draws.

    Returns
    -------
    SegmentIndex

    Raises
    ------
    InputError
        If the model has no rows, no respondent has a segment, there are more segments than pairs of respondents, or
        `by` has another index.

    References
    ----------
    .. [1] Janssen (1997). Statistics & Probability Letters 36, 9-21 (permuting studentised differences).
    """
    names = named_constructs(construct, fitted.model)
    labels = aligned(fitted, by, "by").astype("category").cat.remove_unused_categories()
    codes, segments = labels.cat.codes.to_numpy(), list(labels.cat.categories)
    if not segments:
        raise InputError("no respondent of the model has a segment", where="by", mend="by=survey['column']",
                         zh="受访者都没有分组信息")  # fmt: skip
    if len(segments) > max(2, len(labels) / 2):
        raise InputError(f"by names {len(segments):,} segments for {len(labels):,} respondents", where="by",
                         expected="segments of several respondents", mend="cut numbers into classes, or name another "
                         "column", zh=f"{len(labels):,} 位受访者分成了 {len(segments):,} 组，组太多")  # fmt: skip
    found = compare_groups(fitted, codes, list(combinations(range(len(segments)), 2)), names, weights=weights,
                           draws=draws, seed=seed, level=level)  # fmt: skip
    table, differences = found
    table.insert(1, "segment", [segments[code] for code in table.pop("code")])
    for name, code in (("segment", "first"), ("other_segment", "second")):
        differences.insert(list(differences).index(code), name, [segments[k] for k in differences.pop(code)])
    return SegmentIndex(table, differences, int((codes < 0).sum()), weights, level, draws, fitted.model)


def aligned(fitted: PLS, values: pd.Series, where: str) -> pd.Series:
    """Return a column on the respondents of the model, by the survey's index."""
    if not has_answers(fitted):
        raise InputError("segments need the answers to this model's items, and they are not there", where="PLS",
                         mend="fit a model of items, not of parts, to the answers with fit(survey)",
                         zh="按组比较需要逐人数据")  # fmt: skip
    index = fitted.answers_.frame.index
    if isinstance(values, pd.Series) and not values.index.is_unique:
        twice = values.index[values.index.duplicated()][0]
        raise InputError(f"the index of {where} names {twice} more than once", where=where,
                         mend="survey.reset_index(drop=True), then fit again",
                         zh=f"索引重复：{twice}")  # fmt: skip
    if not isinstance(values, pd.Series) or not index.isin(values.index).all():
        raise InputError(f"{where} must be a Series with one value for each respondent", where=where,
                         expected="the index of the survey that the model was fitted to",
                         mend=f"{where}=survey['column']", zh="分组信息与问卷的索引不一致")  # fmt: skip
    return values.reindex(index)
