"""A sample: customers with what was known of them and whether they churned, ready for a model."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from crm_analysis.churn.windows.windows import Windows
from crm_analysis.errors import InputError

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
        What the audit for leaks found.

    Raises
    ------
    InputError
        If rows of `X` and `y` do not meet, labels are not 0 and 1, or only one class occurs.

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
        if problems:
            raise InputError("; ".join(problems), where="the sample",
                             expected="one row of X and one label (1 churned, 0 stayed) per customer, both classes",
                             mend="check how labels and features were joined, and the lengths of the windows",
                             zh="样本的特征与标签不匹配，或只有一类标签")  # fmt: skip

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
        return [str(name) for name in self.X if pd.api.types.is_numeric_dtype(self.X[name].dtype)]

    @property
    def categorical(self) -> list[str]:
        """The other columns: texts, categories."""
        return [str(name) for name in self.X if not pd.api.types.is_numeric_dtype(self.X[name].dtype)]

    def take(self, rows: np.ndarray) -> Sample:
        """Return the rows at the positions, or the mask, `rows`."""
        return Sample(self.X.iloc[rows] if rows.dtype != bool else self.X[rows],
                      self.y.iloc[rows] if rows.dtype != bool else self.y[rows],
                      self.windows, self.account, self.kind, self.audit)  # fmt: skip


def _problems(X: pd.DataFrame, y: pd.Series) -> list[str]:
    found = []
    if len(X) != len(y) or not X.index.equals(y.index):
        together = len(X.index.intersection(y.index))
        found.append(f"the features and labels do not meet ({len(X):,} and {len(y):,} rows, {together:,} ids in both)")
    if not X.index.is_unique:
        found.append("a customer stands in two rows of one cutoff")
    if not X.columns.is_unique:
        found.append("a feature has its name twice")
    if X.index.hasnans or y.isna().any():
        found.append("an id or a label is blank")
    elif not y.isin([0, 1]).all():
        found.append(f"labels other than 0 and 1: {sorted(map(str, set(y.unique()) - {0, 1}))[:3]}")
    elif len(y) and y.eq(y.iloc[0]).all():
        found.append(f"all {len(y):,} customers {'churned' if y.iloc[0] else 'stayed: no churner'}")
    numbers = X.select_dtypes("number")
    infinite = [str(name) for name in numbers if np.isinf(numbers[name].to_numpy("float64", na_value=np.nan)).any()]
    found += [f"infinite values in {', '.join(infinite)}"] if infinite else []
    return found + ([] if len(y) else ["the sample has no rows"])
