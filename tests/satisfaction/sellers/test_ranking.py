"""Sellers set beside each other: kinds and the ranking."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.sellers.ranking import kind_table, seller_ranking
from crm_analysis.words import all_words

quick = settings(max_examples=25, deadline=None)
verdicts = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from(["good", "neutral", "bad"])), min_size=1, max_size=60
)
SELLERS = pd.DataFrame({"seller_id": list("abcd"), "kind": ["large", "small", "small", "small"]})


def frame(rows: list[tuple[str, str]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["seller_id", "verdict"])


@quick
@given(verdicts)
def test_kinds_count_every_seller_and_feedback_once(rows):
    feedback = frame(rows)
    kinds = kind_table(feedback, SELLERS)
    assert kinds["feedbacks"].sum() == len(rows)
    assert kinds["sellers"].sum() == 4
    assert kinds["rated_sellers"].sum() == feedback["seller_id"].nunique()
    rated = kinds[kinds["feedbacks"] > 0]
    assert rated["good_share"].between(rated["good_share_low"], rated["good_share_high"]).all()
    assert (rated["design_effect"] >= 1).all()


def test_limits_of_kinds_hold_what_whole_sellers_say():
    rng = np.random.default_rng(8)
    covered, naive = [], []
    for _ in range(100):
        share, n = rng.beta(8, 2, 60), rng.integers(5, 60, 60)
        good = rng.binomial(n, share)
        feedback = pd.DataFrame({"seller_id": np.repeat(np.arange(60).astype(str), n), "verdict": "bad"})
        place = np.concatenate([np.arange(k) for k in n])
        feedback.loc[place < np.repeat(good, n), "verdict"] = "good"
        row = kind_table(feedback, pd.DataFrame({"seller_id": np.arange(60).astype(str), "kind": "x"})).loc["x"]
        covered.append(row["good_share_low"] <= 0.8 <= row["good_share_high"])
        naive.append(abs(row["good_share"] - 0.8) <= 1.96 * np.sqrt(0.16 / n.sum()))
    assert np.mean(covered) > 0.9
    assert np.mean(naive) < 0.8


def test_sellers_missing_in_their_table_are_counted_apart():
    kinds = kind_table(frame([("a", "good"), ("z", "bad")]), SELLERS)
    assert kinds["sellers"].to_dict() == {"large": 1, "not_stated": 1, "small": 3}
    assert kinds.loc["small", "rated_sellers"] == 0
    assert np.isnan(kinds.loc["small", "good_share"])


def test_many_feedbacks_beat_a_spotless_few():
    feedback = frame([("a", "good")] * 5 + [("b", "good")] * 95 + [("b", "bad")] * 5 + [("c", "neutral")])
    table = seller_ranking(feedback, SELLERS)
    assert table["seller_id"].tolist() == ["b", "a", "c"]
    assert table["good_share_low"].round(4).tolist() == [0.8882, 0.5655, 0.0]
    assert table[["seller_rank", "kind"]].values.tolist() == [[1, "small"], [2, "large"], [3, "small"]]
    assert table["credit_level"].tolist() == [3, 1, 0]


@quick
@given(verdicts)
def test_ranks_follow_the_lower_limit(rows):
    table = seller_ranking(frame(rows), SELLERS)
    assert table["good_share_low"].is_monotonic_decreasing
    assert table["seller_rank"].tolist() == list(range(1, len(table) + 1))


@pytest.mark.parametrize(
    ("feedback", "sellers", "what"),
    [
        (frame([("a", "great")]), SELLERS, "unknown verdict 'great'"),
        (frame([("a", None)]), SELLERS, "verdict has blanks"),
        (frame([]), SELLERS, "table seller_feedback has no rows"),
        (frame([("a", "good")]), pd.concat([SELLERS, SELLERS]), "4 rows name a seller again"),
    ],
)
def test_feedback_that_cannot_be_used(feedback, sellers, what):
    with pytest.raises(InputError, match=what) as error:
        kind_table(feedback, sellers)
    assert error.value.zh != error.value.what


def test_every_column_has_a_word():
    feedback = frame([("a", "good"), ("a", "good")])
    frames = [kind_table(feedback, SELLERS), seller_ranking(feedback, SELLERS)]
    names = {name for f in frames for name in [*f.columns, f.index.name]} | {"not_stated"}
    assert {name for name in names - {None} if not name.endswith(("_low", "_high"))} <= set(all_words())
