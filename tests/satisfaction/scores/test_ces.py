"""Customer effort score: direction, mean, share of easy answers, difference."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.errors import InputError
from crm_analysis.intervals import mean_t, proportion
from crm_analysis.satisfaction.scores.ces import ces, ces_difference, ces_table

quick = settings(max_examples=25, deadline=None)
answers = st.lists(st.integers(1, 7), min_size=2, max_size=40)
HOW = {"direction": "high_is_easy", "low": 1, "high": 7}


@quick
@given(answers)
def test_mean_and_share_are_those_of_the_ground_floor(values):
    found = ces(values, **HOW)
    expected = mean_t(values)
    assert found.ces == pytest.approx(expected, nan_ok=True)
    assert found.easy == pytest.approx(proportion(sum(x >= 5 for x in values), len(values)))


@quick
@given(answers)
def test_turning_scale_and_direction_keeps_who_found_it_easy(values):
    turned = ces([8 - x for x in values], direction="low_is_easy", low=1, high=7)
    assert turned.easy == ces(values, **HOW).easy
    assert turned.counted == (1.0, 2.0, 3.0)


def test_direction_has_no_default():
    with pytest.raises(TypeError, match="direction"):
        ces([1, 2], low=1, high=7)
    with pytest.raises(InputError, match="does not say which answers are the easy ones") as error:
        ces([1, 2], direction="high", low=1, high=7)
    assert "high_is_easy" in error.value.mend + error.value.expected


def test_scales_without_a_rule_need_the_easy_answers():
    with pytest.raises(InputError, match="no rule says"):
        ces([1, 2], direction="high_is_easy", low=1, high=10)
    assert ces([1, 9], direction="high_is_easy", low=1, high=10, easy=[9, 10]).easy.value == 0.5
    with pytest.raises(InputError, match="not all on the scale"):
        ces([1, 2], **HOW, easy=[8])
    assert ces([4, 5], direction="high_is_easy", low=1, high=5).counted == (4.0, 5.0)


def test_welchs_difference_agrees_with_scipy():
    from scipy import stats

    rng = np.random.default_rng(3)
    a, b = rng.integers(1, 8, 40), rng.integers(2, 7, 25)
    found, test = ces_difference(ces(a, **HOW), ces(b, **HOW), delta=0.5), stats.ttest_ind(a, b, equal_var=False)
    limits = test.confidence_interval(0.95)
    assert [*found.difference[1:], found.p] == pytest.approx([limits.low, limits.high, test.pvalue])
    assert "分" in ces(a, **HOW).text("zh")
    assert "7 is easiest" in ces(a, **HOW).text("en")


def test_differences_that_cannot_be_told():
    flat = ces([4, 4], **HOW)
    assert np.isnan(flat.ces.low)
    found = ces_difference(flat, flat, delta=0.5)
    assert found.verdict == "diff_undecided"
    with pytest.raises(InputError, match="not on the same scale in the same direction"):
        ces_difference(flat, ces([4, 4], direction="low_is_easy", low=1, high=7), delta=0.5)


def test_weights_and_segments():
    survey = pd.DataFrame({"q": [7, 1, 4, None], "w": [2.0, 1.0, 1.0, 9.0], "g": list("aabb")})
    table = ces_table(survey, question="q", by="g", weights="w", **HOW)
    assert table.loc["a", "ces"] == pytest.approx(5)
    assert table.loc["b", ["respondents", "not_answered"]].tolist() == [1, 1]
    assert table.loc["total", "ces"] == pytest.approx(19 / 4)
    assert table.loc["total", "n_eff"] == pytest.approx(16 / 6)


def test_without_spread_no_interval_is_claimed():
    how = {"direction": "high_is_easy", "low": 1, "high": 5}
    found = ces_difference(ces([5, 5], **how), ces([4, 4], **how), delta=0.5)
    assert "得不到区间" in found.text("zh")
    assert "give no interval" in found.text("en")
    assert not any("nan" in found.text(lang) or "holds zero" in found.text(lang) for lang in ("zh", "en"))


@pytest.mark.parametrize("weights", [None, "w"])
def test_the_table_by_segment_is_the_score_of_each_segment(weights):
    rng = np.random.default_rng(3)
    survey = pd.DataFrame({"q": rng.integers(1, 8, 300), "kind": rng.integers(0, 40, 300)})
    survey["w"] = rng.uniform(0.2, 3, 300)
    survey.loc[survey["kind"] == 5, "q"] = 3  # all alike: no limits, weighted or not
    found = ces_table(survey, question="q", by="kind", weights=weights, **HOW)
    assert np.isnan(found.loc[5, "ces_low"])
    for kind, rows in [*survey.groupby("kind"), ("total", survey)]:
        one = ces(rows["q"], weights=rows[weights] if weights else None, **HOW).row()
        assert found.loc[kind].to_dict() == pytest.approx(one, nan_ok=True)
