"""A model as it may be given: a fitted model, the key of a contender, or an estimator."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from crm_analysis.churn.models.checks import model_frame
from crm_analysis.churn.windows.sample import Sample
from crm_analysis.errors import InputError, nearest

if TYPE_CHECKING:
    from sklearn.base import BaseEstimator

    from crm_analysis.churn.models.fitted import FittedModel


def estimator_for(model: FittedModel | BaseEstimator | str, sample: Sample) -> tuple[BaseEstimator, Sample]:
    """Return the estimator, and the sample as it is trained on: a `FittedModel` takes of it the features it knows.

    Raises
    ------
    InputError
        If the key is not known or does not apply, or features of the training are missing.

    Examples
    --------
    >>> import pandas as pd
    >>> sample = Sample(pd.DataFrame({"age": [30, 40, 50]}), pd.Series([1, 0, 0]))
    >>> type(estimator_for("logistic", sample)[0]).__name__
    'Pipeline'
    """
    if isinstance(model, str):
        from crm_analysis.churn.models.contenders import contenders

        known = contenders(sample)
        if model not in known:
            raise InputError(f"there is no model {model!r} for this sample", expected=", ".join(known),
                             mend=nearest(model, known), zh=f"模型 {model} 不适用于该样本")  # fmt: skip
        return known[model], replace(sample, X=model_frame(sample.X))
    columns = getattr(model, "columns", None)
    if not hasattr(model, "estimator") or not isinstance(columns, dict):
        return model, sample
    missing = [name for name in columns if name not in sample.X]
    if missing:
        raise InputError(f"features the model was trained on are missing: {', '.join(missing)}", where="sample.X",
                         mend="take the sample the model was fitted to",
                         zh=f"缺少模型训练时的特征：{'、'.join(missing)}")  # fmt: skip
    return model.estimator, replace(sample, X=model_frame(sample.X[list(columns)]))
