"""Samples: what is refused and why, in one message; the snapshot of contracts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crm_analysis.churn.windows.audit import LeakError
from crm_analysis.churn.windows.contract_sample import contract_sample
from crm_analysis.churn.windows.feature_types import feature_problems
from crm_analysis.churn.windows.sample import Sample
from crm_analysis.errors import InputError

IDS = pd.Index([f"c{number}" for number in range(60)], name="customer_id")
X = pd.DataFrame({"tenure": np.arange(60), "plan": ["a", "b"] * 30, "vip": [True, False, False] * 20}, index=IDS)
Y = pd.Series([1, 0, 0, 1, 0, 0] * 10, index=IDS)


def test_a_good_sample():
    sample = Sample(X, Y.astype(bool))
    assert sample.y.dtype == "int64"
    assert sample.y.name == "churned"
    assert (sample.numeric, sample.categorical) == (["tenure", "vip"], ["plan"])
    assert sample.churn_rate == pytest.approx(1 / 3)
    assert sample.leaks.empty
    assert len(sample.take([0, 1, 2])) == 3
    assert sample.take(np.asarray(Y == 1) | (np.arange(60) < 30)).customers[0] == "c0"
    panel = pd.MultiIndex.from_product([IDS[:30], pd.to_datetime(["2012-05-31", "2012-06-30"])])
    assert Sample(X.set_axis(panel), Y.set_axis(panel)).customers.nunique() == 30


@pytest.mark.parametrize(
    ("features", "labels", "match"),
    [
        (X, Y.iloc[::-1], r"(?s)another order.*y = y.reindex\(X.index\)"),
        (X, Y.iloc[:30], "60 and 30 rows, 30 ids in both"),
        (X.set_axis(range(60)), Y, "60 and 60 rows, 0 ids in both"),
        (X.iloc[[0, 0, 1]], Y.iloc[[0, 0, 1]], "two rows of one cutoff"),
        (X.set_axis(["tenure", "tenure", "vip"], axis=1), Y, "its name twice"),
        (X, Y * 0, "no churner"),
        (X, Y * 0 + 1, "all 60 customers churned"),
        (X, Y.map({0: "No", 1: "Yes"}), "labels other than 0 and 1: No, Yes"),
        (X, Y.mask(Y == 1), "20 labels are blank"),
        (X, Y.to_numpy(), "y a ndarray"),
        (X.to_numpy(), Y, "X is a ndarray"),
        (X.iloc[:0], Y.iloc[:0], "no rows"),
        (X.assign(ratio=np.inf), Y, "infinite values in ratio"),
        (X.assign(joined=pd.Timestamp("2012-01-01")), Y, "joined holds times"),
        (X.assign(wait=pd.Timedelta("3D")), Y, "wait holds times"),
        (X.assign(mix=[1, "a"] * 30), Y, "mix holds mixed-integer values"),
        (X.assign(box=[[1]] * 60), Y, "box holds mixed values"),
        (X.assign(fee=pd.Series(range(60), IDS, dtype="object")), Y, "fee holds numbers as objects"),
        (X.assign(fee=[str(n / 7) for n in range(60)]), Y, "fee is text but holds numbers \\(60 of 60 rows"),
        (X.rename(index={"c3": None}), Y.rename(index={"c3": None}), "an id is blank"),
    ],
)
def test_what_is_no_sample_is_refused(features, labels, match):
    with pytest.raises(InputError, match=match):
        Sample(features, labels)


def test_all_problems_stand_in_one_message():
    with pytest.raises(InputError) as caught:
        Sample(X.assign(ratio=np.inf, joined=pd.Timestamp("2012-01-01")), Y * 0)
    assert all(part in str(caught.value) for part in ("no churner", "infinite values", "joined holds times"))


def test_codes_and_words_are_no_numbers_as_text():
    fine = pd.DataFrame({
        "post_code": pd.Series([f"9{n:04d}" for n in range(60)], dtype="category"),
        "month": [str(n % 12) for n in range(60)],
        "city": [f"city {n}" for n in range(60)], "blank": [None] * 60,
        "half": [str(n) if n % 2 else "x" for n in range(60)],
        "flag": pd.Series([True, None] * 30, dtype="object"),
    })  # fmt: skip
    assert feature_problems(fine) == []


def test_raw_total_charges_are_named(real_data):
    raw = pd.read_csv(real_data("Telco-Customer-Churn.csv"))
    rows = raw.rename(columns={"customerID": "account_id", "Churn": "churned"}).assign(
        churned=lambda f: f["churned"] == "Yes"
    )
    with pytest.raises(
        InputError, match=r"TotalCharges is text but holds numbers \(7,032 of 7,043 rows; else: ' '\)"
    ) as e:
        contract_sample(rows)
    assert "to_numeric" in e.value.mend


def test_the_telco_snapshot(telco):
    assert (len(telco), int(telco.y.sum())) == (7043, 1869)
    assert telco.X.isna().sum().sum() == 0
    assert int(telco.X["total_charges"].eq(0).sum()) == 11
    assert telco.leaks.empty
    assert telco.audit.loc["forward_labels", "verdict"] == "audit_warned"


def contracts() -> pd.DataFrame:
    return pd.DataFrame({
        "account_id": IDS, "started_on": pd.Timestamp("2012-01-01", tz="UTC"), "tenure_months": np.arange(60) % 7,
        "total_charges": np.arange(60.0), "churned": Y.eq(1).to_numpy(), "exit_code": Y.to_numpy() * 3,
    })  # fmt: skip


def test_columns_that_know_the_outcome_must_be_left_out():
    with pytest.raises(LeakError, match="exit_code"):
        contract_sample(contracts())
    assert contract_sample(contracts(), leave_out="exit_code").leaks.empty
    assert contract_sample(contracts(), leave_out=["exit_code"]).X.columns.tolist() == [
        "tenure_months",
        "total_charges",
    ]
    reported = contract_sample(contracts(), audit="report")
    assert reported.leaks.index.tolist() == ["single_feature_alarm", "tautology"]
    assert contract_sample(contracts(), audit=False).audit is None


@pytest.mark.parametrize(
    ("change", "leave_out", "match"),
    [
        ({"churned": "Yes"}, (), "churned is neither true nor false: 'Yes'"),
        ({"account_id": "a"}, (), "59 accounts stand in more than one row"),
        ({"total_charges": np.nan}, (), "total_charges in 5. rows"),
        ({}, ["exitcode"], "no column 'exitcode' to leave out"),
        ({"churned": None}, (), "churned is blank"),
    ],
)
def test_contracts_that_cannot_be_used(change, leave_out, match):
    with pytest.raises(InputError, match=match):
        contract_sample(contracts().assign(**change), leave_out=leave_out)


def test_a_sample_in_words_says_what_its_audit_warned_of():
    bare = Sample(X, Y)
    assert bare.warnings.empty
    assert bare.text("en") == "60 rows, 33.3% churned."
    audit = pd.DataFrame({"verdict": ["audit_warned", "audit_failed"], "passed": [True, False],
                          "flagged_items": ["47 d", "tenure"]}, index=["silent_end", "tautology"])  # fmt: skip
    found = Sample(X, Y, audit=audit)
    assert found.warnings.index.tolist() == ["silent_end"]
    assert found.text("en").endswith("To be heeded: silent end of the data (47 d).")
    assert "请注意审计提示：数据末端空白（47 d）。" in found.text("zh")
    assert "(tenure)" in found.text("en")
