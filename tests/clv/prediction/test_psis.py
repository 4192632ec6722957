import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_analysis.clv.prediction.psis import effective_size, fit_pareto, pareto_quantile, resample, smooth


@pytest.mark.parametrize("shape", [-0.3, 0.0, 0.2, 0.5, 0.9])
def test_fit_finds_the_shape_of_its_own_distribution(shape):
    rng = np.random.default_rng(1)
    fits = [fit_pareto(np.sort(pareto_quantile(rng.random(4000), shape, 3.0))) for _ in range(5)]
    assert np.mean([fit[0] for fit in fits]) == pytest.approx(shape, abs=0.03)
    assert np.mean([fit[1] for fit in fits]) == pytest.approx(3.0, rel=0.04)


@pytest.mark.parametrize(("target", "proposal", "shape"), [(1.0, 3.0, 2 / 3), (1.0, 1.5, 1 / 3), (1.0, 10.0, 0.9)])
def test_k_of_exponential_weights_is_known(target, proposal, shape):
    """Weights of Exp(a) from draws of Exp(b) have P(w > t) ~ t^-(b / (b - a)), so k = 1 - a/b."""
    rng = np.random.default_rng(2)
    found = [smooth((proposal - target) * rng.exponential(1 / proposal, 20_000))[1] for _ in range(5)]
    assert np.mean(found) == pytest.approx(shape, abs=0.06)


def test_smoothing_lowers_the_error_of_heavy_weights():
    """The mean of Exp(1) from draws of Exp(3): k = 2/3, where raw weights have infinite variance."""
    rng = np.random.default_rng(3)
    raw, smoothed = [], []
    for _ in range(300):
        x = rng.exponential(1 / 3, 1000)
        weights = np.exp(2 * x)
        raw.append(weights @ x / weights.sum() - 1)
        smoothed.append(np.exp(smooth(2 * x)[0]) @ x - 1)
    assert np.sqrt(np.mean(np.square(smoothed))) < np.sqrt(np.mean(np.square(raw)))


def test_equal_weights_stay_equal():
    weights, k = smooth(np.full(500, -3.0))
    assert k == -np.inf
    np.testing.assert_allclose(weights, -np.log(500))
    assert effective_size(weights) == pytest.approx(500)


def test_impossible_draws_get_no_weight():
    logs = np.random.default_rng(4).normal(size=400)
    logs[:100] = -np.inf
    weights, k = smooth(logs)
    assert np.exp(weights[:100]).sum() == 0
    assert np.isfinite(k)
    assert effective_size(weights) < 300


def test_few_draws_cannot_be_judged():
    assert smooth(np.array([0.0, -1.0, -2.0]))[1] == np.inf


@given(st.integers(0, 10_000), st.floats(0.1, 3.0))
def test_smoothed_weights_keep_their_order_and_their_maximum(seed, spread):
    logs = spread * np.random.default_rng(seed).normal(size=300)
    weights, _ = smooth(logs)
    assert np.exp(weights).sum() == pytest.approx(1)
    assert (np.diff(weights[np.argsort(logs)]) >= -1e-9).all()


@given(st.integers(1, 200), st.integers(0, 1000))
def test_resampling_takes_each_draw_about_as_often_as_its_weight(count, seed):
    rng = np.random.default_rng(seed)
    share = rng.dirichlet(np.ones(20))
    taken = np.bincount(resample(np.log(share), count, rng), minlength=20)
    assert taken.sum() == count
    assert (np.abs(taken - count * share) < 1 + 1e-9).all()
