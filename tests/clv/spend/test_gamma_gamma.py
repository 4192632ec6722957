"""The Gamma-Gamma model: published numbers, quadrature over both gamma layers, recovery of truth, bad input."""

from __future__ import annotations

import json
import math
import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn.base import clone

from crm_analysis.clv.spend.cases import as_spend_cases
from crm_analysis.clv.spend.gamma_gamma import GammaGamma
from crm_analysis.clv.spend.likelihood import _exact_log_shares, derivatives, log_likelihoods
from crm_analysis.errors import InputError
from crm_analysis.words import all_words

AT_CG = {"p": 6.248802, "q": 3.744589, "v": 15.447751}
positive = st.floats(0.05, 50)


@pytest.fixture(scope="module")
def fitted(cg):
    return GammaGamma().fit(cg)


def customers(x, m, **more) -> pd.DataFrame:
    return pd.DataFrame({"frequency": x, "monetary_value": m, **more})


def simulated(truth: GammaGamma, count: int, *, seed: int = 1) -> pd.DataFrame:
    x = pd.Series(np.random.default_rng(seed).geometric(0.4, count) - 1.0)
    return customers(x, truth.simulate(x, seed=seed))


# Published numbers


def test_exact_daily_sums_give_the_numbers_of_fader_and_hardie(cx):
    model = GammaGamma().fit(cx)
    assert model.customers_ == 946
    assert model.log_likelihood_ == pytest.approx(-4055.9177, abs=1e-3)
    assert model.params_.to_numpy() == pytest.approx([6.249572, 3.744225, 15.443523], rel=1e-4)
    assert model.params_.round(2).tolist() == [6.25, 3.74, 15.44]


def test_published_summary_with_its_standard_errors(fitted):
    assert fitted.log_likelihood_ == pytest.approx(-4055.9232, abs=1e-3)
    assert fitted.params_.to_numpy() == pytest.approx([6.248802, 3.744589, 15.447751], rel=1e-4)
    assert fitted.standard_errors_.round(3).tolist() == [1.190, 0.290, 4.160]
    assert fitted.population_mean_ == pytest.approx(35.1710, abs=1e-3)
    assert fitted.population_median_ == pytest.approx(28.2495, abs=1e-3)
    assert fitted.optimum_.gradient_norm < 1e-6
    assert fitted.optimum_.eigenvalues.min() > 0
    assert fitted.ledger_.to_numpy().tolist() == [
        ["spend_read", 2357], ["no_repeat_purchase", 1411], ["spend_modelled", 946],
    ]  # fmt: skip


def test_expected_spend_of_the_first_ten_customers(cg):
    expected = GammaGamma.with_params(**AT_CG).expected_spend(cg)
    assert expected.index.equals(cg.index)
    assert expected.head(10).round(2).tolist() == [
        24.66, 18.91, 35.17, 35.17, 35.17, 71.46, 18.91, 35.17, 27.28, 35.17,
    ]  # fmt: skip


# Independent checks by quadrature over nu, the rate of the lower gamma layer


def nu_density(nu, q, v):
    return stats.gamma.pdf(nu, q, scale=1 / v)


def mean_density(m, x, p, nu):
    return stats.gamma.pdf(m, p * x, scale=1 / (nu * x))


def integrate(function, low=0.0):
    """Integrate over nu from low: 300 panels in its logarithm, which spreads small and large rates evenly."""
    edges = np.linspace(-60 if low == 0 else math.log(low), 40, 301)
    nodes, weights = np.polynomial.legendre.leggauss(30)
    half = np.diff(edges)[:, None] / 2
    nu = np.exp(edges[:-1, None] + half * (nodes + 1))
    return float(np.sum(function(nu) * nu * half * weights))


@pytest.mark.parametrize(("p", "q", "v"), [(6.25, 3.74, 15.4), (0.7, 0.6, 3.0), (2.0, 1.0, 40.0)])
@pytest.mark.parametrize(("x", "m"), [(1, 12.0), (7, 55.0)])
def test_likelihood_and_customer_predictions_equal_quadrature(p, q, v, x, m):
    model, frame = GammaGamma.with_params(p=p, q=q, v=v), customers([x], [m])
    both = lambda nu: mean_density(m, x, p, nu) * nu_density(nu, q, v)  # noqa: E731
    density = integrate(both)
    assert model.log_likelihood(frame).iloc[0] == pytest.approx(math.log(density), rel=1e-9)
    if p * x + q > 1:
        mean = integrate(lambda nu: p / nu * both(nu)) / density
        assert model.expected_spend(frame).iloc[0] == pytest.approx(mean, rel=1e-7)
    for prob in (0.1, 0.5, 0.9):
        at = model.spend_quantile(frame, prob=prob).iloc[0]
        assert integrate(both, low=p / at) / density == pytest.approx(prob, rel=1e-8)
        order = model.order_quantile(frame, prob=prob).iloc[0]
        below = integrate(lambda nu, order=order: stats.gamma.cdf(order, p, scale=1 / nu) * both(nu)) / density
        assert below == pytest.approx(prob, rel=1e-7)
    assert model.median_spend(frame).iloc[0] == model.spend_quantile(frame, prob=0.5).iloc[0]


@pytest.mark.parametrize("q", [0.3, 0.999, 1 - 1e-6, 1.0, 1 + 1e-6, 1.001, 2.5, 8.0])
@pytest.mark.parametrize("upper", [5.0, 60.0, 5e4])
def test_truncated_mean_equals_quadrature(q, upper):
    p, v = 3.0, 20.0
    below = integrate(lambda nu: nu_density(nu, q, v), low=p / upper)
    mean = integrate(lambda nu: p / nu * nu_density(nu, q, v), low=p / upper) / below
    model = GammaGamma.with_params(p=p, q=q, v=v)
    if below < 1e-8:
        pytest.skip("the cap lies below practically all customers")
    assert model.truncated_mean(upper=upper) == pytest.approx(mean, rel=1e-8)


def test_truncated_mean_nears_the_population_mean_and_never_passes_the_cap():
    model = GammaGamma.with_params(**AT_CG)
    caps = [model.truncated_mean(upper=upper) for upper in (10, 30, 100, 1e3, 1e9)]
    assert caps == sorted(caps)
    assert caps[0] < 10
    assert caps[-1] == pytest.approx(model.population_mean_, rel=1e-9)


def test_quantiles_of_the_population_are_those_of_an_inverse_gamma(fitted):
    p, q, v = fitted.params_
    for prob in (0.05, 0.5, 0.99):
        assert fitted.spend_quantile(prob=prob) == pytest.approx(stats.invgamma.ppf(prob, q, scale=p * v), rel=1e-9)


# Derivatives and the log-likelihood at many parameters


@pytest.mark.parametrize("groups", [1, 3])
def test_gradient_and_hessian_equal_differences(cg, groups):
    cases = as_spend_cases(cg.head(300).assign(weights=np.arange(1.0, 301.0) % 4 + 1))
    cases = cases.take(cases.x > 0)
    cases = cases.take(slice(None), group=np.arange(len(cases.x)) % groups)
    at, step = np.log([5.0, 2.0, *[12.0, 9.0, 20.0][:groups]]), 1e-5
    found = derivatives(at, cases)
    for i, direction in enumerate(np.eye(len(at)) * step):
        up, down = derivatives(at + direction, cases), derivatives(at - direction, cases)
        assert (up.value - down.value) / (2 * step) == pytest.approx(found.gradient[i], rel=1e-6, abs=1e-4)
        slope = (up.gradient - down.gradient) / (2 * step)
        assert slope == pytest.approx(found.hessian[i], rel=1e-6, abs=1e-4)
    scales = np.exp(at[2:])[cases.group]
    rows = GammaGamma._rows((np.exp(at[0]), np.exp(at[1]), scales), cases.x, cases.m)
    assert found.value == pytest.approx(cases.weight @ rows, rel=1e-12)


@pytest.mark.parametrize("spread", [1e-4, 0.3, 4.0])
def test_log_posterior_is_the_log_likelihood_at_each_draw(fitted, spread):
    rng = np.random.default_rng(5)
    draws = np.log(fitted.params_.to_numpy()) + spread * rng.uniform(-1, 1, (80, 3))
    cases = fitted._cases
    exact = [GammaGamma._rows(tuple(np.exp(u)), cases.x, cases.m).sum() for u in draws]
    assert fitted._log_posterior(draws) == pytest.approx(exact, rel=1e-11)
    assert fitted._log_posterior(draws[:1])[0] == pytest.approx(exact[0], rel=1e-12)


def test_sums_of_many_draws_are_computed_in_parts(fitted, monkeypatch):
    draws = np.log(fitted.params_.to_numpy()) + np.zeros((5, 3)) + np.arange(5)[:, None]
    whole = log_likelihoods(draws, fitted._cases)
    monkeypatch.setattr("crm_analysis.clv.spend.likelihood.CELLS", 1000)
    assert log_likelihoods(draws, fitted._cases) == pytest.approx(whole, rel=1e-13)
    assert _exact_log_shares(fitted._cases, draws[:, 2]).shape == (5, 2)


# Recovery of a known truth


@pytest.mark.parametrize(
    "truth", [{"p": 6, "q": 4, "v": 15}, {"p": 2, "q": 0.7, "v": 300}, {"p": 0.8, "q": 0.4, "v": 2}]
)
def test_fit_recovers_the_truth(truth):
    found = GammaGamma().fit(simulated(GammaGamma.with_params(**truth), 6000))
    apart = (np.log(found.params_) - np.log(list(truth.values()))) / np.sqrt(np.diag(found.log_covariance_))
    assert (apart.abs() < 3.5).all()
    assert (np.linalg.eigvalsh(found.covariance_) > 0).all()


def test_predictions_are_right_on_average_and_their_intervals_hold():
    p, q, v = 3.0, 2.5, 20.0
    model, rng, x = GammaGamma.with_params(p=p, q=q, v=v), np.random.default_rng(2), np.tile([0.0, 1, 3, 10], 5000)
    nu = rng.gamma(q, 1 / v, len(x))
    m = np.where(x > 0, rng.gamma(np.maximum(p * x, 1e-9)) / np.maximum(x, 1) / nu, np.nan)
    frame, order = customers(x, m), rng.gamma(p, 1 / nu)
    for prob in (0.05, 0.5, 0.95):
        wide = 4 * math.sqrt(prob * (1 - prob) / 5000)
        held = pd.Series(p / nu <= model.spend_quantile(frame, prob=prob)).groupby(x).mean()
        assert held.to_numpy() == pytest.approx(prob, abs=wide)
        held = pd.Series(order <= model.order_quantile(frame, prob=prob)).groupby(x).mean()
        assert held.to_numpy() == pytest.approx(prob, abs=wide)
    expected = model.expected_spend(frame)
    known = x >= 3  # the error has a variance there
    error = (p / nu - expected)[known]
    assert abs(error.mean()) < 4 * error.std() / math.sqrt(known.sum())


# Where no mean exists


def test_without_a_population_mean_the_median_stands_in_and_says_so():
    model = GammaGamma.with_params(p=0.2, q=0.6, v=10)
    frame = customers([0, 1, 9], [np.nan, 20.0, 20.0])
    assert math.isnan(model.population_mean_)
    assert model.population_median_ == model.spend_quantile(prob=0.5) == model.expected_spend()
    assert model.spend_basis() == "population_median"
    assert model.spend_basis(frame).tolist() == ["population_median", "own_median", "own_history"]
    expected = model.expected_spend(frame)
    assert np.isfinite(expected).all()
    assert expected.iloc[0] == model.population_median_
    assert expected.iloc[1] == model.median_spend(frame).iloc[1]
    assert expected.iloc[2] == pytest.approx(0.2 * (10 + 180) / (0.2 * 9 + 0.6 - 1))
    assert model.truncated_mean(upper=500) < 500
    kind, zh, en = model._spend_verdict()
    assert kind == "converged"
    assert "总体中位数" in zh
    assert "does not exist" in en


def test_verdict_warns_where_q_may_be_below_one():
    sure = GammaGamma().fit(simulated(GammaGamma.with_params(p=5, q=3, v=20), 800))
    unsure = GammaGamma().fit(simulated(GammaGamma.with_params(p=2, q=1.15, v=20), 400))
    assert sure._spend_verdict() is None
    assert GammaGamma.with_params(**AT_CG)._spend_verdict() is None
    assert unsure.params_["q"] > 1
    assert "may not exist" in unsure._spend_verdict()[2]
    assert "可能不存在" in unsure._spend_verdict()[1]


def test_spend_basis_where_the_mean_exists(cg):
    model = GammaGamma.with_params(**AT_CG)
    assert model.spend_basis() == "population_mean"
    assert model.spend_basis(cg).value_counts().to_dict() == {"population_mean": 1411, "own_history": 946}


# Properties


@settings(max_examples=60, deadline=None)
@given(positive, st.floats(1.05, 30), positive, st.integers(1, 500), st.floats(0.01, 1e4))
def test_expected_spend_lies_between_own_mean_and_population_mean(p, q, v, x, m):
    model = GammaGamma.with_params(p=p, q=q, v=v)
    expected = model.expected_spend(customers([x, 10**9], [m, m]))
    low, high = sorted([m, model.population_mean_])
    assert low * (1 - 1e-9) <= expected.iloc[0] <= high * (1 + 1e-9)
    if p > 0.5:
        assert expected.iloc[1] == pytest.approx(m, rel=1e-4)


@settings(max_examples=40, deadline=None)
@given(positive, positive, positive, st.integers(0, 300), st.floats(0.01, 1e4), st.floats(0.01, 100))
def test_quantiles_rise_with_prob_and_money_keeps_its_unit(p, q, v, x, m, times):
    model, scaled = GammaGamma.with_params(p=p, q=q, v=v), GammaGamma.with_params(p=p, q=q, v=v * times)
    frame, dearer = customers([x], [m]), customers([x], [m * times])
    for method in ("spend_quantile", "order_quantile"):
        values = [getattr(model, method)(frame, prob=prob).iloc[0] for prob in (0.2, 0.5, 0.8)]
        assert values == sorted(values)
        assert values[0] > 0
        again = [getattr(scaled, method)(dearer, prob=prob).iloc[0] for prob in (0.2, 0.5, 0.8)]
        assert again == pytest.approx([times * value for value in values], rel=1e-6)


def test_spend_times_k_gives_v_times_k(cg, fitted):
    dearer = GammaGamma().fit(cg.assign(monetary_value=7.3 * cg["monetary_value"]))
    assert dearer.params_.to_numpy() == pytest.approx(fitted.params_.to_numpy() * [1, 1, 7.3], rel=1e-6)
    assert dearer.log_likelihood_ == pytest.approx(fitted.log_likelihood_ - 946 * math.log(7.3), abs=1e-6)


def test_weights_order_and_kind_of_index_do_not_matter(cg, fitted):
    weights = np.where(cg["frequency"] == 1, 3, 1)
    weighted = GammaGamma().fit(cg.assign(weights=weights))
    exploded = GammaGamma().fit(cg.loc[cg.index.repeat(weights)].reset_index(drop=True))
    assert weighted.customers_ == exploded.customers_
    assert weighted.params_.to_numpy() == pytest.approx(exploded.params_.to_numpy(), rel=1e-8)
    assert weighted.standard_errors_.to_numpy() == pytest.approx(exploded.standard_errors_.to_numpy(), rel=1e-8)
    shuffled = cg.sample(frac=1, random_state=1)[::-1].set_axis([f"c{i}" for i in range(len(cg))])
    shuffled = shuffled[sorted(shuffled.columns, reverse=True)].astype({"frequency": "Int64"})
    assert GammaGamma().fit(shuffled).params_.to_numpy() == pytest.approx(fitted.params_.to_numpy(), rel=1e-9)


def test_two_runs_are_equal_and_the_caller_keeps_his_frame(cg, fitted):
    before = cg.copy()
    again = GammaGamma().fit(cg)
    pd.testing.assert_frame_equal(cg, before)
    assert again.params_.tolist() == fitted.params_.tolist()
    assert again.covariance_.equals(fitted.covariance_)


def test_clone_pickle_and_json_predict_identically(cg, fitted):
    model = GammaGamma(nonpositive="set_aside").fit(cg)
    copied = clone(model)
    assert copied.get_params() == {"nonpositive": "set_aside"}
    assert not hasattr(copied, "params_")
    assert GammaGamma().set_params(nonpositive="set_aside").nonpositive == "set_aside"
    expected = fitted.expected_spend(cg)
    assert pickle.loads(pickle.dumps(model)).expected_spend(cg).equals(expected)
    assert (
        GammaGamma.with_params(**json.loads(json.dumps(fitted.params_.to_dict()))).expected_spend(cg).equals(expected)
    )
    with pytest.raises(ValueError, match="nonpositive alone"):
        model.set_params(penalty=1)


def test_formulas_broadcast_over_draws():
    x, m = np.array([0.0, 1.0, 4.0]), np.array([np.nan, 20.0, 30.0])
    theta = tuple(np.array(column)[:, None] for column in ([6.0, 5.0], [3.0, 0.5], [15.0, 12.0]))
    found = GammaGamma._expected(theta, x, m)
    assert found.shape == (2, 3)
    assert found[0] == pytest.approx([6 * 15 / 2, 6 * 35 / 8, 6 * 135 / 26])
    assert found[1, 0] == math.inf  # q <= 1: the mean of the population does not exist
    assert np.isfinite(found[1, 1:]).all()
    assert np.isfinite(GammaGamma._quantile(theta, x, m, 0.5)).all()
    value = GammaGamma._value(theta, x, m)
    assert value[1, 0] == GammaGamma._quantile(theta, x, m, 0.5)[1, 0]


def test_extreme_customers_stay_finite():
    model = GammaGamma.with_params(**AT_CG)
    frame = customers([1e5, 1, 1, 1e5], [1e9, 1e9, 1e-6, 1e-6])
    values = [model.expected_spend(frame), model.order_quantile(frame, prob=0.5), model.log_likelihood(frame)]
    values += [model.spend_quantile(frame, prob=prob) for prob in (0.001, 0.999)]
    assert np.isfinite(pd.concat(values)).all()
    assert model.expected_spend(frame).iloc[0] == pytest.approx(1e9, rel=1e-5)
    assert model.spend_quantile(frame, prob=0.999).iloc[0] == pytest.approx(1e9, rel=0.01)


def test_fit_bears_extreme_customers():
    frame = simulated(GammaGamma.with_params(p=6, q=4, v=15), 2000)
    odd = pd.concat([frame, customers([1e5, 1.0], [25.0, 1e9])], ignore_index=True)
    model = GammaGamma().fit(odd)
    assert model.optimum_.gradient_norm < 1e-6
    assert model.optimum_.eigenvalues.min() > 0


@pytest.mark.parametrize("count", [2, 3, 6])
def test_few_customers_never_break_the_fit(count):
    frame = customers(np.arange(1, count + 1), 10.0 + np.arange(count))
    model = GammaGamma().fit(frame)
    assert (model.params_ > 0).all()
    assert np.isfinite(model.expected_spend(frame)).all()


# Bad input


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (customers([1, 2, 2], [0.0, -3.0, np.nan]), "is empty but frequency is not 0: 1 rows \\(2\\)"),
        (customers([1, 2, 2], [0.0, -3.0, np.nan]), "is negative but frequency is not 0: 1 rows \\(1\\)"),
        (customers([1, 2, 2], [0.0, -3.0, np.nan]), "nonpositive='set_aside'"),
        (customers([1.5, -1, np.nan], [1.0, 2.0, 3.0]), "not a whole number: 1 rows"),
        (customers([1.5, -1, np.nan], [1.0, 2.0, 3.0]), "frequency is negative: 1 rows"),
        (customers([1.5, -1, np.inf], [1.0, 2.0, 3.0]), "empty or infinite: 1 rows"),
        (customers([1, 2], [np.inf, 2.0]), "monetary_value is infinite"),
        (customers([1, 2], [1.0, 2.0], weights=[0, 1]), "weights is not a positive number"),
        (customers([1, 2], ["a", "b"]), "something other than numbers"),
        (customers([0, 0], [np.nan, 5.0]), "no customer has a repeat purchase"),
        (customers([1, 2], [5.0, 5.0]), "the same mean spend"),
        (customers([1], [5.0]), "the same mean spend"),
        (customers([], []), "no customers"),
        (customers([1, 2], [5.0, 6.0]).set_axis(["a", "a"]), "more than one row"),
        (pd.DataFrame({"frequency": [1]}), "monetary_value are missing"),
        ([1, 2], "a table of customers was expected"),
    ],
)
def test_bad_customers_are_named(frame, message):
    with pytest.raises(InputError, match=message) as caught:
        GammaGamma().fit(frame)
    assert caught.value.zh


def test_unusable_amounts_are_counted_and_take_the_population_mean(cg):
    spoiled = cg.copy()
    rows = spoiled.index[spoiled["frequency"] > 0][:6]
    spoiled.loc[rows, "monetary_value"] = [0.0, 0.0, -5.0, np.nan, np.nan, np.nan]
    model = GammaGamma(nonpositive="set_aside").fit(spoiled)
    assert dict(model.ledger_.to_numpy().tolist()) == {
        "spend_read": 2357, "no_repeat_purchase": 1411, "spend_missing": 3, "spend_zero": 2, "spend_negative": 1,
        "spend_modelled": 940,
    }  # fmt: skip
    assert model.expected_spend(spoiled).loc[rows].tolist() == [model.population_mean_] * 6
    assert model.log_likelihood(spoiled).loc[rows].isna().all()
    assert model.log_likelihood(spoiled).sum() == pytest.approx(model.log_likelihood_)
    assert model.params_.equals(GammaGamma().fit(spoiled.drop(rows)).params_)
    with pytest.raises(InputError, match="infinite"):
        model.expected_spend(customers([1], [np.inf]))


def test_every_rule_of_the_ledger_has_a_word():
    rules = ["spend_read", "no_repeat_purchase", "spend_missing", "spend_zero", "spend_negative", "spend_modelled"]
    assert set(rules) <= set(all_words())


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda model: model.spend_quantile(prob=1), "between 0 and 1"),
        (lambda model: model.order_quantile(prob="half"), "between 0 and 1"),
        (lambda model: model.truncated_mean(upper=0), "positive amount"),
        (lambda model: model.truncated_mean(upper=0.5), "practically no customer"),
        (lambda model: model.simulate([1.5]), "whole numbers"),
        (lambda model: model.simulate(["a"]), "whole numbers"),
        (lambda model: GammaGamma().expected_spend(), "not fitted yet"),
        (lambda model: GammaGamma(nonpositive="drop").fit(customers([1], [2.0])), "nonpositive='drop'"),
        (lambda model: GammaGamma.with_params(p=1, q=-1, v=1), "positive numbers"),
    ],
)
def test_bad_options_are_named(call, message):
    with pytest.raises(InputError, match=message):
        call(GammaGamma.with_params(**AT_CG))


def test_simulation_keeps_the_index_and_repeats_itself():
    model = GammaGamma.with_params(**AT_CG)
    x = pd.Series([0, 1, 5], index=["a", "b", "c"])
    first = model.simulate(x, seed=4)
    assert first.equals(model.simulate(x, seed=4))
    assert not first.equals(model.simulate(x, seed=5))
    assert first.index.tolist() == ["a", "b", "c"]
    assert first.isna().tolist() == [True, False, False]
