"""Answers of many segments at once: checked together, then summed by segment in one pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.scores.sample import (
    TOO_FEW,
    WHERE,
    Sample,
    known_answers,
    question_of,
    take_sample,
    weights_of,
)
from crm_analysis.tables.needs import check_group, stated

TOTAL = "total"


@dataclass(frozen=True)
class Segments:
    """Answers by segment; the total is a segment, the last, to which everybody belongs.

    Parameters
    ----------
    names : list, length S
    place : ndarray of int
        Segment of each answer; an answer stands once for its segment and once for the total.
    values, weights : ndarray
    not_answered : ndarray, shape (S,)
    whole : Sample
    """

    names: list[object]
    place: np.ndarray
    values: np.ndarray
    weights: np.ndarray
    not_answered: np.ndarray
    whole: Sample

    def sums(self, of: np.ndarray) -> np.ndarray:
        """Sum of a number of each answer, by segment."""
        return np.bincount(self.place, of, len(self.names))

    def count(self, hit: np.ndarray) -> np.ndarray:
        """Answers for which `hit` is true, by segment, not weighted."""
        return np.bincount(self.place[hit], minlength=len(self.names))

    @property
    def n(self) -> np.ndarray:
        """Respondents who answered, by segment."""
        return np.bincount(self.place, minlength=len(self.names))

    @property
    def n_eff(self) -> np.ndarray:
        """Effective sample size by segment, 0 where nobody answered."""
        squares = self.sums(self.weights**2)
        return self.sums(self.weights) ** 2 / np.where(squares > 0, squares, 1)

    def mean(self, of: np.ndarray) -> np.ndarray:
        """Weighted mean by segment; NaN where nobody answered."""
        total = self.sums(self.weights)
        return self.sums(self.weights * of) / np.where(total > 0, total, np.nan)

    def frame(self, measures: dict[str, np.ndarray], by: str | None) -> pd.DataFrame:
        """Measures of each segment as a table, between the sizes and the warning of too few."""
        size = {"respondents": self.n, "not_answered": self.not_answered, "n_eff": self.n_eff}
        index = pd.Index(self.names, name="segment" if by is None else by, dtype=object)
        return pd.DataFrame(size | measures | {"too_few": self.n_eff < TOO_FEW}, index=index)


def take_segments(
    survey: pd.DataFrame, question: str, by: str | None, ends: tuple[float, float], *,
    weights: str | pd.Series | None = None, missing_codes: float | Sequence[float] = (),
) -> Segments:  # fmt: skip
    """Answers of each segment and of all, checked together; the largest segment first, blank ones ``not_stated``.

    Examples
    --------
    >>> survey = pd.DataFrame({"q": [5, 4, None, 2], "city": ["B", "A", "A", "A"]})
    >>> found = take_segments(survey, "q", "city", (1, 5))
    >>> found.names, found.n.tolist(), found.not_answered.tolist()
    (['A', 'B', 'total'], [2, 1, 3], [1, 0, 1])
    """
    column, weight = question_of(survey, question), weights_of(survey, weights)
    whole = take_sample(column, low=ends[0], high=ends[1], weights=weight, missing_codes=missing_codes)
    rows = known_answers(column, missing_codes)[0].notna().to_numpy()
    if by is None:
        return Segments([TOTAL], np.zeros(whole.n, int), whole.values, whole.weights,
                        np.array([whole.not_answered]), whole)  # fmt: skip
    check_by(survey, "survey", by)
    names, place = places_of(stated(survey[by]))
    if TOTAL in names:
        raise InputError(f"a segment of {by} is named {TOTAL!r}, as the row of all is", where=WHERE,
                         mend="rename it or set these rows aside",
                         zh=f"“{by}”中有客群名为“{TOTAL}”，与合计行重名")  # fmt: skip
    blank = np.append(np.bincount(place[~rows], minlength=len(names)), whole.not_answered)
    both = np.concatenate([place[rows], np.full(whole.n, len(names))])
    return Segments([*names, TOTAL], both, np.tile(whole.values, 2), np.tile(whole.weights, 2), blank, whole)


def places_of(names: pd.Series) -> tuple[list[object], np.ndarray]:
    """Return the groups of a column without blanks, the largest first, and the place of each row's group among them.

    Examples
    --------
    >>> names, place = places_of(pd.Series(["B", "A", "A", "C"]))
    >>> names, place.tolist()
    (['A', 'B', 'C'], [1, 0, 0, 2])
    """
    codes, found = pd.factorize(names)
    size = np.bincount(codes, minlength=len(found))
    order = sorted(range(len(found)), key=lambda group: (-size[group], str(found[group])))
    rank = np.empty(len(found), int)
    rank[order] = np.arange(len(found))
    return [found[group] for group in order], rank[codes]


def check_by(frame: pd.DataFrame, table: str, by: str) -> None:
    """Raise an `InputError` unless `by` names one column of the table to group by."""
    if not pd.api.types.is_hashable(by):
        raise InputError(f"by={by!r} is not the name of one column", where=f"table {table}",
                         expected="one column to group by",
                         mend=f"join them to one column first: {table}['both'] = {table}['a'] + ' / ' + {table}['b']",
                         zh="by 须为一个列名；要按多列分组，请先合并成一列")  # fmt: skip
    check_group(frame, table, by)
