"""Bootstrap tables: R's replicates to the digit, standard errors of many draws, coverage, text."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crm_analysis.satisfaction.pls.effects import indirect_ways, way_effects
from crm_analysis.satisfaction.pls.estimator import PLS
from crm_analysis.satisfaction.pls.inference import bootstrap, statistic_table
from crm_analysis.satisfaction.pls.inference_texts import failure_text
from crm_analysis.satisfaction.pls.limits import spread
from crm_analysis.satisfaction.pls.resampling import jackknife, refit
from crm_analysis.satisfaction.survey.model import PathModel
from crm_analysis.words import all_words
from tests.helpers.r_stream import r_counts
from tests.satisfaction.pls.test_estimator import MODEL, answers
from tests.satisfaction.pls.test_resampling import rare

R_BOOTSTRAP = [  # seminr, 100 replicates, seeds 457 to 556: standard deviation, percentile limits
    (0.049682, 0.444189, 0.620354), (0.055610, 0.087759, 0.304826), (0.084441, 0.041630, 0.366282),
    (0.051479, 0.477064, 0.673903), (0.078054, -0.077563, 0.220965), (0.051702, -0.037495, 0.164144),
    (0.089901, 0.363449, 0.706641), (0.066901, 0.404058, 0.637615), (0.058987, 0.083016, 0.300059),
    (0.051592, 0.428412, 0.621494), (0.088767, 0.319801, 0.669074), (0.055166, -0.050038, 0.166467),
]  # fmt: skip
ERRORS = [0.0573, 0.0543, 0.0786, 0.0524, 0.0807, 0.0495, 0.0840, 0.0675, 0.0586, 0.0553, 0.0838, 0.0604]  # B = 5000


@pytest.mark.parametrize("signs", ["orient", "construct", "none"])
def test_replicates_of_r_to_the_digit(mobi_rows, ecsi_model, signs):
    fitted = PLS(ecsi_model).fit(mobi_rows)
    drawn = refit(fitted, [r_counts(250, range(457, 557))], signs=signs)
    names = list(ecsi_model.constructs)
    rows, columns = zip(*((names.index(a), names.index(b)) for a, b in ecsi_model.paths))
    table = statistic_table(fitted, drawn, lambda _m, s, _d: s.paths[:, rows, columns], name="path")
    np.testing.assert_allclose(table[["standard_error", "path_low", "path_high"]], R_BOOTSTRAP, atol=1e-6)
    ways = statistic_table(fitted, drawn, lambda _m, s, _d: way_effects(s, ecsi_model), name="effect")
    row = ways.iloc[indirect_ways(ecsi_model).index(("image", "satisfaction", "loyalty"))]
    assert (row["effect_low"], row["effect_high"]) == pytest.approx((0.039926, 0.143790), abs=1e-6)


def test_standard_errors_of_five_thousand_draws(mobi_rows, ecsi_model):
    found = bootstrap(PLS(ecsi_model).fit(mobi_rows), draws=5000, seed=1)
    np.testing.assert_allclose(found.paths["standard_error"], ERRORS, rtol=0.10)
    assert found.failures.empty
    assert (found.paths["p_holm"] >= found.paths["p"]).all()
    outside = (found.paths["path_low"] > 0) | (found.paths["path_high"] < 0)
    assert (outside == (found.paths["p"] < 0.05)).all()


def test_tables_agree_with_each_other_and_with_the_fit():
    fitted = PLS(MODEL).fit(answers())
    found = bootstrap(fitted, draws=300)
    pd.testing.assert_frame_equal(found.paths[["source", "target", "path"]], fitted.paths_)
    pd.testing.assert_frame_equal(found.effects[list(fitted.effects_)], fitted.effects_)
    np.testing.assert_allclose(found.weights["weight"], fitted.weights_["weight"])
    np.testing.assert_allclose(found.loadings["loading"], fitted.weights_["loading"])
    np.testing.assert_allclose(found.r_squared["r_squared"], fitted.r_squared_["r_squared"])
    effects = found.effects.set_index(["source", "target"])
    paths = found.paths.set_index(["source", "target"])
    np.testing.assert_allclose(effects.loc[("x", "z"), ["direct_effect_low", "direct_effect_high"]].astype(float),
                               paths.loc[("x", "z"), ["path_low", "path_high"]].astype(float))  # fmt: skip
    way = found.specific_indirect.iloc[0]
    assert (way["source"], way["via"], way["target"]) == ("x", "y", "z")
    limits = ["indirect_effect", "indirect_effect_low", "indirect_effect_high"]
    np.testing.assert_allclose(effects.loc[("x", "z"), limits].astype(float), way[limits].astype(float))
    assert np.isnan(found.loadings.loc["z1", "loading_low"])  # a single item loads 1 in every resample
    assert np.isnan(effects.loc[("x", "y"), "indirect_effect_low"])  # there is no other way


def test_same_seed_same_tables_other_seed_other_limits():
    fitted = PLS(MODEL).fit(answers())
    first, again, other = (bootstrap(fitted, draws=60, seed=seed) for seed in (4, 4, 5))
    pd.testing.assert_frame_equal(first.paths, again.paths)
    assert (first.paths["path_low"] != other.paths["path_low"]).all()


def test_bca_tables_are_bca_limits_of_the_same_replicates():
    fitted = PLS(MODEL).fit(answers())
    found = bootstrap(fitted, draws=300, kind="bca", level=0.9)
    drawn, without = (part.solution.loadings for part in (found.resamples, jackknife(fitted)))
    limits = spread(fitted.solution_.loadings[0], drawn, level=0.9, kind="bca", jackknife=without)
    np.testing.assert_array_equal(found.loadings["loading_low"], limits.low)
    assert (found.loadings["loading_low"].dropna() != bootstrap(fitted, draws=300, level=0.9)
            .loadings["loading_low"].dropna()).all()  # fmt: skip
    assert "90% BCa intervals" in found.text("en")


def test_a_statistic_of_ones_own_has_an_interval_and_its_blanks_are_told():
    fitted = PLS(MODEL).fit(answers())
    drawn = fitted.resample(draws=100)
    index = pd.Index(MODEL.constructs, name="construct")
    table = statistic_table(fitted, drawn, lambda m, _s, d: m.means @ d.member, name="sum", index=index)
    assert table.index.equals(index)
    np.testing.assert_allclose(table.loc["y", "sum"], answers()[["y1", "y2"]].mean().sum())
    np.testing.assert_allclose(table.loc["y", "standard_error"], answers()[["y1", "y2"]].sum(axis=1).sem(), rtol=0.25)
    odd = statistic_table(
        fitted, drawn, lambda m, _s, _d: np.where(m.means[:, 0] > m.means[0, 0], np.nan, m.means[:, 0])
    )
    assert 0 < odd.attrs["undefined"] < 100


def test_the_text_names_method_failures_and_what_may_not_be_claimed():
    survey = rare(4)
    found = bootstrap(PLS(MODEL).fit(survey), draws=300, seed=2)
    zh, en = found.text("zh"), found.text("en")
    assert "drawing the 60 respondents again 300 times (seed 2)" in en
    assert "item without variance (y2)" in en
    assert "题项没有变异（y2）" in zh
    assert "more than 1 %" in en
    assert "失败偏多" in zh
    assert "assumed by the model" in en
    assert "箭头的方向由模型假定" in zh
    clear = found.paths[(found.paths["path_low"] > 0) | (found.paths["path_high"] < 0)]
    for row in clear.itertuples():
        assert f"{row.source}→{row.target}" in en.split("leaves out 0: ")[1].split(".")[0]
    assert failure_text(PLS(MODEL).fit(answers()).resample(draws=20), "en", MODEL) == ""


def test_a_path_of_nothing_is_not_called_clear():
    rng = np.random.default_rng(8)
    survey = pd.DataFrame(rng.normal(size=(60, 2)), columns=["a1", "b1"])
    model = PathModel({"a": ["a1"], "b": ["b1"]}, [("a", "b")], labels={"a": {"zh": "甲"}, "b": {"zh": "乙"}})
    found = bootstrap(PLS(model).fit(survey), draws=400)
    assert "区间不含 0 的路径：无。" in found.text("zh")
    assert "甲→乙" in found.text("zh")
    assert "neither an effect nor its absence" in found.text("en")
    assert found.specific_indirect.empty


def test_intervals_cover_the_truth_as_often_as_they_say():
    """100 surveys of 100 respondents, a path of .5: 95 % limits should cover it in 88 to 99 of them."""
    rng = np.random.default_rng(11)
    model, hits = PathModel({"a": ["a1"], "b": ["b1"]}, [("a", "b")]), {"percentile": 0, "bca": 0}
    for seed in range(100):
        a = rng.normal(size=100)
        survey = pd.DataFrame({"a1": a, "b1": 0.5 * a + np.sqrt(0.75) * rng.normal(size=100)})
        fitted = PLS(model).fit(survey)
        drawn, without = fitted.resample(draws=200, seed=seed), jackknife(fitted)
        for kind in hits:
            row = statistic_table(fitted, drawn, lambda _m, s, _d: s.paths[:, 0, 1], kind=kind, without=without).iloc[0]
            hits[kind] += row["estimate_low"] <= 0.5 <= row["estimate_high"]
    assert 88 <= min(hits.values()) <= max(hits.values()) <= 99


def test_every_column_has_a_word():
    found = bootstrap(PLS(MODEL).fit(answers()), draws=20)
    tables = (found.paths, found.effects, found.specific_indirect, found.weights, found.loadings, found.r_squared,
              found.failures)  # fmt: skip
    names = {name for table in tables for name in (*table.columns, table.index.name) if name is not None}
    assert {name for name in names if not name.endswith(("_low", "_high"))} <= set(all_words())
