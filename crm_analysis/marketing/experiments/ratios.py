"""Relative differences of means by Fieller, and ratios of totals (revenue per session) by the delta method."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri, stdtrit

from crm_analysis.errors import InputError
from crm_analysis.intervals import UNKNOWN, Estimate, check_level
from crm_analysis.marketing.experiments.compare import NO_COMPARISON, Comparison

NAN = float("nan")


def fieller(first: float, first_variance: float, second: float, second_variance: float, *, z: float) -> Estimate:
    r"""By how much one estimate exceeds an independent other, relative to the other, with Fieller's limits.

    .. math:: \{\,r : (m_1 - r\,m_2)^2 \le z^2 (v_1 + r^2 v_2)\,\} - 1

    Fieller's limits hold also where the base is uncertain, where the delta method is too narrow on one side.

    Parameters
    ----------
    first, second : float
        The estimates m.
    first_variance, second_variance : float
        Their squared standard errors v.
    z : float
        Critical value: 1.96 for 95 %.

    Returns
    -------
    Estimate
        NaN where the base is not above 0; without limits where the base cannot be told from 0.

    References
    ----------
    .. [1] Fieller (1954). Journal of the Royal Statistical Society B 16, 175-185.

    Examples
    --------
    >>> f"{fieller(11.0, 0.04, 10.0, 0.04, z=1.96):.1%}"
    '10.0% [4.3%, 16.0%]'
    """
    if not second > 0:
        return UNKNOWN
    a, b, c = second**2 - z**2 * second_variance, first * second, first**2 - z**2 * first_variance
    inside = b**2 - a * c
    if not (a > 0 and inside >= 0):
        return Estimate(first / second - 1, NAN, NAN)
    low, high = (b - np.sqrt(inside)) / a, (b + np.sqrt(inside)) / a
    return Estimate(float(first / second - 1), float(low - 1), float(high - 1))


def relative_means(first: ArrayLike, second: ArrayLike, *, level: float = 0.95) -> Estimate:
    """By how much the mean of one group exceeds that of another, relative to the other (`fieller`, Welch's t).

    Parameters
    ----------
    first, second : array_like, shape (n1,), (n2,)
        One value per independent unit, zeros included.
    level : float in (0, 1)

    Returns
    -------
    Estimate
        Without limits where a group has fewer than two values.

    Examples
    --------
    >>> f"{relative_means([11, 12, 13, 12], [9, 10, 11, 10]):.0%}"
    '20% [5%, 37%]'
    """
    a, b = np.asarray(first, float), np.asarray(second, float)
    if not (len(a) and len(b)):
        return UNKNOWN
    if min(len(a), len(b)) < 2:
        return Estimate(float(a.mean() / b.mean() - 1), NAN, NAN) if b.mean() > 0 else UNKNOWN
    va, vb = a.var(ddof=1) / len(a), b.var(ddof=1) / len(b)
    freedom = (va + vb) ** 2 / (va**2 / (len(a) - 1) + vb**2 / (len(b) - 1)) if va + vb > 0 else np.inf
    z = stdtrit(freedom, 0.5 + check_level(level) / 2) if np.isfinite(freedom) else 0.0
    return fieller(float(a.mean()), float(va), float(b.mean()), float(vb), z=float(z))


def ratio_of_totals(top: ArrayLike, bottom: ArrayLike) -> tuple[float, float]:
    r"""Ratio of two totals over units, and its squared standard error by the delta method.

    .. math:: R = \frac{\sum y_i}{\sum x_i},\quad v = \frac{1}{n(n-1)\,\bar x^2}\sum_i (y_i - R\,x_i)^2

    Revenue per session: y is the revenue of a customer, x the customer's sessions. Sessions of one customer
    are alike, so the customer, not the session, is the unit that was drawn by lot and that counts.

    Parameters
    ----------
    top, bottom : array_like, shape (n,)
        y and x of each randomised unit, zeros included.

    Returns
    -------
    ratio, variance : float
        NaN where the lower total is not above 0 or there are fewer than two units.

    References
    ----------
    .. [1] Deng, Knoblich & Lu (2018). KDD '18, 233-242 (delta method in experiments), section 3.
    .. [2] Cochran (1977). Sampling Techniques, section 6.4.

    Examples
    --------
    >>> ratio, variance = ratio_of_totals([2.0, 0.0, 4.0, 6.0], [1, 1, 2, 2])
    >>> ratio, round(variance, 4)
    (2.0, 0.2963)
    """
    y, x = np.asarray(top, float), np.asarray(bottom, float)
    if len(y) < 2 or not x.sum() > 0:
        return NAN, NAN
    ratio = y.sum() / x.sum()
    spread = ((y - ratio * x) ** 2).sum() / (len(y) * (len(y) - 1) * x.mean() ** 2)
    return float(ratio), float(spread)


def two_ratios(
    top1: ArrayLike, bottom1: ArrayLike, top2: ArrayLike, bottom2: ArrayLike, *, level: float = 0.95
) -> Comparison:
    r"""Compare ratios of totals (revenue per session) of two independent groups of randomised units.

    .. math:: z = (R_1 - R_2) / \sqrt{v_1 + v_2}

    The ratios and their variances are those of `ratio_of_totals`, the relative lift has Fieller's limits.

    Parameters
    ----------
    top1, bottom1, top2, bottom2 : array_like
        Numerator and denominator of each unit of the first and the second group; denominators not below 0.
    level : float in (0, 1)

    Returns
    -------
    Comparison
        NaN where a group has fewer than two units or a total of 0 below the line.

    Raises
    ------
    InputError
        If numerator and denominator have different lengths, or a denominator is negative.

    Examples
    --------
    >>> found = two_ratios([3, 0, 4, 6], [1, 1, 2, 2], [2, 0, 4, 2], [1, 1, 2, 2])
    >>> f"{found.difference:.2f}"
    '0.83 [-0.51, 2.18]'
    """
    for y, x in ((top1, bottom1), (top2, bottom2)):
        if len(np.asarray(y)) != len(np.asarray(x)) or (np.asarray(x, float) < 0).any():
            raise InputError(
                "numerator and denominator of a ratio do not fit",
                expected="both for each unit, denominators from 0",
                zh="比率的分子与分母不匹配",
            )
    z = ndtri(0.5 + check_level(level) / 2)
    (r1, v1), (r2, v2) = ratio_of_totals(top1, bottom1), ratio_of_totals(top2, bottom2)
    if not (np.isfinite(r1) and np.isfinite(r2)):
        return NO_COMPARISON
    error, d = float(np.sqrt(v1 + v2)), r1 - r2
    lift = fieller(r1, v1, r2, v2, z=float(z))
    if not error > 0:
        return Comparison(Estimate(d, NAN, NAN), Estimate(lift.value, NAN, NAN), NAN, NAN)
    half = float(z * error)
    return Comparison(Estimate(d, d - half, d + half), lift, d / error, float(2 * ndtr(-abs(d / error))))
