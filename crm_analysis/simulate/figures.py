"""What came of the stated process in one sample: the numbers an analysis of the tables should find."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crm_analysis.simulate.season import Clock
from crm_analysis.tables import DataSet


def figures(data: DataSet, hidden: dict[str, pd.DataFrame], clock: Clock) -> dict:
    """Return the sample's main figures, from the tables and from what only the simulation knows.

    Parameters
    ----------
    data : DataSet
    hidden : dict of str to pandas.DataFrame
        ``customers``, ``orders``, ``tickets``, ``contacts``, ``closings``, ``sellers``, ``chains``.
    clock : Clock

    Returns
    -------
    dict
        Numbers rounded to four decimals, by subject.
    """
    parts = {
        "rows": {name: len(frame) for name, frame in data.tables.items()},
        "buying": _buying(data["orders"], hidden["customers"], clock),
        "experience": _experience(hidden["orders"], data["ratings"], clock),
        "complaints": _complaints(hidden, clock),
        "campaigns": _campaigns(hidden["contacts"]),
        "browsing": _browsing(data["events"], hidden["chains"]),
    }
    return _rounded(parts)


def top_share(values: pd.Series, top: float) -> float:
    """Share of the sum that the largest `top` of the values bring; the last one counts in part.

    Examples
    --------
    >>> top_share(pd.Series([5.0, 3.0, 1.0, 1.0]), 0.375)
    0.65
    """
    ordered = np.sort(values.to_numpy())[::-1]
    total = np.concatenate([[0.0], np.cumsum(ordered)])
    return float(np.interp(top * len(ordered), np.arange(len(total)), total) / total[-1])


def _buying(orders: pd.DataFrame, people: pd.DataFrame, clock: Clock) -> dict:
    kept = orders[orders["status"] != "refunded"]
    by_customer = kept.groupby("customer_id")[["amount", "margin"]].sum()
    alive = people["left"] > clock.days
    return {
        "buyers": int(orders["customer_id"].nunique()),
        "repeat_buyers": int((orders["customer_id"].value_counts() > 1).sum()),
        "active_at_end": int(alive.sum()),
        "amount": float(orders["amount"].sum()),
        "mean_order": float(orders["amount"].mean()),
        "refunded_share": float((orders["status"] == "refunded").mean()),
        "top_20_share_of_amount": top_share(by_customer["amount"], 0.2),
        "top_20_share_of_margin": top_share(by_customer["margin"], 0.2),
        "mean_rate_per_day": float(people["rate"].mean()),
        "busiest_hour": int(orders["ordered_at"].dt.hour.mode()[0]),
    }


def _experience(orders: pd.DataFrame, ratings: pd.DataFrame, clock: Clock) -> dict:
    arrived = orders[orders["delivered"] < clock.days]
    verified = ratings[ratings["verified"]]
    return {
        "late_share": float(arrived["late"].mean()),
        "mean_delivery_days": float(arrived["days"].mean()),
        "mean_gap": float(arrived["gap"].mean()),
        "mean_satisfaction": float(arrived["satisfaction"].mean()),
        "verdicts": _shares(arrived["verdict"]),
        "stars_felt": _shares(arrived["stars"]),
        "stars_written": _shares(verified["stars"].astype(int)),
        "mean_stars_felt": float(arrived["stars"].mean()),
        "mean_stars_written": float(verified["stars"].mean()),
        "share_reviewed": float(len(verified) / len(arrived)),
        "share_unverified": float(1 - len(verified) / len(ratings)),
    }


def _complaints(hidden: dict[str, pd.DataFrame], clock: Clock) -> dict:
    tickets = hidden["tickets"][hidden["tickets"]["opened"] < clock.days]
    people = hidden["customers"].loc[hidden["closings"]["customer"]]
    closings = hidden["closings"].assign(left=people["left"].to_numpy())
    real = closings[closings["left"] >= closings["time"]]
    return {
        "per_delivered_order": float(len(tickets) / (hidden["orders"]["delivered"] < clock.days).sum()),
        "reasons": _shares(tickets["reason"]),
        "unresolved_share": float((tickets["resolved"] >= clock.days).mean()),
        "slow_share": float(np.isfinite(tickets["overdue"]).mean()),
        "compensated_share": float(tickets["compensated"].mean()),
        "sellers_closed": int(np.isfinite(hidden["sellers"]["closed"]).sum()),
        "customers_of_closed_sellers": len(real),
        "left_with_the_seller": int((real["left"] == real["time"]).sum()),
    }


def _campaigns(contacts: pd.DataFrame) -> dict:
    uplift = contacts["with_mail"].astype(float) - contacts["without"]
    return {
        "holdout_share": float(1 - contacts["treated"].mean()),
        "conversion_without": float(contacts["without"].mean()),
        "conversion_with": float(contacts["with_mail"].mean()),
        "uplift": float(uplift.mean()),
        "uplift_by_age_band": [float(value) for value in uplift.groupby(contacts["band"]).mean()],
        "contacts_by_age_band": [int(value) for value in contacts["band"].value_counts().sort_index()],
    }


def _browsing(events: pd.DataFrame, chains: pd.DataFrame) -> dict:
    flags = {"marked": events["action"].isin(["favourite", "cart"]), "bought": events["action"] == "buy"}
    pairs = events.assign(**flags).groupby(["customer_id", "item_id"])[list(flags)].max()
    marked, bought = pairs["marked"], pairs["bought"]
    return {
        "visits_to_an_item": len(chains),
        "user_items": len(pairs),
        "users": int(events["customer_id"].nunique()),
        "interest": float(marked.mean()),
        "buy_if_interest": float(bought[marked].mean()),
        "buy_if_not": float(bought[~marked].mean()),
    }


def _shares(values: pd.Series) -> dict:
    return {key: float(share) for key, share in values.value_counts(normalize=True).sort_index().items()}


def _rounded(value: object) -> object:
    if isinstance(value, dict):
        return {key: _rounded(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_rounded(inner) for inner in value]
    return round(value, 4) if isinstance(value, float) else value
