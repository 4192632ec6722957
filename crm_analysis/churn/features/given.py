"""What the caller gave: frames, a data set, or files and tables of an engine, opened as one of the two engines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pandas as pd

from crm_analysis.churn.features.frames import Frames
from crm_analysis.churn.windows.history import ROW_TIME
from crm_analysis.churn.windows.meeting import check_ids, check_zones
from crm_analysis.errors import InputError
from crm_analysis.tables import DataSet, check_zone
from crm_analysis.tables.needs import check_columns
from crm_analysis.tables.schema import TABLES

USED = ("orders", "events", "tickets", "ratings", "seller_feedback", "contacts", "customers")


@contextmanager
def open_tables(tables: Any, *, zone: str | None, memory: str) -> Iterator[Any]:
    """Give the engine that holds the tables.

    Raises
    ------
    InputError
        If there is no table that features are made of, a table is of a kind that cannot be read, some tables lie in
        memory and some do not, or the zone of days is not known.
    """
    if zone is not None:
        check_zone(zone)
    if isinstance(tables, DataSet):
        zone, tables = zone or tables.about.zone, tables.tables
    if not isinstance(tables, Mapping):
        raise InputError(f"tables cannot be a {type(tables).__name__}", expected="a DataSet, or a mapping of tables",
                         mend="customer_features({'orders': orders}, windows)", zh="无法识别的数据表类型")  # fmt: skip
    chosen = {name: tables[name] for name in USED if name in tables and tables[name] is not None}
    frames = {name: one for name, one in chosen.items() if isinstance(one, pd.DataFrame)}
    if len(frames) == len(chosen):
        yield in_memory(frames, zone)
        return
    if frames:
        raise InputError("some tables are frames and some are not", where=", ".join(frames),
                         expected="all in memory, or all files or Ibis tables",
                         mend="write the frames to Parquet first: orders.to_parquet('orders.parquet')",
                         zh="部分数据表在内存、部分在文件中")  # fmt: skip
    from crm_analysis.churn.features.opening import open_lazy

    with open_lazy(chosen, zone=zone, memory=memory) as engine:
        yield engine


def in_memory(frames: Mapping[str, pd.DataFrame], zone: str | None) -> Frames:
    """Check frames and give the engine that holds them; tables without rows are as if they were not there."""
    frames = {name: frame for name, frame in frames.items() if len(frame)}
    if not frames:
        raise no_tables()
    for name, frame in frames.items():
        twice = [str(column) for column in frame.columns[frame.columns.duplicated()]]
        if twice:
            raise InputError(f"table {name} has the column {twice[0]} twice", mend="keep one of them",
                             zh=f"列 {twice[0]} 出现两次")  # fmt: skip
        times = [column.name for column in TABLES[name].columns if column.kind == "time"]
        needed = [column for column in ("customer_id", ROW_TIME[name]) if column not in frame]
        check_columns(frame, name, needed, times=times)
    check_ids(frames)
    if zone is None:
        check_zones(frames, ROW_TIME)
    return Frames.of(frames, zone or next((found for name in frames if (found := _zone(frames[name], name))), "UTC"))


def _zone(frame: pd.DataFrame, name: str) -> str | None:
    dtype = frame[ROW_TIME[name]].dtype
    return str(dtype.tz) if isinstance(dtype, pd.DatetimeTZDtype) else None


def no_tables() -> InputError:
    """Return the error for nothing to make features of."""
    return InputError("there is no table with rows to make features of", expected=f"one of {', '.join(USED)}",
                      zh="没有可用于构造特征的数据表")  # fmt: skip
