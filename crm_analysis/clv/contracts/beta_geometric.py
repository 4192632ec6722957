"""How long customers stay whose own chance of leaving varies as a beta: what BG/BB, sBG and BdW have in common."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

STEPS = 16  # factors taken one by one before the rest is summed by Euler and Maclaurin
FIRST_LEVELS, MOST_LEVELS, CLOSE = 64, 2**18, 1e-13


def log_beta_rise(a: ArrayLike, b: ArrayLike, t: ArrayLike) -> np.ndarray:
    r"""Log of B(a, b+t) / B(a, b): the chance of not leaving t times running, if it is Beta(a, b) to leave once.

    .. math:: \ln \frac{B(a, b+t)}{B(a, b)} =
        \sum_{j \ge 0} \ln\left(1 - \frac{a\,t}{(b+j+t)(b+j+a)}\right)

    The difference of two log-beta functions loses all digits when leaving is rare (2 of them are left at
    a = 0.001, b = 100,000); this product keeps ten and more. Up to b + j = 16 its factors are taken one by one, the
    rest by the Euler-Maclaurin formula.

    Parameters
    ----------
    a, b : array_like > 0
    t : array_like >= 0
        Need not be whole; all three broadcast.

    Examples
    --------
    >>> round(float(np.exp(log_beta_rise(1.0, 1.0, 4.0))), 12)  # 1 / (1 + t)
    0.2
    >>> bool(np.isclose(log_beta_rise(1e-3, 1e5, 1), np.log1p(-1e-3 / (1e5 + 1e-3)), rtol=1e-12, atol=0))
    True
    """
    a, b, t = np.broadcast_arrays(*(np.asarray(value, float) for value in (a, b, t)))
    total, near = np.zeros(a.shape), b < STEPS
    total[near] = sum(_factor(a[near], b[near] + j, t[near]) for j in range(STEPS))
    z = np.where(near, b + STEPS, b)
    factor = _factor(a, z, t)
    integral = z * factor + a * np.log1p(t / (z + a)) + t * np.log1p(a / (z + t))
    slope = a / (z * (z + a)) * (t / (z + t)) * ((2 * z + a + t) / (z + a + t))
    bends = _second(a, z, t, 3) / 360 - _second(a, z, t, 5) / 1260
    return total - integral + factor / 2 - slope / 12 + bends


def _factor(a: np.ndarray, z: np.ndarray, t: np.ndarray) -> np.ndarray:
    return np.log1p(-a * t / ((z + t) * (z + a)))


def _second(a: np.ndarray, z: np.ndarray, t: np.ndarray, power: int) -> np.ndarray:
    """Return the second difference of z to the -power over a and t."""
    return z**-power + (z + a + t) ** -power - (z + a) ** -power - (z + t) ** -power


def discounted_life(a: ArrayLike, b: ArrayLike, v: float) -> np.ndarray:
    r"""Discounted number of periods as a customer, the present one counted in full.

    .. math:: \sum_{t \ge 0} \frac{B(a, b+t)}{B(a, b)} v^t = {}_2F_1(1, b; a+b; v)

    by Gauss' continued fraction, which converges for every a, b > 0 and v < 1, also where library functions
    overflow. At v = 1 the sum is (a+b-1) / (a-1) if a > 1, else infinite.

    Parameters
    ----------
    a, b : array_like > 0
    v : float in [0, 1]
        Value now of one unit a period later.

    Examples
    --------
    >>> float(discounted_life(2.0, 3.0, 1.0))
    4.0
    >>> round(float(discounted_life(3.8, 15.2, 1 / 1.1)), 4)
    4.0089
    """
    a, b = np.broadcast_arrays(np.asarray(a, float), np.asarray(b, float))
    if v == 1:
        with np.errstate(divide="ignore"):
            return np.where(a > 1, (a + b - 1) / np.maximum(a - 1, 0), np.inf)
    levels, old = 2 * FIRST_LEVELS, _fraction(a, b, v, FIRST_LEVELS)
    while levels < MOST_LEVELS:
        new = _fraction(a, b, v, levels)
        if np.all(np.abs(new - old) <= CLOSE * new):
            return new
        levels, old = 2 * levels, new
    return old


def _fraction(a: np.ndarray, b: np.ndarray, v: float, levels: int) -> np.ndarray:
    """Return the continued fraction cut off after `levels` levels, worked out from the innermost."""
    c, tail = a + b, np.ones_like(a)
    for level in range(levels, 1, -1):
        k = level // 2
        if level % 2:
            part = (b + k) * (c - 1 + k) / ((c + 2 * k - 1) * (c + 2 * k))
        else:
            part = k * (a + k - 1) / ((c + 2 * k - 2) * (c + 2 * k - 1))
        tail = 1 - part * v / tail
    return 1 / (1 - b / c * v / tail)
