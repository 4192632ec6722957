"""Values of any type as trimmed texts, missing where nothing stands."""

from __future__ import annotations

import numpy as np
import pandas as pd

BLANK = ("", "nan", "NaN", "None", "NULL", "null", "<NA>", "NaT")


def plain(values: pd.Series) -> pd.Series:
    """Return a column as texts without spaces around them; a whole float is written as a whole number.

    Examples
    --------
    >>> plain(pd.Series([12346.0, None])).tolist()
    ['12346', nan]
    >>> plain(pd.Series([" a ", "NULL"])).tolist()
    ['a', nan]
    """
    if pd.api.types.is_float_dtype(values.dtype):
        finite = values.where(np.isfinite(values.to_numpy(float, na_value=np.nan)))
        values = finite.astype("Int64") if (finite.dropna() % 1 == 0).all() else values
    elif values.dtype == object:
        values = values.map(lambda one: int(one) if isinstance(one, float) and one.is_integer() else one)
    texts = values.astype("str").str.strip()
    return texts.mask(texts.isin(BLANK) | values.isna())
