import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.clv import BGBB, BGNBD, MBGNBD, NBD, GammaGamma, ParetoNBD
from crm_analysis.clv.prediction.prediction import predict, value
from crm_analysis.errors import InputError
from crm_analysis.words import all_words

ESTIMATES = ("p_alive", "p_alive_end", "expected_purchases", "discounted_purchases")
PREDICTED = [
    "frequency", "recency", "T",
    *(f"{name}{side}" for name in ("p_alive", "p_alive_end", "expected_purchases") for side in ("", "_low", "_high")),
    "purchases_low", "purchases_high", "p_zero",
    "discounted_purchases", "discounted_purchases_low", "discounted_purchases_high",
]  # fmt: skip
VALUED = [
    *PREDICTED[:3], "monetary_value", *PREDICTED[3:],
    *(f"{name}{side}" for name in ("expected_spend", "clv") for side in ("", "_low", "_high")),
    "value_low", "value_high", "spend_basis",
]  # fmt: skip
FIXED = ParetoNBD.with_params(r=0.553277, alpha=10.577684, s=0.606240, beta=11.668738, unit="week")
SPEND = GammaGamma.with_params(p=6.249572, q=3.744225, v=15.443523)


@pytest.fixture(scope="module")
def pareto(cx):
    return ParetoNBD().fit(cx)


@pytest.fixture(scope="module")
def bg(cx):
    return BGNBD().fit(cx)


@pytest.fixture(scope="module")
def spend(cx):
    return GammaGamma().fit(cx)


@pytest.mark.parametrize(("model", "covered", "zero"), [(ParetoNBD, 0.951, 0.778), (BGNBD, 0.947, 0.738),
                                                        (MBGNBD, 0.946, 0.760), (NBD, 0.962, 0.576)])  # fmt: skip
def test_holdout_coverage_of_the_outcome_interval(cx, model, covered, zero):
    """Between the smallest counts with cdf >= 5 % and >= 95 %, over 39 weeks."""
    fitted = model().fit(cx)
    fixed = model.with_params(**fitted.params_)
    table = predict(fixed, cx, horizon=39, level=0.9)
    held = cx["frequency_holdout"].between(table["purchases_low"], table["purchases_high"]).mean()
    assert held == pytest.approx(covered, abs=5e-4 + 1e-9)
    assert table["p_zero"].mean() == pytest.approx(zero, abs=5e-4)


def test_columns_index_and_statement(bg, spend, cx):
    table = value(bg, spend, cx, horizon="12 months", margin=0.3, currency="USD")
    assert list(table.columns) == VALUED
    assert table.index.equals(cx.index)
    assert list(predict(bg, cx.head(9), horizon=39).columns) == PREDICTED
    stated = {name: table.attrs[name] for name in ("model", "spend_model", "unit", "annual_discount", "margin",
                                                   "currency", "level")}  # fmt: skip
    assert stated == {"model": "bg_nbd", "spend_model": "gamma_gamma", "unit": "week", "annual_discount": 0.10,
                      "margin": 0.3, "currency": "USD", "level": 0.95}  # fmt: skip
    assert table.attrs["horizon"] == pytest.approx(52.1775)
    assert table.attrs["discount_per_unit"] == pytest.approx(np.log(1.1) / 52.1775)
    assert table.attrs["notes"] == []
    words = all_words()
    assert all(name in words for name in VALUED if not name.endswith(("_low", "_high")))
    assert {"own_history", "population_mean", "own_median", "population_median"} <= set(words)


def test_limits_hold_the_estimate_and_everything_is_finite(pareto, spend, cx):
    table = value(pareto, spend, cx, horizon=52)
    for name in (*ESTIMATES, "expected_spend", "clv"):
        assert (table[f"{name}_low"] <= table[name]).all()
        assert (table[name] <= table[f"{name}_high"]).all()
    numbers = table.drop(columns=["monetary_value", "spend_basis"])
    assert np.isfinite(numbers.to_numpy(float)).all()
    assert (numbers >= 0).all().all()
    assert (table["value_low"] <= table["value_high"]).all()
    assert (table["purchases_low"] <= table["purchases_high"]).all()
    assert (table["discounted_purchases"] < table["expected_purchases"]).all()
    assert ((table["value_low"] > 0) == (table["purchases_low"] > 0)).mean() > 0.99


def test_points_are_those_of_the_models(bg, spend, cx):
    part = cx.head(50)
    table = value(bg, spend, part, horizon=52, annual_discount=0.15, margin=0.4)
    d = table.attrs["discount_per_unit"]
    points = {
        "p_alive": bg.probability_alive(part),
        "p_alive_end": bg.probability_alive(part, ahead=52),
        "expected_purchases": bg.expected_purchases(part, horizon=52),
        "p_zero": bg.purchase_probability(part, n=0, horizon=52),
        "discounted_purchases": bg.discounted_purchases(part, discount=d, horizon=52),
        "expected_spend": spend.expected_spend(part),
    }
    for name, series in points.items():
        pd.testing.assert_series_equal(table[name], series, check_names=False, rtol=1e-6)
    np.testing.assert_allclose(table["clv"], 0.4 * table["expected_spend"] * table["discounted_purchases"])


def test_intervals_are_those_of_every_draw(bg, spend, cx):
    """Both posteriors drawn independently and multiplied, without polynomials and shortcuts."""
    from crm_analysis.clv.prediction.posterior import posterior

    part = cx[cx["frequency"].isin([0, 1, 4, 9])].iloc[::29]
    table = value(bg, spend, part, horizon=52)
    d, rng = table.attrs["discount_per_unit"], np.random.default_rng(5)
    drawn = []
    mine, theirs = posterior(bg, seed=7).draws, posterior(spend, seed=8).draws
    for row, other in zip(mine.to_numpy()[::2], theirs.sample(frac=1, random_state=rng.integers(99)).to_numpy()):
        at, money = BGNBD.with_params(**dict(zip(bg.names, row))), GammaGamma.with_params(**dict(zip("pqv", other)))
        drawn.append(at.discounted_purchases(part, discount=d, horizon=52) * money.expected_spend(part))
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
    width = high - low
    assert (np.abs(table["clv_low"] - low) < 0.15 * width).all()
    assert (np.abs(table["clv_high"] - high) < 0.15 * width).all()


def test_neither_order_nor_other_customers_nor_duplicates_matter(bg, spend, cx):
    cx = cx.iloc[::4]
    whole = value(bg, spend, cx, horizon=26)
    turned = value(bg, spend, cx.sample(frac=1, random_state=1), horizon=26)
    pd.testing.assert_frame_equal(turned.loc[cx.index], whole, check_categorical=False)
    alone = value(bg, spend, cx.iloc[[234]], horizon=26)
    pd.testing.assert_frame_equal(alone, whole.iloc[[234]], rtol=1e-4, check_categorical=False)
    twice = pd.concat([cx, cx.set_axis([f"again {name}" for name in cx.index])])
    twice.attrs = cx.attrs
    again = value(bg, spend, twice, horizon=26).iloc[len(cx) :].set_axis(cx.index)
    pd.testing.assert_frame_equal(again, whole, check_categorical=False)


def test_weights_do_not_change_what_is_predicted(bg, cx):
    part = cx.head(40)
    pd.testing.assert_frame_equal(predict(bg, part.assign(weights=3.0), horizon=39), predict(bg, part, horizon=39))


def test_the_caller_s_table_stays_as_it_is(bg, spend, cx):
    before = cx.copy(deep=True)
    table = value(bg, spend, cx, horizon=26)
    table.loc[:, "frequency"] = -1.0
    pd.testing.assert_frame_equal(cx, before)


@pytest.mark.parametrize("model", [FIXED, BGNBD.with_params(r=0.24, alpha=4.4, a=0.8, b=2.4, unit="week")])
def test_outcome_intervals_hold_what_simulated_customers_do(model):
    made = model.simulate(40_000, T=40.0, holdout=40.0, seed=3)
    made["monetary_value"] = SPEND.simulate(made["frequency"], seed=4)
    table = predict(model, made, horizon=40, level=0.9)
    held = made["frequency_holdout"].between(table["purchases_low"], table["purchases_high"])
    assert held.mean() >= 0.9  # whole numbers: more than the level
    many = table["expected_purchases"] > 8
    assert held[many].mean() == pytest.approx(0.92, abs=0.03)
    assert (made["frequency_holdout"] == 0).mean() == pytest.approx(table["p_zero"].mean(), abs=0.01)


def test_value_intervals_hold_what_simulated_customers_bring():
    rng = np.random.default_rng(6)
    made = FIXED.simulate(40_000, T=40.0, holdout=40.0, seed=5)
    p, q, v = SPEND.params_
    nu = rng.gamma(q, 1 / v, len(made))
    x, later = made["frequency"].to_numpy(), made["frequency_holdout"].to_numpy()
    with np.errstate(divide="ignore"):
        made["monetary_value"] = np.where(x > 0, rng.gamma(p * np.maximum(x, 1)) / nu / x, np.nan)
    brought = np.where(later > 0, rng.gamma(p * np.maximum(later, 1)) / nu, 0.0)
    table = value(FIXED, SPEND, made, horizon=40, annual_discount=0, level=0.9)
    held = (brought >= table["value_low"]) & (brought <= table["value_high"])
    assert 0.9 <= held.mean() <= 0.97
    above = brought > table["value_high"]
    often = table["p_zero"] < 0.5
    assert above[often].mean() == pytest.approx(0.05, abs=0.008)


@settings(max_examples=12, deadline=None)
@given(
    x=st.integers(0, 100_000),
    share=st.floats(0.01, 1.0),
    T=st.floats(0.1, 500),
    horizon=st.floats(0.01, 300),
    m=st.floats(0.01, 1e5),
)
def test_any_customer_gets_sound_numbers(x, share, T, horizon, m):
    frame = pd.DataFrame({"frequency": [x], "recency": [share * T if x else 0.0], "T": [T], "monetary_value": [m]})
    for model in (FIXED, MBGNBD.with_params(r=0.5, alpha=6.0, a=0.9, b=1.6, unit="week")):
        row = value(model, SPEND, frame, horizon=horizon).iloc[0]
        assert 0 <= row["p_alive_end"] <= row["p_alive"] <= 1
        assert 0 <= row["p_zero"] <= 1
        assert np.isfinite(row[["clv", "value_low", "value_high"]].astype(float)).all()
        assert row["value_low"] <= row["value_high"]
        assert row["purchases_low"] <= row["purchases_high"]


def test_given_parameters_have_no_intervals_but_outcomes():
    frame = pd.DataFrame({"frequency": [2], "recency": [30.43], "T": [38.86], "monetary_value": [22.35]})
    table = value(FIXED, SPEND, frame, horizon=39)
    limits = [f"{name}{side}" for name in (*ESTIMATES, "expected_spend", "clv") for side in ("_low", "_high")]
    assert table[limits].isna().all().all()
    assert table.loc[0, "purchases_high"] > 0
    assert table.loc[0, "value_high"] > table.loc[0, "clv"] > 0
    assert "not fitted" in table.attrs["notes"][0]["en"]


def test_a_mean_that_does_not_exist_is_said():
    frame = pd.DataFrame({"frequency": [0, 3], "recency": [0, 30.0], "T": [38.0, 38.0], "monetary_value": [np.nan, 9]})
    table = value(FIXED, GammaGamma.with_params(p=2.0, q=0.8, v=20.0), frame, horizon=39)
    assert table["spend_basis"].tolist() == ["population_median", "own_history"]
    assert np.isfinite(table["clv"]).all()
    assert any("median stands in" in note["en"] for note in table.attrs["notes"])


def test_few_customers_are_noted(cx):
    fitted = ParetoNBD().fit(cx.sample(200, random_state=2))
    table = predict(fitted, cx.head(20), horizon=26)
    assert any("do not determine" in note["en"] for note in table.attrs["notes"])
    assert np.isfinite(table[PREDICTED].to_numpy()).all()


def test_discrete_occasions():
    model = BGBB.with_params(alpha=1.203522, beta=0.749716, gamma=0.656718, delta=2.783441)
    donors = pd.DataFrame({"frequency": [0, 4], "recency": [0, 5], "periods": [6, 6]})
    table = predict(model, donors, horizon=5, unit="year")
    assert table["purchases_high"].max() <= 5
    np.testing.assert_allclose(table["expected_purchases"], model.expected_purchases(donors, horizon=5))
    with pytest.raises(InputError, match="occasions"):
        predict(model, donors, horizon=2.5, unit="year")


def test_bad_input(cx):
    part = cx.head(5)
    for margin in (0, -1, 30, "half", True):
        with pytest.raises(InputError, match="margin must be"):
            value(FIXED, SPEND, part, horizon=39, margin=margin)
    with pytest.raises(InputError, match=r"give 0\.3"):
        value(FIXED, SPEND, part, horizon=39, margin=30)
    with pytest.raises(InputError, match="spend model was expected"):
        value(FIXED, FIXED, part, horizon=39)
    with pytest.raises(InputError, match="not fitted yet"):
        value(FIXED, GammaGamma(), part, horizon=39)
    with pytest.raises(InputError, match="monetary_value"):
        value(FIXED, SPEND, part.drop(columns="monetary_value"), horizon=39)
    unknown = part.assign(frequency=2.0, recency=1.0, monetary_value=np.nan)
    with pytest.raises(InputError, match="is empty but frequency is not 0"):
        value(FIXED, SPEND, unknown, horizon=39)
    with pytest.raises(InputError, match="table of customers"):
        predict(FIXED, [1, 2], horizon=39)
    with pytest.raises(InputError, match="recency is above T"):
        predict(FIXED, part.assign(recency=99.0, frequency=1.0), horizon=39)
