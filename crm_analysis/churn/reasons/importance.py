"""What a model loses on customers it has not seen when a group of features is shuffled, or left out."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crm_analysis.churn.reasons.given_model import estimator_for
from crm_analysis.churn.reasons.groups import Groups, as_groups
from crm_analysis.churn.reasons.importance_text import importance_text
from crm_analysis.churn.reasons.log_odds import log_odds
from crm_analysis.churn.reasons.ranking import auc_parts, clustered, log_losses
from crm_analysis.churn.windows.sample import Sample
from crm_analysis.errors import InputError
from crm_analysis.intervals import Estimate, check_level, with_limits

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

    from crm_analysis.churn.models.fitted import FittedModel

MEASURES = ("auc_drop", "log_loss_rise")


@dataclass(frozen=True)
class Importance:
    """Importance of groups of features on held-out customers.

    Parameters
    ----------
    table : pandas.DataFrame, index feature_group
        The largest drop first: features (how many), auc_drop and log_loss_rise with limits, visible (the interval of
        auc_drop lies above 0); after a refit also refit_auc_drop and refit_log_loss_rise with limits.
    groups : Groups
    auc, log_loss : Estimate
        Of the whole model on the held-out customers (mean over the folds).
    repeats, folds : int
    level : float

    Examples
    --------
    >>> Importance.text  # doctest: +ELLIPSIS
    <function Importance.text at ...>
    """

    table: pd.DataFrame
    groups: Groups
    auc: Estimate
    log_loss: Estimate
    repeats: int
    folds: int
    level: float

    def text(self, lang: str) -> str:
        """Return what may be said of the importances, and what may not."""
        return importance_text(self).text(lang)


def group_importance(
    model: FittedModel | Pipeline | str,
    sample: Sample,
    *,
    groups: Groups | Mapping[str, Sequence[str]] | None = None,
    repeats: int = 10,
    seed: int = 0,
    folds: int = 5,
    level: float = 0.95,
    refit: bool = False,
    progress: bool = False,
) -> Importance:
    r"""Permutation importance of groups of features, measured on customers the model has not seen.

    .. math:: I_g = \widehat{AUC} - \frac1R \sum_r \widehat{AUC}\big(\text{columns of } g \text{ shuffled together}\big)

    The model is fitted on all folds but one; in the fold left out the columns of a group are handed to other
    customers, all with the same shuffling, so that what they say of each other stays intact and what they say of the
    customer is lost. Importance shared by features that go together would otherwise vanish: either of two that say the
    same can stand in for the other.

    The limits are normal, for the fitted models, with customers as the unit (all rows of a customer count as one) and
    the scatter over repeats added. That another sample would have given another model they do not hold.

    Importance is association, not cause: what the model uses, not what would change if the feature were changed.
    In a simulated company whose customers leave over bad service, silence was explained by buying (AUC drop .35) and
    by complaints only beside it (.004): who is silent is mostly gone already, whatever drove him away.

    Parameters
    ----------
    model : FittedModel, sklearn Pipeline or classifier, or key of a contender
        Such as ``"logistic"``. Copied and fitted anew in each fold; yours is left alone. A `FittedModel` takes of the
        sample the features it knows.
    sample : Sample
    groups : Groups, mapping of name to features, or None
        None: `groups.feature_groups` of the sample. Features not named stand alone.
    repeats : int >= 2
        Shufflings of each group and fold.
    seed : int
    folds : int >= 2
        Stratified; rows of one customer stay in one fold.
    level : float in (0, 1)
    refit : bool
        Also fit anew with the group held constant: what is lost when it was never known. Others may then take over its
        part, so this is at most about as large as shuffling, and smaller where groups share what they say.
    progress : bool
        Show a bar, if tqdm is installed.

    Returns
    -------
    Importance

    Raises
    ------
    InputError
        If numbers cannot be used, a class has fewer customers than folds, groups name unknown
        features, or the model cannot be used.

    References
    ----------
    .. [1] Breiman (2001). Random forests. Machine Learning 45, 5-32, section 10.
    .. [2] Fisher, Rudin & Dominici (2019). JMLR 20(177) (model reliance).
    .. [3] Obuchowski (1997). Biometrics 53, 567-578 (AUC of clustered data).

    Examples
    --------
    >>> from crm_analysis.churn.models.pipelines import logistic
    >>> rng = np.random.default_rng(0)
    >>> X = pd.DataFrame({"orders": rng.poisson(3, 300), "age": rng.integers(20, 60, 300)})
    >>> sample = Sample(X, pd.Series((X["orders"] + rng.normal(0, 1, 300) < 3).astype(int)))
    >>> group_importance(logistic(), sample, repeats=3).table["visible"].to_dict()
    {'orders': True, 'age': False}
    """
    _check(sample, repeats, folds)
    check_level(level)
    model, sample = estimator_for(model, sample)
    found = as_groups(groups, sample.X)
    rng = np.random.default_rng(seed)
    steps = list(_splits(sample, folds, seed))
    parts = [_fold(model, sample, train, test, found, repeats, rng, refit)
             for train, test in _progress(steps, progress)]  # fmt: skip
    customers = np.concatenate([sample.customers[test] for _, test in steps])
    share = np.array([len(test) for _, test in steps]) / len(sample)
    rows = {name: _summary(name, parts, share, customers, level, refit) for name in found.members}
    table = pd.DataFrame(list(rows.values()), index=pd.Index(list(rows), name="feature_group"))
    table.insert(0, "features", [len(ones) for ones in found.members.values()])
    table.insert(4, "visible", table["auc_drop_low"] > 0)
    whole = [_estimate([part["base"] for part in parts], measure, share, customers, level) for measure in (0, 1)]
    order = table["auc_drop"].sort_values(ascending=False, kind="stable").index
    return Importance(table.loc[order], found, *whole, repeats, folds, level)


def _fold(
    model: Pipeline, sample: Sample, train: np.ndarray, test: np.ndarray, groups: Groups, repeats: int,
    rng: np.random.Generator, refit: bool,
) -> dict[str, list]:  # fmt: skip
    """Scores of one fold: for the whole model, and for each group shuffled (one column per repeat) and left out."""
    from sklearn.base import clone

    X, y = sample.X, sample.y.to_numpy()
    fitted = clone(model).fit(X.iloc[train], y[train])
    held = X.iloc[test]
    order = np.concatenate([rng.permutation(len(test)) for _ in range(repeats)])
    many = held.iloc[np.tile(np.arange(len(test)), repeats)].reset_index(drop=True)
    base = log_odds(fitted, held)
    scores = {"base": _scored(y[test], base[:, None])}
    for name, ones in groups.members.items():
        shuffled = many.assign(**{one: held[one].iloc[order].reset_index(drop=True) for one in ones})
        scores[name] = _scored(y[test], log_odds(fitted, shuffled).reshape(repeats, -1).T)
        if refit:
            without = _held_constant(X, ones)
            left = clone(model).fit(without.iloc[train], y[train])
            scores[name, "refit"] = _scored(y[test], log_odds(left, without.iloc[test])[:, None])
    return scores


def _scored(y: np.ndarray, logit: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """AUC and log loss of each column of scores, each with the parts of the rows: (value, part) by measure."""
    loss = log_losses(y, logit)
    return [auc_parts(y, logit), (loss.mean(axis=0), (loss - loss.mean(axis=0)) / len(y))]


def _summary(
    name: str, parts: list[dict], share: np.ndarray, customers: np.ndarray, level: float, refit: bool
) -> dict[str, float]:
    row: dict[str, float] = {}
    for key, head in [(name, ""), *([((name, "refit"), "refit_")] if refit else [])]:
        for measure, column in enumerate(MEASURES):
            lost = [_lost(part["base"][measure], part[key][measure], sign=1 - 2 * measure) for part in parts]
            estimate = _estimate([[one] for one in lost], 0, share, customers, level)
            row |= with_limits(head + column, estimate)
    return row


def _lost(base: tuple, changed: tuple, *, sign: int) -> tuple[np.ndarray, np.ndarray]:
    return sign * (base[0] - changed[0]), sign * (base[1] - changed[1])


def _estimate(
    scored: Sequence[Sequence[tuple]], measure: int, share: np.ndarray, customers: np.ndarray, level: float
) -> Estimate:
    """Mean over folds and repeats, with limits over customers and, where there are several, over repeats."""
    values = np.array([fold[measure][0] for fold in scored])
    parts = np.concatenate([weight * fold[measure][1].mean(axis=1) for weight, fold in zip(share, scored)])
    repeats = values.shape[1]
    scatter = values.var(axis=1, ddof=1) @ share**2 / repeats if repeats > 1 else 0.0
    return clustered(float(share @ values.mean(axis=1)), parts, customers, level=level, extra=float(scatter))


def _held_constant(X: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """`X` with the first known value of each column in all rows: nothing left to learn, and the same types."""
    first = {one: int(np.argmax(X[one].notna().to_numpy())) for one in columns}
    return X.assign(**{one: X[one].iloc[[place] * len(X)].set_axis(X.index) for one, place in first.items()})


def _splits(sample: Sample, folds: int, seed: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Folds of customers, as many churners in each; a customer who churned at any cutoff is one."""
    from sklearn.model_selection import StratifiedKFold

    code, names = pd.factorize(sample.customers)
    churned = np.bincount(code, sample.y.to_numpy(), len(names)) > 0
    for _, test in StratifiedKFold(folds, shuffle=True, random_state=seed).split(churned, churned):
        held = np.isin(code, test)
        yield np.flatnonzero(~held), np.flatnonzero(held)


def _check(sample: Sample, repeats: int, folds: int) -> None:
    whole = [isinstance(one, (int, np.integer)) and one >= 2 for one in (repeats, folds)]
    if not isinstance(sample, Sample):
        raise InputError(f"importance needs a sample, not a {type(sample).__name__}", where="group_importance",
                         mend="make one with make_sample, contract_sample or Sample(X, y)",
                         zh="重要性分析需要 Sample 对象")  # fmt: skip
    if not all(whole):
        raise InputError(f"repeats={repeats!r}, folds={folds!r} cannot be used", expected="whole numbers from 2",
                         zh="repeats 与 folds 须为不小于 2 的整数")  # fmt: skip
    ever = sample.y.groupby(sample.customers).max()
    rarest = min(int(ever.sum()), int((1 - ever).sum()))
    if rarest < folds:
        raise InputError(f"one class has only {rarest} customers for {folds} folds", where="the sample",
                         expected="a churner and a stayer in each fold", mend="take fewer folds or more data",
                         zh=f"某一类只有 {rarest} 位客户，不够分为 {folds} 折")  # fmt: skip


def _progress(steps: Iterable, progress: bool) -> Iterable:
    if not progress:
        return steps
    try:
        from tqdm import tqdm
    except ImportError:
        return steps
    return tqdm(steps, file=sys.stderr, desc="folds")
