"""CDNOW, the classic purchase log of an online music shop, into the table `orders`."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.sources.layouts import Layout
from crm_analysis.sources.raw_rows import TEXT
from crm_analysis.sources.rows import Rows
from crm_analysis.sources.sheets import Sheet
from crm_analysis.sources.source import Source
from crm_analysis.tables import About, DataSet, Ledger, Line, head, open_text, parse_times

BUNDLED = ("bundled", "-")
FILES = {False: "CDNOW_master.txt", True: "CDNOW_sample.txt"}
MASTER = ["customer_id", "date", "number_of_cds", "dollar_value"]
SAMPLE = ["customer_id", "sample_id", *MASTER[1:]]
FIRST, LAST = "1997-01-01", "1998-06-30"
SOURCES = (
    "Fader & Hardie (2001), Forecasting repeat sales at CDNOW: a case study, Interfaces 31(3, part 2), S94-S107; "
    "published by Bruce Hardie at brucehardie.com/datasets"
)


def convert(path: Path, folder: Path, *, sample: bool = False) -> tuple[About, Ledger]:
    """Write ``orders.parquet`` from CDNOW: all who first bought in the first quarter of 1997, to June 1998.

    One row per line of the file; its number is the number of the order. Lines of
    one customer on one day are left as they are (models merge them), purchases of
    nothing (80) and repeated lines (255) are kept and noted. The file has days and
    no hours, so the zone is UTC, in which no day has a change of clocks.

    Parameters
    ----------
    path : pathlib.Path
        ``bundled`` (or ``-``) for the file that comes with lifetimes, or a copy of
        ``CDNOW_master.txt`` or ``CDNOW_sample.txt``, with or without header; which of
        the two is told by its columns.
    folder : pathlib.Path
        Existing folder to write into.
    sample : bool
        Of the bundled files, take the 1-in-10 sample of 2,357 customers that the papers use.

    Returns
    -------
    about : About
    ledger : Ledger

    Raises
    ------
    InputError
        If the file is not CDNOW, or lifetimes is not installed.

    References
    ----------
    .. [1] Fader, Hardie (2001). Forecasting repeat sales at CDNOW: a case study. Interfaces 31(3, part 2), S94-S107.
    """
    bundled = str(path) in BUNDLED and not Path(path).is_file()
    if sample and not bundled:
        raise InputError("--sample chooses among the bundled files, but a file is named", where=path,
                         mend="leave out --sample: the sample is known by its five columns")  # fmt: skip
    data = _read(bundled_file(sample=sample) if bundled else Path(path))
    data["orders"].to_parquet(folder / "orders.parquet", index=False)
    return data.about, data.ledger


def load_cdnow(*, sample: bool = False) -> DataSet:
    """Read the bundled CDNOW: 69,659 purchases of 23,570 customers, or the sample's 6,919 of 2,357.

    Examples
    --------
    >>> data = load_cdnow(sample=True)
    >>> len(data["orders"]), data["orders"]["customer_id"].nunique(), data.about.window
    (6919, 2357, ['1997-01-01', '1998-06-30'])
    """
    return _read(bundled_file(sample=sample))


def bundled_file(*, sample: bool = False) -> Path:
    """Return the path of CDNOW in the lifetimes package, which is looked up and not imported."""
    package = find_spec("lifetimes")
    for place in package.submodule_search_locations or () if package else ():
        path = Path(place) / "datasets" / FILES[sample]
        if path.is_file():
            return path
    raise InputError(
        "the bundled CDNOW is not there",
        where=f"lifetimes/datasets/{FILES[sample]}",
        expected="the package lifetimes",
        mend="pip install lifetimes, or name a copy of the file",
    )


def _read(path: Path) -> DataSet:
    sheet, is_sample = _sheet(path)
    raw = sheet.frame
    orders = pd.DataFrame(
        {
            "order_id": np.arange(1, len(raw) + 1),
            "customer_id": raw["customer_id"],
            "ordered_at": parse_times(raw["date"], zone="UTC", form="%Y%m%d"),
            "amount": pd.to_numeric(raw["dollar_value"], errors="coerce"),
            "quantity": pd.to_numeric(raw["number_of_cds"], errors="coerce"),
        }
    )
    rows = Rows(sheet, orders.assign(sample_id=raw["sample_id"]) if is_sample else orders, source=path.name)
    rows.conform("orders", zone="UTC")
    days = rows.frame["ordered_at"].dt.tz_localize(None)
    rows.aside("outside_window", ~days.between(FIRST, LAST))
    rows.note("zero_amount", rows.frame["amount"] == 0)
    rows.note("duplicate_row", raw.loc[rows.frame.index].duplicated())
    ledger = rows.ledger("orders")
    return DataSet({"orders": rows.frame.reset_index(drop=True)}, _about(is_sample), Ledger([ledger]))


def _sheet(path: Path) -> tuple[Sheet, bool]:
    """Return the lines as texts, and whether it is the sample with its second number."""
    head(path)
    with open_text(path) as file:
        rows = [line.split() for line in file]
    width = np.array([len(row) for row in rows])
    first = int((width > 0).argmax())
    if rows[first][:1] == MASTER[:1]:
        width[first] = 0  # the header is as little a row as a blank line
    usual = int(np.bincount(width[width > 0]).argmax()) if width.any() else 0
    names = {len(MASTER): MASTER, len(SAMPLE): SAMPLE}.get(usual)
    if names is None:
        raise InputError(f"this is not CDNOW: its lines hold {usual} values", where=path,
                         expected=f"{', '.join(MASTER)}; in the sample {', '.join(SAMPLE)}",
                         mend="for orders of another shop: crm import csv")  # fmt: skip
    layout, good, odd = Layout(path, TEXT, tuple(names)), np.flatnonzero(width == usual), (width > 0) & (width != usual)
    broken = [Line("wrong_field_count", int(odd.sum()), where=layout.place(k + 1), example=" ".join(rows[k])[:200])
              for k in np.flatnonzero(odd)[:1]]  # fmt: skip
    frame = pd.DataFrame([rows[k] for k in good], columns=names, dtype="str")
    return Sheet(frame, [layout], np.zeros(len(good), np.int16), good + 1, broken), usual == len(SAMPLE)


def _about(is_sample: bool) -> About:
    return About(
        name="CDNOW" + ", 1-in-10 sample" * is_sample,
        name_zh="CDNOW" + "（十分之一抽样）" * is_sample,
        company="CDNOW, an online music shop",
        origin="real",
        source=SOURCES,
        licence="published for research and teaching; no licence stated",
        currency="USD",
        window=[FIRST, LAST],
        notes={
            "cohort": "all customers who first bought in the first quarter of 1997",
            "zone": "the file has days and no hours; days are those of the shop, written in UTC",
            "order_id": "the number of the line; lines of one customer on one day are not merged",
        },
    )


SOURCE = Source(
    name="cdnow",
    zh="CDNOW 网上唱片店 1997—1998 年购买记录（随 lifetimes 附带，无需下载）",
    en="CDNOW, purchases at an online music shop 1997-98 (comes with lifetimes, no download)",
    example="crm import cdnow data/cdnow",
    convert=convert,
)
