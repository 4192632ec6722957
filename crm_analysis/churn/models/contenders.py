"""The five that every comparison holds: the churn rate for all, one feature, BG/NBD, logistic regression, boosting."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from pandas.api.types import is_numeric_dtype

from crm_analysis.churn.models.pipelines import boosting, log_size, logistic
from crm_analysis.churn.windows.sample import FORWARD, Sample
from crm_analysis.errors import InputError, nearest

if TYPE_CHECKING:
    from sklearn.base import BaseEstimator
    from sklearn.pipeline import Pipeline

BASELINES = ("prior", "recency_only", "tenure_only", "single_feature", "bg_nbd")
SINGLE = {"days_since_last": "recency_only", "tenure_months": "tenure_only", "tenure_days": "tenure_only",
          "tenure": "tenure_only"}  # fmt: skip
HISTORY = ("purchase_days", "days_since_last", "tenure_days")
LOGGED = ("days", "count", "money")
SPREAD = 2.0  # variance of the log odds of customers that the ridge of the logistic regression expects
Models = Mapping[str, Any] | Iterable[str] | None


def contenders(
    sample: Sample,
    *,
    log: Sequence[str] | None = None,
    feature: str | None = None,
    C: float | None = None,
    seed: int = 0,
) -> dict[str, BaseEstimator]:
    r"""Return the unfitted models that a sample of this kind can be given, by key.

    ``prior`` gives everybody the churn rate. ``recency_only`` (of a snapshot ``tenure_only``) is a logistic curve over
    one feature, hence its order. ``bg_nbd`` needs windows of one length and the features of purchases, and learns
    from purchase days alone. ``logistic`` and ``boosting`` use all features.

    The ridge of the logistic regression is a belief held before any label is seen: coefficients of scaled features
    are normal with variance C, so that with k features the log odds of customers vary by about C k. C = 2 / k keeps
    that at 2, whose usual chances lie between a fifth and four fifths. With C = 1 and 50 features it would be 50, and
    the model would learn the noise of a few hundred churners.

    Parameters
    ----------
    sample : Sample
    log : sequence of str, optional
        Counts, days and money taken as log(1 + x) by the logistic regression; by default those that the catalogue of
        features (`features.catalogue`) knows as such and that are nowhere negative.
    feature : str, optional
        Of the baseline of one feature; by default days_since_last, else the tenure, else there is none.
    C : float > 0, optional
        Inverse strength of the ridge of the logistic regression; 2 / number of features unless given, at most 1
        (1 is what scikit-learn takes).
    seed : int
        Of the boosting.

    Raises
    ------
    InputError
        If `feature` or a column of `log` is not in the sample, is no number, or (`log`) is negative somewhere, or `C`
        is not above 0.

    References
    ----------
    .. [1] le Cessie & van Houwelingen (1992). Ridge estimators in logistic regression. Applied Statistics 41, 191-201.
    .. [2] Gelman, Jakulin, Pittau & Su (2008). A weakly informative default prior distribution for logistic and other
       regression models. Annals of Applied Statistics 2, 1360-1383.

    Examples
    --------
    >>> import pandas as pd
    >>> X = pd.DataFrame({"tenure_months": [1, 9, 3], "plan": ["a", "b", "b"]}, index=["a", "b", "c"])
    >>> list(contenders(Sample(X, pd.Series([1, 0, 0], index=X.index))))
    ['prior', 'tenure_only', 'logistic', 'boosting']
    """
    from sklearn.dummy import DummyClassifier

    log = default_log(sample) if log is None else list(log)
    chosen = next((name for name in SINGLE if name in sample.X), None) if feature is None else feature
    _check(sample, log, chosen)
    found = {"prior": DummyClassifier(strategy="prior")}
    if chosen is not None:
        found[SINGLE.get(chosen, "single_feature")] = single_feature(chosen, log=_least(sample, chosen) >= 0)
    if _has_histories(sample):
        from crm_analysis.churn.models.bg_nbd_churn import BGNBDChurn

        found["bg_nbd"] = BGNBDChurn(horizon=sample.windows[0].outcome, gap=sample.windows[0].gap)
    return found | {"logistic": logistic(log=log, C=_ridge(sample, C)), "boosting": boosting(seed=seed)}


def single_feature(feature: str, *, log: bool = True) -> Pipeline:
    """Return a logistic curve over one feature: its order, with chances to it; a blank is its own level.

    Parameters
    ----------
    feature : str
        A column of numbers.
    log : bool
        Whether log(1 + x) is taken first.

    Examples
    --------
    >>> import pandas as pd
    >>> X = pd.DataFrame({"days_since_last": [3, 10, 200, 90.0]})
    >>> chance = single_feature("days_since_last").fit(X, [0, 0, 1, 1]).predict_proba(X)[:, 1]
    >>> chance.argsort().tolist()
    [0, 1, 3, 2]
    """
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import Pipeline, make_pipeline
    from sklearn.preprocessing import FunctionTransformer, StandardScaler

    first = FunctionTransformer(log_size if log else None, feature_names_out="one-to-one")
    filled = SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True)
    part = ("logged" if log else "numeric", make_pipeline(first, filled, StandardScaler()), [feature])
    return Pipeline([("prepare", ColumnTransformer([part])), ("model", LogisticRegression(C=1e3, max_iter=2000))])


def chosen_models(sample: Sample, models: Models, *, seed: int = 0) -> dict[str, BaseEstimator]:
    """Return the models a user asked for: all contenders, some by key, or estimators by name.

    Raises
    ------
    InputError
        If a key is not known or does not apply, or an estimator gives no probabilities.
    """
    if models is None:
        return contenders(sample, seed=seed)
    if not isinstance(models, Mapping):
        keys = [models] if isinstance(models, str) else list(models)
        known = contenders(sample, seed=seed)
        strange = [key for key in keys if not isinstance(key, str) or key not in known]
        if strange or not keys:
            raise InputError(f"{', '.join(map(repr, strange)) or 'no model'} cannot be compared on this sample",
                             expected=f"some of {', '.join(known)}, or {{name: estimator}}",
                             mend=" ".join(filter(None, (nearest(str(key), known) for key in strange))),
                             zh=f"未知的模型：{'、'.join(map(str, strange)) or '空'}")  # fmt: skip
        return {key: known[key] for key in keys}
    check_estimators(models)
    return dict(models)


def unfitted(sample: Sample, model: str | Any, *, seed: int = 0) -> Any:
    """Return the estimator that a key of `contenders`, a `fitted.FittedModel` or an estimator stands for.

    Raises
    ------
    InputError
        If the key is not known or does not apply to the sample, or the estimator gives no probabilities.
    """
    from crm_analysis.churn.models.fitted import FittedModel

    if isinstance(model, str):
        return chosen_models(sample, [model], seed=seed)[model]
    estimator = model.estimator if isinstance(model, FittedModel) else model
    check_estimators({"estimator": estimator})
    return estimator


def check_estimators(models: Mapping[str, Any]) -> None:
    """Raise `InputError` unless there is a model, and each is an instance that gives probabilities."""
    wrong = [f"{name} is a class, not an instance: {name}=...()" for name, model in models.items()
             if isinstance(model, type)]  # fmt: skip
    wrong += [
        f"{name} ({type(model).__name__}) gives no probabilities"
        for name, model in models.items()
        if not isinstance(model, type) and not (hasattr(model, "predict_proba") and hasattr(model, "fit"))
    ]
    wrong += [f"the name {name!r} is no text" for name in models if not isinstance(name, str)]
    mend = "wrap it: sklearn.calibration.CalibratedClassifierCV(estimator)"
    for model in models.values():
        if isinstance(model, str):
            mend = f"contenders(sample)[{model!r}]"
        elif isinstance(model, type):
            mend = f"{model.__name__}()"
        elif hasattr(model, "estimator") and hasattr(model, "levels"):
            mend = "the estimator of a fitted model: model.estimator"
    if wrong or not models:
        raise InputError("; ".join(wrong) or "there is no model", where="models",
                         expected="{name: estimator} with fit and predict_proba",
                         mend=mend,
                         zh="模型无法给出概率：" + "、".join(map(str, models)))  # fmt: skip


def default_log(sample: Sample) -> list[str]:
    """Return the columns that the catalogue of features knows as counts, days or money, and that are never negative."""
    try:
        from crm_analysis.churn.features.catalogue import CATALOGUE
    except ImportError:
        return []
    known = [str(name) for name in sample.numeric if str(name) in CATALOGUE and CATALOGUE[str(name)].unit in LOGGED]
    return [name for name in known if _least(sample, name) >= 0]


def _ridge(sample: Sample, C: float | None) -> float:
    if C is None:
        return min(1.0, SPREAD / max(1, sample.X.shape[1]))
    if isinstance(C, (bool, str)) or not 0 < C < np.inf:
        raise InputError(f"C={C!r} is no strength of a ridge", expected="a number above 0; the smaller, the stronger",
                         zh=f"正则化参数 C={C!r} 无效，应为正数")  # fmt: skip
    return float(C)


def _has_histories(sample: Sample) -> bool:
    lengths = {(windows.outcome, windows.gap) for windows in sample.windows}
    columns = set(HISTORY) <= set(sample.X) and not sample.X[list(HISTORY)].isna().any(axis=None)
    return sample.kind == FORWARD and len(lengths) == 1 and columns


def _least(sample: Sample, name: str) -> float:
    values = sample.X[name].to_numpy("float64", na_value=np.nan)
    return float(np.nanmin(values, initial=np.inf))


def _check(sample: Sample, log: Sequence[str], feature: str | None) -> None:
    wanted = [*log, *([feature] if feature is not None else [])]
    missing = [name for name in wanted if name not in sample.X]
    words = [name for name in wanted if name in sample.X and not is_numeric_dtype(sample.X[name].dtype)]
    negative = [name for name in log if name not in missing + words and _least(sample, name) < 0]
    problems = [
        f"{what}: {', '.join(names)}"
        for what, names in (("not a feature", missing), ("no numbers", words), ("negative, so without a log", negative))
        if names
    ]
    if problems:
        raise InputError("; ".join(problems), where="features of the sample",
                         expected="columns of numbers, for log not negative",
                         mend=nearest(missing[0], map(str, sample.X)) if missing else "",
                         zh="特征不存在、不是数值或有负值：" + "、".join(missing + words + negative))  # fmt: skip
