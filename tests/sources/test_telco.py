"""The Telco snapshot: dates built from tenure, both layouts, every rule, and the real file."""

from __future__ import annotations

import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_analysis.errors import InputError
from crm_analysis.sources import get
from crm_analysis.sources.telco import _contracts, snake_case
from crm_analysis.tables import About, load

SOURCE = get("telco")
ROW = {"customerID": "1", "gender": "Female", "SeniorCitizen": "0", "tenure": "5", "Contract": "Month-to-month",
       "MonthlyCharges": "20.5", "TotalCharges": "100", "Churn": "No"}  # fmt: skip


def write(path, *rows):
    frame = pd.DataFrame([{**ROW, "customerID": str(n), **row} for n, row in enumerate(rows, 1)])
    frame.to_excel(path, index=False) if path.suffix == ".xlsx" else frame.to_csv(path, index=False)
    return path


def run(path, tmp_path, **options):
    ledger = SOURCE.run(path, tmp_path / "out", **options)
    frame = pq.read_table(tmp_path / "out" / "contracts.parquet").to_pandas()
    return frame, {line.rule: line for line in next(iter(ledger)).lines}


def test_dates_follow_from_tenure_plan_and_churn(tmp_path):
    rows = [
        {"tenure": "5"},
        {"tenure": "5", "Churn": "Yes"},
        {"tenure": "14", "Contract": "One year"},
        {"tenure": "24", "Contract": "One year", "Churn": "Yes"},
        {"tenure": "0", "Contract": "Two year", "TotalCharges": " "},
    ]
    frame, rules = run(write(tmp_path / "a.csv", *rows), tmp_path, as_of="2020-03-01")
    days = {name: frame[name].dt.strftime("%Y-%m-%d").tolist() for name in ("started_on", "ends_on", "ended_on")}
    assert days["started_on"] == ["2019-10-01", "2019-10-01", "2019-01-01", "2018-03-01", "2020-03-01"]
    assert days["ends_on"] == ["2020-03-01", "2020-03-01", "2021-01-01", "2020-03-01", "2022-03-01"]
    assert [day == "2020-03-01" for day in days["ended_on"]] == [False, True, False, True, False]
    assert frame["renewed"].astype("object").where(frame["renewed"].notna(), None).tolist() == [
        True,
        False,
        None,
        False,
        None,
    ]
    assert frame["tenure_months"].tolist() == [5, 5, 14, 24, 0]
    assert frame["churned"].tolist() == [False, True, False, True, False]
    assert frame["plan"].tolist() == ["month_to_month", "month_to_month", "one_year", "one_year", "two_year"]
    assert rules["no_bill_yet"].rows == 1
    assert rules["no_bill_yet"].where == "a.csv, line 6"


@given(st.integers(0, 80), st.sampled_from(["month_to_month", "one_year", "two_year"]), st.booleans())
def test_terms_are_whole_and_reach_the_snapshot(tenure, plan, churned):
    frame = pd.DataFrame({"account_id": "1", "tenure_months": [tenure], "plan": plan, "churned": churned, "fee": 1.0})
    moment = pd.Timestamp("2018-01-01", tz="UTC")
    row = _contracts(frame, moment).iloc[0]
    months = (row["ends_on"].year - row["started_on"].year) * 12 + row["ends_on"].month - row["started_on"].month
    term = {"month_to_month": 1, "one_year": 12, "two_year": 24}[plan]
    assert months % term == 0
    assert row["ends_on"] >= moment
    assert months - term < max(tenure, 1)
    assert pd.isna(row["renewed"]) == (row["ends_on"] != moment)
    assert pd.notna(row["ended_on"]) == churned


def test_excel_layout_gives_the_same_accounts(tmp_path):
    excel = pd.DataFrame({
        "CustomerID": ["7", "8"], "Count": 1, "City": "Los Angeles", "Zip Code": ["90003", "90005"],
        "Lat Long": "33.9, -118.2", "Gender": "Male", "Senior Citizen": "No", "Tenure Months": [2, 0],
        "Contract": ["Month-to-month", "Two year"], "Monthly Charges": [53.85, 20.0], "Total Charges": ["108.15", " "],
        "Churn Label": ["Yes", "No"], "Churn Value": [1, 0], "Churn Score": [86, 20], "CLTV": [3239, 4000],
        "Churn Reason": ["Moved", None],
    })  # fmt: skip
    path = tmp_path / "Telco_customer_churn.xlsx"
    excel.to_excel(path, index=False)
    frame, rules = run(path, tmp_path)
    assert frame["churned"].tolist() == [True, False]
    assert frame["tenure_months"].tolist() == [2, 0]
    assert frame["fee"].tolist() == [53.85, 20.0]
    assert frame["zip_code"].tolist() == ["90003", "90005"]
    assert rules["no_bill_yet"].rows == 1
    notes = About.read(tmp_path / "out" / "about.yml").notes
    assert notes["knows_outcome"] == ["churn_value", "churn_score", "churn_reason", "cltv"]
    assert load(tmp_path / "out")["customers"]["city"].tolist() == ["Los Angeles"] * 2


def test_bad_rows_are_set_aside_with_their_line(tmp_path):
    rows = [{}, {"customerID": " "}, {"tenure": "long"}, {"tenure": "-1"}, {"Contract": "Forever"}, {"Churn": "maybe"},
            {"customerID": "1"}, {"MonthlyCharges": "free"}, {"TotalCharges": ""}]  # fmt: skip
    frame, rules = run(write(tmp_path / "a.csv", *rows), tmp_path)
    assert len(frame) == 3
    assert {rule: (line.rows, line.fate) for rule, line in rules.items()} == {
        "blank_id": (1, "set_aside"), "bad_number": (2, "set_aside"), "bad_choice": (2, "set_aside"),
        "duplicate_key": (1, "set_aside"), "value_emptied": (1, "noted"), "blank_total": (1, "noted")}  # fmt: skip
    assert rules["bad_choice"].where == "a.csv, line 6"


@pytest.mark.parametrize(
    ("text", "said"),
    [("a,b\n1,2\n", "lacks 5 columns"), ("PK\x03\x04", "no Excel workbook"), ("", "empty"),
     ("customerID,tenure,Contract,MonthlyCharges,Churn\n1,x,One year,2,No\n", "no row of the file")],
)  # fmt: skip
def test_other_files_say_what_is_wrong(tmp_path, text, said):
    path = tmp_path / "a.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=said):
        run(path, tmp_path)


def test_the_snapshot_must_be_a_day(tmp_path):
    with pytest.raises(InputError, match="'January' is no day"):
        run(write(tmp_path / "a.csv", {}), tmp_path, as_of="January")


def test_names_become_snake_case():
    assert snake_case("Online Security") == snake_case("OnlineSecurity") == "online_security"


def test_real_file(real_data, tmp_path):
    frame, rules = run(real_data("Telco-Customer-Churn.csv"), tmp_path)
    raw = pd.read_csv(real_data("Telco-Customer-Churn.csv"))
    assert (len(frame), int(frame["churned"].sum())) == (7_043, 1_869)
    assert f"{frame['churned'].mean():.2%}" == "26.54%"
    assert {rule: line.rows for rule, line in rules.items()} == {"no_bill_yet": 11}
    assert frame["tenure_months"].tolist() == raw["tenure"].tolist()
    assert frame["fee"].tolist() == raw["MonthlyCharges"].tolist()
    assert frame["total_charges"].isna().sum() == 11
    data = load(tmp_path / "out")
    assert (len(data["contracts"]), len(data["customers"])) == (7_043, 7_043)
    assert data.about.origin == "simulated"
    assert "calendar dates mean nothing" in data.about.notes["en"]
    at_risk = frame.groupby("tenure_months")["churned"].agg(["sum", "size"])
    survival = 1.0
    for month in range(1, 13):  # Kaplan-Meier at twelve months, published to four digits
        survival *= 1 - at_risk.loc[month, "sum"] / at_risk.loc[month:, "size"].sum()
    assert round(survival, 4) == 0.8432
