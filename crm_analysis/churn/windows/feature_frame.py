"""Calling a function of features and checking what it gives back."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping

import pandas as pd

from crm_analysis.churn.windows.windows import Windows
from crm_analysis.errors import InputError

Features = Callable[..., pd.DataFrame]


def default_features() -> Features:
    """Return the features of the house: `churn.features.customer_features`."""
    from crm_analysis.churn.features.customer_features import customer_features

    return customer_features


def feature_frame(
    features: Features, tables: Mapping[str, pd.DataFrame], windows: Windows, customers: pd.Index
) -> pd.DataFrame:
    """Call ``features(tables, windows)`` and return its rows of the `customers`, in their order.

    The function sees the tables whole: whether it keeps to the days that may be known is what the audit finds out.
    It may not change the caller's tables. One that has an argument ``customers`` is given them.

    Parameters
    ----------
    features : callable
        Returns a frame with the index customer_id; further customers do no harm.
    tables : mapping of str to pandas.DataFrame
    windows : Windows
    customers : pandas.Index

    Returns
    -------
    pandas.DataFrame, index customer_id

    Raises
    ------
    InputError
        If what comes back is no frame, has no columns, names a customer twice, or lacks some.

    Examples
    --------
    >>> at = pd.to_datetime(["2012-05-30", "2012-05-02"]).tz_localize("UTC")
    >>> orders = pd.DataFrame({"customer_id": ["a", "b"], "ordered_at": at})
    >>> spans = Windows("2012-05-31", data_end="2012-12-31")
    >>> count = lambda tables, windows: tables["orders"].groupby("customer_id").size().to_frame("orders")
    >>> feature_frame(count, {"orders": orders}, spans, pd.Index(["b"])).index.tolist()
    ['b']
    """
    copies = {name: frame.copy(deep=False) for name, frame in tables.items()}
    wants = "customers" in _parameters(features)
    found = features(copies, windows, customers=customers) if wants else features(copies, windows)
    problem, mend = _problem(found, customers)
    if problem:
        raise InputError(f"the function of features cannot be used: {problem}",
                         where=getattr(features, "__name__", type(features).__name__),
                         expected="one row per customer, index customer_id, a column per feature", mend=mend,
                         zh="特征函数的返回值无法使用")  # fmt: skip
    return found.loc[customers].rename_axis("customer_id")


def _parameters(features: Features) -> list[str]:
    try:
        return list(inspect.signature(features).parameters)
    except (TypeError, ValueError):
        return []


def _problem(found: object, customers: pd.Index) -> tuple[str, str]:
    """What is wrong with a frame of features, and how to mend it."""
    if not isinstance(found, pd.DataFrame):
        return f"it returns a {type(found).__name__}", "return a DataFrame; for a Series: series.to_frame('name')"
    if "customer_id" in found:
        return "customer_id is a column, not the index", "return frame.set_index('customer_id')"
    if not len(found.columns):
        return "it returns no column", "add a feature"
    if not found.index.is_unique or found.index.nlevels > 1:
        return "a customer stands in several rows", "group by customer_id before returning"
    lacking = customers.difference(found.index)
    if len(lacking):
        named = ", ".join(map(str, lacking[:3]))
        what = f"{len(lacking):,} of {len(customers):,} customers to be foretold have no row (such as {named})"
        return what, "reindex to the customers of the observation; if none has a row, ids may be of another type"
    return "", ""
