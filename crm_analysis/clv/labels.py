"""Names for reports: frequency, recency and total mean something else here than elsewhere."""

from __future__ import annotations

import pandas as pd

NAMES = {"frequency": "clv_frequency", "recency": "clv_recency", "total": "predicted_total"}


def labelled(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose columns `frequency`, `recency` and `total` bear names that reports explain rightly.

    In RFM, recency is the time since the last purchase; here it runs from the first purchase to the last. The total
    of a scorecard is a predicted one.

    Examples
    --------
    >>> labelled(pd.DataFrame({"frequency": [2], "T": [38.9]})).columns.tolist()
    ['clv_frequency', 'T']
    """
    return frame.rename(columns=NAMES)
