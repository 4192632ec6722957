"""Windows around a cutoff: the days that may be known, the time to act, and the days foretold."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from numbers import Integral

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.tables.days import Moment, day_number, day_stamp, wall
from crm_analysis.words import Sentence

LAST_MINUTE = pd.Timedelta(23 * 60 + 59, "min")


@dataclass(frozen=True)
class Windows:
    r"""Days around a cutoff c, as half-open spans of local calendar days.

    .. math:: (c - observation,\ c] \quad (c,\ c + gap] \quad (c + gap,\ c + gap + outcome]

    Features come from the first span alone. The second is the time to act: neither
    feature nor label. A customer has churned (y = 1) if no qualifying event falls
    into the third.

    Parameters
    ----------
    cutoff : str or Timestamp
        Last day that is known, all of it. A moment with a zone counts as the day that its own wall shows.
    data_end : str or Timestamp
        Last day of complete data. The outcome must end by it: unobserved days are never taken for silence.
    outcome : int >= 1
        Days of the outcome.
    gap : int >= 0
        Days between the cutoff and the outcome.
    observation : int >= 1, optional
        Days of the observation; everything from `data_start` (or the first row) on if not given.
    data_start : str or Timestamp, optional
        First day of complete data.

    Raises
    ------
    InputError
        If a length is no whole number of days, a day cannot be read or is only part of one, or the spans do not lie
        within the data.

    Examples
    --------
    >>> windows = Windows("2010-08-31", data_end="2010-12-09", outcome=90)
    >>> print(windows.text("en"))
    known up to 2010-08-31, outcome from 2010-09-01 to 2010-11-29 (90 days)
    >>> Windows("2010-11-30", data_end="2010-12-09", outcome=90)
    Traceback (most recent call last):
    crm_analysis.errors.InputError: the outcome ends on 2011-02-28, after the data
      where: data up to 2010-12-09
      expected: a cutoff up to 2010-09-10
      how to mend: take an earlier cutoff or a shorter outcome: days without data are not silence
    """

    cutoff: Moment
    data_end: Moment
    outcome: int = 90
    gap: int = 0
    observation: int | None = None
    data_start: Moment | None = None

    def __post_init__(self) -> None:
        check_lengths(outcome=self.outcome, gap=self.gap, observation=self.observation)
        for name in ("cutoff", "data_end", "data_start"):
            if name != "data_start" or self.data_start is not None:
                _check_day(name, getattr(self, name))
        self._check_start()
        self._check_end()

    def _check_end(self) -> None:
        last = day_number(self.data_end)
        if self.cutoff_day > last:
            raise InputError(f"the cutoff {_day(self.cutoff_day)} lies outside the data",
                             where=f"data up to {_day(last)}", expected=f"a day up to {_day(self.latest_day)}",
                             mend="take an earlier cutoff",
                             zh=f"截止日 {_day(self.cutoff_day)} 超出数据范围")  # fmt: skip
        if self.outcome_end_day > last:
            raise InputError(
                f"the outcome ends on {_day(self.outcome_end_day)}, after the data", where=f"data up to {_day(last)}",
                expected=f"a cutoff up to {_day(self.latest_day)}",
                mend="take an earlier cutoff or a shorter outcome: days without data are not silence",
                zh=f"结果期到 {_day(self.outcome_end_day)} 才结束，数据只到 {_day(last)}；没有数据不等于没有购买",
            )  # fmt: skip

    def _check_start(self) -> None:
        if self.data_start is None:
            return
        start, last = day_number(self.data_start), day_number(self.data_end)
        if start > last:
            raise InputError(f"the data end on {_day(last)}, before they begin on {_day(start)}",
                             mend="swap data_start and data_end", zh="数据终点早于起点")  # fmt: skip
        if self.cutoff_day < start:
            raise InputError(f"the cutoff {_day(self.cutoff_day)} lies before the data",
                             where=f"data from {_day(start)}", mend="take a later cutoff",
                             zh=f"截止日 {_day(self.cutoff_day)} 早于数据起点")  # fmt: skip

    @property
    def cutoff_day(self) -> int:
        """The cutoff as a number of days since 1970-01-01."""
        return day_number(self.cutoff)

    @property
    def cutoff_date(self) -> pd.Timestamp:
        """The cutoff as a day without a zone."""
        return day_stamp(self.cutoff_day)

    @property
    def first_day(self) -> int | None:
        """First day of the observation, or None where nothing bounds it."""
        starts = [] if self.observation is None else [self.cutoff_day - self.observation + 1]
        starts += [] if self.data_start is None else [day_number(self.data_start)]
        return max(starts, default=None)

    @property
    def outcome_first_day(self) -> int:
        """First day of the outcome."""
        return self.cutoff_day + self.gap + 1

    @property
    def outcome_end_day(self) -> int:
        """Last day of the outcome."""
        return self.cutoff_day + self.gap + self.outcome

    @property
    def latest_day(self) -> int:
        """Last day that could serve as the cutoff with these lengths."""
        return day_number(self.data_end) - self.gap - self.outcome

    @property
    def is_short(self) -> bool:
        """Whether the data begin after the observation should: its first days are empty for want of data."""
        return (
            self.observation is not None
            and self.data_start is not None
            and self.cutoff_day - self.observation + 1 < day_number(self.data_start)
        )

    def at(self, cutoff: Moment) -> Windows:
        """Return the same lengths around another cutoff."""
        return replace(self, cutoff=cutoff)

    def now(self) -> Windows:
        """Return the same lengths with the cutoff as late as the data allow."""
        return self.at(day_stamp(self.latest_day))

    def ends(self, times: pd.Series) -> pd.Timestamp:
        """Return the first moment after the cutoff, in the zone of `times`."""
        return first_moment(self.cutoff_day + 1, times)

    def begins(self, times: pd.Series) -> pd.Timestamp | None:
        """Return the first moment of the observation, in the zone of `times`, or None where nothing bounds it."""
        return None if self.first_day is None else first_moment(self.first_day, times)

    def text(self, lang: str) -> str:
        """Return the windows in words."""
        first = "" if self.first_day is None else _day(self.first_day)
        cut, start, end = (_day(day) for day in (self.cutoff_day, self.outcome_first_day, self.outcome_end_day))
        gap = Sentence(f"，间隔 {self.gap} 天", f", a gap of {self.gap} days") if self.gap else Sentence("", "")
        known = Sentence(f"观察期 {first} 至 {cut}", f"known from {first} to {cut}") if first else Sentence(
            f"已知信息截至 {cut}", f"known up to {cut}")  # fmt: skip
        return Sentence(
            f"{known.zh}{gap.zh}，结果期 {start} 至 {end}（{self.outcome} 天）",
            f"{known.en}{gap.en}, outcome from {start} to {end} ({self.outcome} days)",
        ).text(lang)


def first_moment(day: int, times: pd.Series) -> pd.Timestamp:
    """Return the moment at which a day begins in the zone of `times`; a midnight that is skipped moves on.

    Examples
    --------
    >>> times = pd.Series(pd.to_datetime(["2017-10-14"])).dt.tz_localize("America/Sao_Paulo")
    >>> str(first_moment(day_number("2017-10-15"), times))  # clocks went from midnight to one
    '2017-10-15 01:00:00-02:00'
    """
    return day_stamp(day).tz_localize(times.dt.tz, nonexistent="shift_forward", ambiguous=True)


def check_lengths(*, outcome: object, gap: object = 0, observation: object = None) -> None:
    """Raise `InputError` unless the lengths of windows are whole numbers of days.

    Examples
    --------
    >>> check_lengths(outcome="90")
    Traceback (most recent call last):
    crm_analysis.errors.InputError: not a number of days: outcome='90'
      expected: whole days: outcome and observation at least 1, gap at least 0
    """
    given = {"outcome": (outcome, 1), "gap": (gap, 0), "observation": (observation, 1)}
    wrong = [f"{name}={value!r}" for name, (value, least) in given.items()
             if not _is_length(value, least, name == "observation")]  # fmt: skip
    if wrong:
        raise InputError(f"not a number of days: {', '.join(wrong)}",
                         expected="whole days: outcome and observation at least 1, gap at least 0",
                         zh=f"天数无效：{'，'.join(wrong)}")  # fmt: skip


def _check_day(name: str, value: object) -> None:
    """Raise unless `value` names one whole day."""
    try:
        readable = isinstance(value, (str, date, np.datetime64)) and not pd.isna(pd.Timestamp(value))
    except ValueError:
        readable = False
    if not readable:
        raise InputError(f"{name}={value!r} is no day", expected="a day such as 2012-09-30",
                         zh=f"{name}={value} 不是日期")  # fmt: skip
    clock = wall(value) - wall(value).normalize()
    if pd.Timedelta(0) < clock < LAST_MINUTE:
        day = day_number(value)
        raise InputError(f"{name}={value!s} is a moment within a day", expected="a whole day",
                         mend=f"give {_day(day)} if that day is complete, else {_day(day - 1)}",
                         zh=f"{name}={value} 是一天中的某一时刻，应为完整的一天")  # fmt: skip


def _is_length(value: object, least: int, optional: bool) -> bool:
    if value is None:
        return optional
    return isinstance(value, Integral) and not isinstance(value, bool) and value >= least


def _day(number: int) -> str:
    return f"{day_stamp(number):%Y-%m-%d}"
