"""A sample: customers with what was known of them and whether they churned, ready for a model."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from crm_analysis.churn.windows.check import WARNED, heeded, listed
from crm_analysis.churn.windows.feature_types import feature_problems
from crm_analysis.churn.windows.windows import Windows
from crm_analysis.errors import InputError
from crm_analysis.words import Sentence, join

FORWARD, SNAPSHOT = "forward", "snapshot"


@dataclass(frozen=True)
class Sample:
    """Customers, their features and their labels.

    Parameters
    ----------
    X : pandas.DataFrame
        One row per customer, or per customer and cutoff (index customer_id, cutoff). Numbers, booleans and texts.
    y : pandas.Series of 0 and 1
        1 for churned, with the index of `X`.
    windows : tuple of Windows
        The windows behind the rows, by cutoff; empty for a snapshot.
    account : pandas.DataFrame
        One row per cutoff: who was eligible, who was left out and why.
    kind : {"forward", "snapshot"}
        ``forward``: features before the cutoff, labels after. ``snapshot``: both read on the same day, as in a list of
        accounts with a mark "churned"; nothing can be tested forward, and scores are optimistic.
    audit : pandas.DataFrame or None
        What the audit for leaks found (`Audit.table`): one row per check, with ``verdict`` and ``passed``. None where
        nobody looked.

    Raises
    ------
    InputError
        If rows of `X` and `y` do not meet, labels are not 0 and 1, only one class occurs, or a feature is neither
        number, truth value nor category: numbers written as text, times, infinite values.

    Examples
    --------
    >>> X = pd.DataFrame({"tenure": [1, 9, 3]}, index=["a", "b", "c"])
    >>> sample = Sample(X, pd.Series([1, 0, 0], index=X.index))
    >>> sample.churn_rate, sample.numeric, len(sample)
    (0.3333333333333333, ['tenure'], 3)
    """

    X: pd.DataFrame
    y: pd.Series
    windows: tuple[Windows, ...] = ()
    account: pd.DataFrame = field(default_factory=pd.DataFrame)
    kind: str = SNAPSHOT
    audit: pd.DataFrame | None = None

    def __post_init__(self) -> None:
        problems = _problems(self.X, self.y)
        if not problems:
            object.__setattr__(self, "y", self.y.astype("int64").rename("churned"))
        else:
            raise InputError("; ".join(what for what, _ in problems), where="the sample",
                             expected="one row of X and one label (1 churned, 0 stayed) per customer, both classes",
                             mend=problems[0][1],
                             zh=_in_chinese(self.y))  # fmt: skip

    def __len__(self) -> int:
        return len(self.y)

    @property
    def customers(self) -> pd.Index:
        """The customer of each row: rows of one customer belong together in every split."""
        return self.X.index.get_level_values(0)

    @property
    def churn_rate(self) -> float:
        """Share of churned rows."""
        return float(self.y.mean())

    @property
    def numeric(self) -> list[str]:
        """Columns of numbers and booleans."""
        return [str(name) for name, dtype in self.X.dtypes.items() if pd.api.types.is_numeric_dtype(dtype)]

    @property
    def categorical(self) -> list[str]:
        """The other columns: texts, categories."""
        return [str(name) for name, dtype in self.X.dtypes.items() if not pd.api.types.is_numeric_dtype(dtype)]

    @property
    def leaks(self) -> pd.DataFrame:
        """The rows of the audit that failed; empty where all passed, or where nobody looked."""
        if self.audit is None:
            return pd.DataFrame({"verdict": [], "passed": []})
        return self.audit[~self.audit["passed"].astype(bool)]

    @property
    def warnings(self) -> pd.DataFrame:
        """The rows of the audit that warned; empty where none did, or where nobody looked."""
        if self.audit is None or "verdict" not in self.audit:
            return pd.DataFrame({"verdict": [], "passed": []})
        return self.audit[self.audit["verdict"] == WARNED]

    def text(self, lang: str) -> str:
        """Return the sample in words: rows, churn rate, and what its audit found."""
        head = Sentence(f"样本 {len(self):,} 行，流失率 {self.churn_rate:.1%}。",
                        f"{len(self):,} rows, {self.churn_rate:.1%} churned.")  # fmt: skip
        failed = listed(self.leaks, Sentence("泄漏审计未通过：", "Failed the audit for leaks: "))
        return join([head, *failed, *heeded(self.warnings)]).text(lang)

    def take(self, rows: np.ndarray) -> Sample:
        """Return the rows at the positions, or the mask, `rows`."""
        rows = np.asarray(rows)
        return Sample(self.X.iloc[rows] if rows.dtype != bool else self.X[rows],
                      self.y.iloc[rows] if rows.dtype != bool else self.y[rows],
                      self.windows, self.account, self.kind, self.audit)  # fmt: skip


JOIN = "check how labels and features were joined: one row of each per customer"


def _problems(X: pd.DataFrame, y: pd.Series) -> list[tuple[str, str]]:
    """What is wrong, each with the way to mend it."""
    if not isinstance(X, pd.DataFrame) or not isinstance(y, pd.Series):
        return [(f"X is a {type(X).__name__} and y a {type(y).__name__}", "give a DataFrame and a Series with ids")]
    if not len(y) and not len(X):
        return [("the sample has no rows", "take another cutoff, or another filter")]
    return [*_joined(X, y), *_labels(y), *(feature_problems(X) if X.columns.is_unique else [])]


def _in_chinese(y: pd.Series) -> str:
    """What is wrong in one line: a single class by its name, anything else in general."""
    if isinstance(y, pd.Series) and len(y) and y.isin([0, 1]).all() and y.eq(y.iloc[0]).all():
        return f"样本只有一类标签：{len(y):,} 位客户{'全部流失' if y.iloc[0] else '无一流失'}，无法建立模型"
    return "样本的特征与标签不匹配，或数值无法使用"


def _joined(X: pd.DataFrame, y: pd.Series) -> list[tuple[str, str]]:
    found = []
    if len(X) != len(y) or not X.index.equals(y.index):
        together = len(X.index.intersection(y.index))
        what = f"the features and labels do not meet ({len(X):,} and {len(y):,} rows, {together:,} ids in both)"
        same = len(X) == len(y) == together and X.index.is_unique and y.index.is_unique
        found.append(("X and y hold the same ids in another order", "y = y.reindex(X.index)") if same else (what, JOIN))
    if not X.index.is_unique:
        found.append(("a customer stands in two rows of one cutoff", JOIN))
    if any(X.index.get_level_values(level).hasnans for level in range(X.index.nlevels)):
        found.append(("an id is blank", JOIN))
    if not X.columns.is_unique:
        found.append(("a feature has its name twice", "rename or drop one of the columns"))
    return found


def _labels(y: pd.Series) -> list[tuple[str, str]]:
    if y.isna().any():
        return [(f"{int(y.isna().sum()):,} labels are blank", "leave customers without a label out, and say so")]
    if not y.isin([0, 1]).all():
        others = sorted({str(value) for value in y.unique() if value not in (0, 1)})[:3]
        return [(f"labels other than 0 and 1: {', '.join(others)}", "y.eq('Yes').astype(int), 1 for churned")]
    if y.eq(y.iloc[0]).all():
        what = "churned" if y.iloc[0] else "stayed: no churner"
        return [(f"all {len(y):,} customers {what}", "check the lengths of the windows and the last complete day")]
    return []
