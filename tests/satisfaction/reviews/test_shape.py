"""Spread of stars: shares, bimodality, names of shapes, and what may be said of their cause."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis import tables
from crm_analysis.errors import InputError
from crm_analysis.intervals import clustered_share, wilson
from crm_analysis.satisfaction.reviews.shape import SAID, UNIFORM, bimodality, shape_of, star_table
from crm_analysis.satisfaction.reviews.stars import mean_of
from crm_analysis.sources import amazon_reviews

SAMPLE = Path(__file__).parents[3] / "data" / "taobao"
quick = settings(max_examples=25, deadline=None)
counts = st.lists(st.integers(0, 40), min_size=5, max_size=5).filter(lambda n: sum(n) >= 4)


def reviews(*n: int) -> pd.DataFrame:
    return pd.DataFrame({"stars": np.repeat([1, 2, 3, 4, 5], n)})


@quick
@given(counts)
def test_bimodality_is_that_of_scipys_corrected_moments(n):
    from scipy import stats

    values = np.repeat([1.0, 2, 3, 4, 5], n)
    if np.ptp(values) == 0:
        assert np.isnan(bimodality(n))
        return
    size = len(values)
    top = stats.skew(values, bias=False) ** 2 + 1
    expected = top / (stats.kurtosis(values, bias=False) + 3 * (size - 1) ** 2 / ((size - 2) * (size - 3)))
    assert bimodality(n) == pytest.approx(expected)
    assert bimodality(n[::-1]) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("n", "shape"),
    [
        ((200, 50, 50, 150, 550), "shape_j"),
        ((550, 150, 50, 50, 200), "shape_reverse_j"),
        ((500, 50, 40, 60, 510), "shape_u"),
        ((50, 100, 700, 100, 50), "shape_one_peak"),
        ((10, 20, 30, 40, 900), "shape_one_peak"),  # skewed: bimodality above .555, one peak all the same
        ((22, 18, 20, 60, 200), "shape_unclear"),
        ((10, 200, 10, 200, 10), "shape_unclear"),
        ((10, 0, 0, 0, 15), "shape_too_few"),
        ((0, 0, 0, 0, 100), "shape_one_peak"),
    ],
)
def test_shapes(n, shape):
    assert shape_of(n) == shape


def test_a_skewed_spread_is_not_called_a_j():
    assert bimodality((10, 20, 30, 40, 900)) > UNIFORM
    text = star_table(reviews(10, 20, 30, 40, 900))
    assert "没有第二个峰" in text.text("zh")
    assert "no second peak" in text.text("en")
    assert "Hu" not in text.text("en")


def test_the_cause_is_the_literatures():
    found = star_table(reviews(200, 50, 50, 150, 550))
    assert "文献（Hu、Pavlou 和 Zhang，2009）" in found.text("zh")
    assert "do not prove the cause" in found.text("en")
    assert all(zh and en for zh, en in SAID.values())


@quick
@given(counts)
def test_distribution_is_whole_and_limits_hold_together(n):
    found = star_table(reviews(*n))
    rows = found.distribution
    assert rows["star_reviews"].tolist() == n
    assert rows["star_share"].sum() == pytest.approx(1)
    low, high = wilson(n, sum(n), level=0.99)  # 1 - .05 / 5
    np.testing.assert_allclose(rows[["star_share_low", "star_share_high"]], np.column_stack([low, high]))
    total = found.table.loc["total"]
    assert total["one_star"] == n[0] / sum(n)
    assert total["mean_stars"] == pytest.approx(np.dot(n, [1, 2, 3, 4, 5]) / sum(n))


def test_joint_limits_cover_all_five_shares():
    rng, p = np.random.default_rng(3), np.array([0.12, 0.08, 0.06, 0.17, 0.57])
    drawn = rng.multinomial(300, p, 4000)
    low, high = wilson(drawn, 300, level=0.99)
    assert np.mean(((low <= p) & (p <= high)).all(axis=1)) > 0.945


def test_groups_and_clusters():
    ratings = reviews(5, 5, 5, 10, 25).assign(
        item_id=["a", "b"] * 25, customer_id=np.repeat(np.arange(10), 5).astype(str)
    )
    before = ratings.copy()
    found = star_table(ratings, by="item_id", cluster="customer_id")
    pd.testing.assert_frame_equal(ratings, before)
    assert found.table.index.tolist() == ["a", "b", "total"]
    plain = star_table(ratings).table.loc["total"]
    wide = found.table.loc["total"]
    assert wide["five_star_high"] - wide["five_star_low"] > plain["five_star_high"] - plain["five_star_low"]
    assert wide["mean_stars_high"] - wide["mean_stars_low"] > plain["mean_stars_high"] - plain["mean_stars_low"]
    assert found.distribution.groupby("item_id")["star_share"].sum().tolist() == pytest.approx([1, 1, 1])


def test_sample_company_writes_a_j():
    ratings = tables.load(SAMPLE)["ratings"]
    found = star_table(ratings, by="verified")
    assert found.table.loc["flag_yes", ["reviews", "shape"]].tolist() == [2718, "shape_j"]
    assert found.table.loc["flag_yes", "one_star"] == pytest.approx(0.1218, abs=5e-5)  # truth.yml, stars_written


def test_musical_instruments_have_one_peak(real_data, tmp_path):
    amazon_reviews.convert(real_data("Musical_instruments_reviews.csv"), tmp_path)
    ratings = pd.read_parquet(tmp_path / "ratings.parquet")
    found = star_table(ratings, cluster="customer_id")
    row = found.table.loc["total"]
    assert row["reviews"] == 10_261
    assert found.distribution["star_reviews"].tolist() == [217, 250, 772, 2084, 6938]
    assert row["bimodality"] > UNIFORM
    assert row["shape"] == "shape_one_peak"


@pytest.mark.parametrize("counts", [[200, 10, 260, 10, 250], [300, 0, 330, 0, 310]])
def test_ends_below_the_middle_are_no_j_and_no_u(counts):
    assert shape_of(counts) == "shape_unclear"  # three stars are the most frequent


def test_a_group_named_as_the_total():
    with pytest.raises(InputError, match="named 'total'"):
        star_table(pd.DataFrame({"stars": [5, 1], "kind": ["total", "b"]}), by="kind")


def test_no_peak_is_named_for_a_few_customers_who_repeat_themselves():
    customers = np.array([9, 4, 4, 8, 15])  # 9 against 4 is chance, 90 against 40 reviews of the same people as well
    ratings = pd.DataFrame({"stars": np.repeat(np.repeat([1, 2, 3, 4, 5], customers), 10),
                            "customer_id": np.repeat(np.arange(40), 10)})  # fmt: skip
    assert shape_of(customers) == shape_of(customers * 10, effect=10) == "shape_unclear"
    assert star_table(ratings).table.loc["total", "shape"] == "shape_j"
    assert star_table(ratings, cluster="customer_id").table.loc["total", "shape"] == "shape_unclear"


@pytest.mark.parametrize("cluster", [None, "customer_id"])
def test_the_table_by_item_is_that_of_each_item_and_of_clustered_shares_and_means(cluster):
    rng = np.random.default_rng(3)
    ratings = pd.DataFrame({"item_id": rng.integers(0, 30, 600), "customer_id": rng.integers(0, 50, 600)})
    ratings["stars"] = rng.choice([1, 2, 3, 4, 5], 600, p=[0.3, 0.05, 0.05, 0.1, 0.5])
    ratings.loc[ratings["item_id"] == 5, "stars"] = 4  # all alike: no limits of the mean
    found = star_table(ratings, by="item_id", cluster=cluster)
    assert np.isnan(found.table.loc[5, "mean_stars_low"])
    for item, rows in [*ratings.groupby("item_id"), ("total", ratings)]:
        codes = [pd.factorize(rows["customer_id"])[0]] if cluster else []
        row, alike = found.table.loc[item], codes[0] if codes else np.arange(len(rows))
        mean = mean_of(rows["stars"].to_numpy(float), codes)
        assert row[["mean_stars", "mean_stars_low", "mean_stars_high"]].tolist() == pytest.approx(mean, nan_ok=True)
        fives = clustered_share(rows["stars"] == 5, alike)
        assert row[["five_star", "five_star_low", "five_star_high"]].tolist() == pytest.approx(fives)
        one = star_table(rows, cluster=cluster)
        assert row["shape"] == one.table["shape"].iloc[0]
        own = found.distribution[found.distribution["item_id"] == item]
        assert own["star_share_low"].tolist() == pytest.approx(one.distribution["star_share_low"].tolist())


def test_many_items_add_up_to_the_whole():
    rng = np.random.default_rng(3)
    ratings = pd.DataFrame({"item_id": rng.integers(0, 50_000, 200_000), "stars": rng.integers(1, 6, 200_000)})
    found = star_table(ratings, by="item_id")
    assert found.table["reviews"].iloc[:-1].sum() == found.table.loc["total", "reviews"] == 200_000


def test_columns_to_group_and_cluster_by_are_one_each():
    with pytest.raises(InputError, match="not the name of one column"):
        star_table(reviews(1, 1, 1, 1, 1), by=["stars", "item_id"])
    with pytest.raises(InputError, match="not the name of one column"):
        star_table(reviews(1, 1, 1, 1, 1), cluster=["customer_id"])
