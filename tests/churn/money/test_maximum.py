"""Maximum profit and expected maximum profit, against published values and integration by brute force."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import beta

from crm_analysis.churn.money.campaign import Campaign
from crm_analysis.churn.money.maximum import _hull, expected_maximum_profit, maximum_profit
from crm_analysis.errors import InputError

DEFAULT = Campaign()
C8_Y = [1, 1, 0, 0, 0, 1, 1, 1, 1, 0]
C8_SCORE = [
    0.6125478, 0.3642710, 0.4321361, 0.1402911, 0.3848959, 0.2444155, 0.9706413, 0.8901728, 0.7817814, 0.8687518,
]  # fmt: skip
C9_Y, C9_SCORE = [0, 1, 0, 1, 0, 1, 0, 1], [0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 0.8, 0.9]
ROWS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 1), st.integers(-20, 400)), min_size=1, max_size=12)


def plan_profits(score, y, clv, gamma, campaign):
    """Profit of every plan by adding up its customers one by one."""
    d, f = campaign.offer, campaign.contact
    profits = [0.0]
    for limit in sorted(set(score), reverse=True):
        earned = [(gamma * (v - d) - f) if churned else -(d + f) for s, churned, v in zip(score, y, clv) if s >= limit]
        profits.append(sum(earned) / len(y))
    return profits


def integrated(score, y, clv, campaign):
    grid = np.linspace(0, 1, 41)
    density = beta(*campaign.accept).pdf
    best = lambda g: max(plan_profits(score, y, clv, g, campaign)) * density(g)  # noqa: E731
    return sum(quad(best, a, b, epsabs=1e-11, limit=200)[0] for a, b in pairwise(grid))


def test_the_published_ten_customers():
    found = expected_maximum_profit(C8_SCORE, C8_Y, DEFAULT)
    assert found.profit == pytest.approx(30.3003222630, abs=5e-11)
    assert found.contacted_share == pytest.approx(0.8996551652, abs=5e-11)
    best = maximum_profit(C8_SCORE, C8_Y, DEFAULT)
    assert (best.profit, best.contacted_share) == pytest.approx((30.3, 0.9))
    score = [0.287577520124614, *C8_SCORE[1:]]
    assert expected_maximum_profit(score, C8_Y, DEFAULT).profit == pytest.approx(30.3001182344, abs=5e-11)
    score[6] = 0.113703411305323
    assert expected_maximum_profit(score, C8_Y, DEFAULT).profit == pytest.approx(29.2002764793, abs=5e-11)


def test_the_published_eight_customers():
    found = expected_maximum_profit(C9_SCORE, C9_Y, DEFAULT)
    assert found.profit == pytest.approx(23.8755934183, abs=5e-11)
    assert found.contacted_share == pytest.approx(0.8743700763, abs=5e-11)
    assert maximum_profit(C9_SCORE, C9_Y, DEFAULT).profit == pytest.approx(23.875)


def test_perfect_and_constant_scores():
    assert expected_maximum_profit([0.1, 0.2], [0, 1], DEFAULT).profit == pytest.approx(28.0, abs=5e-11)
    assert maximum_profit([0.1, 0.2], [0, 1], DEFAULT).profit == 28
    assert expected_maximum_profit([0.5, 0.5], [0, 1], DEFAULT).profit == pytest.approx(22.5007912245, abs=5e-11)
    assert maximum_profit([0.5, 0.5], [0, 1], DEFAULT).profit == 22.5


@settings(max_examples=15, deadline=None)
@given(ROWS)
def test_the_closed_form_is_the_integral(rows):
    score, y, clv = zip(*rows)
    found = expected_maximum_profit(score, y, DEFAULT, clv=np.array(clv, float))
    assert found.profit == pytest.approx(integrated(score, y, clv, DEFAULT), abs=1e-8)


@given(ROWS, st.floats(0, 1))
def test_the_maximum_is_the_best_plan_and_never_above_the_expected_one(rows, accept):
    score, y, clv = zip(*rows)
    clv = np.array(clv, float)
    best = maximum_profit(score, y, DEFAULT, clv=clv)
    assert best.profit == pytest.approx(max(plan_profits(score, y, clv, 0.3, DEFAULT)))
    expected = expected_maximum_profit(score, y, DEFAULT, clv=clv)
    assert expected.profit >= best.profit - 1e-9
    assert expected.plans["chance"].sum() == pytest.approx(1)
    fixed = Campaign(accept=accept)
    at = expected_maximum_profit(score, y, fixed, clv=clv)
    assert at.profit == pytest.approx(maximum_profit(score, y, fixed, clv=clv).profit, abs=1e-9)


@given(ROWS)
def test_only_the_order_of_scores_counts(rows):
    score, y, _ = zip(*rows)
    score = np.array(score, float)
    for rule in (maximum_profit, expected_maximum_profit):
        before, after = rule(score, y, DEFAULT), rule(np.exp(score / 3) - 7, y, DEFAULT)
        assert before.profit == after.profit
        assert before.contacted_share == after.contacted_share


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(-9, 9)), min_size=1, max_size=15))
def test_the_hull_holds_the_highest_line_for_every_slope(steps):
    x = np.cumsum([0, *(a for a, _ in steps)]).astype(float)
    y = np.cumsum([0, *(b for _, b in steps)]).astype(float)
    corners = _hull(x, y)
    slopes = np.diff(y[corners]) / np.diff(x[corners])
    assert (slopes > 0).all()
    assert (np.diff(slopes) < 0).all()
    for gamma in (0.05, 0.3, 1.0, 4.0):
        assert (gamma * y - x)[corners].max() == pytest.approx((gamma * y - x).max())


def test_costs_of_zero_contact_all_churners():
    free = Campaign(offer=0, contact=0)
    found = expected_maximum_profit([0.9, 0.1, 0.5], [1, 1, 0], free)
    assert found.profit == pytest.approx(0.3 * 400 / 3)
    assert found.plans["threshold"].tolist() == [0.1]


def test_one_class_is_no_obstacle():
    assert maximum_profit([0.5, 0.2], [0, 0], DEFAULT).contacted_share == 0
    assert expected_maximum_profit([0.5, 0.2], [1, 1], DEFAULT).contacted_share == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize(
    ("score", "y", "message"),
    [
        ([np.nan, 1], [0, 1], "blank or infinite in 1 of 2"), ([1, 2], [0, 2], "others than 0 and 1"),
        ([1, 2], [0, np.nan], "y is blank"), ([1], [0, 1], "y has 2 rows"), ([], [], "there is no customer"),
        (["a", "b"], [0, 1], "not numbers"), (pd.Series([1, 2], index=["a", "a"]), [0, 1], "two rows"),
        (pd.Series([1, 2], index=["a", "b"]), pd.Series([1, 0], index=["a", "c"]), "do not meet"),
        (pd.Series([1, 2]).astype("category"), [0, 1], "category"),
    ],
)  # fmt: skip
def test_bad_input_is_named(score, y, message):
    with pytest.raises(InputError, match=message):
        maximum_profit(score, y, DEFAULT)


def test_labels_are_joined_by_customer_and_may_be_true_and_false():
    score = pd.Series([0.1, 0.9], index=["a", "b"])
    assert maximum_profit(score, pd.Series([True, False], index=["b", "a"]), DEFAULT).profit == 28
