"""What the tests of windows share: a small shop with orders, tickets, contacts and customers, made by chance."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crm_analysis.churn.windows.windows import Windows

ZONE = "Asia/Shanghai"
START = pd.Timestamp("2012-01-01", tz=ZONE)
WINDOWS = Windows("2012-05-31", data_end="2012-12-31", outcome=60, data_start="2012-01-01")


def at(days: np.ndarray) -> pd.Series:
    """Moments so many days after the first of January."""
    seconds = (np.asarray(days, float) * 86_400).round()
    return pd.Series(START + pd.to_timedelta(seconds, unit="s")).astype(f"datetime64[us, {ZONE}]")


def shop(seed: int = 0, customers: int = 40, days: int = 360) -> dict[str, pd.DataFrame]:
    """Tables of a year; row order is random, the index is that of the rows."""
    rng = np.random.default_rng(seed)
    ids = np.array([f"c{number:03d}" for number in range(customers)])
    n, m = 6 * customers, 2 * customers
    opened = rng.uniform(0, days, m)
    orders = pd.DataFrame({
        "order_id": [f"o{number}" for number in range(n)], "customer_id": rng.choice(ids, n),
        "ordered_at": at(rng.uniform(0, days, n)), "amount": rng.gamma(2, 30, n).round(2),
        "category": rng.choice(["a", "b", "c"], n), "delivery_days": rng.integers(1, 9, n).astype(float),
    })  # fmt: skip
    tickets = pd.DataFrame({
        "ticket_id": [f"t{number}" for number in range(m)], "customer_id": rng.choice(ids, m), "opened_at": at(opened),
        "channel": "chat", "reason": rng.choice(["late", "broken"], m),
        "resolved_at": at(opened + rng.exponential(20, m)).where(rng.random(m) < 0.8),
        "csat": rng.integers(1, 6, m).astype(float),
    })  # fmt: skip
    people = pd.DataFrame(
        {"customer_id": ids, "joined_at": at(np.zeros(customers)), "age": rng.integers(18, 70, customers)}
    )
    return {"orders": orders, "tickets": tickets, "customers": people}


def honest(tables: dict[str, pd.DataFrame], windows: Windows) -> pd.DataFrame:
    """Features that keep to the days before the cutoff, written without `history`."""
    orders = tables["orders"]
    end = windows.ends(orders["ordered_at"])
    orders = orders[orders["ordered_at"] < end]
    grouped = orders.groupby("customer_id")
    found = pd.DataFrame({"orders": grouped.size(), "spend": grouped["amount"].sum()})
    found["days_since_last"] = (end - grouped["ordered_at"].max()).dt.days
    return found
