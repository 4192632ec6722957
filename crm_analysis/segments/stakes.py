"""What customers brought lately: the size of what an action on them concerns."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from crm_analysis.segments.concentration import customer_values
from crm_analysis.segments.frames import between, zone_of
from crm_analysis.tables.days import Moment, wall


def at_stake(purchases: pd.DataFrame, *, customers: Iterable, as_of: Moment, days: int = 365) -> float:
    """Money (or, without money, purchases) that some customers brought in the last `days` days.

    It bounds what keeping or losing them can mean in such a time; it is not what an
    action on them would earn.

    Parameters
    ----------
    purchases : pandas.DataFrame
        customer_id, at, [amount].
    customers : iterable of ids
    as_of : str or Timestamp
        Last day counted.
    days : int

    Returns
    -------
    float

    Examples
    --------
    >>> log = pd.DataFrame({"customer_id": list("aab"), "amount": [5.0, 3.0, 2.0],
    ...     "at": pd.to_datetime(["2009-01-01", "2010-06-01", "2010-06-02"])})
    >>> at_stake(log, customers=["a"], as_of="2010-12-31")
    3.0
    """
    last = wall(as_of, zone_of(purchases))
    recent = between(purchases, last - pd.Timedelta(days=days - 1), last)
    chosen = recent[recent["customer_id"].isin(set(customers))]
    return float(customer_values(chosen).sum()) if len(chosen) else 0.0
