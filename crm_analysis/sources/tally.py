"""Rules counted over the chunks of one file, with the line and text of the first row each of them touched."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from crm_analysis.tables import SET_ASIDE, Line, TableLedger

EXAMPLE = 200


class Tally:
    """What became of the rows of a file that is read piece by piece.

    Parameters
    ----------
    source : str
        File name for the ledger.

    Examples
    --------
    >>> tally = Tally("log.csv")
    >>> part = pd.DataFrame({"line": [2, 3], "customer_id": ["a", ""]})
    >>> tally.add("blank_id", part["customer_id"].eq(""), part)
    >>> tally.read, tally.kept = 2, 1
    >>> tally.ledger("ratings").lines[0].where
    'log.csv, line 3'
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self.read = 0
        self.kept = 0
        self._lines: dict[str, Line] = {}

    def add(self, rule: str, hit: pd.Series, frame: pd.DataFrame, *, fate: str = SET_ASIDE) -> None:
        """Count the rows of `frame` where `hit` is true; its column ``line`` says where each stands in the file."""
        if hit.any():
            row = frame[hit.to_numpy()].iloc[0]
            example = ",".join("" if pd.isna(value) else str(value) for value in row.drop("line").tolist())
            self.count(rule, int(hit.sum()), line=int(row["line"]), example=example, fate=fate)

    def count(self, rule: str, rows: int, *, line: int, example: str = "", fate: str = SET_ASIDE) -> None:
        """Count `rows` rows, the first of which stands at `line`."""
        if not rows:
            return
        seen = self._lines.get(rule)
        first = Line(rule, rows, fate, f"{self.source}, line {line}", example[:EXAMPLE])
        self._lines[rule] = replace(seen, rows=seen.rows + rows) if seen else first

    def ledger(self, table: str, *, noted: bool = True) -> TableLedger:
        """Return the ledger of `table`, with or without the rules that only noted rows."""
        lines = [line for line in self._lines.values() if noted or line.fate == SET_ASIDE]
        return TableLedger(table, self.source, self.read, self.kept, lines, "import")
