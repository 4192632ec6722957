"""One factor by maximum likelihood: exact cases, statsmodels as oracle, Heywood cases."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.satisfaction.measurement.factor import _many_items, one_factor


def matrix_of(loadings: list[float]) -> np.ndarray:
    loadings = np.array(loadings, float)
    return np.outer(loadings, loadings) + np.diag(1 - loadings**2)


def sample_matrix(seed: int, k: int, n: int = 200) -> np.ndarray:
    rng = np.random.default_rng(seed)
    loadings = rng.uniform(0.4, 0.85, k)
    rows = rng.normal(size=(n, 1)) * loadings + rng.normal(size=(n, k)) * np.sqrt(1 - loadings**2)
    return np.corrcoef(rows.T)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(0.3, 0.95), min_size=3, max_size=8))
def test_exact_factor_is_found_again(loadings):
    found = one_factor(matrix_of(loadings)[None])
    np.testing.assert_allclose(found.loadings[0], loadings, atol=1e-6)
    assert found.solved.all()
    assert not found.heywood.any()


@pytest.mark.parametrize("k", [4, 6, 9])
def test_agrees_with_statsmodels(k):
    from statsmodels.multivariate.factor import Factor

    matrix = sample_matrix(k, k)
    theirs = Factor(corr=matrix, n_factor=1, method="ml", nobs=200).fit(maxiter=5000, tol=1e-12).loadings[:, 0]
    np.testing.assert_allclose(one_factor(matrix[None]).loadings[0], np.abs(theirs), atol=2e-4)


@pytest.mark.parametrize("k", [4, 5, 8])
def test_is_a_stationary_point_of_the_likelihood(k):
    matrix = sample_matrix(10 + k, k)
    loadings = one_factor(matrix[None]).loadings[0]
    implied = matrix_of(loadings)
    inverse = np.linalg.inv(implied)
    slope = inverse @ (implied - matrix) @ inverse
    np.testing.assert_allclose(np.diag(slope), 0, atol=1e-7)
    np.testing.assert_allclose(slope @ loadings, 0, atol=1e-7)


def test_three_items_have_the_closed_form_of_the_general_method():
    matrix = sample_matrix(4, 3)
    closed, general = one_factor(matrix[None]), _many_items(matrix[None])
    np.testing.assert_allclose(closed.loadings, general.loadings, atol=1e-6)


def test_heywood_cases_are_flagged():
    three = np.array([[1, 0.05, 0.54], [0.05, 1, 0.1], [0.54, 0.1, 1]])
    found = one_factor(three[None])
    assert found.heywood[0]
    assert found.loadings[0].max() > 1
    four = matrix_of([0.99, 0.6, 0.5, 0.4])
    four[0, 1] = four[1, 0] = 0.75
    found = one_factor(four[None])
    assert found.heywood[0]
    assert found.loadings[0].max() < 1


def test_signs_follow_the_majority_and_impossible_signs_are_no_solution():
    found = one_factor(matrix_of([0.8, 0.7, -0.6, 0.9])[None])
    np.testing.assert_allclose(found.loadings[0], [0.8, 0.7, -0.6, 0.9], atol=1e-6)
    clash = np.array([[1, 0.5, 0.5], [0.5, 1, -0.5], [0.5, -0.5, 1]])
    found = one_factor(clash[None])
    assert not found.solved[0]
    assert np.isnan(found.loadings).all()


def test_fewer_than_three_items_have_no_factor():
    found = one_factor(np.array([[[1, 0.5], [0.5, 1]]]))
    assert not found.solved.any()
    assert np.isnan(found.loadings).all()


def test_a_matrix_with_blanks_does_not_disturb_the_others():
    good = sample_matrix(1, 5)
    bad = good.copy()
    bad[0] = np.nan
    found = one_factor(np.array([good, bad, good]))
    assert found.solved.tolist() == [True, False, True]
    np.testing.assert_allclose(found.loadings[0], one_factor(good[None]).loadings[0], atol=1e-9)


def test_a_copy_among_three_items_is_a_heywood_case_whatever_the_rounding():
    for r in np.linspace(0.1, 0.9, 41):
        copied = np.array([[1, 1, r], [1, 1, r], [r, r, 1.0]])
        assert one_factor(copied[None]).heywood.all()
