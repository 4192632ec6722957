"""Tenures, Kaplan-Meier by group, late entries, hazards, and the means that mislead."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis import survival
from crm_analysis.churn.rates.contract_tenures import as_tenures, contract_tenures, whole_periods
from crm_analysis.churn.rates.hazards import hazard_table
from crm_analysis.churn.rates.late_entry import curve_area, curve_quantile, kaplan_meier_late, log_rank_late
from crm_analysis.churn.rates.tenure_curves import tenure_curves
from crm_analysis.churn.rates.tenure_mistakes import tenure_mistakes
from crm_analysis.errors import InputError
from crm_analysis.intervals import wilson
from crm_analysis.tables.days import day_number

units = st.lists(st.tuples(st.integers(1, 12), st.booleans(), st.integers(0, 8)), min_size=1, max_size=40)


def test_telco_by_dates_and_by_the_column_are_the_same(telco_contracts):
    stated = contract_tenures(telco_contracts)
    dated = contract_tenures(telco_contracts, as_of="2018-01-01").loc[stated.index]
    assert stated["tenure"].equals(dated["tenure"])
    assert stated["ended"].equals(dated["ended"])
    assert stated.attrs["account"] == {"running": 5174, "ended": 1869}


def test_telco_c6(telco_contracts):
    tenures = contract_tenures(telco_contracts)
    at = (1, 6, 12, 24, 36, 48, 60, 72)
    row = tenure_curves(tenures, at=at).table.iloc[0]
    expected = [0.9460, 0.8848, 0.8432, 0.7887, 0.7485, 0.7088, 0.6644, 0.5928]
    assert [row[f"survival_{t}"] for t in at] == pytest.approx(expected, abs=5e-5)
    assert [row["survival_12_low"], row["survival_12_high"]] == pytest.approx([0.83417, 0.85178], abs=5e-6)
    assert [row["survival_60_low"], row["survival_60_high"]] == pytest.approx([0.65023, 0.67816], abs=5e-6)
    found = tenure_curves(tenures, by="plan", at=(12, 24, 60))
    table = found.table
    assert table.loc["month_to_month", ["survival_12", "survival_24"]].tolist() == pytest.approx(
        [0.7031, 0.5859], abs=5e-5
    )
    assert table.loc["month_to_month", "median_tenure"] == 35
    assert table.loc["one_year", "survival_12"] == pytest.approx(0.9908, abs=5e-5)
    assert table.loc["two_year", "survival_60"] == pytest.approx(0.9862, abs=5e-5)
    assert found.test.statistic == pytest.approx(2352.8725, abs=5e-5)
    assert table.loc["two_year", "survival_12_low"] < 1  # nobody left: still a width
    assert (found.pairs["p_holm"] >= found.pairs["p"]).all()
    assert "只作描述" in found.text("zh")
    assert "describes only" in found.text("en")


def test_telco_means_that_mislead(telco_contracts):
    table = tenure_mistakes(contract_tenures(telco_contracts), until=72)["mean_tenure"]
    assert table["restricted_mean"] == pytest.approx(54.5, abs=0.05)
    assert table["mean_of_lost"] == pytest.approx(18.0, abs=0.05)
    assert table["one_over_churn"] > 72 > table["mean_so_far"]


def test_telco_c7(telco_contracts):
    table = hazard_table(contract_tenures(telco_contracts))
    assert table.loc[:3, ["lost", "at_risk"]].values.tolist() == [[380, 7032], [123, 6419], [94, 6181]]
    assert table.loc[1, "hazard_low"] == pytest.approx(float(wilson(380, 7032)[0]))
    assert table["survival"].iloc[-1] == pytest.approx(0.5928, abs=5e-5)


@settings(max_examples=40, deadline=None)
@given(units)
def test_hazards_and_curves_are_those_of_survival(found):
    tenure, ended = [t for t, _, _ in found], [e for _, e, _ in found]
    frame = pd.DataFrame({"tenure": tenure, "ended": ended})
    curve, table = survival.kaplan_meier(tenure, ended), hazard_table(frame)
    late = kaplan_meier_late(np.zeros(len(tenure)), tenure, ended)
    pd.testing.assert_frame_equal(late[curve.columns], curve)
    assert np.allclose(table["survival"].dropna(), [curve["survival"].loc[:m].iloc[-1] for m in table.index])
    assert np.array_equal(curve_quantile(late), survival.km_median(tenure, ended), equal_nan=True)
    until = max(tenure)
    ours, theirs = curve_area(late, until=until), survival.restricted_mean(tenure, ended, until=until)
    assert np.allclose(ours, theirs, equal_nan=True)


@settings(max_examples=40, deadline=None)
@given(units)
def test_late_entries_by_hand(found):
    entry = np.array([min(e, t - 1) for t, _, e in found])
    tenure, ended = np.array([t for t, _, _ in found]), np.array([e for _, e, _ in found])
    table = hazard_table(pd.DataFrame({"entry": entry, "tenure": tenure, "ended": ended}))
    for month, row in table.iterrows():
        assert row["at_risk"] == ((entry < month) & (month <= tenure)).sum()
        assert row["lost"] == (ended & (tenure == month)).sum()
    curve = kaplan_meier_late(entry, tenure, ended)
    seen = curve.index[curve.index > 0].astype(int)
    steps = (1 - table["hazard"].fillna(0)).cumprod()
    assert np.allclose(curve.loc[seen, "survival"], steps.loc[seen])


def test_late_log_rank_without_late_entries_is_the_usual_one():
    rng = np.random.default_rng(0)
    tenure, ended, group = rng.integers(1, 20, 200), rng.random(200) < 0.6, rng.choice(list("abc"), 200)
    ours, theirs = log_rank_late(np.zeros(200), tenure, ended, group), survival.log_rank(tenure, ended, group)
    assert ours.statistic == pytest.approx(theirs.statistic)
    assert ours.groups["expected_ends"].tolist() == pytest.approx(theirs.groups["expected_ends"].tolist())


def test_late_entries_mend_what_leaving_them_out_of_sight_spoils(simulated):
    contracts = simulated(4000, hazards=(0.10, 0.05, 0.03), odds=1.0, seed=3)
    start = pd.Timestamp("2012-01-01", tz="Asia/Shanghai")
    known = contracts[~(contracts["ended_on"] < start)]  # ends before 2012 are not on record
    naive = hazard_table(contract_tenures(known, as_of="2013-06-30"))
    right = hazard_table(contract_tenures(known, as_of="2013-06-30", data_start="2012-01-01"))
    assert naive.loc[1, "hazard_high"] < 0.10
    truth = np.array([0.10, 0.05, *[0.03] * 16])
    inside = (right["hazard_low"].loc[:18] < truth) & (truth < right["hazard_high"].loc[:18])
    assert inside.loc[1:2].all()
    assert inside.mean() > 0.85
    whole = hazard_table(contract_tenures(contracts, as_of="2013-06-30"))
    assert abs(whole.loc[1, "hazard"] - 0.10) < 0.015


def test_months_not_yet_over_would_bias_the_hazard(days):
    contracts = pd.DataFrame({"account_id": list("abcd"), "started_on": days(*["2012-01-31"] * 2, *["2012-03-20"] * 2),
                              "ended_on": days("2012-02-29", None, "2012-04-02", None)})  # fmt: skip
    found = contract_tenures(contracts, as_of="2012-04-12")
    assert found[["tenure", "ended"]].values.tolist() == [[1, True], [2, False], [0, False], [0, False]]
    assert found.attrs["account"]["left_in_open_period"] == 1


@pytest.mark.parametrize(
    ("first", "last", "months", "exact"),
    [
        ("2012-01-31", "2012-02-29", 1, True),
        ("2012-01-31", "2012-02-28", 0, False),
        ("2012-01-15", "2012-03-15", 2, True),
        ("2012-02-29", "2013-02-28", 12, True),
        ("2012-01-15", "2012-03-14", 1, False),
        ("2012-01-15", "2012-01-15", 0, True),
    ],
)
def test_calendar_months(first, last, months, exact):
    found = whole_periods(np.array([day_number(first)]), np.array([day_number(last)]), "month")
    assert (found[0][0], found[1][0]) == (months, exact)


def test_what_became_of_each_account(days):
    contracts = pd.DataFrame({
        "account_id": ["soon", "later", "back", "back", "zero", "gone"], "plan": list("abcdef"),
        "started_on": days("2013-01-01", "2012-01-01", "2012-02-01", "2012-06-01", "2012-03-01", "2011-01-01"),
        "ended_on": days(None, "2013-05-01", "2012-04-01", None, "2012-03-01", "2012-01-01"),
    })  # fmt: skip
    found = contract_tenures(contracts, as_of="2012-12-31", data_start="2012-01-01")
    assert found.attrs["account"] == {"running": 1, "ended": 2, "ends_later": 1, "left_in_open_period": 0,
                                      "starts_later": 1, "gone_before_entry": 1, "returned": 1}  # fmt: skip
    assert found.loc["back", ["tenure", "ended", "plan"]].tolist() == [2, True, "c"]
    assert found.loc["zero", ["tenure", "ended"]].tolist() == [1, True]
    weeks = contract_tenures(contracts, as_of="2012-12-31", unit="week")
    assert weeks.loc["back", "tenure"] == 9


def test_since_conditions_on_those_still_there(simulated):
    tenures = contract_tenures(simulated(800), as_of="2013-06-30")
    whole, later = tenure_curves(tenures, at=(6, 12)), tenure_curves(tenures, since=6, at=(12,))
    ratio = whole.table["survival_12"].iloc[0] / whole.table["survival_6"].iloc[0]
    assert later.table["survival_12"].iloc[0] == pytest.approx(ratio)
    assert later.curves.index.get_level_values(1)[0] == 6
    assert "起" in later.text("zh")
    with pytest.raises(InputError, match="nobody is still there"):
        tenure_curves(tenures, since=500)


def test_one_group_all_running_and_nobody_at_risk():
    running = pd.DataFrame({"tenure": [1, 3], "ended": False, "plan": "a"})
    found = tenure_curves(running, by="plan", at=(2,))
    assert found.test is None
    assert found.pairs is None
    assert np.isnan(found.table["median_tenure"].iloc[0])
    assert found.table["survival_2_low"].iloc[0] == pytest.approx(float(wilson(1, 1)[0]))
    assert hazard_table(running)["lost"].sum() == 0
    assert np.isnan(tenure_mistakes(running).loc["one_over_churn", "mean_tenure"])
    new = pd.DataFrame({"tenure": [0, 0], "ended": False})
    with pytest.raises(InputError, match="nobody is at risk"):
        hazard_table(new)


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        ({"tenure": [1.5], "ended": [True]}, "no whole number"),
        ({"tenure": ["x"], "ended": [True]}, "no whole number"),
        ({"tenure": [-1], "ended": [True]}, "no whole number"),
        ({"tenure": [1], "ended": [2]}, "neither true nor false"),
        ({"tenure": [0], "ended": [True]}, "ended in period 0"),
        ({"tenure": [], "ended": []}, "there is no account"),
    ],
)
def test_tenures_that_cannot_be_used(frame, message):
    with pytest.raises(InputError, match=message):
        as_tenures(pd.DataFrame(frame))


def test_contracts_that_cannot_be_followed(days):
    good = pd.DataFrame({"account_id": ["a"], "started_on": days("2012-01-01"), "ended_on": days(None)})
    with pytest.raises(InputError, match="up to which day"):
        contract_tenures(good)
    with pytest.raises(InputError, match="no unit"):
        contract_tenures(good, as_of="2012-02-01", unit="decade")
    with pytest.raises(InputError, match="no account can be followed"):
        contract_tenures(good, as_of="2011-02-01")
    with pytest.raises(InputError, match="more than one row"):
        contract_tenures(pd.DataFrame({"account_id": ["a", "a"], "tenure_months": 1, "churned": True}))
    with pytest.raises(InputError, match="neither true nor false"):
        contract_tenures(pd.DataFrame({"account_id": ["a"], "tenure_months": 1, "churned": ["Yes"]}))
