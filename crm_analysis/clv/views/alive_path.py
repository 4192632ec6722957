"""P(alive) of one customer, day by day: it falls while nothing is bought and jumps with each purchase."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from crm_analysis.clv.summary.calendar import elapsed
from crm_analysis.clv.views.tracking import as_day
from crm_analysis.errors import InputError
from crm_analysis.intervals import check_level


def p_alive_path(
    model: Any,
    purchase_days: Iterable,
    *,
    until: object = None,
    unit: str = "week",
    ahead_days: int = 0,
    draws: pd.DataFrame | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """P(alive) of one customer at the end of each day, from the first purchase to `until`, and on from there.

    Each day is judged by what was known on that day: purchases up to it and the silence since the last one. After
    `until` it is the chance of being still active on a later day, as known at `until`.

    Parameters
    ----------
    model : model of repeat buying
        Fitted, in continuous time.
    purchase_days : days
        The days on which the customer bought, the first one included; several purchases on a day count once.
    until : day, optional
        Last day observed; the last purchase by default.
    unit : str
        Unit of time of the model: ``day``, ``week``, ``month`` or ``year``.
    ahead_days : int
        How many days to look ahead.
    draws : pandas.DataFrame, optional
        Draws of the parameters (from ``model.posterior().draws``), one column per parameter: with them the table has an
        interval.
    level : float in (0, 1)

    Returns
    -------
    pandas.DataFrame
        One row per day: ``day``, ``frequency``, ``recency``, ``T`` as known on the day, ``bought_on_day``,
        ``ahead`` (after `until`), ``p_alive`` at the end of the day, ``p_alive_before``: on days of a repeat purchase,
        what it would be without that purchase. With `draws` also ``p_alive_low``, ``p_alive_high``.

    Raises
    ------
    InputError
        If there is no purchase day up to `until`, or the model counts occasions.

    Examples
    --------
    >>> from crm_analysis.clv import ParetoNBD
    >>> model = ParetoNBD.with_params(r=0.553277, alpha=10.577684, s=0.606240, beta=11.668738)
    >>> path = p_alive_path(model, ["2024-01-01", "2024-01-15"], until="2024-01-29", ahead_days=7)
    >>> path.set_index("day").loc[["2024-01-14", "2024-01-15", "2024-01-29", "2024-02-05"], "p_alive"].round(3).tolist()
    [0.911, 1.0, 0.911, 0.878]
    """
    if getattr(model, "discrete", False):
        raise InputError(f"{model.key} counts occasions, not days", zh="离散模型按购买机会计数，不按日计算")
    bought = pd.DatetimeIndex(pd.to_datetime(list(purchase_days))).tz_localize(None).normalize().unique().sort_values()
    last = as_day(until, "until") if until is not None else bought.max()
    bought = bought[bought <= last]
    if bought.empty:
        raise InputError("the customer has no purchase day in the time observed", where=f"until {until}",
                         zh="该客户在观察期内没有购买")  # fmt: skip
    if ahead_days != int(ahead_days) or ahead_days < 0:
        raise InputError(f"ahead_days must be a whole number from 0; got {ahead_days}", zh="ahead_days 必须是非负整数")
    table = _history(bought, last, int(ahead_days), unit)
    ahead, theta = table.pop("time_ahead"), model.theta_
    table["p_alive"] = _alive(model, theta, table, ahead)
    again = table["bought_on_day"] & (table["frequency"] > 0)
    before = table.assign(frequency=table["frequency"] - 1, recency=table["recency"].shift())[again]
    table["p_alive_before"] = _alive(model, theta, before, ahead[again]).reindex(table.index)
    if draws is not None:
        tail = (1 - check_level(level)) / 2
        theta = tuple(draws[name].to_numpy()[:, None] for name in model.names)
        both = np.quantile(_chances(model, theta, table, ahead), [tail, 1 - tail], axis=0)
        table["p_alive_low"], table["p_alive_high"] = both
    table.attrs = {"model": model.key, "until": last, "level": level}
    return table


def _history(bought: pd.DatetimeIndex, last: pd.Timestamp, ahead_days: int, unit: str) -> pd.DataFrame:
    """Return what is known at the end of each day, and how far ahead of it the day lies."""
    day = pd.date_range(bought[0], last + pd.Timedelta(days=ahead_days), freq="D")
    known = np.minimum(day, last)
    count = bought.searchsorted(known, side="right")
    since = {name: _since_first(bought[0], days, unit) for name, days in
             {"recency": bought[count - 1], "T": known, "age": day}.items()}  # fmt: skip
    return pd.DataFrame(
        {
            "day": day,
            "frequency": count - 1,
            "recency": since["recency"],
            "T": since["T"],
            "bought_on_day": day.isin(bought),
            "ahead": day > last,
            "time_ahead": since["age"] - since["T"],
        }
    )


def _since_first(first: pd.Timestamp, days: pd.DatetimeIndex, unit: str) -> np.ndarray:
    begin = (first - pd.Timestamp(0)).days
    return elapsed(begin, (days - pd.Timestamp(0)).days.to_numpy(), unit=unit)


def _alive(model: Any, theta: tuple, table: pd.DataFrame, ahead: pd.Series) -> pd.Series:
    return pd.Series(_chances(model, theta, table, ahead), index=table.index, dtype=float)


def _chances(model: Any, theta: tuple, table: pd.DataFrame, ahead: pd.Series) -> np.ndarray:
    """Return P(alive at T + ahead) of each row, for each draw of the parameters."""
    x, tx, T = (table[name].to_numpy(float) for name in ("frequency", "recency", "T"))
    now, later = model._alive(theta, x, tx, T), model._survival(model._updated(theta, x, T), ahead.to_numpy(float))
    return np.clip(now * later, 0, 1)
