"""From what the query brings back to the columns of a summary."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crm_analysis.clv.summary.calendar import elapsed
from crm_analysis.clv.summary.rules import Rules
from crm_analysis.clv.summary.run import Request
from crm_analysis.tables.days import day_stamp

DIGITS = 12  # to which money is rounded: engines add up in different orders


def people_frame(people: pd.DataFrame, request: Request, end: int) -> pd.DataFrame:
    """Return the frame of a summary whose calibration ends on the day `end`."""
    first, last = (people[name].to_numpy("int64") for name in ("first", "last"))
    frequency = people["days"].to_numpy("int64") - 1
    frame = pd.DataFrame(
        {"frequency": frequency, "recency": elapsed(first, last, unit=request.unit),
         "T": elapsed(first, end, unit=request.unit), "monetary_value": _mean_spend(people, request.rules)},
        index=pd.Index(people["customer_id"].astype("str"), name="customer_id"),
    )  # fmt: skip
    if request.calibration_end is not None:
        later = people["days_holdout"].to_numpy("int64")
        money = (
            people["money_holdout"].to_numpy("float64") if "money_holdout" in people else np.full(len(later), np.nan)
        )
        frame["frequency_holdout"] = later
        frame["duration_holdout"] = float(elapsed(end, request.until, unit=request.unit))
        frame["monetary_value_holdout"] = steady(_ratio(money, later))
    frame["first_at"], frame["last_at"] = stamps(first), stamps(last)
    frame.attrs["unit"] = request.unit
    return frame


def _mean_spend(people: pd.DataFrame, rules: Rules) -> np.ndarray:
    days = people["days"].to_numpy("int64")
    if "money" not in people:
        return np.full(len(people), np.nan)
    money = people["money"].to_numpy("float64")
    if rules.first_purchase == "include":
        return steady(_ratio(money, days))
    return steady(_ratio(money - people["first_money"].to_numpy("float64"), days - 1))


def _ratio(money: np.ndarray, days: np.ndarray) -> np.ndarray:
    return np.divide(money, days, out=np.full(len(days), np.nan), where=days > 0)


def steady(money: np.ndarray) -> np.ndarray:
    """Round to `DIGITS` digits, so that the order of adding up leaves no trace.

    Examples
    --------
    >>> steady(np.array([0.1 + 0.2, np.nan])).tolist()
    [0.3, nan]
    """
    size = np.floor(np.log10(np.abs(money), out=np.zeros(len(money)), where=np.isfinite(money) & (money != 0)))
    scale = 10.0 ** (DIGITS - 1 - size)
    return np.rint(money * scale) / scale


def periods(people: pd.DataFrame, request: Request, end: int) -> pd.DataFrame:
    """Return what happened in the calibration and in the holdout, one row each."""
    start = int(people["first"].min())
    parts = {"calibration": (start, end, people["days"], "money", people["days"] - 1)}
    if request.calibration_end is not None:
        later = people["days_holdout"]
        parts["holdout"] = (end + 1, request.until, later, "money_holdout", later)
    rows = {
        name: {
            "first_day": day_stamp(low), "last_day": day_stamp(high), "customers": int((days > 0).sum()),
            "repeat_customers": int((repeats > 0).sum()), "purchase_days": int(days.sum()),
            "repeat_purchases": int(repeats.sum()), "money": people[money].sum() if money in people else np.nan,
        }
        for name, (low, high, days, money, repeats) in parts.items()
    }  # fmt: skip
    frame = pd.DataFrame.from_dict(rows, orient="index").rename_axis("period")
    return frame.assign(money=steady(frame["money"].to_numpy("float64")))


def stamps(days: np.ndarray) -> np.ndarray:
    """Return days counted from 1970-01-01 as dates.

    Examples
    --------
    >>> str(stamps(np.array([2]))[0])[:10]
    '1970-01-03'
    """
    return days.astype("int64").astype("datetime64[D]").astype("datetime64[us]")
