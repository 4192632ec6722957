"""Buyer tiers: customers graded by the number of days on which they bought in the last months."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.intervals import share_columns
from crm_analysis.segments.frames import code, has_money, needs_days, zone_of
from crm_analysis.segments.groups import money_shares
from crm_analysis.tables.days import Moment, day_number, wall

FIVE_LEVELS = {"novice": 1, "junior": 2, "intermediate": 4, "senior": 12, "veteran": 52}
FEW_DAYS = {"tier_0": 0, "tier_1": 1, "tier_2_3": 2, "tier_4": 4}


def tiers(
    purchases: pd.DataFrame,
    *,
    as_of: Moment,
    limits: Mapping[str, float] = FIVE_LEVELS,
    window_days: int = 365,
    customers: Iterable | None = None,
    start: Moment | None = None,
) -> pd.DataFrame:
    """Tier of each customer by purchase days in ``(as_of - window_days, as_of]``.

    The platform grades buyers in five levels from their last 12 months; its limits are
    not published. The default limits are ours: once (novice), 2 or 3 days (junior), at
    least every quarter (4, intermediate), every month (12, senior), every week (52, veteran).
    For logs of a few days use ``limits=FEW_DAYS``: no purchase, 1, 2 or 3, 4 or more days.

    Parameters
    ----------
    purchases : pandas.DataFrame
        customer_id, at, [amount].
    as_of : str or Timestamp
        Last day of the window.
    limits : mapping of str to number
        Lowest number of purchase days of each tier.
    window_days : int
    customers : iterable of ids, optional
        All customers to grade; those without a purchase in the window fall into the tier with
        limit 0 or, if there is none, are left out. Default: the customers of `purchases`.
    start : str or Timestamp, optional
        First day of complete data; default the first moment seen.

    Returns
    -------
    pandas.DataFrame, index customer_id
        purchase_days, tier (ordered categories), and money in the window if there is an amount.

    Raises
    ------
    InputError
        If less than half the window lies in the data, or the limits are not ascending from 0 or 1.

    Examples
    --------
    >>> log = pd.DataFrame({"customer_id": ["a", "a", "b"],
    ...                     "at": pd.to_datetime(["2017-11-25", "2017-11-29", "2017-12-03"])})
    >>> tiers(log, as_of="2017-12-03", limits=FEW_DAYS, window_days=9, customers=["a", "b", "c"])["tier"].to_dict()
    {'a': 'tier_2_3', 'b': 'tier_1', 'c': 'tier_0'}
    """
    lowest = _check_limits(limits)
    coded = code(purchases, measure="buyer tiers", until=as_of)
    first = coded.start if start is None else wall(start, zone_of(purchases))
    last = day_number(as_of, zone_of(purchases))
    needs_days("buyer tiers", needed=-(-window_days // 2), start=first, end=coded.end,
               mend=f"pass window_days and limits that fit the data (window_days={window_days} asks for at least half"
                    " of it), such as limits=FEW_DAYS")  # fmt: skip
    days = coded.by_day()
    days = days[days["day"] > last - window_days]
    found = pd.DataFrame({"purchase_days": np.bincount(days["code"], minlength=len(coded.customers))}, coded.customers)
    if coded.amount is not None:
        found["money"] = np.bincount(days["code"], days["amount"], len(coded.customers))
    if customers is not None:
        index = pd.Index(customers, name="customer_id").unique()
        found = found.reindex(index.union(found.index, sort=False)).fillna(0.0).loc[index]
        found["purchase_days"] = found["purchase_days"].astype("int64")
    found = found[found["purchase_days"] >= lowest[0]].rename_axis("customer_id")
    position = np.searchsorted(lowest, found["purchase_days"], "right") - 1
    tier = pd.Categorical.from_codes(position, categories=list(limits), ordered=True)
    return found.assign(tier=tier)


def tier_table(graded: pd.DataFrame) -> pd.DataFrame:
    """Customers, share and worth of each tier.

    Parameters
    ----------
    graded : pandas.DataFrame
        From `tiers`.

    Returns
    -------
    pandas.DataFrame, index tier
        customers, share with Wilson's 95 % limits, purchase_days (mean), and with amounts money and
        money_share with the limits of `groups.money_shares`.

    Examples
    --------
    >>> graded = pd.DataFrame({"purchase_days": [1, 1, 2], "tier": pd.Categorical(["novice", "novice", "junior"])})
    >>> tier_table(graded)["customers"].to_dict()
    {'junior': 1, 'novice': 2}
    """
    grouped = graded.groupby("tier", observed=False)
    found = pd.DataFrame({"customers": grouped.size()})
    found = found.assign(**share_columns("share", found["customers"], len(graded)))
    found["purchase_days"] = grouped["purchase_days"].mean()
    if has_money(graded.rename(columns={"money": "amount"})):
        found["money"] = grouped["money"].sum()
        shares = money_shares(graded["money"], graded["tier"])
        found[shares.columns] = shares
    return found


def _check_limits(limits: Mapping[str, float]) -> np.ndarray:
    lowest = np.array(list(limits.values()), float)
    if len(lowest) < 2 or lowest[0] not in (0, 1) or np.any(np.diff(lowest) <= 0):
        raise InputError(f"the limits of the tiers are {dict(limits)}",
                         expected="two or more tiers, ascending, the first from 0 or 1 purchase days")  # fmt: skip
    return lowest
