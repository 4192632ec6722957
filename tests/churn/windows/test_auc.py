"""The AUC against scikit-learn and against all pairs; its interval against the published method and by simulation."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_analysis.churn.windows.auc import auc, auc_interval
from crm_analysis.errors import InputError

pairs = st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=2, max_size=40)


@given(pairs)
def test_all_pairs_ties_half(rows):
    s, y = np.array([row[0] for row in rows], float), np.array([row[1] for row in rows])
    if y.all() or not y.any():
        assert np.isnan(auc(s, y))
        return
    wins = (s[y][:, None] > s[~y]) + 0.5 * (s[y][:, None] == s[~y])
    assert auc(s, y) == pytest.approx(wins.mean())
    assert auc_interval(s, y).value == pytest.approx(auc(s, y))
    assert auc(-s, y) == pytest.approx(1 - auc(s, y))
    assert auc(np.exp(s), y) == auc(s, y)


def test_weights_are_repeated_rows_and_agree_with_scikit_learn():
    from sklearn.metrics import roc_auc_score

    rng = np.random.default_rng(1)
    s, y, w = rng.integers(0, 9, 200).astype(float), rng.integers(0, 2, 200), rng.integers(0, 4, 200)
    assert auc(s, y, w) == pytest.approx(auc(np.repeat(s, w), np.repeat(y, w)))
    assert auc(s, y, w) == pytest.approx(roc_auc_score(y, s, sample_weight=w))


def test_variance_is_delong_s():
    rng = np.random.default_rng(2)
    y = rng.integers(0, 2, 90)
    s = rng.normal(y, 1).round(1)
    won = (s[y == 1][:, None] > s[y == 0]) + 0.5 * (s[y == 1][:, None] == s[y == 0])
    value = won.mean()
    variance = won.mean(1).var(ddof=1) / len(won) + won.mean(0).var(ddof=1) / won.shape[1]
    found = auc_interval(s, y)
    half = 1.959964 * np.sqrt(variance) / (value * (1 - value))
    odds = np.log(value / (1 - value))
    assert found.low == pytest.approx(1 / (1 + np.exp(-(odds - half))), abs=1e-6)
    assert found.high == pytest.approx(1 / (1 + np.exp(-(odds + half))), abs=1e-6)


def test_the_interval_holds_the_truth_as_often_as_it_says_also_for_clusters():
    from scipy.special import ndtr

    rng, hits, clustered, plain = np.random.default_rng(3), 0, 0, 0
    truth = ndtr(1 / np.sqrt(2))
    for _ in range(300):
        y = np.repeat([1, 0], [30, 50])
        found = auc_interval(rng.normal(y, 1), y)
        hits += found.low <= truth <= found.high
        s, labels, ids = rng.normal(y, 1).repeat(3), y.repeat(3), np.arange(80).repeat(3)
        wide, narrow = auc_interval(s, labels, clusters=ids), auc_interval(s, labels)
        clustered, plain = clustered + (wide.low <= truth <= wide.high), plain + (narrow.low <= truth <= narrow.high)
    assert 0.92 <= hits / 300 <= 0.98
    assert clustered / 300 >= 0.92
    assert plain / 300 < 0.85


def test_perfect_order_has_an_interval_and_one_class_has_none():
    perfect = auc_interval([1, 2, 3, 4], [0, 0, 1, 1])
    assert perfect.value == perfect.high == 1
    assert 0 < perfect.low < 0.6
    assert np.isnan(auc_interval([1, 2], [1, 1]).value)
    single = auc_interval([1, 2, 3], [1, 0, 1])
    assert single.value == 0.5
    assert np.isnan(single.low)


@pytest.mark.parametrize(
    ("score", "y", "match"),
    [
        ([0.1, np.nan], [0, 1], "1 scores are blank"),
        (["a", "b"], [0, 1], "scores are no numbers"),
        (["1", "2"], [0, 1], "scores are no numbers"),
        ([0.1, 0.2], ["Yes", "No"], "labels are no numbers"),
        ([0.1, 0.2], [1, 2], "labels other than 0 and 1"),
        ([0.1, 0.2, 0.3], [1, 0], "3 scores for 2 labels"),
        ([], [], "no rows"),
        (pd.Series([1.0, 2.0], index=[0, 1]), pd.Series([0, 1], index=[1, 0]), "different indexes"),
        (pd.Series(["a", "b"], dtype="category"), [0, 1], "scores are no numbers"),
    ],
)
def test_what_cannot_be_used_is_named(score, y, match):
    with pytest.raises(InputError, match=match):
        auc(score, y)


def test_bad_weights_clusters_and_truth_values():
    with pytest.raises(InputError, match="weights"):
        auc([1, 2], [0, 1], [1, -1])
    with pytest.raises(InputError, match="clusters"):
        auc_interval([1, 2], [0, 1], clusters=["a"])
    assert auc(pd.Series([1, 2], dtype="Int64"), pd.Series([False, True])) == 1
