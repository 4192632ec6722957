"""Feedback for sellers counted: shares, scores and levels."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.sellers.feedback import credit_history, level_table, seller_table
from crm_analysis.words import all_words

quick = settings(max_examples=25, deadline=None)
verdicts = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from(["good", "neutral", "bad"])), min_size=1, max_size=60
)


def frame(rows: list[tuple[str, str]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["seller_id", "verdict"])


@quick
@given(verdicts, st.randoms())
def test_seller_table_by_counting(rows, random):
    table = seller_table(frame(rows))
    for seller, row in table.iterrows():
        own = [verdict for name, verdict in rows if name == seller]
        assert row["feedbacks"] == len(own)
        assert row["credit_score"] == own.count("good") - own.count("bad")
        assert row["good_share_low"] <= row["good_share"] == own.count("good") / len(own) <= row["good_share_high"]
    assert table["feedbacks"].sum() == len(rows)
    random.shuffle(rows)
    pd.testing.assert_frame_equal(seller_table(frame(rows)), table)


@quick
@given(verdicts)
def test_levels_count_every_seller_once(rows):
    feedback = frame(rows)
    levels = level_table(feedback, levels=15)
    assert levels["sellers"].sum() == feedback["seller_id"].nunique()
    assert len(levels) == 16


def test_badges():
    table = level_table(frame([("a", "good")] * 251))
    assert table.loc[[1, 5, 6, 15, 20], "badge"].tolist() == ["heart", "heart", "diamond", "crown", "gold_crown"]
    assert table.loc[[1, 5, 6, 15, 20], "symbols"].tolist() == [1, 5, 1, 5, 5]
    assert table.loc[6, "sellers"] == 1
    assert table.loc[15, "lowest_score"] == 200001


def test_every_column_has_a_word():
    feedback = frame([("a", "good"), ("a", "good")])
    frames = [seller_table(feedback), level_table(feedback)]
    names = {name for f in frames for name in [*f.columns, f.index.name]} | {*frames[1]["badge"]}
    assert {name for name in names - {None} if not name.endswith(("_low", "_high"))} <= set(all_words())


def test_history_of_sellers_numbered():
    at = pd.to_datetime(["2012-03-01", "2012-03-02"]).tz_localize("Asia/Shanghai")
    feedback = pd.DataFrame({"seller_id": [1, 2], "verdict": "good", "rated_at": at})
    assert credit_history(feedback, sellers=[1])["seller_id"].tolist() == [1]
    with pytest.raises(InputError, match="3 has no feedback"):
        credit_history(feedback, sellers=[3])
