"""Orders that stay where they are, in files or a database, as one Ibis table with columns of our names."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa

from crm_analysis.clv.orders.columns import COUNT_REPEATS, ROW_NAME, Columns, unreadable_amounts
from crm_analysis.clv.orders.days import NO_DAY, day_expression, day_text, days_of, no_times, zone_shifts
from crm_analysis.clv.orders.engine import Files, Run, engine, quiet
from crm_analysis.errors import InputError
from crm_analysis.tables.plain import BLANK
from crm_analysis.tables.status import CANCELLED

if TYPE_CHECKING:
    import ibis.expr.types as ir

MOST_TEXTS = 5_000_000
LARGEST = float(np.finfo("float64").max)  # databases sort NaN above it, and not all have a test for NaN


@dataclass(frozen=True)
class LazyOrders:
    """Orders that stay where they are: files, or a table of an Ibis backend.

    Parameters
    ----------
    origin : Files or ibis Table
    columns : Columns
    name, memory : str
    zone, time_format : str, optional
    known : dict
        What was looked up once: days of texts, shifts of the zone, that ids must be trimmed.
    """

    origin: Files | ir.Table = field(repr=False)
    columns: Columns
    name: str
    memory: str
    zone: str | None = None
    time_format: str | None = None
    known: dict = field(default_factory=dict, repr=False)

    def repeats(self, rows: int) -> int | None:
        """Return how many rows are equal to an earlier one; None if there are too many to look."""
        if rows > COUNT_REPEATS:
            return None
        with raw_table(self.origin, self.memory) as (table, run):
            plain_columns = [name for name, kind in table.schema().items() if name != ROW_NAME and not kind.is_nested()]
            distinct = table.select(plain_columns).distinct()
            return rows - int(run(distinct.aggregate(rows=distinct.count()))["rows"].iloc[0])

    def are_ragged(self, ids: pd.Series) -> bool:
        """Tell whether ids that came out must be trimmed, and do so from now on; looking first would cost more."""
        if "ragged" in self.known or not (ids.isin(BLANK).any() or (ids != ids.str.strip()).any()):
            return False
        self.known["ragged"] = True
        return True

    def refuse_unreadable_amounts(self) -> None:
        """Raise if the column of money holds texts: they were to be amounts, and none can be read."""
        with raw_table(self.origin, self.memory) as (table, _):
            if self.columns.amount is not None and table[self.columns.amount].type().is_string():
                raise unreadable_amounts(self.columns.amount, self.name)

    @contextmanager
    def opened(self) -> Iterator[tuple[ir.Table, Run]]:
        """Give the table and the function that runs expressions on it."""
        with raw_table(self.origin, self.memory) as (table, run):
            standard = self._standard(table, run)
            if isinstance(self.origin, Files) and self.origin.kind == "csv":
                standard = run.con.create_table("orders_read", standard, temp=True)  # texts are read once
            yield standard, run

    def _standard(self, table: ir.Table, run: Run) -> ir.Table:
        import ibis

        columns = self.columns
        table = self._with_day(table, run)
        chosen = {"customer_id": _id_expression(table[columns.customer], "ragged" in self.known), "day": table["_day"]}
        unread = table[columns.when].cast("string")
        chosen["unread"] = ibis.ifelse(table["_day"].isnull(), unread, ibis.null("string"))  # noqa: PD003
        if columns.amount is not None:
            chosen["amount"] = _number_expression(table[columns.amount])
        if columns.status is not None:
            status = table[columns.status].cast("string").strip().lower()
            chosen["cancelled"] = status.isin(sorted(CANCELLED)).fill_null(False)
        return table.select(**chosen)

    def _with_day(self, table: ir.Table, run: Run) -> ir.Table:
        import ibis

        when = table[self.columns.when]
        kind = when.type()
        if kind.is_date() or kind.is_timestamp():
            if "shifts" not in self.known:
                self.known["shifts"] = self._shifts(table, run)
            return table.mutate(_day=day_expression(when, self.known["shifts"]))
        if not (kind.is_string() or kind.is_numeric()):
            raise no_times(self.columns.when, kind, self.name)
        table = table.mutate(_text=day_text(when))
        if "days" not in self.known:
            self.known["days"] = self._days(table, run)
        days = ibis.memtable(self.known["days"])
        return table.left_join(days, table["_text"] == days["_written"])

    def _shifts(self, table: ir.Table, run: Run) -> list[tuple[int, int]]:
        when = table[self.columns.when]
        if not (when.type().is_timestamp() and when.type().timezone):
            return []
        ends = run(table.aggregate(low=when.min().cast("string"), high=when.max().cast("string")))
        low, high = (pd.Timestamp(text) for text in ends.iloc[0])
        if pd.isna(low):
            return [(0, 0)]
        low, high = (end.tz_convert("UTC") if end.tz else end.tz_localize("UTC") for end in (low, high))
        return zone_shifts(low, high, self.zone or when.type().timezone)

    def _days(self, table: ir.Table, run: Run) -> pa.Table:
        texts = run(table.select("_text").distinct().limit(MOST_TEXTS + 1))["_text"].dropna()
        if len(texts) > MOST_TEXTS:
            raise InputError(f"column {self.columns.when!r} holds over {MOST_TEXTS:,} different texts", where=self.name,
                             expected="dates or timestamps", mend="make it a column of timestamps first",
                             zh=f"列 {self.columns.when} 的文本过多，请先转换为时间类型")  # fmt: skip
        texts = texts.rename(self.columns.when).reset_index(drop=True)
        day = days_of(texts, zone=self.zone, time_format=self.time_format, where=self.name)
        missing = day == NO_DAY
        return pa.table({
            "_written": pa.array(texts.to_numpy(object), pa.string()),
            "_day": pa.array(np.where(missing, 0, day).astype("int32"), mask=missing),
        })  # fmt: skip


@contextmanager
def raw_table(origin: Files | ir.Table, memory: str) -> Iterator[tuple[ir.Table, Run]]:
    """Give the rows as they are, and the function that runs expressions on them."""
    if not isinstance(origin, Files):
        with quiet():
            yield origin, Run(origin.get_backend())
        return
    with engine(memory, size=origin.size) as con:
        yield origin.table(con), Run(con)


def _id_expression(column: ir.Value, ragged: bool) -> ir.Value:
    """Ids as texts, if `ragged` trimmed and blanks missing; whole numbers stay numbers until the end."""
    import ibis

    kind = column.type()
    if kind.is_integer():
        return column
    if kind.is_floating():
        whole = column.try_cast("int64")
        text = ibis.ifelse(whole.cast("float64") == column, whole.cast("string"), column.cast("string"))
        return ibis.ifelse(text.isin(BLANK), ibis.null("string"), text)
    if not ragged:
        return column.cast("string")
    text = column.cast("string").strip()
    return ibis.ifelse(text.isin(BLANK), ibis.null("string"), text)


def _number_expression(column: ir.Value) -> ir.Value:
    """Amounts as numbers; what is none, or not finite, is missing."""
    import ibis

    if column.type().is_string():
        column = column.try_cast("float64").coalesce(column.strip().try_cast("float64"))
    number = column.cast("float64")
    return ibis.ifelse(number.abs() <= LARGEST, number, ibis.null("float64"))
