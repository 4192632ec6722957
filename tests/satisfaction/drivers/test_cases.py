"""Answers for driver analysis: gaps counted, categories, weights, bad input."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.drivers.cases import read_cases


def survey() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(rng.integers(1, 11, size=(40, 4)).astype(float), columns=["y", "a", "b", "c"])
    frame.loc[[3, 5], "y"] = np.nan
    frame.loc[[5, 7], "a"] = np.nan
    frame.loc[9, "b"] = -99
    return frame.assign(w=rng.uniform(1, 2, 40), text="x")


def rules(cases) -> dict[str, int]:
    return {line.rule: line.rows for line in cases.ledger.lines}


def test_every_respondent_is_accounted_for():
    cases = read_cases(survey(), outcome="y", drivers=["a", "b"], missing_codes=[-99], low=1, high=10)
    assert (cases.ledger.read, cases.ledger.kept) == (40, 36)
    assert rules(cases) == {"outcome_missing": 2, "incomplete_answers": 2}
    assert cases.account["coded_missing"].tolist() == [0, 0, 1]


def test_a_missing_outcome_is_never_filled():
    cases = read_cases(survey(), outcome="y", drivers=["a", "b"], missing_codes=[-99], missing="mean")
    assert rules(cases) == {"outcome_missing": 2, "answers_filled": 2}
    assert len(cases.outcome) == 38
    assert cases.outcome.isin(range(1, 11)).all()


def test_reversed_items_and_the_caller_s_frame():
    frame = survey()
    before = frame.copy()
    plain = read_cases(frame, outcome="y", drivers=["a", "c"])
    turned = read_cases(frame, outcome="y", drivers=["a", "c"], reversed_items=["c"], low=1, high=10)
    np.testing.assert_allclose(turned.drivers["c"], 11 - plain.drivers["c"])
    pd.testing.assert_frame_equal(frame, before)


def test_gaps_of_a_categorical_outcome_do_not_become_a_category():
    frame = survey()
    levels = pd.cut(frame["y"], [0, 4, 7, 10], labels=["low", "middle", "high"])
    cases = read_cases(frame.assign(level=levels), outcome="level", drivers=["a", "c"])
    assert sorted(cases.outcome.unique()) == [0, 1, 2]
    assert cases.labels == {0.0: "low", 1.0: "middle", 2.0: "high"}
    assert rules(cases)["outcome_missing"] == 2


def test_a_category_without_order_is_refused():
    frame = survey().assign(level=pd.Categorical(["a", "b"] * 20))
    with pytest.raises(InputError, match="no order"):
        read_cases(frame, outcome="level", drivers=["a", "c"])


def test_weights_follow_their_respondents_even_under_a_repeated_index():
    frame = survey().set_axis([0] * 40)
    cases = read_cases(frame, outcome="y", drivers=["a", "c"], weights="w")
    kept = (frame["y"].notna() & frame["a"].notna()).to_numpy()
    expected = frame["w"].to_numpy()[kept]
    np.testing.assert_allclose(cases.weights, expected / expected.mean())
    assert cases.n_eff == pytest.approx(expected.sum() ** 2 / (expected**2).sum())
    assert read_cases(frame, outcome="y", drivers=["a", "c"]).n_eff == len(expected)


def test_columns_of_a_group_stand_side_by_side():
    cases = read_cases(survey(), outcome="y", drivers=["a", "b", "c"], missing_codes=[-99], groups={"ac": ["a", "c"]})
    assert list(cases.drivers) == ["a", "c", "b"]
    assert cases.sizes == [2, 1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"drivers": ["a", "bb"]}, "bb is missing"),
        ({"drivers": ["a", "text"]}, "text holds no numbers"),
        ({"outcome": "text"}, "text holds no numbers"),
        ({"outcome": "z"}, "z is missing"),
        ({"low": 1, "high": 5}, "outside the scale"),
        ({"missing": "keep"}, "no policy here"),
        ({"weights": "nobody"}, "nobody is missing"),
        ({"weights": pd.Series(1.0, index=range(1, 41))}, "do not have the survey's index"),
        ({"weights": pd.Series([0.0] * 40)}, "36 weights are blank or not positive"),
        ({"weights": pd.Series([np.nan] + [1.0] * 39)}, "1 weights are blank"),
    ],
)
def test_bad_input(arguments, message):
    frame = survey().replace(-99, np.nan)
    with pytest.raises(InputError, match=message):
        read_cases(frame, **{"outcome": "y", "drivers": ["a", "b"]} | arguments)


def test_constant_collinear_and_too_few():
    frame = survey()
    with pytest.raises(InputError, match="same answer to flat"):
        read_cases(frame.assign(flat=3), outcome="y", drivers=["a", "flat"])
    with pytest.raises(InputError, match="a, c, both determine one another"):
        read_cases(frame.assign(both=frame["a"] + frame["c"]), outcome="y", drivers=["a", "c", "both"])
    with pytest.raises(InputError, match="4 respondents are left, at least 5"):
        read_cases(frame.iloc[10:14], outcome="y", drivers=["a", "b", "c"])


@pytest.mark.parametrize("weights", [[1.0] * 5, np.ones(5)])
def test_weights_without_an_index_are_refused(weights):
    survey = pd.DataFrame({"y": [1, 2, 3, 5, 4], "a": [1, 2, 2, 3, 1]})
    with pytest.raises(InputError, match="without an index"):
        read_cases(survey, outcome="y", drivers=["a"], weights=weights)
