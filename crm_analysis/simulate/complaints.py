"""Complaints: who complains about what, how fast it is answered, who is compensated."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.special import expit

from crm_analysis.simulate.season import Clock
from crm_analysis.simulate.streams import chance, ids, pick, pick_by

HOUR = 1 / 24


@dataclass(frozen=True)
class Complaints:
    """How complaints arise and are handled.

    Parameters
    ----------
    complain : tuple of float
        Log odds of a complaint about a delivered order: intercept, slope on satisfaction, if late.
    reasons : dict of str to dict
        Shares of the four reasons for a late order, one of a seller that has closed since, any other.
    sub_reasons : dict of str to dict
        Shares within each reason.
    channels, reply_hours : dict of str to float
        Shares, and median hours to the first reply (lognormal, sigma .8; 40 % less at severity 3).
    resolve_days : dict of str to float
        Median days from the first reply to the solution (lognormal, sigma .9) by reason.
    never : float
        Share of complaints that are never resolved.
    slow_days : float
        A complaint not resolved so many days after it was opened counts as slow.
    compensate : tuple of float
        Probability that a resolved complaint is compensated, by severity 1, 2, 3.
    csat_response : float
        Share of resolved complaints with an answer to the question how content the customer is.
    """

    complain: tuple[float, float, float] = (-2.85, -0.95, 0.5)
    reasons: dict[str, dict[str, float]] = field(
        default_factory=lambda: {
            "late": {"seller_service": 0.2, "scattered_information": 0.03, "no_community": 0.05, "delivery": 0.72},
            "closed": {"seller_service": 0.2, "scattered_information": 0.7, "no_community": 0.05, "delivery": 0.05},
            "other": {"seller_service": 0.62, "scattered_information": 0.08, "no_community": 0.15, "delivery": 0.15},
        }
    )
    sub_reasons: dict[str, dict[str, float]] = field(
        default_factory=lambda: {
            "seller_service": {"cold_after_sale": 4, "line_busy": 2, "dispute_tiresome": 3, "not_as_described": 5},
            "scattered_information": {"shop_gone": 3, "history_lost": 2},
            "no_community": {"nowhere_to_ask": 2, "only_promotions": 3},
            "delivery": {"late_delivery": 6, "damaged_goods": 2, "lost_parcel": 1, "swapped_goods": 1},
        }
    )
    channels: dict[str, float] = field(
        default_factory=lambda: {"online_chat": 0.45, "phone": 0.25, "web_form": 0.2, "email": 0.1}
    )
    reply_hours: dict[str, float] = field(
        default_factory=lambda: {"online_chat": 1.0, "phone": 2.0, "web_form": 18.0, "email": 30.0}
    )
    resolve_days: dict[str, float] = field(
        default_factory=lambda: {
            "seller_service": 3.5,
            "scattered_information": 6.0,
            "no_community": 2.5,
            "delivery": 2.5,
        }
    )
    never: float = 0.1
    slow_days: float = 7.0
    compensate: tuple[float, float, float] = (0.2, 0.35, 0.55)
    csat_response: float = 0.6


def make_complaints(
    rng: np.random.Generator, orders: pd.DataFrame, sellers: pd.DataFrame, clock: Clock, part: Complaints
) -> pd.DataFrame:
    """Draw the complaints about `orders` (their index names the order).

    Returns
    -------
    pandas.DataFrame
        ``order``, ``customer``, ``seller``, ``opened``, ``reason``, ``severity``, ``replied``, ``resolved``
        (inf if never), ``overdue`` (when it became slow; inf if it did not), ``compensated`` and what the table
        shows; by customer and time.
    """
    base, slope, late = part.complain
    who = orders[chance(rng, expit(base + slope * orders["satisfaction"] + late * orders["late"]))]
    count = len(who)
    opened = clock.next_day(rng, who["delivered"].to_numpy() + rng.exponential(1.0, count))
    closed = sellers["closed"].to_numpy()[who["seller"]] < opened
    reason = pick_by(rng, np.select([closed, who["late"]], ["closed", "late"], "other"), part.reasons)
    severity = 1 + np.searchsorted([0.6, 1.6], rng.exponential(0.8, count) - 0.5 * who["satisfaction"].to_numpy())
    channel = pick(rng, part.channels, count)
    median = pd.Series(channel).map(part.reply_hours).to_numpy() * HOUR * np.where(severity == 3, 0.6, 1.0)
    replied = opened + median * np.exp(0.8 * rng.standard_normal(count))
    needed = pd.Series(reason).map(part.resolve_days).to_numpy() * np.exp(0.9 * rng.standard_normal(count))
    resolved = np.where(chance(rng, np.full(count, part.never)), np.inf, replied + needed)
    compensated = chance(rng, np.array(part.compensate)[severity - 1]) & np.isfinite(resolved)
    share = np.where(compensated, 0.05 + 0.25 * rng.random(count), 0.0)
    mood = 4.1 - 0.5 * np.log1p(needed) - 0.4 * (severity - 2) + 0.7 * compensated + 0.7 * rng.standard_normal(count)
    answered = chance(rng, np.full(count, part.csat_response)) & np.isfinite(resolved)
    made = pd.DataFrame(
        {
            "order": who.index, "customer": who["customer"].to_numpy(), "seller": who["seller"].to_numpy(),
            "opened": opened, "channel": channel, "reason": reason,
            "sub_reason": pick_by(rng, reason, part.sub_reasons), "severity": severity, "replied": replied,
            "resolved": resolved, "compensated": compensated,
            "overdue": np.where(resolved > opened + part.slow_days, opened + part.slow_days, np.inf),
            "compensation": (share * who["amount"].to_numpy()).round(2),
            "csat": np.where(answered, np.clip(np.rint(mood), 1, 5), np.nan),
        }
    )  # fmt: skip
    return made.sort_values(["customer", "opened"], kind="stable", ignore_index=True)


def tickets_table(tickets: pd.DataFrame, clock: Clock) -> pd.DataFrame:
    """Return the table ``tickets``: opened within the window; what happened after its end is blank."""
    seen = tickets[tickets["opened"] < clock.days].sort_values("opened", kind="stable", ignore_index=True)
    done = seen["resolved"] < clock.days
    return pd.DataFrame(
        {
            "ticket_id": ids("T", seen.index.to_numpy()),
            "customer_id": ids("C", seen["customer"].to_numpy()),
            "opened_at": clock.moments(seen["opened"]),
            **{name: seen[name] for name in ("channel", "reason", "sub_reason", "severity")},
            "first_reply_at": clock.moments(seen["replied"]),
            "resolved_at": clock.moments(seen["resolved"]),
            "compensation": seen["compensation"].where(done),
            "csat": seen["csat"].where(done),
            "order_id": seen["order_id"],
            "seller_id": ids("S", seen["seller"].to_numpy(), 4),
        }
    )
