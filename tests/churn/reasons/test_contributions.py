"""Contributions add up to the log odds, and are those of the coefficients."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import logit

from crm_analysis.churn.models.pipelines import boosting, logistic
from crm_analysis.churn.reasons.contributions import contributions, what_if_typical
from crm_analysis.errors import InputError


def data(n: int = 300, seed: int = 0) -> tuple[pd.DataFrame, pd.Series]:
    rng = np.random.default_rng(seed)
    X = pd.DataFrame({
        "spend": rng.exponential(100, n), "orders": rng.poisson(2, n),
        "gap": np.where(rng.random(n) < 0.3, np.nan, rng.normal(30, 5, n)),
        "plan_a": rng.choice(["x", "b_x", None], n), "plan": pd.Categorical(rng.choice(["a_x", "x"], n)),
        "flag": rng.random(n) < 0.3, "constant": 1.0,
    }, index=[f"c{i}" for i in range(n)])  # fmt: skip
    y = pd.Series((rng.random(n) < 1 / (1 + np.exp(X["orders"] - 2))).astype(int), index=X.index)
    return X, y


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 1000), C=st.sampled_from([0.01, 1.0, 100.0]))
def test_base_and_contributions_are_logit_p(seed, C):
    X, y = data(120, seed)
    model = logistic(log=["spend"], C=C).fit(X, y)
    found = contributions(model, X)
    p = model.predict_proba(X)[:, 1]
    np.testing.assert_allclose(found.base + found.table.sum(axis=1), logit(p), atol=1e-10)
    np.testing.assert_allclose(found.probability, p, atol=1e-12)
    np.testing.assert_allclose(found.table.mean(), 0, atol=1e-12)


def test_they_are_the_coefficients_times_the_distance_from_the_mean():
    X, y = data()
    model = logistic(log=["spend"]).fit(X, y)
    Z, beta = model.named_steps["prepare"].transform(X), model.named_steps["model"].coef_[0]
    names = model.named_steps["prepare"].get_feature_names_out()
    parts = pd.DataFrame((Z - Z.mean(axis=0)) * beta, columns=names, index=X.index)
    sure = {name: name.split("_")[-1] for name in names if not name.startswith("categorical")}
    by_hand = parts[list(sure)].T.groupby(sure).sum().T
    found = contributions(model, X)
    np.testing.assert_allclose(found.table[by_hand.columns], by_hand, atol=1e-10)
    texts = parts.loc[:, [name.startswith("categorical") for name in names]].sum(axis=1)
    np.testing.assert_allclose(found.table[["plan", "plan_a"]].sum(axis=1), texts, atol=1e-10)
    assert found.base == pytest.approx(model.named_steps["model"].intercept_[0] + Z.mean(axis=0) @ beta, abs=1e-10)


def test_levels_with_confusable_names_are_kept_apart():
    """plan_a = "x" and plan = "a_x" have the same name once encoded."""
    X, y = data()
    model = logistic().fit(X[["plan_a", "plan"]], y)
    found = contributions(model, X[["plan_a", "plan"]])
    assert found.table.groupby(X["plan"], observed=True)["plan"].nunique().eq(1).all()
    assert found.table["plan_a"].groupby(X["plan_a"].fillna("-")).nunique().eq(1).all()


def test_a_reference_gives_one_customer_the_same_reasons_as_among_all():
    X, y = data()
    model = logistic(log=["spend"]).fit(X, y)
    found = contributions(model, X)
    alone = contributions(model, X.iloc[[7]], reference=X)
    np.testing.assert_allclose(alone.table, found.table.iloc[[7]], atol=1e-12)
    assert alone.base == pytest.approx(found.base, abs=1e-12)
    assert alone.typical.to_dict() == found.typical.to_dict()
    assert found.of("c7").abs().is_monotonic_decreasing
    assert found.typical["spend"] == pytest.approx(X["spend"].median())
    assert np.isnan(found.mean["plan"])


def test_boosting_is_refused_and_has_an_approximation():
    X, y = data(200)
    y = ((X["orders"] > 2) ^ (X["spend"] > 70)).astype(int)  # nothing but an interaction
    model = boosting().set_params(model__max_iter=5).fit(X, y)
    with pytest.raises(InputError, match="do not add up"):
        contributions(model, X)
    found = what_if_typical(model, X)
    assert not found.exact
    changed = X.assign(orders=float(X["orders"].median()))
    expected = logit(model.predict_proba(X)[:, 1]) - logit(model.predict_proba(changed)[:, 1])
    np.testing.assert_allclose(found.table["orders"], expected, atol=1e-9)


def test_what_if_is_exact_but_for_a_constant_where_features_add_up():
    X, y = data()
    model = logistic(log=["spend"]).fit(X, y)
    gap = what_if_typical(model, X).table - contributions(model, X).table
    np.testing.assert_allclose(gap - gap.iloc[0], 0, atol=1e-10)


def test_nothing_is_changed_and_telco_adds_up(telco):
    X, before = telco.X, telco.X.copy(deep=True)
    model = logistic(log=["total_charges"]).fit(X, telco.y)
    found = contributions(model, X)
    np.testing.assert_allclose(found.base + found.table.sum(axis=1), model.decision_function(X), atol=1e-10)
    pd.testing.assert_frame_equal(X, before)


def test_bad_input():
    X, y = data()
    model = logistic().fit(X, y)
    with pytest.raises(InputError, match="not fitted"):
        contributions(logistic(), X)
    with pytest.raises(InputError, match="different features: constant"):
        contributions(model, X, reference=X.drop(columns="constant"))
    with pytest.raises(InputError, match="cannot read"):
        contributions(model, X.drop(columns="constant"))
    with pytest.raises(InputError, match="no customers"):
        contributions(model, X.iloc[:0])
    with pytest.raises(InputError, match="stands twice"):
        contributions(model, X.iloc[[0, 0]])
    with pytest.raises(InputError, match="no customer 'nobody'"):
        contributions(model, X).of("nobody")
