from __future__ import annotations

import numpy as np
import pytest
from scipy.special import roots_jacobi
from scipy.stats import nbinom

from crm_analysis.clv import MBGNBD
from tests.helpers.purchase_models import HISTORIES, check_all, check_fit, correlation, customers

CX = MBGNBD.with_params(r=0.5248432, alpha=6.1830852, a=0.8913593, b=1.6140018)


@pytest.fixture(scope="module")
def fit(cx):
    return MBGNBD().fit(cx)


def test_fit_of_the_sample(fit):
    check_fit(fit, [0.5248432, 6.1830852, 0.8913593, 1.6140018], -9582.1357)
    np.testing.assert_allclose(fit.standard_errors_, [0.0833, 0.6956, 0.1548, 0.5375], rtol=2e-3)
    assert correlation(fit, "r", "alpha") == pytest.approx(0.837, abs=1e-3)
    assert correlation(fit, "a", "b") == pytest.approx(0.887, abs=1e-3)


def test_fit_of_all_customers(cm):
    check_fit(MBGNBD().fit(cm), [0.63714, 7.31029, 0.80747, 1.22839], -95336.9583)


def test_expectation_of_new_customers():
    assert CX.expected_purchases(horizon=52) == pytest.approx(1.418885, abs=5e-7)


@pytest.mark.parametrize(
    "params", [tuple(CX.params_), (0.5, 10, 1, 0.5), (0.24, 4.4, 0.3, 0.7), (2, 5, 6, 40), (0.3, 9, 80, 300)]
)
def test_every_prediction_is_a_mean_over_rates_of_buying_and_chances_of_leaving(params):
    check_all(MBGNBD.with_params(**dict(zip(MBGNBD.names, params))))


def average(a, b, kernel, nodes=200):
    """Mean over p ~ Beta(a, b)."""
    x, w = roots_jacobi(nodes, b - 1, a - 1)
    return float(w @ kernel((1 + x) / 2) / w.sum())


@pytest.mark.parametrize("t", [1.0, 39.0, 200.0])
def test_closed_forms_with_the_rate_integrated_out(t):
    """New customers: n purchases are possible only after surviving the first, with probability 1 - p."""
    r, alpha, a, b = CX.params_

    def left(p):
        return (1 + p * t / alpha) ** -r

    assert CX.probability_alive() == pytest.approx(average(a, b, lambda p: 1 - p), rel=1e-10)
    assert CX.probability_alive(ahead=t) == pytest.approx(average(a, b, lambda p: (1 - p) * left(p)), rel=1e-9)
    mean = average(a, b, lambda p: (1 - p) * (1 - left(p)) / p)
    assert CX.expected_purchases(horizon=t) == pytest.approx(mean, rel=1e-9)
    for n in range(6):
        chance, tail = nbinom.pmf(n, r, alpha / (alpha + t)), nbinom.sf(n - 1, r, alpha / (alpha + t))
        expected = average(a, b, lambda p: (1 - p) ** (n + 1) * chance + p * (1 - p) ** n * tail)  # noqa: B023
        assert CX.purchase_probability(n=n, horizon=t) == pytest.approx(expected, rel=1e-9)


def test_one_time_buyers_may_have_left():
    found = CX.probability_alive(customers((0, 0, 1), (0, 0, 39), (0, 0, 400)))
    assert found.is_monotonic_decreasing
    assert found.between(0, 1, inclusive="neither").all()
    assert found[0] < CX.probability_alive()


def test_a_hundred_thousand_purchases_stay_finite():
    rows = customers((100_000, 39, 39), (100_000, 38.99, 39), *HISTORIES)
    for model in (CX, MBGNBD.with_params(r=0.24, alpha=4.4, a=1e5, b=1e5)):
        assert np.isfinite(model.expected_purchases(rows, horizon=39)).all()
        assert np.isfinite(model.log_likelihood(rows)).all()
        assert model.probability_alive(rows, ahead=39).between(0, 1).all()
