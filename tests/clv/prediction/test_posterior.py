from importlib import import_module

import numpy as np
import pandas as pd
import pytest

from crm_analysis.clv import BGNBD, MBGNBD, NBD, ParetoNBD
from crm_analysis.clv.prediction.posterior import _exact, _start, posterior
from crm_analysis.clv.spend.gamma_gamma import GammaGamma
from crm_analysis.errors import InputError

MODULE = import_module("crm_analysis.clv.prediction.posterior")  # the package has a function of this name
PROBS = (0.025, 0.25, 0.5, 0.75, 0.975)


def logs(found):
    return np.log(found.draws.to_numpy())


def test_agrees_with_integration_on_a_grid(cx):
    model = NBD().fit(cx)
    centre, spread = model.optimum_.log_params, np.sqrt(np.diag(model.log_covariance_))
    axes = [np.linspace(mean - 5 * sd, mean + 5 * sd, 81) for mean, sd in zip(centre, spread)]
    grid = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
    mass = np.exp(_exact(model)(grid.reshape(-1, 2)).reshape(81, 81))
    found = logs(posterior(model, draws=4000))
    for axis in (0, 1):
        steps = np.cumsum(mass.sum(axis=1 - axis))
        exact = np.interp(np.array(PROBS) * steps[-1], steps, axes[axis])
        np.testing.assert_allclose(np.quantile(found[:, axis], PROBS), exact, atol=0.12 * spread[axis])


def test_agrees_with_metropolis(cx):
    """Twenty chains walk at random on the same likelihood; steps as wide as theory advises."""
    model = BGNBD().fit(cx)
    centre, root = _start(model)
    exact, rng = _exact(model), np.random.default_rng(1)
    here = centre + rng.normal(size=(20, 4)) @ root.T
    height, chain = exact(here), []
    for _ in range(700):
        there = here + 1.2 * rng.normal(size=here.shape) @ root.T
        there_height = exact(there)
        taken = np.log(rng.random(20)) < there_height - height
        here, height = np.where(taken[:, None], there, here), np.where(taken, there_height, height)
        chain.append(here)
    walked = np.concatenate(chain[100:])
    found = posterior(model, draws=4000)
    spread = walked.std(axis=0)
    assert found.reliable
    assert (np.abs(logs(found).mean(axis=0) - walked.mean(axis=0)) < 0.15 * spread).all()
    np.testing.assert_allclose(logs(found).std(axis=0), spread, rtol=0.1)
    apart = np.quantile(logs(found), PROBS, axis=0) - np.quantile(walked, PROBS, axis=0)
    assert (np.abs(apart) < 0.25 * spread).all()


def profiled(model, which, grid):
    """Marginal of one log-parameter: the others at their best, with the curvature there (nested Laplace)."""
    optimum, others = model.optimum_, [i for i in range(len(model.names)) if i != which]
    low, high = optimum.centre - optimum.reach, optimum.centre + optimum.reach
    height = np.empty(len(grid))
    start = int(np.argmin(np.abs(grid - optimum.log_params[which])))
    for places in (range(start, len(grid)), range(start - 1, -1, -1)):
        u = optimum.log_params.copy()
        for place in places:
            u[which] = grid[place]
            for _ in range(40):
                at = model._derivatives(u, model._cases)
                size, axes = np.linalg.eigh(-at.hessian[np.ix_(others, others)])
                step = axes @ ((axes.T @ at.gradient[others]) / np.maximum(size, 0.5))
                step *= min(1, 0.5 / max(np.linalg.norm(step), 1e-300))
                u[others] += step
                u = np.clip(u, low, high)
                if np.linalg.norm(step) < 1e-6:
                    break
            height[place] = at.value - optimum.derivatives.value - 0.5 * np.log(size).sum()
    mass = np.exp(height - height.max())
    return mass / mass.sum()


def test_a_plateau_gets_its_share(cx):
    """With 600 customers 5 % of the posterior lies where customers are alike: chains rarely get there."""
    model = MBGNBD().fit(cx.sample(600, random_state=1))
    grid = np.arange(-3, (model.optimum_.centre + model.optimum_.reach)[2], 0.15)
    mass = profiled(model, 2, grid)
    found = posterior(model, draws=4000)
    mean = mass @ grid
    assert found.reliable
    assert logs(found)[:, 2].mean() == pytest.approx(mean, abs=0.1)
    assert logs(found)[:, 2].std() == pytest.approx(np.sqrt(mass @ (grid - mean) ** 2), rel=0.1)
    assert (logs(found)[:, 2] > 1.5).mean() == pytest.approx(mass[grid > 1.5].sum(), abs=0.012)


def test_many_cases_by_expansion_agree_with_exact(cm, monkeypatch):
    model = BGNBD().fit(cm)
    quick = posterior(model, draws=1000)
    monkeypatch.setattr(MODULE, "MANY_CASES", 10**9)
    slow = posterior(model, draws=1000)
    spread = logs(slow).std(axis=0)
    apart = np.quantile(logs(quick), PROBS, axis=0) - np.quantile(logs(slow), PROBS, axis=0)
    assert (np.abs(apart) < 0.35 * spread).all()


def test_an_expansion_that_does_not_hold_is_not_used(cx, monkeypatch):
    model = NBD().fit(cx)
    exact = posterior(model)
    monkeypatch.setattr(MODULE, "MANY_CASES", 1)
    monkeypatch.setattr(MODULE.Expansion, "__call__", lambda self, points: -(points**2).sum(axis=1))
    again = posterior(model)
    np.testing.assert_allclose(logs(again).mean(axis=0), logs(exact).mean(axis=0), atol=0.02)


def test_same_seed_same_draws_and_weights_are_rows(cx):
    part = cx.head(300)
    counted = part.groupby(["frequency", "recency", "T"]).size().rename("weights").reset_index()
    first, again = posterior(BGNBD().fit(part), seed=3), posterior(BGNBD().fit(counted), seed=3)
    pd.testing.assert_frame_equal(first.draws, again.draws, rtol=1e-4)
    assert not first.draws.equals(posterior(BGNBD().fit(part), seed=4).draws)


def test_unit_of_time_only_scales_times(cx):
    part = cx.head(400)[["frequency", "recency", "T"]]
    days = part.assign(recency=part["recency"] * 7, T=part["T"] * 7)
    weekly, daily = posterior(ParetoNBD().fit(part)), posterior(ParetoNBD().fit(days))
    ratio = (daily.draws / weekly.draws).median()
    np.testing.assert_allclose(ratio, [1, 7, 1, 7], rtol=0.02)


def test_spend_model_has_a_posterior_too(cx):
    model = GammaGamma().fit(cx)
    found = posterior(model)
    assert found.reliable
    spread = np.log(found.draws).std()
    np.testing.assert_allclose(spread, np.sqrt(np.diag(model.log_covariance_)), rtol=0.15)


def test_what_the_data_do_not_determine_is_said(cx):
    found = posterior(ParetoNBD().fit(cx.sample(200, random_state=2)))
    assert "beta" in found.undetermined
    assert "beta" in found.en
    assert "无法确定" in found.zh
    assert np.isfinite(found.draws.to_numpy()).all()
    assert np.log(found.draws["beta"]).std() > 2


def test_views(cx):
    found = posterior(NBD().fit(cx), draws=200)
    table = found.interval(0.9)
    assert (table["low"] < table["median"]).all()
    assert (table["median"] < table["high"]).all()
    assert [part.shape for part in found.theta] == [(200, 1), (200, 1)]
    assert found.text("zh") == found.zh
    assert "can be trusted" in found.text("en")
    assert found.reliable == (found.pareto_k < 0.7)
    with pytest.raises(ValueError, match=r"0\.95"):
        found.interval(95)


def test_bad_input(cx):
    with pytest.raises(InputError, match="not fitted"):
        posterior(NBD.with_params(r=1, alpha=10))
    with pytest.raises(InputError, match="at least 50"):
        posterior(NBD().fit(cx), draws=10)
    with pytest.raises(InputError, match="whole number"):
        posterior(NBD().fit(cx), draws=100.5)
