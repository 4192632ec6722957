"""What an experiment is made of: one row per unit drawn by lot, its arm, and the metrics decided on beforehand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError, nearest

UNIT = "customer_id"
Metrics = Sequence[str] | Mapping[str, str | tuple[str, str]]


class Metric(NamedTuple):
    """A measure of each unit: a share (0 or 1), a mean, or a ratio of totals."""

    name: str
    kind: str  # kind_share, kind_mean, kind_ratio
    top: np.ndarray
    bottom: np.ndarray | None = None

    def values(self, rows: np.ndarray) -> tuple[np.ndarray, ...]:
        """Return numerator (and denominator) of the rows of one arm."""
        return (self.top[rows],) if self.bottom is None else (self.top[rows], self.bottom[rows])


def read_arms(customers: pd.DataFrame, *, arm: str, control: object) -> pd.Series:
    """Return the arm of each unit after checking that units are unique and the control is there; control first.

    Parameters
    ----------
    customers : pandas.DataFrame
        One row per unit; the unit is the column ``customer_id``, or the index where there is none.
    arm : str
        Column of the arms.
    control : object
        Name of the control arm; ``"0"`` finds an arm 0.

    Raises
    ------
    InputError
        If the frame is empty or lacks the column, an arm is blank, a unit stands twice, the control is missing, or arms
        differ only in spaces or capitals.

    Examples
    --------
    >>> read_arms(pd.DataFrame({"arm": ["mail", "holdout"]}), arm="arm", control="holdout").cat.categories.tolist()
    ['holdout', 'mail']
    """
    check_names(customers, [arm])
    if customers.empty:
        raise InputError("the experiment has no units", where="customers", zh="实验数据为空")
    unit = customers[UNIT] if UNIT in customers and arm != UNIT else customers.index.to_series()
    twice, blank = int(unit.duplicated().sum()), int(customers[arm].isna().sum())
    if twice:
        raise InputError(f"{twice:,} units stand in more than one row", where=unit.name or "index",
                         expected="one row per unit that was drawn by lot",
                         mend="take one campaign at a time, or sum each customer's rows first; a customer in two"
                              " arms must be set aside, and said so",
                         zh=f"有 {twice:,} 个单位重复出现")  # fmt: skip
    if blank:
        raise InputError(f"{blank:,} units have no arm", where=arm, expected="the arm each unit was drawn into",
                         mend="keep all units as drawn, treated or not", zh=f"有 {blank:,} 个单位没有分组")  # fmt: skip
    arms = list(pd.unique(customers[arm]))
    _check_spelling(arms, arm)
    control = same_arm(control, arms)
    if control not in arms or len(arms) < 2:
        names = [str(name) for name in arms]
        raise InputError(f"there is no control arm {control!r} beside another arm", where=f"{arm}: {', '.join(names)}",
                         expected="the control and at least one arm to compare with it",
                         mend=nearest(str(control), names) or f"control={_plain(arms[0])!r}",
                         zh=f"没有对照组 {control}，或除对照组外没有其他组")  # fmt: skip
    order = [control, *(name for name in arms if name != control)]
    return pd.Series(pd.Categorical(customers[arm].astype(object), categories=order), index=customers.index)


def same_arm(name: object, arms: Sequence[object]) -> object:
    """Return the arm that a name means: itself, or the one that is written alike (``"0"`` for 0).

    Examples
    --------
    >>> same_arm("0", [0, 1]), same_arm(1, ["0", "1"]), same_arm("mail", [0, 1])
    (0, '1', 'mail')
    """
    alike = [arm for arm in arms if str(_plain(arm)) == str(_plain(name))]
    return alike[0] if name not in arms and len(alike) == 1 else name


def _plain(arm: object) -> object:
    """Return an arm as it is typed: whole numbers without a point."""
    value = arm.item() if isinstance(arm, np.generic) else arm
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _check_spelling(arms: Sequence[object], column: str) -> None:
    """Raise if two arms are one but for spaces or capitals."""
    written: dict[str, list[object]] = {}
    for name in arms:
        written.setdefault(" ".join(str(_plain(name)).split()).casefold(), []).append(_plain(name))
    alike = [names for names in written.values() if len(names) > 1]
    if alike:
        listed = "; ".join(", ".join(repr(name) for name in names) for names in alike)
        raise InputError(f"arms differ only in spaces, capitals or type: {listed}", where=column,
                         expected="one spelling of each arm",
                         mend=f'customers["{column}"].astype(str).str.strip().str.lower()',
                         zh=f"有些组名只差空格、大小写或类型：{listed}")  # fmt: skip


def read_metrics(customers: pd.DataFrame, *, outcome: str, metrics: Metrics) -> list[Metric]:
    """Return the metrics, the primary one first.

    Parameters
    ----------
    customers : pandas.DataFrame
    outcome : str
        The primary metric: a column, or a name of `metrics`.
    metrics : sequence of columns, or mapping of name to column or (numerator, denominator)

    Raises
    ------
    InputError
        If a column is missing, holds blanks or no numbers, or a denominator is negative.

    Examples
    --------
    >>> frame = pd.DataFrame({"bought": [1, 0], "spend": [9.0, 0.0], "visits": [2, 1]})
    >>> found = read_metrics(frame, outcome="bought", metrics={"per_visit": ("spend", "visits")})
    >>> [(metric.name, metric.kind) for metric in found]
    [('bought', 'kind_share'), ('per_visit', 'kind_ratio')]
    """
    named = dict(metrics) if isinstance(metrics, Mapping) else {name: name for name in _listed(metrics)}
    chosen = {outcome: named.get(outcome, outcome)} | named
    pairs = {name: (column,) if isinstance(column, str) else tuple(column) for name, column in chosen.items()}
    odd = [name for name, columns in pairs.items() if len(columns) not in (1, 2)]
    if odd:
        raise InputError(f"not a metric: {', '.join(odd)}", expected="a column, or (numerator, denominator)",
                         zh="指标应为一列，或（分子，分母）两列")  # fmt: skip
    check_names(customers, [column for columns in pairs.values() for column in columns])
    return [_metric(customers, name, columns) for name, columns in pairs.items()]


def check_names(customers: pd.DataFrame, columns: Sequence[str]) -> None:
    """Raise `InputError` naming every column that is not there."""
    missing = [str(name) for name in dict.fromkeys(columns) if name not in customers]
    if missing:
        hint = nearest(missing[0], map(str, customers.columns))
        raise InputError(f"columns are missing: {', '.join(missing)}",
                         where=f"has: {', '.join(map(str, customers.columns))}", mend=hint or "add or rename them",
                         zh=f"缺少列：{'、'.join(missing)}")  # fmt: skip


def _listed(metrics: Sequence[str]) -> list[str]:
    return [metrics] if isinstance(metrics, str) else list(metrics)


def _metric(customers: pd.DataFrame, name: str, columns: tuple[str, ...]) -> Metric:
    values = [_numbers(customers[column], column) for column in columns]
    if len(values) == 2:
        if (values[1] < 0).any():
            raise InputError("a denominator is negative", where=columns[1], expected="counts from 0",
                             zh=f"分母 {columns[1]} 为负")  # fmt: skip
        return Metric(name, "kind_ratio", *values)
    return Metric(name, "kind_share" if np.isin(values[0], (0, 1)).all() else "kind_mean", values[0])


def _numbers(values: pd.Series, name: str) -> np.ndarray:
    if not pd.api.types.is_numeric_dtype(values.dtype):
        raise InputError(f"the metric {name!r} is no number", where=f"{name}: {values.dtype}",
                         expected="numbers, or true and false", mend="pd.to_numeric(...)",
                         zh=f"指标 {name} 不是数值")  # fmt: skip
    found = values.to_numpy("float64", na_value=np.nan)
    blank = int((~np.isfinite(found)).sum())
    if blank:
        raise InputError(f"{blank:,} units have no value of {name!r}", where=name,
                         expected="the outcome of every unit drawn, whether or not anything reached it",
                         mend=f'customers["{name}"].fillna(0) if blank means that nothing happened',
                         zh=f"有 {blank:,} 个单位没有指标 {name} 的取值")  # fmt: skip
    return found
