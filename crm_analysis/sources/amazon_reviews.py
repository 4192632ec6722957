"""Amazon reviews (2014, 2018, 2023; CSV or JSON lines, plain or gz) into the table `ratings`."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from crm_analysis.errors import InputError, nearest
from crm_analysis.sources.amazon_formats import Layout, Record, find_layout, records
from crm_analysis.sources.source import Source
from crm_analysis.sources.tally import Tally
from crm_analysis.tables import NOTED, SET_ASIDE, About, Ledger

CHUNK = 50_000
BLANK = ("", "nan", "None", "unknown")
FIRST = pd.Timestamp("1995-01-01", tz="UTC")
MILLISECONDS = 1e11
COPIED_FROM = 30
MEMORY = "1GB"
DUPLICATES = ("keep", "drop")
TYPES = {
    "rating_id": pa.string(), "customer_id": pa.string(), "item_id": pa.string(), "stars": pa.float64(),
    "rated_at": pa.timestamp("us", tz="UTC"), "title": pa.string(), "text": pa.string(), "verified": pa.bool_(),
    "helpful_votes": pa.int64(), "votes": pa.int64(), "parent_asin": pa.string(),
}  # fmt: skip
FLAGS = {"true": True, "1": True, "y": True, "false": False, "0": False, "n": False}
PAPERS = {
    2014: "McAuley, Targett, Shi & van den Hengel (2015), Image-based recommendations on styles and substitutes, SIGIR",
    2018: "Ni, Li & McAuley (2019), Justifying recommendations using distantly-labeled reviews and fine-grained "
    "aspects, EMNLP",
    2023: "Hou, Li, He, Yan, Chen & McAuley (2024), Bridging language and items for retrieval and recommendation, "
    "arXiv:2403.03952",
}
REPEATED = """
    SELECT line FROM (
        SELECT rating_id::BIGINT AS line,
               row_number() OVER (PARTITION BY customer_id, item_id, rated_at ORDER BY rating_id::BIGINT) AS place
        FROM read_parquet(?)
    ) WHERE place > 1 ORDER BY line
"""
COPIED = f"""
    SELECT line FROM (
        SELECT rating_id::BIGINT AS line,
               row_number() OVER (PARTITION BY customer_id, hash(text) ORDER BY rating_id::BIGINT) AS place
        FROM read_parquet(?) WHERE length(text) >= {COPIED_FROM}
    ) WHERE place > 1 ORDER BY line
"""


def convert(path: Path, folder: Path, *, duplicates: str = "keep", columns: str = "") -> tuple[About, Ledger]:
    """Write ``ratings.parquet`` from a file of Amazon reviews, piece by piece, so that its size does not matter.

    A rating is named after its line in the file. Times are UTC; those of 2014 and
    2018 are days, those of 2023 moments. Set aside: broken lines, blank reviewers
    or products, stars other than 1 to 5, times that cannot be read or lie before
    1995. Noted: empty texts, and the same text of one reviewer used again (from
    30 characters on). Reviewers' names are not taken over.

    Parameters
    ----------
    path : pathlib.Path
    folder : pathlib.Path
        Existing folder to write into.
    duplicates : {"keep", "drop"}
        What becomes of a review whose reviewer, product and time occurred before: kept and noted, or set aside.
    columns : str
        For ratings without header whose product ids cannot be told: ``user,item,rating,timestamp`` or
        ``item,user,rating,timestamp``.

    Returns
    -------
    about : About
    ledger : Ledger

    Raises
    ------
    InputError
        If the file is no known form, is cut, or has no row that can be used.
    """
    if duplicates not in DUPLICATES:
        raise InputError(f"duplicates cannot be {duplicates!r}", where="--duplicates", expected=" or ".join(DUPLICATES),
                         mend=nearest(duplicates, DUPLICATES))  # fmt: skip
    layout = find_layout(path, columns=columns)
    tally, target = Tally(path.name), folder / "ratings.parquet"
    _write(path, layout, target, tally)
    if not tally.kept:
        raise InputError("no row of the file can be used", where=path, expected="at least one review",
                         mend=str(Ledger([tally.ledger("ratings")])))  # fmt: skip
    _find_repeats(target, tally, drop=duplicates == "drop")
    return _about(path, layout, target), Ledger([tally.ledger("ratings")])


def _write(path: Path, layout: Layout, target: Path, tally: Tally) -> None:
    """Clean the file chunk by chunk and write the rows kept."""
    with pq.ParquetWriter(target, _schema(layout), compression="zstd") as writer:
        for chunk in _chunks(records(path, layout)):
            tally.read += len(chunk)
            broken = [record for record in chunk if record.values is None]
            if broken:
                tally.count("broken_record", len(broken), line=broken[0].line, example=broken[0].text)
            if len(broken) < len(chunk):
                kept = _clean(chunk, layout, tally)
                tally.kept += len(kept)
                writer.write_table(pa.Table.from_pandas(kept, schema=writer.schema, preserve_index=False))


def _chunks(stream: Iterator[Record]) -> Iterator[list[Record]]:
    while chunk := list(islice(stream, CHUNK)):
        yield chunk


def _schema(layout: Layout) -> pa.Schema:
    has = {"rating_id", "rated_at", *layout.form.fields}
    has |= {"helpful_votes"} if "votes" in has else set()
    has -= {"votes"} if layout.form.year != 2014 else set()
    return pa.schema([(name, kind) for name, kind in TYPES.items() if name in has])


def _clean(chunk: list[Record], layout: Layout, tally: Tally) -> pd.DataFrame:
    """Return the usable rows of a chunk with the columns of the table; count the others in `tally`."""
    whole = [record for record in chunk if record.values is not None]
    values = dict(zip(layout.form.fields, zip(*[record.values for record in whole])))
    frame = pd.DataFrame({"line": [record.line for record in whole]})
    for name in ("customer_id", "item_id", "parent_asin", "title", "text"):
        if name in values:
            frame[name] = pd.Series([_text(value) for value in values[name]], dtype="str")
    frame["stars"] = pd.to_numeric(pd.Series([_scalar(value) for value in values["stars"]]), errors="coerce")
    frame["rated_at"] = _times(values)
    reason = pd.Series("", index=frame.index)
    broken = {
        "blank_id": frame["customer_id"].isin(BLANK) | frame["item_id"].isin(BLANK),
        "bad_stars": ~frame["stars"].isin([1, 2, 3, 4, 5]),
        "bad_time": ~(frame["rated_at"] >= FIRST),
    }
    for rule, hit in broken.items():
        reason = reason.mask(reason.eq("") & hit, rule)
        tally.add(rule, reason.eq(rule), frame)
    _add_details(frame, values, tally, usable=reason.eq(""))
    return frame[reason.eq("")].assign(rating_id=lambda rows: rows["line"].astype("str")).drop(columns="line")


def _add_details(frame: pd.DataFrame, values: dict[str, tuple], tally: Tally, *, usable: pd.Series) -> None:
    """Add the columns that only some forms have, and note empty texts and unreadable values."""
    shown = frame[["line", "customer_id", "item_id"]]
    emptied = pd.Series(False, index=frame.index)
    if "text" in frame:
        empty = frame["text"].eq("")
        tally.add("empty_text", empty & usable, shown, fate=NOTED)
        frame["text"] = frame["text"].mask(empty)
    if "verified" in values:
        given = pd.Series([_text(value).lower() for value in values["verified"]], dtype="str")
        frame["verified"] = given.map(FLAGS).astype("boolean")
        emptied |= frame["verified"].isna() & given.ne("")
    if "votes" in values:
        pairs = [_votes(value) for value in values["votes"]]
        given = pd.Series([bool(_text(value)) for value in values["votes"]])
        frame["helpful_votes"] = pd.array([pair[0] for pair in pairs], dtype="Int64")
        frame["votes"] = pd.array([pair[1] for pair in pairs], dtype="Int64")
        emptied |= frame["helpful_votes"].isna() & given
    tally.add("value_emptied", emptied & usable, shown, fate=NOTED)


def _times(values: dict[str, tuple]) -> pd.Series:
    """Read unix seconds or milliseconds; where there are none, a day such as ``09 20, 2018``."""
    stamps = pd.Series([_scalar(value) for value in values.get("stamp", ())], dtype=object)
    numbers = pd.to_numeric(stamps, errors="coerce").astype("float64")
    seconds = numbers.mask(numbers.abs() >= MILLISECONDS, numbers / 1000)
    seconds = seconds.where(seconds.abs() < MILLISECONDS)
    moments = pd.to_datetime((seconds * 1e6).round().astype("Int64"), unit="us", utc=True, errors="coerce")
    if "day" in values:
        days = pd.Series([_text(value) for value in values["day"]], dtype="str")
        moments = moments.fillna(pd.to_datetime(days, format="%m %d, %Y", errors="coerce", utc=True))
    return moments.astype("datetime64[us, UTC]")


def _text(value: object) -> str:
    """Return a value as text; half a surrogate pair, which no file can hold, becomes a question mark."""
    if value is None:
        return ""
    text = (value if isinstance(value, str) else str(value)).strip()
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _scalar(value: object) -> object:
    return value if isinstance(value, (str, int, float)) and not isinstance(value, bool) else None


def _votes(value: object) -> tuple[int | None, int | None]:
    """Return helpful votes and, where given, all votes.

    Examples
    --------
    >>> _votes("[2, 3]"), _votes([2, 3]), _votes("1,234"), _votes(7), _votes(None), _votes("many")
    ((2, 3), (2, 3), (1234, None), (7, None), (None, None), (None, None))
    """
    text = _text(value)
    pair = text.startswith("[")
    parts = text.strip("[]").replace(" ", "").split(",") if pair else [text.replace(",", "")]
    if len(parts) != 1 + pair or not all(part.isdecimal() and len(part) < 10 for part in parts):
        return None, None
    return int(parts[0]), int(parts[1]) if pair else None


def _find_repeats(target: Path, tally: Tally, *, drop: bool) -> None:
    """Count repeated reviews and copied texts; DuckDB sorts on disk what does not fit into memory."""
    repeated = _lines(target, REPEATED)
    if len(repeated):
        tally.count("repeated_review", len(repeated), line=repeated[0], fate=SET_ASIDE if drop else NOTED)
    if drop and len(repeated):
        tally.kept -= len(repeated)
        _leave_out(target, repeated)
    if "text" in pq.read_schema(target).names:
        copied = np.setdiff1d(_lines(target, COPIED), repeated)
        if len(copied):
            tally.count("copied_text", len(copied), line=copied[0], fate=NOTED)


def _lines(target: Path, query: str) -> np.ndarray:
    import duckdb

    with tempfile.TemporaryDirectory(dir=target.parent) as spill, duckdb.connect() as con:
        con.execute("SET temp_directory = '{}'".format(spill.replace("'", "''")))
        con.execute(f"SET memory_limit = '{MEMORY}'")
        return con.execute(query, [str(target)]).fetchnumpy()["line"]


def _leave_out(target: Path, lines: np.ndarray) -> None:
    whole = target.with_suffix(".whole")
    target.rename(whole)
    with pq.ParquetFile(whole) as source, pq.ParquetWriter(target, source.schema_arrow, compression="zstd") as writer:
        for batch in source.iter_batches():
            numbers = batch.column("rating_id").cast(pa.int64()).to_numpy()
            writer.write_batch(batch.filter(pa.array(~np.isin(numbers, lines))))
    whole.unlink()


def _about(path: Path, layout: Layout, target: Path) -> About:
    year, stem = layout.form.year, path.name.split(".")[0]
    with pq.ParquetFile(target) as file:
        place = file.schema_arrow.get_field_index("rated_at")
        groups = [file.metadata.row_group(number).column(place).statistics for number in range(file.num_row_groups)]
    first, last = min(group.min for group in groups), max(group.max for group in groups)
    days = year < 2023
    return About(
        f"Amazon reviews {year}: {stem}",
        name_zh=f"亚马逊商品评论 {year}：{stem}",
        company="Amazon",
        origin="real",
        source=PAPERS[year],
        licence="published for research; cite the paper",
        zone="UTC",
        window=[f"{first:%Y-%m-%d}", f"{last:%Y-%m-%d}"] if days else [f"{first:%F %T}", f"{last:%F %T}"],
        notes={
            "time_precision": "day" if days else "millisecond",
            "en": "Times are UTC" + (" and name the day only, not the hour." if days else ".")
            + " A review is no purchase, and who reviews is not a sample of who buys.",
            "zh": "时间为 UTC" + ("，只精确到日，没有钟点。" if days else "。")
            + "评论不等于购买，写评论的人也不是购买者的随机样本。",
        },
    )  # fmt: skip


SOURCE = Source(
    name="amazon-reviews",
    zh="亚马逊商品评论（2014、2018、2023 年公开数据；CSV 或 JSON Lines，可为 .gz）",
    en="Amazon product reviews (public collections of 2014, 2018 and 2023; CSV or JSON lines, plain or gz)",
    example="crm import amazon-reviews Musical_instruments_reviews.csv my-reviews",
    convert=convert,
)
