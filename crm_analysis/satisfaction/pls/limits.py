"""Limits and p-values from replicates of a statistic: percentile and BCa."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from crm_analysis.errors import InputError
from crm_analysis.intervals import check_level

KINDS = ("percentile", "bca")
FIXED = 1e-12  # range of replicates below which a number is fixed by the model, such as the loading of a single item


@dataclass(frozen=True)
class Spread:
    """What B replicates of k statistics say.

    Parameters
    ----------
    low, high, error, bias, p : ndarray, shape (k,)
        Limits, standard error (B - 1), mean of the replicates less the estimate, and the two-sided p of the value 0
        that agrees with the limits: below 1 - level where and only where they leave 0 out (up to one replicate).
    percentile : ndarray of bool, shape (k,)
        Where BCa was asked for and percentile limits are given, because all replicates lie on one side of the estimate.
    undefined : ndarray of int, shape (k,)
        Replicates in which the statistic has no value; they are left out.
    """

    low: np.ndarray
    high: np.ndarray
    error: np.ndarray
    bias: np.ndarray
    p: np.ndarray
    percentile: np.ndarray
    undefined: np.ndarray


def spread(
    estimate: np.ndarray, replicates: np.ndarray, *, level: float, kind: str, jackknife: np.ndarray | None = None
) -> Spread:
    """Work out limits, standard errors, bias and p of k statistics.

    Parameters
    ----------
    estimate : ndarray, shape (k,)
    replicates : ndarray, shape (B, k)
    level : float in (0, 1)
    kind : {"percentile", "bca"}
    jackknife : ndarray, shape (n, k), optional
        Values without each respondent in turn; needed for "bca".

    Returns
    -------
    Spread
        NaN where fewer than two replicates have a value, or all have the same.
    """
    tail = (1 - check_level(level)) / 2
    if kind not in KINDS:
        raise InputError(f"kind={kind!r} is none of {', '.join(KINDS)}", where="the bootstrap",
                         zh=f"区间类型 {kind} 不存在")  # fmt: skip
    found = np.full((6, len(estimate)), np.nan)
    for k, value in enumerate(estimate):
        drawn = replicates[:, k]
        drawn = drawn[np.isfinite(drawn)]
        if len(drawn) > 1 and np.isfinite(value) and np.ptp(drawn) > FIXED:
            shift, pull = (0.0, 0.0) if kind == "percentile" else _bca(value, drawn, jackknife[:, k])
            found[:, k] = _one(value, drawn, tail, shift, pull)
    undefined = (~np.isfinite(replicates)).sum(axis=0)
    return Spread(*found[:5], found[5] == 1, undefined)


def bias_correction(estimate: float, replicates: np.ndarray) -> float:
    r"""Return z0 of BCa, :math:`\Phi^{-1}\left((\#\{t<T\}+\#\{t\le T\})/2B\right)`; infinite if all lie on one side."""
    return float(ndtri(((replicates < estimate).sum() + (replicates <= estimate).sum()) / (2 * len(replicates))))


def acceleration(jackknife: np.ndarray) -> float:
    r"""Return a of BCa, :math:`\sum d^3 / 6 (\sum d^2)^{3/2}`, d the mean of the jackknife values less each.

    References
    ----------
    .. [1] Efron & Tibshirani (1993). An Introduction to the Bootstrap, equation 14.15.
    """
    known = jackknife[np.isfinite(jackknife)]
    if not len(known):
        return 0.0
    away = known.mean() - known
    squares = away * away
    total = squares.sum()
    return float(squares @ away / (6 * total**1.5)) if total > 0 else 0.0


def _bca(estimate: float, drawn: np.ndarray, jackknife: np.ndarray) -> tuple[float, float]:
    return bias_correction(estimate, drawn), acceleration(jackknife)


def _one(estimate: float, drawn: np.ndarray, tail: float, shift: float, pull: float) -> tuple[float, ...]:
    """Low, high, standard error, bias, p, and 1 where BCa has no answer and gave way to percentiles."""
    gave_way = not np.isfinite(shift)
    shift, pull = (0.0, 0.0) if gave_way else (shift, pull)
    quantiles = [ndtr(_corrected(z, shift, pull)) for z in (ndtri(tail), -ndtri(tail))]
    low, high = np.quantile(drawn, quantiles)
    return low, high, drawn.std(ddof=1), drawn.mean() - estimate, _p_of_zero(drawn, shift, pull), float(gave_way)


def _corrected(z: float, shift: float, pull: float) -> float:
    return shift + (shift + z) / (1 - pull * (shift + z))


def _p_of_zero(drawn: np.ndarray, shift: float, pull: float) -> float:
    """Two-sided p: the smallest 1 - level at which a limit touches 0, from (count + 1) / (B + 1)."""
    below = ((drawn < 0).sum() + (drawn <= 0).sum()) / 2
    share = np.clip((below + 0.5) / (len(drawn) + 1), 1 / (len(drawn) + 1), len(drawn) / (len(drawn) + 1))
    away = ndtri(share) - shift
    z = away / (1 + pull * away) - shift  # turns `_corrected` round
    return float(min(1.0, 2 * min(ndtr(z), ndtr(-z))))
