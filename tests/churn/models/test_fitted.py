from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from crm_analysis.churn.models.fitted import fit
from crm_analysis.churn.windows.sample import Sample
from crm_analysis.errors import InputError


def test_chances_come_back_by_customer_in_any_order_of_rows_and_columns(made):
    sample = made()
    model = fit(sample)
    p = model.predict(sample.X)
    assert (p.name, p.index.equals(sample.X.index)) == ("churn_probability", True)
    turned = sample.X.iloc[::-1, ::-1].assign(extra="kept out")
    pd.testing.assert_series_equal(model.predict(turned), p.iloc[::-1])
    assert p.mean() == pytest.approx(sample.churn_rate, abs=1e-3)
    assert (model.churn_rate, model.rows, model.kind) == (sample.churn_rate, 300, "forward")


@pytest.mark.parametrize("key", ["prior", "recency_only", "bg_nbd", "logistic", "boosting"])
def test_every_contender_can_be_fitted_and_pickled(made, key):
    sample = made()
    model = fit(sample, key)
    again = pickle.loads(pickle.dumps(model))
    pd.testing.assert_series_equal(again.predict(sample.X), model.predict(sample.X))
    assert "300 rows" in again.text("en")
    assert "300 行" in again.text("zh")


def test_an_own_estimator_is_copied_and_fitted(made):
    sample = made()
    mine = LogisticRegression(max_iter=1000)
    numbers = Sample(sample.X.drop(columns="city"), sample.y)
    model = fit(numbers, mine, key="mine")
    assert not hasattr(mine, "coef_")
    assert model.key == "mine"
    assert "snapshot" in model.text("en")
    assert "时点快照" in model.text("zh")


def test_other_dtypes_of_the_same_values_do(made):
    sample = made()
    model = fit(sample)
    X = sample.X.assign(
        purchase_days=sample.X["purchase_days"].astype("Int64"), city=sample.X["city"].astype("category")
    )
    np.testing.assert_allclose(model.predict(X), model.predict(sample.X))


def test_terms_never_seen_are_an_error_or_none_of_the_known(made):
    sample = made()
    model = fit(sample)
    X = sample.X.head(3).assign(city=["杭州", "Hangzhou", None])
    with pytest.raises(InputError, match="city: Hangzhou"):
        model.predict(X)
    assert model.predict(X, unknown_levels="ignore").notna().all()
    with pytest.raises(InputError, match="unknown_levels"):
        model.predict(X, unknown_levels="drop")


def test_wrong_frames_are_named_all_at_once(made):
    sample = made()
    model, X = fit(sample), sample.X.head(3)
    bad = X.drop(columns="tenure_days").assign(purchase_days=["1", "2", "3"], days_since_last=[1.0, np.inf, 2])
    with pytest.raises(InputError) as error:
        model.predict(bad)
    for part in ("missing: tenure_days", "purchase_days is text, in training it was number", "infinite"):
        assert part in str(error.value)
    with pytest.raises(InputError, match="1 customers stand in two rows"):
        model.predict(X.iloc[[0, 1, 1]])
    with pytest.raises(InputError, match="no rows"):
        model.predict(X.head(0))
    with pytest.raises(InputError, match="not Series"):
        model.predict(X["city"])
    with pytest.raises(InputError, match="name twice"):
        model.predict(pd.concat([X, X[["city"]]], axis=1))


def test_wrong_models_are_named(made):
    with pytest.raises(InputError, match="did you mean 'boosting'"):
        fit(made(), "bosting")
    with pytest.raises(InputError, match="gives no probabilities"):
        fit(made(), object())
