"""Respondents behind the priorities: their weights, and their answers on a scale."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError, nearest
from crm_analysis.satisfaction.survey.answers import Answers, read_answers

FEW = 30  # respondents; below, the two largest classes must lie about 25 points apart to be told apart


def read_weights(survey: pd.DataFrame, weights: str | pd.Series | None) -> pd.Series:
    """Return the weight of each respondent: ones, a column of the survey, or a series aligned to its index.

    Raises
    ------
    InputError
        If the column is missing, a series cannot be aligned, or a weight is blank, not a number or not positive.

    Examples
    --------
    >>> read_weights(pd.DataFrame({"w": [1, 3]}), "w").tolist()
    [1.0, 3.0]
    """
    if weights is None:
        return pd.Series(1.0, index=survey.index)
    if isinstance(weights, str) and weights not in survey:
        raise InputError(f"there is no column {weights!r} of weights", where="table survey",
                         mend=nearest(weights, map(str, survey.columns)), zh=f"问卷没有权重列“{weights}”")  # fmt: skip
    if not isinstance(weights, str | pd.Series):
        raise InputError("the weights are no column and no series", where="weights", expected="the name of a column, "
                         "or a Series with the index of the survey", zh="权重应为列名或 Series")  # fmt: skip
    given = survey[weights] if isinstance(weights, str) else _aligned(weights, survey.index)
    numbers = pd.to_numeric(given, errors="coerce").astype(float)
    wrong = ~(np.isfinite(numbers) & (numbers > 0))
    if wrong.any():
        raise InputError(f"{int(wrong.sum()):,} respondents have no positive weight", where="weights",
                         expected="a positive number for each respondent", mend=f"first: row {numbers.index[wrong][0]}",
                         zh=f"{int(wrong.sum()):,} 位受访者没有正的权重")  # fmt: skip
    return numbers


def _aligned(weights: pd.Series, index: pd.Index) -> pd.Series:
    """Weights in the order of the survey; rows named twice must be the survey's own."""
    if weights.index.equals(index):
        return weights
    if not weights.index.is_unique:
        raise InputError(f"row {weights.index[weights.index.duplicated()][0]} has more than one weight",
                         where="weights", mend="give the series the index of the survey",
                         zh="权重的索引有重复")  # fmt: skip
    return weights.reindex(index)


def check_mapping(given: object, name: str) -> dict:
    """Return a mapping of attributes as a dict, or raise `InputError`."""
    if not isinstance(given, Mapping):
        raise InputError(f"{name} is no mapping", where=name, expected="a dict from each attribute to its column or "
                         "columns", zh=f"{name} 应为“属性到列名”的字典")  # fmt: skip
    return dict(given)


def check_draws(draws: int) -> None:
    """Raise `InputError` unless `draws` is a whole number of resamples, two or more."""
    if isinstance(draws, bool) or not isinstance(draws, int | np.integer) or draws < 2:
        raise InputError(f"draws={draws!r} is no number of resamples", where="the bootstrap",
                         expected="a whole number, 2 or more", zh="重抽样次数应为不小于 2 的整数")  # fmt: skip


def check_rows(survey: pd.DataFrame) -> None:
    """Raise `InputError` if two respondents share a row name, for their answers could not be told apart."""
    if not survey.index.is_unique:
        raise InputError(f"row {survey.index[survey.index.duplicated()][0]} stands more than once in the index",
                         where="table survey", expected="one row name per respondent",
                         mend="survey.reset_index(drop=True)", zh="问卷的行索引有重复")  # fmt: skip


def weighting(weights: object) -> str:
    """Return how a table of settings names the weights.

    Examples
    --------
    >>> weighting(None), weighting("w")
    ('unweighted', 'weighted')
    """
    return "unweighted" if weights is None else "weighted"


def effective_size(weights: np.ndarray) -> float:
    r"""Effective number of respondents, :math:`(\sum w)^2 / \sum w^2`; all of them where weights are equal.

    Examples
    --------
    >>> effective_size(np.array([1.0, 1.0])), effective_size(np.array([1.0, 3.0]))
    (2.0, 1.6)
    """
    w = np.asarray(weights, float)
    return float(w.sum() ** 2 / (w**2).sum()) if len(w) else 0.0


def read_scaled(
    survey: pd.DataFrame,
    items: Iterable[str],
    *,
    outcome: str | None = None,
    low: float | None = None,
    high: float | None = None,
    missing_codes: Sequence[float] = (),
    reversed_items: Iterable[str] = (),
    missing: str = "listwise",
) -> Answers:
    """Read items on one scale together with an outcome on a scale of its own; gaps treated over all of them at once.

    Parameters
    ----------
    survey, items, low, high, missing_codes, reversed_items
        As in `read_answers`.
    outcome : str, optional
        A column; `low` and `high` do not bind it.
    missing : {"listwise", "mean"}

    Raises
    ------
    InputError
        As `read_answers`; if a result needs complete answers and `missing` is ``keep``.

    Examples
    --------
    >>> survey = pd.DataFrame({"q": [1, 5, 3, None], "nps": [10, 0, 7, 8]})
    >>> read_scaled(survey, ["q"], outcome="nps", low=1, high=5).frame.values.tolist()
    [[1.0, 10.0], [5.0, 0.0], [3.0, 7.0]]
    """
    if missing == "keep":
        raise InputError("these measures need complete answers", where="missing", expected="listwise or mean",
                         zh="此分析需要完整的回答")  # fmt: skip
    check_rows(survey)
    items = list(items)
    given = read_answers(survey, items, low=low, high=high, missing_codes=missing_codes, at_least=1,
                         reversed_items=reversed_items, missing="keep")  # fmt: skip
    frame = given.frame
    if outcome is not None and outcome in items:
        raise InputError(f"{outcome} is the outcome and cannot be an attribute as well", where="outcome",
                         zh=f"“{outcome}”不能同时作为结果和属性")  # fmt: skip
    if outcome is not None:
        last = read_answers(survey, [outcome], missing_codes=missing_codes, missing="keep", at_least=1)
        frame = frame.join(last.frame)
        given = Answers(frame, pd.concat([given.account, last.account]), given.ledger, missing)
    complete = read_answers(frame, frame.columns, missing=missing, at_least=len(items) + 2)
    return Answers(complete.frame, given.account, complete.ledger, missing)


def settings_frame(**choices: object) -> pd.DataFrame:
    """Return every choice an analysis rests on as a table, so that a report can show it.

    Examples
    --------
    >>> settings_frame(crosshair="mean", draws=1000)["choice"].tolist()
    ['mean', '1000']
    """
    texts = {name: "" if value is None else str(value) for name, value in choices.items()}
    return pd.DataFrame({"choice": list(texts.values())}, index=pd.Index(list(texts), name="setting"))
