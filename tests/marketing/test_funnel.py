"""The ordered funnel: the public log's numbers, properties, other ways to come in, windows, times."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.intervals import proportion
from crm_analysis.marketing import censored_share, ordered_funnel, time_to_convert
from crm_analysis.marketing.steps import UNITS
from tests.helpers.logs import log_of, small_logs

HOUR = 3600


def test_the_public_log_by_users_and_user_items(taobao):
    assert len(taobao) == 99_957
    assert ordered_funnel(taobao)["units"].tolist() == [980, 834, 532]
    assert ordered_funnel(taobao, unit="user_item")["units"].tolist() == [70_754, 1_070, 101]


def test_one_user_per_unit_has_plain_wilson_intervals(taobao):
    last = ordered_funnel(taobao).iloc[2]
    of_previous, of_first = proportion(532, 834), proportion(532, 980)
    assert (last.of_previous, last.of_previous_low, last.of_previous_high) == pytest.approx(of_previous)
    assert (last.of_first, last.of_first_low, last.of_first_high) == pytest.approx(of_first)


def test_many_units_per_user_have_wider_intervals_than_as_if_independent(taobao):
    step = ordered_funnel(taobao, unit="user_item").iloc[1]
    low, high = proportion(1_070, 70_754)[1:]
    assert step.of_first_low < low < high < step.of_first_high


@settings(max_examples=50, deadline=None)
@given(small_logs(), st.sampled_from(list(UNITS)), st.sampled_from([None, 4]))
def test_steps_never_grow_and_shares_multiply(rows, unit, window):
    table = ordered_funnel(log_of(rows), unit=unit, window=None if window is None else pd.Timedelta(window, "s"))
    assert table["units"].is_monotonic_decreasing
    assert (table["entered"][1:] == 0).all()
    reached = table[1:][table["units"].shift()[1:] > 0]
    assert np.allclose(reached["of_previous"].cumprod(), reached["of_first"])
    limits = reached[["of_previous_low", "of_previous", "of_previous_high"]].to_numpy()
    assert (np.diff(limits, axis=1) >= -1e-12).all()


@settings(max_examples=30, deadline=None)
@given(small_logs(), st.randoms(use_true_random=False))
def test_order_of_rows_names_and_dates_do_not_matter(rows, random):
    shuffled = random.sample(rows, len(rows))
    other = log_of([("z" if c == "a" else c, item, action, second) for c, item, action, second in shuffled])
    other["happened_at"] += pd.Timedelta("40D")
    for unit in UNITS:
        pd.testing.assert_frame_equal(ordered_funnel(log_of(rows), unit=unit), ordered_funnel(other, unit=unit))


@settings(max_examples=50, deadline=None)
@given(small_logs())
def test_entry_at_any_step_counts_all_who_did_it(rows):
    events = log_of(rows)
    table = ordered_funnel(events, entry="any", steps=("view", "cart", "buy"))
    did = events.groupby("action")["customer_id"].nunique().reindex(["view", "cart", "buy"], fill_value=0)
    assert table["units"].tolist() == did.tolist()
    went_on = table["units"] - table["entered"]
    assert (went_on[1:].to_numpy() <= table["units"][:-1].to_numpy()).all()
    strict = ordered_funnel(events, steps=("view", "cart", "buy"))
    assert (table["units"] >= strict["units"]).all()
    assert table["of_first"].isna().all()


def test_a_unit_that_came_in_later_may_go_on():
    events = log_of([("a", "x", "cart", 1), ("a", "x", "buy", 2), ("b", "x", "view", 1), ("b", "x", "buy", 2)])
    table = ordered_funnel(events, steps=("view", "cart", "buy"), entry="any")
    assert table["units"].tolist() == [1, 1, 2]
    assert table["entered"].tolist() == [1, 1, 1]
    assert table["of_previous"].tolist()[1:] == [0.0, 1.0]


def test_a_window_grants_every_attempt():
    late = log_of([("a", "x", "view", 0), ("a", "x", "view", 50), ("a", "x", "cart", 55), ("a", "x", "buy", 58)])
    narrow = ordered_funnel(late, window=pd.Timedelta("10s"))
    assert narrow["units"].tolist() == [1, 1, 1]
    assert ordered_funnel(late, window=pd.Timedelta("7s"))["units"].tolist() == [1, 1, 0]


def test_the_frame_given_is_not_changed(taobao):
    before = taobao.head(1000).copy()
    given = before.copy()
    ordered_funnel(given, unit="user_item")
    pd.testing.assert_frame_equal(given, before)


def test_categories_numbers_and_texts_give_the_same_funnel(taobao):
    part = taobao.head(5000)
    other = part.assign(
        action=pd.Categorical(part["action"]),
        customer_id=part["customer_id"].astype("category"),
        item_id=part["item_id"].astype(str),
        happened_at=part["happened_at"].dt.as_unit("ns"),
    )
    pd.testing.assert_frame_equal(ordered_funnel(part, unit="user_item"), ordered_funnel(other, unit="user_item"))


def test_a_log_without_the_first_step_has_an_empty_funnel():
    table = ordered_funnel(log_of([("a", "x", "buy", 0)]))
    assert table["units"].tolist() == [0, 0, 0]
    assert table[["of_previous", "of_first"]].isna().all(axis=None)


def test_hours_between_steps_by_hand():
    events = log_of([("a", "x", "view", 0), ("a", "x", "cart", 2 * HOUR), ("a", "x", "buy", 3 * HOUR),
                     ("b", "x", "view", HOUR), ("b", "x", "cart", 5 * HOUR)])  # fmt: skip
    table = time_to_convert(events)
    assert table["hours_median"].tolist() == [3.0, 1.0, 3.0]
    assert table["units"].tolist() == [2, 1, 1]
    assert table[["from_step", "step"]].iloc[2].tolist() == ["view", "buy"]


def test_hours_on_the_public_log_agree_with_a_plain_computation(taobao):
    first = taobao[taobao["action"] == "view"].groupby("customer_id")["happened_at"].min().rename("viewed")
    carts = taobao[taobao["action"].isin(["favourite", "cart"])].join(first, on="customer_id")
    carts = carts[carts["happened_at"] >= carts["viewed"]]
    waits = (carts.groupby("customer_id")["happened_at"].min() - first).dropna().dt.total_seconds() / HOUR
    row = time_to_convert(taobao).iloc[0]
    assert row.units == len(waits)
    assert row.hours_median == pytest.approx(waits.median())
    assert row.hours_p90 == pytest.approx(waits.quantile(0.9))
    assert row.hours_median_low < row.hours_median < row.hours_median_high


def test_nobody_converted_leaves_times_empty():
    table = time_to_convert(log_of([("a", "x", "view", 0)]), steps=("view", "buy"))
    assert table["units"].tolist() == [0]
    assert np.isnan(table["hours_median"][0])


def test_a_log_of_two_hours_is_all_censored(taobao):
    start = taobao["happened_at"].min()
    slice_ = taobao[taobao["happened_at"] < start + pd.Timedelta("2h")]
    assert ordered_funnel(slice_)["units"].iloc[0] > 0
    assert censored_share(slice_) == 1.0
    assert censored_share(taobao, until="2017-12-04 00:00+08:00") == 0.0


def test_censoring_counts_entries_by_hand():
    events = log_of([("a", "x", "view", 0), ("b", "x", "view", 90), ("c", "x", "buy", 100)])
    assert censored_share(events, hours=50 / HOUR) == 0.5
    assert np.isnan(censored_share(events[events["action"] == "buy"]))


def test_an_empty_log_has_empty_tables():
    empty = log_of([("a", "x", "view", 0)]).head(0)
    assert ordered_funnel(empty)["units"].tolist() == [0, 0, 0]
    assert time_to_convert(empty)["units"].tolist() == [0, 0, 0]
    assert np.isnan(censored_share(empty))
