"""Plots of campaigns and assumptions, read back."""

import logging

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from crm_analysis.churn.money.budget import spend_budget
from crm_analysis.churn.money.campaign import Campaign, break_even
from crm_analysis.churn.money.curve import profit_curve
from crm_analysis.churn.money.loyalty_claim import loyalty_claim
from crm_analysis.churn.money.maximum import expected_maximum_profit
from crm_analysis.churn.money.sensitivity import sensitivity, sensitivity_grid
from crm_analysis.churn.plots import assumptions, money
from crm_analysis.errors import InputError
from crm_analysis.figures import alt_text, new_axes, png
from crm_analysis.intervals import Estimate

CAMPAIGN = Campaign(offer=20, contact=3)


@pytest.fixture(scope="module")
def shop():
    rng = np.random.default_rng(3)
    p = rng.beta(1, 3, 300)
    frame = pd.DataFrame({"churn_probability": p, "clv": rng.lognormal(5, 0.8, 300)})
    return frame, (rng.random(300) < p).astype(int)


@pytest.fixture(scope="module")
def drawn(shop):
    """Each plot with its data, as a function of language and axes."""
    frame, y = shop
    p = frame["churn_probability"]
    curve, best = profit_curve(p, y, CAMPAIGN, draws=50), expected_maximum_profit(p, y, CAMPAIGN)
    moved = sensitivity(p, y, CAMPAIGN, ranges={"accept": (0.0, 0.6)})
    grid = sensitivity_grid(p, y, CAMPAIGN, ranges={"accept": (0, 0.6), "clv": (25, 400)}, steps=5)
    use, claim = spend_budget(p, CAMPAIGN, budget=300, clv=frame["clv"]), loyalty_claim(Estimate(0.78, 0.75, 0.81))
    return {
        "curve": (curve, lambda **how: money.plot_profit_curve(curve, threshold=0.3, currency="$", **how)),
        "break_even": (frame, lambda **how: money.plot_break_even(CAMPAIGN, customers=frame, currency="$", **how)),
        "maximum": (best, lambda **how: money.plot_expected_maximum(best, CAMPAIGN, **how)),
        "budget": (use, lambda **how: money.plot_budget(use, currency="$ and €", **how)),
        "sensitivity": (moved, lambda **how: assumptions.plot_sensitivity(moved, currency="$", **how)),
        "grid": (grid, lambda **how: assumptions.plot_sensitivity_grid(grid, campaign=CAMPAIGN, currency="$", **how)),
        "claim": (claim, lambda **how: assumptions.plot_loyalty_claim(claim, **how)),
    }


def has_chinese(text):
    return any("\u4e00" <= letter <= "\u9fff" for letter in text)


@pytest.mark.parametrize("name", ["curve", "break_even", "maximum", "budget", "sensitivity", "grid", "claim"])
def test_a_plot_speaks_both_languages_on_the_axes_given(drawn, name, caplog):
    function, before, given = drawn[name][1], dict(mpl.rcParams), new_axes()
    with caplog.at_level(logging.WARNING):
        chinese, english = function(ax=given, lang="zh"), function()
        shown = [png(english, dpi=40), png(chinese, dpi=40)]
    assert chinese is given
    assert english.figure is not chinese.figure
    assert all(picture.startswith(b"\x89PNG") for picture in shown)
    assert not [record for record in caplog.records if "glyph" in record.getMessage().lower()]
    for ax, own in ((chinese, True), (english, False)):
        texts = [ax.get_xlabel(), *(text.get_text() for text in ax.get_legend().get_texts()), alt_text(ax)]
        assert all(has_chinese(text) == own for text in texts), texts
    assert dict(mpl.rcParams) == before


def test_the_profit_curve_and_its_marks(drawn):
    curve, function = drawn["curve"]
    ax = function()
    np.testing.assert_allclose(ax.lines[0].get_xydata(), curve[["contacted_share", "profit"]])
    points = [line.get_xydata()[0].tolist() for line in ax.lines[2:]]
    row = curve[curve["threshold"] >= 0.3].iloc[-1]
    last = curve.iloc[-1]
    expected = [[0, 0], [1, last["profit"]], [row["contacted_share"], row["profit"]]]
    np.testing.assert_allclose(points, expected)
    corners = ax.collections[0].get_paths()[0].vertices[:, 1]
    assert corners.min() == pytest.approx(curve["profit_low"].min())
    assert corners.max() == pytest.approx(curve["profit_high"].max())


def test_a_long_curve_is_thinned_and_keeps_its_ends():
    rng = np.random.default_rng(0)
    p = rng.random(5000)
    curve = profit_curve(p, (rng.random(5000) < p).astype(int), CAMPAIGN, draws=0)
    line = money.plot_profit_curve(curve).lines[0].get_xydata()
    assert len(line) <= money.MOST_POINTS
    np.testing.assert_allclose(line[[0, -1], 0], [0, 1])


def test_customers_are_parted_by_the_break_even(drawn):
    frame, function = drawn["break_even"]
    ax = function()
    pays = frame["churn_probability"] >= break_even(CAMPAIGN, frame["clv"])
    found = [part.get_offsets() for part in ax.collections]
    assert [len(part) for part in found] == [pays.sum(), (~pays).sum()]
    line = ax.lines[0].get_xydata()
    np.testing.assert_allclose(line[-1, 1], break_even(CAMPAIGN, line[-1, 0]))


def test_the_best_share_by_acceptance(drawn):
    found, function = drawn["maximum"]
    line = function().lines[0].get_xydata()
    assert line[::2, 0].tolist() == found.plans["accept_from"].tolist()
    assert line[1::2, 1].tolist() == found.plans["contacted_share"].tolist()


def test_the_budget_at_hand_lies_on_the_curve(drawn):
    found, function = drawn["budget"]
    ax = function()
    np.testing.assert_allclose(ax.lines[1].get_xydata()[0], [found.cost, found.profit])
    np.testing.assert_allclose(ax.lines[0].get_xydata(), found.curve[["budget", "expected_profit"]])


def test_the_tornado_and_its_hatching(drawn):
    found, function = drawn["sensitivity"]
    bars = function().patches
    ends = [bar.get_x() + bar.get_width() for bar in bars]
    np.testing.assert_allclose(ends, [*found.table["profit_at_least"], *found.table["profit_at_most"]])
    changed = [
        *(found.table["decision_at_least"] != found.decision),
        *(found.table["decision_at_most"] != found.decision),
    ]
    assert [bool(bar.get_hatch()) for bar in bars] == changed
    assert any(changed)


def test_the_map_holds_the_grid_and_hatches_its_decisions(drawn):
    grid, function = drawn["grid"]
    ax = function()
    table = grid.pivot_table(index="clv", columns="accept", values="profit")
    np.testing.assert_allclose(ax.collections[0].get_array(), table)
    assert len(ax.patches) == (grid["decision"] != "contact_some").sum()
    assert ax.lines[0].get_xydata().tolist() == [[0.3, 200.0]]


def test_the_claim_marks_the_company(drawn):
    found, function = drawn["claim"]
    ax = function()
    assert ax.lines[-1].get_xydata()[0].tolist() == [0.78, found.gain.value]
    with pytest.raises(InputError, match="told apart"):
        assumptions.plot_loyalty_claim(loyalty_claim(0.8, discounts=np.linspace(0, 0.3, 9)))


def test_odd_campaigns_draw():
    fixed = Campaign(accept=0.3)
    assert png(money.plot_expected_maximum(expected_maximum_profit([0.2, 0.4], [0, 1], fixed), fixed), dpi=40)
    assert png(money.plot_break_even(Campaign(accept=0.0)), dpi=40)
    assert png(money.plot_budget(spend_budget([0.0], CAMPAIGN, budget=0)), dpi=40)
    assert png(assumptions.plot_loyalty_claim(loyalty_claim(0.95, discount=0)), dpi=40)


def test_the_curve_names_what_it_ranks_by(shop):
    frame, y = shop
    curve = profit_curve(frame["churn_probability"], y, CAMPAIGN, clv=frame["clv"], rank_by="expected_profit", draws=0)
    ax = money.plot_profit_curve(curve, threshold=2.0)
    assert "expected profit" in ax.get_xlabel()
    assert any("expected profit from 2" in text.get_text() for text in ax.get_legend().get_texts())
    row = curve[curve["threshold"] >= 2.0].iloc[-1]
    assert ax.lines[-1].get_xydata().tolist() == [[row["contacted_share"], row["profit"]]]


def test_only_the_key_to_changed_decisions_is_hatched(drawn):
    ax = drawn["sensitivity"][1](lang="en")
    assert [bool(patch.get_hatch()) for patch in ax.get_legend().get_patches()] == [False, False, True]
