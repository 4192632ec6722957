"""The course of the hazard over tenure: free in every month, constant, logarithmic, polynomial or a spline."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from crm_analysis.errors import InputError

COURSES = ("dummies", "constant", "log", "polynomial", "spline")


@dataclass(frozen=True)
class Basis:
    """Columns of the baseline hazard.

    Parameters
    ----------
    course : str
        One of `COURSES`.
    periods : int
        Last period of the fit.
    free : numpy.ndarray of bool
        Periods with a coefficient of their own (``dummies``): some at risk left and some did not.
    edge : numpy.ndarray
        Of the other periods the linear predictor: minus or plus infinity where nobody or everybody left; NaN where
        nobody was at risk.
    knots : numpy.ndarray
        Of the spline, on the scale of log(month).
    degree : int
        Of the polynomial.
    """

    course: str
    periods: int
    free: np.ndarray
    edge: np.ndarray
    knots: np.ndarray
    degree: int

    def columns(self, months: np.ndarray) -> np.ndarray:
        """Return the columns at given months, shape (months, columns)."""
        m = np.asarray(months, float)
        if self.course == "dummies":
            own = np.flatnonzero(self.free) + 1
            return (m[:, None] == own).astype(float)
        if self.course == "constant":
            return np.ones((len(m), 1))
        if self.course == "log":
            return np.column_stack([np.ones(len(m)), np.log(m)])
        if self.course == "polynomial":
            middle = (self.periods + 1) / 2
            return ((m - middle) / max(middle, 1))[:, None] ** np.arange(self.degree + 1)
        return np.column_stack([np.ones(len(m)), _restricted_cubic(np.log(m), self.knots)])

    def fixed(self, months: np.ndarray) -> np.ndarray:
        """Return what stands in place of the linear predictor at given months; 0 where it is free."""
        months = np.asarray(months, int)
        if self.course != "dummies":
            return np.zeros(len(months))
        if (months > self.periods).any():
            raise InputError(f"nobody was seen later than period {self.periods}: month dummies cannot say more",
                             expected=f"months up to {self.periods}",
                             mend='fit with month="spline" or month="log" to project further',
                             zh=f"观察期只到第 {self.periods} 期，逐月哑变量无法外推")  # fmt: skip
        return self.edge[months - 1]


def basis(course: str, at_risk: np.ndarray, lost: np.ndarray, *, knots: int, degree: int) -> Basis:
    """Choose columns for periods with so many at risk and lost.

    Knots of the spline lie at equal shares of the losses over log(month), the outer ones at 5 % and 95 %.

    Raises
    ------
    InputError
        If the course is not known, or the losses lie in too few months for it.

    Examples
    --------
    >>> basis("log", np.array([9.0, 5.0]), np.array([2.0, 1.0]), knots=4, degree=2).columns([1, 2]).round(2).tolist()
    [[1.0, 0.0], [1.0, 0.69]]
    """
    if course not in COURSES:
        raise InputError(f"month={course!r} is not known", expected=", ".join(COURSES), zh="未知的时间形式")
    periods, some = len(at_risk), int((lost > 0).sum())
    free = (lost > 0) & (lost < at_risk)
    edge = np.select([free, at_risk == 0, lost == 0], [0.0, np.nan, -np.inf], np.inf)
    needed = {"dummies": 1, "constant": 1, "log": 2, "polynomial": degree + 1, "spline": knots}[course]
    if some < needed or (course == "spline" and knots < 3) or (course == "polynomial" and degree < 1):
        raise InputError(
            f"month={course!r} cannot be told from losses in {some} months",
            where="DiscreteHazard",
            expected=f"losses in {needed} months or more (a spline needs 3 knots or more)",
            mend='take month="log" or month="constant"',
            zh="流失月份太少，无法估计该时间形式",
        )
    places = np.zeros(0)
    if course == "spline":
        month = np.repeat(np.log(np.arange(1, periods + 1)), lost.astype(int))
        places = np.unique(np.quantile(month, np.linspace(0.05, 0.95, knots)))
        if len(places) < 3:  # most losses in one month: spread the knots over the months instead
            places = np.log(np.linspace(1, periods, knots))
    return Basis(course, periods, free, edge, places, degree)


def _restricted_cubic(x: np.ndarray, knots: np.ndarray) -> np.ndarray:
    """Cubic between the knots, linear outside (Harrell 2015, equation 2.25)."""
    last, before = knots[-1], knots[-2]
    scale = (last - knots[0]) ** 2

    def bend(knot: float) -> np.ndarray:
        return np.maximum(x - knot, 0) ** 3

    parts = [x]
    for knot in knots[:-2]:
        parts.append((bend(knot) - bend(before) * (last - knot) / (last - before)
                      + bend(last) * (before - knot) / (last - before)) / scale)  # fmt: skip
    return np.column_stack(parts)
