"""The line of calibration: how observed log odds rise with predicted ones, with limits."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import expit, log_expit, logit, ndtri

from crm_analysis.intervals import UNKNOWN, Estimate, check_level

STEPS, PRECISION = 100, 1e-10


class Line(NamedTuple):
    """What turns predicted log odds into observed ones.

    Parameters
    ----------
    large : Estimate
        Calibration in the large: the shift a of log odds with the slope held at 1.
    intercept, slope : Estimate
        Of the line a + b logit(p); unknown where the line has no estimate.
    """

    large: Estimate
    intercept: Estimate
    slope: Estimate

    def mend(self, z: np.ndarray) -> np.ndarray:
        """Return log odds moved onto the line; without a slope they are only shifted."""
        known = np.isfinite(self.slope.value)
        return self.intercept.value + self.slope.value * z if known else self.large.value + z


def calibration_line(z: np.ndarray, y: np.ndarray, *, customer: np.ndarray | None = None, level: float = 0.95) -> Line:
    r"""Fit the line of calibration by maximum likelihood (Cox's logistic recalibration).

    .. math:: \operatorname{logit} P(y = 1) = a + z \quad\text{and}\quad \operatorname{logit} P(y = 1) = a' + b\,z

    A slope below 1: predictions are too extreme. Above 1: too timid. a below 0: too high on average.

    Parameters
    ----------
    z : numpy.ndarray of shape (rows,)
        logit(p), finite.
    y : numpy.ndarray of shape (rows,)
        0 and 1.
    customer : numpy.ndarray of int, optional
        Where customers have several rows: limits by the sandwich over customers.
    level : float in (0, 1)
        Of Wald's limits.

    Returns
    -------
    Line
        Unknown with one class; the slope also where z is constant or parts the classes wholly.

    References
    ----------
    .. [1] Cox (1958). Two further applications of a model for binary regression. Biometrika 45, 562-565.
    .. [2] Van Calster et al. (2019). Calibration: the Achilles heel of predictive analytics. BMC Medicine 17:230.

    Examples
    --------
    >>> z = np.array([-1.0, -1.0, -1.0, 1.0, 1.0, 1.0])
    >>> line = calibration_line(z, np.array([0, 0, 1, 0, 1, 1]))
    >>> round(abs(line.large.value), 6), round(line.slope.value, 4)  # observed log odds are log 2, not 1
    (0.0, 0.6931)
    """
    if y.min() == y.max():
        return Line(UNKNOWN, UNKNOWN, UNKNOWN)
    half = float(ndtri(0.5 + check_level(level) / 2))
    shift = _shift(z, y)
    ones = np.ones((len(z), 1))
    large = Estimate(shift, *(shift + side * half * _errors(ones, z + shift, y, customer)[0] for side in (-1, 1)))
    if _parted(z, y):
        return Line(large, UNKNOWN, UNKNOWN)
    design = np.column_stack([ones, z])
    beta = _fit(z, y)
    error = _errors(design, design @ beta, y, customer)
    intercept, slope = (Estimate(float(b), float(b - half * e), float(b + half * e)) for b, e in zip(beta, error))
    return Line(large, intercept, slope)


def log_loss_rows(z: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the log loss of each row from log odds.

    Examples
    --------
    >>> log_loss_rows(np.array([0.0, 2.0]), np.array([1, 1])).round(4).tolist()
    [0.6931, 0.1269]
    """
    return -np.where(y == 1, log_expit(z), log_expit(-z))


def _parted(z: np.ndarray, y: np.ndarray) -> bool:
    """Whether the line has no finite estimate: z constant, or churners and others (but for ties) on two sides."""
    stayed, gone = z[y == 0], z[y == 1]
    return bool(gone.min() >= stayed.max() or gone.max() <= stayed.min())


def _shift(z: np.ndarray, y: np.ndarray) -> float:
    """Solve sum expit(z + a) = sum y by Newton's steps, bracketed: the left side rises with a."""
    target = float(y.sum())
    low, high = (float(logit(y.mean()) - edge) for edge in (z.max(), z.min()))
    a = (low + high) / 2
    for _ in range(STEPS):
        mu = expit(z + a)
        excess, weight = mu.sum() - target, (mu * (1 - mu)).sum()
        low, high = (low, a) if excess > 0 else (a, high)
        step = a - excess / weight if weight > 0 else np.inf
        new = step if low <= step <= high else (low + high) / 2
        if abs(new - a) < PRECISION:
            break
        a = new
    return float(a)


def _fit(z: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Intercept and slope by Newton's method on standardised z, each step halved until the likelihood grows."""
    centre, spread = z.mean(), z.std()
    design = np.column_stack([np.ones(len(z)), (z - centre) / spread])
    beta = np.array([logit(y.mean()), 0.0])
    loss = log_loss_rows(design @ beta, y).sum()
    for _ in range(STEPS):
        mu = expit(design @ beta)
        step = np.linalg.solve((design.T * (mu * (1 - mu))) @ design, design.T @ (y - mu))
        while (now := log_loss_rows(design @ (beta + step), y).sum()) > loss + PRECISION and abs(
            step
        ).max() > PRECISION:
            step = step / 2
        beta, loss = beta + step, now
        if abs(step).max() < PRECISION:
            break
    slope = beta[1] / spread
    return np.array([beta[0] - slope * centre, slope])


def _errors(design: np.ndarray, eta: np.ndarray, y: np.ndarray, customer: np.ndarray | None) -> np.ndarray:
    """Standard errors: from the information, or by the sandwich over customers."""
    mu = expit(eta)
    bread = np.linalg.pinv((design.T * (mu * (1 - mu))) @ design)
    if customer is None:
        return np.sqrt(np.diag(bread))
    scores = np.column_stack([np.bincount(customer, column * (y - mu)) for column in design.T])
    units = len(scores)
    return np.sqrt(np.diag(bread @ (scores.T @ scores) @ bread) * units / max(1, units - 1))
