"""SERVQUAL and SERVPERF: weights, scores, which goes with the whole, recovery."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.disconfirmation.gaps import gap_table
from crm_analysis.satisfaction.disconfirmation.servqual import servqual_table
from crm_analysis.words import all_words

PAIRS = {"reliability": ("e", "p"), "empathy": ("f", "q")}


def made(count: int = 300, *, on: str, seed: int = 0) -> pd.DataFrame:
    """Overall answers that follow perception or the gap."""
    rng = np.random.default_rng(seed)
    e, f, p, q = rng.normal(7, 1, (4, count))
    z = {"perception": p + q, "gap": p + q - e - f}[on] + rng.normal(0, 0.7, count)
    return pd.DataFrame({"e": e, "f": f, "p": p, "q": q, "z": z, "w1": 60.0, "w2": 40.0})


def test_dimensions_are_those_of_the_gap_table(survey, pairs):
    found = servqual_table(survey, pairs, draws=2)
    gaps = gap_table(survey, pairs)
    for column in ("expectation", "perception", "gap", "gap_low", "gap_high"):
        np.testing.assert_allclose(found.table[column], gaps[column])
    np.testing.assert_allclose(found.table["importance_weight"], 0.2)
    np.testing.assert_allclose(found.table["weighted_gap"], gaps["gap"] / 5)
    assert (found.weighted, found.respondents, found.left_out) == ("equal", 500, 0)
    assert found.differences.empty
    assert "cannot be compared" in found.text("en")
    assert "无法比较" in found.text("zh")


def test_weighted_gaps_add_up_to_the_weighted_score():
    found = servqual_table(made(on="gap"), PAIRS, overall="z", importance={"reliability": 3, "empathy": 1}, draws=20)
    assert found.table["weighted_gap"].sum() == pytest.approx(found.scores.loc["weighted_gap_score", "mean"])
    np.testing.assert_allclose(found.table["weighted_gap"], [0.75, 0.25] * found.table["gap"])
    assert found.weighted == "common"


def test_own_weights_and_common_ones_agree_where_all_give_the_same():
    data = made(on="gap")
    own = servqual_table(data, PAIRS, overall="z", importance={"reliability": "w1", "empathy": "w2"}, draws=20)
    common = servqual_table(data, PAIRS, overall="z", importance={"reliability": 0.6, "empathy": 0.4}, draws=20)
    assert (own.weighted, common.weighted) == ("own", "common")
    np.testing.assert_allclose(own.table.to_numpy(), common.table.to_numpy())
    np.testing.assert_allclose(own.scores.to_numpy(), common.scores.to_numpy())


@pytest.mark.parametrize(("on", "best"), [("perception", "perception_score"), ("gap", "gap_score")])
def test_the_score_that_stands_behind_the_answers_is_found(on, best):
    found = servqual_table(made(on=on), PAIRS, overall="z", draws=300)
    assert found.scores["score_correlation"].idxmax() == best
    row = found.differences.iloc[0]
    assert not row["correlation_difference_low"] <= 0 <= row["correlation_difference_high"]
    assert "higher than the others" in found.text("en")
    assert "高于其余得分" in found.text("zh")


def test_correlations_and_differences_by_hand():
    data = made(on="gap")
    found = servqual_table(data, PAIRS, overall="z", draws=20)
    p, gap = data[["p", "q"]].mean(axis=1), (data[["p", "q"]].to_numpy() - data[["e", "f"]].to_numpy()).mean(axis=1)
    r = [np.corrcoef(p, data["z"])[0, 1], np.corrcoef(gap, data["z"])[0, 1]]
    np.testing.assert_allclose(found.scores["score_correlation"], r)
    assert found.differences["correlation_difference"].item() == pytest.approx(r[0] - r[1])


def test_limits_of_the_difference_cover_it():
    hits, true = 0, np.sqrt(2 / 4.49) - np.sqrt(4 / 4.49)
    for seed in range(30):
        row = servqual_table(made(150, on="gap", seed=seed), PAIRS, overall="z", draws=150, seed=seed).differences.iloc[
            0
        ]
        hits += row["correlation_difference_low"] <= true <= row["correlation_difference_high"]
    assert hits >= 25


def test_the_sample_company_answers_by_the_gap(survey, pairs):
    weights = {"tangibles": 10, "reliability": 30, "responsiveness": 25, "assurance": 20, "empathy": 15}
    found = servqual_table(survey, pairs, overall="overall", importance=weights, draws=200)
    assert found.scores["score_correlation"].idxmax() == "gap_score"
    assert "cannot be told from: weighted gap score" in found.text("en")
    assert "加权差距得分" in found.text("zh")


def test_repeated_labels_of_rows_change_nothing():
    data = made(20, on="gap")
    found, same = (servqual_table(x, PAIRS, overall="z", draws=5) for x in (data, data.set_axis([0] * 20)))
    pd.testing.assert_frame_equal(found.table, same.table)
    pd.testing.assert_frame_equal(found.scores, same.scores)


def test_respondents_without_all_answers_are_counted():
    data = made(20, on="gap")
    data.loc[0, "p"], data.loc[1, "z"], data.loc[2, "w1"] = np.nan, -9, np.nan
    found = servqual_table(data, PAIRS, overall="z", importance={"reliability": "w1", "empathy": "w2"},
                           missing_codes=[-9], draws=5)  # fmt: skip
    assert (found.respondents, found.left_out) == (17, 3)
    assert "3 are left out" in found.text("en")


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"importance": {"reliability": 1}}, "no importance for empathy"),
        ({"importance": {"reliability": -1, "empathy": 2}}, "must not be negative"),
        ({"importance": {"reliability": 0, "empathy": 0}}, "nor all 0"),
        ({"importance": {"reliability": "w9", "empathy": "w2"}}, "w9 is missing"),
        ({"overall": "zz"}, "zz is missing"),
        ({"pairs": {}}, "no pair of items was named"),
        ({"missing_codes": [60]}, "0 respondents answered everything"),
    ],
)
def test_surveys_that_cannot_be_used(options, what):
    how = {"pairs": PAIRS, "overall": "z", "importance": {"reliability": "w1", "empathy": "w2"}} | options
    with pytest.raises(InputError, match=what) as error:
        servqual_table(made(20, on="gap"), **how, draws=2)
    assert error.value.zh != error.value.what


def test_every_word_is_known():
    found = servqual_table(made(20, on="gap"), PAIRS, overall="z", importance={"reliability": 1, "empathy": 1}, draws=5)
    names = {name for frame in (found.table, found.scores, found.differences) for name in frame}
    names |= {found.scores.index.name, *found.scores.index}
    assert {name for name in names if not name.endswith(("_low", "_high"))} <= set(all_words())


def test_an_overall_answer_without_spread_and_a_weight_of_no_dimension():
    survey = pd.DataFrame({"e": [8, 7, 9], "p": [6, 7, 8], "z": 5})
    found = servqual_table(survey, {"x": ("e", "p")}, overall="z", draws=5)
    assert "没有差异，无法比较" in found.text("zh")
    assert "nothing can be compared" in found.text("en")
    with pytest.raises(InputError, match="there is no dimension y"):
        servqual_table(survey, {"x": ("e", "p")}, importance={"x": 1, "y": 3})
    with pytest.raises(InputError, match="z holds 99"):
        servqual_table(survey.assign(z=[5, 6, 99]), {"x": ("e", "p")}, overall="z")
