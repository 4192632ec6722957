"""Customers as distinct cases: equal (frequency, recency, T) are counted once, with a weight."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError

COLUMNS = ("frequency", "recency", "T")
MOST_SHOWN = 5
NUMBERS = ("integer", "floating", "mixed-integer-float", "decimal", "boolean", "empty")
ABOVE, IDLE = "recency is above T", "frequency is 0 but recency is not"
TWISTED = {ABOVE, IDLE}  # signs of a recency counted from today
FORWARD = "recency runs from the first purchase to the last, not from the last to today"
POSSIBLE = "whole frequency >= 0, 0 <= recency <= T, recency 0 exactly when frequency is 0, weights above 0"


@dataclass(frozen=True)
class Cases:
    """Distinct cases of customers, and which customer has which.

    Parameters
    ----------
    x, tx, T : numpy.ndarray of shape (cases,)
        Repeat purchases; time of the last one and length of observation, both since the first purchase.
    weight : numpy.ndarray of shape (cases,)
        How many customers the case stands for.
    row : numpy.ndarray of int, shape (customers,)
        The case of each customer.
    index : pandas.Index
        The caller's index.
    unit : str
        Unit of time (``week``), or empty if the data do not say.
    """

    x: np.ndarray
    tx: np.ndarray
    T: np.ndarray
    weight: np.ndarray
    row: np.ndarray
    index: pd.Index
    unit: str = ""

    def __len__(self) -> int:
        return len(self.x)

    @property
    def customers(self) -> float:
        """Number of customers, weights included."""
        return float(self.weight.sum())

    @cached_property
    def purchases(self) -> tuple[np.ndarray, np.ndarray]:
        """Distinct numbers of repeat purchases, and which of them each case has: special functions cost time."""
        levels, which = np.unique(self.x, return_inverse=True)
        return levels, which

    def spread(self, values: np.ndarray, name: str) -> pd.Series:
        """Return values per case as a Series per customer, with the caller's index."""
        return pd.Series(np.asarray(values)[self.row], index=self.index, name=name)


NOBODY = Cases(*(np.zeros(1) for _ in COLUMNS), np.ones(1), np.zeros(1, int), pd.RangeIndex(1))
"""The new customer: nothing observed yet."""


def as_cases(data: object) -> Cases:
    """Check customers and count equal ones once.

    Parameters
    ----------
    data : pandas.DataFrame or Summary or Cases
        Columns ``frequency``, ``recency``, ``T`` (for discrete models T is the number of occasions),
        optionally ``weights``: how many customers a row stands for.

    Returns
    -------
    Cases

    Raises
    ------
    InputError
        If a column is missing or a row is impossible; the message lists rule and rows.

    Examples
    --------
    >>> frame = pd.DataFrame({"frequency": [0, 2, 0], "recency": [0.0, 30.4, 0.0], "T": [38.9, 38.9, 38.9]})
    >>> cases = as_cases(frame)
    >>> len(cases), cases.weight.tolist(), cases.row.tolist()
    (2, [2.0, 1.0], [0, 1, 0])
    """
    if isinstance(data, Cases):
        return data
    frame = getattr(data, "frame", data)
    if not isinstance(frame, pd.DataFrame):
        raise InputError(f"a table of customers was expected, not {type(data).__name__}",
                         expected="a summary (clv.summarize) or a DataFrame with frequency, recency and T")  # fmt: skip
    values = _checked(frame)
    weight = values.pop("weights", None)
    row, first = _distinct(list(values.values()))
    counts = np.bincount(row, weights=weight, minlength=len(first)).astype(float)
    unit = getattr(data, "unit", None) or frame.attrs.get("unit", "")
    return Cases(*(column[first] for column in values.values()), counts, row, frame.index, unit)


def _distinct(columns: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Return the number of each row's case and the first row of each case, in order of the values."""
    code = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        part, known = pd.factorize(column, sort=True)
        code, _ = pd.factorize(code * len(known) + part, sort=True)
    _, first = np.unique(code, return_index=True) if len(code) < 10_000 else (None, _first(code))
    return code, first


def _first(code: np.ndarray) -> np.ndarray:
    first = np.empty(int(code.max()) + 1, dtype=np.int64)
    first[code[::-1]] = np.arange(len(code) - 1, -1, -1)
    return first


def _checked(frame: pd.DataFrame) -> dict[str, np.ndarray]:
    missing = [name for name in COLUMNS if name not in frame]
    if missing:
        raise InputError(f"the columns {', '.join(missing)} are missing", where=f"columns {list(frame.columns)[:12]}",
                         expected=", ".join(COLUMNS), mend="make the table with clv.summarize(orders)",
                         zh=f"缺少列{'、'.join(missing)}")  # fmt: skip
    if frame.empty:
        raise InputError("the table has no customers", expected="at least one row", zh="表中没有客户")
    if not frame.index.is_unique:
        twice = frame.index[frame.index.duplicated()].unique()
        raise InputError(f"{len(twice)} customer ids stand in more than one row", where=first_few(twice),
                         expected="one row per customer", mend="summarize all orders of a customer together",
                         zh=f"{len(twice)} 个客户编号重复出现")  # fmt: skip
    values = {name: numbers_in(frame, name) for name in (*COLUMNS, *(["weights"] if "weights" in frame else []))}
    broken = {rule: hit for rule, hit in _rules(**values).items() if hit.any()}
    if broken:
        found = [f"{rule}: {int(hit.sum())} rows ({first_few(frame.index[hit])})" for rule, hit in broken.items()]
        raise InputError("these customers cannot be: " + "; ".join(found), expected=POSSIBLE,
                         mend=FORWARD if TWISTED & {*broken} else "",
                         zh="部分客户的 frequency、recency、T 互相矛盾")  # fmt: skip
    T = values["T"]
    if (T == 0).any():
        late = f"{int((T == 0).sum())} customers have T = 0 ({first_few(frame.index[T == 0])})"
        warnings.warn(f"{late}: they bought first on the last day and are kept, but tell nothing", stacklevel=4)
    return values


def _rules(
    frequency: np.ndarray, recency: np.ndarray, T: np.ndarray, weights: np.ndarray | None = None
) -> dict[str, np.ndarray]:
    """Return which rows break which rule."""
    given = {"frequency": frequency, "recency": recency, "T": T}
    rules = {f"{name} is empty or infinite": ~np.isfinite(values) for name, values in given.items()}
    rules |= {
        "frequency is negative": frequency < 0,
        "frequency is not a whole number": np.isfinite(frequency) & (frequency != np.rint(frequency)),
        "recency is negative": recency < 0,
        ABOVE: recency > T,
        IDLE: (frequency == 0) & (recency > 0),
        "recency is 0 but frequency is not": (frequency > 0) & (recency == 0),
    }
    if weights is not None:
        rules["weights is not a positive number"] = ~(np.isfinite(weights) & (weights > 0))
    return rules


def numbers_in(frame: pd.DataFrame, name: str) -> np.ndarray:
    """Return a column as floating-point numbers, or raise `InputError` if it holds anything else."""
    column = frame[name]
    if column.ndim > 1:
        raise InputError(f"{column.shape[1]} columns have the name {name}", expected="one", zh=f"列 {name} 重复出现")
    kind = pd.api.types.infer_dtype(column, skipna=True)
    if kind not in NUMBERS:
        raise InputError(f"the column {name} holds something other than numbers", where=f"{name}: {kind}",
                         expected="numbers: purchases, or units of time",
                         mend=f"pd.to_numeric(frame[{name!r}])" if kind == "string" else "",
                         zh=f"列 {name} 含有非数值")  # fmt: skip
    return column.to_numpy(dtype=float, na_value=np.nan)


def first_few(labels: pd.Index) -> str:
    """Return the first labels as a text, and how many more there are."""
    shown = ", ".join(map(str, labels[:MOST_SHOWN]))
    return shown + (f", and {len(labels) - MOST_SHOWN} more" if len(labels) > MOST_SHOWN else "")
