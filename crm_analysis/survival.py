"""Waiting times of which the end of the data cuts some: the Kaplan-Meier curve and its median."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import ndtri

from crm_analysis.errors import InputError
from crm_analysis.intervals import Estimate


class _Curve(NamedTuple):
    """The product-limit curve at time 0 and at each time given; one array entry per time."""

    time: np.ndarray
    at_risk: np.ndarray
    occurred: np.ndarray
    leaving: np.ndarray
    survival: np.ndarray
    low: np.ndarray
    high: np.ndarray


def kaplan_meier(durations: ArrayLike, observed: ArrayLike, *, level: float = 0.95) -> pd.DataFrame:
    r"""Kaplan-Meier curve with log-log limits.

    .. math:: S(t) = \prod_{t_j \le t} \left(1 - \frac{d_j}{n_j}\right), \quad
        S(t)^{\exp(\pm z \sqrt{V(t)} / |\ln S(t)|)}, \quad V(t) = \sum_{t_j \le t} \frac{d_j}{n_j (n_j - d_j)}

    Each time takes away the share of those at risk to whom it happens; a unit whose waiting is
    cut counts as long as it was seen, neither as waiting for ever nor as if it had not been there.

    Parameters
    ----------
    durations : array_like, shape (n,)
        Time until the event or until the unit was last seen; not negative.
    observed : array_like of bool, shape (n,)
        Whether the event was seen.
    level : float in (0, 1)

    Returns
    -------
    pandas.DataFrame, index time
        One row at 0 and for each time at which an event or a cut lies: at_risk, occurred, censored,
        survival, survival_low, survival_high (NaN once nobody is left).

    Raises
    ------
    InputError
        If a duration is negative or blank, or nothing is given. (`km_median` leaves blank times out.)

    References
    ----------
    .. [1] Kaplan & Meier (1958). JASA 53, 457-481. Limits: Kalbfleisch & Prentice (2002), p. 18.

    Examples
    --------
    >>> kaplan_meier([1, 2, 2, 3], [True, True, False, True])["survival"].to_dict()
    {0.0: 1.0, 1.0: 0.75, 2.0: 0.5, 3.0: 0.0}
    """
    times, happened = np.asarray(durations, "float64"), np.asarray(observed, bool)
    if not len(times) or len(times) != len(happened) or not np.all(np.isfinite(times) & (times >= 0)):
        raise InputError(
            "the waiting times cannot be used", expected="one or more times, not negative, each observed or cut"
        )
    curve = _curve(times, happened, level)
    nothing_yet, nobody_left = curve.survival == 1, curve.survival == 0
    frame = pd.DataFrame(
        {
            "at_risk": curve.at_risk, "occurred": curve.occurred, "censored": curve.leaving - curve.occurred,
            "survival": curve.survival,
        }
    )  # fmt: skip
    for name, limit in (("survival_low", curve.low), ("survival_high", curve.high)):
        frame[name] = np.select([nothing_yet, nobody_left], [1.0, np.nan], limit)
    return frame.set_index(pd.Index(curve.time, name="time"))


def km_median(waited: ArrayLike, ended: ArrayLike, *, level: float = 0.95) -> Estimate:
    """Median waiting time by Kaplan-Meier when some have not ended yet, with log-log limits.

    The median is the first time at which the curve (`kaplan_meier`) is at or below one half; its
    limits are the first times at which the lower and the upper limit of the curve are.

    Parameters
    ----------
    waited : array_like of float, shape (n,)
        Time until the end, or until the last moment known.
    ended : array_like of bool, shape (n,)
        False where the end was not seen.
    level : float in (0, 1)

    Returns
    -------
    Estimate
        NaN for what the curve does not reach. NaN times do not count.

    References
    ----------
    .. [1] Kaplan & Meier (1958). JASA 53, 457-481. Brookmeyer & Crowley (1982). Biometrics 38, 29-41.
    .. [2] Klein & Moeschberger (2003). Survival Analysis, equations 4.2.1 and 4.3.2 (log-log), section 4.5.

    Examples
    --------
    >>> f"{km_median([1, 2, 3, 4, 5, 6], [1, 1, 1, 1, 0, 0]):.0f}"
    '3'
    """
    times, happened = np.asarray(waited, float), np.asarray(ended, bool)
    known = ~np.isnan(times)
    curve = _curve(times[known], happened[known], level)
    lines = curve.survival - 1e-12, curve.low, curve.high  # 1e-12: rounding of a product
    crossed = [curve.time[line <= 0.5] for line in lines]
    return Estimate(*(float(hit[0]) if len(hit) else float("nan") for hit in crossed))


def _curve(times: np.ndarray, happened: np.ndarray, level: float) -> _Curve:
    time, position = np.unique(np.r_[0.0, times], return_inverse=True)
    position = position[1:]
    occurred = np.bincount(position[happened], minlength=len(time))
    leaving = np.bincount(position, minlength=len(time))
    at_risk = len(times) - np.cumsum(leaving) + leaving
    with np.errstate(divide="ignore", invalid="ignore"):  # nobody at risk, nothing yet, nobody left
        survival = np.cumprod(1 - occurred / at_risk)
        variance = np.cumsum(occurred / (at_risk * (at_risk - occurred)))
        width = ndtri(0.5 + level / 2) * np.sqrt(variance) / -np.log(survival)
        low, high = survival ** np.exp(width), survival ** np.exp(-width)
    return _Curve(time, at_risk, occurred, leaving, survival, low, high)
