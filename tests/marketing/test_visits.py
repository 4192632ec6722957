"""Visits by source, and groups compared."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crm_analysis.errors import InputError
from crm_analysis.intervals import newcombe, proportion
from crm_analysis.marketing import compare_visits, holm, source_table, two_proportions
from crm_analysis.tables import About, from_frames


@pytest.fixture
def visits():
    rng = np.random.default_rng(7)
    n = 600
    frame = pd.DataFrame(
        {"visit_id": range(n), "source": rng.choice(["search", "mail", "portal"], n, p=[0.5, 0.3, 0.2]),
         "landed_at": "2011-06-01 10:00:00", "pages": rng.geometric(0.3, n), "creative": rng.choice(["A", "B", "C"], n),
         "bought": rng.random(n) < 0.1}
    )  # fmt: skip
    return from_frames({"visits": frame}, About("visits", zone="Asia/Shanghai"))["visits"]


def test_depths_partition_the_visits_of_a_source(visits):
    table = source_table(visits)
    depths = table[["left_at_once", "pages_2_to_5", "pages_6_to_10", "pages_over_10"]]
    assert depths.sum(axis=1).tolist() == table["visits"].tolist()
    assert table["visits"].sum() == len(visits)
    assert table["visits"].is_monotonic_decreasing
    mail = visits[visits["source"] == "mail"]
    row = table.set_index("source").loc["mail"]
    assert row.left_at_once == (mail["pages"] <= 1).sum()
    assert row.pages_6_to_10 == mail["pages"].between(6, 10).sum()
    bought = proportion(mail["bought"].sum(), len(mail))
    assert (row.bought_share, row.bought_share_low, row.bought_share_high) == pytest.approx(bought)


def test_only_known_outcomes_are_in_the_denominator(visits):
    partly = visits.assign(bought=visits["bought"].where(visits["visit_id"].astype(int) % 2 == 0))
    table = source_table(partly)
    assert table["bought_known"].sum() == len(visits) // 2
    assert (table["bought_share"] == table["bought"] / table["bought_known"]).all()
    assert compare_visits(partly, by="source")["visits"].sum() == len(visits) // 2


def test_a_source_without_any_known_outcome_has_no_share(visits):
    partly = visits.assign(bought=visits["bought"].where(visits["source"] != "mail"))
    row = source_table(partly).set_index("source").loc["mail"]
    assert row.bought_known == 0
    assert np.isnan([row.bought_share, row.bought_share_low, row.bought_share_high]).all()


def test_no_page_counts_as_left_at_once():
    visits = pd.DataFrame({"source": ["x"], "pages": [0.0]})
    assert source_table(visits)["left_at_once"].tolist() == [1]


def test_blank_groups_are_kept_and_named(visits):
    partly = visits.assign(creative=visits["creative"].where(visits["creative"] != "B"))
    assert set(source_table(partly, by="creative")["creative"]) == {"A", "C", "not_stated"}


def test_against_the_rest_each_visit_is_on_one_side(visits):
    table = compare_visits(visits, by="creative")
    assert table["hit_share"].is_monotonic_decreasing
    for row in table.itertuples():
        rest_hits, rest = visits["bought"].sum() - row.hits, len(visits) - row.visits
        found = newcombe(row.hits, row.visits, rest_hits, rest)
        assert (row.share_difference, row.share_difference_low, row.share_difference_high) == pytest.approx(found)
        assert row.p == pytest.approx(two_proportions(row.hits, row.visits, rest_hits, rest).p)
    assert table["p_holm"].tolist() == pytest.approx(holm(table["p"]).tolist())


def test_against_the_best_all_pairs_are_counted(visits):
    table = compare_visits(visits, by="creative", against="best").set_index("creative")
    assert table["is_best"].sum() == 1
    assert table["hit_share_low"].idxmax() == table["is_best"].idxmax()
    best = table[table["is_best"]].iloc[0]
    groups = {name: (row.hits, row.visits) for name, row in table.iterrows()}
    pairs = {(a, b): two_proportions(*groups[a], *groups[b]).p for a, b in (("A", "B"), ("A", "C"), ("B", "C"))}
    corrected = dict(zip(pairs, holm(list(pairs.values()))))
    for (a, b), p in corrected.items():
        if best.name in (a, b):
            other = b if a == best.name else a
            assert table.loc[other, "p_holm"] == pytest.approx(p)
    assert np.isnan([best.share_difference, best.p, best.p_holm]).all()
    others = table[~table["is_best"]]
    assert others["share_difference"].tolist() == pytest.approx((others["hit_share"] - best.hit_share).tolist())


def test_a_single_lucky_visit_is_not_the_best():
    visits = pd.DataFrame({"creative": ["A"] * 100 + ["B"], "pages": 2, "bought": [True] * 60 + [False] * 40 + [True]})
    table = compare_visits(visits, by="creative", against="best").set_index("creative")
    assert table.loc["A", "is_best"]


def test_bounced_and_effective_are_opposite(visits):
    bounced = compare_visits(visits, by="source", outcome="bounced").set_index("source")
    effective = compare_visits(visits, by="source", outcome="effective").set_index("source")
    assert (bounced["hit_share"] + effective["hit_share"]).tolist() == pytest.approx([1, 1, 1])


def test_random_groups_are_rarely_found_different():
    rng, found = np.random.default_rng(3), 0
    for _ in range(100):
        frame = pd.DataFrame(
            {"creative": rng.choice(list("ABCDE"), 1000), "pages": 2, "bought": rng.random(1000) < 0.1}
        )
        found += (compare_visits(frame, by="creative", against="best")["p_holm"] < 0.05).any()
    assert found <= 10


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"by": "creativ"}, "did you mean 'creative'"),
        ({"by": "creative", "outcome": "sold"}, "cannot be compared"),
        ({"by": "creative", "against": "worst"}, "cannot be compared"),
        ({"by": "landed_at"}, "two groups or more"),
        ({"by": "creative", "outcome": "clicked"}, "clicked is missing"),
    ],
)
def test_bad_questions_are_refused(visits, options, said):
    with pytest.raises(InputError, match=said):
        compare_visits(visits, **options)


def test_visits_without_pages_are_refused(visits):
    with pytest.raises(InputError, match="pages is missing"):
        source_table(visits.drop(columns="pages"))
