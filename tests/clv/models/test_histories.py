from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import ks_2samp

from crm_analysis.clv import BGNBD, MBGNBD, NBD, ParetoNBD
from crm_analysis.clv.cases import as_cases
from crm_analysis.clv.models.bg_bb import BGBB
from crm_analysis.clv.models.histories import simulate, simulate_log
from crm_analysis.clv.spend.gamma_gamma import GammaGamma
from crm_analysis.errors import InputError

PARETO = ParetoNBD.with_params(r=0.56, alpha=12.5, s=0.41, beta=10.5, unit="week")
BG = BGNBD.with_params(r=0.25, alpha=5.4, a=0.61, b=2.65, unit="week")
MBG = MBGNBD.with_params(r=0.62, alpha=8.7, a=0.55, b=1.0, unit="week")
STEADY = NBD.with_params(r=0.36, alpha=13.8, unit="week")
DONORS = BGBB.with_params(alpha=1.2, beta=0.75, gamma=0.66, delta=2.78, unit="year")
IN_TIME = [PARETO, BG, MBG, STEADY]
MODELS = [*IN_TIME, DONORS]
SPEND = GammaGamma.with_params(p=6.0, q=6.0, v=15.0)
COUNT, ERRORS = 40_000, 4.0


def name(model):
    return model.key


def horizon(model):
    return 6 if model.discrete else 39


def close(found, truth):
    """Whether the mean of draws lies within four standard errors of the truth."""
    return abs(np.mean(found) - truth) <= ERRORS * np.std(found) / np.sqrt(len(found)) + 1e-12


@pytest.mark.parametrize("model", MODELS, ids=name)
def test_moments_are_those_of_the_model(model):
    T = horizon(model)
    made = simulate(model, COUNT, T=T, holdout=3, seed=1)
    assert close(made["frequency"], model.expected_purchases(horizon=T))
    later = float(model.expected_purchases(horizon=T + 3)) - float(model.expected_purchases(horizon=T))
    assert close(made["frequency_holdout"], later)
    assert close(made["alive_at_T"].astype(float), float(model.probability_alive(ahead=T)))
    for n in (0, 1, 2, 5):
        assert close((made["frequency"] == n).astype(float), float(model.purchase_probability(n=n, horizon=T)))


@pytest.mark.parametrize("model", MODELS, ids=name)
def test_histories_are_possible_and_agree_with_their_truth(model):
    made = simulate(model, 5000, T=horizon(model), seed=2)
    assert as_cases(made).customers == 5000
    assert (made["recency"] <= made["dead_at"]).all()
    assert (made["alive_at_T"] == (made["dead_at"] > made["T"])).all()
    assert made.attrs["unit"] == model.unit_
    assert made.index.is_unique
    assert made.index[0] == "1"
    assert ((made["rate"] >= 0) & ~made["rate"].isna()).all()


@pytest.mark.parametrize("model", MODELS, ids=name)
def test_the_time_of_leaving_follows_the_survival_beyond_the_window(model):
    made = simulate(model, COUNT, T=4, holdout=2, seed=3)
    for t in (1, 3, 5, 20, 60):
        assert close((made["dead_at"] > t).astype(float), float(model.probability_alive(ahead=t)))


@pytest.mark.parametrize("model", MODELS, ids=name)
def test_the_same_seed_gives_the_same_customers_whatever_the_state_of_numpy(model):
    first = simulate(model, 300, T=horizon(model), seed=4)
    np.random.default_rng(0).random(10)
    pd.testing.assert_frame_equal(first, simulate(model, 300, T=horizon(model), seed=4))
    assert not first.equals(simulate(model, 300, T=horizon(model), seed=5))
    pd.testing.assert_frame_equal(first, model.simulate(300, T=horizon(model), seed=4))


def step_by_step(model, count, T, seed):
    """The process as the papers tell it: one gap, one toss of the coin after the other."""
    rng = np.random.default_rng(seed)
    rows = []
    for _ in range(count):
        rate, dead_at, left = (values[0] for values in model._lives(rng, model.theta_, 1))
        x, tx, t = 0, 0.0, rng.exponential(1 / rate)
        while t < min(T, dead_at) and x < left:
            x, tx, t = x + 1, t, t + rng.exponential(1 / rate)
        rows.append((x, tx))
    return np.array(rows)


@pytest.mark.parametrize("model", IN_TIME, ids=name)
def test_order_statistics_give_the_same_histories_as_going_purchase_by_purchase(model):
    slow = step_by_step(model, 4000, 39.0, seed=6)
    made = simulate(model, 8000, T=39, seed=7)
    assert ks_2samp(slow[:, 0], made["frequency"]).pvalue > 0.001
    for x in (1, 2):
        recency = made.loc[made["frequency"] == x, "recency"]
        assert ks_2samp(slow[slow[:, 0] == x, 1], recency).pvalue > 0.001
    frequent = made.loc[made["frequency"] > 5, "recency"]
    assert ks_2samp(slow[slow[:, 0] > 5, 1], frequent).pvalue > 0.001


def test_each_customer_may_have_an_own_length():
    T = np.linspace(10, 78, 2000)
    made = simulate(BG, 2000, T=T, seed=1)
    np.testing.assert_array_equal(made["T"], T)
    assert (made["recency"] <= T).all()
    assert T[0] == 10


def test_who_never_leaves_has_no_time_of_leaving():
    made = simulate(STEADY, 100, T=10, seed=1)
    assert np.isinf(made["dead_at"]).all()
    assert made["alive_at_T"].all()
    split = simulate(BGNBD.with_params(r=1, alpha=5, a=1e-4, b=2e-4), 500, T=39, seed=1)
    assert np.isinf(split["dead_at"]).any()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"customers": 0}, "0 customers"),
        ({"customers": 2.5}, "2.5 customers"),
        ({"T": -1}, "above 0"),
        ({"T": np.nan}, "above 0"),
        ({"T": [1.0, 2.0]}, "2 lengths"),
        ({"T": 1e12}, "more than 10,000,000 purchases"),
        ({"holdout": -1}, "holdout"),
    ],
)
def test_what_cannot_be_simulated_is_said(wrong, says):
    with pytest.raises(InputError, match=says):
        simulate(BG, **{"customers": 10, "T": 39} | wrong)


def test_occasions_are_whole():
    with pytest.raises(InputError, match="whole numbers of occasions"):
        simulate(DONORS, 10, T=5.5)


@pytest.mark.parametrize("model", IN_TIME, ids=name)
def test_a_log_holds_the_purchases_of_the_model(model):
    log = simulate_log(model, 20_000, start="2011-01-03", end="2012-07-01", joined_by="2011-04-03", seed=1)
    by = log.groupby("customer_id")["ordered_at"].agg(["min", "max", "count"])
    assert len(by) == 20_000
    assert log["ordered_at"].min() == pd.Timestamp("2011-01-03", tz="UTC")
    assert by["min"].max() == pd.Timestamp("2011-04-03", tz="UTC")
    assert log["ordered_at"].max() <= pd.Timestamp("2012-07-01", tz="UTC")
    assert log["ordered_at"].is_monotonic_increasing
    days = 546 - (np.arange(0, 91, 0.5) + 0.25)  # lengths of observation: first purchases are spread evenly
    assert close(by["count"] - 1, np.mean(model.expected_purchases(horizon=days / 7)))


def test_a_log_in_another_unit_is_the_same_process():
    daily = ParetoNBD.with_params(r=0.56, alpha=12.5 * 7, s=0.41, beta=10.5 * 7, unit="day")
    weekly = simulate_log(PARETO, 500, start="2011-01-01", T=52, seed=3)
    pd.testing.assert_frame_equal(weekly, simulate_log(daily, 500, start="2011-01-01", T=364, seed=3))
    nameless = ParetoNBD.with_params(**PARETO.params_)
    pd.testing.assert_frame_equal(weekly, simulate_log(nameless, 500, start="2011-01-01", T=52, unit="week", seed=3))


def test_donors_give_once_a_year():
    log = simulate_log(DONORS, 3000, start="2000-01-01", end="2006-12-31", joined_by="2000-12-31", seed=1)
    gaps = log.groupby("customer_id")["ordered_at"].diff().dropna().dt.days / 365.2425
    assert np.abs(gaps - gaps.round()).max() < 0.01
    assert gaps.min() > 0.99
    assert (log["ordered_at"].max() - log["ordered_at"].min()).days < 7 * 366


def test_amounts_are_gamma_gamma():
    log = simulate_log(BG, 20_000, start="2011-01-01", end="2012-06-30", spend=SPEND, seed=1)
    by = log.groupby("customer_id")["amount"].agg(["mean", "first"])
    assert close(by["first"], 6.0 * 15.0 / 5.0)
    assert close(by["mean"], 6.0 * 15.0 / 5.0)
    own = log[log.duplicated("customer_id")].drop_duplicates("customer_id").set_index("customer_id")["amount"]
    first = log.drop_duplicates("customer_id").set_index("customer_id")["amount"].reindex(own.index)
    assert np.corrcoef(np.log(own), np.log(first))[0, 1] > 0.3  # big spenders stay big spenders


def test_days_of_a_log_stand_in_the_zone_asked_for():
    log = simulate_log(BG, 50, start="2011-01-01", end="2011-12-31", zone="Asia/Shanghai", seed=1)
    assert str(log["ordered_at"].dtype) == "datetime64[us, Asia/Shanghai]"
    assert (log["ordered_at"] == log["ordered_at"].dt.normalize()).all()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"end": None}, "an end or a length"),
        ({"T": 10}, "an end or a length"),
        ({"end": "2010-01-01"}, "not in order"),
        ({"joined_by": "2013-01-01"}, "not in order"),
        ({"start": "yesterday?"}, "is not a day"),
        ({"unit": "moon"}, "unit of time 'moon'"),
    ],
)
def test_days_and_units_that_cannot_be_are_said(wrong, says):
    with pytest.raises(InputError, match=says):
        simulate_log(BG, 10, **{"start": "2011-01-01", "end": "2011-12-31"} | wrong)
