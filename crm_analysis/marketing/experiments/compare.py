"""Two groups compared: difference and lift with intervals.

A p-value never stands alone: each comes with the interval of the difference. It is
valid for one look at a size planned ahead (`plan_experiment`); looking again and again
and stopping at p < .05 finds differences where none are.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri, stdtr, stdtrit

from crm_analysis.errors import InputError
from crm_analysis.intervals import UNKNOWN, Estimate, check_level, newcombe

NAN = float("nan")


class Comparison(NamedTuple):
    """Two groups compared: the difference first minus second, the relative lift, the test of no difference."""

    difference: Estimate
    lift: Estimate
    statistic: float
    p: float


NO_COMPARISON = Comparison(UNKNOWN, UNKNOWN, NAN, NAN)


def two_proportions(x1: float, n1: float, x2: float, n2: float, *, level: float = 0.95) -> Comparison:
    r"""Compare the shares of two independent groups.

    .. math:: z = (p_1 - p_2) \Big/ \sqrt{\bar p\bar q\,(1/n_1 + 1/n_2)}

    with the pooled share :math:`\bar p`; the difference has Newcombe's interval.

    Parameters
    ----------
    x1, n1, x2, n2 : float
        Successes and size of each group.
    level : float in (0, 1)

    Returns
    -------
    Comparison
        Statistic and p are NaN where both groups are all failures or all successes, or one is empty.

    Raises
    ------
    InputError
        If a count of successes lies outside 0 to its group's size.

    References
    ----------
    .. [1] Fleiss, Levin & Paik (2003). Statistical Methods for Rates and Proportions, section 3.1.

    Examples
    --------
    >>> found = two_proportions(527, 5000, 486, 5000)
    >>> f"{found.difference:.6f}, z {found.statistic:.6f}, p {found.p:.6f}"
    '0.008200 [-0.003634, 0.020041], z 1.358851, p 0.174194'
    """
    _check_counts(x1, n1, x2, n2)
    difference, lift = newcombe(x1, n1, x2, n2, level=level), relative_lift(x1, n1, x2, n2, level=level)
    pooled = (x1 + x2) / (n1 + n2) if n1 and n2 else NAN
    spread = pooled * (1 - pooled) * (1 / n1 + 1 / n2) if n1 and n2 else NAN
    z = float(difference.value / np.sqrt(spread)) if spread > 0 else NAN
    return Comparison(difference, lift, z, float(2 * ndtr(-abs(z))))


def relative_lift(x1: float, n1: float, x2: float, n2: float, *, level: float = 0.95) -> Estimate:
    r"""By how much the first group's share exceeds the second's, relative to the second's.

    .. math:: \exp\left(\ln\frac{p_1}{p_2} \pm z\sqrt{\frac{1-p_1}{x_1} + \frac{1-p_2}{x_2}}\right) - 1

    Undefined (NaN) where either group has no success.

    References
    ----------
    .. [1] Katz, Baptista, Azen & Pike (1978). Biometrics 34, 469-474, method C.

    Examples
    --------
    >>> f"{relative_lift(527, 5000, 486, 5000):.3%}"
    '8.436% [-3.524%, 21.879%]'
    """
    _check_counts(x1, n1, x2, n2)
    if not (x1 and x2 and n1 and n2):
        return UNKNOWN
    p1, p2 = x1 / n1, x2 / n2
    half = ndtri(0.5 + check_level(level) / 2) * np.sqrt((1 - p1) / x1 + (1 - p2) / x2)
    log = np.log(p1 / p2)
    return Estimate(*(float(np.expm1(value)) for value in (log, log - half, log + half)))


def _check_counts(x1: float, n1: float, x2: float, n2: float) -> None:
    wrong = [f"{x} of {n}" for x, n in ((x1, n1), (x2, n2)) if not 0 <= x <= n]
    if wrong:
        raise InputError(f"more successes than units, or fewer than 0: {', '.join(wrong)}",
                         expected="successes, size, successes, size: each count from 0 to the size of its group",
                         mend="two_proportions(x1, n1, x2, n2)",
                         zh=f"成功次数应在 0 与该组单位数之间：{'、'.join(wrong)}")  # fmt: skip


def two_means(first: ArrayLike, second: ArrayLike, *, level: float = 0.95) -> Comparison:
    r"""Compare the means of two independent groups without assuming equal spread (Welch).

    .. math:: t = \frac{\bar x_1-\bar x_2}{\sqrt{v_1+v_2}},\quad v_i = s_i^2/n_i,\quad
              \nu = \frac{(v_1+v_2)^2}{v_1^2/(n_1-1) + v_2^2/(n_2-1)}

    Parameters
    ----------
    first, second : array_like, shape (n1,), (n2,)
        One value per independent unit, zeros included.
    level : float in (0, 1)

    Returns
    -------
    Comparison
        The lift is relative to the second mean and has no interval. All but the difference itself is NaN where a
        group has fewer than two values or nothing varies.

    References
    ----------
    .. [1] Welch (1947). Biometrika 34, 28-35.

    Examples
    --------
    >>> found = two_means([3.0, 4.0, 5.0, 6.0], [1.0, 2.0, 2.0, 3.0])
    >>> f"{found.difference:.3f}, p {found.p:.4f}"
    '2.500 [0.545, 4.455], p 0.0217'
    """
    a, b = np.asarray(first, float), np.asarray(second, float)
    if not (len(a) and len(b)):
        return NO_COMPARISON
    d, base = float(a.mean() - b.mean()), float(b.mean())
    lift = Estimate(d / base if base > 0 else NAN, NAN, NAN)
    parts = [group.var(ddof=1) / len(group) if len(group) > 1 else NAN for group in (a, b)]
    variance = sum(parts)
    if not variance > 0:
        return Comparison(Estimate(d, NAN, NAN), lift, NAN, NAN)
    freedom = variance**2 / (parts[0] ** 2 / (len(a) - 1) + parts[1] ** 2 / (len(b) - 1))
    half = float(stdtrit(freedom, 0.5 + check_level(level) / 2) * np.sqrt(variance))
    t = float(d / np.sqrt(variance))
    return Comparison(Estimate(d, d - half, d + half), lift, t, float(2 * stdtr(freedom, -abs(t))))
