"""How closely two features go together, whatever they are: numbers, texts, and what is not known."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError


def associations(X: pd.DataFrame) -> pd.DataFrame:
    r"""Strength of the association of each pair of features, from 0 to 1.

    =================  ==========================================================================================
    numbers            Spearman's \|rho\| over customers of whom both are known
    texts              Cramér's V, corrected for its bias
    number and text    correlation ratio of the ranks, :math:`\epsilon = \sqrt{1-(1-\eta^2)(n-1)/(n-k)}`
    =================  ==========================================================================================

    Whether a number is known can tell as much as the number: the days since the last
    complaint are known of those who have complained. So the mark "not known" of a
    column is compared too, and the pair gets its strongest association. A blank text
    is a level of its own.

    Parameters
    ----------
    X : pandas.DataFrame, one row per customer
        Numbers, booleans, texts.

    Returns
    -------
    pandas.DataFrame
        Square, features in the order of `X`, 1 on the diagonal. A constant column goes with nothing: 0.

    Raises
    ------
    InputError
        If there are fewer than three rows, no column, or a name twice.

    References
    ----------
    .. [1] Bergsma (2013). A bias-correction for Cramér's V. Journal of the Korean Statistical Society 42, 323-328.
    .. [2] Kelley (1935). An unbiased correlation ratio measure. PNAS 21, 554-559.

    Examples
    --------
    >>> X = pd.DataFrame({"orders": [1, 2, 3, 4], "spend": [9, 20, 31, 400], "plan": list("aabb")})
    >>> associations(X).round(2).loc["orders"].tolist()
    [1.0, 1.0, 0.84]
    """
    check_features(X)
    sides = {name: _sides(X[name]) for name in X}
    names = list(X)
    found = np.eye(len(names))
    for i, first in enumerate(names):
        for j in range(i):
            found[i, j] = found[j, i] = max(_pair(a, b) for a in sides[first] for b in sides[names[j]])
    return pd.DataFrame(found, index=pd.Index(names, name="feature"), columns=names)


def check_features(X: pd.DataFrame) -> None:
    """Raise `InputError` unless `X` is a frame of features with rows and different names."""
    if not isinstance(X, pd.DataFrame) or not len(X.columns) or len(X) < 3:
        shape = f"{X.shape[0]} rows, {X.shape[1]} columns" if isinstance(X, pd.DataFrame) else type(X).__name__
        raise InputError(f"there are no features to compare ({shape})", where="X",
                         expected="a DataFrame with one row per customer, three rows or more",
                         zh="没有可以比较的特征")  # fmt: skip
    if not X.columns.is_unique:
        twice = ", ".join(map(str, X.columns[X.columns.duplicated()].unique()))
        raise InputError(f"features stand twice: {twice}", where="X", mend="rename or drop one of them",
                         zh=f"特征重名：{twice}")  # fmt: skip


def is_number(values: pd.Series) -> bool:
    """Tell whether a column holds numbers or booleans."""
    return pd.api.types.is_numeric_dtype(values.dtype)


def _sides(values: pd.Series) -> list[np.ndarray]:
    """The column as floats (NaN: not known) or as codes of levels, and beside numbers the mark "not known"."""
    if not is_number(values):
        return [pd.factorize(values, use_na_sentinel=False)[0]]
    numbers = values.to_numpy("float64", na_value=np.nan)
    missing = np.isnan(numbers)
    return [numbers, missing.astype("float64")] if missing.any() else [numbers]


def _pair(a: np.ndarray, b: np.ndarray) -> float:
    if a.dtype.kind == "f" and b.dtype.kind == "f":
        return _spearman(a, b)
    if a.dtype.kind == "f":
        return _correlation_ratio(a, b)
    return _correlation_ratio(b, a) if b.dtype.kind == "f" else _cramer(a, b)


def _ranks(values: np.ndarray) -> np.ndarray:
    return pd.Series(values).rank().to_numpy()


def _spearman(a: np.ndarray, b: np.ndarray) -> float:
    both = ~(np.isnan(a) | np.isnan(b))
    if both.sum() < 3 or np.ptp(a[both]) == 0 or np.ptp(b[both]) == 0:
        return 0.0
    return min(1.0, abs(float(np.corrcoef(_ranks(a[both]), _ranks(b[both]))[0, 1])))


def _correlation_ratio(numbers: np.ndarray, codes: np.ndarray) -> float:
    known = ~np.isnan(numbers)
    ranks, codes = _ranks(numbers[known]), pd.factorize(codes[known])[0]
    n, k = len(ranks), codes.max() + 1 if known.any() else 0
    if k < 2 or n <= k or np.ptp(ranks) == 0:
        return 0.0
    inside = ranks - (np.bincount(codes, ranks) / np.bincount(codes))[codes]
    unexplained = (inside**2).sum() / ((ranks - ranks.mean()) ** 2).sum()
    return float(np.sqrt(max(0.0, 1 - unexplained * (n - 1) / (n - k))))


def _cramer(a: np.ndarray, b: np.ndarray) -> float:
    n, rows, columns = len(a), a.max() + 1, b.max() + 1
    if min(rows, columns) < 2 or max(rows, columns) >= n:
        return 0.0
    counts = np.bincount(a * columns + b, minlength=rows * columns).reshape(rows, columns)
    phi = (counts**2 / np.outer(counts.sum(1), counts.sum(0))).sum() - 1
    phi = max(0.0, phi - (rows - 1) * (columns - 1) / (n - 1))
    smaller = min(k - (k - 1) ** 2 / (n - 1) for k in (rows, columns)) - 1
    return float(min(1.0, np.sqrt(phi / smaller)))
