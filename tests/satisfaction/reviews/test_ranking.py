"""Items ranked: the scores, their formulas, how far ranks can be trusted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.errors import InputError
from crm_analysis.intervals import wilson
from crm_analysis.satisfaction.reviews import ranking
from crm_analysis.satisfaction.reviews.ranking import METHODS, prior_strength, rank_items
from crm_analysis.sources import amazon_reviews

quick = settings(max_examples=20, deadline=None)
rows = st.lists(st.tuples(st.sampled_from("abcd"), st.integers(1, 5)), min_size=1, max_size=40)


def frame(values: list[tuple[str, int]]) -> pd.DataFrame:
    return pd.DataFrame(values, columns=["item_id", "stars"])


def items(counts: dict[str, tuple[int, ...]]) -> pd.DataFrame:
    return frame([(item, s + 1) for item, n in counts.items() for s in range(5) for _ in range(n[s])])


@quick
@given(rows, st.sampled_from(list(METHODS)))
def test_scores_follow_their_formulas_and_order_the_table(values, method):
    ratings = frame(values)
    table = rank_items(ratings, method=method, min_reviews=1, prior_reviews=4, draws=20)
    assert table[METHODS[method]].is_monotonic_decreasing
    assert table["item_rank"].tolist() == list(range(1, len(table) + 1))
    overall = ratings["stars"].mean()
    for item, row in table.iterrows():
        stars = ratings.loc[ratings["item_id"] == item, "stars"].to_numpy(float)
        n = np.bincount(stars.astype(int), minlength=6)[1:]
        p = (n + 1) / (n.sum() + 5)
        mean = p @ np.arange(1, 6)
        assert row["wilson_bound"] == pytest.approx(float(wilson((stars >= 4).sum(), len(stars))[0]))
        assert row["bayes_mean"] == pytest.approx((4 * overall + stars.sum()) / (4 + len(stars)))
        bound = mean - 1.959964 * np.sqrt((p @ np.arange(1, 6) ** 2 - mean**2) / (n.sum() + 6))
        assert row["multinomial_bound"] == pytest.approx(bound, abs=1e-6)
        assert 1 <= row["true_rank_low"] <= row["true_rank"] <= row["true_rank_high"] <= len(table)


def test_many_reviews_beat_a_spotless_few_except_by_the_mean():
    ratings = items({"new": (0, 0, 0, 0, 5), "old": (5, 0, 0, 0, 95), "poor": (50, 20, 20, 5, 5)})
    for method in ("wilson", "multinomial"):
        assert rank_items(ratings, method=method).index.tolist() == ["old", "new", "poor"]
    assert rank_items(ratings, method="mean").index[0] == "new"
    assert rank_items(ratings)["wilson_bound"].round(4).tolist()[:2] == [0.8882, 0.5655]
    assert rank_items(ratings, method="bayes", prior_reviews=50).index[0] == "old"


def test_items_with_few_reviews_stay_without_a_rank():
    table = rank_items(items({"a": (0, 0, 0, 2, 8), "b": (0, 0, 0, 0, 3)}), min_reviews=5)
    assert table.index.tolist() == ["a", "b"]
    assert np.isnan(table.loc["b", "item_rank"])
    assert table.loc["b", ["true_rank", "p_top"]].isna().all()
    assert table.loc["a", "p_top"] == 1


def test_prior_strength_recovers_the_truth():
    rng = np.random.default_rng(4)
    shares = rng.dirichlet(20 * np.array([0.1, 0.1, 0.1, 0.2, 0.5]), 3000)
    counts = np.array([rng.multinomial(n, p) for n, p in zip(rng.integers(2, 40, 3000), shares)])
    assert prior_strength(counts) == pytest.approx(20, rel=0.15)
    alike = rng.multinomial(10, [0.2] * 5, 50)
    assert prior_strength(alike) > 20
    assert prior_strength(np.array([[0, 0, 0, 0, 1], [1, 0, 0, 0, 0]])) == float("inf")


def test_intervals_of_ranks_hold_the_true_ranks():
    rng, held = np.random.default_rng(5), []
    for seed in range(12):
        shares = rng.dirichlet(8 * np.array([0.1, 0.1, 0.1, 0.2, 0.5]), 30)
        truth = pd.Series(shares @ np.arange(1, 6), index=[f"i{k:02d}" for k in range(30)])
        counts = {item: tuple(rng.multinomial(25, p)) for item, p in zip(truth.index, shares)}
        table = rank_items(items(counts), method="bayes", draws=300, seed=seed)
        rank = truth.rank(ascending=False).reindex(table.index)
        held.append(((table["true_rank_low"] <= rank) & (rank <= table["true_rank_high"])).mean())
    assert np.mean(held) == pytest.approx(0.95, abs=0.035)


def test_chances_add_up_to_the_places_and_seeds_decide():
    ratings = items({k: (2, 1, 1, 3, 3 + i) for i, k in enumerate("abcdef")})
    table = rank_items(ratings, top=2, draws=200)
    assert table["p_top"].sum() == pytest.approx(2)
    pd.testing.assert_frame_equal(table, rank_items(ratings.sample(frac=1, random_state=1), top=2, draws=200))


@pytest.mark.parametrize(
    ("how", "what"),
    [
        ({"method": "wilsn"}, "no method 'wilsn'"),
        ({"min_reviews": 0, "top": 0}, "min_reviews=0 is below 1; top=0 is below 1"),
        ({"positive": 1}, "does not part the stars"),
        ({"prior_reviews": 0}, "no number of reviews"),
        ({"min_reviews": 50}, "no item has 50 reviews"),
    ],
)
def test_arguments_out_of_range(how, what):
    with pytest.raises(InputError, match=what):
        rank_items(items({"a": (1, 1, 1, 1, 1)}), **how)


def test_musical_instruments(real_data, tmp_path):
    amazon_reviews.convert(real_data("Musical_instruments_reviews.csv"), tmp_path)
    ratings = pd.read_parquet(tmp_path / "ratings.parquet")
    by_mean = rank_items(ratings, method="mean", min_reviews=5, draws=100)
    careful = rank_items(ratings, min_reviews=5, draws=100)
    assert len(careful) == ratings["item_id"].nunique() == 900
    assert careful["reviews"].head(20).median() > 2 * by_mean["reviews"].head(20).median()
    assert (careful["true_rank_high"] - careful["true_rank_low"]).head(5).min() > 50  # the order means little


def test_no_draws():
    with pytest.raises(InputError, match="draws=0"):
        rank_items(pd.DataFrame({"item_id": ["a"] * 5, "stars": 5}), draws=0)


def test_blocks_of_items_change_no_rank(monkeypatch):
    rng = np.random.default_rng(3)
    ratings = pd.DataFrame({"item_id": rng.integers(0, 40, 800), "stars": rng.integers(1, 6, 800)})
    whole = rank_items(ratings, draws=50)
    monkeypatch.setattr(ranking, "BLOCK", 7)
    pd.testing.assert_frame_equal(rank_items(ratings, draws=50), whole)


def test_stars_in_text_rank_as_numbers_do():
    ratings = items({"a": (1, 0, 2, 3, 9), "b": (5, 1, 1, 2, 3)})
    pd.testing.assert_frame_equal(rank_items(ratings.astype({"stars": str}), draws=20), rank_items(ratings, draws=20))
