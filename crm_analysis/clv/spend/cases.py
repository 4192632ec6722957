"""Customers as a spend model sees them: repeat purchases and their mean amount, with a ledger of who is left out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
import pandas as pd

from crm_analysis.clv.cases import first_few, numbers_in
from crm_analysis.errors import InputError, nearest

NONPOSITIVE = ("error", "set_aside")


@dataclass(frozen=True)
class SpendCases:
    """Repeat purchases and mean spend per purchase, checked, one entry per customer.

    Parameters
    ----------
    x : numpy.ndarray of shape (customers,)
        Repeat purchases with a usable mean spend; 0 for customers who tell nothing about spend.
    m : numpy.ndarray of shape (customers,)
        Mean spend per repeat purchase, in money; NaN where `x` is 0.
    weight : numpy.ndarray of shape (customers,)
        How many customers the entry stands for.
    index : pandas.Index
        The caller's index.
    ledger : pandas.DataFrame
        ``rule``, ``customers``: those read, those left out by rule, those modelled.
    group : numpy.ndarray of int, shape (customers,)
        Group of the customer, where spend is let differ between groups; else all 0.
    """

    x: np.ndarray
    m: np.ndarray
    weight: np.ndarray
    index: pd.Index
    ledger: pd.DataFrame
    group: np.ndarray

    @property
    def customers(self) -> float:
        """Number of customers, weights included."""
        return float(self.weight.sum())

    @cached_property
    def spent(self) -> np.ndarray:
        """Total of the repeat purchases of each customer: x m, and 0 where x is 0."""
        return np.where(self.x > 0, self.x * self.m, 0.0)

    @cached_property
    def levels(self) -> tuple[np.ndarray, np.ndarray]:
        """Distinct numbers of repeat purchases, and how many customers have each: what depends on x alone is rare."""
        code, levels = pd.factorize(self.x, sort=True)
        return np.asarray(levels), np.bincount(code, weights=self.weight, minlength=len(levels))

    def take(self, rows: np.ndarray, *, group: np.ndarray | None = None) -> Self:
        """Return some of the customers, by place or mask, under other groups if given (one per customer taken)."""
        group = self.group[rows] if group is None else group
        return type(self)(self.x[rows], self.m[rows], self.weight[rows], self.index[rows], self.ledger, group)


def as_spend_cases(data: object, *, nonpositive: str = "error") -> SpendCases:
    """Check customers for a spend model; those without repeat purchases stay, with x = 0.

    Parameters
    ----------
    data : pandas.DataFrame or Summary or SpendCases
        ``frequency``, ``monetary_value`` (mean amount per repeat purchase, in money), optionally ``weights``.
    nonpositive : {"error", "set_aside"}
        What to do with customers who bought again but whose mean amount is missing, zero or negative: refuse, or
        count them in the ledger and treat them as customers of whose spend nothing is known.

    Returns
    -------
    SpendCases

    Raises
    ------
    InputError
        If a column is missing or a row is impossible; the message lists rule and rows.

    Examples
    --------
    >>> cases = as_spend_cases(pd.DataFrame({"frequency": [0, 2], "monetary_value": [np.nan, 30.0]}))
    >>> cases.x.tolist(), cases.spent.tolist()
    ([0.0, 2.0], [0.0, 60.0])
    >>> cases.ledger.to_numpy().tolist()
    [['spend_read', 2], ['no_repeat_purchase', 1], ['spend_modelled', 1]]
    """
    check_nonpositive(nonpositive)
    if isinstance(data, SpendCases):
        return data
    frame = getattr(data, "frame", data)
    _check_table(frame)
    x, m = (numbers_in(frame, name) for name in ("frequency", "monetary_value"))
    weight = numbers_in(frame, "weights") if "weights" in frame else np.ones(len(frame))
    unusable = _unusable(frame.index, x, m, weight, strict=nonpositive == "error")
    known = (x > 0) & ~np.any(list(unusable.values()), axis=0)
    lines = {"spend_read": np.ones_like(known), "no_repeat_purchase": x == 0, **unusable, "spend_modelled": known}
    counts = {rule: float(weight[hit].sum()) for rule, hit in lines.items()}
    rows = [(rule, int(count) if count.is_integer() else count) for rule, count in counts.items()
            if count or rule in ("spend_read", "spend_modelled")]  # fmt: skip
    ledger = pd.DataFrame(rows, columns=["rule", "customers"])
    x, m = np.where(known, x, 0.0), np.where(known, m, np.nan)
    return SpendCases(x, m, weight, frame.index, ledger, np.zeros(len(x), dtype=np.intp))


def check_nonpositive(choice: str) -> None:
    """Raise unless `choice` is one of the two ways to deal with mean amounts that are not above 0."""
    if choice not in NONPOSITIVE:
        raise InputError(f"nonpositive={choice!r} is not known", expected=" or ".join(map(repr, NONPOSITIVE)),
                         mend=nearest(str(choice), NONPOSITIVE))  # fmt: skip


def _check_table(frame: object) -> None:
    if not isinstance(frame, pd.DataFrame):
        raise InputError(f"a table of customers was expected, not {type(frame).__name__}",
                         expected="a summary (clv.summarize) or a DataFrame with frequency and monetary_value",
                         zh="需要客户汇总表")  # fmt: skip
    missing = [name for name in ("frequency", "monetary_value") if name not in frame]
    if missing:
        raise InputError(f"the columns {', '.join(missing)} are missing", where=f"columns {list(frame.columns)[:12]}",
                         expected="frequency, monetary_value",
                         mend="make the table with clv.summarize(orders) from orders that have amounts",
                         zh=f"缺少列{'、'.join(missing)}")  # fmt: skip
    if frame.empty:
        raise InputError("the table has no customers", expected="at least one row", zh="表中没有客户")
    if not frame.index.is_unique:
        twice = frame.index[frame.index.duplicated()].unique()
        raise InputError(f"{len(twice)} customer ids stand in more than one row", where=first_few(twice),
                         expected="one row per customer", mend="summarize all orders of a customer together",
                         zh=f"{len(twice)} 个客户编号重复出现")  # fmt: skip


def _unusable(
    index: pd.Index, x: np.ndarray, m: np.ndarray, weight: np.ndarray, *, strict: bool
) -> dict[str, np.ndarray]:
    """Return who bought again without a usable mean amount, by rule; raise for what can never be."""
    rules = {
        "frequency is empty or infinite": ~np.isfinite(x),
        "frequency is negative": x < 0,
        "frequency is not a whole number": np.isfinite(x) & (x != np.rint(x)),
        "monetary_value is infinite": np.isinf(m) & (x > 0),
        "weights is not a positive number": ~(np.isfinite(weight) & (weight > 0)),
    }
    unusable = {
        "spend_missing": (x > 0) & np.isnan(m),
        "spend_zero": (x > 0) & (m == 0),
        "spend_negative": (x > 0) & (m < 0) & np.isfinite(m),
    }
    texts = ("is empty", "is 0", "is negative")
    if strict:
        rules |= {f"monetary_value {text} but frequency is not 0": hit for text, hit in zip(texts, unusable.values())}
    broken = [f"{rule}: {int(hit.sum())} rows ({first_few(index[hit])})" for rule, hit in rules.items() if hit.any()]
    if broken:
        way_out = strict and any(hit.any() for hit in unusable.values())
        raise InputError(
            "these customers cannot enter a spend model: " + "; ".join(broken),
            expected="whole frequency >= 0, and monetary_value above 0 wherever frequency is above 0",
            mend="give amounts per purchase after refunds, or count such customers apart with"
                 " GammaGamma(nonpositive='set_aside')" if way_out else "mend these rows",
            zh="部分客户的 frequency 或 monetary_value 无法用于消费金额模型",
        )  # fmt: skip
    return unusable
