"""What a feature may hold: numbers, truth values, categories; not times, and not numbers written as text."""

from __future__ import annotations

import numpy as np
import pandas as pd

FEW = 20  # so many levels may be codes, such as 1 to 12 for months
MOSTLY = 0.9  # part of the filled values that makes a text a column of numbers
NUMBERS = ("integer", "floating", "mixed-integer-float", "decimal", "complex")
TEXTS = ("string", "categorical", "boolean", "empty")


def feature_problems(X: pd.DataFrame) -> list[tuple[str, str]]:
    """Return what is wrong with columns of features, each with the way to mend it; nothing where all can be used.

    A text that is mostly numbers (a total of charges with blanks " ") would become a category of
    thousands of levels. Codes, such as post codes, are told apart by the dtype ``category``.

    Parameters
    ----------
    X : pandas.DataFrame

    Returns
    -------
    list of (what, how to mend it)

    Examples
    --------
    >>> X = pd.DataFrame({"total_charges": [str(29.85 * months) for months in range(1, 60)] + [" "]})
    >>> feature_problems(X)[0][0]
    "total_charges is text but holds numbers (59 of 60 rows; else: ' ')"
    """
    found = []
    infinite = []
    for name in X:
        values = X[name]
        if pd.api.types.is_numeric_dtype(values.dtype):
            infinite += [str(name)] if np.isinf(values.to_numpy("float64", na_value=np.nan)).any() else []
        else:
            problem = _other(values, str(name))
            found += [problem] if problem else []
    if infinite:
        found.append((f"infinite values in {', '.join(infinite)}", "blank them where a ratio has no base"))
    return found


def _other(values: pd.Series, name: str) -> tuple[str, str] | None:
    """What is wrong with a column that is not numeric."""
    dtype = values.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        return None
    if pd.api.types.is_datetime64_any_dtype(dtype) or pd.api.types.is_timedelta64_dtype(dtype):
        return f"{name} holds times", f'give days: (cutoff - X["{name}"]).dt.days'
    kind = pd.api.types.infer_dtype(values, skipna=True)
    if kind in NUMBERS:
        return f"{name} holds numbers as objects", f'X["{name}"] = X["{name}"].astype("float64")'
    if kind not in TEXTS:
        return f"{name} holds {kind} values", f'X["{name}"] = X["{name}"].astype("str"), or leave it out'
    return _numbers_as_text(values, name) if kind == "string" else None


def _numbers_as_text(values: pd.Series, name: str) -> tuple[str, str] | None:
    levels = values.dropna().unique()
    if len(levels) <= FEW:
        return None
    text = values.dropna().astype("str").str.strip()
    number = pd.to_numeric(text, errors="coerce").notna()
    filled = text.ne("")
    if number.sum() < MOSTLY * filled.sum():
        return None
    others = sorted({repr(value) for value in values.dropna()[~number].unique()})[:3]
    rest = f"; else: {', '.join(others)}" if others else ""
    what = f"{name} is text but holds numbers ({int(number.sum()):,} of {len(values):,} rows{rest})"
    return what, f'X["{name}"] = pd.to_numeric(X["{name}"].str.strip()), or astype("category") if they are codes'
