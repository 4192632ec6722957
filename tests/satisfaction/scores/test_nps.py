"""Net promoter score: published numbers, limits, weights, segments, wrong scales."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis import tables
from crm_analysis.errors import InputError
from crm_analysis.satisfaction.scores.limits import nps_limits, nps_moments
from crm_analysis.satisfaction.scores.nps import nps, nps_table

SAMPLE = Path(__file__).parents[3] / "data" / "taobao"
quick = settings(max_examples=25, deadline=None)
answers = st.lists(st.integers(0, 10), min_size=1, max_size=29)


def given_by(promoters: int, passives: int, detractors: int) -> list[int]:
    return [10] * promoters + [8] * passives + [3] * detractors


@pytest.mark.parametrize(
    ("counts", "method", "expected"),
    [
        ((50, 30, 20), "wald", (0.300, 0.146922, 0.453078)),
        ((50, 30, 20), "adjusted_wald", (0.291262, 0.140511, 0.442013)),
        ((19, 10, 7), "adjusted_wald", (0.307692, 0.062480, 0.552905)),
        ((7, 2, 1), "adjusted_wald", (0.461538, 0.070394, 0.852683)),
        ((100, 0, 0), "adjusted_wald", (100 / 103, 0.930901, 1.0)),
    ],
)
def test_limits_published(counts, method, expected):
    centre, _ = nps_moments(*counts, method=method)
    low, high = nps_limits(*counts, method=method)
    assert (float(centre), float(low), float(high)) == pytest.approx(expected, abs=1e-6)
    found = nps(given_by(*counts), method=method)
    assert found.nps[1:] == pytest.approx(expected[1:], abs=1e-6)
    assert found.nps.value == pytest.approx((counts[0] - counts[2]) / sum(counts))


def test_walds_limits_fail_where_they_should_not():
    assert float(nps_limits(7, 2, 1, method="wald")[1]) == pytest.approx(1.011, abs=5e-4)
    low, high = nps_limits(100, 0, 0, method="wald")
    assert low == high == 1


def test_score_and_variance_of_six_answers():
    found = nps([0, 7, 7, 9, 9, 9])
    assert found.nps.value == pytest.approx(1 / 3)
    assert float(nps_moments(3, 2, 1, method="wald")[1]) * 6 == pytest.approx(5 / 9)


@quick
@given(answers, st.sampled_from([0.5, 0.9, 0.99]))
def test_limits_hold_the_score_have_a_width_and_stay_inside(values, level):
    found = nps(values, level=level)
    assert -1 <= found.nps.low <= found.nps.value <= found.nps.high <= 1
    assert found.nps.high - found.nps.low > 0.01
    assert found.promoters + found.passives + found.detractors == len(values)
    assert found.promoter_share + found.passive_share + found.detractor_share == pytest.approx(1)


@quick
@given(answers, st.randoms())
def test_turning_answers_round_turns_the_score_and_order_does_not_matter(values, random):
    shuffled = random.sample(values, len(values))
    assert nps(shuffled) == nps(values)
    turn = {"promoter": 0, "detractor": 10}
    turned = [turn["promoter"] if x >= 9 else turn["detractor"] if x <= 6 else x for x in values]
    a, b = nps(values).nps, nps(turned).nps
    assert (b.value, b.low, b.high) == pytest.approx((-a.value, -a.high, -a.low))


def test_weights_count_for_effective_respondents():
    values = given_by(30, 20, 10)
    equal, plain = nps(values, weights=np.full(60, 3.0)), nps(values)
    assert equal.n_eff == pytest.approx(60)
    assert equal.nps == pytest.approx(plain.nps)
    weights = np.r_[np.full(30, 2.0), np.full(30, 1.0)]
    found = nps(values, weights=weights)
    assert found.n_eff == pytest.approx(90**2 / 150)
    assert found.promoter_share == pytest.approx(60 / 90)
    low, high = nps_limits(*(share * found.n_eff for share in (60 / 90, 20 / 90, 10 / 90)))
    assert found.nps[1:] == pytest.approx((float(low), float(high)))
    assert found.promoters == 30  # respondents, not weights


def test_weights_by_index_follow_the_respondents():
    values = pd.Series([10, 0, 8], index=["a", "b", "c"], name="nps")
    weights = pd.Series([1.0, 5.0, 1.0], index=["c", "a", "b"])
    assert nps(values, weights=weights).nps.value == pytest.approx((5 - 1) / 7)
    frame = values.to_frame()
    assert nps_table(frame, weights=weights)["nps"].tolist() == pytest.approx([4 / 7])


def test_blanks_and_codes_are_counted():
    found = nps([10, 9, None, -99], missing_codes=[-99])
    assert (found.respondents, found.not_answered) == (2, 2)
    table = nps_table(pd.DataFrame({"nps": [10, 9, np.nan, -99], "g": list("aabb")}), by="g", missing_codes=[-99])
    assert table["not_answered"].to_dict() == {"a": 0, "b": 2, "total": 2}
    assert table.loc["b", ["nps", "nps_low", "nps_high"]].isna().all()
    assert table.loc["b", ["respondents", "n_eff", "promoters"]].tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("values", "how", "what"),
    [
        ([11, 3, -1], {}, "11 in row 0 and 1 more such answers is no whole number from 0 to 10"),
        ([7.5], {}, "7.5 in row 0"),
        (["ten"], {}, "no numbers"),
        ([None, None], {}, "nobody answered"),
        ([], {}, "there are no answers"),
        (None, {}, "there are no answers"),
        ("mobi.csv", {}, "the answers are text"),
        (7, {}, "of type int"),
        (["9", "often", True], {}, "no numbers: 'often' in row 1 and 1 more"),
        ([9], {"missing_codes": "DK"}, "holds something other than numbers"),
        ([1, 2, 3, 4, 5] * 10, {}, "50 answers all lie between 1 and 5"),
        ([7] * 40, {}, "all lie between 1 and 7"),
        ([5, 9], {"scale": (1, 10)}, "asked from 1 to 10 has no net promoter score"),
        ([5, 9], {"weights": [1.0, 0.0]}, "1 respondents who answered have no weight"),
        ([5, 9], {"weights": [1.0, np.nan]}, "no weight above 0"),
        ([5, 9], {"weights": [1.0]}, "1 weights for 2 respondents"),
        ([5, 9], {"method": "walt"}, "no method 'walt'"),
    ],
)
def test_answers_that_cannot_be_used(values, how, what):
    with pytest.raises(InputError, match=what) as error:
        nps(values, **how)
    assert error.value.expected


def test_hints_and_the_way_out_of_them():
    assert nps([1, 2, 3, 4, 5] * 10, scale=(0, 10)).nps.value == -1
    with pytest.raises(InputError, match="did you mean 'nps'"):
        nps_table(pd.DataFrame({"nps": [1]}), question="npss")
    with pytest.raises(InputError, match="no column 'sity'"):
        nps_table(pd.DataFrame({"nps": [1], "city": ["A"]}), by="sity")
    with pytest.raises(InputError, match="use csat"):
        nps([1, 5] * 20)


def test_table_by_segment_of_the_sample_company():
    data = tables.load(SAMPLE)
    survey = data["survey"].merge(data["customers"][["customer_id", "channel"]], on="customer_id")
    before = survey.copy()
    table = nps_table(survey, by="channel")
    pd.testing.assert_frame_equal(survey, before)
    assert table.index.name == "channel"
    assert table.index[-1] == "total"
    parts = table.iloc[:-1]
    assert parts["respondents"].is_monotonic_decreasing
    for name in ("respondents", "promoters", "passives", "detractors"):
        assert parts[name].sum() == table.loc["total", name]
    one = nps(survey.loc[survey["channel"] == "friend", "nps"])
    assert table.loc["friend", ["nps", "nps_low", "nps_high"]].tolist() == pytest.approx(list(one.nps))
    middle = (parts["respondents"] * parts["nps"]).sum() / 500
    assert table.loc["total", "nps"] == pytest.approx(middle)


def test_few_answers_are_called_few_in_both_languages():
    found = nps([10, 9, 0])
    assert found.too_few
    assert "不足 30 人" in found.text("zh")
    assert "fewer than 30" in found.text("en")
    assert not nps(given_by(20, 5, 5)).too_few


def test_limits_hold_the_score_to_the_last_digit():
    found = nps([0, 0, 0, 0, 9], level=0.5).nps
    assert found.low <= found.value


@pytest.mark.parametrize(
    ("weights", "what"),
    [
        ("g", "weights are no numbers"),
        ([1.0, 2.0], "weights are a list"),
        (np.ones(2), "weights are a ndarray"),
        (pd.Series(["x", "y"]), "weights are no numbers"),
    ],
)
def test_weights_that_are_none(weights, what):
    with pytest.raises(InputError, match=what):
        nps_table(pd.DataFrame({"nps": [10, 0], "g": ["a", "b"]}), weights=weights)


def test_a_segment_named_as_the_total_and_a_question_twice():
    survey = pd.DataFrame({"nps": [10, 0], "g": ["total", "b"]})
    with pytest.raises(InputError, match="named 'total'"):
        nps_table(survey, by="g")
    with pytest.raises(InputError, match="more than one column is named nps"):
        nps_table(survey[["nps", "nps"]])


@pytest.mark.parametrize(("weights", "method"), [(None, "adjusted_wald"), (None, "wald"), ("w", "adjusted_wald")])
def test_the_table_by_segment_is_the_score_of_each_segment(weights, method):
    rng = np.random.default_rng(3)
    survey = pd.DataFrame({"nps": rng.integers(0, 11, 500).astype(float), "kind": rng.integers(0, 40, 500)})
    survey["w"] = rng.uniform(0.2, 3, 500)
    survey.loc[rng.integers(0, 500, 50), "nps"] = np.nan
    survey.loc[survey["kind"] == 5, "nps"] = np.nan
    found = nps_table(survey, by="kind", weights=weights, method=method)
    assert found.loc[5, "respondents"] == 0
    assert np.isnan(found.loc[5, "nps_low"])
    for kind, rows in [*survey[survey["kind"] != 5].groupby("kind"), ("total", survey)]:
        one = nps(rows["nps"], weights=rows[weights] if weights else None, method=method, scale=(0, 10)).row()
        assert found.loc[kind].to_dict() == pytest.approx(one)


def test_many_segments_add_up_to_the_whole():
    rng = np.random.default_rng(3)
    survey = pd.DataFrame({"nps": rng.integers(0, 11, 100_000), "kind": rng.integers(0, 20_000, 100_000)})
    found = nps_table(survey, by="kind")
    assert found["promoters"].iloc[:-1].sum() == found.loc["total", "promoters"] == (survey["nps"] >= 9).sum()


@pytest.mark.parametrize("kind", [object, "str", "category"])
def test_whole_numbers_in_text_are_answers_and_one_missing_code_will_do(kind):
    survey = pd.DataFrame({"nps": pd.Series(["10", "3", " ", "-99", "9.0"], dtype=kind)})
    found = nps_table(survey, missing_codes=-99).loc["total"]
    assert found[["respondents", "not_answered", "promoters"]].tolist() == [3, 2, 2]
    assert nps(survey["nps"], missing_codes=[-99]).nps.value == found["nps"]


def test_what_is_no_table_and_no_column_is_said():
    survey = pd.DataFrame({"nps": [9, 8], "a": list("xy"), "b": list("xy")})
    with pytest.raises(InputError, match="a table is expected, got text"):
        nps_table("mobi.csv", by="a")
    with pytest.raises(InputError, match="not the name of one column"):
        nps_table(survey, by=["a", "b"])
    with pytest.raises(InputError, match="not the name of one column"):
        nps_table(survey, question=["nps"])


def test_few_answers_that_look_like_a_shorter_scale_are_said_to():
    assert "looks like a shorter scale" in nps([1, 4, 7]).text("en")
    assert "似乎不是 0 到 10 分" in nps([1, 4, 7]).text("zh")
    for other in (nps([1, 4, 8]), nps([0, 4, 7]), nps([1, 4, 7], scale=(0, 10))):
        assert "shorter" not in other.text("en")
