"""Importance-performance analysis: quadrants, crosshairs, chances, importance of every kind, bad input."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis import tables
from crm_analysis.errors import InputError
from crm_analysis.satisfaction.priorities.ipa import ipa_table
from crm_analysis.satisfaction.priorities.ipa_importance import derived_importance, moments
from crm_analysis.satisfaction.priorities.ipa_quadrants import CROSSHAIRS, QUADRANTS, quadrants
from crm_analysis.satisfaction.survey.moments import mobi
from tests.conftest import ROOT

NAMES = ["weak", "strong", "idle", "spare"]
ITEMS = {name: f"{name}_p" for name in NAMES}


@pytest.fixture(scope="module")
def survey() -> pd.DataFrame:
    """Performance means 4, 8, 4, 8; the outcome hangs on the first two only."""
    rng = np.random.default_rng(4)
    ratings = {f"{name}_p": np.clip(np.round(rng.normal(mean, 1.5, 400)), 1, 10)
               for name, mean in zip(NAMES, (4, 8, 4, 8))}  # fmt: skip
    frame = pd.DataFrame(ratings)
    frame["all"] = frame["weak_p"] + frame["strong_p"] + rng.normal(0, 1, 400)
    for name, mean in zip(NAMES, (8, 8, 4, 4)):
        frame[f"{name}_i"] = np.clip(np.round(rng.normal(mean, 1, 400)), 1, 10)
    return frame


STATED = {name: f"{name}_i" for name in NAMES}
EXPECTED = ["concentrate_here", "keep_up", "low_priority", "possible_overkill"]


@pytest.mark.parametrize("derived", ["correlation", "standardised", "relative_weight"])
def test_clear_attributes_are_found_by_every_derived_importance(survey, derived):
    found = ipa_table(survey, attributes=ITEMS, outcome="all", derived=derived, draws=200)
    assert found.table["ipa_verdict"].tolist() == EXPECTED
    assert found.table["p_quadrant"].min() > 0.99
    np.testing.assert_allclose(found.table["ipa_performance"], survey[list(ITEMS.values())].mean())
    assert found.ledger.kept == 400


def test_stated_importance_by_the_midpoint(survey):
    found = ipa_table(survey, attributes=ITEMS, importance=STATED, crosshair="midpoint", low=1, high=10, draws=100)
    assert found.table["ipa_verdict"].tolist() == EXPECTED
    np.testing.assert_allclose(found.lines["line"], [5.5, 5.5])
    np.testing.assert_allclose(found.table["ipa_importance"], survey[list(STATED.values())].mean())
    assert list(found.choices) == [f"{line}_stated" for line in CROSSHAIRS]


def test_correlations_and_coefficients_are_the_usual_ones(survey):
    frame = survey[[*ITEMS.values(), "all"]]
    _, matrix = moments(frame.to_numpy(), np.ones((1, len(frame))))
    np.testing.assert_allclose(matrix[0], frame.corr())
    scaled = (frame - frame.mean()) / frame.std()
    betas = np.linalg.lstsq(scaled[list(ITEMS.values())].to_numpy(), scaled["all"].to_numpy(), rcond=None)[0]
    np.testing.assert_allclose(derived_importance(matrix, kind="standardised")[0], betas)
    np.testing.assert_allclose(derived_importance(matrix, kind="correlation")[0], frame.corr()["all"].iloc[:-1])


def test_relative_weights_of_the_mobile_phone_survey():
    matrix = mobi().take([*(f"PERQ{i}" for i in range(1, 8)), "CUSA1"]).correlations[None]
    found = derived_importance(matrix, kind="relative_weight")[0]
    np.testing.assert_allclose(found, [0.129505, 0.055248, 0.045587, 0.075747, 0.035170, 0.042756, 0.062737], atol=1e-6)
    assert found.sum() == pytest.approx(0.446749, abs=1e-6)


def test_collinear_attributes_have_no_coefficient():
    matrix = np.array([[[1, 1, 0.5], [1, 1, 0.5], [0.5, 0.5, 1]]])
    assert np.isnan(derived_importance(matrix, kind="standardised")).all()
    assert np.isfinite(derived_importance(matrix, kind="correlation")).all()


def test_each_resample_moves_the_crosshair(survey):
    found = ipa_table(survey, attributes=ITEMS, outcome="all", draws=600)
    again = np.random.default_rng(9)
    lines, hits = [], 0
    for _ in range(600):
        drawn = survey.iloc[again.integers(0, 400, 400)]
        performance = drawn[list(ITEMS.values())].mean()
        importance = drawn[list(ITEMS.values())].corrwith(drawn["all"])
        lines.append(importance.mean())
        hits += performance.iloc[0] < performance.mean() and importance.iloc[0] >= importance.mean()
    low, high = np.quantile(lines, [0.025, 0.975])
    np.testing.assert_allclose(found.lines.loc["ipa_importance", ["line_low", "line_high"]].astype(float), [low, high],
                               atol=0.008)  # fmt: skip
    assert found.table["p_concentrate_here"].iloc[0] == pytest.approx(hits / 600, abs=0.02)


def test_a_point_on_the_line_is_not_decided():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.integers(1, 11, (200, 3)), columns=list("abc")).assign(y=rng.normal(size=200))
    table = ipa_table(frame, attributes={"a": "a", "b": "b", "c": "c"}, outcome="y", draws=200).table
    assert (table["ipa_verdict"] == "not_decided").sum() >= 2
    assert (table["ipa_verdict"] == "not_decided").equals(~table["decided"])


def test_below_the_diagonal_nothing_is_to_concentrate_on():
    performance, importance = np.array([[2.0, 4, 3, 1]]), np.array([[4.0, 2, 3.5, 0.5]])
    codes, _ = quadrants(performance, importance, crosshair="diagonal", scale=(0, 5), stated=True)
    assert [QUADRANTS[code] for code in codes[0]] == ["concentrate_here", "possible_overkill", "concentrate_here",
                                                      "low_priority"]  # fmt: skip
    exact, _ = quadrants(np.array([[1.0, 3.0]]), np.array([[1.0, 3.0]]), crosshair="diagonal")
    assert [QUADRANTS[code] for code in exact[0]] == ["low_priority", "keep_up"]


def test_a_value_on_a_line_is_high():
    codes, lines = quadrants(np.array([[3.0, 3.0]]), np.array([[0.1, 0.1]]), crosshair="mean")
    assert codes.tolist() == [[1, 1]]
    assert lines.tolist() == [[3, 0.1]]


@settings(max_examples=30)
@given(
    st.lists(st.tuples(st.floats(1, 10), st.floats(0, 1)), min_size=2, max_size=8), st.floats(-3, 3), st.floats(0.1, 9)
)
def test_quadrants_do_not_hang_on_units_of_importance(points, shift, times):
    performance, importance = np.array(points).T[:, None, :].round(3)
    for crosshair in ("mean", "median", "diagonal"):
        first, _ = quadrants(performance, importance, crosshair=crosshair)
        second, _ = quadrants(performance, importance * times + shift, crosshair=crosshair)
        if np.ptp(importance) > 0.01 and np.ptp(performance) > 0.01:
            np.testing.assert_array_equal(first, second)


def test_a_draw_without_importance_has_no_quadrant_at_all():
    codes, _ = quadrants(np.array([[1.0, 2, 3]]), np.array([[0.1, np.nan, 0.3]]), crosshair="mean")
    assert codes.tolist() == [[-1, -1, -1]]


def test_given_importances_are_fixed_and_it_is_said(survey):
    given_shares = pd.Series({"weak": 0.4, "strong": 0.4, "idle": 0.1, "spare": 0.1})
    found = ipa_table(survey, attributes=ITEMS, importance=given_shares, outcome="all", draws=50)
    assert found.table["ipa_verdict"].tolist() == EXPECTED
    np.testing.assert_allclose(found.table["ipa_importance_low"], found.table["ipa_importance_high"])
    assert "too sure" in found.text("en")
    assert "过于确定" in found.text("zh")
    assert {column.split("_", 1)[1] for column in found.choices} == {"as_given", "correlation", "standardised",
                                                                    "relative_weight"}  # fmt: skip


def test_a_function_is_asked_in_every_resample(survey):
    sizes = []

    def correlations(frame):
        sizes.append(len(frame))
        return frame[list(ITEMS.values())].corrwith(frame["all"]).set_axis(NAMES)[::-1]

    found = ipa_table(survey, attributes=ITEMS, importance=correlations, outcome="all", draws=40)
    plain = ipa_table(survey, attributes=ITEMS, outcome="all", draws=40)
    assert sizes == [400] * 41
    columns = ["ipa_importance", "ipa_importance_low", "p_quadrant"]
    pd.testing.assert_frame_equal(found.table[columns], plain.table[columns])
    with pytest.raises(InputError, match="returned 2 numbers"):
        ipa_table(survey, attributes=ITEMS, importance=lambda _: [1, 2], draws=5)
    with pytest.raises(InputError, match="cannot take weights"):
        ipa_table(survey, attributes=ITEMS, importance=correlations, weights="all", draws=5)


def test_weights_count_as_copies_and_gaps_as_left_out(survey):
    weighted = survey.assign(w=np.where(np.arange(400) < 80, 2.0, 1.0))
    copied = pd.concat([survey, survey.iloc[:80]], ignore_index=True)
    first = ipa_table(weighted, attributes=ITEMS, outcome="all", weights="w", draws=20)
    second = ipa_table(copied, attributes=ITEMS, outcome="all", draws=20)
    for column in ("ipa_performance", "ipa_importance"):
        np.testing.assert_allclose(first.table[column], second.table[column])
    assert first.table.attrs["effective_n"] == pytest.approx(480**2 / (320 + 4 * 80))
    gaps = survey.copy()
    gaps.loc[:9, "idle_p"] = -99
    gaps.loc[5:14, "all"] = np.nan
    found = ipa_table(gaps, attributes=ITEMS, outcome="all", missing_codes=[-99], low=1, high=10, draws=20)
    assert (found.ledger.kept, found.ledger.set_aside) == (385, 15)
    assert found.account.loc["idle_p", "coded_missing"] == 10


def test_few_respondents_decide_nothing(survey):
    found = ipa_table(survey.iloc[:20], attributes=ITEMS, outcome="all", draws=50)
    assert found.table.attrs["too_few"]
    assert not found.table["decided"].any()
    assert "20" in found.text("en")


def test_resamples_without_spread_are_counted():
    frame = pd.DataFrame({"a": [1] * 39 + [5], "b": [1, 2, 3, 4] * 10, "y": [1, 3, 2, 5] * 10})
    found = ipa_table(frame, attributes={"a": "a", "b": "b"}, outcome="y", draws=200)
    assert 40 < found.failures["failed_draws"].iloc[0] < 110  # (39/40)^40 = .36 of 200
    assert found.table[[f"p_{name}" for name in QUADRANTS]].sum(axis=1).round(9).eq(1).all()


def test_the_sample_company_has_few_clear_quadrants():
    survey = tables.load(ROOT / "data" / "taobao")["survey"]
    items = {f"{name}_{i}": f"{name}_p{i}" for name in ("tangibles", "reliability", "responsiveness", "empathy")
             for i in (1, 2)}  # fmt: skip
    found = ipa_table(survey, attributes=items, outcome="overall", low=1, high=10, draws=300)
    assert found.table.loc["responsiveness_1", "ipa_verdict"] == "concentrate_here"
    assert (found.table["ipa_verdict"] == "not_decided").sum() >= 2
    assert found.choices.shape == (8, 12)
    assert found.table["share_same"].min() < 0.8


def test_bad_input_is_told_in_one_message(survey):
    with pytest.raises(InputError, match=r"at least two attributes.*neither importance nor an outcome.*low and high"):
        ipa_table(survey, attributes={"weak": "weak_p"}, crosshair="midpoint")
    with pytest.raises(InputError, match=r"derived='lmg' is none.*crosshair='x' is none"):
        ipa_table(survey, attributes=ITEMS, outcome="all", derived="lmg", crosshair="x")
    with pytest.raises(InputError, match=r"importance lacks weak \(did you mean 'weka'"):
        ipa_table(survey, attributes=ITEMS, importance={"weka": 1, "strong": 1, "idle": 1, "spare": 1})
    with pytest.raises(InputError, match="importance of weak is no number"):
        ipa_table(survey, attributes=ITEMS, importance=dict(zip(NAMES, [None, 1, 1, 1])))
    with pytest.raises(InputError, match="collinear"):
        ipa_table(
            survey.assign(idle_p=survey["weak_p"]), attributes=ITEMS, outcome="all", derived="standardised", draws=5
        )
    with pytest.raises(InputError, match="is the outcome and cannot be an attribute"):
        ipa_table(survey, attributes=ITEMS, outcome="weak_p")
    with pytest.raises(InputError, match="weak_p holds"):
        ipa_table(survey, attributes=ITEMS, outcome="all", low=1, high=3)
    with pytest.raises(InputError, match="complete answers"):
        ipa_table(survey, attributes=ITEMS, outcome="all", missing="keep")
