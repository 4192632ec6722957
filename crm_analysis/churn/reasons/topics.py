"""What a reason is about: features of one topic give one reason between them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crm_analysis.churn.reasons.groups import Groups, as_groups, feature_groups

PERSONAL = (
    "age", "sex", "gender", "city", "kind", "joining_channel", "senior_citizen", "partner", "dependents",
)  # fmt: skip
TOPICS = (
    ("days_since_last", "gap_ratio", "recent_purchase_days", "orders_trend", "recent_spend", "spend_trend"),
    ("orders", "purchase_days", "mean_gap_days", "spend", "spend_per_order", "total_margin", "categories", "sellers"),
    ("tenure_days", "days_since_joined", "tenure_months"),
    ("late_share", "mean_delay_days", "last_late", "overdue"),
    ("complaints", "days_since_complaint", "complaints_open", "complaints_slow", "complaints_compensated",
     "worst_severity", "mean_reply_hours", "mean_handling_days", "complaint_csat", "last_complaint_reason"),
    ("ratings", "mean_stars", "last_stars", "low_stars"),
    ("feedback_bad_share", "mean_item_match", "mean_service", "mean_delivery", "last_service"),
    ("contacts", "contact_opens", "contact_clicks", "days_since_contact"),
    ("active_days", "days_since_active", "recent_active_days", "active_trend", "views", "carts", "favourites"),
)  # fmt: skip
ENOUGH, MOST = 30, 5000  # customers from whom associations are taken


def reason_topics(X: pd.DataFrame) -> Groups:
    """Return the features by what they are about: lately silent, how much bought, delivery, complaints, ratings.

    "277 days since the last purchase" and "277 times the usual gap" are one reason, not two. Features of the
    catalogue stand by topic, so that reasons do not depend on who else is looked at. Features of your own are put
    together by association (`feature_groups`, of at most 5,000 customers); below 30 customers each stands alone.

    Parameters
    ----------
    X : pandas.DataFrame, one row per customer

    Examples
    --------
    >>> X = pd.DataFrame({"days_since_last": [277, 3], "gap_ratio": [277.0, 0.2], "shoe_size": [42, 43]})
    >>> reason_topics(X).members
    {'days_since_last': ['days_since_last', 'gap_ratio'], 'shoe_size': ['shoe_size']}
    """
    topics = [[name for name in topic if name in X] for topic in TOPICS]
    members = {topic[0]: topic for topic in topics if topic}
    known = {name for topic in topics for name in topic} | set(PERSONAL)
    own = [name for name in X if name not in known]
    if len(own) > 1 and len(X) >= ENOUGH:
        rows = np.unique(np.linspace(0, len(X) - 1, min(len(X), MOST)).astype("int64"))
        members |= feature_groups(X[own].iloc[rows]).members
    return as_groups(members, X)
