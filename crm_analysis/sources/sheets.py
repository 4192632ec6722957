"""Columns of text, Excel and Parquet files as a frame that knows in which line each row stands."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from crm_analysis.errors import InputError
from crm_analysis.sources.layouts import Layout
from crm_analysis.sources.raw_rows import PARQUET, TEXT
from crm_analysis.tables import Line

CHUNK = 2_000  # small pieces stay in the cache: four times as fast as large ones


@dataclass
class Sheet:
    """Columns read from one or several layouts, and where each row stands.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns by their names in the file, texts as they stand; Parquet keeps its types.
    layouts : list of Layout
    part, line : numpy.ndarray
        For each row, number of its layout and line in it.
    broken : list of Line
        Rows that are none of the table: wrong quotes, too many fields, the header repeated.
    short : numpy.ndarray of bool
        Rows of a text file with fewer fields than the header.
    """

    frame: pd.DataFrame
    layouts: list[Layout]
    part: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int16))
    line: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    broken: list[Line] = field(default_factory=list)
    short: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))

    def place(self, row: int) -> str:
        """Return file and line of a row of the frame."""
        return self.layouts[self.part[row]].place(int(self.line[row]))


def read(layouts: Sequence[Layout], columns: Sequence[str]) -> Sheet:
    """Read `columns` of all `layouts`, one below the other.

    Raises
    ------
    InputError
        If a column stands twice in a header, a sheet lacks it, or there are no rows.
    """
    parts = [_read_parquet(layout, columns) if layout.kind == PARQUET else _read_rows(layout, columns)
             for layout in layouts]  # fmt: skip
    sizes = [len(part.frame) for part in parts]
    broken = [line for part in parts for line in part.broken]
    if not sum(sizes) and not broken:
        where = ", ".join(layout.place(layout.line) for layout in layouts)
        raise InputError("the file has a header but no rows", where=where, mend="export it again")
    frame = parts[0].frame if len(parts) == 1 else pd.concat([part.frame for part in parts], ignore_index=True)
    return Sheet(
        frame,
        list(layouts),
        np.repeat(np.arange(len(parts), dtype=np.int16), sizes),
        np.concatenate([part.line for part in parts]),
        broken,
        np.concatenate([part.short for part in parts]),
    )


def _places(layout: Layout, columns: Sequence[str]) -> list[int]:
    where = layout.place(layout.line)
    lacking = [name for name in columns if name not in layout.names]
    twice = [name for name in columns if layout.names.count(name) > 1]
    if lacking or twice:
        what = f"has no column {', '.join(lacking)}" if lacking else f"has the column {', '.join(twice)} twice"
        raise InputError(f"the header {what}", where=f"{where} (has: {', '.join(layout.names)})",
                         mend="rename the columns in the file, or name one sheet")  # fmt: skip
    return [layout.names.index(name) for name in columns]


def _read_rows(layout: Layout, columns: Sequence[str]) -> Sheet:
    at, width = _places(layout, columns), len(layout.names)
    frames, lines, short, broken = [], [], [], _Broken(layout)
    with warnings.catch_warnings(action="ignore", category=UserWarning):
        rows = layout.rows()
        while chunk := list(islice(rows, CHUNK)):
            good = [(line, row) for line, row in chunk if broken.accepts(line, row)]
            lines.append(np.array([line for line, _ in good], dtype=np.int64))
            short.append(np.array([layout.kind == TEXT and len(row) < width for _, row in good], dtype=bool))
            cells = {name: [row[k] if k < len(row) else "" for _, row in good] for name, k in zip(columns, at)}
            frames.append(pd.DataFrame(cells, dtype="str", columns=list(columns), index=range(len(good))))
    if not frames:
        return Sheet(pd.DataFrame(columns=list(columns), dtype="str"), [layout])
    frame, line = pd.concat(frames, ignore_index=True), np.concatenate(lines)
    return Sheet(frame, [layout], np.zeros(len(line), np.int16), line, broken.lines(), np.concatenate(short))


class _Broken:
    """Rows that are no rows of the table, counted by rule with the first of each."""

    def __init__(self, layout: Layout) -> None:
        self._layout, self._names, self._width = layout, layout.names, len(layout.names)
        self._found: dict[str, Line] = {}

    def accepts(self, line: int, row: list[str] | None) -> bool:
        """Tell whether a row belongs to the table; one that does not is counted."""
        if row is None:
            self._count("broken_quotes", line, [])
        elif len(row) > self._width and self._layout.kind == TEXT and any(row[self._width :]):
            self._count("too_many_fields", line, row)
        elif row[0].strip() == self._names[0] and tuple(cell.strip() for cell in row[: self._width]) == self._names:
            self._count("repeated_header", line, row)
        else:
            return True
        return False

    def _count(self, rule: str, line: int, row: list[str]) -> None:
        first = Line(rule, 0, where=self._layout.place(line), example=",".join(row)[:200])
        seen = self._found.get(rule, first)
        self._found[rule] = replace(seen, rows=seen.rows + 1)

    def lines(self) -> list[Line]:
        """Return a ledger line for each rule that found something."""
        return list(self._found.values())


def _read_parquet(layout: Layout, columns: Sequence[str]) -> Sheet:
    _places(layout, columns)
    try:
        frame = _frame(pq.read_table(layout.path, columns=list(columns), partitioning=None))[list(columns)]
    except (pa.ArrowException, ValueError, OSError) as error:
        raise InputError("the file is not a whole Parquet file", where=layout.path,
                         mend="write or download it again") from error  # fmt: skip
    none = np.zeros(len(frame), dtype=bool)
    return Sheet(frame, [layout], none.astype(np.int16), np.arange(1, len(frame) + 1), [], none)


def _frame(table: pa.Table) -> pd.DataFrame:
    """Return texts, numbers and moments; categories, bytes and nested values become texts."""
    table.validate(full=True)
    kinds = pa.types
    for k, column in enumerate(table.schema):
        if kinds.is_decimal(column.type):
            table = table.set_column(k, column.name, table.column(k).cast(pa.float64()))
        elif kinds.is_dictionary(column.type) or kinds.is_nested(column.type) or kinds.is_binary(column.type):
            table = table.set_column(k, column.name, table.column(k).cast(pa.string()))
    return table.to_pandas(date_as_object=False, ignore_metadata=True)
