"""What all models of repeat buying have in common: invariants of fits and predictions, and what they refuse."""

from __future__ import annotations

import json
import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.clv import BGNBD, MBGNBD, NBD, ParetoNBD
from crm_analysis.clv.units import rate_per_unit
from crm_analysis.errors import InputError
from tests.helpers.purchase_models import HISTORIES, answers, customers, simulate

MODELS = [ParetoNBD, BGNBD, MBGNBD, NBD]
TRUE = {
    ParetoNBD: (0.553277, 10.577684, 0.606240, 11.668738),
    BGNBD: (0.2425945, 4.4136021, 0.792922, 2.425907),
    MBGNBD: (0.5248432, 6.1830852, 0.8913593, 1.6140018),
    NBD: (0.3847661, 12.0720233),
}
FEW = settings(derandomize=True, deadline=None, max_examples=25)
each = pytest.mark.parametrize("kind", MODELS)
row = customers(*HISTORIES).set_axis(list("abcdef"))


def at(kind, params=None):
    return kind.with_params(**dict(zip(kind.names, params or TRUE[kind])))


@pytest.fixture(scope="module")
def fits(cx):
    return {kind: kind().fit(cx) for kind in MODELS}


params = st.lists(st.floats(-2, 2.5).map(np.exp), min_size=4, max_size=4)


@st.composite
def histories(draw, most=300):
    x = draw(st.integers(0, most))
    T = draw(st.floats(0.5, 200))
    tx = T * draw(st.sampled_from([0.05, 0.5, 0.9, 1.0])) if x else 0.0
    return x, tx, T


# Fits


@each
def test_two_runs_agree_to_the_bit_and_order_and_ids_do_not_matter(kind, cx, fits):
    mixed = cx.sample(frac=1, random_state=1).set_axis(range(len(cx)))[["T", "recency", "frequency"]]
    for frame in (cx, mixed):
        again = kind().fit(frame)
        pd.testing.assert_series_equal(again.params_, fits[kind].params_, check_exact=True)
        pd.testing.assert_frame_equal(again.covariance_, fits[kind].covariance_, check_exact=True)


@each
def test_weights_are_repeated_rows(kind, cx, fits):
    counted = cx.groupby(["frequency", "recency", "T"]).size().rename("weights").reset_index()
    again = kind().fit(counted)
    pd.testing.assert_series_equal(again.params_, fits[kind].params_, check_exact=True)
    assert (again.customers_, again.repeat_buyers_) == (2357, 946)
    assert (again.aic_, again.bic_) == (fits[kind].aic_, fits[kind].bic_)


@each
@pytest.mark.parametrize("k", [7.0, 1 / 4.348])
def test_units_of_time(kind, k, cx, fits):
    """Times multiplied by k: alpha and beta too, the rest equal, the likelihood shifted by -(sum x) ln k."""
    scaled = kind().fit(cx.assign(recency=cx["recency"] * k, T=cx["T"] * k))
    ratio = scaled.params_ / fits[kind].params_
    expected = [k if name in ("alpha", "beta") else 1.0 for name in kind.names]
    np.testing.assert_allclose(ratio, expected, rtol=2e-5)
    assert scaled.log_likelihood_ == pytest.approx(fits[kind].log_likelihood_ - 2457 * np.log(k), abs=1e-4)
    if (kind, k) == (ParetoNBD, 7.0):
        assert scaled.log_likelihood_ == pytest.approx(-14376.0774, abs=1e-3)


@each
def test_a_fit_ends_on_a_proper_maximum(kind, cx, fits):
    fit = fits[kind]
    assert fit.optimum_.gradient_norm < 1e-6
    assert (np.linalg.eigvalsh(fit.covariance_) > 0).all()
    pd.testing.assert_frame_equal(fit.covariance_, fit.covariance_.T, check_exact=True)
    assert fit.log_likelihood(cx).sum() == pytest.approx(fit.log_likelihood_, abs=1e-6)
    worse = [
        at(kind, tuple(fit.params_ * (1 + step)))
        for step in 1e-3 * np.r_[np.eye(len(kind.names)), -np.eye(len(kind.names))]
    ]
    assert all(model.log_likelihood(cx).sum() < fit.log_likelihood_ for model in worse)


@each
def test_clone_pickle_and_json_predict_the_same(kind, cx, fits):
    from sklearn.base import clone

    fit = fits[kind]
    fresh = clone(fit)
    assert type(fresh) is kind
    assert not hasattr(fresh, "params_")
    copies = [
        fresh.fit(cx),
        pickle.loads(pickle.dumps(fit)),
        kind.with_params(**json.loads(json.dumps(fit.params_.to_dict()))),
        kind.with_params(**json.loads(fit.params_.to_json(double_precision=15))),
    ]
    for copy, tolerance in zip(copies, (0, 0, 0, 1e-12)):
        for name, values in answers(copy, row).items():
            np.testing.assert_allclose(values, answers(fit, row)[name], rtol=tolerance, err_msg=name)


@each
def test_recovery_of_known_parameters_within_three_standard_errors(kind):
    T = np.random.default_rng(8).integers(20, 78, 20_000).astype(float)
    x, tx = simulate(kind.key, TRUE[kind], T, seed=12)
    fit = kind().fit(pd.DataFrame({"frequency": x, "recency": tx, "T": T}))
    off = (np.log(fit.params_) - np.log(TRUE[kind])) / np.sqrt(np.diag(fit.log_covariance_))
    assert (off.abs() < 3).all(), off


@each
def test_mean_prediction_over_simulated_customers_is_the_difference_of_expectations(kind):
    """E over histories of CET(t) = E(T+t) - E(T); the same of P(alive)."""
    T = np.full(40_000, 39.0)
    x, tx = simulate(kind.key, TRUE[kind], T, seed=4)
    frame, model = pd.DataFrame({"frequency": x, "recency": tx, "T": T}), at(kind)
    for found, expected in (
        (model.expected_purchases(frame, horizon=52), np.diff(model.expected_purchases(horizon=[39, 91]))[0]),
        (model.probability_alive(frame, ahead=10), model.probability_alive(ahead=49)),
        (frame["frequency"], model.expected_purchases(horizon=39)),
    ):
        assert abs(found.mean() - expected) <= 4 * found.std() / len(T) ** 0.5


# Predictions


@each
@FEW
@given(params=params, history=histories())
def test_purchases_rise_and_flatten_and_aliveness_falls(kind, params, history):
    model, frame = at(kind, params[: len(kind.names)]), customers(history)
    times = np.array([0, 0.1, 1, 5, 25, 100, 500.0])
    mean = np.array([model.expected_purchases(frame, horizon=t)[0] for t in times])
    alive = np.array([model.probability_alive(frame, ahead=t)[0] for t in times])
    assert mean[0] == 0
    speed = np.diff(mean) / np.diff(times)
    assert (speed >= 0).all()
    assert (np.diff(speed) <= 1e-8 * speed[0] + 1e-300).all()
    assert (np.diff(alive) <= 1e-12).all()
    assert ((alive >= 0) & (alive <= 1)).all()
    assert alive[0] == model.probability_alive(frame)[0]


@each
@FEW
@given(params=params, history=histories(most=40), horizon=st.floats(0.1, 50))
def test_probabilities_add_up_to_one_and_their_mean_is_the_expectation(kind, params, history, horizon):
    model, frame = at(kind, params[: len(kind.names)]), customers(history)
    alive, mean = model.probability_alive(frame)[0], model.expected_purchases(frame, horizon=horizon)[0]
    updated = model._updated(model.theta_, np.float64(history[0]), np.float64(history[2]))
    shape, z = updated[0], horizon / (updated[1] + horizon)
    n = np.arange(np.ceil(shape * z / (1 - z) + 60 * np.sqrt(shape * z) / (1 - z) + 80 / (1 - z)))
    if len(n) > 20_000:
        return
    chance = alive * model._pmf(tuple(np.reshape(value, -1) for value in updated), n, np.asarray(horizon))
    assert chance.sum() + 1 - alive == pytest.approx(1, abs=1e-9)
    assert chance @ n == pytest.approx(mean, abs=1e-9, rel=1e-7)
    few = model.purchase_probability(frame, n=[0, 3], horizon=horizon)
    assert few[0].iloc[0] == pytest.approx(chance[0] + 1 - alive, rel=1e-12)
    assert few[3].iloc[0] == pytest.approx(chance[3] if len(n) > 3 else 0, rel=1e-12, abs=1e-12)


@each
@FEW
@given(params=params, history=histories())
def test_discounting_lowers_and_a_horizon_too(kind, params, history):
    model, frame = at(kind, params[: len(kind.names)]), customers(history)
    to_come = [model.discounted_purchases(frame, discount=d)[0] for d in (0.001, 0.01, 0.1, 0.9)]
    assert (np.diff(to_come) <= 0).all()
    within = [model.discounted_purchases(frame, discount=0.01, horizon=H)[0] for H in (0, 1, 10, 100, 1000, np.inf)]
    assert within[0] == 0
    assert (np.diff(within) >= -1e-9 * within[-1]).all()
    undiscounted = model.discounted_purchases(frame, discount=0, horizon=20)[0]
    assert undiscounted == pytest.approx(model.expected_purchases(frame, horizon=20)[0], rel=1e-12)
    assert model.discounted_purchases(frame, discount=1e-9, horizon=20)[0] == pytest.approx(undiscounted, rel=1e-6)


def test_more_purchases_are_not_always_better():
    """At the same last purchase a frequent buyer's silence says more: predictions fall again."""
    rows = customers(*[(x, 20, 39) for x in (1, 4, 30)])
    found = at(ParetoNBD).expected_purchases(rows, horizon=39)
    assert found[1] > found[0] > found[2]


@each
def test_answers_carry_the_callers_index(kind):
    model = at(kind)
    for values in answers(model, row).values():
        pd.testing.assert_index_equal(values.index, row.index)
    table = model.purchase_probability(row, n=[2, 0], horizon=5)
    assert table.columns.tolist() == [2, 0]
    pd.testing.assert_index_equal(table.index, row.index)
    for name, values in answers(model, row.iloc[::-1]).items():
        pd.testing.assert_series_equal(values.iloc[::-1], answers(model, row)[name], check_exact=True)


@each
def test_a_horizon_per_customer(kind):
    model, times = at(kind), np.array([1.0, 5, 39, 0, 100, 2])
    for ask, name in ((model.expected_purchases, "horizon"), (model.probability_alive, "ahead")):
        found = ask(row, **{name: times})
        expected = [ask(row.iloc[[k]], **{name: t}).iloc[0] for k, t in enumerate(times)]
        np.testing.assert_allclose(found, expected, rtol=1e-13)


@each
def test_new_customers(kind):
    model = at(kind)
    assert np.ndim(model.expected_purchases(horizon=39)) == 0
    assert model.expected_purchases(horizon=[1, 2, 3]).shape == (3,)
    assert model.probability_alive() == (pytest.approx(1) if kind is not MBGNBD else pytest.approx(0.6442, abs=5e-5))
    chances = model.purchase_probability(n=range(4), horizon=39)
    assert chances.tolist() == [model.purchase_probability(n=n, horizon=39) for n in range(4)]


@each
def test_formulas_broadcast_draws_of_parameters_against_customers(kind):
    """Parameters of shape (draws, 1) and cases of shape (rows,) give (draws, rows)."""
    draws = np.exp(np.random.default_rng(0).normal(0, 0.1, (5, len(kind.names)))) * TRUE[kind]
    x, tx, T = (row[name].to_numpy(float) for name in ("frequency", "recency", "T"))
    theta, t = tuple(draws.T[:, :, None]), np.asarray(39.0)
    updated = kind._updated(theta, x, T)
    found = {
        "log_likelihood": kind._rows(theta, x, tx, T),
        "p_alive": kind._alive(theta, x, tx, T),
        "mean": kind._alive(theta, x, tx, T) * kind._mean(updated, t),
        "discounted": kind._alive(theta, x, tx, T) * kind()._discounted(updated, 0.0027, np.inf),
        "three": kind._alive(theta, x, tx, T) * kind._pmf(updated, np.asarray(3.0), t),
    }
    for k, values in enumerate(draws):
        model = at(kind, tuple(values))
        one = {
            "log_likelihood": model.log_likelihood(row),
            "p_alive": model.probability_alive(row),
            "mean": model.expected_purchases(row, horizon=39),
            "discounted": model.discounted_purchases(row, discount=0.0027),
            "three": model.purchase_probability(row, n=3, horizon=39),
        }
        for name, expected in one.items():
            assert found[name].shape == (5, 6)
            np.testing.assert_allclose(found[name][k], expected, rtol=1e-10)


@each
def test_a_hundred_thousand_purchases(kind):
    rows = customers((100_000, 39, 39), (100_000, 20, 39), (1, 1e-9, 5000), (0, 0, 1e6))
    for name, values in answers(at(kind), rows).items():
        assert np.isfinite(values).all(), name
    assert np.isfinite(at(kind).log_likelihood(rows)).all()


# What is refused


@each
def test_nobody_bought_twice(kind):
    with pytest.raises(InputError, match="nobody bought twice"):
        kind().fit(customers((0, 0, 5), (0, 0, 6)))


@each
def test_a_model_must_be_fitted_first(kind):
    for ask in (
        lambda m: m.expected_purchases(horizon=3),
        lambda m: m.probability_alive(row),
        lambda m: m.log_likelihood(row),
    ):
        with pytest.raises(InputError, match="not fitted yet"):
            ask(kind())


@pytest.mark.parametrize("horizon", ["ten", "10", -1, np.nan, np.inf, None, [1, -1], pd.Timedelta(3, "D")])
def test_impossible_horizons(horizon):
    model = at(NBD)
    with pytest.raises(InputError, match="horizon must be a number"):
        model.expected_purchases(horizon=horizon)
    with pytest.raises(InputError, match="horizon must be a number"):
        model.purchase_probability(n=1, horizon=horizon)
    with pytest.raises(InputError, match="ahead must be a number"):
        model.probability_alive(ahead=horizon)


def test_a_wrong_number_of_horizons():
    with pytest.raises(InputError, match="3 times were given for 6 customers"):
        at(NBD).expected_purchases(row, horizon=[1, 2, 3])


@pytest.mark.parametrize("n", [-1, 1.5, [0, -2], np.nan])
def test_impossible_numbers_of_purchases(n):
    with pytest.raises(InputError, match="n must be whole numbers from 0"):
        at(BGNBD).purchase_probability(n=n, horizon=3)


@pytest.mark.parametrize("discount", [-0.1, 1.0, 10, np.nan, "0.1", None])
def test_impossible_discounts(discount):
    with pytest.raises(InputError, match="continuous rate per unit of time"):
        at(BGNBD).discounted_purchases(row, discount=discount)


@pytest.mark.parametrize("horizon", ["ten", -1, np.nan])
def test_impossible_horizons_of_discounting(horizon):
    with pytest.raises(InputError, match="horizon must be a number"):
        at(BGNBD).discounted_purchases(row, discount=0.01, horizon=horizon)


@each
def test_without_discount_and_end_where_buying_never_ends(kind):
    with pytest.raises(InputError, match="without end"):
        at(kind).discounted_purchases(row, discount=0)
    assert np.isfinite(at(kind).discounted_purchases(row, discount=rate_per_unit(0.1, unit="week"))).all()


@pytest.mark.parametrize(
    "values", [{"r": 1}, {"r": 1, "alpha": 2, "beta": 3}, {"r": 1, "alpha": 0}, {"r": -1, "alpha": 1}]
)
def test_impossible_parameters(values):
    with pytest.raises(InputError, match="parameters"):
        NBD.with_params(**values)


def test_several_counts_over_several_horizons_of_a_new_customer_are_refused():
    model = ParetoNBD.with_params(r=0.55, alpha=10.56, s=0.61, beta=11.64)
    assert model.purchase_probability(n=0, horizon=[1.0, 2.0]).shape == (2,)
    with pytest.raises(InputError, match="one n, or one horizon"):
        model.purchase_probability(n=[0, 1], horizon=[1.0, 2.0])
    for wrong in ("a", None, 1.5, -1, float("nan")):
        with pytest.raises(InputError, match="n must be whole numbers"):
            model.purchase_probability(n=wrong, horizon=1.0)
    with pytest.raises(InputError, match="horizon must be one number"):
        model.discounted_purchases(discount=0.01, horizon=[1.0, 2.0])


def test_times_given_as_a_series_follow_its_index():
    model = ParetoNBD.with_params(r=0.55, alpha=10.56, s=0.61, beta=11.64)
    frame = pd.DataFrame({"frequency": [2, 0], "recency": [30.4, 0], "T": [38.9, 30.0]}, index=["a", "b"])
    times = pd.Series([5.0, 39.0], index=["b", "a"])
    found = model.expected_purchases(frame, horizon=times)
    assert found["a"] == pytest.approx(model.expected_purchases(frame.loc[["a"]], horizon=39.0)["a"], rel=1e-12)
    with pytest.raises(InputError, match="has not the index of the customers"):
        model.expected_purchases(frame, horizon=pd.Series([1.0, 2.0], index=["x", "b"]))


def test_parameters_that_are_no_numbers_are_named():
    with pytest.raises(InputError, match="beta='x'"):
        ParetoNBD.with_params(r=1, alpha=1, s=1, beta="x")
