"""Answers to one question, checked: numbers on its scale, who did not answer, weights and what they cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from crm_analysis.errors import InputError, nearest
from crm_analysis.satisfaction.survey.numbers import as_numbers, code_list, first_odd

TOO_FEW = 30  # with fewer answers an interval of a net score is some 50 points wide, one of a share 35
WHERE = "table survey"


@dataclass(frozen=True)
class Sample:
    """Answers given, their weights, and how many gave none.

    Parameters
    ----------
    values : ndarray, shape (n,)
    weights : ndarray, shape (n,)
        Above 0; all 1 without weights.
    not_answered : int
        Blank answers and declared codes for no answer.
    """

    values: np.ndarray
    weights: np.ndarray
    not_answered: int

    @property
    def n(self) -> int:
        """Respondents who answered."""
        return len(self.values)

    @property
    def n_eff(self) -> float:
        r"""Effective sample size, :math:`(\sum w)^2 / \sum w^2`: as many equal respondents would say as much."""
        return float(self.weights.sum() ** 2 / (self.weights**2).sum()) if self.n else 0.0

    def share(self, hit: np.ndarray) -> float:
        """Weighted share of the answers for which `hit` is true; NaN without answers."""
        return float(self.weights[hit].sum() / self.weights.sum()) if self.n else float("nan")

    def part(self, rows: np.ndarray) -> Sample:
        """Return the answers of some rows."""
        return Sample(self.values[rows], self.weights[rows], 0)


def take_sample(
    answers: ArrayLike | pd.Series,
    *,
    low: float,
    high: float,
    weights: ArrayLike | pd.Series | None = None,
    missing_codes: float | Sequence[float] = (),
) -> Sample:
    """Check the answers to one question whose scale runs in whole numbers from `low` to `high`.

    Parameters
    ----------
    answers : Series or array_like of numbers, also as text
        Blanks are counted as not answered.
    low, high : float
    weights : Series with the index of `answers`, or array_like of its length, optional
        One number above 0 for each who answered.
    missing_codes : float or sequence of float
        Numbers that stand for no answer, such as -99.

    Raises
    ------
    InputError
        With all problems: answers that are no numbers, not whole or outside the scale; weights missing or not above
        0; nobody answered.

    Examples
    --------
    >>> found = take_sample([10, 7, None, -9], low=0, high=10, weights=[1, 3, 1, 1], missing_codes=[-9])
    >>> found.values.tolist(), found.not_answered, found.n_eff
    ([10.0, 7.0], 2, 1.6)
    """
    column = _column(answers)
    given, rows, problems = _check_values(column, low, high, missing_codes)
    weight, more = _check_weights(column, weights, rows)
    problems = problems or more
    if problems:
        raise InputError("; ".join(en for en, _ in problems), where=_name(column),
                         expected=f"whole numbers from {low:g} to {high:g}, blanks allowed; weights above 0",
                         mend="declare codes for no answer in missing_codes, or name the question's own scale",
                         zh="；".join(zh for _, zh in problems))  # fmt: skip
    return Sample(given[rows], weight[rows], int((~rows).sum()))


def known_answers(column: pd.Series, missing_codes: float | Sequence[float] = ()) -> tuple[pd.Series, np.ndarray]:
    """Return answers as floats, NaN where none was given, and which rows hold something that is no number.

    Examples
    --------
    >>> known_answers(pd.Series(["7", None, -99]), -99)[0].tolist()
    [7.0, nan, nan]
    """
    found, odd = as_numbers(column)
    return found.mask(found.isin(code_list(missing_codes))), odd


def _column(answers: ArrayLike | pd.Series) -> pd.Series:
    if isinstance(answers, pd.Series):
        return answers
    if answers is None:
        return pd.Series(dtype=float)
    listed = np.asarray(answers, dtype=object)
    if isinstance(answers, pd.DataFrame) or listed.ndim != 1:
        given = "text" if isinstance(answers, str) else f"of type {type(answers).__name__}"
        raise InputError(f"the answers are {given}", expected="one column of answers, such as survey['nps']",
                         mend="read the file first, for instance with pandas.read_csv" if given == "text" else "",
                         zh="须给出一列回答")  # fmt: skip
    return pd.Series(listed).infer_objects()


def _check_values(
    column: pd.Series, low: float, high: float, codes: float | Sequence[float]
) -> tuple[np.ndarray, np.ndarray, list[tuple[str, str]]]:
    """Answers as floats, which rows hold one, and what is wrong in both languages."""
    found, odd = known_answers(column, codes)
    given, problems = found.to_numpy(), []
    rows = ~np.isnan(given)
    if odd.any():
        first, more = first_odd(column, odd)
        problems.append((f"the answers are no numbers: {first}{f' and {more:,} more' * bool(more)}",
                         f"回答不是数字：共 {more + 1:,} 个"))  # fmt: skip
    wrong = rows & ~((given >= low) & (given <= high) & (given % 1 == 0))
    if wrong.any():
        first, count = int(np.argmax(wrong)), int(wrong.sum())
        more = f" and {count - 1:,} more such answers" if count > 1 else ""
        problems.append((f"{given[first]:g} in row {column.index[first]}{more} is no whole number from {low:g} to "
                         f"{high:g}", f"有 {count:,} 个回答不是 {low:g} 到 {high:g} 的整数"))  # fmt: skip
    if not problems and not rows.any():
        problems.append(("nobody answered", "没有人回答") if len(column) else ("there are no answers", "没有回答"))
    return given, rows, problems


def _check_weights(
    column: pd.Series, weights: ArrayLike | pd.Series | None, rows: np.ndarray
) -> tuple[np.ndarray, list[tuple[str, str]]]:
    if weights is None:
        return np.ones(len(column)), []
    given = weights_of(column.to_frame(), weights) if isinstance(weights, pd.Series) else weights
    try:
        found = np.asarray(given.astype(float) if isinstance(given, pd.Series) else given, float)
    except (TypeError, ValueError):
        return np.empty(0), [("the weights are no numbers", "权重不是数字")]
    if found.shape != (len(column),):
        return found, [(f"{found.size:,} weights for {len(column):,} respondents", "权重个数与受访人数不同")]
    bad = int((rows & ~((found > 0) & np.isfinite(found))).sum())
    return found, [
        (f"{bad:,} respondents who answered have no weight above 0", f"{bad:,} 位受访者没有正的权重")
    ] if bad else []


def _name(column: pd.Series) -> str:
    return f"{WHERE}, question {column.name}" if column.name is not None else "answers"


def question_of(survey: pd.DataFrame, question: str) -> pd.Series:
    """Return the column of a question; one that is not there is an `InputError` with a hint."""
    if not isinstance(survey, pd.DataFrame):
        given = "text" if isinstance(survey, str) else type(survey).__name__
        raise InputError(f"a table is expected, got {given}", where=WHERE, expected="a pandas.DataFrame",
                         mend="read the file first, for instance with pandas.read_csv",
                         zh="须给出表（pandas.DataFrame）")  # fmt: skip
    if not pd.api.types.is_hashable(question):
        raise InputError(
            f"question={question!r} is not the name of one column", where=WHERE, zh="question 须为一个列名"
        )
    if question not in survey:
        names = [str(name) for name in survey]
        raise InputError(f"there is no question {question!r}", where=WHERE, expected=f"one of {', '.join(names)}",
                         mend=nearest(question, names), zh=f"问卷没有“{question}”这一题")  # fmt: skip
    if isinstance(survey[question], pd.DataFrame):
        raise InputError(f"more than one column is named {question}", where=WHERE, mend="rename or drop all but one",
                         zh=f"列名重复：{question}")  # fmt: skip
    return survey[question]


def weights_of(survey: pd.DataFrame, weights: str | pd.Series | None) -> pd.Series | None:
    """Return weights, named by a column or given as a Series, in the order of the survey's rows."""
    found = question_of(survey, weights) if isinstance(weights, str) else weights
    if found is None:
        return None
    if not isinstance(found, pd.Series):
        raise InputError(f"weights are a {type(found).__name__}", where=WHERE,
                         expected="the name of a column, or a Series with the index of the survey",
                         mend="put them into a column of the survey",
                         zh="权重须为问卷中的列名，或与问卷同索引的 Series")  # fmt: skip
    if found.index.equals(survey.index):
        return found
    if not found.index.is_unique:
        raise InputError("the weights name a respondent twice", where=WHERE, zh="权重中有重复的受访者")
    return found.reindex(survey.index)
