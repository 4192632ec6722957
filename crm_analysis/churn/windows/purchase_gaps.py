"""Gaps between purchases: as seen, and with the waits that the end of the data cuts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from numbers import Real

import numpy as np
import pandas as pd

from crm_analysis.churn.windows.labels import qualifying
from crm_analysis.churn.windows.windows import Windows
from crm_analysis.errors import InputError
from crm_analysis.intervals import with_limits
from crm_analysis.segments.timing import gaps
from crm_analysis.survival import km_quantile
from crm_analysis.tables.days import day_number, local_days

QUANTILES = (0.5, 0.8, 0.9)


def purchase_gaps(
    tables: Mapping[str, pd.DataFrame],
    windows: Windows,
    *,
    quantiles: float | Iterable[float] = QUANTILES,
    level: float = 0.95,
) -> pd.DataFrame:
    """Days between neighbouring purchase days of a customer, as seen, and with the waits that the data cut.

    The gaps seen are too short: of a customer who buys once a year, a year of data shows none. With the waits
    still open at the end of the data (Kaplan-Meier, from each purchase day to the next) customers who never come
    back count too, so these quantiles are longer, or are not reached at all. Frequent buyers bring more gaps than
    others in both, and the limits take gaps of one customer as independent.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        With ``orders``, or ``events`` with buys.
    windows : Windows
        Days up to ``data_end`` are used, from ``data_start``.
    quantiles : float or iterable of float in (0, 1)
    level : float in (0, 1)

    Returns
    -------
    pandas.DataFrame, index quantile
        gap_days (of the gaps seen), wait_days with limits (NaN where the curve does not reach it), gaps_seen,
        waits_open.

    Raises
    ------
    InputError
        If a quantile is none, or no purchase lies within the data.

    Examples
    --------
    >>> at = pd.to_datetime(["2010-01-01", "2010-01-08", "2010-01-29", "2010-01-08"]).tz_localize("UTC")
    >>> orders = pd.DataFrame({"order_id": range(4), "customer_id": list("aaab"), "ordered_at": at, "amount": 1.0})
    >>> windows = Windows("2010-01-31", data_end="2010-03-31", outcome=30)
    >>> purchase_gaps({"orders": orders}, windows, quantiles=[0.5])[["gap_days", "wait_days"]].values.tolist()
    [[14.0, 21.0]]
    """
    quantiles = [quantiles] if isinstance(quantiles, Real) else [*quantiles]
    if not quantiles or not all(isinstance(share, Real) and 0 < share < 1 for share in quantiles):
        raise InputError(
            f"quantiles={quantiles}", expected="numbers between 0 and 1, such as 0.5", zh="分位应在 0 与 1 之间"
        )
    events = _within(qualifying(tables), windows)
    seen = gaps(events).to_numpy()
    last = events.assign(day=local_days(events["at"])).groupby("customer_id")["day"].max()
    waits = np.r_[seen, day_number(windows.data_end) - last.to_numpy()]
    ended = np.r_[np.ones(len(seen), bool), np.zeros(len(last), bool)]
    rows = [
        {"gap_days": float(np.quantile(seen, share)) if len(seen) else np.nan}
        | with_limits("wait_days", km_quantile(waits, ended, share=share, level=level))
        | {"gaps_seen": len(seen), "waits_open": len(last)}
        for share in quantiles
    ]
    return pd.DataFrame(rows, index=pd.Index(quantiles, name="quantile"))


def _within(events: pd.DataFrame, windows: Windows) -> pd.DataFrame:
    """The events within the data."""
    day = local_days(events["at"])
    first = -np.inf if windows.data_start is None else day_number(windows.data_start)
    kept = events[(day >= first) & (day <= day_number(windows.data_end))]
    if kept.empty:
        raise InputError(
            "no event lies within the data", where=f"up to {windows.data_end}", zh="数据范围内没有购买记录"
        )
    return kept
