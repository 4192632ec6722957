"""Who writes is not who buys: sharp bounds, known propensities, the factor at which a comparison turns."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis import tables
from crm_analysis.errors import InputError
from crm_analysis.satisfaction.reviews.selection import (
    corrected_mean,
    corrected_shares,
    selection_bounds,
    selection_table,
    turning_factor,
)
from crm_analysis.satisfaction.reviews.stars import star_counts

SAMPLE = Path(__file__).parents[3] / "data" / "taobao"
quick = settings(max_examples=25, deadline=None)
counts = st.lists(st.integers(0, 50), min_size=5, max_size=5).filter(lambda n: sum(n) > 0)
S = np.arange(1, 6)


@quick
@given(counts, st.sampled_from([1.0, 1.3, 2.0, 5.0, 20.0]))
def test_bounds_are_those_of_all_corners(n, factor):
    n = np.array(n, float)
    corners = [(np.array(w) * n) @ S / (np.array(w) @ n) for w in product([1.0, factor], repeat=5)]
    found = selection_bounds(n, factor=factor)
    assert (found.low, found.high) == pytest.approx((min(corners), max(corners)))
    assert found.low - 1e-12 <= found.written <= found.high + 1e-12
    if (n > 0).sum() > 1:
        assert 1 <= found.limit_low <= found.low
        assert found.high <= found.limit_high <= 5


@quick
@given(counts, st.lists(st.floats(0.1, 1.0), min_size=5, max_size=5))
def test_no_propensities_within_the_factor_leave_the_bounds(n, q):
    found = selection_bounds(n, factor=max(q) / min(q) * (1 + 1e-9))
    assert found.low - 1e-9 <= corrected_mean(n, q).value <= found.high + 1e-9


def test_factor_one_is_the_written_mean_with_its_interval():
    n = np.array([10, 5, 5, 20, 60])
    found = selection_bounds(n, factor=1)
    values = np.repeat(S, n)
    assert found.low == found.high == pytest.approx(values.mean())
    half = 1.959964 * values.std() / 10
    assert (found.limit_low, found.limit_high) == pytest.approx((values.mean() - half, values.mean() + half), abs=1e-6)


def test_bounds_widen_with_the_factor():
    table = selection_table([10, 5, 5, 20, 60])
    assert table.index.name == "selection_factor"
    assert table["bound_low"].is_monotonic_decreasing
    assert table["bound_high"].is_monotonic_increasing


@quick
@given(counts, counts)
def test_turning_factor_is_where_the_bounds_meet(first, second):
    factor = turning_factor(first, second)
    assert factor == pytest.approx(turning_factor(second, first))
    if not np.isfinite(factor) or factor > 1e6:
        return
    a, b = (np.array(n) for n in (first, second))
    high, low = (a, b) if a @ S * b.sum() >= b @ S * a.sum() else (b, a)
    up, down = selection_bounds(high, factor=factor).low, selection_bounds(low, factor=factor).high
    assert up == pytest.approx(down, abs=1e-9)


def test_turning_factor_at_the_ends():
    assert turning_factor([1, 2, 3, 4, 5], [2, 4, 6, 8, 10]) == 1
    assert turning_factor([0, 0, 0, 4, 5], [5, 4, 1, 0, 0]) == float("inf")
    assert turning_factor([0, 0, 0, 4, 5], [5, 4, 1, 1, 0]) == float("inf")  # they meet at 4 stars only
    assert 1 < turning_factor([10, 5, 5, 20, 61], [10, 5, 5, 20, 60]) < 1.01  # fragile


def test_known_propensities_recover_what_the_buyers_of_the_sample_felt():
    truth = yaml.safe_load((SAMPLE / "truth.yml").read_text(encoding="utf-8"))
    q, felt = truth["process"]["opinions"]["review"], truth["figures"]["experience"]["mean_stars_felt"]
    ratings = tables.load(SAMPLE)["ratings"]
    n = star_counts(ratings.loc[ratings["verified"].astype(bool), "stars"])
    found = corrected_mean(n, q)
    assert found.low <= felt <= found.high
    assert found.value == pytest.approx(felt, abs=0.04)
    shares = truth["figures"]["experience"]["stars_felt"]
    np.testing.assert_allclose(corrected_shares(n, q)["buyer_share"], [shares[k] for k in range(1, 6)], atol=0.02)
    bounds = selection_bounds(n, factor=max(q) / min(q))
    assert bounds.low <= felt <= bounds.high


def test_interval_of_the_corrected_mean_covers():
    rng, q = np.random.default_rng(8), np.array([0.65, 0.28, 0.13, 0.14, 0.36])
    p, held, naive = np.array([0.2, 0.1, 0.15, 0.25, 0.3]), [], []
    for _ in range(400):
        written = rng.binomial(rng.multinomial(3000, p), q)
        found = corrected_mean(written, q)
        held.append(found.low <= p @ S <= found.high)
        plain = selection_bounds(written, factor=1)
        naive.append(plain.limit_low <= p @ S <= plain.limit_high)
    assert np.mean(held) == pytest.approx(0.95, abs=0.03)
    assert np.mean(naive) < 0.2


@pytest.mark.parametrize(
    ("call", "what"),
    [
        (lambda: selection_bounds([1, 1, 1, 1, 1], factor=0.5), "no ratio"),
        (lambda: selection_bounds([1, 1, 1], factor=2), "no counts of stars"),
        (lambda: corrected_mean([1, 1, 1, 1, 1], [1, 1, 0, 1, 1]), "no propensities"),
        (lambda: corrected_mean([1, 1, 1, 1, 1], [1, 1]), "no propensities"),
    ],
)
def test_what_cannot_be_used(call, what):
    with pytest.raises(InputError, match=what):
        call()


def test_texts_name_the_assumption():
    found = selection_bounds([100, 0, 0, 0, 300], factor=3)
    assert "该倍数是假定" in found.text("zh")
    assert "an assumption" in found.text("en")


def test_equal_stars_have_no_limits():
    found = selection_bounds([0, 0, 0, 0, 3], factor=2)
    assert (found.low, found.high) == (5, 5)
    assert np.isnan([found.limit_low, found.limit_high]).all()
    assert "抽样误差" not in found.text("zh")
    assert "nan" not in found.text("zh") + found.text("en")
    assert np.isnan(corrected_mean([0, 0, 0, 0, 3], [1] * 5).low)
