"""What the ``data`` of a report may be: nothing (the bundled sample), a folder of tables, or a file of orders."""

from __future__ import annotations

from pathlib import Path

from crm_analysis.errors import InputError
from crm_analysis.sources.source import SAMPLES
from crm_analysis.tables import DataSet, find_tables, load


def open_data(data: str, *, sample: str, columns: str = "", zone: str = "", currency: str = "") -> DataSet:
    """Open the data that a report is about.

    Parameters
    ----------
    data : str
        A folder of tables (made by ``crm import`` or ``crm simulate``), a file of
        orders (CSV, Excel, Parquet), or empty for the bundled `sample`.
    sample : str
        ``cdnow`` for the purchases that come with lifetimes, else a folder of ``data/``.
    columns : str
        For a file of orders: which of its columns is what, such as
        ``customer_id=Customer ID,ordered_at=InvoiceDate,amount=Price``.
    zone, currency : str
        For a file of orders: time zone of its times, currency of its amounts.

    Returns
    -------
    DataSet

    Raises
    ------
    InputError
        If there is nothing at `data`, or it cannot be read.
    """
    if not data and sample == "cdnow":
        from crm_analysis.sources.cdnow import load_cdnow

        return load_cdnow()
    if not data:
        return load(SAMPLES / sample)
    check_data(data, columns=columns)
    if Path(data).is_dir():
        return load(data)
    from crm_analysis.sources.csv import read_orders

    given = {"zone": zone, "currency": currency}
    return read_orders(Path(data), columns=columns, **{name: value for name, value in given.items() if value})


def check_data(data: str, *, columns: str = "") -> None:
    """Raise `InputError` if `data` cannot be opened at all; quick, so that it can be asked before a kernel starts."""
    path = Path(data)
    if not data:
        return
    if path.is_dir():
        find_tables(path)
        if columns:
            raise InputError("--columns names columns of a file, but the data are a folder of tables", where=path,
                             mend="leave out --columns, or name the file")  # fmt: skip
    elif not path.is_file():
        raise InputError("there is no such file or folder", where=path, mend="check the path")
