"""The cutoff in numbers: what every definition of a feature needs to know of the windows."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from crm_analysis.churn.windows.windows import Windows
from crm_analysis.errors import InputError
from crm_analysis.tables.days import MICROSECOND, day_stamp

DAY = 86_400_000_000  # microseconds
EPOCH = pd.Timestamp(0, tz="UTC")


@dataclass(frozen=True)
class Cut:
    """The cutoff as numbers, and the two lengths that features need.

    Parameters
    ----------
    day : int
        The cutoff, counted in local days from 1970-01-01.
    first : int or None
        First day of the observation.
    end : int
        The first moment after the cutoff, in microseconds since 1970 (UTC).
    recent : int
        Days up to the cutoff that count as recent.
    slow : int
        Days after which a complaint took long.
    """

    day: int
    first: int | None
    end: int
    recent: int
    slow: int

    @classmethod
    def of(cls, windows: Windows, zone: object, *, recent_days: int, slow_days: int) -> Cut:
        """Return the cutoff of `windows` in `zone`; a length that is no number of days is an `InputError`."""
        given = {"recent_days": recent_days, "slow_days": slow_days}
        wrong = [f"{name}={days!r}" for name, days in given.items()
                 if isinstance(days, bool) or not isinstance(days, int) or days < 1]  # fmt: skip
        if wrong:
            raise InputError(f"not a number of days: {', '.join(wrong)}", expected="whole days, at least 1",
                             zh=f"天数无效：{'，'.join(wrong)}")  # fmt: skip
        end = day_stamp(windows.cutoff_day + 1).tz_localize(zone, ambiguous=True, nonexistent="shift_forward")
        return cls(windows.cutoff_day, windows.first_day, (end - EPOCH) // MICROSECOND, recent_days, slow_days)
