"""Chances of churn, labels and values as the measures of this folder take them: checked once, then plain arrays."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from crm_analysis.errors import InputError


class Cases(NamedTuple):
    """Checked customers.

    Parameters
    ----------
    score : numpy.ndarray
        Chance of churn, or another score that is higher for those more likely to churn.
    y : numpy.ndarray of 0.0 and 1.0
    clv : numpy.ndarray
    owner : numpy.ndarray of int
        Which customer a row belongs to: rows of one customer are drawn together.
    index : pandas.Index
    """

    score: np.ndarray
    y: np.ndarray
    clv: np.ndarray
    owner: np.ndarray
    index: pd.Index


def is_number(value: object) -> bool:
    """Tell whether a value is one finite number, not a truth value.

    Examples
    --------
    >>> is_number(3), is_number(True), is_number("3"), is_number(float("nan"))
    (True, False, False, False)
    """
    number = isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)
    return number and bool(np.isfinite(value))


def check_probabilities(p: ArrayLike) -> np.ndarray:
    """Return chances as an array; a blank or one outside 0 to 1 is an `InputError`."""
    values, problems = _numbers(p, "the chance of churn", between=True)
    _refuse(problems, ["流失概率应为 0 到 1 之间的数，且不能有空值"])
    return values


def check_values(clv: ArrayLike, *, like: ArrayLike | None = None) -> np.ndarray:
    """Return values of customers as an array, in the order of `like` where both are Series.

    Examples
    --------
    >>> check_values(pd.Series([1.0, 2.0], index=["a", "b"]), like=pd.Series([0.1, 0.2], index=["b", "a"])).tolist()
    [2.0, 1.0]
    """
    clv, problems = _in_order(clv, like, "clv")
    values, more = _numbers(clv, "clv")
    if like is not None and values.ndim and np.ndim(like) and len(values) != len(like):
        more.append(f"clv has {len(values):,} rows, the chance of churn {len(like):,}")
    _refuse(problems + more, ["客户价值应为有限的数，每位客户一个"])
    return values


def cases(score: ArrayLike, y: ArrayLike, *, clv: ArrayLike | float, chances: bool = True) -> Cases:
    """Return checked customers; all problems in one `InputError`.

    Parameters
    ----------
    score : array_like or pandas.Series
        With `chances`, chances of churn from 0 to 1; else any finite score.
    y : array_like or pandas.Series of 0 and 1
        1 churned. A Series is put in the order of `score`; both must hold the same ids.
    clv : float, array_like or pandas.Series
        A Series may hold further customers.

    Examples
    --------
    >>> cases([0.2, 0.7], [0, 1], clv=200).clv.tolist()
    [200.0, 200.0]
    >>> cases([0.2, 70], [0, 2], clv=200)
    Traceback (most recent call last):
    crm_analysis.errors.InputError: the chance of churn lies outside 0 to 1 in 1 of 2 rows; y holds others than 0 and 1
      where: customers whose profit is computed
      expected: one chance between 0 and 1, one label 0 or 1 (1 churned) and one value per customer
      how to mend: join by customer, set blank rows aside, divide per cent by 100
    """
    name = "the chance of churn" if chances else "the score"
    found, problems = _numbers(score, name, between=chances)
    label, more = _in_order(y, score, "y", same=True)
    labels, wrong = _numbers(label, "y")
    problems += more + wrong
    if not wrong and not np.isin(labels, (0, 1)).all():
        problems.append("y holds others than 0 and 1")
    value, more = _in_order(clv, score, "clv")
    values, wrong = _numbers(value, "clv")
    problems += more + wrong
    shapes = {"y": labels, "clv": values}
    problems += [f"{key} has {np.size(one):,} rows, {name} {np.size(found):,}" for key, one in shapes.items()
                 if not more and (one.ndim or key == "y") and one.shape != found.shape]  # fmt: skip
    problems += [] if found.ndim == 1 and found.size else ["there is no customer"]
    index = score.index if isinstance(score, pd.Series) else pd.RangeIndex(found.size)
    problems += ["a customer stands in two rows"] if not index.is_unique else []
    _refuse(problems, ["流失概率、流失标签与客户价值应逐客户对应：概率在 0 到 1 之间，标签为 0 或 1，不能有空值"])
    owner = pd.factorize(index.get_level_values(0))[0]
    return Cases(found, labels, np.broadcast_to(values, found.shape), owner, index)


def _in_order(
    values: ArrayLike, like: ArrayLike | None, name: str, *, same: bool = False
) -> tuple[ArrayLike, list[str]]:
    """Return values in the order of another Series and what is wrong; with `same` both hold the same ids."""
    if not (isinstance(values, pd.Series) and isinstance(like, pd.Series)) or values.index.equals(like.index):
        return values, []
    together = len(like.index.intersection(values.index))
    if together < len(like) or not values.index.is_unique or (same and len(values) != len(like)):
        return values, [f"{name} ({len(values):,} rows) and the chance of churn ({len(like):,}) do not meet: "
                        f"{together:,} ids in both"]  # fmt: skip
    return values.reindex(like.index), []


def _numbers(values: ArrayLike, name: str, *, between: bool = False) -> tuple[np.ndarray, list[str]]:
    """Return an array and what is wrong with it."""
    if np.ndim(values) > 1:
        return np.zeros(len(values)), [f"{name} has several columns"]
    series = pd.Series(values).infer_objects() if np.ndim(values) else pd.Series([values]).infer_objects()
    if not (pd.api.types.is_numeric_dtype(series.dtype) or len(series) == 0):
        return np.zeros(np.shape(values)), [f"{name} holds {series.dtype}, not numbers"]
    found = series.to_numpy("float64", na_value=np.nan)
    blank = int((~np.isfinite(found)).sum())
    problems = [f"{name} is blank or infinite in {blank:,} of {len(found):,} rows"] if blank else []
    outside = int(((found < 0) | (found > 1)).sum()) if between else 0
    problems += [f"{name} lies outside 0 to 1 in {outside:,} of {len(found):,} rows"] if outside else []
    return found if np.ndim(values) else found.reshape(()), problems


def _refuse(problems: list[str], zh: list[str]) -> None:
    if problems:
        raise InputError("; ".join(dict.fromkeys(problems)), where="customers whose profit is computed",
                         expected="one chance between 0 and 1, one label 0 or 1 (1 churned) and one value per customer",
                         mend="join by customer, set blank rows aside, divide per cent by 100", zh=zh[0])  # fmt: skip
