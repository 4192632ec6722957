"""The restricted mean: how long the wait lasts on average if nobody is followed longer than a given time."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import ndtri

from crm_analysis.errors import InputError
from crm_analysis.intervals import UNKNOWN, Estimate, check_level
from crm_analysis.survival.curves import checked, curve_of


def restricted_mean(
    durations: ArrayLike, observed: ArrayLike, *, until: float | None = None, level: float = 0.95
) -> Estimate:
    r"""Restricted mean survival time: the area under the Kaplan-Meier curve up to `until`.

    .. math:: \mu(\tau) = \int_0^\tau S(t)\,dt, \qquad
        \mathrm{Var} = \sum_{t_j \le \tau} \Big(\int_{t_j}^{\tau} S(t)\,dt\Big)^2 \frac{d_j}{n_j (n_j - d_j)}

    The mean of the waits, each counted up to `until` at most. It exists where the median does not, and unlike
    the mean of the finished waits it does not forget those that still last.

    Parameters
    ----------
    durations, observed
        As in `curves.kaplan_meier`.
    until : float, optional
        The limit, in the unit of the durations; by default the longest time seen.
    level : float in (0, 1)

    Returns
    -------
    Estimate
        With normal limits, cut to 0 and `until`. Unknown where some still wait at the longest time seen
        and `until` is later. Without limits where the data show no spread (nothing happened before `until`).

    Raises
    ------
    InputError
        If the times cannot be used, or `until` is not above 0.

    References
    ----------
    .. [1] Klein & Moeschberger (2003). Survival Analysis, equations 4.5.1 and 4.5.2.
    .. [2] Uno et al. (2014). Journal of Clinical Oncology 32, 2380-2385.

    Examples
    --------
    >>> f"{restricted_mean([1, 2, 3, 4], [True, True, False, True], until=4):.2f}"
    '2.75 [1.48, 4.00]'
    """
    times, happened = checked(durations, observed)
    limit = float(times.max()) if until is None else _limit(until)
    area, deviation = _area(times, happened, limit)
    if np.isnan(area):
        return UNKNOWN
    if deviation == 0:
        return Estimate(area, UNKNOWN.low, UNKNOWN.high)
    half = float(ndtri(0.5 + check_level(level) / 2)) * deviation
    return Estimate(area, max(0.0, area - half), min(limit, area + half))


def restricted_mean_difference(
    first: tuple[ArrayLike, ArrayLike], second: tuple[ArrayLike, ArrayLike], *, until: float, level: float = 0.95
) -> Estimate:
    """Difference of two restricted means, first less second, with normal limits.

    Parameters
    ----------
    first, second : tuple of (durations, observed)
        Two independent groups.
    until : float
        The limit of both; `common_limit` gives the largest that both reach.
    level : float in (0, 1)

    Returns
    -------
    Estimate
        Unknown where one of the means is; limits as in `restricted_mean`.

    Raises
    ------
    InputError
        As `restricted_mean`.

    References
    ----------
    .. [1] Uno et al. (2014). Journal of Clinical Oncology 32, 2380-2385.

    Examples
    --------
    >>> slow, quick = ([2, 4, 6], [1, 1, 1]), ([1, 2, 3], [1, 1, 1])
    >>> f"{restricted_mean_difference(slow, quick, until=3):.2f}"
    '0.67 [-0.40, 1.73]'
    """
    found = [_area(*checked(*group), _limit(until)) for group in (first, second)]
    (a, sa), (b, sb) = found
    if np.isnan(a) or np.isnan(b):
        return UNKNOWN
    half = float(ndtri(0.5 + check_level(level) / 2) * np.hypot(sa, sb))
    return Estimate(a - b, a - b - half, a - b + half) if half > 0 else Estimate(a - b, UNKNOWN.low, UNKNOWN.high)


def common_limit(durations: ArrayLike, observed: ArrayLike, groups: ArrayLike) -> float:
    """Return the latest time to which the curve of every group is known.

    A curve is known up to the longest time seen, and for ever once all have ended; where that holds
    for all groups the limit is the longest time of all.

    Parameters
    ----------
    durations, observed
        As in `curves.kaplan_meier`.
    groups : array_like, shape (n,)
        None blank.

    Raises
    ------
    InputError
        If the times cannot be used or one lacks its group.

    Examples
    --------
    >>> common_limit([1, 5, 2, 9], [True, False, True, False], list("aabb"))
    5.0
    """
    times, happened = checked(durations, observed)
    group, known = pd.Series(np.asarray(groups, object)), []
    if len(group) != len(times) or group.isna().any():
        raise InputError("a time lacks its group", where="groups", expected="one group named for each time",
                         zh="每个时间都要注明组别")  # fmt: skip
    for rows in group.groupby(group).indices.values():
        last = times[rows].max()
        still_waiting = (~happened[rows] & (times[rows] == last)).any()
        known += [float(last)] if still_waiting else []
    return min(known, default=float(times.max()))


def _limit(until: float) -> float:
    if not 0 < until < np.inf:
        raise InputError(f"the mean cannot be restricted to {until}", expected="a limit above 0",
                         zh=f"限制均值的上限 {until} 无效，应大于 0")  # fmt: skip
    return float(until)


def _area(times: np.ndarray, happened: np.ndarray, limit: float) -> tuple[float, float]:
    """Area under the curve up to the limit and its standard deviation; NaN where the curve is not known so far."""
    curve = curve_of(times, happened, 0.95)
    if limit > curve.time[-1] and curve.survival[-1] > 0:
        return float("nan"), float("nan")
    before = curve.time <= limit
    ends = np.r_[curve.time[before], limit]
    pieces = curve.survival[before] * np.diff(ends)
    beyond = pieces[::-1].cumsum()[::-1]  # area from each time on
    d, n = curve.occurred[before], curve.at_risk[before]
    with np.errstate(divide="ignore", invalid="ignore"):  # the last one leaves: no area follows
        spread = np.where(beyond > 0, beyond**2 * d / (n * (n - d)), 0.0)
    return float(pieces.sum()), float(np.sqrt(spread.sum()))
