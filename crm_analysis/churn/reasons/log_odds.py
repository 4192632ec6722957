"""The log odds of churn that a fitted model gives, whatever model it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from crm_analysis.errors import InputError

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

SOME = 50  # rows on which the decision function is compared with the probabilities
CLOSEST = 1e-15  # a probability of exactly 0 or 1 has no log odds


def log_odds(model: Pipeline, X: pd.DataFrame) -> np.ndarray:
    """Return log odds of churn: the model's own decision function where it is one, else logit(p).

    Parameters
    ----------
    model : fitted classifier
    X : pandas.DataFrame

    Raises
    ------
    InputError
        If the model is not fitted, gives no probabilities, or cannot read `X`.

    Examples
    --------
    >>> from crm_analysis.churn.models.pipelines import logistic
    >>> X = pd.DataFrame({"orders": [1.0, 2, 3, 4]})
    >>> log_odds(logistic().fit(X, [1, 1, 0, 0]), X).round(2).tolist()
    [1.27, 0.42, -0.42, -1.27]
    """
    from sklearn.exceptions import NotFittedError

    try:
        if _decides_in_log_odds(model, X.iloc[:SOME]):
            return np.asarray(model.decision_function(X), dtype="float64")
        return logit(np.clip(model.predict_proba(X)[:, 1], CLOSEST, 1 - CLOSEST))
    except NotFittedError as error:
        raise InputError("the model is not fitted yet", where=type(model).__name__, mend="call fit(X, y) first",
                         zh="模型尚未拟合") from error  # fmt: skip
    except AttributeError as error:
        raise InputError("the model gives no probabilities", where=type(model).__name__,
                         expected="a classifier with predict_proba, such as logistic()",
                         zh="模型不给出概率") from error  # fmt: skip
    except ValueError as error:
        raise InputError(f"the model cannot read these features: {error}", where="X",
                         expected="the columns it was fitted on", zh="特征与模型拟合时不一致") from error  # fmt: skip


def _decides_in_log_odds(model: Pipeline, X: pd.DataFrame) -> bool:
    """Whether the decision function is logit(p): so it is for logistic regression and boosting, not for others."""
    p = model.predict_proba(X)[:, 1]
    if not hasattr(model, "decision_function"):
        return False
    own = model.decision_function(X)
    return np.shape(own) == p.shape and np.allclose(expit(own), p, rtol=0, atol=1e-9)
