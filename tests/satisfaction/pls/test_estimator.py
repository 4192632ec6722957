"""The estimator: scikit-learn's contract, tables and scores that agree, bad surveys told in words."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.pls.estimator import PLS
from crm_analysis.satisfaction.survey.model import PathModel
from crm_analysis.satisfaction.survey.moments import Moments
from crm_analysis.words import all_words

MODEL = PathModel(
    {"x": ["x1", "x2", "x3"], "y": ["y1", "y2"], "z": ["z1"]},
    [("x", "y"), ("x", "z"), ("y", "z")],
    low=1, high=10, missing_codes=(-99,),
)  # fmt: skip


def answers(n: int = 80, seed: int = 1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    common = rng.normal(size=(n, 1))
    values = np.clip(np.round(6 + 1.5 * common + rng.normal(size=(n, 6))), 1, 10)
    return pd.DataFrame(values, columns=list(MODEL.items), index=[f"r{k}" for k in range(n)])


def test_clone_pickle_and_parameters():
    fitted = PLS(MODEL, scheme="centroid", missing="mean").fit(answers())
    again = clone(fitted)
    assert again.get_params() == fitted.get_params()
    assert not hasattr(again, "paths_")
    pd.testing.assert_frame_equal(again.fit(answers()).paths_, fitted.paths_)
    back = pickle.loads(pickle.dumps(fitted))
    pd.testing.assert_frame_equal(back.paths_, fitted.paths_)
    assert back.verdict_ == fitted.verdict_
    assert again.set_params(scheme="path").scheme == "path"
    with pytest.raises(ValueError, match="no argument shceme"):
        again.set_params(shceme="path")


def test_scores_weights_loadings_and_correlations_agree():
    survey = answers()
    before = survey.copy()
    fitted = PLS(MODEL).fit(survey)
    pd.testing.assert_frame_equal(survey, before)
    assert fitted.scores_.index.equals(survey.index)
    np.testing.assert_allclose(fitted.scores_.mean(), 0, atol=1e-12)
    np.testing.assert_allclose(fitted.scores_.std(), 1)
    np.testing.assert_allclose(fitted.scores_.corr(), fitted.correlations_)
    for item, row in fitted.weights_.iterrows():
        assert survey[item].corr(fitted.scores_[row["construct"]]) == pytest.approx(row["loading"])
        assert fitted.cross_loadings_.loc[item, row["construct"]] == pytest.approx(row["loading"])


def test_paths_are_least_squares_between_scores():
    fitted = PLS(MODEL).fit(answers())
    slopes, *_ = np.linalg.lstsq(fitted.scores_[["x", "y"]].to_numpy(), fitted.scores_["z"].to_numpy(), rcond=None)
    found = fitted.paths_.set_index(["source", "target"])["path"]
    np.testing.assert_allclose([found["x", "z"], found["y", "z"]], slopes)
    explained = (fitted.scores_[["x", "y"]] @ slopes).var()
    row = fitted.r_squared_.loc["z"]
    assert row["r_squared"] == pytest.approx(explained)
    assert row["adjusted_r_squared"] == pytest.approx(1 - (1 - explained) * 79 / 77)


def test_effects_are_direct_plus_by_way_of_others():
    fitted = PLS(MODEL).fit(answers())
    paths = fitted.paths_.set_index(["source", "target"])["path"]
    row = fitted.effects_.set_index(["source", "target"]).loc[("x", "z")]
    assert row["direct_effect"] == paths["x", "z"]
    assert row["indirect_effect"] == pytest.approx(paths["x", "y"] * paths["y", "z"])
    assert row["total_effect"] == pytest.approx(row["direct_effect"] + row["indirect_effect"])


def test_a_fit_to_correlations_has_no_scores_and_cannot_be_resampled(mobi_moments, ecsi_model):
    fitted = PLS(ecsi_model).fit_moments(mobi_moments)
    assert fitted.scores_ is None
    with pytest.raises(InputError, match="fitted to correlations alone") as error:
        fitted.resample(draws=10)
    assert "相关矩阵" in error.value.zh


def test_too_few_rounds_are_flagged():
    fitted = PLS(MODEL, max_rounds=1).fit(answers())
    assert not fitted.converged_
    assert fitted.verdict_.kind == "not_converged"
    assert "after 1 rounds" in fitted.verdict_.text("en")
    assert "未收敛" in fitted.verdict_.text("zh")


def test_an_undeclared_reversed_item_is_warned_of_and_a_declared_one_recoded():
    survey = answers()
    turned = survey.assign(x2=11 - survey["x2"])
    silent = PLS(MODEL).fit(turned)
    assert silent.verdict_.negative_items == ("x2",)
    assert "loading of x2 is negative" in silent.verdict_.text("en")
    assert "reversed_items" in silent.verdict_.text("zh")
    told = PLS(MODEL.change(reversed_items=("x2",))).fit(turned)
    assert told.verdict_.negative_items == ()
    pd.testing.assert_frame_equal(told.paths_, PLS(MODEL).fit(survey).paths_)


def test_gaps_and_codes_are_left_out_or_filled_and_told():
    survey = answers()
    survey.iloc[3, 0], survey.iloc[4, 2], survey.iloc[4, 3] = np.nan, -99, np.nan
    left = PLS(MODEL).fit(survey)
    assert left.moments_.n == 78
    assert len(left.scores_) == 78
    assert "Of 80 respondents 2 left an item out and do not count." in left.verdict_.text("en")
    filled = PLS(MODEL, missing="mean").fit(survey)
    assert filled.moments_.n == 80
    assert "均值填补" in filled.verdict_.text("zh")
    assert filled.answers_.account["coded_missing"].to_dict() == {name: int(name == "x3") for name in MODEL.items}
    pd.testing.assert_frame_equal(left.paths_, PLS(MODEL).fit(survey.drop(["r3", "r4"])).paths_)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"x1": 5.0}, "same answer to x1"),
        ({"x1": 77.0}, "x1 holds 77"),
        ({"x1": "good"}, "x1 holds no numbers"),
        ({"x1": np.nan}, "nobody answered x1"),
    ],
)
def test_surveys_that_cannot_be_used(change, message):
    with pytest.raises(InputError, match=message) as error:
        PLS(MODEL).fit(answers().assign(**change))
    assert error.value.zh != error.value.what


def test_fewer_respondents_than_items_are_refused():
    with pytest.raises(InputError, match="6 respondents are left, at least 7 are needed"):
        PLS(MODEL).fit(answers(6))


def test_items_that_repeat_each_other_in_mode_b_are_named():
    survey = answers().assign(x3=lambda frame: (frame["x1"] + frame["x2"]) / 2)
    for scheme in ("path", "centroid", "factorial"):
        with pytest.raises(InputError, match=r"items x1, x2, x3 of x \(mode B\) determine each other"):
            PLS(MODEL.change(modes={"x": "B"}), scheme=scheme).fit(survey)
    assert PLS(MODEL).fit(survey).converged_


def test_constructs_that_repeat_each_other_are_named():
    model = PathModel({"a": ["x1"], "b": ["copy"], "c": ["z1"]}, [("a", "c"), ("b", "c")])
    with pytest.raises(InputError, match="paths of c have no solution: a, b may say the same"):
        PLS(model).fit(answers().assign(copy=lambda frame: 2 * frame["x1"]))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"scheme": "factor"}, "scheme='factor' is none of path, centroid, factorial"),
        ({"missing": "keep"}, "missing='keep'"),
        ({"dominant": {"x": "y1"}}, "dominant names y1 for x"),
    ],
)
def test_arguments_that_cannot_be(options, message):
    with pytest.raises(InputError, match=message) as error:
        PLS(MODEL, **options).fit(answers())
    assert error.value.zh != error.value.what


def test_an_item_missing_from_a_matrix_is_named():
    matrix = Moments.of(answers().drop(columns="y2"))
    with pytest.raises(InputError, match="y2 is missing"):
        PLS(MODEL).fit_moments(matrix)


def test_every_column_has_a_word():
    fitted = PLS(MODEL, consistent=True).fit(answers())
    tables = (fitted.paths_, fitted.effects_, fitted.r_squared_, fitted.weights_, fitted.reasons_, MODEL.table())
    names = {name for table in tables for name in (*table.columns, table.index.name) if name is not None}
    assert names <= set(all_words())
