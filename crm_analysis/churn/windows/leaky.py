"""A leak, for teaching: what happens if a feature looks past the cutoff."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from crm_analysis.churn.windows.windows import Windows
from crm_analysis.tables.needs import check_table


def leaky_recency(tables: Mapping[str, pd.DataFrame], windows: Windows) -> pd.DataFrame:
    """Days since the last purchase, counted back from the end of the data and not from the cutoff: **a leak**.

    Everybody who buys in the outcome has a small number, so that the feature knows the label. It is here to be caught
    by `audit`; the right one is ``days_since_last`` of `customer_features`.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        With ``orders``.
    windows : Windows
        Not looked at: that is the mistake.

    Returns
    -------
    pandas.DataFrame, index customer_id
        days_since_last.

    Raises
    ------
    InputError
        If there are no orders.

    Examples
    --------
    >>> at = pd.to_datetime(["2012-05-30", "2012-06-02"]).tz_localize("UTC")
    >>> orders = pd.DataFrame({"customer_id": ["a", "b"], "ordered_at": at})
    >>> leaky_recency({"orders": orders}, Windows("2012-05-31", data_end="2012-12-31"))["days_since_last"].to_dict()
    {'a': 3, 'b': 0}
    """
    check_table(tables.get("orders", pd.DataFrame()), "orders", "customer_id", "ordered_at")
    last = tables["orders"].groupby("customer_id")["ordered_at"].max()
    return (last.max() - last).dt.days.to_frame("days_since_last")
