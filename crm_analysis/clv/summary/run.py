"""One run of the query over orders: what the rules say, who is left, and what to refuse."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from crm_analysis.clv.orders import Orders
from crm_analysis.clv.orders.engine import Run
from crm_analysis.clv.summary import query
from crm_analysis.clv.summary.account import Found, Tally
from crm_analysis.clv.summary.rules import Rules
from crm_analysis.errors import InputError
from crm_analysis.tables.days import day_stamp

if TYPE_CHECKING:
    import ibis.expr.types as ir


@dataclass(frozen=True)
class Request:
    """What is asked of the orders; days are counted from 1970-01-01.

    Parameters
    ----------
    unit : str
    rules : Rules
    until, calibration_end, observed_from : int or None
    """

    unit: str
    rules: Rules
    until: int | None = None
    calibration_end: int | None = None
    observed_from: int | None = None


def find(orders: Orders, request: Request) -> tuple[Found, Request]:
    """Run the query; the request comes back with `until` filled in.

    Raises
    ------
    InputError
        If a rule says ``error``, no row is left, or `until` and `calibration_end` do not fit the days.
    """
    found, request = _find(orders, request)
    if orders.are_ragged(found.people["customer_id"]):
        found, request = _find(orders, request)
    _check_days(found.people, request, orders.name)
    return replace(found, repeated=orders.repeats(int(found.tally.rows.sum()))), request


def _find(orders: Orders, request: Request) -> tuple[Found, Request]:
    with orders.opened() as (table, run):
        tally = _tally(table, run, request)
        if "amount" in table.columns and tally.rows.any() and not tally.priced:
            orders.refuse_unreadable_amounts()
            table = table.drop("amount")
            tally = _tally(table, run, request)
        _check(tally, request, orders.name)
        breaches = request.rules.breaches(table, request.until)
        hit = {rule: breaches[rule] for rule in tally.broken}
        leaving = _leaving(table, run, hit)
        net = request.rules.refunds == "net" and tally.refunds > 0
        kept = query.kept(table, hit)
        days = query.purchase_days(kept, net=net)
        netted = (0, 0, 0.0)
        if net:
            lost = run(query.not_positive(days)).iloc[0]
            netted = int(lost["rows"]), int(lost["gone"]), float(lost["money"])
            days = kept = days.filter(query.is_purchase(days))
        people = run(query.customers(days, calibration_end=request.calibration_end, duckdb=run.is_duckdb))
        late = _late_rows(kept, run, people, request)
        examples = {rule: _example(table, run, hit, rule) for rule in hit}
    request = replace(request, until=tally.last if request.until is None else request.until)
    if tally.unread:
        examples["bad_time"] = tally.unread
    return Found(tally, people, leaving, netted, late, examples), request


def find_days(orders: Orders, request: Request) -> pd.DataFrame:
    """Return the customer-days behind a summary: customer_id, day as a number, [amount]."""
    with orders.opened() as (table, run):
        net = request.rules.refunds == "net"
        days = query.purchase_days(query.kept(table, request.rules.breaches(table, request.until)), net=net)
        days = days.filter(query.is_purchase(days)) if net else days
        days = days.mutate(customer_id=days["customer_id"].cast("string"))
        return run(days.order_by("customer_id", "day"))


def _tally(table: ir.Table, run: Run, request: Request) -> Tally:
    breaches = request.rules.breaches(table, request.until)
    return Tally.of(run(query.counts(table, breaches)), tuple(breaches))


def _leaving(table: ir.Table, run: Run, hit: Mapping[str, ir.Value]) -> dict[str, int]:
    if not hit:
        return {}
    found = run(query.last_steps(table, hit)).set_index("step")["customers"]
    return {rule: int(found.get(step, 0)) for step, rule in enumerate(hit)}


def _late_rows(kept: ir.Table, run: Run, people: pd.DataFrame, request: Request) -> int | None:
    if request.calibration_end is None:
        return None
    if not people["last"].isna().any():
        return 0
    return int(run(query.late_rows(kept, calibration_end=request.calibration_end))["rows"].iloc[0])


def _example(table: ir.Table, run: Run, hit: Mapping[str, ir.Value], rule: str) -> str:
    rows = run(query.example(table, hit, rule))
    if rows.empty:
        return ""
    row = {name: None if pd.isna(value) else value for name, value in rows.iloc[0].items()}
    if row["day"] is not None:
        row["day"] = _day(int(row["day"]))
    return ", ".join(f"{name}={'' if value is None else value}" for name, value in row.items())


def _check(tally: Tally, request: Request, name: str) -> None:
    if not tally.rows.sum():
        raise InputError("the orders have no rows", where=name, expected="one row per order", zh="订单表没有数据")
    request.rules.check(tally.broken, name)
    if tally.rows[-1]:
        return
    if request.until is not None and tally.first is not None and tally.first > request.until:
        raise InputError(f"until={_day(request.until)} lies before the first order", where=name,
                         expected=f"a day from {_day(tally.first)} to {_day(tally.last)}", mend="choose a later day",
                         zh=f"截止日 {_day(request.until)} 早于第一笔订单（{_day(tally.first)}）")  # fmt: skip
    reasons = ", ".join(f"{rule}: {rows:,}" for rule, rows in tally.broken.items())
    raise InputError(f"no row of the orders is left ({reasons})", where=name, expected="purchases by known customers",
                     mend="check the columns, or choose other rules", zh="所有订单行都被搁置")  # fmt: skip


def _check_days(people: pd.DataFrame, request: Request, name: str) -> None:
    if people.empty:
        raise InputError("refunds undo every purchase", where=name, mend="refunds='set_aside'",
                         zh="退款抵消了全部购买")  # fmt: skip
    first, end, until = int(people["first"].min()), request.calibration_end, request.until
    if end is not None and not first <= end < until:
        raise InputError(f"calibration_end={_day(end)} lies outside the data", where=name,
                         expected=f"a day from {_day(first)} to before until={_day(until)}",
                         mend="choose a day in between",
                         zh=f"校准期末 {_day(end)} 不在数据范围内（{_day(first)} 至 {_day(until)} 之前）")  # fmt: skip
    if request.observed_from is not None and request.observed_from > first:
        raise InputError(f"observed_from={_day(request.observed_from)} lies after the first order", where=name,
                         expected=f"a day up to {_day(first)}: since when the log is complete",
                         zh=f"observed_from 晚于第一笔订单（{_day(first)}）")  # fmt: skip


def _day(number: int | None) -> str:
    return "?" if number is None else f"{day_stamp(number):%Y-%m-%d}"
