"""How long accounts have stayed: tenures in whole periods, ended or still running, one row per account."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from crm_analysis.churn.rates.book import RUNNING, read_contracts
from crm_analysis.errors import InputError, nearest
from crm_analysis.tables.days import Moment, day_number, month_of
from crm_analysis.tables.needs import check_columns
from crm_analysis.tables.plain import plain

MONTHS = {"month": 1, "quarter": 3, "year": 12}
DAYS = {"day": 1, "week": 7}
FOLLOWED = ("entry", "tenure", "ended")
OPTIONS = ("as_of", "data_start", "unit", "max_gap_days")


def contract_tenures(
    contracts: pd.DataFrame, *, as_of: Moment | None = None, data_start: Moment | None = None, unit: str = "month",
    max_gap_days: int = 1,
) -> pd.DataFrame:  # fmt: skip
    r"""Tenure of each account in whole periods since its start, and whether it has ended.

    An account lost during its m-th period has tenure m; one that still runs has as many as it has completed. Only a
    period that is over by `as_of` can be lost: an account that left within a period that is not yet over counts as
    running at the period's beginning, as those still there do (otherwise young accounts would seem to leave
    faster). Months are calendar months from the day of the start: 31 January to 28 February is one.

    Without `as_of` the column ``tenure_months`` is read, with ``churned`` or ended_on, one row per account: the
    form of a snapshot whose dates are not known.

    Parameters
    ----------
    contracts : pandas.DataFrame
        account_id and started_on, ended_on; or account_id, tenure_months, churned (or ended_on). Several rows of an
        account are joined where one follows the other; after a gap, only the first stay counts.
    as_of : str or Timestamp, optional
        Last day of complete data. Ends on record for later are not known yet.
    data_start : str or Timestamp, optional
        First day from which ended contracts are on record. Accounts that started before are there only because they
        stayed until then: they enter late (`entry`) and say nothing of their first periods (left truncation).
    unit : {"month", "quarter", "year", "week", "day"}
    max_gap_days : int

    Returns
    -------
    pandas.DataFrame, index account_id
        entry (completed periods at `data_start`, rounded up; 0 for the others), tenure, ended, and the other columns
        of the account's first row. ``attrs``: unit, and ``account``, a dict of what became of all accounts: running,
        ended; ends_later (running, but an end after `as_of` is on record), left_in_open_period (counted as running),
        starts_later and gone_before_entry (left out), returned (later stays left out).

    Raises
    ------
    InputError
        If the table cannot be used (see `book.read_contracts`), neither `as_of` nor tenure_months is there, tenures
        are no whole numbers, or nobody is left.

    References
    ----------
    .. [1] Klein & Moeschberger (2003). Survival Analysis, section 3.4 (left truncation).

    Examples
    --------
    >>> day = lambda *texts: pd.to_datetime(list(texts)).tz_localize("UTC")
    >>> contracts = pd.DataFrame({"account_id": list("abc"), "ended_on": day("2012-02-28", None, "2012-04-05"),
    ...                           "started_on": day("2012-01-31", "2012-01-10", "2012-03-20"), "plan": "monthly"})
    >>> tenures = contract_tenures(contracts, as_of="2012-04-12")
    >>> tenures[["tenure", "ended"]].values.tolist()  # c left in a month that is not yet over
    [[1, True], [3, False], [0, False]]
    """
    if unit not in MONTHS | DAYS:
        raise InputError(f"there is no unit {unit!r}", expected=", ".join(MONTHS | DAYS), zh=f"没有时间单位 {unit}")
    if as_of is None and "tenure_months" in contracts:
        return _stated(contracts, unit)
    if as_of is None:
        raise InputError("it is not said up to which day the contracts are complete", where="as_of",
                         expected='the last day of complete data, such as as_of="2012-12-31"',
                         mend="pass as_of, or a column tenure_months", zh="请给出数据截止日 as_of")  # fmt: skip
    return _dated(contracts, as_of, data_start, unit, max_gap_days)


def whole_periods(begin: np.ndarray, end: np.ndarray, unit: str) -> tuple[np.ndarray, np.ndarray]:
    """Return how many whole periods lie between days, and whether nothing is left over.

    Examples
    --------
    >>> jan31, feb28 = np.array([30]), np.array([58])
    >>> [part.tolist() for part in whole_periods(jan31, feb28, "month")]
    [[1], [True]]
    """
    begin, end = np.broadcast_arrays(np.asarray(begin, "int64"), np.asarray(end, "int64"))
    if unit in DAYS:
        return (end - begin) // DAYS[unit], (end - begin) % DAYS[unit] == 0
    month = month_of(end)
    first, following = (edge.astype("datetime64[M]").astype("datetime64[D]").astype("int64")
                        for edge in (month, month + 1))  # fmt: skip
    on = begin - month_of(begin).astype("datetime64[M]").astype("datetime64[D]").astype("int64")
    anniversary = first + np.minimum(on, following - first - 1)
    months = month - month_of(begin) - (end < anniversary)
    return months // MONTHS[unit], (end == anniversary) & (months % MONTHS[unit] == 0)


def as_tenures(data: pd.DataFrame, **options: object) -> pd.DataFrame:
    """Return the tenures of contracts, or a frame of tenures as it is (entry 0 where it has none), checked.

    Examples
    --------
    >>> as_tenures(pd.DataFrame({"tenure": [3], "ended": [True]}))["entry"].tolist()
    [0]
    """
    check_options(options)
    if "tenure" not in data or "ended" not in data:
        return contract_tenures(data, **options)
    frame = data if "entry" in data else data.assign(entry=0)
    numbers = {}
    for name in FOLLOWED:
        numbers[name] = pd.to_numeric(frame[name], errors="coerce").to_numpy(float, na_value=np.nan)
    entry, tenure, ended = numbers.values()
    rules = {
        "tenure is no whole number from 0": ~((tenure >= 0) & (tenure % 1 == 0) & np.isfinite(tenure)),
        "entry is no whole number from 0": ~((entry >= 0) & (entry % 1 == 0) & np.isfinite(entry)),
        "ended is neither true nor false": ~np.isin(ended, (0, 1)),
        "an account ended in period 0": (ended == 1) & (tenure == 0),
    }
    found = [f"{rule}: {hit.sum():,} rows" for rule, hit in rules.items() if hit.any()]
    if found or frame.empty:
        raise InputError("; ".join(found) or "there is no account", where="tenures",
                         expected="tenure (whole periods), ended (true or false), [entry]",
                         mend="take them from contract_tenures", zh="在网时长数据无法使用")  # fmt: skip
    kept = {"entry": entry.astype("int64"), "tenure": tenure.astype("int64"), "ended": ended.astype(bool)}
    return frame.assign(**kept)


def check_options(options: Iterable[str]) -> None:
    """Raise an `InputError` that names options `contract_tenures` does not have, with the nearest that it has.

    Examples
    --------
    >>> check_options(["as_of", "unit"])
    """
    unknown = [name for name in options if name not in OPTIONS]
    if unknown:
        hints = "; ".join(filter(None, (nearest(name, OPTIONS) for name in unknown)))
        raise InputError(f"there is no option {', '.join(unknown)}", where="options of the tenures",
                         expected=", ".join(OPTIONS), mend=hints, zh=f"没有选项 {'、'.join(unknown)}")  # fmt: skip


def _stated(contracts: pd.DataFrame, unit: str) -> pd.DataFrame:
    flag = "churned" if "churned" in contracts else "ended_on"
    check_columns(contracts, "contracts", ["account_id", "tenure_months"] + ["churned"] * (flag == "churned"))
    problems = [] if flag in contracts else ["neither churned nor ended_on is there"]
    problems += ["tenure_months can only be read in months"] * (unit != "month")
    accounts = plain(contracts["account_id"])
    if accounts.duplicated().any():
        problems.append(f"{accounts.duplicated().sum():,} accounts stand in more than one row "
                        f"({', '.join(accounts[accounts.duplicated()].head(3))})")  # fmt: skip
    if problems:
        raise InputError("; ".join(problems), where="table contracts",
                         expected="one row per account: tenure_months, churned or ended_on",
                         mend="pass as_of to read the dates", zh="合同表：在网月数无法使用")  # fmt: skip
    tenure = pd.to_numeric(contracts["tenure_months"], errors="coerce")
    ended = _truth(contracts[flag]) if flag == "churned" else contracts[flag].notna().astype(float)
    tenure = tenure.mask(ended.eq(1) & tenure.eq(0), 1)  # gone within the first month
    frame = contracts.drop(columns=["account_id", *FOLLOWED], errors="ignore").set_axis(
        pd.Index(accounts, name="account_id"), axis=0
    )
    frame = as_tenures(frame.assign(entry=0, tenure=tenure.to_numpy(), ended=ended.to_numpy()))
    account = {"running": int((~frame["ended"]).sum()), "ended": int(frame["ended"].sum())}
    return _finished(frame, unit, account)


def _truth(flags: pd.Series) -> pd.Series:
    """Return flags as numbers; texts such as "Yes" are not guessed and stay NaN."""
    return pd.to_numeric(flags.astype("object"), errors="coerce").astype(float)


def _dated(
    contracts: pd.DataFrame, as_of: Moment, data_start: Moment | None, unit: str, max_gap_days: int
) -> pd.DataFrame:
    book = read_contracts(contracts, max_gap_days=max_gap_days)
    zone = contracts["started_on"].dt.tz
    end = day_number(as_of, zone)
    stay = book.spells.drop_duplicates("code")  # sorted by first day: the first stay
    first, last = stay["first"].to_numpy(), stay["last"].to_numpy()
    over = whole_periods(first, np.full(len(first), end), unit)[0]  # periods that are over
    known = last <= end
    whole, exact = whole_periods(first, np.minimum(last, end), unit)
    lost = np.maximum(whole + ~exact, 1)
    ended = known & (lost <= over)
    entry = np.zeros(len(first), "int64")
    if data_start is not None:
        begin = day_number(data_start, zone) - 1
        early, even = whole_periods(first, np.maximum(first, begin), unit)
        entry = np.where(first < begin, early + ~even, 0)
    tenure = np.where(ended, lost, np.maximum(over, 0))
    starts_later, gone = first > end, (entry > 0) & (tenure <= entry)
    account = {
        "running": ~ended & ~starts_later & ~gone, "ended": ended & ~gone,
        "ends_later": ~known & (last < RUNNING) & ~starts_later, "left_in_open_period": known & ~ended & ~starts_later,
        "starts_later": starts_later, "gone_before_entry": gone & ~starts_later,
        "returned": np.isin(stay["code"], book.spells["code"][book.spells["code"].duplicated()]),
    }  # fmt: skip
    row = contracts.iloc[_first_rows(contracts, book.accounts)]
    frame = row.drop(columns=["account_id", *FOLLOWED], errors="ignore").set_axis(book.accounts, axis=0)
    frame = frame.assign(entry=entry, tenure=tenure, ended=ended)[~starts_later & ~gone]
    return _finished(frame, unit, {name: int(hit.sum()) for name, hit in account.items()})


def _first_rows(contracts: pd.DataFrame, accounts: pd.Index) -> np.ndarray:
    """Position of the earliest row of each account."""
    order = contracts["started_on"].reset_index(drop=True).sort_values(kind="stable").index.to_numpy()
    code = accounts.get_indexer(plain(contracts["account_id"]))[order]
    found = np.zeros(len(accounts), "int64")
    found[code[::-1]] = order[::-1]
    return found


def _finished(frame: pd.DataFrame, unit: str, account: dict[str, int]) -> pd.DataFrame:
    if frame.empty:
        raise InputError("no account can be followed", where="table contracts", expected="contracts within the data",
                         mend=f"what became of them: {account}", zh="没有可以跟踪的账户")  # fmt: skip
    order: Sequence[str] = [*FOLLOWED, *frame.columns.difference(list(FOLLOWED), sort=False)]
    frame = frame[order]
    frame.attrs = {"unit": unit, "account": account}
    return frame
