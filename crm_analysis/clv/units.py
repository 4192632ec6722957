"""Units of time, spans of time in them, and yearly discount rates per unit."""

from __future__ import annotations

import math

from crm_analysis.errors import InputError, nearest

PER_YEAR = {"day": 365.2425, "week": 365.2425 / 7, "month": 12.0, "year": 1.0}


def check_unit(unit: str) -> str:
    """Return the unit if it is ``day``, ``week``, ``month`` or ``year``, else raise `InputError`.

    Examples
    --------
    >>> check_unit("week")
    'week'
    """
    if unit not in PER_YEAR:
        raise InputError(
            f"the unit of time {unit!r} is not known",
            expected=", ".join(PER_YEAR),
            mend=nearest(str(unit), PER_YEAR) or "choose one of these",
            zh=f"未知的时间单位 {unit!r}",
        )
    return unit


def rate_per_unit(annual: float, *, unit: str) -> float:
    """Continuous discount rate per unit of time of a yearly rate: ``ln(1 + annual) / units per year``.

    A year has 365.2425 days, 52.1775 weeks or 12 months.

    Parameters
    ----------
    annual : float
        Effective yearly rate; 0.10 is 10 %.
    unit : str

    Raises
    ------
    InputError
        If the rate is not from 0 to 1, or the unit is not known.

    Examples
    --------
    >>> round(rate_per_unit(0.15, unit="week"), 7)
    0.0026786
    """
    if not (isinstance(annual, (int, float)) and 0 <= annual <= 1):
        hint = f"{annual} % is {annual / 100:g}" if isinstance(annual, (int, float)) and 1 < annual <= 100 else ""
        raise InputError(f"the yearly discount rate must lie between 0 and 1; got {annual!r}", mend=hint,
                         zh="年折现率应在 0 与 1 之间")  # fmt: skip
    return math.log1p(annual) / PER_YEAR[check_unit(unit)]
