"""Rows of one table on their way through named rules, so that rows read = rows kept + rows set aside."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.sources.sheets import Sheet
from crm_analysis.tables import NOTED, SET_ASIDE, Line, TableLedger, conform

ROW = "row in the file"


class Rows:
    """The rows that are left, and the ledger lines so far.

    Parameters
    ----------
    sheet : Sheet
        As read: says where each row stands and how it reads.
    frame : pandas.DataFrame
        Columns of the table, one row per row of the sheet.
    source : str
        File name for the ledger.

    Attributes
    ----------
    frame : pandas.DataFrame
        The rows that are left, numbered by their place in the sheet.
    """

    def __init__(self, sheet: Sheet, frame: pd.DataFrame, *, source: str) -> None:
        self.sheet, self.frame, self.source = sheet, frame, source
        self._lines = list(sheet.broken)
        self._notes: list[tuple[str, pd.Index]] = []
        self._read = len(frame) + sum(line.rows for line in sheet.broken)

    def aside(self, rule: str, hit: pd.Series) -> None:
        """Set the rows aside where `hit` is true."""
        hit = hit.reindex(self.frame.index, fill_value=False).astype(bool)
        if hit.any():
            self._lines.append(self._line(rule, self.frame.index[hit], SET_ASIDE))
            self.frame = self.frame[~hit]

    def note(self, rule: str, hit: pd.Series) -> None:
        """Count the rows where `hit` is true among those that will be kept."""
        self._notes.append((rule, hit.index[hit.astype(bool)]))

    def settle(self, rule: str, hit: pd.Series, wish: str) -> None:
        """Note the rows where `wish` is ``keep``; set them aside where it is not."""
        (self.note if wish == "keep" else self.aside)(rule, hit)

    def conform(self, table: str, *, zone: str) -> None:
        """Convert the columns to those of `table`; rows that cannot be used are set aside under its rules."""
        numbered = self.frame.assign(**{ROW: self.frame.index})
        kept, ledger = conform(numbered, table, zone=zone, source=self.source, first_line=0)
        for line in ledger.lines:
            first = self.frame.index[int(line.where.rsplit(" ", 1)[1])]
            self._lines.append(replace(line, where=self.sheet.place(first), example=self._text(first)))
        self.frame = kept.set_index(ROW).rename_axis(None)

    def ledger(self, table: str, *, step: str = "import") -> TableLedger:
        """Return the ledger of `table`; that no row is left is an `InputError`."""
        notes = [(rule, hit[hit.isin(self.frame.index)]) for rule, hit in self._notes]
        lines = self._lines + [self._line(rule, hit, NOTED) for rule, hit in notes if len(hit)]
        if self.frame.empty:
            reasons = "; ".join(f"{line.rows:,} {line.rule} (first: {line.where})" for line in lines)
            raise InputError("no row of the file can be used", where=self.source, expected=f"rows of {table}",
                             mend=f"look at the rows set aside: {reasons}")  # fmt: skip
        return TableLedger(table, self.source, self._read, len(self.frame), lines, step)

    def _line(self, rule: str, rows: pd.Index, fate: str) -> Line:
        return Line(rule, len(rows), fate, self.sheet.place(rows[0]), self._text(rows[0]))

    def _text(self, row: int) -> str:
        cells = self.sheet.frame.loc[row]
        return ",".join("" if pd.isna(cell) else str(cell) for cell in cells)[:200]
