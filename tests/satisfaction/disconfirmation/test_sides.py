"""Answers on both sides of a gap: codes, scale, what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.disconfirmation.gaps import gap_table, standing_table
from crm_analysis.satisfaction.disconfirmation.sides import check_ends, side_answers


@pytest.fixture
def answers() -> pd.DataFrame:
    return pd.DataFrame({"e": [8, 7, -99, 9], "p": [6, 7, 5, np.nan], "same": [5, 5, 5, 5]}, index=list("wxyz"))


def test_codes_are_missing_and_counted(answers):
    before = answers.copy()
    found = side_answers(answers, {"d": ("e", "p")}, low=1, high=10, missing_codes=[-99])
    assert found["d"].expected.index.tolist() == ["w", "x"]
    pd.testing.assert_frame_equal(answers, before)
    table = gap_table(answers, {"d": ("e", "p")}, missing_codes=[-99])
    assert table[["respondents", "unpaired"]].values.tolist() == [[2, 2]]
    assert standing_table(answers, {"d": ("e", "p")}, missing_codes=[-99])["base"].tolist() == [2, 2, 2]


def test_items_all_answered_alike_are_no_obstacle(answers):
    table = gap_table(answers, {"d": ("same", "p")})
    assert table["gap"].tolist() == [1.0]


def test_answers_outside_the_scale_are_named_together(answers):
    with pytest.raises(InputError, match=r"e holds -99 \(1 rows\); p holds 7 \(1 rows\)") as error:
        side_answers(answers.assign(e=[5, 6, -99, 6]), {"d": ("e", "p")}, low=1, high=6)
    assert "超出量表范围" in error.value.zh


@pytest.mark.parametrize("ends", [(5, 1), (1, 1), (1, np.nan)])
def test_scales_that_run_nowhere(ends):
    with pytest.raises(InputError, match="the scale runs from"):
        check_ends(*ends)


def test_effect_size_is_the_mean_gap_in_deviations():
    survey = pd.DataFrame({"e": [8, 7, 9, 5], "p": [6, 7, 8, 6]})
    gap = survey["p"] - survey["e"]
    table = gap_table(survey, {"d": ("e", "p"), "none": ("e", "e")})
    assert table.loc["d", "d_z"] == pytest.approx(gap.mean() / gap.std())
    assert np.isnan(table.loc["none", "d_z"])
    t = table.loc["d", "d_z"] * np.sqrt(4)
    from scipy import stats

    assert t == pytest.approx(stats.ttest_rel(survey["p"], survey["e"]).statistic)


def test_gaps_of_the_sample_are_those_it_was_made_with(survey, pairs, truth):
    table = gap_table(survey, pairs, low=1, high=10)
    for name in pairs:
        true = truth["perceived"][name] - truth["expected"][name]
        assert table.loc[name, "gap_low"] <= true <= table.loc[name, "gap_high"], name


@pytest.mark.parametrize(
    ("survey", "pairs", "what"),
    [
        ({"e": [8, 7, -99.0], "p": [6, 7, 8.0]}, {"x": ("e", "p")}, "e holds -99 in 1 rows: a code for no answer"),
        ({"e": [True, False, True], "p": [6, 7, 8]}, {"x": ("e", "p")}, "e holds no numbers"),
        ({"e": [8, 7, 9], "p": [6, 7, 8]}, {"x": ("e",)}, "x is no pair of sides"),
        ({"e": [8, 7, 9], "p": [6, 7, 8]}, {"x": "ep"}, "x is no pair of sides"),
    ],
)
def test_more_that_cannot_be_used(survey, pairs, what):
    with pytest.raises(InputError, match=what):
        side_answers(pd.DataFrame(survey), pairs)


def test_a_column_twice():
    survey = pd.DataFrame([[8, 6, 8], [7, 7, 7]], columns=["e", "p", "e"])
    with pytest.raises(InputError, match="more than one column is named e"):
        side_answers(survey, {"x": ("e", "p")})


def test_numbers_stored_as_text_are_answers_on_both_sides():
    plain = pd.DataFrame({"e": [8, 7, 9], "p": [6, 7, 8]})
    found, same = (side_answers(survey, {"a": ("e", "p")})["a"] for survey in (plain.astype("str"), plain))
    pd.testing.assert_frame_equal(found.perceived, same.perceived)
