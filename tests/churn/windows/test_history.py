"""What was known at the cutoff: cut by hand, and the same whatever the future is."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.churn.windows.futures import FUTURES, future, touched
from crm_analysis.churn.windows.history import history
from crm_analysis.churn.windows.windows import Windows
from crm_analysis.errors import InputError
from tests.churn.windows.parts import WINDOWS, ZONE, shop

SPANS = Windows("2012-05-31", data_end="2012-12-31", observation=60)


def times(*texts: str | None) -> pd.Series:
    return pd.Series(pd.to_datetime(list(texts)).tz_localize(ZONE))


@given(st.integers(0, 10_000), st.sampled_from(FUTURES), st.integers(0, 300))
@settings(max_examples=40, deadline=None)
def test_history_is_the_same_whatever_the_future_is(seed, kind, day):
    tables = shop(seed, customers=8)
    windows = WINDOWS.at(pd.Timestamp("2012-01-02") + pd.Timedelta(day, "D"))
    before, after = history(tables, windows), history(future(tables, windows, kind), windows)
    for name, frame in before.items():
        pd.testing.assert_frame_equal(frame.reset_index(drop=True), after[name].reset_index(drop=True))


@given(st.integers(0, 10_000))
@settings(max_examples=10, deadline=None)
def test_history_keeps_every_row_of_its_days_and_the_callers_frames(seed):
    tables = shop(seed, customers=8)
    copies = {name: frame.copy() for name, frame in tables.items()}
    known = history(tables, SPANS)
    ordered = tables["orders"]["ordered_at"]
    kept = (ordered >= pd.Timestamp("2012-04-02", tz=ZONE)) & (ordered < pd.Timestamp("2012-06-01", tz=ZONE))
    assert known["orders"].index.tolist() == tables["orders"].index[kept].tolist()
    assert len(known["customers"]) == len(tables["customers"])
    for name, frame in tables.items():
        pd.testing.assert_frame_equal(frame, copies[name])


def test_the_last_second_of_the_cutoff_is_known_and_the_next_is_not():
    orders = pd.DataFrame({"ordered_at": times("2012-05-31 23:59:59", "2012-06-01 00:00:00"), "amount": [1, 2]})
    assert history({"orders": orders}, SPANS)["orders"]["amount"].tolist() == [1]


def test_what_comes_later_of_a_row_is_blank():
    tables = {
        "tickets": pd.DataFrame({
            "opened_at": times("2012-05-30", "2012-05-30", "2012-05-30"),
            "resolved_at": times("2012-05-31", "2012-06-01", None),
            "first_reply_at": times("2012-05-30", "2012-05-30", "2012-06-02"), "csat": [5, 4, None],
        }),
        "contacts": pd.DataFrame({
            "sent_at": times("2012-05-30"), "opened_at": times("2012-05-31"), "clicked_at": times("2012-06-01"),
            "converted_at": times("2012-06-02"), "value": [9.0],
        }),
        "contracts": pd.DataFrame({
            "started_on": times("2012-01-01", "2011-05-30"), "ends_on": times("2012-12-31", "2012-05-30"),
            "ended_on": times("2012-08-01", None), "renewed": [False, True],
        }),
        "posts": pd.DataFrame({"posted_at": times("2012-05-01"), "adopted_at": times("2012-06-01")}),
        "ratings": pd.DataFrame({"rated_at": times("2012-05-01"), "stars": [5], "helpful_votes": [7]}),
        "sellers": pd.DataFrame({"opened_at": times("2010-05-01"), "closed_at": times("2012-07-01"), "orders": [70]}),
        "orders": pd.DataFrame({"ordered_at": times("2012-05-28 12:00", "2012-05-31 12:00"), "amount": [1.0, 1.0],
                                "delivery_days": [3, 1]}),
        "prices": pd.DataFrame({"at": times("2012-05-31", "2012-06-01"), "price": [1.0, 2.0]}),
        "watches": pd.DataFrame({"customer_id": ["a"]}),
    }  # fmt: skip
    known = history(tables, SPANS)
    assert known["tickets"].notna().to_numpy().tolist() == [
        [True] * 4,
        [True, False, True, False],
        [True] + [False] * 3,
    ]
    assert known["contacts"].notna().to_numpy().tolist() == [[True, True, False, False, False]]
    assert known["contracts"].notna().to_numpy().tolist() == [[True, True, False, False], [True, True, False, True]]
    assert known["posts"]["adopted_at"].isna().all()
    assert known["ratings"]["helpful_votes"].isna().all()
    assert known["sellers"][["closed_at", "orders"]].isna().all(axis=None)
    assert known["orders"]["delivery_days"].tolist()[0] == 3
    assert known["orders"]["delivery_days"].isna().tolist() == [False, True]
    assert known["prices"]["price"].tolist() == [1.0]
    assert "watches" not in known


def test_wholly_blank_columns_without_a_zone_and_missing_ones_do_no_harm():
    tickets = pd.DataFrame({"opened_at": times("2012-05-30"), "resolved_at": pd.NaT, "csat": [4], "more": ["x"]})
    known = history({"tickets": tickets}, SPANS)["tickets"]
    assert known["csat"].isna().all()
    assert known["more"].tolist() == ["x"]
    assert history({"tickets": tickets.drop(columns="resolved_at")}, SPANS)["tickets"]["csat"].isna().all()
    assert history({"tickets": tickets.iloc[:0]}, SPANS)["tickets"].empty


def test_zones_that_differ_and_times_without_a_zone_are_refused():
    orders = pd.DataFrame({"ordered_at": times("2012-05-30"), "amount": 1.0})
    tickets = pd.DataFrame({"opened_at": times("2012-05-30").dt.tz_convert("UTC")})
    with pytest.raises(InputError, match="different zones"):
        history({"orders": orders, "tickets": tickets}, SPANS)
    with pytest.raises(InputError, match="no time zone"):
        history({"orders": orders.assign(ordered_at=pd.Timestamp("2012-05-30"))}, SPANS)
    with pytest.raises(InputError, match="ordered_at has blanks"):
        history({"orders": pd.DataFrame({"ordered_at": times("2012-05-30", None), "amount": 1.0})}, SPANS)


def test_every_future_is_another_one_and_leaves_the_caller_s_tables():
    tables = shop(1)
    tables["orders"]["note"], tables["orders"]["gift"] = None, True
    copies = {name: frame.copy() for name, frame in tables.items()}
    assert {kind: touched(tables, WINDOWS, kind) for kind in FUTURES} == {
        kind: ["orders", "tickets"] for kind in FUTURES
    }
    for name, frame in tables.items():
        pd.testing.assert_frame_equal(frame, copies[name])
    doubled = future(tables, WINDOWS, "rows_doubled", only="tickets")
    assert doubled["tickets"]["ticket_id"].is_unique
    assert len(doubled["tickets"]) > len(tables["tickets"])
    assert len(doubled["orders"]) == len(tables["orders"])


def test_a_table_with_rows_before_the_cutoff_alone_has_no_other_future():
    orders = pd.DataFrame({"order_id": ["1"], "customer_id": ["a"], "ordered_at": times("2012-05-01"), "amount": [1.0]})
    assert [touched({"orders": orders}, WINDOWS, kind) for kind in FUTURES] == [[]] * len(FUTURES)
