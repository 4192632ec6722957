"""Feedback for sellers: credit levels, good-rating shares, ranking, detailed ratings."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.feedback import (
    LEVEL_BOUNDS,
    credit_level,
    dsr_table,
    kind_table,
    level_table,
    seller_ranking,
    seller_table,
)
from crm_analysis.words import all_words

quick = settings(max_examples=25, deadline=None)
verdicts = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from(["good", "neutral", "bad"])), min_size=1, max_size=60
)
SELLERS = pd.DataFrame({"seller_id": list("abcd"), "kind": ["large", "small", "small", "small"]})


def frame(rows: list[tuple[str, str]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["seller_id", "verdict"])


def ratings(rows: list[tuple[str, float]], at: str = "2012-03-01") -> pd.DataFrame:
    moments = pd.to_datetime([at] * len(rows)).tz_localize("Asia/Shanghai")
    return pd.DataFrame(rows, columns=["seller_id", "service"]).assign(rated_at=moments)


def test_published_levels():
    scores = [3, 4, 10, 11, 250, 251, 10000, 10001, 500000, 500001, 10000000, 10000001]
    assert credit_level(scores).tolist() == [0, 1, 1, 2, 5, 6, 10, 11, 15, 16, 19, 20]
    assert credit_level(scores, levels=15).max() == 15
    assert credit_level(-7) == 0


@quick
@given(st.lists(st.integers(-100, 20_000_000), min_size=1), st.integers(1, 20))
def test_a_level_is_the_number_of_bounds_reached(scores, levels):
    expected = [sum(score >= bound for bound in LEVEL_BOUNDS[:levels]) for score in scores]
    assert credit_level(scores, levels=levels).tolist() == expected


@pytest.mark.parametrize("levels", [0, 21, 2.5])
def test_scales_that_do_not_exist(levels):
    with pytest.raises(InputError, match="no scale"):
        credit_level([1], levels=levels)


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
def test_levels_and_kinds_count_every_seller_and_feedback_once(rows):
    feedback = frame(rows)
    levels = level_table(feedback, levels=15)
    assert levels["sellers"].sum() == feedback["seller_id"].nunique()
    assert len(levels) == 16
    kinds = kind_table(feedback, SELLERS)
    assert kinds["feedbacks"].sum() == len(rows)
    assert kinds["sellers"].sum() == 4
    assert kinds["rated_sellers"].sum() == feedback["seller_id"].nunique()
    rated = kinds[kinds["feedbacks"] > 0]
    assert rated["good_share"].between(rated["good_share_low"], rated["good_share_high"]).all()
    assert (rated["design_effect"] >= 1).all()


def test_badges():
    table = level_table(frame([("a", "good")] * 251))
    assert table.loc[[1, 5, 6, 15, 20], "badge"].tolist() == ["heart", "heart", "diamond", "crown", "gold_crown"]
    assert table.loc[[1, 5, 6, 15, 20], "symbols"].tolist() == [1, 5, 1, 5, 5]
    assert table.loc[6, "sellers"] == 1
    assert table.loc[15, "lowest_score"] == 200001


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


# Detailed seller ratings


def test_five_from_three_does_not_beat_many():
    rows = [("new", 5.0)] * 3 + [("old", 5.0)] * 2700 + [("old", 4.0)] * 300
    rows += [(f"s{k}", 3.0 + j) for k in range(20) for j in (0, 1, 2)]
    table = dsr_table(ratings(rows), as_of="2012-03-31", prior_ratings=20).set_index("seller_id")
    assert table.loc["new", "mean"] > table.loc["old", "mean"]
    assert table.loc["new", "dsr"] < table.loc["old", "dsr"]
    centre = np.mean([x for _, x in rows])
    assert table.loc["new", "dsr"] == pytest.approx((20 * centre + 15) / 23)


@quick
@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 5)), min_size=1, max_size=40), st.floats(0.1, 50))
def test_shrunk_means_lie_between_the_mean_and_the_centre(rows, prior):
    table = dsr_table(ratings(rows), as_of="2012-03-31", prior_ratings=prior)
    assert table["ratings"].sum() == len(rows)
    centre = np.mean([x for _, x in rows])
    low, high = np.minimum(table["mean"], centre) - 1e-9, np.maximum(table["mean"], centre) + 1e-9
    assert table["dsr"].between(low, high).all()
    assert (table["dsr_low"] <= table["dsr"] + 1e-9).all()
    assert (table["dsr"] <= table["dsr_high"] + 1e-9).all()
    limits = table[["mean_low", "mean_high", "dsr_low", "dsr_high"]].fillna(3).to_numpy()
    assert ((limits >= 1) & (limits <= 5)).all()


def test_variances_and_shrunk_means_of_sellers_with_known_truth():
    rng, sellers = np.random.default_rng(4), 400
    true, n = rng.normal(3.0, 0.3, sellers), rng.integers(2, 40, sellers)
    seller = np.repeat(np.arange(sellers), n)
    rows = list(zip(seller.astype(str), np.clip(true[seller] + rng.normal(0, 0.6, len(seller)), 1, 5)))
    table = dsr_table(ratings(rows), as_of="2012-03-31").set_index("seller_id")
    assert table["prior_ratings"].iloc[0] == pytest.approx(0.36 / 0.09, rel=0.15)
    truth = pd.Series(true, index=np.arange(sellers).astype(str)).reindex(table.index)
    covered = truth.between(table["dsr_low"], table["dsr_high"]).mean()
    assert 0.92 < covered < 0.98
    assert ((table["dsr"] - truth) ** 2).mean() < 0.9 * ((table["mean"] - truth) ** 2).mean()


def test_sellers_that_do_not_differ_share_the_common_mean():
    table = dsr_table(ratings([("a", 3.0), ("a", 5.0), ("b", 3.0), ("b", 5.0)]), as_of="2012-03-31")
    assert table["dsr"].tolist() == [4, 4]
    assert np.isinf(table["prior_ratings"]).all()


def test_the_window_counts_calendar_days():
    feedback = pd.concat([ratings([("a", 5.0)], "2012-03-01 00:00"), ratings([("a", 4.0)], "2012-03-30 23:59"),
                          ratings([("a", 1.0)], "2012-02-29 23:59"), ratings([("a", 1.0)], "2012-03-31")])  # fmt: skip
    table = dsr_table(feedback, as_of="2012-03-30", window_days=30, prior_ratings=5)
    assert table[["ratings", "mean"]].values.tolist() == [[2, 4.5]]


@pytest.mark.parametrize(
    ("rows", "options", "what"),
    [
        ([("a", 6.0)], {}, "service: ratings outside 1 to 5"),
        ([("a", np.nan)], {}, "no detailed rating lies in the 180 days"),
        ([("a", 5.0)], {"as_of": "2013-03-31"}, "no detailed rating lies in the 180 days"),
        ([("a", 5.0), ("b", 4.0)], {}, "no seller has two ratings"),
        ([("a", 5.0)], {"prior_ratings": 0}, "prior_ratings=0 is no number of ratings"),
        ([("a", 5.0)], {"window_days": 0}, "window_days=0 is not a window"),
    ],
)
def test_ratings_that_cannot_be_used(rows, options, what):
    with pytest.raises(InputError, match=what):
        dsr_table(ratings(rows), **({"as_of": "2012-03-31"} | options))


def test_every_column_has_a_word():
    feedback = ratings([("a", 5.0), ("a", 4.0)]).assign(verdict="good", item_match=4, delivery=3)
    dsr = dsr_table(feedback, as_of="2012-03-31")
    frames = [seller_table(feedback), level_table(feedback), kind_table(feedback, SELLERS), dsr]
    names = {name for f in [*frames, seller_ranking(feedback, SELLERS)] for name in [*f.columns, f.index.name]}
    names |= {*level_table(feedback)["badge"], *dsr["dimension"], "not_stated", "ratings"} - {None}
    assert {name for name in names - {None} if not name.endswith(("_low", "_high"))} <= set(all_words())
