"""What a measure asks of a table: columns there, none blank, times with a zone, a column to group by."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from crm_analysis.errors import InputError, nearest
from crm_analysis.tables.schema import TABLES
from crm_analysis.words import word

BLANK = "not_stated"
LOAD = "load it with tables.load or tables.from_frames"


def check_columns(frame: pd.DataFrame, table: str, needed: Iterable[str], *, times: Iterable[str] = ()) -> None:
    """Raise `InputError` with all problems in one message unless `frame` has the columns `needed`, all filled.

    `check_table` asks for more: rows, and a zone in each time column of the schema.

    Parameters
    ----------
    frame : pandas.DataFrame
    table : str
        Name of the table, for the message.
    needed : iterable of str
    times : iterable of str
        Columns that must hold times with a zone where they are there.

    Examples
    --------
    >>> frame = pd.DataFrame({"customer_id": ["a", None], "happened_at": pd.to_datetime(["2017-11-25"] * 2)})
    >>> check_columns(frame, "events", ["customer_id", "action"], times=["happened_at"])
    Traceback (most recent call last):
    crm_analysis.errors.InputError: action is missing; customer_id is blank in 1 rows; happened_at has no time zone
      where: table events
      expected: customer_id, action
      how to mend: load it with tables.load or tables.from_frames; or give times a zone, such as
        pd.to_datetime(events["happened_at"]).dt.tz_localize("Asia/Shanghai")
    """
    needed = list(needed)
    missing, blank, naive = _lacking(frame, needed, times)
    problems = [f"{name} is missing" for name in missing]
    problems += [f"{name} is blank in {rows:,} rows" for name, rows in blank.items()]
    problems += [f"{name} has no time zone" for name in naive]
    if problems:
        raise InputError(
            "; ".join(problems), where=f"table {table}", expected=", ".join(needed), mend=_mend(naive, table)
        )


def check_table(frame: pd.DataFrame, table: str, *columns: str, times: Iterable[str] | None = None) -> None:
    """Raise one `InputError`, in both languages, unless `frame` has rows, the columns named, filled, and zoned times.

    Parameters
    ----------
    frame : pandas.DataFrame
    table : str
        A table of the schema; each of its time columns that is there and not wholly blank must have a zone.
    *columns : str
    times : iterable of str, optional
        Time columns that need a zone; all of the schema unless named, none for a measure that uses no times.

    Examples
    --------
    >>> check_table(pd.DataFrame({"ticket_id": ["1", None]}), "tickets", "ticket_id", "reason")
    Traceback (most recent call last):
    crm_analysis.errors.InputError: reason is missing; ticket_id has blanks
      where: table tickets
      expected: ticket_id, reason
      how to mend: load it with tables.load or tables.from_frames
    """
    timed = [column.name for column in TABLES[table].columns if column.kind == "time"] if times is None else times
    missing, blank, naive = _lacking(frame, columns, timed)
    problems = [(name, "is missing", "缺失") for name in missing]
    problems += [(name, "has blanks", "有空值") for name in blank]
    problems += [(name, "has no time zone", "没有时区") for name in naive]
    title = word(f"table.{table}", "zh")
    if problems:
        raise InputError("; ".join(f"{name} {en}" for name, en, _ in problems), where=f"table {table}",
                         expected=", ".join(columns), mend=_mend(naive, table),
                         zh=f"{title}：" + "；".join(f"{name} {zh}" for name, _, zh in problems))  # fmt: skip
    if frame.empty:
        raise InputError(f"table {table} has no rows", where=f"table {table}", zh=f"{title}没有数据")


def check_group(frame: pd.DataFrame, table: str, by: str, *, besides: str = "") -> None:
    """Raise an `InputError`, in both languages, if a table has no column `by` to group by.

    Parameters
    ----------
    frame : pandas.DataFrame
    table : str
        Name of the table, for the message.
    by : str
    besides : str
        What may be asked for beside the columns, for the message.

    Examples
    --------
    >>> check_group(pd.DataFrame({"channel": ["chat"]}), "tickets", "chanel")
    Traceback (most recent call last):
    crm_analysis.errors.InputError: there is no column 'chanel' to group by
      where: table tickets
      expected: one of channel
      how to mend: did you mean 'channel'?
    """
    if by not in frame:
        names = [str(name) for name in frame]
        raise InputError(f"there is no column {by!r} to group by", where=f"table {table}",
                         expected=f"{f'{besides}, or ' * bool(besides)}one of {', '.join(names)}",
                         mend=nearest(by, names), zh=f"{word(f'table.{table}', 'zh')}没有“{by}”这一列")  # fmt: skip


def groups(frame: pd.DataFrame, by: str) -> pd.Series:
    """Return the column `by` with blank values named; a column that is not there is an `InputError`.

    For frames that are no table of the schema, such as contacts joined with what is known of their readers.

    Examples
    --------
    >>> groups(pd.DataFrame({"creative": ["A", None]}), "creative").tolist()
    ['A', 'not_stated']
    """
    if by not in frame:
        names = [str(name) for name in frame]
        raise InputError(f"there is no column {by!r} to group by", where=f"has: {', '.join(names)}",
                         mend=nearest(by, names) or "group by another column")  # fmt: skip
    return stated(frame[by])


def stated(values: pd.Series) -> pd.Series:
    """Return a column as objects, its blank values named ``not_stated``.

    Examples
    --------
    >>> stated(pd.Series(["A", None])).tolist()
    ['A', 'not_stated']
    """
    return values.astype("object").where(values.notna(), BLANK)


def _mend(naive: list[str], table: str) -> str:
    """How to mend a table: load it, or give its times a zone."""
    zone = f'pd.to_datetime({table}["{naive[0]}"]).dt.tz_localize("Asia/Shanghai")' if naive else ""
    return f"{LOAD}; or give times a zone, such as {zone}" if zone else LOAD


def _lacking(
    frame: pd.DataFrame, needed: Iterable[str], times: Iterable[str]
) -> tuple[list[str], dict[str, int], list[str]]:
    """Columns that are missing, those with blanks and how many, and times without a zone."""
    missing = [name for name in needed if name not in frame]
    counts = {name: int(frame[name].isna().sum()) for name in needed if name in frame}
    zoned = {name: isinstance(frame[name].dtype, pd.DatetimeTZDtype) for name in times if name in frame}
    naive = [name for name, has_zone in zoned.items() if not has_zone and frame[name].notna().any()]
    return missing, {name: count for name, count in counts.items() if count}, naive
