"""Feedback for sellers counted: verdicts, good-rating share, credit score and level of each seller."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.intervals import share_columns
from crm_analysis.satisfaction.sellers.credit import BADGES, LEVEL_BOUNDS, credit_level
from crm_analysis.tables.needs import check_table

POINTS = {"good": 1, "neutral": 0, "bad": -1}


def seller_table(feedback: pd.DataFrame, *, levels: int = 20, level: float = 0.95) -> pd.DataFrame:
    """Verdicts, good-rating share, credit score and credit level of each seller.

    Parameters
    ----------
    feedback : pandas.DataFrame
        Columns seller_id, verdict (good, neutral, bad).
    levels : int
        As in `credit_level`.
    level : float in (0, 1)
        Confidence level.

    Returns
    -------
    pandas.DataFrame, index seller_id
        feedbacks, good, neutral, bad, good_share (of all feedbacks) with Wilson's limits, credit_score
        (good +1, neutral 0, bad -1) and credit_level. Sellers without feedback do not appear.

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
    _check_feedback(feedback)
    counts = pd.crosstab(feedback["seller_id"].astype(object), feedback["verdict"].astype(object))
    counts = counts.reindex(columns=list(POINTS), fill_value=0).rename_axis(columns=None)
    table = counts.assign(feedbacks=counts.sum(axis=1))[["feedbacks", *POINTS]]
    table = table.assign(**share_columns("good_share", table["good"], table["feedbacks"], level=level))
    table["credit_score"] = sum(points * table[verdict] for verdict, points in POINTS.items())
    table["credit_level"] = credit_level(table["credit_score"], levels=levels)
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
    steps = np.arange(1, levels + 1)
    table = pd.DataFrame(
        {
            "badge": ["no_badge", *(BADGES[(step - 1) // 5] for step in steps)],
            "symbols": [0, *((steps - 1) % 5 + 1)],
            "lowest_score": [np.nan, *LEVEL_BOUNDS[:levels]],
            "sellers": found.value_counts().reindex(range(levels + 1), fill_value=0).to_numpy(),
        },
        index=pd.RangeIndex(levels + 1, name="credit_level"),
    )
    return table.assign(**share_columns("share", table["sellers"], len(found), level=level))


def _check_feedback(feedback: pd.DataFrame) -> None:
    check_table(feedback, "seller_feedback", "seller_id", "verdict")
    unknown = sorted(set(feedback["verdict"].astype(str)) - set(POINTS))
    if unknown:
        raise InputError(f"unknown verdict {', '.join(map(repr, unknown[:5]))}", where="table seller_feedback",
                         expected=", ".join(POINTS), mend="rename them", zh="卖家评价中有未知的评价类型")  # fmt: skip
