"""The steps on tables of an engine, files or Ibis tables: the same verbs as in `frames`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from crm_analysis.churn.features.columns import id_of, number_of, text_of
from crm_analysis.churn.features.cut import Cut
from crm_analysis.churn.features.moments import Clock, two_numbers
from crm_analysis.churn.features.sources import LOWERED, Expression, Last, Source, Sum
from crm_analysis.clv.orders.engine import Run
from crm_analysis.errors import InputError
from crm_analysis.tables.days import day_stamp
from crm_analysis.tables.needs import LOAD
from crm_analysis.tables.plain import BLANK

if TYPE_CHECKING:
    import ibis.expr.types as ir


@dataclass
class Lazy:
    """Tables that stay where they are.

    Parameters
    ----------
    given : dict of str to ibis Table
    run : Run
        Runs expressions.
    zone : str
        Whose days are meant.
    own : bool
        Whether passing tables may be made: the engine is ours.
    """

    given: Mapping[str, ir.Table]
    run: Run
    zone: str
    own: bool
    held: int = 0

    @property
    def tables(self) -> set[str]:
        """Names of the tables that are there."""
        return set(self.given)

    @property
    def bought(self) -> str:
        """The table that tells of purchases."""
        return "orders" if "orders" in self.given else "events"

    def columns(self, table: str) -> set[str]:
        """Names of the columns of a table."""
        return set(self.given[table].columns)

    def rows(self, source: Source, cut: Cut) -> ir.Table:
        """Return the rows of a table with the columns of its source, numbers as float64, times as two numbers."""
        import ibis

        table = self.given[source.table]
        columns = {"customer_id": id_of(table["customer_id"])}
        for name in (source.time, *source.times):
            us, day = self._moments(table, name, source, cut)
            own = name == source.time
            columns |= {"us" if own else f"{name}_us": us, "day" if own else f"{name}_day": day}
        for name in source.numbers:
            columns[name] = number_of(table[name]) if name in table.columns else ibis.null("float64")
        for name in source.texts:
            columns[name] = (
                text_of(table[name], lower=name in LOWERED) if name in table.columns else ibis.null("string")
            )
        return table.select(**columns)

    def _moments(self, table: ir.Table, name: str, source: Source, cut: Cut) -> tuple[ir.Value, ir.Value]:
        import ibis

        if name not in table.columns:
            return ibis.null("int64"), ibis.null("int64")
        column = table[name]
        kind = column.type()
        if not (kind.is_string() or kind.is_date() or kind.is_timestamp()):
            raise InputError(f"column {name!r} holds {kind}, no times", where=f"table {source.table}",
                             expected="dates, timestamps, or texts such as 2017-11-25 21:30:00", mend=LOAD,
                             zh=f"列 {name} 不是时间")  # fmt: skip
        us, day = two_numbers(column, lambda times: self._clock(times, source, cut), duckdb=self.run.is_duckdb)
        if kind.is_string():
            self._check_read(table.select(text=column.strip(), day=day), name, source.table)
        return us, day

    def _clock(self, times: ir.TimestampValue, source: Source, cut: Cut) -> Clock:
        """Return the clocks of the zone for a column, as far as it matters: around days beyond the cut none does."""
        rows = times.name("at").as_table()
        ends = self.run(rows.aggregate(low=rows["at"].min().cast("string"), high=rows["at"].max().cast("string"))).iloc[
            0
        ]
        latest = day_stamp(cut.day + 3)
        if ends.isna().any():
            return Clock.of(self.zone, latest, latest)
        low, high = (pd.Timestamp(text) for text in ends)
        low, high = (end.tz_convert("UTC").tz_localize(None) if end.tz else end for end in (low, high))
        if cut.first is not None and not source.whole_life:
            low = max(low, day_stamp(cut.first - 3))
        return Clock.of(self.zone, min(low, latest), min(max(low, high), latest))

    def _check_read(self, rows: ir.Table, name: str, table: str) -> None:
        given = rows["text"].notnull() & ~rows["text"].isin(BLANK)  # noqa: PD004
        found = self.run(rows.aggregate(given=given.sum(), read=rows["day"].count(), first=rows["text"].min())).iloc[0]
        if found["given"] and found["read"] * 2 < found["given"]:
            raise InputError(f"the times of column {name!r} cannot be read (such as {found['first']!r})",
                             where=f"table {table}", expected="times such as 2017-11-25 21:30:00",
                             mend=f"{LOAD}, or write them so", zh=f"列 {name} 的时间无法识别")  # fmt: skip

    def judge(self, rows: ir.Table, rules: Mapping[str, Expression]) -> tuple[dict[str, int], dict[str, int], ir.Table]:
        """Return how many rows break each rule first, how many values the others have, and these others."""
        import ibis

        names = list(rules)
        judged = rows.mutate(step=ibis.cases(*((rules[name](rows), k) for k, name in enumerate(names)),
                                             else_=len(names)))  # fmt: skip
        values = {f"n{k}": judged[name].count() for k, name in enumerate(rows.columns)}
        found = self.run(judged.group_by("step").aggregate(rows=judged.count(), **values)).set_index("step")
        broken = {name: int(found["rows"].get(k, 0)) for k, name in enumerate(names)}
        filled = {name: int(found[f"n{k}"].get(len(names), 0)) for k, name in enumerate(rows.columns)}
        return (
            {"read": int(found["rows"].sum()), **broken},
            filled,
            judged.filter(judged["step"] == len(names)).drop("step"),
        )

    def blank_unless(self, rows: ir.Table, columns: Iterable[str], known: Expression) -> ir.Table:
        """Return the rows with `columns` blank where they were not yet known."""
        import ibis

        keep = known(rows)
        return rows.mutate(**{name: ibis.ifelse(keep, rows[name], ibis.null(rows[name].type())) for name in columns})

    def with_columns(self, rows: ir.Table, columns: Mapping[str, Expression]) -> ir.Table:
        """Return the rows with new columns, each of which may use those before it."""
        for name, expression in columns.items():
            rows = rows.mutate(**{name: expression(rows)})
        return rows

    def different(self, rows: ir.Table) -> ir.Table:
        """Return equal rows once."""
        return self._held(rows.distinct())

    def size(self, rows: ir.Table) -> int:
        """Return how many rows there are."""
        return int(self.run(rows.aggregate(rows=rows.count()))["rows"].iloc[0])

    def group(self, rows: ir.Table, keys: list[str], sums: Mapping[str, Sum]) -> ir.Table:
        """Return one row per group with its sums."""
        return rows.group_by(keys).aggregate(**{name: _total(rows, one) for name, one in sums.items()})

    def with_first(self, days: ir.Table) -> ir.Table:
        """Return the days with each customer's first."""
        days = self._held(days)
        first = days.group_by("customer_id").aggregate(first=days["day"].min())
        return days.join(first, "customer_id")

    def _held(self, table: ir.Table) -> ir.Table:
        """Return the table computed, where that may be: what is asked of it twice is worked out once."""
        if not self.own:
            return table
        self.held += 1
        return self.run.con.create_table(f"held_{self.held}", table, temp=True)

    def distinct(self, rows: ir.Table, column: str, name: str) -> ir.Table:
        """Return how many different values each customer has."""
        pairs = rows.filter(rows[column].notnull()).select("customer_id", column).distinct()  # noqa: PD004
        return pairs.group_by("customer_id").aggregate(**{name: pairs.count()})

    def last(self, rows: ir.Table, last: Last, name: str) -> ir.Table:
        """Return each customer's last value."""
        known = rows.filter(rows[last.of].notnull()).select("customer_id", "us", last.of)  # noqa: PD004
        latest = known.group_by("customer_id").aggregate(us=known["us"].max())
        found = known.join(latest, ["customer_id", "us"])
        return found.group_by("customer_id").aggregate(**{name: getattr(found[last.of], last.tie)()})

    def people(self, table: ir.Table) -> pd.DataFrame:
        """Return a table of one row per customer with the customers as its index."""
        return self.run(table).set_index("customer_id")


def _total(rows: ir.Table, one: Sum) -> ir.Value:
    where = None if one.where is None else one.where(rows)
    if one.of is None:
        return rows.count(where=where)
    column = one.of(rows) if callable(one.of) else rows[one.of]
    return getattr(column, one.how)(where=where)
