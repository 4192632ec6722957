import numpy as np
import pandas as pd
import pytest

from crm_analysis.clv.prediction.money import Expectation, product_interval
from crm_analysis.clv.prediction.posterior import Posterior, posterior
from crm_analysis.clv.spend.gamma_gamma import GammaGamma

CUSTOMERS = pd.DataFrame(
    {"frequency": [0, 1, 1, 2, 5, 12, 29], "monetary_value": [np.nan, 5.0, 400.0, 35.0, 12.0, 90.0, 35.1]}
)


def made_up(q, spread=0.2, count=1000):
    """A posterior around q, as if fitted."""
    rng = np.random.default_rng(0)
    params = np.exp(spread * rng.normal(size=(count, 3))) * [6.0, q, 15.0]
    return Posterior(pd.DataFrame(params, columns=["p", "q", "v"]), 0.1, 900.0)


@pytest.mark.parametrize("customers", [2357, 150])
def test_limits_equal_quantiles_of_all_draws(cx, customers):
    spend = GammaGamma().fit(cx.head(customers))
    found, cases = posterior(spend), spend._cases_of(CUSTOMERS)
    expected = Expectation.of(spend, cases, found, 0.025)
    low, high = expected.interval(spend, found, 0.95)
    drawn = spend._expected(found.theta, cases.x, np.nan_to_num(cases.m))
    exact = np.quantile(drawn, [0.025, 0.975], axis=0)
    np.testing.assert_allclose(expected.value, spend.expected_spend(CUSTOMERS), rtol=1e-12)
    assert (np.abs([low, high] - exact) < 0.06 * (exact[1] - exact[0])).all()


def test_basis_is_that_of_the_spend_model(cx):
    spend = GammaGamma().fit(cx)
    expected = Expectation.of(spend, spend._cases_of(CUSTOMERS), posterior(spend), 0.025)
    assert expected.basis.astype(object).tolist() == spend.spend_basis(CUSTOMERS).tolist()


def test_where_no_mean_exists_the_median_stands_in():
    spend = GammaGamma.with_params(p=6.0, q=0.9, v=15.0)
    expected = Expectation.of(spend, spend._cases_of(CUSTOMERS), None, 0.025)
    assert expected.basis.astype(object).tolist() == spend.spend_basis(CUSTOMERS).tolist()
    assert expected.basis[0] == "population_median"
    assert expected.value[0] == pytest.approx(spend.population_median_)
    assert np.isfinite(expected.value).all()


def test_a_mean_whose_upper_limit_would_be_infinite_is_not_used():
    spend = GammaGamma.with_params(p=6.0, q=1.2, v=15.0)
    cases, found = spend._cases_of(CUSTOMERS), made_up(1.2)
    expected = Expectation.of(spend, cases, found, 0.025)
    low, high = expected.interval(spend, found, 0.95)
    assert expected.basis[0] == "population_median"
    assert (expected.basis[1:] == "own_history").all()
    assert np.isfinite([low, high]).all()
    assert (low <= expected.value).all()
    assert (expected.value <= high).all()


def test_few_draws_without_a_mean_leave_it_finite():
    spend = GammaGamma.with_params(p=6.0, q=1.5, v=15.0)
    cases, found = spend._cases_of(CUSTOMERS), made_up(1.5)
    share = (found.draws["q"] <= 1).mean()
    assert 0 < share < 0.025
    expected = Expectation.of(spend, cases, found, 0.025)
    low, high = expected.interval(spend, found, 0.95)
    assert expected.basis[0] == "population_mean"
    assert np.isfinite([low, high]).all()


def test_limits_of_a_product_equal_those_of_draws():
    rng = np.random.default_rng(1)
    first, second = np.exp(rng.normal(1, 0.3, 200_000)), rng.gamma(20, 1 / 20, 200_000)
    parts = [(np.median(part), *np.quantile(part, [0.025, 0.975])) for part in (first, second)]
    found = product_interval(parts[0][0] * parts[1][0], *parts)
    np.testing.assert_allclose(found, np.quantile(first * second, [0.025, 0.975]), rtol=0.02)


def test_a_product_with_nothing_is_nothing():
    low, high = product_interval(np.zeros(1), (np.ones(1), np.ones(1), np.ones(1)), (np.zeros(1),) * 3)
    assert low[0] == high[0] == 0
