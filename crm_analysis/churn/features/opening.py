"""Opening tables that stay where they are: files in an engine of our own, or tables that Ibis knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from crm_analysis.churn.features.given import no_tables
from crm_analysis.churn.features.lazy import Lazy
from crm_analysis.churn.windows.history import ROW_TIME
from crm_analysis.clv.orders.engine import Files, Run, engine, find_files
from crm_analysis.errors import InputError

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from ibis.backends.duckdb import Backend


@contextmanager
def open_lazy(given: Mapping[str, Any], *, zone: str | None, memory: str) -> Iterator[Lazy]:
    """Give the engine for tables that lie in files, or in a database that Ibis knows.

    Raises
    ------
    InputError
        If files and Ibis tables are mixed, tables have no customer or time, or no zone is stated.
    """
    lazy = {name: one for name, one in given.items() if _is_ibis(one)}
    if lazy and len(lazy) < len(given):
        raise InputError("some tables are files and some are Ibis tables", where=", ".join(lazy),
                         expected="all of one kind", mend="ibis.read_parquet(path) makes a table of a file",
                         zh="部分数据表是文件、部分是 Ibis 表")  # fmt: skip
    if lazy:
        backends = [table.get_backend() for table in lazy.values()]
        yield _checked(lazy, Run(backends[0]), zone, own=False)
        return
    files = {name: find_files(one) for name, one in given.items()}
    if foreign := [one.name for one in files.values() if not one.is_plain]:
        raise InputError("text files that are not in UTF-8", where=", ".join(foreign), expected="UTF-8, or Parquet",
                         mend="customer_features(tables.load(folder), windows) reads other encodings",
                         zh="文本文件不是 UTF-8 编码")  # fmt: skip
    with engine(memory, size=sum(one.size for one in files.values())) as con:
        tables = {name: _opened(con, name, one) for name, one in files.items()}
        zones = [one.zone(ROW_TIME[name]) for name, one in files.items()]
        yield _checked(tables, Run(con), zone or next(filter(None, zones), None), own=True)


def _opened(con: Backend, name: str, files: Files) -> ir.Table:
    """Return the rows of files; texts are read once."""
    table = files.table(con)
    return con.create_table(f"read_{name}", table, temp=True) if files.kind == "csv" else table


def _checked(tables: Mapping[str, ir.Table], run: Run, zone: str | None, *, own: bool) -> Lazy:
    tables = {name: table for name, table in tables.items() if int(run(table.aggregate(n=table.count()))["n"].iloc[0])}
    problems = [f"{name} lacks {column}" for name, table in tables.items() for column in ("customer_id", ROW_TIME[name])
                if column not in table.columns]  # fmt: skip
    if problems:
        raise InputError("; ".join(problems), expected="customer_id and the time of the row in each table",
                         mend="rename the columns", zh="数据表缺少客户编号或时间列")  # fmt: skip
    if not tables:
        raise no_tables()
    if zone is None:
        zone = next((kind for name, table in tables.items() if (kind := _zone(table[ROW_TIME[name]]))), None)
    if zone is None:
        raise InputError("whose days are meant? the times name no zone", where=", ".join(tables),
                         expected="the IANA zone of the data", mend="zone='Asia/Shanghai', for example",
                         zh="时间没有时区，请用 zone= 指明")  # fmt: skip
    return Lazy(tables, run, zone, own)


def _zone(column: ir.Value) -> str | None:
    return column.type().timezone if column.type().is_timestamp() else None


def _is_ibis(one: object) -> bool:
    return type(one).__module__.split(".")[0] == "ibis" and hasattr(one, "aggregate")
