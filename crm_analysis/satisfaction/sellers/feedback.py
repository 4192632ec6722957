"""Feedback for sellers counted: verdicts, good-rating share, credit score and level, now and over time."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.intervals import share_columns
from crm_analysis.satisfaction.sellers.credit import credit_level, credit_table
from crm_analysis.satisfaction.sellers.points import POINTS, check_verdicts, count_points
from crm_analysis.tables.needs import check_table


def seller_table(
    feedback: pd.DataFrame,
    *,
    levels: int = 20,
    points_per_buyer_month: int | None = None,
    same_item_days: int | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Verdicts, good-rating share, credit score and credit level of each seller.

    Parameters
    ----------
    feedback : pandas.DataFrame
        Columns seller_id, verdict (good, neutral, bad).
    levels : int
        As in `credit_level`.
    points_per_buyer_month, same_item_days : int, optional
        Caps of the credit score, as in `points.count_points`; off by default. Shares count every feedback.
    level : float in (0, 1)
        Confidence level.

    Returns
    -------
    pandas.DataFrame, index seller_id
        feedbacks, good, neutral, bad, good_share (of all feedbacks) with Wilson's limits, credit_score
        (good +1, neutral 0, bad -1) and credit_level; with a cap also uncounted (feedbacks that it leaves out of
        the score). Sellers without feedback do not appear.

    Raises
    ------
    InputError
        If there is no feedback, or a verdict is blank or unknown.

    Examples
    --------
    >>> feedback = pd.DataFrame({"seller_id": list("aaab"), "verdict": ["good", "good", "bad", "neutral"]})
    >>> seller_table(feedback)[["feedbacks", "good", "credit_score", "credit_level"]].values.tolist()
    [[3, 2, 1, 0], [1, 0, 0, 0]]
    """
    check_verdicts(feedback)
    seller = feedback["seller_id"].astype(object)
    counts = pd.crosstab(seller, feedback["verdict"].astype(object))
    counts = counts.reindex(columns=list(POINTS), fill_value=0).rename_axis(columns=None)
    table = counts.assign(feedbacks=counts.sum(axis=1))[["feedbacks", *POINTS]]
    table = table.assign(**share_columns("good_share", table["good"], table["feedbacks"], level=level))
    caps = {"points_per_buyer_month": points_per_buyer_month, "same_item_days": same_item_days}
    counted = count_points(feedback, **caps)
    table["credit_score"] = counted["points"].groupby(seller).sum()
    table["credit_level"] = credit_level(table["credit_score"], levels=levels)
    if any(cap is not None for cap in caps.values()):
        table["uncounted"] = (counted["uncounted"] != "").groupby(seller).sum()
    return table


def level_table(feedback: pd.DataFrame, *, levels: int = 20, level: float = 0.95) -> pd.DataFrame:
    """How many sellers stand on each credit level.

    Parameters
    ----------
    feedback, levels, level
        As in `seller_table`.

    Returns
    -------
    pandas.DataFrame, index credit_level
        0 (no level yet) to `levels`: badge and symbols (2 diamonds are level 7), lowest_score (blank for 0),
        sellers, share of all sellers with feedback (Wilson's limits).

    Examples
    --------
    >>> feedback = pd.DataFrame({"seller_id": "a", "verdict": ["good"] * 4})
    >>> level_table(feedback, levels=2)[["badge", "sellers"]].values.tolist()
    [['no_badge', 0], ['heart', 1], ['heart', 0]]
    """
    found = seller_table(feedback, levels=levels)["credit_level"]
    table = credit_table(levels=levels)[["badge", "symbols", "lowest_score"]]
    table["sellers"] = found.value_counts().reindex(range(levels + 1), fill_value=0).to_numpy()
    return table.assign(**share_columns("share", table["sellers"], len(found), level=level))


def credit_history(
    feedback: pd.DataFrame,
    *,
    sellers: Iterable[str] | None = None,
    levels: int = 20,
    points_per_buyer_month: int | None = None,
    same_item_days: int | None = None,
) -> pd.DataFrame:
    """Credit score and level of sellers over time, one row for each day with feedback.

    Parameters
    ----------
    feedback : pandas.DataFrame
        Columns seller_id, verdict, rated_at, and what the caps need.
    sellers : iterable of str, optional
        Sellers to follow; all when not given.
    levels, points_per_buyer_month, same_item_days
        As in `seller_table`.

    Returns
    -------
    pandas.DataFrame
        seller_id, day (midnight in the zone of the data), feedbacks (so far), credit_score and credit_level at the
        end of the day. What a seller earned before the data begin is not in them.

    Raises
    ------
    InputError
        As `seller_table`; if a seller has no feedback.

    Examples
    --------
    >>> at = pd.to_datetime(["2012-03-01 09:00", "2012-03-01 10:00", "2012-03-05 09:00"]).tz_localize("Asia/Shanghai")
    >>> feedback = pd.DataFrame({"seller_id": "s", "verdict": ["good", "good", "bad"], "rated_at": at})
    >>> credit_history(feedback)[["feedbacks", "credit_score"]].values.tolist()
    [[2, 2], [3, 1]]
    """
    counted = count_points(feedback, points_per_buyer_month=points_per_buyer_month, same_item_days=same_item_days)
    check_table(feedback, "seller_feedback", "rated_at")
    rows = pd.DataFrame(
        {
            "seller_id": feedback["seller_id"].astype(object),
            "day": feedback["rated_at"].dt.normalize(),
            "points": counted["points"],
        }
    )
    if sellers is not None:
        wanted = list(sellers)
        absent = sorted(map(str, set(wanted) - set(rows["seller_id"])))
        if absent:
            names = ", ".join(absent[:5])
            raise InputError(f"{names} has no feedback", where="table seller_feedback", zh=f"卖家没有评价：{names}")
        rows = rows[rows["seller_id"].isin(wanted)]
    days = rows.groupby(["seller_id", "day"])["points"].agg(["size", "sum"])
    total = days.groupby(level="seller_id").cumsum().reset_index()
    total = total.rename(columns={"size": "feedbacks", "sum": "credit_score"})
    return total.assign(credit_level=credit_level(total["credit_score"], levels=levels))
