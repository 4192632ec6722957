"""Rows of months: the same as tenures where nothing changes, and complaints that act for a time are found."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crm_analysis.churn.rates.account_months import account_months, as_followed, recent_events
from crm_analysis.churn.rates.contract_tenures import contract_tenures
from crm_analysis.churn.rates.discrete_hazard import DiscreteHazard
from crm_analysis.churn.rates.proportionality import proportionality
from crm_analysis.errors import InputError
from crm_analysis.simulate import telecom
from crm_analysis.simulate.telecom_life import Telecom

REFERENCE = {
    "internet_service": "dsl",
    "support": False,
    "payment_method": "direct_debit",
    "complaint": "no_recent_complaint",
}
COVARIATES = [*REFERENCE, "elderly"]


def telephone(spread: float, customers: int = 6000) -> tuple[pd.DataFrame, pd.Series, dict[str, float]]:
    """Rows of months of month-to-month accounts, their state of complaint; who ever complained; the truth."""
    data, truth = telecom.make(customers=customers, process=Telecom(spread=spread))
    tenures = contract_tenures(data.tables["contracts"], as_of="2012-12-31")
    rows = account_months(tenures[tenures["plan"] == "month_to_month"])
    age = data.tables["customers"].set_index("customer_id")["age"]
    tickets = data.tables["tickets"].rename(columns={"opened_at": "at"})
    badly = ~(tickets["resolved_at"] - tickets["at"] <= pd.Timedelta(14, "D"))
    recent = [recent_events(rows, tickets[hit], ago=(0, 2)) > 0 for hit in (badly, ~badly)]
    rows["complaint"] = np.select(recent, ["complaint_badly", "complaint_resolved"], "no_recent_complaint")
    rows["elderly"] = np.where(rows["account_id"].map(age) >= 65, "elderly", "no")
    return rows, rows["account_id"].isin(tickets.loc[badly, "customer_id"]), truth["process"]["effects"]


def test_effects_of_the_telephone_company_are_recovered_month_by_month():
    rows, ever, effects = telephone(spread=0.0)
    model = DiscreteHazard(month="log", covariates=COVARIATES, reference=REFERENCE | {"elderly": "no"}).fit(rows)
    truth = {(name, key): effects[key] for name, key in model.coef_.index if key in effects}
    truth["support", "True"] = effects["support"]
    assert len(truth) == len(model.coef_) == 7
    for key, value in truth.items():
        assert abs(model.coef_[key] - value) < 3 * model.standard_errors_[key], key
    assert model.coef_["complaint", "complaint_badly"] > 1.1
    assert model.accounts_ == rows["account_id"].nunique()
    table = model.effects()
    bad = rows["complaint"] == "complaint_badly"
    counted = [rows.loc[bad, "account_id"].nunique(), rows.loc[bad, "ended"].sum()]
    assert table.loc[("complaint", "complaint_badly"), ["accounts", "lost"]].tolist() == counted
    # "ever complained" looks ahead: whoever stays has longer to complain, and complaints seem to keep accounts
    wrong = DiscreteHazard(month="log", covariates=["ever"]).fit(rows.assign(ever=np.where(ever, "yes", "no")))
    sign = 1 if wrong.coef_.index[0][1] == "yes" else -1
    assert sign * wrong.coef_.iloc[0] < -0.2


def test_what_nobody_sees_attenuates_the_ratios():
    rows, _, effects = telephone(spread=0.8)
    model = DiscreteHazard(month="log", covariates=COVARIATES, reference=REFERENCE | {"elderly": "no"}).fit(rows)
    seen = ["fibre_optic", "no_internet", "paper_bill", "complaint_badly"]
    shrunk = [model.coef_.xs(key, level=1).iloc[0] / effects[key] for key in seen]
    assert 0.6 < np.mean(shrunk) < 1.0


def test_rows_written_out_change_nothing(simulated):
    tenures = contract_tenures(simulated(600, seed=1), as_of="2013-06-30", data_start="2011-07-01")
    rows = account_months(tenures)
    assert len(rows) == (tenures["tenure"] - tenures["entry"]).sum()
    assert rows["ended"].sum() == tenures["ended"].sum()
    assert rows.groupby("account_id")["tenure_month"].min().min() == 1
    model = DiscreteHazard(month="spline", covariates=["plan", "fee"], changing=["plan"])
    one, two = model.fit(tenures).effects(month=3), DiscreteHazard(**model.get_params()).fit(rows).effects(month=3)
    pd.testing.assert_frame_equal(one, two, rtol=1e-5, atol=1e-7)
    simple = DiscreteHazard(month="log", covariates=["plan"])
    assert np.allclose(proportionality(simple, rows), proportionality(simple, tenures))
    mixed = rows.sample(frac=1, random_state=0)
    assert simple.fit(mixed).log_likelihood_ == pytest.approx(simple.fit(tenures).log_likelihood_)


def test_events_are_counted_in_their_month_by_hand(days):
    contracts = pd.DataFrame({"account_id": ["a", "b"], "started_on": days("2012-01-31", "2012-03-05"),
                              "ended_on": days(None, "2012-05-05")})  # fmt: skip
    rows = account_months(contracts, as_of="2012-06-30")
    log = pd.DataFrame(
        {
            "customer_id": ["a", "a", "a", "b", "b", "x"],
            "at": days("2012-02-28", "2012-02-29", "2012-03-31", "2012-03-01", "2012-05-04", "2012-04-01"),
        }
    )
    assert rows["tenure_month"].tolist() == [1, 2, 3, 4, 5, 1, 2]
    assert recent_events(rows, log, ago=(0, 0)).tolist() == [1, 1, 1, 0, 0, 0, 1]  # b's first came before b
    assert recent_events(rows, log).tolist() == [0, 1, 2, 3, 2, 0, 0]
    assert recent_events(rows, log, ago=(0, 9)).tolist() == [1, 2, 3, 3, 3, 0, 1]
    assert recent_events(rows, log, ago=(9, 9)).tolist() == [0] * 7


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda r: r.drop(columns="account_id"), "column account_id is missing"),
        (lambda r: r.drop(columns="ended"), "column ended is missing"),
        (lambda r: pd.concat([r, r.iloc[:1]]), "stands there twice for an account: 1 rows"),
        (lambda r: r.assign(tenure_month=r["tenure_month"] - 1), "no whole number from 1: 2 rows"),
        (lambda r: r.assign(ended=["Yes", "No", "No", "No"]), "ended is neither true nor false: 4 rows"),
        (lambda r: r.assign(ended=[True, False, False, False]), "after the one in which the account ended: 1 rows"),
        (lambda r: r.assign(account_id=["a", None, "b", "b"]), "account_id is blank: 1 rows"),
        (lambda r: r.iloc[:0], "there is no row"),
    ],
)
def test_rows_that_cannot_be_are_named(change, message):
    rows = pd.DataFrame({"account_id": list("aabb"), "tenure_month": [1, 2, 1, 2],
                         "ended": [False, True, False, False], "x": ["p", "q", "q", "p"]})  # fmt: skip
    assert len(as_followed(rows)) == 4
    with pytest.raises(InputError, match=message):
        DiscreteHazard(month="constant", covariates=["x"]).fit(change(rows))


def test_months_and_events_that_cannot_be(days):
    with pytest.raises(InputError, match="more than one row"):
        account_months(pd.DataFrame({"tenure": [1, 2], "ended": [0, 1]}, index=["a", "a"]))
    with pytest.raises(InputError, match="nobody is at risk"):
        account_months(pd.DataFrame({"tenure": [0], "ended": [0]}))
    rows = pd.DataFrame({"account_id": ["a"], "tenure_month": [1], "ended": [False], "started_on": days("2012-01-01")})
    log = pd.DataFrame({"account_id": ["a"], "at": days("2012-01-09")})
    with pytest.raises(InputError, match="no event belongs"):
        recent_events(rows, log.assign(account_id="z"))
    with pytest.raises(InputError, match="cannot be used"):
        recent_events(rows, log.assign(at=log["at"].dt.tz_localize(None)))
    with pytest.raises(InputError, match="ends before it begins"):
        recent_events(rows, log, ago=(3, 1))
    with pytest.raises(InputError, match="no span"):
        recent_events(rows, log, ago=3)
    with pytest.raises(InputError, match="started_on"):
        recent_events(rows.drop(columns="started_on"), log)
