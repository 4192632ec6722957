"""Share of satisfied answers: scale and answers that count, weights, differences."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from crm_analysis import tables
from crm_analysis.errors import InputError
from crm_analysis.intervals import proportion
from crm_analysis.satisfaction.scores.csat import csat, csat_difference, csat_table

SAMPLE = Path(__file__).parents[3] / "data" / "taobao"


def yes_no(yes: int, no: int) -> list[int]:
    return [5] * yes + [2] * no


@pytest.mark.parametrize(
    ("yes", "n", "low", "high"), [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611),
                                  (1, 29, 0.0061, 0.1718)]
)  # fmt: skip
def test_wilsons_limits_published(yes, n, low, high):
    found = csat(yes_no(yes, n - yes), low=1, high=5)
    assert found.csat[1:] == pytest.approx((low, high), abs=5e-5)
    assert (found.satisfied, found.respondents) == (yes, n)


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [((56, 14), (48, 32), 0.0524, 0.3339), ((9, 1), (3, 7), 0.1705, 0.8090)],
)
def test_newcombes_difference_published(first, second, low, high):
    a, b = (csat(yes_no(*side), low=1, high=5) for side in (first, second))
    found = csat_difference(a, b)
    assert found.difference[1:] == pytest.approx((low, high), abs=5e-5)
    turned = csat_difference(b, a)
    assert turned.difference.value == pytest.approx(-found.difference.value)
    assert turned.verdict == "diff_lower"
    assert found.p == pytest.approx(turned.p)


def test_pooled_test_agrees_with_statsmodels():
    from statsmodels.stats.proportion import proportions_ztest

    a, b = csat(yes_no(56, 14), low=1, high=5), csat(yes_no(48, 32), low=1, high=5)
    assert csat_difference(a, b).p == pytest.approx(proportions_ztest([56, 48], [70, 80])[1])


def test_no_change_is_claimed_only_inside_delta():
    a = csat(yes_no(800, 200), low=1, high=5)
    assert csat_difference(a, a).verdict == "diff_none"
    assert csat_difference(a, a, delta=0.01).verdict == "diff_undecided"


def test_scale_and_counted_answers():
    values = [1, 7, 8, 9, 10]
    assert csat(values, low=1, high=10, satisfied=(8, 9, 10)).csat.value == pytest.approx(0.6)
    assert csat(values, model={"scale": {"low": 1, "high": 10}}, satisfied=[9, 10]).satisfied == 2
    assert csat([3, 4, 5, 2], low=1, high=5).counted == (4.0, 5.0)


@pytest.mark.parametrize(
    ("values", "how", "what"),
    [
        ([1], {}, "scale of the question is not stated"),
        ([1], {"low": 5, "high": 1}, "runs from 5 to 1"),
        ([1], {"low": 1, "high": 10}, "no rule says which answers"),
        ([1], {"low": 1, "high": 5, "satisfied": [6]}, "not all on the scale"),
        ([1], {"low": 1, "high": 5, "satisfied": []}, "not all on the scale"),
        ([0, 6], {"low": 1, "high": 5}, "0 in row 0 and 1 more"),
        ([None], {"low": 1, "high": 5}, "nobody answered"),
    ],
)
def test_what_cannot_be_used(values, how, what):
    with pytest.raises(InputError, match=what) as error:
        csat(values, **how)
    assert error.value.zh != error.value.what


def test_shares_on_different_scales_are_not_compared():
    with pytest.raises(InputError, match="count different answers"):
        csat_difference(csat([5], low=1, high=5), csat([5], low=1, high=5, satisfied=[5]))


def test_weights_and_the_sample_company():
    found = csat([5, 5, 1, 1], low=1, high=5, weights=[3, 1, 1, 1])
    n = 36 / 12
    assert found.n_eff == pytest.approx(n)
    assert found.csat == pytest.approx(proportion(4 / 6 * n, n))
    data = tables.load(SAMPLE)
    table = csat_table(data["tickets"], question="csat", by="channel", low=1, high=5)
    answered = data["tickets"]["csat"].notna().sum()
    assert table.loc["total", ["respondents", "not_answered"]].tolist() == [answered, len(data["tickets"]) - answered]
    assert table["satisfied"].iloc[:-1].sum() == table.loc["total", "satisfied"] == (data["tickets"]["csat"] >= 4).sum()
    assert "满意率" in csat([5, 1], low=1, high=5).text("zh")


def test_a_segment_nobody_of_whom_answered_stays_with_blanks():
    table = csat_table(pd.DataFrame({"q": [5, np.nan], "g": ["a", "b"]}), question="q", by="g", low=1, high=5)
    assert np.isnan(table.loc["b", "csat_share"])
    assert table.loc["b", "not_answered"] == 1


def test_answers_that_count_may_be_one_number_but_must_be_whole():
    assert csat([5, 4], low=1, high=5, satisfied=5).csat.value == 0.5
    with pytest.raises(InputError, match="not all on the scale"):
        csat([5, 4], low=1, high=5, satisfied=[4.5])


def test_a_difference_of_shares_has_no_sign_on_the_shares_and_no_p_of_zero():
    found = csat_difference(csat([5] * 90 + [1] * 10, low=1, high=5), csat([5] * 50 + [1] * 50, low=1, high=5))
    assert found.text("zh").startswith("90.0% 与 50.0% 相差 +40.0% [")
    assert "，p < 0.001。" in found.text("zh")
    assert "p < 0.001." in found.text("en")


@pytest.mark.parametrize("weights", [None, "w"])
def test_the_table_by_segment_is_the_share_of_each_segment(weights):
    rng = np.random.default_rng(3)
    survey = pd.DataFrame({"q": rng.integers(1, 6, 300).astype(str), "kind": rng.integers(0, 40, 300)})
    survey["w"] = rng.uniform(0.2, 3, 300)
    found = csat_table(survey, question="q", by="kind", low=1, high=5, weights=weights)
    for kind, rows in [*survey.groupby("kind"), ("total", survey)]:
        one = csat(rows["q"], weights=rows[weights] if weights else None, low=1, high=5).row()
        assert found.loc[kind].to_dict() == pytest.approx(one)
