"""The scorecard: the published CDNOW holdout to its printed digits, differences, sentences, bad input."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from crm_analysis.clv import BGNBD, MBGNBD, NBD, ParetoNBD
from crm_analysis.clv.holdout.baselines import Rate, SameAgain, Zero
from crm_analysis.clv.holdout.calibration import calibration_by_decile, coverage
from crm_analysis.clv.holdout.metrics import mae as mae_of
from crm_analysis.clv.holdout.metrics import normalised_gini, top_decile, with_interval
from crm_analysis.clv.holdout.scorecard import scorecard
from crm_analysis.clv.summary.summary import summarize
from crm_analysis.errors import InputError
from crm_analysis.sources.cdnow import load_cdnow

# total, bias, mae, rmse, msle, gini, top 10 %, mean PA, log score, 90 % cover, mean P(0), mape; to printed digits
PRINTED = {
    "pareto_nbd": ("1665.51 -0.115 .7545 1.6028 .2377 .6726 .474 .4463 .9872 .951 .778 .0131"),
    "bg_nbd": ("1653.41 -0.121 .7855 1.6080 .2343 .6624 .470 .8134 .9845 .947 .738 .0263"),
    "mbg_nbd": ("1576.73 -0.162 .7648 1.6072 .2314 .6636 .477 .4487 .9821 .946 .760 .0411"),
    "nbd": ("2929.82 +0.557 1.0410 1.8595 .3622 .6801 - 1.0000 1.0636 .962 .576 -"),
    "same_again": ("2457.00 +0.306 .8973 1.9710 .3491 .6602 - - - - - -"),
    "same_rate": ("2930.10 +0.557 1.0237 2.2119 .4010 .6657 - - - - - -"),
    "zero_baseline": ("0.00 -1.000 .7985 2.2064 .4627 .0000 - - - - - -"),
}
COLUMNS = ["total", "bias", "mae", "rmse", "msle", "normalised_gini", "top_decile", "mean_p_alive", "log_score",
           "coverage_90", "mean_p_zero", "mape"]  # fmt: skip


@pytest.fixture(scope="module")
def days():
    orders = load_cdnow(sample=True)["orders"]
    day = orders["ordered_at"].dt.tz_localize(None).dt.normalize()
    return pd.DataFrame({"customer_id": orders["customer_id"], "day": day}).drop_duplicates()


@pytest.fixture(scope="module")
def card(cx, days):
    return scorecard(None, cx, days=days)


@pytest.mark.parametrize("key", PRINTED)
def test_the_cdnow_holdout_to_its_printed_digits(card, key):
    for name, printed in zip(COLUMNS, PRINTED[key].split()):
        if printed != "-":
            half = 0.5 * 10.0 ** -len(printed.split(".")[1])
            assert card.table.loc[key, name] == pytest.approx(float(printed), abs=half + 1e-9), name


def test_what_the_holdout_holds(card):
    assert (card.table["actual"] == 1882).all()
    assert (card.horizon, card.unit, card.customers) == (39, "week", 2357)
    assert card.zero_share == pytest.approx(0.7098, abs=5e-5)
    assert card.table["log_likelihood"].dropna().round(3).to_dict() == {
        "pareto_nbd": -9594.976, "bg_nbd": -9582.429, "mbg_nbd": -9582.136, "nbd": -9763.658}  # fmt: skip
    assert card.table.loc["nbd", "aic"] == pytest.approx(2 * 2 + 2 * 9763.6576, abs=2e-3)
    assert card.table.loc["nbd", "bic"] == pytest.approx(2 * np.log(2357) + 2 * 9763.6576, abs=2e-3)
    assert card.table.loc["zero_baseline", ["log_score", "coverage_90", "aic", "mape"]].isna().all()


def test_totals_of_the_calibration_and_of_both_periods(card, cx):
    sums = {"pareto_nbd": (2524.93, 4270.04), "bg_nbd": (2493.96, 4160.61), "mbg_nbd": (2475.64, 4049.95),
            "nbd": (2457.73, 5387.55)}  # fmt: skip
    for key, (known, both) in sums.items():
        model, T = card.models[key], cx["T"].to_numpy()
        assert model.expected_purchases(horizon=T).sum() == pytest.approx(known, abs=0.006), key
        assert model.expected_purchases(horizon=T + 39).sum() == pytest.approx(both, abs=0.006), key


def test_a_summary_with_its_own_days_gives_the_same(card):
    orders = load_cdnow(sample=True)["orders"]
    summary = summarize(orders, calibration_end="1997-09-30", until="1998-06-30")
    found = scorecard([BGNBD(), NBD()], summary, days=summary.days(), draws=0).table
    for name in COLUMNS:
        assert found[name].tolist() == pytest.approx(card.table.loc[found.index, name].tolist()), name


def test_a_perfect_ranking_and_what_the_order_of_tied_rows_would_do(cx):
    actual, x = (cx[name].to_numpy() for name in ("frequency_holdout", "frequency"))
    assert top_decile(actual, actual) == pytest.approx(0.684, abs=5e-4)
    order = np.arange(len(cx))[::-1] / 1e9
    assert abs(normalised_gini(1 + x + order, actual) - normalised_gini(1 + x - order, actual)) > 0.02
    nbd = NBD().fit(cx).expected_purchases(cx, horizon=39).to_numpy()
    assert top_decile(nbd + order, actual) == pytest.approx(0.458, abs=5e-4)  # printed; ties shared alike give .4594
    best, worst = top_decile(nbd + actual / 1e9, actual), top_decile(nbd - actual / 1e9, actual)
    assert worst < top_decile(nbd, actual) < best


def test_calibration_and_coverage_are_those_of_the_single_functions(card, cx):
    model = card.models["bg_nbd"]
    predicted, actual = model.expected_purchases(cx, horizon=39), cx["frequency_holdout"]
    mine = card.calibration[card.calibration["model"] == "bg_nbd"].drop(columns="model").reset_index(drop=True)
    pd.testing.assert_frame_equal(mine, calibration_by_decile(predicted, actual))
    mine = card.coverage[card.coverage["model"] == "bg_nbd"].drop(columns="model").reset_index(drop=True)
    pd.testing.assert_frame_equal(mine, coverage(model, cx, actual, horizon=39))
    chances = model.purchase_probability(cx, n=range(40), horizon=39).to_numpy()
    spoken = -np.log(chances[np.arange(len(cx)), actual.astype(int)]).mean()
    assert card.table.loc["bg_nbd", "log_score"] == pytest.approx(spoken)
    assert card.table.loc["bg_nbd", "mean_p_zero"] == pytest.approx(chances[:, 0].mean())


def test_intervals_hold_their_value_and_are_those_of_the_single_measure(card, cx):
    for name in ("bias", "mae", "rmse", "msle", "normalised_gini", "top_decile", "log_score", "coverage_90"):
        rows = card.table[card.table[name].notna()]
        assert ((rows[f"{name}_low"] <= rows[name]) & (rows[name] <= rows[f"{name}_high"])).all(), name
    predicted = card.models["mbg_nbd"].expected_purchases(cx, horizon=39)
    single = with_interval(mae_of, predicted, cx["frequency_holdout"], draws=4000)
    found = card.table.loc["mbg_nbd", ["mae", "mae_low", "mae_high"]]
    assert tuple(found) == pytest.approx(single, abs=0.01)


def test_differences_of_all_pairs_and_what_they_say(card):
    rows = card.differences.set_index(["measure", "model", "other_model"])
    assert len(rows) == 6 * 21 + 6
    one = rows.loc[("mae", "pareto_nbd", "bg_nbd")]
    assert one["difference"] == pytest.approx(0.7545 - 0.7855, abs=1e-4)
    assert one["difference_low"] < one["difference"] < one["difference_high"] < 0
    assert (one["matters"], one["better"]) == (True, "pareto_nbd")
    size = rows.loc[("bias", "pareto_nbd", "nbd"), "difference"]
    assert size == pytest.approx(0.1150 - 0.5568, abs=2e-4)  # of absolute sizes
    ranked = rows.loc[("normalised_gini", "zero_baseline", "same_again")]
    assert (ranked["matters"], ranked["better"]) == (True, "same_again")
    assert set(rows.loc[~rows["matters"], "better"]) == {""}


def test_best_and_those_not_told_from_it(card):
    assert card.best["model"].to_dict() == {
        "bias": "pareto_nbd", "mae": "pareto_nbd", "rmse": "pareto_nbd", "msle": "mbg_nbd",
        "normalised_gini": "nbd", "top_decile": "mbg_nbd", "log_score": "mbg_nbd"}  # fmt: skip
    assert "zero_baseline" in card.best.loc["mae", "tied"]
    assert set(card.best.loc["log_score", "tied"]) == {"pareto_nbd", "bg_nbd"}
    assert "zero_baseline" not in card.best.loc["normalised_gini", "tied"]


def test_the_same_seed_gives_the_same_card_in_any_order_of_rows(card, cx):
    again = scorecard(None, cx.sample(frac=1, random_state=5))
    pd.testing.assert_frame_equal(again.table, card.table.drop(columns="mape"), rtol=1e-9)
    pd.testing.assert_frame_equal(again.differences, card.differences, rtol=1e-6, atol=1e-9)


def test_fitted_models_are_taken_as_they_are_and_others_are_copied(cx):
    fresh, known = BGNBD(), ParetoNBD.with_params(r=0.55, alpha=10.56, s=0.61, beta=11.64)
    elsewhere = NBD().fit(cx.iloc[:500])
    before = cx.copy()
    card = scorecard([fresh, known, elsewhere], cx, draws=0)
    assert not hasattr(fresh, "params_")
    assert card.models["pareto_nbd"] is known
    assert card.table["aic"].notna().to_dict() == {"bg_nbd": True, "pareto_nbd": False, "nbd": False}
    assert card.table["log_likelihood"].notna().all()
    assert card.differences.empty
    pd.testing.assert_frame_equal(cx, before)


def test_one_model_alone_has_a_card_without_differences(cx):
    card = scorecard(SameAgain(), cx, draws=50)
    assert card.differences.empty
    assert card.best.loc["mae", "tied"] == ()
    assert card.coverage.empty
    assert card.lessons == []


def test_equal_models_do_not_differ():
    frame = pd.DataFrame({"frequency": [0, 1, 4] * 30, "recency": [0.0, 9.0, 30.0] * 30, "T": 39.0,
                          "frequency_holdout": [0, 1, 3] * 30, "duration_holdout": 39.0})  # fmt: skip
    rows = scorecard([SameAgain(), Rate()], frame).differences  # 39 x / 39 is x
    assert (rows["difference"] == 0).all()
    assert not rows["matters"].any()


def test_a_holdout_without_purchases_has_a_card(cx):
    card = scorecard([NBD(), Zero()], cx.assign(frequency_holdout=0), draws=50)
    assert card.table[["bias", "normalised_gini", "top_decile"]].isna().all(axis=None)
    assert card.best.loc["mae", "model"] == "zero_baseline"
    assert card.verdict.en


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_sentences_say_what_the_numbers_say(card, lang):
    text = card.verdict.text(lang)
    for number in ("2,357", "1,882", "71.0%", "-11.5%", "0.7545", "0.2314"):
        assert number in text
    lessons = " ".join(sentence.text(lang) for sentence in card.lessons)
    assert len(card.lessons) == 4
    for number in ("0.7985", "0.662", "0.680", "0.81", "59.9%", "-16.2%", "-11.5%"):
        assert number in lessons
    assert not re.search(r"nan|_|\{", text + lessons.replace("_nbd", "")) or "_nbd" in text
    if lang == "zh":
        assert not re.search(r"[\u4e00-\u9fff][,:;?()]|[,:;?()][\u4e00-\u9fff]", text + lessons)


def test_a_fit_that_cannot_be_used_is_named():
    alike = pd.DataFrame({"frequency": 2, "recency": 20.0, "T": 40.0, "frequency_holdout": [1, 3] * 20,
                          "duration_holdout": 40.0})  # fmt: skip
    card = scorecard([NBD(), SameAgain()], alike, draws=50)
    assert not card.models["nbd"].verdict_.usable
    assert "The fit of NBD is not usable" in card.verdict.en
    assert "拟合不可用" in card.verdict.zh


def test_lessons_are_not_told_where_they_are_not_true():
    rng = np.random.default_rng(0)
    x = rng.poisson(6, 400) + 1
    frame = pd.DataFrame({"frequency": x, "recency": 38.0, "T": 39.0, "frequency_holdout": rng.poisson(x),
                          "duration_holdout": 39.0})  # fmt: skip
    card = scorecard([SameAgain(), Zero(), NBD()], frame, draws=100)
    assert card.lessons == []
    assert set(card.best["model"]) <= {"same_again", "nbd"}


@pytest.mark.parametrize(
    ("models", "message"),
    [
        (["pareto"], "these are no models: 'pareto'"), ([BGNBD], "these are no models"), ([], "no model was given"),
        ([BGNBD(), BGNBD()], "two models are named bg_nbd"), ("bg_nbd", "no models"), ([3], "no models: 3"),
        ([NBD.with_params(r=1, alpha=5, unit="month")], "counts time in months, the data in weeks"),
    ],
)  # fmt: skip
def test_models_that_cannot_be_scored_are_named(cx, models, message):
    with pytest.raises(InputError, match=message):
        scorecard(models, cx)


def test_bad_data_are_named(cx, days):
    with pytest.raises(InputError, match="no holdout"):
        scorecard(None, cx.drop(columns="frequency_holdout"))
    with pytest.raises(InputError, match="none of the customers"):
        scorecard([NBD()], cx, days=days.assign(customer_id="x"), draws=0)
    with pytest.raises(ValueError, match="level"):
        scorecard([MBGNBD()], cx, level=95)
