"""Profit curves, thresholds and comparisons."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pandas as pd
import pytest

from crm_analysis.churn.money.campaign import Campaign, break_even
from crm_analysis.churn.money.compare import profit_table, ranking_table
from crm_analysis.churn.money.curve import profit_curve
from crm_analysis.churn.money.maximum import maximum_profit
from crm_analysis.churn.money.threshold import choose_threshold
from crm_analysis.errors import InputError
from crm_analysis.intervals import Estimate

CAMPAIGN = Campaign(offer=20, contact=3)


@pytest.fixture(scope="module")
def shop():
    rng = np.random.default_rng(3)
    ids = pd.Index([f"{i:04d}" for i in range(600)], name="customer_id")
    p = pd.Series(rng.beta(1, 3, 600), index=ids, name="churn_probability")
    clv = pd.Series(rng.lognormal(5, 0.8, 600), index=ids)
    return p, (rng.random(600) < p).astype(int), clv


def test_the_curve_runs_from_nobody_to_all_and_holds_the_maximum(shop):
    p, y, _ = shop
    curve = profit_curve(p, y, CAMPAIGN, draws=50)
    first, last = curve.iloc[0], curve.iloc[-1]
    assert curve.attrs["rank_by"] == "churn_probability"
    assert (first["mark"], first["contacted_share"], first["profit"]) == ("contact_none", 0, 0)
    assert (last["mark"], last["contacted_share"]) == ("contact_all", 1)
    assert last["profit"] == pytest.approx(np.where(y == 1, 0.3 * 180 - 3, -23).mean())
    assert curve["profit"].max() == pytest.approx(maximum_profit(p, y, CAMPAIGN).profit)
    assert (curve["profit_low"] <= curve["profit"] + 1e-9)[1:].mean() > 0.9
    assert (curve["profit_high"] >= curve["profit_low"]).all()


def test_ties_are_the_mean_over_all_orders():
    y, p = [1, 0, 1, 0], [0.5, 0.5, 0.5, 0.1]
    curve = profit_curve(p, y, CAMPAIGN, draws=0)
    gain = np.where(np.array(y) == 1, 0.3 * 180 - 3, -23.0)
    paths = [np.cumsum(gain[list(order)])[:3] / 4 for order in permutations(range(3))]
    straight = np.interp([0.25, 0.5, 0.75], curve["contacted_share"], curve["profit"])
    np.testing.assert_allclose(straight, np.mean(paths, axis=0))
    assert curve["customers_contacted"].tolist() == [0, 3, 4]


def test_limits_are_those_of_a_bootstrap_by_hand(shop):
    p, y, _ = shop
    curve = profit_curve(p, y, CAMPAIGN, draws=400, seed=1)
    gain = np.where(y == 1, 0.3 * 180 - 3, -23.0)
    se = gain.std() / np.sqrt(600)
    assert curve["profit_high"].iloc[-1] - curve["profit_low"].iloc[-1] == pytest.approx(2 * 1.96 * se, rel=0.15)


def test_rows_of_one_customer_are_drawn_together(shop):
    p, y, _ = shop
    index = pd.MultiIndex.from_product([p.index[:60], range(10)], names=["customer_id", "cutoff"])
    alike = pd.Series(np.repeat(p.to_numpy()[:60], 10), index=index), pd.Series(np.repeat(y.to_numpy()[:60], 10), index)
    alone = profit_curve(alike[0].reset_index(drop=True), alike[1].reset_index(drop=True), CAMPAIGN, draws=200)
    both = profit_curve(*alike, CAMPAIGN, draws=200)
    width = [(one["profit_high"] - one["profit_low"]).iloc[-1] for one in (both, alone)]
    assert width[0] / width[1] == pytest.approx(np.sqrt(10), rel=0.25)
    assert choose_threshold(*alike, CAMPAIGN, folds=5, draws=20).table["profit"].notna().all()


def test_row_order_and_a_relabelling_change_nothing(shop):
    p, y, _ = shop
    shuffled = p.sample(frac=1, random_state=1)
    one, other = profit_curve(p, y, CAMPAIGN, draws=0), profit_curve(shuffled, y, CAMPAIGN, draws=0)
    pd.testing.assert_frame_equal(one, other)


def test_ranking_by_expected_profit_beats_risk_where_values_differ(shop):
    p, y, clv = shop
    by_gain = profit_curve(p, y, CAMPAIGN, clv=clv, rank_by="expected_profit", draws=0)
    by_risk = profit_curve(p, y, CAMPAIGN, clv=clv, draws=0)
    assert by_gain["profit"].max() > by_risk["profit"].max()
    assert by_gain["profit"].iloc[-1] == pytest.approx(by_risk["profit"].iloc[-1])
    table = ranking_table(p, y, CAMPAIGN, clv=clv, shares=[0.1, 1.0], draws=100)
    for column, curve in (("profit_by_gain", by_gain), ("profit_by_risk", by_risk)):
        at = np.interp(0.1, curve["contacted_share"], curve["profit"])
        assert table[column].iloc[0] == pytest.approx(at)
    assert table["profit_difference_low"].iloc[0] < table["profit_difference"].iloc[0] > 0
    assert table.iloc[1][["profit_difference_low", "profit_difference_high"]].abs().max() < 1e-9


def test_the_threshold_chosen_afterwards_is_optimistic(shop):
    p, y, _ = shop
    found = choose_threshold(p, y, CAMPAIGN, draws=200)
    table = found.table
    assert table.loc["at_break_even", "threshold"] == pytest.approx(break_even(CAMPAIGN))
    gain = np.where(y == 1, 0.3 * 180 - 3, -23.0)
    assert table.loc["at_break_even", "profit"] == pytest.approx((gain * (p >= break_even(CAMPAIGN))).mean())
    assert table.loc["in_sample_best", "profit"] == pytest.approx(maximum_profit(p, y, CAMPAIGN).profit)
    assert found.optimism.value == pytest.approx(
        table.loc["in_sample_best", "profit"] - table.loc["out_of_fold", "profit"]
    )
    assert found.optimism.value > 0
    assert found.advice == "at_break_even"
    none = Estimate(-0.1, -0.3, 0.1)
    for lang, sign in (("zh", "偏乐观"), ("en", "optimistic")):
        assert sign in found.text(lang)
        assert {"zh": "并未显得更高", "en": "no optimism shows here"}[lang] not in found.text(lang)
        assert {"zh": "并未显得更高", "en": "no optimism shows here"}[lang] in replace(found, optimism=none).text(lang)
        assert f"{table.loc['at_break_even', 'profit']:,.2f}" in found.text(lang)


def test_optimism_shows_where_scores_are_noise():
    rng = np.random.default_rng(0)
    truth = 11 / 67  # contacting pays nothing whatever the score
    gaps = []
    for seed in range(6):
        y = (rng.random(300) < truth).astype(int)
        table = choose_threshold(rng.random(300), y, Campaign(), folds=5, draws=2, seed=seed).table
        gaps.append(table.loc[["in_sample_best", "out_of_fold"], "profit"].tolist())
    best, honest = np.mean(gaps, axis=0)
    assert best > 0.3
    assert honest < best / 2


def test_values_per_customer_have_no_one_threshold(shop):
    p, y, clv = shop
    table = choose_threshold(p, y, CAMPAIGN, clv=clv, rank_by="expected_profit", folds=5, draws=20).table
    assert np.isnan(table.loc["at_break_even", "threshold"])
    assert table.loc["at_break_even", "contacted_share"] == pytest.approx((p >= break_even(CAMPAIGN, clv)).mean())


def test_contenders_are_compared_on_the_same_customers(shop):
    p, y, _ = shop
    table = profit_table(pd.DataFrame({"good": p, "noise": p.sample(frac=1, random_state=0).to_numpy()}), y, CAMPAIGN,
                         draws=100)  # fmt: skip
    assert table.loc["good", ["profit_difference", "profit_difference_low", "profit_difference_high"]].tolist() == [
        0,
        0,
        0,
    ]
    assert table.loc["noise", "profit_difference_high"] < 0
    assert (table["empc"] >= table["mpc"]).all()
    with pytest.raises(InputError, match="no single contender"):
        profit_table(table, y, CAMPAIGN, reference="best")


def test_what_cannot_be_is_refused(shop):
    p, y, clv = shop
    with pytest.raises(InputError, match="rank_by"):
        profit_curve(p, y, CAMPAIGN, rank_by="age")
    with pytest.raises(InputError, match="folds=1"):
        choose_threshold(p, y, CAMPAIGN, folds=1)
    with pytest.raises(InputError, match="shares"):
        ranking_table(p, y, CAMPAIGN, clv=clv, shares=[0.2, 20])
    with pytest.raises(InputError, match="outside 0 to 1 in 600"):
        profit_curve(p + 2, y, CAMPAIGN)
    with pytest.raises(InputError, match="clv has 3 rows"):
        profit_curve(p, y, CAMPAIGN, clv=[1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match="level"):
        profit_curve(p, y, CAMPAIGN, level=95)


def test_limits_of_many_customers_are_worked_out_at_many_shares():
    rng = np.random.default_rng(1)
    p = rng.random(1500)
    y = (rng.random(1500) < p).astype(int)
    curve = profit_curve(p, y, CAMPAIGN, draws=300)
    se = np.where(y == 1, 0.3 * 180 - 3, -23.0).std() / np.sqrt(1500)
    assert len(curve) == 1501
    assert curve["profit_high"].iloc[-1] - curve["profit_low"].iloc[-1] == pytest.approx(2 * 1.96 * se, rel=0.15)
    assert (curve["profit_low"] <= curve["profit_high"]).all()


def test_a_table_of_chances_is_no_column_of_them():
    both = np.array([[0.1, 0.9], [0.8, 0.2]])  # what predict_proba gives
    for call in (lambda: profit_curve(both, [1, 0], CAMPAIGN), lambda: break_even(CAMPAIGN, both)):
        with pytest.raises(InputError, match="has several columns"):
            call()


@pytest.mark.parametrize("call", [profit_curve, maximum_profit, choose_threshold])
def test_labels_of_more_or_other_customers_are_refused(shop, call):
    p, y, _ = shop
    labels = pd.Series(np.asarray(y), index=p.index)
    for few, many in ((p.head(9), labels), (p, labels.head(9)), (p.head(9), labels.to_numpy()),
                      (p, labels.set_axis([f"x{one}" for one in p.index]))):  # fmt: skip
        with pytest.raises(InputError, match=r"do not meet|rows"):
            call(few, many, CAMPAIGN)


def test_labels_in_another_order_are_aligned_and_values_may_be_of_more_customers(shop):
    p, y, clv = shop
    labels = pd.Series(np.asarray(y), index=p.index)
    more = pd.concat([clv, pd.Series({"x": 1.0})])
    assert maximum_profit(p, labels[::-1], CAMPAIGN, clv=more) == maximum_profit(p, labels, CAMPAIGN, clv=clv)
