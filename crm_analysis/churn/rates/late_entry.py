"""Kaplan-Meier and log-rank where some units come under watch late (left truncation)."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import chdtrc, ndtri

from crm_analysis.errors import InputError
from crm_analysis.intervals import Estimate, check_level
from crm_analysis.survival import LogRank


def kaplan_meier_late(
    entry: ArrayLike, durations: ArrayLike, observed: ArrayLike, *, level: float = 0.95
) -> pd.DataFrame:
    r"""Kaplan-Meier curve of units that are at risk only after their entry, :math:`entry_i < t \le duration_i`.

    .. math:: S(t) = \prod_{t_j \le t} \left(1 - \frac{d_j}{n_j}\right), \quad
        n_j = \#\{i: entry_i < t_j \le duration_i\}

    Without entries it equals `survival.kaplan_meier`. If everybody who is there at an early time leaves, the curve
    falls to 0 and stays there however many come later: such small beginnings should be cut off (`since`
    of the callers).

    Parameters
    ----------
    entry, durations : array_like, shape (n,)
        Time at which a unit came under watch, and until which it was seen.
    observed : array_like of bool, shape (n,)
    level : float in (0, 1)

    Returns
    -------
    pandas.DataFrame, index time
        As `survival.kaplan_meier`: at_risk, occurred, censored, survival with log-log limits; and entered_late, the
        units that come under watch at that time. At time 0 at_risk counts the units there from the start.

    References
    ----------
    .. [1] Klein & Moeschberger (2003). Survival Analysis, section 4.6 (left-truncated data).

    Examples
    --------
    >>> kaplan_meier_late([0, 0, 2], [1, 3, 3], [1, 1, 1])[["at_risk", "survival"]].values.tolist()
    [[2.0, 1.0], [2.0, 0.5], [1.0, 0.5], [2.0, 0.0]]
    """
    check_level(level)
    late, times, happened = _checked(entry, durations, observed)
    time = np.unique(np.r_[0.0, late[late > 0], times])
    at_risk, occurred = counts_at(late, times, happened, time)
    leaving = counts_at(late, times, np.ones(len(times), bool), time)[1]
    entered = np.bincount(np.searchsorted(time, np.maximum(late, 0)), minlength=len(time))
    with np.errstate(divide="ignore", invalid="ignore"):
        survival = np.cumprod(np.where(at_risk > 0, 1 - occurred / at_risk, 1.0))
        variance = np.cumsum(np.where(occurred > 0, occurred / (at_risk * (at_risk - occurred)), 0.0))
        width = ndtri(0.5 + level / 2) * np.sqrt(variance) / -np.log(survival)
        low, high = survival ** np.exp(width), survival ** np.exp(-width)
    frame = pd.DataFrame({"at_risk": at_risk, "occurred": occurred, "censored": leaving - occurred,
                          "survival": survival}, index=pd.Index(time, name="time"))  # fmt: skip
    for name, limit in (("survival_low", low), ("survival_high", high)):
        frame[name] = np.select([survival == 1, survival == 0], [1.0, np.nan], limit)
    return frame.assign(entered_late=entered)


def log_rank_late(entry: ArrayLike, durations: ArrayLike, observed: ArrayLike, groups: ArrayLike) -> LogRank:
    """Log-rank test of groups in which units are at risk only after their entry; see `survival.log_rank`.

    Examples
    --------
    >>> from crm_analysis.survival import log_rank
    >>> found = log_rank_late([0] * 6, [1, 2, 3, 4, 5, 6], [1] * 6, list("aaabbb"))
    >>> bool(np.isclose(found.statistic, log_rank([1, 2, 3, 4, 5, 6], [1] * 6, list("aaabbb")).statistic))
    True
    """
    late, times, happened = _checked(entry, durations, observed)
    code, names = pd.factorize(np.asarray(groups, object), sort=False)
    if len(names) < 2 or (code < 0).any():
        raise InputError("the groups cannot be compared", expected="two or more groups, one named for each time",
                         zh="无法比较：至少需要两组，且每个时间都要注明组别")  # fmt: skip
    time = np.unique(times[happened])
    parts = [counts_at(late[code == k], times[code == k], happened[code == k], time) for k in range(len(names))]
    at_risk, ends = (np.array(found, float).T for found in zip(*parts))
    n, d = at_risk.sum(axis=1), ends.sum(axis=1)
    part = at_risk / n[:, None]
    expected = (part * d[:, None]).sum(axis=0)
    weight = d * (n - d) / np.maximum(n - 1, 1)
    cover = np.diag(part.T @ weight) - (part * weight[:, None]).T @ part
    df = int(np.linalg.matrix_rank(cover, hermitian=True)) if len(time) else 0
    excess = ends.sum(axis=0) - expected
    statistic = float(excess @ np.linalg.pinv(cover, hermitian=True) @ excess) if df else float("nan")
    table = pd.DataFrame({"units": np.bincount(code), "occurred": ends.sum(axis=0).astype(int),
                          "expected_ends": expected}, index=pd.Index(names, name="group"))  # fmt: skip
    return LogRank(statistic, df, float(chdtrc(df, statistic)) if df else float("nan"), table)


def curve_quantile(curve: pd.DataFrame, *, share: float = 0.5) -> Estimate:
    """First time at which a curve, and its limits, are at or below one minus a share; NaN for what is not reached.

    Examples
    --------
    >>> curve_quantile(kaplan_meier_late([0] * 4, [1, 2, 3, 4], [1, 1, 1, 0])).value
    2.0
    """
    lines = (curve[name] - 1e-12 * (name == "survival") for name in ("survival", "survival_low", "survival_high"))
    crossed = [curve.index[line <= 1 - share] for line in lines]
    return Estimate(*(float(hit[0]) if len(hit) else float("nan") for hit in crossed))


def curve_area(curve: pd.DataFrame, *, until: float, level: float = 0.95) -> Estimate:
    """Restricted mean: area under a curve up to a time, with Greenwood's normal limits; see `survival.restricted_mean`.

    Examples
    --------
    >>> f"{curve_area(kaplan_meier_late([0] * 4, [1, 2, 3, 4], [1, 1, 0, 1]), until=4):.2f}"
    '2.75 [1.48, 4.00]'
    """
    if until > curve.index[-1] and curve["survival"].iloc[-1] > 0:
        return Estimate(float("nan"), float("nan"), float("nan"))
    part = curve[curve.index <= until]
    pieces = part["survival"].to_numpy() * np.diff(np.r_[part.index.to_numpy(), until])
    beyond = pieces[::-1].cumsum()[::-1]
    d, n = part["occurred"].to_numpy(float), part["at_risk"].to_numpy(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.where((beyond > 0) & (d > 0), beyond**2 * d / (n * (n - d)), 0.0)
    area, half = float(pieces.sum()), float(ndtri(0.5 + level / 2) * np.sqrt(spread.sum()))
    if half == 0:
        return Estimate(area, float("nan"), float("nan"))
    return Estimate(area, max(0.0, area - half), min(float(until), area + half))


def counts_at(
    entry: np.ndarray, times: np.ndarray, happened: np.ndarray, at: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return how many are at risk (entered before, not left before) and to how many it happens, at each time.

    Examples
    --------
    >>> at_risk, ends = counts_at(np.array([0, 1]), np.array([1, 2]), np.array([True, True]), np.array([1, 2]))
    >>> at_risk.tolist(), ends.tolist()
    ([1, 1], [1, 1])
    """
    inside = np.searchsorted(np.sort(entry), at, "left") - np.searchsorted(np.sort(times), at, "left")
    ends = np.sort(times[happened])
    return inside, np.searchsorted(ends, at, "right") - np.searchsorted(ends, at, "left")


def _checked(entry: ArrayLike, durations: ArrayLike, observed: ArrayLike) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    late, times, happened = np.asarray(entry, float), np.asarray(durations, float), np.asarray(observed).astype(bool)
    fits = len(late) == len(times) == len(happened) > 0
    if not fits or not (np.isfinite(times).all() and (times >= 0).all() and (late >= 0).all()):
        raise InputError("the waiting times cannot be used", expected="an entry and a later time for each, from 0",
                         zh="等待时间无法使用")  # fmt: skip
    late = np.where(late == 0, -1.0, late)  # there from the start: at risk at time 0, too
    stays = late < times
    return late[stays], times[stays], happened[stays]
