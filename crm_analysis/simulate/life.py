"""The life of all customers, in the order in which one thing leads to the next."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from crm_analysis.simulate.campaigns import change_orders, plan, potential
from crm_analysis.simulate.complaints import make_complaints
from crm_analysis.simulate.dropout import closings, lifetimes, spells
from crm_analysis.simulate.experience import add_experience
from crm_analysis.simulate.market import Market
from crm_analysis.simulate.people import make_people
from crm_analysis.simulate.process import Process
from crm_analysis.simulate.purchases import add_rates, amounts, intended_orders
from crm_analysis.simulate.season import Clock
from crm_analysis.simulate.streams import ids

Streams = Callable[[str], np.random.Generator]


def live(rng: Streams, count: int, clock: Clock, process: Process) -> tuple[dict[str, pd.DataFrame], Market]:
    """Let `count` customers join, buy, be content or complain, and leave.

    First everything is drawn that would happen if nobody ever left; from it follows
    when each customer leaves; what comes after that is thrown away.

    Parameters
    ----------
    rng : callable
        Gives the random stream of a part by its name.
    count : int
    clock : Clock
    process : Process

    Returns
    -------
    hidden : dict of str to pandas.DataFrame
        ``customers``, ``orders`` (by time), ``tickets``, ``contacts``, and of the life without leaving ``spells``
        and ``closings``; times are days since the window began. ``left`` after the window's end means still
        active at the end.
    market : Market
    """
    people = make_people(rng("people"), count, clock, process.people)
    people = add_rates(rng("rates"), people, clock, process.purchases, process.spend)
    sellers = max(2 * len(process.sellers.categories), count // process.sellers.customers_per_seller)
    market = Market(rng("sellers"), sellers, clock, process.sellers)
    people["home"] = market.any_seller(rng("home"), people["joined"].to_numpy())

    natural = intended_orders(rng("orders"), people, clock)
    contacts = plan(rng("campaigns"), people, clock, process.campaigns)
    orders = _fill(rng("baskets"), change_orders(natural, contacts), people, market, process)
    orders = add_experience(rng("experience"), orders, people, market.sellers, clock, process.experience)
    tickets = make_complaints(rng("complaints"), orders, market.sellers, clock, process.complaints)

    effects = spells(orders, tickets, process.dropout)
    lost = closings(orders, market.sellers, process.dropout)
    people = lifetimes(rng("dropout"), people, effects, lost, process.dropout)

    placed = orders[orders["t"] < orders["customer"].map(people["left"])].sort_values("t", kind="stable")
    placed = placed.assign(order_id=ids("O", np.arange(len(placed)), 6))
    tickets = tickets[tickets["order"].isin(placed.index)]
    hidden = {
        "customers": people,
        "orders": placed,
        "tickets": tickets.assign(order_id=tickets["order"].map(placed["order_id"])),
        "contacts": potential(contacts, natural, people["left"]),
        "spells": effects,
        "closings": lost,
    }
    return hidden, market


def _fill(
    rng: np.random.Generator, orders: pd.DataFrame, people: pd.DataFrame, market: Market, process: Process
) -> pd.DataFrame:
    """Give each order its amount, quantity, seller and item."""
    amount = amounts(rng, orders["customer"], people, process.spend)
    quantity = 1 + (rng.random(len(orders)) < 0.15) + (rng.random(len(orders)) < 0.05)
    seller = market.shop(rng, orders["t"].to_numpy(), people["home"].to_numpy()[orders["customer"]])
    item = market.item(seller, process.spend.quantile(amount / quantity))
    return orders.assign(amount=amount, quantity=quantity, seller=seller, item=item)
