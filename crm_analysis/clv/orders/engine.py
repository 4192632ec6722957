"""The embedded engine: DuckDB behind Ibis with bounded memory, files read into it, answers as frames."""

from __future__ import annotations

import csv
import glob
import tempfile
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.tables import find_delimiter, find_encoding, open_text

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from ibis.backends import BaseBackend
    from ibis.backends.duckdb import Backend

KINDS = {".parquet": "parquet", ".pq": "parquet", ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".gz": "csv"}
MEMORY, MUCH_MEMORY, LARGE = "1GB", "3GB", 500_000_000
SHOWN = 300  # characters of what the engine says


@contextmanager
def quiet() -> Iterator[None]:
    """Keep to themselves what Ibis says of libraries newer than itself."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=DeprecationWarning)
        yield


@contextmanager
def engine(memory: str, *, size: int = 0) -> Iterator[Backend]:
    """Give an embedded DuckDB that spills into a passing folder what is more than `memory`.

    Parameters
    ----------
    memory : str
        A size such as ``2GB``; if empty, `MEMORY`, or `MUCH_MEMORY` for more than `LARGE` bytes.
    size : int
        Bytes of the orders.
    """
    import duckdb
    import ibis

    memory = memory or (MUCH_MEMORY if size > LARGE else MEMORY)
    with quiet(), tempfile.TemporaryDirectory(prefix="crm-summary-", ignore_cleanup_errors=True) as scratch:
        try:
            con = ibis.duckdb.connect(memory_limit=memory, temp_directory=scratch, preserve_insertion_order=False)
        except duckdb.Error as error:
            raise InputError(f"memory={memory!r} cannot be used", expected="a size such as 1GB", mend=str(error),
                             zh=f"memory={memory!r} 无法使用，应写作 1GB") from error  # fmt: skip
        with suppress(duckdb.InvalidInputException):  # inside Jupyter without ipywidgets there is no bar to switch off
            con.raw_sql("SET enable_progress_bar = false")
        try:
            yield con
        except duckdb.OutOfMemoryException as error:
            raise InputError(f"the summary needs more memory than {memory}", where=str(error).splitlines()[0][:SHOWN],
                             mend="memory='4GB', for example; or summarize a part of the customers",
                             zh=f"内存上限 {memory} 不足，请用 memory= 调高") from error  # fmt: skip
        except (duckdb.IOException, duckdb.InvalidInputException) as error:
            told = " ".join(str(error).splitlines()[:3])[:SHOWN]
            raise InputError("the orders cannot be read to their end", where=told,
                             expected="whole files with the same columns, and room on the disk",
                             mend="mend the line named here",
                             zh="订单文件无法完整读取") from error  # fmt: skip
        finally:
            con.disconnect()


@dataclass(frozen=True)
class Run:
    """Runs expressions on one backend.

    Parameters
    ----------
    con : ibis backend
    """

    con: BaseBackend

    def __call__(self, expression: ir.Table) -> pd.DataFrame:
        """Return the rows of a table expression."""
        with quiet():
            return self.con.to_pyarrow(expression).to_pandas()

    @property
    def is_duckdb(self) -> bool:
        """Whether functions of DuckDB may be called by name."""
        return self.con.name == "duckdb"


@dataclass(frozen=True)
class Files:
    """Files of one kind that together hold the orders.

    Parameters
    ----------
    paths : tuple of str
    kind : str
        ``csv`` or ``parquet``.
    delimiter : str
        Of CSV files.
    header : tuple of str
        Names of the columns of CSV files.
    """

    paths: tuple[str, ...]
    kind: str
    delimiter: str = ","
    header: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The first file's name and how many more there are."""
        first = Path(self.paths[0]).name
        return first if len(self.paths) == 1 else f"{first} and {len(self.paths) - 1} more"

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(Path(path).stat().st_size for path in self.paths)

    @property
    def is_plain(self) -> bool:
        """Whether the engine reads them as they are: Parquet, or text in UTF-8."""
        return self.kind == "parquet" or all(find_encoding(Path(path)) == "utf-8" for path in self.paths)

    def zone(self, column: str) -> str | None:
        """Return the zone that a Parquet file names for its times; the engine itself forgets it."""
        if self.kind != "parquet":
            return None
        import pyarrow.parquet as pq

        schema = pq.read_schema(self.paths[0])
        return getattr(schema.field(column).type, "tz", None) if column in schema.names else None

    def table(self, con: Backend) -> ir.Table:
        """Return the rows as a table of the engine, every value of a CSV file as text."""
        names = [glob.escape(path) for path in self.paths]
        if self.kind == "parquet":
            return con.read_parquet(names)
        columns = dict.fromkeys(self.header, "VARCHAR")
        marks = {"delim": self.delimiter, "quote": '"', "escape": '"'}
        return con.read_csv(names, header=True, columns=columns, auto_detect=False, strict_mode=True, **marks)


def find_files(given: str | Path | Iterable[str | Path]) -> Files:
    """Find the files that a path, a pattern such as ``orders/*.parquet``, or a list of them names.

    Raises
    ------
    InputError
        If there are none, they are of different or unknown kinds, or one is empty.
    """
    wanted = [given] if isinstance(given, (str, Path)) else list(given)
    paths = tuple(str(path) for one in wanted for path in _matching(str(one)))
    kinds = {KINDS.get(Path(path).suffix.lower()) for path in paths}
    if len(kinds) != 1 or None in kinds:
        raise InputError("the files are not all CSV or all Parquet", where=", ".join(paths[:3]) or "no file named",
                         expected="names that end in .csv or .parquet",
                         mend="for Excel: crm import csv", zh="文件应全部为 CSV 或全部为 Parquet")  # fmt: skip
    if empty := [path for path in paths if not Path(path).stat().st_size]:
        raise InputError("the file is empty", where=empty[0], expected="rows of orders", mend="download it again",
                         zh="文件为空")  # fmt: skip
    if kinds == {"parquet"}:
        return Files(paths, "parquet")
    delimiter = find_delimiter(Path(paths[0]))
    return Files(paths, "csv", delimiter, _header(paths, delimiter))


def _header(paths: tuple[str, ...], delimiter: str) -> tuple[str, ...]:
    """Names of the columns, the same in all files and none twice."""
    headers = {}
    for path in paths:
        with open_text(Path(path)) as file:
            names = next(csv.reader(file, delimiter=delimiter), [])
        headers[tuple(name.strip() or f"column_{k}" for k, name in enumerate(names, 1))] = path
    header = next(iter(headers))
    if len(headers) > 1 or len(set(header)) < len(header):
        what = "the files have different columns" if len(headers) > 1 else "the file has a column twice"
        raise InputError(what, where=", ".join(headers.values()), expected="one header, no name twice",
                         mend="rename columns, or summarize one file", zh="文件的列名不一致或重复")  # fmt: skip
    return header


def _matching(name: str) -> list[str]:
    if Path(name).is_file():
        return [name]
    found = sorted(path for path in glob.glob(name, recursive=True) if Path(path).is_file())
    if found:
        return found
    folder = Path(name).is_dir()
    raise InputError("this is a folder, not a file" if folder else "there is no such file", where=name,
                     expected="a CSV or Parquet file, or a pattern such as orders/*.parquet",
                     mend="for a folder of tables: summarize(tables.load(folder))" if folder else "check the path",
                     zh="这是文件夹，不是文件" if folder else "文件不存在")  # fmt: skip
