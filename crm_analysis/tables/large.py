"""Parquet tables through DuckDB: those too large for memory are read for a random part of their customers."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.tables.ledger import Ledger, Line, TableLedger

PARTS = 1_000_000


def read_parquet(paths: dict[str, Path], max_rows: int, ledger: Ledger) -> dict[str, pd.DataFrame]:
    """Read Parquet tables; if one has more than `max_rows` rows, all are read for the same part of the customers.

    The part is chosen by a hash of the customer's id, so that it does not depend
    on the order of rows and whole histories stay together. What was left out
    stands in `ledger` under the rule ``customer_not_sampled``.
    """
    if not paths:
        return {}
    con = duckdb.connect()
    rows = {name: _count(con, path) for name, path in paths.items()}
    keep = min(PARTS, int(PARTS * max_rows / max(1, *rows.values())))
    frames = {}
    for name, path in paths.items():
        sampled = keep < PARTS and "customer_id" in _columns(con, path)
        where = f"WHERE md5_number_lower(customer_id::VARCHAR) % {PARTS} < {keep}" if sampled else ""
        query = f"SELECT * FROM read_parquet(?) {where}"
        frames[name] = con.execute(query, [str(path)]).to_arrow_table().to_pandas()
        if sampled:
            kept = len(frames[name])
            ledger.add(
                TableLedger(name, path.name, rows[name], kept, [Line("customer_not_sampled", rows[name] - kept)])
            )
    con.close()
    return frames


def _count(con: duckdb.DuckDBPyConnection, path: Path) -> int:
    try:
        return con.execute("SELECT count(*) FROM read_parquet(?)", [str(path)]).fetchone()[0]
    except duckdb.Error as error:
        raise InputError(
            "the file is not a whole Parquet file", where=path, mend="write or download it again"
        ) from error


def _columns(con: duckdb.DuckDBPyConnection, path: Path) -> list[str]:
    return [row[0] for row in con.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(path)]).fetchall()]
