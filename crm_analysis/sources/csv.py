"""Any shop's own orders, or any table of the schema, from CSV, Excel or Parquet by a map of columns."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pandas as pd

from crm_analysis.errors import InputError, nearest
from crm_analysis.sources.columns import Picks, parts, picks
from crm_analysis.sources.layouts import Layout, look
from crm_analysis.sources.options import Options
from crm_analysis.sources.rows import Rows
from crm_analysis.sources.sheets import read
from crm_analysis.sources.source import Source
from crm_analysis.sources.spellings import bare, names_of
from crm_analysis.sources.typed import typed
from crm_analysis.sources.values import is_rounded, is_text
from crm_analysis.tables import TABLES, About, DataSet, Ledger

CLOSED = r"关闭|取消|已退款|退款成功|未付款|未支付|等待买家付款|cancel+ed|closed|refunded|voided|unpaid|pending payment"
NO_ZONE = "not given: times are taken as they stand, days are days of UTC"


def read_orders(
    path: str | Path, *, columns: str = "", zone: str = "", currency: str = "", **options: str
) -> DataSet:  # fmt: skip
    r"""Read the orders of a shop, or another table, from a file, in memory.

    Parameters
    ----------
    path : path
        CSV, TSV or other delimited text (plain or gz), .xlsx or Parquet, with a header.
    columns : str
        Which column is which: ``customer_id=Customer ID,ordered_at=InvoiceDate,amount=Quantity*Price``,
        or the path of a YAML file; guessed from the names of the columns where empty.
    zone : str
        IANA zone of the times; UTC, with a note, where empty.
    currency : str
        ISO 4217 code of the amounts.
    **options : str
        The other options of `convert`.

    Returns
    -------
    DataSet
        One table; what was taken for what stands in ``about.notes``.

    Raises
    ------
    InputError
        If the file, an option or a column cannot be used.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "shop.csv"
    ...     _ = file.write_text("会员ID;下单时间;实付金额\na;2024-05-01 09:30;¥1,200.50\nb;2024-05-02 10:00;free\n")
    ...     data = read_orders(file, zone="Asia/Shanghai", currency="CNY")
    >>> data["orders"]["amount"].tolist(), data.about.notes["columns"]["amount"]
    ([1200.5], '实付金额')
    >>> print(data.ledger)
    orders: 2 rows read from shop.csv, 1 kept
      1 set aside: bad_number (first: shop.csv, line 3)
    """
    known = [entry.name for entry in fields(Options) if entry.name not in ("picked", "about")]
    for name in options:
        if name not in known:
            raise InputError(f"there is no option {name!r}", expected=", ".join(known), mend=nearest(name, known))
    return _read(Path(path), Options(columns=columns, zone=zone, currency=currency, **options).settled())


def convert(
    path: Path, folder: Path, *, columns: str = "", table: str = "orders", zone: str = "", currency: str = "",
    time_format: str = "", encoding: str = "", delimiter: str = "", decimal: str = ".", sheet: str = "", name: str = "",
    refunds: str = "keep", closed: str = "keep", duplicates: str = "keep",
) -> tuple[About, Ledger]:  # fmt: skip
    """Write one table from a file of a shop.

    Rules, in this order: rows that are none (``broken_quotes``, ``too_many_fields``,
    ``repeated_header``), ``rounded_id``, the rules of `tables.conform`,
    ``duplicate_row``, ``closed_order``, ``negative_amount``; noted only:
    ``zero_amount``, ``short_row``, ``rounded_order_id``, ``unreadable_characters``.
    Orders without numbers: what one customer bought at one moment is one order.

    Parameters
    ----------
    path, folder : pathlib.Path
        File to read; existing folder to write into.
    columns, zone, currency : str
        See `read_orders`.
    table : str
        Table of the schema that the file holds.
    time_format : str
        ``strptime`` format of all times, ``unix``, ``unix_ms`` or ``excel``; found where empty.
    encoding, delimiter : str
        Of text files; found where empty.
    decimal : {".", ","}
    sheet : str
        Name or number of the Excel sheet, or ``all`` for all that hold the table.
    name : str
        Title of the data set; the file's name where empty.
    refunds, closed : {"keep", "aside"}
        Orders with a negative amount; orders whose status says closed, cancelled or refunded.
    duplicates : {"keep", "drop"}
        Rows that equal an earlier one in every column taken.

    Returns
    -------
    about : About
    ledger : Ledger
    """
    options = Options(columns, table, zone, currency, time_format, encoding, delimiter, decimal, sheet, name,
                      refunds, closed, duplicates)  # fmt: skip
    data = _read(path, options.settled())
    for table_name, frame in data.tables.items():
        frame.to_parquet(folder / f"{table_name}.parquet", index=False)
    return data.about, data.ledger


def _read(path: Path, options: Options) -> DataSet:
    table = options.table
    layouts = _layouts(path, options)
    layout = layouts[0]
    taken = picks(options.picked, layout.names, table, where=layout.place(layout.line))
    if table == "survey" and not options.picked:
        taken |= {item: [item] for item in layout.names if item and [item] not in taken.values()}
    wanted = list(dict.fromkeys(name for factors in taken.values() for name in factors if isinstance(name, str)))
    sheet = read(layouts, wanted)
    options = replace(options, zone=options.zone or _zone_of(sheet.frame))
    frame, emptied = typed(sheet.frame, taken, options, source=path.name)
    rows = Rows(sheet, frame, source=path.name)
    _apply(rows, emptied, taken, options)
    ledger = rows.ledger(table)
    kept = rows.frame
    if table == "orders" and "order_id" not in taken:
        kept["order_id"] = (kept.groupby(["customer_id", "ordered_at"], sort=False).ngroup() + 1).astype("str")
    return DataSet({table: kept.reset_index(drop=True)}, _about(path, layouts, taken, kept, options), Ledger([ledger]))


def _layouts(path: Path, options: Options) -> list[Layout]:
    """Return the layout of the sheet that holds the table, or of all of them."""
    factors = [part for text in options.picked.values() for part in (text, *parts(text))]
    names = {bare(name) for name in factors} or names_of(options.table)
    sheet = "" if options.sheet == "all" else options.sheet
    found = look(path, known=lambda name: bare(name) in names, encoding=options.encoding,
                 delimiter=options.delimiter, sheet=sheet)  # fmt: skip
    scores = [sum(bare(name) in names for name in layout.names) for layout in found]
    best = [layout for layout, score in zip(found, scores) if score == max(scores)]
    if len(best) > 1 and options.sheet != "all":
        raise InputError("several sheets hold such a table", where=f"{path.name}: {', '.join(x.sheet for x in best)}",
                         mend=f"--sheet {best[0].sheet!r}, or --sheet all to join them")  # fmt: skip
    return best


def _zone_of(frame: pd.DataFrame) -> str:
    """Return the zone that the file's own times name, or nothing."""
    for dtype in frame.dtypes:
        if isinstance(dtype, pd.DatetimeTZDtype):
            try:
                return ZoneInfo(str(dtype.tz)).key
            except (ZoneInfoNotFoundError, ValueError):
                return ""
    return ""


def _apply(rows: Rows, emptied: pd.Series, taken: Picks, options: Options) -> None:
    """Send the rows through the rules of `convert`."""
    sheet, raw = rows.sheet, rows.sheet.frame
    if "customer_id" in taken:
        rows.aside("rounded_id", is_rounded(rows.frame["customer_id"]))
    if "order_id" in taken:
        rows.note("rounded_order_id", is_rounded(rows.frame["order_id"]))
    rows.conform(options.table, zone=options.zone or "UTC")
    rows.settle("duplicate_row", raw.loc[rows.frame.index].duplicated(), options.duplicates)
    if options.table == "orders":
        if "status" in taken:
            rows.settle("closed_order", rows.frame["status"].str.contains(CLOSED, case=False, na=False), options.closed)
        rows.settle("negative_amount", rows.frame["amount"] < 0, options.refunds)
        rows.note("zero_amount", rows.frame["amount"] == 0)
    rows.note("value_emptied", emptied)
    rows.note("short_row", pd.Series(sheet.short, index=raw.index))
    lost = [raw[name].str.contains("\ufffd", na=False) for name in raw if is_text(raw[name])]
    if lost:
        rows.note("unreadable_characters", pd.concat(lost, axis=1).any(axis=1))


def _about(path: Path, layouts: list[Layout], taken: Picks, kept: pd.DataFrame, options: Options) -> About:
    layout, schema = layouts[0], TABLES[options.table]
    notes: dict = {"columns": {target: "*".join(map(str, factors)) for target, factors in taken.items()}}
    notes["columns were"] = "named by the user" if options.picked else "guessed from their names"
    if options.table == "orders" and "order_id" not in taken:
        notes["order_id"] = "made: what one customer bought at one moment is one order"
    notes |= {"zone": NO_ZONE} if not options.zone else {}
    notes |= {key: value for key, value in (("encoding", layout.encoding), ("delimiter", layout.delimiter)) if value}
    notes |= {"sheets": [part.sheet for part in layouts]} if layout.sheet else {}
    notes |= {"header in line": layout.line} if layout.line > 1 else {}
    times = [column.name for column in schema.columns if column.required and column.kind == "time"][:1]
    window = [str(moment.date()) for name in times for moment in (kept[name].min(), kept[name].max())]
    given = {"source": path.name, **options.about}
    return About(options.name or path.stem, currency=options.currency, zone=options.zone or "UTC", window=window,
                 notes=notes, **given)  # fmt: skip


SOURCE = Source(
    name="csv",
    zh="任意店铺自己的订单表（CSV、Excel、Parquet），按列名对应",
    en="any shop's own orders (CSV, Excel, Parquet), by a map of its columns",
    example='crm import csv orders.xlsx data/shop --columns "customer_id=会员ID,ordered_at=下单时间,amount=实付金额"'
    " --zone Asia/Shanghai --currency CNY",
    convert=convert,
)
