"""The few special functions behind the purchase models, in the forms that do not overflow."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial

import numpy as np
from scipy.special import expit, gammaln, hyp2f1, xlogy

CANCELLED = 1e-5  # 1 - 2F1 below this has lost too many digits
SPREADS, TAIL = 9.0, 40.0  # standard deviations and powers of e after which a beta density is negligible
STEP, OF_SPREAD, AT_ONCE = 0.26, 0.5, 10_000  # of ln(p/(1-p)), or a part of its standard deviation


@cache
def gauss_legendre(nodes: int) -> tuple[np.ndarray, np.ndarray]:
    """Return nodes and weights of Gauss-Legendre quadrature on [0, 1].

    Examples
    --------
    >>> x, w = gauss_legendre(4)
    >>> round(float(w @ x**3), 12)
    0.25
    """
    x, w = np.polynomial.legendre.leggauss(nodes)
    x, w = (x + 1) / 2, w / 2
    x.flags.writeable = w.flags.writeable = False
    return x, w


def along_nodes(values: np.ndarray, dimensions: int) -> np.ndarray:
    """Stand nodes or weights along a new first axis before `dimensions` others."""
    return values.reshape(-1, *[1] * dimensions)


def log_nbd(n: np.ndarray, r: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Log of the negative binomial P(N = n) with shape r and z = t / (alpha + t).

    ``ln G(r+n) - ln G(r) - ln G(n+1) + r ln(1-z) + n ln z``

    Examples
    --------
    >>> round(float(np.exp(log_nbd(0, 2.0, 0.5))), 10)
    0.25
    """
    return gammaln(r + n) - gammaln(r) - gammaln(n + 1.0) + r * np.log1p(-z) + xlogy(n, z)


def bg_mean(r: np.ndarray, alpha: np.ndarray, a: np.ndarray, b: np.ndarray, t: np.ndarray) -> np.ndarray:
    """Expected purchases of the BG/NBD in (0, t] of a customer who is alive at 0.

    ``E(t) = C/(a-1) [1 - (1-z)^(a-1) 2F1(C-r, a-1; C; z)]``, C = a+b-1, z = t/(alpha+t): equation (9) of [1]_
    after Euler's transformation, which keeps frequent buyers from overflowing. Where that is not finite (as at
    C = 0), or loses its digits (as near a = 1), the mean of ``[1 - (1 + p t/alpha)^-r] / p`` over p is taken by
    quadrature. Without end in time, E is C/(a-1) for a > 1 and infinite otherwise.

    References
    ----------
    .. [1] Fader, Hardie, Lee (2005). "Counting your customers" the easy way. Marketing Science 24, 275-284, eq. (9).

    Examples
    --------
    >>> round(float(bg_mean(0.5, 10.0, 1.0, 2.0, 39.0)), 8)
    1.14168364
    """
    r, alpha, a, b, t = np.broadcast_arrays(*(np.asarray(value, float) for value in (r, alpha, a, b, t)))
    endless = np.isinf(t)
    t = np.where(endless, 0.0, t)
    z, c = t / (alpha + t), a + b - 1
    with np.errstate(all="ignore"):
        rest = np.exp((a - 1) * np.log1p(-z)) * hyp2f1(c - r, a - 1, c, z)
        mean = np.where(t > 0, c / (a - 1) * (1 - rest), 0.0)
        mean = np.where(endless, np.where(a > 1, c / (a - 1), np.inf), mean)
    hard = ~(np.isfinite(mean) & (np.abs(1 - rest) > CANCELLED)) & (t > 0)
    return _repaired(mean, hard, _purchases, r, alpha, a, b, t)


def bg_survival(r: np.ndarray, alpha: np.ndarray, a: np.ndarray, b: np.ndarray, t: np.ndarray) -> np.ndarray:
    """Probability that a BG/NBD customer who is alive at 0 is alive at t.

    ``S(t) = (1-z)^a 2F1(a+b-r, a; a+b; z)``, z = t/(alpha+t): the mean of (1 - p) to the number of purchases.

    Examples
    --------
    >>> round(float(bg_survival(0.2426, 4.4136, 0.7929, 2.4259, 39.0)), 3)
    0.795
    """
    r, alpha, a, b, t = np.broadcast_arrays(*(np.asarray(value, float) for value in (r, alpha, a, b, t)))
    z = t / (alpha + t)
    with np.errstate(all="ignore"):
        alive = np.exp(a * np.log1p(-z)) * hyp2f1(a + b - r, a, a + b, z)
    return np.clip(_repaired(alive, ~np.isfinite(alive), _staying, r, alpha, a, b, t), 0, 1)


def beta_average(kernel: Callable[[np.ndarray], np.ndarray], a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Mean of a smooth function of p over p ~ Beta(a, b), for any a and b above 0.

    The straight line between ``f(0)`` and ``f(1)`` is averaged exactly. What is left is ``p (1-p) g(p)``, hence
    ``a b / [(a+b)(a+b+1)]`` times the mean of g over Beta(a+1, b+1), which has no poles at the ends: the trapezoid
    rule in ln(p/(1-p)) takes it.

    Parameters
    ----------
    kernel : callable
        The function of p; gets an array whose last axis is that of `a` and `b`.
    a, b : numpy.ndarray of shape (n,)

    Examples
    --------
    >>> beta_average(lambda p: p**3, np.array([0.5]), np.array([1.5])).round(12).tolist()
    [0.078125]
    """
    peak, spread = np.log((a + 1) / (b + 1)), np.sqrt(1 / (a + 1) + 1 / (b + 1))
    low, high = peak - SPREADS * spread - TAIL / (a + 1), peak + SPREADS * spread + TAIL / (b + 1)
    y = np.linspace(low, high, int(np.max((high - low) / np.minimum(STEP, OF_SPREAD * spread))) + 2)
    logs = -(a + 1) * np.logaddexp(0, -y) - (b + 1) * np.logaddexp(0, y)
    weight = np.exp(logs - logs.max(axis=0))
    p, q = expit(y), expit(-y)
    first, last = kernel(np.zeros_like(a)), kernel(np.ones_like(a))
    bend = (kernel(p) - first * q - last * p) / (p * q)
    line = (first * b + last * a) / (a + b)
    return line + a / (a + b) * b / (a + b + 1) * (weight * bend).sum(axis=0) / weight.sum(axis=0)


def _repaired(values: np.ndarray, hard: np.ndarray, kernel: Callable, *arguments: np.ndarray) -> np.ndarray:
    """Replace the hard ones among `values` by quadrature over p."""
    if not hard.any():
        return values
    values = np.array(values)
    found = [column[hard] for column in arguments]
    parts = []
    for start in range(0, len(found[0]), AT_ONCE):
        r, alpha, a, b, t = (column[start : start + AT_ONCE] for column in found)
        parts.append(beta_average(partial(kernel, r=r, time=t / alpha), a, b))
    values[hard] = np.concatenate(parts)
    return values


def _purchases(p: np.ndarray, r: np.ndarray, time: np.ndarray) -> np.ndarray:
    some = np.where(p > 0, p, 1.0)
    return np.where(p > 0, -np.expm1(-r * np.log1p(some * time)) / some, r * time)


def _staying(p: np.ndarray, r: np.ndarray, time: np.ndarray) -> np.ndarray:
    return np.exp(-r * np.log1p(p * time))
