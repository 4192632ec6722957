"""The row ledger: rows read = rows kept + rows set aside, with the reason, the count and an example of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from crm_analysis.errors import InputError

COLUMNS = ["step", "table", "source", "fate", "rule", "rows", "where", "example"]
SET_ASIDE, NOTED = "set_aside", "noted"


@dataclass(frozen=True)
class Line:
    """One rule that touched rows of a table.

    Parameters
    ----------
    rule : str
        Name of the rule, a key of `crm_analysis.words`.
    rows : int
        How many rows it touched.
    fate : str
        ``set_aside`` (the rows are not in the table) or ``noted`` (they are, and the reader is told).
    where, example : str
        File and line of the first such row, and its text.
    """

    rule: str
    rows: int
    fate: str = SET_ASIDE
    where: str = ""
    example: str = ""


@dataclass
class TableLedger:
    """What became of the rows of one table in one step (``import``, ``simulate`` or ``load``).

    Raises
    ------
    ValueError
        If the rows read are not the rows kept plus the rows set aside.

    Examples
    --------
    >>> TableLedger("orders", "shop.csv", read=10, kept=9, lines=[Line("blank_id", 1)]).set_aside
    1
    >>> TableLedger("orders", "shop.csv", read=10, kept=9)
    Traceback (most recent call last):
    ValueError: orders: 10 rows read, but 9 kept + 0 set aside = 9
    """

    table: str
    source: str
    read: int
    kept: int
    lines: list[Line] = field(default_factory=list)
    step: str = "load"

    def __post_init__(self) -> None:
        self.lines = [line for line in self.lines if line.rows]
        if self.read != self.kept + self.set_aside:
            total = self.kept + self.set_aside
            raise ValueError(
                f"{self.table}: {self.read} rows read, but {self.kept} kept + {self.set_aside} set aside = {total}"
            )

    @property
    def set_aside(self) -> int:
        """Rows that did not enter the table."""
        return sum(line.rows for line in self.lines if line.fate == SET_ASIDE)


class Ledger:
    """The ledgers of all tables of a data set, in order of reading.

    Examples
    --------
    >>> ledger = Ledger([TableLedger("events", "log.csv", 3, 2, [Line("bad_time", 1, where="log.csv, line 2")])])
    >>> print(ledger)
    events: 3 rows read from log.csv, 2 kept
      1 set aside: bad_time (first: log.csv, line 2)
    >>> Ledger.from_frame(ledger.frame()).frame().equals(ledger.frame())
    True
    """

    def __init__(self, tables: Iterable[TableLedger] = ()) -> None:
        self.tables = list(tables)

    def __iter__(self) -> Iterator[TableLedger]:
        return iter(self.tables)

    def add(self, table: TableLedger) -> None:
        """Append the ledger of one table."""
        self.tables.append(table)

    def frame(self) -> pd.DataFrame:
        """Return one row for read, kept and each rule, as it is stored beside the data."""
        rows = []
        for entry in self.tables:
            head = (entry.step, entry.table, entry.source)
            rows += [(*head, "read", "", entry.read, "", ""), (*head, "kept", "", entry.kept, "", "")]
            rows += [(*head, x.fate, x.rule, x.rows, x.where, " ".join(x.example.split())) for x in entry.lines]
        return pd.DataFrame(rows, columns=COLUMNS)

    @classmethod
    def from_frame(cls, frame: pd.DataFrame) -> Ledger:
        """Rebuild a ledger from `frame`."""
        ledger = cls()
        for _, part in frame.groupby(frame["fate"].eq("read").cumsum(), sort=False):
            counts, first = part.set_index("fate")["rows"], part.iloc[0]
            rules = part[part["fate"].isin([SET_ASIDE, NOTED])]
            lines = [Line(x.rule, int(x.rows), x.fate, x.where, x.example) for x in rules.itertuples()]
            read, kept = int(counts["read"]), int(counts["kept"])
            ledger.add(TableLedger(first["table"], first["source"], read, kept, lines, first["step"]))
        return ledger

    @classmethod
    def read_csv(cls, path: Path) -> Ledger:
        """Read a ledger written by ``frame().to_csv``; one that was damaged is an `InputError`."""
        try:
            return cls.from_frame(pd.read_csv(path, dtype=dict.fromkeys(COLUMNS, str), keep_default_na=False))
        except (KeyError, TypeError, ValueError) as error:
            raise InputError("the ledger cannot be read", where=path, expected=f"the columns {', '.join(COLUMNS)}",
                             mend="import the data again, or delete this file") from error  # fmt: skip

    def __str__(self) -> str:
        text = []
        for entry in self.tables:
            text.append(f"{entry.table}: {entry.read:,} rows read from {entry.source}, {entry.kept:,} kept")
            for line in entry.lines:
                first = f" (first: {line.where})" if line.where else ""
                text.append(f"  {line.rows:,} {line.fate.replace('_', ' ')}: {line.rule}{first}")
        return "\n".join(text)
