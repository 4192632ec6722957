"""Uplift of customers by models that have not seen them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from crm_analysis.errors import InputError
from crm_analysis.marketing.uplift.randomised import check_randomised
from crm_analysis.marketing.uplift.rows import read_rows

if TYPE_CHECKING:
    from crm_analysis.marketing.uplift.learners import Learner


def cross_fitted_uplift(
    X: pd.DataFrame,
    y: ArrayLike,
    treated: ArrayLike,
    *,
    learner: Learner | None = None,
    folds: int = 5,
    customer: ArrayLike | None = None,
    check: bool = True,
    seed: int = 0,
) -> pd.Series:
    """Predict the uplift of every customer by a model trained on the others.

    On its own training data a model looks as if it knew who responds; `qini` and `uplift_by_decile` are honest only
    on predictions like these. Folds hold equal shares of both arms and both outcomes.

    Parameters
    ----------
    X : pandas.DataFrame, shape (n, k)
    y, treated : array_like of 0 and 1, shape (n,)
        Good outcome; treatment by lot.
    learner : Learner, optional
        Default `TLearner()`; yours is copied, not changed.
    folds : int
    customer : array_like, shape (n,), optional
        Customer of each row where a customer may stand in several: all rows of a customer stay in one fold. The level
        ``customer_id`` of an index of several levels unless given.
    check : bool
        Refuse data whose treatment can be foretold from X (`check_randomised`).
    seed : int

    Returns
    -------
    pandas.Series, index of X
        ``uplift``.

    Raises
    ------
    InputError
        If the treatment was not drawn by lot, columns are no numbers of 0 and 1, or a fold lacks an outcome.

    References
    ----------
    .. [1] Chernozhukov et al. (2018). The Econometrics Journal 21, C1-C68 (cross-fitting).

    Examples
    --------
    >>> X = pd.DataFrame({"young": np.repeat([1.0, 0.0], 2000)})
    >>> treated = np.tile([1, 0], 2000)
    >>> y = np.r_[np.tile([1, 0, 1, 1], 500), np.tile([0, 1, 1, 0], 500)]
    >>> cross_fitted_uplift(X, y, treated).groupby(X["young"]).mean().round(1).tolist()
    [0.0, 0.5]
    """
    from sklearn.base import clone

    from crm_analysis.churn.models.folds import few_threads
    from crm_analysis.marketing.uplift.learners import TLearner

    if not isinstance(X, pd.DataFrame):
        raise InputError("X must be a pandas.DataFrame", where=type(X).__name__, zh="X 应为 DataFrame")
    codes = None if customer is None else np.asarray(customer)
    rows = read_rows(pd.Series(0.0, index=X.index), y, treated, customer=codes)
    if check:
        check_randomised(X, rows.treated, customer=rows.customer, folds=folds, seed=seed)
    learner = TLearner() if learner is None else learner
    found = np.empty(len(X))
    for train, test in _splits(rows.y, rows.treated, rows.customer, folds, seed):
        with few_threads(len(X)):
            fitted = clone(learner).fit(X.iloc[train], rows.y[train], rows.treated[train])
            found[test] = fitted.predict(X.iloc[test]).to_numpy()
    return pd.Series(found, index=X.index, name="uplift")


def _splits(
    y: np.ndarray, treated: np.ndarray, customer: np.ndarray | None, folds: int, seed: int
) -> list[tuple[np.ndarray, np.ndarray]]:
    from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

    cell = (2 * treated + y).astype(int)
    least = int(np.bincount(cell, minlength=4).min())
    if isinstance(folds, bool) or not isinstance(folds, (int, np.integer)) or not 2 <= folds <= least:
        raise InputError(f"{folds!r} folds cannot be made: the smallest of arm × outcome has {least:,} customers",
                         expected=f"2 to {max(2, least):,} folds", mend="take fewer folds or more customers",
                         zh=f"无法分为 {folds} 折：组别与结果的最小组合只有 {least:,} 位客户")  # fmt: skip
    if customer is None:
        split = StratifiedKFold(folds, shuffle=True, random_state=seed).split(np.zeros(len(y)), cell)
    else:
        split = StratifiedGroupKFold(folds, shuffle=True, random_state=seed).split(np.zeros(len(y)), cell, customer)
    return list(split)
