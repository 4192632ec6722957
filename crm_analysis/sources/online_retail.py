"""Online Retail and Online Retail II of the UCI repository (CSV, Excel or Parquet) into the table `orders`."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.sources.layouts import Layout, look
from crm_analysis.sources.options import KEEP_ASIDE, KEEP_DROP, one_of
from crm_analysis.sources.rows import Rows
from crm_analysis.sources.sheets import Sheet, read
from crm_analysis.sources.source import Source
from crm_analysis.sources.spellings import bare
from crm_analysis.sources.values import clean_ids, filled, read_numbers, read_times
from crm_analysis.tables import About, Ledger

ZONE = "Europe/London"
FIELDS = {
    "order_id": ("Invoice", "InvoiceNo"),
    "item_id": ("StockCode",),
    "description": ("Description",),
    "quantity": ("Quantity",),
    "ordered_at": ("InvoiceDate",),
    "price": ("Price", "UnitPrice"),
    "customer_id": ("Customer ID", "CustomerID"),
    "country": ("Country",),
}
KNOWN = {bare(name): field for field, names in FIELDS.items() for name in names}
CODES = (
    r"POST|DOT|C2|C3|D|M|S|B|CRUK|BANK CHARGES|AMAZONFEE|ADJUST\d*|TEST\d*|GIFT(?:_\d+_\d+)?"  # postage, fees, gifts …
)
CANCELLATIONS = ("aside", "net")
DAY = pd.Timedelta(days=1)
PAPER = (
    "Chen, Sain & Guo (2012), Data mining for the online retail industry: a case study of RFM model-based customer "
    "segmentation using data mining, Journal of Database Marketing & Customer Strategy Management 19(3), 197-208"
)
EDITIONS = {
    "I": ("Online Retail", "Chen (2015), Online Retail, UCI Machine Learning Repository, doi:10.24432/C5BW33"),
    "II": ("Online Retail II", "Chen (2012), Online Retail II, UCI Machine Learning Repository, doi:10.24432/C5CG6D"),
}


def convert(
    path: Path, folder: Path, *, cancellations: str = "aside", codes: str = "keep", duplicates: str = "keep",
    overlap: str = "aside",
) -> tuple[About, Ledger]:  # fmt: skip
    """Write ``orders.parquet``, one row per invoice line, from either edition of the file.

    A row is set aside under the first rule it breaks, in this order:

    ======================== ==========================================================================
    repeated_in_later_sheet  the second sheet of II repeats 1 to 9 December 2010 of the first; a row is
                             left out as often as the earlier sheet has it (`overlap`)
    missing_customer         no customer number
    bad_debt_adjustment      the invoice number begins with A
    cancellation             the invoice number begins with C (`cancellations`)
    quantity_not_positive    quantity of 0 or less, and no cancellation
    price_not_positive       unit price of 0 or less
    non_product_code         postage, manual entries, fees, tests, vouchers (`codes`)
    duplicate_row            equal to an earlier row in all eight columns (`duplicates`)
    ======================== ==========================================================================

    and then the rules of `tables.conform`. With the defaults the first sheet of II
    keeps 407,664 rows of 4,312 customers worth 8,832,003.27, the selection most
    published analyses of the file use: it holds postage and repeated lines, since
    customers paid for them, and neither cancellations nor what they cancel.

    Parameters
    ----------
    path : pathlib.Path
        CSV (plain or gz), .xlsx (a minute or two for both years) or Parquet, one year or both.
    folder : pathlib.Path
        Existing folder to write into.
    cancellations : {"aside", "net"}
        Cancelled lines: set aside, or kept as negative amounts so that sums are net of returns.
    codes : {"keep", "aside"}
        Lines whose stock code is no product: kept and noted, or set aside.
    duplicates : {"keep", "drop"}
        Repeated lines: kept and noted (a customer may buy the same thing twice), or set aside.
    overlap : {"aside", "keep"}
        Rows that a later sheet repeats. A file without sheets is taken as two where its dates,
        otherwise in order, begin anew once.

    Returns
    -------
    about : About
    ledger : Ledger

    Raises
    ------
    InputError
        If the file is not Online Retail, or an option is not known.
    """
    one_of("cancellations", cancellations, CANCELLATIONS)
    one_of("codes", codes, KEEP_ASIDE)
    one_of("duplicates", duplicates, KEEP_DROP)
    one_of("overlap", overlap, tuple(reversed(KEEP_ASIDE)))
    sheet, frame, layouts = _read(Path(path))
    seen = frame["ordered_at"].dropna()
    counts = _counts(frame, sheet)
    rows = Rows(sheet, frame.assign(amount=frame["quantity"] * frame["price"]), source=Path(path).name)
    _apply(rows, cancellations, codes, duplicates, overlap)
    rows.conform("orders", zone=ZONE)
    ledger = rows.ledger("orders")
    columns = ["order_id", "customer_id", "ordered_at", "amount", "item_id", "quantity", "country", "description"]
    rows.frame[columns].to_parquet(folder / "orders.parquet", index=False)
    choices = {"cancellations": cancellations, "codes": codes, "duplicates": duplicates, "overlap": overlap}
    window = [str(seen.min().date()), str(seen.max().date())]
    return _about(layouts[0], window, {"options": choices, "rows in the file": counts}), Ledger([ledger])


def _read(path: Path) -> tuple[Sheet, pd.DataFrame, list[Layout]]:
    """Return the sheet, its columns under the names of the table, and where it comes from."""
    layouts = [layout for layout in look(path, known=lambda name: bare(name) in KNOWN)
               if any(bare(name) in KNOWN for name in layout.names)]  # fmt: skip
    names = {KNOWN[bare(name)]: name for name in (layouts[0].names if layouts else ()) if bare(name) in KNOWN}
    lacking = [" or ".join(FIELDS[field]) for field in FIELDS if field not in names]
    if lacking:
        raise InputError(f"this is not Online Retail: it has no column {', '.join(lacking)}", where=path,
                         expected=", ".join(" or ".join(spelt) for spelt in FIELDS.values()),
                         mend="for orders of another shop: crm import csv")  # fmt: skip
    sheet = read(layouts, [names[field] for field in FIELDS])
    raw = sheet.frame.set_axis(list(FIELDS), axis=1)
    times = read_times(raw["ordered_at"], zone=ZONE, where=f"{path.name}, column {names['ordered_at']}")
    frame = raw.assign(
        customer_id=clean_ids(raw["customer_id"]),
        order_id=clean_ids(raw["order_id"]),
        item_id=clean_ids(raw["item_id"]),
        description=raw["description"].where(filled(raw["description"])),
        quantity=read_numbers(raw["quantity"]),
        price=read_numbers(raw["price"]),
        ordered_at=times,
    )
    return sheet, frame, layouts


def _apply(rows: Rows, cancellations: str, codes: str, duplicates: str, overlap: str) -> None:
    """Send the rows through the rules of `convert`, in its order."""
    frame, raw = rows.frame, rows.sheet.frame
    invoice = frame["order_id"].astype("str").str.upper()
    cancelled = invoice.str.startswith("C")
    if overlap == "aside":
        rows.aside("repeated_in_later_sheet", _repeated(raw, _part(rows.sheet, frame["ordered_at"])))
    rows.aside("missing_customer", ~filled(frame["customer_id"]))
    rows.aside("bad_debt_adjustment", invoice.str.startswith("A"))
    rows.settle("cancellation", cancelled, "keep" if cancellations == "net" else "aside")
    rows.aside("quantity_not_positive", (frame["quantity"] <= 0) & ~cancelled)
    rows.aside("price_not_positive", frame["price"] <= 0)
    rows.settle("non_product_code", frame["item_id"].astype("str").str.fullmatch(f"(?i:{CODES})"), codes)
    rows.settle("duplicate_row", raw.loc[rows.frame.index].duplicated(), duplicates)


def _part(sheet: Sheet, times: pd.Series) -> pd.Series:
    """Return the number of the sheet in which each row stands, or of the run of dates in a file that joins two."""
    back = times.ffill().diff() < -DAY
    return back.cumsum() if back.sum() == 1 else pd.Series(sheet.part, index=times.index)


def _repeated(raw: pd.DataFrame, part: pd.Series) -> pd.Series:
    """Tell which rows an earlier part holds too; of a row that stands there twice, two are repeated."""
    if part.nunique() < 2:
        return pd.Series(False, index=raw.index)
    row = pd.util.hash_pandas_object(raw, index=False)
    keyed = pd.DataFrame({"row": row, "copy": row.groupby([part, row]).cumcount(), "part": part})
    return keyed["part"] > keyed.groupby(["row", "copy"])["part"].transform("min")


def _counts(frame: pd.DataFrame, sheet: Sheet) -> dict[str, int]:
    """Return the well-known counts of the whole file, each by itself."""
    return {
        "rows": len(frame),
        "without a customer": int((~filled(frame["customer_id"])).sum()),
        "cancellations": int(frame["order_id"].astype("str").str.upper().str.startswith("C").sum()),
        "quantity below 0": int((frame["quantity"] < 0).sum()),
        "price of 0 or less": int((frame["price"] <= 0).sum()),
        "equal to an earlier row": int(sheet.frame.duplicated().sum()),
    }


def _about(layout: Layout, window: list[str], notes: dict) -> About:
    title, citation = EDITIONS["I" if "UnitPrice" in layout.names else "II"]
    return About(
        name=f"{title}: a British online gift shop",
        name_zh=f"{title}：英国礼品网店",
        company="a UK-based online retailer of gifts, many of its customers wholesalers",
        origin="real",
        source=f"{citation}; {PAPER}",
        licence="CC BY 4.0",
        currency="GBP",
        zone=ZONE,
        window=window,
        notes=notes,
    )


SOURCE = Source(
    name="online-retail",
    zh="UCI 英国礼品网店订单 Online Retail 及 Online Retail II（CSV、Excel、Parquet）",
    en="orders of a British online gift shop, UCI Online Retail and Online Retail II (CSV, Excel, Parquet)",
    example="crm import online-retail online_retail_II.xlsx data/retail",
    convert=convert,
)
