"""Answers to an outcome and its drivers made fit for a model: groups, weights, gaps, all counted and checked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError, nearest
from crm_analysis.satisfaction.drivers.grouping import Groups, group_drivers
from crm_analysis.satisfaction.drivers.importance import check_collinear
from crm_analysis.satisfaction.survey.answers import WHERE, read_answers
from crm_analysis.tables.ledger import Line, TableLedger

SPARE = 2  # respondents needed beyond the number of drivers, so that a residual is left
Weights = str | pd.Series | None


@dataclass(frozen=True)
class Cases:
    """Complete answers of those who answered the outcome.

    Parameters
    ----------
    outcome : pandas.Series
        Numbers; of an ordered categorical its codes 0, 1, ...
    drivers : pandas.DataFrame
        Columns of a group side by side.
    weights : ndarray, shape (respondents,)
        Mean 1.
    groups : dict of str to list of str
        Columns of every driver or group, in the order of the columns.
    labels : dict of float to str
        Names of the outcome's values.
    account : pandas.DataFrame, index item
        Answers given and missing, as `read_answers` counts them.
    ledger : TableLedger
    """

    outcome: pd.Series
    drivers: pd.DataFrame
    weights: np.ndarray
    groups: dict[str, list[str]]
    labels: dict[float, str]
    account: pd.DataFrame
    ledger: TableLedger

    @property
    def sizes(self) -> list[int]:
        """Number of columns of each group."""
        return [len(columns) for columns in self.groups.values()]

    @property
    def n_eff(self) -> float:
        """Effective number of respondents, (sum w)^2 / sum w^2; without weights all of them."""
        return float(self.weights.sum() ** 2 / (self.weights**2).sum())


def read_cases(
    survey: pd.DataFrame,
    *,
    outcome: str,
    drivers: Iterable[str],
    groups: Groups = None,
    weights: Weights = None,
    low: float | None = None,
    high: float | None = None,
    missing_codes: Sequence[float] = (),
    reversed_items: Iterable[str] = (),
    missing: str = "listwise",
) -> Cases:
    """Take outcome and drivers out of a survey; who did not answer the outcome is left out under every policy.

    Parameters
    ----------
    survey : pandas.DataFrame
        One row per respondent.
    outcome : str
        Column of numbers, or an ordered categorical (its gaps stay gaps and never become a category).
    drivers : iterable of str
        Columns of numbers, at most 25 drivers or groups.
    groups : mapping of str to iterable of str, optional
        Drivers that enter together, such as the items of a block; the rest stand alone.
    weights : str or pandas.Series, optional
        Column of the survey, or positive numbers aligned to its index.
    low, high, missing_codes, reversed_items : optional
        As in `read_answers`; the ends of the scale hold for outcome and drivers (not for a categorical outcome).
    missing : {"listwise", "mean"}
        Respondents without an answer to some driver are left out, or get its mean.

    Raises
    ------
    InputError
        Names unknown or used twice, outcome among the drivers, groups that overlap, too many drivers, answers that are
        no numbers, off the scale or all the same, too few respondents, weights not positive, collinear drivers.

    Examples
    --------
    >>> survey = pd.DataFrame({"y": [1, 2, 3, 5, None], "a": [1, 2, 2, 3, 1], "b": [3, 1, 2, 2, 2]})
    >>> cases = read_cases(survey, outcome="y", drivers=["a", "b"])
    >>> len(cases.outcome), [(line.rule, line.rows) for line in cases.ledger.lines]
    (4, [('outcome_missing', 1)])
    """
    grouped = group_drivers(outcome, drivers, groups)
    _check_policy(missing)
    columns = [name for part in grouped.values() for name in part]
    labels, scale = {}, {"low": low, "high": high, "missing_codes": missing_codes}
    items, turned = [outcome, *columns], list(reversed_items)
    weight = _weights(survey, weights)
    survey = survey if survey.index.is_unique else survey.reset_index(drop=True)
    if isinstance(getattr(survey.get(outcome), "dtype", None), pd.CategoricalDtype):
        given = read_answers(survey, columns, reversed_items=turned, missing="keep", at_least=1, **scale)
        codes, labels = _codes(survey[outcome])
        frame = given.frame.assign(**{outcome: codes})[items]
    else:
        given = read_answers(survey, items, reversed_items=turned, missing="keep", at_least=1, **scale)
        frame = given.frame
    answered = frame[frame[outcome].notna()]
    ends = {} if labels else {"low": low, "high": high}
    rest = read_answers(answered, items, missing=missing, at_least=len(columns) + SPARE, **ends)
    lines = [Line("outcome_missing", len(frame) - len(answered), where=_first(frame.index[frame[outcome].isna()]))]
    ledger = TableLedger("survey", WHERE, len(survey), len(rest.frame), [*lines, *rest.ledger.lines], step="model")
    found = rest.frame
    check_collinear(np.corrcoef(found[columns].to_numpy(float), rowvar=False).reshape(2 * [len(columns)]), columns)
    labels = labels or {value: f"{value:g}" for value in sorted(found[outcome].unique())}
    weight = _checked_weights(weight[survey.index.get_indexer(found.index)])
    return Cases(found[outcome], found[columns], weight, grouped, labels, given.account, ledger)


def _check_policy(missing: str) -> None:
    if missing not in ("listwise", "mean"):
        raise InputError(f"missing={missing!r} is no policy here", where="missing", expected="listwise or mean",
                         mend=nearest(missing, ("listwise", "mean")), zh="缺失值处理方式有误")  # fmt: skip


def _codes(outcome: pd.Series) -> tuple[pd.Series, dict[float, str]]:
    """Codes of an ordered categorical with NaN for gaps, and the names of those that occur."""
    if not outcome.cat.ordered:
        raise InputError(f"the categories of {outcome.name} have no order", where=WHERE,
                         expected="an ordered categorical or numbers",
                         mend="survey[outcome].cat.set_categories([...], ordered=True)",
                         zh=f"{outcome.name} 的类别没有顺序")  # fmt: skip
    codes = outcome.cat.codes.astype(float).where(outcome.notna())
    return codes, {float(code): str(outcome.cat.categories[int(code)]) for code in sorted(codes.dropna().unique())}


def _weights(survey: pd.DataFrame, weights: Weights) -> np.ndarray:
    """Weights as numbers, one per row of the survey, blank where there is none."""
    if weights is None:
        return np.ones(len(survey))
    if isinstance(weights, str):
        if weights not in survey:
            raise InputError(f"{weights} is missing", where=WHERE, expected="a column of weights",
                             mend=nearest(weights, map(str, survey.columns)), zh="缺少权重列")  # fmt: skip
        weights = survey[weights]
    if not isinstance(weights, pd.Series):
        raise InputError(f"the weights are a {type(weights).__name__} without an index", where="weights",
                         expected="a column of the survey, or a Series with its index",
                         mend="pd.Series(weights, index=survey.index)",
                         zh="权重须为问卷的列或带索引的 Series")  # fmt: skip
    if not weights.index.equals(survey.index):
        raise InputError("the weights do not have the survey's index", where="weights",
                         mend="weights.reindex(survey.index)", zh="权重与问卷的行不对应")  # fmt: skip
    return pd.to_numeric(weights, errors="coerce").to_numpy(float)


def _checked_weights(kept: np.ndarray) -> np.ndarray:
    """Weights of the respondents kept, scaled to mean 1."""
    wrong = ~(np.isfinite(kept) & (kept > 0))
    if wrong.any():
        raise InputError(f"{int(wrong.sum()):,} weights are blank or not positive", where="weights",
                         expected="a positive number for every respondent", zh="部分权重缺失或不为正数")  # fmt: skip
    return kept / kept.mean()


def _first(index: pd.Index) -> str:
    return str(index[0]) if len(index) else ""
