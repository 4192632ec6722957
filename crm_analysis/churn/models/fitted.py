"""A model fitted to a whole sample, ready to score customers of today."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from crm_analysis.churn.models.checks import check_sample, looked_at, model_frame
from crm_analysis.churn.models.contenders import check_estimators, contenders
from crm_analysis.churn.models.folds import chances_of, few_threads
from crm_analysis.churn.windows.sample import SNAPSHOT, Sample
from crm_analysis.churn.windows.windows import Windows
from crm_analysis.errors import InputError, nearest
from crm_analysis.words import Sentence, word

if TYPE_CHECKING:
    from sklearn.base import BaseEstimator

NUMBER, TEXT = "number", "text"
MOST_SHOWN = 5


@dataclass(frozen=True)
class FittedModel:
    """A fitted model with all that is needed to use it rightly; it can be pickled.

    Parameters
    ----------
    key : str
        Name of the model.
    estimator : scikit-learn classifier
        Fitted; a Pipeline for the contenders.
    columns : dict of str to {"number", "text"}
        The features, in the order of training.
    levels : dict of str to tuple of str
        Terms that occurred in each text feature.
    churn_rate : float
        Share of churned rows in training.
    rows : int
    windows : tuple of Windows
        Of the training; empty for a snapshot.
    kind : {"forward", "snapshot"}
    """

    key: str
    estimator: BaseEstimator
    columns: dict[str, str]
    levels: dict[str, tuple[str, ...]]
    churn_rate: float
    rows: int
    windows: tuple[Windows, ...]
    kind: str

    def predict(self, X: pd.DataFrame, *, unknown_levels: str = "error") -> pd.Series:
        """Chance of churn of each customer.

        Parameters
        ----------
        X : pandas.DataFrame
            The features of training, one row per customer; other columns are ignored.
        unknown_levels : {"error", "ignore"}
            A term that training had not seen: an error, or taken for none of those known.

        Returns
        -------
        pandas.Series
            Name ``churn_probability``, index of `X`.

        Raises
        ------
        InputError
            If a feature is missing, a column of numbers holds text (or the other way round), a value is infinite,
            a customer stands in two rows, or a term is unknown.
        """
        if unknown_levels not in ("error", "ignore"):
            raise InputError(f"unknown_levels={unknown_levels!r} is not known", expected="error, ignore")
        self._check(X)
        frame = model_frame(X[list(self.columns)])
        if unknown_levels == "error":
            self._check_levels(frame)
        return pd.Series(chances_of(self.estimator, frame), index=X.index, name="churn_probability")

    def text(self, lang: str) -> str:
        """Return in words what was fitted, on whom, and what its chances mean."""
        return self._sentence().text(lang)

    def _sentence(self) -> Sentence:
        zh, en = word(self.key, "zh"), word(self.key, "en")
        base = (f"{zh}，{len(self.columns)} 个特征，训练样本 {self.rows:,} 行，流失率 {self.churn_rate:.1%}。",
                f"{en[0].upper() + en[1:]}, {len(self.columns)} features, trained on {self.rows:,} rows of which"
                f" {self.churn_rate:.1%} churned.")  # fmt: skip
        if self.kind == SNAPSHOT or not self.windows:
            return Sentence(f"{base[0]}样本为时点快照，概率描述的是当时的流失状态，不是之后某段时间的流失。",
                            f"{base[1]} The sample is a snapshot: chances describe who had churned that day, not who"
                            " will churn within a time.")  # fmt: skip
        last = self.windows[-1]
        ahead = (f"截止日后 {last.gap + 1} 至 {last.gap + last.outcome} 天",
                 f"days {last.gap + 1} to {last.gap + last.outcome} after the cutoff")  # fmt: skip
        cutoffs = "、".join(f"{pd.Timestamp(one.cutoff):%Y-%m-%d}" for one in self.windows)
        return Sentence(
            f"{base[0]}截止日：{cutoffs}。概率指{ahead[0]}内没有符合条件的行为（默认为购买）；若流失率已经变化，应先重新校准。",
            f"{base[1]} Cutoffs: {cutoffs.replace('、', ', ')}. A chance is that of no qualifying event"
            f" (by default a purchase) in {ahead[1]}; where the churn rate has moved since,"
            " recalibrate first.")  # fmt: skip

    def _check(self, X: pd.DataFrame) -> None:
        if not isinstance(X, pd.DataFrame):
            raise InputError(f"a frame of customers was expected, not {type(X).__name__}", zh="需要客户特征表")
        missing = [name for name in self.columns if name not in X]
        problems = [f"missing: {', '.join(missing[:MOST_SHOWN])}"] if missing else []
        mend = nearest(missing[0], map(str, X)) if missing else ""
        if not X.columns.is_unique:
            problems.append("a column has its name twice")
        else:
            here = [name for name in self.columns if name in X]
            problems += [f"{name} is {_kind(X[name])}, in training it was {self.columns[name]}" for name in here
                         if _kind(X[name]) != self.columns[name]]  # fmt: skip
            numbers = [name for name in here if _kind(X[name]) == NUMBER]
            problems += [f"{name} has infinite values" for name in numbers if _infinite(X[name])]
        if not X.index.is_unique:
            problems.append(f"{int(X.index.duplicated().sum()):,} customers stand in two rows")
        if not len(X):
            problems.append("there are no rows")
        if problems:
            raise InputError("; ".join(problems), where="features to be scored",
                             expected=f"the {len(self.columns)} features of training, one row per customer",
                             mend=mend or "build them with the function that built the training sample",
                             zh="待预测的特征与训练时不一致")  # fmt: skip

    def _check_levels(self, frame: pd.DataFrame) -> None:
        strange = {name: sorted(set(frame[name].dropna()) - set(known)) for name, known in self.levels.items()}
        found = [f"{name}: {', '.join(terms[:MOST_SHOWN])}" for name, terms in strange.items() if terms]
        if found:
            raise InputError(f"terms that training had not seen: {'; '.join(found)}", where="features to be scored",
                             expected="the terms of training, in the same spelling",
                             mend="mend the spelling, train anew, or pass unknown_levels='ignore': taken for none",
                             zh=f"出现训练时没有的取值：{'；'.join(found)}")  # fmt: skip


def fit(sample: Sample, model: str | Any = "logistic", *, key: str | None = None, seed: int = 0,
        allow_leaks: bool = False) -> FittedModel:  # fmt: skip
    """Fit a model to all rows of a sample.

    Parameters
    ----------
    sample : Sample
    model : key of a contender or scikit-learn classifier
        A copy is fitted.
    key : str, optional
        Name for an estimator of your own; ``own_model`` unless given.
    seed : int
        Of the boosting.
    allow_leaks : bool
        Go on although the audit of the sample failed. A sample that nobody audited is audited here.

    Returns
    -------
    FittedModel

    Raises
    ------
    InputError
        If the key is not known or does not apply, the estimator gives no probabilities, or the audit failed.

    Examples
    --------
    >>> X = pd.DataFrame({"tenure_months": [1, 2, 9, 30], "plan": list("abab")}, index=list("wxyz"))
    >>> model = fit(Sample(X, pd.Series([1, 1, 0, 0], index=X.index)))
    >>> model.predict(X.loc[["y", "w"]]).round(2).to_dict()
    {'y': 0.49, 'w': 0.63}
    """
    from sklearn.base import clone

    sample = looked_at(sample)
    check_sample(sample, allow_leaks=allow_leaks)
    if isinstance(model, str):
        known = contenders(sample, seed=seed)
        if model not in known:
            raise InputError(f"the model {model!r} cannot be fitted to this sample", expected=", ".join(known),
                             mend=nearest(model, known), zh=f"模型 {model} 不适用于该样本")  # fmt: skip
        key, estimator = model, known[model]
    else:
        key, estimator = key or "own_model", model
        check_estimators({key: estimator})
    X = model_frame(sample.X)
    columns = {str(name): _kind(sample.X[name]) for name in sample.X}
    levels = {name: tuple(sorted(set(X[name].dropna()))) for name, kind in columns.items() if kind == TEXT}
    with few_threads(len(X)):
        fitted = clone(estimator).fit(X, sample.y.to_numpy())
    return FittedModel(key, fitted, columns, levels, sample.churn_rate, len(sample), sample.windows, sample.kind)


def _kind(column: pd.Series) -> str:
    return NUMBER if is_numeric_dtype(column.dtype) or is_bool_dtype(column.dtype) else TEXT


def _infinite(column: pd.Series) -> bool:
    return bool(np.isinf(column.to_numpy("float64", na_value=np.nan)).any())
