"""The few special functions behind the purchase models, in the forms that do not overflow."""

from __future__ import annotations

from functools import cache

import numpy as np
from scipy.special import gammaln, hyp2f1, logsumexp, xlogy

NEAR_ONE, NUDGE = 1e-5, 1e-7
FIRST_TERMS, MOST_TERMS, NEGLIGIBLE = 256, 65_536, 40.0


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
    after Euler's transformation, which keeps frequent buyers from overflowing. At the pole a = 1 it is
    interpolated between the two sides; where 2F1 is not finite, the series of the published form is summed.

    References
    ----------
    .. [1] Fader, Hardie, Lee (2005). "Counting your customers" the easy way. Marketing Science 24, 275-284, eq. (9).

    Examples
    --------
    >>> round(float(bg_mean(0.5, 10.0, 1.0, 2.0, 39.0)), 8)
    1.14168364
    """
    r, alpha, a, b, t = np.broadcast_arrays(*(np.asarray(value, float) for value in (r, alpha, a, b, t)))
    near = np.abs(a - 1) < NEAR_ONE
    mean = _bg_mean(r, alpha, np.where(near, 1 - NEAR_ONE, a), b, t)
    if near.any():
        above, share = np.full(a.shape, 1 + NEAR_ONE), (a - (1 - NEAR_ONE)) / (2 * NEAR_ONE)
        mean = np.where(near, (1 - share) * mean + share * _bg_mean(r, alpha, above, b, t), mean)
    return mean


def _bg_mean(r: np.ndarray, alpha: np.ndarray, a: np.ndarray, b: np.ndarray, t: np.ndarray) -> np.ndarray:
    z = t / (alpha + t)
    c = a + b - 1
    c = np.where(np.abs(c) < NUDGE, NUDGE, c)
    with np.errstate(all="ignore"):
        rest = np.exp((a - 1) * np.log1p(-z)) * hyp2f1(c - r, a - 1, c, z)
    lost = ~np.isfinite(rest) & (c > 0)
    if lost.any():
        rest[lost] = np.exp(_log_series(*(value[lost] for value in (r, b, c, z)), 0.0))
    return c / (a - 1) * (1 - rest)


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
    lost = ~np.isfinite(alive)
    if lost.any():
        alive = np.array(alive)
        alive[lost] = np.exp(_log_series(*(value[lost] for value in (r, b, a + b, z)), 0.0))
    return np.clip(alive, 0, 1)


def _log_series(r: np.ndarray, b: np.ndarray, c: np.ndarray, z: np.ndarray, start: float) -> np.ndarray:
    """Return ln of (1-z)^r 2F1(r, b; c; z) by its power series in logs, doubled until the last term is negligible."""
    terms = FIRST_TERMS
    while True:
        k = np.arange(terms, dtype=float)[:, None]
        logs = gammaln(r + k) - gammaln(r) + gammaln(b + k) - gammaln(b) + gammaln(c) - gammaln(c + k)
        logs += xlogy(k, z) - gammaln(k + 1)
        if (logs[-1] < logs.max(axis=0) - NEGLIGIBLE).all() or terms >= MOST_TERMS:
            return logsumexp(logs, axis=0) + r * np.log1p(-z) + start
        terms *= 2
