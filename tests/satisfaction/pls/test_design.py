"""A path model as arrays."""

from __future__ import annotations

from crm_analysis.satisfaction.pls.design import Design
from crm_analysis.satisfaction.survey.model import PathModel


def test_arrays_follow_the_order_of_the_model():
    model = PathModel({"a": ["a1", "a2"], "b": ["b1"], "c": ["c1", "c2"]}, [("c", "a"), ("a", "b")],
                      modes={"c": "B"})  # fmt: skip
    design = Design.of(model)
    assert design.block.tolist() == [0, 0, 1, 2, 2]
    assert design.member.tolist() == [[1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 1]]
    assert design.edges.tolist() == [[False, True, False], [False, False, False], [True, False, False]]
    assert design.formative.tolist() == [False, False, True]
    assert design.common.tolist() == [True, False, False]
    assert design.items(2).tolist() == [3, 4]
