"""A data set: its tables, where they come from, and the ledger of their rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from crm_analysis.errors import MissingData
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
            there = ", ".join(self.tables) or "none"
            raise MissingData(missing, where=self.about.name, expected=f"tables with rows; there are: {there}")
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


def from_frames(frames: Mapping[str, pd.DataFrame], about: About) -> DataSet:
    """Make a data set of DataFrames, checked like files; times without a zone are local in ``about.zone``."""
    data = DataSet({}, about)
    for name, frame in frames.items():
        data.tables[name], ledger = conform(frame, name, zone=about.zone, source=name, first_line=1)
        data.ledger.add(ledger)
    return data
