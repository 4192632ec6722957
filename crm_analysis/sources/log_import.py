"""From a log of user actions to the table `events`: draw users, judge and write, find repeats, keep the ledger."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import duckdb
import numpy as np
import pyarrow.parquet as pq

from crm_analysis.errors import InputError
from crm_analysis.sources.duck import database, lines, literal, numbered, parquet, progress
from crm_analysis.sources.log_format import Layout, LogFormat
from crm_analysis.sources.log_options import Options
from crm_analysis.sources.log_rules import DAMAGE, IDS, KEPT, judge, misfit, printable, recognise
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
    the table. Memory does not grow with the file, but for a byte a row where repeats
    are dropped; passing files lie beside `folder`.

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
            found = _create_view(con, layout, lines(text, skip=layout.skip), options)
            stream = _judge_and_write(con, layout, table)
            if stream.lines != text.lines:
                raise RuntimeError(f"{text.lines} lines were counted, but {stream.lines} judged")
            _check(con, path, layout, stream, options)
            repeats = _find_repeats(con, table)
            if repeats and options.duplicates == "drop":
                _drop_repeats(con, table, scratch)
                _take_from_kept(con, stream, repeats)
                repeats = None
            notes = {"file": path.name, **options.notes(), **found, **_empty_days(con, table, options)}
    return Imported(_ledger(path, layout, stream, repeats), _whole_window(stream, options), notes)


def _create_view(con: duckdb.DuckDBPyConnection, layout: Layout, text: str, options: Options) -> dict[str, int]:
    """Create the view `judged`; return the number of users drawn, if a sample was asked for."""
    rules = {"zone": options.zone, "window": options.moments}
    drawn, notes = "", {}
    if options.users:
        mark = f"md5('{options.seed}:' || customer_id)"
        users = f"SELECT DISTINCT customer_id FROM ({judge(layout, text, **rules)}) WHERE rule = '{KEPT}'"
        marks = f"SELECT {mark} AS mark FROM ({users}) ORDER BY mark LIMIT {options.users}"
        with progress(con, "drawing users"):
            last, found = con.execute(f"SELECT max(mark), count(*) FROM ({marks})").fetchall()[0]
        drawn, notes = f"{mark} <= {literal(last)}", {"users_sampled": found}
    con.execute(f"CREATE TEMP VIEW judged AS {judge(layout, text, **rules, drawn=drawn)}")
    return notes


def _judge_and_write(con: duckdb.DuckDBPyConnection, layout: Layout, table: Path) -> Stream:
    columns = [*IDS, "action", "make_timestamptz(moment) AS happened_at"]
    columns += ["nullif(geohash, '') AS geohash"] if "geohash" in layout.places else []
    columns += ["rule", "noted", f"CASE WHEN noted OR rule <> '{KEPT}' THEN line END AS line"]
    stream = Stream(layout.skip)
    with progress(con, "judging and writing"):
        batches = con.sql(f"SELECT {', '.join(columns)} FROM judged").to_arrow_reader(BATCH)
        write((stream.add(batch) for batch in batches), table)
    rule, text = stream.last
    if rule == "wrong_field_count" and text.count(layout.delimiter) + 1 < layout.width:
        stream.rules[rule].rows -= 1
        stream.rules[CUT] = Seen(1, stream.lines, text)
    return stream


def _check(con: duckdb.DuckDBPyConnection, path: Path, layout: Layout, stream: Stream, options: Options) -> None:
    """Raise if most rows are damaged, or none is left."""
    damaged = {rule: seen for rule, seen in stream.rules.items() if rule in DAMAGE and rule != "blank_line"}
    whole = sum(seen.rows for rule, seen in stream.rules.items() if rule in (KEPT, OUTSIDE, NOT_SAMPLED))
    broken = sum(seen.rows for seen in damaged.values())
    if broken > whole:
        rule, seen = max(damaged.items(), key=lambda pair: pair[1].rows)
        raise misfit(layout, path, rule, seen.line, seen.text, share=whole / (whole + broken))
    if KEPT in stream.rules:
        return
    query = "SELECT quantile_disc(moment, 0.05), quantile_disc(moment, 0.95) FROM judged WHERE rule = 'outside_window'"
    low, high = (options.local(moment).date() for moment in con.execute(query).fetchall()[0])
    raise InputError(
        f"no row lies in the window {options.window[0]} to {options.window[1]} ({options.zone})",
        where=path,
        expected=f"rows of these days; nine tenths of the rows lie between {low} and {high}",
        mend=f"name the days of the file: --window {low}/{high}",
    )


def _find_repeats(con: duckdb.DuckDBPyConnection, table: Path) -> Seen | None:
    """Put the places of all rows that equal an earlier one in every column into the table `repeats`."""
    with progress(con, "counting duplicates"):
        con.execute(f"CREATE TEMP TABLE repeated AS SELECT * FROM {parquet(table)} GROUP BY ALL HAVING count(*) > 1")
    columns = [row[0] for row in con.execute("DESCRIBE repeated").fetchall()]
    same = " AND ".join(f"events.{name} IS NOT DISTINCT FROM repeated.{name}" for name in columns)
    occurrence = f"row_number() OVER (PARTITION BY {', '.join(columns)} ORDER BY place)"
    with progress(con, "finding duplicates"):
        con.execute(
            f"CREATE TEMP TABLE repeats AS SELECT place FROM (SELECT place, {occurrence} AS occurrence"
            f" FROM {numbered(table)} AS events SEMI JOIN repeated ON {same}) WHERE occurrence > 1"
        )
        rows, first = con.execute("SELECT count(*), min(place) FROM repeats").fetchall()[0]
        if not rows:
            return None
        query = f"SELECT n, line FROM judged WHERE rule = '{KEPT}' LIMIT 1 OFFSET {first}"
        return Seen(rows, *con.execute(query).fetchall()[0])


def _drop_repeats(con: duckdb.DuckDBPyConnection, table: Path, scratch: Path) -> None:
    """Write the table again, in its order, without the rows of `repeats`."""
    file = pq.ParquetFile(table)
    first = np.ones(file.metadata.num_rows, bool)
    for batch in con.sql("SELECT place FROM repeats").to_arrow_reader(BATCH):
        first[batch["place"].to_numpy()] = False
    ends = np.cumsum([file.metadata.row_group(k).num_rows for k in range(file.num_row_groups)])
    groups = (
        file.read_row_group(k).filter(first[end - file.metadata.row_group(k).num_rows : end])
        for k, end in enumerate(ends)
    )
    write((batch for group in groups for batch in group.to_batches()), scratch / table.name)
    file.close()
    (scratch / table.name).replace(table)


def _take_from_kept(con: duckdb.DuckDBPyConnection, stream: Stream, repeats: Seen) -> None:
    """Move the rows of `repeats` from those kept to a rule of their own."""
    places = f"SELECT row_number() OVER () - 1 AS place, noted FROM judged WHERE rule = '{KEPT}'"
    query = f"SELECT count(*) FROM ({places}) WHERE noted AND place IN (SELECT place FROM repeats)"
    stream.rules[KEPT].rows -= repeats.rows
    if NOTED in stream.rules:
        stream.rules[NOTED].rows -= con.execute(query).fetchall()[0][0]
    stream.rules[REPEATED] = repeats


def _empty_days(con: duckdb.DuckDBPyConnection, table: Path, options: Options) -> dict[str, list[str]]:
    """Return the days between first and last that have no row in the table, if there are any."""
    if not options.window:
        return {}
    day = f"CAST(timezone({literal(options.zone)}, happened_at) AS DATE)"
    seen = {row[0] for row in con.execute(f"SELECT DISTINCT {day} FROM {parquet(table)}").fetchall()}
    days = (min(seen) + timedelta(days=k) for k in range((max(seen) - min(seen)).days))
    empty = [str(day) for day in days if day not in seen]
    return {"days_without_rows": empty} if empty else {}


def _whole_window(stream: Stream, options: Options) -> list[str]:
    """Return the window asked for, cut to the hours in which the file has rows; empty when none was asked for.

    An end that is the end of a day is written as that day. Rows of users who were
    not sampled count as well: the sample is as whole as the file.
    """
    if options.window is None:
        return []
    inside = [seen for rule, seen in stream.rules.items() if rule in (KEPT, NOT_SAMPLED)]
    first = options.local(min(seen.earliest for seen in inside)).replace(minute=0, second=0, microsecond=0)
    last = options.local(max(seen.latest for seen in inside)).replace(minute=59, second=59, microsecond=0)
    return [str(first).removesuffix(" 00:00:00"), str(last).removesuffix(" 23:59:59")]


def _ledger(path: Path, layout: Layout, stream: Stream, repeats: Seen | None) -> TableLedger:
    """Return the ledger of the table; `repeats` are among the rows kept."""
    noted = {layout.format.noted: stream.rules.get(NOTED), REPEATED: repeats}
    fates = [(rule, stream.rules.get(rule), SET_ASIDE) for rule in ORDER]
    fates += [(rule, seen, KEPT_AND_NOTED) for rule, seen in noted.items()]
    entries = [
        Line(rule, seen.rows, fate, f"{path.name}, line {seen.line}", printable(seen.text)[:200])
        for rule, seen, fate in fates
        if seen
    ]
    return TableLedger("events", path.name, stream.lines - layout.skip, stream.rules[KEPT].rows, entries, "import")
