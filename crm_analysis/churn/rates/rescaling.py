"""A churn rate in another length of time, and the usual wrong ways to one."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import pandas as pd

from crm_analysis.churn.rates.contract_rates import one_row
from crm_analysis.errors import InputError
from crm_analysis.intervals import Estimate

YEAR_DAYS = 365.25
MONTH_DAYS = YEAR_DAYS / 12
Rate = TypeVar("Rate", float, Estimate)


def rescale(rate: Rate, *, from_days: float, to_days: float) -> Rate:
    r"""Churn rate over another length of time, if the hazard is constant.

    .. math:: c_h = 1 - (1 - c_D)^{h/D}

    Those who leave early cannot leave again: five per cent a month are 46 % a year, not 60 %. Early months
    usually lose more than later ones (`hazard_table`), so a rate of a young base overstates the year.

    Parameters
    ----------
    rate : float in [0, 1], or Estimate
        Rate over `from_days`; of an Estimate the limits are rescaled as well.
    from_days, to_days : float > 0
        `MONTH_DAYS` is 365.25 / 12, `YEAR_DAYS` 365.25.

    Returns
    -------
    float or Estimate
        As given.

    Raises
    ------
    InputError
        If the rate lies outside [0, 1] or a length is not positive.

    Examples
    --------
    >>> round(rescale(0.05, from_days=MONTH_DAYS, to_days=YEAR_DAYS), 6)
    0.45964
    >>> f"{rescale(Estimate(0.15, 0.12, 0.18), from_days=90, to_days=30):.3f}"
    '0.053 [0.042, 0.064]'
    """
    values = np.asarray(rate, float)
    problems = []
    if ((values < 0) | (values > 1)).any() or np.isinf(values).any():
        hint = (
            f"; if {values.flat[0]:g} % was meant, pass {values.flat[0] / 100:g}" if 1 < values.flat[0] <= 100 else ""
        )
        problems.append(f"a churn rate must lie in [0, 1]; got {rate}{hint}")
    problems += [
        f"{name} must be above 0; got {days}"
        for name, days in (("from_days", from_days), ("to_days", to_days))
        if not 0 < days < np.inf
    ]
    if problems:
        raise InputError("; ".join(problems), zh="流失率应在 0 与 1 之间，天数应大于 0")
    with np.errstate(divide="ignore"):  # a rate of 1 stays 1
        scaled = -np.expm1(np.log1p(-values) * (to_days / from_days))
    return Estimate(*map(float, scaled)) if isinstance(rate, Estimate) else float(scaled)


def rate_mistakes(rates: pd.DataFrame, *, group: object = None) -> pd.DataFrame:
    """The churn rate of one period, right and by the usual errors, side by side.

    Parameters
    ----------
    rates : pandas.DataFrame
        From `contract_rates`.
    group : optional
        Row of `rates`; by default its only one.

    Returns
    -------
    pandas.DataFrame, index way
        rate_of (``of_the_period``, ``of_a_year``, ``of_a_month``), numerator, denominator, rate_value, correct_value
        (of the same quantity), rate_error (rate_value less correct_value). Ways: ``opening_base`` (right),
        ``average_base`` and ``closing_base`` (accounts won dilute the rate), ``all_endings`` (ends of accounts won in
        the period, and of those who came back, in the numerator); ``compounded_year`` (right), ``times_periods`` (the
        rate times the number of periods); ``compounded_month`` (right), ``year_over_12`` (the annual rate divided
        by 12).

    Raises
    ------
    InputError
        If there are several rows and none is named, or nobody was there at the start.

    Examples
    --------
    >>> rates = pd.DataFrame({"accounts_start": 100, "lost": 10, "accounts_end": 190, "endings": 14, "days": 30},
    ...                      index=["total"])
    >>> rate_mistakes(rates)["rate_value"].round(3).to_dict()
    {'opening_base': 0.1, 'average_base': 0.069, 'closing_base': 0.053, 'all_endings': 0.14, 'compounded_year': 0.723,
     'times_periods': 1.218, 'compounded_month': 0.101, 'year_over_12': 0.06}
    """
    row = one_row(rates, group)
    base, lost, end = float(row["accounts_start"]), float(row["lost"]), float(row["accounts_end"])
    if base == 0:
        raise InputError("nobody was under contract at the start: there is no churn rate", where="accounts_start",
                         zh="期初没有在约账户，无法计算流失率")  # fmt: skip
    right, days = lost / base, float(row["days"])
    year = rescale(right, from_days=days, to_days=YEAR_DAYS)
    ways = [
        ("opening_base", "of_the_period", lost, base, right),
        ("average_base", "of_the_period", lost, (base + end) / 2, right),
        ("closing_base", "of_the_period", lost, end, right),
        ("all_endings", "of_the_period", float(row["endings"]), base, right),
        ("compounded_year", "of_a_year", year, 1.0, year),
        ("times_periods", "of_a_year", right * YEAR_DAYS / days, 1.0, year),
        ("compounded_month", "of_a_month", rescale(right, from_days=days, to_days=MONTH_DAYS), 1.0, None),
        ("year_over_12", "of_a_month", year, 12.0, rescale(right, from_days=days, to_days=MONTH_DAYS)),
    ]
    table = pd.DataFrame(ways, columns=["way", "rate_of", "numerator", "denominator", "correct_value"]).set_index("way")
    value = table["numerator"] / table["denominator"].where(table["denominator"] > 0)
    table.insert(3, "rate_value", value)
    table["correct_value"] = table["correct_value"].astype(float).fillna(value)
    return table.assign(rate_error=table["rate_value"] - table["correct_value"])
