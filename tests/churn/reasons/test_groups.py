"""Associations and groups of features."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.churn.reasons.association import associations
from crm_analysis.churn.reasons.groups import as_groups, feature_groups
from crm_analysis.errors import InputError


def frame(n: int = 400, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    orders = rng.poisson(2, n)
    known = np.where(orders > 0, rng.integers(1, 90, n), np.nan)
    plan = rng.choice(["a", "b", "c"], n)
    return pd.DataFrame({
        "orders": orders, "spend": orders * 10 + rng.normal(0, 1, n), "days_since": known, "plan": plan,
        "line": np.where(plan == "a", "none", np.where(rng.random(n) < 0.5, "x", "y")), "fee": rng.normal(0, 1, n),
        "flag": rng.random(n) < 0.4, "same": 1.0, "blank": pd.Series(pd.NA, index=range(n), dtype="Float64"),
    })  # fmt: skip


def test_spearman_and_cramer_are_those_of_scipy():
    from scipy.stats import contingency, spearmanr

    X = frame()
    found = associations(X)
    assert found.loc["orders", "fee"] == pytest.approx(abs(spearmanr(X["orders"], X["fee"])[0]))
    assert found.loc["flag", "fee"] == pytest.approx(abs(spearmanr(X["flag"], X["fee"])[0]))
    counts = pd.crosstab(X["plan"], X["line"])
    plain = contingency.association(counts.to_numpy(), method="cramer")
    n, (rows, columns) = len(X), counts.shape
    phi = max(0, plain**2 * (min(rows, columns) - 1) - (rows - 1) * (columns - 1) / (n - 1))
    corrected = np.sqrt(phi / (min(k - (k - 1) ** 2 / (n - 1) for k in (rows, columns)) - 1))
    assert found.loc["plan", "line"] == pytest.approx(corrected, abs=1e-12)


def test_correlation_ratio_of_ranks_is_that_of_kruskal_and_wallis():
    from scipy.stats import kruskal

    X = frame()
    h = kruskal(*[part["spend"] for _, part in X.groupby("plan")]).statistic
    n, k, eta = len(X), 3, h / (len(X) - 1)
    expected = np.sqrt(max(0, 1 - (1 - eta) * (n - 1) / (n - k)))
    assert associations(X).loc["spend", "plan"] == pytest.approx(expected, abs=1e-12)


def test_whether_a_number_is_known_counts():
    X = frame()
    found = associations(X)
    marked = associations(X.assign(mark=X["days_since"].isna()))
    assert found.loc["orders", "days_since"] == pytest.approx(marked.loc["orders", "mark"])
    assert found.loc["orders", "days_since"] > 0.5 > abs(X[["orders", "days_since"]].corr().iloc[0, 1])


def test_constant_and_blank_columns_go_with_nothing_and_nothing_is_changed():
    X = frame()
    before = X.copy(deep=True)
    found = associations(X)
    assert found["same"].drop("same").eq(0).all()
    assert found["blank"].drop("blank").eq(0).all()
    assert (np.diag(found) == 1).all()
    assert found.equals(found.T.rename_axis("feature"))
    pd.testing.assert_frame_equal(X, before)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_rank_measures_ignore_monotone_maps_row_order_and_names_of_levels(seed):
    X = frame(60, seed).drop(columns=["blank"])
    rng = np.random.default_rng(seed)
    other = X.assign(spend=np.exp(X["spend"] / 20), plan=X["plan"].map({"a": "q", "b": "r", "c": "p"})).iloc[
        rng.permutation(len(X))
    ]
    np.testing.assert_allclose(associations(X), associations(other), atol=1e-9)
    assert associations(X).to_numpy().max() <= 1 + 1e-12


def test_complete_linkage_holds_the_threshold_for_every_pair():
    X = frame()
    for threshold in (0.3, 0.5, 0.7, 0.9):
        groups = feature_groups(X, threshold=threshold)
        assert (groups.within["association"] >= threshold - 1e-6).all()
        assert sorted(one for ones in groups.members.values() for one in ones) == sorted(X)
        assert all(name in ones for name, ones in groups.members.items())
    assert feature_groups(X, threshold=0.7).members["orders"] == ["orders", "spend"]


def test_the_name_is_the_most_central_member_and_text_names_the_groups():
    rng = np.random.default_rng(1)
    middle = rng.normal(0, 1, 500)
    X = pd.DataFrame({"left": middle + rng.normal(0, 0.5, 500), "middle": middle,
                      "right": middle + rng.normal(0, 0.5, 500), "alone": rng.normal(0, 1, 500)})  # fmt: skip
    groups = feature_groups(X, threshold=0.6, linkage="average")
    assert groups.members == {"middle": ["left", "middle", "right"], "alone": ["alone"]}
    assert groups.table.loc["middle", "association"] == 1
    assert "left, middle and right" in groups.text("en")
    assert "left、middle、right" in groups.text("zh")
    assert "stands alone" in feature_groups(X[["left", "alone"]]).text("en")


def test_telco_blocks(telco):
    groups = feature_groups(telco.X)
    assert ["tenure_months", "total_charges"] in groups.members.values()
    assert groups.within["association"].min() >= 0.7
    services = next(ones for ones in groups.members.values() if "internet_service" in ones)
    assert {"online_security", "tech_support", "fee"} <= set(services)
    assert groups.associations.loc["tenure_months", "total_charges"] == pytest.approx(0.8897, abs=5e-4)


def test_groups_given_by_hand_are_completed_and_checked():
    X = frame()[["orders", "spend", "fee"]]
    assert as_groups({"buying": ("orders", "spend")}, X).members == {"buying": ["orders", "spend"], "fee": ["fee"]}
    for wrong in ({"a": ["order"]}, {"a": ["orders"], "b": ["orders"]}, {"a": []}, {"fee": ["orders"]}):
        with pytest.raises(InputError):
            as_groups(wrong, X)
    with pytest.raises(InputError, match="did you mean 'orders'"):
        as_groups({"a": ["order"]}, X)


@pytest.mark.parametrize("how", [{"threshold": 0}, {"threshold": 1.5}, {"threshold": "0.7"}, {"linkage": "single"}])
def test_bad_arguments(how):
    with pytest.raises(InputError, match="cannot be used"):
        feature_groups(frame(), **how)


def test_bad_frames():
    X = frame()
    for wrong in (X.iloc[:2], X[[]], "X", X[["fee", "fee"]]):
        with pytest.raises(InputError):
            feature_groups(wrong)
    assert feature_groups(X[["fee"]]).members == {"fee": ["fee"]}
