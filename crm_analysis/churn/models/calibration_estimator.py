"""A classifier whose probabilities are mended, with scikit-learn's contract."""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.utils.validation import check_is_fitted

from crm_analysis.churn.models.calibration_maps import Map, fit_map
from crm_analysis.churn.models.folds import chances_of


class MendedClassifier(ClassifierMixin, BaseEstimator):
    """A classifier of 0 and 1 fitted on all rows, its probabilities moved by a map learned out of fold.

    Parameters
    ----------
    estimator : classifier with predict_proba
    method : {"sigmoid", "isotonic", "as_is"}
    folds : int
        Of the cross-fitting in `fit`, where a customer must have one row only; `calibration_mend.mend` has folds that
        keep a customer's rows together.
    seed : int

    Attributes
    ----------
    estimator_ : the classifier, fitted on all rows
    map_ : the map from its probabilities to mended ones
    classes_ : numpy.ndarray
        0 and 1.

    Examples
    --------
    >>> from sklearn.naive_bayes import GaussianNB
    >>> X, y = np.arange(40.0).reshape(-1, 1), np.tile([0, 0, 1, 0, 1, 1, 1, 0], 5)
    >>> MendedClassifier(GaussianNB()).fit(X, y).predict_proba(X).shape
    (40, 2)
    """

    def __init__(self, estimator: BaseEstimator, *, method: str = "sigmoid", folds: int = 5, seed: int = 0) -> None:
        self.estimator, self.method, self.folds, self.seed = estimator, method, folds, seed

    def fit(self, X: object, y: ArrayLike) -> Self:
        """Fit the classifier out of fold and on all rows, and the map on the out-of-fold probabilities."""
        splits = StratifiedKFold(self.folds, shuffle=True, random_state=self.seed)
        p = cross_val_predict(self.estimator, X, y, cv=splits, method="predict_proba")[:, 1]
        return self.finish(X, y, fit_map(self.method, p, np.asarray(y, float)))

    def finish(self, X: object, y: ArrayLike, mending: Map) -> Self:
        """Fit the classifier on all rows and take a map that is known already."""
        self.estimator_ = clone(self.estimator).fit(X, y)
        self.map_, self.classes_ = mending, self.estimator_.classes_
        if hasattr(self.estimator_, "feature_names_in_"):
            self.feature_names_in_ = self.estimator_.feature_names_in_
        self.n_features_in_ = self.estimator_.n_features_in_
        return self

    def predict_proba(self, X: object) -> np.ndarray:
        """Return the mended probabilities of 0 and 1, shape (rows, 2)."""
        check_is_fitted(self)
        p = self.map_(chances_of(self.estimator_, X))
        return np.column_stack([1 - p, p])

    def predict(self, X: object) -> np.ndarray:
        """Return 1 where churn is more likely than not."""
        return self.classes_[(self.predict_proba(X)[:, 1] > 0.5).astype(int)]
