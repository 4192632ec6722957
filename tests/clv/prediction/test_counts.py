import numpy as np
import pandas as pd
import pytest

from crm_analysis.clv import BGBB, BGNBD, MBGNBD, NBD, ParetoNBD
from crm_analysis.clv.cases import as_cases
from crm_analysis.clv.prediction.counts import Counts

MODELS = {
    "pareto": ParetoNBD.with_params(r=0.553277, alpha=10.577684, s=0.606240, beta=11.668738),
    "bg": BGNBD.with_params(r=0.2425945, alpha=4.4136021, a=0.792922, b=2.425907),
    "mbg": MBGNBD.with_params(r=0.5248432, alpha=6.1830852, a=0.8913593, b=1.6140018),
    "nbd": NBD.with_params(r=0.3847661, alpha=12.0720233),
}
ROWS = [(0, 0, 38.86), (1, 10, 38.0), (2, 30.43, 38.86), (7, 29.43, 38.86), (26, 30.8, 31.0), (60, 50, 52)]
FRAME = pd.DataFrame(ROWS, columns=["frequency", "recency", "T"])


def counted(model, frame, horizon):
    cases = as_cases(frame)
    alive = model._alive(model.theta_, cases.x, cases.tx, cases.T)
    return cases, alive, Counts.of(model, cases, horizon)


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
def test_quantiles_are_the_smallest_numbers_that_reach_the_probability(model):
    cases, alive, counts = counted(model, FRAME, 39.0)
    chances = model.purchase_probability(FRAME, n=range(161), horizon=39.0).to_numpy()
    below = np.cumsum(chances, axis=1)
    for prob in (0.025, 0.05, 0.5, 0.9, 0.975):
        exact = (below < prob).sum(axis=1)
        found = counts.quantile(alive, prob)[cases.row]
        few = exact <= 64
        np.testing.assert_array_equal(found[few], exact[few])
        assert (np.abs(found - exact) <= 1).all()


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
def test_probability_of_nothing_and_mean_agree_with_the_model(model):
    cases, alive, counts = counted(model, FRAME, 39.0)
    zero = 1 - alive * (1 - counts.zero[counts.of_case])
    np.testing.assert_allclose(zero[cases.row], model.purchase_probability(FRAME, n=0, horizon=39.0), atol=1e-6)
    mean = alive * np.bincount(counts.pair, weights=counts.probability * counts.n)[counts.of_case]
    np.testing.assert_allclose(mean[cases.row], model.expected_purchases(FRAME, horizon=39.0), rtol=5e-4)


def futures(model, x, T, horizon, rng, count=100_000):
    """Numbers of purchases of somebody alive, by simulation: a new customer with updated parameters."""
    lives = BGNBD._lives if isinstance(model, BGNBD) else model._lives
    rate, dead_at, left = lives(rng, model._updated(model.theta_, x, T), count)
    return np.minimum(rng.poisson(rate * np.minimum(horizon, dead_at)), left)


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
@pytest.mark.parametrize(("x", "T"), [(0, 0.0), (30, 20.0), (3_000, 39.0), (100_000, 39.0)])
def test_quantiles_of_simulated_futures(model, x, T):
    frame = pd.DataFrame({"frequency": [x], "recency": [T], "T": [T + 1e-9]})
    _, _, counts = counted(model, frame, 39.0)
    drawn = futures(model, x, T, 39.0, np.random.default_rng(1))
    for prob in (0.1, 0.5, 0.9, 0.975):
        found = counts.quantile(np.ones(1), prob)[0]
        at_least, below = (drawn <= found + 0.002 * found).mean(), (drawn <= found - 1 - 0.002 * found).mean()
        assert at_least > prob - 0.006
        assert below < prob + 0.006


def test_occasions_end(recwarn):
    model = BGBB.with_params(alpha=1.203522, beta=0.749716, gamma=0.656718, delta=2.783441)
    frame = pd.DataFrame({"frequency": [0, 4], "recency": [0, 5], "T": [6, 6]})
    cases, alive, counts = counted(model, frame, 5.0)
    assert counts.n.max() <= 5
    assert (counts.quantile(alive, 0.999)[cases.row] <= 5).all()
    chances = model.purchase_probability(frame, n=range(6), horizon=5).to_numpy().cumsum(axis=1)
    np.testing.assert_array_equal(counts.quantile(alive, 0.9)[cases.row], (chances < 0.9).sum(axis=1))


def test_take_keeps_what_belongs_to_some_cases():
    _, alive, counts = counted(MODELS["bg"], FRAME, 39.0)
    rows = np.array([4, 1])
    np.testing.assert_array_equal(counts.take(rows).quantile(alive[rows], 0.9), counts.quantile(alive, 0.9)[rows])
