"""Measures of predicted against actual counts: definitions, brute force, ties, weights, the bootstrap."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.clv.holdout.metrics import (
    MEASURES,
    bias,
    mae,
    msle,
    normalised_gini,
    resampled,
    rmse,
    top_decile,
    with_interval,
)  # fmt: skip
from crm_analysis.errors import InputError

COUNTS = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 5)), min_size=2, max_size=25)


def by_hand(predicted, actual):
    """The Gini of the definition: mean over random orders of ties, by a loop over customers."""
    values, found = np.unique(-np.asarray(predicted, float)), []
    for ranking in (np.asarray(predicted, float), np.asarray(actual, float)):
        values = np.unique(-ranking)
        points = [(0.0, 0.0)]
        for value in values:
            at = -ranking <= value
            points.append((at.mean(), np.asarray(actual)[at].sum() / np.sum(actual)))
        x, y = np.array(points).T
        found.append(2 * np.trapezoid(y, x) - 1)
    return found[0] / found[1]


def test_simple_errors_are_those_of_their_definition():
    rng = np.random.default_rng(0)
    predicted, actual = rng.gamma(1, 1, 200), rng.poisson(1, 200)
    assert bias(predicted, actual) == pytest.approx(predicted.sum() / actual.sum() - 1)
    assert mae(predicted, actual) == pytest.approx(np.abs(predicted - actual).mean())
    assert rmse(predicted, actual) == pytest.approx(np.sqrt(((predicted - actual) ** 2).mean()))
    assert msle(predicted, actual) == pytest.approx(((np.log1p(predicted) - np.log1p(actual)) ** 2).mean())


@given(COUNTS)
@settings(deadline=None, max_examples=80)
def test_gini_is_that_of_the_curve_drawn_by_hand(pairs):
    predicted, actual = np.array(pairs, float).T
    if len(set(actual)) < 2:
        assert np.isnan(normalised_gini(predicted, actual))
        return
    assert normalised_gini(predicted, actual) == pytest.approx(by_hand(predicted, actual), abs=1e-12)


def test_gini_of_ties_is_the_mean_over_all_orders_of_the_tied():
    rng = np.random.default_rng(1)
    actual = rng.poisson(1, 40)
    ties = rng.integers(0, 3, 40)
    broken = [normalised_gini(ties + rng.random(40) / 2, actual) for _ in range(3000)]
    assert normalised_gini(ties, actual) == pytest.approx(np.mean(broken), abs=0.01)


def test_top_decile_shares_ties_alike_and_rounds_up():
    actual = np.array([5, 0, 0, 0, 0, 1, 0, 0, 0, 0, 4])  # a tenth of 11 is two
    assert top_decile(np.arange(11)[::-1], actual) == pytest.approx(5 / 10)
    assert top_decile(actual, actual) == pytest.approx(9 / 10)
    assert top_decile(np.zeros(11), actual) == pytest.approx(2 / 11)
    assert top_decile([9] + [1] * 10, actual) == pytest.approx((5 + 5 / 10) / 10)  # the second place shared by ten


@pytest.mark.parametrize("name", MEASURES)
@given(COUNTS, st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=25)
def test_weights_are_exploded_rows_and_the_order_of_rows_is_irrelevant(name, pairs, random):
    predicted, actual = np.array(pairs, float).T
    weight = np.array([random.randint(1, 3) for _ in pairs])
    measure = MEASURES[name]
    exploded = measure(np.repeat(predicted, weight), np.repeat(actual, weight))
    np.testing.assert_allclose(measure(predicted, actual, weight=weight), exploded, rtol=1e-12)
    order = random.sample(range(len(pairs)), len(pairs))
    np.testing.assert_allclose(measure(predicted[order], actual[order], weight=weight[order]), exploded, rtol=1e-12)


@given(COUNTS)
@settings(deadline=None, max_examples=40)
def test_rankings_ignore_increasing_changes_of_the_prediction(pairs):
    predicted, actual = np.array(pairs, float).T
    for measure in (normalised_gini, top_decile):
        np.testing.assert_allclose(measure(np.exp(predicted / 3) - 1, actual), measure(predicted, actual))
    if actual.sum() and len(set(actual)) > 1:
        assert normalised_gini(actual, actual) == pytest.approx(1)
        assert -1 - 1e-12 <= normalised_gini(predicted, actual) <= 1 + 1e-12


def test_draws_of_weights_give_each_what_one_at_a_time_gives():
    rng = np.random.default_rng(2)
    predicted, actual = rng.integers(0, 4, 50).astype(float), rng.poisson(1, 50).astype(float)
    weights = rng.multinomial(50, np.full(50, 1 / 50), size=7)
    for measure in MEASURES.values():
        together = measure(predicted, actual, weight=weights)
        alone = [measure(np.repeat(predicted, w), np.repeat(actual, w)) for w in weights]
        np.testing.assert_allclose(together, alone, rtol=1e-12)


def test_the_interval_is_that_of_a_plain_bootstrap_of_customers():
    rng = np.random.default_rng(3)
    predicted, actual = np.repeat([0.2, 1.0, 3.0], 200), rng.poisson(np.repeat([0.3, 0.9, 3.0], 200))
    found = with_interval(mae, predicted, actual, draws=2000, seed=1)
    drawn = rng.integers(0, 600, (2000, 600))
    plain = np.quantile(np.abs(predicted - actual)[drawn].mean(axis=1), [0.025, 0.975])
    assert found.value == pytest.approx(mae(predicted, actual))
    assert (found.low, found.high) == pytest.approx(tuple(plain), abs=0.01)
    assert with_interval(mae, predicted, actual, seed=1) == with_interval(mae, predicted[::-1], actual[::-1], seed=1)


def test_resampled_weights_keep_the_number_of_customers():
    blocks = list(resampled(np.array([3.0, 2.0, 5.0]), draws=5, seed=0))
    assert [block.shape for block in blocks] == [(5, 3)]
    assert (blocks[0].sum(axis=1) == 10).all()
    assert not list(resampled(np.ones(3), draws=0, seed=0))


def test_nobody_buying_leaves_shares_undefined_without_a_warning():
    for name in ("bias", "normalised_gini", "top_decile"):
        assert np.isnan(MEASURES[name]([1.0, 2.0], [0, 0]))
    assert mae([1.0, 2.0], [0, 0]) == 1.5


@pytest.mark.parametrize(
    ("predicted", "actual", "message"),
    [
        ([1.0], [1, 2], "one length"), ([], [], "one length"), ([np.nan, 1], [1, 2], "1 predicted values"),
        ([-1.0, 1], [-1, 2], "1 predicted values and 1 actual values"),
        (pd.Series([1.0], index=["a"]), pd.Series([1.0], index=["b"]), "same index"),
    ],
)  # fmt: skip
def test_bad_input_is_named(predicted, actual, message):
    with pytest.raises(InputError, match=message):
        mae(predicted, actual)
