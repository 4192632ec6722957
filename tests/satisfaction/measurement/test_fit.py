"""Implied correlations, distances, and the bootstrap test of exact fit."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.measurement.fit import distances, fit_table, implied_correlations, path_correlations
from crm_analysis.satisfaction.measurement.gate import measurement_gate
from crm_analysis.satisfaction.pls.estimator import PLS
from crm_analysis.satisfaction.survey.model import PathModel
from tests.satisfaction.measurement.known import TRUE_LOADINGS, TRUE_MODEL, TRUE_RHO, true_matrix, true_survey


@pytest.mark.parametrize("scheme", ["path", "centroid", "factorial"])
def test_an_exact_factor_model_has_no_residuals(exact_moments, scheme):
    fitted = PLS(TRUE_MODEL, consistent=True, scheme=scheme).fit_moments(exact_moments)
    table = fit_table(fitted)
    assert table.loc["saturated", ["srmr", "d_uls", "d_g"]].astype(float).abs().max() < 1e-6
    np.testing.assert_allclose(fitted.solution_.loadings[0], TRUE_LOADINGS, atol=1e-6)
    np.testing.assert_allclose(fitted.solution_.correlations[0], TRUE_RHO, atol=1e-6)
    assert set(table["blocks_as"]) == {"common_factor"}


def test_paths_that_leave_something_out_show_only_in_the_estimated_structure(exact_moments):
    table = fit_table(PLS(TRUE_MODEL, consistent=True).fit_moments(exact_moments))
    assert table.loc["estimated", "srmr"] < 1e-3  # a, b -> c -> d: true correlations are 0.30 and 0.33
    fewer = TRUE_MODEL.change(paths=(("a", "b"), ("b", "c"), ("c", "d")))
    table = fit_table(PLS(fewer, consistent=True).fit_moments(exact_moments))
    assert table.loc["saturated", "srmr"] < 1e-6
    assert table.loc["estimated", "srmr"] > 0.02


def test_a_structure_with_all_paths_implies_the_correlations_found(exact_moments):
    whole = TRUE_MODEL.change(paths=tuple((a, b) for i, a in enumerate("abcd") for b in "abcd"[i + 1 :]))
    fitted = PLS(whole).fit_moments(exact_moments)
    np.testing.assert_allclose(path_correlations(fitted.solution_, fitted.design_), fitted.solution_.correlations)


def test_path_correlations_by_wrights_rules(exact_moments):
    chain = TRUE_MODEL.change(paths=(("a", "b"), ("b", "c"), ("c", "d")))
    fitted = PLS(chain).fit_moments(exact_moments)
    found, b = path_correlations(fitted.solution_, fitted.design_)[0], fitted.solution_.paths[0]
    assert found[0, 3] == pytest.approx(b[0, 1] * b[1, 2] * b[2, 3])
    assert found[1, 3] == pytest.approx(b[1, 2] * b[2, 3])
    np.testing.assert_allclose(np.diag(found), 1)
    np.testing.assert_allclose(found, found.T)


def test_composites_keep_their_own_correlations(mobi_fit):
    observed = mobi_fit.moments_.correlations[None]
    design = mobi_fit.design_
    implied = implied_correlations(observed, mobi_fit.solution_, design, structure="saturated", factors=False)[0]
    for place in range(7):
        items = design.items(place)
        np.testing.assert_allclose(implied[np.ix_(items, items)], observed[0][np.ix_(items, items)])
    one, two = design.items(0), design.items(2)
    loadings, rho = mobi_fit.solution_.loadings[0], mobi_fit.solution_.correlations[0, 0, 2]
    np.testing.assert_allclose(implied[np.ix_(one, two)], rho * np.outer(loadings[one], loadings[two]))


def test_distances_by_hand():
    one, two = true_matrix().to_numpy(), np.eye(11)
    found = distances(one[None], two[None])
    below = (one - two)[np.tril_indices(11)]
    assert found["srmr"][0] == pytest.approx(np.sqrt((below**2).sum() / 66))
    assert found["d_uls"][0] == pytest.approx(0.5 * ((one - two) ** 2).sum())
    roots = np.linalg.eigvals(np.linalg.solve(one, two)).real
    assert found["d_g"][0] == pytest.approx(0.5 * (np.log(roots) ** 2).sum())
    by_ten = 0.5 * (np.log10(roots) ** 2).sum()
    assert found["d_g"][0] / by_ten == pytest.approx(5.302, abs=5e-4)


def test_geodesic_distance_of_a_matrix_that_is_not_positive_definite_is_blank():
    bad = np.array([[1, 0.9, 0.9], [0.9, 1, -0.9], [0.9, -0.9, 1]])
    found = distances(np.array([np.eye(3), bad, np.eye(3)]), np.array([bad, np.eye(3), np.eye(3)]))
    assert np.isnan(found["d_g"]).tolist() == [True, True, False]
    assert np.isfinite(found["srmr"]).all()


def test_the_true_model_passes_and_a_wrong_one_fails():
    rows = true_survey(300, seed=11)
    right = fit_table(PLS(TRUE_MODEL, consistent=True).fit(rows), draws=200)
    assert (right[["srmr_p", "d_uls_p", "d_g_p"]] > 0.05).all(axis=None)
    assert (right["srmr"] < right["srmr_critical"]).all()
    assert set(right["fit_draws"]) == {200}
    mixed = TRUE_MODEL.change(blocks=TRUE_MODEL.blocks | {"a": ("a1", "a2", "b1"), "b": ("a3", "b2", "b3", "b4")})
    wrong = fit_table(PLS(mixed, consistent=True).fit(rows), draws=200)
    assert (wrong["srmr_p"] < 0.05).all()


def test_the_test_holds_its_level():
    rejected = 0
    for seed in range(20):
        fitted = PLS(TRUE_MODEL, consistent=True).fit(true_survey(200, seed=100 + seed))
        rejected += int(fit_table(fitted, draws=40, seed=seed).loc["saturated", "srmr_p"] < 0.05)
    assert rejected <= 4  # 1 expected at 5 %; more than 4 has probability .003


def test_a_correlation_matrix_alone_is_tested_on_normal_samples(exact_moments):
    table = fit_table(PLS(TRUE_MODEL, consistent=True).fit_moments(exact_moments), draws=100)
    assert table.loc["saturated", "srmr_p"] == 1


def test_no_world_can_be_drawn_from_an_impossible_matrix(mobi_moments):
    from crm_analysis.satisfaction.pls.templates import ecsi

    fitted = PLS(ecsi(), consistent=True).fit_moments(mobi_moments)
    fitted.solution_.loadings[0, 0] = 1.6
    table = fit_table(fitted, draws=20)
    assert table.loc["saturated", "fit_note"] == "not_positive_definite"
    assert np.isnan(table.loc["saturated", "srmr_p"])
    assert np.isfinite(table.loc["saturated", "srmr"])


def test_what_blocks_are_is_named_and_can_be_chosen(mobi_fit):
    assert set(fit_table(mobi_fit)["blocks_as"]) == {"composite"}
    assert set(fit_table(mobi_fit, blocks="factor")["blocks_as"]) == {"common_factor"}
    with pytest.raises(InputError, match="is none of auto, factor, composite"):
        fit_table(mobi_fit, blocks="formative")


def test_order_of_items_does_not_matter(mobi_fit, mobi_moments):
    model = mobi_fit.model
    turned = model.change(blocks={name: items[::-1] for name, items in reversed(model.blocks.items())})
    again = fit_table(PLS(turned).fit_moments(mobi_moments))
    np.testing.assert_allclose(again["srmr"], fit_table(mobi_fit)["srmr"], atol=1e-7)
    np.testing.assert_allclose(again["d_g"], fit_table(mobi_fit)["d_g"], atol=1e-5)


def test_a_model_that_constrains_nothing_is_not_tested():
    rng = np.random.default_rng(0)
    answers = pd.DataFrame(rng.normal(size=(60, 3)) + rng.normal(size=(60, 1)), columns=list("abc"))
    blocks = {"A": ["a"], "B": ["b"], "C": ["c"]}
    free = PLS(PathModel(blocks=blocks, paths=[("A", "B"), ("A", "C"), ("B", "C")])).fit(answers)
    table = fit_table(free, draws=20)
    assert table["fit_note"].tolist() == ["reproduced_exactly", "reproduced_exactly"]
    assert table["srmr_p"].isna().all()
    chain = PLS(PathModel(blocks=blocks, paths=[("A", "B"), ("B", "C")])).fit(answers)
    table = fit_table(chain, draws=20)
    assert table["fit_note"].tolist() == ["reproduced_exactly", ""]
    assert np.isfinite(table.loc["estimated", "srmr_p"])
    claims = measurement_gate(free, draws=20).claims.query("claim_kind == 'model_fits'")
    assert claims["reason_key"].tolist() == ["nothing_to_fit"] * 2
    assert (claims["claim_verdict"] == "claim_caution").all()
