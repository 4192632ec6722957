"""The query: rows to customer-days to customers, as one Ibis expression that any backend runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ibis.expr.types as ir


def counts(table: ir.Table, breaches: Mapping[str, ir.Value]) -> ir.Table:
    """One row per rule that is the first a row breaks (``step``; the number of rules for rows that break none).

    Columns rows, first, last (days), unread (a text that is no day), and with money: money, refunds, zeros.
    """
    import ibis

    hits = [(condition, step) for step, condition in enumerate(breaches.values())]
    judged = table.mutate(step=ibis.cases(*hits, else_=len(hits)))
    found = {"rows": judged.count(), "first": judged["day"].min(), "last": judged["day"].max()}
    found["unread"] = judged["unread"].min()
    if "amount" in table.columns:
        found["money"] = judged["amount"].sum()
        found["priced"] = judged["amount"].count()
        found["refunds"] = (judged["amount"] < 0).sum()
        found["zeros"] = (judged["amount"] == 0).sum()
    return judged.group_by("step").aggregate(**found).order_by("step")


def last_steps(table: ir.Table, breaches: Mapping[str, ir.Value]) -> ir.Table:
    """How many customers have their best row at each ``step``: there they leave, or, at the last, they stay."""
    import ibis

    hits = [(condition, step) for step, condition in enumerate(breaches.values())]
    named = table.mutate(step=ibis.cases(*hits, else_=len(hits))).filter(table["customer_id"].notnull())
    best = named.group_by("customer_id").aggregate(step=named["step"].max())
    return best.group_by("step").aggregate(customers=best.count())


def kept(table: ir.Table, breaches: Mapping[str, ir.Value]) -> ir.Table:
    """Rows that break none of the rules."""
    for condition in breaches.values():
        table = table.filter(~condition.fill_null(False))
    return table


def purchase_days(table: ir.Table, *, net: bool) -> ir.Table:
    """One row per customer and day of purchase: [amount]; with `net` also rows and how many of them are refunds."""
    found = {}
    if "amount" in table.columns:
        found["amount"] = table["amount"].sum()
    if net:
        found |= {"rows": table.count(), "refunds": (table["amount"] < 0).sum()}
    if not found:
        return table.select("customer_id", "day").distinct()
    return table.group_by("customer_id", "day").aggregate(**found)


def is_purchase(days: ir.Table) -> ir.Value:
    """Whether a day with refunds still is one of purchase: something was paid in the end."""
    return (days["refunds"] == 0) | (days["amount"] > 0)


def not_positive(days: ir.Table) -> ir.Table:
    """What netting refunds takes away: rows, money, and how many customers are gone, without any day left."""
    days = days.mutate(out=~is_purchase(days))
    whole = days.group_by("customer_id").aggregate(
        rows=days["rows"].sum(where=days["out"]), money=days["amount"].sum(where=days["out"]), gone=days["out"].all()
    )
    sums = {name: whole[name].sum().fill_null(0) for name in ("rows", "money", "gone")}
    return whole.aggregate(**sums)


def late_rows(rows: ir.Table, *, calibration_end: int) -> ir.Table:
    """Rows of customers first seen after `calibration_end`; `rows` are rows, or days that know how many they hold."""
    counted = rows["rows"].sum() if "rows" in rows.columns else rows.count()
    named = rows.group_by("customer_id").aggregate(first=rows["day"].min(), rows=counted)
    return named.filter(named["first"] > calibration_end).aggregate(rows=named["rows"].sum())


def customers(days: ir.Table, *, calibration_end: int | None, duckdb: bool = False) -> ir.Table:
    """One row per customer, by id: first day, last day, days, [money, first_money]; with a split also after it.

    Columns of the days after `calibration_end` end in ``_holdout``; last and days are of those up to it, so that
    a customer first seen later has no last. On `duckdb` its own function finds the first money, elsewhere a
    join does: not every database means the same by the first of a group.
    """
    money = "amount" in days.columns
    if money and not duckdb:
        days = _with_first_day(days)
    found = {"first": days["day"].min()}
    parts = {"": None}
    if calibration_end is not None:
        parts = {"": days["day"] <= calibration_end, "_holdout": days["day"] > calibration_end}
    for name, part in parts.items():
        found[f"days{name}"] = days.count(where=part)
        if money:
            found[f"money{name}"] = days["amount"].sum(where=part)
    found["last"] = days["day"].max(where=parts[""])
    if money:
        found["first_money"] = (
            _arg_min(days["amount"], days["day"]) if duckdb
            else days["amount"].sum(where=days["day"] == days["first_day"])
        )  # fmt: skip
    named = days.group_by("customer_id").aggregate(**found)
    return named.mutate(customer_id=named["customer_id"].cast("string")).order_by("customer_id")


def _with_first_day(days: ir.Table) -> ir.Table:
    first = days.group_by("customer_id").aggregate(first_day=days["day"].min())
    return days.join(first, "customer_id")


def _arg_min(value: ir.Value, day: ir.Value) -> ir.Value:
    """DuckDB's value at the first day; what Ibis writes for it sorts every group."""
    import ibis

    @ibis.udf.agg.builtin(name="arg_min")
    def arg_min(value: float, day: int) -> float: ...

    return arg_min(value, day)


def example(table: ir.Table, breaches: Mapping[str, ir.Value], rule: str) -> ir.Table:
    """One row of those whose first broken rule is `rule`."""
    rules = list(breaches)
    before = {name: breaches[name] for name in rules[: rules.index(rule)]}
    names = [name for name in ("customer_id", "day", "amount") if name in table.columns]
    hit = kept(table, before).filter(breaches[rule])
    return hit.select(names).order_by(names).limit(1)
