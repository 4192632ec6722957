"""Index models of the literature: edges, parts left out, edges replaced, unknown blocks."""

from __future__ import annotations

import pytest

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.pls.templates import (
    ACSI_PATHS,
    CCSI_PATHS,
    ECSI_PATHS,
    LABELS,
    MOBI_BLOCKS,
    acsi,
    ccsi,
    ecsi,
)
from crm_analysis.satisfaction.survey.moments import mobi
from crm_analysis.words import word


def blocks(*left_out: str) -> dict:
    return {name: items for name, items in MOBI_BLOCKS.items() if name not in left_out}


def test_edges_are_those_of_the_literature():
    assert set(ecsi().paths) == set(ACSI_PATHS) | {
        ("image", "expectations"), ("image", "satisfaction"), ("image", "loyalty")
    }  # fmt: skip
    assert (len(ACSI_PATHS), len(ECSI_PATHS), len(CCSI_PATHS)) == (9, 12, 11)
    assert set(acsi(blocks("image")).paths) == set(ACSI_PATHS)
    assert ccsi(blocks("complaints")).predecessors("satisfaction") == ("image", "quality", "value")


def test_blocks_are_all_items_of_the_survey_in_its_names():
    assert sorted(ecsi().items) == sorted(mobi().items)


def test_constructs_without_a_block_are_left_out_with_their_paths():
    model = ecsi(blocks("complaints"))
    assert "complaints" not in model.constructs
    assert model.predecessors("loyalty") == ("image", "satisfaction")


def test_edges_and_options_may_be_given():
    model = ecsi(blocks("image", "value"), paths=[("expectations", "quality"), ("quality", "satisfaction"),
                 ("satisfaction", "complaints"), ("satisfaction", "loyalty")], low=1, high=10,
                 labels={"quality": {"en": "service"}})  # fmt: skip
    assert len(model.paths) == 4
    assert model.high == 10
    assert (model.label("quality", "en"), model.label("loyalty", "zh")) == ("service", "顾客忠诚")


def test_an_unknown_block_is_named_with_a_hint():
    with pytest.raises(InputError, match="no path of this index touches qualty did you mean 'quality'") as error:
        ecsi(blocks("quality") | {"qualty": ["PERQ1"]})
    assert "qualty" in error.value.zh


def test_labels_agree_with_the_dictionary():
    own = {name: label for name, label in LABELS.items() if name != "value"}  # in the dictionary: what is paid
    assert {name: {lang: word(name, lang) for lang in ("zh", "en")} for name in own} == own
