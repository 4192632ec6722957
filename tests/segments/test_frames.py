import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_analysis import segments
from crm_analysis.errors import InputError
from crm_analysis.segments import frames, periods
from crm_analysis.tables import About, from_frames

NAMED = {
    "missing": lambda log: log.drop(columns="at"),
    "has blanks": lambda log: log.assign(customer_id=[None] + ["a"] * (len(log) - 1)),
    "not datetimes": lambda log: log.assign(at="2010-01-01"),
    "amount' has blanks": lambda log: log.assign(amount=[np.nan] + [1.0] * (len(log) - 1)),
    "not numbers": lambda log: log.assign(amount="ten"),
    "no row": lambda log: log.iloc[:0],
}


@pytest.mark.parametrize("message", NAMED)
def test_a_log_that_cannot_be_used_is_refused_with_the_reason(make_log, message):
    with pytest.raises(InputError, match=f"a measure.*{message}"):
        frames.code(NAMED[message](make_log()), measure="a measure")


def test_all_problems_come_in_one_message(make_log):
    log = make_log().assign(at="soon", customer_id=None)
    with pytest.raises(InputError) as caught:
        frames.code(log, measure="a measure")
    assert "customer_id" in str(caught.value)
    assert "not datetimes" in str(caught.value)


def test_days_whose_midnight_is_skipped_are_days():
    """Clocks in Sao Paulo went from 23:59:59 on 3 November 2018 to 01:00 on the 4th."""
    zone = "America/Sao_Paulo"
    at = pd.date_range("2018-10-20 12:00", "2018-11-20 12:00", freq="12h", tz=zone)
    log = pd.DataFrame({"customer_id": [str(n % 3) for n in range(len(at))], "at": at, "amount": 1.0})
    assert frames.day_number("2018-11-04", zone) == frames.day_number("2018-11-04")
    assert segments.rfm(log, as_of="2018-11-04").as_of == pd.Timestamp("2018-11-04")
    assert segments.by_period(log, start="2018-11-04", end="2018-11-20", period="week")["orders"].sum() == len(log)
    assert segments.by_hour(log, start="2018-11-04", end="2018-11-04")["rows"].sum() == 2
    orders = log.rename(columns={"at": "ordered_at"}).assign(order_id=range(len(at)))
    data = from_frames({"orders": orders}, About("shop", zone=zone))
    assert segments.purchases(data).days == 32


def test_by_day_agrees_with_groupby(make_log):
    log = make_log(3)
    days = frames.code(log, measure="x").by_day()
    keys = [log["customer_id"], log["at"].dt.date]
    assert days["orders"].tolist() == log.groupby(keys).size().tolist()
    np.testing.assert_allclose(days["amount"], log.groupby(keys)["amount"].sum())


@pytest.mark.parametrize(
    ("start", "end", "needed", "enough"),
    [
        ("2017-11-25 23:00", "2017-11-26 01:00", 2, False),
        ("2017-11-25 10:00", "2017-11-26 22:00", 2, True),
        ("2017-11-25 00:00", "2017-11-26 00:00", 2, True),
        ("2017-11-25 00:00", "2017-11-30 23:00", 6, True),
        ("2017-11-25 00:00", "2017-11-30 23:00", 7, False),
    ],
)
def test_two_hours_around_midnight_are_not_two_days(start, end, needed, enough):
    span = {"start": pd.Timestamp(start), "end": pd.Timestamp(end)}
    if enough:
        assert frames.needs_days("cohorts", needed=needed, **span) is None
    else:
        with pytest.raises(InputError, match=f"cohorts: this measure needs at least {needed} days"):
            frames.needs_days("cohorts", needed=needed, **span)


@given(st.integers(-4000, 30000), st.sampled_from(list(periods.DAYS)))
def test_a_day_lies_in_its_period(day, period):
    number = int(periods.number(np.array([day]), period)[0])
    assert periods.first_day(number, period) <= day < periods.first_day(number + 1, period)


@given(st.integers(0, 20000))
def test_labels_agree_with_pandas(day):
    stamp = frames.day_stamp(day)
    expected = {
        "day": f"{stamp:%Y-%m-%d}", "month": f"{stamp:%Y-%m}", "year": f"{stamp:%Y}",
        "week": f"{stamp - pd.Timedelta(stamp.weekday(), 'D'):%Y-%m-%d}", "quarter": f"{stamp.year}Q{stamp.quarter}",
    }  # fmt: skip
    found = {period: periods.label(periods.number(np.array([day]), period), period)[0] for period in periods.DAYS}
    assert found == expected


def test_an_unknown_period_is_named():
    with pytest.raises(InputError, match="did you mean 'month'"):
        periods.check_period("mont")


def test_a_period_is_whole_only_if_all_its_days_are():
    start, month = pd.Timestamp("2010-01-01"), periods.number(np.array([frames.day_number("2010-01-15")]), "month")
    ends = ["2010-01-31 12:00", "2010-01-31 23:59:59", "2010-02-01"]
    assert [bool(periods.is_partial(month, "month", start, pd.Timestamp(end))[0]) for end in ends] == [
        True,
        False,
        False,
    ]
    assert periods.is_partial(month, "month", pd.Timestamp("2010-01-01 08:00"), pd.Timestamp("2010-03-01"))[0]
