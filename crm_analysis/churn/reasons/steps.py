"""Units of features, and steps of them that people know: thirty days, a year, ten points of a share."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crm_analysis.churn.reasons.phrases import PHRASES

DAY_STEPS, MONTH_STEPS, ROUND = (1, 7, 30, 90), (1, 12), (1, 2, 5)


def unit_of(feature: str) -> str:
    """Return the unit of a feature: ``day``, ``month``, ``share``, ``money``, ..., empty if it is not known.

    Examples
    --------
    >>> unit_of("days_since_last"), unit_of("shoe_size")
    ('day', '')
    """
    phrase = PHRASES.get(feature)
    return phrase.unit if phrase else "day" if "days" in feature.split("_") else ""


def natural_step(feature: str, values: pd.Series) -> float:
    """Return a step of a feature that is easily said and about as large as customers differ.

    A mark of 0 and 1: 1. Days: 1, 7, 30 or 90. Months: 1 or 12. A share: ten points. Otherwise the number of the form
    1, 2 or 5 times a power of ten next to the standard deviation, of counts at least 1.

    Examples
    --------
    >>> natural_step("days_since_last", pd.Series([3, 60, 140])), natural_step("fee", pd.Series([20, 70, 110]))
    (30.0, 50.0)
    """
    known = values.dropna().to_numpy("float64")
    spread = float(known.std()) if len(known) else 0.0
    if not np.isfinite(spread) or spread == 0 or set(np.unique(known)) <= {0.0, 1.0}:
        return 1.0
    unit = unit_of(feature)
    if unit == "share":
        return 0.1
    if unit in ("day", "month"):
        return float(max(step for step in (DAY_STEPS if unit == "day" else MONTH_STEPS) if step <= max(1.0, spread)))
    power = 10.0 ** np.floor(np.log10(spread))
    sizes = [size * power for size in (*ROUND, 10)]
    nearest = float(f"{min(sizes, key=lambda size: abs(np.log(size / spread))):.6g}")
    return max(1.0, nearest) if (known % 1 == 0).all() else nearest
