"""The one Qini: printed numbers, brute force, its properties, and how often its interval holds the truth."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_analysis.errors import InputError
from crm_analysis.marketing.uplift import qini

Y, T = [1, 1, 0, 0, 1, 0, 0, 1, 0, 0], [1, 1, 0, 1, 0, 0, 1, 1, 0, 0]
ROWS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 1), st.integers(0, 1)), min_size=2, max_size=30).filter(
    lambda rows: {t for _, _, t in rows} == {0, 1}
)


def brute(score, y, treated):
    """Q by counting, one block of equal scores at a time, and the area by adding trapezoids."""
    points, n_treated = [(0.0, 0.0)], sum(treated)
    for cut in sorted(set(score), reverse=True):
        kept = [(b, t) for s, b, t in zip(score, y, treated) if s >= cut]
        nt, nc = sum(t for _, t in kept), sum(1 - t for _, t in kept)
        gained = sum(b for b, t in kept if t) - (sum(b for b, t in kept if not t) * nt / nc if nc else 0)
        points.append((len(kept) / len(score), gained / n_treated))
    area = sum((b[0] - a[0]) * (a[1] + b[1]) / 2 for a, b in pairwise(points))
    return area - points[-1][1] / 2, points


def test_reference_to_the_digit():
    found = qini(range(10, 0, -1), Y, T, draws=0)
    assert found.steps["responses_gained"].to_numpy() == pytest.approx(
        [0, 1, 2, 2, 2, 0.5, 1, 0.6667, 1.3333, 1.75, 2], abs=5e-5
    )
    assert found.coefficient.value == pytest.approx(0.065, abs=1e-12)
    assert found.ate.value == pytest.approx(0.4)
    assert np.isnan(found.coefficient.low)
    assert (found.customers, found.treated, found.control) == (10, 5, 5)


@given(ROWS)
def test_it_is_what_counting_gives(rows):
    score, y, treated = zip(*rows)
    found = qini(score, y, treated, draws=0)
    value, points = brute(score, y, treated)
    assert found.coefficient.value == pytest.approx(value, abs=1e-12)
    assert found.steps[["share", "qini"]].to_numpy() == pytest.approx(np.array(points), abs=1e-12)


@given(ROWS)
def test_the_curve_ends_at_the_average_effect_and_ignores_order_and_scale(rows):
    score, y, treated = map(np.array, zip(*rows))
    found = qini(score, y, treated, draws=0)
    assert found.steps["qini"].iloc[-1] == pytest.approx(y[treated == 1].mean() - y[treated == 0].mean(), abs=1e-12)
    assert found.ate.value == pytest.approx(found.steps["qini"].iloc[-1], abs=1e-12)
    back = slice(None, None, -1)
    again = qini(np.exp(score)[back], y[back], treated[back], draws=0)
    assert again.coefficient.value == pytest.approx(found.coefficient.value, abs=1e-12)


def test_a_constant_score_has_none():
    found = qini(np.ones(10), Y, T, draws=50)
    assert tuple(found.coefficient) == pytest.approx((0, 0, 0), abs=1e-12)


def test_random_scores_have_none_on_average():
    rng = np.random.default_rng(0)
    y, treated = rng.random(300) < 0.3, rng.integers(0, 2, 300)
    found = np.array([qini(rng.random(300), y, treated, draws=0).coefficient.value for _ in range(400)])
    assert abs(found.mean()) < 3 * found.std() / 20


def drawn(rng, n):
    x, treated = rng.random(n), rng.integers(0, 2, n)
    return x, (rng.random(n) < 0.3 + treated * 0.2 * x).astype(int), treated


def test_an_uplift_of_a_fifth_of_x_gives_a_sixtieth():
    x, y, treated = drawn(np.random.default_rng(1), 400_000)
    assert qini(x, y, treated, draws=0).coefficient.value == pytest.approx(1 / 60, abs=0.002)


def test_the_interval_holds_the_truth_as_often_as_it_says():
    rng, held = np.random.default_rng(2), 0
    for seed in range(100):
        low, high = qini(*drawn(rng, 800), draws=100, seed=seed).coefficient[1:]
        held += low <= 1 / 60 <= high
    assert 88 <= held <= 100  # 95 % of 100, three standard errors are 7


def test_rows_of_one_customer_widen_the_interval():
    x, y, treated = drawn(np.random.default_rng(3), 400)
    alone = qini(x, y, treated, draws=300)
    copies = [np.repeat(values, 4) for values in (x, y, treated)]
    naive = qini(*copies, draws=300)
    whole = qini(*copies, customer=np.repeat(np.arange(400), 4), draws=300)
    width = [found.coefficient.high - found.coefficient.low for found in (alone, naive, whole)]
    assert width[2] == pytest.approx(width[0], rel=0.2)
    assert width[1] < 0.7 * width[2]
    assert whole.ate.high - whole.ate.low > 1.7 * (naive.ate.high - naive.ate.low)


def test_the_same_seed_gives_the_same_and_the_band_holds_the_curve():
    x, y, treated = drawn(np.random.default_rng(4), 600)
    found = qini(x, y, treated, draws=100, seed=7)
    assert found.coefficient == qini(x, y, treated, draws=100, seed=7).coefficient
    inner = found.curve.iloc[5:]
    assert inner["qini"].between(inner["qini_low"], inner["qini_high"]).mean() > 0.95
    assert found.curve["random"].iloc[-1] == found.steps["qini"].iloc[-1]


def test_no_interval_with_one_treated_and_a_verdict_for_each_side():
    assert np.isnan(qini([3, 2, 1], [1, 0, 1], [1, 0, 0], draws=50).coefficient.low)
    x, y, treated = drawn(np.random.default_rng(5), 6000)
    good, bad, none = (qini(score, y, treated, draws=100) for score in (x, -x, np.arange(6000) % 7))
    assert "beats treating at random" in good.text("en")
    assert "wrong way round" in bad.text("en")
    assert "区间包含 0" in none.text("zh")


@pytest.mark.parametrize(
    ("score", "y", "treated", "told"),
    [
        ([1, 2], [0, 2], [0, 1], "y holds 2"),
        ([1, 2], [0, np.nan], [0, 1], "y holds blanks"),
        ([1, np.nan], [0, 1], [0, 1], "score: 1 of 2 are blank"),
        ([1, 2], [0, 1], [1, 1], "nobody is in the control group"),
        ([1, 2], [0, 1], [0, 0], "nobody is in the treated group"),
        ([1, 2], [0, 1], [0, 3], "treated holds 3"),
        ([1, 2, 3], [0, 1], [0, 1], "lengths differ"),
        (["a", "b"], [0, 1], [0, 1], "score holds no numbers"),
        ([], [], [], "there are no rows"),
        (pd.Series([1, 2], index=[0, 1]), pd.Series([0, 1], index=[1, 2]), [0, 1], "indexes differ"),
    ],
)
def test_bad_input_is_named(score, y, treated, told):
    with pytest.raises(InputError, match=told):
        qini(score, y, treated)


@pytest.mark.parametrize("draws", [-1, 2.5, True])
def test_draws_are_a_whole_number(draws):
    with pytest.raises(InputError, match="draws"):
        qini([1, 2], [0, 1], [0, 1], draws=draws)
