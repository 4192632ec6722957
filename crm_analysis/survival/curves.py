"""The Kaplan-Meier curve, its quantiles and its height at given times."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import ndtri

from crm_analysis.errors import InputError
from crm_analysis.intervals import Estimate, check_level, wilson


class Curve(NamedTuple):
    """The product-limit curve at time 0 and at each time given; one array entry per time."""

    time: np.ndarray
    at_risk: np.ndarray
    occurred: np.ndarray
    leaving: np.ndarray
    survival: np.ndarray
    variance: np.ndarray  # Greenwood's sum d / (n (n - d)); inf once nobody is left
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
        If a duration is no number, negative or blank, `observed` is neither true nor false somewhere, or nothing is
        given. (`km_median` leaves blank times out.)

    References
    ----------
    .. [1] Kaplan & Meier (1958). JASA 53, 457-481. Limits: Kalbfleisch & Prentice (2002), p. 18.

    Examples
    --------
    >>> kaplan_meier([1, 2, 2, 3], [True, True, False, True])["survival"].to_dict()
    {0.0: 1.0, 1.0: 0.75, 2.0: 0.5, 3.0: 0.0}
    """
    curve = curve_of(*checked(durations, observed), level)
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


def km_quantile(waited: ArrayLike, ended: ArrayLike, *, share: float = 0.5, level: float = 0.95) -> Estimate:
    """Time by which a share of the waits has ended, by Kaplan-Meier, with log-log limits.

    The quantile is the first time at which the curve (`kaplan_meier`) is at or below one minus the share;
    its limits are the first times at which the lower and the upper limit of the curve are.

    Parameters
    ----------
    waited : array_like of float, shape (n,)
        Time until the end, or until the last moment known.
    ended : array_like of bool, shape (n,)
        False where the end was not seen.
    share : float in (0, 1)
        0.5 is the median, 0.9 the time by which nine in ten waits have ended.
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
    >>> f"{km_quantile([1, 2, 3, 4, 5, 6], [1, 1, 1, 1, 0, 0], share=0.25):.0f}"
    '2 [1, 4]'
    """
    if not 0 < share < 1:
        raise ValueError(f"share must lie between 0 and 1; got {share}")
    times, happened = np.asarray(waited, float), np.asarray(ended)
    known = ~np.isnan(times)
    curve = curve_of(times[known], _truth(happened[known]), level)
    lines = curve.survival - 1e-12, curve.low, curve.high  # 1e-12: rounding of a product
    crossed = [curve.time[line <= 1 - share] for line in lines]
    return Estimate(*(float(hit[0]) if len(hit) else float("nan") for hit in crossed))


def km_median(waited: ArrayLike, ended: ArrayLike, *, level: float = 0.95) -> Estimate:
    """Median waiting time by Kaplan-Meier when some have not ended yet, with log-log limits: `km_quantile` at one half.

    Examples
    --------
    >>> f"{km_median([1, 2, 3, 4, 5, 6], [1, 1, 1, 1, 0, 0]):.0f}"
    '3'
    """
    return km_quantile(waited, ended, share=0.5, level=level)


def survival_at(durations: ArrayLike, observed: ArrayLike, *, times: ArrayLike, level: float = 0.95) -> pd.DataFrame:
    r"""Share still waiting at given times, by Kaplan-Meier, with limits of a width above zero.

    Between 0 and 1 the limits are those of the curve (log-log). Where nothing or everything has happened
    so far these have no width, as if there were nothing to learn; there Wilson's limits stand, for the
    number still at risk, or for the rows that the curve was last worth, :math:`S(1-S)/(S^2 V)`.

    Parameters
    ----------
    durations, observed
        As in `kaplan_meier`.
    times : array_like, shape (m,)
        Not negative.
    level : float in (0, 1)

    Returns
    -------
    pandas.DataFrame, index time
        In the order of `times`: at_risk (seen until then and not ended before), survival with limits; NaN later
        than the last unit was seen, unless all have ended.

    Raises
    ------
    InputError
        As `kaplan_meier`; if one of `times` is blank or negative.

    References
    ----------
    .. [1] Dorey & Korn (1987). Statistics in Medicine 6, 679-687 (effective sample size of a survival curve).
    .. [2] Wilson (1927). JASA 22, 209-212.

    Examples
    --------
    >>> survival_at([1, 2, 2, 3], [1, 1, 0, 1], times=[0.5, 2])["survival"].tolist()
    [1.0, 0.5]
    """
    waited, happened = checked(durations, observed)
    curve, asked = curve_of(waited, happened, level), moments(times)
    place = np.searchsorted(curve.time, asked, side="right") - 1
    survival, low, high = (values[place].copy() for values in (curve.survival, curve.low, curve.high))
    at_risk = np.array([(waited >= moment).sum() for moment in asked], int)
    none, all_ = survival == 1, survival == 0
    low[none], high[none] = wilson(at_risk[none], np.maximum(at_risk[none], 1), level=level)
    worth = last_worth(curve)
    low[all_], high[all_] = wilson(0, worth, level=level)
    unknown = (asked > waited.max()) & ~all_
    columns = {"survival": survival, "survival_low": low, "survival_high": high}
    frame = pd.DataFrame({"at_risk": at_risk} | {name: np.where(unknown, np.nan, x) for name, x in columns.items()})
    return frame.set_index(pd.Index(asked, name="time"))


def checked(durations: ArrayLike, observed: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Return times and ends as arrays, or raise `InputError` if they cannot be used."""
    times, happened = _numbers(durations), _truth(observed)
    wrong = int((~np.isfinite(times) | (times < 0)).sum())
    problems = [f"{wrong:,} of {len(times):,} are blank, infinite or negative"] if wrong else []
    problems += [] if len(times) else ["there are none"]
    if len(times) != len(happened):
        problems.append(f"there are {len(times):,} times, but {len(happened):,} notes whether the end was seen")
    if problems:
        raise _unusable("; ".join(problems))
    return times, happened


def moments(times: ArrayLike) -> np.ndarray:
    """Return the times at which a curve is asked for, or raise `InputError` if one is blank or negative."""
    asked = np.atleast_1d(np.asarray(times, float))
    if not (asked >= 0).all():
        raise InputError("a time at which the curve is asked for is blank or negative", where="times",
                         expected="0 or more", zh="所查询的时间点不能为空或为负数")  # fmt: skip
    return asked


def _numbers(durations: ArrayLike) -> np.ndarray:
    given = np.asarray(durations)
    if given.dtype.kind in "mM":  # numpy would count nanoseconds
        raise _unusable("they are no numbers: divide them by a unit, such as pd.Timedelta(1, 'h')")
    try:
        return np.asarray(durations, "float64")
    except (ValueError, TypeError) as error:
        raise _unusable("they are no numbers") from error


def _truth(observed: ArrayLike) -> np.ndarray:
    """Return whether each end was seen; a text or a blank would count as true in numpy."""
    given = np.asarray(observed)
    if given.dtype.kind == "b":
        return given
    try:
        flags = np.asarray(given, "float64")
    except (ValueError, TypeError):
        flags = np.array([np.nan])
    if not np.isin(flags, (0, 1)).all():
        raise _unusable("whether the end was seen is neither True nor False somewhere")
    return flags.astype(bool)


def _unusable(problem: str) -> InputError:
    return InputError(
        f"the waiting times cannot be used: {problem}",
        expected="one or more times, not negative, each observed or cut",
        zh="等待时间无法使用：应为一个或多个非负数，并各自注明是否已结束",
    )  # fmt: skip


def curve_of(times: np.ndarray, happened: np.ndarray, level: float) -> Curve:
    """Return the product-limit curve of times that were checked."""
    check_level(level)
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
    return Curve(time, at_risk, occurred, leaving, survival, variance, low, high)


def last_worth(curve: Curve) -> float:
    """Rows that the curve was worth where it last stood between 0 and 1; all rows where it never did."""
    between = np.flatnonzero((curve.survival > 0) & (curve.survival < 1))
    if not len(between):
        return float(curve.at_risk[0])
    s, v = curve.survival[between[-1]], curve.variance[between[-1]]
    return float((1 - s) / (s * v))
