"""How a table stands in a text, Excel or Parquet file: sheet, encoding, delimiter, header."""

from __future__ import annotations

import csv
import statistics
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from crm_analysis.errors import InputError, nearest
from crm_analysis.sources.raw_rows import EXCEL, PARQUET, TEXT, kind_of, sheet_rows, text_encoding, text_rows, workbook
from crm_analysis.tables import open_text

if TYPE_CHECKING:
    from openpyxl import Workbook

DELIMITERS = ",;\t|"
FIRST_ROWS = 20
LONG = 10_000


@dataclass(frozen=True)
class Layout:
    """How a table stands in a file.

    Parameters
    ----------
    path : pathlib.Path
    kind : str
        ``text``, ``excel`` or ``parquet``.
    names : tuple of str
        The header.
    line : int
        Line or row that holds the header; 0 for Parquet.
    sheet, encoding, delimiter : str
    """

    path: Path
    kind: str
    names: tuple[str, ...]
    line: int = 0
    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""

    def place(self, line: int) -> str:
        """Return file and line as messages and ledger write them."""
        if self.kind == TEXT:
            return f"{self.path.name}, line {line}"
        sheet = f", sheet {self.sheet}" if self.sheet else ""
        return f"{self.path.name}{sheet}, row {line}"

    def rows(self) -> Iterator[tuple[int, list[str] | None]]:
        """Yield line number and fields of each row below the header that holds anything."""
        every = _excel_rows(self.path, self.sheet) if self.kind == EXCEL else text_rows(
            self.path, self.encoding, self.delimiter)  # fmt: skip
        return ((line, row) for line, row in every if line > self.line and (row is None or any(row)))


def look(
    path: Path, *, known: Callable[[str], bool], encoding: str = "", delimiter: str = "", sheet: str = ""
) -> list[Layout]:
    """Find how the table stands in a file, one layout per sheet that holds anything.

    The header is the row, among the first twenty, with most `known` names, so that
    titles above it do no harm; where none is known, the first with two filled cells.

    Parameters
    ----------
    path : pathlib.Path
    known : callable
        Tells whether a text is the name of a column that is looked for.
    encoding, delimiter : str
        Found from the file where empty.
    sheet : str
        Name or number of an Excel sheet; all of them where empty.

    Raises
    ------
    InputError
        If the file holds no table, or there is no such sheet.
    """
    kind = kind_of(path)
    if kind == PARQUET:
        return [Layout(path, kind, _parquet_names(path))]
    if kind == EXCEL:
        with warnings.catch_warnings(action="ignore", category=UserWarning), workbook(path) as book:
            firsts = {name: list(islice(sheet_rows(book, name), FIRST_ROWS)) for name in _sheets(book, sheet, path)}
        headers = {name: _header(rows, known) for name, rows in firsts.items()}
        layouts = [Layout(path, EXCEL, *header, sheet=name) for name, header in headers.items() if header]
    else:
        encoding = text_encoding(path, encoding)
        delimiter = _one_mark(delimiter, path) or _find_delimiter(path, encoding, known)
        first = islice(text_rows(path, encoding, delimiter), FIRST_ROWS)
        header = _header([(line, row) for line, row in first if row], known)
        layouts = [Layout(path, TEXT, *header, encoding=encoding, delimiter=delimiter)] if header else []
    if not layouts:
        raise InputError("the file is empty", where=path, expected="a header and rows", mend="export it again")
    return layouts


def _sheets(book: Workbook, sheet: str, path: Path) -> list[str]:
    names = [page.title for page in book.worksheets]
    if not sheet:
        return names
    if sheet in names:
        return [sheet]
    if sheet.isdigit() and 1 <= int(sheet) <= len(names):
        return [names[int(sheet) - 1]]
    raise InputError(f"there is no sheet {sheet!r}", where=f"{path.name} (has: {', '.join(names)})",
                     mend=nearest(sheet, names) or "name one of these sheets")  # fmt: skip


def _excel_rows(path: Path, sheet: str) -> Iterator[tuple[int, list[str]]]:
    with workbook(path) as book:
        yield from sheet_rows(book, sheet)


def _header(rows: list[tuple[int, list[str]]], known: Callable[[str], bool]) -> tuple[tuple[str, ...], int] | None:
    """Return names and line of the header."""
    tidy = [(line, [cell.strip().lstrip("\ufeff") for cell in row]) for line, row in rows]
    filled = [(line, row) for line, row in tidy if any(row)]
    if not filled:
        return None
    line, names = max(filled, key=lambda row: sum(map(known, row[1])))
    if not any(map(known, names)):
        line, names = next((row for row in filled if sum(map(bool, row[1])) > 1), filled[0])
    return tuple(names), line


def _one_mark(delimiter: str, path: Path) -> str:
    mark = {"tab": "\t", "\\t": "\t"}.get(delimiter, delimiter)
    if len(mark) > 1:
        raise InputError(f"the delimiter {delimiter!r} is not one character", where=path, expected=", ; | or tab")
    return mark


def _find_delimiter(path: Path, encoding: str, known: Callable[[str], bool]) -> str:
    """Return the mark that gives most known names, then most fields in most lines; titles do not matter."""
    with open_text(path, encoding) as file:
        lines = [line[:LONG] for line in islice(file, FIRST_ROWS) if line.strip()]

    def agreement(mark: str) -> tuple[int, int, int]:
        rows = [[cell.strip() for cell in row] for row in csv.reader(lines, delimiter=mark, skipinitialspace=True)]
        counts = [len(row) for row in rows] or [0]
        usual = max(statistics.multimode(counts))
        return max((sum(map(known, row)) for row in rows), default=0), usual, counts.count(usual)

    return max(DELIMITERS, key=agreement)


def _parquet_names(path: Path) -> tuple[str, ...]:
    try:
        return tuple(pq.read_schema(path).names)
    except (pa.ArrowException, ValueError, OSError) as error:
        raise InputError("the file is not a whole Parquet file", where=path,
                         mend="write or download it again") from error  # fmt: skip
