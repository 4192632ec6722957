"""What `summarize` takes: a frame, files, an Ibis table, or the project's own data sets and logs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from crm_analysis.clv.orders.columns import ACTION, Columns, find_columns
from crm_analysis.clv.orders.engine import Files, find_files
from crm_analysis.clv.orders.lazy import LazyOrders, raw_table
from crm_analysis.clv.orders.memory import FrameOrders, frame_orders
from crm_analysis.errors import InputError
from crm_analysis.tables import DataSet, check_zone, read_csv
from crm_analysis.tables.days import day_number

Orders = FrameOrders | LazyOrders


@dataclass(frozen=True)
class Reading:
    """How the caller wants the orders read.

    Parameters
    ----------
    customer, when : str or None
    amount : str or None
        Empty: go by the usual name; None: no money.
    zone, time_format : str or None
    memory : str
    """

    customer: str | None
    when: str | None
    amount: str | None
    zone: str | None
    time_format: str | None
    memory: str

    def columns(self, has: Iterable[object], where: str) -> Columns:
        """Find the columns among those that are there."""
        return find_columns(has, customer=self.customer, when=self.when, amount=self.amount, where=where)


@dataclass(frozen=True)
class Given:
    """Orders that can be read, and what their maker says of them.

    Parameters
    ----------
    orders : FrameOrders or LazyOrders
    until : int or None
        Last day of complete data, counted from 1970-01-01, where it is stated.
    currency, origin : str
    """

    orders: Orders
    until: int | None = None
    currency: str = ""
    origin: str = field(default="unstated")


def open_orders(orders: object, reading: Reading) -> Given:
    """Find out what `orders` is and how to read it.

    Raises
    ------
    InputError
        If it is none of the things that can be read, or lacks columns.
    """
    if reading.zone:
        check_zone(reading.zone)
    if isinstance(orders, pd.DataFrame):
        return Given(_frame(orders, reading, "orders"))
    if isinstance(orders, (str, Path)) or (isinstance(orders, (list, tuple)) and orders):
        return Given(_files(find_files(orders), reading))
    if isinstance(orders, DataSet):
        return _data_set(orders, reading)
    if hasattr(orders, "last_day") and isinstance(getattr(orders, "frame", None), pd.DataFrame):
        return _log(orders, reading)
    if type(orders).__module__.split(".")[0] == "ibis" and hasattr(orders, "aggregate"):
        name = str(getattr(orders.op(), "name", "query"))
        columns = reading.columns(orders.columns, name)
        zone = reading.zone or getattr(orders[columns.when].type(), "timezone", None)
        return Given(LazyOrders(orders, columns, name, reading.memory, zone, reading.time_format))
    raise InputError(f"orders cannot be a {type(orders).__name__}",
                     expected="a DataFrame, a path, a list of paths, an Ibis table, or a data set of the project",
                     zh="无法识别的订单数据类型")  # fmt: skip


def _frame(frame: pd.DataFrame, reading: Reading, name: str) -> FrameOrders:
    if frame.empty:
        raise InputError("the orders have no rows", where=name, expected="one row per order", zh="订单表没有数据")
    if ACTION in frame and frame[ACTION].eq("buy").all():
        frame = frame.drop(columns=ACTION)
    columns = reading.columns(frame.columns, name)
    return frame_orders(frame, columns, name=name, memory=reading.memory, zone=reading.zone,
                        time_format=reading.time_format)  # fmt: skip


def _files(files: Files, reading: Reading) -> Orders:
    if not files.is_plain:
        frames = [read_csv(Path(path)) for path in files.paths]
        return _frame(pd.concat(frames, ignore_index=True), reading, files.name)
    with raw_table(files, reading.memory) as (table, _):
        columns = reading.columns(table.columns, files.name)
    zone = reading.zone or files.zone(columns.when)
    return LazyOrders(files, columns, files.name, reading.memory, zone, reading.time_format)


def _data_set(data: DataSet, reading: Reading) -> Given:
    """Orders of a data set if it has any, else what was bought among its events."""
    about, reading = data.about, replace(reading, zone=reading.zone or data.about.zone)
    table = "orders" if data.has("orders") else "events"
    frame = data.need(table)
    if table == "events":
        frame = frame[frame[ACTION].eq("buy")]
        if frame.empty:
            raise InputError("this data set has no purchases", where=about.name, zh="数据中没有购买记录",
                             expected="a table orders, or events with the action buy")  # fmt: skip
    window = about.window_of(table)
    until = day_number(window[1], reading.zone) if window else None
    return Given(_frame(frame, reading, table), until, about.currency, about.origin)


def _log(log: Any, reading: Reading) -> Given:
    """Rows that were chosen before, such as those of `segments.purchases`, with the last day of complete data."""
    if getattr(log, "unit", "") == "actions":
        raise InputError("this log holds actions (views, carts), not purchases", mend="use segments.purchases(data)",
                         zh="该日志是浏览等行为，不是购买")  # fmt: skip
    name = getattr(getattr(log, "ledger", None), "table", "log")
    return Given(_frame(log.frame, reading, name), day_number(log.last_day))
