"""Draws of respondents: the same as drawing rows, failures counted, streams of their own."""

from __future__ import annotations

import numpy as np
import pytest

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.drivers import resampling
from crm_analysis.satisfaction.drivers.regression import weighted_correlations
from crm_analysis.satisfaction.drivers.relative import relative_weights
from crm_analysis.satisfaction.drivers.resampling import (
    bias_corrected,
    drawn_correlations,
    drawn_counts,
    drawn_shares,
)
from crm_analysis.satisfaction.drivers.shapley import shapley
from crm_analysis.satisfaction.drivers.subsets import subset_r_squared


def values(n: int = 40, q: int = 4, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.normal(7, 2, size=(n, q)) + rng.normal(size=(n, 1))


@pytest.mark.parametrize("weighted", [False, True])
def test_matrices_of_draws_are_those_of_the_rows_drawn(weighted):
    x = values()
    w = np.random.default_rng(2).uniform(0.5, 2, len(x)) if weighted else np.ones(len(x))
    found = drawn_correlations(x, w, draws=7, seed=3)
    for stream, matrix in zip(np.random.SeedSequence(3).spawn(7), found):
        rows = np.random.default_rng(stream).integers(0, len(x), len(x))
        np.testing.assert_allclose(matrix, weighted_correlations(x[rows], w[rows]), atol=1e-10)


def test_batches_do_not_change_the_draws(monkeypatch):
    whole = np.concatenate(list(drawn_counts(10, 9, seed=0)))
    monkeypatch.setattr(resampling, "CELLS", 20)
    parts = list(drawn_counts(10, 9, seed=0))
    assert len(parts) == 5
    np.testing.assert_array_equal(np.concatenate(parts), whole)


def test_shares_are_those_of_the_matrices():
    x, w = values(), np.ones(40)
    drawn = drawn_shares(x, w, names=list("yabc"), sizes=[1, 2], draws=20, seed=0)
    matrices = drawn_correlations(x, w, draws=20, seed=0)
    np.testing.assert_allclose(drawn.shares["lmg"], shapley(subset_r_squared(matrices, sizes=[1, 2])))
    np.testing.assert_allclose(drawn.shares["relative_weight"][:, 1], relative_weights(matrices)[:, 1:].sum(axis=1))
    np.testing.assert_allclose(drawn.total, drawn.shares["lmg"].sum(axis=1))


def test_draws_without_spread_are_counted_and_named():
    x = values(60)
    x[:, 3] = 0
    x[:4, 3] = 1  # four of sixty differ: all lost in one draw of about sixty
    drawn = drawn_shares(x, np.ones(60), names=["y", "a", "b", "rare"], sizes=[1, 1, 1], draws=400, seed=1)
    lost = drawn.failed.loc["constant_in_draw"]
    assert lost["items_at_fault"] == "rare"
    assert 0 < lost["draws_lost"] < 40
    assert len(drawn.total) == 400 - drawn.failed["draws_lost"].sum()


def test_too_many_lost_draws_are_an_error():
    x = values(60)
    x[:, 3] = 0
    x[0, 3] = 1
    with pytest.raises(InputError, match=r"draws gave no result: constant_in_draw \d+ \(rare\)"):
        drawn_shares(x, np.ones(60), names=["y", "a", "b", "rare"], sizes=[1, 1, 1], draws=100, seed=1)


def test_collinear_draws_are_counted():
    x = values(30)
    x[:, 3] = x[:, 2]
    x[:3, 3] += 1  # two drivers differ for three respondents only
    drawn = drawn_shares(x, np.ones(30), names=list("yabc"), sizes=[1, 1, 1], draws=300, seed=1)
    assert drawn.failed.loc["collinear_in_draw", "draws_lost"] > 0


def test_limits_of_a_fit_hold_the_truth_about_as_often_as_promised():
    rng, hits = np.random.default_rng(5), []
    for seed in range(150):
        x = rng.normal(size=(100, 3))
        y = x @ [1, 0.5, 0] + np.sqrt(1.25) * rng.normal(size=100)  # the true R2 is 0.5
        rows = np.column_stack([y, x])
        total = drawn_shares(rows, np.ones(100), names=list("yabc"), sizes=[1] * 3, draws=200, seed=seed).total
        fit = subset_r_squared(np.corrcoef(rows, rowvar=False))[-1]
        low, high = bias_corrected(total, fit)
        hits.append(low <= 0.5 <= high)
    assert np.mean(hits) > 0.86


def test_many_drivers_use_sampled_orders(monkeypatch):
    x = values(80, 5)
    exact = drawn_shares(x, np.ones(80), names=list("yabcd"), sizes=[1] * 4, draws=20, seed=0)
    monkeypatch.setattr(resampling, "EXACT_DRAWS", 3)
    sampled = drawn_shares(x, np.ones(80), names=list("yabcd"), sizes=[1] * 4, draws=20, seed=0)
    np.testing.assert_allclose(sampled.shares["lmg"], exact.shares["lmg"], atol=0.02)
    np.testing.assert_allclose(sampled.total, exact.total)


def test_a_fit_below_every_draw_has_no_limits():
    drawn = np.linspace(0.3, 0.7, 101)
    assert np.isnan(bias_corrected(drawn, 0.29)).all()
    assert np.isnan(bias_corrected(drawn, 0.71)).all()
    assert bias_corrected(np.ones(50), 1.0) == (1.0, 1.0)
