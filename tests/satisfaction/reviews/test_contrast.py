"""Reviews with a mark against those without it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from crm_analysis import tables
from crm_analysis.errors import InputError
from crm_analysis.intervals import holm, newcombe
from crm_analysis.satisfaction.reviews.contrast import verified_table

SAMPLE = Path(__file__).parents[3] / "data" / "taobao"


def marked(rng: np.random.Generator, n: int = 200) -> pd.DataFrame:
    return pd.DataFrame(
        {"stars": rng.integers(1, 6, n), "verified": rng.random(n) < 0.6, "helpful_votes": rng.poisson(1, n)}
    )


def test_without_clusters_it_is_welch_and_newcombe():
    from scipy import stats

    ratings = marked(np.random.default_rng(1))
    table = verified_table(ratings, cluster=None)
    yes, no = (ratings[ratings["verified"] == flag] for flag in (True, False))
    for name, column in (("mean_stars", "stars"), ("helpful_votes", "helpful_votes")):
        test = stats.ttest_ind(yes[column], no[column], equal_var=False)
        limits = test.confidence_interval(0.95)
        found = table.loc[name, ["mark_difference", "mark_difference_low", "mark_difference_high", "p"]].tolist()
        assert found == pytest.approx([yes[column].mean() - no[column].mean(), limits.low, limits.high, test.pvalue])
    five = newcombe((yes["stars"] == 5).sum(), len(yes), (no["stars"] == 5).sum(), len(no))
    found = table.loc["five_star", ["mark_difference", "mark_difference_low", "mark_difference_high"]].tolist()
    assert found == pytest.approx(list(five))
    np.testing.assert_allclose(table["p_holm"], holm(table["p"]))


def test_turning_the_mark_turns_the_sign():
    ratings = marked(np.random.default_rng(2))
    a = verified_table(ratings, cluster=None)
    b = verified_table(ratings.assign(verified=~ratings["verified"]), cluster=None)
    np.testing.assert_allclose(a["mark_difference"], -b["mark_difference"])
    np.testing.assert_allclose(a["mark_difference_low"], -b["mark_difference_high"])


def test_clusters_widen_and_cover():
    rng, held = np.random.default_rng(3), []
    for _ in range(90):
        customer = np.repeat(np.arange(60), 6)
        taste = np.clip(rng.normal(0.5, 0.3, 60), 0, 1)[customer]
        ratings = pd.DataFrame({"stars": np.where(rng.random(360) < taste, 5, 1), "verified": customer < 40,
                                "customer_id": customer.astype(str)})  # fmt: skip
        wide, thin = (verified_table(ratings, cluster=c) for c in ("customer_id", None))
        rows = [table.loc[["mean_stars", "five_star"]] for table in (wide, thin)]
        held.append([((r["mark_difference_low"] <= 0) & (r["mark_difference_high"] >= 0)).tolist() for r in rows])
    clustered, naive = np.mean(held, axis=0)
    assert (clustered > 0.9).all()
    assert (naive < clustered).all()


def test_blanks_are_counted_and_votes_may_be_missing():
    ratings = pd.DataFrame(
        {"stars": [5, 4, 1, 2, 3], "rewarded": pd.array([True, True, False, False, None], "boolean")}
    )
    table = verified_table(ratings, by="rewarded", cluster=None)
    assert table.index.tolist() == ["mean_stars", "five_star", "one_star"]
    assert table[["reviews_with", "reviews_without", "unmarked"]].iloc[0].tolist() == [2, 2, 1]
    votes = ratings.assign(helpful_votes=[1, None, 2, 4, None])
    assert verified_table(votes, by="rewarded", cluster=None).loc["helpful_votes", "with_mark"] == 1


def test_sample_company_fakes_sit_at_the_ends():
    table = verified_table(tables.load(SAMPLE)["ratings"])
    assert table.loc["five_star", "mark_difference_high"] < 0
    assert table.loc["one_star", "mark_difference"] < 0
    assert table.loc["mean_stars", "p"] > 0.05  # the mean hides it


@pytest.mark.parametrize(
    ("ratings", "how", "what"),
    [
        (pd.DataFrame({"stars": [5, 4]}), {}, "no column 'verified'"),
        (
            pd.DataFrame({"stars": [5, 4, 1], "verified": [True, True, False]}),
            {"cluster": None},
            "true in 2 and false in 1",
        ),
        (pd.DataFrame({"stars": [5, 4], "verified": ["maybe", "no"]}), {"cluster": None}, "other than true and false"),
        (pd.DataFrame({"stars": [5, 4, 1, 1], "verified": [True, True, False, False]}), {}, "customer_id is missing"),
    ],
)
def test_what_cannot_be_used(ratings, how, what):
    with pytest.raises(InputError, match=what):
        verified_table(ratings, **how)
