"""Stars over time: the line, clusters, and a mean that moves only because other items are reviewed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.special import stdtrit

from crm_analysis import tables
from crm_analysis.errors import InputError
from crm_analysis.satisfaction.reviews.trend import rating_trend

SAMPLE = Path(__file__).parents[3] / "data" / "taobao"


def simulated(rng: np.random.Generator, *, months: int = 8, each: int = 60, drift: float = 0.0) -> pd.DataFrame:
    """Items and customers with levels of their own; stars drift with the months."""
    n = months * each
    item, customer, month = rng.integers(0, 40, n), rng.integers(0, 80, n), np.repeat(np.arange(months), each)
    level = 3.5 + 0.5 * rng.standard_normal(40)[item] + 0.5 * rng.standard_normal(80)[customer]
    stars = np.clip(np.rint(level + drift * month + rng.standard_normal(n)), 1, 5)
    times = pd.to_datetime([f"2012-{m + 1:02d}-10" for m in month]).tz_localize("Asia/Shanghai")
    return pd.DataFrame({"item_id": item.astype(str), "customer_id": customer.astype(str), "stars": stars,
                         "rated_at": times})  # fmt: skip


def test_slopes_are_least_squares_overall_and_within_items():
    import statsmodels.formula.api as smf

    ratings = simulated(np.random.default_rng(1), drift=-0.1)
    found = rating_trend(ratings).trends
    frame = ratings.assign(month=ratings["rated_at"].dt.month)
    assert found.loc["overall_trend", "stars_slope"] == pytest.approx(
        smf.ols("stars ~ month", frame).fit().params["month"]
    )
    within = smf.ols("stars ~ month + C(item_id)", frame).fit().params["month"]
    assert found.loc["within_items", "stars_slope"] == pytest.approx(within)
    assert (found["p"] < 0.05).all()
    assert (found["stars_slope_high"] < 0).all()


def test_trends_of_alike_reviews_are_not_found_too_often():
    rng, p = np.random.default_rng(3), []
    for _ in range(80):
        ratings = simulated(rng, months=6, each=40)
        own = rng.permutation(40)[ratings["item_id"].astype(int)] % 6  # an item is reviewed in few months
        times = pd.to_datetime([f"2012-{m + 1:02d}-10" for m in own]).tz_localize("UTC")
        p.append([rating_trend(ratings.assign(rated_at=times), cluster=c).trends.loc["overall_trend", "p"]
                  for c in (("item_id", "customer_id"), None)])  # fmt: skip
    clustered, naive = (np.array(p) < 0.05).mean(axis=0)
    assert clustered < 0.13
    assert naive > clustered + 0.1


def test_other_items_move_the_mean_but_not_the_items():
    good, poor = [5] * 9 + [4], [2] * 9 + [3]
    rows = [(f"g{m % 3}", s, m) for m in range(6) for s in good for _ in range(6 - m)]
    rows += [(f"p{m % 3}", s, m) for m in range(6) for s in poor for _ in range(m + 1)]
    ratings = pd.DataFrame(rows, columns=["item_id", "stars", "month"])
    times = pd.to_datetime([f"2012-{m + 1:02d}-10" for m in ratings["month"]]).tz_localize("UTC")
    found = rating_trend(ratings.assign(rated_at=times), cluster="item_id")
    overall, within = found.trends["stars_slope"]
    assert overall < -0.3
    assert within == pytest.approx(0, abs=1e-12)
    assert "构成变化" in found.text("zh")
    assert "which items are reviewed" in found.text("en")


def test_table_counts_every_review_once_with_gaps_and_new_items():
    times = pd.to_datetime(["2012-01-10", "2012-01-11", "2012-03-01", "2012-03-02"]).tz_localize("Asia/Shanghai")
    ratings = pd.DataFrame({"item_id": list("abab"), "stars": [5, 4, 3, 1], "rated_at": times})
    ratings.loc[3, "item_id"] = "c"
    table = rating_trend(ratings, cluster=None).table
    assert table["reviews"].tolist() == [2, 0, 2]
    assert table["new_item_share"].tolist() == pytest.approx([1, np.nan, 0.5], nan_ok=True)
    assert table["rated_items"].tolist() == [2, 0, 2]
    assert table["one_star"].tolist() == pytest.approx([0, np.nan, 0.5], nan_ok=True)
    assert table["too_few"].all()


def test_few_periods_make_no_trend():
    times = pd.to_datetime(["2012-01-10", "2012-02-11"]).tz_localize("UTC")
    found = rating_trend(pd.DataFrame({"item_id": ["a", "b"], "stars": [5, 4], "rated_at": times}), cluster=None)
    assert found.trends["stars_slope"].isna().all()
    assert "不足三个" in found.text("zh")


def test_sample_company_has_no_trend():
    ratings = tables.load(SAMPLE)["ratings"]
    found = rating_trend(ratings)
    assert found.table["reviews"].sum() == len(ratings)
    assert found.trends.loc["overall_trend", "p"] > 0.05
    assert found.table["mean_stars_high"].max() <= 5


@pytest.mark.parametrize(
    ("column", "what"),
    [("rated_at", "rated_at is missing"), ("item_id", "item_id is missing"), ("customer_id", "customer_id is missing")],
)
def test_columns_that_are_missing(column, what):
    with pytest.raises(InputError, match=what):
        rating_trend(simulated(np.random.default_rng(0)).drop(columns=column))


@pytest.mark.parametrize("cluster", [None, "customer_id", "item_id"])
def test_the_trend_within_items_knows_the_items_whatever_the_clusters(cluster):
    rng = np.random.default_rng(3)
    month = np.column_stack([rng.integers(1, 4, 80), rng.integers(4, 7, 80)])  # two reviews of each item, then apart
    stars = rng.integers(1, 6, (80, 2)).astype(float)
    times = pd.to_datetime([f"2012-{at:02d}-05" for at in month.ravel()]).tz_localize("UTC")
    ratings = pd.DataFrame({"item_id": np.repeat(np.arange(80), 2), "stars": stars.ravel(), "rated_at": times,
                            "customer_id": np.arange(160)})  # fmt: skip
    row = rating_trend(ratings, cluster=cluster).trends.loc["within_items"]
    x, y = np.diff(month).ravel(), np.diff(stars).ravel()  # the slope through first differences, one row per item
    slope = x @ y / (x @ x)
    error = np.sqrt(80 / 79 * ((x * (y - slope * x)) ** 2).sum()) / (x @ x)
    assert row["stars_slope"] == pytest.approx(slope)
    assert row["stars_slope_high"] - row["stars_slope"] == pytest.approx(stdtrit(79, 0.975) * error)


def test_three_clusters_and_stars_all_alike():
    times = pd.to_datetime(["2012-01-05", "2012-02-05", "2012-03-05"] * 10).tz_localize("UTC")
    ratings = pd.DataFrame({"item_id": list("abcde") * 6, "stars": 5, "rated_at": times, "customer_id": range(30)})
    with pytest.raises(InputError, match="3 columns of clusters"):
        rating_trend(ratings, cluster=["item_id", "customer_id", "stars"])
    assert "评分没有差异" in rating_trend(ratings).text("zh")
    assert "all stars are alike" in rating_trend(ratings).text("en")
