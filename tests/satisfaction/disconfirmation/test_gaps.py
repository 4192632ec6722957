"""Expectation against perception: gaps with tests, standings, the pairs of a measurement model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.disconfirmation.gaps import gap_table, model_pairs, standing_table
from crm_analysis.words import all_words

SAMPLE = Path(__file__).parents[3] / "data" / "taobao"
quick = settings(max_examples=25, deadline=None)
answers = st.lists(st.tuples(*[st.integers(1, 10)] * 4), min_size=2, max_size=30)
PAIRS = {"first": ("e1", "p1"), "second": (("e1", "e2"), ("p1", "p2"))}


def frame(rows: list[tuple[int, ...]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["e1", "p1", "e2", "p2"])


def test_gap_of_the_mobile_phone_survey(real_data):
    mobi = pd.read_csv(real_data("mobi.csv"))
    row = gap_table(mobi, {"quality": ("CUEX1", "PERQ1")}).loc["quality"]
    assert row["respondents"] == 250
    assert row[["gap", "gap_low", "gap_high"]].tolist() == pytest.approx([0.364, 0.147833, 0.580167], abs=5e-7)
    gap = mobi["PERQ1"] - mobi["CUEX1"]
    assert gap.std() == pytest.approx(1.735382, abs=5e-7)
    assert row["gap"] / (gap.std() / np.sqrt(250)) == pytest.approx(3.316472, abs=5e-7)


@quick
@given(answers)
def test_gaps_agree_with_scipy(rows):
    from scipy import stats

    survey = frame(rows)
    table = gap_table(survey, PAIRS)
    for name, e, p in (("first", survey["e1"], survey["p1"]),
                       ("second", survey[["e1", "e2"]].mean(axis=1), survey[["p1", "p2"]].mean(axis=1))):  # fmt: skip
        assert table.loc[name, "gap"] == pytest.approx((p - e).mean())
        if np.ptp(p - e) == 0:
            assert table.loc[name, ["gap_low", "gap_high", "p"]].isna().all()
            continue
        test = stats.ttest_rel(p, e)
        limits = test.confidence_interval(0.95)
        found = table.loc[name, ["p", "gap_low", "gap_high"]].tolist()
        assert found == pytest.approx([test.pvalue, limits.low, limits.high])


@quick
@given(answers, st.integers(-5, 5), st.randoms())
def test_shifting_both_sides_changes_no_gap_and_swapping_turns_it(rows, shift, random):
    table = gap_table(frame(rows), PAIRS)
    shifted = gap_table(frame(rows) + shift, PAIRS)
    np.testing.assert_allclose(shifted["gap"], table["gap"], atol=1e-9)
    swapped = gap_table(frame(rows), {name: (p, e) for name, (e, p) in PAIRS.items()})
    np.testing.assert_allclose(swapped["gap"], -table["gap"], atol=1e-12)
    np.testing.assert_allclose(swapped["gap_low"], -table["gap_high"], atol=1e-9)
    random.shuffle(rows)
    np.testing.assert_allclose(gap_table(frame(rows), PAIRS)["p"], table["p"], atol=1e-12)


@quick
@given(answers)
def test_standings_part_the_respondents(rows):
    survey = frame(rows)
    table = standing_table(survey, PAIRS)
    assert (table.groupby("dimension")["respondents"].sum() == len(rows)).all()
    np.testing.assert_allclose(table.groupby("dimension")["share"].sum(), 1)
    assert ((table["share_low"] <= table["share"]) & (table["share"] <= table["share_high"])).all()
    below = table[table["standing"] == "below_expectation"].set_index("dimension")["respondents"]
    assert below["first"] == sum(p < e for e, p, _, _ in rows)
    assert below["second"] == sum(p + q < e + f for e, p, f, q in rows)


def test_holm_corrects_for_the_number_of_dimensions():
    rng = np.random.default_rng(3)
    survey = pd.DataFrame({f"x{k}": rng.normal(0.2 * k, 1, 40) for k in range(4)}).assign(zero=0.0)
    table = gap_table(survey, {f"d{k}": ("zero", f"x{k}") for k in range(4)})
    ordered = table.sort_values("p")
    steps = np.maximum.accumulate(np.minimum(1, ordered["p"].to_numpy() * [4, 3, 2, 1]))
    np.testing.assert_allclose(ordered["p_holm"], steps)
    assert (table["p_holm"] >= table["p"]).all()


def test_a_dimension_without_spread_does_not_count_in_holm():
    survey = pd.DataFrame({"e": [1, 2, 3], "p": [2, 3, 4], "q": [2, 3, 5]})
    table = gap_table(survey, {"same": ("e", "p"), "other": ("e", "q")})
    assert np.isnan(table.loc["same", "p_holm"])
    assert table.loc["other", "p_holm"] == table.loc["other", "p"]


def test_unpaired_answers_are_counted_and_the_frame_is_left_alone():
    survey = pd.DataFrame({"e": [8, 7, np.nan, 9], "p": [6, 7, 5, np.nan]}, index=list("wxyz"))
    before = survey.copy()
    assert gap_table(survey, {"d": ("e", "p")})[["respondents", "unpaired"]].values.tolist() == [[2, 2]]
    pd.testing.assert_frame_equal(survey, before)


@pytest.mark.parametrize(
    ("pairs", "what"),
    [
        ({}, "no pair of items was named"),
        ({"d": ("e", "pp"), "f": ("text", "p")}, "pp is missing; text holds no numbers"),
        ({"d": ("e", "empty")}, "fewer than two respondents answered both sides of d"),
    ],
)
def test_surveys_that_cannot_be_used(pairs, what):
    survey = pd.DataFrame({"e": [8, 7], "p": [6, 7], "text": ["a", "b"], "empty": [np.nan, 1.0]})
    with pytest.raises(InputError, match=what) as error:
        gap_table(survey, pairs)
    assert error.value.zh != error.value.what


@pytest.mark.parametrize("model", [{}, {"pairs": {}}, {"pairs": ["x"]}, {"pairs": {"d": {"items": []}}}])
def test_models_without_pairs(model):
    with pytest.raises(InputError, match="names no pairs") as error:
        model_pairs(model)
    assert "成对题项" in error.value.zh


def test_the_sample_model_names_items_of_the_sample_survey():
    model = yaml.safe_load((SAMPLE / "model.yml").read_text(encoding="utf-8"))
    table = gap_table(pd.read_csv(SAMPLE / "survey.csv"), model_pairs(model))
    assert table.index.tolist() == ["tangibles", "reliability", "responsiveness", "assurance", "empathy"]
    assert set(table.index) <= set(all_words())
    assert {name: model["pairs"][name]["zh"] for name in table.index} == {n: all_words()[n].zh for n in table.index}


def test_every_column_has_a_word():
    survey = pd.DataFrame({"e": [8, 7, 9], "p": [6, 7, 8]})
    gaps, standings = gap_table(survey, {"d": ("e", "p")}), standing_table(survey, {"d": ("e", "p")})
    names = {*gaps.columns, gaps.index.name, *standings.columns, *standings["standing"].cat.categories}
    assert {name for name in names if not name.endswith(("_low", "_high"))} <= set(all_words())


def test_rounding_of_means_is_no_spread():
    survey = pd.DataFrame({"e1": [1, 2, 3], "e2": [1, 1, 2], "e3": [2, 2, 3]})
    survey = survey.assign(**{f"p{k}": survey[f"e{k}"] + (k < 3) for k in (1, 2, 3)})
    raw = survey[["p1", "p2", "p3"]].mean(axis=1) - survey[["e1", "e2", "e3"]].mean(axis=1)
    assert 0 < np.ptp(raw) < 1e-12
    row = gap_table(survey, {"x": (("e1", "e2", "e3"), ("p1", "p2", "p3"))}).loc["x"]
    assert row[["gap_low", "gap_high", "p", "d_z"]].isna().all()
