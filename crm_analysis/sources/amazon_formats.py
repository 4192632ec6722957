"""The published forms of the Amazon reviews: which one a file is, and its records one by one."""

from __future__ import annotations

import ast
import csv
import gzip
import json
import re
import warnings
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from crm_analysis.errors import InputError
from crm_analysis.tables import find_encoding, head, open_text

ASIN = re.compile(r"B[0-9A-Z]{9}|[0-9]{9}[0-9X]")
SAMPLE = 200
ORDERS = ("user,item,rating,timestamp", "item,user,rating,timestamp")
KNOWN = (
    "2014 reviews (CSV or JSON lines: reviewerID, asin, overall, ...); "
    "2018 reviews (JSON lines: reviewerID, asin, overall, verified, ...); "
    "2023 reviews (JSON lines: user_id, asin, parent_asin, rating, timestamp, ...); "
    "2023 ratings (CSV: user_id,parent_asin,rating,timestamp); "
    "2014 and 2018 ratings (CSV without header: user,item,rating,timestamp or item,user,rating,timestamp)"
)


@dataclass(frozen=True)
class Format:
    """One published form: the year of the collection and the field that holds each of our columns."""

    year: int
    fields: dict[str, str]
    must: tuple[str, ...]
    extra: tuple[str, ...] = field(default=())


class Layout(NamedTuple):
    """How a file is to be read: its form, JSON lines or not, the names of its columns, lines before the first row."""

    form: Format
    is_json: bool
    names: tuple[str, ...] = ()
    header: int = 0


class Record(NamedTuple):
    """One record: its line in the file and its values in the order of `Format.fields`, None where it is broken."""

    line: int
    values: tuple | None
    text: str = ""


_OLD = {"customer_id": "reviewerID", "item_id": "asin", "stars": "overall", "stamp": "unixReviewTime",
        "day": "reviewTime", "text": "reviewText", "title": "summary"}  # fmt: skip
_RATED = {"stars": "rating", "stamp": "timestamp"}
FORMATS = (
    Format(2018, {**_OLD, "verified": "verified", "votes": "vote"}, ("reviewerID", "asin", "overall", "verified")),
    Format(2014, {**_OLD, "votes": "helpful"}, ("reviewerID", "asin", "overall")),
    Format(
        2023,
        {"customer_id": "user_id", "item_id": "asin", "parent_asin": "parent_asin", **_RATED, "text": "text",
         "title": "title", "verified": "verified_purchase", "votes": "helpful_vote"},
        ("user_id", "asin", "rating", "timestamp"),
    ),
    Format(2023, {"customer_id": "user_id", "item_id": "parent_asin", **_RATED},
           ("user_id", "parent_asin", "rating", "timestamp")),
    Format(2014, {"customer_id": "UserId", "item_id": "ProductId", "stars": "Rating", "stamp": "Timestamp"},
           ("UserId", "ProductId", "Rating", "Timestamp")),
)  # fmt: skip
_BARE = {year: Format(year, {"customer_id": "user", "item_id": "item", **_RATED}, ()) for year in (2014, 2018)}


def find_layout(path: Path, *, columns: str = "") -> Layout:
    """Return how `path` is to be read, found from its first lines.

    Parameters
    ----------
    path : pathlib.Path
        A file, plain or gz.
    columns : str
        Order of the columns of a ratings file without header; found from the shape of the product ids when empty.

    Raises
    ------
    InputError
        If the form is not known, the JSON is not one review per line, or the order of the columns cannot be told.
    """
    start = head(path)
    if start[:2] in (b"\x1f\x8b", b"PK"):
        raise InputError("the file is packed but its name does not say so", where=path, expected="a text file or .gz",
                         mend="unpack it, or give a gz file the ending .gz")  # fmt: skip
    text = start.decode(find_encoding(path), errors="replace").lstrip("\ufeff").lstrip()
    lines = [line.strip() for line in text.split("\n", SAMPLE)[:SAMPLE] if line.strip()]
    return _json_layout(lines, path) if text.startswith(("[", "{")) else _csv_layout(lines, path, columns)


def _json_layout(lines: list[str], path: Path) -> Layout:
    first = [record for line in lines if isinstance(record := read_object(line), dict)]
    if not first or lines[0].startswith("["):
        raise InputError(
            "the JSON file is not one review per line",
            where=path,
            expected='JSON lines: {"reviewerID": ...} on each line',
            mend="for a file that is one list: jq -c '.[]' in.json > out.jsonl (for pretty-printed objects one after "
            'another: jq -c . in.json > out.jsonl), or python -c "import json; '
            "[print(json.dumps(r)) for r in json.load(open('in.json'))]\" > out.jsonl",
        )
    return Layout(_match({name for record in first for name in record}, path), is_json=True)


def _csv_layout(lines: list[str], path: Path, columns: str) -> Layout:
    names = tuple(name.strip() for name in next(csv.reader(lines[:1]), ()))
    if len(names) != 4 or not _is_number(names[2]):
        return Layout(_match(set(names), path), is_json=False, names=names, header=1)
    columns = columns or _order([row for line in lines if len(row := line.split(",")) == 4], path)
    if columns not in ORDERS:
        raise InputError(f"the order of columns {columns!r} is not known", where="--columns",
                         expected=" or ".join(ORDERS))  # fmt: skip
    return Layout(_BARE[2014 if columns == ORDERS[0] else 2018], is_json=False, names=tuple(columns.split(",")))


def _order(rows: list[list[str]], path: Path) -> str:
    """Tell users from items: an ASIN has ten characters, B and nine more or the digits of an ISBN."""
    shaped = [sum(bool(ASIN.fullmatch(row[place].strip())) for row in rows) / len(rows) for place in (0, 1)]
    if shaped[1] > 0.9 and shaped[0] < 0.1:
        return ORDERS[0]
    if shaped[0] > 0.9 and shaped[1] < 0.1:
        return ORDERS[1]
    raise InputError(
        "the file has no header and does not say which column is the product",
        where=f"{path} (first line: {','.join(rows[0])})",
        expected="product ids (ASIN, ten characters) in exactly one of the first two columns",
        mend=f"name the order: --columns {ORDERS[0]} or --columns {ORDERS[1]}",
    )


def _match(names: set[str], path: Path) -> Format:
    for form in FORMATS:
        if names.issuperset(form.must):
            return form
    product = names >= {"title", "price"} or "main_category" in names or "imUrl" in names
    raise InputError(
        "this is a file of products, not of reviews" if product else "the file is no known form of Amazon reviews",
        where=f"{path} (has: {', '.join(sorted(map(str, names))[:20])})",
        expected=KNOWN,
        mend="take the review file" if product else "rename the columns, or use the source csv with a column map",
    )


def records(path: Path, layout: Layout) -> Iterator[Record]:
    """Give the records of a file one by one; memory holds one at a time.

    A line that is no whole JSON object, or has too few or too many fields, comes as a broken record.

    Raises
    ------
    InputError
        If a gz file ends in the middle.
    """
    read = _json_records if layout.is_json else _csv_records
    try:
        with open_text(path) as file:
            yield from read(file, layout)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError("the gz file ends in the middle", where=path, expected="a whole file",
                         mend=f"download it again ({error})") from error  # fmt: skip


def _json_records(file: Iterator[str], layout: Layout) -> Iterator[Record]:
    keys = tuple(layout.form.fields.values())
    for number, line in enumerate(file, 1):
        if not line.strip():
            continue
        found = read_object(line)
        if isinstance(found, dict):
            get = found.get
            yield Record(number, tuple([get(key) for key in keys]))
        else:
            yield Record(number, None, line.strip())


def _csv_records(file: Iterator[str], layout: Layout) -> Iterator[Record]:
    reader = csv.reader(file)
    places = [layout.names.index(key) if key in layout.names else None for key in layout.form.fields.values()]
    width, number = len(layout.names), 1
    while True:
        try:
            row = next(reader, None)
        except csv.Error as error:  # a quote that is never closed
            row = [str(error)]
        if row is None:
            return
        start, number = number, reader.line_num + 1
        if start <= layout.header or not row:
            continue
        whole = len(row) == width
        values = tuple([None if place is None else row[place] for place in places]) if whole else None
        yield Record(start, values, "" if whole else ",".join(row))


def read_object(line: str) -> object:
    """Read one line as JSON or, as in the files of 2014, as a Python literal; None where it is neither.

    Examples
    --------
    >>> read_object('{"asin": "B1"}'), read_object("{'asin': 'B1', 'helpful': [0, 1]}"), read_object('{"asin": ')
    ({'asin': 'B1'}, {'asin': 'B1', 'helpful': [0, 1]}, None)
    """
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        pass
    try:
        with warnings.catch_warnings(action="ignore"):
            return ast.literal_eval(line.strip())
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        return None


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
