"""What the rules found, and the ledger and the steps made of it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from crm_analysis.clv.summary.rules import Steps
from crm_analysis.tables import NOTED, Line, TableLedger

NET, LATE, MERGED = "net_not_positive", "first_seen_after_calibration", "same_day_merged"


@dataclass(frozen=True)
class Tally:
    """Rows and money by the first rule a row breaks; the last entry is of the rows that break none.

    Parameters
    ----------
    rules : tuple of str
    rows, money : numpy.ndarray, shape (rules + 1,)
        Money is NaN where the orders have none.
    priced : int
        Rows with an amount.
    refunds, zeros : int
        Rows that break no rule and have a negative amount, an amount of zero.
    first, last : int or None
        First and last day of all rows that have one.
    unread : str
        A text that was to be a day.
    """

    rules: tuple[str, ...]
    rows: np.ndarray
    money: np.ndarray
    priced: int
    refunds: int
    zeros: int
    first: int | None
    last: int | None
    unread: str

    @classmethod
    def of(cls, found: pd.DataFrame, rules: tuple[str, ...]) -> Tally:
        """Read the answer of `summary_query.counts`."""
        found = found.set_index("step").reindex(range(len(rules) + 1))
        rows = found["rows"].fillna(0).to_numpy("int64")
        first, last = (None if pd.isna(day) else int(day) for day in (found["first"].min(), found["last"].max()))
        unread = found["unread"].dropna()
        text = str(unread.iloc[0]) if len(unread) else ""
        if "money" not in found:
            return cls(rules, rows, np.full(len(rows), np.nan), 0, 0, 0, first, last, text)
        money = found["money"].fillna(0.0).to_numpy("float64")
        refunds, zeros = (int(found[name].fillna(0).iloc[-1]) for name in ("refunds", "zeros"))
        return cls(rules, rows, money, int(found["priced"].sum()), refunds, zeros, first, last, text)

    @property
    def broken(self) -> dict[str, int]:
        """Rows by rule, of the rules that were broken."""
        return {rule: int(rows) for rule, rows in zip(self.rules, self.rows) if rows}


@dataclass(frozen=True)
class Found:
    """All that a query brings back.

    Parameters
    ----------
    tally : Tally
    people : pandas.DataFrame
        Of `summary_query.customers`.
    leaving : dict of str to int
        Customers of whom a rule takes the last rows.
    netted : tuple
        Rows, customers and money of days that refunds undo.
    late_rows : int or None
        Rows of customers first seen after the calibration; None without one.
    examples : dict of str to str
        A row that breaks each rule.
    repeated : int or None
        Rows equal to an earlier one; None if not counted.
    """

    tally: Tally
    people: pd.DataFrame
    leaving: dict[str, int] = field(default_factory=dict)
    netted: tuple[int, int, float] = (0, 0, 0.0)
    late_rows: int | None = None
    examples: dict[str, str] = field(default_factory=dict)
    repeated: int | None = None

    @property
    def late(self) -> np.ndarray:
        """Whether a customer was first seen after the calibration."""
        return self.people["last"].isna().to_numpy()

    @property
    def purchase_days(self) -> int:
        """Customer-days of the customers in the summary."""
        seen = self.people[~self.late]
        return int(sum(seen[name].sum() for name in ("days", "days_holdout") if name in seen))

    def steps(self, *, net: bool) -> pd.DataFrame:
        """Rows, customers and money before and after each rule, down to customer-days."""
        tally, late = self.tally, self.late
        everyone = len(self.people) + self.netted[1] + sum(self.leaving.values())
        steps = Steps(rows=tally.rows.sum(), customers=everyone, money=tally.money.sum())
        for rule, rows, money in zip(tally.rules, tally.rows, tally.money):
            steps.add(rule, rows=rows, customers=self.leaving.get(rule, 0), money=money)
        if net:
            steps.add(NET, rows=self.netted[0], customers=self.netted[1], money=self.netted[2])
        if self.late_rows is not None:
            gone = self.people[late]
            money = gone["money_holdout"].sum() if "money" in gone else np.nan
            steps.add(LATE, rows=self.late_rows, customers=len(gone), money=money)
        steps.add(MERGED, rows=steps.now[0] - self.purchase_days, customers=0, money=0.0)
        return steps.frame()

    def ledger(self, steps: pd.DataFrame, *, table: str, source: str, notes: dict[str, int]) -> TableLedger:
        """Rows read = rows kept + rows set aside; what was kept and is worth knowing is noted."""
        gone = steps["rows_in"] - steps["rows_out"]
        aside = [Line(rule, int(gone[rule]), example=self.examples.get(rule, "")) for rule in gone.index[:-1]]
        noted = [Line(rule, rows, NOTED) for rule, rows in {MERGED: int(gone[MERGED]), **notes}.items()]
        return TableLedger(table, source, int(steps["rows_in"].iloc[0]), int(steps["rows_in"].iloc[-1]), aside + noted,
                           step="summarize")  # fmt: skip
