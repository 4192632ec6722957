"""Features that know too much: one column alone that tells who churned, or that is the label itself, or an id."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crm_analysis.churn.windows.auc import auc, auc_interval
from crm_analysis.churn.windows.sample import Sample

ALARM = 0.97  # no honest feature of churn has been seen near it: .74 on contracts, .71 on a shop's orders
FEW_LEVELS = 20  # a number with so few values may be a code, and is read as a category too
FEW_ROWS = 10  # of the smaller class: fewer prove nothing
FOLDS = 5
UNIQUE = 0.95  # part of the values of a text that differ, above which it names rows


def feature_aucs(sample: Sample, *, level: float = 0.95) -> pd.DataFrame:
    r"""How well each feature alone tells the churned from the others.

    .. math:: \max(AUC,\ 1 - AUC)

    A blank counts as lower than every number, or as higher, whichever tells more. A category (and a number of few
    values) is ranked by its churn rate; the rate of a row comes from other rows (five parts by customer, shrunk
    towards the mean), so that a category with a level per customer shows .5 and not 1.

    Parameters
    ----------
    sample : Sample
    level : float in (0, 1)

    Returns
    -------
    pandas.DataFrame, index feature
        The most telling first: feature_auc with limits (rows of one customer as one), filled_share (of the
        rows), different_values, read_as (``as_number`` or ``as_category``). ``attrs`` holds ``level``.

    Examples
    --------
    >>> X = pd.DataFrame({"tenure": [1, 2, 9, 5], "id": list("abcd")}, index=list("abcd"))
    >>> table = feature_aucs(Sample(X, pd.Series([1, 1, 0, 0], index=X.index)))
    >>> table["feature_auc"].to_dict()
    {'tenure': 1.0, 'id': 0.5}
    """
    y, customers = sample.y.to_numpy(), sample.customers
    parts = _parts(customers)
    rows = {str(name): _best(sample.X[name], y, customers, parts, level) for name in sample.X}
    table = pd.DataFrame(list(rows.values()), index=pd.Index(list(rows), name="feature", dtype="object"))
    table = table.sort_values("feature_auc", ascending=False, kind="stable") if len(table) else table
    table.attrs["level"] = level
    return table


def _best(values: pd.Series, y: np.ndarray, customers: pd.Index, parts: np.ndarray, level: float) -> dict[str, object]:
    levels, numeric = int(values.nunique()), pd.api.types.is_numeric_dtype(values.dtype)
    scores = {"as_number": _numeric_score(values, y)} if numeric else {}
    if not numeric or levels <= FEW_LEVELS:
        scores["as_category"] = _rates(values, y, parts)
    found = {name: auc(score, y) for name, score in scores.items()}
    read_as = max(found, key=lambda name: found[name])
    limits = auc_interval(scores[read_as], y, clusters=customers, level=level)
    return {
        "feature_auc": limits.value, "feature_auc_low": limits.low, "feature_auc_high": limits.high,
        "filled_share": float(values.notna().mean()), "different_values": levels, "read_as": read_as,
    }  # fmt: skip


def _numeric_score(values: pd.Series, y: np.ndarray) -> np.ndarray:
    """The numbers, turned so that more means churned, blanks on the side on which they tell more."""
    x = values.to_numpy("float64", na_value=np.nan)
    sides = [np.where(np.isnan(x), edge, x) for edge in ((-np.inf, np.inf) if np.isnan(x).any() else (0,))]
    tries = [sign * _ranks(side) for side in sides for sign in (1, -1)]
    return max(tries, key=lambda score: auc(score, y))


def _ranks(x: np.ndarray) -> np.ndarray:
    return np.unique(x, return_inverse=True)[1].astype("float64")


def _parts(customers: pd.Index) -> np.ndarray:
    """Part of each row; all rows of a customer are in one."""
    codes, names = pd.factorize(customers)
    return np.random.default_rng(0).permutation(len(names))[codes] % FOLDS


def _rates(values: pd.Series, y: np.ndarray, parts: np.ndarray) -> np.ndarray:
    """Churn rate of the row's level in the other parts, shrunk by one row of their mean, above or below that mean."""
    codes = pd.factorize(values.astype("object"), use_na_sentinel=False)[0]
    cell = codes * FOLDS + parts
    size = (codes.max() + 1) * FOLDS
    own = [np.bincount(cell, weight, size).reshape(-1, FOLDS) for weight in (np.ones(len(y)), y)]
    rows, churned = (of.sum(axis=1)[codes] - of[codes, parts] for of in own)
    all_rows, all_churned = (of.sum() - of.sum(axis=0)[parts] for of in own)
    mean = all_churned / np.maximum(all_rows, 1)
    return ((churned + mean) / (rows + 1) - mean).round(12)


def tautologies(sample: Sample) -> pd.DataFrame:
    """Numeric features of which a threshold is the label itself: churned if and only if above it, or below it.

    Parameters
    ----------
    sample : Sample

    Returns
    -------
    pandas.DataFrame, index feature
        side (``above`` or ``below``: where the churned are), threshold (the last value of the others).

    Examples
    --------
    >>> X = pd.DataFrame({"days_since_last": [120, 95, 90, 5], "orders": [1, 4, 2, 3]}, index=list("abcd"))
    >>> tautologies(Sample(X, pd.Series([1, 1, 0, 0], index=X.index))).reset_index().values.tolist()
    [['days_since_last', 'above', 90.0]]
    """
    churned, found = sample.y.to_numpy() == 1, {}
    for name in sample.numeric:
        x = sample.X[name].to_numpy("float64", na_value=np.nan)
        if np.isnan(x).any():
            continue
        gone, there = x[churned], x[~churned]
        if gone.min() > there.max():
            found[name] = ("above", float(there.max()))
        elif gone.max() < there.min():
            found[name] = ("below", float(there.min()))
    return pd.DataFrame(list(found.values()), columns=["side", "threshold"],
                        index=pd.Index(list(found), name="feature", dtype="object"))  # fmt: skip


def id_like(sample: Sample) -> dict[str, bool]:
    """Features that name rows: the customer's own id (True), or a text of which nearly each value differs (False).

    Examples
    --------
    >>> X = pd.DataFrame({"account": list("abcd"), "plan": list("xxyy")}, index=list("abcd"))
    >>> id_like(Sample(X, pd.Series([1, 1, 0, 0], index=X.index)))
    {'account': True}
    """
    ids, texts, found = sample.customers.astype("str").to_numpy(), set(sample.categorical), {}
    for name in sample.X:
        values = sample.X[name]
        if str(values.iloc[0]) == ids[0] and (values.astype("str").to_numpy() == ids).all():
            found[str(name)] = True
        elif str(name) in texts and values.nunique() > max(FEW_LEVELS, UNIQUE * values.notna().sum()):
            found[str(name)] = False
    return found
