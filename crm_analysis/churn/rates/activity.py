"""Churn without an end on record: accounts under contract that fall silent, customers who stop buying."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from crm_analysis.churn.rates.book import read_contracts
from crm_analysis.churn.rates.contract_rates import period_days
from crm_analysis.errors import InputError
from crm_analysis.intervals import check_level, share_columns
from crm_analysis.segments import inactivity, share_inactive
from crm_analysis.tables.days import Moment, day_number, day_stamp, local_days
from crm_analysis.tables.plain import plain

LIMITS = (30, 60, 90, 180)


def activity_churn(
    contracts: pd.DataFrame, log: pd.DataFrame, *, start: Moment, end: Moment, over: Sequence[int] = LIMITS,
    max_gap_days: int = 1, level: float = 0.95,
) -> pd.DataFrame:  # fmt: skip
    r"""Share of the accounts under contract at the start that show no event in the last k days of the period.

    .. math:: a_k = \frac{\#\{\text{base}, \text{no event in } (end - k,\ end]\}}{\#\,\text{base}}

    Accounts that ended are silent as a rule; those that are silent and still under contract are the warning.

    Parameters
    ----------
    contracts, start, end, max_gap_days, level
        As in `contract_rates.contract_rates`.
    log : pandas.DataFrame
        The qualifying events: account_id (or customer_id), at; complete up to `end`. Rows after `end` do not count.
    over : sequence of int >= 1
        The values of k.

    Returns
    -------
    pandas.DataFrame, index days (k)
        accounts_start, silent, activity_churn with Wilson's limits; silent_under_contract (at the end) and
        silent_gone, which add up to silent; silent_share: silent_under_contract as a share of the base that is
        still under contract, with Wilson's limits.

    Raises
    ------
    InputError
        If a table cannot be used, nobody was under contract at the start, or the log is shorter than k days.

    References
    ----------
    .. [1] Gold (2020). Fighting Churn with Data, section 2.5 (activity-based churn).

    Examples
    --------
    >>> day = lambda *texts: pd.to_datetime(list(texts)).tz_localize("UTC")
    >>> contracts = pd.DataFrame({"account_id": ["a", "b"], "started_on": day("2012-01-05", "2012-01-02"),
    ...                           "ended_on": day(None, None)})
    >>> log = pd.DataFrame({"account_id": ["a", "a", "b"], "at": day("2012-01-06", "2012-03-20", "2012-02-03")})
    >>> table = activity_churn(contracts, log, start="2012-03-01", end="2012-03-31", over=(30, 60))
    >>> table[["silent", "activity_churn", "silent_under_contract"]].values.tolist()
    [[1.0, 0.5, 1.0], [0.0, 0.0, 0.0]]
    """
    check_level(level)
    book, limits = read_contracts(contracts, max_gap_days=max_gap_days), _limits(over)
    first, last = period_days(start, end, contracts["started_on"].dt.tz)
    account, day = _events(log, last)
    if not len(day) or last - limits.max() + 1 < day.min():
        raise InputError(f"a silence of {limits.max()} days up to {end} cannot be seen in the log", where="log",
                         expected=f"events from {day_stamp(last - limits.max() + 1):%Y-%m-%d} on, or earlier",
                         mend="take fewer days in `over`, or more of the log",
                         zh=f"行为日志不足 {limits.max()} 天")  # fmt: skip
    base, stays = book.under_contract(first - 1), book.under_contract(last)
    if not base.any():
        raise InputError(f"nobody was under contract on the evening before {start}", where="table contracts",
                         mend="take a later start", zh="期初没有在约账户")  # fmt: skip
    seen = pd.Series(day).groupby(account).max().reindex(book.accounts, fill_value=-(2**31)).to_numpy()
    silent = base & (seen <= last - limits[:, None])
    under = (silent & stays).sum(axis=1)
    table = pd.DataFrame({"accounts_start": int(base.sum()), "silent": silent.sum(axis=1)},
                         index=pd.Index(limits, name="days"))  # fmt: skip
    table = table.assign(**share_columns("activity_churn", table["silent"], int(base.sum()), level=level))
    table = table.assign(silent_under_contract=under, silent_gone=table["silent"] - under)
    return table.assign(**share_columns("silent_share", under, int((base & stays).sum()), level=level))


def inactivity_rates(
    log: pd.DataFrame, *, as_of: Moment, data_end: Moment, over: Sequence[int] = LIMITS, level: float = 0.95
) -> pd.DataFrame:
    """Share of customers silent for more than k days, and how many of the silent came back later.

    Without a contract nobody says that he is gone. The share that came back shows how far "inactive" is from "gone",
    as far as the data go after `as_of`; more would come back if one waited longer.

    Parameters
    ----------
    log : pandas.DataFrame
        customer_id, at: purchases, or other events.
    as_of : str or Timestamp
        Day at which silence is counted.
    data_end : str or Timestamp
        Last day of complete data, not before `as_of`.
    over : sequence of int >= 1
        The values of k.
    level : float in (0, 1)

    Returns
    -------
    pandas.DataFrame, index days (k)
        customers (first seen more than k days before `as_of`), inactive, inactive_share with Wilson's limits;
        came_back (of the inactive, an event after `as_of` up to `data_end`), came_back_share with Wilson's
        limits (NaN if no day follows `as_of`), followed_days.

    Raises
    ------
    InputError
        If the log cannot be used or `data_end` is before `as_of`.

    Examples
    --------
    >>> log = pd.DataFrame({"customer_id": list("aabcb"), "at": pd.to_datetime(
    ...     ["2012-01-01", "2012-05-20", "2012-01-03", "2012-02-01", "2012-06-20"])})
    >>> table = inactivity_rates(log, as_of="2012-05-31", data_end="2012-07-31", over=(30,))
    >>> table[["customers", "inactive", "came_back", "came_back_share"]].values.tolist()
    [[3.0, 2.0, 1.0, 0.5]]
    """
    check_level(level)
    limits, zone = _limits(over), getattr(log["at"].dt, "tz", None) if "at" in log else None
    day, end = day_number(as_of, zone), day_number(data_end, zone)
    if end < day:
        raise InputError(f"data_end ({data_end}) lies before as_of ({as_of})", expected="as_of <= data_end",
                         zh="数据截止日早于观察日")  # fmt: skip
    found = inactivity(log, as_of=as_of)
    later = local_days(log["at"])
    later = log["customer_id"][(later > day) & (later <= end)].unique()
    back = found.index.isin(later)
    silent = found["inactive_days"].to_numpy() > limits[:, None]
    came = (silent & back).sum(axis=1)
    table = share_inactive(found, over=limits.tolist()).set_index("days")[["customers", "inactive"]]
    table = table.assign(**share_columns("inactive_share", table["inactive"], table["customers"], level=level))
    base = table["inactive"] * (end > day)  # nothing can be known of coming back if no day follows
    table = table.assign(came_back=came, **share_columns("came_back_share", came, base, level=level))
    return table.assign(followed_days=end - day)


def _limits(over: Sequence[int]) -> np.ndarray:
    limits = np.asarray(list(over))
    if not (limits.size and limits.dtype.kind in "iu" and (limits >= 1).all()):
        raise InputError(f"over={list(over)!r}: days of silence must be whole numbers from 1", expected="over=(30, 90)",
                         zh="不活跃天数应为不小于 1 的整数")  # fmt: skip
    return np.unique(limits)


def _events(log: pd.DataFrame, last: int) -> tuple[np.ndarray, np.ndarray]:
    """Account and day of each event up to the last day."""
    name = "account_id" if "account_id" in log else "customer_id"
    problems = [f"column {column} is missing" for column in (name, "at") if column not in log]
    problems = problems or [f"column {column} has blanks" for column in (name, "at") if log[column].isna().any()]
    if not problems and not isinstance(log["at"].dtype, pd.DatetimeTZDtype):
        problems = ["column at has no time zone"]
    if problems:
        raise InputError(
            "; ".join(problems),
            where="log",
            expected="account_id (or customer_id), at with a zone",
            mend='pd.to_datetime(log["at"]).dt.tz_localize("Asia/Shanghai")',
            zh="行为日志无法使用",
        )
    day = local_days(log["at"])
    return plain(log[name]).to_numpy(object)[day <= last], day[day <= last]
