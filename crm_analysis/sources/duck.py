"""Large text files through DuckDB: line by line, in bounded memory, nothing outside one scratch folder."""

from __future__ import annotations

import glob
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from crm_analysis.errors import InputError
from crm_analysis.sources.plain_text import FORBIDDEN, PlainText

MEMORY = "500MB"
MAX_THREADS = 4
SEPARATOR = FORBIDDEN  # parts nothing, so that each line is one column


@contextmanager
def database(scratch: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give an embedded database that holds at most `MEMORY` and spills into `scratch`; closed at the end.

    An interrupt from the keyboard is a `KeyboardInterrupt` here as elsewhere; a full
    disk, and a line longer than DuckDB takes (2 MB), are an `InputError`.
    """
    con = duckdb.connect(config={"memory_limit": MEMORY, "threads": min(MAX_THREADS, os.cpu_count() or 1)})
    con.execute(f"SET temp_directory = {literal(scratch)}")
    con.execute("SET enable_progress_bar_print = false")
    con.execute("SET TimeZone = 'UTC'")
    try:
        yield con
    except (RuntimeError, duckdb.InterruptException) as error:
        if "interrupted" in str(error).lower():  # DuckDB's word for Ctrl-C
            raise KeyboardInterrupt from error
        raise
    except (OSError, duckdb.IOException, duckdb.OutOfMemoryException, duckdb.InvalidInputException) as error:
        raise _refusal(error, scratch.parent) from error  # an OSError is what becomes of the others in a stream
    finally:
        con.close()


def _refusal(error: Exception, folder: Path) -> InputError:
    what = str(error).splitlines()[0]
    if "CSV Error" in what:
        return InputError("a line of the file is too long for a table of text", where=what,
                          expected="lines of less than 2 MB", mend="it is damaged: download it again")  # fmt: skip
    return InputError("the log could not be worked through", where=folder,
                      expected=f"{MEMORY} of memory, and room on the disk for the table and for passing files",
                      mend=f"free some room, or import fewer users ({what})")  # fmt: skip


def literal(value: object) -> str:
    """Return a value as an SQL text.

    Examples
    --------
    >>> literal("it's")
    "'it''s'"
    """
    return "'" + str(value).replace("'", "''") + "'"


def lines(text: PlainText, *, skip: int = 0) -> str:
    """Return SQL that gives each line of a file as ``n`` (its number in the file) and ``line``; a blank line is NULL.

    Numbering costs nothing where ``n`` is not asked for.
    """
    name = literal(glob.escape(str(text.path.resolve())))
    form = "auto_detect = false, header = false, compression = 'none', quote = '', escape = ''"
    end = text.line_end.encode("unicode_escape").decode()
    marks = f"delim = '{SEPARATOR}', new_line = '{end}', skip = {skip}"
    return f"""SELECT row_number() OVER () + {skip} AS n, line
               FROM read_csv({name}, {form}, {marks}, columns = {{'line': 'VARCHAR'}})"""


def parquet(path: Path) -> str:
    """Return SQL that reads one Parquet file."""
    return f"read_parquet({literal(glob.escape(str(path.resolve())))})"


def numbered(path: Path) -> str:
    """Return SQL that reads one Parquet file with the place of each row, from 0, as the column ``place``."""
    name = literal(glob.escape(str(path.resolve())))
    return f"(SELECT * RENAME (file_row_number AS place) FROM read_parquet({name}, file_row_number = true))"


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
