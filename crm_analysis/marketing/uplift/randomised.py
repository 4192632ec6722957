"""Whether a treatment was drawn by lot: if it can be foretold from what is known, it was not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from crm_analysis.errors import InputError
from crm_analysis.marketing.experiments.balance import design
from crm_analysis.marketing.uplift.rows import Rows, read_rows
from crm_analysis.words import Sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

REFUSED, PENALTY, MOST_PRODUCTS, BATCH = 0.01, 1.0, 12, 50
LEAST = 100  # permutations: with fewer nothing could be refused at 1 %


@dataclass(frozen=True)
class Randomised:
    """What the check found: nothing that speaks against a lot.

    Attributes
    ----------
    auc : float
        Cross-validated area under the curve of foretelling the treatment; .5 is a coin.
    threshold : float
        What 99 % of the permuted treatments stay below.
    p : float
        Share of permuted treatments that are foretold as well or better.
    permutations : int
    """

    auc: float
    threshold: float
    p: float
    permutations: int

    def text(self, lang: str) -> str:
        """Return what the check says and what it cannot say."""
        return Sentence(
            f"由已知特征预测处理与否的交叉验证 AUC 为 {self.auc:.3f}，随机抽签时 99% 的情形低于 {self.threshold:.3f}"
            f"（p = {self.p:.3f}）：没有迹象表明分组不是随机的。未记录的特征无从检验。",
            f"Foretelling the treatment from what is known reaches a cross-validated AUC of {self.auc:.3f};"
            " with a lot 99 %"
            f" of cases stay below {self.threshold:.3f} (p = {self.p:.3f}): nothing speaks against a lot. What was not"
            f" recorded cannot be checked.",
        ).text(lang)


def check_randomised(
    X: pd.DataFrame,
    treated: ArrayLike,
    *,
    customer: ArrayLike | None = None,
    model: Any = None,
    folds: int = 5,
    permutations: int = 199,
    seed: int = 0,
) -> Randomised:
    r"""Refuse data whose treatment can be foretold from X: then the arms differ by more than the treatment.

    A model is trained to foretell the treatment and scored on customers it has not seen (AUC). The same is done with
    the treatment permuted, which is what a lot does; the data are refused if less than 1 % of the permutations reach
    the AUC found. A fixed limit such as .55 would refuse small experiments and pass large broken ones.

    Without `model`, a ridge regression on the columns, their squares and (up to 12 columns) their products, which is
    quick; any classifier with ``predict_proba`` can be given, fitted `folds` × (`permutations` + 1) times.

    Parameters
    ----------
    X : pandas.DataFrame, shape (n, k)
        What was known before the lot; texts and blanks allowed without `model`.
    treated : array_like of 0 and 1, shape (n,)
    customer : array_like, shape (n,), optional
        Customer of each row: a customer stays in one fold, and where every customer has one arm for all rows, arms of
        customers are permuted, not of rows.
    model : classifier, optional
    folds : int
    permutations : int
        100 or more: with fewer nothing could be refused.
    seed : int

    Returns
    -------
    Randomised

    Raises
    ------
    InputError
        If the treatment can be foretold, or is not 0 and 1, or one arm is empty.

    References
    ----------
    .. [1] Ojala & Garriga (2010). JMLR 11, 1833-1863 (permutation test of a classifier).
    .. [2] Gagnon-Bartsch & Shem-Tov (2019). Annals of Applied Statistics 13, 1464-1483 (as a check of randomisation).

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> X, coin = pd.DataFrame({"age": rng.normal(40, 9, 500)}), rng.integers(0, 2, 500)
    >>> check_randomised(X, coin).p > 0.01
    True
    >>> check_randomised(X, (X["age"] > 45).astype(int)).auc  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    crm_analysis.errors.InputError: the treatment can be foretold from X: ...
    """
    if not isinstance(X, pd.DataFrame) or X.shape[1] == 0:
        raise InputError("X must be a frame of at least one column", zh="X 应为至少一列的数据表")
    if isinstance(permutations, bool) or not isinstance(permutations, (int, np.integer)) or permutations < LEAST:
        raise InputError(f"{permutations!r} permutations are too few", expected=f"a whole number from {LEAST}",
                         zh=f"置换次数至少为 {LEAST}")  # fmt: skip
    rows = read_rows(pd.Series(0.0, index=X.index), treated, treated,
                     customer=None if customer is None else np.asarray(customer))  # fmt: skip
    fold = _folds(rows, folds, seed)
    codes = np.arange(len(X)) if rows.customer is None else rows.customer
    by_customer = _constant(rows.treated, codes)
    rng, found = np.random.default_rng(seed), []
    for drawn in _batches(rows.treated, codes, by_customer, permutations, rng):
        scores = _linear(X, drawn, fold) if model is None else _modelled(X, drawn, fold, model)
        found += [_auc(scores[:, k], drawn[:, k]) for k in range(drawn.shape[1])]
    auc, null = found[0], np.array(found[1:])
    p = (1 + (null >= auc - 1e-12).sum()) / (1 + len(null))
    threshold = float(np.quantile(null, 0.99)) if len(null) else float("nan")
    if p < REFUSED:
        raise InputError(
            f"the treatment can be foretold from X: cross-validated AUC {auc:.3f}; by lot 99 % stay below"
            f" {threshold:.3f}",
            where=f"{len(X):,} rows, {X.shape[1]} columns",
            expected="a treatment drawn by lot",
            mend="use only columns known before the lot; analyse experiments with different splits one by"
            " one; without a"
            " lot no uplift can be told",
            zh=f"处理与否可由特征预测（交叉验证 AUC {auc:.3f}，随机分组时 99% 低于 {threshold:.3f}），不是随机"
            "实验，不能估计增量",
        )
    return Randomised(auc, threshold, float(p), len(null))


def _constant(treated: np.ndarray, codes: np.ndarray) -> bool:
    """Tell whether every customer has the same treatment in all rows."""
    count, hits = np.bincount(codes), np.bincount(codes, treated)
    return bool(((hits == 0) | (hits == count)).all())


def _folds(rows: Rows, folds: int, seed: int) -> np.ndarray:
    """Fold of each row, a customer in one."""
    codes = np.arange(len(rows.y)) if rows.customer is None else rows.customer
    count = int(codes.max()) + 1
    if isinstance(folds, bool) or not isinstance(folds, (int, np.integer)) or not 2 <= folds <= count:
        raise InputError(f"{folds!r} folds cannot be made of {count:,} customers", expected=f"2 to {count:,}",
                         zh="折数应至少为 2，且不超过客户数")  # fmt: skip
    return np.random.default_rng(seed).permutation(np.arange(count) % folds)[codes]


def _batches(
    treated: np.ndarray, codes: np.ndarray, by_customer: bool, permutations: int, rng: np.random.Generator
) -> Iterator[np.ndarray]:
    """The treatment as it was, then permuted treatments, some at a time, one per column."""
    yield treated[:, None]
    own = np.zeros(int(codes.max()) + 1)
    own[codes] = treated
    for start in range(0, permutations, BATCH):
        count = min(BATCH, permutations - start)
        yield np.column_stack([rng.permutation(own)[codes] if by_customer else rng.permutation(treated)
                               for _ in range(count)])  # fmt: skip


def _linear(X: pd.DataFrame, drawn: np.ndarray, fold: np.ndarray) -> np.ndarray:
    a, scores = _polynomial(X), np.empty(drawn.shape)
    for k in np.unique(fold):
        held, rest = fold == k, fold != k
        left = a[rest].T @ a[rest] + PENALTY * np.eye(a.shape[1])
        centred = drawn[rest] - drawn[rest].mean(axis=0)
        scores[held] = a[held] @ np.linalg.solve(left, a[rest].T @ centred)
    return scores


def _polynomial(X: pd.DataFrame) -> np.ndarray:
    """Standardised columns with their squares, and products where there are few columns."""
    values = design(X, list(X.columns)).to_numpy(float)
    spread = values.std(axis=0)
    z = np.clip((values[:, spread > 0] - values[:, spread > 0].mean(axis=0)) / spread[spread > 0], -5, 5)
    parts = [z, z**2]
    if z.shape[1] <= MOST_PRODUCTS:
        parts += [z[:, [i]] * z[:, i + 1 :] for i in range(z.shape[1] - 1)]
    full = np.column_stack([np.ones((len(z), 1)), *parts])
    return full - np.r_[0.0, full[:, 1:].mean(axis=0)]


def _modelled(X: pd.DataFrame, drawn: np.ndarray, fold: np.ndarray, model: Any) -> np.ndarray:
    from sklearn.base import clone

    scores = np.full(drawn.shape, 0.5)
    for column in range(drawn.shape[1]):
        for k in np.unique(fold):
            held, rest, target = fold == k, fold != k, drawn[:, column].astype(int)
            if len(np.unique(target[rest])) == 2:
                fitted = clone(model).fit(X[rest], target[rest])
                scores[held, column] = fitted.predict_proba(X[held])[:, 1]
    return scores


def _auc(score: np.ndarray, positive: np.ndarray) -> float:
    place = np.unique(score, return_inverse=True)[1].ravel()
    hits, others = np.bincount(place, positive), np.bincount(place, 1 - positive)
    below = np.cumsum(others) - others
    return float((hits * (below + others / 2)).sum() / (hits.sum() * others.sum()))
