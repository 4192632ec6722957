"""Right and wrong ways to resample: the rows of each fold, and which test rows the training knows already."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from crm_analysis.churn.models.resampling_smote import smote

if TYPE_CHECKING:
    from sklearn.compose import ColumnTransformer

NONE, INSIDE, BEFORE, COPIES = "no_resampling", "smote_inside", "smote_before", "oversampling_before"
PROTOCOLS = (NONE, INSIDE, BEFORE, COPIES)


class Rows(NamedTuple):
    """Rows of numbers with labels, and the two original rows each was made of (its own twice, if original)."""

    X: np.ndarray
    y: np.ndarray
    made_of: np.ndarray

    def take(self, places: np.ndarray) -> Rows:
        """Return the rows at the positions."""
        return Rows(self.X[places], self.y[places], self.made_of[places])


def original(X: np.ndarray, y: np.ndarray) -> Rows:
    """Return rows as they came."""
    place = np.arange(len(y))
    return Rows(X, y, np.column_stack([place, place]))


def with_smote(rows: Rows, rng: np.random.Generator) -> Rows:
    """Add synthetic rows of the smaller class until both are equal."""
    label, lacking = _lacking(rows.y)
    own = np.flatnonzero(rows.y == label)
    made = smote(rows.X[own], n=lacking, rng=rng)
    parents = rows.made_of[own][:, 0]
    ties = np.column_stack([parents[made.parent], parents[made.neighbour]])
    return _joined(rows, made.points, label, ties)


def with_copies(rows: Rows, rng: np.random.Generator) -> Rows:
    """Add copies of rows of the smaller class, drawn at random, until both are equal."""
    label, lacking = _lacking(rows.y)
    drawn = rng.choice(np.flatnonzero(rows.y == label), lacking)
    return _joined(rows, rows.X[drawn], label, rows.made_of[drawn])


def known_rows(train: Rows, test: Rows) -> np.ndarray:
    """Return which test rows are known to the training: a copy, a point made of them, or what they were made of.

    Examples
    --------
    >>> rows = Rows(np.zeros((4, 1)), np.ones(4), np.array([[0, 0], [1, 1], [0, 2], [3, 3]]))
    >>> known_rows(rows.take(np.array([0, 1])), rows.take(np.array([2, 3]))).tolist()
    [True, False]
    """
    seen = np.zeros(max(train.made_of.max(), test.made_of.max()) + 1, bool)
    seen[train.made_of.ravel()] = True
    return seen[test.made_of].any(axis=1)


def numbers(*, scaled: bool = False) -> ColumnTransformer:
    """Return the preparation of columns for distances and trees: gaps filled with the median, texts one-hot.

    Parameters
    ----------
    scaled : bool
        Numbers to standard deviations. Without it, as SMOTE is mostly run, large numbers such as charges decide who is
        near.

    Examples
    --------
    >>> import pandas as pd
    >>> numbers().fit_transform(pd.DataFrame({"plan": ["a", "b"], "fee": [1.0, 9.0]})).tolist()
    [[1.0, 1.0, 0.0], [9.0, 0.0, 1.0]]
    """
    from sklearn.compose import ColumnTransformer, make_column_selector
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    kinds = ["number", "bool"]
    filled = SimpleImputer(strategy="median", keep_empty_features=True)
    numeric = make_pipeline(filled, StandardScaler()) if scaled else filled
    one_hot = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    return ColumnTransformer([("numeric", numeric, make_column_selector(dtype_include=kinds)),
                              ("categorical", one_hot, make_column_selector(dtype_exclude=kinds))])  # fmt: skip


def _lacking(y: np.ndarray) -> tuple[int, int]:
    """Return the smaller class and how many of it are lacking."""
    churned = int(y.sum())
    return (1, len(y) - 2 * churned) if 2 * churned <= len(y) else (0, 2 * churned - len(y))


def _joined(rows: Rows, X: np.ndarray, label: int, made_of: np.ndarray) -> Rows:
    new = np.full(len(X), label, dtype=rows.y.dtype)
    return Rows(np.vstack([rows.X, X]), np.r_[rows.y, new], np.vstack([rows.made_of, made_of]))
