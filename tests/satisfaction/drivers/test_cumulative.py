"""Newton's method for cumulative models: derivatives, statsmodels, many models at once."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import approx_fprime

from crm_analysis.satisfaction.drivers import cumulative
from crm_analysis.satisfaction.drivers.cumulative import (
    LINKS,
    case_gradients,
    cumulative_design,
    fit_cumulative,
    starting_values,
)


def rows(n: int = 120, k: int = 3, cuts: int = 3, seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, k))
    hidden = x @ np.linspace(1, 0, k) + rng.logistic(size=n)
    codes = np.digitize(hidden, np.quantile(hidden, np.linspace(0, 1, cuts + 2)[1:-1]))
    return codes, x, rng.uniform(0.5, 2, n)


@pytest.mark.parametrize("link", LINKS)
@pytest.mark.parametrize("freed", [(), (1,)])
def test_derivatives(link, freed):
    codes, x, weights = rows()
    design = cumulative_design(codes, x, link=link, freed=freed)
    free = np.ones((1, design.upper.shape[1]), bool)
    theta = starting_values(codes, weights, free.shape[1], link=link)
    theta[design.cuts :] = 0.1

    def value(point: np.ndarray) -> float:
        return float(cumulative._evaluate(design, weights, point[None], free)[0][0])

    def slope(point: np.ndarray) -> np.ndarray:
        return cumulative._evaluate(design, weights, point[None], free)[1][0]

    information = cumulative._evaluate(design, weights, theta[None], free)[2][0]
    np.testing.assert_allclose(slope(theta), approx_fprime(theta, value, 1e-6), atol=2e-3)
    np.testing.assert_allclose(information, -approx_fprime(theta, slope, 1e-6), atol=2e-3)
    np.testing.assert_allclose(weights @ case_gradients(design, theta), slope(theta), atol=1e-9)


@pytest.mark.parametrize(("link", "distribution"), [("logit", "logit"), ("probit", "probit")])
def test_statsmodels(link, distribution):
    from statsmodels.miscmodels.ordinal_model import OrderedModel

    codes, x, _ = rows(300)
    design = cumulative_design(codes, x, link=link)
    ones = np.ones(300)
    start = starting_values(codes, ones, design.upper.shape[1], link=link)[None]
    found = fit_cumulative(design, ones, start=start, free=np.ones(start.shape, bool))
    peer = OrderedModel(codes, x, distr=distribution).fit(method="newton", disp=False)
    assert found.converged.all()
    assert found.log_likelihood[0] == pytest.approx(peer.llf, abs=1e-8)
    np.testing.assert_allclose(found.theta[0, 3:], peer.params[:3], atol=1e-6)
    thresholds = peer.model.transform_threshold_params(peer.params)[1:-1]
    np.testing.assert_allclose(found.theta[0, :3], thresholds, atol=1e-6)
    # the delta method from log increments to thresholds
    steps = np.tri(3)
    steps[:, 1:] *= np.exp(peer.params[4:])
    jacobian = np.block([[np.zeros((3, 3)), steps], [np.eye(3), np.zeros((3, 3))]])
    covariance = jacobian @ peer.cov_params() @ jacobian.T
    np.testing.assert_allclose(np.linalg.inv(found.information[0]), covariance, rtol=1e-3, atol=1e-6)


def test_models_fitted_together_are_those_fitted_alone(monkeypatch):
    codes, x, weights = rows()
    design = cumulative_design(codes, x)
    start = np.tile(starting_values(codes, weights, 6, link="logit"), (8, 1))
    free = np.hstack([np.ones((8, 3), bool), (np.arange(8)[:, None] >> np.arange(3)) & 1 == 1])
    together = fit_cumulative(design, weights, start=start, free=free)
    monkeypatch.setattr(cumulative, "CELLS", 100)  # one model and a few rows at once
    apart = fit_cumulative(design, weights, start=start, free=free)
    np.testing.assert_allclose(together.log_likelihood, apart.log_likelihood, atol=1e-9)
    np.testing.assert_allclose(together.theta, apart.theta, atol=1e-7)
    assert (together.theta[~free] == 0).all()
    for s in (3, 5):
        inside = np.flatnonzero(free[s, 3:])
        small = cumulative_design(codes, x[:, inside])
        alone = fit_cumulative(small, weights, start=start[:1, : 3 + len(inside)],
                               free=np.ones((1, 3 + len(inside)), bool))  # fmt: skip
        assert alone.log_likelihood[0] == pytest.approx(together.log_likelihood[s], abs=1e-9)


def test_start_is_the_fit_without_drivers():
    codes, x, weights = rows()
    design = cumulative_design(codes, x)
    start = starting_values(codes, weights, 6, link="logit")[None]
    free = np.array([[True] * 3 + [False] * 3])
    found = fit_cumulative(design, weights, start=start, free=free)
    np.testing.assert_allclose(found.theta, start, atol=1e-9)


def test_many_cases_and_far_away_values():
    codes, x, _ = rows(5000)
    design = cumulative_design(codes, 30 * x)
    start = starting_values(codes, np.ones(5000), 6, link="logit")[None]
    found = fit_cumulative(design, np.ones(5000), start=start, free=np.ones((1, 6), bool))
    assert found.converged.all()
    np.testing.assert_allclose(30 * found.theta[0, 3:], np.linspace(1, 0, 3), atol=0.12)
