"""What every measure of uplift takes: scores, outcomes and treatments of the same customers, checked once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from crm_analysis.errors import InputError
from crm_analysis.intervals import UNKNOWN, Estimate, design_effect, newcombe

UNIT = "customer_id"


class Rows(NamedTuple):
    """Scores (high first to be treated), outcomes (1 is good), treatments (1 is treated), customers as numbers."""

    score: np.ndarray
    y: np.ndarray
    treated: np.ndarray
    customer: np.ndarray | None


def points(difference: Estimate) -> str:
    """Return a difference of shares in percentage points, with its limits.

    Examples
    --------
    >>> points(Estimate(0.0315, 0.0079, 0.0538))
    '+3.15 [+0.79, +5.38]'
    """
    return f"{Estimate(*(100 * part for part in difference)):+.2f}"


def read_rows(
    score: ArrayLike, y: ArrayLike, treated: ArrayLike, *, customer: ArrayLike | None = None, name: str = "score"
) -> Rows:
    """Check the columns of an uplift measure, all problems in one message.

    Parameters
    ----------
    score : array_like, shape (n,)
        Numbers without blanks.
    y, treated : array_like of 0 and 1, shape (n,)
        Series must have the index of `score`.
    customer : array_like, shape (n,), optional
        Customer of each row where a customer may stand in several. If not given and `score` has an index of several
        levels, one of them ``customer_id`` (as from `campaign_sample`), that level.
    name : str
        What the score is called in the message.

    Raises
    ------
    InputError
        If indexes or lengths differ, a score is blank, y or treated hold anything but 0 and 1, or an arm is empty.

    Examples
    --------
    >>> read_rows([0.2, 0.1], [True, False], [1, 0]).y.tolist()
    [1.0, 0.0]
    >>> several = pd.MultiIndex.from_tuples([("a", "june"), ("a", "july")], names=["customer_id", "campaign"])
    >>> read_rows(pd.Series(0.0, index=several), [1, 0], [1, 0]).customer.tolist()
    [0, 0]
    >>> read_rows([0.2, float("nan")], [1, 2], [1, 1])
    Traceback (most recent call last):
    crm_analysis.errors.InputError: score: 1 of 2 are blank; y holds 2; nobody is in the control group
      where: score, y, treated
      expected: a number, an outcome (1 good, 0 not) and a treatment (1 treated, 0 control) of each customer
      how to mend: take all three from one frame; y is the good outcome: for churn, 1 - churned
    """
    customer = customers_of(score, customer)
    parts = {name: score, "y": y, "treated": treated} | ({} if customer is None else {"customer": customer})
    problems = _meeting(parts)
    values = {key: _numbers(parts[key]) for key in (name, "y", "treated")}
    problems += [f"{key} holds no numbers" for key, found in values.items() if found is None]
    if not problems:
        problems += _ranges(values, name)
    if problems:
        raise InputError(
            "; ".join(problems), where=", ".join(parts),
            expected="a number, an outcome (1 good, 0 not) and a treatment (1 treated, 0 control) of each customer",
            mend="take all three from one frame; y is the good outcome: for churn, 1 - churned",
            zh="得分、结果或处理有误：结果与处理只能为 0 或 1，不能有空值，两组都不能为空",
        )  # fmt: skip
    codes = None if customer is None else pd.factorize(np.asarray(customer), use_na_sentinel=False)[0]
    return Rows(values[name], values["y"], values["treated"], codes)


def customers_of(score: ArrayLike, customer: ArrayLike | None) -> ArrayLike | None:
    """Return the customer of each row: as given, or the level ``customer_id`` of an index of several levels."""
    if customer is None and isinstance(score, pd.Series) and score.index.nlevels > 1 and UNIT in score.index.names:
        return score.index.get_level_values(UNIT).to_numpy()
    return customer


def difference(y: np.ndarray, treated: np.ndarray, customer: np.ndarray | None = None, *, level: float = 0.95
               ) -> Estimate:  # fmt: skip
    """Share of good outcomes among the treated less that of the control, with Newcombe's limits.

    Customers who stand in several rows lower the effective number of rows of each arm (`design_effect`);
    that the same customers stand in both arms is not used, so the interval is rather too wide than too narrow.

    Returns
    -------
    Estimate
        NaN where an arm is empty.

    Examples
    --------
    >>> y, treated = np.repeat([1, 0, 1, 0], [56, 14, 48, 32]), np.repeat([1, 0], [70, 80])
    >>> f"{difference(y, treated):.4f}"
    '0.2000 [0.0524, 0.3339]'
    """
    arms = [treated == 1, treated == 0]
    sizes = [int(arm.sum()) for arm in arms]
    if not all(sizes):
        return UNKNOWN
    if customer is None:
        return newcombe(float(y[arms[0]].sum()), sizes[0], float(y[arms[1]].sum()), sizes[1], level=level)
    counts = []
    for arm, n in zip(arms, sizes):
        n = _effective(y[arm], customer[arm], n)
        counts += [float(y[arm].mean()) * n, n]
    return newcombe(*counts, level=level)


def score_groups(score: np.ndarray, count: int) -> np.ndarray:
    """Return the group of each score, 1 for the highest; equal scores stand in one group, some may stay empty.

    Examples
    --------
    >>> score_groups(np.array([0.9, 0.5, 0.5, 0.1]), 2).tolist(), score_groups(np.ones(4), 2).tolist()
    ([1, 2, 2, 2], [2, 2, 2, 2])
    """
    if isinstance(count, bool) or not isinstance(count, (int, np.integer)) or not 1 <= count <= len(score):
        raise InputError(
            f"{count!r} groups cannot be made of {len(score):,} customers",
            expected=f"a whole number, 1 to {len(score):,}",
            zh="分组数应为正整数，且不超过客户数",
        )
    _, block, size = np.unique(-score, return_inverse=True, return_counts=True)
    middle = (np.cumsum(size) - size / 2) / len(score)
    return np.minimum(np.floor(middle * count), count - 1).astype(int)[block.ravel()] + 1


def _effective(y: np.ndarray, customer: np.ndarray, n: int) -> float:
    codes = np.unique(customer, return_inverse=True)[1].ravel()
    return n / design_effect(np.bincount(codes, y), np.bincount(codes))


def _meeting(parts: dict[str, ArrayLike]) -> list[str]:
    lengths = {key: len(np.asarray(values)) for key, values in parts.items()}
    if len(set(lengths.values())) > 1:
        return ["lengths differ: " + ", ".join(f"{key} {n:,}" for key, n in lengths.items())]
    series = [values for values in parts.values() if isinstance(values, pd.Series)]
    if any(not series[0].index.equals(other.index) for other in series[1:]):
        return ["the indexes differ"]
    return [] if next(iter(lengths.values())) else ["there are no rows"]


def _numbers(values: ArrayLike) -> np.ndarray | None:
    array = values if isinstance(values, pd.Series) else pd.Series(np.asarray(values))
    if not pd.api.types.is_numeric_dtype(array.dtype):
        return None
    return array.to_numpy("float64", na_value=np.nan)


def _ranges(values: dict[str, np.ndarray], name: str) -> list[str]:
    score = values[name]
    blank = int((~np.isfinite(score)).sum())
    found = [f"{name}: {blank:,} of {len(score):,} are blank"] if blank else []
    for key in ("y", "treated"):
        odd = values[key][~np.isin(values[key], (0, 1))]
        found += [f"{key} holds {'blanks' if np.isnan(odd).any() else f'{odd[0]:g}'}"] if len(odd) else []
    arms = (("treated group", 1), ("control group", 0))
    return found + [f"nobody is in the {arm}" for arm, code in arms if not (values["treated"] == code).any()]
