"""What the room asks of its tables: columns there, none blank, times with a zone, groups named."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from crm_analysis.errors import InputError, nearest

BLANK = "not_stated"


def check_columns(frame: pd.DataFrame, table: str, needed: Iterable[str], *, times: Iterable[str] = ()) -> None:
    """Raise `InputError` with all problems in one message unless `frame` has the columns `needed`, all filled.

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
      how to mend: load it with tables.load or tables.from_frames
    """
    needed = list(needed)
    problems = [f"{name} is missing" for name in needed if name not in frame]
    blanks = {name: int(frame[name].isna().sum()) for name in needed if name in frame}
    problems += [f"{name} is blank in {count:,} rows" for name, count in blanks.items() if count]
    for name in times:
        if name in frame and not isinstance(frame[name].dtype, pd.DatetimeTZDtype) and frame[name].notna().any():
            problems.append(f"{name} has no time zone")
    if problems:
        raise InputError("; ".join(problems), where=f"table {table}", expected=", ".join(needed),
                         mend="load it with tables.load or tables.from_frames")  # fmt: skip


def groups(frame: pd.DataFrame, by: str) -> pd.Series:
    """Return the column `by` with blank values named ``not_stated``; a column that is not there is an `InputError`.

    Examples
    --------
    >>> groups(pd.DataFrame({"creative": ["A", None]}), "creative").tolist()
    ['A', 'not_stated']
    """
    if by not in frame:
        names = [str(name) for name in frame]
        raise InputError(f"there is no column {by!r} to group by", where=f"has: {', '.join(names)}",
                         mend=nearest(by, names) or "group by another column")  # fmt: skip
    return frame[by].astype("object").where(frame[by].notna(), BLANK)
