"""Kaplan-Meier: the share still waiting at each time, where the end of the data cuts some waiting times."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import ndtri

from crm_analysis.errors import InputError


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
        If a duration is negative or blank, or nothing is given.

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
    time, position = np.unique(np.r_[0.0, times], return_inverse=True)
    position = position[1:]
    events = np.bincount(position[happened], minlength=len(time))
    leaving = np.bincount(position, minlength=len(time))
    at_risk = len(times) - np.cumsum(leaving) + leaving
    survival = np.cumprod(1 - events / at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.cumsum(events / (at_risk * (at_risk - events)))
        width = ndtri(0.5 + level / 2) * np.sqrt(variance) / -np.log(survival)
        low, high = survival ** np.exp(width), survival ** np.exp(-width)
    nothing_yet, nobody_left = survival == 1, survival == 0
    frame = pd.DataFrame({"at_risk": at_risk, "occurred": events, "censored": leaving - events, "survival": survival})
    for name, limit in (("survival_low", low), ("survival_high", high)):
        frame[name] = np.select([nothing_yet, nobody_left], [1.0, np.nan], limit)
    return frame.set_index(pd.Index(time, name="time"))
