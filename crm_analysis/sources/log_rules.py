"""One fate for every line of a log of user actions: the rules, in their order, as one SQL expression."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb

from crm_analysis.errors import InputError
from crm_analysis.sources.duck import literal
from crm_analysis.sources.log_format import (
    FORMATS,
    Beginning,
    Layout,
    LogFormat,
    read_beginning,
    read_layout,
    unknown_header,
)
from crm_analysis.tables.text import DELIMITERS

KEPT = "kept"
DAMAGE = ("blank_line", "wrong_field_count", "blank_id", "bad_id", "unknown_action", "bad_time")
IDS = ("customer_id", "item_id", "category_id")
YEAR_1 = -62_135_596_800_000_000  # its first microsecond, counted from 1970: no calendar goes further back
MENDS = {
    "wrong_field_count": "part the fields by comma, tab, semicolon or |; with more columns, name them in a header",
    "blank_id": "look for the users, items and categories that are missing",
    "bad_id": "the ids of the published file are whole numbers; import other ids with the source `csv`",
    "unknown_action": "check the order of the fields, or name them in a header",
    "bad_time": "check the order of the fields, and that no spreadsheet has rewritten the times",
}


def judge(layout: Layout, lines: str, *, zone: str, window: tuple[int, int] | None = None, drawn: str = "") -> str:
    """Return SQL that gives each line of `lines` its fields and the one rule it falls under.

    A line falls under the first rule that fits it: ``blank_line``,
    ``wrong_field_count``, ``blank_id``, ``bad_id`` (not a whole number),
    ``unknown_action``, ``bad_time``, ``outside_window``, ``customer_not_sampled``,
    else ``kept``. Quotation marks, and blanks around a field, do not count if the
    beginning of the file has any.

    Parameters
    ----------
    layout : Layout
    lines : str
        SQL of a relation with ``n`` and ``line``.
    zone : str
        Zone of local times.
    window : tuple of two int, optional
        First microsecond since 1970 UTC inside, and first after it.
    drawn : str, optional
        SQL condition on ``customer_id`` that holds for the users of the sample. No join:
        DuckDB keeps the order of the file only where there is none.

    Returns
    -------
    str
        SQL with n, line, the text columns of the table, action, moment (in
        microseconds since 1970 UTC), rule, and noted (kept, and to be noted).
    """
    form = layout.format
    field, line = ("{}", "line") if layout.tidy else ("trim({})", """replace(line, '"', '')""")
    fields = {column: field.format(f"f[{place}]") for column, place in layout.places.items()}
    texts = ", ".join(f"{fields[column]} AS {column}" for column in id_columns(layout))
    codes = " ".join(f"WHEN {literal(code)} THEN {literal(action)}" for code, action in form.actions.items())
    rules = [("damage IS NOT NULL", "damage"), (f"moment IS NULL OR moment < {YEAR_1}", "'bad_time'")]
    if window:
        rules.append((f"moment < {window[0]} OR moment >= {window[1]}", "'outside_window'"))
    if drawn:
        rules.append((f"NOT ({drawn})", "'customer_not_sampled'"))
    case = " ".join(f"WHEN {condition} THEN {rule}" for condition, rule in rules)
    return f"""
        WITH split AS (SELECT n, line, string_split({line}, {literal(layout.delimiter)}) AS f FROM ({lines})),
        named AS (SELECT n, line, len(f) AS fields, {texts}, {fields["happened_at"]} AS stamp,
                         CASE lower({fields["action"]}) {codes} END AS action FROM split),
        valued AS (SELECT *, {_damage(layout)} AS damage, {form.moment.format(zone=literal(zone))} AS moment
                   FROM named),
        ruled AS (SELECT *, CASE {case} ELSE '{KEPT}' END AS rule FROM valued)
        SELECT * EXCLUDE (fields, stamp, damage), rule = '{KEPT}' AND {form.noted_if} AS noted FROM ruled"""


def _damage(layout: Layout) -> str:
    """Return SQL of the rule that a damaged line breaks; NULL for a whole line.

    Nearly all lines are written as published, and one regular expression shows it;
    the rules are gone through for the others only.
    """
    patterns = {
        **dict.fromkeys(IDS, "[0-9]+"),
        "geohash": "[0-9a-z]*",
        "action": f"(?:{'|'.join(layout.format.actions)})",
        "happened_at": layout.format.stamp,
    }
    columns = {place: column for column, place in layout.places.items()}
    mark = re.escape(layout.delimiter)
    parts = [patterns[columns[k]] if k in columns else f"[^{mark}]*" for k in range(1, layout.width + 1)]
    rules = [
        (f"regexp_full_match(line, {literal(mark.join(parts))})", "NULL"),
        (f"line IS NULL OR (fields < {layout.width} AND trim(line) = '')", "'blank_line'"),
        (f"fields <> {layout.width}", "'wrong_field_count'"),
        *((f"{column} = ''", "'blank_id'") for column in IDS),
        *((f"NOT regexp_full_match({column}, '[0-9]+')", "'bad_id'") for column in IDS),
        ("action IS NULL", "'unknown_action'"),
    ]
    return f"CASE {' '.join(f'WHEN {condition} THEN {rule}' for condition, rule in rules)} END"


def id_columns(layout: Layout) -> list[str]:
    """Return the columns of the table that hold the texts of the file, those the file has."""
    return [c for c in (*IDS, "geohash") if c in layout.places]


def recognise(con: duckdb.DuckDBPyConnection, path: Path, form: LogFormat) -> tuple[Layout, str]:
    """Return the layout and the encoding of a file of the format `form`.

    The delimiter is the one with which most of the first lines are whole rows.

    Raises
    ------
    InputError
        If half or more of the first lines are no rows of this format: the message names the
        source of another format that fits, or the line and rule that speak against this one.
    """
    beginning = read_beginning(path)
    share, layout = _best(con, form, beginning)
    if not beginning.lines[layout.skip :]:
        raise InputError("the file has a header but no rows", where=path, mend="download it again")
    if share > 0.5 and not layout.unknown:
        return layout, beginning.encoding
    if share > 0.5:
        raise unknown_header(layout, path)
    for other in FORMATS:
        if other is not form and _best(con, other, beginning)[0] > 0.5:
            raise InputError(f"this is a file of the source {other.source}, not of {form.source}", where=path,
                             expected=f"lines such as {form.example}",
                             mend=f"crm import {other.source} {path.name} FOLDER")  # fmt: skip
    query = (
        f"SELECT rule, min(n), arg_min(line, n) FROM ({judge(layout, _numbered(layout), zone='UTC')})"
        f" WHERE rule NOT IN ('{KEPT}', 'blank_line') GROUP BY rule ORDER BY count(*) DESC, rule LIMIT 1"
    )
    worst = con.execute(query, [beginning.lines[layout.skip :]]).fetchall()[0]
    raise misfit(layout, path, *worst, share=share)


def misfit(layout: Layout, path: Path, rule: str, line: int, text: str | None, *, share: float) -> InputError:
    """Return the error of a file most of which does not fit, with the rule that most lines break and its first line."""
    form = layout.format
    return InputError(
        f"this is no file of the source {form.source}: only {share:.0%} of the lines looked at are whole rows, "
        f"and most others fall under {rule}",
        where=f"{path.name}, line {line}: {printable(text)[:80]}",
        expected=f"{len(form.columns)} fields ({', '.join(form.columns)}), such as {form.example}",
        mend=MENDS[rule],
    )


def printable(text: str | None) -> str:
    """Return the text of a line for a message or the ledger: control signs become U+FFFD.

    Examples
    --------
    >>> printable("1,2" + chr(7))
    '1,2�'
    """
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text or "")


def _best(con: duckdb.DuckDBPyConnection, form: LogFormat, beginning: Beginning) -> tuple[float, Layout]:
    marks = [mark for mark in DELIMITERS if any(mark in line for line in beginning.lines)] or [","]
    layouts = [read_layout(form, mark, beginning) for mark in marks]
    return max(((_share(con, layout, beginning), layout) for layout in layouts), key=lambda pair: pair[0])


def _share(con: duckdb.DuckDBPyConnection, layout: Layout, beginning: Beginning) -> float:
    query = f"SELECT avg(CAST(rule = '{KEPT}' AS INT)) FROM ({judge(layout, _numbered(layout), zone='UTC')})"
    query += " WHERE rule <> 'blank_line'"
    return con.execute(query, [beginning.lines[layout.skip :]]).fetchall()[0][0] or 0.0


def _numbered(layout: Layout) -> str:
    return f"SELECT unnest(range(len(texts))) + {layout.skip + 1} AS n, unnest(texts) AS line FROM (SELECT $1 AS texts)"
