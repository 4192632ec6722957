"""Calibration by decile and coverage of outcome intervals, against scipy, loops and simulated truth."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from crm_analysis.clv import BGNBD, MBGNBD, NBD, ParetoNBD
from crm_analysis.clv.cases import as_cases
from crm_analysis.clv.holdout.calibration import calibration_by_decile, coverage, outcome_quantiles
from crm_analysis.errors import InputError

MODELS = [
    ParetoNBD.with_params(r=0.553277, alpha=10.577684, s=0.606240, beta=11.668738),
    BGNBD.with_params(r=0.2425945, alpha=4.4136021, a=0.792922, b=2.425907),
    MBGNBD.with_params(r=0.5248432, alpha=6.1830852, a=0.8913593, b=1.6140018),
    NBD.with_params(r=0.3847661, alpha=12.0720233),
]
PROBABILITIES = [0.025, 0.05, 0.5, 0.75, 0.9, 0.95, 0.975]


def test_groups_are_tenths_from_the_highest_prediction():
    rng = np.random.default_rng(0)
    predicted = rng.permutation(np.linspace(0.1, 5, 1000))
    actual = rng.poisson(predicted)
    table = calibration_by_decile(predicted, actual)
    assert table["group"].tolist() == list(range(1, 11))
    assert table["customers"].tolist() == [100] * 10
    order = np.argsort(-predicted).reshape(10, 100)
    np.testing.assert_allclose(table["predicted"], predicted[order].mean(axis=1))
    np.testing.assert_allclose(table["actual"], actual[order].mean(axis=1))
    third = stats.t.interval(0.95, 99, actual[order][2].mean(), stats.sem(actual[order][2]))
    assert (table["actual_low"][2], table["actual_high"][2]) == pytest.approx(third)


def test_equal_predictions_stay_together_and_rows_may_stand_in_any_order():
    predicted, actual = np.repeat([3.0, 1.0, 0.5], [4, 3, 13]), np.arange(20)
    table = calibration_by_decile(predicted, actual, groups=5)
    assert table["group"].tolist() == [1, 2, 4]
    assert table["customers"].tolist() == [4, 3, 13]
    turned = calibration_by_decile(predicted[::-1], actual[::-1], groups=5)
    pd.testing.assert_frame_equal(table, turned)
    exploded = calibration_by_decile(np.repeat(predicted, 2), np.repeat(actual, 2), groups=5)
    pd.testing.assert_frame_equal(calibration_by_decile(predicted, actual, weight=np.full(20, 2), groups=5), exploded)


def test_a_group_of_equal_counts_has_no_interval():
    table = calibration_by_decile([2.0, 2.0, 1.0, 1.0], [1, 1, 0, 4], groups=2)
    assert table["actual_low"].isna().tolist() == [True, False]
    with pytest.raises(InputError, match="one length"):
        calibration_by_decile([1.0], [1, 2])


def test_quantiles_of_the_nbd_are_those_of_scipy(cx):
    cases = as_cases(cx)
    r, alpha = 0.3847661, 12.0720233
    found = outcome_quantiles(MODELS[3], cases, horizon=39, probabilities=PROBABILITIES)
    chance = (alpha + cases.T) / (alpha + cases.T + 39)
    for quantile, p in zip(found, PROBABILITIES):
        np.testing.assert_array_equal(quantile, stats.nbinom.ppf(p, r + cases.x, chance))


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.key)
def test_quantiles_are_the_least_counts_that_reach_the_probability(model, cx):
    rows = cx.sample(40, random_state=1)
    chances = model.purchase_probability(rows, n=range(120), horizon=39).to_numpy().cumsum(axis=1)
    cases = as_cases(rows)
    found = outcome_quantiles(model, cases, horizon=39, probabilities=PROBABILITIES)[:, cases.row]
    for quantile, p in zip(found, PROBABILITIES):
        np.testing.assert_array_equal(quantile, (chances >= p - 1e-12).argmax(axis=1))


def test_frequent_buyers_are_reached():
    frame = pd.DataFrame({"frequency": [3000, 0], "recency": [39.0, 0], "T": [39.0, 39.0]})
    cases = as_cases(frame)
    low, high = outcome_quantiles(MODELS[0], cases, horizon=39, probabilities=[0.05, 0.95])[:, cases.row]
    assert 0 < low[0] < MODELS[0].expected_purchases(frame, horizon=39)[0] < high[0]
    assert (low[1], high[1]) == (0, 1)


@pytest.mark.parametrize("model", MODELS[2:], ids=lambda model: model.key)
def test_a_true_model_covers_at_least_what_it_names(model):
    rng = np.random.default_rng(4)
    n, T = 4000, 30.0
    rate = rng.gamma(model.params_["r"], 1 / model.params_["alpha"], n)
    leaving = rng.beta(model.params_["a"], model.params_["b"], n) if "a" in model.params_ else np.zeros(n)
    histories = np.array([_life(rng, *who, T) for who in zip(rate, leaving)])
    frame = pd.DataFrame({"frequency": histories[:, 0], "recency": histories[:, 1], "T": T})
    table = coverage(model, frame, histories[:, 2], horizon=30)
    assert (table["covered_high"] >= table["level"]).all()
    assert (table["covered"].diff().dropna() >= 0).all()


def _life(rng, rate, leaving, T):
    """Purchases to T, time of the last, and purchases from T to 2 T, one customer at a time."""
    if rng.random() < leaving:
        return 0, 0.0, 0
    t, seen, last, later = 0.0, 0, 0.0, 0
    while True:
        t += rng.exponential(1 / rate) if rate > 0 else np.inf
        if t > 2 * T:
            return seen, last, later
        seen, last, later = (seen + 1, t, later) if t <= T else (seen, last, later + 1)
        if rng.random() < leaving:
            return seen, last, later


def test_coverage_takes_a_series_by_its_index_and_weights(cx):
    part = cx.iloc[:200]
    table = coverage(MODELS[1], part, part["frequency_holdout"], horizon=39, levels=[0.9])
    assert coverage(MODELS[1], part, part["frequency_holdout"].to_numpy(), horizon=39, levels=[0.9]).equals(table)
    grouped = part.groupby(["frequency", "recency", "T", "frequency_holdout"]).size().rename("weights").reset_index()
    weighted = coverage(MODELS[1], grouped, grouped["frequency_holdout"], horizon=39, levels=[0.9])
    pd.testing.assert_frame_equal(weighted, table)
    with pytest.raises(InputError, match="same index"):
        coverage(MODELS[1], part, part["frequency_holdout"].iloc[::-1], horizon=39)
    with pytest.raises(InputError, match="199 actual counts for 200"):
        coverage(MODELS[1], part, [0] * 199, horizon=39)
