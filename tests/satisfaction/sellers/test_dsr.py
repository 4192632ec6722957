"""Detailed seller ratings: shrinkage, windows, variances with known truth."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.sellers.dsr import dsr_table
from crm_analysis.words import all_words

quick = settings(max_examples=25, deadline=None)


def ratings(rows: list[tuple[str, float]], at: str = "2012-03-01") -> pd.DataFrame:
    moments = pd.to_datetime([at] * len(rows)).tz_localize("Asia/Shanghai")
    return pd.DataFrame(rows, columns=["seller_id", "service"]).assign(rated_at=moments)


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
    feedback = ratings([("a", 5.0), ("a", 4.0)]).assign(item_match=4, delivery=3)
    table = dsr_table(feedback, as_of="2012-03-31")
    names = {*table.columns, *table["dimension"]}
    assert {name for name in names if not name.endswith(("_low", "_high"))} <= set(all_words())


def test_ratings_as_texts_are_named():
    at = pd.to_datetime(["2012-03-01"] * 2).tz_localize("Asia/Shanghai")
    feedback = pd.DataFrame({"seller_id": ["a", "a"], "rated_at": at, "service": ["5", "4"], "delivery": [5, 4]})
    with pytest.raises(InputError, match="service: ratings are no numbers"):
        dsr_table(feedback, as_of="2012-03-31")
