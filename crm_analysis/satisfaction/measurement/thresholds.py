"""The limits by which measurement is judged, each with its source; conventions all of them, so every one can change."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from numbers import Real
from typing import NamedTuple

import pandas as pd

from crm_analysis.errors import InputError, nearest


class Threshold(NamedTuple):
    """A limit and who proposed it."""

    value: float
    source: str


THRESHOLDS: dict[str, Threshold] = {
    "least_alpha": Threshold(0.70, "Nunnally (1978), Psychometric Theory, 2nd ed."),
    "most_alpha": Threshold(0.95, "Hair et al. (2019), European Business Review 31: items repeat each other"),
    "least_ave": Threshold(0.50, "Fornell & Larcker (1981), Journal of Marketing Research 18"),
    "least_loading": Threshold(0.40, "Hair et al. (2011), Journal of Marketing Theory and Practice 19"),
    "good_loading": Threshold(0.708, "Hair et al. (2019), European Business Review 31: half the variance"),
    "most_htmt": Threshold(0.90, "Henseler et al. (2015), J. Academy of Marketing Science 43; .85 strict"),
    "same_htmt": Threshold(1.00, "Henseler et al. (2015), the bound of the interval against 1"),
    "raised_vif": Threshold(3.0, "Hair et al. (2019), European Business Review 31"),
    "most_vif": Threshold(5.0, "Hair et al. (2019), European Business Review 31"),
    "most_srmr": Threshold(0.08, "Hu & Bentler (1999), Structural Equation Modeling 6; for PLS a convention"),
    "significance": Threshold(0.05, "convention"),
    "rows_per_item": Threshold(5.0, "Gorsuch (1983), Factor Analysis, 2nd ed.: a rule of thumb"),
    "rows_per_arrow": Threshold(10.0, "Barclay, Higgins & Thompson (1995), Technology Studies 2: a rule of thumb"),
    "inverse_root": Threshold(2.486, "Kock & Hadaya (2018), Information Systems Journal 28: power .8, 5 %"),
    "most_left_out": Threshold(0.05, "convention: beyond this share, who is missing matters"),
    "most_failed": Threshold(0.01, "convention: replicates without a solution"),
    "most_inadmissible": Threshold(0.10, "convention: replicates with impossible PLSc numbers"),
}  # fmt: skip


def chosen_limits(changes: Mapping[str, float] | None = None) -> dict[str, float]:
    """Return the limits, some of them replaced.

    Raises
    ------
    InputError
        If a name is unknown or a limit is no finite number.

    Examples
    --------
    >>> chosen_limits({"most_htmt": 0.85})["most_htmt"]
    0.85
    """
    unknown = [name for name in changes or {} if name not in THRESHOLDS]
    if unknown:
        named = ", ".join(f"{name} {nearest(name, THRESHOLDS)}".rstrip() for name in unknown)
        raise InputError(f"no such limit: {named}", where="thresholds", expected=", ".join(THRESHOLDS),
                         zh=f"没有这样的判断标准：{'、'.join(unknown)}")  # fmt: skip
    strange = [name for name, value in (changes or {}).items() if not (isinstance(value, Real) and isfinite(value))]
    if strange:
        raise InputError("; ".join(f"{name} is {changes[name]!r}" for name in strange), where="thresholds",
                         expected="finite numbers", zh=f"判断标准须为有限的数：{'、'.join(strange)}")  # fmt: skip
    return {name: limit.value for name, limit in THRESHOLDS.items()} | {k: float(v) for k, v in (changes or {}).items()}


def limit_table(limits: Mapping[str, float]) -> pd.DataFrame:
    """Limits in use with their sources, index limit_name; columns limit_value, limit_usual, limit_source.

    Examples
    --------
    >>> limit_table(chosen_limits({"most_htmt": 0.85})).loc["most_htmt", "limit_usual"]
    np.float64(0.9)
    """
    rows = [(value, THRESHOLDS[name].value, THRESHOLDS[name].source) for name, value in limits.items()]
    columns = ["limit_value", "limit_usual", "limit_source"]
    return pd.DataFrame(rows, columns=columns, index=pd.Index(list(limits), name="limit_name"))
