"""Few churners: why accuracy misleads, what a threshold does, and that it needs no resampling."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from crm_analysis.churn.models.calibration_folds import chances_out_of_fold
from crm_analysis.churn.models.calibration_input import Pairs, check_pairs
from crm_analysis.churn.models.folds import splits
from crm_analysis.churn.models.pipelines import logistic
from crm_analysis.churn.windows.auc import auc_interval
from crm_analysis.churn.windows.sample import Sample
from crm_analysis.errors import InputError
from crm_analysis.intervals import clustered_share, with_limits
from crm_analysis.words import Sentence, join

NOBODY, EVERYBODY, HALF, SHARE, BALANCED, COST = (
    "nobody_churns", "everybody_churns", "threshold_half", "threshold_churn_share", "balanced_half", "threshold_cost",
)  # fmt: skip


def imbalance_table(
    sample: Sample,
    *,
    p: ArrayLike | None = None,
    threshold: float | Iterable[float] = (),
    folds: int = 5,
    seed: int = 0,
    level: float = 0.95,
) -> pd.DataFrame:
    """What calling customers churners at several thresholds brings, beside calling nobody and everybody.

    Calling nobody a churner has an accuracy of one minus the churn share and finds nobody: accuracy is no guide where
    classes are unequal. The threshold decides who is called; the AUC is the same at all of them. Training with
    balanced weights and calling from 50 % on is, but for little, a plain model called from the churn share on: it moves
    the threshold and spoils the probabilities. Take the threshold from costs instead: the break-even probability of a
    contact.

    Parameters
    ----------
    sample : Sample
    p : array_like of shape (rows,), optional
        Out-of-fold chances of churn, in the order of the sample. Without them those of a logistic regression, and
        those of one with balanced weights besides.
    threshold : float or iterable of float in (0, 1)
        Break-even probabilities, worked out from costs.
    folds, seed : int
        Of the cross-validation where `p` is not given.
    level : float in (0, 1)
        Of Wilson's limits; of whole customers where they repeat.

    Returns
    -------
    pandas.DataFrame, index churn_call
        probability_threshold (called from here on), called_share (share called churners), accuracy, recall and
        precision with limits, balanced_accuracy (mean of the recalls of both classes), f1_score, auc with limits.
        Precision is blank where nobody is called. ``threshold_cost`` stands once per threshold given, rising.

    Raises
    ------
    InputError
        If a threshold is not between 0 and 1, or chances and sample do not meet.

    Examples
    --------
    >>> X = pd.DataFrame({"x": range(8)})
    >>> sample = Sample(X, pd.Series([0, 0, 0, 0, 0, 1, 0, 1]))
    >>> table = imbalance_table(sample, p=[0.1, 0.1, 0.1, 0.2, 0.2, 0.4, 0.4, 0.8])
    >>> table.loc["nobody_churns", ["accuracy", "recall"]].tolist()
    [0.75, 0.0]
    >>> table.loc["threshold_churn_share", ["accuracy", "recall"]].tolist()
    [0.875, 1.0]
    """
    cuts = _checked(threshold)
    parts = splits(sample, folds=folds, seed=seed) if p is None else []
    given = chances_out_of_fold(logistic(), sample, parts) if p is None else p
    pairs = check_pairs(given, sample.y, customers=sample.customers)
    rows = [(NOBODY, np.inf, pairs), (EVERYBODY, 0.0, pairs), (HALF, 0.5, pairs),
            (SHARE, sample.churn_rate, pairs)] + [(COST, cut, pairs) for cut in cuts]  # fmt: skip
    if p is None:
        weighted = logistic().set_params(model__class_weight="balanced")
        chances = chances_out_of_fold(weighted, sample, parts)
        rows.append((BALANCED, 0.5, check_pairs(chances, sample.y.to_numpy(), customers=sample.customers)))
    found = [_row(cut, pairs, level) for _, cut, pairs in rows]
    return pd.DataFrame(found, index=pd.Index([name for name, _, _ in rows], name="churn_call"))


def imbalance_text(table: pd.DataFrame, lang: str) -> str:
    """Return the table in words, in ``zh`` or ``en``.

    Examples
    --------
    >>> X = pd.DataFrame({"x": range(8)})
    >>> sample = Sample(X, pd.Series([0, 0, 0, 0, 0, 1, 0, 1]))
    >>> table = imbalance_table(sample, p=[0.1, 0.1, 0.1, 0.2, 0.2, 0.4, 0.4, 0.8])
    >>> imbalance_text(table, "en").split(". ")[0]
    'Calling nobody a churner is right for 75.0% of customers and finds no churner'
    """
    nobody, half, share = (table.loc[name] for name in (NOBODY, HALF, SHARE))
    cost = table.loc[[COST]] if COST in table.index else table.iloc[:0]
    said = [_nobody(nobody), _halves(half, share)]
    said += [_balanced(table.loc[BALANCED], share)] if BALANCED in table.index else []
    said += [_cost(row) for _, row in cost.iterrows()] or [Sentence(
        "阈值应由成本与收益决定（盈亏平衡概率），而不是靠重抽样。",
        "Take the threshold from costs and gains (the break-even probability), not from resampling.")]  # fmt: skip
    return join(said).text(lang)


def _checked(threshold: float | Iterable[float]) -> list[float]:
    cuts = [threshold] if np.isscalar(threshold) else list(threshold)
    wrong = [cut for cut in cuts if isinstance(cut, bool | str) or not 0 < cut < 1]
    if wrong:
        raise InputError(f"thresholds outside 0 to 1: {', '.join(map(repr, wrong))}",
                         expected="probabilities above 0 and below 1", mend="for 16 % pass 0.16",
                         zh=f"阈值不在 0 到 1 之间：{'、'.join(map(repr, wrong))}")  # fmt: skip
    return sorted(float(cut) for cut in cuts)


def _row(cut: float, pairs: Pairs, level: float) -> dict[str, float]:
    called, y = pairs.p >= cut, pairs.y == 1
    who = pairs.clusters
    recall = clustered_share(called[y], who[y], level=level)
    precision = clustered_share(y[called], who[called], level=level)
    hits, right = int((called & y).sum()), called == y
    kept = float((~called[~y]).mean())
    return (
        {"probability_threshold": cut if np.isfinite(cut) else np.nan, "called_share": float(called.mean()),
         "accuracy": float(right.mean())}
        | with_limits("recall", recall) | with_limits("precision", precision)
        | {"balanced_accuracy": (recall.value + kept) / 2,
           "f1_score": 2 * hits / (called.sum() + y.sum())}
        | with_limits("auc", auc_interval(pairs.p if 0 < cut < 1 else np.zeros(len(y)), pairs.y,
                                          clusters=pairs.clusters, level=level))
    )  # fmt: skip


def _nobody(row: pd.Series) -> Sentence:
    return Sentence(f"把所有客户都判为留存，准确率就有 {row['accuracy']:.1%}，却找不到一位流失客户。",
                    f"Calling nobody a churner is right for {row['accuracy']:.1%} of customers and finds no"
                    " churner.")  # fmt: skip


def _halves(half: pd.Series, share: pd.Series) -> Sentence:
    low = f"{share['probability_threshold']:.1%}"
    return Sentence(
        f"阈值取 50% 时准确率为 {half['accuracy']:.1%}，召回率为 {half['recall']:.1%}；阈值取流失率 {low} 时准确率为"
        f" {share['accuracy']:.1%}，召回率为 {share['recall']:.1%}；AUC 均为 {half['auc']:.3f}。",
        f"From 50% on, accuracy is {half['accuracy']:.1%} and recall {half['recall']:.1%}; from the churn share"
        f" {low} on,"
        f" {share['accuracy']:.1%} and {share['recall']:.1%}; the AUC is {half['auc']:.3f} at both.",
    )


def _balanced(row: pd.Series, share: pd.Series) -> Sentence:
    return Sentence(
        f"用平衡权重训练并以 50% 为阈值，名单占客户的 {row['called_share']:.1%}，召回率为 {row['recall']:.1%}，AUC 为"
        f" {row['auc']:.3f}；不加权、以流失率为阈值时分别为 {share['called_share']:.1%}、{share['recall']:.1%}"
        f" 和 {share['auc']:.3f}。",
        f"Balanced weights and 50% call {row['called_share']:.1%} of customers, with recall {row['recall']:.1%} and AUC"
        f" {row['auc']:.3f}; no weights and the churn share as the threshold: {share['called_share']:.1%},"
        f" {share['recall']:.1%} and {share['auc']:.3f}.",
    )


def _cost(row: pd.Series) -> Sentence:
    cut = f"{row['probability_threshold']:.1%}"
    return Sentence(
        f"按成本得到的阈值 {cut}：名单占客户的 {row['called_share']:.1%}，召回率为 {row['recall']:.1%}，"
        f"精确率为 {row['precision']:.1%}。",
        f"From the threshold {cut} given by costs on, {row['called_share']:.1%} of customers are called, with recall"
        f" {row['recall']:.1%} and precision {row['precision']:.1%}.",
    )
