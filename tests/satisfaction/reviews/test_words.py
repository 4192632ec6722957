"""Every column, index and level that a table of reviews can show has a term."""

from __future__ import annotations

import pandas as pd

from crm_analysis.satisfaction.reviews.contrast import verified_table
from crm_analysis.satisfaction.reviews.ranking import rank_items
from crm_analysis.satisfaction.reviews.selection import corrected_shares, selection_table
from crm_analysis.satisfaction.reviews.shape import SAID, star_table
from crm_analysis.satisfaction.reviews.trend import rating_trend
from crm_analysis.words import all_words


def test_every_name_has_a_word():
    times = pd.to_datetime(["2012-01-05", "2012-02-05", "2012-03-05", "2012-03-06"]).tz_localize("UTC")
    ratings = pd.DataFrame({"item_id": list("aabb"), "customer_id": list("wxyz"), "stars": [1, 5, 4, 2],
                            "rated_at": times, "verified": [True, True, False, False], "helpful_votes": 1})  # fmt: skip
    stars, trend, marked = star_table(ratings, by="verified"), rating_trend(ratings), verified_table(ratings)
    counts = [1, 2, 3, 4, 5]
    frames = [
        stars.table, stars.distribution, trend.table, trend.trends, marked, rank_items(ratings, min_reviews=1, draws=5),
        selection_table(counts), corrected_shares(counts, counts), star_table(ratings).table,
    ]  # fmt: skip
    names = {name for frame in frames for name in [*frame.columns, frame.index.name] if name is not None}
    names = {name for name in names if not name.endswith(("_low", "_high"))} | {"bound_low", "bound_high"}
    names |= {*SAID, *marked.index, *trend.trends.index, *stars.table.index}
    assert names - set(all_words()) == set()
