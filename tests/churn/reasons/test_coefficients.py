"""The table of coefficients: odds ratios per natural step, levels, and the bootstrap."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

from crm_analysis.churn.models.checks import model_frame
from crm_analysis.churn.models.fitted import fit
from crm_analysis.churn.models.pipelines import boosting, logistic
from crm_analysis.churn.reasons.coefficients import coefficient_table
from crm_analysis.churn.reasons.steps import natural_step, unit_of
from crm_analysis.churn.windows.sample import Sample
from crm_analysis.errors import InputError


def sample(n: int = 900, seed: int = 0) -> Sample:
    rng = np.random.default_rng(seed)
    X = pd.DataFrame({
        "fee": rng.normal(70, 30, n), "orders": rng.poisson(4, n),
        "gap": np.where(rng.random(n) < 0.3, np.nan, rng.normal(30, 5, n)), "plan": rng.choice(list("aab"), n),
    }, index=[f"c{i}" for i in range(n)])  # fmt: skip
    at = 0.02 * (X["fee"] - 70) - 0.6 * np.log1p(X["orders"]) + 0.8 * (X["plan"] == "b") + 0.5
    return Sample(X, pd.Series((rng.random(n) < 1 / (1 + np.exp(-at))).astype(int), index=X.index))


def test_odds_ratios_are_changes_of_the_prediction():
    data = sample()
    model = logistic(log=["orders"]).fit(data.X, data.y)
    table = coefficient_table(model, data, steps={"fee": 10}, draws=0)
    one = data.X.iloc[[0]].assign(gap=np.nan)

    def ratio(**changes: object) -> float:
        return float(np.exp(model.decision_function(one.assign(**changes)) - model.decision_function(one))[0])

    odds = table["churn_odds_ratio"]
    assert ratio(fee=one["fee"] + 10) == pytest.approx(odds["fee", ""], rel=1e-9)
    assert ratio(orders=2 * (1 + one["orders"]) - 1) == pytest.approx(odds["orders", ""], rel=1e-9)
    assert ratio(plan="b") / ratio(plan="a") == pytest.approx(odds["plan", "b"], rel=1e-9)
    assert 1 / ratio(gap=data.X["gap"].median()) == pytest.approx(odds["gap", "not_known"], rel=1e-9)
    assert table.loc[("fee", ""), "coefficient_scaled"] == pytest.approx(np.log(odds["fee", ""]) * data.X["fee"].std(
        ddof=0) / 10)  # fmt: skip
    assert table["kind"].tolist() == [
        "per_step", "per_doubling", "per_step", "not_known", "against_usual", "against_usual"]  # fmt: skip
    assert table["customers"].groupby("feature").sum().eq(len(data)).all()


def test_bootstrap_is_that_of_fitting_again():
    data = sample(400)
    model = logistic(log=["orders"]).fit(data.X, data.y)
    table = coefficient_table(model, data, draws=12, seed=3)
    rng, found = np.random.default_rng(3), []
    prepare = model.named_steps["prepare"]
    Z = prepare.transform(data.X)
    for _ in range(12):
        weight = np.bincount(rng.integers(0, len(data), len(data)), minlength=len(data))
        again = clone(model.named_steps["model"]).set_params(tol=1e-8).fit(Z, data.y, sample_weight=weight)
        found.append(again.coef_[0])
    low, high = np.quantile(np.array(found)[:, 1], [0.025, 0.975])  # fee: the first of the plain numbers
    fee = table.loc[("fee", "")]
    assert [fee["coefficient_scaled_low"], fee["coefficient_scaled_high"]] == pytest.approx([low, high], abs=1e-4)
    usual = table.loc[("plan", "a")]
    assert usual["churn_odds_ratio"] == 1
    assert np.isnan(usual["churn_odds_ratio_low"])


def test_customers_with_several_rows_count_once():
    data = sample(300)
    model = logistic().fit(data.X, data.y)
    thrice = pd.concat([data.X] * 3, keys=range(3)).swaplevel().sort_index()
    labels = pd.concat([data.y] * 3, keys=range(3)).swaplevel().sort_index()
    C = model.named_steps["model"].C / 3
    same = logistic(C=C).fit(thrice, labels)
    once, three = coefficient_table(model, data, draws=200), coefficient_table(same, Sample(thrice, labels), draws=200)
    np.testing.assert_allclose(once["coefficient_scaled"], three["coefficient_scaled"], atol=1e-3)
    wide = (three["coefficient_scaled_high"] - three["coefficient_scaled_low"]).dropna()
    np.testing.assert_allclose(
        wide, (once["coefficient_scaled_high"] - once["coefficient_scaled_low"]).dropna(), rtol=0.35
    )


def test_steps_are_easily_said():
    assert natural_step("days_since_last", pd.Series([1, 100, 300])) == 90
    assert natural_step("late_share", pd.Series([0, 0.4, 0.9])) == 0.1
    assert natural_step("tenure_months", pd.Series([1, 30, 72])) == 12
    assert natural_step("complaints", pd.Series([0, 1, 0, 2])) == 1
    assert natural_step("last_late", pd.Series([0.0, 1.0, np.nan])) == 1
    assert natural_step("anything", pd.Series([0.011, 0.032, 0.05])) == 0.02
    assert natural_step("same", pd.Series([5, 5])) == natural_step("blank", pd.Series([np.nan])) == 1
    assert unit_of("days_of_something") == "day"


def test_bad_input():
    data = sample(200)
    with pytest.raises(InputError, match="not fitted"):
        coefficient_table(logistic(), data)
    with pytest.raises(InputError, match="no table of coefficients"):
        coefficient_table(boosting().set_params(model__max_iter=2).fit(data.X, data.y), data)
    model = logistic().fit(data.X, data.y)
    with pytest.raises(InputError, match="did you mean 'fee'"):
        coefficient_table(model, data, steps={"fees": 10})
    with pytest.raises(InputError, match="steps cannot be used"):
        coefficient_table(model, data, steps={"fee": -1})


def test_telco_has_the_signs_that_all_know(telco):
    model = logistic().fit(telco.X, telco.y)
    table = coefficient_table(model, telco, draws=25)["churn_odds_ratio"]
    assert table["plan", "two_year"] < table["plan", "one_year"] < 1 == table["plan", "month_to_month"]
    assert table["tenure_months", ""] < 1


def test_a_fitted_model_and_a_key_are_taken_as_the_pipeline_is():
    rng = np.random.default_rng(0)
    X = pd.DataFrame({"age": rng.integers(20, 60, 400), "plan": rng.choice(["a", "b", None], 400)})
    y = pd.Series((rng.random(400) < np.where(X["plan"] == "a", 0.7, 0.3)).astype(int))
    sample = Sample(X, y)
    fitted = fit(sample, "logistic")
    table = coefficient_table(fitted, Sample(X.assign(shoe=1.0), y), draws=20)
    pd.testing.assert_frame_equal(table, coefficient_table("logistic", sample, draws=20))
    pipeline = coefficient_table(fitted.estimator, Sample(model_frame(X), y), draws=20)
    pd.testing.assert_frame_equal(table, pipeline)
    with pytest.raises(InputError, match="did you mean 'logistic'"):
        coefficient_table("logistc", sample)
    with pytest.raises(InputError, match="no table of coefficients"):
        coefficient_table("boosting", sample)
    with pytest.raises(InputError, match="trained on are missing: plan"):
        coefficient_table(fitted, Sample(X[["age"]], y))
