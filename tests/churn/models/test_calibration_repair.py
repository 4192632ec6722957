"""Odds put right: formula, inverse, weights, mistakes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from crm_analysis.churn.models.calibration_repair import repair_odds, weighted_share
from crm_analysis.errors import InputError

SHARES = st.floats(0.01, 0.99)


@given(st.floats(0, 1), SHARES, SHARES)
def test_repairing_back_gives_the_probability_again(p, true_share, trained_share):
    there = repair_odds([p], true_share, trained_share=trained_share)
    assert repair_odds(there, trained_share, trained_share=true_share)[0] == pytest.approx(p, abs=1e-9)


@given(st.floats(0.01, 0.99), SHARES)
def test_odds_of_a_balanced_model_are_multiplied_by_those_of_the_churn_rate(p, share):
    q = repair_odds([p], share)[0]
    assert q / (1 - q) == pytest.approx(p / (1 - p) * share / (1 - share))


@given(st.lists(st.floats(0, 1), min_size=2, max_size=20), SHARES, SHARES)
def test_the_order_stays(p, true_share, trained_share):
    q = repair_odds(np.sort(p), true_share, trained_share=trained_share)
    assert (np.diff(q) >= -1e-12).all()
    assert ((q >= 0) & (q <= 1)).all()


def test_the_index_stays_and_the_ends_too():
    p = pd.Series([0.0, 0.5, 1.0], index=list("abc"), name="churn_probability")
    q = repair_odds(p, 0.1)
    assert q.to_dict() == pytest.approx({"a": 0, "b": 0.1, "c": 1})
    assert q.name == p.name


def test_a_saturated_model_with_weights_is_repaired_exactly():
    X, y = pd.get_dummies(pd.Series(list("aabbb" * 40))).astype(float), np.tile([0, 0, 0, 0, 1, 0, 1, 0, 0, 1], 20)
    weight = {0: 1.0, 1: 3.0}
    settings = {"C": 1e8, "tol": 1e-10, "max_iter": 5000}
    plain, weighted = (LogisticRegression(class_weight=w, **settings).fit(X, y) for w in (None, weight))
    trained = weighted_share(y.mean(), churner_weight=3)
    q = repair_odds(weighted.predict_proba(X)[:, 1], y.mean(), trained_share=trained)
    np.testing.assert_allclose(q, plain.predict_proba(X)[:, 1], atol=1e-4)


@pytest.mark.parametrize(
    ("p", "share", "trained", "text"),
    [
        ([0.2], 26.5, 0.5, "true_share=26.5"),
        ([0.2], 0, 1, "true_share=0, trained_share=1"),
        ([0.2], "x", 0.5, "true_share='x'"),
        ([0.2, None], 0.2, 0.5, "1 probabilities"),
        ([0.2, 1.2, "a"], 0.2, 0.5, "2 probabilities"),
    ],
)
def test_mistakes_are_named(p, share, trained, text):
    with pytest.raises(InputError, match=text):
        repair_odds(p, share, trained_share=trained)


def test_weights_must_be_above_zero():
    with pytest.raises(InputError, match="churner_weight=0"):
        weighted_share(0.2, churner_weight=0)
