"""Reviews of items and feedback for sellers, with the choice to speak up or not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm_analysis.simulate.experience import DIMENSIONS
from crm_analysis.simulate.market import Market
from crm_analysis.simulate.season import Clock
from crm_analysis.simulate.streams import chance, ids
from crm_analysis.simulate.texts import review_texts


@dataclass(frozen=True)
class Opinions:
    """Who writes a review, who rates a seller.

    Parameters
    ----------
    review : tuple of float
        Probability that a delivered order is reviewed, by the stars (1 to 5) the customer would give.
    after_days : float
        Review or feedback comes on the day after an exponential time with this mean since delivery.
    text : float
        Share of reviews with a text.
    fake : float
        Reviews of items that were not bought, as a share of the reviews of bought ones.
    fake_stars : tuple of float
        Shares of 1 to 5 stars among them.
    helpful : float
        Mean helpful votes of a review (Poisson); twice as many for 1 and 2 stars.
    feedback : float
        Share of delivered orders with feedback for the seller, whatever the customer thinks.
    dsr_mean, dsr_slope : float
        Detailed seller rating: mean at perception 0 and slope, rounded to 1..5.
    """

    review: tuple[float, ...] = (0.65, 0.28, 0.13, 0.14, 0.36)
    after_days: float = 3.0
    text: float = 0.65
    fake: float = 0.08
    fake_stars: tuple[float, ...] = (0.22, 0.02, 0.02, 0.04, 0.7)
    helpful: float = 0.4
    feedback: float = 0.4
    dsr_mean: float = 4.3
    dsr_slope: float = 0.6


def ratings_table(
    rng: np.random.Generator, orders: pd.DataFrame, people: pd.DataFrame, market: Market, clock: Clock, part: Opinions
) -> pd.DataFrame:
    """Return the table ``ratings``: reviews of delivered orders, and some of items never bought."""
    bought = orders[chance(rng, np.array(part.review)[orders["stars"] - 1])]
    real = bought[["customer", "item", "stars", *DIMENSIONS]].assign(
        t=clock.next_day(rng, bought["delivered"] + rng.exponential(part.after_days, len(bought))), verified=True
    )
    every = pd.concat([real, _fakes(rng, int(part.fake * len(real)), orders, people, market, clock, part)])
    seen = every[every["t"] < clock.days].sort_values("t", kind="stable", ignore_index=True)
    mean = part.helpful * np.where(seen["stars"] <= 2, 2.0, 1.0)
    return pd.DataFrame(
        {
            "rating_id": ids("R", seen.index.to_numpy()),
            "customer_id": ids("C", seen["customer"].to_numpy()),
            "item_id": ids("I", seen["item"].to_numpy()),
            "stars": seen["stars"],
            "rated_at": clock.moments(seen["t"]),
            "text": review_texts(rng, seen, part.text),
            "verified": seen["verified"],
            "helpful_votes": rng.poisson(mean),
        }
    )


def _fakes(
    rng: np.random.Generator,
    count: int,
    orders: pd.DataFrame,
    people: pd.DataFrame,
    market: Market,
    clock: Clock,
    part: Opinions,
) -> pd.DataFrame:
    customer = rng.integers(0, len(people), count)
    t = clock.between(rng, people["joined"].to_numpy()[customer], np.full(count, clock.days))
    item = market.item(market.any_seller(rng, t), rng.random(count))
    felt = {name: 0.5 * rng.standard_normal(count) for name in DIMENSIONS}
    stars = 1 + rng.choice(5, count, p=part.fake_stars)
    made = pd.DataFrame({"customer": customer, "item": item, "stars": stars, **felt, "t": t, "verified": False})
    known = pd.MultiIndex.from_frame(orders[["customer", "item"]])
    return made[~pd.MultiIndex.from_frame(made[["customer", "item"]]).isin(known)]


def feedback_table(rng: np.random.Generator, orders: pd.DataFrame, clock: Clock, part: Opinions) -> pd.DataFrame:
    """Return the table ``seller_feedback``: a verdict and three detailed ratings from 1 to 5."""
    given = orders[chance(rng, np.full(len(orders), part.feedback))]
    given = given.assign(at=clock.next_day(rng, given["delivered"] + rng.exponential(part.after_days, len(given))))
    given = given[given["at"] < clock.days].sort_values("at", kind="stable", ignore_index=True)
    felt = part.dsr_mean + part.dsr_slope * given[list(DIMENSIONS)]
    return pd.DataFrame(
        {
            "seller_id": ids("S", given["seller"].to_numpy(), 4),
            "customer_id": ids("C", given["customer"].to_numpy()),
            "verdict": given["verdict"],
            "rated_at": clock.moments(given["at"]),
            **felt.round().clip(1, 5).astype(int),
        }
    )
