"""Times of an engine as two numbers, microseconds since 1970 and the local day, by the rules of `tables.times`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import pandas as pd

from crm_analysis.churn.features.cut import DAY
from crm_analysis.clv.orders.days import zone_shifts

if TYPE_CHECKING:
    import ibis.expr.types as ir

SECOND = 1_000_000
SOME_DAYS = pd.Timedelta(3, "D")
OFFSET = r":\d{2}(\.\d+)?\s*(Z|[+-]\d{2}(:?\d{2})?)$"


@dataclass(frozen=True)
class Clock:
    """The clocks of a zone over a span: from which second since 1970 they are how many seconds ahead of UTC.

    Parameters
    ----------
    shifts : tuple of (int, int)
    """

    shifts: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, zone: str, low: pd.Timestamp, high: pd.Timestamp) -> Clock:
        """Return the clocks of `zone` between two moments (UTC, or on the wall) and some days beyond."""
        low, high = (end.tz_localize("UTC") if end.tz is None else end.tz_convert("UTC") for end in (low, high))
        return cls(tuple(zone_shifts(low - SOME_DAYS, max(low, high) + SOME_DAYS, zone)))

    def day(self, us: ir.IntegerValue) -> ir.IntegerValue:
        """Return the local day of a moment."""
        import ibis

        first, *later = [(start * SECOND, ahead * SECOND) for start, ahead in self.shifts]
        ahead = (
            ibis.cases(*((us >= start, shift) for start, shift in later[::-1]), else_=first[1]) if later else first[1]
        )
        return ((us + ahead) / DAY).floor().cast("int64")

    def moment(self, wall: ir.IntegerValue) -> ir.IntegerValue:
        """Return the moment at which local clocks show `wall`: the first of two, or the next that exists."""
        import ibis

        pieces, value = [], wall - self.shifts[0][1] * SECOND
        for (_, before), (start, ahead) in pairwise(self.shifts):
            pieces.append((wall < (start + before) * SECOND, value))
            value = wall - ahead * SECOND
            value = ibis.ifelse(value < start * SECOND, start * SECOND, value)
        return ibis.cases(*pieces, else_=value) if pieces else value


def two_numbers(
    column: ir.Value, clock: Callable[[ir.Value], Clock], *, duckdb: bool
) -> tuple[ir.IntegerValue, ir.IntegerValue]:
    """Return microseconds and local day of a column of dates, timestamps or ISO texts; what cannot be read is null.

    Parameters
    ----------
    column : ibis column
    clock : function of a column of timestamps
        Looks up the clocks of the zone over its span.
    duckdb : bool
        Whether functions of DuckDB may be called by name.
    """
    import ibis

    if column.type().is_string():
        text = column.strip()
        named = text.re_search(OFFSET)
        moments = ibis.ifelse(named, text, ibis.null("string")).try_cast("timestamp('UTC')")
        walls = ibis.ifelse(named, ibis.null("string"), text).try_cast("timestamp")
        us = microseconds(moments, duckdb=duckdb).coalesce(clock(walls).moment(microseconds(walls, duckdb=duckdb)))
        return us, clock(moments).day(us)
    if column.type().is_date():
        column = column.cast("timestamp")
    us = microseconds(column, duckdb=duckdb)
    us = us if column.type().timezone else clock(column).moment(us)
    return us, clock(column).day(us)


def microseconds(column: ir.TimestampValue, *, duckdb: bool) -> ir.IntegerValue:
    """Return microseconds since 1970, of a moment by UTC, of a local time by its own wall."""
    if duckdb:
        return _epoch_us(column)
    column = column.cast("timestamp")
    return column.truncate("s").epoch_seconds().cast("int64") * SECOND + column.microsecond().cast("int64")


def _epoch_us(column: ir.TimestampValue) -> ir.IntegerValue:
    """DuckDB's own function; what Ibis writes for it takes several times as long."""
    import ibis

    def epoch_us(at): ...  # noqa: ANN001, ANN202

    kind = ibis.udf.scalar.builtin(epoch_us, name="epoch_us", signature=((column.type(),), "int64"))
    return kind(column)
