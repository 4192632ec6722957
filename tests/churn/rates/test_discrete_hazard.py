"""The discrete hazard model: against the rows written out, against statsmodels, against known truth."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest

from crm_analysis.churn.rates import profiles as profiles_module
from crm_analysis.churn.rates.account_months import account_months
from crm_analysis.churn.rates.contract_tenures import contract_tenures
from crm_analysis.churn.rates.discrete_hazard import DiscreteHazard
from crm_analysis.churn.rates.hazards import hazard_table
from crm_analysis.churn.rates.proportionality import proportionality
from crm_analysis.churn.rates.retention_projection import project_retention
from crm_analysis.churn.rates.tenure_curves import tenure_curves
from crm_analysis.errors import InputError


@pytest.fixture
def tenures(simulated) -> pd.DataFrame:
    return contract_tenures(simulated(1200, seed=1), as_of="2013-06-30")


def expanded(tenures: pd.DataFrame) -> pd.DataFrame:
    """One row per account and month at risk."""
    parts = []
    for row in tenures.itertuples():
        for month in range(row.entry + 1, row.tenure + 1):
            parts.append((row.plan, row.fee, month, int(row.ended and month == row.tenure)))
    return pd.DataFrame(parts, columns=["plan", "fee", "month", "y"])


@pytest.mark.parametrize("link", ["logit", "cloglog"])
def test_month_dummies_alone_are_the_counted_hazards(tenures, link):
    table = hazard_table(tenures)
    model = DiscreteHazard(link=link).fit(tenures)
    found = model.hazard()
    assert np.allclose(found["hazard"], table["hazard"], atol=1e-10)
    assert np.allclose(model.survival()["survival"], table["survival"], atol=1e-9)
    last = int(tenures["tenure"].max())
    mean = tenure_curves(tenures, until=last).table["restricted_mean_tenure"].iloc[0]
    row = model.predict(pd.DataFrame(index=["new"]), horizon=last).iloc[0]
    assert row["remaining_tenure"] == pytest.approx(mean)
    assert row["churn_probability"] == pytest.approx(1 - table["survival"].iloc[-1])


@pytest.mark.parametrize("link", ["logit", "cloglog"])
def test_statsmodels_on_the_expanded_rows(tenures, link):
    import statsmodels.api as sm

    rows = expanded(tenures)
    family = sm.families.Binomial(getattr(sm.families.links, {"logit": "Logit", "cloglog": "CLogLog"}[link])())
    design = np.column_stack([np.ones(len(rows)), np.log(rows["month"]), rows["plan"] == "yearly", rows["fee"]])
    theirs = sm.GLM(rows["y"], design, family=family).fit(tol=1e-12)
    ours = DiscreteHazard(month="log", covariates=["plan", "fee"], link=link).fit(tenures)
    assert ours.coef_.tolist() == pytest.approx(theirs.params[2:].tolist(), rel=1e-5)
    assert ours.standard_errors_.tolist() == pytest.approx(theirs.bse[2:].tolist(), rel=1e-5)
    assert ours.log_likelihood_ == pytest.approx(theirs.llf, rel=1e-9)
    assert ours.gradient_norm_ < 1e-3
    at = pd.DataFrame({"plan": ["yearly"], "fee": [90.0]})
    eta = np.array([1, np.log(5), 1, 90.0])
    predicted = theirs.get_prediction(eta[None, :]).summary_frame()
    found = ours.hazard(at, months=[5]).iloc[0]
    assert found[["hazard", "hazard_low", "hazard_high"]].tolist() == pytest.approx(
        predicted[["mean", "mean_ci_lower", "mean_ci_upper"]].iloc[0].tolist(), rel=1e-4
    )


def test_work_in_blocks_and_changing_effects_and_dummies_agree_with_statsmodels(tenures, monkeypatch):
    import statsmodels.api as sm

    rows = expanded(tenures)
    rows = rows[rows.groupby("month")["y"].transform("sum") > 0]
    rows["n"] = 1
    cells = rows.groupby(["month", "plan"])[["y", "n"]].sum().reset_index()
    yearly = (cells["plan"] == "yearly").to_numpy(float)
    dummies = pd.get_dummies(cells["month"]).to_numpy(float)
    design = np.column_stack([dummies, yearly, yearly * np.log(cells["month"])])
    theirs = sm.GLM(np.column_stack([cells["y"], cells["n"] - cells["y"]]), design, family=sm.families.Binomial()).fit()
    monkeypatch.setattr(profiles_module, "CELLS", 40)  # one profile at a time
    ours = DiscreteHazard(covariates=["plan"], changing=["plan"]).fit(tenures)
    assert ours.coef_.tolist() == pytest.approx(theirs.params[-2:].tolist(), rel=1e-4, abs=1e-6)
    assert ours.standard_errors_.tolist() == pytest.approx(theirs.bse[-2:].tolist(), rel=1e-4)
    at = ours.effects(month=6).loc[("plan", "yearly")]
    assert at["log_ratio"] == pytest.approx(theirs.params[-2] + np.log(6) * theirs.params[-1], abs=1e-5)


def test_survival_limits_are_those_of_many_draws(tenures):
    model = DiscreteHazard(month="log", covariates=["plan"]).fit(tenures)
    drawn = np.random.default_rng(0).multivariate_normal(model.params_, model.covariance_, 4000)
    months = np.arange(1, 13)
    eta = drawn[:, [0]] + drawn[:, [1]] * np.log(months) + drawn[:, [2]]
    curves = np.cumprod(1 / (1 + np.exp(eta)), axis=1)
    found = model.survival(pd.DataFrame({"plan": ["yearly"]}), months=[12]).iloc[0]
    assert found[["survival_low", "survival_high"]].tolist() == pytest.approx(
        np.quantile(curves[:, -1], [0.025, 0.975]).tolist(), abs=0.004
    )
    row = model.predict(pd.DataFrame({"plan": ["yearly"]}), horizon=12).iloc[0]
    stay = 1 + curves[:, :-1].sum(axis=1)
    assert row[["remaining_tenure_low", "remaining_tenure_high"]].tolist() == pytest.approx(
        np.quantile(stay, [0.025, 0.975]).tolist(), abs=0.05
    )


def test_tenure_so_far_conditions(tenures):
    model = DiscreteHazard(month="spline", covariates=["plan"]).fit(tenures)
    people = pd.DataFrame({"plan": ["yearly", "monthly"], "tenure": [3, 6]}, index=["a", "b"])
    found = model.predict(people, horizon=6)
    curve = model.survival(people.drop(columns="tenure"), months=range(1, 13))["survival"]
    assert found.loc["a", "churn_probability"] == pytest.approx(1 - curve["a", 9] / curve["a", 3])
    kept = sum(curve["b", month] for month in range(6, 12)) / curve["b", 6]
    assert found.loc["b", "remaining_tenure"] == pytest.approx(kept)
    assert not found["extrapolated"].any()
    assert model.predict(people, horizon=60)["extrapolated"].all()
    later = DiscreteHazard(covariates=["plan"]).fit(tenures)
    with pytest.raises(InputError, match="month dummies cannot say more"):
        later.predict(people, horizon=60)


def test_known_hazards_and_odds_are_recovered(simulated):
    covered = []
    for seed in range(12):
        found = contract_tenures(simulated(1200, hazards=(0.10, 0.05, 0.03), odds=0.4, seed=seed), as_of="2013-06-30")
        model = DiscreteHazard(covariates=["plan"], reference={"plan": "monthly"}).fit(found)
        effect = model.effects().loc[("plan", "yearly")]
        hazards = model.hazard(pd.DataFrame({"plan": ["monthly"]}), months=[1, 2, 3, 6])
        inside = [effect["leaving_odds_ratio_low"] < 0.4 < effect["leaving_odds_ratio_high"]]
        inside += [low < truth < high for low, truth, high in zip(
            hazards["hazard_low"], (0.10, 0.05, 0.03, 0.03), hazards["hazard_high"])]  # fmt: skip
        covered.append(inside)
    assert np.mean(covered) > 0.88
    assert np.mean([row[0] for row in covered]) > 0.8


def test_cloglog_is_the_grouped_proportional_hazards_model():
    rng = np.random.default_rng(0)
    treated = rng.random(6000) < 0.5
    life = rng.exponential(1 / (0.08 * np.where(treated, 2.0, 1.0)))
    month = np.ceil(life).astype(int)
    frame = pd.DataFrame({"tenure": np.minimum(month, 12), "ended": month <= 12, "arm": np.where(treated, "b", "a")})
    found = DiscreteHazard(covariates=["arm"], link="cloglog", reference={"arm": "a"}).fit(frame).effects()
    row = found.loc[("arm", "b")]
    assert row["leaving_hazard_ratio_low"] < 2.0 < row["leaving_hazard_ratio_high"]
    assert found.loc[("arm", "a"), "is_reference"]


def test_proportionality_is_kept_when_true_and_refused_when_not(tenures):
    kept = proportionality(DiscreteHazard(month="log", covariates=["plan"]), tenures)
    assert kept.loc["plan", "p"] > 0.01
    rng = np.random.default_rng(0)
    group = rng.random(3000) < 0.5
    month = np.arange(1, 13)
    chance = np.where(group[:, None], 0.02 * month, 0.2 / month)
    leaves = rng.random(chance.shape) < chance
    gone = leaves.any(axis=1)
    frame = pd.DataFrame({"tenure": np.where(gone, leaves.argmax(axis=1) + 1, 12), "ended": gone,
                          "group": np.where(group, "rising", "falling")})  # fmt: skip
    assert proportionality(DiscreteHazard(month="log", covariates=["group"]), frame).loc["group", "p"] < 1e-6


def test_late_entries_and_row_order(tenures):
    late = tenures.assign(entry=np.where(tenures["tenure"] > 4, 3, 0))
    model = DiscreteHazard().fit(late)
    assert np.allclose(model.hazard()["hazard"], hazard_table(late)["hazard"], equal_nan=True)
    again = DiscreteHazard(month="spline", covariates=["fee"]).fit(tenures.sample(frac=1, random_state=0))
    first = DiscreteHazard(month="spline", covariates=["fee"]).fit(tenures)
    assert again.coef_.tolist() == pytest.approx(first.coef_.tolist())
    scaled = DiscreteHazard(month="spline", covariates=["fee"]).fit(tenures.assign(fee=tenures["fee"] * 100))
    assert scaled.coef_.tolist() == pytest.approx((first.coef_ / 100).tolist(), rel=1e-6)


def test_an_estimator_as_scikit_learn_has_them(tenures):
    from sklearn.base import clone

    model = DiscreteHazard(month="polynomial", covariates=["plan"], degree=2)
    copy = clone(model).set_params(month="log")
    assert (copy.month, model.month) == ("log", "polynomial")
    fitted = pickle.loads(pickle.dumps(copy.fit(tenures)))
    assert fitted.aic_ == copy.aic_
    assert "log" in repr(fitted)
    assert fitted.tests().loc["plan", "df"] == 1
    with pytest.raises(ValueError, match="knot"):
        model.set_params(knts=3)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"month": "weekly"}, "not known"),
        ({"link": "probit"}, "not known"),
        ({"covariates": "plan"}, "must be a list"),
        ({"covariates": ["plann"]}, "did you mean 'plan'"),
        ({"covariates": ["plan"], "changing": ["fee"]}, "not among the covariates"),
        ({"covariates": ["plan"], "reference": {"plan": "daily"}}, "no level 'daily'"),
        ({"covariates": ["one"]}, "same value in all rows"),
        ({"covariates": ["plan", "twin"]}, "cannot be told apart"),
        ({"covariates": ["blank"]}, "blank or no number"),
        ({"covariates": ["safe"]}, "0 of 5 accounts left"),
        ({"month": "spline", "knots": 2}, "cannot be told"),
    ],
)
def test_arguments_that_cannot_be_used_are_named(tenures, arguments, message):
    running = np.flatnonzero(~tenures["ended"] & (tenures["tenure"] > 2))[:5]
    frame = tenures.assign(one=1, twin=tenures["plan"], blank=np.where(np.arange(len(tenures)) % 7, 1.5, np.nan),
                           safe=np.where(np.isin(np.arange(len(tenures)), running), "x", "y"))  # fmt: skip
    frame["blank"] += np.arange(len(frame))
    with pytest.raises(InputError, match=message):
        DiscreteHazard(**arguments).fit(frame)


def test_predictions_that_cannot_be(tenures):
    with pytest.raises(InputError, match="not fitted"):
        DiscreteHazard().hazard()
    with pytest.raises(InputError, match="nobody left"):
        DiscreteHazard().fit(tenures.assign(ended=False))
    model = DiscreteHazard(month="log", covariates=["plan"]).fit(tenures)
    with pytest.raises(InputError, match="has covariates"):
        model.survival()
    with pytest.raises(InputError, match="'daily' was not there"):
        model.survival(pd.DataFrame({"plan": ["daily"]}))
    with pytest.raises(InputError, match="whole numbers from 0"):
        model.predict(pd.DataFrame({"plan": ["yearly"]}), tenure=[-1], horizon=3)
    with pytest.raises(InputError, match="index"):
        model.survival(pd.DataFrame({"plan": ["yearly", "monthly"]}, index=["a", "a"]))
    with pytest.raises(InputError, match="no covariates"):
        DiscreteHazard().fit(tenures).effects()


def test_separation_by_a_number_is_named():
    frame = pd.DataFrame({"tenure": [1, 1, 1, 2, 2, 2], "ended": [1, 1, 1, 0, 0, 0], "x": [1.0, 2, 3, 7, 8, 9]})
    with pytest.raises(InputError, match=r"tell too well|cannot be told"):
        DiscreteHazard(month="constant", covariates=["x"]).fit(frame)


def test_telco_c7_by_the_model(telco_contracts):
    tenures = contract_tenures(telco_contracts)
    found = DiscreteHazard().fit(tenures).hazard(months=[1, 2, 3])["hazard"]
    assert found.tolist() == pytest.approx([380 / 7032, 123 / 6419, 94 / 6181], abs=1e-9)
    model = DiscreteHazard(month="spline", covariates=["plan", "fee"]).fit(tenures)
    assert model.cells_ > 100_000
    assert model.converged_


def test_mistakes_are_told_with_what_would_be_right():
    tenures = pd.DataFrame({"tenure": [1, 2, 2, 3, 1, 2, 3, 3], "ended": [1, 1, 0, 0, 1, 0, 1, 0],
                            "plan": ["monthly", "yearly"] * 4})  # fmt: skip
    for ask in (DiscreteHazard().effects, DiscreteHazard().tests):
        with pytest.raises(InputError, match="not fitted"):
            ask()
    with pytest.raises(InputError, match=r"monthly, yearly\n.*choose one of them"):
        DiscreteHazard(covariates=["plan"], reference={"plan": "x"}).fit(tenures)
    with pytest.raises(InputError, match="did you mean 'monthly'"):
        DiscreteHazard(covariates=["plan"], reference={"plan": "month"}).fit(tenures)
    for call in (DiscreteHazard().fit, tenure_curves, hazard_table, project_retention, account_months):
        with pytest.raises(InputError, match=r"no option asof\n(.*\n)*.*did you mean 'as_of'"):
            call(tenures, asof="2012-12-31")
