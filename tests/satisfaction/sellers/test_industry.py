"""A seller's ratings against its industry; five-star ratings needed; the monthly maximum of ratings."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.sellers.dsr import dsr_table
from crm_analysis.satisfaction.sellers.industry import dsr_against_industry, five_star_needed
from crm_analysis.words import all_words

quick = settings(max_examples=50, deadline=None)


def means(values: dict[str, float], ratings: int = 50) -> pd.DataFrame:
    mean = pd.Series(values)
    found = pd.DataFrame({"seller_id": mean.index, "dimension": "dsr_service", "ratings": ratings})
    return found.assign(mean=mean.to_numpy(), mean_low=mean.to_numpy() - 0.1, mean_high=mean.to_numpy() + 0.1)


def test_place_in_the_industry_by_hand():
    table = means({"a": 4.9, "b": 4.6, "c": 4.0, "few": 5.0})
    table.loc[3, "ratings"] = 3
    found = dsr_against_industry(table).set_index("seller_id")
    assert found["against_industry"].round(6).to_dict() == {"a": 1.0, "b": 0.25, "c": -1.0, "few": 1.0}
    assert found["few_ratings"].tolist() == [False, False, False, True]
    assert found.loc["a", ["industry_sellers", "industry_best", "industry_worst"]].tolist() == [3, 4.9, 4.0]
    assert found.loc["b", "against_industry_low"] == pytest.approx(0.0)
    assert found.loc["b", "against_industry_high"] == pytest.approx(0.5)


def test_industries_are_kept_apart():
    sellers = pd.DataFrame({"seller_id": list("abcd"), "category": ["x", "x", "y", None]})
    found = dsr_against_industry(means({"a": 4.9, "b": 4.6, "c": 4.0, "d": 3.0, "e": 4.0}), sellers)
    assert found["industry"].tolist() == ["x", "x", "y", "not_stated", "not_stated"]
    assert found["against_industry"].iloc[[0, 1, 3, 4]].tolist() == [1, -1, -1, 1]
    assert np.isnan(found["against_industry"].iloc[2])


@quick
@given(st.dictionaries(st.sampled_from("abcdef"), st.floats(1, 5), min_size=2))
def test_the_place_lies_between_worst_and_best_and_keeps_the_order(values):
    found = dsr_against_industry(means(values))
    if found["mean"].max() - found["mean"].min() > 1e-6:
        assert found["against_industry"].between(-1, 1).all()
        order = found.sort_values("mean", kind="stable")["against_industry"]
        assert (order.diff().dropna() >= -1e-9).all()


@pytest.mark.parametrize(
    ("n", "mean", "target", "needed"),
    [(100, 4.8, 4.9, 100), (100, "4.8", "4.9", 100), (100, Decimal("4.8"), 4.9, 100), (3, 4.6, 4.6, 0), (7, 5, 5, 0),
     (1, 1, 4.9, 39), (10, 4.0, 4.5, 10), (300, 4.7, 4.8, 150), (3, 4.333, 4.5, 2)],
)  # fmt: skip
def test_five_star_ratings_needed(n, mean, target, needed):
    assert five_star_needed(n, mean, target) == needed


@quick
@given(st.integers(1, 5000), st.integers(100, 499), st.integers(100, 499))
def test_with_so_many_five_stars_the_target_is_reached_and_not_with_one_less(n, mean, target):
    m, t = Fraction(min(mean, target), 100), Fraction(max(mean, target), 100)
    needed = five_star_needed(n, float(m), float(t))
    assert (n * m + 5 * needed) / (n + needed) >= t
    if needed:
        assert (n * m + 5 * (needed - 1)) / (n + needed - 1) < t


@pytest.mark.parametrize(
    ("n", "mean", "target", "what"),
    [
        (10, 4.8, 5, "no number of ratings lifts"),
        (10, 4.9, 4.8, "above the target"),
        (0, 4.8, 4.9, "n=0 is no count"),
        (2.5, 4.8, 4.9, "n=2.5 is no count"),
        (10, 0.5, 5.5, "mean=0.5 lies outside 1 to 5; target=5.5 lies outside"),
        (10, float("nan"), 4.9, "is no number"),
        (10, "four", 4.9, "mean='four' is no number"),
        (10, 4.5, float("inf"), "is no number"),
    ],
)
def test_targets_that_cannot_be(n, mean, target, what):
    with pytest.raises(InputError, match=what):
        five_star_needed(n, mean, target)


def test_the_monthly_maximum_takes_the_earliest_ratings():
    days = ["2012-03-05", "2012-03-01", "2012-03-02", "2012-04-01", "2012-03-03"]
    feedback = pd.DataFrame({"seller_id": "s", "customer_id": list("aaaab"), "service": [1, 5, 4, 3, 2]})
    feedback["rated_at"] = pd.to_datetime(days).tz_localize("Asia/Shanghai")
    feedback.index = [0, 0, 1, 1, 2]
    every = dsr_table(feedback, as_of="2012-04-30", prior_ratings=5)
    assert every[["ratings", "mean"]].values.tolist() == [[5, 3.0]]
    assert "uncounted" not in every
    capped = dsr_table(feedback, as_of="2012-04-30", prior_ratings=5, max_per_buyer_month=2)
    assert capped[["ratings", "mean", "uncounted"]].values.tolist() == [[4, 3.5, 1]]
    with pytest.raises(InputError, match="max_per_buyer_month=0"):
        dsr_table(feedback, as_of="2012-04-30", max_per_buyer_month=0)
    with pytest.raises(InputError, match="customer_id is missing"):
        dsr_table(feedback.drop(columns="customer_id"), as_of="2012-04-30", max_per_buyer_month=2)


def test_bad_input_and_words():
    with pytest.raises(InputError, match="no mean of the table"):
        dsr_against_industry(means({"a": 4.0}), of="median")
    with pytest.raises(InputError, match="dsr, dsr_low, dsr_high is missing"):
        dsr_against_industry(means({"a": 4.0}), of="dsr")
    sellers = pd.DataFrame({"seller_id": ["a", "a"], "category": "x"})
    with pytest.raises(InputError, match="1 rows name a seller again"):
        dsr_against_industry(means({"a": 4.0}), sellers)
    with pytest.raises(InputError, match="no column 'branch'"):
        dsr_against_industry(means({"a": 4.0}), sellers, by="branch")
    found = dsr_against_industry(means({"a": 4.0, "b": 3.0}))
    names = {*found.columns, "all_sellers"}
    assert {name for name in names if not name.endswith(("_low", "_high"))} <= set(all_words())
