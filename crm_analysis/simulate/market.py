"""Sellers, what they sell, and which of them a customer buys from."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from crm_analysis.simulate.season import Clock
from crm_analysis.simulate.streams import chance, ids, pick


@dataclass(frozen=True)
class Sellers:
    """The market place.

    Parameters
    ----------
    customers_per_seller : int
    large_share : float
        Share of large merchants among the sellers; the first of each category is one and never closes.
    popularity : dict of str to float
        Relative number of customers by kind; lognormal around it with sigma .6.
    items : dict of str to int
        Items on offer by kind, from cheap to dear.
    closing_per_year : dict of str to float
        Hazard of closing down during the window.
    new_share : float
        Share of sellers that open during the window.
    home_share, category_share : float
        Probability that an order goes to the customer's home seller (if open), else to
        another of the home seller's category; the rest goes anywhere.
    categories : dict of str to (float, float)
        Relative size and margin as a share of the amount.
    """

    customers_per_seller: int = 8
    large_share: float = 0.15
    popularity: dict[str, float] = field(default_factory=lambda: {"large_merchant": 6.0, "small_seller": 1.0})
    items: dict[str, int] = field(default_factory=lambda: {"large_merchant": 24, "small_seller": 8})
    closing_per_year: dict[str, float] = field(default_factory=lambda: {"large_merchant": 0.12, "small_seller": 0.5})
    new_share: float = 0.25
    home_share: float = 0.6
    category_share: float = 0.25
    categories: dict[str, tuple[float, float]] = field(
        default_factory=lambda: {
            "clothing": (30.0, 0.26),
            "beauty": (14.0, 0.22),
            "home_goods": (13.0, 0.18),
            "digital": (13.0, 0.07),
            "baby": (10.0, 0.2),
            "food": (9.0, 0.15),
            "books": (6.0, 0.12),
            "topup": (5.0, 0.02),
        }
    )


class Market:
    """The sellers of a company and their items.

    Parameters
    ----------
    rng : numpy.random.Generator
    count : int
        Number of sellers.
    clock : Clock
    part : Sellers

    Attributes
    ----------
    sellers : pandas.DataFrame
        ``kind``, ``category``, ``opened``, ``closed`` (days; inf if it does not close), ``popularity`` and
        the hidden ``quality``, ``service`` (means of perceived quality) and ``speed`` (factor of delivery time).
    items : pandas.DataFrame
        ``seller`` and ``category``; the items of a seller stand together, from cheap to dear.
    """

    def __init__(self, rng: np.random.Generator, count: int, clock: Clock, part: Sellers) -> None:
        self.part = part
        self.sellers = _make_sellers(rng, count, clock, part)
        repeats = self.sellers["kind"].map(part.items).to_numpy()
        self._first_item, self._items = np.cumsum(repeats) - repeats, repeats
        seller = np.repeat(np.arange(count), repeats)
        self.items = pd.DataFrame({"seller": seller, "category": self.sellers["category"].to_numpy()[seller]})
        self._by_category = np.argsort(self.sellers["category"].to_numpy().astype(str), kind="stable")
        ordered = self.sellers.iloc[self._by_category]
        self._weight = np.concatenate([[0.0], np.cumsum(ordered["popularity"])])
        bounds = {name: np.flatnonzero(ordered["category"] == name) for name in part.categories}
        self._low = {name: self._weight[rows[0]] for name, rows in bounds.items()}
        self._high = {name: self._weight[rows[-1] + 1] for name, rows in bounds.items()}

    def any_seller(self, rng: np.random.Generator, t: np.ndarray) -> np.ndarray:
        """Draw a seller open at each moment, popular ones more often."""
        return self._draw(rng, t, np.zeros(len(t)), np.full(len(t), self._weight[-1]))

    def same_category(self, rng: np.random.Generator, t: np.ndarray, seller: np.ndarray) -> np.ndarray:
        """Draw a seller open at each moment from the category of `seller`."""
        category = self.sellers["category"].iloc[seller]
        return self._draw(rng, t, category.map(self._low).to_numpy(), category.map(self._high).to_numpy())

    def shop(self, rng: np.random.Generator, t: np.ndarray, home: np.ndarray) -> np.ndarray:
        """Draw the seller of each order: home, of its category, or any."""
        u = rng.random(len(t))
        at_home = (u < self.part.home_share) & self.is_open(home, t)
        near = ~at_home & (u < self.part.home_share + self.part.category_share)
        seller = np.where(at_home, home, self.any_seller(rng, t))
        seller[near] = self.same_category(rng, t[near], home[near])
        return seller

    def is_open(self, seller: np.ndarray, t: np.ndarray) -> np.ndarray:
        """Tell whether each seller sells at each moment."""
        opened, closed = self.sellers["opened"].to_numpy()[seller], self.sellers["closed"].to_numpy()[seller]
        return (opened <= t) & (t < closed)

    def item(self, seller: np.ndarray, quantile: np.ndarray) -> np.ndarray:
        """Return the item of each seller whose place from cheap to dear is `quantile`."""
        return self._first_item[seller] + np.minimum(
            (quantile * self._items[seller]).astype(int), self._items[seller] - 1
        )

    def _draw(self, rng: np.random.Generator, t: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        seller, todo = np.zeros(len(t), dtype=np.int64), np.arange(len(t))
        while len(todo):
            weight = low[todo] + rng.random(len(todo)) * (high[todo] - low[todo])
            place = np.searchsorted(self._weight, weight, side="right") - 1
            drawn = self._by_category[np.minimum(place, len(self._by_category) - 1)]
            good = self.is_open(drawn, t[todo])
            seller[todo[good]] = drawn[good]
            todo = todo[~good]
        return seller


def _make_sellers(rng: np.random.Generator, count: int, clock: Clock, part: Sellers) -> pd.DataFrame:
    names, anchors = list(part.categories), len(part.categories)
    large = chance(rng, np.full(count, part.large_share))
    category = pick(rng, {name: size for name, (size, _) in part.categories.items()}, count)
    large[:anchors], category[:anchors] = True, names
    kind = np.where(large, "large_merchant", "small_seller").astype(object)
    new = chance(rng, np.full(count, part.new_share))
    opened = np.where(new, clock.days * rng.random(count), clock.day("2003-05-10") * rng.beta(1.0, 2.5, count))
    opened[:anchors] = clock.day("2003-05-10") * rng.beta(2.0, 2.0, anchors)
    hazard = pd.Series(kind).map(part.closing_per_year).to_numpy() / 365
    closed = np.maximum(opened, 0) + rng.exponential(1.0, count) / hazard
    closed[:anchors] = np.inf
    return pd.DataFrame(
        {
            "kind": kind,
            "category": category,
            "opened": np.floor(opened),
            "closed": np.where(closed < clock.days - 1, np.floor(closed) + 1, np.inf),
            "popularity": pd.Series(kind).map(part.popularity).to_numpy() * np.exp(0.6 * rng.standard_normal(count)),
            "quality": np.where(large, 0.2, -0.05) + 0.4 * rng.standard_normal(count),
            "service": np.where(large, 0.1, -0.05) + 0.4 * rng.standard_normal(count),
            "speed": np.exp(0.2 * rng.standard_normal(count)),
        }
    )


def sellers_table(
    rng: np.random.Generator, market: Market, clock: Clock, orders: pd.DataFrame, tickets: pd.DataFrame
) -> pd.DataFrame:
    """Return the table ``sellers``; its counts are those of the tables ``orders`` and ``tickets``."""
    sellers = market.sellers
    numbers = sellers.index
    refunded = orders["refunded"] & (orders["delivered"] < clock.days)
    violations = rng.poisson(np.where(sellers["kind"] == "large_merchant", 0.3, 0.6) * np.exp(-sellers["quality"]))
    return pd.DataFrame(
        {
            "seller_id": ids("S", numbers.to_numpy(), 4),
            "kind": sellers["kind"],
            "category": sellers["category"],
            "opened_at": clock.moments(sellers["opened"]),
            "closed_at": clock.moments(sellers["closed"]),
            "violations": violations,
            "refunds": orders["seller"][refunded].value_counts().reindex(numbers, fill_value=0),
            "orders": orders["seller"].value_counts().reindex(numbers, fill_value=0),
            "complaints": tickets["seller"].value_counts().reindex(numbers, fill_value=0),
        }
    )


def orders_table(orders: pd.DataFrame, market: Market, clock: Clock) -> pd.DataFrame:
    """Return the table ``orders``; what is on its way at the end of the window has no delivery days yet."""
    orders = orders.reset_index(drop=True)
    arrived = orders["delivered"] < clock.days
    category = market.items["category"].iloc[orders["item"]].reset_index(drop=True)
    rate = category.map({name: margin for name, (_, margin) in market.part.categories.items()})
    status = np.select([~arrived, orders["refunded"]], ["shipped", "refunded"], "completed")
    return pd.DataFrame(
        {
            "order_id": orders["order_id"],
            "customer_id": ids("C", orders["customer"].to_numpy()),
            "ordered_at": clock.moments(orders["t"]),
            "amount": orders["amount"],
            "item_id": ids("I", orders["item"].to_numpy()),
            "category": category,
            "quantity": orders["quantity"],
            "margin": (orders["amount"] * rate).round(2),
            "seller_id": ids("S", orders["seller"].to_numpy(), 4),
            "status": status.astype(object),
            "promised_days": orders["promised"],
            "delivery_days": orders["days"].where(arrived),
        }
    )
