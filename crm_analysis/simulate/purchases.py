"""Buying and spending: gamma-mixed Poisson purchases and Gamma-Gamma amounts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import betainc

from crm_analysis.simulate.season import Clock


@dataclass(frozen=True)
class Purchases:
    """How often customers buy while they are active.

    Parameters
    ----------
    r, alpha_days : float
        Repeat purchases are Poisson; a customer's rate per busy day is gamma(`r`, rate `alpha_days`).
    first_order_mean_days : float
        The first purchase follows the registration after an exponential time, in busy days.
    """

    r: float = 0.9
    alpha_days: float = 27.0
    first_order_mean_days: float = 60.0


@dataclass(frozen=True)
class Spend:
    """Gamma-Gamma amounts: an order is gamma(`p`, rate nu), a customer's nu is gamma(`q`, rate `gamma`).

    The mean order is ``p * gamma / (q - 1)``. Spending does not hang on frequency.
    """

    p: float = 3.0
    q: float = 4.0
    gamma: float = 150.0

    @property
    def mean(self) -> float:
        """Mean amount of an order over all customers."""
        return self.p * self.gamma / (self.q - 1)

    def quantile(self, amount: np.ndarray) -> np.ndarray:
        """Share of all orders below `amount`.

        Examples
        --------
        >>> Spend().quantile(np.array([0.0, 150.0])).round(3).tolist()
        [0.0, 0.656]
        """
        amount = np.asarray(amount, float)
        return betainc(self.p, self.q, amount / (amount + self.gamma))


def add_rates(
    rng: np.random.Generator, people: pd.DataFrame, clock: Clock, buying: Purchases, spend: Spend
) -> pd.DataFrame:
    """Give each customer a purchase rate, a spending level and the moment of the first purchase (NaN if not yet)."""
    count = len(people)
    busy = clock.busy(people["joined"]) + rng.exponential(buying.first_order_mean_days, count)
    return people.assign(
        rate=rng.gamma(buying.r, 1 / buying.alpha_days, count),
        nu=rng.gamma(spend.q, 1 / spend.gamma, count),
        first=np.where(busy < clock.days, clock.calendar(busy), np.nan),
    )


def intended_orders(rng: np.random.Generator, people: pd.DataFrame, clock: Clock) -> pd.DataFrame:
    """Draw the orders that customers would place by the end of the window if none ever left.

    Returns
    -------
    pandas.DataFrame
        ``customer``, ``t`` (days) and ``origin`` (``first`` or ``repeat``), by customer and time.
    """
    buyers = people[people["first"].notna()]
    start = clock.busy(buyers["first"].to_numpy())
    counts = rng.poisson(buyers["rate"].to_numpy() * (clock.days - start))
    since = np.repeat(start, counts)
    repeats = clock.calendar(since + rng.random(len(since)) * (clock.days - since))
    first = pd.DataFrame({"customer": buyers.index, "t": buyers["first"].to_numpy(), "origin": "first"})
    repeat = pd.DataFrame({"customer": np.repeat(buyers.index.to_numpy(), counts), "t": repeats, "origin": "repeat"})
    return pd.concat([first, repeat]).sort_values(["customer", "t"], kind="stable", ignore_index=True)


def amounts(rng: np.random.Generator, customer: pd.Series, people: pd.DataFrame, spend: Spend) -> np.ndarray:
    """Draw the amount of each order, in whole cents, at least one."""
    drawn = rng.gamma(spend.p, 1.0, len(customer)) / people["nu"].to_numpy()[customer]
    return np.maximum(drawn.round(2), 0.01)
