"""Large text files through DuckDB: line by line, in bounded memory, nothing outside one scratch folder."""

from __future__ import annotations

import glob
import gzip
import os
import shutil
import sys
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from crm_analysis.errors import InputError
from crm_analysis.tables import open_text

MEMORY = "1GB"
MAX_THREADS = 4
SEPARATOR = "\x01\x02\x03\x04"  # stands in no text file, so that each line is one column


@contextmanager
def database(scratch: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give an embedded database that holds at most `MEMORY` and spills into `scratch`; closed at the end.

    An interrupt from the keyboard is a `KeyboardInterrupt` here as elsewhere, and a
    full disk an `InputError`.
    """
    con = duckdb.connect(config={"memory_limit": MEMORY, "threads": min(MAX_THREADS, os.cpu_count() or 1)})
    con.execute(f"SET temp_directory = {literal(scratch)}")
    con.execute("SET enable_progress_bar_print = false")
    try:
        yield con
    except (RuntimeError, duckdb.InterruptException) as error:
        if "interrupted" in str(error).lower():  # DuckDB's word for Ctrl-C
            raise KeyboardInterrupt from error
        raise
    except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
        raise InputError("the log could not be worked through", where=scratch.parent,
                         expected=f"{MEMORY} of memory, and room on the disk for the table and for passing files",
                         mend=f"free some room, or import fewer users ({error})") from error  # fmt: skip
    finally:
        con.close()


def literal(value: object) -> str:
    """Return a value as an SQL text.

    Examples
    --------
    >>> literal("it's")
    "'it''s'"
    """
    return "'" + str(value).replace("'", "''") + "'"


def lines(path: Path, *, skip: int = 0) -> str:
    """Return SQL that gives each physical line of a plain UTF-8 file as ``n`` (its number in the file) and ``line``.

    A blank line is NULL. Lines end in LF, CRLF or CR, one of them throughout the
    file. Numbering costs nothing where ``n`` is not asked for.
    """
    name = literal(glob.escape(str(path.resolve())))
    options = f"auto_detect = false, header = false, delim = '{SEPARATOR}', quote = '', escape = '', skip = {skip}"
    options += ", compression = 'none'"
    scan = f"read_csv({name}, {options}, columns = {{'line': 'VARCHAR'}})"
    return f"SELECT row_number() OVER () + {skip} AS n, line FROM {scan}"


def parquet(path: Path) -> str:
    """Return SQL that reads one Parquet file."""
    return f"read_parquet({literal(glob.escape(str(path.resolve())))})"


def plain_text(con: duckdb.DuckDBPyConnection, path: Path, *, encoding: str, scratch: Path) -> Path:
    """Return a file with the lines of `path` that `lines` can read: `path` itself, or a copy in `scratch`.

    Plain UTF-8 is read where it lies. A gz file is unpacked, which also proves
    its checksum. Another encoding, and a file with damaged characters or mixed
    line ends, is copied to UTF-8; what cannot be decoded becomes U+FFFD.

    Raises
    ------
    InputError
        If a gz file is cut or damaged, or a line is longer than DuckDB takes (2 MB).
    """
    copy = scratch / "plain.csv"
    try:
        if encoding == "utf-8":
            file = _unpack(path, copy) if _packed(path) else path
            if _readable(con, file):
                return file
        _transcode(path, encoding, copy)
    except (EOFError, OSError, zlib.error) as error:
        raise InputError("the file cannot be read to its end", where=path, expected="a whole text or gz file, and room "
                         "on the disk for a plain copy", mend=f"download it again ({error})") from error  # fmt: skip
    if not _readable(con, copy):
        raise InputError("the file holds a line that is too long for a table of text", where=path,
                         expected="lines of less than 2 MB", mend="it is damaged: download it again")  # fmt: skip
    return copy


def _readable(con: duckdb.DuckDBPyConnection, path: Path) -> bool:
    try:
        with progress(con, "reading"):
            con.execute(f"SELECT count(line), sum(length(line)) FROM ({lines(path)})").fetchone()
    except duckdb.InvalidInputException:
        return False
    return True


def _packed(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def _unpack(path: Path, target: Path) -> Path:
    with gzip.open(path, "rb") as packed, target.open("wb") as plain:
        shutil.copyfileobj(packed, plain, 1 << 20)
    return target


def _transcode(path: Path, encoding: str, target: Path) -> None:
    with open_text(path, encoding) as text, target.open("w", encoding="utf-8", newline="\n") as plain:
        plain.writelines(line.rstrip("\r\n").replace(SEPARATOR[0], "\ufffd") + "\n" for line in text)


@contextmanager
def progress(con: duckdb.DuckDBPyConnection, label: str) -> Iterator[None]:
    """Show on a terminal's standard error how far the running query is; elsewhere do nothing."""
    if not sys.stderr.isatty():
        yield
        return
    con.execute("SET enable_progress_bar = true")
    done = threading.Event()
    watcher = threading.Thread(target=_watch, args=(con, label, done), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


def _watch(con: duckdb.DuckDBPyConnection, label: str, done: threading.Event) -> None:
    from tqdm import tqdm

    form = "{desc}: {percentage:3.0f}%|{bar}| {elapsed}"
    with tqdm(total=100, desc=label, bar_format=form, leave=False, file=sys.stderr) as bar:
        while not done.wait(0.2):
            bar.update(max(0.0, con.query_progress() - bar.n))
