"""The importance-performance map against its reference numbers and against regressions on the indices themselves."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.index.index import satisfaction_index
from crm_analysis.satisfaction.index.ipma import importance_performance
from crm_analysis.satisfaction.pls.estimator import PLS
from crm_analysis.satisfaction.pls.resampling import draw_counts
from crm_analysis.satisfaction.survey.model import PathModel
from crm_analysis.words import all_words

IMPORTANCE = {
    "satisfaction": {"image": 0.4147, "expectations": 0.4323, "quality": 0.6398, "value": 0.1383},
    "loyalty": {"image": 0.6432, "expectations": 0.3413, "quality": 0.5052, "value": 0.1092, "satisfaction": 0.7897,
                "complaints": 0.0579},
}  # fmt: skip


@pytest.fixture
def sample(sample_model, sample_survey) -> PLS:
    return PLS(sample_model).fit(sample_survey)


@pytest.mark.parametrize("target", ["satisfaction", "loyalty"])
def test_importance_in_the_mobile_phone_survey(mobi_moments, ecsi_model, target):
    fitted = PLS(ecsi_model).fit_moments(mobi_moments)
    found = importance_performance(fitted, target=target)
    assert found.constructs["importance"].to_dict() == pytest.approx(IMPORTANCE[target], abs=1e-3)
    index = satisfaction_index(fitted).table["index_value"]
    np.testing.assert_allclose(found.constructs["performance"], index[found.constructs.index])
    effects = fitted.effects_.set_index(["source", "target"])["total_effect"]
    for name, value in found.constructs["total_effect"].items():
        assert value == pytest.approx(effects[name, target])
    assert found.constructs[["importance_low", "quadrant_share"]].isna().all(axis=None)
    assert not found.constructs["quadrant_settled"].any()
    assert "not settled" not in found.text("en")


def test_importance_is_what_regressions_between_indices_give(sample, sample_model):
    scores = satisfaction_index(sample, draws=0).scores
    slopes = {}
    for name in sample_model.endogenous:
        sources = sample_model.predecessors(name)
        design = np.column_stack([np.ones(len(scores)), scores[list(sources)]])
        slopes |= dict(zip([(one, name) for one in sources], np.linalg.lstsq(design, scores[name])[0][1:]))

    def total(start: str, end: str) -> float:
        if start == end:
            return 1.0
        return sum(slope * total(b, end) for (a, b), slope in slopes.items() if a == start)

    table = importance_performance(sample, target="loyalty", draws=0).constructs
    for name, value in table["importance"].items():
        assert value == pytest.approx(total(name, "loyalty"))


def test_items_of_a_construct_share_its_importance(sample):
    found = importance_performance(sample, draws=0)
    by_construct = found.items.groupby("construct")["importance"].sum()
    np.testing.assert_allclose(by_construct[found.constructs.index], found.constructs["importance"])
    assert found.items.loc["quality_1", "performance"] == pytest.approx(
        (sample.answers_.frame["quality_1"].mean() - 1) / 9 * 100
    )


def test_bootstrap_of_importance_and_of_the_crosshair_by_hand(sample_model, sample_survey):
    survey = sample_survey.iloc[:120]
    found = importance_performance(PLS(sample_model).fit(survey), draws=15, seed=8)
    importance, quadrants = [], []
    for counts in draw_counts(120, 15, 8):
        again = PLS(sample_model).fit(survey.iloc[np.repeat(np.arange(120), counts)].reset_index(drop=True))
        table = importance_performance(again, draws=0).constructs
        importance.append(table["importance"])
        quadrants.append(table["quadrant"].astype(str))
    importance, quadrants = pd.DataFrame(importance), pd.DataFrame(quadrants)
    np.testing.assert_allclose(found.constructs["importance_low"], importance.quantile(0.025), atol=1e-6)
    share = (quadrants == found.constructs["quadrant"].astype(str)).mean()
    np.testing.assert_allclose(found.constructs["quadrant_share"], share)
    assert (found.constructs["quadrant_settled"] == (share.to_numpy() >= 0.8)).all()


def test_quadrants_against_the_mean(sample):
    found = importance_performance(sample, draws=0)
    across, up = found.crosshair["constructs"]
    assert (across, up) == (found.constructs["importance"].mean(), found.constructs["performance"].mean())
    table = found.constructs
    expected = np.where(
        table["importance"] >= across,
        np.where(table["performance"] >= up, "keep_up", "concentrate_here"),
        np.where(table["performance"] >= up, "possible_overkill", "low_priority"),
    )
    assert table["quadrant"].astype(str).tolist() == expected.tolist()


def test_texts_name_the_first_driver_and_the_assumption(sample):
    found = importance_performance(sample, draws=100)
    assert found.text("en").startswith("Most weighs perceived quality: 0.53 [")
    assert "assumption of the model" in found.text("en")
    assert "感知质量对顾客满意的作用最大" in found.text("zh")
    assert "不是数据的结论" in found.text("zh")
    assert "Improve first: perceived quality" in found.text("en")


def test_plsc_takes_the_spread_of_constructs_free_of_error():
    rng = np.random.default_rng(7)
    x = rng.normal(size=4000)
    y = 0.8 * x + 0.6 * rng.normal(size=4000)
    noise = rng.normal(size=(4000, 6))
    survey = pd.DataFrame(
        {f"x{k}": 5 + x + 0.8 * noise[:, k] for k in range(3)}
        | {f"y{k}": 5 + 2 * y + 1.6 * noise[:, 3 + k] for k in range(3)}
    )
    model = PathModel({"x": ["x0", "x1", "x2"], "y": ["y0", "y1", "y2"]}, [("x", "y")], low=-10, high=20)
    found = importance_performance(PLS(model, consistent=True).fit(survey), target="y", draws=0)
    assert found.constructs.loc["x", "importance"] == pytest.approx(
        2 * 0.8, abs=0.06
    )  # true points of y per point of x


def test_words_for_all_that_shows(sample):
    found = importance_performance(sample, draws=10)
    shown = {*found.constructs, *found.items, *found.constructs["quadrant"].cat.categories}
    assert {name.removesuffix("_low").removesuffix("_high") for name in shown} <= set(all_words())


def test_faults_are_told(sample):
    with pytest.raises(InputError, match="did you mean 'loyalty'"):
        importance_performance(sample, target="loyality")
    with pytest.raises(InputError, match="no path leads to image"):
        importance_performance(sample, target="image")


def two_drivers(slopes: tuple[float, float], n: int, seed: int = 5) -> PLS:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 2))
    y = x @ np.array(slopes) + 0.5 * rng.normal(size=n)
    survey = pd.DataFrame({"a1": x[:, 0], "b1": x[:, 1], "y1": y})
    model = PathModel({"a": ["a1"], "b": ["b1"], "y": ["y1"]}, [("a", "y"), ("b", "y")], low=-10, high=10)
    return PLS(model).fit(survey)


def test_the_first_driver_is_that_of_the_largest_effect_of_either_sign():
    found = importance_performance(two_drivers((0.3, -0.8), 200), target="y", draws=100)
    assert found.first() == ("b", 1.0)
    assert found.text("en").startswith("Most weighs b: -0.")
    assert "which weighs most" not in found.text("en")


def test_which_driver_is_first_is_left_open_where_resamples_do_not_agree():
    found = importance_performance(two_drivers((0.5, 0.5), 60), target="y", draws=200)
    name, share = found.first()
    effects = np.abs(found.drawn.effects[:, :2, 2])
    assert share == (effects[:, "ab".index(name)] > effects[:, 1 - "ab".index(name)]).mean() < 0.8
    assert f"comes first in only {share:.0%} of resamples" in found.text("en")
    assert f"居首的仅占 {share:.0%}" in found.text("zh")


def test_without_resamples_quadrants_are_named_with_that_reserve(sample):
    assert "how sure a quadrant is" in importance_performance(sample, draws=0).text("en")
    assert "how sure a quadrant is" not in importance_performance(sample, draws=20).text("en")
