"""A Taobao-like sample company with known truth: every table of the Taobao case from one stated process."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.simulate.account import write
from crm_analysis.simulate.browsing import events_table, make_chains
from crm_analysis.simulate.campaigns import contacts_table
from crm_analysis.simulate.complaints import tickets_table
from crm_analysis.simulate.figures import figures
from crm_analysis.simulate.life import Streams, live
from crm_analysis.simulate.market import Market, orders_table, sellers_table
from crm_analysis.simulate.opinions import feedback_table, ratings_table
from crm_analysis.simulate.people import customers_table
from crm_analysis.simulate.process import Process
from crm_analysis.simulate.season import Clock
from crm_analysis.simulate.streams import stream
from crm_analysis.simulate.survey import survey_table
from crm_analysis.simulate.survey_model import measurement_model
from crm_analysis.simulate.visits import visits_table
from crm_analysis.tables import About, DataSet, conform

ZONE = "Asia/Shanghai"
FEWEST, MOST = 200, 1_000_000


def make(*, seed: int = 2012, customers: int = 2000, process: Process | None = None) -> tuple[DataSet, dict]:
    """Make the company's tables and the truth behind them.

    Parameters
    ----------
    seed : int >= 0
        The same seed gives the same data.
    customers : int
        Registered customers, 200 to 1,000,000; the other tables grow with them.
    process : Process, optional
        Another process than the stated one, for example ``Process().plain()``.

    Returns
    -------
    data : DataSet
        Times are in Asia/Shanghai, amounts in CNY.
    truth : dict
        ``case``, ``seed``, ``customers``, ``process`` (every parameter), ``figures`` (what came of it in this
        sample), ``model`` (the questionnaire), ``account`` (text in English and Chinese) and ``hidden``: data
        frames that no company has, such as each customer's purchase rate and the moment of leaving.

    Raises
    ------
    InputError
        If `seed` or `customers` lies outside its range.

    Examples
    --------
    >>> data, truth = make(customers=200)
    >>> data.has("orders", "amount", "seller_id"), truth["process"]["purchases"]["r"]
    (True, 0.9)
    """
    _check(seed, customers)
    process = process or Process()
    clock = Clock(process.season)
    rng = partial(_stream, seed)
    hidden, market = live(rng, customers, clock, process)
    hidden |= {"sellers": market.sellers, "items": market.items}
    tables = _tables(rng, hidden, market, clock, process)
    data = DataSet({}, _about(seed, customers, clock, process))
    source = f"crm simulate taobao --seed {seed} --customers {customers}"
    for name, frame in tables.items():
        kept, entry = conform(frame, name, zone=ZONE, source=source, step="simulate", first_line=1)
        data.tables[name] = kept
        data.ledger.add(entry)
    found = figures(data, hidden, clock)
    truth = {
        "case": "taobao", "seed": seed, "customers": customers, "process": process.stated(), "figures": found,
        "model": measurement_model(process.survey.paths), "account": write(process, found), "hidden": hidden,
    }  # fmt: skip
    return data, truth


def _check(seed: int, customers: int) -> None:
    if not (isinstance(seed, int) and seed >= 0):
        raise InputError(f"the seed {seed!r} cannot be used", expected="a whole number from 0", mend="--seed 2012")
    if not (isinstance(customers, int) and FEWEST <= customers <= MOST):
        raise InputError(
            f"{customers!r} customers cannot be simulated", expected=f"{FEWEST} to {MOST:,}", mend="--customers 2000"
        )


def _stream(seed: int, part: str) -> np.random.Generator:
    return stream(seed, f"taobao {part}")


def _tables(
    rng: Streams, hidden: dict[str, pd.DataFrame], market: Market, clock: Clock, process: Process
) -> dict[str, pd.DataFrame]:
    """Return what the company sees; add to `hidden` the chains behind the events and the blocks behind the survey."""
    people, orders, contacts = hidden["customers"], hidden["orders"], hidden["contacts"]
    arrived = orders[orders["delivered"] < clock.days]
    tickets = hidden["tickets"][hidden["tickets"]["opened"] < clock.days]
    chains = make_chains(rng("chains"), people, orders, market, clock, process.browsing, process.purchases)
    answers, blocks = survey_table(rng("survey"), orders, people, clock, process.survey)
    hidden |= {"chains": chains, "blocks": blocks}
    return {
        "customers": customers_table(people, clock),
        "orders": orders_table(orders, market, clock),
        "events": events_table(rng("events"), chains, people, market, clock, process.browsing),
        "ratings": ratings_table(rng("ratings"), arrived, people, market, clock, process.opinions),
        "seller_feedback": feedback_table(rng("feedback"), arrived, clock, process.opinions),
        "sellers": sellers_table(rng("violations"), market, clock, orders, tickets),
        "survey": answers,
        "tickets": tickets_table(tickets, clock),
        "contacts": contacts_table(contacts, orders, clock),
        "visits": visits_table(rng("visits"), orders, len(people), clock, process.visits),
    }


def _about(seed: int, customers: int, clock: Clock, process: Process) -> About:
    def span(part: object) -> list[str]:
        return [f"{part.first_day} 00:00:00", f"{part.last_day} 23:59:59"]

    return About(
        name="Sample company (Taobao-like)",
        name_zh="示例公司（仿淘宝）",
        company="none; simulated",
        origin="simulated",
        source=f"crm simulate taobao --seed {seed} --customers {customers}",
        licence="CC0-1.0",
        currency="CNY",
        zone=ZONE,
        window=clock.moments(np.array([0.0, clock.days - 1 / 86400])).astype(str).tolist(),
        notes={
            "case": "taobao",
            "seed": seed,
            "customers": customers,
            "events_window": span(process.browsing),
            "visits_window": span(process.visits),
            "survey_window": span(process.survey),
            "truth": "truth.yml, truth.md",
        },
    )
