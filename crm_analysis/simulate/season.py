"""When people shop: month, weekday, hour and promotion days, and the clock that runs with them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

HOURS = 24


@dataclass(frozen=True)
class Season:
    """How busy the hours of the window are, in the company's local time.

    Parameters
    ----------
    first_day : str
        First day of the window.
    days : int
        Days of the window.
    month, weekday, hour : tuple of float
        Relative intensity by month (from January), weekday (from Monday) and hour (from 0).
    promotions : dict of str to float
        Factor by which a promotion day is busier than the same day without promotion.
    """

    first_day: str = "2011-07-01"
    days: int = 550
    month: tuple[float, ...] = (0.95, 0.75, 1.0, 1.0, 1.02, 1.0, 0.95, 0.97, 1.02, 1.03, 1.15, 1.12)
    weekday: tuple[float, ...] = (1.06, 1.05, 1.04, 1.02, 0.99, 0.91, 0.93)
    hour: tuple[float, ...] = (0.55, 0.3, 0.15, 0.1, 0.08, 0.1, 0.2, 0.4, 0.7, 1.0, 1.25, 1.2,
                               1.15, 1.25, 1.3, 1.3, 1.25, 1.1, 1.05, 1.35, 1.7, 1.95, 1.7, 1.05)  # fmt: skip
    promotions: dict[str, float] = field(
        default_factory=lambda: {"2011-11-11": 5.0, "2012-11-11": 5.0, "2012-12-12": 2.0}
    )


class Clock:
    r"""Turns calendar time into busy time and back.

    .. math:: B(t) = \int_0^t w(u)\,du, \qquad B(\text{days}) = \text{days}

    where `w` is the intensity of the hour. Time is counted in days since the
    window began. What is a Poisson process with a constant rate in busy time has,
    on the calendar, evenings, weekends and promotion days.

    Parameters
    ----------
    season : Season

    Examples
    --------
    >>> clock = Clock(Season())
    >>> round(float(clock.busy(clock.calendar(300.0))), 6), float(clock.busy(550.0))
    (300.0, 550.0)
    >>> clock.day("2011-07-02"), str(clock.moments(np.array([1.5]))[0])
    (1.0, '2011-07-02 12:00:00')
    """

    def __init__(self, season: Season) -> None:
        self.season, self.days = season, float(season.days)
        self._start = pd.Timestamp(season.first_day)
        self._edges = np.arange(season.days * HOURS + 1) / HOURS
        passed = np.cumsum(self._weights())
        self._busy = np.concatenate([[0.0], passed / passed[-1]]) * self.days

    def _weights(self) -> np.ndarray:
        season = self.season
        days = pd.date_range(season.first_day, periods=season.days)
        lift = np.array([season.promotions.get(str(day.date()), 1.0) for day in days])
        daily = np.array(season.month)[days.month - 1] * np.array(season.weekday)[days.day_of_week] * lift
        return np.outer(daily, season.hour).ravel()

    def busy(self, t: np.ndarray) -> np.ndarray:
        """Busy time at calendar time `t`."""
        return np.interp(t, self._edges, self._busy)

    def calendar(self, busy: np.ndarray) -> np.ndarray:
        """Calendar time at which busy time is `busy`."""
        return np.interp(busy, self._busy, self._edges)

    def between(self, rng: np.random.Generator, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        """Draw one moment for each interval, busy hours more often."""
        start = self.busy(low)
        return self.calendar(start + rng.random(np.shape(start)) * (self.busy(high) - start))

    def next_day(self, rng: np.random.Generator, t: np.ndarray) -> np.ndarray:
        """Return a moment of the day after `t`, in busy hours more often."""
        edges = np.concatenate([[0.0], np.cumsum(self.season.hour)])
        hours = np.interp(rng.random(np.shape(t)) * edges[-1], edges, np.arange(HOURS + 1))
        return np.floor(t) + 1 + hours / HOURS

    def day(self, text: str) -> float:
        """Days from the beginning of the window to a date or moment."""
        return (pd.Timestamp(text) - self._start) / pd.Timedelta(days=1)

    def moments(self, t: np.ndarray) -> pd.Series:
        """Local moments, whole seconds; NaN becomes NaT, and so does what lies after the window."""
        t = np.asarray(t, float)
        seconds = np.floor(np.where(t < self.days, t, np.nan) * 86400 + 1e-6)
        return pd.Series((self._start + pd.to_timedelta(seconds, unit="s")).astype("datetime64[us]"))
