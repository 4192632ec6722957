"""What can be told as a reason: the side of a feature that goes with trouble, as any manager would read it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crm_analysis.churn.reasons.association import is_number
from crm_analysis.churn.reasons.phrases import PHRASES, SERVICE
from crm_analysis.churn.reasons.wording import FLAT

MORE, LESS, NEITHER = 1, -1, 0  # more of it is bad, less of it is bad, it is no reason either way
SIDES = (
    dict.fromkeys(("days_since_last", "gap_ratio", "mean_gap_days", "days_since_active"), MORE)
    | dict.fromkeys(("late_share", "mean_delay_days", "last_late", "overdue"), MORE)
    | dict.fromkeys(("complaints", "complaints_open", "complaints_slow", "worst_severity"), MORE)
    | dict.fromkeys(("mean_reply_hours", "mean_handling_days", "low_stars", "feedback_bad_share"), MORE)
    | dict.fromkeys(("purchase_days", "orders", "recent_purchase_days", "orders_trend"), LESS)
    | dict.fromkeys(("spend", "spend_per_order", "total_margin", "recent_spend", "spend_trend"), LESS)
    | dict.fromkeys(("categories", "sellers", "days_since_complaint", "complaint_csat"), LESS)
    | dict.fromkeys(("mean_stars", "last_stars"), LESS)
    | dict.fromkeys(("mean_item_match", "mean_service", "mean_delivery", "last_service"), LESS)
    | dict.fromkeys(("contact_opens", "contact_clicks", "views", "carts", "favourites"), LESS)
    | dict.fromkeys(("active_days", "recent_active_days", "active_trend"), LESS)
    | dict.fromkeys(("ratings", "contacts", "days_since_contact", "complaints_compensated"), NEITHER)
    | dict.fromkeys(("tenure_days", "days_since_joined", "tenure_months"), NEITHER)
)


def can_be_told(
    feature: str, values: pd.Series, *, typical: object = None, mean: float = float("nan"), against: bool = False
) -> np.ndarray:
    """Return of which customers a feature can be told as a reason, whatever the model adds for it.

    A number of the catalogue is one only on its bad side: silence longer than typical, fewer stars than typical;
    where value and median are equal, the mean decides. "Five stars, typical 4.7" is no reason for a higher risk,
    though a model of many features may add something for it. What is not known is none, nor that somebody has never
    complained or rated; that he bought on one day only is known, and is one. How long somebody has been a customer is
    none either way. Features of which no side is known (texts, your own) can always be told.

    Parameters
    ----------
    feature : str
    values : pandas.Series
    typical, mean : number
        Of the customers compared with; without them only what is not known is sorted out.
    against : bool
        Reasons for a lower risk: the other side.

    Examples
    --------
    >>> can_be_told("complaints", pd.Series([0, 2, None]), typical=0, mean=0.3).tolist()
    [False, True, False]
    >>> can_be_told("gap_ratio", pd.Series([None, 2.5, 0.5]), typical=1.2, mean=4.0).tolist()
    [True, True, False]
    """
    found, blank = PHRASES.get(feature), values.isna().to_numpy()
    unknown = blank & (found is None or found.missing is None or feature in SERVICE)
    side = SIDES.get(feature)
    if side == NEITHER:
        return np.zeros(len(values), dtype=bool)
    if side is None or not is_number(values):
        return ~unknown
    side, numbers = (-side if against else side), values.to_numpy("float64", na_value=np.nan)
    bad = np.ones(len(values), dtype=bool)
    if isinstance(typical, (int, float, np.number)) and not np.isnan(typical):
        level = (numbers == typical) & (side * (numbers - mean) > 0)
        bad = (side * (numbers - typical) > 0) | level
    if found is not None and found.down is not None:  # said without a number: more, less
        bad &= side * numbers >= FLAT
    return np.where(blank, ~unknown & (not against), bad)
