"""From rows to one line per customer: the steps, the same for frames and for tables of an engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from crm_analysis.churn.features.cut import DAY, Cut
from crm_analysis.churn.features.sources import Source, Sum
from crm_analysis.errors import InputError


@dataclass(frozen=True)
class Part:
    """What one source says of the customers.

    Parameters
    ----------
    people : pandas.DataFrame, index customer_id
        The sums of the source.
    filled : dict of str to int
        How many known values each column has; ``rows``: how many rows count.
    counts : dict of str to int
        ``read`` and how many rows broke each rule first.
    columns : set of str
        Columns of the table.
    """

    people: pd.DataFrame
    filled: dict[str, int]
    counts: dict[str, int]
    columns: set[str]

    def has(self, column: str, empty: bool) -> bool:
        """Whether a column is there, with a value unless `empty` will do; of times it is enough that they are noted."""
        there = column.removesuffix("_day") in self.columns
        return there and (empty or self.filled.get(column, 0) > 0 or f"{column}_us" in self.filled)


def run(engine: Any, source: Source, cut: Cut) -> Part:
    """Run the steps of one source: judge rows, blank what came later, sum by day, then by customer."""
    there = engine.columns(source.table)
    rules = source.window(cut) | {name: test for name, (column, test) in source.rules.items() if column in there}
    rows = known(engine, engine.rows(source, cut), source, cut)
    counts, filled, rows = engine.judge(rows, rules)
    filled["rows"] = counts["read"] - sum(counts[name] for name in rules)
    if source.unique in there:
        rows = engine.different(rows)
        counts["duplicate_row"] = filled["rows"] - engine.size(rows)
        filled["rows"] -= counts["duplicate_row"]
    if source.table == "customers":
        return Part(_once(engine.people(rows)), filled, counts, there)
    rows = engine.with_columns(rows, {"age": lambda t: cut.day - t["day"], **source.columns})
    days = engine.group(rows, ["customer_id", "day"], source.by_day)
    days = engine.with_columns(engine.with_first(days), {"age": lambda t: cut.day - t["day"]})
    tables = [engine.group(days, ["customer_id"], _over_days(source))]
    tables += [engine.distinct(rows, column, name) for name, column in source.distinct.items() if filled.get(column)]
    tables += [engine.last(rows, last, name) for name, last in source.lasts.items() if filled.get(last.of, 1)]
    return Part(pd.concat([engine.people(table) for table in tables], axis=1), filled, counts, there)


def known(engine: Any, rows: Any, source: Source, cut: Cut) -> Any:
    """Blank what became known only after the cutoff, as `history` does."""
    for since in dict.fromkeys(source.later.values()):
        if since not in source.times:
            continue
        late = [name for name, of in source.later.items() if of == since and name not in source.times]
        rows = engine.blank_unless(rows, [*late, f"{since}_us", f"{since}_day"],
                                   lambda t, day=f"{since}_day": t[day] <= cut.day)  # fmt: skip
    if "delivery_days" in source.numbers:
        arrived = lambda t: t["us"] + t["delivery_days"] * DAY < cut.end  # noqa: E731
        rows = engine.blank_unless(rows, ["delivery_days"], arrived)
    return rows


def _over_days(source: Source) -> dict[str, Sum]:
    sums = {"days": Sum(how="count"), "first": Sum("day", how="min"), "last": Sum("day", how="max")}
    again = {
        name: Sum(name, how=one.how if one.how in ("max", "min") else "sum") for name, one in source.by_day.items()
    }
    return sums | again | dict(source.by_customer)


def _once(people: pd.DataFrame) -> pd.DataFrame:
    if people.index.has_duplicates:
        twice = people.index[people.index.duplicated()][0]
        raise InputError(f"customer {twice!r} stands in two different rows", where="table customers",
                         expected="one row per customer", mend="keep the row that was true at the cutoff",
                         zh=f"客户 {twice} 在客户表中出现多行")  # fmt: skip
    return people
