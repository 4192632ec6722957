"""The service ranking: known truth, coverage of ranks, weights, pairs; the sample company."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import kendalltau

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.sellers.parts import PARTS, draw_parts, read_parts
from crm_analysis.satisfaction.sellers.ranks import (
    PAIRS,
    blocks,
    limits,
    pairs_of,
    ranks_by_draw,
    taus,
    undecided_pairs,
)
from crm_analysis.satisfaction.sellers.service import WEIGHTS, service_ranking
from crm_analysis.tables import load
from crm_analysis.words import all_words

ROOT = Path(__file__).parents[3]


def company(seed: int, sellers: int = 60, most: int = 150) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Feedback and sellers drawn from known parts, and these parts."""
    rng = np.random.default_rng(seed)
    truth = pd.DataFrame(
        {
            "good_share": rng.beta(16, 4, sellers), "dsr_mean": rng.normal(4.2, 0.2, sellers),
            "refund_share": rng.beta(4, 76, sellers), "complaint_share": rng.beta(6, 74, sellers),
            "violations": rng.gamma(2, 0.5, sellers),
        }, index=[f"s{k:03d}" for k in range(sellers)],
    )  # fmt: skip
    orders = rng.integers(10, most, sellers)
    n = rng.binomial(orders, 0.4) + 2
    seller = np.repeat(truth.index, n)
    verdict = np.where(rng.random(len(seller)) < np.repeat(truth["good_share"].to_numpy(), n), "good", "bad")
    feedback = pd.DataFrame({"seller_id": seller, "verdict": verdict})
    for name in ("item_match", "service", "delivery"):
        feedback[name] = np.repeat(truth["dsr_mean"].to_numpy(), n) + rng.normal(0, 0.5, len(seller))
    table = pd.DataFrame(
        {
            "seller_id": truth.index, "kind": "small_seller", "orders": orders,
            "refunds": rng.binomial(orders, truth["refund_share"]),
            "complaints": rng.binomial(orders, truth["complaint_share"]),
            "violations": rng.poisson(truth["violations"]),
        }
    )  # fmt: skip
    return feedback, table, truth


def true_ranks(truth: pd.DataFrame, scales: pd.Series) -> pd.Series:
    sign = pd.Series({"good_share": 1, "dsr_mean": 1, "refund_share": -1, "complaint_share": -1, "violations": -1})
    return (truth * sign / scales * pd.Series(WEIGHTS)).sum(axis=1).rank(ascending=False)


def test_variances_between_sellers_are_found():
    feedback, table, truth = company(0, sellers=600, most=400)
    parts, left_out = read_parts(feedback, table)
    for part in PARTS:
        assert parts.scales[part] == pytest.approx(truth[part].std(), rel=0.2), part
        shrunk = ((parts.estimates[part] - truth[part]) ** 2).mean()
        assert shrunk < truth[part].var()
    assert left_out.to_dict() == {"all_sellers": 600, "no_feedback": 0, "no_orders": 0}


def test_draws_lie_around_the_estimates():
    parts, _ = read_parts(*company(1)[:2])
    drawn = draw_parts(parts, 4000, np.random.default_rng(0))
    for part in PARTS:
        error = np.abs(drawn[part].mean(axis=0) - parts.estimates[part]) / drawn[part].std(axis=0)
        assert error.max() < 0.12, part
    alike = np.corrcoef(drawn["good_share"][:, 0], drawn["dsr_mean"][:, 0])[0, 1]
    assert alike == pytest.approx(parts.likeness, abs=0.06)


def test_intervals_of_ranks_hold_the_true_ranks():
    covered, score_error = [], []
    for seed in range(12):
        feedback, table, truth = company(seed)
        found = service_ranking(feedback, table, draws=300).table.set_index("seller_id")
        ranks = true_ranks(truth, read_parts(feedback, table)[0].scales).reindex(found.index)
        covered += ((found["service_rank_low"] <= ranks) & (ranks <= found["service_rank_high"])).tolist()
        score_error.append(kendalltau(ranks, found["service_rank"]).statistic
                           - kendalltau(ranks, found["credit_rank"]).statistic)  # fmt: skip
    assert 0.9 < np.mean(covered) < 0.99
    assert np.mean(score_error) > 0.1  # the credit score alone ranks by size, not by service


def test_undecided_pairs_by_brute_force_and_weights():
    feedback, table, _ = company(3, sellers=12)
    found = service_ranking(feedback, table, draws=500)
    value = found.stability["measured"]
    assert 0 < value["undecided_pairs"] < 1
    assert value["equal_tau"] == pytest.approx(
        kendalltau(found.table["service_rank"], found.table["equal_rank"]).statistic)  # fmt: skip
    near = service_ranking(feedback, table, draws=100, concentration=1e5).stability["measured"]
    far = service_ranking(feedback, table, draws=100, concentration=3).stability["measured"]
    assert near["kendall_tau"] > 0.97
    assert near["kendall_tau"] > value["kendall_tau"] > far["kendall_tau"]
    assert near["rank_change"] < far["rank_change"]


def test_one_part_alone_ranks_by_that_part():
    feedback, table, _ = company(4)
    found = service_ranking(feedback, table, weights={"refund_share": 2.0}, draws=50)
    assert found.table["refund_share"].is_monotonic_increasing
    assert found.weights["refund_share"] == 1
    assert found.stability.loc["kendall_tau", "measured"] == pytest.approx(1)


def test_rows_and_names_do_not_matter_and_seeds_do():
    feedback, table, _ = company(5, sellers=20)
    first = service_ranking(feedback, table, draws=60)
    other = service_ranking(feedback.sample(frac=1, random_state=1), table.sample(frac=1, random_state=2), draws=60)
    pd.testing.assert_frame_equal(first.table, other.table)
    assert not first.table["service_rank_high"].equals(
        service_ranking(feedback, table, draws=60, seed=1).table["service_rank_high"]
    )
    before = feedback.copy()
    service_ranking(feedback, table, draws=5)
    pd.testing.assert_frame_equal(feedback, before)


def test_sellers_who_do_not_differ_cannot_be_ranked_by_it():
    feedback, table, _ = company(6, sellers=30)
    table["violations"] = 1
    found = service_ranking(feedback, table, draws=50)
    assert found.account["no_difference"] >= 1
    assert np.isfinite(found.table["weighted_score"]).all()
    assert (found.table["weighted_score_low"] <= found.table["weighted_score"] + 0.3).all()


def test_the_sample_company():
    data = load(ROOT / "data" / "taobao")
    found = service_ranking(data.need("seller_feedback"), data.need("sellers"))
    assert found.account.to_dict() == {"all_sellers": 250, "no_feedback": 39, "no_orders": 0, "ranked": 211,
                                       "no_difference": 0}  # fmt: skip
    assert found.table["service_rank"].tolist() == list(range(1, 212))
    assert found.stability.loc["undecided_pairs", "measured"] > 0.8
    for lang in ("zh", "en"):
        assert "250" in found.text(lang)
    names = {*found.table.columns, *found.stability.index, *found.account.index, "stability_measure", "measured"}
    assert {name for name in names if not name.endswith(("_low", "_high"))} <= set(all_words())


@pytest.mark.parametrize(
    ("change", "options", "what"),
    [
        ({"refunds": 999}, {}, "more refunds than orders"),
        ({"violations": -1}, {}, "violations is negative"),
        ({"seller_id": "s000"}, {}, "name a seller again"),
        ({"orders": 0, "refunds": 0, "complaints": 0}, {}, "fewer than two sellers"),
        ({}, {"weights": {"good_shares": 1}}, "'good_shares' is no part did you mean 'good_share'"),
        ({}, {"weights": {"good_share": -1, "dsr_mean": 2}}, "good_share=-1 is no weight"),
        ({}, {"weights": {"good_share": 0}}, "all weights are 0"),
        ({}, {"concentration": 0}, "concentration=0 is none"),
    ],
)
def test_what_cannot_be_ranked(change, options, what):
    feedback, table, _ = company(7, sellers=10)
    with pytest.raises(InputError, match=what):
        service_ranking(feedback, table.assign(**change), draws=5, **options)


def test_feedback_without_detailed_ratings():
    feedback, table, _ = company(7, sellers=10)
    with pytest.raises(InputError, match="service is missing"):
        service_ranking(feedback.drop(columns="service"), table)


def alike(good: str, other: str, low: int, high: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Two sellers, of whom each got the same feedback ten times."""
    ratings = [high] * 10 + [low] * 10
    feedback = pd.DataFrame({"seller_id": ["a"] * 10 + ["b"] * 10, "verdict": [good] * 10 + [other] * 10,
                             "item_match": ratings, "service": ratings, "delivery": ratings})  # fmt: skip
    counts = {"orders": 100, "refunds": 0, "complaints": 0, "violations": 0}
    return feedback, pd.DataFrame({"seller_id": ["a", "b"]} | counts)


def test_sellers_of_one_opinion_and_without_refunds_can_be_ranked():
    found = service_ranking(*alike("good", "bad", 3, 5), draws=200)
    assert found.table["seller_id"].tolist() == ["a", "b"]
    limits = found.table[["weighted_score_low", "weighted_score_high"]]
    assert np.isfinite(limits).all(axis=None)
    assert (limits["weighted_score_low"] < limits["weighted_score_high"]).all()
    assert found.account["no_difference"] == 3


def test_where_nothing_differs_nobody_is_ranked():
    feedback, sellers = alike("good", "good", 4, 4)
    with pytest.raises(InputError, match="nothing to rank them by") as error:
        service_ranking(feedback, sellers, draws=5)
    assert "无法排名" in error.value.zh
    with pytest.raises(InputError, match="draws=0"):
        service_ranking(feedback, sellers, draws=0)


def test_ties_are_undecided():
    scores = np.random.default_rng(0).normal(size=(100, 2))
    equal = np.column_stack([scores[:, 0], scores[:, 0], scores[:, 0] + 1])
    assert undecided_pairs(equal, np.random.default_rng(0)) == pytest.approx(1 / 3)


def test_pairs_are_numbered_as_above_the_diagonal():
    for sellers in (2, 3, 150):
        for found, expected in zip(pairs_of(sellers, np.random.default_rng(0)), np.triu_indices(sellers, 1)):
            np.testing.assert_array_equal(found, expected)
    first, second = pairs_of(300, np.random.default_rng(0))
    chosen = np.random.default_rng(0).choice(300 * 299 // 2, PAIRS, replace=False)
    every = np.triu_indices(300, 1)
    np.testing.assert_array_equal(first, every[0][chosen])
    np.testing.assert_array_equal(second, every[1][chosen])
    first, second = pairs_of(200_000, np.random.default_rng(0))  # more pairs than could be held
    assert len(set(zip(first.tolist(), second.tolist()))) == PAIRS
    assert ((first >= 0) & (first < second) & (second < 200_000)).all()
    assert np.mean(first) == pytest.approx(200_000 / 3, rel=0.02)


def test_blocks_cover_all_sellers_and_do_not_change_limits(monkeypatch):
    scores = np.random.default_rng(0).normal(size=(40, 23))
    whole = limits(scores, [0.1, 0.9])
    monkeypatch.setattr("crm_analysis.satisfaction.sellers.ranks.BLOCK", 200)
    assert [(block.start, block.stop) for block in blocks(40, 23)] == [(k, k + 5) for k in range(0, 25, 5)]
    np.testing.assert_array_equal(limits(scores, [0.1, 0.9]), whole)
    np.testing.assert_array_equal(ranks_by_draw(scores), (-scores).argsort(axis=1).argsort(axis=1) + 1)


def test_tabled_draws_are_close_to_exact_ones():
    parts, _ = read_parts(*company(8)[:2])
    exact, tabled = (draw_parts(parts, 500, np.random.default_rng(0), tabled=how) for how in (False, True))
    for part in PARTS:
        off = np.abs(tabled[part] - exact[part]) / exact[part].std(axis=0)
        assert off.mean() < 0.005, part
        assert off.max() < 0.1, part


def test_many_sellers_take_blocks_and_samples_and_the_text_says_so(monkeypatch):
    feedback, table, _ = company(9, sellers=300)
    small = service_ranking(feedback, table, draws=400)
    assert "20,000 of the 44,850 pairs" in small.text("en")
    assert "44,850" in small.text("zh")
    assert "Tau is that" not in small.text("en")
    monkeypatch.setattr("crm_analysis.satisfaction.sellers.ranks.BLOCK", 40_000)
    large = service_ranking(feedback, table, draws=400)
    gap = large.stability["measured"] - small.stability["measured"]
    assert gap.abs().drop("rank_change").max() < 0.05
    together = large.table.set_index("seller_id").join(small.table.set_index("seller_id"), suffixes=("", "_small"))
    assert (together["service_rank"] == together["service_rank_small"]).all()
    assert (together["service_rank_low"] - together["service_rank_low_small"]).abs().mean() < 8


def test_tau_of_many_sellers_is_that_of_a_sample():
    rng = np.random.default_rng(0)
    score = rng.normal(size=5000)
    other = score + rng.normal(size=(3, 5000))
    for found, drawn in zip(taus(score, other, rng), other):
        assert found == pytest.approx(kendalltau(drawn, score).statistic, abs=0.04)
    assert np.isnan(taus(score, np.zeros((1, 5000)), rng)).all()
