"""Text files as they come: encodings, byte-order marks, delimiters, cut and empty files."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

import pandas as pd

from crm_analysis.errors import InputError

ENCODINGS = ("utf-8", "gb18030")
DELIMITERS = ",;\t|"
SNIFF = 1 << 20


def open_text(path: Path, encoding: str | None = None) -> io.TextIOBase:
    """Open a text file, plain or gz, in the encoding found by `find_encoding`, without its byte-order mark."""
    encoding = encoding or find_encoding(path)
    encoding = "utf-8-sig" if encoding == "utf-8" else encoding
    opened = gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")
    return io.TextIOWrapper(opened, encoding=encoding, errors="replace", newline="")


def head(path: Path, size: int = SNIFF) -> bytes:
    """Return the first bytes of a file, unpacked if it is gz; an absent, empty or broken file is an `InputError`."""
    if not path.is_file():
        raise InputError("there is no such file", where=path, mend="check the path")
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
            start = file.read(size)
    except (OSError, EOFError) as error:
        raise InputError("the file cannot be read", where=path, expected="a whole text or gz file",
                         mend=f"download it again ({error})") from error  # fmt: skip
    if not start.strip():
        raise InputError("the file is empty", where=path, expected="rows of data", mend="download it again")
    return start


def find_encoding(path: Path) -> str:
    """Return ``utf-8``, ``utf-16`` or ``gb18030`` (which holds GBK and GB 2312), whichever reads the file's beginning."""
    start = head(path)
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    for encoding in ENCODINGS:
        try:
            start[: start.rfind(b"\n") + 1 or None].decode(encoding)
            return encoding
        except UnicodeDecodeError:
            continue
    return "latin-1"


def find_delimiter(path: Path, encoding: str | None = None) -> str:
    """Return the delimiter of a file with columns: the one that splits its header into most fields."""
    with open_text(path, encoding) as file:
        first = file.readline()
    counts = {mark: len(next(csv.reader([first], delimiter=mark))) for mark in DELIMITERS}
    return max(counts, key=counts.get)


def read_csv(path: Path, *, encoding: str | None = None, delimiter: str | None = None) -> pd.DataFrame:
    """Read a CSV file with a header, every value as text, blank where nothing stands.

    A row with too many fields is an `InputError` that names its line; a file that
    ends inside a quoted field is reported as cut.
    """
    encoding = encoding or find_encoding(path)
    delimiter = delimiter or find_delimiter(path, encoding)
    with open_text(path, encoding) as file:
        try:
            frame = pd.read_csv(file, sep=delimiter, dtype=str, keep_default_na=False, skipinitialspace=True)
        except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
            raise InputError("the file is not a whole table", where=path, expected="the same number of fields in each line",
                             mend=f"look at the line named here: {error}") from error  # fmt: skip
    if frame.empty:
        raise InputError("the file has a header but no rows", where=path, mend="download it again")
    return frame
