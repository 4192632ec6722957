"""Models of uplift from any classifier: two models, one per arm (T), or one model with the treatment in it (S)."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from crm_analysis.errors import InputError
from crm_analysis.marketing.uplift.rows import read_rows

LEAST = 2  # good outcomes, and others, that each arm must have
TREATMENT = "treatment"
EFFECT_SPREAD = 0.2  # prior sd, on the log odds, of what one sd of a column changes in the effect


class Learner:
    """Base of the learners: parameters in and out as in scikit-learn, rows checked, uplift predicted.

    The constructor only stores, `fit` checks, what is learned ends in ``_``; ``sklearn.base.clone`` and pickling work.
    """

    names: tuple[str, ...] = ("model",)

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {name: getattr(self, name) for name in self.names}

    def set_params(self, **params: Any) -> Self:
        """Set arguments of the constructor and return the learner."""
        unknown = sorted(set(params) - set(self.names))
        if unknown:
            raise InputError(f"{type(self).__name__} has no parameter {', '.join(unknown)}",
                             expected=", ".join(self.names), zh=f"没有参数 {'、'.join(unknown)}")  # fmt: skip
        for name, value in params.items():
            setattr(self, name, value)
        return self

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in self.names)})"

    def fit(self, X: pd.DataFrame, y: ArrayLike, treatment: ArrayLike) -> Self:
        """Learn from randomised customers.

        Parameters
        ----------
        X : pandas.DataFrame, shape (n, k)
            What was known before the treatment.
        y : array_like of 0 and 1, shape (n,)
            1 is the good outcome.
        treatment : array_like of 0 and 1, shape (n,)
            1 is treated.

        Returns
        -------
        self

        Raises
        ------
        InputError
            If X is no frame, y or treatment hold anything but 0 and 1, or an arm has fewer than two of an outcome.
        """
        if not isinstance(X, pd.DataFrame):
            raise InputError("X must be a pandas.DataFrame", where=type(X).__name__, zh="X 应为 DataFrame")
        rows = read_rows(pd.Series(0.0, index=X.index), y, treatment)
        for arm, name in ((1, "treated"), (0, "control")):
            hits = int(rows.y[rows.treated == arm].sum())
            other = int((rows.treated == arm).sum()) - hits
            if min(hits, other) < LEAST:
                raise InputError(f"the {name} group has {hits:,} good outcomes and {other:,} others", where="y",
                                 expected=f"at least {LEAST} of each in each arm", mend="take more customers",
                                 zh="每组中好结果与其他结果都至少要有两例")  # fmt: skip
        self.feature_names_in_, self.n_features_in_ = np.array(X.columns, dtype=object), X.shape[1]
        self._learn(X, rows.y.astype(int), rows.treated.astype(int))
        return self

    def predict(self, X: pd.DataFrame) -> pd.Series:
        """Return the uplift of each customer, P(good | treated) - P(good | control).

        Raises
        ------
        InputError
            If the learner is not fitted or X lacks its columns.
        """
        both = self.predict_both(X)
        return (both["treated_rate"] - both["control_rate"]).rename("uplift")

    def predict_both(self, X: pd.DataFrame) -> pd.DataFrame:
        """Return the chance of the good outcome with and without treatment: treated_rate, control_rate."""
        if not hasattr(self, "feature_names_in_"):
            raise InputError(f"this {type(self).__name__} is not fitted", mend="fit(X, y, treatment) first",
                             zh="模型尚未拟合")  # fmt: skip
        missing = [str(name) for name in self.feature_names_in_ if name not in X]
        if missing:
            raise InputError(
                f"X lacks columns: {', '.join(missing)}", where="predict", zh=f"缺少列：{'、'.join(missing)}"
            )
        chances = self._chances(X[list(self.feature_names_in_)])
        return pd.DataFrame(dict(zip(("treated_rate", "control_rate"), chances)), index=X.index)


class TLearner(Learner):
    """Two models, one of the treated and one of the control; uplift is the difference of their predictions.

    It can find any difference between customers, and it takes noise of two models for a difference as well; so
    judge it by `qini` on customers it has not seen. Effects of a contact differ little between customers: without a
    strong ridge penalty the noise of a few useless columns drowns them.

    Parameters
    ----------
    model : classifier, optional
        Anything with ``fit`` and ``predict_proba``; default a logistic regression with its preparation
        (`churn.models.pipelines.logistic`) and a strong ridge penalty (C = .2², see `SLearner`).

    Attributes
    ----------
    treated_model_, control_model_ : the two fitted models.

    References
    ----------
    .. [1] Künzel, Sekhon, Bickel & Yu (2019). PNAS 116, 4156-4165 (names S- and T-learner).

    Examples
    --------
    >>> X = pd.DataFrame({"young": np.repeat([1.0, 0.0], 2000)})
    >>> treated = np.tile([1, 0], 2000)
    >>> y = np.r_[np.tile([1, 0, 1, 1], 500), np.tile([0, 1, 1, 0], 500)]  # half of the young are won
    >>> TLearner().fit(X, y, treated).predict(X).iloc[[0, -1]].round(1).abs().tolist()
    [0.5, 0.0]
    """

    def __init__(self, model: Any = None) -> None:
        self.model = model

    def _learn(self, X: pd.DataFrame, y: np.ndarray, treated: np.ndarray) -> None:
        self.treated_model_ = self._fresh().fit(X[treated == 1], y[treated == 1])
        self.control_model_ = self._fresh().fit(X[treated == 0], y[treated == 0])

    def _chances(self, X: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        return self.treated_model_.predict_proba(X)[:, 1], self.control_model_.predict_proba(X)[:, 1]

    def _fresh(self) -> Any:
        from sklearn.base import clone

        from crm_analysis.churn.models.pipelines import logistic

        return logistic(C=EFFECT_SPREAD**2) if self.model is None else clone(self.model)


class SLearner(Learner):
    """One model with the treatment as a column; uplift is its prediction with the column at 1 less that at 0.

    A plain additive logistic regression gives every customer the same effect on the log odds: it cannot say who
    responds, and ranks customers by their chance alone. So the products of the treatment with every column are added
    (`interactions`); trees find them themselves and may do without.

    Parameters
    ----------
    model : classifier, optional
        Takes numbers only (columns are prepared before: scaled, filled, one-hot); default a logistic regression.
    interactions : bool
        Add the product of the treatment with every prepared column.
    effect_spread : float > 0
        Products are multiplied by it, so that a penalty holds them back more than the rest: with the default model it
        is the prior standard deviation, on the log odds, of what one standard deviation of a column changes in the
        effect. Smaller tells customers less apart, larger takes more noise for effects; trees do not mind it.

    Attributes
    ----------
    prepare_ : the fitted preparation.
    model_ : the fitted model.

    Examples
    --------
    >>> X = pd.DataFrame({"young": np.repeat([1.0, 0.0], 2000)})
    >>> treated = np.tile([1, 0], 2000)
    >>> y = np.r_[np.tile([1, 0, 1, 1], 500), np.tile([0, 1, 1, 0], 500)]
    >>> SLearner().fit(X, y, treated).predict(X).iloc[[0, -1]].round(1).abs().tolist()
    [0.5, 0.0]
    """

    names = ("model", "interactions", "effect_spread")

    def __init__(self, model: Any = None, *, interactions: bool = True, effect_spread: float = EFFECT_SPREAD) -> None:
        self.model = model
        self.interactions = interactions
        self.effect_spread = effect_spread

    def _learn(self, X: pd.DataFrame, y: np.ndarray, treated: np.ndarray) -> None:
        from sklearn.base import clone
        from sklearn.linear_model import LogisticRegression

        from crm_analysis.churn.models.pipelines import prepare

        spread = self.effect_spread
        if isinstance(spread, (bool, str)) or not 0 < spread < np.inf:
            raise InputError(f"effect_spread={spread!r} is no spread", expected="a number above 0, such as 0.15",
                             zh="effect_spread 应为正数")  # fmt: skip
        model = LogisticRegression(max_iter=2000) if self.model is None else clone(self.model)
        self.prepare_ = prepare().fit(X)
        self.model_ = model.fit(self._design(X, treated), y)

    def _chances(self, X: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        ones, zeros = np.ones(len(X)), np.zeros(len(X))
        return tuple(self.model_.predict_proba(self._design(X, arm))[:, 1] for arm in (ones, zeros))

    def _design(self, X: pd.DataFrame, treated: np.ndarray) -> pd.DataFrame:
        z = np.asarray(self.prepare_.transform(X), float)
        t = np.asarray(treated, float)[:, None]
        names = [f"x{k}" for k in range(z.shape[1])]
        products = [self.effect_spread * z * t] if self.interactions else []
        columns = [*names, TREATMENT, *[f"{name}:{TREATMENT}" for name in names if products]]
        return pd.DataFrame(np.column_stack([z, t, *products]), columns=columns, index=X.index)
