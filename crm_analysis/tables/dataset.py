"""A data set: its tables, where they come from, and the ledger of their rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from crm_analysis.errors import InputError, MissingData
from crm_analysis.tables import lost
from crm_analysis.tables.about import About
from crm_analysis.tables.conform import conform
from crm_analysis.tables.ledger import Ledger


@dataclass
class DataSet:
    """Tables that fit the schema, with their origin and their ledger.

    Parameters
    ----------
    tables : dict of str to pandas.DataFrame
    about : About
    ledger : Ledger
    model : dict
        The measurement model of the survey (``model.yml`` beside the tables); empty without one.

    Examples
    --------
    >>> orders = pd.DataFrame({"order_id": "1", "customer_id": "a", "ordered_at": "1997-01-01", "amount": [9.0]})
    >>> data = from_frames({"orders": orders}, About("three lines", origin="real"))
    >>> data.has("orders", "amount"), data.has("events")
    (True, False)
    >>> data["orders"]["ordered_at"].dt.year.tolist()
    [1997]
    """

    tables: dict[str, pd.DataFrame]
    about: About
    ledger: Ledger = field(default_factory=Ledger)
    model: dict = field(default_factory=dict)

    def __getitem__(self, table: str) -> pd.DataFrame:
        return self.need(table)

    def need(self, table: str, *columns: str) -> pd.DataFrame:
        """Return a table that has rows, and a value in each of `columns`, or raise `MissingData`.

        A report shows the error as one line in place of the part that needed the table.
        """
        if missing := self.missing(table, *columns):
            there = ", ".join(name for name in self.tables if self.has(name)) or "none"
            gone = [entry for entry in self.ledger if entry.table == table and lost.is_lost(entry)]
            where = "; ".join([self.about.name, *map(lost.told, gone)])
            holds = "; ".join(filter(None, map(lost.expected, gone)))
            raise MissingData(missing, where=where, expected=holds or f"tables with rows; there are: {there}")
        return self.tables[table]

    def missing(self, table: str, *columns: str) -> list[str]:
        """Return what is missing: the table's name, or the columns without a single value."""
        if table not in self.tables or self.tables[table].empty:
            return [table]
        frame = self.tables[table]
        return [f"{table}.{name}" for name in columns if name not in frame or frame[name].isna().all()]

    def has(self, table: str, *columns: str) -> bool:
        """Tell whether the table is there with at least one row and a value in each of `columns`."""
        return not self.missing(table, *columns)


def from_frames(frames: Mapping[str, pd.DataFrame], about: About | None = None) -> DataSet:
    """Make a data set of DataFrames, checked like files.

    Parameters
    ----------
    frames : mapping of str to pandas.DataFrame
        By name of the table (the keys of `TABLES`): customers, orders, events, ratings, tickets, contracts, ...
        ``TABLES["orders"].required`` are the columns a table must have; docs/TABLES.md tells them all.
    about : About
        At least a name: ``About("my shop")``. Times without a zone are local in ``about.zone``.

    Returns
    -------
    DataSet
        Rows that cannot be used are set aside; ``.ledger`` tells how many and why: look there first.

    Raises
    ------
    InputError
        If a table is not known, lacks a column, or not one of its rows can be used; if there is no `about`.

    Examples
    --------
    >>> orders = pd.DataFrame({
    ...     "order_id": ["1", "2"],
    ...     "customer_id": ["a", "b"],
    ...     "ordered_at": ["2024-09-30 21:15", "2024-10-01 08:30"],
    ...     "amount": [99.0, "free"],
    ... })
    >>> shop = from_frames({"orders": orders}, About("my shop", zone="Asia/Shanghai", currency="CNY"))
    >>> print(shop.ledger)
    orders: 2 rows read from orders, 1 kept
      1 set aside: bad_number (first: orders, line 2)
    """
    _check_given(frames, about)
    data = DataSet({}, about)
    for name, frame in frames.items():
        data.tables[name], ledger = conform(frame, name, zone=about.zone, source=name, first_line=1)
        data.ledger.add(ledger)
    if gone := [entry for entry in data.ledger if lost.is_lost(entry)]:
        names = ", ".join(entry.table for entry in gone)
        raise InputError(f"not one row of {names} can be used", where="; ".join(map(lost.told, gone)),
                         expected="; ".join(map(lost.expected, gone)),
                         mend="correct these columns, or leave the table out", zh=f"{names} 没有一行可用")  # fmt: skip
    return data


def _check_given(frames: object, about: object) -> None:
    if not isinstance(about, About):
        given = "there is no description of the data" if about is None else f"{about!r} is no description of the data"
        raise InputError(given, where="from_frames, argument about", expected="an About, which has at least a name",
                         mend='from_frames({"orders": orders}, About("my shop"))', zh="缺少数据说明 About")  # fmt: skip
    if not isinstance(frames, Mapping) or not all(isinstance(frame, pd.DataFrame) for frame in frames.values()):
        raise InputError("the tables are no DataFrames by name", where="from_frames, argument frames",
                         expected="a DataFrame for each name of a table",
                         mend='from_frames({"orders": orders}, About("my shop"))',
                         zh="frames 应为表名到 DataFrame 的映射")  # fmt: skip
