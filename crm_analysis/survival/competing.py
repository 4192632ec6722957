"""Waits that can end in several ways, of which the first shuts out the others: cumulative incidence."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import ndtri

from crm_analysis.errors import InputError
from crm_analysis.intervals import check_level, wilson
from crm_analysis.survival.curves import checked, curve_of, last_worth, moments


def cumulative_incidence(durations: ArrayLike, ends: ArrayLike, *, level: float = 0.95) -> pd.DataFrame:
    r"""Share of units that ended in each way by each time (Aalen-Johansen), with log-log limits.

    .. math:: I_k(t) = \sum_{t_j \le t} S(t_j^-)\,\frac{d_{kj}}{n_j}, \qquad \sum_k I_k(t) = 1 - S(t)

    One minus Kaplan-Meier, with the other ends as cuts, would ask what would happen if the other ends did not
    exist, and its shares add up to more than one. Variance by the delta method:

    .. math:: \sum_{t_j \le t} \left[ (I_k(t) - I_k(t_j))^2 \frac{d_j}{n_j(n_j - d_j)}
        + S(t_j^-)^2 \frac{d_{kj}(n_j - d_{kj})}{n_j^3}
        - 2 (I_k(t) - I_k(t_j))\,S(t_j^-) \frac{d_{kj}}{n_j^2} \right]

    Parameters
    ----------
    durations : array_like, shape (n,)
        Time until the end or until the unit was last seen; not negative.
    ends : array_like, shape (n,)
        In which way it ended; None, NaN or an empty text where the end was not seen.
    level : float in (0, 1)

    Returns
    -------
    pandas.DataFrame, index (end, time)
        For each way, at time 0 and each time seen: at_risk, occurred, incidence, incidence_low, incidence_high. The
        limits are those of log(-log(1 - I)): with one way only they are Kaplan and Meier's. They equal 0 before the
        first end of the way and are blank once all ended in it.

    Raises
    ------
    InputError
        If the times cannot be used, or no end was seen.

    References
    ----------
    .. [1] Aalen & Johansen (1978). Scandinavian Journal of Statistics 5, 141-150.
    .. [2] Marubini & Valsecchi (1995). Analysing Survival Data from Clinical Trials, chapter 10 (variance).

    Examples
    --------
    >>> table = cumulative_incidence([1, 2, 3, 4], ["solved", "withdrawn", None, "solved"])
    >>> table.loc["solved", "incidence"].to_dict()
    {0.0: 0.0, 1.0: 0.25, 2.0: 0.25, 3.0: 0.25, 4.0: 0.75}
    """
    way, seen = _ways(ends)
    times, happened = checked(durations, seen)
    if not happened.any():
        raise InputError("no end was seen", expected="at least one wait that ended", zh="没有观察到任何结束的事件")
    curve, place = curve_of(times, happened, level), np.searchsorted(np.unique(np.r_[0.0, times]), times)
    frames = {}
    for name in sorted(way[seen].unique(), key=str):
        occurred = np.bincount(place[(way == name).to_numpy()], minlength=len(curve.time))
        incidence, variance = _incidence(curve.survival, curve.at_risk, curve.occurred, occurred)
        low, high = _limits(incidence, variance, level)
        frames[name] = pd.DataFrame(
            {"at_risk": curve.at_risk, "occurred": occurred, "incidence": incidence, "incidence_low": low,
             "incidence_high": high}, index=pd.Index(curve.time, name="time"),
        )  # fmt: skip
    return pd.concat(frames, names=["end"])


def incidence_at(durations: ArrayLike, ends: ArrayLike, *, times: ArrayLike, level: float = 0.95) -> pd.DataFrame:
    """Share of units that ended in each way by given times, with limits of a width above zero.

    Where no unit, or every unit, ended in a way so far, the limits of the curve have no width, as if there were nothing
    to learn. There Wilson's limits stand: for no unit, of the number that ended otherwise or were still followed; for
    all, as in `survival_at`.

    Parameters
    ----------
    durations, ends, level
        As in `cumulative_incidence`.
    times : array_like, shape (m,)
        Not negative.

    Returns
    -------
    pandas.DataFrame, index (end, time)
        incidence with limits; NaN later than the last unit was seen, unless all have ended.

    Raises
    ------
    InputError
        As `cumulative_incidence`; if one of `times` is blank or negative.

    References
    ----------
    .. [1] Wilson (1927). JASA 22, 209-212.

    Examples
    --------
    >>> incidence_at([1, 2, 3, 4], ["a", "b", None, "a"], times=[2.5])["incidence"].to_dict()
    {('a', 2.5): 0.25, ('b', 2.5): 0.25}
    """
    table, asked = cumulative_incidence(durations, ends, level=level), moments(times)
    waited, happened = checked(durations, _ways(ends)[1])
    total = table["incidence"].groupby(level="time").sum()
    unknown = (asked > waited.max()) & (total.iloc[-1] < 1 - 1e-12)
    place = np.searchsorted(total.index, asked, side="right") - 1
    # rows of which it is known: ended by then, or followed so long
    decided = np.maximum([((waited >= moment) | happened).sum() for moment in asked], 1)
    worth = last_worth(curve_of(waited, happened, level))
    frames = {}
    for name, part in table.groupby(level="end", sort=False):
        share, low, high = (part[f"incidence{end}"].to_numpy()[place] for end in ("", "_low", "_high"))
        none, every = share == 0, share >= 1 - 1e-12
        low[none], high[none] = wilson(0, decided[none], level=level)
        low[every], high[every] = wilson(worth, worth, level=level)
        columns = {"incidence": share, "incidence_low": low, "incidence_high": high}
        frames[name] = pd.DataFrame({key: np.where(unknown, np.nan, x) for key, x in columns.items()},
                                    index=pd.Index(asked, name="time"))  # fmt: skip
    return pd.concat(frames, names=["end"])


def _ways(ends: ArrayLike) -> tuple[pd.Series, pd.Series]:
    """In which way each unit ended, and whether its end was seen."""
    way = pd.Series(np.asarray(ends, object), dtype=object)
    return way, way.notna() & way.ne("")


def _incidence(
    survival: np.ndarray, at_risk: np.ndarray, ended: np.ndarray, occurred: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Incidence of one way at each time, and its variance; at time 0 something may have happened, too."""
    n, before = np.maximum(at_risk, 1), np.r_[1.0, survival[:-1]]
    before = np.nan_to_num(before)  # nobody left: no further step
    step = before * occurred / n
    incidence = np.cumsum(step)
    rest = np.where(n > ended, n * (n - ended), np.inf)  # the last one leaves: no later time, no variance to carry on
    greenwood, own = ended / rest, before * occurred / n**2
    squares = np.cumsum(before**2 * occurred * (n - occurred) / n**3)
    g0, g1, g2 = (np.cumsum(incidence**power * greenwood) for power in range(3))
    c0, c1 = np.cumsum(own), np.cumsum(incidence * own)
    variance = incidence**2 * g0 - 2 * incidence * g1 + g2 + squares - 2 * (incidence * c0 - c1)
    return incidence, np.maximum(variance, 0.0)


def _limits(incidence: np.ndarray, variance: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
    z, everything = ndtri(0.5 + check_level(level) / 2), incidence >= 1 - 1e-12
    rest = np.where(everything, 0.0, 1 - incidence)  # a rest that is rounding alone would overflow
    with np.errstate(divide="ignore", invalid="ignore"):  # nothing yet, or everything
        width = z * np.sqrt(variance) / (rest * -np.log(rest))
        low, high = 1 - rest ** np.exp(-width), 1 - rest ** np.exp(width)
    return tuple(np.select([incidence == 0, everything], [0.0, np.nan], limit) for limit in (low, high))
