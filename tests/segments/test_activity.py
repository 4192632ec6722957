import numpy as np
import pandas as pd
import pytest

from crm_analysis.errors import InputError
from crm_analysis.segments import WEEKDAYS, by_hour, by_month, by_weekday, week_hours

YEAR = {"start": "2010-01-01", "end": "2010-12-31"}


def test_hours_are_those_of_the_zone_and_average_over_whole_days(make_log):
    log = make_log(1, rows=3000, zone="Asia/Shanghai")
    table = by_hour(log, **YEAR)
    counts = log["at"].dt.hour.value_counts()
    assert table["rows"].tolist() == [counts.get(hour, 0) for hour in range(24)]
    assert table["per_day"].tolist() == pytest.approx((table["rows"] / 365).tolist())
    daily = log[log["at"].dt.hour == 9].groupby(log["at"].dt.day_of_year).size().reindex(range(1, 366), fill_value=0)
    error = 1.966503 * daily.std() / np.sqrt(365)  # Student, 364 degrees of freedom
    assert table.loc[9, "per_day_high"] - table.loc[9, "per_day"] == pytest.approx(error, rel=1e-5)


def test_cut_days_do_not_enter(make_log):
    log = make_log(1, rows=3000)
    cut = by_hour(log, start="2010-01-01 15:00", end="2010-12-31 11:00")
    assert cut["whole_days"].iloc[0] == 363
    inside = log[(log["at"] >= "2010-01-02") & (log["at"] < "2010-12-31")]
    assert cut["rows"].sum() == len(inside)


def test_one_day_has_no_interval(make_log):
    table = by_hour(make_log(1, days=1), start="2010-01-01", end="2010-01-01")
    assert table["per_day_low"].isna().all()
    assert table["whole_days"].eq(1).all()


def test_weekdays_are_averaged_not_summed():
    """Nine days of 10 rows each: Saturday and Sunday occur twice and are no busier for that."""
    at = pd.date_range("2017-11-25", periods=90, freq="144min")
    table = by_weekday(pd.DataFrame({"customer_id": "a", "at": at}), start="2017-11-25", end="2017-12-03")
    assert table["whole_days"].tolist() == [1, 1, 1, 1, 1, 2, 2]
    assert table["per_day"].tolist() == pytest.approx([10] * 7)
    assert table["rows"].tolist() == [10] * 5 + [20] * 2
    assert table["share"].sum() == pytest.approx(1)


def test_weekday_intervals_follow_the_quasi_poisson_formula_of_statsmodels(make_log):
    import statsmodels.api as sm
    from statsmodels.tools.sm_exceptions import DomainWarning

    log = make_log(1, rows=3000)
    table = by_weekday(log, **YEAR)
    daily = (
        log.groupby(log["at"].dt.normalize())
        .size()
        .reindex(pd.date_range("2010-01-01", "2010-12-31", tz="UTC"), fill_value=0)
    )
    weekday = daily.index.day_of_week
    family = sm.families.Poisson(sm.families.links.Identity())
    with pytest.warns(DomainWarning):  # the identity link may leave the domain; here it does not
        model = sm.GLM(daily.to_numpy(), pd.get_dummies(weekday).to_numpy(float), family)
    fit = model.fit(scale="X2", use_t=True)
    np.testing.assert_allclose(table["per_day"], fit.params)
    np.testing.assert_allclose(table[["per_day_low", "per_day_high"]], fit.conf_int(), rtol=1e-6)
    assert list(table.index) == list(WEEKDAYS)


def test_seven_days_alone_have_no_interval(make_log):
    table = by_weekday(make_log(1, days=7), start="2010-01-01", end="2010-01-07")
    assert table["per_day_high"].isna().all()


def test_week_hours_hold_both_profiles(make_log):
    log = make_log(1, rows=3000)
    table = week_hours(log, **YEAR)
    assert table.sum(axis=1).tolist() == pytest.approx(by_weekday(log, **YEAR)["per_day"].tolist())


def test_months_of_different_length_are_compared_per_day(make_log):
    log = make_log(1, rows=3000)
    table = by_month(log, **YEAR)
    assert table["whole_days"].tolist() == [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    assert table["rows"].sum() == len(log)
    assert table["money"].sum() == pytest.approx(log["amount"].sum())
    assert np.average(table["season_index"], weights=table["whole_days"]) == pytest.approx(1)
    assert not table["partial"].any()
    march = log[log["at"].dt.month == 3]
    assert table.loc["2010-03", "customers"] == march["customer_id"].nunique()
    assert by_month(log, start="2010-01-01", end="2010-12-15")["partial"].tolist() == [False] * 11 + [True]


@pytest.mark.parametrize(
    ("measure", "words"),
    [(by_hour, "hour profile: .* 1 whole day of"), (by_weekday, "weekday profile: .* 7 whole days of"),
     (week_hours, "weekday profile"), (by_month, "months: .* 2 whole days of")],
)  # fmt: skip
def test_short_data_are_refused_by_name(slice_of_two_hours, measure, words):
    with pytest.raises(InputError, match=f"{words}.*these data span 2 hours" if "whole" in words else words):
        measure(slice_of_two_hours)
    with pytest.raises(InputError, match="these data span 2 hours"):
        measure(slice_of_two_hours, start="2017-11-25", end="2017-11-25")


def test_days_without_a_time_have_no_hours(make_log):
    log = make_log(1)
    log = log.assign(at=log["at"].dt.normalize())
    for measure in (by_hour, week_hours):
        with pytest.raises(InputError, match="days without an hour"):
            measure(log, **YEAR)
    assert by_weekday(log, **YEAR)["rows"].sum() == len(log)


def test_taobao_t2(taobao):
    window = {"start": "2017-11-25", "end": "2017-12-03"}
    table = by_hour(taobao, **window)
    assert table["per_day"].idxmax() == 21
    assert table["rows"].sum() == 99957
    assert by_weekday(taobao, **window)["whole_days"].tolist() == [1, 1, 1, 1, 1, 2, 2]
    in_utc = taobao.assign(at=taobao["at"].dt.tz_convert("UTC"))
    assert in_utc["at"].dt.hour.value_counts().idxmax() == 13
