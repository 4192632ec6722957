"""The rules by which rows of orders count as purchases, and the account of what each of them did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError, nearest

if TYPE_CHECKING:
    import ibis.expr.types as ir

CHOICES = {
    "refunds": ("set_aside", "net", "error"),
    "zero_amounts": ("keep", "set_aside", "error"),
    "first_purchase": ("exclude", "include"),
}
NEEDED = {"blank_id": "customer_id", "bad_time": "day"}
STEP_COLUMNS = ["rows_in", "rows_out", "customers_in", "customers_out", "money_in", "money_out"]


@dataclass(frozen=True)
class Rules:
    """What is done with rows that a summary can read in more than one way.

    Parameters
    ----------
    refunds : str
        Negative amounts: ``set_aside``, ``net`` (taken off the same customer's day; a day with a refund that comes
        to nothing or less is no purchase), or ``error``.
    zero_amounts : str
        ``keep`` (a purchase that cost nothing is a purchase), ``set_aside`` or ``error``.
    first_purchase : str
        Whether mean spend leaves the first purchase out (``exclude``) or has it in (``include``).
    """

    refunds: str = "set_aside"
    zero_amounts: str = "keep"
    first_purchase: str = "exclude"

    def __post_init__(self) -> None:
        for name, known in CHOICES.items():
            given = getattr(self, name)
            if given not in known:
                raise InputError(f"{name}={given!r} is not known", expected=", ".join(known),
                                 mend=nearest(str(given), known), zh=f"{name}={given!r} 不是可选的规则")  # fmt: skip

    def breaches(self, table: ir.Table, until: int | None) -> dict[str, ir.Value]:
        """Return the rules in order, each with the condition under which a row is set aside.

        Parameters
        ----------
        table : ibis Table
            customer_id, day, [amount], [cancelled].
        until : int, optional
            Last day that counts.
        """
        rules = {name: table[column].isnull() for name, column in NEEDED.items()}  # noqa: PD003
        if until is not None:
            rules["after_until"] = table["day"] > until
        if "cancelled" in table.columns:
            rules["cancelled_row"] = table["cancelled"]
        if "amount" in table.columns:
            rules["missing_amount"] = table["amount"].isnull()  # noqa: PD003
            if self.refunds != "net":
                rules["negative_amount"] = table["amount"] < 0
            if self.zero_amounts != "keep":
                rules["zero_amount"] = table["amount"] == 0
        return rules

    def check(self, counts: Mapping[str, int], where: str) -> None:
        """Raise `InputError` where a rule says ``error`` and rows are there."""
        asked = {"negative_amount": self.refunds, "zero_amount": self.zero_amounts}
        for rule, choice in asked.items():
            if choice == "error" and counts.get(rule, 0):
                kind, argument, zh = {
                    "negative_amount": ("a negative amount", "refunds='set_aside' or 'net'", "金额为负"),
                    "zero_amount": ("an amount of zero", "zero_amounts='keep' or 'set_aside'", "金额为零"),
                }[rule]
                raise InputError(f"{counts[rule]:,} rows have {kind}", where=where, mend=f"choose a rule: {argument}",
                                 expected="none, as you asked", zh=f"有 {counts[rule]} 行{zh}")  # fmt: skip


class Steps:
    """Rows, customers and money before and after each rule.

    Examples
    --------
    >>> steps = Steps(rows=10, customers=3, money=90.0)
    >>> steps.add("negative_amount", rows=1, customers=0, money=-5.0)
    >>> steps.frame().loc["negative_amount", ["rows_in", "rows_out", "money_out"]].tolist()
    [10.0, 9.0, 95.0]
    """

    def __init__(self, *, rows: int, customers: int, money: float) -> None:
        self.now = np.array([rows, customers, money], float)
        self.lines = {"read": (self.now, self.now)}

    def add(self, rule: str, *, rows: int, customers: int, money: float) -> None:
        """Append a rule that took away so many rows, customers and so much money."""
        left = self.now - np.array([rows, customers, money], float)
        self.lines[rule] = (self.now, left)
        self.now = left

    def frame(self) -> pd.DataFrame:
        """Return one row per rule; money is empty where the orders have none."""
        rows = [np.column_stack(pair).ravel() for pair in self.lines.values()]
        frame = pd.DataFrame(rows, index=pd.Index(list(self.lines), name="rule"), columns=STEP_COLUMNS)
        return frame.astype(dict.fromkeys(STEP_COLUMNS[:4], "int64"))
