"""Customers: who they are, when they join, how often they would buy and what they expect."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from crm_analysis.simulate.season import Clock
from crm_analysis.simulate.streams import ids, pick

FIRST_AGE, LAST_AGE = 16, 60


@dataclass(frozen=True)
class People:
    """Shares of the customers' attributes, and the hidden traits.

    Parameters
    ----------
    kinds, channels, sexes : dict of str to float
        Shares. The channel is where the customer came from; it has no effect on anything.
    cities : dict of str to (int, float)
        Tier (1 to 3), which decides delivery times, and relative size.
    image_expectation : float
        Correlation of the company's image and the expectations in a customer's mind.
    expectation_sd : float
        Standard deviation of expectations, in units of perceived quality.
    """

    kinds: dict[str, float] = field(
        default_factory=lambda: {"consumer": 0.92, "small_seller": 0.065, "large_merchant": 0.015}
    )
    channels: dict[str, float] = field(
        default_factory=lambda: {
            "search_engine": 0.32,
            "friend": 0.22,
            "portal_site": 0.16,
            "navigation_site": 0.12,
            "microblog": 0.1,
            "forum": 0.08,
        }
    )
    sexes: dict[str, float] = field(default_factory=lambda: {"female": 0.54, "male": 0.46})
    cities: dict[str, tuple[int, float]] = field(
        default_factory=lambda: {
            "Beijing": (1, 9.0),
            "Shanghai": (1, 10.0),
            "Guangzhou": (1, 7.0),
            "Shenzhen": (1, 7.0),
            "Hangzhou": (1, 8.0),
            "Nanjing": (2, 5.0),
            "Suzhou": (2, 4.0),
            "Ningbo": (2, 3.0),
            "Wuhan": (2, 5.0),
            "Chengdu": (2, 5.0),
            "Chongqing": (2, 4.0),
            "Tianjin": (2, 4.0),
            "Xian": (2, 3.5),
            "Dalian": (2, 3.0),
            "Harbin": (3, 2.5),
            "Kunming": (3, 2.5),
            "Nanning": (3, 2.0),
            "Lanzhou": (3, 1.5),
            "Urumqi": (3, 1.5),
            "Hohhot": (3, 1.5),
        }
    )
    image_expectation: float = 0.5
    expectation_sd: float = 0.5


def make_people(rng: np.random.Generator, count: int, clock: Clock, part: People) -> pd.DataFrame:
    """Draw `count` customers; they join over the whole window, at a constant rate in busy time.

    Returns
    -------
    pandas.DataFrame
        One row per customer, in order of joining: attributes, ``joined`` (days), ``tier``,
        and the hidden ``image`` and ``expected`` (standard normal).
    """
    joined = np.sort(clock.calendar(rng.random(count) * clock.days))
    age = FIRST_AGE + np.floor((LAST_AGE - FIRST_AGE + 1) * rng.beta(2.0, 3.4, count)).astype(int)
    image = rng.standard_normal(count)
    together = part.image_expectation
    expected = together * image + np.sqrt(1 - together**2) * rng.standard_normal(count)
    city = pick(rng, {name: size for name, (_, size) in part.cities.items()}, count)
    return pd.DataFrame(
        {
            "joined": joined,
            "kind": pick(rng, part.kinds, count),
            "city": city,
            "tier": pd.Series(city).map({name: tier for name, (tier, _) in part.cities.items()}).to_numpy(),
            "channel": pick(rng, part.channels, count),
            "sex": pick(rng, part.sexes, count),
            "age": age,
            "birth_day": rng.integers(0, 365, count),
            "image": image,
            "expected": expected,
            "expectation": part.expectation_sd * expected,
        }
    )


def customers_table(people: pd.DataFrame, clock: Clock) -> pd.DataFrame:
    """Return the table ``customers``; the age is the full years on the last day of the window."""
    last = pd.Timestamp(clock.season.first_day) + pd.Timedelta(days=clock.season.days - 1)
    born = (last.year - people["age"]).to_numpy().astype(str).astype("datetime64[Y]").astype("datetime64[D]")
    return pd.DataFrame(
        {
            "customer_id": ids("C", people.index.to_numpy()),
            "joined_at": clock.moments(people["joined"]),
            **{name: people[name] for name in ("kind", "city")},
            "birthday": (born + people["birth_day"].to_numpy()).astype("datetime64[s]"),
            **{name: people[name] for name in ("channel", "sex", "age")},
        }
    )
