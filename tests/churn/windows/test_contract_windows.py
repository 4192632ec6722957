"""Samples of contracts forward in time: labels against a day-by-day count, leaks, a company whose truth is known."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crm_analysis.churn.models.compare import compare
from crm_analysis.churn.models.forward import forward
from crm_analysis.churn.rates.contract_rates import contract_rates
from crm_analysis.churn.windows.audit import LeakError
from crm_analysis.churn.windows.contract_terms import contract_features, contract_terms
from crm_analysis.churn.windows.contract_windows import contract_labels, make_contract_sample
from crm_analysis.churn.windows.windows import Windows
from crm_analysis.errors import InputError
from crm_analysis.simulate import telecom
from tests.churn.windows.parts import ZONE

TERMS = {"month_to_month": 1, "one_year": 12, "two_year": 24}
WINDOWS = Windows("2012-05-31", data_end="2012-12-31", outcome=60, gap=10)
TELECOM = Windows("2012-06-30", data_end="2012-12-31", outcome=90, gap=14, observation=90)
PARTS = ["ended_before", "acquired_later", "ended_in_gap", "eligible"]


def days(*texts: str | None) -> pd.Series:
    return pd.Series(pd.to_datetime(list(texts)).tz_localize(ZONE)).astype(f"datetime64[us, {ZONE}]")


def book(*rows: tuple) -> pd.DataFrame:
    """Contracts from (account, first day, last day or None, more columns ...)."""
    ids, starts, ends = zip(*(row[:3] for row in rows))
    return pd.DataFrame({"account_id": ids, "started_on": days(*starts), "ended_on": days(*ends)})


CASES = book(
    ("stays", "2012-01-01", None),
    ("leaves", "2012-01-01", "2012-07-01"),
    ("leaves on the last day", "2012-01-01", "2012-08-09"),
    ("leaves a day later", "2012-01-01", "2012-08-10"),
    ("gone at the cutoff", "2012-01-01", "2012-05-31"),
    ("gone in the gap", "2012-01-01", "2012-06-10"),
    ("gone on the first day", "2012-01-01", "2012-06-11"),
    ("comes on the cutoff", "2012-05-31", None),
    ("comes later", "2012-06-01", None),
    ("comes after all", "2012-08-10", None),
    ("back", "2012-01-01", "2012-07-01"),
    ("back", "2012-08-01", None),
    ("renews", "2012-01-01", "2012-05-31"),
    ("renews", "2012-06-01", "2012-12-01"),
)


def test_each_case_of_a_contract():
    y, account = contract_labels(CASES, WINDOWS)
    assert y[y == 1].index.tolist() == ["gone on the first day", "leaves", "leaves on the last day"]
    assert y[y == 0].index.tolist() == ["back", "comes on the cutoff", "leaves a day later", "renews", "stays"]
    assert [account[name] for name in PARTS] == [1, 1, 1, 8]
    assert account["seen"] == 11
    assert account["back_by_end"] == 1
    assert account["churn_rate"] == 3 / 8
    assert account["churn_rate_low"] == pytest.approx(0.1368, abs=1e-4)  # Wilson
    assert account["churn_rate_high"] == pytest.approx(0.6943, abs=1e-4)


@given(st.integers(0, 10_000), st.integers(0, 20), st.integers(1, 60))
@example(1154, 0, 1)
@settings(max_examples=25, deadline=None)
def test_labels_agree_with_a_count_day_by_day(seed, gap, outcome):
    rng = np.random.default_rng(seed)
    start = rng.integers(0, 250, 40)
    end = start + rng.integers(1, 120, 40)
    running = rng.random(40) < 0.3
    first = pd.Timestamp("2012-01-01", tz=ZONE)
    contracts = pd.DataFrame({
        "contract_id": range(40),  # two alike are two contracts
        "account_id": [f"a{number}" for number in rng.integers(0, 25, 40)],
        "started_on": first + pd.to_timedelta(start, unit="D"),
        "ended_on": (first + pd.to_timedelta(pd.Series(end), unit="D")).where(~running),
    })  # fmt: skip
    spans = Windows("2012-05-31", data_end="2012-12-31", gap=gap, outcome=outcome)
    cut = 151

    def under(day: int) -> set:
        held = (start <= day) & ((day < end) | running)
        return set(contracts["account_id"][held])

    y, account = contract_labels(contracts, spans, max_gap_days=0)
    eligible = under(cut) & under(cut + gap)
    assert y.to_dict() == {name: int(name not in under(cut + gap + outcome)) for name in sorted(eligible)}
    assert account["ended_in_gap"] == len(under(cut) - under(cut + gap))
    assert account["seen"] == sum(account[name] for name in PARTS)


def test_the_rate_is_that_of_contract_rates():
    _, account = contract_labels(CASES, Windows("2012-05-31", data_end="2012-12-31", outcome=60))
    rates = contract_rates(CASES, start="2012-06-01", end="2012-07-30").iloc[0]
    assert (account["eligible"], account["churned"]) == (rates["accounts_start"], rates["lost"])
    assert account["churn_rate_high"] == pytest.approx(rates["churn_rate_high"])


def test_contracts_that_cannot_be_used():
    with pytest.raises(InputError, match="nobody is under contract from the cutoff"):
        contract_labels(CASES, Windows("2011-05-31", data_end="2012-12-31"))
    with pytest.raises(InputError, match="nothing says which contracts have ended"):
        contract_labels(CASES.drop(columns="ended_on"), WINDOWS)
    with pytest.raises(InputError, match="there is no table contracts"):
        make_contract_sample({"orders": CASES}, WINDOWS)
    with pytest.raises(InputError, match="stayed: no churner"):
        make_contract_sample({"contracts": CASES[["account_id", "started_on"]].head(3).assign(ended_on=None)}, WINDOWS)
    with pytest.raises(InputError, match="audit='yes'"):
        make_contract_sample({"contracts": CASES}, WINDOWS, audit="yes")


def test_the_default_sample_of_contracts_alone_and_with_tickets_of_later():
    before = CASES.copy()
    sample = make_contract_sample({"contracts": CASES}, WINDOWS)
    assert sample.X["tenure_months"].to_dict() == {name: 0 if "comes" in name else 4 for name in sample.X.index}
    assert sample.kind == "forward"
    assert sample.audit.loc["truncation_invariance", "verdict"] == "audit_passed"
    pd.testing.assert_frame_equal(CASES, before)
    later = pd.DataFrame({"ticket_id": ["1"], "customer_id": ["stays"], "opened_at": days("2012-07-01")})
    pd.testing.assert_frame_equal(make_contract_sample({"contracts": CASES, "tickets": later}, WINDOWS).X, sample.X)


def test_ids_that_are_numbers_meet():
    contracts = book((1, "2012-01-01", "2012-07-01"), (2, "2012-01-01", None))
    tickets = pd.DataFrame({"ticket_id": ["1"], "customer_id": [2], "opened_at": days("2012-05-01")})
    sample = make_contract_sample({"contracts": contracts, "tickets": tickets}, WINDOWS)
    assert sample.X["complaints"].to_dict() == {"1": 0, "2": 1}


def ended(tables: dict[str, pd.DataFrame], windows: Windows) -> pd.DataFrame:
    """A leak: whether the contract has an end at all."""
    found = tables["contracts"].groupby("account_id")["ended_on"].agg(lambda ends: int(ends.notna().any()))
    return found.rename_axis("customer_id").to_frame("has_end")


def test_an_end_on_record_is_found_by_truncation():
    with pytest.raises(LeakError, match="has_end changes when in contracts what became known after the cutoff"):
        make_contract_sample({"contracts": CASES}, WINDOWS, features=ended)


@pytest.fixture(scope="module")
def company() -> tuple[dict[str, pd.DataFrame], dict]:
    data, truth = telecom.make(customers=2000)
    return data.tables, truth


def test_an_overwritten_end_of_term_is_found(company):
    naive = partial(contract_features, terms="ends_on")
    with pytest.raises(LeakError, match="left on the very day of ends_on; 0 stayed") as caught:
        make_contract_sample(company[0], TELECOM, features=naive)
    table = caught.value.audit.table
    assert table.loc["overwritten_terms", "verdict"] == "audit_failed"
    assert table.loc["overwritten_terms", "flagged_items"] == "months_to_term_end, term_ends"
    assert "ends_on" in caught.value.zh


def test_two_cutoffs_of_a_company_pass_the_audit_and_can_be_tested_forward(company):
    tables = company[0]
    features = partial(contract_features, terms=TERMS)
    sample = make_contract_sample(tables, [TELECOM, TELECOM.at("2012-03-01")], features=features)
    assert sample.leaks.empty
    assert sample.audit.loc["overwritten_terms", "verdict"] == "audit_passed"
    assert sample.account["eligible"].sum() == len(sample)
    churned = sample.y == 1
    assert (sample.X.loc[churned, "term_ends"] == 1).all()  # nobody leaves within a term in this company
    assert (sample.X["term_ends"] == 0).sum() > 500
    assert {"complaints", "complaints_slow", "age"} <= set(sample.X)
    scores = compare(sample, models=["logistic"], repeats=1).table["auc"]
    assert scores["logistic"] > 0.7
    assert forward(sample, models=["logistic"]).table["auc"].max() > 0.7


def test_labels_agree_with_the_truth(company):
    tables, truth = company
    y, _ = contract_labels(tables["contracts"], TELECOM)
    people = truth["hidden"]["accounts"]

    def day(months: pd.Series) -> pd.Series:
        month = np.datetime64("2007-01") + months.to_numpy().astype("timedelta64[M]")
        return pd.Series(month.astype("datetime64[D]") + (people["day"].to_numpy() - 1)).astype("datetime64[s]")

    left = day(people["start"] + people["lived"]).between("2012-07-15", "2012-10-12") & people["lived"].ge(0)
    gone = tables["contracts"]["account_id"][left & day(people["start"]).le("2012-06-30")]
    assert sorted(y.index[y == 1]) == sorted(gone)


def test_complaints_handled_badly_show_up():
    data, _ = telecom.make(customers=3000, seed=1)
    last = Windows("2012-09-30", data_end="2012-12-31", outcome=60, observation=90)
    spans = [last.at(last.cutoff_date - pd.Timedelta(90 * back, "D")) for back in range(8)]
    sample = make_contract_sample(data, spans, audit=False)
    badly = sample.X["complaints_open"] + sample.X["complaints_slow"] > 0
    none = sample.X["complaints"] == 0
    rates = [sample.y[rows].mean() for rows in (badly, none)]
    assert rates[0] > 1.5 * rates[1]
    spread = np.sqrt(sum(rate * (1 - rate) / rows.sum() for rate, rows in zip(rates, (badly, none))))
    assert rates[0] - rates[1] > 2 * spread


def test_a_date_that_is_agreed_is_not_taken_for_a_leak():
    rng = np.random.default_rng(0)
    n = 200
    start = pd.Timestamp("2011-06-01", tz=ZONE) + pd.to_timedelta(rng.integers(0, 365, n), unit="D")
    agreed = pd.Series(start + pd.DateOffset(months=12))
    leaves = rng.random(n) < 0.5  # half leave on the agreed day; the others stay, and the date remains
    contracts = pd.DataFrame({"account_id": [f"a{number}" for number in range(n)], "started_on": start,
                              "ends_on": agreed, "ended_on": agreed.where(leaves)})  # fmt: skip
    naive = partial(contract_terms_of, terms="ends_on")
    sample = make_contract_sample({"contracts": contracts}, WINDOWS, features=naive)
    assert sample.audit.loc["overwritten_terms", "verdict"] == "audit_warned"
    early = agreed.where(leaves) - pd.Timedelta(40, "D")
    moved = contracts.assign(ended_on=early.where(early > contracts["started_on"]))
    checked = make_contract_sample({"contracts": moved}, WINDOWS, features=naive).audit
    assert checked.loc["overwritten_terms", "verdict"] == "audit_passed"


def contract_terms_of(tables: dict, windows: Windows, customers: pd.Index, terms: object) -> pd.DataFrame:
    return contract_terms(tables["contracts"], windows, customers=customers, terms=terms)
