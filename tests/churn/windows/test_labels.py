"""Labels: by hand, the published counts of a shop, and what must not matter."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.churn.windows.labels import churn_by_cutoff, label, qualifying
from crm_analysis.churn.windows.meeting import check_ids
from crm_analysis.churn.windows.windows import Windows
from crm_analysis.errors import InputError
from crm_analysis.tables.days import day_stamp, local_days
from tests.churn.windows.parts import WINDOWS, ZONE, shop


def log(*rows: tuple[str, str], zone: str = ZONE) -> pd.DataFrame:
    at = pd.to_datetime([day for _, day in rows], format="ISO8601").tz_localize(zone)
    return pd.DataFrame({"customer_id": [name for name, _ in rows], "at": at})


def test_by_hand():
    events = log(("stays", "2012-05-31 23:59"), ("stays", "2012-06-08 00:00"), ("gap only", "2012-05-30"),
                 ("gap only", "2012-06-07 23:59"), ("too late", "2012-05-30"), ("too late", "2012-07-08 00:00"),
                 ("new", "2012-06-01"), ("long gone", "2012-01-01"), ("later still", "2012-08-01"))  # fmt: skip
    y, account = label(events, Windows("2012-05-31", data_end="2012-12-31", outcome=30, gap=7, observation=60))
    assert y.to_dict() == {"gap only": 1, "stays": 0, "too late": 1}
    assert y.dtype == "int64"
    counts = {name: account[name] for name in ("seen", "eligible", "not_seen_lately", "acquired_later", "churned")}
    assert counts == {"seen": 5, "eligible": 3, "not_seen_lately": 1, "acquired_later": 1, "churned": 2}
    assert account["seen"] == account["eligible"] + account["not_seen_lately"] + account["acquired_later"]
    assert account["churn_rate"] == pytest.approx(2 / 3)


@given(st.integers(0, 1000), st.integers(0, 250), st.integers(0, 20), st.integers(1, 80), st.integers(1, 100))
@settings(max_examples=30, deadline=None)
def test_against_one_customer_at_a_time(seed, day, gap, outcome, observation):
    events = qualifying(shop(seed, customers=8))
    cutoff = pd.Timestamp("2012-01-05") + pd.Timedelta(day, "D")
    windows = Windows(cutoff, data_end="2013-12-31", outcome=outcome, gap=gap, observation=observation)
    days = {name: local_days(rows["at"]) - windows.cutoff_day for name, rows in events.groupby("customer_id")}
    expected = {
        name: int(not any(gap < d <= gap + outcome for d in seen))
        for name, seen in days.items()
        if any(-observation < d <= 0 for d in seen)
    }
    if not expected:
        with pytest.raises(InputError, match="no customer"):
            label(events, windows)
        return
    assert label(events, windows)[0].to_dict() == expected


@given(st.integers(0, 1000))
@settings(max_examples=15, deadline=None)
def test_order_of_rows_names_and_the_calendar_do_not_matter(seed):
    events = qualifying(shop(seed, customers=8))
    y, account = label(events, WINDOWS)
    mixed = events.sample(frac=1, random_state=seed)
    pd.testing.assert_series_equal(label(mixed, WINDOWS)[0], y)
    names = {name: f"x{hash(name) % 997}-{name}" for name in events["customer_id"]}
    renamed = label(events.assign(customer_id=events["customer_id"].map(names)), WINDOWS)[0]
    assert renamed.to_dict() == {names[name]: value for name, value in y.items()}
    shift = pd.Timedelta(1000, "D")
    moved = Windows(WINDOWS.cutoff_date + shift, data_end=day_stamp(20_000), outcome=60)
    assert label(events.assign(at=events["at"] + shift), moved)[0].to_dict() == y.to_dict()
    late = events[local_days(events["at"]) > WINDOWS.outcome_end_day]
    pd.testing.assert_series_equal(label(events.drop(late.index), WINDOWS)[0], y)
    assert account["eligible"] == len(y)


def test_the_published_windows_of_the_shop(retail_orders):
    last = Windows("2010-08-31", data_end="2010-12-09", outcome=90, observation=365)
    found = churn_by_cutoff({"orders": retail_orders}, [last, last.at("2010-05-31")])
    assert found["eligible"].tolist() == [2703, 3321]
    assert found["churn_rate"].round(5).tolist() == [0.50462, 0.41915]
    assert found.index.tolist() == [pd.Timestamp("2010-05-31"), pd.Timestamp("2010-08-31")]
    assert (found["churn_rate_low"] < found["churn_rate"]).all()
    assert (found["churn_rate"] < found["churn_rate_high"]).all()


def test_what_counts_as_an_event():
    at = pd.to_datetime(["2012-05-01"] * 4).tz_localize(ZONE)
    orders = pd.DataFrame({"customer_id": list("abcd"), "ordered_at": at, "amount": [1.0, 0.0, -1.0, 5.0],
                           "status": ["", "", "", "cancelled"], "extra": [[], {}, 1, "x"]})  # fmt: skip
    events = pd.DataFrame({"customer_id": list("xy"), "action": ["buy", "view"], "happened_at": at[:2]})
    assert sorted(qualifying({"orders": orders})["customer_id"]) == ["a", "b"]
    assert sorted(qualifying({"orders": orders, "events": events})["customer_id"]) == ["a", "b"]
    assert sorted(qualifying({"events": events})["customer_id"]) == ["x"]
    assert sorted(qualifying({"orders": orders, "events": events}, event="any")["customer_id"]) == ["a", "b", "x", "y"]
    with pytest.raises(InputError, match="no event"):
        qualifying({"events": events.iloc[1:]})
    with pytest.raises(InputError, match="event='visit'"):
        qualifying({"orders": orders}, event="visit")
    with pytest.raises(InputError, match="different zones"):
        qualifying({"orders": orders, "events": events.assign(happened_at=at[:2].tz_convert("UTC"))}, event="any")


def test_cutoffs_outside_the_data_and_events_that_cannot_be_used():
    events = log(("a", "2012-05-01"))
    with pytest.raises(InputError, match="no customer has an event"):
        label(events, Windows("2012-03-31", data_end="2012-12-31"))
    with pytest.raises(InputError, match="customer_id has blanks"):
        label(events.assign(customer_id=None), WINDOWS)
    with pytest.raises(InputError, match="at has no time zone"):
        label(events.assign(at=pd.Timestamp("2012-05-01")), WINDOWS)
    with pytest.raises(InputError, match="at is missing"):
        label(events[["customer_id"]], WINDOWS)


def test_windows_that_cannot_be_compared_and_one_alone():
    with pytest.raises(InputError, match="no windows"):
        churn_by_cutoff(shop(), [])
    with pytest.raises(InputError, match="a cutoff stands twice"):
        churn_by_cutoff(shop(), [WINDOWS, WINDOWS])
    with pytest.raises(InputError, match="different lengths"):
        churn_by_cutoff(shop(), [WINDOWS, Windows("2012-04-30", data_end="2012-12-31", outcome=7)])
    assert len(churn_by_cutoff(shop(), WINDOWS)) == 1


def test_long_numbers_as_ids_stay_apart_and_floats_that_lost_digits_are_refused():
    ids = np.array([2**62 + 1, 2**62 + 2, 2**62 + 3])
    at = pd.to_datetime(["2012-05-01", "2012-05-02", "2012-06-03"]).tz_localize(ZONE)
    events = pd.DataFrame({"customer_id": ids, "at": at})
    assert label(events, WINDOWS)[0].index.tolist() == ids[:2].tolist()
    with pytest.raises(InputError, match="last digits are lost"):
        label(events.assign(customer_id=ids.astype("float64")), WINDOWS)
    with pytest.raises(InputError, match="do not meet"):
        label(events.assign(customer_id=pd.Series([1, "1", 2], dtype="object")), WINDOWS)
    check_ids({"orders": events, "tickets": pd.DataFrame({"customer_id": pd.Series([None], dtype="object")})})
