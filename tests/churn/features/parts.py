"""Small random tables for the tests of features: days around midnight and around a change of clocks."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from crm_analysis.churn.windows.windows import Windows

CUTOFF = pd.Timestamp("2012-10-31")
WINDOWS = Windows(CUTOFF, data_end="2012-12-31", outcome=30, observation=60)
DAY = pd.Timedelta(1, "D")
ZONES = ("Asia/Shanghai", "Europe/London")

# moments around midnight, around the change of clocks in London (28 October 2012), before and after the windows
seconds = st.one_of(st.integers(-100 * 86400, 20 * 86400), st.sampled_from([-1, 0, 1, -86400, -60 * 86400 - 1]))
seconds = st.one_of(seconds, st.integers(-86400 * 4, -86400 * 2).map(lambda s: s // 1800 * 1800))
who = st.sampled_from("abcd")
amounts = st.one_of(st.none(), st.floats(-5, 1e4, allow_nan=False).map(lambda x: round(x, 2)))
few = st.one_of(st.none(), st.integers(0, 9))
STATUSES = ["", "completed", " Refunded", "已取消"]
order_rows = st.lists(
    st.tuples(who, seconds, amounts, amounts, st.integers(1, 6), st.sampled_from("xyz"), st.sampled_from(STATUSES), few,
              few), min_size=1, max_size=14)  # fmt: skip
ticket_rows = st.lists(
    st.tuples(st.sampled_from("abz"), seconds, st.one_of(st.none(), st.integers(0, 20 * 86400)), few, few,
              st.sampled_from(["slow", "rude", "broken"])), min_size=1, max_size=6)  # fmt: skip
star_rows = st.lists(st.tuples(who, seconds, st.one_of(st.none(), st.integers(1, 5))), min_size=1, max_size=8)
event_rows = st.lists(st.tuples(who, seconds, st.sampled_from(["view", "cart", "buy"])), min_size=1, max_size=12)


def moments(values: list, zone: str) -> pd.Series:
    """Seconds after the cutoff's last moment as times in a zone."""
    end = (CUTOFF + DAY).tz_localize(zone)
    return pd.Series([pd.NaT if s is None else end + pd.Timedelta(s, "s") for s in values],
                     dtype=f"datetime64[us, {zone}]")  # fmt: skip


def tables_of(orders: list, tickets: list, stars: list, events: list, zone: str) -> dict[str, pd.DataFrame]:
    o, t, r, e = (list(zip(*rows)) for rows in (orders, tickets, stars, events))
    ended = [None if wait is None else at + wait for at, wait in zip(t[1], t[2])]
    return {
        "orders": pd.DataFrame({
            "customer_id": o[0], "ordered_at": moments(o[1], zone), "amount": np.array(o[2], float),
            "margin": np.array(o[3], float), "order_id": [f"O{k}" for k in o[4]], "seller_id": o[5], "status": o[6],
            "promised_days": np.array(o[7], float), "delivery_days": np.array(o[8], float)}),
        "tickets": pd.DataFrame({
            "ticket_id": [f"T{k}" for k in range(len(t[0]))], "customer_id": t[0], "opened_at": moments(t[1], zone),
            "resolved_at": moments(ended, zone), "severity": np.array(t[3], float),
            "compensation": np.array(t[4], float), "reason": t[5]}),
        "ratings": pd.DataFrame({
            "rating_id": [f"R{k}" for k in range(len(r[0]))], "customer_id": r[0], "rated_at": moments(r[1], zone),
            "stars": np.array(r[2], float)}),
        "events": pd.DataFrame({
            "customer_id": e[0], "happened_at": moments(e[1], zone), "action": pd.Categorical(e[2])}),
    }  # fmt: skip
