"""Columns of a file into the columns of a table, each read by what it holds."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.sources.columns import MADE, Factor, Picks
from crm_analysis.sources.options import Options
from crm_analysis.sources.values import clean_ids, filled, read_numbers, read_times
from crm_analysis.tables import TABLES

NUMBERS = ("number", "count")


def typed(frame: pd.DataFrame, taken: Picks, options: Options, *, source: str) -> tuple[pd.DataFrame, pd.Series]:
    """Return the columns of the table, and where an optional value was given but could not be read.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns of the file.
    taken : dict of str to list
        For each column of the table the columns of the file, or numbers, whose product it is.
    options : Options
        Says table, zone, time format and decimal mark.
    source : str
        File name, for messages.

    Returns
    -------
    frame : pandas.DataFrame
        Same index; numbers and moments that cannot be read are empty; an order number that
        is not taken from the file is the number of the row.
    emptied : pandas.Series of bool

    Raises
    ------
    InputError
        If most values of a required column cannot be read.
    """
    schema = {column.name: column for column in TABLES[options.table].columns}
    done: dict[str, pd.Series] = {}
    emptied = pd.Series(False, index=frame.index)
    for target, factors in taken.items():
        kind = schema[target].kind if target in schema else "text"
        done[target] = _values(frame, factors, "id" if target.endswith("_id") else kind, options, source)
        if kind in (*NUMBERS, "time"):
            given = pd.concat([filled(frame[name]) for name in factors if isinstance(name, str)], axis=1).all(axis=1)
            lost = given & done[target].isna()
            if schema[target].required:
                _check_most(lost, given, frame[factors[0]], kind, options, source)
            else:
                emptied |= lost
    made = [name for name in TABLES[options.table].required if name in MADE and name not in done]
    done |= {name: pd.Series(range(1, len(frame) + 1), index=frame.index) for name in made}
    order = [name for name in schema if name in done] + [name for name in done if name not in schema]
    return pd.DataFrame(done, index=frame.index)[order], emptied


def _values(frame: pd.DataFrame, factors: Sequence[Factor], kind: str, options: Options, source: str) -> pd.Series:
    if kind in NUMBERS:
        numbers = [read_numbers(frame[name], decimal=options.decimal) for name in factors if isinstance(name, str)]
        product = numbers[0]
        for factor in (*numbers[1:], *(factor for factor in factors if isinstance(factor, float))):
            product = product * factor
        return product
    values = frame[factors[0]]
    if kind == "time":
        where = f"{source}, column {factors[0]}"
        return read_times(values, zone=options.zone or "UTC", form=options.time_format, where=where)
    return clean_ids(values) if kind == "id" else values


def _check_most(
    lost: pd.Series, given: pd.Series, values: pd.Series, kind: str, options: Options, source: str
) -> None:  # fmt: skip
    """Raise if more than half of the values of a required column cannot be read."""
    if lost.sum() * 2 <= given.sum():
        return
    first = str(values[lost].iloc[0])
    other = "," if options.decimal == "." else "."
    if kind == "time":
        expected, mend = "one format for the whole column", "give another time_format, or leave it out"
    elif read_numbers(values[lost], decimal=other).notna().mean() > 0.5:
        expected, mend = f"numbers with {options.decimal!r} before the decimals", f'--decimal "{other}"'
    else:
        expected, mend = "numbers such as 1234.50 or ¥1,234", "is another column meant? name it in --columns"
    what = f"{lost.sum():,} of {given.sum():,} values of column {values.name!r} cannot be read (first: {first!r})"
    raise InputError(what, where=source, expected=expected, mend=mend)
