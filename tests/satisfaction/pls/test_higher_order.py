"""Two-stage higher-order constructs: published numbers, both stages by hand, bootstrap through both."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.pls.estimator import PLS
from crm_analysis.satisfaction.pls.higher_order import HigherOrderPLS, bundle
from crm_analysis.satisfaction.pls.inference import bootstrap
from crm_analysis.satisfaction.pls.resampled_moments import draw_counts
from crm_analysis.satisfaction.pls.templates import MOBI_BLOCKS
from crm_analysis.satisfaction.survey.model import PathModel
from tests.satisfaction.pls.test_estimator import answers

BLOCKS = {name.title(): MOBI_BLOCKS[name]
          for name in ("expectations", "quality", "image", "value", "complaints", "loyalty")}  # fmt: skip
PATHS = [("Expectations", "Satisfaction"), ("Quality", "Satisfaction"), ("Satisfaction", "Complaints"),
         ("Satisfaction", "Loyalty")]  # fmt: skip
WHOLES = {"Satisfaction": ["Image", "Value"]}
MODES = {"Quality": "B"}
SMALL = {"x": ["x1", "x2"], "v": ["x3"], "y": ["y1", "y2"], "z": ["z1"]}


def small(**options) -> HigherOrderPLS:
    return bundle(SMALL, [("w", "z")], {"w": ["x", "v", "y"]}, **options)


def test_published_paths(mobi_moments):
    fitted = bundle(BLOCKS, PATHS, WHOLES, modes=MODES).fit_moments(mobi_moments)
    assert fitted.converged_
    expected = [0.0895715619, 0.743041207, 0.486696142, 0.627939866]
    np.testing.assert_allclose(fitted.paths_["path"], expected, atol=1e-7)


def test_the_stages_by_hand(mobi_rows):
    fitted = bundle(BLOCKS, PATHS, WHOLES, modes=MODES, low=1, high=10).fit(mobi_rows)
    edges = [(source, part) for source in ("Expectations", "Quality") for part in ("Image", "Value")]
    edges += [(part, target) for part in ("Image", "Value") for target in ("Complaints", "Loyalty")]
    first = PLS(PathModel(BLOCKS, edges, modes=MODES)).fit(mobi_rows)
    pd.testing.assert_frame_equal(fitted.first_.weights_, first.weights_)
    second = {name: items for name, items in BLOCKS.items() if name not in ("Image", "Value")}
    model = PathModel(second | {"Satisfaction": ("Image", "Value")}, PATHS, modes=MODES)
    by_hand = PLS(model).fit(mobi_rows.join(first.scores_[["Image", "Value"]]))
    pd.testing.assert_frame_equal(fitted.paths_, by_hand.paths_)
    pd.testing.assert_frame_equal(fitted.scores_, by_hand.scores_)
    pd.testing.assert_frame_equal(fitted.weights_, by_hand.weights_)


def test_a_part_is_a_weighted_mean_of_its_items_in_points_of_the_scale(mobi_rows):
    fitted = bundle(BLOCKS, PATHS, WHOLES, low=1, high=10).fit(mobi_rows)
    weights = (
        fitted.first_.weights_.loc[list(MOBI_BLOCKS["image"]), "weight"] / mobi_rows[[*MOBI_BLOCKS["image"]]].std()
    )
    part = (mobi_rows[weights.index] @ weights) / weights.sum()
    place = fitted.moments_.items.index("Image")
    assert (fitted.moments_.means[place], fitted.moments_.sds[place]) == pytest.approx((part.mean(), part.std()))
    place = fitted.moments_.items.index("CUSCO")
    assert fitted.moments_.means[place] == pytest.approx(mobi_rows["CUSCO"].mean())


def test_the_bootstrap_runs_through_both_stages():
    survey = answers(70)
    fitted = small().fit(survey)
    drawn = fitted.resample(draws=5, seed=3)
    for k, row in enumerate(draw_counts(70, 5, 3)):
        alone = small().fit(survey.iloc[np.repeat(np.arange(70), row)])
        np.testing.assert_allclose(drawn.solution.paths[k], alone.solution_.paths[0], atol=1e-7)
        np.testing.assert_allclose(drawn.moments.sds[k], alone.moments_.sds, atol=1e-7)
    table = bootstrap(fitted, draws=50).weights
    assert table.loc["x", "construct"] == "w"
    assert table.loc["x", "weight_low"] < table.loc["x", "weight"] < table.loc["x", "weight_high"]


def test_a_constant_item_of_a_part_is_counted_under_the_part():
    survey = answers(60).assign(y2=[6.0] * 56 + [9.0] * 4)
    drawn = small().fit(survey).resample(draws=300)
    constant = (draw_counts(60, 300, 0)[:, -4:].sum(axis=1) == 0).sum()
    assert drawn.failures.to_dict() == {("constant_item", "y"): constant}


def test_clone_pickle_and_declared_reversed_items():
    survey = answers(60)
    fitted = small(low=1, high=10).fit(survey)
    turned = small(low=1, high=10, reversed_items=("x2",)).fit(survey.assign(x2=11 - survey["x2"]))
    pd.testing.assert_frame_equal(fitted.paths_, turned.paths_)
    pd.testing.assert_frame_equal(clone(fitted).fit(survey).paths_, fitted.paths_)
    pd.testing.assert_frame_equal(pickle.loads(pickle.dumps(fitted)).paths_, fitted.paths_)
    assert "consistent" not in fitted.get_params()
    assert fitted.model.low == 1


def test_a_first_stage_that_does_not_converge_is_flagged():
    fitted = bundle(SMALL, [("w", "z")], {"w": ["x", "v", "y"]})
    fitted.max_rounds = 1
    fitted.fit(answers(60))
    assert not fitted.first_.converged_
    assert fitted.verdict_.kind == "not_converged"


@pytest.mark.parametrize(
    ("wholes", "paths", "message"),
    [
        ({"w": ["x", "vv"]}, [("w", "z"), ("v", "z"), ("y", "z")], "vv is no construct did you mean 'v'"),
        ({"w": ["x", "v"], "u": ["v", "y"]}, [("w", "z"), ("u", "z")], "v is a part twice"),
        ({"z": ["x", "v", "y"]}, [("z", "x")], "the whole z has the name of a block"),
        ({"w": ["x", "v", "y"]}, [("x", "z")], "a path touches the part x"),
    ],
)
def test_wholes_that_cannot_be(wholes, paths, message):
    with pytest.raises(InputError, match=message) as error:
        bundle(SMALL, paths, wholes)
    assert error.value.zh != error.value.what


def test_items_of_the_second_stage_must_come_from_the_first():
    first = PathModel({"x": ["x1", "x2"], "z": ["z1"]}, [("x", "z")])
    second = PathModel({"w": ["xx"], "z": ["z1"]}, [("w", "z")])
    with pytest.raises(InputError, match="xx is neither an item nor a construct of the first stage"):
        HigherOrderPLS(second, first=first).fit(answers())


def test_an_item_and_a_construct_of_one_name_are_not_confused(sample_survey):
    survey = sample_survey.rename(columns={"value_1": "value"})
    blocks = {"quality": ["quality_1", "quality_2"], "image": ["image_1"], "value": ["value", "value_2"]}
    paths = [("whole", "value")]
    with pytest.raises(InputError, match="value is the name of an item and of a construct"):
        bundle(blocks, paths, {"whole": ["quality", "image"]}).fit(survey)
