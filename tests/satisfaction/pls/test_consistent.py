"""PLSc: published numbers, the truth from an exact common-factor matrix, and what is told when it cannot be."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.satisfaction.pls.algorithm import SCHEMES
from crm_analysis.satisfaction.pls.consistent import rho_a
from crm_analysis.satisfaction.pls.estimator import PLS
from crm_analysis.satisfaction.pls.faults import INADMISSIBLE
from crm_analysis.satisfaction.survey.model import PathModel
from crm_analysis.satisfaction.survey.moments import Moments
from tests.satisfaction.pls.test_algorithm import TOWARDS_SATISFACTION

quick = settings(max_examples=20, deadline=None)
CHAIN = PathModel(
    {"a": ["a1", "a2"], "b": ["b1", "b2", "b3"], "c": ["c1", "c2", "c3"], "d": ["d1"]},
    [("a", "b"), ("a", "c"), ("b", "c"), ("c", "d")],
)


def factor_moments(loadings: np.ndarray, paths: np.ndarray, model: PathModel = CHAIN, n: int = 500) -> Moments:
    """Exact correlations of items that measure common factors, joined by standardised paths."""
    count = len(model.constructs)
    latent = np.eye(count)
    for k in range(1, count):
        latent[k, :k] = latent[:k, k] = paths[:k, k] @ latent[:k, :k]
    member = np.repeat(np.arange(count), [len(items) for items in model.blocks.values()])
    matrix = loadings[:, None] * latent[member][:, member] * loadings
    np.fill_diagonal(matrix, 1.0)
    return Moments.from_correlations(pd.DataFrame(matrix, model.items, model.items), n=n)


def test_published_numbers_of_a_small_model(mobi_moments):
    fitted = PLS(TOWARDS_SATISFACTION, consistent=True).fit_moments(mobi_moments)
    np.testing.assert_allclose(fitted.paths_["path"], [0.540685525, 0.235713525, 0.259772618], atol=1e-7)
    assert fitted.r_squared_["r_squared"].item() == pytest.approx(0.884355564, abs=1e-7)
    np.testing.assert_allclose(fitted.solution_.rho[0], [0.745292, 0.461658, 0.857527, 0.784024], atol=1e-6)
    average = (fitted.weights_["loading"] ** 2).groupby(fitted.weights_["construct"], sort=False).mean()
    np.testing.assert_allclose(average, [0.354967, 0.221510, 0.720487, 0.541477], atol=1e-6)
    assert fitted.verdict_.kind == "converged"
    assert fitted.verdict_.usable


def test_published_numbers_with_the_factorial_scheme(mobi_moments):
    fitted = PLS(TOWARDS_SATISFACTION, consistent=True, scheme="factorial").fit_moments(mobi_moments)
    np.testing.assert_allclose(fitted.paths_["path"], [0.537704707, 0.240967662, 0.258279868], atol=1e-7)


def test_rho_a_of_the_full_model(mobi_moments, ecsi_model):
    fitted = PLS(ecsi_model).fit_moments(mobi_moments)
    rho = rho_a(fitted.moments_.correlations[None], fitted.solution_.weights, fitted.design_)[0]
    np.testing.assert_allclose(rho, [0.740329, 0.462055, 0.884246, 0.854996, 0.789102, 1, 0.745734], atol=1e-6)


@quick
@given(
    st.sampled_from(SCHEMES),
    st.lists(st.floats(0.5, 0.95), min_size=8, max_size=8),
    st.lists(st.floats(0.1, 0.45), min_size=4, max_size=4),
)
def test_exact_common_factors_give_back_the_truth(scheme, loadings, slopes):
    paths = np.zeros((4, 4))
    paths[[0, 0, 1, 2], [1, 2, 2, 3]] = slopes
    lengths = np.array([*loadings, 1.0])
    fitted = PLS(CHAIN, scheme=scheme, consistent=True, tolerance=1e-12, max_rounds=3000)
    fitted.fit_moments(factor_moments(lengths, paths))
    np.testing.assert_allclose(fitted.weights_["loading"], lengths, atol=1e-6)
    np.testing.assert_allclose(fitted.solution_.paths[0], paths, atol=1e-6)
    assert fitted.reasons_.empty
    plain = PLS(CHAIN, scheme=scheme).fit_moments(factor_moments(lengths, paths))
    assert (np.abs(plain.correlations_.to_numpy()) <= np.abs(fitted.correlations_.to_numpy()) + 1e-9).all()


def test_single_items_mode_b_and_composites_are_not_corrected(mobi_moments):
    for mode in ("B", "composite"):
        model = TOWARDS_SATISFACTION.change(modes=dict.fromkeys(TOWARDS_SATISFACTION.constructs, mode))
        corrected = PLS(model, consistent=True).fit_moments(mobi_moments)
        pd.testing.assert_frame_equal(corrected.paths_, PLS(model).fit_moments(mobi_moments).paths_)
        assert (corrected.solution_.rho == 1).all()
    one = PathModel({"a": ["IMAG1"], "b": ["CUSA1"]}, [("a", "b")])
    pd.testing.assert_frame_equal(
        PLS(one, consistent=True).fit_moments(mobi_moments).paths_, PLS(one).fit_moments(mobi_moments).paths_
    )


def matrix_of(**entries: float) -> Moments:
    """Correlations .3 among four items, but for those named, such as a1b1=.9."""
    names = ["a1", "a2", "b1", "b2"]
    matrix = pd.DataFrame(np.full((4, 4), 0.3), names, names)
    for pair, value in entries.items():
        matrix.loc[pair[:2], pair[2:]] = matrix.loc[pair[2:], pair[:2]] = value
    return Moments.from_correlations(matrix.where(~np.eye(4, dtype=bool), 1.0), n=100)


TWO = PathModel({"a": ["a1", "a2"], "b": ["b1", "b2"]}, [("a", "b")])


def test_values_come_back_with_reasons_when_plsc_is_inadmissible():
    """Items of a block that agree less with each other than with the other block's."""
    fitted = PLS(TWO, consistent=True).fit_moments(matrix_of(a1b1=0.6, a2b2=0.5, a1b2=0.5, a2b1=0.55))
    codes = set(fitted.reasons_["cause"])
    assert {"correlation_above_1", "r_squared_above_1", "not_positive_definite"} <= codes <= set(INADMISSIBLE)
    assert fitted.paths_["path"].item() > 1
    row = fitted.reasons_.set_index(["cause", "name"]).loc[("r_squared_above_1", "b"), "measured"]
    assert row == pytest.approx(fitted.r_squared_["r_squared"].item())
    assert fitted.verdict_.kind == "inadmissible"
    assert not fitted.verdict_.usable
    assert "不可接受" in fitted.verdict_.text("zh")
    assert "R² of b is above 1" in fitted.verdict_.text("en")


def test_a_reliability_below_zero_gives_no_number_and_says_why():
    fitted = PLS(TWO, consistent=True).fit_moments(matrix_of(a1a2=-0.2, a1b1=0.5, a2b1=0.2))
    assert ("rho_not_positive", "a") in set(zip(fitted.reasons_["cause"], fitted.reasons_["name"]))
    assert np.isnan(fitted.paths_["path"].item())
    assert fitted.verdict_.kind == "inadmissible"


def test_a_loading_and_a_reliability_beyond_one_are_named():
    lengths = np.array([0.99, 0.3, 0.8, 0.7, 0.6, 0.8, 0.7, 0.6, 1.0])
    moments = factor_moments(lengths, np.triu(np.full((4, 4), 0.3), 1))
    matrix = pd.DataFrame(moments.correlations, moments.items, moments.items)
    matrix.loc["a1", "a2"] = matrix.loc["a2", "a1"] = 0.6
    fitted = PLS(CHAIN, consistent=True).fit_moments(Moments.from_correlations(matrix, n=500))
    assert {("loading_above_1", "a1"), ("rho_above_1", "a")} <= set(
        zip(fitted.reasons_["cause"], fitted.reasons_["name"])
    )
    assert fitted.weights_.loc["a1", "loading"] > 1


def test_plain_pls_is_never_inadmissible():
    assert PLS(TWO).fit_moments(matrix_of(a1b1=0.6, a2b2=0.5, a1b2=0.5, a2b1=0.55)).reasons_.empty
