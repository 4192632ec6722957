"""Caps of the credit score, the scale as data, credit over time."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.sellers.credit import LEVEL_BOUNDS, credit_level, credit_table, points_to_next_level
from crm_analysis.satisfaction.sellers.feedback import credit_history, seller_table
from crm_analysis.satisfaction.sellers.points import POINTS, count_points
from crm_analysis.words import all_words

quick = settings(max_examples=30, deadline=None)
DAYS = st.lists(
    st.tuples(st.integers(0, 70), st.sampled_from("ab"), st.sampled_from(list(POINTS)), st.sampled_from("xy")),
    min_size=1, max_size=40,
)  # fmt: skip


def frame(rows) -> pd.DataFrame:
    day, customer, verdict, item = zip(*rows)
    at = (pd.Timestamp("2012-01-01", tz="Asia/Shanghai") + pd.to_timedelta(list(day), "D")).as_unit("us")
    return pd.DataFrame(
        {"seller_id": "s", "customer_id": customer, "verdict": verdict, "item_id": item, "rated_at": at}
    )


def test_the_published_scale_and_the_way_to_the_next_level():
    scores = [3, 4, 10, 11, 250, 251, 10000, 10001, 500000, 500001, 10000000, 10000001]
    assert credit_level(scores).tolist() == [0, 1, 1, 2, 5, 6, 10, 11, 15, 16, 19, 20]
    table = credit_table()
    for level, bound in enumerate(LEVEL_BOUNDS, start=1):
        assert credit_level([bound - 1, bound]).tolist() == [level - 1, level]
        assert points_to_next_level(bound - 1) == 1
        assert table.loc[level, "lowest_score"] == bound
    assert table["badge"].value_counts().to_dict() == {
        "heart": 5,
        "diamond": 5,
        "crown": 5,
        "gold_crown": 5,
        "no_badge": 1,
    }
    assert points_to_next_level([-5, 0, 10_000_001, 99_999_999]).tolist() == [9, 4, 0, 0]
    assert points_to_next_level([200_000, 200_001], levels=15).tolist() == [1, 0]


@quick
@given(st.lists(st.integers(-50, 12_000_000), min_size=1), st.integers(1, 20))
def test_with_the_missing_points_the_next_level_is_reached_and_not_with_one_less(scores, levels):
    missing = points_to_next_level(scores, levels=levels)
    before = credit_level(scores, levels=levels)
    for score, more, level in zip(scores, missing, before):
        if more:
            assert credit_level(score + more, levels=levels) == level + 1
            assert credit_level(score + more - 1, levels=levels) == level
        else:
            assert level == levels


@quick
@given(DAYS)
def test_without_caps_every_verdict_counts(rows):
    feedback = frame(rows)
    counted = count_points(feedback)
    assert counted["points"].tolist() == [POINTS[verdict] for verdict in feedback["verdict"]]
    assert (counted["uncounted"] == "").all()
    assert "uncounted" not in seller_table(feedback)


@quick
@given(DAYS, st.integers(1, 4))
def test_the_monthly_cap_holds_and_leaves_out_no_more_than_it_must(rows, cap):
    feedback = frame(rows)
    counted = count_points(feedback, points_per_buyer_month=cap)
    groups = [feedback["customer_id"], feedback["rated_at"].dt.tz_localize(None).dt.to_period("M")]
    assert (counted["points"].groupby(groups).sum().abs() <= cap).all()
    free = count_points(feedback)["points"].groupby(groups).agg(lambda points: points.abs().sum())
    untouched = (counted["uncounted"] == "").groupby(groups).all()
    assert untouched[free <= cap].all()
    pd.testing.assert_frame_equal(
        count_points(feedback.iloc[::-1], points_per_buyer_month=99)[::-1], count_points(feedback)
    )


def test_caps_by_hand():
    rows = [(0, "a", "good", "x")] * 7 + [
        (1, "a", "bad", "x"),
        (2, "a", "good", "y"),
        (31, "a", "good", "x"),
        (3, "b", "good", "x"),
    ]
    feedback = frame(rows)
    table = seller_table(feedback, points_per_buyer_month=6)
    # a: +6, the seventh is over, -1, +1 (back at 6), +1 in February; b: +1
    assert table.loc["s", ["credit_score", "uncounted", "feedbacks", "good"]].tolist() == [8, 1, 11, 10]
    both = seller_table(feedback, points_per_buyer_month=6, same_item_days=14)
    # a, x: +1 once, -1; a, y: +1; a, x again after 31 days: +1; b: +1
    assert both.loc["s", ["credit_score", "uncounted"]].tolist() == [3, 6]


def test_the_same_item_counts_again_after_14_days():
    feedback = frame([(day, "a", "good", "x") for day in (0, 13, 14, 27, 28)])
    counted = count_points(feedback, same_item_days=14)
    assert counted["uncounted"].tolist() == ["", "same_item", "", "same_item", ""]


@pytest.mark.parametrize(
    ("options", "dropped", "what"),
    [
        ({"points_per_buyer_month": 0}, [], "points_per_buyer_month=0 is no cap"),
        ({"same_item_days": 14}, ["item_id"], "item_id is missing"),
        ({"points_per_buyer_month": 6}, ["customer_id", "rated_at"], "customer_id is missing; rated_at is missing"),
    ],
)
def test_caps_that_cannot_be_applied(options, dropped, what):
    with pytest.raises(InputError, match=what):
        count_points(frame([(0, "a", "good", "x")]).drop(columns=dropped), **options)


@quick
@given(DAYS)
def test_history_ends_at_todays_score(rows):
    feedback = frame(rows)
    history = credit_history(feedback)
    assert history["day"].is_monotonic_increasing
    assert history["day"].is_unique
    last = history.iloc[-1]
    table = seller_table(feedback).loc["s"]
    assert (last["credit_score"], last["feedbacks"]) == (table["credit_score"], table["feedbacks"])
    first = feedback[feedback["rated_at"] < history["day"].iloc[0] + pd.DateOffset(days=1)]
    assert history["credit_score"].iloc[0] == seller_table(first).loc["s", "credit_score"]


def test_history_of_sellers_that_are_not_there():
    with pytest.raises(InputError, match="z has no feedback"):
        credit_history(frame([(0, "a", "good", "x")]), sellers=["s", "z"])
    history = credit_history(frame([(0, "a", "good", "x")]), sellers=["s"])
    counted = count_points(frame([(0, "a", "good", "x")]))
    names = {*history.columns, *credit_table().columns, "uncounted", "same_item", "month_cap"}
    assert names <= set(all_words())
    assert list(counted) == ["points", "uncounted"]
