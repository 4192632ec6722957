"""Texts into moments: formats, offsets, changes of the clock, what cannot be read."""

from __future__ import annotations

import datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.errors import InputError
from crm_analysis.tables.times import FORMATS, guess_formats, localize, parse_times


def read(*texts, zone="UTC", **options):
    found = parse_times(pd.Series(list(texts)), zone=zone, **options)
    assert str(found.dtype) == f"datetime64[us, {zone}]"
    return [None if pd.isna(moment) else moment.isoformat() for moment in found]


MOMENTS = st.datetimes(datetime.datetime(1971, 1, 1), datetime.datetime(2037, 12, 31))


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(FORMATS), st.lists(MOMENTS, min_size=3, max_size=8, unique_by=lambda moment: moment.date()))
def test_every_format_reads_what_it_writes_or_says_that_it_cannot_tell(form, moments):
    if "%y" in form:
        moments = [moment.replace(year=max(1970, moment.year)) for moment in moments]
    texts = [moment.strftime(form) for moment in moments]
    expected = [datetime.datetime.strptime(text, form).isoformat() + "+00:00" for text in texts]
    try:
        found = read(*texts)
    except InputError as error:
        found = error.what
    assert found == expected or "which number is the month" in found


@pytest.mark.parametrize(
    ("texts", "first"),
    [
        (["Nov 25, 2017", "Dec 1, 2017"], "2017-11-25T00:00:00+00:00"),
        (["25-11-2017", "01-12-2017"], "2017-11-25T00:00:00+00:00"),
        (["25-11-2017 10:00", "01-12-2017 11:30"], "2017-11-25T10:00:00+00:00"),
        (["2017年11月25日", "2017年12月1日"], "2017-11-25T00:00:00+00:00"),
        (["12/1/2010 8:26", "12/13/2010 9:02"], "2010-12-01T08:26:00+00:00"),
        (["11/25/2017 09:30:00 PM", "11/26/2017 01:00:00 AM"], "2017-11-25T21:30:00+00:00"),
        (["20171125", "20171126"], "2017-11-25T00:00:00+00:00"),
        ([20171125, 20171126], "2017-11-25T00:00:00+00:00"),
        ([20171125.0, None], "2017-11-25T00:00:00+00:00"),
        ([datetime.date(2017, 11, 25), None], "2017-11-25T00:00:00+00:00"),
        ([datetime.datetime(2017, 11, 25, 3), None], "2017-11-25T03:00:00+00:00"),
        (["9999-12-31", "2017-11-25"], "9999-12-31T00:00:00+00:00"),
        ([" 2017-11-25 ", ""], "2017-11-25T00:00:00+00:00"),
    ],
)
def test_formats_met_in_practice(texts, first):
    assert read(*texts)[0] == first


def test_one_column_may_hold_days_minutes_and_parts_of_a_second():
    texts = ["2017-11-25 00:30:00", "2017-11-25 00:30:00.500", "2017-11-25 00:30", "2017-11-25", "2017-11-25T00:31:00"]
    assert read(*texts) == [f"2017-11-25T{clock}+00:00" for clock in
                            ("00:30:00", "00:30:00.500000", "00:30:00", "00:00:00", "00:31:00")]  # fmt: skip


def test_another_order_of_day_and_month_is_not_read():
    assert read("2017-11-25", "2017-11-26", "25/11/2017", "soon") == [
        "2017-11-25T00:00:00+00:00", "2017-11-26T00:00:00+00:00", None, None
    ]  # fmt: skip


@pytest.mark.parametrize("offset", ["+08:00", "+0800", "+08", " +08:00", " +0800"])
def test_an_offset_names_its_own_moment(offset):
    assert read(f"2017-11-25 08:30:00{offset}", zone="Europe/Berlin") == ["2017-11-25T01:30:00+01:00"]


@pytest.mark.parametrize("mark", ["Z", " UTC", "UTC", " GMT", "+00", "-00:00"])
def test_universal_time_has_many_names(mark):
    assert read(f"2017-11-25T00:30:00{mark}", zone="Asia/Shanghai") == ["2017-11-25T08:30:00+08:00"]


def test_offsets_and_local_times_may_be_mixed_whatever_the_index():
    texts = pd.Series(
        ["2017-11-25 00:30:00+08:00", "2017-11-25 00:30:00", "2017-11-24T16:30:00Z", "x"], index=[0, 0, 1, 1]
    )
    found = parse_times(texts, zone="Asia/Shanghai")
    assert found.index.tolist() == [0, 0, 1, 1]
    assert (found.iloc[:3] == found.iloc[0]).all()
    assert pd.isna(found.iloc[3])


def test_offsets_in_no_known_format_are_refused_with_the_way_to_name_it():
    with pytest.raises(InputError, match="%z"):
        read("11/25/2017 00:30 +0800")
    assert read("11/25/2017 00:30 +0800", form="%m/%d/%Y %H:%M %z") == ["2017-11-24T16:30:00+00:00"]


def test_where_clocks_go_forward_the_next_hour_that_exists_is_taken():
    assert read("2017-03-26 02:30:00", zone="Europe/Berlin") == ["2017-03-26T03:00:00+02:00"]


def test_where_clocks_go_back_the_first_of_the_two_hours_is_taken():
    assert read("2017-10-29 02:30:00", zone="Europe/Berlin") == ["2017-10-29T02:30:00+02:00"]
    assert read("2017-11-05 01:30:00", zone="America/New_York") == ["2017-11-05T01:30:00-04:00"]


def test_china_had_summer_time_once():
    assert read("1990-07-01 12:00:00", "2017-07-01 12:00:00", zone="Asia/Shanghai") == [
        "1990-07-01T12:00:00+09:00", "2017-07-01T12:00:00+08:00"
    ]  # fmt: skip


def test_moments_of_a_frame_are_taken_over():
    naive = pd.Series(pd.to_datetime(["2017-11-25 08:00", None]))
    assert parse_times(naive, zone="Asia/Shanghai")[0].isoformat() == "2017-11-25T08:00:00+08:00"
    aware = naive.dt.tz_localize("UTC").dt.as_unit("ns")
    found = parse_times(aware, zone="Asia/Shanghai")
    assert found[0].isoformat() == "2017-11-25T16:00:00+08:00"
    assert str(found.dtype) == "datetime64[us, Asia/Shanghai]"
    assert localize(naive, "UTC").isna().tolist() == [False, True]


def test_a_category_of_texts_is_read():
    assert parse_times(pd.Series(["2017-11-25", "x"], dtype="category"), zone="UTC").isna().tolist() == [False, True]


@pytest.mark.parametrize("nothing", [["", None], ["NULL", "NULL"], ["null"], [pd.NA], [np.nan], []])
def test_nothing_is_no_time_and_no_error(nothing):
    assert read(*nothing) == [None] * len(nothing)


@pytest.mark.parametrize("texts", [["soon"], [1511544070, 1511544071], ["2017-13-45"], ["2017-11-25", "x", "y", "z"]])
def test_what_no_format_reads_is_refused_with_an_example(texts):
    with pytest.raises(InputError, match="cannot be read") as caught:
        parse_times(pd.Series(texts, name="ordered_at"), zone="UTC", where="shop.csv")
    assert "'ordered_at'" in caught.value.what
    assert str(texts[0]) in caught.value.what
    assert caught.value.where == "shop.csv"


def test_day_and_month_that_cannot_be_told_apart_are_refused():
    with pytest.raises(InputError, match="which number is the month") as caught:
        read("1/2/2010", "3/4/2010")
    assert "'%m/%d/%Y' or '%d/%m/%Y'" in caught.value.mend
    assert read("1/2/2010", "3/4/2010", form="%d/%m/%Y")[0] == "2010-02-01T00:00:00+00:00"


def test_day_and_month_that_are_the_same_need_not_be_told_apart():
    assert read("1/1/2010", "2/2/2010") == ["2010-01-01T00:00:00+00:00", "2010-02-02T00:00:00+00:00"]


def test_one_day_above_twelve_in_a_long_column_tells_which_is_the_month():
    """The one that tells may not be among those looked at first."""
    texts = [f"{1 + day % 12}/{1 + day % 11}/{1950 + day % 90}" for day in range(5000)] + ["25/2/2010"]
    assert read(*texts)[-1] == "2010-02-25T00:00:00+00:00"


@pytest.mark.parametrize(("form", "said"), [("%Q", "cannot be used"), ("%d.%m.%Y", "cannot be read")])
def test_a_format_that_does_not_work_is_named(form, said):
    with pytest.raises(InputError, match=said):
        read("2017-11-25", form=form)


def test_guesses_need_half_of_the_column():
    assert guess_formats(pd.Series(["2017-11-25", "x"])) == ["%Y-%m-%d"]
    assert guess_formats(pd.Series(["2017-11-25", "x", "y"])) == []
    assert guess_formats(pd.Series([None], dtype="str")) == []
