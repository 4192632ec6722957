"""Predicted probabilities and what happened: checked, as arrays, with the customer of each row."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from crm_analysis.errors import InputError

SMALLEST = 1e-15  # a p of 0 or 1 is never taken for less
SHOWN = 3  # labels named in a message


class Pairs(NamedTuple):
    """Probabilities, labels and, where customers have several rows, a number for the customer of each row."""

    p: np.ndarray
    y: np.ndarray
    customer: np.ndarray | None
    index: pd.Index

    @property
    def clusters(self) -> np.ndarray:
        """Number of the customer of each row; rows are their own customers where nobody repeats."""
        return np.arange(len(self.p)) if self.customer is None else self.customer


def check_pairs(p: ArrayLike, y: ArrayLike, *, customers: ArrayLike | None = None) -> Pairs:
    """Return probabilities and labels as arrays, or raise one `InputError` with all that is wrong.

    Parameters
    ----------
    p : array_like of shape (rows,)
        Predicted chance of churn, 0 to 1; numbers as text are read.
    y : array_like of shape (rows,)
        1 churned, 0 stayed; booleans, categories and text of these are read.
    customers : array_like of shape (rows,), optional
        Customer of each row. Without it, the level ``customer_id`` of the index of `p` or `y`, if that has several.

    Examples
    --------
    >>> check_pairs([0.2, 0.7], [False, True]).y.tolist()
    [0.0, 1.0]
    >>> check_pairs([20, 70], [0, 1])
    Traceback (most recent call last):
    crm_analysis.errors.InputError: 2 probabilities lie outside 0 to 1
      where: predicted probabilities and labels
      expected: one probability between 0 and 1 and one label (1 churned, 0 stayed) per row, in the same order
      how to mend: if per cent were meant, divide by 100
    """
    index = next((part.index for part in (p, y) if isinstance(part, pd.Series)), None)
    problems, mend = _shapes(p, y)
    if not problems:
        probability, wrong, mend = _probabilities(p)
        label, bad = _labels(y)
        problems = wrong + bad
    if problems:
        raise InputError("; ".join(problems), where="predicted probabilities and labels",
                         expected="one probability between 0 and 1 and one label (1 churned, 0 stayed) per row, "
                                  "in the same order",
                         mend=mend, zh="预测概率与标签无法配对，或取值不符")  # fmt: skip
    index = pd.RangeIndex(len(label)) if index is None else index
    return Pairs(probability, label, _customers(customers, index), index)


def inner(p: np.ndarray) -> tuple[np.ndarray, int]:
    """Move probabilities of exactly 0 or 1 just inside, where they have a logit; return how many there were.

    They are taken for 1 / (2 n) from the edge, or for the nearest other probability if that is nearer still:
    the order is kept.

    Examples
    --------
    >>> inner(np.array([0.0, 0.5, 0.9, 1.0]))[0].round(9).tolist()
    [0.1, 0.5, 0.9, 0.9]
    """
    edge = (p <= 0) | (p >= 1)
    if not edge.any():
        return p, 0
    rest = p[~edge]
    nearest = min(0.5 / len(p), rest.min(initial=0.5), 1 - rest.max(initial=0.5))
    least = max(nearest, SMALLEST)
    return np.where(p <= 0, least, np.where(p >= 1, 1 - least, p)), int(edge.sum())


def _shapes(p: ArrayLike, y: ArrayLike) -> tuple[list[str], str]:
    shapes = [np.shape(part) for part in (p, y)]
    if len(shapes[0]) != 1:
        mend = "take the chance of churn alone: model.predict_proba(X)[:, 1]"
        return [f"p has {len(shapes[0])} dimensions, not 1"], mend
    if shapes[0] != shapes[1]:
        return [f"{shapes[0][0]:,} probabilities for labels of shape {shapes[1]}"], "y.reindex(p.index)"
    if not shapes[0][0]:
        return ["there are no rows"], "check the filter that made the frame"
    if isinstance(p, pd.Series) and isinstance(y, pd.Series) and not p.index.equals(y.index):
        return ["p and y do not have the same index"], "y.reindex(p.index)"
    return [], ""


def _probabilities(p: ArrayLike) -> tuple[np.ndarray, list[str], str]:
    given = pd.Series(np.asarray(p, dtype=object))
    values = pd.to_numeric(given, errors="coerce").to_numpy("float64", na_value=np.nan)
    blank, text = int(given.isna().sum()), int((np.isnan(values) & given.notna().to_numpy()).sum())
    outside = int(((values < 0) | (values > 1)).sum())
    problems = [f"{text:,} probabilities are no numbers"] if text else []
    problems += [f"{blank:,} probabilities are blank"] if blank else []
    problems += [f"{outside:,} probabilities lie outside 0 to 1"] if outside else []
    hint = "if per cent were meant, divide by 100" if outside else ""
    return values, problems, hint or ("drop or predict the blank rows first" if blank else "")


def _labels(y: ArrayLike) -> tuple[np.ndarray, list[str]]:
    given = pd.Series(np.asarray(y, dtype=object))
    values = pd.to_numeric(given, errors="coerce").to_numpy("float64", na_value=np.nan)
    wrong = ~np.isin(values, [0, 1])
    if not wrong.any():
        return values, []
    named = sorted({str(value) for value in given[wrong]})[:SHOWN]
    return values, [f"{wrong.sum():,} labels are not 0 or 1: {', '.join(named)}"]


def _customers(customers: ArrayLike | None, index: pd.Index) -> np.ndarray | None:
    """Number the customers in the order of their ids; None where nobody has two rows."""
    if customers is None and isinstance(index, pd.MultiIndex) and "customer_id" in index.names:
        customers = index.get_level_values("customer_id")
    if customers is None:
        return None
    if len(customers) != len(index):
        raise InputError(f"{len(customers):,} customers for {len(index):,} rows", where="customers",
                         expected="the customer of each row", zh="客户编号与行数不一致")  # fmt: skip
    codes, ids = pd.factorize(pd.Index(customers), sort=True)
    if (codes < 0).any():
        raise InputError(f"{(codes < 0).sum():,} customers are blank", where="customers",
                         expected="the customer of each row", zh="客户编号为空")  # fmt: skip
    return codes if len(ids) < len(codes) else None
