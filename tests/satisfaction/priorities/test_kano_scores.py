"""Kano with mean scores: values, limits, classes, agreement with a plain bootstrap."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crm_analysis.errors import InputError
from crm_analysis.intervals import mean_t
from crm_analysis.satisfaction.priorities.kano_scores import kano_scores
from crm_analysis.satisfaction.priorities.kano_simulated import kano_pairs, simulate_kano

F, D = np.array([4, 2, 0, -1, -2]), np.array([-2, -1, 0, 2, 4])


@pytest.fixture(scope="module")
def survey():
    shares = {"grip": {"M": 0.9, "I": 0.1}, "turn": {"O": 0.8, "I": 0.2}, "wax": {"A": 0.9, "I": 0.1}, "ink": {"I": 1}}
    return simulate_kano(shares, n=200, seed=2)


NAMES = ["grip", "turn", "wax", "ink"]


def test_means_and_limits_are_students(survey):
    found = kano_scores(survey, pairs=kano_pairs(NAMES), draws=20).table
    for name in NAMES:
        for side, scores in (("functional", F), ("dysfunctional", D)):
            expected = mean_t(scores[survey[f"{name}_{side}"] - 1])
            np.testing.assert_allclose(found.loc[name, [f"{side}_score", f"{side}_score_low", f"{side}_score_high"]]
                                       .astype(float), expected)  # fmt: skip


def test_classes_by_the_line_at_two():
    cells = {"O": (1, 5), "A": (1, 3), "M": (3, 5), "I": (3, 3)}
    survey = pd.DataFrame({f"{name}_{side}": [pair[at]] * 40 for name, pair in cells.items()
                           for at, side in enumerate(("functional", "dysfunctional"))})  # fmt: skip
    found = kano_scores(survey, pairs=kano_pairs(list(cells)), draws=20).table
    assert found["kano_class"].tolist() == ["one_dimensional", "attractive", "must_be", "indifferent"]
    assert found["p_class"].tolist() == [1] * 4
    assert found["functional_score_low"].isna().all()  # all alike: nothing shows how far the mean may be off


def test_clear_attributes_are_decided_and_one_on_the_line_is_not(survey):
    found = kano_scores(survey, pairs=kano_pairs(NAMES), draws=300).table
    assert found["kano_class"].tolist()[1:] == ["one_dimensional", "attractive", "indifferent"]
    line = pd.DataFrame({"f": [1, 3] * 30, "d": [5] * 60})
    near = kano_scores(line, pairs={"x": ("f", "d")}, draws=500).table.loc["x"]
    assert near["functional_score"] == 2
    assert near["kano_class"] == "one_dimensional"
    assert 0.4 < near["p_class"] < 0.7
    assert not near["decided"]


def test_weights_count_as_copies_and_gaps_are_counted(survey):
    half = survey.copy()
    half.iloc[:5, 0] = None
    weighted = kano_scores(
        half, pairs=kano_pairs(NAMES), weights=pd.Series([2.0] * 50 + [1.0] * 150, half.index), draws=9
    )
    copied = kano_scores(pd.concat([half, half.iloc[:50]]), pairs=kano_pairs(NAMES), draws=9)
    np.testing.assert_allclose(weighted.table["functional_score"], copied.table["functional_score"])
    assert weighted.table.loc["grip", ["respondents", "kano_unpaired"]].tolist() == [195, 5]


def test_nobody_below_zero_other_scores_and_text(survey):
    survey = survey.assign(wax_functional=np.nan, ink_functional=5)
    found = kano_scores(survey, pairs=kano_pairs(NAMES), draws=9, functional_scores=(2, 1, 0, -1, -2))
    assert found.table.loc["wax", "kano_class"] == ""
    assert found.failures["failed_draws"].tolist() == [9]
    assert found.table.loc["ink", "below_zero"]
    assert "ink" in found.text("en").split("below zero")[1]
    assert "约定" in found.text("zh")
    with pytest.raises(InputError, match="five scores"):
        kano_scores(survey, pairs=kano_pairs(NAMES), functional_scores=(1, 2))
