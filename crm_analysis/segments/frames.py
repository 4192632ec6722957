"""What all measures of this room share: checked columns, customers as numbers, enough days."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.tables.days import Moment, day_number, day_stamp, last_moment, local_days
from crm_analysis.words import word

HALF_DAY = pd.Timedelta(12, "h")
UNITS_ZH = {"day": "天", "hour": "小时", "minute": "分钟"}


@dataclass(frozen=True)
class Coded:
    """The rows of a log in numbers, one array entry per row.

    Parameters
    ----------
    customers : pandas.Index, shape (n_customers,)
        The ids in order.
    code : numpy.ndarray of int64, shape (n_rows,)
        Position of the row's customer in `customers`.
    day : numpy.ndarray of int64, shape (n_rows,)
        Local calendar day, counted from 1970-01-01.
    amount : numpy.ndarray or None
        Money of the row; None where the log has none.
    start, end : pandas.Timestamp
        First and last moment seen, local; the last not after the last day used.
    """

    customers: pd.Index
    code: np.ndarray
    day: np.ndarray
    amount: np.ndarray | None
    start: pd.Timestamp
    end: pd.Timestamp

    def by_day(self) -> pd.DataFrame:
        """Return one row per customer and day: code, day, orders, amount; sorted by customer, then day."""
        key = self.code * (self.day.max() - self.day.min() + 1) + (self.day - self.day.min())
        order = np.argsort(key, kind="stable")
        key = key[order]
        start = np.flatnonzero(np.r_[True, key[1:] != key[:-1]])
        frame = pd.DataFrame({"code": self.code[order][start], "day": self.day[order][start]})
        frame["orders"] = np.diff(np.r_[start, len(key)])
        if self.amount is not None:
            frame["amount"] = np.add.reduceat(self.amount[order], start)
        return frame


def has_money(frame: pd.DataFrame) -> bool:
    """Tell whether a frame of purchases has an amount at all.

    Examples
    --------
    >>> has_money(pd.DataFrame({"amount": [np.nan]})), has_money(pd.DataFrame({"amount": [2.5]}))
    (False, True)
    """
    return "amount" in frame and bool(frame["amount"].notna().any())


def code(frame: pd.DataFrame, *, measure: str, until: Moment | None = None) -> Coded:
    """Check a log and turn it into numbers.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns customer_id, at (datetimes; local days are those of its zone), [amount].
    measure : str
        Name of the measure, for messages.
    until : str or Timestamp, optional
        Last day used; rows of later days do not count.

    Raises
    ------
    InputError
        With every problem of the frame in one message.

    Examples
    --------
    >>> log = pd.DataFrame({"customer_id": ["b", "a"], "at": pd.to_datetime(["1970-01-02", "1970-01-03"])})
    >>> coded = code(log, measure="recency", until="1970-01-02")
    >>> coded.customers.tolist(), coded.day.tolist()
    (['b'], [1])
    """
    check_columns(frame, measure=measure)
    end = frame["at"].max().tz_localize(None)
    if until is not None:
        last = day_number(until, zone_of(frame))
        end = min(end, last_moment(day_stamp(last)))
        frame = frame[local_days(frame["at"]) <= last]
    if frame.empty:
        raise InputError(f"{measure}: there is no row{f' up to {until}' if until is not None else ''}",
                         mend="check the dates and the filters", zh=f"{named_zh(measure)}：没有可用的记录")  # fmt: skip
    codes, customers = pd.factorize(frame["customer_id"], sort=True)
    amount = frame["amount"].to_numpy("float64") if has_money(frame) else None
    customers, start = pd.Index(customers, name="customer_id"), frame["at"].min().tz_localize(None)
    return Coded(customers, codes.astype("int64"), local_days(frame["at"]), amount, start, end)


def check_columns(frame: pd.DataFrame, *, measure: str, columns: tuple[str, ...] = ("customer_id", "at")) -> None:
    """Raise one `InputError` with all that is wrong with the columns of a log.

    A log is no table of the schema: its times may lack a zone, so `tables.needs` does not serve here.
    """
    problems = [f"column {name!r} is missing" for name in columns if name not in frame]
    problems += [f"column {name!r} has blanks" for name in columns if name in frame and frame[name].isna().any()]
    if "at" in frame and not pd.api.types.is_datetime64_any_dtype(frame["at"].dtype):
        problems.append(f"column 'at' holds {frame['at'].dtype}, not datetimes")
    if has_money(frame):
        if not pd.api.types.is_numeric_dtype(frame["amount"].dtype):
            problems.append(f"column 'amount' holds {frame['amount'].dtype}, not numbers")
        elif not np.isfinite(frame["amount"].to_numpy("float64", na_value=np.nan)).all():
            problems.append("column 'amount' has blanks in some rows")
    if problems:
        raise InputError(
            f"{measure}: {'; '.join(problems)}",
            where=f"columns {', '.join(map(str, frame.columns))}",
            expected=f"{', '.join(columns)} without blanks; amount, if there is money, in each row",
            mend="rename columns, for example frame.rename(columns={'ordered_at': 'at'}), and set blank rows aside",
        )


def zone_of(frame: pd.DataFrame) -> object:
    """Return the time zone of the column `at`; None where it has none."""
    return frame["at"].dt.tz


def between(frame: pd.DataFrame, start: Moment, end: Moment) -> pd.DataFrame:
    """Return the rows of the local days from `start` to `end`, both included.

    Examples
    --------
    >>> log = pd.DataFrame({"at": pd.to_datetime(["2010-01-01 23:00", "2010-01-02 01:00"])})
    >>> len(between(log, "2010-01-01", "2010-01-01"))
    1
    """
    days, zone = local_days(frame["at"]), zone_of(frame)
    return frame[(days >= day_number(start, zone)) & (days <= day_number(end, zone))]


def needs_days(measure: str, *, needed: int, start: pd.Timestamp, end: pd.Timestamp, mend: str = "") -> None:
    """Refuse data shorter than a measure needs, naming the measure and the span of the data.

    Examples
    --------
    >>> needs_days("cohorts", needed=14, start=pd.Timestamp("2017-11-25 10:00"), end=pd.Timestamp("2017-11-25 12:00"))
    Traceback (most recent call last):
    crm_analysis.errors.InputError: cohorts: this measure needs at least 14 days of data; these data span 2 hours
      how to mend: use data of more days
    """
    days = day_number(end) - day_number(start) + 1
    if days >= needed and (needed == 1 or end - start >= HALF_DAY):  # two hours around midnight are not two days
        return
    raise too_short(measure, needed=needed, start=start, end=end, mend=mend)


def too_short(
    measure: str, *, needed: int, start: pd.Timestamp, end: pd.Timestamp, kind: str = "", mend: str = ""
) -> InputError:
    """Return the error that names the measure, the days it needs (of a `kind`, such as whole days) and the span."""
    noun = f"{kind} day".strip() + "s" * (needed != 1)
    whole = "完整的" if kind else ""
    return InputError(
        f"{measure}: this measure needs at least {needed} {noun} of data; these data span {span(end - start)}",
        mend=mend or "use data of more days",
        zh=f"{named_zh(measure)}至少需要 {needed} 天{whole}数据，现有数据只有 {span(end - start, lang='zh')}",
    )


def named_zh(measure: str) -> str:
    """Return the Chinese name of a measure for the sentence that refuses it.

    Examples
    --------
    >>> named_zh("lifecycle states")
    '生命周期状态'
    """
    return word(f"measure.{measure}", "zh").removeprefix("measure.")


def span(length: pd.Timedelta, lang: str = "en") -> str:
    """Return a length of time in words.

    Examples
    --------
    >>> span(pd.Timedelta("9D")), span(pd.Timedelta("1h")), span(pd.Timedelta("0s"))
    ('9 days', '1 hour', '0 minutes')
    """
    for unit, size in (("day", 86400), ("hour", 3600), ("minute", 60)):
        count = round(length.total_seconds() / size)
        if count >= 1 and (unit != "day" or length.total_seconds() >= size):
            return f"{count} {UNITS_ZH[unit]}" if lang == "zh" else f"{count} {unit}{'s' * (count != 1)}"
    return {"zh": "0 分钟", "en": "0 minutes"}[lang]
