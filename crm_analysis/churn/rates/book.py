"""The table of contracts as numbers: who was under contract on which evening, and at what fee."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.tables.days import local_days
from crm_analysis.tables.needs import check_group, check_table, stated
from crm_analysis.tables.plain import plain

RUNNING = np.int64(2**40)  # the end of a contract that has none yet, as a day
SHOWN = 3


@dataclass(frozen=True)
class Book:
    """Contracts in numbers; days count from 1970-01-01, local.

    A contract holds on the evenings ``first <= day < last``: whoever ended on a day is gone on its evening.

    Parameters
    ----------
    accounts : pandas.Index
        The ids in order.
    rows : pandas.DataFrame
        One row per contract: code (of the account), first, last (`RUNNING` without an end), fee (NaN if blank),
        group; sorted by account and first day.
    spells : pandas.DataFrame
        Contracts of an account joined where one follows the other: code, first, last.
    """

    accounts: pd.Index
    rows: pd.DataFrame
    spells: pd.DataFrame

    def under_contract(self, day: int) -> np.ndarray:
        """Tell which accounts are under contract on the evening of a day."""
        found = np.zeros(len(self.accounts), bool)
        found[self.spells["code"][(self.spells["first"] <= day) & (day < self.spells["last"])]] = True
        return found

    def fees(self, day: int) -> np.ndarray:
        """Return the monthly fee of each account on the evening of a day; NaN if one of its fees is blank."""
        holds = (self.rows["first"] <= day) & (day < self.rows["last"])
        held = self.rows[holds]
        return np.bincount(held["code"], held["fee"], minlength=len(self.accounts))

    def groups(self, day: int) -> np.ndarray:
        """Return the group of each account on the evening of a day (of its latest contract then); None if it has none.

        Examples
        --------
        >>> at = pd.to_datetime(["2012-01-01", "2012-03-01"]).tz_localize("UTC")
        >>> book = read_contracts(pd.DataFrame({"account_id": "a", "started_on": at, "ended_on": [at[1], None],
        ...                                     "plan": ["monthly", "yearly"]}), by="plan")
        >>> book.groups(int(book.rows["first"].iloc[0])).tolist()
        ['monthly']
        """
        held = self.rows[(self.rows["first"] <= day) & (day < self.rows["last"])]
        found = np.full(len(self.accounts), None, object)
        found[held["code"].to_numpy()] = held["group"].to_numpy(object)  # in order of first day: the latest stays
        return found


def read_contracts(contracts: pd.DataFrame, *, by: str | None = None, max_gap_days: int = 1) -> Book:
    """Check the table of contracts and turn it into numbers.

    Parameters
    ----------
    contracts : pandas.DataFrame
        account_id, started_on, ended_on (blank while it runs), [fee, `by`]. An account may have several rows: one
        after the other (a new fee or plan) or side by side (their fees add up).
    by : str, optional
        Column of the group; blank values are named ``not_stated``.
    max_gap_days : int >= 0
        A contract that starts so many days after the last one ended continues it: with 1, an end on 31 January may be
        followed by a start on 1 February.

    Raises
    ------
    InputError
        If columns are missing or lack a zone, a contract ends before it starts, a row stands in the table twice, or a
        fee is no number or negative; all in one message.

    Examples
    --------
    >>> at = pd.to_datetime(["2012-01-01", "2012-02-01", "2012-01-31"]).tz_localize("UTC")
    >>> book = read_contracts(pd.DataFrame({"account_id": "a", "started_on": at[:2], "ended_on": [at[2], None]}))
    >>> len(book.rows), len(book.spells)
    (2, 1)
    """
    check_table(contracts, "contracts", "account_id", "started_on")
    if "ended_on" not in contracts:
        raise InputError(
            "nothing says which contracts have ended",
            where="table contracts",
            expected="a column ended_on, blank while a contract runs",
            mend="add it: without it nobody could be seen leaving",
            zh="合同表没有终止日期（ended_on）",
        )
    if by is not None:
        check_group(contracts, "contracts", by)
    check_sizes(max_gap_days=max_gap_days)
    rows = _rows(contracts, by)
    _refuse(contracts, rows)
    codes, accounts = pd.factorize(plain(contracts["account_id"]), sort=True)
    rows = rows.assign(code=codes).sort_values(["code", "first", "last"], ignore_index=True)
    rows, spells = _joined(rows, max_gap_days)
    return Book(pd.Index(accounts, name="account_id"), rows, spells)


def check_sizes(**given: object) -> None:
    """Raise an `InputError` unless all arguments are whole numbers from 0 (from 1 for ``draws`` and ``periods``)."""
    least = {"draws": 1, "periods": 1, "horizon": 1}
    wrong = [
        f"{name} must be a whole number from {least.get(name, 0)}; got {value!r}"
        for name, value in given.items()
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least.get(name, 0)
    ]
    if wrong:
        raise InputError("; ".join(wrong), zh="参数应为整数：" + "、".join(given))


def _rows(contracts: pd.DataFrame, by: str | None) -> pd.DataFrame:
    first, ended = contracts["started_on"], contracts["ended_on"]
    last = np.full(len(contracts), RUNNING)
    if ended.notna().any():
        over = ended.notna().to_numpy()
        last[over] = local_days(ended[over].dt.tz_convert(first.dt.tz))
    fee = contracts["fee"] if "fee" in contracts else pd.Series(np.nan, index=contracts.index)
    group = "total" if by is None else stated(contracts[by]).to_numpy(object)
    frame = {"first": local_days(first), "last": last, "fee": pd.to_numeric(fee, errors="coerce").to_numpy(float),
             "group": group}  # fmt: skip
    return pd.DataFrame(frame, index=contracts.index)


def _refuse(contracts: pd.DataFrame, rows: pd.DataFrame) -> None:
    """Raise with all that cannot be."""
    fee = contracts["fee"].isna() if "fee" in contracts else pd.Series(True, index=contracts.index)
    hits = {
        "ends before it starts": (rows["last"] < rows["first"], "终止日早于起始日"),
        "stands in the table twice": (_twice(contracts), "合同行重复"),
        "has a fee that is no number": (rows["fee"].isna() & ~fee, "月费不是数值"),
        "has a negative or infinite fee": (rows["fee"].notna() & ~rows["fee"].between(0, 1e300), "月费为负或无穷大"),
    }
    found = {rule: (hit.to_numpy(), zh) for rule, (hit, zh) in hits.items() if hit.any()}
    if found:
        listed = [f"a contract {rule}: {hit.sum():,} rows ({_some(contracts.loc[hit, 'account_id'])})"
                  for rule, (hit, _) in found.items()]  # fmt: skip
        raise InputError("; ".join(listed), where="table contracts",
                         expected="started_on <= ended_on, each contract once, monthly fees of 0 or more",
                         mend="correct these rows; contracts.drop_duplicates() drops rows that stand there twice",
                         zh="合同表：" + "；".join(zh for _, zh in found.values()))  # fmt: skip


def _twice(contracts: pd.DataFrame) -> pd.Series:
    """Tell which rows repeat an earlier one; only rows with the same account and start are compared in full."""
    alike = contracts.duplicated(["account_id", "started_on"], keep=False)
    again = contracts[alike].astype("object").duplicated()
    found = np.zeros(len(contracts), bool)
    found[alike.to_numpy()] = again
    return pd.Series(found, index=contracts.index)


def _some(ids: pd.Series) -> str:
    shown = ", ".join(map(str, ids.iloc[:SHOWN]))
    return shown + (", ..." if len(ids) > SHOWN else "")


def _joined(rows: pd.DataFrame, gap: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Close gaps of up to so many days between contracts of an account, and join what is then without a gap."""
    code, first, last = (rows[name].to_numpy() for name in ("code", "first", "last"))
    reach = pd.Series(last).groupby(code).cummax().to_numpy()  # how far the account's contracts reach so far
    same = np.r_[code[1:] == code[:-1], False]
    following = np.r_[first[1:], 0]
    bridged = same & (following > reach) & (following - reach <= gap) & (last == reach)
    last = np.where(bridged, following, last)
    reach = np.where(same & (following > reach) & (following - reach <= gap), following, reach)
    begins = np.r_[True, (code[1:] != code[:-1]) | (first[1:] > reach[:-1])] if len(code) else np.zeros(0, bool)
    number = np.cumsum(begins) - 1
    ends = np.zeros(number[-1] + 1 if len(number) else 0, np.int64)
    np.maximum.at(ends, number, last)
    spells = pd.DataFrame({"code": code[begins], "first": first[begins], "last": ends})
    return rows.assign(last=last), spells
