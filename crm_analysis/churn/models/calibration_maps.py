"""Maps that mend probabilities: the line of log odds, and the rising staircase."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

from crm_analysis.churn.models.calibration_input import SMALLEST, inner
from crm_analysis.churn.models.calibration_line import calibration_line

AS_IS, SIGMOID, ISOTONIC = "as_is", "sigmoid", "isotonic"


@dataclass(frozen=True)
class Same:
    """Probabilities as they are."""

    def __call__(self, p: np.ndarray) -> np.ndarray:
        """Return `p`."""
        return p


@dataclass(frozen=True)
class Sigmoid:
    """Log odds on a line: logit q = intercept + slope * logit p; p is kept at least `edge` from 0 and 1."""

    intercept: float
    slope: float
    edge: float

    def __call__(self, p: np.ndarray) -> np.ndarray:
        """Return the mended probabilities."""
        return expit(self.intercept + self.slope * logit(np.clip(p, self.edge, 1 - self.edge)))


@dataclass(frozen=True)
class Staircase:
    """Points (x, y) of an isotonic fit, joined by lines; flat outside."""

    x: np.ndarray
    y: np.ndarray

    def __call__(self, p: np.ndarray) -> np.ndarray:
        """Return the mended probabilities."""
        return np.interp(p, self.x, self.y)


Map = Same | Sigmoid | Staircase


def fit_map(method: str, p: np.ndarray, y: np.ndarray) -> Map:
    """Fit the map of a method on probabilities of rows the model had not seen.

    Parameters
    ----------
    method : {"as_is", "sigmoid", "isotonic"}
        ``sigmoid``: Platt's idea on log odds (Cox's logistic recalibration). ``isotonic``: any rising curve, kept
        1 / (2 n) away from 0 and 1, where one wrong customer would cost an infinite log loss.
    p : numpy.ndarray of shape (rows,)
    y : numpy.ndarray of shape (rows,)

    References
    ----------
    .. [1] Platt (1999). Probabilistic outputs for support vector machines. Advances in Large Margin Classifiers.
    .. [2] Zadrozny & Elkan (2002). Transforming classifier scores into accurate probability estimates. KDD, 694-699.

    Examples
    --------
    >>> p, y = np.array([0.2, 0.2, 0.2, 0.2, 0.8, 0.8, 0.8]), np.array([0, 0, 0, 1, 0, 1, 1])
    >>> fit_map("sigmoid", p, y)(np.array([0.2, 0.8])).round(4).tolist()
    [0.25, 0.6667]
    >>> fit_map("isotonic", p, y)(np.array([0.0, 0.8])).round(4).tolist()
    [0.25, 0.6667]
    """
    if method == AS_IS:
        return Same()
    if method == SIGMOID:
        moved, at_edge = inner(p)
        line = calibration_line(logit(moved), y)
        edge = float(min(moved.min(), 1 - moved.max())) if at_edge else SMALLEST
        known = np.isfinite(line.slope.value)
        return Sigmoid(line.intercept.value if known else line.large.value, line.slope.value if known else 1.0, edge)
    from sklearn.isotonic import IsotonicRegression

    least = 0.5 / len(p)
    fitted = IsotonicRegression(y_min=least, y_max=1 - least, out_of_bounds="clip").fit(p, y)
    return Staircase(fitted.X_thresholds_, fitted.y_thresholds_)
