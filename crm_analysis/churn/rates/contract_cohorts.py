"""Cohorts of contracts: accounts by the period of their first start, and how many are under contract later."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm_analysis.churn.rates.book import Book, read_contracts
from crm_analysis.errors import InputError
from crm_analysis.intervals import share_columns
from crm_analysis.segments import periods
from crm_analysis.tables.days import Moment, day_number


@dataclass(frozen=True)
class ContractCohorts:
    """Triangles of contracts: one row per cohort, one column per age (0 is the period of the start).

    A cell whose period starts after the end of the data is NaN: not observed, not 0. The period that holds the end
    is marked in `partial` and left out of `mean`: it is not over yet, and more may leave.

    Parameters
    ----------
    period : str
    sizes : pandas.Series
        Accounts of each cohort: all that started in its period.
    customers : pandas.DataFrame
        Accounts of the cohort under contract at the end of the period (of the data in a partial one).
    share : pandas.DataFrame
        The same as part of the cohort; below 1 at age 0 where some leave in their first period.
    revenue : pandas.DataFrame or None
        Monthly fees of these accounts; None if fees are missing or blank.
    partial : pandas.DataFrame of bool
    mean : pandas.DataFrame, index contract_age
        Over the complete cells of an age: retained_accounts, cohort_accounts, share with Wilson's limits.
    before_data : int
        Accounts that started before the data begin: of their cohorts only those are on record that stayed until
        then, so they stand in no cohort.
    """

    period: str
    sizes: pd.Series
    customers: pd.DataFrame
    share: pd.DataFrame
    revenue: pd.DataFrame | None
    partial: pd.DataFrame
    mean: pd.DataFrame
    before_data: int


def contract_cohorts(
    contracts: pd.DataFrame, *, data_end: Moment, data_start: Moment | None = None, period: str = "month",
    max_gap_days: int = 1, level: float = 0.95,
) -> ContractCohorts:  # fmt: skip
    r"""Retention triangle of contracts.

    .. math:: \text{share}_{c,k} = \frac{\text{accounts of cohort } c \text{ under contract at the end of period }
        c + k}{\text{accounts of cohort } c}

    An account that comes back is counted again; it stays in the cohort of its first start.

    Parameters
    ----------
    contracts : pandas.DataFrame
        As in `contract_rates.contract_rates`.
    data_end : str or Timestamp
        Last day of complete data. Later starts and ends do not count.
    data_start : str or Timestamp, optional
        First day from which ended contracts are on record; by default that of the first start.
    period : {"month", "quarter", "year", "week"}
    max_gap_days : int
    level : float in (0, 1)

    Returns
    -------
    ContractCohorts

    Raises
    ------
    InputError
        If the table cannot be used or no account starts within the data.

    References
    ----------
    .. [1] Fader, Hardie & Ross (2022). The Customer-Base Audit, lens 3.

    Examples
    --------
    >>> day = lambda *texts: pd.to_datetime(list(texts)).tz_localize("UTC")
    >>> contracts = pd.DataFrame({"account_id": list("abc"), "ended_on": day("2012-02-20", None, None),
    ...                           "started_on": day("2012-01-05", "2012-01-20", "2012-02-02")})
    >>> found = contract_cohorts(contracts, data_end="2012-03-10")
    >>> found.share.values.tolist()
    [[1.0, 0.5, 0.5], [1.0, 1.0, nan]]
    >>> found.partial.values.tolist()
    [[False, False, True], [False, True, False]]
    """
    periods.check_period(period)
    book = read_contracts(contracts, max_gap_days=max_gap_days)
    zone = contracts["started_on"].dt.tz
    first = book.spells.groupby("code")["first"].min().to_numpy()
    end = day_number(data_end, zone)
    start = int(first.min()) if data_start is None else day_number(data_start, zone)
    member = (first >= start) & (first <= end)
    if not member.any():
        raise InputError(f"no account starts from {np.datetime64(start, 'D')} to {data_end}", where="table contracts",
                         mend="check data_start and data_end", zh="数据期内没有新签账户")  # fmt: skip
    return _triangles(book, first, member, period, (start, end), level)


def _triangles(
    book: Book, first: np.ndarray, member: np.ndarray, period: str, window: tuple[int, int], level: float
) -> ContractCohorts:
    start, end = window
    number = periods.number(first, period)
    begin, last = int(number[member].min()), int(periods.number(np.array([end]), period)[0])
    shape, rows = (last - begin + 1,) * 2, int(number[member].max()) - begin + 1
    sizes = np.bincount(number[member] - begin, minlength=shape[0])
    customers, revenue = np.full(shape, np.nan), np.full(shape, np.nan)
    row = np.where(member, number - begin, shape[0])
    for at in range(shape[0]):  # one calendar period after another: a diagonal of the triangle
        day = min(int(periods.first_day(begin + at + 1, period)) - 1, end)
        here, cohorts = book.under_contract(day), np.arange(at + 1)
        customers[cohorts, at - cohorts] = np.bincount(row[here], minlength=shape[0] + 1)[: at + 1]
        revenue[cohorts, at - cohorts] = np.bincount(row[here], book.fees(day)[here], shape[0] + 1)[: at + 1]
    calendar = np.arange(shape[0])[:, None] + np.arange(shape[1])
    cut = begin + calendar == last if periods.first_day(last + 1, period) - 1 > end else np.zeros(shape, bool)

    def frame(values: np.ndarray) -> pd.DataFrame:
        index = pd.Index(periods.label(np.arange(begin, begin + rows), period), name="contract_cohort")
        return pd.DataFrame(values[:rows], index=index, columns=pd.RangeIndex(shape[1], name="contract_age"))

    partial = cut & (calendar < shape[0])
    share = frame(customers / np.where(sizes > 0, sizes, np.nan)[:, None])
    money = frame(revenue) if np.isfinite(revenue[np.isfinite(customers)]).all() else None
    whole = np.isfinite(customers) & ~partial
    retained, base = np.where(whole, customers, 0).sum(axis=0), (whole * sizes[:, None]).sum(axis=0)
    mean = pd.DataFrame({"retained_accounts": retained.astype(int), "cohort_accounts": base})
    mean = mean.assign(**share_columns("share", retained, base, level=level)).rename_axis("contract_age")
    sizes = pd.Series(sizes[:rows], index=share.index, name="cohort_accounts")
    return ContractCohorts(
        period, sizes, frame(customers), share, money, frame(partial), mean, int((first < start).sum())
    )
