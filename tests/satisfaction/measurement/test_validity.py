"""HTMT, HTMT2 and Fornell-Larcker: printed values of seminr, exact models, notes, labels."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.measurement.replicates import draw
from crm_analysis.satisfaction.measurement.validity import discriminant_table, htmt, htmt2
from crm_analysis.satisfaction.pls.estimator import PLS
from crm_analysis.satisfaction.survey.moments import Moments
from tests.satisfaction.measurement.known import SMALL, TRUE_MODEL, TRUE_RHO, true_matrix, true_survey

SEMINR = {  # HTMT of seminr, standard deviation of its bootstrap (500 replicates)
    ("Image", "Expectation"): (0.88803042750925, 0.104359),
    ("Image", "Value"): (0.651659392487802, 0.070102),
    ("Image", "Satisfaction"): (0.910100923782741, 0.034829),
    ("Expectation", "Value"): (0.588628982316289, 0.118754),
    ("Expectation", "Satisfaction"): (0.865108193553153, 0.095577),
    ("Value", "Satisfaction"): (0.740808927759395, 0.074671),
}
FORNELL = {"Image": 0.691360857, "Expectation": 0.693186156, "Value": 0.921037825, "Satisfaction": 0.832684809}
RELATED = {  # correlations of scores beside them
    ("Image", "Expectation"): 0.505728413, ("Image", "Value"): 0.510787426, ("Image", "Satisfaction"): 0.695529337,
    ("Expectation", "Value"): 0.358245251, ("Expectation", "Satisfaction"): 0.511250544,
    ("Value", "Satisfaction"): 0.606306608,
}  # fmt: skip


def test_htmt_of_the_mobile_phone_survey_is_that_of_seminr(mobi_moments):
    table = discriminant_table(PLS(SMALL).fit_moments(mobi_moments))
    assert table["htmt"].to_dict() == pytest.approx({pair: value for pair, (value, _) in SEMINR.items()}, abs=1e-8)
    assert set(table["htmt_convention"]) == {"absolute"}


def test_bootstrap_spread_of_htmt_is_that_of_seminr(mobi_rows):
    fitted = PLS(SMALL).fit(mobi_rows)
    table = discriminant_table(fitted, replicates=draw(fitted, draws=1000))
    for pair, (_, spread) in SEMINR.items():
        assert table.loc[pair, "htmt_se"] == pytest.approx(spread, rel=0.15)


def test_fornell_larcker_table_is_that_of_seminr(mobi_moments):
    table = discriminant_table(PLS(SMALL).fit_moments(mobi_moments))
    for (first, second), row in table.iterrows():
        assert row["root_ave_first"] == pytest.approx(FORNELL[first], abs=1e-6)
        assert row["root_ave_second"] == pytest.approx(FORNELL[second], abs=1e-6)
        assert row["construct_correlation"] == pytest.approx(RELATED[first, second], abs=1e-6)
        assert row["fornell_larcker"] == (RELATED[first, second] < min(FORNELL[first], FORNELL[second]))
    assert not table.loc[("Image", "Satisfaction"), "fornell_larcker"]


def test_labels_and_values_stay_together_whatever_the_order(mobi_moments):
    before = discriminant_table(PLS(SMALL).fit_moments(mobi_moments))
    turned = SMALL.change(blocks=dict(reversed(SMALL.blocks.items())))
    after = discriminant_table(PLS(turned).fit_moments(mobi_moments))
    for (first, second), row in before.iterrows():
        other = after.loc[(second, first)]
        assert other["htmt"] == pytest.approx(row["htmt"])
        assert other["root_ave_first"] == pytest.approx(row["root_ave_second"])


def test_htmt_by_hand_with_unequal_blocks():
    rng = np.random.default_rng(1)
    s = np.corrcoef(rng.normal(size=(80, 6)).T)
    member = np.repeat(np.eye(3), [3, 2, 1], axis=0)
    found = htmt(s[None], member)[0]
    r = np.abs(s)
    within = [(r[0, 1] + r[0, 2] + r[1, 2]) / 3, r[3, 4], 1.0]
    assert found[0, 1] == pytest.approx(r[:3, 3:5].mean() / np.sqrt(within[0] * within[1]))
    assert found[0, 2] == pytest.approx(r[:3, 5].mean() / np.sqrt(within[0]))
    np.testing.assert_allclose(found, found.T)
    np.testing.assert_allclose(np.diag(found), 1)


def test_htmt2_of_an_exact_factor_model_is_the_correlation_of_the_factors(exact_moments):
    table = discriminant_table(PLS(TRUE_MODEL).fit_moments(exact_moments))
    upper = TRUE_RHO[np.triu_indices(4, 1)]
    np.testing.assert_allclose(table["htmt2"], upper, atol=1e-12)
    assert not np.allclose(table["htmt"], upper, atol=1e-4)


def test_htmt_of_equal_loadings_is_the_correlation_too():
    loadings = np.full(6, 0.7)
    block = np.repeat([0, 1], 3)
    s = np.outer(loadings, loadings) * np.where(block[:, None] == block, 1, 0.4)
    np.fill_diagonal(s, 1)
    assert htmt(s[None], np.eye(2)[block])[0, 0, 1] == pytest.approx(0.4)


def test_the_two_conventions_differ_only_with_mixed_signs(mobi_fit, exact_moments):
    exact = PLS(TRUE_MODEL).fit_moments(exact_moments)
    same = [discriminant_table(exact, convention=kind)["htmt"] for kind in ("absolute", "signed")]
    np.testing.assert_allclose(*same)
    plain, signed = (discriminant_table(mobi_fit, convention=kind) for kind in ("absolute", "signed"))
    differ = plain.index[~np.isclose(plain["htmt"], signed["htmt"])].tolist()
    assert differ == plain.index[plain["htmt_note"] == "mixed_signs"].tolist() == [("quality", "loyalty")]
    assert signed.loc[("quality", "loyalty"), "htmt"] < plain.loc[("quality", "loyalty"), "htmt"]


def test_htmt2_without_positive_correlations_is_blank_with_a_reason(mobi_fit):
    row = discriminant_table(mobi_fit).loc[("quality", "loyalty")]
    assert np.isnan(row["htmt2"])
    assert row["htmt2_note"] == "not_positive"
    assert np.isfinite(row["htmt"])
    s = np.array([[1, 0.5, 0.0], [0.5, 1, 0.3], [0.0, 0.3, 1]])
    assert np.isnan(htmt2(s[None], np.array([[1, 0], [1, 0], [0, 1]]))[0, 0, 1])


def test_signed_means_that_cancel_have_no_htmt():
    s = np.array([[1, -0.5, 0.3], [-0.5, 1, 0.3], [0.3, 0.3, 1]])
    member = np.array([[1, 0], [1, 0], [0, 1]])
    assert np.isnan(htmt(s[None], member, convention="signed")[0, 0, 1])
    assert np.isfinite(htmt(s[None], member)[0, 0, 1])


def test_an_unknown_convention_is_named(mobi_fit):
    with pytest.raises(InputError, match="is none of absolute, signed"):
        discriminant_table(mobi_fit, convention="mean")


def test_pairs_with_formative_constructs_say_so(mobi_moments):
    table = discriminant_table(PLS(SMALL.change(modes={"Value": "B", "Image": "composite"})).fit_moments(mobi_moments))
    assert table.loc[("Expectation", "Value"), "htmt_note"] == "formative"
    assert table.loc[("Image", "Satisfaction"), "htmt_note"] == "composite"
    assert table["htmt"].notna().tolist() == [False, False, False, False, True, False]
    assert pd.isna(table.loc[("Image", "Value"), "fornell_larcker"])


def test_distinct_constructs_are_told_apart_and_one_construct_twice_is_not():
    rows = true_survey(400, seed=5)
    fitted = PLS(TRUE_MODEL).fit(rows)
    table = discriminant_table(fitted, replicates=draw(fitted, draws=300))
    assert table["htmt_distinct"].all()
    assert (table["htmt_upper"] > table["htmt"]).all()
    rng = np.random.default_rng(6)
    trait = rng.normal(size=(400, 1))
    same = pd.DataFrame(trait + rng.normal(size=(400, 6)), columns=list("uvwxyz"))
    halves = TRUE_MODEL.change(blocks={"a": tuple("uvw"), "b": tuple("xyz")}, paths=(("a", "b"),))
    fitted = PLS(halves).fit(same)
    row = discriminant_table(fitted, replicates=draw(fitted, draws=300)).loc[("a", "b")]
    assert not row["htmt_distinct"]
    assert row["htmt"] == pytest.approx(1, abs=0.1)


def test_the_test_against_one_holds_its_level():
    """Of surveys in which two constructs are one, few are told apart."""
    rng = np.random.default_rng(7)
    halves = TRUE_MODEL.change(blocks={"a": tuple("uvw"), "b": tuple("xyz")}, paths=(("a", "b"),))
    wrong = 0
    for _ in range(30):
        trait = rng.normal(size=(150, 1))
        fitted = PLS(halves).fit(pd.DataFrame(trait + rng.normal(size=(150, 6)), columns=list("uvwxyz")))
        wrong += bool(discriminant_table(fitted, replicates=draw(fitted, draws=100)).loc[("a", "b"), "htmt_distinct"])
    assert wrong <= 5  # 1.5 expected at 5 %; more than 5 has probability .003


def test_without_replicates_nothing_is_tested(mobi_fit):
    table = discriminant_table(mobi_fit)
    assert table[["htmt_low", "htmt_upper", "p", "p_holm", "z"]].isna().all(axis=None)
    assert table["htmt_distinct"].isna().all()


def test_rescaling_items_changes_nothing(mobi_rows):
    one = discriminant_table(PLS(SMALL).fit(mobi_rows))
    two = discriminant_table(PLS(SMALL).fit(mobi_rows * 3 + 1))
    np.testing.assert_allclose(one["htmt"], two["htmt"])


def test_htmt_is_worked_out_for_many_matrices_at_once():
    matrix = true_matrix().to_numpy()
    member = np.repeat(np.eye(4), [3, 4, 3, 1], axis=0)
    many = np.array([matrix, np.sqrt(np.abs(matrix)), matrix**2])
    for function in (htmt, htmt2):
        one = np.array([function(each[None], member)[0] for each in many])
        np.testing.assert_allclose(function(many, member), one)


def test_moments_may_hold_more_items_than_the_model(mobi_moments):
    assert isinstance(mobi_moments, Moments)
    assert len(discriminant_table(PLS(SMALL).fit_moments(mobi_moments))) == 6
