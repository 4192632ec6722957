"""Numbers as tables hold them: as numbers or written as text, with codes that stand for no answer."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from numbers import Real

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError


def as_numbers(column: pd.Series) -> tuple[pd.Series, np.ndarray]:
    """Return a column as floats, and which of its rows hold something else; blanks and empty texts hold nothing.

    Truth values, times and complex numbers are no answers.

    Examples
    --------
    >>> found, odd = as_numbers(pd.Series([7, "9", " ", None, "often"]))
    >>> found.tolist(), odd.tolist()
    ([7.0, 9.0, nan, nan, nan], [False, False, False, False, True])
    """
    kind = column.dtype
    real = pd.api.types.is_numeric_dtype(kind) and not pd.api.types.is_complex_dtype(kind)
    if real and not pd.api.types.is_bool_dtype(kind):
        return column.astype(float), np.zeros(len(column), bool)
    held = column.astype(object)
    given = (column.notna() & ~held.map(_is_empty).astype(bool)).to_numpy()
    found = pd.to_numeric(held.where(given & held.map(_may_be_number).astype(bool)), errors="coerce").astype(float)
    return found, given & found.isna().to_numpy()


def first_odd(column: pd.Series, odd: np.ndarray) -> tuple[str, int]:
    """Return the first odd value with its row, in words, and how many more there are."""
    place = int(np.argmax(odd))
    return f"{str(column.iloc[place])[:30]!r} in row {column.index[place]}", int(odd.sum()) - 1


def code_list(missing_codes: float | Sequence[float]) -> list[float]:
    """Return one code for no answer, or several, as a list.

    Examples
    --------
    >>> code_list(-99), code_list([-99, -98])
    ([-99.0], [-99.0, -98.0])
    """
    try:
        return [float(code) for code in np.atleast_1d(np.asarray(missing_codes, dtype=object))]
    except (TypeError, ValueError) as error:
        raise InputError(f"missing_codes={missing_codes!r} holds something other than numbers",
                         expected="one number or several, such as -99",
                         zh="missing_codes 须为数字") from error  # fmt: skip


def _is_empty(value: object) -> bool:
    return isinstance(value, str) and not value.strip()


def _may_be_number(value: object) -> bool:
    return isinstance(value, (str, Real, Decimal)) and not isinstance(value, (bool, np.bool_))
