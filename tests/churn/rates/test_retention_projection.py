"""Retention projected: published numbers, contracts of known heterogeneity, what is said of it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crm_analysis.churn.rates.contract_tenures import contract_tenures
from crm_analysis.churn.rates.hazards import hazard_table
from crm_analysis.churn.rates.retention_projection import project_retention
from crm_analysis.clv.contracts.sbg import SBG
from crm_analysis.errors import InputError

HIGH = [1000, 869, 743, 653, 593, 551, 517, 491]
REGULAR = [1000, 631, 468, 382, 326, 289, 262, 241]


def test_published_fits_and_projections_c12():
    high, regular = project_retention(HIGH, periods=5), project_retention(REGULAR)
    assert high.model.params_.tolist() == pytest.approx([0.6681, 3.8061], abs=5e-5)
    assert high.model.log_likelihood_ == pytest.approx(-1611.158, abs=5e-4)
    assert (100 * high.table["survival"].loc[8:]).tolist() == pytest.approx([46.0, 43.6, 41.4, 39.5, 37.8], abs=0.05)
    assert regular.model.params_.tolist() == pytest.approx([0.7041, 1.1820], abs=5e-5)
    assert regular.model.log_likelihood_ == pytest.approx(-1680.265, abs=5e-4)
    first = project_retention(REGULAR, seen=4)
    assert first.model.params_.tolist() == pytest.approx([0.7637, 1.2958], abs=5e-5)
    assert first.model.log_likelihood_ == pytest.approx(-1401.56, abs=5e-3)


def test_the_rate_rises_by_heterogeneity_alone_and_says_so():
    found = project_retention(REGULAR, seen=4, periods=10)
    assert found.table["retention_rate"].is_monotonic_increasing
    assert found.table["used_in_fit"].sum() == 4
    assert (found.table["constant_survival"].loc[8:] < found.table["survival"].loc[8:]).all()
    assert "不表示客户越来越忠诚" in found.text("zh")
    assert "not by growing loyalty" in found.text("en")
    assert "not used for the fit" in found.text("en")
    assert "BdW" in project_retention(HIGH).text("en")
    assert "loyalty" not in project_retention(HIGH, model="bdw").text("en")


def test_contracts_tenures_and_counts_agree(simulated):
    contracts = simulated(800)
    tenures = contract_tenures(contracts, as_of="2013-06-30")
    one = project_retention(contracts, as_of="2013-06-30", periods=6)
    two = project_retention(tenures, periods=6)
    assert one.model.params_.tolist() == pytest.approx(two.model.params_.tolist())
    assert one.unit == "month"
    table = hazard_table(tenures)
    assert one.table["observed_survival"].dropna().tolist() == pytest.approx(table["survival"].tolist())
    plain = SBG().fit(tenures[["tenure", "ended"]].astype({"tenure": int}))
    assert two.model.params_.tolist() == pytest.approx(plain.params_.tolist())


def test_known_heterogeneity_is_recovered():
    truth = SBG.with_params(alpha=0.7, beta=3.0)
    covered = []
    for seed in range(6):
        people = truth.simulate(1500, periods=6, seed=seed)
        found = project_retention(people[["tenure", "ended"]], periods=6, seed=seed).table
        real = np.array([truth.survival(t) for t in found.index])
        covered += list((found["survival_low"] < real) & (real < found["survival_high"]))
    assert np.mean(covered) > 0.8


@pytest.mark.parametrize(
    ("data", "options", "message"),
    [
        ([100, 100, 100], {}, "nobody left"),
        ([100, 60, 70], {}, "grow"),
        (HIGH, {"model": "weibull"}, "not known"),
        (HIGH, {"seen": 20}, "there are 7 periods"),
        (HIGH, {"periods": 0}, "whole number from 1"),
        (pd.DataFrame({"a": [1]}), {}, "cannot be told"),
    ],
)
def test_data_that_cannot_be_projected(data, options, message):
    with pytest.raises(InputError, match=message):
        project_retention(data, **options)
