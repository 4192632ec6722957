"""Data sets too large for memory are read for a random part of their customers, Parquet tables through DuckDB."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa

from crm_analysis.errors import InputError
from crm_analysis.tables.ledger import Ledger, Line, TableLedger
from crm_analysis.tables.plain import plain

PARTS = 1_000_000


def part_to_keep(paths: Iterable[Path], max_rows: int) -> int:
    """Return how many millionths of the customers to read so that no Parquet table has many more than `max_rows` rows.

    All are kept (`PARTS`) where every table is small enough.
    """
    rows = [1]
    for path in paths:
        with _parquet(path) as con:
            rows.append(con.execute("SELECT count(*) FROM read_parquet(?)", [str(path)]).fetchall()[0][0])
    return min(PARTS, int(PARTS * max_rows / max(rows)))


def read_parquet(path: Path, name: str, keep: int, ledger: Ledger) -> pd.DataFrame:
    """Read the Parquet table `name`, of `keep` millionths of the customers where that is not all.

    The part is chosen by a hash of the customer's id, so that it does not depend
    on the order of rows, whole histories stay together and all tables agree. What
    was left out stands in `ledger` under the rule ``customer_not_sampled``.
    """
    table = "read_parquet(?)"
    with _parquet(path) as con:
        kinds = {row[0]: row[1] for row in con.execute(f"DESCRIBE FROM {table}", [str(path)]).fetchall()}
        rows = con.execute(f"SELECT count(*) FROM {table}", [str(path)]).fetchall()[0][0]
        where = ""
        if keep < PARTS and "customer_id" in kinds:
            whole = "TRY_CAST(customer_id AS BIGINT)" if kinds["customer_id"] in ("DOUBLE", "FLOAT") else "customer_id"
            where = f"WHERE {_chosen(f'trim({whole}::VARCHAR)', keep)}"
        frame = con.sql(f"FROM {table} {where}", params=[str(path)]).to_arrow_table().to_pandas()
    _note(ledger, name, path, rows, len(frame))
    return frame


def sample(frame: pd.DataFrame, path: Path, name: str, keep: int, ledger: Ledger) -> pd.DataFrame:
    """Return the rows of `frame`, read from `path`, for the same part of the customers as `read_parquet`."""
    if keep == PARTS or "customer_id" not in frame:
        return frame
    ids = pa.table({"id": pa.array(plain(frame["customer_id"]).to_numpy(object), pa.string(), from_pandas=True)})
    with duckdb.connect() as con:
        hit = con.from_arrow(ids).project(f"coalesce({_chosen('id', keep)}, false) AS hit").to_arrow_table()
    kept = frame[hit["hit"].to_numpy()]
    _note(ledger, name, path, len(frame), len(kept))
    return kept


def _chosen(text: str, keep: int) -> str:
    return f"md5_number_lower({text}) % {PARTS} < {keep}"


def _note(ledger: Ledger, name: str, path: Path, rows: int, kept: int) -> None:
    if kept < rows:
        ledger.add(TableLedger(name, path.name, rows, kept, [Line("customer_not_sampled", rows - kept)]))


@contextmanager
def _parquet(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        try:
            yield con
        except duckdb.Error as error:
            raise InputError("the file is not a whole Parquet file", where=path,
                             mend="write or download it again") from error  # fmt: skip
