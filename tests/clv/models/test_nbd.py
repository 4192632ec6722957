from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import nbinom

from crm_analysis.clv import NBD
from crm_analysis.errors import InputError
from tests.helpers.purchase_models import HISTORIES, check_all, check_fit, customers

CX = NBD.with_params(r=0.3847661, alpha=12.0720233)


def test_fit_of_the_sample(cx):
    fit = NBD().fit(cx)
    check_fit(fit, [0.3847661, 12.0720233], -9763.6576)
    np.testing.assert_allclose(fit.standard_errors_, [0.02099, 0.80872], rtol=2e-3)


def test_likelihood_is_the_negative_binomial_of_counts_but_for_a_constant(cx):
    """The counting form adds x ln T - ln x!: times of purchases, given their number, are even."""
    from scipy.special import gammaln

    r, alpha = CX.params_
    counted = nbinom.logpmf(cx["frequency"], r, alpha / (alpha + cx["T"]))
    constant = cx["frequency"] * np.log(cx["T"]) - gammaln(cx["frequency"] + 1)
    np.testing.assert_allclose(CX.log_likelihood(cx), counted - constant, rtol=1e-10)


def test_every_prediction_is_a_mean_over_rates_of_buying():
    check_all(CX)
    check_all(NBD.with_params(r=3, alpha=0.5))


def test_expectation_grows_with_time_for_ever():
    assert CX.expected_purchases(horizon=52) == pytest.approx(1.657372, abs=5e-7)
    assert CX.probability_alive(customers(*HISTORIES), ahead=1000).tolist() == [1] * len(HISTORIES)
    with pytest.raises(InputError, match="without end"):
        CX.discounted_purchases(discount=0)


def test_discounted_purchases_are_an_annuity():
    """At a constant mean rate: rate / d (1 - exp(-d H))."""
    rate = 0.3847661 / 12.0720233
    assert CX.discounted_purchases(discount=0.0027) == pytest.approx(rate / 0.0027, rel=1e-9)
    expected = rate / 0.0027 * -np.expm1(-0.0027 * 52)
    assert CX.discounted_purchases(discount=0.0027, horizon=52) == pytest.approx(expected, rel=1e-9)
