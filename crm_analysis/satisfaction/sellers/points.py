"""Which feedback counts for the credit score: the platform's caps, as parameters that are off unless asked for."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.tables.days import local_days, month_of
from crm_analysis.tables.needs import check_table

POINTS = {"good": 1, "neutral": 0, "bad": -1}


def check_verdicts(feedback: pd.DataFrame) -> None:
    """Raise `InputError` unless the table has sellers and known verdicts."""
    check_table(feedback, "seller_feedback", "seller_id", "verdict")
    unknown = sorted(set(feedback["verdict"].astype(str)) - set(POINTS))
    if unknown:
        raise InputError(f"unknown verdict {', '.join(map(repr, unknown[:5]))}", where="table seller_feedback",
                         expected=", ".join(POINTS), mend="rename them", zh="卖家评价中有未知的评价类型")  # fmt: skip


def count_points(
    feedback: pd.DataFrame, *, points_per_buyer_month: int | None = None, same_item_days: int | None = None
) -> pd.DataFrame:
    """Points of each feedback after the caps, and why one does not count.

    Without caps every good verdict is +1, every bad one -1. The platform is said to count at most six points between
    one buyer and one seller in a calendar month, and only one good and one bad verdict on the same item within 14
    days. We found no official copy of these rules, so both caps are off unless asked for.

    Parameters
    ----------
    feedback : pandas.DataFrame
        Columns seller_id, verdict; with a cap also customer_id and rated_at, for `same_item_days` item_id too.
    points_per_buyer_month : int, optional
        Points of one buyer for one seller in a calendar month stay between minus and plus this number; 6 is the
        reported rule.
    same_item_days : int, optional
        A verdict does not count if the same buyer's same verdict on the same item of the seller counted less than
        this number of days before; 14 is the reported rule.

    Returns
    -------
    pandas.DataFrame
        Index of `feedback`: points (+1, 0, -1) and uncounted (``same_item``, ``month_cap``, or blank for one that
        counts). The item rule comes first; of verdicts at one moment the earlier row does.

    Raises
    ------
    InputError
        As `feedback.seller_table`; if a cap is below 1 or lacks its columns.

    Examples
    --------
    >>> at = pd.to_datetime(["2012-03-01", "2012-03-02", "2012-04-01"]).tz_localize("Asia/Shanghai")
    >>> feedback = pd.DataFrame({"seller_id": "s", "customer_id": "c", "verdict": "good", "rated_at": at})
    >>> count_points(feedback, points_per_buyer_month=1).values.tolist()
    [[1, ''], [0, 'month_cap'], [1, '']]
    """
    check_verdicts(feedback)
    caps = {"points_per_buyer_month": points_per_buyer_month, "same_item_days": same_item_days}
    wrong = [f"{name}={cap!r}" for name, cap in caps.items() if cap is not None and not cap >= 1]
    if wrong:
        raise InputError(f"{', '.join(wrong)} is no cap", expected="1 or more, or None", zh="计分上限至少为 1")
    points = feedback["verdict"].astype(object).map(POINTS).astype("int64")
    uncounted = pd.Series("", index=feedback.index, dtype=object)
    found = pd.DataFrame({"points": points, "uncounted": uncounted})
    if points_per_buyer_month is None and same_item_days is None:
        return found
    columns = ["customer_id", "rated_at", *(["item_id"] if same_item_days is not None else [])]
    check_table(feedback, "seller_feedback", *columns)
    order = np.argsort(feedback["rated_at"].to_numpy(), kind="stable")
    rows = feedback.iloc[order]
    given, why = points.to_numpy()[order], np.full(len(rows), "", dtype=object)
    day = local_days(rows["rated_at"])
    if same_item_days is not None:
        why[(given != 0) & _repeats(rows, given, day, same_item_days)] = "same_item"
    if points_per_buyer_month is not None:
        why[(why == "") & _beyond(rows, np.where(why == "", given, 0), day, points_per_buyer_month)] = "month_cap"
    back = np.argsort(order, kind="stable")
    counted = np.where(why == "", given, 0)
    return found.assign(points=counted[back], uncounted=pd.Series(why[back], index=found.index, dtype=object))


def _repeats(rows: pd.DataFrame, given: np.ndarray, day: np.ndarray, days: int) -> np.ndarray:
    """Whether the same verdict of a buyer on the item counted less than `days` days before."""
    keys = [rows["seller_id"].to_numpy(), rows["customer_id"].to_numpy(), rows["item_id"].to_numpy(), given]
    again = np.zeros(len(rows), bool)
    for places in pd.DataFrame(dict(enumerate(keys))).groupby([0, 1, 2, 3]).indices.values():
        counted = day[places[0]]
        for place in places[1:]:
            again[place] = day[place] - counted < days
            counted = counted if again[place] else day[place]
    return again


def _beyond(rows: pd.DataFrame, given: np.ndarray, day: np.ndarray, cap: int) -> np.ndarray:
    """Whether a verdict would carry the buyer's points for the seller in the month beyond the cap."""
    keys = {"s": rows["seller_id"].to_numpy(), "c": rows["customer_id"].to_numpy(), "m": month_of(day)}
    beyond = np.zeros(len(rows), bool)
    for places in pd.DataFrame(keys).groupby(["s", "c", "m"]).indices.values():
        if len(places) <= cap:
            continue
        total = 0
        for place in places:
            beyond[place] = abs(total + given[place]) > cap
            total += 0 if beyond[place] else given[place]
    return beyond
