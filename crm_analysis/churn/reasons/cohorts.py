"""Metric cohorts: the churn rate from the lowest to the highest tenth of a feature, or level by level."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from crm_analysis.churn.reasons.association import is_number
from crm_analysis.churn.reasons.wording import number_text
from crm_analysis.churn.windows.sample import Sample
from crm_analysis.errors import InputError, nearest
from crm_analysis.intervals import check_level, clustered_share, with_limits

NOT_KNOWN = "not_known"


class Parts(NamedTuple):
    """The cohort of each row (its position in `names`), and what is known of each cohort."""

    code: np.ndarray
    names: list[str]
    low: np.ndarray
    high: np.ndarray


def metric_cohorts(sample: Sample, column: str, *, bins: int = 10, few: int = 30, level: float = 0.95) -> pd.DataFrame:
    """Churn rate by cohort of one feature: tenths of a number, levels of a text, and those of whom it is not known.

    Equal values always stand together: a cut that falls inside a run of equal values puts the whole run below it, so
    that there may be fewer cohorts than `bins`, of unequal size.

    A metric cohort shows what goes with churn, and all that goes with the feature is in it: whoever bought much has
    mostly bought lately, too. `standardised.standardised_cohorts` takes one such companion out.

    Parameters
    ----------
    sample : Sample
    column : str
        A feature of the sample.
    bins : int >= 2
        Cohorts of a number of about equal size.
    few : int >= 0
        Below so many customers a cohort is marked.
    level : float in (0, 1)

    Returns
    -------
    pandas.DataFrame, index metric_cohort
        ``3–7`` (from the lowest to the highest value in it), rising; of a text the most frequent level first;
        ``not_known`` last. Columns: metric_low, metric_high, metric_mean (NaN for texts), customers, churned,
        churn_rate with Wilson's limits (rows of one customer counting as one), few_customers.

    Raises
    ------
    InputError
        If the sample has no such feature, or `bins` cannot be used.

    References
    ----------
    .. [1] Gold (2020). Fighting Churn with Data, chapter 5 (metric cohorts).
    .. [2] Wilson (1927). JASA 22, 209-212.

    Examples
    --------
    >>> X = pd.DataFrame({"orders": [1, 1, 1, 2, 3, None]})
    >>> table = metric_cohorts(Sample(X, pd.Series([1, 1, 0, 0, 0, 1])), "orders", bins=2)
    >>> table["churn_rate"].round(2).to_dict()
    {'1': 0.67, '2–3': 0.0, 'not_known': 1.0}
    """
    check_column(sample, column, bins)
    check_level(level)
    parts = cohort_parts(sample.X[column], bins)
    values = sample.X[column].to_numpy("float64", na_value=np.nan) if is_number(sample.X[column]) else None
    y, customers = sample.y.to_numpy(), sample.customers.to_numpy()
    rows = []
    for place in range(len(parts.names)):
        inside = parts.code == place
        mean = float(values[inside].mean()) if values is not None and parts.names[place] != NOT_KNOWN else np.nan
        rows.append(
            {"metric_low": parts.low[place], "metric_high": parts.high[place], "metric_mean": mean,
             "customers": int(inside.sum()), "churned": int(y[inside].sum())}
            | with_limits("churn_rate", clustered_share(y[inside], customers[inside], level=level))
            | {"few_customers": bool(inside.sum() < few)}
        )  # fmt: skip
    table = pd.DataFrame(rows, index=pd.Index(parts.names, name="metric_cohort"))
    table.attrs |= {"feature": column, "churn_rate": sample.churn_rate, "level": level}
    return table


def cohort_parts(values: pd.Series, bins: int) -> Parts:
    """Return the cohort of each value: quantiles with ties together, or levels; what is not known stands last.

    Examples
    --------
    >>> cohort_parts(pd.Series([5, 5, 5, 8, 9, None]), 3).names
    ['5', '8', '9', 'not_known']
    """
    return _quantiles(values.to_numpy("float64", na_value=np.nan), bins) if is_number(values) else _levels(values)


def check_column(sample: Sample, column: str, bins: int = 10) -> None:
    """Raise `InputError` unless the sample has the feature and `bins` is a number of cohorts."""
    if not isinstance(sample, Sample):
        raise InputError(f"metric cohorts need a sample, not a {type(sample).__name__}", where="sample",
                         mend="make one with make_sample, contract_sample or Sample(X, y)",
                         zh="需要 Sample 对象")  # fmt: skip
    if column not in sample.X.columns:
        raise InputError(f"the sample has no feature {column!r}", where="column",
                         expected=", ".join(map(str, sample.X)), mend=nearest(column, map(str, sample.X)),
                         zh=f"样本中没有特征 {column!r}")  # fmt: skip
    if not isinstance(bins, (int, np.integer)) or isinstance(bins, bool) or bins < 2:
        raise InputError(f"bins={bins!r} is no number of cohorts", expected="a whole number from 2",
                         zh=f"分组数无效：{bins!r}")  # fmt: skip


def _quantiles(x: np.ndarray, bins: int) -> Parts:
    known = np.isfinite(x)
    code = np.full(len(x), 0)
    names, low, high = [], [], []
    if known.any():
        cuts = np.unique(np.quantile(x[known], np.arange(1, bins + 1) / bins, method="inverted_cdf"))
        code[known] = np.searchsorted(cuts, x[known], side="left")
        inside = pd.Series(x[known]).groupby(code[known])
        low, high = list(inside.min()), list(inside.max())
        names = [number_text(a, "") if a == b else f"{number_text(a, '')}–{number_text(b, '')}"
                 for a, b in zip(low, high)]  # fmt: skip
        names = _different(names, low, high)
    code[~known] = len(names)
    blank = [NOT_KNOWN] if not known.all() else []
    return Parts(code, names + blank, np.array(low + [np.nan] * len(blank)), np.array(high + [np.nan] * len(blank)))


def _different(names: list[str], low: list[float], high: list[float]) -> list[str]:
    """The names, with all digits where rounding has made two of them equal."""
    if len(set(names)) == len(names):
        return names
    return [f"{a:.10g}" if a == b else f"{a:.10g}–{b:.10g}" for a, b in zip(low, high)]


def _levels(values: pd.Series) -> Parts:
    texts = values.astype("object").map(str).where(values.notna())
    count = texts.value_counts().sort_index().sort_values(ascending=False, kind="stable")
    names = list(count.index)
    code = pd.Series(texts).map({name: place for place, name in enumerate(names)}).fillna(len(names)).astype("int64")
    blank = [NOT_KNOWN] if texts.isna().any() else []
    empty = np.full(len(names) + len(blank), np.nan)
    return Parts(code.to_numpy(), names + blank, empty, empty)
