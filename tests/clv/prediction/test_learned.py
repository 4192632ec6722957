import numpy as np
import pytest

from crm_analysis.clv.prediction.learned import LOG, LOG_ODDS, Learner, quantiles


@pytest.fixture(scope="module")
def draws():
    rng = np.random.default_rng(0)
    return rng.normal(size=(1000, 4)) @ np.diag([0.02, 0.05, 0.1, 0.2]) + 1


def smooth(draws):
    """Three positive quantities and a probability."""
    a, b, c, d = draws.T
    return np.stack([np.exp(a + b * c), d**2 + c, 1 / (1 + d), 3 + a])


def test_quantiles_equal_those_of_all_draws(draws):
    learner = Learner.of(draws)
    values = smooth(draws).T
    low, high, good = learner.interval(values[learner.chosen], LOG, tail=0.025)
    exact = np.quantile(values, [0.025, 0.975], axis=0)
    assert good.all()
    assert learner.usable
    width = exact[1] - exact[0]
    assert (np.abs(low - exact[0]) < 0.05 * width).all()
    assert (np.abs(high - exact[1]) < 0.05 * width).all()


def test_a_rough_quantity_is_found_out(draws):
    learner = Learner.of(draws)
    rough = 2 + np.sign(np.sin(40 * draws[:, 3]))[:, None]
    assert not learner.interval(rough[learner.chosen], LOG, tail=0.025)[2].any()


def test_certain_probabilities_stay_certain(draws):
    learner = Learner.of(draws)
    for sure in (0.0, 1.0):
        low, high, good = learner.interval(np.full((len(learner.chosen), 1), sure), LOG_ODDS, tail=0.025)
        assert good.all()
        assert low[0] == pytest.approx(sure, abs=1e-15)
        assert high[0] == pytest.approx(sure, abs=1e-15)


def test_a_wide_posterior_is_not_trusted_to_polynomials(draws):
    assert not Learner.of((draws - 1) * 20).usable


def test_draws_that_do_not_vary_in_some_direction():
    flat = np.random.default_rng(1).normal(size=(200, 1)) * np.array([[0.1, 0.2, 0.0]])
    learner = Learner.of(flat)
    values = np.exp(flat.sum(axis=1))[:, None]
    low, _, good = learner.interval(values[learner.chosen], LOG, tail=0.05)
    assert good.all()
    assert low[0] == pytest.approx(np.quantile(values, 0.05), rel=1e-3)


def test_quantiles_are_those_of_numpy():
    values = np.random.default_rng(2).normal(size=(5, 333))
    low, high = quantiles(values.copy(), 0.05)
    np.testing.assert_allclose([low, high], np.quantile(values, [0.05, 0.95], axis=1))
