"""What an order feels like: delivery, perception against expectation, satisfaction."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.special import expit

from crm_analysis.simulate.season import Clock
from crm_analysis.simulate.streams import chance


@dataclass(frozen=True)
class Experience:
    """From parcel to satisfaction.

    Parameters
    ----------
    promised_days, mean_days : dict of int to float
        By tier of the city. A parcel takes 1 + Poisson days; the mean is multiplied by the seller's speed.
    rush : float
        Factor of the mean for orders of a promotion day and the four days after it.
    delivery_per_day : float
        Perceived delivery quality lost with each day.
    noise_sd : float
        Standard deviation of one order's perception in each of the three dimensions.
    gain, loss : float
        Satisfaction per unit by which perception exceeds, or falls short of, expectation.
    stars_above, verdict_above : tuple of float
        Satisfaction above which a customer would give 2, 3, 4, 5 stars; neutral, good.
    refund : tuple of float
        Intercept and slope on satisfaction of the log odds that an order is refunded.
    """

    promised_days: dict[int, int] = field(default_factory=lambda: {1: 3, 2: 4, 3: 5})
    mean_days: dict[int, float] = field(default_factory=lambda: {1: 2.1, 2: 2.9, 3: 3.8})
    rush: float = 1.4
    delivery_per_day: float = 0.4
    noise_sd: float = 0.8
    gain: float = 0.6
    loss: float = 1.5
    stars_above: tuple[float, ...] = (-1.5, -0.95, -0.35, 0.25)
    verdict_above: tuple[float, ...] = (-1.3, -0.7)
    refund: tuple[float, float] = (-4.2, -1.6)


DIMENSIONS = ("item_match", "service", "delivery")


def add_experience(
    rng: np.random.Generator,
    orders: pd.DataFrame,
    people: pd.DataFrame,
    sellers: pd.DataFrame,
    clock: Clock,
    part: Experience,
) -> pd.DataFrame:
    r"""Deliver each order and let the customer feel about it.

    .. math:: s = g \max(P - E, 0) + l \min(P - E, 0)

    Perception `P` is the mean of three dimensions (item as described, service,
    delivery), `E` the customer's expectation.

    Returns
    -------
    pandas.DataFrame
        `orders` with ``days``, ``promised``, ``delivered``, ``late``, the perceptions, ``perception``,
        ``gap``, ``satisfaction``, ``stars`` (those the customer would give), ``verdict``, ``refunded``.
    """
    who, shop, count = people.iloc[orders["customer"]], sellers.iloc[orders["seller"]], len(orders)
    t, tier = orders["t"].to_numpy(), who["tier"]
    promised = tier.map(part.promised_days).to_numpy()
    mean = tier.map(part.mean_days).to_numpy() * shop["speed"].to_numpy() * _rush(t, clock, part.rush)
    days = 1 + rng.poisson(np.maximum(mean - 1, 0.1))
    noise = part.noise_sd * rng.standard_normal((3, count))
    felt = {
        "item_match": shop["quality"].to_numpy() + noise[0],
        "service": shop["service"].to_numpy() + noise[1],
        "delivery": part.delivery_per_day * (promised - days) + noise[2],
    }
    perception = sum(felt.values()) / len(felt)
    gap = perception - who["expectation"].to_numpy()
    satisfaction = part.gain * np.maximum(gap, 0) + part.loss * np.minimum(gap, 0)
    intercept, slope = part.refund
    return orders.assign(
        days=days,
        promised=promised,
        delivered=np.floor(t) + days + (9 + 11 * rng.random(count)) / 24,
        late=days > promised,
        **felt,
        perception=perception,
        gap=gap,
        satisfaction=satisfaction,
        stars=1 + np.searchsorted(part.stars_above, satisfaction),
        verdict=np.array(["bad", "neutral", "good"], dtype=object)[np.searchsorted(part.verdict_above, satisfaction)],
        refunded=chance(rng, expit(intercept + slope * satisfaction)),
    )


def _rush(t: np.ndarray, clock: Clock, factor: float) -> np.ndarray:
    starts = np.array([clock.day(day) for day, lift in clock.season.promotions.items() if lift > 1])
    if not len(starts):
        return np.ones(len(t))
    after = t[:, None] - starts[None, :]
    return np.where(((after >= 0) & (after < 5)).any(axis=1), factor, 1.0)
