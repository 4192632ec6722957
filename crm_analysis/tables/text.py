"""Text files as they come: encodings, byte-order marks, delimiters, cut and empty files."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pandas as pd

from crm_analysis.errors import InputError

ENCODINGS = ("utf-8", "gb18030")
DELIMITERS = ",;\t|"
SNIFF = 1 << 20
LONGEST_HEADER = 1 << 16


def open_text(path: Path, encoding: str | None = None) -> io.TextIOBase:
    """Open a text file, plain or gz, in the encoding found by `find_encoding`, without its byte-order mark."""
    encoding = encoding or find_encoding(path)
    encoding = "utf-8-sig" if encoding == "utf-8" else encoding
    return io.TextIOWrapper(_open(path), encoding=encoding, errors="replace", newline="")


def head(path: Path, size: int = SNIFF) -> bytes:
    """Return the first bytes of a file, unpacked if it is gz; an absent, empty or broken file is an `InputError`."""
    if not path.is_file():
        raise InputError("there is no such file", where=path, mend="check the path")
    with _whole(path), _open(path) as file:
        start = file.read(size)
    if not start.strip():
        raise InputError("the file is empty", where=path, expected="rows of data", mend="download it again")
    return start


def find_encoding(path: Path, *, whole: bool = False) -> str:
    """Return ``utf-8``, ``utf-16`` or ``gb18030`` (which holds GBK and GB 2312), whichever reads the file.

    Parameters
    ----------
    path : Path
    whole : bool
        Try the whole file rather than its beginning: the first Chinese sign may come late.

    Returns
    -------
    str
        ``latin-1``, which reads anything, where none of them does.
    """
    start = head(path)
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    for encoding, zeros in (("utf-16-le", start[1::2]), ("utf-16-be", start[0::2])):
        if zeros.count(0) > len(start) / 4 > start.count(0) - zeros.count(0):
            return encoding  # without a mark: every other byte of digits and Latin letters is 0
    for encoding in ENCODINGS:
        if _reads(path, encoding, whole):
            return encoding
    return "latin-1"


def find_delimiter(path: Path, encoding: str | None = None) -> str:
    """Return the delimiter of a file with columns: the one that splits its header into most fields."""
    with open_text(path, encoding) as file:
        first = file.readline(LONGEST_HEADER)
    if len(first) == LONGEST_HEADER:
        raise InputError("the first line is too long to be a header", where=path, expected="a text file with columns",
                         mend="check that this is the file meant")  # fmt: skip
    counts = {mark: len(next(csv.reader([first], delimiter=mark))) for mark in DELIMITERS}
    return max(counts, key=counts.get)


def read_csv(path: Path, *, encoding: str | None = None, delimiter: str | None = None) -> pd.DataFrame:
    """Read a CSV file with a header, every value as text, blank where nothing stands.

    A column named twice, a row with too many fields (its line is named), a file that
    ends inside a quoted field and a gz file that was cut are an `InputError`.
    """
    encoding = encoding or find_encoding(path, whole=True)
    delimiter = delimiter or find_delimiter(path, encoding)
    _check_header(path, encoding, delimiter)
    with _whole(path), open_text(path, encoding) as file:
        try:
            frame = pd.read_csv(file, sep=delimiter, dtype=str, keep_default_na=False, skipinitialspace=True)
        except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
            raise InputError("the file is not a whole table", where=path, mend=f"look at the line named here: {error}",
                             expected="the same number of fields in each line") from error  # fmt: skip
    if not isinstance(frame.index, pd.RangeIndex):
        raise InputError("the rows have more fields than the header has names", where=path,
                         expected=f"{len(frame.columns)} fields in each line",
                         mend="name all columns, or remove the delimiter at the end of the lines")  # fmt: skip
    if frame.empty:
        raise InputError("the file has a header but no rows", where=path, mend="download it again")
    return frame


def _check_header(path: Path, encoding: str, delimiter: str) -> None:
    with open_text(path, encoding) as file:
        try:
            names = [name.strip() for name in next(csv.reader(file, delimiter=delimiter, skipinitialspace=True), [])]
        except csv.Error as error:
            raise InputError("the header cannot be read", where=path, expected="names of columns in the first line",
                             mend=f"check that this is the file meant ({error})") from error  # fmt: skip
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise InputError(f"the file has the column {', '.join(twice)} twice", where=path, mend="keep one of them")


def _open(path: Path) -> IO[bytes]:
    """Open the bytes of a file, unpacked if it begins like a gz file, whatever its name."""
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    return gzip.open(path, "rb") if packed else path.open("rb")


@contextmanager
def _whole(path: Path) -> Iterator[None]:
    """Turn what a cut or broken file raises into an `InputError`."""
    try:
        yield
    except (OSError, EOFError, zlib.error) as error:
        raise InputError("the file cannot be read", where=path, expected="a whole text or gz file",
                         mend=f"download it again ({error})") from error  # fmt: skip


def _reads(path: Path, encoding: str, whole: bool) -> bool:
    """Tell whether the bytes of a file are text in `encoding`; a sign cut at the end does not count."""
    decoder = codecs.getincrementaldecoder(encoding)()
    with _whole(path), _open(path) as file:
        while part := file.read(SNIFF):
            try:
                decoder.decode(part)
            except UnicodeDecodeError:
                return False
            if not whole:
                break
    return True
