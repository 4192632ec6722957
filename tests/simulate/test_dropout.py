"""Leaving: spells and hazards against a slow reckoning by hand."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from crm_analysis.simulate.dropout import Dropout, closings, lifetimes, spells

NO_CLOSINGS = pd.DataFrame({"customer": pd.Series(dtype=int), "time": pd.Series(dtype=float),
                            "jump": pd.Series(dtype=float)})  # fmt: skip


def tickets(**columns):
    return pd.DataFrame({"reason": "delivery", "severity": 1, "overdue": np.inf, "resolved": np.inf,
                         "compensated": False} | columns)  # fmt: skip


def test_spells_of_two_orders_and_two_complaints():
    orders = pd.DataFrame({"customer": 0, "delivered": [2.0, 10.0], "satisfaction": [-1.0, 0.5], "late": [True, False]})
    complaints = tickets(customer=[0, 0], opened=[3.0, 20.0], severity=[3, 1], overdue=[10.0, np.inf],
                         resolved=[12.0, 21.0], compensated=[True, False])  # fmt: skip
    found = spells(orders, complaints, Dropout()).round(6)
    found = sorted(found[["start", "end", "effect"]].itertuples(index=False, name=None))
    assert found == [
        (2.0, 10.0, 0.8),  # -.5 * -1 for the satisfaction, .3 for being late
        (3.0, 20.0, 0.7),  # delivery .3, severity 2 * .2
        (10.0, 20.0, 0.9),  # slow
        (10.0, np.inf, -0.25),
        (12.0, 20.0, -0.7),  # compensated, until the next complaint
        (20.0, np.inf, 0.3),
    ]


def test_a_solution_after_the_next_complaint_has_no_effect():
    orders = pd.DataFrame({"customer": [], "delivered": [], "satisfaction": [], "late": []})
    complaints = tickets(customer=[0, 0], opened=[3.0, 5.0], resolved=[8.0, np.inf], compensated=[True, False])
    found = spells(orders, complaints, Dropout())
    assert found["effect"].tolist() == [0.3, 0.3]


def test_closings_need_two_orders_and_half_of_all():
    sellers = pd.DataFrame({"closed": [10.0, np.inf, 10.0]})
    orders = pd.DataFrame(
        {
            "customer": [0, 0, 1, 2, 2, 2, 3, 3, 3],
            "seller": [0, 0, 0, 0, 0, 1, 2, 1, 1],
            "t": [1.0, 2.0, 1.0, 1.0, 2.0, 12.0, 1.0, 2.0, 3.0],
        }
    )
    found = closings(orders, sellers, Dropout())
    assert found[["customer", "seller", "time"]].to_numpy().tolist() == [[0, 0, 10], [2, 0, 10]]
    assert found["jump"].tolist() == pytest.approx([np.log(2), np.log(2)])


def test_lifetimes_equal_a_slow_integration_of_the_hazard():
    people = pd.DataFrame({"first": [0.0, 5.0, np.nan, 1.0] * 40, "kind": ["consumer", "small_seller"] * 80})
    rng = np.random.default_rng(5)
    starts = people["first"].fillna(0).to_numpy()
    every = pd.DataFrame({"customer": np.repeat(np.arange(160), 3), "effect": rng.normal(0, 1, 480)})
    every["start"] = starts[every["customer"]] + rng.exponential(100, 480)
    every["end"] = np.where(rng.random(480) < 0.3, np.inf, every["start"] + rng.exponential(100, 480))
    every = every[people["first"].notna().to_numpy()[every["customer"]]]
    jumps = pd.DataFrame({"customer": [0, 5, 9], "time": [50.0, 60.0, 70.0], "jump": 0.7})
    part = Dropout()
    found = lifetimes(np.random.default_rng(9), people, every, jumps, part)

    again = np.random.default_rng(9)  # the same draws, in the documented order
    base = again.gamma(part.s, 1 / part.beta_days, 160) * np.exp(people["kind"].map(part.kind))
    limit = again.exponential(1.0, 160)
    assert found["dropout_rate"].to_numpy() == pytest.approx(base.to_numpy())
    assert found["left"].isna().equals(people["first"].isna())
    for i in found["left"].dropna().index:
        own = every[every["customer"] == i]
        hazard = reckon(found["left"][i], people["first"][i], base[i], own)
        jump = jumps[(jumps["customer"] == i) & (jumps["time"] <= found["left"][i])]
        if (jump["time"] == found["left"][i]).any():
            assert hazard < limit[i] <= hazard + jump["jump"].sum()
        else:
            assert hazard + jump["jump"].sum() == pytest.approx(limit[i], rel=1e-9)


def reckon(until, first, base, own):
    """Cumulative hazard up to `until`, interval by interval."""
    edges = np.unique(np.concatenate([[first, until], own["start"], own["end"]]))
    edges = edges[(edges >= first) & (edges <= until)]
    total = 0.0
    for low, high in pairwise(edges):
        on = own[(own["start"] <= low) & (own["end"] >= high)]
        total += base * np.exp(on["effect"].sum()) * (high - low)
    return total


def test_without_effects_the_lifetime_is_pareto():
    part, count = Dropout(), 40_000
    people = pd.DataFrame({"first": np.zeros(count), "kind": "consumer"})
    none = pd.DataFrame({"customer": [], "start": [], "end": [], "effect": []}).astype({"customer": int})
    left = lifetimes(np.random.default_rng(1), people, none, NO_CLOSINGS, part)["left"]
    for t in (30, 200, 1000):
        alive = (part.beta_days / (part.beta_days + t)) ** part.s
        assert (left > t).mean() == pytest.approx(alive, abs=4 * np.sqrt(alive * (1 - alive) / count))
