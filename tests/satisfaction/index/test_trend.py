"""The index over time: calendar periods in the data's zone, changes, gaps."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.index.segments import index_by_segment
from crm_analysis.satisfaction.index.trend import index_trend
from crm_analysis.satisfaction.pls.estimator import PLS
from crm_analysis.words import all_words


@pytest.fixture
def fitted(sample_model, sample_survey) -> PLS:
    return PLS(sample_model).fit(sample_survey)


def moments_of(starts: list[str], survey: pd.DataFrame) -> pd.Series:
    """The starts in equal shares, in China's time."""
    days = pd.Series(pd.to_datetime(np.resize(starts, len(survey)), format="mixed"), survey.index)
    return days.dt.tz_localize("Asia/Shanghai")


def test_periods_are_segments_and_changes_their_differences(fitted, sample_survey):
    at = moments_of(["2024-01-10", "2024-02-10", "2024-03-31 23:30"], sample_survey)
    found = index_trend(fitted, at, draws=100, seed=2)
    segments = index_by_segment(fitted, at.dt.strftime("%Y-%m"), construct="satisfaction", draws=100, seed=2)
    assert found.table["period"].tolist() == ["2024-01", "2024-02", "2024-03"]
    values = ["index_value", "index_value_low", "index_value_high", "index_sd"]
    np.testing.assert_allclose(found.table[values], segments.table[values])
    np.testing.assert_allclose(found.table["index_change"].iloc[1:], np.diff(found.table["index_value"]))
    assert np.isnan(found.table["index_change"].iloc[0])
    assert found.table["p_holm"].iloc[1:].between(0, 1).all()


def test_days_are_those_of_the_zone(fitted, sample_survey):
    at = moments_of(["2024-05-01 00:30", "2024-05-02 23:59"], sample_survey)
    found = index_trend(fitted, at, period="day", draws=0)
    assert found.table["period"].tolist() == ["2024-05-01", "2024-05-02"]
    assert index_trend(fitted, at.dt.tz_convert("UTC"), period="day", draws=0).table["period"].iloc[0] == "2024-04-30"


@pytest.mark.parametrize(
    ("period", "labels"),
    [("week", ["2023-12-25", "2024-01-01"]), ("quarter", ["2023Q4", "2024Q1"]), ("year", ["2023", "2024"])],
)
def test_labels_of_periods(fitted, sample_survey, period, labels):
    at = moments_of(["2023-12-31", "2024-01-01"], sample_survey)
    assert index_trend(fitted, at, period=period, draws=0).table["period"].tolist() == labels


def test_empty_periods_stand_blank_and_changes_pass_over_them(fitted, sample_survey):
    at = moments_of(["2024-01-10", "2024-04-10"], sample_survey).where(np.arange(500) != 0)
    found = index_trend(fitted, at, construct=["satisfaction", "loyalty"], draws=0)
    one = found.table[found.table["construct"] == "loyalty"]
    assert one["respondents"].tolist() == [249, 0, 0, 250]
    assert one["index_value"].isna().tolist() == [False, True, True, False]
    assert one["index_change"].notna().tolist() == [False, False, False, True]
    assert found.undated == 1


def test_a_drop_is_found_and_told(sample_model, sample_survey):
    late = np.arange(500) >= 250
    items = list(sample_model.items)
    lower = sample_survey[items].sub(np.where(late, 2, 0), axis=0).clip(1, 10)
    at = pd.Series(np.where(late, "2024-02-01", "2024-01-01"), sample_survey.index).astype("datetime64[us]")
    found = index_trend(PLS(sample_model).fit(lower), at, draws=300)
    assert found.table["index_change_high"].iloc[1] < -10
    assert "2024-02 -" in found.text("en")
    assert "显著" in found.text("zh")
    assert "who answers may have changed" in found.text("en")


def test_words_for_all_that_shows(fitted, sample_survey):
    table = index_trend(fitted, moments_of(["2024-01-10", "2024-02-10"], sample_survey), draws=10).table
    assert {name.removesuffix("_low").removesuffix("_high") for name in table} <= set(all_words())


def test_faults_are_told(fitted, sample_survey):
    at = moments_of(["2024-01-10"], sample_survey)
    with pytest.raises(InputError, match="did you mean 'month'"):
        index_trend(fitted, at, period="months")
    with pytest.raises(InputError, match="at holds no times"):
        index_trend(fitted, at.astype(str))
    with pytest.raises(InputError, match="at holds no times"):
        index_trend(fitted, at.where(at.isna()))
    assert index_trend(fitted, at, draws=0).table["index_change"].isna().all()


def test_one_period_is_not_called_unchanged(fitted, sample_survey):
    found = index_trend(fitted, moments_of(["2024-01-10"], sample_survey), draws=20)
    assert "no difference to be tested" in found.text("en")
    assert "超出偶然" not in found.text("zh")
