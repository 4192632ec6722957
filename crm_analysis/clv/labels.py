"""Names for reports: frequency and recency mean something else here than in RFM."""

from __future__ import annotations

import pandas as pd

NAMES = {"frequency": "clv_frequency", "recency": "clv_recency"}


def labelled(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose columns `frequency` and `recency` bear names that reports explain rightly.

    In RFM, recency is the time since the last purchase; here it runs from the first purchase to the last.

    Examples
    --------
    >>> labelled(pd.DataFrame({"frequency": [2], "T": [38.9]})).columns.tolist()
    ['clv_frequency', 'T']
    """
    return frame.rename(columns=NAMES)
