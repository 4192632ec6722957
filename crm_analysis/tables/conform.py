"""Make a frame into a table of the schema: types set, every row that cannot be used counted with its reason."""

from __future__ import annotations

import difflib
import re

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError, nearest
from crm_analysis.tables.ledger import NOTED, SET_ASIDE, Line, TableLedger
from crm_analysis.tables.plain import BLANK as BLANK
from crm_analysis.tables.plain import plain
from crm_analysis.tables.schema import TABLES, Column
from crm_analysis.tables.times import parse_times

FLAGS = {"true": True, "1": True, "yes": True, "y": True, "false": False, "0": False, "no": False, "n": False}
ALIKE = 0.75  # likeness of two names, of 1, from which one may be meant by the other


def conform(
    frame: pd.DataFrame, table: str, *, zone: str = "UTC", source: str = "", step: str = "load", first_line: int = 2
) -> tuple[pd.DataFrame, TableLedger]:
    """Check `frame` against the schema of `table` and convert its columns.

    A row is set aside under the first rule it breaks: ``blank_id`` (an id is
    missing), ``bad_time``, ``bad_number``, ``bad_choice`` (a required value cannot
    be read), ``duplicate_key`` (a row kept before has the same name). An optional value
    that cannot be read is emptied and the row kept and noted (``value_emptied``).

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns by name; further columns are kept as they are.
    table : str
        Name of a table of `schema.TABLES`.
    zone : str
        Zone of times that name none.
    source : str
        File name for ledger and messages.
    step : str
        Name of the step in the ledger.
    first_line : int
        Line of the file that holds the first row.

    Returns
    -------
    frame : pandas.DataFrame
        The rows kept, with a fresh index.
    ledger : TableLedger

    Raises
    ------
    InputError
        If the table is not known or lacks a column.

    Examples
    --------
    >>> frame = pd.DataFrame({"order_id": [1, 2], "customer_id": ["a", ""], "ordered_at": "1997-01-01", "amount": "9"})
    >>> kept, ledger = conform(frame, "orders", source="orders.csv")
    >>> len(kept), ledger.lines[0].rule, ledger.lines[0].where
    (1, 'blank_id', 'orders.csv, line 3')
    """
    if table not in TABLES:
        raise InputError(f"there is no table {table!r}", where=source, expected=f"one of {sorted(TABLES)}",
                         mend=nearest(table, TABLES))  # fmt: skip
    schema = TABLES[table]
    frame = frame.rename(columns=lambda name: str(name).strip().lstrip("\ufeff")).reset_index(drop=True)
    _check_columns(frame, table, source)
    reason = pd.Series("", index=frame.index)
    emptied = pd.Series(False, index=frame.index)
    converted: dict[str, pd.Series] = {}
    for column in schema.columns:
        if column.name not in frame:
            continue
        values, broken = _convert(frame[column.name], column, zone, f"{source} column {column.name}")
        converted[column.name] = values
        if column.required:
            reason = reason.mask(reason.eq("") & (broken | values.isna()), rule_of(column))
        else:
            emptied |= broken
    if table == "survey":
        converted |= _items(frame.drop(columns=list(converted)))
    result = frame.assign(**converted)
    if schema.key:
        again = result.loc[reason.eq(""), schema.key].duplicated()
        reason[again.index[again]] = "duplicate_key"
    fates = {rule: (reason == rule, SET_ASIDE) for rule in reason.unique() if rule}
    fates["value_emptied"] = (emptied & reason.eq(""), NOTED)
    lines = [_line(rule, hit, fate, frame, source, first_line) for rule, (hit, fate) in fates.items()]
    kept = result[reason == ""].reset_index(drop=True)
    return kept, TableLedger(table, source or table, len(frame), len(kept), lines, step)


def _items(frame: pd.DataFrame) -> dict[str, pd.Series]:
    """Return the columns of a questionnaire whose every answer is a number, as numbers."""
    numbers = {name: pd.to_numeric(plain(frame[name]), errors="coerce") for name in frame}
    return {name: read for name, read in numbers.items() if (read.notna() | _blank(frame[name])).all()}


def _check_columns(frame: pd.DataFrame, table: str, source: str) -> None:
    has = [str(name) for name in frame.columns]
    twice = sorted({name for name in has if has.count(name) > 1})
    if twice:
        raise InputError(
            f"table {table} has the column {', '.join(twice)} twice", where=source, mend="keep one of them"
        )
    lacking = [name for name in TABLES[table].required if name not in has]
    if lacking:
        known = {column.name for column in TABLES[table].columns}
        others = [name for name in has if name not in known]
        hints = [f"{name}: did you mean {other!r}?" for name in lacking if (other := _meant(name, others))]
        raise InputError(
            f"table {table} lacks the column{'s' * (len(lacking) > 1)} {', '.join(lacking)}",
            where=f"{source} (has: {', '.join(has)})",
            expected=", ".join(TABLES[table].required),
            mend="; ".join(hints) or "rename the columns or add the missing ones",
        )


def _meant(name: str, others: list[str]) -> str:
    """Return which of the other columns is likely `name`: one spelt alike, or date or order_date for ordered_at."""
    bare = {re.sub(r"\W+", "_", other.lower()): other for other in others}
    stem, suffix = re.fullmatch(r"(.*?)((?:ed)?_(?:at|on))?", name).groups()
    usual = rf"({stem}(ed|ing)?_?)?(date|time|datetime|timestamp|day)|日期|时间"
    found = [other for other in bare if suffix and re.fullmatch(usual, other)]
    found = found or difflib.get_close_matches(name, bare, 1, cutoff=ALIKE)
    return bare[found[0]] if len(found) == 1 else ""


def rule_of(column: Column) -> str:
    """Return the rule under which a row is set aside whose value in a required column cannot be used."""
    return {"id": "blank_id", "time": "bad_time", "choice": "bad_choice", "text": "blank_text"}.get(
        column.kind, "bad_number"
    )


def _convert(values: pd.Series, column: Column, zone: str, where: str) -> tuple[pd.Series, pd.Series]:
    """Return the values of the column's kind, and where a value was given but could not be read."""
    if column.kind == "time":
        read = parse_times(values, zone=zone, where=where)
        return read, read.isna() & ~_blank(values)
    if column.kind in ("number", "count"):
        if pd.api.types.is_datetime64_any_dtype(values.dtype):
            values = values.astype("str")  # a moment is no number
        read = pd.to_numeric(values, errors="coerce").astype("float64")
        read = read.where(np.isfinite(read))
        if column.kind == "count":
            read = read.where((read % 1 == 0) & (read >= 0))
        return read, read.isna() & ~_blank(values)
    ready = isinstance(values.dtype, pd.CategoricalDtype) and column.kind == "choice"
    texts = values if ready else plain(values)
    blank = texts.isna()
    if column.kind == "flag":
        read = texts.str.lower().map(FLAGS).astype("boolean")
        return read, read.isna() & ~blank
    if column.kind == "choice":
        broken = ~texts.isin(column.choices) & ~blank
        return texts.where(~broken).astype(pd.CategoricalDtype(column.choices)), broken
    return texts, pd.Series(False, index=values.index)


def _blank(values: pd.Series) -> pd.Series:
    kinds = pd.api.types
    holds_texts = not (kinds.is_numeric_dtype(values.dtype) or kinds.is_datetime64_any_dtype(values.dtype))
    return plain(values).isna() if holds_texts else values.isna()


def _line(rule: str, hit: pd.Series, fate: str, frame: pd.DataFrame, source: str, first_line: int) -> Line:
    if not hit.any():
        return Line(rule, 0, fate)
    first = int(np.argmax(hit.to_numpy()))
    example = ",".join("" if pd.isna(value) else str(value) for value in frame.iloc[first].tolist())
    return Line(rule, int(hit.sum()), fate, f"{source or 'row'}, line {first + first_line}", example[:200])
