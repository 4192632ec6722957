"""The log of a few weeks: views, favourites, carts and buys, one chain per visit to an item."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm_analysis.simulate.market import Market
from crm_analysis.simulate.purchases import Purchases
from crm_analysis.simulate.season import Clock
from crm_analysis.simulate.streams import chance, ids

ACTIONS = ("view", "favourite", "cart", "buy")


@dataclass(frozen=True)
class Browsing:
    """From looking to buying, for each customer and item looked at.

    Parameters
    ----------
    first_day, last_day : str
        Days of the log.
    interest : float
        Probability that an item looked at is marked as favourite or put into the cart.
    buy_if_interest, buy_if_not : float
        Probability that it is then bought.
    favourite, cart : float
        Share of the marked items that are favourites only, in the cart only; the rest are both.
    more_views : float
        Mean number of views after the first (Poisson).
    near : float
        Share of items not bought that come from the category of the home seller.
    """

    first_day: str = "2012-11-26"
    last_day: str = "2012-12-23"
    interest: float = 0.16
    buy_if_interest: float = 0.3
    buy_if_not: float = 0.03
    favourite: float = 0.3
    cart: float = 0.55
    more_views: float = 0.4
    near: float = 0.5

    @property
    def buy(self) -> float:
        """Probability that an item looked at is bought."""
        return self.interest * self.buy_if_interest + (1 - self.interest) * self.buy_if_not


def make_chains(
    rng: np.random.Generator,
    people: pd.DataFrame,
    orders: pd.DataFrame,
    market: Market,
    clock: Clock,
    part: Browsing,
    buying: Purchases,
) -> pd.DataFrame:
    r"""Draw every (customer, item) looked at within the log.

    Items are looked at at a rate :math:`\lambda/c`, and each is bought with probability
    `c`. The orders are therefore the bought ones, and those not bought are an
    independent Poisson process of rate :math:`\lambda(1-c)/c` while the customer is
    active (before the first purchase with the rate of the first purchase). An order
    won by an e-mail brings a geometric number of items not bought.

    Returns
    -------
    pandas.DataFrame
        ``customer``, ``item``, ``end`` (days; when it is bought or put aside), ``bought``, ``marked``.
    """
    low, high = clock.day(part.first_day), clock.day(part.last_day) + 1
    bought = orders[(orders["t"] >= low) & (orders["t"] < high)]
    won = bought[bought["origin"] == "campaign"]
    looked = pd.concat([_looking(rng, people, clock, part, buying, low, high), _around(rng, won, part, low)])
    customer, end = looked["customer"].to_numpy(), looked["end"].to_numpy()
    home = people["home"].to_numpy()[customer]
    near = rng.random(len(looked)) < part.near
    seller = market.any_seller(rng, end)
    seller[near] = market.same_category(rng, end[near], home[near])
    item = market.item(seller, rng.random(len(looked)))
    chains = pd.concat(
        [
            pd.DataFrame({"customer": bought["customer"], "item": bought["item"], "end": bought["t"], "bought": True}),
            pd.DataFrame({"customer": customer, "item": item, "end": end, "bought": False}),
        ],
        ignore_index=True,
    )
    given_bought = part.interest * part.buy_if_interest / part.buy
    given_not = part.interest * (1 - part.buy_if_interest) / (1 - part.buy)
    return chains.assign(marked=chance(rng, np.where(chains["bought"], given_bought, given_not)))


def _looking(
    rng: np.random.Generator,
    people: pd.DataFrame,
    clock: Clock,
    part: Browsing,
    buying: Purchases,
    low: float,
    high: float,
) -> pd.DataFrame:
    """Items looked at and not bought, before and after the first purchase."""
    first = people["first"].fillna(np.inf)
    stages = [
        (people["joined"], first, np.full(len(people), 1 / buying.first_order_mean_days)),
        (first, people["left"].fillna(-np.inf), people["rate"].to_numpy()),
    ]
    made = []
    for start, end, rate in stages:
        start, end = np.clip(start, low, high), np.clip(end, low, high)
        busy = np.maximum(clock.busy(end) - clock.busy(start), 0)
        who = np.repeat(np.arange(len(people)), rng.poisson(rate * busy * (1 - part.buy) / part.buy))
        moments = clock.between(rng, start.to_numpy()[who], end.to_numpy()[who])
        made.append(pd.DataFrame({"customer": who, "end": moments}))
    return pd.concat(made, ignore_index=True)


def _around(rng: np.random.Generator, won: pd.DataFrame, part: Browsing, low: float) -> pd.DataFrame:
    """Items looked at and not bought in the two days before an order won by an e-mail."""
    counts = rng.geometric(part.buy, len(won)) - 1
    end = np.repeat(won["t"].to_numpy(), counts) - 2 * rng.random(counts.sum())
    return pd.DataFrame({"customer": np.repeat(won["customer"].to_numpy(), counts), "end": np.maximum(end, low)})


def events_table(
    rng: np.random.Generator, chains: pd.DataFrame, people: pd.DataFrame, market: Market, clock: Clock, part: Browsing
) -> pd.DataFrame:
    """Return the table ``events``, by time: the views, marks and buys of `chains`, none before the log begins."""
    end, count = chains["end"].to_numpy(), len(chains)
    earliest = np.maximum(people["joined"].to_numpy()[chains["customer"]], clock.day(part.first_day))
    lasted = np.exp(1.5 * rng.standard_normal(count)) * 20 / 1440
    lasted = np.minimum(lasted, (end - earliest) * rng.random(count))
    kind = rng.random(count)
    marked = chains["marked"].to_numpy()
    where = {
        "view": np.repeat(np.arange(count), 1 + rng.poisson(part.more_views, count)),
        "favourite": np.flatnonzero(marked & ((kind < part.favourite) | (kind >= part.favourite + part.cart))),
        "cart": np.flatnonzero(marked & (kind >= part.favourite)),
        "buy": np.flatnonzero(chains["bought"]),
    }
    back = {action: rng.random(len(where[action])) for action in ("view", "favourite", "cart")}
    back["view"][np.append(True, np.diff(where["view"]) > 0)] = 1.0  # the first view opens the chain
    back["buy"] = np.zeros(len(where["buy"]))
    rows = np.concatenate([where[action] for action in ACTIONS])
    log = pd.DataFrame(
        {
            "customer": chains["customer"].to_numpy()[rows],
            "item": chains["item"].to_numpy()[rows],
            "action": np.repeat(np.array(ACTIONS, dtype=object), [len(where[action]) for action in ACTIONS]),
            "t": np.concatenate([end[where[action]] - lasted[where[action]] * back[action] for action in ACTIONS]),
        }
    )
    log = log.sort_values("t", kind="stable", ignore_index=True)
    return pd.DataFrame(
        {
            "customer_id": ids("C", log["customer"].to_numpy()),
            "item_id": ids("I", log["item"].to_numpy()),
            "category_id": market.items["category"].to_numpy()[log["item"]],
            "action": log["action"],
            "happened_at": clock.moments(log["t"]),
        }
    )
