"""The scorecard at several dates: whether a model wins once, or again and again."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd

from crm_analysis.clv.holdout.scorecard import KNOWN, checked_models, scorecard
from crm_analysis.clv.holdout.sheet import Contender
from crm_analysis.clv.models.model import PurchaseModel
from crm_analysis.clv.units import check_unit
from crm_analysis.errors import InputError

DAYS = {"day": 1, "week": 7}
MONTHS = {"month": 1, "year": 12}
PATIENCE = 3  # seconds before a progress bar is shown


def rolling_origins(
    orders: object,
    models: Iterable[Contender] | None = None,
    *,
    ends: Iterable[object],
    horizon: float,
    unit: str | None = None,
    until: object = None,
    summarizer: Callable[..., Any] | None = None,
) -> pd.DataFrame:
    """Fit models up to each of several dates and score them on the time after it.

    Parameters
    ----------
    orders : Summary, or whatever `clv.summarize` reads
        Orders are read once.
    models : iterable of models and baselines, optional
        They are fitted anew at every date (copies; yours stay as they are). Default as in `scorecard`.
    ends : iterable of dates
        Last days of the calibrations.
    horizon : float
        Length of each holdout, in `unit`: whole days, whole months.
    unit : str, optional
        ``day``, ``week``, ``month`` or ``year``; default that of the summary, or ``week``.
    until : date, optional
        Last day of complete data; default that of the summary.
    summarizer : callable, optional
        Takes a frame of orders, ``calibration_end``, ``until`` and ``unit``, and returns a summary or its frame;
        default `clv.summarize`.

    Returns
    -------
    pandas.DataFrame
        origin, model, customers, and the measures of `scorecard` without intervals; ``attrs`` holds horizon and unit.

    Raises
    ------
    InputError
        If a holdout ends after the data, a date stands twice, or a fit is not possible at a date.

    References
    ----------
    .. [1] Tashman (2000). Out-of-sample tests of forecasting accuracy. International Journal of Forecasting 16,
       437-450 (rolling origins).

    Examples
    --------
    >>> from crm_analysis.clv import NBD
    >>> from crm_analysis.sources.cdnow import load_cdnow
    >>> orders = load_cdnow(sample=True)["orders"]
    >>> table = rolling_origins(orders, [NBD()], ends=["1997-06-30", "1997-12-30"], horizon=26)
    >>> table[["model", "total", "actual"]].round(1).values.tolist()
    [['nbd', 2306.2, 1443.0], ['nbd', 1812.4, 1156.0]]
    """
    unit = check_unit(unit or getattr(orders, "unit", None) or "week")
    chosen = checked_models([kind() for kind in KNOWN] if models is None else models)
    take, last_day = _source(orders, summarizer, unit, until)
    spans = _spans(ends, horizon, unit, last_day)
    parts = []
    for end, last in _progress(spans):
        try:
            card = scorecard([_fresh(model) for model in chosen], take(end, last), draws=0)
        except InputError as error:
            raise InputError(error.what, where=f"origin {end:%Y-%m-%d}; {error.where}", expected=error.expected,
                             mend=error.mend, zh=error.zh) from error  # fmt: skip
        columns = [name for name in card.table if not name.endswith(("_low", "_high"))]
        part = card.table[columns].reset_index()
        part.insert(0, "origin", end)
        part.insert(2, "customers", card.customers)
        parts.append(part)
    table = pd.concat(parts, ignore_index=True)
    table.attrs |= {"horizon": float(horizon), "unit": unit}
    return table


def _fresh(model: Contender) -> Contender:
    return type(model)(**model.get_params()) if isinstance(model, PurchaseModel) else model


def _source(
    orders: object, summarizer: Callable[..., Any] | None, unit: str, until: object
) -> tuple[Callable[..., Any], pd.Timestamp]:
    """Return the function that summarizes to one date with a holdout to another, and the last day of the data."""
    if summarizer is not None:
        last = orders["ordered_at"].max() if until is None else until
        return lambda end, stop: summarizer(orders, calibration_end=end, until=stop, unit=unit), _day(last)
    summary = orders
    if not hasattr(orders, "calibration_end"):
        from crm_analysis.clv.summary.summary import summarize

        summary = summarize(orders, unit=unit, until=until)
    return summary.at, _day(summary.until if until is None else until)


def _spans(
    ends: Iterable[object], horizon: float, unit: str, last: pd.Timestamp
) -> list[tuple[pd.Timestamp, pd.Timestamp]]:
    if not (isinstance(horizon, (int, float, np.number)) and 0 < horizon < np.inf):
        raise InputError(f"horizon must be longer than 0; got {horizon!r}", zh="horizon 必须大于 0")
    days = sorted(_day(end) for end in ([ends] if isinstance(ends, (str, pd.Timestamp)) else ends))
    if not days:
        raise InputError("no date was given", expected="ends: last days of calibration", zh="没有给出起点日期")
    if len(set(days)) < len(days):
        raise InputError("a date stands twice in ends", where=", ".join(f"{day:%Y-%m-%d}" for day in days),
                         zh="起点日期重复")  # fmt: skip
    spans = [(day, day_after(day, horizon, unit)) for day in days]
    late = [f"{day:%Y-%m-%d} (to {stop:%Y-%m-%d})" for day, stop in spans if stop > last]
    if late:
        raise InputError(f"{len(late)} holdouts end after the data do: {', '.join(late)}",
                         where=f"data to {last:%Y-%m-%d}", mend="choose earlier ends or a shorter horizon",
                         zh="部分留出期超出数据截止日")  # fmt: skip
    return spans


def day_after(day: pd.Timestamp, horizon: float, unit: str) -> pd.Timestamp:
    """Return the last day of a holdout after `day`, or raise `InputError` if it does not end on a day."""
    steps = horizon * (DAYS[unit] if unit in DAYS else MONTHS[unit])
    if abs(steps - round(steps)) > 1e-9:
        raise InputError(f"{horizon:g} {unit}s are not whole {'days' if unit in DAYS else 'months'}",
                         expected="a holdout that ends on a day", zh="留出期必须是整数天或整数月")  # fmt: skip
    return day + (pd.Timedelta(days=round(steps)) if unit in DAYS else pd.DateOffset(months=round(steps)))


def _day(moment: object) -> pd.Timestamp:
    try:
        day = pd.Timestamp(moment)
    except (TypeError, ValueError) as error:
        raise InputError(f"{moment!r} is not a date", expected="for instance 2011-06-30", zh="日期无法识别") from error
    if pd.isna(day):
        raise InputError("a date is empty", expected="for instance 2011-06-30", zh="日期为空")
    return day.tz_localize(None).normalize()


def _progress(spans: list[tuple[pd.Timestamp, pd.Timestamp]]) -> Iterable[tuple[pd.Timestamp, pd.Timestamp]]:
    from tqdm import tqdm

    return tqdm(spans, desc="origins", delay=PATIENCE, leave=False, file=sys.stderr)
