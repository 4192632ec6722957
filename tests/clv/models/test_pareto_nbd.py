from __future__ import annotations

import numpy as np
import pytest
from scipy.special import gammaln, hyperu
from scipy.stats import nbinom

from crm_analysis.clv import NBD, ParetoNBD
from tests.helpers.purchase_models import HISTORIES, Truth, check_all, check_fit, correlation, customers

CX = ParetoNBD.with_params(r=0.553277, alpha=10.577684, s=0.606240, beta=11.668738)
ROW = customers((2, 30.43, 38.86))


@pytest.fixture(scope="module")
def fit(cx):
    return ParetoNBD().fit(cx)


def test_fit_of_the_sample(fit):
    """Fader, Hardie & Lee (2005a), table 2: .553, 10.578, .606, 11.669, LL -9595.0."""
    check_fit(fit, [0.553277, 10.577684, 0.606240, 11.668738], -9594.9762)
    np.testing.assert_allclose(fit.standard_errors_, [0.04763, 0.84272, 0.18728, 6.2111], rtol=2e-3)
    assert correlation(fit, "r", "alpha") == pytest.approx(0.822, abs=1e-3)
    assert correlation(fit, "s", "beta") == pytest.approx(0.972, abs=1e-3)


def test_fit_of_78_weeks(c78):
    check_fit(ParetoNBD().fit(c78), [0.563004, 12.559170, 0.408107, 10.51454], -17135.8359)


def test_fit_of_the_rounded_table(cg):
    """Two decimals: .5532755, 10.577612, .606214, 11.667914."""
    check_fit(ParetoNBD().fit(cg), [0.5532755, 10.577612, 0.606214, 11.667914], -9594.9739)


def test_fit_of_all_customers(cm):
    check_fit(ParetoNBD().fit(cm), [0.59742, 11.58566, 0.52219, 8.82776], -95415.1186)


def test_the_fitted_likelihood_is_the_scored_one(fit, cx):
    assert fit.log_likelihood(cx).sum() == pytest.approx(fit.log_likelihood_, abs=1e-7)


def test_expectation_of_new_customers():
    """BTYD manual: .05077821 .23247466 .38909211; and a year at the estimates."""
    btyd = ParetoNBD.with_params(r=0.55, alpha=10.56, s=0.61, beta=11.64)
    np.testing.assert_allclose(
        btyd.expected_purchases(horizon=[1, 5, 9]), [0.05077821, 0.23247466, 0.38909211], atol=5e-9
    )
    assert CX.expected_purchases(horizon=52) == pytest.approx(1.473434, abs=5e-7)


def test_customer_1516():
    """BTYD manual: 25.46 purchases in the next year, P(alive) .9979."""
    customer = customers((26, 216 / 7, 31))
    assert CX.expected_purchases(customer, horizon=52)[0] == pytest.approx(25.45518, abs=5e-6)
    assert CX.probability_alive(customer)[0] == pytest.approx(0.997873, abs=5e-7)


def test_a_customer_of_the_sample():
    probability = CX.purchase_probability(ROW, n=range(5), horizon=39)
    np.testing.assert_allclose(probability.iloc[0], [0.408095, 0.219266, 0.151745, 0.095652, 0.056574], atol=5e-7)
    assert CX.probability_alive(ROW)[0] == pytest.approx(0.869116, abs=5e-7)
    assert CX.probability_alive(ROW, ahead=39)[0] == pytest.approx(0.614431, abs=5e-7)
    assert CX.discounted_purchases(ROW, discount=0.0027, horizon=52)[0] == pytest.approx(1.735316, abs=5e-7)


def test_frequent_buyers():
    """CLVTools, issue 100: no overflow."""
    model = ParetoNBD.with_params(r=0.5143, alpha=2.8845, s=0.2856, beta=14.1087)
    rows = customers((221, 103.42857, 103.57143), (161, 94.71429, 98), (204, 98.57143, 99.42857))
    np.testing.assert_allclose(model.probability_alive(rows), [0.99959605, 0.74948775, 0.99425508], atol=5e-9)
    expected = [77.739956, 44.762352, 74.177297]
    np.testing.assert_allclose(model.expected_purchases(rows, horizon=39), expected, atol=5e-7)
    most = customers((10000, 38.99, 39))
    assert CX.probability_alive(most)[0] == pytest.approx(0.99961348, abs=5e-9)
    assert CX.log_likelihood(most)[0] == pytest.approx(43067.18634, abs=5e-5)


def test_s_of_one():
    model = ParetoNBD.with_params(r=0.5, alpha=10, s=1, beta=10)
    assert model.expected_purchases(horizon=10) == pytest.approx(0.34657359, abs=5e-9)  # ln 2 / 2
    assert model.expected_purchases(customers((3, 20, 30)), horizon=10)[0] == pytest.approx(0.49157960, abs=5e-9)


@pytest.mark.parametrize(("discount", "expected"), [(0.0027, 1.864183), (np.log(1.15) / 52, 1.870585)])
def test_dert(discount, expected):
    """Fader, Hardie & Lee (2005b): a customer with 7 repeat purchases, 15 % a year."""
    model = ParetoNBD.with_params(r=0.5629966, alpha=12.5590370, s=0.4081095, beta=10.5148048)
    found = model.discounted_purchases(customers((7, 35, 77.86)), discount=discount)
    assert found[0] == pytest.approx(expected, abs=5e-7)


def test_horizons():
    rows = customers((0, 0, 38.86), (2, 30.43, 38.86), (7, 29.43, 38.86))
    np.testing.assert_allclose(CX.expected_purchases(rows, horizon=39), [0.107059, 1.455099, 3.711699], atol=5e-7)
    np.testing.assert_allclose(CX.expected_purchases(rows, horizon=520), [0.676937, 9.200638, 23.469198], atol=5e-7)
    found = CX.discounted_purchases(rows, discount=0.0027)
    np.testing.assert_allclose(found, [0.476916, 6.482033, 16.534518], atol=5e-7)


@pytest.mark.parametrize(
    "params",
    [
        tuple(CX.params_),
        (0.5, 10, 1, 10),
        (2, 5, 3, 40),
        (0.3, 2, 0.25, 30),
        (0.6, 30, 0.4, 1.5),
        (1.0, 7, 1 + 1e-7, 7),
    ],
)
def test_every_prediction_is_a_mean_over_rates_of_buying_and_leaving(params):
    check_all(ParetoNBD.with_params(**dict(zip(ParetoNBD.names, params))))


def tricomi(model, x, tx, T, discount):
    """DERT in closed form (Fader, Hardie & Lee 2005b, equation 2)."""
    r, alpha, s, beta = model.params_
    log_l = model.log_likelihood(customers((x, tx, T)))[0]
    front = r * np.log(alpha) + s * np.log(beta) + (s - 1) * np.log(discount) + gammaln(r + x + 1) - gammaln(r)
    return hyperu(s, s, discount * (beta + T)) * np.exp(front - (r + x + 1) * np.log(alpha + T) - log_l)


@pytest.mark.parametrize("discount", [0.0001, 0.0027, 0.02, 0.2])
@pytest.mark.parametrize("s", [0.05, 0.606, 1.3, 4.0])
def test_dert_is_the_tricomi_form(s, discount):
    model = ParetoNBD.with_params(r=0.55, alpha=10.6, s=s, beta=11.7)
    for history in HISTORIES[:4]:
        found = model.discounted_purchases(customers(history), discount=discount)[0]
        assert found == pytest.approx(tricomi(model, *history, discount), rel=1e-7)


def test_without_discount_all_purchases_to_come_where_they_are_finite():
    model = ParetoNBD.with_params(r=0.55, alpha=10.6, s=2.5, beta=11.7)
    expected = model.probability_alive(ROW) * 2.55 * (11.7 + 38.86) / (10.6 + 38.86) / 1.5
    np.testing.assert_allclose(model.discounted_purchases(ROW, discount=0), expected, rtol=1e-9)
    np.testing.assert_allclose(model.discounted_purchases(ROW, discount=1e-6), expected, rtol=1e-3)
    assert ParetoNBD._mean((0.55, 10.6, 1.01, 11.7), np.array([1.0, np.inf]))[1] == pytest.approx(55 * 11.7 / 10.6)
    assert ParetoNBD._mean((0.55, 10.6, 0.99, 11.7), np.inf) == np.inf


def panels(span, nodes=20, count=60):
    """Nodes and weights on (0, span) in panels of equal ratio, so that nothing near 0 is lost."""
    x, w = np.polynomial.legendre.leggauss(nodes)
    edges = np.r_[0, np.exp(np.linspace(-23, 0, count))] * span
    width = np.diff(edges)[:, None]
    return (edges[:-1, None] + width * (x + 1) / 2).ravel(), (width * w / 2).ravel()


def general(theta, x, tx, T):
    """Log-likelihood with the integral over the time of leaving cut into 1,200 nodes."""
    r, alpha, s, beta = theta
    later, weight = panels(T - tx)
    logs = -(r + x) * np.log1p(later / (alpha + tx)) - (s + 1) * np.log1p(later / (beta + tx))
    died = np.log(s) - np.log(beta + tx) + np.log(weight @ np.exp(logs))
    stayed = -(r + x) * np.log1p((T - tx) / (alpha + tx)) - s * np.log1p((T - tx) / (beta + tx))
    front = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + s * np.log(beta)
    return front - (r + x) * np.log(alpha + tx) - s * np.log(beta + tx) + np.logaddexp(stayed, died)


def test_likelihood_stands_wide_parameters_and_histories():
    rng = np.random.default_rng(5)
    for _ in range(300):
        r, s = np.exp(rng.uniform(np.log(0.02), np.log(20), 2))
        alpha, beta = np.exp(rng.uniform(np.log(0.05), np.log(1000), 2))
        x, T = np.floor(np.exp(rng.uniform(0, np.log(1e5)))) - 1, np.exp(rng.uniform(np.log(0.1), np.log(5000)))
        tx = T * rng.uniform(0.001, 0.999) * (x > 0)
        found = ParetoNBD._rows((r, alpha, s, beta), *np.array([[x], [tx], [T]]))[0]
        assert found == pytest.approx(general((r, alpha, s, beta), x, tx, T), rel=1e-14, abs=1e-9)


def test_one_time_buyers_when_beta_is_far_above_alpha():
    """The customers who left late count although alpha is short: a cut after exp(30) of the purchases alone."""
    theta, history = (0.53, 0.774, 17.66, 713.3), (0.0, 0.0, 1650.3)
    found = ParetoNBD._rows(theta, *np.array(history)[:, None])[0]
    assert found == pytest.approx(general(theta, *history), abs=1e-9)


@pytest.mark.parametrize("history", [(0, 0, 38.86), (200, 38, 39), (1000, 39, 39), (10_000, 38.99, 39)])
@pytest.mark.parametrize("horizon", [4.0, 520.0])
def test_probabilities_of_frequent_buyers_are_right_one_by_one(history, horizon):
    """Against 4,800 nodes over the time of leaving."""
    x, _, T = history
    r, alpha, s, beta = CX._updated(CX.theta_, np.float64(x), np.float64(T))
    died, weight = panels(horizon, count=240)
    life = np.r_[horizon, died]
    chance = np.r_[1, weight * s / (beta + died)] * np.exp(-s * np.log1p(life / beta))
    for n in (0, 1, 3, 30, round(r * horizon / alpha)):
        expected = chance @ nbinom.pmf(n, r, alpha / (alpha + life))
        found = CX._pmf((r, alpha, s, beta), np.float64(n), np.float64(horizon))
        assert found == pytest.approx(expected, rel=1e-8, abs=1e-16)


def test_alpha_equal_to_beta_is_no_special_case():
    near = [ParetoNBD.with_params(r=0.5, alpha=10, s=0.6, beta=beta) for beta in (10 * (1 - 1e-9), 10, 10 * (1 + 1e-9))]
    rows = customers(*HISTORIES)
    for ask in ("log_likelihood", "probability_alive"):
        low, same, high = (getattr(model, ask)(rows) for model in near)
        np.testing.assert_allclose(low, same, rtol=1e-7)
        np.testing.assert_allclose(high, same, rtol=1e-7)


def test_nobody_leaving_is_the_nbd():
    pareto = ParetoNBD.with_params(r=0.4, alpha=12, s=1e-9, beta=10)
    nbd, rows = NBD.with_params(r=0.4, alpha=12), customers(*HISTORIES[:5])
    np.testing.assert_allclose(pareto.log_likelihood(rows), nbd.log_likelihood(rows), atol=1e-6)
    np.testing.assert_allclose(
        pareto.expected_purchases(rows, horizon=39), nbd.expected_purchases(rows, horizon=39), rtol=1e-6
    )


def test_who_bought_just_now_is_alive():
    rows = customers((1, 20, 20), (50, 39, 39), (100_000, 39, 39))
    assert CX.probability_alive(rows).tolist() == [1, 1, 1]


def test_truth_of_the_tests_is_no_copy_of_the_model():
    assert Truth("pareto_nbd", tuple(CX.params_), 2, 30.43, 38.86).alive == pytest.approx(0.869116, abs=5e-7)
