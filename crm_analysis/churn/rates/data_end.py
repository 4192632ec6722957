"""What a table of contracts cannot tell: days after the end of its data, and money without a column of fees."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crm_analysis.churn.rates.book import RUNNING, Book
from crm_analysis.errors import InputError
from crm_analysis.tables.days import Moment, day_number
from crm_analysis.words import Sentence

MONEY = ("fee", "charge", "mrr", "price", "amount", "revenue")


def limits_of(contracts: pd.DataFrame, book: Book, *, opens: int, last: int, as_of: Moment | None) -> dict[str, str]:
    """Return what a reader of the rates must be told, for ``attrs``: last_seen (without `as_of`), no_fee.

    After the last day of complete data nobody is seen leaving, and a rate there would be 0 whatever happened.

    Parameters
    ----------
    contracts : pandas.DataFrame
    book : Book
    opens, last : int
        First day of the (last) period and last day, as numbers.
    as_of : str, Timestamp or None
        Last day of complete data; None: the last date on record stands for it.

    Raises
    ------
    InputError
        If the period ends after `as_of`; without it, if the (last) period begins after the last date on record.

    Examples
    --------
    >>> from crm_analysis.churn.rates.book import read_contracts
    >>> at = pd.to_datetime(["1970-01-05", None]).tz_localize("UTC")
    >>> contracts = pd.DataFrame({"account_id": ["a"], "started_on": at[:1], "ended_on": at[1:], "monthly_fee": 9.0})
    >>> limits_of(contracts, read_contracts(contracts), opens=2, last=8, as_of=None)
    {'last_seen': '1970-01-05', 'no_fee': 'monthly_fee'}
    """
    seen = int(book.rows["first"].max())
    ended = book.rows["last"][book.rows["last"] < RUNNING]
    seen = max(seen, int(ended.max())) if len(ended) else seen
    if as_of is not None and last > day_number(as_of, contracts["started_on"].dt.tz):
        raise InputError(f"the period ends on {_day(last)}, after the last day of complete data ({as_of})",
                         where="as_of", expected="a period within the data",
                         mend=f'end="{as_of}", or a later as_of if the data reach so far',
                         zh=f"时期末日 {_day(last)} 晚于数据截止日 {as_of}")  # fmt: skip
    if as_of is None and opens > seen:
        raise InputError(f"a period begins on {_day(opens)}, after the last date in the contracts ({_day(seen)}): "
                         "nobody could be seen leaving in it", where="table contracts", expected="a period within the "
                         "data", mend=f'take an earlier end, or say that they are complete: as_of="{_day(last)}"',
                         zh=f"时期自 {_day(opens)} 起，晚于合同表最后日期 {_day(seen)}")  # fmt: skip
    told = {"last_seen": _day(seen)} if as_of is None else {}
    return told if "fee" in contracts else told | {"no_fee": _like_fee(contracts)}


def limit_notes(rates: pd.DataFrame, row: pd.Series) -> list[Sentence]:
    """Return what must be said beside the rates of a period: days without data, no column of fees."""
    seen, notes = rates.attrs.get("last_seen", ""), []
    if seen and f"{row['last_day']:%Y-%m-%d}" > seen:
        notes.append(Sentence(
            f"合同表最后日期为 {seen}，早于期末；若此后数据不全，流失率偏低（请用 as_of 给出数据截止日）。",
            f"The last date in the contracts is {seen}, before the end of the period: if later days are not on record, "
            f"the rate is too low (as_of says up to which day they are).",
        ))  # fmt: skip
    if "no_fee" in rates.attrs:
        like = rates.attrs["no_fee"]
        zh, en = (f"（是否应为 {like} 列？）", f" (did you mean {like}?)") if like else ("", "")
        notes.append(Sentence(f"合同表没有月费列 fee，未计算收入{zh}。",
                              f"The contracts have no column fee, so nothing is said of revenue{en}."))  # fmt: skip
    return notes


def _like_fee(contracts: pd.DataFrame) -> str:
    names = [str(name) for name in contracts]
    return next((name for part in MONEY for name in names if part in name.lower()), "")


def _day(day: int) -> str:
    return str(np.datetime64(int(day), "D"))
