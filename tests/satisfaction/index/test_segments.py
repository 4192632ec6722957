"""Indices of segments on common weights, their differences, and the permutation test behind the p-values."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.index.differences import permutation_p
from crm_analysis.satisfaction.index.index import respondent_scores, satisfaction_index
from crm_analysis.satisfaction.index.points import point_fit
from crm_analysis.satisfaction.index.segments import index_by_segment
from crm_analysis.satisfaction.pls.estimator import PLS
from crm_analysis.satisfaction.pls.resampling import draw_counts
from crm_analysis.words import all_words


@pytest.fixture
def fitted(sample_model, sample_survey) -> PLS:
    return PLS(sample_model).fit(sample_survey)


@pytest.fixture
def halves(sample_survey) -> pd.Series:
    return pd.Series(np.where(sample_survey["satisfaction_1"] >= 7, "glad", "sad"), sample_survey.index)


def test_segments_of_all_respondents_average_to_the_index(fitted, halves):
    table = index_by_segment(fitted, halves, draws=20).table
    whole = satisfaction_index(fitted, draws=0).table["index_value"]
    for name, part in table.groupby("construct"):
        assert np.average(part["index_value"], weights=part["respondents"]) == pytest.approx(whole[name])


def test_bootstrap_of_a_segment_by_hand(sample_model, sample_survey):
    survey = sample_survey.iloc[:90]
    by = pd.Series(np.arange(90) % 3, survey.index).map({0: "x", 1: "y", 2: "z"})
    found = index_by_segment(PLS(sample_model).fit(survey), by, construct="loyalty", draws=10, seed=3)
    drawn = []
    for counts in draw_counts(90, 10, 3):
        rows = np.repeat(np.arange(90), counts)
        again = PLS(sample_model).fit(survey.iloc[rows].reset_index(drop=True))
        scores = respondent_scores(again, point_fit(again).shares[0])["loyalty"].to_numpy()
        drawn.append([scores[by.iloc[rows] == name].mean() for name in ("x", "y", "z")])
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
    np.testing.assert_allclose(found.table[["index_value_low", "index_value_high"]], np.c_[low, high], atol=1e-5)
    drawn = np.array(drawn)
    gap = np.quantile(drawn[:, 0] - drawn[:, 2], [0.025, 0.975])
    np.testing.assert_allclose(found.differences.iloc[1, 4:6].tolist(), gap, atol=1e-5)
    assert found.differences.iloc[1, 1:3].tolist() == ["x", "z"]


def test_a_difference_that_is_there_is_found_and_told(fitted, halves):
    found = index_by_segment(fitted, halves, construct="satisfaction", draws=400)
    row = found.differences.iloc[0]
    assert (row["segment"], row["other_segment"]) == ("glad", "sad")
    assert row["index_difference_low"] > 10
    assert row["p_holm"] == pytest.approx(1 / 401)
    assert "glad less sad" in found.text("en")
    assert "glad减sad" in found.text("zh")


def test_no_difference_is_not_called_equal(fitted, sample_survey):
    by = pd.Series(np.arange(500) % 2, sample_survey.index).map({0: "odd", 1: "even"})
    found = index_by_segment(fitted, by, construct="image", draws=200)
    assert found.differences["p"].iloc[0] > 0.05
    assert "does not prove them equal" in found.text("en")
    assert "不证明各组相同" in found.text("zh")


def test_respondents_without_a_segment_are_counted(fitted, halves):
    found = index_by_segment(fitted, halves.where(np.arange(500) >= 7), draws=0)
    assert found.unassigned == 7
    assert found.table.groupby("construct")["respondents"].sum().eq(493).all()


def test_small_segments_are_flagged_and_one_respondent_has_no_interval(fitted, halves):
    by = halves.copy()
    by.iloc[:20], by.iloc[20] = "few", "one"
    found = index_by_segment(fitted, by, construct="quality", draws=50)
    table = found.table.set_index("segment")
    assert table["too_few"].to_dict() == {"few": True, "glad": False, "one": True, "sad": False}
    assert table.loc["one", ["index_value_low", "index_sd"]].isna().all()
    assert found.differences.set_index(["segment", "other_segment"]).loc[("glad", "one"), "p"] != 0
    assert "few, one" in found.text("en")


def test_categories_keep_their_order(fitted, halves):
    by = halves.astype(pd.CategoricalDtype(["sad", "glad", "absent"]))
    assert index_by_segment(fitted, by, draws=0).table["segment"].unique().tolist() == ["sad", "glad"]


def test_permutation_p_is_that_of_all_splits():
    rng = np.random.default_rng(2)
    a, b = rng.normal(0.9, 1, (5, 1)), rng.normal(0, 2, (6, 1))
    values = np.vstack([a, b])[:, 0]

    def welch(rows: tuple[int, ...]) -> float:
        one, two = values[list(rows)], np.delete(values, list(rows))
        return abs(one.mean() - two.mean()) / np.sqrt(one.var(ddof=1) / 5 + two.var(ddof=1) / 6)

    exact = np.mean([welch(rows) >= welch(tuple(range(5))) - 1e-12 for rows in combinations(range(11), 5)])
    assert permutation_p(a, b, 20_000, rng)[0] == pytest.approx(exact, abs=0.01)


def test_permutation_keeps_its_level_with_unequal_spread_and_size():
    rng = np.random.default_rng(4)
    p = permutation_p(rng.normal(0, 3, (15, 400)), rng.normal(0, 1, (45, 400)), 499, rng)
    assert 0.02 < (p <= 0.05).mean() < 0.085  # a pooled permutation of means: about .2


def test_words_for_all_that_shows(fitted, halves):
    found = index_by_segment(fitted, halves, draws=10)
    shown = {name.removesuffix("_low").removesuffix("_high") for name in (*found.table, *found.differences)}
    assert shown <= set(all_words())


def test_faults_are_told(fitted, halves, sample_model, mobi_moments, ecsi_model):
    with pytest.raises(InputError, match="one value for each respondent"):
        index_by_segment(fitted, halves.iloc[:100])
    with pytest.raises(InputError, match="one value for each respondent"):
        index_by_segment(fitted, list(halves))
    with pytest.raises(InputError, match="no respondent of the model has a segment"):
        index_by_segment(fitted, halves.where(halves == "none"))
    with pytest.raises(InputError, match="answers to this model's items"):
        index_by_segment(PLS(ecsi_model).fit_moments(mobi_moments), halves)
    with pytest.raises(InputError, match="no construct 'joy'"):
        index_by_segment(fitted, halves, construct=["joy"])


def test_groups_that_vary_in_nothing_but_differ_are_told_apart():
    p = permutation_p(np.ones((6, 1)), np.full((6, 1), 2.0), 999, np.random.default_rng(0))
    assert p[0] == pytest.approx(2 / 924, abs=0.004)  # the two splits of 924 that part the values wholly
    assert permutation_p(np.ones((6, 1)), np.ones((6, 1)), 99, np.random.default_rng(0))[0] == 1


def test_a_difference_from_one_respondent_has_no_interval(fitted, sample_survey):
    by = pd.Series(["one"] + ["many"] * 499, sample_survey.index)
    row = index_by_segment(fitted, by, construct="quality", draws=50).differences.iloc[0]
    assert np.isfinite(row["index_difference"])
    assert row[["index_difference_low", "index_difference_high", "p"]].isna().all()


def test_what_was_not_tested_is_not_called_chance(fitted, halves):
    for by, draws in ((halves, 0), (halves.where(halves == "glad", "glad"), 20)):
        found = index_by_segment(fitted, by, construct="quality", draws=draws)
        assert "no difference to be tested" in found.text("en")
        assert "beyond chance" not in found.text("en")
        assert "没有可以检验的差异" in found.text("zh")


def test_too_few_permutations_for_so_many_comparisons_are_told(fitted, sample_survey, halves):
    by = pd.Series(np.arange(500) % 4, sample_survey.index)
    found = index_by_segment(fitted, by, construct="quality", draws=59)  # 6 comparisons: 6 / 60
    assert found.draws == 59
    assert "below 0.100" in found.text("en")
    assert "不会小于 0.100" in found.text("zh")
    assert "draws" not in index_by_segment(fitted, halves, construct="quality", draws=59).text("en")


def test_segments_are_named_in_the_reader_s_language(fitted, halves):
    by = halves.map({"glad": "keep_up", "sad": "low_priority"})
    said = index_by_segment(fitted, by, construct="satisfaction", draws=400).text("zh")
    assert f"：{all_words()['keep_up'].zh}减{all_words()['low_priority'].zh} " in said


def test_a_column_that_names_respondents_and_a_repeated_index_are_refused(fitted, sample_survey, halves):
    with pytest.raises(InputError, match="500 segments for 500 respondents"):
        index_by_segment(fitted, sample_survey["respondent_id"])
    with pytest.raises(InputError, match="names 7 more than once"):
        index_by_segment(fitted, pd.concat([halves, halves.iloc[[7]]]))
