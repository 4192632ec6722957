"""How the published logs of user actions are laid out, and the layout of one file: delimiter, header, fields."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from crm_analysis.errors import InputError, nearest
from crm_analysis.tables import ACTIONS
from crm_analysis.tables.text import SNIFF, find_encoding, head

SAMPLE = 10_000
HEADER_NAMES = {
    "customer_id": ("user_id", "user", "uid", "customer_id", "用户id", "用户"),
    "item_id": ("item_id", "item", "iid", "product_id", "goods_id", "商品id", "商品"),
    "category_id": ("category_id", "item_category", "category", "cat_id", "cate_id", "cate", "商品类目id", "商品类目",
                    "类目id", "类目"),
    "action": ("behavior_type", "behaviour_type", "behavior", "behaviour", "action_type", "action", "type", "行为类型",
               "用户行为", "行为"),
    "happened_at": ("timestamp", "timestamps", "time_stamp", "ts", "time", "时间戳", "行为时间", "时间"),
    "geohash": ("user_geohash", "geohash", "地理位置", "用户位置"),
}  # fmt: skip
OPTIONAL = {"geohash"}
ARCHIVES = {b"PK\x03\x04": "a zip archive or an Excel workbook", b"PAR1": "a Parquet file", b"Rar!": "a rar archive",
            b"7z\xbc\xaf": "a 7z archive"}  # fmt: skip


@dataclass(frozen=True)
class LogFormat:
    """A published format of a log of user actions, one action a line.

    Parameters
    ----------
    source : str
        Name of the source that reads it.
    columns : tuple of str
        What the fields are, in the published order, as columns of the table `events`.
    actions : dict of str to str
        Published codes of the actions and ours.
    moment : str
        SQL that turns the text ``stamp`` into microseconds since 1970 UTC, NULL where it
        cannot be read; ``{zone}`` stands for the time zone as SQL text.
    stamp : str
        Regular expression of the times as published.
    noted, noted_if : str
        Rule under which kept rows are noted, and the SQL condition on ``stamp``.
    example : str
        A line of such a file, for messages.
    """

    source: str
    columns: tuple[str, ...]
    actions: dict[str, str]
    moment: str
    stamp: str
    noted: str
    noted_if: str
    example: str


USER_BEHAVIOR = LogFormat(
    source="taobao-userbehavior",
    columns=("customer_id", "item_id", "category_id", "action", "happened_at"),
    actions=dict(zip(("pv", "fav", "cart", "buy"), ACTIONS)),
    moment="CASE WHEN regexp_full_match(stamp, '-?[0-9]{{1,13}}') THEN CAST(stamp AS BIGINT)"
    " * CASE WHEN length(ltrim(stamp, '-')) > 11 THEN 1000 ELSE 1000000 END END",
    stamp="-?[0-9]{1,13}",
    noted="time_in_milliseconds",
    noted_if="length(ltrim(stamp, '-')) > 11",
    example="1,2268318,2520377,pv,1511544070",
)
MOBILE = LogFormat(
    source="taobao-mobile",
    columns=("customer_id", "item_id", "action", "geohash", "category_id", "happened_at"),
    actions=dict(zip("1234", ACTIONS)),
    moment="epoch_us(timezone({zone}, try_strptime(stamp, ['%Y-%m-%d %H', '%Y/%m/%d %H', '%Y-%m-%d %H:%M:%S',"
    " '%Y/%m/%d %H:%M:%S', '%Y-%m-%d %H:%M', '%Y/%m/%d %H:%M'])))",
    stamp="[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}",
    noted="time_to_the_hour",
    noted_if="length(stamp) <= 13",
    example="10001082,285259775,1,97lk14c,4076,2014-12-08 18",
)
FORMATS = (USER_BEHAVIOR, MOBILE)


@dataclass(frozen=True)
class Layout:
    """Where the fields of one file stand.

    Parameters
    ----------
    format : LogFormat
    delimiter : str
    places : dict of str to int
        Position of each column of the table, from 1.
    width : int
        Fields in a whole row.
    skip : int
        Lines before the first row: 0 without a header.
    unknown : tuple of str
        Names of a header that does not name every column.
    tidy : bool
        Whether the file needs no removal of quotation marks, and of blanks around fields.
    """

    format: LogFormat
    delimiter: str
    places: dict[str, int]
    width: int
    skip: int = 0
    unknown: tuple[str, ...] = ()
    tidy: bool = True


@dataclass(frozen=True)
class Beginning:
    """The first lines of a file, without a last one that the reading cut."""

    encoding: str
    lines: list[str] = field(repr=False)

    @property
    def first(self) -> int:
        """Index of the first line that is not blank."""
        return next(k for k, line in enumerate(self.lines) if line.strip())


def read_beginning(path: Path) -> Beginning:
    """Read the first lines of a text file, plain or gz; an archive, or a file that is no text, is an `InputError`."""
    start, encoding = head(path), find_encoding(path)
    for mark, kind in ARCHIVES.items():
        if start.startswith(mark):
            raise InputError(f"the file is {kind}", where=path, expected="a text file such as UserBehavior.csv",
                             mend="unpack it, or save it as CSV, and name that file")  # fmt: skip
    texts = re.split("\r\n|\r|\n", start.decode(encoding, errors="replace").lstrip("\ufeff"))
    if len(start) >= SNIFF and len(texts) > 1:
        texts = texts[:-1]
    if texts[-1] == "" and len(texts) > 1:
        texts = texts[:-1]
    return Beginning(encoding, texts[:SAMPLE])


def read_layout(form: LogFormat, delimiter: str, beginning: Beginning) -> Layout:
    """Return the layout of a file if `delimiter` parts its fields: by the names of its header, else as published.

    The first line is a header if it has fields enough and none of them is a number.

    Examples
    --------
    >>> read_layout(USER_BEHAVIOR, ";", Beginning("utf-8", ["item;user;category;behavior;timestamp"])).places["item_id"]
    1
    """
    published = {name: place for place, name in enumerate(form.columns, 1)}
    required = {*published} - OPTIONAL
    names = [_plain(part) for part in beginning.lines[beginning.first].split(delimiter)]
    tidy = not any('"' in line or f"{delimiter} " in line or f" {delimiter}" in line for line in beginning.lines)
    if len(names) < len(required) or any(re.fullmatch(r"[\d.:+/-]*\d[\d.:+/-]*", name) for name in names):
        return Layout(form, delimiter, published, len(published), tidy=tidy)
    places = {}
    for column in form.columns:
        known = [_plain(name) for name in HEADER_NAMES[column] if _plain(name) in names]
        places |= {column: names.index(known[0]) + 1} if known else {}
    skip = beginning.first + 1
    if required <= {*places}:
        return Layout(form, delimiter, places, len(names), skip, tidy=tidy)
    return Layout(form, delimiter, published, len(names), skip, tuple(names), tidy)


def _plain(name: str) -> str:
    return re.sub(r"[\s_\"]+", "", name.casefold())


def unknown_header(layout: Layout, path: Path) -> InputError:
    """Return the error of a header that does not name every column."""
    wanted = [HEADER_NAMES[column][0] for column in layout.format.columns]
    hints = [f"{name}: {hint}" for name in layout.unknown if (hint := nearest(name, wanted))]
    return InputError(
        f"the header does not name every column: {', '.join(layout.unknown)}",
        where=f"{path.name}, line {layout.skip}",
        expected=f"names such as {', '.join(wanted)}, in any order, or no header",
        mend="; ".join(hints) or "rename the columns, or remove the header if they stand in the published order",
    )
