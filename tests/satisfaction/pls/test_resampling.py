"""The bootstrap's machinery: streams, moments of weighted rows, pieces of work, failures by cause, sign policies."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.pls import resampling
from crm_analysis.satisfaction.pls.estimator import PLS
from crm_analysis.satisfaction.pls.resampled_moments import Products, draw_counts
from crm_analysis.satisfaction.pls.resampling import jackknife, refit, resample
from crm_analysis.satisfaction.pls.signs import POLICIES, align, flip
from crm_analysis.satisfaction.survey.model import PathModel
from crm_analysis.satisfaction.survey.moments import Moments
from crm_analysis.words import all_words
from tests.helpers.r_stream import r_sample
from tests.satisfaction.pls.test_estimator import MODEL, answers

quick = settings(max_examples=20, deadline=None)


def test_streams_are_those_of_seed_sequence_and_start_alike():
    counts = draw_counts(50, 20, 7)
    streams = np.random.SeedSequence(7).spawn(20)
    for row, stream in zip(counts, streams):
        rows = np.random.default_rng(stream).integers(0, 50, 50)
        np.testing.assert_array_equal(row, np.bincount(rows, minlength=50))
    np.testing.assert_array_equal(draw_counts(50, 8, 7), counts[:8])
    np.testing.assert_array_equal(draw_counts(50, 5, 7, first=8), counts[8:13])


def test_r_draws_the_rows_it_is_known_to_draw():
    assert (r_sample(250, 457)[:10] + 1).tolist() == [56, 8, 205, 59, 12, 163, 128, 58, 36, 180]


@quick
@given(st.integers(0, 10**6))
def test_moments_of_counts_are_those_of_repeated_rows(seed):
    survey = answers(30, seed=seed) + 1000
    counts = draw_counts(30, 4, seed)
    many = Products.of(survey.to_numpy(), tuple(survey)).counted(counts)
    for k, row in enumerate(counts):
        alone = survey.loc[survey.index.repeat(row)]
        if (alone.nunique() < 2).any():
            continue
        own = Moments.of(alone)
        np.testing.assert_allclose(many.correlations[k], own.correlations, atol=1e-10)
        np.testing.assert_allclose(many.means[k], own.means)
        np.testing.assert_allclose(many.sds[k], own.sds)


def test_each_replicate_is_the_fit_to_the_respondents_drawn():
    fitted = PLS(MODEL).fit(answers())
    drawn = resample(fitted, draws=6, seed=3)
    for k, row in enumerate(draw_counts(80, 6, 3)):
        alone = PLS(MODEL).fit(answers().iloc[np.repeat(np.arange(80), row)])
        np.testing.assert_allclose(drawn.solution.paths[k], alone.solution_.paths[0], atol=1e-8)
        np.testing.assert_allclose(drawn.solution.loadings[k], alone.solution_.loadings[0], atol=1e-8)


def test_the_result_does_not_depend_on_how_the_work_is_cut_up(monkeypatch):
    fitted = PLS(MODEL).fit(answers())
    whole = resample(fitted, draws=50, seed=5)
    all_without = jackknife(fitted)
    monkeypatch.setattr(resampling, "CHUNK_BYTES", 8 * 7 * (3 * 80 + 10 * 36))
    for other, mine in ((resample(fitted, draws=50, seed=5), whole), (jackknife(fitted), all_without)):
        np.testing.assert_allclose(other.solution.paths, mine.solution.paths, atol=1e-12)
        np.testing.assert_allclose(other.moments.means, mine.moments.means, atol=1e-12)
    first = resample(fitted, draws=20, seed=5)
    np.testing.assert_allclose(first.solution.paths, whole.solution.paths[:20], atol=1e-12)
    assert (resample(fitted, draws=20, seed=6).solution.paths != first.solution.paths).any()


def test_the_jackknife_leaves_out_each_respondent_once():
    survey = answers(20)
    fitted = PLS(MODEL).fit(survey)
    found = jackknife(fitted)
    assert found.moments.n == 19
    for k in (0, 7, 19):
        alone = PLS(MODEL).fit(survey.drop(survey.index[k]))
        np.testing.assert_allclose(found.solution.paths[k], alone.solution_.paths[0], atol=1e-8)


def rare(share_of_ones: int) -> pd.DataFrame:
    """A survey in which few respondents tell the item y2 apart."""
    survey = answers(60)
    return survey.assign(y2=[6.0] * (60 - share_of_ones) + [9.0] * share_of_ones)


def test_an_item_that_is_constant_in_a_resample_is_named_and_counted():
    fitted = PLS(MODEL).fit(rare(4))
    drawn = resample(fitted, draws=300)
    constant = (draw_counts(60, 300, 0)[:, -4:].sum(axis=1) == 0).sum()
    assert 0 < constant < 30
    assert drawn.failures.to_dict() == {("constant_item", "y2"): constant}
    assert drawn.kept.sum() == 300 - constant == len(drawn.solution.paths) == len(drawn.moments.means)
    assert drawn.share_failed == constant / 300
    assert np.isfinite(drawn.solution.paths).all()


def test_more_than_a_tenth_of_failures_is_an_error_that_names_the_cause():
    with pytest.raises(InputError, match=r"resamples have no usable solution \(constant_item y2: \d+\)") as error:
        resample(PLS(MODEL).fit(rare(1)), draws=100)
    assert "100 次重抽样" in error.value.zh


def test_a_singular_block_is_counted_under_its_construct():
    survey = answers(60)
    survey["x2"] = survey["x1"] + np.r_[[1.0, -1.0, 1.0, -1.0], np.zeros(56)]
    model = MODEL.change(modes={"x": "B"}, low=None, high=None)
    drawn = resample(PLS(model).fit(survey), draws=300)
    same = (draw_counts(60, 300, 0)[:, :4].sum(axis=1) == 0).sum()
    assert same > 0
    assert drawn.failures.to_dict() == {("singular_block", "x"): same}


def test_replicates_that_do_not_converge_are_counted():
    fitted = PLS(MODEL).fit(answers())
    fitted.max_rounds = fitted.rounds_
    counts = draw_counts(80, 100, 0)
    found = refit(fitted, [counts])
    slow = (PLS(MODEL).fit(answers()).resample(draws=100).solution.rounds > fitted.rounds_).sum()
    assert 0 < slow < 100
    assert found.failures.to_dict() == {("not_converged", ""): slow}


def test_inadmissible_replicates_of_plsc_are_counted_by_reason(mobi_rows, ecsi_model):
    fitted = PLS(ecsi_model, consistent=True).fit(mobi_rows)
    found = refit(fitted, [draw_counts(250, 200, 0)])
    causes = set(found.failures.index.get_level_values("cause"))
    assert {"not_positive_definite", "correlation_above_1"} <= causes <= set(all_words())
    assert found.failures.sum() + found.kept.sum() == 200
    with pytest.raises(InputError, match="do without PLSc"):
        resample(fitted, draws=50)


@pytest.mark.parametrize("signs", POLICIES)
def test_sign_policies_agree_where_signs_are_clear(signs):
    fitted = PLS(MODEL).fit(answers())
    found, plain = resample(fitted, draws=40, signs=signs), resample(fitted, draws=40)
    np.testing.assert_array_equal(found.solution.paths, plain.solution.paths)
    assert found.signs == signs


def test_the_policy_construct_follows_the_fit_where_a_dominant_item_leads():
    """Of three items two are reversed, and the fit is led by one of them: the sum of loadings is below 0."""
    survey = answers(80).assign(x1=lambda frame: 11 - frame["x1"])
    model = PathModel({"x": ["x1", "x2", "x3"], "y": ["y1", "y2"]}, [("x", "y")])
    fitted = PLS(model, dominant={"x": "x1"}).fit(survey)
    led, followed, free = (resample(fitted, draws=50, signs=signs).solution.paths[:, 0, 1] for signs in POLICIES)
    assert (np.sign(led) == np.sign(fitted.paths_["path"].item())).all()
    np.testing.assert_array_equal(led, followed)
    assert fitted.paths_["path"].item() < 0 < free.min()


def test_turning_twice_changes_nothing_and_aligning_undoes_a_turn():
    fitted = PLS(MODEL).fit(answers())
    drawn = resample(fitted, draws=10)
    sign = np.where(np.random.default_rng(0).random((10, 3)) < 0.5, -1.0, 1.0)
    turned = flip(drawn.solution, sign, fitted.design_)
    np.testing.assert_allclose(turned.weights, drawn.solution.weights * sign[:, None, :])
    aligned = align(turned, fitted.solution_.loadings[0], fitted.design_)
    for name in ("weights", "cross_loadings", "loadings", "correlations", "paths"):
        np.testing.assert_array_equal(getattr(aligned, name), getattr(drawn.solution, name))


@pytest.mark.parametrize(("options", "message"), [({"draws": 1}, "draws=1"), ({"signs": "odd"}, "signs='odd'")])
def test_arguments_that_cannot_be(options, message):
    with pytest.raises(InputError, match=message) as error:
        resample(PLS(MODEL).fit(answers()), **options)
    assert error.value.zh != error.value.what
