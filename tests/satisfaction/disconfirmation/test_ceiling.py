"""Expectation near the top of the scale: counts by hand, flags, words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.disconfirmation.ceiling import ceiling_counts, expectation_ceiling
from crm_analysis.words import all_words

PAIRS = {"assurance": (("e1", "e2"), "p"), "empathy": ("low", "p")}


@pytest.fixture
def answers() -> pd.DataFrame:
    return pd.DataFrame({"e1": [10, 10, 9, 10], "e2": [10, 9, 9, 10], "low": [3, 5, 6, 4], "p": [9, 8, 9, 10]})


def test_room_and_shares_by_hand(answers):
    table = expectation_ceiling(answers, PAIRS, low=1, high=10, asked_afterwards=False).table
    first = table.loc["assurance"]
    columns = ["expectation", "room", "top_share", "unable_share"]
    assert first[columns].tolist() == [9.625, 0.375, 0.75, 0.75]
    assert table["near_ceiling"].tolist() == [True, False]
    assert table.loc["empathy", ["room", "top_share", "unable_share"]].tolist() == [5.5, 0, 0]


def test_flags_hang_on_the_mean_or_on_the_share_at_the_top(answers):
    many = pd.DataFrame({"e": [10] * 4 + [1] * 6, "p": [5] * 10})
    assert (
        expectation_ceiling(many, {"d": ("e", "p")}, low=1, high=10, asked_afterwards=False).table["near_ceiling"].all()
    )
    lenient = {"near": 0.01, "many": 0.9}
    table = expectation_ceiling(answers, PAIRS, low=1, high=10, asked_afterwards=False, **lenient).table
    assert not table["near_ceiling"].any()


def test_words_name_the_dimensions_and_the_time_of_asking(answers):
    before = expectation_ceiling(answers, PAIRS, low=1, high=10, asked_afterwards=False)
    assert "assurance 9.62" in before.text("en")
    assert "empathy" not in before.text("en")
    assert "asked with or after" not in before.text("en")
    after = expectation_ceiling(answers, {"empathy": ("low", "p")}, low=1, high=10, asked_afterwards=True)
    assert "leaves room" in after.text("en")
    assert "must not be called" in after.text("en")
    assert "不得称为购买前的期望" in after.text("zh")
    assert "保证性" in before.text("zh")


def test_the_histogram_holds_everybody(answers):
    found = expectation_ceiling(answers, PAIRS, low=1, high=10, asked_afterwards=False)
    counts = ceiling_counts(found, "assurance")  # means 10, 9.5, 9, 10: half points go up
    assert counts["respondents"].to_dict() == {float(k): {9: 1, 10: 3}.get(k, 0) for k in range(1, 11)}
    assert counts["share"].sum() == pytest.approx(1)
    assert counts.loc[10, "share"] == found.table.loc["assurance", "top_share"]
    with pytest.raises(InputError, match="no dimension 'x'"):
        ceiling_counts(found, "x")


def test_the_sample_leaves_room(survey, pairs, truth):
    table = expectation_ceiling(survey, pairs, low=1, high=10, asked_afterwards=True).table
    assert not table["near_ceiling"].any()
    for name in pairs:
        assert table.loc[name, "expectation_low"] <= truth["expected"][name] <= table.loc[name, "expectation_high"]


@pytest.mark.parametrize("options", [{"near": 2}, {"many": 0}, {"low": 10, "high": 1}])
def test_settings_that_cannot_be_used(answers, options):
    with pytest.raises(InputError):
        expectation_ceiling(answers, PAIRS, **({"low": 1, "high": 10, "asked_afterwards": False} | options))


def test_every_column_has_a_word(answers):
    table = expectation_ceiling(answers, PAIRS, low=1, high=10, asked_afterwards=False).table
    assert {name for name in table if not name.endswith(("_low", "_high"))} <= set(all_words())
    assert not np.isnan(table.drop(columns="near_ceiling").to_numpy(float)).any()
