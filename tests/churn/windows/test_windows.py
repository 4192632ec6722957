"""Windows: spans of days, what is refused, days on which clocks change, the windows of a data set."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_analysis.churn.windows.windows import Windows, first_moment
from crm_analysis.churn.windows.windows_for import windows_for
from crm_analysis.errors import InputError
from crm_analysis.tables import About, from_frames
from crm_analysis.tables.days import day_number, day_stamp, local_days


def test_spans_are_half_open_and_meet():
    windows = Windows("2012-05-31", data_end="2012-12-31", outcome=30, gap=7, observation=90)
    days = [windows.first_day, windows.cutoff_day, windows.outcome_first_day, windows.outcome_end_day]
    assert [f"{day_stamp(day):%m-%d}" for day in days] == ["03-03", "05-31", "06-08", "07-07"]
    assert windows.cutoff_day - windows.first_day + 1 == 90
    assert windows.outcome_end_day - windows.outcome_first_day + 1 == 30
    assert "间隔 7 天" in windows.text("zh")
    assert "a gap of 7 days" in windows.text("en")


def test_the_latest_cutoff_ends_with_the_data():
    late = Windows("2012-05-31", data_end="2012-12-31", outcome=30).now()
    assert late.outcome_end_day == day_number("2012-12-31")
    with pytest.raises(InputError, match="after the data"):
        late.at(late.cutoff_date + pd.Timedelta(1, "D"))


@pytest.mark.parametrize(
    ("changed", "match"),
    [
        ({"outcome": 0}, "outcome=0"),
        ({"outcome": 30.0}, "outcome=30.0"),
        ({"outcome": True}, "outcome=True"),
        ({"outcome": None}, "outcome=None"),
        ({"gap": -1}, "gap=-1"),
        ({"observation": 0, "gap": "3"}, "gap='3', observation=0"),
        ({"cutoff": "2013-01-01"}, "lies outside the data"),
        ({"cutoff": "2012-12-20"}, "ends on 2013-01-19, after the data"),
        ({"cutoff": "2011-12-31", "data_start": "2012-01-01"}, "lies before the data"),
        ({"data_start": "2013-06-01"}, "before they begin"),
        ({"cutoff": None}, "cutoff=None is no day"),
        ({"cutoff": pd.NaT}, "is no day"),
        ({"cutoff": 20120531}, "cutoff=20120531 is no day"),
        ({"cutoff": "2012-02-30"}, "is no day"),
        ({"cutoff": "05/06/2012"}, "two days"),
        ({"cutoff": "2012-05-31 14:30"}, "a moment within a day"),
        ({"data_end": pd.Timestamp("2012-12-30 20:01")}, "a moment within a day"),
    ],
)
def test_what_is_no_window_is_refused(changed, match):
    given_ = {"cutoff": "2012-05-31", "data_end": "2012-12-31", "outcome": 30} | changed
    with pytest.raises(InputError, match=match):
        Windows(given_.pop("cutoff"), **given_)


def test_days_may_be_given_in_many_ways():
    plain = Windows("2012-05-31", data_end="2012-12-31 23:59:59", outcome=np.int64(30))
    for day in (
        datetime.date(2012, 5, 31),
        np.datetime64("2012-05-31"),
        pd.Timestamp("2012-05-31", tz="Asia/Shanghai"),
    ):
        assert plain.at(day).cutoff_day == plain.cutoff_day
    assert plain.latest_day == day_number("2012-12-01")


@given(
    st.sampled_from(["America/Sao_Paulo", "Europe/London", "America/Havana", "Asia/Shanghai", "Pacific/Apia"]),
    st.integers(day_number("2010-01-01"), day_number("2018-12-31")),
)
def test_rows_up_to_the_cutoff_are_those_of_its_local_days_whatever_the_clocks_do(zone, day):
    begin = pd.Timestamp(day_stamp(day), tz="UTC")
    times = pd.Series(pd.date_range(begin - pd.Timedelta(30, "h"), periods=240, freq="30min")).dt.tz_convert(zone)
    windows = Windows(day_stamp(day), data_end="2030-01-01", outcome=1)
    assert ((times < windows.ends(times)).to_numpy() == (local_days(times) <= day)).all()


def test_a_midnight_that_is_skipped_moves_on():
    times = pd.Series(pd.to_datetime(["2017-10-14"])).dt.tz_localize("America/Sao_Paulo")
    assert first_moment(day_number("2017-10-15"), times).hour == 1
    assert first_moment(day_number("2017-10-16"), times) == pd.Timestamp("2017-10-16", tz=ZoneInfo("America/Sao_Paulo"))


def data(window: list[str], times: list[str] = ["2012-03-01", "2012-11-30"], zone: str = "Asia/Shanghai"):  # noqa: B006
    orders = pd.DataFrame({"order_id": range(len(times)), "customer_id": "a", "ordered_at": times, "amount": 9.0})
    return from_frames({"orders": orders}, About("shop", window=window, zone=zone))


@pytest.mark.parametrize(
    ("window", "first", "last"),
    [
        (["2012-01-01", "2012-12-31"], "2012-01-01", "2012-12-31"),
        (["2012-01-01 00:00:00", "2012-12-31 23:59:59"], "2012-01-01", "2012-12-31"),
        (["2012-01-01 08:00:00", "2012-12-31 12:00:00"], "2012-01-02", "2012-12-30"),  # parts of days do not count
        ([], "2012-03-01", "2012-11-30"),  # nothing stated: the days seen
    ],
)
def test_windows_of_a_data_set_lie_in_its_complete_days(window, first, last):
    found = windows_for(data(window), outcome=60, gap=5)
    assert (day_number(found.data_start), day_number(found.data_end)) == (day_number(first), day_number(last))
    assert found.outcome_end_day == day_number(last)


def test_windows_of_a_data_set_with_a_cutoff_of_its_own():
    assert windows_for(data([]), outcome=30, cutoff="2012-06-30").cutoff_date == pd.Timestamp("2012-06-30")
    with pytest.raises(InputError, match="after the data"):
        windows_for(data([]), outcome=90, cutoff="2012-10-31")
    with pytest.raises(InputError, match="275 days are too few"):
        windows_for(data([]), outcome=300)
    with pytest.raises(InputError, match="states no days"):
        windows_for({"orders": pd.DataFrame()})
    with pytest.raises(InputError, match="outcome='90'"):
        windows_for(data([]), outcome="90")


def test_the_sample_company_has_ninety_days_of_outcome(company):
    found = windows_for(company, outcome=90)
    assert found.text("en") == "known from 2011-07-01 to 2012-10-02, outcome from 2012-10-03 to 2012-12-31 (90 days)"


def test_contracts_alone_are_pointed_to_their_own_sample():
    contracts = pd.DataFrame({"account_id": ["a"], "customer_id": ["a"], "started_on": pd.to_datetime(["2012-01-01"])})
    with pytest.raises(InputError, match=r"(?s)contracts, but neither.*Windows\(.*make_contract_sample"):
        windows_for(from_frames({"contracts": contracts}, About("network")))
