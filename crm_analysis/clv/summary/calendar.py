"""Spans of time in units of the calendar: days, weeks of seven days, whole months and years plus a fraction."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from crm_analysis.clv.units import check_unit

MONTHS = {"month": 1, "year": 12}
DAYS = {"day": 1.0, "week": 7.0}


def elapsed(first: ArrayLike, last: ArrayLike, *, unit: str) -> np.ndarray:
    r"""Time from one day to another, in `unit`.

    .. math:: k + \frac{last - a_k}{a_{k+1} - a_k}, \qquad a_k \le last < a_{k+1}

    Days and weeks are counted days, a week being exactly seven. In months and years :math:`a_k` is the day
    `k` calendar months (years) after `first`: the same day of the month, or the month's last day where it has
    no such day. So 31 January to 28 February is one month, to 31 March two; the month that runs counts by
    the part of its own days that has passed. It grows with each day, but whole months are exact only from
    `first`: spans with different beginnings do not add up, as months are not equally long.

    Parameters
    ----------
    first, last : array_like of int
        Days counted from 1970-01-01, `last` not before `first`; broadcast.
    unit : str
        ``day``, ``week``, ``month`` or ``year``.

    Returns
    -------
    numpy.ndarray of float

    Raises
    ------
    InputError
        If the unit is not known.

    Examples
    --------
    >>> day = lambda text: int(np.datetime64(text).astype("datetime64[D]").astype(int))
    >>> elapsed(day("1997-01-01"), day("1997-09-30"), unit="week").round(3).item()
    38.857
    >>> elapsed(day("2011-01-31"), [day("2011-02-28"), day("2011-03-31"), day("2011-04-15")], unit="month").tolist()
    [1.0, 2.0, 2.5]
    """
    check_unit(unit)
    first, last = np.broadcast_arrays(np.asarray(first, "int64"), np.asarray(last, "int64"))
    if unit in DAYS:
        return (last - first) / DAYS[unit]
    size = MONTHS[unit]
    month, _ = _parts(first)
    whole = (_parts(last)[0] - month) // size
    whole = whole - (add_months(first, whole * size) > last)
    begin, end = add_months(first, whole * size), add_months(first, (whole + 1) * size)
    return whole + (last - begin) / (end - begin)


def add_months(day: ArrayLike, months: ArrayLike) -> np.ndarray:
    """Return the day some calendar months later; where that month is too short, its last day.

    Parameters
    ----------
    day : array_like of int
        Days counted from 1970-01-01.
    months : array_like of int

    Examples
    --------
    >>> add_months([30], [1]).tolist(), add_months([30], [2]).tolist()
    ([58], [89])
    """
    month, in_month = _parts(np.asarray(day, "int64"))
    begin = _begin(month + months)
    return begin + np.minimum(in_month, _begin(month + months + 1) - begin - 1)


def _parts(day: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Month counted from January 1970, and day of the month from 0."""
    month = day.astype("datetime64[D]").astype("datetime64[M]").astype("int64")
    return month, day - _begin(month)


def _begin(month: np.ndarray) -> np.ndarray:
    return np.asarray(month, "int64").astype("datetime64[M]").astype("datetime64[D]").astype("int64")
