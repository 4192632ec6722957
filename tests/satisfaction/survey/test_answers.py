"""Answers made fit for a model: policies for gaps, codes, reversed items, scales; nothing lost uncounted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.survey.answers import read_answers
from crm_analysis.words import all_words

quick = settings(max_examples=30, deadline=None)
cells = st.one_of(st.integers(1, 10), st.just(-99), st.none())
surveys = st.lists(st.tuples(cells, cells, cells), min_size=2, max_size=30)
ITEMS = ["q1", "q2", "q3"]


def frame(rows: list[tuple]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=ITEMS, dtype=float)


@quick
@given(surveys, st.sampled_from(["listwise", "mean"]))
def test_every_respondent_is_kept_filled_or_set_aside(rows, policy):
    survey = frame(rows)
    gaps = (survey.isna() | (survey == -99)).any(axis=1)
    usable = survey.mask(survey == -99)
    try:
        found = read_answers(survey, ITEMS, low=1, high=10, missing_codes=[-99], missing=policy)
    except InputError:
        left = usable.dropna() if policy == "listwise" else usable
        assert len(left) < 2 or (left.nunique() < 2).any() or usable.isna().all().any()
        return
    assert found.ledger.read == len(survey) == found.ledger.kept + found.ledger.set_aside
    assert sum(line.rows for line in found.ledger.lines) == gaps.sum()
    assert found.frame.notna().all().all()
    assert found.account["answered"].tolist() == usable.notna().sum().tolist()
    assert (found.account["coded_missing"] == (survey == -99).sum()).all()
    assert (found.account["missing"] == survey.isna().sum()).all()
    pd.testing.assert_frame_equal(found.frame.loc[~gaps], survey.loc[~gaps])
    if policy == "mean":
        np.testing.assert_allclose(found.frame.mean(), usable.mean())


def test_the_policy_and_the_rule_are_named_with_the_first_respondent():
    survey = pd.DataFrame({"q1": [1, 2, 3, np.nan], "q2": [2, np.nan, 1, 4]}, index=list("wxyz"))
    for policy, rule, fate in (("listwise", "incomplete_answers", "set_aside"), ("mean", "answers_filled", "noted")):
        found = read_answers(survey, ["q1", "q2"], missing=policy)
        line = found.ledger.lines[0]
        assert (found.policy, line.rule, line.fate, line.rows, line.where) == (policy, rule, fate, 2, "x")
        assert rule in all_words()
    kept = read_answers(survey, ["q1", "q2"], missing="keep")
    assert kept.frame.isna().sum().sum() == 2
    assert kept.ledger.lines == []
    assert set(kept.account.columns) | {kept.account.index.name} <= set(all_words())


def test_reversed_items_are_turned_round_and_the_caller_s_frame_is_left_alone():
    survey = pd.DataFrame({"q1": [1, 5, 10], "q2": [3, 4, -99]})
    before = survey.copy()
    found = read_answers(survey, ["q1", "q2"], low=1, high=10, missing_codes=[-99], reversed_items=["q1"])
    assert found.frame["q1"].tolist() == [10, 6]
    pd.testing.assert_frame_equal(survey, before)
    twice = read_answers(found.frame, ["q1", "q2"], low=1, high=10, reversed_items=["q1"])
    assert twice.frame["q1"].tolist() == [1, 5]


def test_whole_numbers_with_gaps_and_text_columns_beside_the_items_do_not_matter():
    survey = pd.DataFrame({"q1": pd.array([1, None, 3], dtype="Int64"), "q2": [2, 2, 1], "who": ["a", "b", "c"]})
    assert read_answers(survey, ["q1", "q2"]).frame.to_numpy().tolist() == [[1, 2], [3, 1]]


@pytest.mark.parametrize("code", [-99, 99, 999, -9])
def test_a_customary_code_that_was_not_declared_is_refused_where_no_scale_is_given(code):
    survey = pd.DataFrame({"q1": [8, 7, code, code], "q2": [1, 3, 2, 4]})
    with pytest.raises(InputError, match=f"q1 holds {code} in 2 rows: a code for no answer") as error:
        read_answers(survey, ["q1", "q2"])
    assert "疑似" in error.value.zh
    assert read_answers(survey, ["q1", "q2"], missing_codes=[code]).ledger.set_aside == 2
    percent = survey.assign(q1=[80, 70, 99, 15])
    assert len(read_answers(percent, ["q1", "q2"]).frame) == 4


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"items": []}, "no item was named"),
        ({"items": ["q1", "q1", "q2"]}, "q1 named twice"),
        ({"items": ["q1", "qq2"]}, "qq2 is missing"),
        ({"items": ["q1", "who"]}, "who holds no numbers"),
        ({"reversed_items": ["q1"]}, "reversed items need the ends of the scale"),
        ({"reversed_items": ["q9"], "low": 1, "high": 10}, "q9 is to be reversed but is none of the items"),
        ({"low": 10, "high": 1}, "the scale runs from 10 to 1"),
        ({"missing": "drop"}, "missing='drop' is no policy"),
        ({"low": 1, "high": 5}, "q1 holds 7 in row 1 and 1 more values outside the scale"),
        ({"at_least": 5}, "3 respondents are left, at least 5 are needed; most gaps are in q2"),
    ],
)
def test_what_cannot_be_used_is_told_in_both_languages(options, message):
    survey = pd.DataFrame({"q1": [5, 7, 3, 9], "q2": [1, 3, 2, np.nan], "who": list("abcd")})
    with pytest.raises(InputError, match=message) as error:
        read_answers(survey, **({"items": ["q1", "q2"]} | options))
    assert error.value.zh != error.value.what


def test_infinite_constant_empty_and_doubled_columns_are_named():
    survey = pd.DataFrame({"q1": [5, np.inf, 3], "q2": [1, 1, 1], "q3": [np.nan] * 3, "q4": [1, 2, 3]})
    for item, message in (("q1", "q1 holds inf"), ("q2", "same answer to q2"), ("q3", "nobody answered q3")):
        with pytest.raises(InputError, match=message):
            read_answers(survey, ["q4", item], missing="mean")
    doubled = pd.concat([survey[["q4"]], survey[["q4"]]], axis=1)
    with pytest.raises(InputError, match="more than one column is named q4"):
        read_answers(doubled, ["q4"])


def test_codes_of_two_kinds_do_not_hide_each_other():
    survey = pd.DataFrame({"q1": [5, 7, 98, 99, 6, 4], "q2": [5, 6, 7, 4, 3, 2]})
    with pytest.raises(InputError, match="q1 holds 98 in 2 rows: a code for no answer"):
        read_answers(survey, ["q1", "q2"])
    assert read_answers(survey, ["q1", "q2"], missing_codes=(98, 99)).ledger.set_aside == 2
    one = survey.replace(98, 99)
    assert read_answers(one, ["q1", "q2"], missing_codes=99).ledger.set_aside == 2


def test_ends_that_are_no_numbers_and_complex_answers_are_refused():
    survey = pd.DataFrame({"q1": [5, 7, 6], "q2": np.array([1 + 1j, 2, 3])})
    with pytest.raises(InputError, match="high='10' is no number"):
        read_answers(survey, ["q1"], low=1, high="10")
    with pytest.raises(InputError, match="q2 holds no numbers"):
        read_answers(survey, ["q2"])


def test_numbers_stored_as_text_or_objects_are_numbers():
    """Spreadsheets often hold them so; empty text is a missing answer."""
    plain = pd.DataFrame({"a": [8.0, 7, None, 3], "b": [1.0, 2, 3, 4]})
    stored = pd.DataFrame({"a": ["8", "7", " ", "3"], "b": pd.Series([1, 2, 3, 4], dtype=object)})
    pd.testing.assert_frame_equal(read_answers(stored, ["a", "b"]).frame, read_answers(plain, ["a", "b"]).frame)


def test_text_that_is_no_number_is_shown_with_its_row():
    survey = pd.DataFrame({"a": [8, 7, 5], "b": ["6", "8 分", "很好"]}, index=["x", "y", "z"])
    with pytest.raises(InputError, match=r"b holds no numbers: '8 分' in row y and 1 more"):
        read_answers(survey, ["a", "b"])


def test_an_empty_table_is_called_empty():
    with pytest.raises(InputError, match="no rows"):
        read_answers(pd.DataFrame({"a": [], "b": []}), ["a", "b"])


def test_filled_answers_are_counted():
    survey = pd.DataFrame({"a": [8, None, 5, 6], "b": [1, 2, None, 4]})
    assert read_answers(survey, ["a", "b"], missing="mean").filled == 2
    assert read_answers(survey, ["a", "b"]).filled == 0
