from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from crm_analysis.churn.models.folds import cross_validate, out_of_fold, splits
from crm_analysis.churn.windows.sample import Sample
from crm_analysis.errors import InputError


class Odd(ClassifierMixin, BaseEstimator):
    """Fails, warns or gives blanks, as asked."""

    def __init__(self, way: str = "fails"):
        self.way = way

    def fit(self, X, y):
        self.classes_ = np.array([0, 1])
        if self.way == "fails":
            raise ValueError("no money left\nsecond line")
        if self.way == "warns":
            warnings.warn("slow today", RuntimeWarning, stacklevel=2)
        return self

    def predict_proba(self, X):
        p = np.full(len(X), np.nan if self.way == "blank" else 0.4)
        return np.column_stack([1 - p, p])


def test_out_of_fold_is_that_of_scikit_learn(made):
    sample = made()
    numbers = Sample(sample.X[["purchase_days", "days_since_last"]].astype(float), sample.y)
    model = make_pipeline(StandardScaler(), LogisticRegression())
    found = out_of_fold(numbers, {"mine": model}, folds=10, seed=0)
    again = cross_val_predict(model, numbers.X, numbers.y, cv=StratifiedKFold(10, shuffle=True, random_state=0),
                              method="predict_proba")[:, 1]  # fmt: skip
    np.testing.assert_allclose(found["mine"], again)
    assert found.index.equals(sample.X.index)


def test_every_row_is_tested_once_per_repeat_and_classes_are_shared_out(made):
    sample = made()
    parts = splits(sample, folds=5, repeats=2, seed=7)
    for repeat in (0, 1):
        rows = np.concatenate([part.test for part in parts if part.repeat == repeat])
        assert sorted(rows) == list(range(len(sample)))
    rates = [sample.y.iloc[part.test].mean() for part in parts]
    assert np.ptp(rates) < 0.03
    assert not any(set(part.train) & set(part.test) for part in parts)


def test_rows_of_a_customer_are_held_out_together(made, panel):
    both = panel(made(), made(seed=1, cutoff="2012-06-30"))
    for part in splits(both, folds=5):
        assert not set(both.customers[part.train]) & set(both.customers[part.test])
    assert out_of_fold(both, ["prior"], folds=5)["prior"].notna().all()


def test_a_fold_is_not_changed_by_what_others_say(made):
    """Preparation is learned inside: changing test rows of a fold leaves other chances of that fold as they were."""
    sample = made()
    part = splits(sample, folds=5)[0]
    wild = sample.X.copy()
    wild.iloc[part.test[0], wild.columns.get_loc("days_since_last")] = 10**6
    plain, changed = (
        cross_validate(Sample(X, sample.y), {"mine": make_pipeline(StandardScaler(), LogisticRegression())}, [part])
        for X in (sample.X.drop(columns="city"), wild.drop(columns="city"))
    )
    others = part.test[1:]
    np.testing.assert_array_equal(plain.out_of_fold.iloc[others], changed.out_of_fold.iloc[others])


def test_failures_and_warnings_are_reported_by_cause(made):
    models = {"bad": Odd("fails"), "loud": Odd("warns"), "blank": Odd("blank"), "prior": DummyClassifier()}
    found = cross_validate(made(), models, splits(made(), folds=3))
    rows = found.troubles.set_index("model")
    assert rows.loc["bad", ["trouble", "cause", "folds"]].tolist() == ["failed", "ValueError: no money left", 1]
    assert rows.loc["loud", ["trouble", "cause", "folds"]].tolist() == ["warned", "RuntimeWarning: slow today", 3]
    assert "100 chances outside 0 to 1 or blank" in rows.loc["blank", "cause"]
    assert list(found.out_of_fold) == ["loud", "prior"]
    assert set(found.scores["model"]) == {"loud", "prior"}


def test_nothing_left_is_an_error(made):
    with pytest.raises(InputError, match="all models failed: bad: ValueError: no money left"):
        out_of_fold(made(), {"bad": Odd("fails")}, folds=3)


def test_too_few_customers_are_named():
    X = pd.DataFrame({"a": np.arange(50.0)})
    sample = Sample(X, pd.Series([1] * 4 + [0] * 46))
    with pytest.raises(InputError, match=r"too few customers for 10 folds: 4 churned") as error:
        splits(sample, folds=10)
    assert "folds=4" in str(error.value)
    with pytest.raises(InputError, match="folds=1"):
        splits(sample, folds=1)
    with pytest.raises(InputError, match="repeats=0"):
        splits(sample, folds=2, repeats=0)
    with pytest.raises(InputError, match="folds='5'"):
        splits(sample, folds="5")


def test_progress_changes_nothing(made, capsys):
    parts = splits(made(), folds=3)
    plain, shown = (cross_validate(made(), {"prior": DummyClassifier()}, parts, progress=on) for on in (False, True))
    pd.testing.assert_frame_equal(plain.scores, shown.scores)
    assert capsys.readouterr().out == ""
