"""Drawing the survey again: from its rows, from normal answers, under a hypothesis; limits of what was drawn."""

from __future__ import annotations

import numpy as np
import pytest

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.measurement.replicates import columns, draw, quantile, root
from crm_analysis.satisfaction.pls.estimator import PLS
from crm_analysis.satisfaction.survey.moments import Moments
from tests.satisfaction.measurement.known import TRUE_MODEL, true_matrix, true_survey


def test_rows_are_drawn_as_the_model_draws_them():
    fitted = PLS(TRUE_MODEL).fit(true_survey(120, seed=1))
    found, own = draw(fitted, draws=30, seed=4), fitted.resample(draws=30, seed=4)
    np.testing.assert_array_equal(found.moments.correlations, own.moments.correlations)
    np.testing.assert_array_equal(found.solution.paths, own.solution.paths)
    assert (found.drawn, found.lost, found.inadmissible) == ("rows", 0, 0)


def test_seed_decides():
    fitted = PLS(TRUE_MODEL).fit_moments(Moments.from_correlations(true_matrix(), n=100))
    one, again, other = (draw(fitted, draws=5, seed=seed).moments.correlations for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, again)
    assert not np.array_equal(one, other)


def test_normal_samples_have_the_right_mean_and_spread():
    n, matrix = 200, true_matrix()
    fitted = PLS(TRUE_MODEL).fit_moments(Moments.from_correlations(matrix, n=n))
    drawn = draw(fitted, draws=2000, seed=3).moments.correlations
    truth = matrix.to_numpy()
    np.testing.assert_allclose(drawn.mean(axis=0), truth, atol=0.01)
    off = ~np.eye(11, dtype=bool)
    np.testing.assert_allclose(drawn.std(axis=0)[off], (1 - truth[off] ** 2) / np.sqrt(n - 1), rtol=0.12)


def test_spreads_of_items_are_drawn_too_where_known(mobi_fit):
    found = draw(mobi_fit, draws=500)
    assert found.drawn == "normal"
    np.testing.assert_allclose(found.moments.sds.mean(axis=0), mobi_fit.moments_.sds, rtol=0.02)


@pytest.mark.parametrize("rows", [True, False])
def test_a_hypothesis_becomes_the_truth_of_what_is_drawn(rows):
    truth, survey = true_matrix().to_numpy(), true_survey(150, seed=2)
    fitted = PLS(TRUE_MODEL).fit(survey) if rows else PLS(TRUE_MODEL).fit_moments(Moments.of(survey))
    drawn = draw(fitted, draws=600, truth=truth).moments.correlations
    np.testing.assert_allclose(drawn.mean(axis=0), truth, atol=0.02)


def test_inadmissible_solutions_are_counted_and_kept(mobi_moments, ecsi_model):
    fitted = PLS(ecsi_model, consistent=True).fit_moments(mobi_moments)
    found = draw(fitted, draws=100)
    assert 0.5 < found.inadmissible <= 1
    assert len(found.moments.correlations) == 100


def test_a_survey_with_too_few_respondents_is_refused():
    fitted = PLS(TRUE_MODEL).fit_moments(Moments.from_correlations(true_matrix(), n=11))
    with pytest.raises(InputError, match="11 respondents answered 11 items"):
        draw(fitted, draws=10)


def test_limits_leave_a_few_blanks_out_and_give_up_beyond_a_tenth():
    values = np.tile(np.arange(1000.0)[:, None], (1, 3))
    values[:50, 1] = np.nan
    values[:200, 2] = np.nan
    table = columns("x", np.zeros(3), values)
    assert table["x_low"][:2] == pytest.approx([24.975, 50 + 0.025 * 949])
    assert np.isnan([table["x_low"][2], table["x_high"][2]]).all()
    assert np.isnan(quantile(np.full((10, 1), np.nan), 0.5)).all()


def test_columns_are_blank_where_there_is_no_value():
    table = columns("x", np.array([1.0, np.nan]), np.ones((10, 2)))
    assert [table[name].tolist() for name in ("x_low", "x_high")] == [pytest.approx([1, np.nan], nan_ok=True)] * 2
    assert np.isnan(columns("x", np.array([1.0]), None)["x_low"]).all()


def test_roots_of_matrices():
    matrix = true_matrix().to_numpy()
    half = root(matrix)
    np.testing.assert_allclose(half @ half, matrix, atol=1e-12)
    np.testing.assert_allclose(root(matrix, -0.5) @ half, np.eye(11), atol=1e-10)
    assert np.isnan(root(np.ones((2, 2)))).all()


def test_items_that_are_scores_cannot_be_moved():
    fitted = PLS(TRUE_MODEL).fit(true_survey(60, seed=1))
    moments = fitted.moments_
    fitted.moments_ = Moments(tuple("hijklmnopqr"), moments.correlations, moments.means, moments.sds, moments.n)
    with pytest.raises(InputError, match="scores of other items"):
        draw(fitted, draws=5, truth=np.eye(11))


@pytest.mark.parametrize("draws", [-1, 1])
def test_too_few_draws_are_refused_with_a_matrix_as_with_answers(mobi_fit, draws):
    with pytest.raises(InputError, match=f"draws={draws}"):
        draw(mobi_fit, draws=draws)
