"""One model's chances for rows it has not seen, fold by fold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from crm_analysis.churn.models.checks import check_sample, model_frame
from crm_analysis.churn.models.contenders import check_estimators
from crm_analysis.churn.models.folds import Split, chances_of, few_threads, shown
from crm_analysis.churn.windows.sample import Sample

if TYPE_CHECKING:
    from sklearn.base import BaseEstimator


def chances_out_of_fold(
    estimator: BaseEstimator, sample: Sample, parts: Sequence[Split], *, progress: bool = False
) -> np.ndarray:
    """Return the chance of churn of each row from a copy of the estimator fitted on the other folds.

    Errors of the estimator itself are not caught.

    Parameters
    ----------
    estimator : classifier with predict_proba
    sample : Sample
    parts : sequence of Split
        From `folds.splits`, one repeat.
    progress : bool

    Raises
    ------
    InputError
        If the sample cannot be used, or the estimator gives no probabilities.

    Examples
    --------
    >>> import pandas as pd
    >>> from sklearn.dummy import DummyClassifier
    >>> from crm_analysis.churn.models.folds import splits
    >>> sample = Sample(pd.DataFrame({"x": range(8)}), pd.Series([0, 1] * 4))
    >>> chances_out_of_fold(DummyClassifier(), sample, splits(sample, folds=4)).tolist()
    [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5]
    """
    from sklearn.base import clone

    check_sample(sample)
    check_estimators({"estimator": estimator})
    X, y = model_frame(sample.X), sample.y.to_numpy("int64")
    p = np.full(len(sample), np.nan)
    for part in shown(list(parts), progress, "folds"):
        with few_threads(len(X)):
            fitted = clone(estimator).fit(X.iloc[part.train], y[part.train])
            p[part.test] = chances_of(fitted, X.iloc[part.test])
    return p
