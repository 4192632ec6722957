"""Churn under contract period by period: months, quarters or years of the calendar."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crm_analysis.churn.rates.book import check_sizes, read_contracts
from crm_analysis.churn.rates.contract_rates import period_days, rates_of
from crm_analysis.churn.rates.data_end import limits_of
from crm_analysis.errors import InputError
from crm_analysis.intervals import check_level
from crm_analysis.segments import periods
from crm_analysis.tables.days import Moment

MOST_PERIODS = 600


def monthly_rates(
    contracts: pd.DataFrame, *, start: Moment, end: Moment, as_of: Moment | None = None, period: str = "month",
    by: str | None = None, max_gap_days: int = 1, level: float = 0.95, draws: int = 1000, seed: int = 0,
) -> pd.DataFrame:  # fmt: skip
    """Rates of `contract_rates` for every calendar period from `start` to `end`.

    Parameters
    ----------
    contracts, as_of, by, max_gap_days, level, draws, seed
        As in `contract_rates`.
    start, end : str or Timestamp
        First and last day of complete data; the period that holds `end` is counted to `end` only and marked partial,
        and so is a first period cut by `start`: a shorter time has a smaller chance of leaving.
    period : {"month", "quarter", "year", "week"}

    Returns
    -------
    pandas.DataFrame, index period (or (`by`, period))
        partial, and the columns of `contract_rates`. A period without a base has NaN rates; one (or a group in it)
        in which nobody was under contract has no row.

    Raises
    ------
    InputError
        As `contract_rates` (without `as_of`: if the last period begins after the last date on record); if `period` is
        not known, or there are more than 600 periods.

    Examples
    --------
    >>> day = lambda *texts: pd.to_datetime(list(texts)).tz_localize("UTC")
    >>> contracts = pd.DataFrame({"account_id": ["a", "b"], "started_on": day("2012-01-05", "2012-01-02"),
    ...                           "ended_on": day("2012-03-20", None)})
    >>> table = monthly_rates(contracts, start="2012-02-01", end="2012-04-10", as_of="2012-04-10")
    >>> table[["accounts_start", "lost", "churn_rate", "partial"]].values.tolist()
    [[2, 0, 0.0, False], [2, 1, 0.5, False], [1, 0, 0.0, True]]
    """
    check_level(level)
    check_sizes(draws=draws, seed=seed)
    periods.check_period(period)
    book = read_contracts(contracts, by=by, max_gap_days=max_gap_days)
    first, last = period_days(start, end, contracts["started_on"].dt.tz)
    opening, closing = periods.number(np.array([first, last]), period)
    numbers = np.arange(opening, closing + 1)
    if len(numbers) > MOST_PERIODS:
        raise InputError(f"{len(numbers):,} periods from {start} to {end}", expected=f"up to {MOST_PERIODS}",
                         mend="take a longer period", zh=f"时期数超过 {MOST_PERIODS}")  # fmt: skip
    opens = np.maximum(periods.first_day(numbers, period), first)
    closes = np.minimum(periods.first_day(numbers + 1, period) - 1, last)
    partial = (periods.first_day(numbers, period) < first) | (periods.first_day(numbers + 1, period) - 1 > last)
    told = limits_of(contracts, book, opens=int(opens[-1]), last=last, as_of=as_of)
    how = {"level": level, "draws": draws, "seed": seed}
    parts = {}
    for name, open_day, close_day, cut in zip(periods.label(numbers, period), opens, closes, partial):
        if not ((book.spells["first"] <= close_day) & (book.spells["last"] >= open_day)).any():
            continue
        table = rates_of(book, int(open_day), int(close_day), **how)
        table.insert(0, "partial", bool(cut))
        parts[name] = table
    if not parts:
        raise InputError(
            f"nobody was under contract from {start} to {end}",
            where="table contracts",
            expected="a time within the data",
            mend="check start and end",
            zh="该时期没有在约账户",
        )
    series = pd.concat(parts, names=["period", by or "group"])
    if by is None:
        table = series.droplevel(1)
        table.attrs = told
        return table
    size = series["accounts_start"].groupby(level=1, sort=False).sum().sort_values(ascending=False, kind="stable")
    table = pd.concat({name: series.xs(name, level=1) for name in size.index}, names=[by])
    table.attrs = told
    return table
