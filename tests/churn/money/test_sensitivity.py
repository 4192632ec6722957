"""Assumptions moved, and budgets spent."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.churn.money.budget import spend_budget
from crm_analysis.churn.money.campaign import Campaign, break_even, expected_profit
from crm_analysis.churn.money.sensitivity import sensitivity, sensitivity_grid
from crm_analysis.errors import InputError

CAMPAIGN = Campaign(offer=20, contact=3)


@pytest.fixture(scope="module")
def shop():
    rng = np.random.default_rng(3)
    p = rng.beta(1, 3, 500)
    return p, (rng.random(500) < p).astype(int), rng.lognormal(5, 0.8, 500)


def list_profit(p, y, campaign, clv, listed):
    d, f = campaign.offer, campaign.contact
    return np.where(y == 1, campaign.accept_mean * (clv - d) - f, -d - f)[listed].sum() / len(y)


@pytest.mark.parametrize("varying", [False, True])
def test_todays_list_earns_nothing_at_each_tipping_value(shop, varying):
    p, y, clv = shop
    clv = clv if varying else np.full(500, 200.0)
    table = sensitivity(p, y, CAMPAIGN, clv=clv).table
    listed = p >= break_even(CAMPAIGN, clv)
    for name in ("accept", "offer", "contact"):
        moved = CAMPAIGN.changed(clv=1e6, **{name: table.loc[name, "tipping_value"]})
        assert list_profit(p, y, moved, clv, listed) == pytest.approx(0, abs=1e-9)
    scaled = clv * table.loc["clv", "tipping_value"] / clv.mean()
    assert list_profit(p, y, CAMPAIGN, scaled, listed) == pytest.approx(0, abs=1e-9)


def test_the_table_decides_anew_at_both_ends(shop):
    p, y, _ = shop
    found = sensitivity(p, y, CAMPAIGN, ranges={"accept": (0.0, 1.0), "clv": (30, 1000)})
    assert found.decision == "contact_some"
    row = found.table.loc["accept"]
    assert (row["profit_at_least"], row["decision_at_least"], row["decision_changes"]) == (0, "contact_none", True)
    most = CAMPAIGN.changed(accept=1.0)
    plans = [list_profit(p, y, most, 200.0, rows) for rows in (p >= break_even(most), p >= 0)]
    assert row["profit_at_most"] == pytest.approx(max(plans))
    rich = np.full(500, 1000.0)
    plans = {"contact_some": list_profit(p, y, CAMPAIGN, rich, p >= break_even(CAMPAIGN, rich)),
             "contact_all": list_profit(p, y, CAMPAIGN, rich, p >= 0)}  # fmt: skip
    assert found.table.loc["clv", "decision_at_most"] == max(plans, key=plans.get)
    assert sensitivity([0.9, 0.8], [1, 1], Campaign()).decision == "contact_all"
    assert (found.table["swing"].diff().dropna() <= 0).all()
    assert "接受率" in found.text("zh")
    assert "decision changes with the" in found.text("en")
    base = {"accept": 0.3, "offer": 20, "contact": 3, "clv": 200}
    quiet = sensitivity(p, y, CAMPAIGN, ranges={name: (0.99 * x, 1.01 * x) for name, x in base.items()})
    assert "no single assumption changes" in quiet.text("en")


def test_the_grid_agrees_with_one_at_a_time(shop):
    p, y, _ = shop
    table = sensitivity(p, y, CAMPAIGN).table
    grid = sensitivity_grid(p, y, CAMPAIGN, first="offer", second="contact", steps=3)
    middle = grid[(grid["contact"] == 3)].set_index("offer")["profit"]
    assert middle.loc[10.0] == pytest.approx(table.loc["offer", "profit_at_least"])
    assert middle.loc[30.0] == pytest.approx(table.loc["offer", "profit_at_most"])


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"ranges": {"price": (1, 2)}}, "'price' is no assumption"), ({"ranges": {"accept": (0.1, 3)}}, "no range"),
        ({"ranges": {"offer": (9, 3)}}, "no range"), ({"clv": np.full(500, -1.0)}, "mean value of customers"),
    ],
)  # fmt: skip
def test_ranges_that_are_none_are_refused(shop, how, message):
    with pytest.raises(InputError, match=message):
        sensitivity(*shop[:2], CAMPAIGN, **how)


def test_a_grid_of_one_assumption_or_without_room_is_refused(shop):
    with pytest.raises(InputError, match="cannot be used"):
        sensitivity_grid(*shop[:2], CAMPAIGN, first="clv", second="clv")
    with pytest.raises(InputError, match="contact is 0"):
        sensitivity_grid(*shop[:2], Campaign(contact=0), second="contact")


@settings(max_examples=40)
@given(st.floats(0, 200), st.floats(0, 50), st.integers(0, 9))
def test_a_budget_is_kept_and_a_larger_one_never_earns_less(budget, more, seed):
    rng = np.random.default_rng(seed)
    p, clv = rng.random(8), rng.uniform(5, 300, 8)
    found, larger = (spend_budget(p, CAMPAIGN, budget=x, clv=clv) for x in (budget, budget + more))
    assert found.cost <= budget + 1e-6
    assert larger.profit >= found.profit
    cost, gain = found.table["cost"].to_numpy(), found.table["expected_profit"].to_numpy()
    sets = [[i for i in range(8) if mask >> i & 1] for mask in range(256)]
    best = max(gain[rows].sum() for rows in sets if cost[rows].sum() <= budget)
    assert found.profit <= best + 1e-9
    assert best <= found.profit + found.shortfall_bound + 1e-6


def test_a_budget_for_all_contacts_whoever_pays(shop):
    p, _, clv = shop
    ids = pd.Index([f"{i:03d}" for i in range(500)], name="customer_id")
    found = spend_budget(
        pd.Series(p, ids), CAMPAIGN, budget=1e9, clv=pd.Series(clv, ids).sample(frac=1, random_state=0)
    )
    profit = expected_profit(p, CAMPAIGN, clv=clv)
    assert found.table["chosen"].tolist() == (profit > 0).tolist()
    assert found.profit == pytest.approx(profit[profit > 0].sum())
    assert found.shortfall_bound == 0
    assert found.curve["expected_profit"].iloc[-1] == pytest.approx(found.profit)
    assert f"{found.table['chosen'].sum():,}" in found.text("zh")
    assert "budget" in found.text("en")


@pytest.mark.parametrize("budget", [-1, float("nan"), "100", True])
def test_a_budget_that_is_none_is_refused(budget):
    with pytest.raises(InputError, match="budget"):
        spend_budget([0.5], CAMPAIGN, budget=budget)


def test_one_customer_in_two_rows_is_refused():
    with pytest.raises(InputError, match="two rows"):
        spend_budget(pd.Series([0.5, 0.6], index=["a", "a"]), CAMPAIGN, budget=10)
