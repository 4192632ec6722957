"""The area under the ROC curve: the chance that a churner has the higher score, ties counting half."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import expit, logit, ndtri

from crm_analysis.errors import InputError
from crm_analysis.intervals import UNKNOWN, Estimate, check_level, wilson


def auc(score: ArrayLike, y: ArrayLike, weight: ArrayLike | None = None) -> float:
    r"""Chance that a churner drawn at random has a higher score than a customer who stayed; ties count half.

    .. math:: AUC = P(s_1 > s_0) + \tfrac12 P(s_1 = s_0)

    .5 is a coin, 1 a perfect order, below .5 the order is the wrong way round. Only the order of the scores
    matters, so a good AUC says nothing about whether probabilities mean what they say.

    Parameters
    ----------
    score : array_like, shape (n,)
        The higher, the likelier churned. Numbers without blanks; rows meet `y` by position.
    y : array_like of 0 and 1, shape (n,)
        1 for churned.
    weight : array_like, shape (n,), optional
        Not negative; rows count as often as it says.

    Returns
    -------
    float
        NaN where only one class occurs.

    Raises
    ------
    InputError
        If a score is blank or no number, a label is neither 0 nor 1, or the rows do not meet.

    References
    ----------
    .. [1] Hanley & McNeil (1982). Radiology 143, 29-36 (the area is Wilcoxon's and Mann and Whitney's statistic).

    Examples
    --------
    >>> auc([0.9, 0.4, 0.4, 0.1], [1, 1, 0, 0])
    0.875
    """
    s, churned = checked(score, y)
    w = _weights(weight, len(s))
    place = _places(s)
    positive, negative = np.bincount(place, w * churned), np.bincount(place, w * ~churned)
    pairs = positive.sum() * negative.sum()
    if not pairs:
        return float("nan")
    below = np.cumsum(negative) - negative
    return float((positive * (below + negative / 2)).sum() / pairs)


def auc_interval(score: ArrayLike, y: ArrayLike, *, clusters: ArrayLike | None = None, level: float = 0.95) -> Estimate:
    r"""AUC with an interval: DeLong's variance, limits on the logit scale, so that they stay within 0 and 1.

    .. math:: \operatorname{logit}\hat A \pm z \frac{\hat\sigma}{\hat A (1 - \hat A)},\quad
        \hat\sigma^2 = \frac{S_1}{m} + \frac{S_0}{n}

    :math:`S_1`, :math:`S_0` are the variances, over the m churners and the n others, of each one's share of pairs won.
    With `clusters` the shares are summed over clusters first: a customer who stands in several rows (one per
    cutoff) counts as one. Where all pairs are won (or lost) the variance is 0; there Wilson's limit stands for as many
    pairs as have no customer in common.

    Parameters
    ----------
    score, y : array_like, shape (n,)
        As in `auc`.
    clusters : array_like, shape (n,), optional
        The customer of each row.
    level : float in (0, 1)

    Returns
    -------
    Estimate
        NaN where only one class occurs; no limits where a class has a single row.

    Raises
    ------
    InputError
        As `auc`.

    References
    ----------
    .. [1] DeLong, DeLong & Clarke-Pearson (1988). Biometrics 44, 837-845, equations 3 and 5.
    .. [2] Obuchowski (1997). Biometrics 53, 567-578 (clusters). Pepe (2003), section 5.2.5 (logit).

    Examples
    --------
    >>> f"{auc_interval([0.9, 0.8, 0.4, 0.6, 0.3, 0.1, 0.2, 0.35], [1, 1, 1, 0, 0, 0, 0, 0]):.3f}"
    '0.933 [0.418, 0.996]'
    """
    s, churned = checked(score, y)
    m, n = int(churned.sum()), int((~churned).sum())
    if not (m and n):
        return UNKNOWN
    groups = np.arange(len(s)) if clusters is None else pd.factorize(np.asarray(clusters), use_na_sentinel=False)[0]
    if len(groups) != len(s):
        raise InputError(f"{len(groups):,} clusters for {len(s):,} rows", expected="one cluster per row")
    own = _pairs_won(s, churned)
    value = float(own[churned].mean())
    if value in (0.0, 1.0):
        apart = min(len(np.unique(groups[churned])), len(np.unique(groups[~churned])))
        low, high = wilson(value * apart, apart, level=level)
        return Estimate(value, float(low), float(high))
    if min(m, n) < 2:
        return Estimate(value, float("nan"), float("nan"))
    part = (own - value) / np.where(churned, np.sqrt(m * (m - 1)), np.sqrt(n * (n - 1)))
    spread = np.sqrt((np.bincount(groups, part) ** 2).sum())
    half = ndtri(0.5 + check_level(level) / 2) * spread / (value * (1 - value))
    return Estimate(value, float(expit(logit(value) - half)), float(expit(logit(value) + half)))


def checked(score: ArrayLike, y: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Return scores as float64 and labels as booleans, or raise one `InputError` with all that is wrong."""
    problems = []
    if isinstance(score, pd.Series) and isinstance(y, pd.Series) and not score.index.equals(y.index):
        problems.append("scores and labels have different indexes")
    s, labels = _numbers(score), _numbers(y)
    if s is None or labels is None:
        problems.append(f"the {'scores' if s is None else 'labels'} are no numbers")
    else:
        problems += _wrong(s, labels)
    if problems:
        raise InputError("; ".join(problems), where="score and y",
                         expected="one number and one label (1 churned, 0 stayed) per row",
                         mend="drop or fill blank scores and say so; align with score.loc[y.index]",
                         zh="评分与标签不匹配或有空值")  # fmt: skip
    return s, labels == 1


def _numbers(values: ArrayLike) -> np.ndarray | None:
    if pd.api.types.is_string_dtype(np.asarray(values).dtype) or isinstance(
        getattr(values, "dtype", None), pd.CategoricalDtype
    ):
        return None
    try:
        return pd.Series(np.ravel(values)).to_numpy("float64", na_value=np.nan)
    except (ValueError, TypeError):
        return None


def _wrong(s: np.ndarray, labels: np.ndarray) -> list[str]:
    found = []
    if len(s) != len(labels):
        found.append(f"{len(s):,} scores for {len(labels):,} labels")
    if np.isnan(s).any():
        found.append(f"{int(np.isnan(s).sum()):,} scores are blank")
    if not np.isin(labels, (0, 1)).all():
        found.append("labels other than 0 and 1")
    return found if len(s) else [*found, "there are no rows"]


def _weights(weight: ArrayLike | None, rows: int) -> np.ndarray:
    if weight is None:
        return np.ones(rows)
    w = _numbers(weight)
    if w is None or len(w) != rows or not (np.isfinite(w) & (w >= 0)).all():
        raise InputError("weights cannot be used", where="weight", expected=f"{rows:,} numbers, none negative")
    return w


def _places(s: np.ndarray) -> np.ndarray:
    """Position of each score among the different scores, in rising order."""
    return np.unique(s, return_inverse=True)[1].ravel()


def _pairs_won(s: np.ndarray, churned: np.ndarray) -> np.ndarray:
    """Share of the pairs with a row of the other class in which this row speaks for the right order."""
    place = _places(s)
    positive, negative = np.bincount(place, churned), np.bincount(place, ~churned)
    below = (np.cumsum(negative) - negative / 2) / negative.sum()
    above = 1 - (np.cumsum(positive) - positive / 2) / positive.sum()
    return np.where(churned, below[place], above[place])
