"""SMOTE, the protocols, and the lesson: geometry, what leaks by brute force, the reference table."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score, roc_auc_score
from sklearn.model_selection import StratifiedKFold

from crm_analysis.churn.models.resampling import Lesson, resampling_lesson
from crm_analysis.churn.models.resampling_protocols import (
    PROTOCOLS,
    known_rows,
    numbers,
    original,
    with_copies,
    with_smote,
)
from crm_analysis.churn.models.resampling_smote import smote
from crm_analysis.churn.windows.sample import Sample
from crm_analysis.errors import InputError
from crm_analysis.words import all_words


def noise(n: int = 240, *, share: float = 0.2, seed: int = 0) -> Sample:
    """Customers whose churn nothing foretells: any skill that is claimed is false."""
    rng = np.random.default_rng(seed)
    X = pd.DataFrame(rng.normal(size=(n, 3)), columns=list("abc")).assign(plan=rng.choice(["x", "y"], n))
    X.index = pd.Index([f"c{i:03d}" for i in range(n)], name="customer_id")
    y = np.zeros(n, int)
    y[: round(share * n)] = 1
    return Sample(X, pd.Series(rng.permutation(y), index=X.index, name="churned"))


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    return resampling_lesson(noise(), trees=25)


@given(st.integers(2, 12), st.integers(0, 30), st.integers(1, 6), st.integers(0, 99))
@settings(max_examples=40, deadline=None)
def test_points_lie_between_a_churner_and_one_of_its_nearest(rows, n, k, seed):
    churners = np.random.default_rng(seed).normal(size=(rows, 3))
    made = smote(churners, n=n, k=k, rng=seed)
    parent, neighbour = churners[made.parent], churners[made.neighbour]
    np.testing.assert_allclose(made.points, parent + made.place[:, None] * (neighbour - parent))
    assert ((made.place >= 0) & (made.place < 1)).all()
    assert (made.parent != made.neighbour).all()
    distance = np.linalg.norm(churners[:, None] - churners[None], axis=2)
    rank = distance.argsort(axis=1).argsort(axis=1)  # 0 is the point itself
    assert (rank[made.parent, made.neighbour] <= min(k, rows - 1)).all()


def test_every_neighbour_and_place_is_as_likely():
    made = smote(np.arange(4.0)[:, None], n=6000, k=3, rng=1)
    share = pd.crosstab(made.parent, made.neighbour, normalize=True).to_numpy()
    np.testing.assert_allclose(share[~np.eye(4, dtype=bool)], 1 / 12, atol=0.015)
    assert made.place.mean() == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("rows", [np.ones((1, 2)), np.array([[1.0], [np.nan]]), np.ones(4)])
def test_smote_names_what_it_cannot_use(rows):
    with pytest.raises(InputError, match="SMOTE cannot"):
        smote(rows, n=1)


@pytest.mark.parametrize("add", [with_smote, with_copies])
@pytest.mark.parametrize("share", [0.3, 0.8])
def test_classes_are_made_equal_and_the_first_rows_stay(add, share):
    rng = np.random.default_rng(0)
    rows = original(rng.normal(size=(50, 2)), (np.arange(50) < 50 * share).astype(int))
    enlarged = add(rows, np.random.default_rng(1))
    assert enlarged.y.mean() == 0.5
    np.testing.assert_array_equal(enlarged.X[:50], rows.X)
    made_of = rows.y[enlarged.made_of]
    assert (made_of == enlarged.y[:, None]).all()


@pytest.mark.parametrize("add", [with_smote, with_copies])
def test_known_rows_by_brute_force(add):
    rng = np.random.default_rng(2)
    enlarged = add(original(rng.normal(size=(40, 2)), (np.arange(40) < 9).astype(int)), rng)
    order = rng.permutation(len(enlarged.y))
    train, test = enlarged.take(order[:35]), enlarged.take(order[35:])
    ours = [any(set(row) & set(other) for other in train.made_of.tolist()) for row in test.made_of.tolist()]
    assert known_rows(train, test).tolist() == ours
    if add is with_copies:
        same = [bool((np.abs(train.X - row).max(axis=1) == 0).any()) for row in test.X]
        assert same == ours


def test_untouched_rows_are_never_known():
    rows = original(np.zeros((10, 1)), np.arange(10) % 2)
    assert not known_rows(rows.take(np.arange(5)), rows.take(np.arange(5, 10))).any()


def test_skill_claimed_on_noise_is_false(lesson):
    table = lesson.table
    assert table.index.tolist() == list(PROTOCOLS)
    assert (table.loc[["smote_before", "oversampling_before"], "auc_claimed"] > 0.8).all()
    assert table["auc_kept_out"].between(0.35, 0.65).all()
    assert (table.loc[["no_resampling", "smote_inside"], "auc_overstated"] == 0).all()
    assert (table.loc[["smote_before", "oversampling_before"], "auc_overstated"] > 0.2).all()


def test_test_rows_and_those_known_are_counted(lesson):
    table = lesson.table
    assert table["test_rows"].tolist() == [240, 240, 384, 384]
    assert table["leaked_rows"].tolist()[:2] == [0, 0]
    assert (table["leaked_share"] == table["leaked_rows"] / table["test_rows"]).all()
    assert table["leaked_share"].tolist()[2:] > [0.3, 0.3]


def test_folds_and_table_agree(lesson):
    means = lesson.folds.groupby(["protocol", "side"])["auc"].mean()
    for name in PROTOCOLS:
        assert lesson.table.loc[name, "auc_claimed"] == pytest.approx(means[(name, "claimed")])
    assert lesson.table.loc["oversampling_before", "auc_kept_out"] == pytest.approx(
        means[("oversampling_before", "kept_out")]
    )
    assert lesson.folds.groupby(["protocol", "side"]).size().tolist() == [5] * 5


def test_no_resampling_is_plain_cross_validation():
    sample, model = noise(seed=3), LogisticRegression()
    found = resampling_lesson(sample, model=model, seed=4).table.loc["no_resampling"]
    scores = []
    for train, test in StratifiedKFold(5, shuffle=True, random_state=4).split(sample.X, sample.y):
        prepare = numbers().fit(sample.X.iloc[train])
        X, y = prepare.transform(sample.X), sample.y.to_numpy()
        p = LogisticRegression().fit(X[train], y[train]).predict_proba(X[test])[:, 1]
        scores.append((roc_auc_score(y[test], p), accuracy_score(y[test], p > 0.5), f1_score(y[test], p > 0.5)))
    names = ["auc_claimed", "accuracy_claimed", "f1_claimed"]
    np.testing.assert_allclose(found[names].to_numpy(float), np.mean(scores, axis=0))


def test_the_same_seed_gives_the_same_and_rows_are_drawn_with_their_share():
    sample = noise(400)
    first, second = (resampling_lesson(sample, trees=3, rows=100, seed=5) for _ in range(2))
    pd.testing.assert_frame_equal(first.table, second.table)
    assert (first.customers, first.churners) == (100, 20)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_text_holds_the_claims_and_what_they_are_worth(lesson, lang):
    text, table = lesson.text(lang), lesson.table
    for name in ("smote_before", "oversampling_before"):
        for column in ("auc_claimed", "auc_kept_out"):
            assert f"{table.loc[name, column]:.4f}" in text
        assert f"{table.loc[name, 'leaked_rows']:,}" in text
    assert "nan" not in text


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"rows": 2}, "rows=2"),
        ({"folds": 1}, "folds"),
        ({"model": "forest"}, "no probabilities"),
        ({"folds": 99}, "few"),
    ],
)
def test_mistakes_are_named(change, text):
    with pytest.raises(InputError, match=text):
        resampling_lesson(noise(), **change)


def test_gaps_are_filled_and_unknown_terms_are_no_trouble():
    X = pd.DataFrame({"fee": [1.0, None, 3.0], "plan": ["a", None, "b"]})
    Z = numbers(scaled=True).fit(X).transform(X.assign(plan=["c", "a", "b"]))
    assert np.isfinite(Z).all()
    assert Z[0, 1:].sum() == 0


def test_reference_numbers_of_telco(telco):
    table = resampling_lesson(telco, trees=30, n_jobs=2).table  # 200 trees come within 0.005 in all columns
    columns = ["auc_claimed", "accuracy_claimed", "f1_claimed"]
    expected = [[0.8225, 0.786, 0.542], [0.8204, 0.786, 0.554], [0.9336, 0.854, 0.850], [0.9646, 0.895, 0.901]]
    assert (np.abs(table[columns].to_numpy() - expected).max(axis=0) < [0.009, 0.005, 0.009]).all()
    assert table["auc_kept_out"].max() < 0.83
    assert table.loc["smote_before", "leaked_share"] == pytest.approx(0.489, abs=0.01)
    assert table["brier_kept_out"].idxmin() == "no_resampling"


def test_all_that_is_shown_has_a_word(lesson):
    words = all_words()
    shown = [*lesson.table.index, lesson.table.index.name, *lesson.table.columns, "side", "claimed", "kept_out"]
    assert [name for name in shown if name not in words] == []
