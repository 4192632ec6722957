from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk

from crm_analysis.churn.models.metrics import (
    MEASURES,
    accuracy,
    auc,
    average_precision,
    brier,
    lift,
    log_loss,
    measures,
    measures_of,
)
from crm_analysis.clv.holdout.metrics import normalised_gini
from crm_analysis.errors import InputError

PAIRS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 1)), min_size=2, max_size=40).filter(
    lambda rows: len({y for _, y in rows}) == 2
)


def split(rows):
    p, y = np.array(rows, float).T
    return p / 5, y


@given(PAIRS)
@settings(max_examples=60, deadline=None)
def test_measures_are_those_of_scikit_learn_ties_and_all(rows):
    p, y = split(rows)
    found = measures(p, y)
    assert list(found) == list(MEASURES)
    assert found["auc"] == pytest.approx(sk.roc_auc_score(y, p))
    assert found["auc"] == pytest.approx(auc(p, y))
    assert found["average_precision"] == pytest.approx(sk.average_precision_score(y, p))
    assert found["brier"] == pytest.approx(np.mean((p - y) ** 2))
    assert found["log_loss"] == pytest.approx(-np.log(np.clip(np.where(y, p, 1 - p), 1e-15, 1 - 1e-15)).mean())


@given(PAIRS, st.floats(0.05, 1.0))
@settings(max_examples=60, deadline=None)
def test_lift_shares_ties_and_ignores_order(rows, share):
    p, y = split(rows)
    found, order = lift(p, y, share), np.random.default_rng(0).permutation(len(p))
    assert lift(p[order], y[order], share) == pytest.approx(found)
    assert lift(np.full(len(p), 0.3), y, share) == pytest.approx(1)
    assert 0 <= found <= 1 / y.mean() + 1e-9
    assert lift(p, y, 1.0) == pytest.approx(1)


def test_lift_of_ties_is_the_mean_over_all_orders():
    p, y = np.array([0.9, 0.5, 0.5, 0.5, 0.1]), np.array([1, 1, 0, 0, 1])
    rng, found = np.random.default_rng(0), []
    for _ in range(4000):
        order = np.lexsort([rng.random(5), -p])
        found.append(y[order][:2].mean() / y.mean())
    assert lift(p, y, 0.4) == pytest.approx(np.mean(found), abs=0.02)
    assert lift(p, y, 0.4) == pytest.approx((1 + 1 / 3) / 2 / 0.6)


def test_sorting_pairs_would_let_churners_win_ties():
    p, y = [0.5] * 10, [1] * 2 + [0] * 8
    first = sorted(zip(p, y), reverse=True)[:2]
    assert np.mean([label for _, label in first]) / 0.2 == 5.0  # the mistake
    assert lift(p, y, 0.2) == pytest.approx(1.0)


@given(PAIRS)
@settings(max_examples=40, deadline=None)
def test_the_gini_of_a_label_is_twice_the_auc_less_one(rows):
    p, y = split(rows)
    assert normalised_gini(p, y) == pytest.approx(2 * auc(p, y) - 1)


@given(PAIRS)
@settings(max_examples=40, deadline=None)
def test_ranking_measures_ignore_increasing_maps(rows):
    p, y = split(rows)
    assert average_precision(p**3, y) == pytest.approx(average_precision(p, y))
    assert lift(p**3, y, 0.3) == pytest.approx(lift(p, y, 0.3))


def test_weights_are_rows_counted_as_often():
    rng = np.random.default_rng(1)
    p, y, w = rng.integers(0, 9, 50) / 10, rng.integers(0, 2, 50), rng.integers(0, 4, 50)
    again, repeated = measures(p, y, weight=w), measures(np.repeat(p, w), np.repeat(y, w))
    assert again == pytest.approx(repeated)
    assert accuracy(p, y, weight=w) == pytest.approx(sk.accuracy_score(y, p >= 0.5, sample_weight=w))
    drawn = measures_of(p, y == 1, np.stack([w, np.ones(50)]).astype(float))
    assert [drawn[name][0] for name in MEASURES] == pytest.approx(list(again.values()))
    assert [drawn[name][1] for name in MEASURES] == pytest.approx(list(measures(p, y).values()))


def test_labels_that_are_all_alike_have_no_ranking():
    found = measures([0.2, 0.4], [0, 0])
    assert np.isnan([found["auc"], found["average_precision"], found["top_decile_lift"]]).all()
    assert found["brier"] == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("p", "y", "said"),
    [
        ([85, 20], [1, 0], "2 chances lie outside 0 to 1"),
        ([0.5, np.nan], [1, 0], "1 scores are blank"),
        ([0.5, 0.2], [1, 2], "labels other than 0 and 1"),
        ([0.5], [1, 0], "1 scores for 2 labels"),
        ([], [], "no rows"),
        (["0.5", "0.2"], [1, 0], "no numbers"),
    ],
)
def test_bad_input_is_named(p, y, said):
    with pytest.raises(InputError, match=said):
        brier(p, y)


def test_other_bad_input_is_named():
    with pytest.raises(InputError, match="share"):
        lift([0.1, 0.2], [0, 1], 10)
    with pytest.raises(InputError, match="weights"):
        log_loss([0.1, 0.2], [0, 1], weight=[-1, 1])
    with pytest.raises(InputError, match="different indexes"):
        brier(pd.Series([0.1, 0.2], index=["a", "b"]), pd.Series([0, 1], index=["b", "a"]))
