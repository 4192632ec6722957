"""Which column of the orders is what: named by the caller, or known by the names of the project's tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from crm_analysis.errors import InputError, nearest

GUESSES = {
    "customer": ("customer_id", "customer"),
    "when": ("ordered_at", "at", "day", "happened_at", "date"),
    "amount": ("amount",),
}
ZH = {"customer": "客户编号", "when": "购买日期", "amount": "金额"}
STATUS, ACTION, ROW_NAME = "status", "action", "order_id"
COUNT_REPEATS = 1_000_000  # rows; above, looking for repeated ones takes as long as the summary itself


@dataclass(frozen=True)
class Columns:
    """Names of the columns that are read.

    Parameters
    ----------
    customer, when : str
    amount, status : str or None
        None where there is no such column.
    """

    customer: str
    when: str
    amount: str | None
    status: str | None


def find_columns(
    has: Iterable[object], *, customer: str | None, when: str | None, amount: str | None, where: str
) -> Columns:
    """Find the columns, or raise one `InputError` that names all that are missing and what is near them.

    Parameters
    ----------
    has : iterable
        Names of the columns that are there.
    customer, when : str or None
        Given by the caller; None to go by the usual names.
    amount : str or None
        Given by the caller; empty to go by the usual names, None for a summary without money.
    where : str
        For the message.

    Examples
    --------
    >>> find_columns(["Kunde", "ordered_at", "amount"], customer="Kunde", when=None, amount="", where="")
    Columns(customer='Kunde', when='ordered_at', amount='amount', status=None)
    """
    has = list(has)
    given = {"customer": customer, "when": when, "amount": amount or None}
    found = {role: _find(has, role, name) for role, name in given.items()}
    needed = [role for role in given if role != "amount" or amount]
    if missing := [role for role in needed if found[role] is None]:
        raise _missing(has, {role: given[role] for role in missing}, where)
    if ACTION in has and not found["amount"]:
        raise InputError("these rows are actions (views, carts), not purchases", where=where,
                         expected="one row per purchase", mend="keep the purchases: rows[rows['action'] == 'buy']",
                         zh="这些行是浏览等行为，不是购买")  # fmt: skip
    money = None if amount is None else found["amount"]
    return Columns(found["customer"], found["when"], money, STATUS if STATUS in has else None)


def _find(has: list[object], role: str, given: str | None) -> str | None:
    wanted = (given,) if given else GUESSES[role]
    return next((name for name in wanted if name in has), None)


def _missing(has: list[object], missing: dict[str, str | None], where: str) -> InputError:
    names = [str(name) for name in has]
    lacking = "; ".join(f"{role} ({given or ' or '.join(GUESSES[role])})" for role, given in missing.items())
    hints = {role: nearest(given or GUESSES[role][0], names) for role, given in missing.items()}
    mend = "; ".join(f"{role}: {hint}" for role, hint in hints.items() if hint)
    return InputError(f"the orders lack a column: {lacking}", where=f"{where} (has: {', '.join(names)})",
                      mend=mend or f"name it, for example {next(iter(missing))}='column name'",
                      expected="customer, when and, for money, amount",
                      zh=f"订单缺少列：{'、'.join(ZH[role] for role in missing)}")  # fmt: skip


def unreadable_amounts(column: str, name: str) -> InputError:
    """Return the error for a column of money of which not one value is a number."""
    return InputError(f"no value of column {column!r} is a number", where=name, expected="amounts such as 12.50",
                      mend="take currency signs and thousands marks out, or amount=None for a summary without money",
                      zh=f"列 {column} 中没有可识别的金额")  # fmt: skip
