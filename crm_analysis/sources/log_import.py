"""From a log of user actions to the table `events`: draw users, judge and write, find what is repeated, keep the ledger."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import duckdb

from crm_analysis.errors import InputError
from crm_analysis.sources.duck import database, lines, literal, parquet, progress
from crm_analysis.sources.log_format import Layout, LogFormat
from crm_analysis.sources.log_options import Options
from crm_analysis.sources.log_rules import DAMAGE, KEPT, id_columns, judge, misfit, printable, recognise
from crm_analysis.sources.log_stream import BATCH, NOTED, Seen, Stream, write
from crm_analysis.sources.plain_text import plain_text
from crm_analysis.tables import NOTED as KEPT_AND_NOTED
from crm_analysis.tables import SET_ASIDE, Line, TableLedger

CUT, OUTSIDE, NOT_SAMPLED, REPEATED = "cut_line", "outside_window", "customer_not_sampled", "duplicate_row"
ORDER = (*DAMAGE, CUT, OUTSIDE, NOT_SAMPLED, REPEATED)


@dataclass(frozen=True)
class Imported:
    """What an import made: the ledger, the window for which the log is whole, notes for ``about.yml``."""

    ledger: TableLedger
    window: list[str]
    notes: dict[str, object]


def import_log(path: Path, folder: Path, form: LogFormat, options: Options) -> Imported:
    """Write ``events.parquet`` from the log `path` into `folder`, in the order of the file.

    Passes over the file: one that counts its lines, one that draws the users (only
    when a sample is asked for), one that judges and writes. Repeated rows are found in
    the table. Memory does not grow with the file; passing files lie beside `folder`.

    Raises
    ------
    InputError
        If the file is not of the format `form`, is damaged as a whole, or leaves no row.
    """
    table = folder / "events.parquet"
    with tempfile.TemporaryDirectory(prefix=".import-", dir=folder.resolve().parent) as name:
        scratch = Path(name)
        with database(scratch) as con:
            layout, encoding = recognise(con, path, form)
            text = plain_text(path, encoding=encoding, scratch=scratch)
            _create_view(con, layout, lines(text, skip=layout.skip), options)
            stream = _judge_and_write(con, layout, table)
            if stream.lines != text.lines:
                raise RuntimeError(f"{text.lines} lines were counted, but {stream.lines} judged")
            _check(con, path, layout, stream, options)
            repeats = _find_repeats(con, table)
            if repeats and options.duplicates == "drop":
                _drop_repeats(con, table, scratch)
                repeats = _take_from_kept(con, stream, repeats)
            notes = {"file": path.name, **options.notes(), **_found(con, table, options)}
    return Imported(_ledger(path, layout, stream, repeats), _whole_window(stream, options), notes)


def _create_view(con: duckdb.DuckDBPyConnection, layout: Layout, text: str, options: Options) -> None:
    """Create the view `judged`, after the table `sampled` of the users drawn."""
    rules = {"zone": options.zone, "window": options.moments}
    if options.users:
        users = f"SELECT DISTINCT customer_id FROM ({judge(layout, text, **rules)}) WHERE rule = '{KEPT}'"
        with progress(con, "drawing users"):
            con.execute(
                f"CREATE TEMP TABLE sampled AS SELECT customer_id FROM ({users})"
                f" ORDER BY md5('{options.seed}:' || customer_id), customer_id LIMIT {options.users}"
            )
    sql = judge(layout, text, **rules, sampled="sampled" if options.users else "")
    con.execute(f"CREATE TEMP VIEW judged AS {sql}")


def _judge_and_write(con: duckdb.DuckDBPyConnection, layout: Layout, table: Path) -> Stream:
    texts = ", ".join(f"nullif({name}, '') AS {name}" for name in id_columns(layout))
    text = f"CASE WHEN noted OR rule <> '{KEPT}' THEN line END AS line"
    columns = f"{texts}, action, make_timestamptz(moment) AS happened_at, rule, noted, {text}"
    stream = Stream(layout.skip)
    with progress(con, "judging and writing"):
        batches = con.sql(f"SELECT {columns} FROM judged").to_arrow_reader(BATCH)
        write((stream.add(batch) for batch in batches), table)
    return stream
