"""Cross-validation: who is held out together, and what each model said of customers it had not seen."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np
import pandas as pd

from crm_analysis.churn.models.checks import check_sample, model_frame
from crm_analysis.churn.models.contenders import Models, chosen_models
from crm_analysis.churn.models.metrics import measures
from crm_analysis.churn.windows.sample import Sample
from crm_analysis.errors import InputError

if TYPE_CHECKING:
    from sklearn.base import BaseEstimator

T = TypeVar("T")
PATIENCE = 3  # seconds before a progress bar is shown
LONGEST = 160  # signs of a cause
FEW_ROWS = 50_000  # below this threads cost more than they save, above all on a busy machine


class Split(NamedTuple):
    """Rows to learn from and rows to be tested on."""

    repeat: int
    fold: int
    train: np.ndarray
    test: np.ndarray


@dataclass(frozen=True)
class Folds:
    """What the models said in each fold.

    Parameters
    ----------
    scores : pandas.DataFrame
        model, repeat, fold, and each of `metrics.MEASURES`.
    out_of_fold : pandas.DataFrame
        Chances of churn of the first repeat, with the index of the sample and one column per model.
    troubles : pandas.DataFrame
        model, trouble (failed, warned), cause, folds (in how many).
    """

    scores: pd.DataFrame
    out_of_fold: pd.DataFrame
    troubles: pd.DataFrame


def splits(sample: Sample, *, folds: int = 10, repeats: int = 1, seed: int = 0) -> list[Split]:
    """Return stratified folds; the rows of a customer who stands in several cutoffs stay together.

    Repeat j is ``StratifiedKFold(folds, shuffle=True, random_state=seed + j)``, or ``StratifiedGroupKFold``.

    Raises
    ------
    InputError
        If `folds` or `repeats` is no whole number in its range, or a class has fewer customers than there are folds.

    Examples
    --------
    >>> y = pd.Series([0, 1] * 4, index=list("abcdefgh"))
    >>> [part.test.tolist() for part in splits(Sample(pd.DataFrame({"a": range(8)}, index=y.index), y), folds=2)]
    [[1, 4, 5, 6], [0, 2, 3, 7]]
    """
    from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

    _check_counts(folds, repeats)
    grouped = not sample.customers.is_unique
    least = {name: sample.customers[sample.y.to_numpy() == value].nunique()
             for value, name in ((1, "churned"), (0, "stayed"))}  # fmt: skip
    few = {name: count for name, count in least.items() if count < folds}
    if few:
        raise InputError(f"too few customers for {folds} folds: {', '.join(f'{n:,} {k}' for k, n in few.items())}",
                         where=f"a sample of {len(sample):,} rows",
                         expected="at least one churned and one staying customer in each fold",
                         mend=f"folds={max(2, min(least.values()))}" if min(least.values()) > 1
                         else "take a longer outcome, or more customers",
                         zh=f"流失或留存客户太少，无法分成 {folds} 折")  # fmt: skip
    kind = StratifiedGroupKFold if grouped else StratifiedKFold
    found = []
    for repeat in range(repeats):
        together = sample.customers if grouped else None
        parts = kind(folds, shuffle=True, random_state=seed + repeat).split(sample.X, sample.y, together)
        found += [Split(repeat, fold, train, test) for fold, (train, test) in enumerate(parts)]
    if any(sample.y.iloc[rows].nunique() < 2 for part in found for rows in (part.train, part.test)):
        raise InputError(f"one of {folds} folds has only churned or only staying customers",
                         expected="both in each fold", mend=f"folds={max(2, folds // 2)}",
                         zh=f"分成 {folds} 折时，有一折只有一类客户")  # fmt: skip
    return found


def out_of_fold(sample: Sample, models: Models = None, *, folds: int = 10, seed: int = 0,
                allow_leaks: bool = False) -> pd.DataFrame:  # fmt: skip
    """Chances of churn given to each customer by models that had not seen that customer.

    Parameters
    ----------
    sample : Sample
    models : mapping of str to estimator, or keys of contenders, optional
        All `contenders` unless given.
    folds, seed : int
        ``StratifiedKFold(folds, shuffle=True, random_state=seed)``.
    allow_leaks : bool

    Returns
    -------
    pandas.DataFrame
        Index of the sample, one column per model; a model that failed is not there (see `compare` for its cause).

    Raises
    ------
    InputError
        As `compare`.

    Examples
    --------
    >>> X = pd.DataFrame({"tenure_months": np.arange(40.0)}, index=[f"c{i}" for i in range(40)])
    >>> sample = Sample(X, (X["tenure_months"] < 15).astype(int))
    >>> out_of_fold(sample, ["prior"], folds=5)["prior"].round(3).unique().tolist()
    [0.375]
    """
    check_sample(sample, allow_leaks=allow_leaks)
    chosen = chosen_models(sample, models, seed=seed)
    return cross_validate(sample, chosen, splits(sample, folds=folds, seed=seed)).out_of_fold


def cross_validate(
    sample: Sample, models: Mapping[str, BaseEstimator], parts: Iterable[Split], *, progress: bool = False
) -> Folds:
    """Fit each model anew in each fold, score it on what it has not seen, and keep a record of all trouble.

    A model that fails in a fold is left out of the scores and stands in the troubles; one that warns keeps its
    scores. If all fail, `InputError` names the causes.
    """
    X, y, parts = model_frame(sample.X), sample.y.to_numpy(), list(parts)
    found, troubles = [], []
    chances = pd.DataFrame(np.nan, index=sample.X.index, columns=list(models))
    jobs = [(key, part) for key in models for part in parts]
    failed: set[str] = set()
    for key, part in shown(jobs, progress, "folds"):
        if key in failed:
            continue
        p, trouble = attempt(models[key], X.iloc[part.train], y[part.train], X.iloc[part.test])
        troubles += [{"model": key} | one for one in trouble]
        if p is None:
            failed.add(key)
            continue
        found.append({"model": key, "repeat": part.repeat, "fold": part.fold} | measures(p, y[part.test]))
        if part.repeat == 0:
            chances.iloc[part.test, chances.columns.get_loc(key)] = p
    counted = trouble_table(troubles)
    if len(failed) == len(models):
        raise InputError(f"all models failed: {'; '.join(f'{m}: {c}' for m, c in _causes(counted))}",
                         where="cross-validation", mend="look at the columns of the sample",
                         zh="所有模型都未能拟合")  # fmt: skip
    scores = pd.DataFrame(found)
    return Folds(scores[~scores["model"].isin(failed)].reset_index(drop=True),
                 chances[[key for key in models if key not in failed]], counted)  # fmt: skip


def attempt(
    model: BaseEstimator, X: pd.DataFrame, y: np.ndarray, later: pd.DataFrame
) -> tuple[np.ndarray | None, list[dict[str, str]]]:
    """Fit a copy of a model and predict; return chances, or none and the cause, and what it warned of."""
    from sklearn.base import clone

    with few_threads(len(X)), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            fitted = clone(model).fit(X, y)
            p = chances_of(fitted, later)
        except Exception as error:  # the user's own estimator may raise anything; the cause is reported
            cause = error.what if isinstance(error, InputError) else f"{type(error).__name__}: {error}"
            return None, [{"trouble": "failed", "cause": _short(cause)}]
    texts = dict.fromkeys(f"{one.category.__name__}: {one.message}" for one in caught)
    return p, [{"trouble": "warned", "cause": _short(text)} for text in texts]


def few_threads(rows: int) -> AbstractContextManager:
    """Return a context in which small data are fitted on one thread."""
    from threadpoolctl import threadpool_limits

    return threadpool_limits(1 if rows < FEW_ROWS else None)


def chances_of(fitted: BaseEstimator, X: pd.DataFrame) -> np.ndarray:
    """Return the chance of label 1 from a fitted estimator; anything but a chance per row raises `InputError`."""
    classes = list(getattr(fitted, "classes_", [0, 1]))
    if 1 not in classes:
        raise InputError(f"the model knows the classes {classes}, not 1 (churned)")
    p = np.asarray(fitted.predict_proba(X), float)[:, classes.index(1)]
    wrong = int((~((p >= 0) & (p <= 1))).sum())
    if wrong or len(p) != len(X):
        raise InputError(f"the model gave {wrong:,} chances outside 0 to 1 or blank, and {len(p):,} in all, "
                         f"for {len(X):,} rows")  # fmt: skip
    return p


def trouble_table(troubles: list[dict[str, str]]) -> pd.DataFrame:
    """Count troubles of one kind and cause."""
    columns = ["model", "trouble", "cause"]
    if not troubles:
        return pd.DataFrame(columns=[*columns, "folds"])
    return pd.DataFrame(troubles).groupby(columns, sort=False).size().rename("folds").reset_index()


def _causes(troubles: pd.DataFrame) -> list[tuple[str, str]]:
    rows = troubles[troubles["trouble"] == "failed"].drop_duplicates("model")
    return list(zip(rows["model"], rows["cause"]))


def _short(text: str) -> str:
    first = text.strip().splitlines()[0] if text.strip() else text
    return first if len(first) <= LONGEST else first[: LONGEST - 1] + "…"


def _check_counts(folds: int, repeats: int) -> None:
    wrong = [f"{name}={value!r}" for name, value, least in (("folds", folds, 2), ("repeats", repeats, 1))
             if not isinstance(value, (int, np.integer)) or isinstance(value, bool) or value < least]  # fmt: skip
    if wrong:
        raise InputError(f"not usable: {', '.join(wrong)}", expected="folds from 2, repeats from 1, whole numbers",
                         zh=f"折数或重复次数无效：{'，'.join(wrong)}")  # fmt: skip


def shown(jobs: list[T], progress: bool, title: str) -> Iterator[T]:
    """Return an iterator over jobs, with a bar if it is wanted and tqdm is there."""
    if not progress:
        return iter(jobs)
    try:
        from tqdm import tqdm
    except ImportError:
        return iter(jobs)
    return iter(tqdm(jobs, desc=title, delay=PATIENCE, leave=False, file=sys.stderr))
