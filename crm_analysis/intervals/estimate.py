"""A number with its interval, and how it stands in a row of a table."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Estimate(NamedTuple):
    """A number with its interval; formats as ``value [low, high]`` with one format for all three.

    Examples
    --------
    >>> f"{Estimate(0.7348, 0.701, 0.767):.1%}"
    '73.5% [70.1%, 76.7%]'
    >>> f"{Estimate(float('nan'), float('nan'), float('nan')):.1%}"
    '–'
    """

    value: float
    low: float
    high: float

    def __format__(self, spec: str) -> str:
        if not np.isfinite(self.value):
            return "–"
        if not (np.isfinite(self.low) and np.isfinite(self.high)):
            return format(self.value, spec)
        return f"{format(self.value, spec)} [{format(self.low, spec)}, {format(self.high, spec)}]"


UNKNOWN = Estimate(float("nan"), float("nan"), float("nan"))


def check_level(level: float) -> float:
    """Return the confidence level if it lies between 0 and 1, else raise `ValueError`.

    Examples
    --------
    >>> check_level(95)
    Traceback (most recent call last):
    ValueError: level must lie between 0 and 1; got 95. If 95 % was meant, pass 0.95.
    """
    if not 0 < level < 1:
        hint = f" If {level:g} % was meant, pass {level / 100:g}." if 1 <= level < 100 else ""
        raise ValueError(f"level must lie between 0 and 1; got {level}.{hint}")
    return level


def with_limits(name: str, estimate: Estimate) -> dict[str, float]:
    """Return an estimate as the three columns `name`, `name_low` and `name_high` of a row.

    Examples
    --------
    >>> with_limits("share", Estimate(0.5, 0.4, 0.6))
    {'share': 0.5, 'share_low': 0.4, 'share_high': 0.6}
    """
    return {name: estimate.value, f"{name}_low": estimate.low, f"{name}_high": estimate.high}
