"""Following customers from a day on: who buys again, and how their share compares with that of others."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.intervals import effective_counts, newcombe, proportion, with_limits
from crm_analysis.tables.days import Moment, day_number, end_of, local_days
from crm_analysis.tables.needs import check_table

SPAN = 10**6  # days; longer than any data, so that (customer, day) sorts as one number


class Log(NamedTuple):
    """Purchases as numbers: customers, sorted keys ``customer * SPAN + day`` without repeats, last complete day."""

    customers: pd.Index
    keys: np.ndarray
    last_day: int


def purchase_log(orders: pd.DataFrame, as_of: Moment, days: int) -> Log:
    """Turn orders up to `as_of` into numbers; `days` is the length of the follow-up, which must be one."""
    check_table(orders, "orders", "customer_id", "ordered_at")
    if days < 1:
        raise InputError(f"days={days!r} is no follow-up", expected="1 or more days")
    end = end_of(as_of, orders["ordered_at"])
    rows = orders[orders["ordered_at"] < end]
    if rows.empty:
        raise InputError(f"there is no order up to {as_of}", where="table orders", mend="take a later day",
                         zh=f"截至 {as_of} 没有订单")  # fmt: skip
    code, customers = pd.factorize(rows["customer_id"], sort=True)
    keys = np.unique(code.astype("int64") * SPAN + local_days(rows["ordered_at"]))
    return Log(pd.Index(customers), keys, day_number(end) - 1)


def bought_later(log: Log, code: np.ndarray, day: np.ndarray, days: int) -> np.ndarray:
    """Tell for each customer and day whether a purchase follows on a later day, at most `days` days later."""
    key = np.asarray(code, "int64") * SPAN + day
    following = np.append(log.keys, np.iinfo("int64").max)[np.searchsorted(log.keys, key, side="right")]
    return following <= key + days


def compare(exposed: pd.DataFrame, reference: pd.DataFrame, *, level: float = 0.95) -> dict[str, float]:
    """Share of `exposed` who bought, the share of `reference` in the same strata, and the difference.

    Parameters
    ----------
    exposed, reference : pandas.DataFrame
        Columns stratum, customer, bought (bool). Every stratum of `exposed` occurs in `reference`.
    level : float in (0, 1)

    Returns
    -------
    dict
        cases, later_share, reference_share, later_difference (with limits), reference_cases.

    Examples
    --------
    >>> exposed = pd.DataFrame({"stratum": [1, 1, 2], "customer": [1, 2, 3], "bought": [True, False, True]})
    >>> reference = pd.DataFrame({"stratum": [1, 2, 2], "customer": [4, 5, 6], "bought": [True, True, False]})
    >>> found = compare(exposed, reference)
    >>> print(round(found["later_share"], 4), round(found["reference_share"], 4))  # 2/3 * 1 + 1/3 * 1/2
    0.6667 0.8333
    """
    share = exposed["stratum"].value_counts(normalize=True)
    rows = reference[reference["stratum"].isin(share.index)]
    strata = rows.groupby("stratum")["bought"].agg(["size", "mean"])
    weight = rows["stratum"].map(share / strata["size"]).to_numpy(float)
    ours = exposed["bought"].to_numpy(float)
    overall = np.full(len(ours), ours.mean() if len(ours) else np.nan)
    equal = np.full(len(ours), 1 / max(1, len(ours)))
    x1, n1 = effective_counts(ours, exposed["customer"], weight=equal, expected=overall)
    expected = rows["stratum"].map(strata["mean"]).to_numpy(float)
    x2, n2 = effective_counts(rows["bought"], rows["customer"], weight=weight, expected=expected)
    return (
        {"cases": len(ours)}
        | with_limits("later_share", proportion(x1, n1, level=level))
        | with_limits("reference_share", proportion(x2, n2, level=level))
        | with_limits("later_difference", newcombe(x1, n1, x2, n2, level=level))
        | {"reference_cases": len(rows)}
    )
