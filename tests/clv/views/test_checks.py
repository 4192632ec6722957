"""Counts by frequency against sums over customers, published numbers, exact distributions; the holdout by class."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from crm_analysis.clv import BGNBD, MBGNBD, NBD, ParetoNBD
from crm_analysis.clv.holdout.baselines import SameAgain
from crm_analysis.clv.models.bg_bb import BGBB
from crm_analysis.clv.views.checks import by_name, classes, count_quantile, frequency_fit, holdout_by_frequency
from crm_analysis.errors import InputError
from crm_analysis.intervals import mean_t
from crm_analysis.sources.cdnow import bundled_file

MODELS = [
    ParetoNBD.with_params(r=0.553277, alpha=10.577684, s=0.606240, beta=11.668738),
    BGNBD.with_params(r=0.2425945, alpha=4.4136021, a=0.792922, b=2.425907),
    MBGNBD.with_params(r=0.5248432, alpha=6.1830852, a=0.8913593, b=1.6140018),
    NBD.with_params(r=0.3847661, alpha=12.0720233),
]


@pytest.fixture(scope="module")
def fit(cx) -> pd.DataFrame:
    return frequency_fit(MODELS, cx)


def exact_sum(chances: np.ndarray) -> np.ndarray:
    """Probabilities of a sum of independent yes-or-no draws, one draw at a time."""
    found = np.ones(1)
    for p in chances:
        found = np.convolve(found, [1 - p, p])
    return found


def test_observed_counts_are_those_of_the_papers(fit):
    own = fit[fit["model"] == "bg_nbd"]
    assert own["customers"].tolist() == [1411, 439, 214, 100, 62, 38, 29, 64]
    assert own["purchase_class"].tolist() == ["0", "1", "2", "3", "4", "5", "6", "7+"]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.key)
def test_expected_counts_are_sums_over_customers(cx, fit, model):
    few = cx.iloc[::60]
    by_hand = np.array([[float(model.purchase_probability(n=n, horizon=T)) for n in range(7)] for T in few["T"]]).sum(0)
    found = frequency_fit(model, few)["customers_expected"].to_numpy()
    np.testing.assert_allclose(found[:-1], by_hand)
    assert found.sum() == pytest.approx(len(few))
    assert fit.loc[fit["model"] == model.key, "customers_expected"].sum() == pytest.approx(2357)


def test_expected_donors_are_those_of_the_reference():
    frame = pd.read_csv(bundled_file(sample=True).with_name("donations.csv")).rename(columns={"periods": "T"})
    model = BGBB.with_params(alpha=1.203522, beta=0.749716, gamma=0.656718, delta=2.783441)
    found = frequency_fit(model, frame, most=6).set_index("purchase_class")
    np.testing.assert_allclose(
        found.loc[["0", "3", "6+"], "customers_expected"], [3454.88, 1113.38, 1253.11], atol=0.01
    )
    assert found["customers"].sum() == 11104


def test_intervals_hold_the_counts_of_a_true_model():
    rng = np.random.default_rng(0)
    chance = rng.uniform(0.01, 0.4, 300)
    low, high = (float(count_quantile(chance.sum(), (chance * (1 - chance)).sum(), prob)) for prob in (0.025, 0.975))
    exact = exact_sum(chance)
    assert 0.95 <= exact[int(low) : int(high) + 1].sum() < 0.975


@given(st.lists(st.floats(0.001, 0.999), min_size=1, max_size=60), st.sampled_from([0.025, 0.1, 0.5, 0.9, 0.975]))
@settings(max_examples=60, deadline=None)
def test_quantiles_are_within_one_of_the_exact_ones(chances, prob):
    chances = np.array(chances)
    exact = int(np.searchsorted(exact_sum(chances).cumsum(), prob))
    assert abs(count_quantile(chances.sum(), (chances * (1 - chances)).sum(), prob) - exact) <= 1


@given(st.integers(1, 5000), st.floats(0.001, 0.999), st.sampled_from([0.005, 0.025, 0.5, 0.975]))
@settings(max_examples=60, deadline=None)
def test_quantiles_of_equal_chances_are_binomial(n, p, prob):
    expected = binom.ppf(prob, n, p)
    found = float(count_quantile(np.array(n * p), np.array(n * p * (1 - p)), prob))
    near = abs(binom.cdf(min(found, expected), n, p) - prob) < 1e-9  # a tie, decided by rounding
    assert found == expected or near


def test_certain_and_impossible_classes_have_no_spread():
    assert count_quantile(np.array([0.0, 5.0]), np.array([0.0, 0.0]), 0.975).tolist() == [0, 5]


def test_weights_stand_for_rows(cx):
    few = cx.iloc[::40].assign(weights=np.arange(len(cx.iloc[::40])) % 3 + 1)
    rows = few.loc[few.index.repeat(few["weights"])].drop(columns="weights").reset_index(drop=True)
    for check in (frequency_fit, holdout_by_frequency):
        pd.testing.assert_frame_equal(check(MODELS, few), check(MODELS, rows))


def test_the_holdout_by_class_is_what_pandas_gives(cx):
    found = holdout_by_frequency(MODELS[:2], cx, level=0.9)
    place = cx["frequency"].clip(upper=7)
    for model in MODELS[:2]:
        own = found[found["model"] == model.key].reset_index(drop=True)
        predicted = model.expected_purchases(cx, horizon=39)
        np.testing.assert_allclose(own["expected"], predicted.groupby(place).mean())
        np.testing.assert_allclose(own["actual"], cx["frequency_holdout"].groupby(place).mean())
        assert own["customers"].tolist() == place.value_counts().sort_index().tolist()
    actual = mean_t(cx.loc[place == 3, "frequency_holdout"], level=0.9)
    row = found[(found["model"] == "pareto_nbd") & (found["purchase_class"] == "3")].iloc[0]
    assert tuple(row[["actual", "actual_low", "actual_high"]]) == pytest.approx(tuple(actual))
    assert (found["customers"] * found["expected"])[:8].sum() == pytest.approx(1665.51, abs=0.05)


def test_rules_of_thumb_can_be_checked_too():
    frame = pd.DataFrame({"frequency": [0, 4], "recency": [0, 30.0], "T": 39.0, "frequency_holdout": [1, 3],
                          "duration_holdout": 39.0})  # fmt: skip
    found = holdout_by_frequency({"again": SameAgain()}, frame, most=2)
    assert found[["purchase_class", "actual", "expected"]].to_numpy().tolist() == [["0", 1, 0], ["2+", 3, 4]]
    assert found[["actual_low", "actual_high"]].isna().all(axis=None)


def test_the_callers_frame_stays(cx):
    before = cx.copy()
    frequency_fit(MODELS[0], cx)
    holdout_by_frequency(MODELS[0], cx)
    pd.testing.assert_frame_equal(cx, before)


def test_models_by_name_and_their_mistakes():
    assert by_name({"a": 1}) == {"a": 1}
    with pytest.raises(InputError, match="same name"):
        by_name([MODELS[0], MODELS[0]])
    with pytest.raises(InputError, match="no model"):
        by_name([])


def test_bad_input_is_named(cx):
    with pytest.raises(InputError, match="there is no holdout"):
        holdout_by_frequency(MODELS[0], cx.drop(columns="frequency_holdout"))
    with pytest.raises(InputError, match="most must be a whole number"):
        frequency_fit(MODELS[0], cx, most=0)
    with pytest.raises(InputError, match="most must be a whole number"):
        classes(np.ones(1), 1.5)
    with pytest.raises(ValueError, match="level must lie"):
        frequency_fit(MODELS[0], cx, level=95)
