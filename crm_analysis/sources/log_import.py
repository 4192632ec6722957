"""From a log of user actions to the table `events`: sample, judge, write, find what is repeated, keep the ledger."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import duckdb

from crm_analysis.errors import InputError
from crm_analysis.sources.duck import database, lines, literal, parquet, progress
from crm_analysis.sources.log_format import Layout, LogFormat
from crm_analysis.sources.log_options import Options
from crm_analysis.sources.log_rules import KEPT, RULES, id_columns, judge, misfit, printable, recognise
from crm_analysis.sources.plain_text import plain_text
from crm_analysis.tables import NOTED, SET_ASIDE, Line, TableLedger

ORDER = (*RULES, "cut_line", "outside_window", "customer_not_sampled", "duplicate_row")


@dataclass(frozen=True)
class Imported:
    """What an import made: the ledger, the window for which the log is whole, notes for ``about.yml``."""

    ledger: TableLedger
    window: list[str]
    notes: dict[str, object]


class Fate(NamedTuple):
    """What the lines under one rule have in common: how many, the first of them, their earliest and latest moment."""

    rule: str
    noted: bool
    rows: int
    earliest: int | None = None
    latest: int | None = None
    line: int = 0
    text: str | None = None


def import_log(path: Path, folder: Path, form: LogFormat, options: Options) -> Imported:
    """Write ``events.parquet`` from the log `path` into `folder`, in the order of the file.

    Passes over the file: one that counts its lines, one that draws the users
    (only when a sample is asked for), one that judges, one that writes, and, if rows
    are repeated, one that finds where (and one that writes again without them).
    Memory does not grow with the file; passing files lie beside `folder`.

    Raises
    ------
    InputError
        If the file is not of the format `form`, is damaged as a whole, or leaves no row.
    """
    with tempfile.TemporaryDirectory(prefix=".import-", dir=folder.resolve().parent) as name:
        scratch = Path(name)
        with database(scratch) as con:
            layout, encoding = recognise(con, path, form)
            text = plain_text(path, encoding=encoding, scratch=scratch)
            _create_views(con, layout, lines(text, skip=layout.skip), options)
            fates = _fates(con, layout)
            if layout.skip + sum(fate.rows for fate in fates) != text.lines:
                raise RuntimeError(f"{text.lines} lines were counted, but not as many judged")
            _check(con, path, layout, fates, options)
            table = folder / "events.parquet"
            _write(con, table)
            repeats = _find_repeats(con, table)
            if repeats and options.duplicates == "drop":
                _write(con, table, "WHERE n NOT IN (SELECT n FROM repeats)")
                fates = _without_repeats(con, fates, repeats)
            notes = {"file": path.name, **options.notes(), **_found(con, table, options)}
    ledger = _ledger(path, layout, fates, repeats if options.duplicates == "keep" else None)
    return Imported(ledger, _whole_window(fates, options), notes)


def _create_views(con: duckdb.DuckDBPyConnection, layout: Layout, text: str, options: Options) -> None:
    """Create the views `judged` (all lines with their rule) and `kept` (the rows kept: number, noted, columns)."""
    rules = {"zone": options.zone, "window": options.moments}
    if options.users:
        users = f"SELECT DISTINCT customer_id FROM ({judge(layout, text, **rules)}) WHERE rule = '{KEPT}'"
        with progress(con, "drawing users"):
            con.execute(
                f"CREATE TEMP TABLE sampled AS SELECT customer_id FROM ({users})"
                f" ORDER BY md5('{options.seed}:' || customer_id), customer_id LIMIT {options.users}"
            )
    judged = judge(layout, text, **rules, sampled="sampled" if options.users else "")
    con.execute(f"CREATE TEMP VIEW judged AS {judged}")
    texts = ", ".join(f"nullif({name}, '') AS {name}" for name in id_columns(layout))
    columns = f"{texts}, action, make_timestamptz(moment) AS happened_at"
    con.execute(f"CREATE TEMP VIEW kept AS SELECT n, noted, {columns} FROM judged WHERE rule = '{KEPT}'")


def _fates(con: duckdb.DuckDBPyConnection, layout: Layout) -> list[Fate]:
    """Judge all lines; then look, line by line, for the first one of each rule."""
    with progress(con, "judging rows"):
        groups = con.execute(
            "SELECT rule, noted, count(*), min(moment), max(moment) FROM judged GROUP BY rule, noted"
        ).fetchall()
    fates = [Fate(*group) for group in groups]
    last = layout.skip + sum(fate.rows for fate in fates)
    return [part for fate in fates for part in _with_first(con, layout, fate, last)]


def _with_first(con: duckdb.DuckDBPyConnection, layout: Layout, fate: Fate, last: int) -> list[Fate]:
    """Add the first line; the last line of the file, if it lacks fields, has a rule of its own: the file was cut."""
    if fate.rule == KEPT and not fate.noted:
        return [fate]
    lines = f"SELECT n, line FROM judged WHERE rule = '{fate.rule}' AND noted = {fate.noted}"
    with progress(con, f"finding {fate.rule}"):
        number, text = con.execute(f"{lines} LIMIT 1").fetchone()
        end = con.execute(f"{lines} AND n = {last}").fetchone() if fate.rule == "wrong_field_count" else None
    found = fate._replace(line=number, text=text)
    if not end or end[1].count(layout.delimiter) + 1 > layout.width:
        return [found]
    return [found._replace(rows=fate.rows - 1), Fate("cut_line", False, 1, line=last, text=end[1])]


def _check(con: duckdb.DuckDBPyConnection, path: Path, layout: Layout, fates: list[Fate], options: Options) -> None:
    """Raise if most rows are damaged, or none is left."""
    damaged = [fate for fate in fates if fate.rule in RULES and fate.rule != "blank_line"]
    whole = sum(fate.rows for fate in fates if fate.rule not in RULES)
    if sum(fate.rows for fate in damaged) > whole:
        worst = max(damaged, key=lambda fate: fate.rows)
        share = whole / (whole + sum(fate.rows for fate in damaged))
        raise misfit(layout, path, worst.rule, worst.line, worst.text, share=share)
    if any(fate.rule == KEPT for fate in fates):
        return
    query = "SELECT quantile_disc(moment, 0.05), quantile_disc(moment, 0.95) FROM judged WHERE moment IS NOT NULL"
    low, high = (options.local(moment).date() for moment in con.execute(query).fetchone())
    raise InputError(
        f"no row lies in the window {options.window[0]} to {options.window[1]} ({options.zone})",
        where=path,
        expected=f"rows of these days; nine tenths of the rows lie between {low} and {high}",
        mend=f"name the days of the file: --window {low}/{high}",
    )


def _write(con: duckdb.DuckDBPyConnection, table: Path, where: str = "") -> None:
    rows = f"SELECT * EXCLUDE (n, noted) FROM kept {where}"
    with progress(con, "writing events"):
        con.execute(f"COPY ({rows}) TO {literal(table)} (FORMAT parquet, COMPRESSION zstd)")


def _find_repeats(con: duckdb.DuckDBPyConnection, table: Path) -> Fate | None:
    """Put the numbers of all rows that repeat an earlier one, in every column, into the table `repeats`."""
    with progress(con, "counting duplicates"):
        con.execute(f"CREATE TEMP TABLE repeated AS SELECT * FROM {parquet(table)} GROUP BY ALL HAVING count(*) > 1")
    columns = [row[0] for row in con.execute("DESCRIBE repeated").fetchall()]
    if not con.execute("SELECT count(*) FROM repeated").fetchone()[0]:
        return None
    same = " AND ".join(f"kept.{name} IS NOT DISTINCT FROM repeated.{name}" for name in columns)
    order = f"row_number() OVER (PARTITION BY {', '.join(columns)} ORDER BY n)"
    with progress(con, "finding duplicates"):
        con.execute(
            f"CREATE TEMP TABLE repeats AS SELECT n, noted FROM (SELECT n, noted, {order} AS occurrence"
            f" FROM kept SEMI JOIN repeated ON {same}) WHERE occurrence > 1"
        )
    rows, first = con.execute("SELECT count(*), min(n) FROM repeats").fetchone()
    text = con.execute(f"SELECT line FROM judged WHERE n = {first} LIMIT 1").fetchone()[0]
    return Fate("duplicate_row", False, rows, line=first, text=text)


def _without_repeats(con: duckdb.DuckDBPyConnection, fates: list[Fate], repeats: Fate) -> list[Fate]:
    """Take the rows of `repeats` from those kept, and give them a fate of their own."""
    found = dict(con.execute("SELECT noted, count(*) FROM repeats GROUP BY noted").fetchall())
    rest = [fate._replace(rows=fate.rows - found.get(fate.noted, 0)) if fate.rule == KEPT else fate for fate in fates]
    return [*rest, repeats]


def _found(con: duckdb.DuckDBPyConnection, table: Path, options: Options) -> dict[str, object]:
    """Return what the table itself says: how many users were drawn, which days between first and last have no row."""
    notes: dict[str, object] = {}
    if options.users:
        notes["users_sampled"] = con.execute("SELECT count(*) FROM sampled").fetchone()[0]
    if options.window:
        day = f"CAST(timezone({literal(options.zone)}, happened_at) AS DATE)"
        seen = {row[0] for row in con.execute(f"SELECT DISTINCT {day} FROM {parquet(table)}").fetchall()}
        days = (min(seen) + timedelta(days=k) for k in range((max(seen) - min(seen)).days))
        empty = [str(day) for day in days if day not in seen]
        notes |= {"days_without_rows": empty} if empty else {}
    return notes


def _whole_window(fates: list[Fate], options: Options) -> list[str]:
    """Return the window asked for, cut to the hours in which the file has rows; empty when none was asked for.

    An end that is the end of a day is written as that day. Rows of users who were
    not sampled count as well: the sample is as whole as the file.
    """
    if options.window is None:
        return []
    inside = [fate for fate in fates if fate.rule in (KEPT, "customer_not_sampled")]
    first = options.local(min(fate.earliest for fate in inside)).replace(minute=0, second=0, microsecond=0)
    last = options.local(max(fate.latest for fate in inside)).replace(minute=59, second=59, microsecond=0)
    return [str(first).removesuffix(" 00:00:00"), str(last).removesuffix(" 23:59:59")]


def _ledger(path: Path, layout: Layout, fates: list[Fate], repeats: Fate | None) -> TableLedger:
    """Return the ledger of the table; `repeats` are rows that were kept."""
    read = sum(fate.rows for fate in fates)
    kept = sum(fate.rows for fate in fates if fate.rule == KEPT)
    set_aside = sorted((fate for fate in fates if fate.rule != KEPT), key=lambda fate: ORDER.index(fate.rule))
    noted = [fate._replace(rule=layout.format.noted) for fate in fates if fate.noted] + ([repeats] if repeats else [])
    lines = [_line(path, fate, SET_ASIDE) for fate in set_aside] + [_line(path, fate, NOTED) for fate in noted]
    return TableLedger("events", path.name, read, kept, lines, "import")


def _line(path: Path, fate: Fate, kind: str) -> Line:
    return Line(fate.rule, fate.rows, kind, f"{path.name}, line {fate.line}", printable(fate.text)[:200])
