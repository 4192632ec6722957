"""Purchases of all customers week by week: as they happened, and as a model expects them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from crm_analysis.clv.summary.calendar import elapsed
from crm_analysis.clv.views.checks import by_name
from crm_analysis.errors import InputError

ACTUAL = "actual"
WEEK = 7  # days
EPOCH = pd.Timestamp(0)
NEVER = np.iinfo("int64").max


def tracking(
    models: object,
    days: pd.DataFrame,
    *,
    calibration_end: object,
    until: object = None,
    unit: str = "week",
) -> pd.DataFrame:
    r"""Repeat purchases at the end of every week, actual and expected.

    .. math:: E_w = \sum_i E(7w - 1 - f_i)

    The first purchase in the data is on day 0 and customer i buys first on day :math:`f_i`; E(t) is the model's
    mean number of repeat purchases of a new customer in time t. The sum runs over customers who have bought by day
    7w - 1, grouped by first day, so it costs the same for a thousand customers and for a million.

    Only customers who bought first by the end of the calibration are counted, for the model knows of no others; a
    last week that is not complete is left out.

    Parameters
    ----------
    models : model, list or dict of models
        Fitted on the calibration.
    days : pandas.DataFrame
        ``customer_id`` and ``day``: one row per customer and day with a purchase, first purchases included.
    calibration_end : day
        Last day the models have seen.
    until : day, optional
        Last day of the data; the last purchase by default.
    unit : str
        Unit of time of the models: ``day``, ``week``, ``month`` or ``year`` (counted as `calendar.elapsed` does).

    Returns
    -------
    pandas.DataFrame
        One row per model and week, first those of ``actual``: ``model``, ``week`` (from 1), ``week_end`` (its last
        day), ``in_holdout`` (ends after the calibration), ``repeat_purchases`` in the week, ``repeat_purchases_total``
        since the start. ``attrs`` holds calibration_end, customers, and customers_later: those who first bought
        after the calibration and are not counted.

    Raises
    ------
    InputError
        If columns are missing, a customer-day stands twice, or there is no whole week.

    References
    ----------
    .. [1] Fader, Hardie, Lee (2005). "Counting your customers" the easy way. Marketing Science 24, 275-284, fig. 3.

    Examples
    --------
    >>> from crm_analysis.clv import ParetoNBD
    >>> model = ParetoNBD.with_params(r=0.55, alpha=10.56, s=0.61, beta=11.64)
    >>> days = pd.DataFrame({"customer_id": ["a", "a", "b"], "day": pd.to_datetime(["2020-01-01", "2020-01-09",
    ...                                                                             "2020-01-03"])})
    >>> table = tracking(model, days, calibration_end="2020-01-07", until="2020-01-14")
    >>> table[["model", "week", "in_holdout", "repeat_purchases_total"]].round(3)
            model  week  in_holdout  repeat_purchases_total
    0      actual     1       False                   0.000
    1      actual     2        True                   1.000
    2  pareto_nbd     1       False                   0.073
    3  pareto_nbd     2        True                   0.171
    """
    customer, day = _checked(days)
    split = as_day(calibration_end, "calibration_end")
    last = _day_from(day.max()) if until is None else as_day(until, "until")
    customer, day = customer[day <= _number(last)], day[day <= _number(last)]
    first = _first_days(customer, day)
    known = first[first <= _number(split)]
    weeks = int((_number(last) - known.min() + 1) // WEEK) if len(known) else 0
    if not weeks:
        raise InputError("there is no whole week to track", where=f"days to {last:%Y-%m-%d}, known to {split:%Y-%m-%d}",
                         expected="a week or more of purchases, by customers who bought first by calibration_end",
                         zh="数据不足一周，无法按周对比")  # fmt: skip
    ends = known.min() + WEEK * np.arange(1, weeks + 1) - 1
    shared = {"week": np.arange(1, weeks + 1), "week_end": _day_from(ends), "in_holdout": ends > _number(split)}
    begin = first[customer]
    repeat = np.sort(day[(day > begin) & (begin <= _number(split))])
    totals = {ACTUAL: np.searchsorted(repeat, ends, side="right").astype(float)}
    expected = _expected_totals(known, ends, unit)
    for name, model in _continuous(models, unit).items():
        totals[name] = expected(model)
    tables = [pd.DataFrame({"model": name, **shared, "repeat_purchases": np.diff(total, prepend=0.0),
                            "repeat_purchases_total": total}) for name, total in totals.items()]  # fmt: skip
    table = pd.concat(tables, ignore_index=True)
    later = int((first < NEVER).sum() - len(known))
    table.attrs = {"calibration_end": split, "customers": len(known), "customers_later": later}
    return table


def tracking_error(table: pd.DataFrame) -> pd.DataFrame:
    r"""How far models were off in the holdout, from `tracking`.

    .. math:: \text{MAPE} = \frac1W \sum_w \left| \frac{E_w - A_w}{A_w} \right|

    over the cumulative numbers at the end of each week of the holdout (weeks with nothing bought so far are left
    out). Cumulative numbers start from the calibration, which the model has seen, so a MAPE of a few per cent is
    usual; the bias of the holdout's own purchases is the stricter number.

    Parameters
    ----------
    table : pandas.DataFrame
        From `tracking`.

    Returns
    -------
    pandas.DataFrame
        One row per model: ``model``, ``weeks``, ``mape``, ``expected`` and ``actual`` (repeat purchases in these
        weeks), ``tracking_bias`` (expected over actual less 1).

    Raises
    ------
    InputError
        If no week lies in the holdout.

    Examples
    --------
    >>> table = pd.DataFrame({"model": ["actual", "actual", "nbd", "nbd"], "week": [1, 2, 1, 2],
    ...                       "in_holdout": [False, True, False, True], "repeat_purchases": [4.0, 6.0, 3.0, 8.0],
    ...                       "repeat_purchases_total": [4.0, 10.0, 3.0, 11.0]})
    >>> tracking_error(table).round(3).to_numpy().tolist()
    [['nbd', 1, 0.1, 8.0, 6.0, 0.333]]
    """
    later = table[table["in_holdout"]]
    if later.empty:
        raise InputError("no week lies after the calibration", mend="give a calibration_end before the last week",
                         zh="没有位于留出期的周")  # fmt: skip
    total = {name: part.set_index("week")["repeat_purchases_total"] for name, part in later.groupby("model")}
    count = later.groupby("model")["repeat_purchases"].sum()
    actual, bought = total[ACTUAL].where(total[ACTUAL] > 0), count[ACTUAL]
    rows = [
        {
            "model": name,
            "weeks": len(actual),
            "mape": (total[name] / actual - 1).abs().mean(),
            "expected": count[name],
            "actual": bought,
            "tracking_bias": count[name] / bought - 1 if bought else float("nan"),
        }
        for name in table["model"].unique()
        if name != ACTUAL
    ]
    return pd.DataFrame(rows)


def _first_days(customer: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Return the first day of each customer, `NEVER` of one without a day."""
    first = np.full(int(customer.max(initial=-1)) + 1, NEVER)
    np.minimum.at(first, customer, day)
    return first


def _expected_totals(known: np.ndarray, ends: np.ndarray, unit: str) -> Callable[[Any], np.ndarray]:
    """Return the rule from a model to the purchases it expects up to each of the days: one age, one evaluation."""
    begin, people = np.unique(known, return_counts=True)
    begin = begin[:, None]
    ages, which = np.unique(elapsed(begin, np.maximum(ends, begin), unit=unit), return_inverse=True)
    here = people[:, None] * (ends >= begin)
    return lambda model: (here * np.asarray(model.expected_purchases(horizon=ages), float)[which]).sum(axis=0)


def _continuous(models: object, unit: str) -> dict:
    named = by_name(models)
    if ACTUAL in named:
        raise InputError(f"{ACTUAL!r} stands for what happened: give the model another name",
                         zh=f"模型不能命名为 {ACTUAL}")  # fmt: skip
    wrong = [name for name, model in named.items() if getattr(model, "discrete", False)]
    other = [f"{name}: {model.unit_}" for name, model in named.items() if getattr(model, "unit_", "") not in ("", unit)]
    if wrong:
        raise InputError(f"{', '.join(wrong)} counts occasions, not time: there are no weeks to track",
                         zh="离散模型按购买机会计数，无法按周对比")  # fmt: skip
    if other:
        raise InputError(f"the models were fitted in other units than {unit}", where=", ".join(other),
                         mend="pass the unit of the models: unit=...", zh="模型的时间单位不一致")  # fmt: skip
    return named


def as_day(given: object, name: str) -> pd.Timestamp:
    """Return a day without hour and zone.

    Examples
    --------
    >>> as_day("2020-01-31 12:00", "until")
    Timestamp('2020-01-31 00:00:00')
    """
    try:
        day = pd.Timestamp(given)
    except (TypeError, ValueError) as error:
        raise InputError(f"{name} is not a day: {given!r}", expected="a day such as 2020-01-31",
                         zh=f"{name} 不是日期") from error  # fmt: skip
    if pd.isna(day):
        raise InputError(f"{name} is empty", expected="a day such as 2020-01-31", zh=f"{name} 为空")
    return day.tz_localize(None).normalize()


def _number(day: pd.Timestamp) -> int:
    return (day - EPOCH).days


def _day_from(number: int | np.ndarray) -> pd.Timestamp | pd.DatetimeIndex:
    return EPOCH + pd.to_timedelta(number, unit="D")


def _checked(days: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return the number of each row's customer, and its day counted from 1970-01-01."""
    right = {"expected": "customer_id, day: one row per customer and day with a purchase", "zh": "购买日表不可用"}
    missing = [name for name in ("customer_id", "day") if name not in days]
    if missing:
        raise InputError(f"the columns {', '.join(missing)} are missing", where=f"columns {list(days.columns)[:12]}",
                         **right)  # fmt: skip
    if not pd.api.types.is_datetime64_any_dtype(days["day"]):
        raise InputError(f"the column day holds {days['day'].dtype}, not days", mend="pd.to_datetime(days['day'])",
                         **right)  # fmt: skip
    customer, _ = pd.factorize(days["customer_id"])
    day = days["day"].dt.tz_localize(None).to_numpy().astype("datetime64[D]").astype("int64")
    both = pd.DataFrame({"customer": customer, "day": day})
    rules = {"without customer or day": days["day"].isna() | (customer < 0), "that stand twice": both.duplicated()}
    broken = [f"{int(hit.sum())} rows {rule}" for rule, hit in rules.items() if hit.any()]
    if broken or days.empty:
        raise InputError(f"these days cannot be used: {', '.join(broken) or 'there are none'}",
                         mend="days.dropna().drop_duplicates(['customer_id', 'day'])", **right)  # fmt: skip
    return customer, day
