"""A row per account and month of tenure: the form for covariates that change while an account stays."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crm_analysis.churn.rates.book import check_sizes
from crm_analysis.churn.rates.contract_tenures import FOLLOWED, as_tenures, check_options, whole_periods
from crm_analysis.errors import InputError
from crm_analysis.tables.days import local_days
from crm_analysis.tables.needs import check_table
from crm_analysis.tables.plain import plain


def account_months(data: pd.DataFrame, **options: object) -> pd.DataFrame:
    """Write tenures out: one row for each month in which an account was at risk of leaving.

    Columns that change may then be added, and `DiscreteHazard.fit` takes the rows.

    Parameters
    ----------
    data : pandas.DataFrame
        Contracts, or tenures from `contract_tenures`, whose index names the accounts.
    **options
        Of `contract_tenures`, where `data` are contracts.

    Returns
    -------
    pandas.DataFrame
        account_id, tenure_month (1 is the first; months before a late entry are not there), ended (the account left
        in this month), and the other columns, the same in all months of an account. ``attrs``: unit.

    Raises
    ------
    InputError
        If the data cannot be used, an account stands in two rows, or nobody has come to the end of a first month.

    Examples
    --------
    >>> tenures = pd.DataFrame({"tenure": [2, 1], "ended": [True, False], "plan": ["x", "y"]}, index=["a", "b"])
    >>> account_months(tenures).values.tolist()
    [['a', 1, False, 'x'], ['a', 2, True, 'x'], ['b', 1, False, 'y']]
    """
    tenures = as_tenures(data, **options)
    if tenures.index.has_duplicates:
        twice = tenures.index[tenures.index.duplicated()]
        raise InputError(f"{len(twice):,} accounts stand in more than one row ({twice[0]!r})", where="tenures",
                         expected="one row per account, named by the index",
                         mend='tenures.set_index("account_id")', zh="同一账户有多行")  # fmt: skip
    entry, tenure, ended = (tenures[name].to_numpy() for name in FOLLOWED)
    count = np.maximum(tenure - entry, 0)
    if not count.any():
        raise InputError("nobody is at risk: no account has come to the end of a first period", where="tenures",
                         expected="tenures of 1 or more", mend="observe for longer, or take a shorter unit",
                         zh="没有账户满一期")  # fmt: skip
    row = np.repeat(np.arange(len(tenures)), count)
    month = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count) + 1 + entry[row]
    others = tenures.drop(columns=[*FOLLOWED, "account_id", "tenure_month"], errors="ignore").iloc[row]
    rows = others.reset_index(drop=True)
    rows.insert(0, "account_id", tenures.index.to_numpy()[row])
    rows.insert(1, "tenure_month", month)
    rows.insert(2, "ended", ended[row] & (month == tenure[row]))
    rows.attrs = {"unit": str(tenures.attrs.get("unit", "month"))}
    return rows


def recent_events(rows: pd.DataFrame, log: pd.DataFrame, *, ago: tuple[int, int] = (1, 3)) -> pd.Series:
    """Count the events of an account in the months before each of its months: a covariate that changes.

    Parameters
    ----------
    rows : pandas.DataFrame
        From `account_months` of contracts: account_id, tenure_month, started_on.
    log : pandas.DataFrame
        The events: account_id (or customer_id), at with a zone, such as complaints.
    ago : (int, int)
        First and last month that counts, 0 being the month itself. Within the month of leaving, an event may be
        part of leaving (an angry call to cancel), and a short month holds fewer of them: 1 or more is prudent.

    Returns
    -------
    pandas.Series of int, index of `rows`
        Events on record; months before the log begins look like months without one.

    Raises
    ------
    InputError
        If a table cannot be used, `ago` is no span, or no event belongs to an account of `rows`.

    Examples
    --------
    >>> day = lambda *texts: pd.to_datetime(list(texts)).tz_localize("UTC")
    >>> contracts = pd.DataFrame({"account_id": ["a"], "started_on": day("2012-01-10"), "ended_on": day(None)})
    >>> rows = account_months(contracts, as_of="2012-06-30")
    >>> recent_events(rows, pd.DataFrame({"account_id": ["a"], "at": day("2012-02-15")}), ago=(1, 2)).tolist()
    [0, 0, 1, 1, 0]
    """
    first_ago, last_ago = _span(ago)
    check_table(rows, "contracts", "account_id", "tenure_month", "started_on")
    name = "account_id" if "account_id" in log else "customer_id"
    if (
        {name, "at"} - set(log)
        or log[[name, "at"]].isna().any(axis=None)
        or not isinstance(log["at"].dtype, pd.DatetimeTZDtype)
    ):
        raise InputError("the events cannot be used", where="log", zh="事件日志无法使用",
                         expected="account_id (or customer_id) and at with a zone, without blanks")  # fmt: skip
    account = plain(rows["account_id"])
    start = pd.Series(local_days(rows["started_on"]), index=account.to_numpy())
    start = start[~start.index.duplicated()]
    whose = start.index.get_indexer(plain(log[name]))
    if not (whose >= 0).any():
        raise InputError("no event belongs to an account of rows", where=f"log, column {name}",
                         expected=f"ids such as {start.index[0]!r}", zh="事件日志与账户对不上")  # fmt: skip
    known = whose >= 0
    day = local_days(log["at"].dt.tz_convert(rows["started_on"].dt.tz))[known]
    begin = start.to_numpy()[whose[known]]
    month = whole_periods(begin, day, str(rows.attrs.get("unit", "month")))[0] + 1
    number = rows["tenure_month"].to_numpy(int)
    width = int(max(number.max(), month.max(initial=1))) + 1
    counts = np.zeros((len(start), width + 1), "int64")
    np.add.at(counts, (whose[known][day >= begin], month[day >= begin]), 1)
    total = np.cumsum(counts, axis=1)  # events up to and including a month
    at = start.index.get_indexer(account)
    upper, lower = np.maximum(number - first_ago, 0), np.maximum(number - last_ago - 1, 0)
    return pd.Series(total[at, upper] - total[at, lower], index=rows.index, name="recent_events")


def as_followed(data: pd.DataFrame, **options: object) -> pd.DataFrame:
    """Return tenures; rows of months become tenures of one month each, that enter at its beginning.

    The likelihood of an account is the product over its months, so this changes nothing but what may vary.

    Raises
    ------
    InputError
        If the data cannot be used; of rows of months: a month is no whole number from 1, stands there twice for an
        account, or comes after the one in which the account ended.

    Examples
    --------
    >>> rows = pd.DataFrame({"account_id": ["a", "a"], "tenure_month": [1, 2], "ended": [False, True]})
    >>> as_followed(rows)[["entry", "tenure", "ended"]].values.tolist()
    [[0, 1, False], [1, 2, True]]
    """
    if "tenure_month" not in data or "tenure" in data:
        return as_tenures(data, **options)
    check_options(options)
    lacking = [name for name in ("account_id", "ended") if name not in data]
    found = [f"column {name} is missing" for name in lacking] or _wrong(data)
    if found or data.empty:
        raise InputError("; ".join(found) or "there is no row", where="rows of months",
                         expected="account_id, tenure_month (from 1, each once), ended (true in the last month only)",
                         mend="take them from account_months", zh="逐月数据无法使用")  # fmt: skip
    month = pd.to_numeric(data["tenure_month"]).to_numpy(int)
    frame = data.assign(entry=month - 1, tenure=month, ended=pd.to_numeric(data["ended"]).to_numpy(bool))
    frame = frame.set_axis(pd.Index(plain(data["account_id"]), name="account_id"), axis=0)
    frame.attrs = dict(data.attrs)
    return frame


def _wrong(rows: pd.DataFrame) -> list[str]:
    month = pd.to_numeric(rows["tenure_month"], errors="coerce").to_numpy(float, na_value=np.nan)
    ended = pd.to_numeric(rows["ended"], errors="coerce").to_numpy(float, na_value=np.nan)
    account = pd.factorize(plain(rows["account_id"]))[0]
    last = pd.Series(np.where(ended == 1, month, np.inf)).groupby(account).transform("min").to_numpy()
    rules = {
        "account_id is blank": account < 0,
        "tenure_month is no whole number from 1": ~((month >= 1) & (month % 1 == 0) & np.isfinite(month)),
        "ended is neither true nor false": ~np.isin(ended, (0, 1)),
        "a month stands there twice for an account": pd.DataFrame({"a": account, "m": month}).duplicated().to_numpy(),
        "a month comes after the one in which the account ended": month > last,
    }
    return [f"{rule}: {hit.sum():,} rows" for rule, hit in rules.items() if hit.any()]


def _span(ago: tuple[int, int]) -> tuple[int, int]:
    if not (isinstance(ago, (tuple, list)) and len(ago) == 2):
        raise InputError(f"ago={ago!r} is no span of months", expected="ago=(1, 3)", zh="月数区间应有首末两个数")
    check_sizes(**{"the first of ago": ago[0], "the last of ago": ago[1]})
    if ago[1] < ago[0]:
        raise InputError(f"ago={ago!r} ends before it begins", expected="ago=(1, 3)", zh="月数区间首尾颠倒")
    return int(ago[0]), int(ago[1])
