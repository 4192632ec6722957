"""Metric cohorts, the table of all of them, and cohorts with another feature's mix made equal."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.churn.reasons.cohort_table import metric_cohort_table
from crm_analysis.churn.reasons.cohorts import metric_cohorts
from crm_analysis.churn.reasons.standardised import standardised_cohorts
from crm_analysis.churn.windows.sample import Sample
from crm_analysis.errors import InputError
from crm_analysis.intervals import wilson


def sample(n: int = 800, seed: int = 0) -> Sample:
    rng = np.random.default_rng(seed)
    recency = rng.integers(1, 200, n)
    X = pd.DataFrame({
        "recency": recency, "orders": np.maximum(1, 12 - recency // 20 + rng.integers(-2, 3, n)),
        "shoes": rng.normal(42, 2, n), "flag": rng.random(n) < 0.5, "constant": 7,
        "late": np.where(rng.random(n) < 0.2, np.nan, rng.random(n)), "plan": rng.choice(["a", "b", None], n),
    })  # fmt: skip
    y = (rng.random(n) < 0.1 + 0.8 * (recency > 100)).astype(int)
    return Sample(X, pd.Series(y))


def test_telco_tenure(telco):
    table = metric_cohorts(telco, "tenure_months")
    assert table["customers"].sum() == 7043
    assert table["churned"].sum() == 1869
    assert table.index[0] == "0–2"
    low, high = wilson(table["churned"], table["customers"])
    np.testing.assert_allclose(table[["churn_rate_low", "churn_rate_high"]].T, [low, high], atol=1e-12)
    assert table["churn_rate"].is_monotonic_decreasing
    plans = metric_cohorts(telco, "plan")
    assert plans["churn_rate"].round(3).to_dict() == {"month_to_month": 0.427, "two_year": 0.028, "one_year": 0.113}


@settings(max_examples=40, deadline=None)
@given(values=st.lists(st.one_of(st.integers(0, 6), st.none()), min_size=6, max_size=60), bins=st.integers(2, 12))
def test_ties_stand_together_and_everybody_is_in_one_cohort(values, bins):
    if all(one is None for one in values):
        return
    y = pd.Series([0, 1] + [0] * (len(values) - 2))
    table = metric_cohorts(Sample(pd.DataFrame({"x": pd.array(values, dtype="Int64")}), y), "x", bins=bins)
    known = table[table.index != "not_known"]
    assert table["customers"].sum() == len(values)
    assert (table["customers"] > 0).all()
    assert len(known) <= bins
    assert (known["metric_low"].to_numpy()[1:] > known["metric_high"].to_numpy()[:-1]).all()
    blank = sum(one is None for one in values)
    assert table["customers"].get("not_known", 0) == blank
    assert table.index.is_unique


def test_names_stay_apart_and_few_are_marked():
    X = pd.DataFrame({"x": np.repeat([1000.1, 1000.2, 1000.3, 5.0], [50, 50, 50, 3])})
    table = metric_cohorts(Sample(X, pd.Series([0, 1] * 76 + [0])), "x", bins=4)
    assert table.index.is_unique
    assert table.index[-1] == "1000.3"
    blank = metric_cohorts(sample(), "late", few=200)
    assert blank.index[-1] == "not_known"
    assert blank["few_customers"].any()
    assert metric_cohorts(sample(), "plan").index[-1] == "not_known"
    assert metric_cohorts(sample(), "flag").index.tolist() == ["0", "1"]
    assert metric_cohorts(sample(), "constant")["customers"].tolist() == [800]


def test_rows_of_one_customer_count_once():
    once = sample(200)
    index = pd.MultiIndex.from_product([once.X.index, [1, 2, 3]])
    rows = index.get_level_values(0)
    thrice = Sample(once.X.loc[rows].set_axis(index), once.y.loc[rows].set_axis(index))
    a, b = metric_cohorts(once, "recency", bins=4), metric_cohorts(thrice, "recency", bins=4)
    np.testing.assert_allclose(a["churn_rate"], b["churn_rate"])
    np.testing.assert_allclose(a["churn_rate_high"], b["churn_rate_high"], atol=0.01)
    p = [metric_cohort_table(one).loc["shoes", "p"] for one in (once, thrice)]
    assert p[0] == pytest.approx(p[1], abs=1e-9)
    p = [metric_cohort_table(one).loc["plan", "p"] for one in (once, thrice)]
    assert p[0] == pytest.approx(p[1], abs=0.05)


def test_trend_is_that_of_mann_and_whitney_and_levels_that_of_chi_square():
    from scipy.stats import chi2_contingency, mannwhitneyu

    data = sample()
    table = metric_cohort_table(data)
    x, y = data.X["shoes"], data.y
    assert table.loc["shoes", "p"] == pytest.approx(mannwhitneyu(x[y == 1], x[y == 0]).pvalue, abs=0.01)
    counts = pd.crosstab(data.X["plan"].fillna("-"), y)
    assert table.loc["plan", "p"] == pytest.approx(chi2_contingency(counts, correction=False).pvalue, abs=1e-9)
    assert np.isnan(table.loc["constant", "p"])
    assert table.index[0] == "recency"
    assert table.loc["recency", "single_auc"] > 0.8 > 0.2 > table.loc["orders", "single_auc"]
    assert (table["p_holm"].dropna() >= table["p"].dropna()).all()


def test_false_finds_after_holm_are_rare():
    found = 0
    for seed in range(30):
        rng = np.random.default_rng(seed)
        X = pd.DataFrame(rng.normal(0, 1, (200, 6)), columns=list("abcdef")).assign(g=rng.choice(list("xyz"), 200))
        table = metric_cohort_table(Sample(X, pd.Series((rng.random(200) < 0.4).astype(int))), bins=4)
        found += bool((table["p_holm"] < 0.05).any())
    assert found <= 5


def test_telco_single_features(telco):
    table = metric_cohort_table(telco)
    assert 1 - table.loc["tenure_months", "single_auc"] == pytest.approx(0.740, abs=5e-4)
    assert {"sex", "phone_service"} == set(table.index[table["p_holm"] > 0.05])


def test_standardising_to_recency_takes_away_what_only_goes_with_it():
    data = sample(4000)
    table = standardised_cohorts(data, "orders", by="recency", bins=4, strata=10)
    raw, equal = table["churn_rate"], table["standardised_rate"] - table["expected_rate"]
    assert np.ptp(raw) > 0.5
    assert equal.abs().max() < 0.1
    kept = standardised_cohorts(data, "recency", by="shoes", bins=4)
    np.testing.assert_allclose(kept["standardised_rate"], kept["churn_rate"], atol=0.03)
    assert kept["weight_covered"].eq(1).all()
    assert kept["expected_rate"].to_numpy() == pytest.approx(data.churn_rate)


def test_standardised_rate_by_hand():
    X = pd.DataFrame({"x": [0] * 6 + [1] * 4, "k": list("aaaabb") + list("abbb")})
    y = pd.Series([1, 1, 0, 0, 1, 0, 0, 1, 1, 0])
    table = standardised_cohorts(Sample(X, y), "x", by="k", bins=2)
    assert table["standardised_rate"].tolist() == pytest.approx([0.5 * 2 / 4 + 0.5 / 2, 0.5 * 0 + 0.5 * 2 / 3])
    alone = standardised_cohorts(Sample(X.assign(k=list("aaaaaa") + list("abbb")), y), "x", by="k", bins=2)
    assert alone["weight_covered"].tolist() == [0.7, 1.0]
    assert alone["expected_rate"].iloc[0] == pytest.approx(3 / 7)


def test_bad_input():
    data = sample()
    with pytest.raises(InputError, match="did you mean 'recency'"):
        metric_cohorts(data, "recencey")
    for bins in (1, 2.5, "10", True):
        with pytest.raises(InputError, match="no number of cohorts"):
            metric_cohorts(data, "recency", bins=bins)
    with pytest.raises(InputError, match="need a sample"):
        metric_cohorts(data.X, "recency")
    with pytest.raises(InputError, match="need a sample"):
        metric_cohort_table(data.X)
    with pytest.raises(InputError, match="by itself"):
        standardised_cohorts(data, "recency", by="recency")
    with pytest.raises(ValueError, match="level must lie"):
        metric_cohorts(data, "recency", level=95)
