"""AUC and log loss with what each row adds to their error, so that rows of one customer count together."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import ndtri

from crm_analysis.intervals import Estimate, check_level


def auc_parts(y: np.ndarray, score: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    r"""Return the AUC of each column of scores, and each row's placement less the AUC over the size of its class.

    .. math:: \widehat{AUC} = \frac{1}{mn}\sum_i\sum_j \psi(s_i, s_j), \qquad
              \frac{\bar\psi_{i\cdot} - \widehat{AUC}}{m} \ \text{or}\ \frac{\bar\psi_{\cdot j} - \widehat{AUC}}{n}

    psi is 1 where the churner has the higher score, 1/2 at a tie. The sum of squares of the parts, over customers,
    is the variance of the AUC.

    Parameters
    ----------
    y : ndarray of 0 and 1, shape (n_rows,)
    score : ndarray, shape (n_rows,) or (n_rows, k)

    References
    ----------
    .. [1] DeLong, DeLong & Clarke-Pearson (1988). Biometrics 44, 837-845.
    .. [2] Obuchowski (1997). Clustered ROC curve data. Biometrics 53, 567-578.

    Examples
    --------
    >>> auc, parts = auc_parts(np.array([1, 0, 1, 0]), np.array([0.9, 0.1, 0.4, 0.4]))
    >>> auc.tolist(), parts[:, 0].tolist()
    ([0.875], [0.0625, 0.0625, -0.0625, -0.0625])
    """
    score = score[:, None] if score.ndim == 1 else score
    churned = y == 1
    parts = np.empty(score.shape)
    for column, one in enumerate(score.T):
        parts[churned, column] = _above(one[churned], one[~churned])
        parts[~churned, column] = 1 - _above(one[~churned], one[churned])
    auc = parts[churned].mean(axis=0)
    return auc, (parts - auc) / np.where(churned, churned.sum(), (~churned).sum())[:, None]


def log_losses(y: np.ndarray, logit: np.ndarray) -> np.ndarray:
    """Return each row's log loss from the log odds, exact however sure the model is.

    Examples
    --------
    >>> log_losses(np.array([1, 0]), np.array([0.0, -800.0])).round(4).tolist()
    [0.6931, 0.0]
    """
    y = y[:, None] if logit.ndim > y.ndim else y
    return np.logaddexp(0, np.where(y == 1, -logit, logit))


def clustered(value: float, parts: np.ndarray, customers: np.ndarray, *, level: float, extra: float = 0.0) -> Estimate:
    """Return a value with normal limits: parts add up by customer, and `extra` is added to the variance.

    Examples
    --------
    >>> f"{clustered(0.1, np.array([0.01, -0.01]), np.array(['a', 'b']), level=0.95):.3f}"
    '0.100 [0.061, 0.139]'
    """
    totals = np.bincount(pd.factorize(customers)[0], parts)
    variance = len(totals) / max(1, len(totals) - 1) * (totals**2).sum() + extra
    half = ndtri(0.5 + check_level(level) / 2) * np.sqrt(variance)
    return Estimate(float(value), float(value - half), float(value + half))


def _above(ours: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Share of the others below each of ours, ties half."""
    others = np.sort(others)
    below, upto = np.searchsorted(others, ours, "left"), np.searchsorted(others, ours, "right")
    return (below + upto) / (2 * len(others))
