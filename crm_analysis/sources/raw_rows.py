"""What a file is, by its content, and its rows as they stand: lines of text, rows of an Excel sheet."""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from crm_analysis.errors import InputError, nearest
from crm_analysis.tables import find_encoding, head, open_text

if TYPE_CHECKING:
    from openpyxl import Workbook

TEXT, EXCEL, PARQUET = "text", "excel", "parquet"
OLE = b"\xd0\xcf\x11\xe0"
SAVE_AS = "open it in Excel or WPS and save it as .xlsx or as CSV"
EXCEL_DIGITS = 1e15
ENCODINGS = ("utf-8", "utf-16", "utf-16-le", "gb18030", "gbk", "big5", "latin-1")
SAMPLE = 4096


def kind_of(path: Path) -> str:
    """Return ``text``, ``excel`` or ``parquet`` by the first bytes of the file, whatever its name ends in.

    Raises
    ------
    InputError
        If the file is absent, empty, an old or encrypted workbook, a zip archive or a web page.
    """
    start = head(path)
    if start[:4] == b"PAR1":
        return PARQUET
    if start[:4] == OLE:
        locked = "EncryptedPackage".encode("utf-16-le") in path.read_bytes()
        what = "the workbook is encrypted" if locked else "the workbook is in the old .xls format"
        raise InputError(what, where=path, expected=".xlsx without a password, CSV or Parquet", mend=SAVE_AS)
    if start[:4] == b"PK\x03\x04":
        return _zip_kind(path)
    if start.lstrip()[:100].lower().startswith((b"<html", b"<!doctype", b"<table", b"<?xml")):
        raise InputError("the file is a web page or XML, not a table", where=path, mend=SAVE_AS)
    return TEXT


def _zip_kind(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise InputError("the workbook is damaged", where=path, mend=f"export it again, or {SAVE_AS}") from error
    if "xl/workbook.xml" in names:
        return EXCEL
    if "xl/workbook.bin" in names or "mimetype" in names:
        raise InputError("the workbook is not in the .xlsx format", where=path, mend=SAVE_AS)
    raise InputError("the file is a zip archive", where=f"{path} (holds {', '.join(names[:3])})", expected="one table",
                     mend="unpack it and name the file inside")  # fmt: skip


def text_encoding(path: Path, encoding: str = "") -> str:
    """Return the encoding given, if it can be used for this file, or the one found in the file."""
    start = head(path, SAMPLE)
    if encoding:
        try:
            start.decode(encoding, errors="replace")
        except (LookupError, UnicodeError) as error:
            raise InputError(f"the file cannot be read with the encoding {encoding!r}", where=path,
                             expected="utf-8, utf-16, gb18030, latin-1 or another that Python knows",
                             mend=nearest(encoding, ENCODINGS) or "leave the encoding out") from error  # fmt: skip
        return codecs.lookup(encoding).name
    found = find_encoding(path, whole=True)
    if not found.startswith("utf-16") and b"\x00" in start:
        raise InputError("the file is not text", where=path, expected="CSV, Excel or Parquet", mend=SAVE_AS)
    return found


def text_rows(path: Path, encoding: str, delimiter: str) -> Iterator[tuple[int, list[str] | None]]:
    """Yield line number and fields of each row; ``None`` for a row whose quotation marks do not fit."""
    with open_text(path, encoding) as file:
        reader = csv.reader(file, delimiter=delimiter, skipinitialspace=True, strict=True)
        while True:
            line = reader.line_num + 1
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                if "expected after" not in str(error):  # the end of the file, or too much text, inside quotes
                    raise InputError("a quoted field has no end", where=f"{path.name}, from line {line}",
                                     expected="a second quotation mark",
                                     mend="the file is cut, or a field holds a single one") from error  # fmt: skip
                row = None
            except (EOFError, OSError, zlib.error) as error:
                raise InputError("the packed file is cut or damaged", where=f"{path.name}, after line {line - 1}",
                                 mend="export or download it again") from error  # fmt: skip
            yield line, row


@contextmanager
def workbook(path: Path) -> Iterator[Workbook]:
    """Open a workbook for reading row by row; one that cannot be read is an `InputError`.

    A million rows take a minute or two; CSV and Parquet are ten times as fast.
    """
    from openpyxl import load_workbook  # not at module level: a tenth of a second

    with path.open("rb") as file:
        try:
            with closing(load_workbook(file, read_only=True, data_only=True)) as book:
                yield book
        except InputError:
            raise
        except Exception as error:  # openpyxl raises whatever a damaged part leads to
            raise InputError("the workbook is damaged", where=path, mend=f"export it again, or {SAVE_AS}") from error


def sheet_rows(book: Workbook, sheet: str) -> Iterator[tuple[int, list[str]]]:
    """Yield row number and cells, as text, of each row of a sheet."""
    page = book[sheet]
    page.reset_dimensions()
    for number, cells in enumerate(page.iter_rows(values_only=True), start=1):
        yield number, [cell_text(cell) for cell in cells]


def cell_text(cell: object) -> str:
    """Return what stands in an Excel cell as text; times to the second, whole numbers without ``.0``.

    Excel keeps 15 digits. A longer number has lost the rest, and is written with
    its power of ten, so that a rounded order or customer number can be told.

    Examples
    --------
    >>> cell_text(13085.0), cell_text(2.55), cell_text(None), cell_text(6.22848000123457e17)
    ('13085', '2.55', '', '6.22848000123457e+17')
    >>> cell_text(dt.datetime(2010, 12, 1, 8, 25, 59, 999997))
    '2010-12-01 08:26:00'
    """
    if cell is None:
        return ""
    if isinstance(cell, float):
        if abs(cell) >= EXCEL_DIGITS:
            return f"{cell:.14e}"
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, dt.datetime):
        return str((cell + dt.timedelta(microseconds=500_000)).replace(microsecond=0))
    return str(cell)
