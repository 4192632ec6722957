"""A table of which no row was kept: which rule took them, and what its columns should hold."""

from __future__ import annotations

from crm_analysis.tables.conform import rule_of
from crm_analysis.tables.ledger import SET_ASIDE, TableLedger
from crm_analysis.tables.schema import TABLES, Column

HOLDS = {
    "blank_id": "a value in every row",
    "blank_text": "a value in every row",
    "bad_time": "times such as 2017-12-03 21:00:00",
    "bad_number": "numbers such as 1234.5, without currency signs or commas",
}


def is_lost(entry: TableLedger) -> bool:
    """Tell whether rows were read and every one was set aside."""
    return entry.read > 0 and entry.kept == 0


def told(entry: TableLedger) -> str:
    """Return how many rows were read and kept, and each rule with its first row.

    Examples
    --------
    >>> from crm_analysis.tables.ledger import Line
    >>> told(TableLedger("orders", "orders.csv", 2, 0, [Line("bad_number", 2, where="line 2", example="1,a,¥9")]))
    'orders: 2 rows read, 0 kept; bad_number: 2 (first: line 2: 1,a,¥9)'
    """
    rules = [f"{line.rule}: {line.rows:,}" + (f" (first: {line.where}: {line.example})" if line.where else "")
             for line in entry.lines if line.fate == SET_ASIDE]  # fmt: skip
    return "; ".join([f"{entry.table}: {entry.read:,} rows read, {entry.kept:,} kept", *rules])


def expected(entry: TableLedger) -> str:
    """Return what the columns must hold whose rules set rows aside; nothing for rules that are not of a column.

    Examples
    --------
    >>> from crm_analysis.tables.ledger import Line
    >>> expected(TableLedger("orders", "orders.csv", 2, 0, [Line("bad_time", 2)]))
    'orders.ordered_at: times such as 2017-12-03 21:00:00'
    """
    rules = {line.rule for line in entry.lines if line.fate == SET_ASIDE}
    columns = [column for column in TABLES[entry.table].columns if column.required and rule_of(column) in rules]
    return "; ".join(f"{entry.table}.{column.name}: {_holds(column)}" for column in columns)


def _holds(column: Column) -> str:
    return f"one of {', '.join(column.choices)}" if column.choices else HOLDS[rule_of(column)]
