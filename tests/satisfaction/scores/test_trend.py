"""Net promoter score by period: the line, its test, changes with Holm, gaps."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crm_analysis.errors import InputError
from crm_analysis.intervals import holm
from crm_analysis.satisfaction.scores.difference import nps_difference
from crm_analysis.satisfaction.scores.trend import nps_trend


def monthly(scores: dict[str, list[int]]) -> pd.DataFrame:
    rows = [(f"{month}-15", answer) for month, answers in scores.items() for answer in answers]
    frame = pd.DataFrame(rows, columns=["answered_at", "nps"])
    return frame.assign(answered_at=pd.to_datetime(frame["answered_at"]).dt.tz_localize("Asia/Shanghai"))


def mix(rng: np.random.Generator, n: int, shares: tuple[float, ...]) -> list[int]:
    return rng.choice([10, 8, 3], n, p=shares).tolist()


def test_slope_is_the_least_squares_line_through_the_answers():
    rng = np.random.default_rng(2)
    survey = monthly({f"2012-{m:02d}": mix(rng, 40 + 10 * m, (0.5, 0.3, 0.2)) for m in range(1, 8)})
    found = nps_trend(survey)
    x = survey["answered_at"].dt.month.to_numpy(float)
    y = (survey["nps"] >= 9).to_numpy(float) - (survey["nps"] <= 6).to_numpy(float)
    assert found.slope.value == pytest.approx(np.polyfit(x, y, 1)[0])


def test_level_and_power_of_the_trend_test():
    rng, flat, rising = np.random.default_rng(4), [], []
    for _ in range(90):
        months = {f"2012-{m:02d}": mix(rng, 60, (0.5, 0.3, 0.2)) for m in range(1, 7)}
        flat.append(nps_trend(monthly(months)).p)
        months = {f"2012-{m:02d}": mix(rng, 60, (0.3 + 0.05 * m, 0.3, 0.4 - 0.05 * m)) for m in range(1, 7)}
        rising.append(nps_trend(monthly(months)).p)
    assert np.mean(np.array(flat) < 0.05) < 0.12  # 90 draws of a test at 5 %
    assert np.mean(np.array(rising) < 0.05) > 0.9


def test_changes_are_later_less_earlier_and_corrected():
    rng = np.random.default_rng(6)
    survey = monthly({"2012-01": mix(rng, 50, (0.2, 0.3, 0.5)), "2012-02": mix(rng, 50, (0.7, 0.2, 0.1)),
                      "2012-04": mix(rng, 50, (0.7, 0.2, 0.1))})  # fmt: skip
    found = nps_trend(survey)
    assert found.table.index.tolist() == ["2012-01", "2012-02", "2012-03", "2012-04"]
    assert found.table.loc["2012-03", "respondents"] == 0
    assert np.isnan(found.table.loc["2012-03", "nps"])
    changes = found.changes
    assert changes[["period", "previous_period"]].values.tolist() == [["2012-02", "2012-01"], ["2012-04", "2012-02"]]
    first = survey["answered_at"].dt.month == 1
    second = survey["answered_at"].dt.month == 2
    one = nps_difference(survey.loc[second, "nps"], survey.loc[first, "nps"])
    assert changes.loc[0, ["nps_change", "nps_change_low", "p"]].tolist() == pytest.approx(
        [one.difference.value, one.difference.low, one.p]
    )
    np.testing.assert_allclose(changes["p_holm"], holm(changes["p"]))


def test_weeks_begin_on_monday_in_the_zone_of_the_data():
    times = pd.to_datetime(["2012-12-02 23:59", "2012-12-03 00:01", "2012-12-09 23:59"]).tz_localize("Asia/Shanghai")
    found = nps_trend(pd.DataFrame({"answered_at": times, "nps": [10, 0, 0]}), freq="week")
    assert found.table["respondents"].to_dict() == {"2012-11-26": 1, "2012-12-03": 2}


def test_two_periods_make_no_trend_and_repeated_customers_are_counted():
    survey = monthly({"2012-01": [10, 9, 0], "2012-02": [10, 8, 1]}).assign(customer_id=list("abcabd"))
    found = nps_trend(survey)
    assert np.isnan(found.slope.value)
    assert np.isnan(found.p)
    assert found.repeated == 2
    assert "不足三个" in found.text("zh")
    assert "2 customers answered more than once" in found.text("en")
    one = nps_trend(survey.head(3))
    assert one.changes.empty
    assert list(one.changes.columns) == list(found.changes.columns)


def test_weights_count_in_the_slope():
    survey = monthly({"2012-01": [10, 0], "2012-02": [10, 0], "2012-03": [10, 0]})
    weights = pd.Series([1, 1, 1, 1, 3.0, 1.0])
    found = nps_trend(survey, weights=weights)
    assert found.table["nps"].tolist() == pytest.approx([0, 0, 0.5])
    x = survey["answered_at"].dt.month.to_numpy(float)
    y = np.array([1, -1, 1, -1, 1, -1.0])
    assert found.slope.value == pytest.approx(np.polyfit(x, y, 1, w=np.sqrt(weights))[0])


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda frame: frame.drop(columns="answered_at"), "answered_at is missing"),
        (lambda frame: frame.assign(answered_at=frame["answered_at"].dt.tz_localize(None)), "no time zone"),
        (lambda frame: frame.assign(answered_at=frame["answered_at"].where(frame["nps"] > 99)), "blank in 2"),
    ],
)
def test_times_that_cannot_be_used(change, what):
    with pytest.raises(InputError, match=what):
        nps_trend(change(monthly({"2012-01": [10, 9]})))


def test_a_period_that_is_none():
    with pytest.raises(InputError, match="did you mean 'month'"):
        nps_trend(monthly({"2012-01": [10, 9]}), freq="months")


def test_a_blank_answer_is_no_repeated_answer():
    survey = monthly({"2012-01": [10, 9], "2012-02": [10, 8]}).assign(customer_id=list("abac"))
    assert nps_trend(survey).repeated == 1
    assert nps_trend(survey.assign(nps=[-9, 9, 10, 8]), missing_codes=[-9]).repeated == 0


def test_a_tiny_p_is_not_zero_in_words():
    survey = monthly({"2012-01": [0] * 60, "2012-02": [8] * 60, "2012-03": [10] * 60})
    assert "p < 0.001" in nps_trend(survey).text("en")
    assert "，p < 0.001：" in nps_trend(survey).text("zh")


def test_answers_in_text_with_one_missing_code_are_those_of_numbers():
    times = pd.to_datetime(["2012-01-05", "2012-02-05", "2012-03-05"] * 4).tz_localize("UTC")
    survey = pd.DataFrame({"answered_at": times, "nps": [10, 9, -99, 3, 8, 0, 7, 10, 9, 1, 2, 9]})
    expected = nps_trend(survey, missing_codes=-99)
    found = nps_trend(survey.astype({"nps": str}), missing_codes=[-99])
    pd.testing.assert_frame_equal(found.table, expected.table)
    assert found.table["respondents"].tolist() == [4, 4, 3]
