"""What a little more retention is worth: the arithmetic behind "5 % less churn raises profit by 25 to 85 %"."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from crm_analysis.churn.money.inputs import is_number
from crm_analysis.errors import InputError
from crm_analysis.intervals import Estimate

NOW, LATER = "now", "later"


def loyalty_gain(
    *,
    retention: float | ArrayLike | Estimate,
    points: float = 0.05,
    discount: float | ArrayLike = 0.1,
    margin_starts: str = NOW,
) -> float | np.ndarray | pd.Series | Estimate:
    r"""Gain in the value of a customer if the retention rate rises by some points.

    .. math:: \frac{1 + i}{1 + i - r - \Delta} \Big/ \frac{1 + i}{1 + i - r} - 1 = \frac{\Delta}{1 + i - r - \Delta}

    A customer brings the same margin in every period, stays with the chance r each time, and money of the next period
    is worth 1/(1 + i): his stream is worth :math:`(1+i)/(1+i-r)` margins. The gain compares two such streams, all that
    a customer will ever bring; it is not the rise of next year's profit. If the first margin comes a period later, the
    streams are worth :math:`r/(1+i-r)` margins, and 1 + gain is :math:`(r+\Delta)/r` times as large.

    Parameters
    ----------
    retention : float in [0, 1], array_like or Estimate
        Retention rate r per period, as a rule a year. The interval of an Estimate is carried over.
    points : float in (0, 1)
        Rise of the rate, 0.05 for five percentage points. That is not 5 % fewer churners.
    discount : float >= 0 or array_like
        Rate i per period of the same length.
    margin_starts : {"now", "later"}

    Returns
    -------
    float, numpy.ndarray, pandas.Series or Estimate
        Like `retention`; ``inf`` where the stream never ends (r + points = 1 without a discount), NaN in arrays where
        r + points exceeds 1.

    Raises
    ------
    InputError
        If a number lies outside its range, or a single r + points exceeds 1.

    References
    ----------
    .. [1] Reichheld, Sasser (1990). Zero defections: quality comes to services. Harvard Business Review 68(5), 105-111.
    .. [2] Gupta, Lehmann (2003). Customers as assets. Journal of Interactive Marketing 17(1), 9-24 (the multiple).

    Examples
    --------
    >>> round(loyalty_gain(retention=0.85), 10), round(loyalty_gain(retention=0.85, margin_starts="later"), 5)
    (0.25, 0.32353)
    >>> f"{loyalty_gain(retention=Estimate(0.85, 0.8, 0.9)):.1%}"
    '25.0% [20.0%, 33.3%]'
    """
    if isinstance(retention, Estimate):
        _check(retention.value, points, discount, margin_starts)
        return _of_interval(retention, points, float(discount), margin_starts)
    _check(retention, points, discount, margin_starts)
    r, i = np.asarray(retention, float), np.asarray(discount, float)
    found = gain(r, i, points, margin_starts)
    if isinstance(retention, pd.Series):
        return pd.Series(found, index=retention.index, name="loyalty_gain")
    return found if found.ndim else float(found)


def retention_range(
    least: float, most: float, *, points: float = 0.05, discount: float = 0.1, margin_starts: str = NOW
) -> list[tuple[float, float]]:
    r"""Retention rates for which the gain lies between two limits.

    For margins that start now the limit g is met at :math:`r = 1 + i - \Delta - \Delta/g`; for later ones at the roots
    of :math:`g r^2 - g(a - \Delta) r + a\Delta = 0` with a = 1 + i.

    Returns
    -------
    list of (from, to)
        Within 0 to 1 - `points`; empty if there is none. With later margins a low rate can meet the limits too.

    Examples
    --------
    >>> [(round(a, 3), round(b, 3)) for a, b in retention_range(0.25, 0.85)]
    [(0.85, 0.95)]
    >>> retention_range(0.25, 0.85, discount=0.25)
    []
    """
    _check(0.0, points, discount, margin_starts)
    _check_claim((least, most))
    roots = [root for limit in (least, most) for root in _roots(limit, 1 + discount, points, margin_starts)]
    edges = sorted({0.0, 1 - points, *(float(root) for root in roots if 0 < root < 1 - points)})
    found: list[tuple[float, float]] = []
    for low, high in pairwise(edges):
        if least <= gain(np.array((low + high) / 2), discount, points, margin_starts) <= most:
            joined = bool(found) and found[-1][1] == low
            found[-1:] = [(found[-1][0], high)] if joined else [*found[-1:], (low, high)]
    return found


def discount_range(
    least: float, most: float, *, retention: float, points: float = 0.05, margin_starts: str = NOW
) -> tuple[float, float] | None:
    r"""Discount rates, from 0 on, for which the gain at this retention rate lies between two limits; None if none.

    The gain falls as the discount rises. The limit g is met at :math:`i = r + \Delta + \Delta/g - 1`; for margins that
    start later at :math:`i = g\,r(r + \Delta)/(g r - \Delta) - 1`, and at none if :math:`g r \le \Delta`.

    Examples
    --------
    >>> [round(limit, 4) for limit in discount_range(0.25, 0.85, retention=0.85)]
    [0.0, 0.1]
    """
    _check(retention, points, 0.0, margin_starts)
    _check_claim((least, most))
    lowest, highest = (_discount_at(limit, retention, points, margin_starts) for limit in (most, least))
    return (max(0.0, lowest), highest) if highest >= max(0.0, lowest) and np.isfinite(lowest) else None


def gain(r: np.ndarray, i: np.ndarray | float, points: float, margin_starts: str) -> np.ndarray:
    """Return the gain without checks; NaN where r + points exceeds 1, inf where the stream never ends."""
    left = 1 + np.asarray(i, float) - r - points
    left = np.where(np.abs(left) < 1e-12, 0.0, left)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = (left + points) / left
        ratio = ratio * (r + points) / r if margin_starts == LATER else ratio
    return np.where(r + points > 1 + 1e-12, np.nan, ratio - 1)


def _of_interval(retention: Estimate, points: float, discount: float, margin_starts: str) -> Estimate:
    """Return the gain with the least and the most it takes within the interval of the retention rate."""
    value = float(gain(np.array(retention.value), discount, points, margin_starts))
    if not (np.isfinite(retention.low) and np.isfinite(retention.high)):
        return Estimate(value, float("nan"), float("nan"))
    low, high = np.clip((retention.low, retention.high), 0, 1 - points)
    turning = (1 + discount - points) / 2  # later margins: the gain falls up to here and rises beyond
    inside = [turning] if margin_starts == LATER and low < turning < high else []
    found = gain(np.array([low, high, *inside]), discount, points, margin_starts)
    return Estimate(value, float(found.min()), float(found.max()))


def _roots(limit: float, a: float, points: float, margin_starts: str) -> list[float]:
    if margin_starts == NOW:
        return [a - points - points / limit]
    square = (a - points) ** 2 - 4 * a * points / limit
    return [] if square < 0 else [(a - points + side * np.sqrt(square)) / 2 for side in (-1, 1)]


def _discount_at(limit: float, r: float, points: float, margin_starts: str) -> float:
    if margin_starts == NOW:
        return r + points + points / limit - 1
    return limit * r * (r + points) / (limit * r - points) - 1 if limit * r > points else float("inf")


def _check(retention: ArrayLike, points: float, discount: ArrayLike, margin_starts: str) -> None:
    problems = []
    r = np.asarray(retention) if not isinstance(retention, str) else np.array(np.nan)
    rate = np.issubdtype(r.dtype, np.number) and bool(((r >= 0) & (r <= 1)).all())
    problems += [] if rate else [f"retention={retention!r} is no rate between 0 and 1"]
    share = is_number(points) and 0 < points < 1
    problems += [] if share else [f"points={points!r} is no rise between 0 and 1 (five points are 0.05)"]
    i = np.asarray(discount) if not isinstance(discount, str) else np.array(np.nan)
    discounts = np.issubdtype(i.dtype, np.number) and bool(np.isfinite(i).all() and (i >= 0).all())
    problems += [] if discounts else [f"discount={discount!r} is no rate of 0 or more"]
    problems += [] if margin_starts in (NOW, LATER) else [f"margin_starts={margin_starts!r} is not now or later"]
    if rate and share and r.ndim == 0 and r + points > 1 + 1e-12:
        problems.append(f"a retention rate of {float(r):.1%} cannot rise by {points:.1%}: it would exceed 100 %")
    if problems:
        raise InputError("; ".join(problems), where="gain from loyalty",
                         expected="rates per period as shares: retention=0.85, points=0.05, discount=0.1",
                         mend="divide per cent by 100; take fewer points where retention is near 1",
                         zh="留存率、提高的百分点或折现率无效：均应以小数表示，且留存率与增幅之和不超过 1")  # fmt: skip


def _check_claim(claim: tuple[float, float]) -> None:
    if len(claim) != 2 or not all(is_number(one) and one > 0 for one in claim) or claim[0] > claim[1]:
        raise InputError(f"claim={claim!r} is no pair of gains", expected="(least, most), such as (0.25, 0.85)",
                         zh="说法的范围应为（下限, 上限），例如 0.25 与 0.85")  # fmt: skip
