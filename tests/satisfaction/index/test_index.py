"""The index against published conventions, plain arithmetic and a bootstrap done by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.index.index import respondent_scores, satisfaction_index
from crm_analysis.satisfaction.index.ipma import importance_performance
from crm_analysis.satisfaction.index.points import point_fit
from crm_analysis.satisfaction.index.segments import index_by_segment
from crm_analysis.satisfaction.pls.estimator import PLS
from crm_analysis.satisfaction.pls.higher_order import bundle
from crm_analysis.satisfaction.pls.resampling import draw_counts
from crm_analysis.satisfaction.pls.templates import ecsi
from crm_analysis.satisfaction.prediction.predict import pls_predict
from crm_analysis.satisfaction.survey.model import PathModel
from crm_analysis.satisfaction.survey.moments import Moments
from crm_analysis.words import all_words

PUBLISHED = {
    "image": 73.528, "expectations": 72.474, "quality": 74.977, "value": 62.347, "satisfaction": 72.454,
    "complaints": 67.422, "loyalty": 70.914,
}  # fmt: skip


@pytest.fixture(scope="module")
def from_moments(mobi_moments, ecsi_model) -> PLS:
    return PLS(ecsi_model).fit_moments(mobi_moments)


@pytest.fixture
def sample(sample_model, sample_survey) -> PLS:
    return PLS(sample_model).fit(sample_survey)


def small_survey(seed: int, n: int = 60) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    core = rng.normal(size=(n, 1))
    values = 5.5 + np.hstack([core, core, core, core]) * 1.2 + rng.normal(size=(n, 4))
    return pd.DataFrame(values.round().clip(1, 10), columns=["a1", "a2", "b1", "b2"])


SMALL = PathModel({"a": ["a1", "a2"], "b": ["b1", "b2"]}, [("a", "b")], low=1, high=10)


def test_indices_of_the_mobile_phone_survey(from_moments):
    found = satisfaction_index(from_moments)
    assert found.table["index_value"].to_dict() == pytest.approx(PUBLISHED, abs=1e-3)
    assert found.table.loc["satisfaction", "index_sd"] == pytest.approx(14.413, abs=1e-3)
    assert found.table.loc["satisfaction", "index_se_fixed"] == pytest.approx(0.912, abs=1e-3)
    assert found.weights == "unstandardised"
    assert found.conventions.loc["satisfaction"].tolist() == pytest.approx([72.454, 71.782, 71.970], abs=1e-3)


@pytest.mark.parametrize(
    ("weights", "value"), [("equal", 71.970), ("standardised", 71.782), ("unstandardised", 72.454)]
)
def test_each_convention_of_weights_is_named_in_the_result(from_moments, weights, value):
    found = satisfaction_index(from_moments, construct="satisfaction", weights=weights)
    assert found.estimate("satisfaction").value == pytest.approx(value, abs=1e-3)
    assert found.weights == weights
    assert all_words()[f"weights_{weights}"].zh in found.text("zh")
    assert list(found.table.index) == ["satisfaction"]
    assert set(found.items["construct"]) == {"satisfaction"}


def test_moments_alone_give_the_interval_with_weights_fixed_and_say_so(from_moments):
    found = satisfaction_index(from_moments, construct="satisfaction")
    row = found.table.loc["satisfaction"]
    assert np.isnan(row["index_value_low"])
    assert np.isnan(row["index_se"])
    assert row["index_fixed_high"] - row["index_value"] == pytest.approx(1.9695 * 0.91156, abs=1e-3)
    assert found.replicates == 0
    assert found.scores is None
    assert "Without rows" in found.text("en")
    assert "自助法" in found.text("zh")


def test_rows_and_moments_agree_and_scores_average_to_the_index(mobi_rows, ecsi_model, from_moments):
    fitted = PLS(ecsi_model).fit(mobi_rows)
    found = satisfaction_index(fitted, draws=200)
    expected = satisfaction_index(from_moments).table["index_value"]
    np.testing.assert_allclose(found.table["index_value"], expected, atol=1e-9)
    np.testing.assert_allclose(found.scores.mean(), found.table["index_value"])
    np.testing.assert_allclose(found.scores.std(), found.table["index_sd"])
    assert found.table.loc["satisfaction", "index_se"] == pytest.approx(0.9, abs=0.15)


def test_scores_are_the_pls_scores_on_another_scale(sample):
    scores = respondent_scores(sample, point_fit(sample).shares[0])
    for name in scores:
        assert np.corrcoef(scores[name], sample.scores_[name])[0, 1] == pytest.approx(1)


def test_equal_weights_are_the_plain_mean_of_the_items(sample, sample_survey):
    found = satisfaction_index(sample, weights="equal", draws=0)
    mean = sample_survey[["value_1", "value_2"]].mean().mean()
    assert found.table.loc["value", "index_value"] == pytest.approx((mean - 1) / 9 * 100)
    assert found.items.loc["value_1", "item_share"] == 0.5


def test_bootstrap_estimates_the_weights_anew_in_each_draw(sample_model, sample_survey):
    survey = sample_survey.iloc[:80]
    found = satisfaction_index(PLS(sample_model).fit(survey), draws=12, seed=5, construct="satisfaction")
    by_hand = []
    for counts in draw_counts(80, 12, 5):
        again = survey.iloc[np.repeat(np.arange(80), counts)].reset_index(drop=True)
        by_hand.append(point_fit(PLS(sample_model).fit(again)).index[0, 4])
    limits = found.table.loc["satisfaction", ["index_value_low", "index_value_high", "index_se"]].tolist()
    np.testing.assert_allclose(limits, [*np.quantile(by_hand, [0.025, 0.975]), np.std(by_hand, ddof=1)], atol=1e-5)


def test_known_means_of_the_sample_company_lie_in_the_intervals(sample, sample_truth):
    table = satisfaction_index(sample, draws=500).table
    truth = (pd.Series(sample_truth["means"]) - 1) / 9 * 100
    inside = (table["index_value_low"] <= truth[table.index]) & (truth[table.index] <= table["index_value_high"])
    assert inside.all()


def test_seed_settles_the_interval(sample):
    first, again, other = (
        satisfaction_index(sample, construct="loyalty", draws=50, seed=seed).estimate("loyalty") for seed in (1, 1, 2)
    )
    assert first == again
    assert first.low != other.low


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_indices_stay_on_the_scale_and_turn_round_with_the_answers(seed):
    survey = small_survey(seed)
    here = satisfaction_index(PLS(SMALL).fit(survey), draws=0).table["index_value"]
    turned = satisfaction_index(PLS(SMALL).fit(11 - survey), draws=0).table["index_value"]
    assert here.between(0, 100).all()
    np.testing.assert_allclose(turned, 100 - here, atol=1e-6)


def test_reversed_items_are_turned_before_they_count():
    survey = small_survey(3)
    expected = satisfaction_index(PLS(SMALL).fit(survey), draws=0).table["index_value"]
    other = survey.assign(b2=11 - survey["b2"])
    found = satisfaction_index(PLS(SMALL.change(reversed_items=("b2",))).fit(other), draws=0).table["index_value"]
    np.testing.assert_allclose(found, expected)


def test_negative_weights_are_warned_about_and_named(mobi_moments):
    blocks = {"expectations": ["CUEX1", "CUEX2", "CUEX3"], "quality": [f"PERQ{k}" for k in range(1, 8)],
              "complaints": ["CUSCO"], "loyalty": ["CUSL1", "CUSL2", "CUSL3"]}  # fmt: skip
    paths = [(name, "loyalty") for name in ("expectations", "quality", "complaints")]
    fitted = PLS(PathModel(blocks, paths, modes={"quality": "B"}, low=1, high=10)).fit_moments(mobi_moments)
    with pytest.warns(UserWarning, match="negative weight in the index: .*PERQ"):
        found = satisfaction_index(fitted)
    assert found.negative
    assert found.negative[0] in found.text("en")
    assert found.negative[0] in found.text("zh")


def test_index_and_importance_of_a_higher_order_construct(sample_survey, sample_model):
    blocks = {name: sample_model.blocks[name] for name in ("image", "quality", "value", "loyalty")}
    whole = bundle(blocks, [("image", "offer"), ("offer", "loyalty")], {"offer": ["quality", "value"]}, low=1, high=10)
    found = satisfaction_index(whole.fit(sample_survey), draws=50)
    parts = satisfaction_index(PLS(sample_model).fit(sample_survey), draws=0).table["index_value"]
    assert parts["value"] < found.estimate("offer").low < found.estimate("offer").high < parts["quality"]
    assert found.items.loc["quality", "item_index"] == pytest.approx(parts["quality"], abs=0.3)
    assert found.scores is None
    ipma = importance_performance(whole, target="loyalty", draws=20)
    assert set(ipma.items.index) >= {"quality", "value"}
    with pytest.raises(InputError, match="answers to this model's items"):
        index_by_segment(whole, sample_survey["satisfaction_1"])
    with pytest.raises(InputError, match="not of parts"):
        pls_predict(whole)


def test_words_for_all_that_shows(sample):
    found = satisfaction_index(sample, draws=20)
    shown = {*found.table, *found.items, *found.conventions, found.table.index.name, found.items.index.name}
    shown = {name.removesuffix("_low").removesuffix("_high") for name in shown}
    assert shown <= set(all_words())


def test_faults_are_told(mobi_moments, from_moments):
    with pytest.raises(InputError, match="ends of the answer scale"):
        satisfaction_index(PLS(ecsi()).fit_moments(mobi_moments))
    with pytest.raises(InputError, match="did you mean 'satisfaction'"):
        satisfaction_index(from_moments, construct="satisfacton")
    with pytest.raises(InputError, match="weights='equals' is none of"):
        satisfaction_index(from_moments, weights="equals")
    with pytest.raises(InputError, match="has not been fitted"):
        satisfaction_index(PLS(ecsi(low=1, high=10)))
    with pytest.raises(ValueError, match="level must lie between"):
        satisfaction_index(from_moments, level=95)
    bare = Moments(mobi_moments.items, mobi_moments.correlations, mobi_moments.means * np.nan, mobi_moments.sds, 250)
    with pytest.raises(InputError, match="means and standard deviations"):
        satisfaction_index(PLS(ecsi(low=1, high=10)).fit_moments(bare))


def test_weights_that_cancel_out_make_no_index():
    matrix = pd.DataFrame([[1, 0.9, 0.33], [0.9, 1, -0.31], [0.33, -0.31, 1]], list("abc"), list("abc"))
    matrix.loc["a", "b"] = matrix.loc["b", "a"] = -0.5
    ones = pd.Series(1.0, list("abc"))
    model = PathModel({"x": ["a", "b"], "y": ["c"]}, [("x", "y")], low=1, high=10)
    moments = Moments.from_correlations(matrix, n=100, means=5 * ones, sds=ones)
    with pytest.raises(InputError, match="weights of x nearly cancel out"):
        satisfaction_index(PLS(model).fit_moments(moments))


def test_weights_that_cancel_out_in_one_convention_leave_the_others():
    rng = np.random.default_rng(3)
    truth, noise = rng.normal(size=300), 3 * rng.normal(size=300)
    survey = pd.DataFrame({"x1": truth + noise, "x2": noise + 0.3 * rng.normal(size=300),
                           "y1": truth + 0.3 * rng.normal(size=300)})  # fmt: skip
    survey = 1 + 9 * (survey - survey.min()) / (survey.max() - survey.min())
    model = PathModel({"x": ["x1", "x2"], "y": ["y1"]}, [("x", "y")], modes={"x": "B"}, low=1, high=10)
    fitted = PLS(model).fit(survey)
    with pytest.raises(InputError, match="weights of x nearly cancel out"):
        satisfaction_index(fitted, draws=0)
    found = satisfaction_index(fitted, weights="equal", draws=0)  # what the error tells to do
    assert found.estimate("x").value == pytest.approx((survey[["x1", "x2"]].mean().mean() - 1) / 9 * 100)
    assert found.conventions.loc["x"].isna().tolist() == [True, True, False]
    assert "nan" not in found.text("en")
    assert satisfaction_index(fitted, construct="y", draws=0).table.index.tolist() == ["y"]


def test_a_scale_that_the_means_do_not_fit_is_refused(mobi_moments):
    with pytest.raises(InputError, match=r"outside the scale: .*CUSA1 \(7.99\)"):
        satisfaction_index(PLS(ecsi(low=1, high=5)).fit_moments(mobi_moments))
    with pytest.raises(InputError, match="the scale runs from 10 to 1"):
        ecsi(low=10, high=1)
