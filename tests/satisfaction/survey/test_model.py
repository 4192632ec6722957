"""The path model: read from a document, asked, changed; faults named all at once."""

from __future__ import annotations

import pickle

import pytest

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.survey.model import PathModel
from crm_analysis.words import all_words

BLOCKS = {"a": ["a1", "a2"], "b": ["b1"], "c": ["c1", "c2"]}
PATHS = [("a", "b"), ("a", "c"), ("b", "c")]


def test_the_model_answers_what_it_is_asked():
    model = PathModel(BLOCKS, PATHS, modes={"c": "B"}, labels={"a": {"zh": "甲"}})
    assert model.items == ("a1", "a2", "b1", "c1", "c2")
    assert model.endogenous == ("b", "c")
    assert model.predecessors("c") == ("a", "b")
    assert [model.reflective(name) for name in "abc"] == [True, False, False]
    assert (model.label("a", "zh"), model.label("a", "en"), model.label("b", "zh")) == ("甲", "a", "b")
    assert model.table().loc["c"].tolist() == ["B", "c1, c2", "a, b"]
    assert {*model.table().columns, model.table().index.name} <= set(all_words())
    assert pickle.loads(pickle.dumps(model)) == model


def test_the_sample_company_s_model(sample_model, sample_survey, sample_truth):
    assert set(sample_model.items) <= set(sample_survey)
    assert (sample_model.low, sample_model.high) == (1, 10)
    assert set(sample_model.paths) == {
        (source, target) for target, sources in sample_truth["paths"].items() for source in sources
    }
    assert sample_model.label("image_1", "zh") == "这家网站值得信赖"
    assert sample_model.label("quality", "en") == "perceived quality"


def test_a_document_may_give_modes_scale_codes_and_lists_of_items():
    blocks = {"a": {"items": ["a1", "a2"], "mode": "B"}, "b": {"items": {"b1": None}}}
    model = PathModel.from_dict({"blocks": blocks, "paths": [["a", "b"]], "scale": {"low": 0, "high": 7},
                                 "missing_codes": [-99], "reversed_items": ["a2"]})  # fmt: skip
    assert (model.mode("a"), model.mode("b"), model.low, model.high) == ("B", "A", 0, 7)
    assert (model.missing_codes, model.reversed_items) == ((-99,), ("a2",))


@pytest.mark.parametrize("document", [{}, {"blocks": {"a": {}}, "paths": []}, {"blocks": ["a"], "paths": []}])
def test_documents_without_a_model(document):
    with pytest.raises(InputError, match="has no blocks and paths") as error:
        PathModel.from_dict(document)
    assert error.value.zh != error.value.what


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"blocks": {}}, "there is no construct"),
        ({"blocks": BLOCKS | {"b": []}}, "construct b has no item"),
        ({"blocks": BLOCKS | {"b": ["a1"]}}, "a1 named more than once"),
        ({"modes": {"a": "C"}}, "mode 'C' of a is none of A, B, composite"),
        ({"modes": {"x": "A"}}, "mode given for an unknown construct x"),
        ({"reversed_items": ["z9"]}, "z9 is to be reversed but belongs to no block"),
        ({"paths": [*PATHS, ("a", "cc")]}, "unknown construct cc .did you mean 'c'"),
        ({"paths": [*PATHS, ("a", "b")]}, "the path a -> b is named more than once"),
        ({"paths": [("a", "b")]}, "no path touches c"),
        ({"paths": ["a -> b"]}, "'a -> b' is no path"),
        ({"paths": ["ab"]}, "'ab' is no path"),
        ({"paths": [("a", "b", "c")]}, "is no path"),
        ({"low": 10, "high": 1}, "the scale runs from 10 to 1"),
        ({"low": "1", "high": 10}, "low='1' is no number"),
        ({"paths": [*PATHS, ("c", "a")]}, "the paths form a circle"),
        ({"paths": [*PATHS, ("b", "b")]}, "the paths form a circle: b -> b"),
    ],
)
def test_models_that_cannot_be(change, message):
    with pytest.raises(InputError, match=message) as error:
        PathModel(**({"blocks": BLOCKS, "paths": PATHS} | change))
    assert error.value.zh != error.value.what


def test_all_faults_are_told_at_once():
    with pytest.raises(InputError, match="construct b has no item; a1 named more than once; no path touches c"):
        PathModel({"a": ["a1"], "b": [], "c": ["a1"]}, [("a", "b")])


def test_one_missing_code_needs_no_list():
    assert PathModel(BLOCKS, PATHS, missing_codes=-99) == PathModel(BLOCKS, PATHS, missing_codes=(-99,))
