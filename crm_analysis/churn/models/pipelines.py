"""The two models: a logistic regression and a small gradient boosting, each with its preparation inside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    from sklearn.compose import ColumnTransformer
    from sklearn.pipeline import Pipeline


def logistic(*, log: Sequence[str] = (), C: float = 1.0) -> Pipeline:
    """Return a logistic regression: gaps filled with the median and marked, numbers scaled, texts one-hot.

    Everything that is learned from data is learned inside the pipeline, so that a fold of a cross-validation never
    sees the others. Steps: ``prepare`` (parts ``logged``, ``numeric``, ``categorical``) and ``model``.

    Parameters
    ----------
    log : sequence of str
        Columns of counts or money (not negative) taken as log(1 + x) first.
    C : float > 0
        Inverse of the strength of the ridge penalty; `contenders.contenders` takes less where there are many
        features.

    Examples
    --------
    >>> import pandas as pd
    >>> X = pd.DataFrame({"orders": [1, 2, 3, 9.0], "plan": ["a", "a", "b", None]})
    >>> logistic(log=["orders"]).fit(X, [1, 1, 0, 0]).predict_proba(X).shape
    (4, 2)
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import Pipeline

    return Pipeline([("prepare", prepare(log=log)), ("model", LogisticRegression(C=C, max_iter=2000))])


def boosting(*, seed: int = 0) -> Pipeline:
    """Return a gradient boosting of 150 small trees (8 leaves, at least 40 customers each, slow learning).

    Examples
    --------
    >>> import pandas as pd
    >>> X = pd.DataFrame({"orders": range(100)})
    >>> model = boosting().fit(X, X["orders"] < 50)
    >>> bool(model.predict_proba(X)[0, 1] > 0.9)
    True
    """
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.pipeline import Pipeline

    trees = HistGradientBoostingClassifier(max_iter=150, learning_rate=0.03, max_leaf_nodes=8, min_samples_leaf=40,
                                           l2_regularization=1.0, early_stopping=False, random_state=seed)  # fmt: skip
    return Pipeline([("prepare", prepare(scale=False)), ("model", trees)])


def prepare(*, log: Sequence[str] = (), scale: bool = True) -> ColumnTransformer:
    """Return the preparation of columns; without `scale` numbers pass as they are, gaps included (for trees)."""
    from sklearn.compose import ColumnTransformer, make_column_selector
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

    one_hot = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    kinds = {"dtype_include": ["number", "bool"]}
    others = make_column_selector(dtype_exclude=["number", "bool"])
    if not scale:
        return ColumnTransformer([("numeric", "passthrough", known_numbers), ("categorical", one_hot, others)])
    logs = FunctionTransformer(log_size, feature_names_out="one-to-one")

    def filled() -> SimpleImputer:
        return SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True)

    logged = [("logged", make_pipeline(logs, filled(), StandardScaler()), list(log))] if len(log) else []
    plain = make_column_selector(pattern=_all_but(log), **kinds)
    numeric = ("numeric", make_pipeline(filled(), StandardScaler()), plain)
    return ColumnTransformer([*logged, numeric, ("categorical", one_hot, others)])


def log_size(x: pd.DataFrame) -> pd.DataFrame:
    """Return log(1 + x), and its mirror below 0: a later refund must not break a model.

    Examples
    --------
    >>> import numpy as np
    >>> log_size(np.array([0.0, np.e - 1, 1 - np.e])).round(12).tolist()
    [0.0, 1.0, -1.0]
    """
    import numpy as np

    return np.sign(x) * np.log1p(np.abs(x))


def known_numbers(X: pd.DataFrame) -> list[str]:
    """Return the columns of numbers with a value somewhere: trees cannot split on one that is wholly blank.

    Examples
    --------
    >>> import pandas as pd
    >>> known_numbers(pd.DataFrame({"orders": [1, None], "days_since_complaint": [None, float("nan")], "city": "a"}))
    ['orders']
    """
    numbers = X.select_dtypes(["number", "bool"])
    return [str(name) for name in numbers if numbers[name].notna().any()]


def _all_but(names: Sequence[str]) -> str | None:
    import re

    return f"^(?!(?:{'|'.join(map(re.escape, names))})$)" if len(names) else None
