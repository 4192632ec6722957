"""What would follow from changes: linear, not counted twice, inside the scale, said in the conditional."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.index.ipma import ImportancePerformance, importance_performance
from crm_analysis.satisfaction.index.what_if import what_if
from crm_analysis.satisfaction.pls.estimator import PLS
from crm_analysis.words import all_words


@pytest.fixture(scope="module")
def ipma(mobi_moments, ecsi_model) -> ImportancePerformance:
    return importance_performance(PLS(ecsi_model).fit_moments(mobi_moments), target="loyalty")


@pytest.fixture
def with_rows(sample_model, sample_survey) -> ImportancePerformance:
    return importance_performance(PLS(sample_model).fit(sample_survey), draws=100)


def test_one_change_moves_the_target_by_its_importance(ipma):
    for name, importance in ipma.constructs["importance"].items():
        assert what_if(ipma, {name: 2}).change.value == pytest.approx(2 * importance)


def test_a_change_downstream_is_not_counted_twice(ipma):
    both = what_if(ipma, {"quality": 3, "satisfaction": 4})
    assert both.change.value == pytest.approx(what_if(ipma, {"satisfaction": 4}).change.value)
    assert both.table.loc["satisfaction", "index_change"] == pytest.approx(4)
    assert both.table.loc["value", "what_if_role"] == "change_follows"
    apart = sum(what_if(ipma, {name: 3}).change.value for name in ("quality", "satisfaction"))
    assert what_if(ipma, {"quality": 3, "satisfaction": 3}).change.value < apart


@settings(max_examples=25, deadline=None)
@given(points=st.floats(-150, 150), other=st.floats(-150, 150))
def test_every_index_stays_on_the_scale(ipma, points, other):
    table = what_if(ipma, {"quality": points, "image": other}).table
    assert table["index_then"].between(-1e-9, 100 + 1e-9).all()
    np.testing.assert_allclose(table["index_now"] + table["index_change"], table["index_then"])


def test_changes_cut_at_the_end_of_the_scale_are_told(ipma):
    found = what_if(ipma, {"quality": 60})
    assert found.table.loc["quality", "index_then"] == 100
    assert found.table["index_capped"].tolist() == [name == "quality" for name in found.table.index]
    assert "Cut at the ends of the scale: perceived quality" in found.text("en")
    assert "受 0-100 上下限约束：感知质量" in found.text("zh")
    assert found.change.value == pytest.approx(what_if(ipma, {"quality": 100 - 74.9765}).change.value, abs=1e-3)


def test_constructs_that_nothing_reaches_are_left_out(ipma):
    assert list(what_if(ipma, {"complaints": 5}).table.index) == ["complaints", "loyalty"]


def test_interval_is_that_of_the_importance(with_rows):
    found = what_if(with_rows, {"quality": 5})
    limits = with_rows.constructs.loc["quality", ["importance_low", "importance_high"]] * 5
    assert [found.change.low, found.change.high] == pytest.approx(limits.tolist())
    assert found.table.loc["quality", ["index_change_low", "index_change_high"]].tolist() == pytest.approx([5, 5])


def test_texts_are_conditional_and_name_the_assumptions(with_rows):
    found = what_if(with_rows, {"quality": 5, "image": -2})
    assert found.text("en").startswith("If, of the indices, that of perceived quality changed by +5 points and that of")
    assert "would change by" in found.text("en")
    assert "a survey cannot prove" in found.text("en")
    assert found.text("zh").startswith("如果感知质量指数变动 +5 分，企业形象指数变动 -2 分，按模型推算")
    assert "不能证明" in found.text("zh")


def test_words_for_all_that_shows(with_rows):
    table = what_if(with_rows, {"quality": 5}).table
    shown = {name.removesuffix("_low").removesuffix("_high") for name in table} | set(table["what_if_role"])
    assert shown <= set(all_words())


def test_faults_are_told_together(ipma):
    with pytest.raises(InputError, match="no change was named"):
        what_if(ipma, {})
    with pytest.raises(InputError, match="no construct 'joy'"):
        what_if(ipma, {"joy": 5})
    with pytest.raises(InputError, match="loyalty does not act on loyalty; quality: '5' is no number"):
        what_if(ipma, {"loyalty": 5, "quality": "5"})
    with pytest.raises(InputError, match="nan is no number"):
        what_if(ipma, {"quality": float("nan")})
