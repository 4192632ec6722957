"""Terms of contracts at the cutoff: against dates counted one by one; fees, changes of contract, today's accounts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.churn.models.scoring import scoring_windows
from crm_analysis.churn.windows.contract_terms import contract_features, contract_terms
from crm_analysis.churn.windows.windows import Windows
from crm_analysis.errors import InputError
from tests.churn.windows.parts import ZONE

WINDOWS = Windows("2012-05-31", data_end="2012-12-31", outcome=60, gap=10)
TERMS = {"monthly": 1, "yearly": 12}


def days(*texts: str | None) -> pd.Series:
    return pd.Series(pd.to_datetime(list(texts)).tz_localize(ZONE)).astype(f"datetime64[us, {ZONE}]")


def contracts(starts: list, ends: list, **more: object) -> pd.DataFrame:
    return pd.DataFrame({"account_id": "a", "started_on": days(*starts), "ended_on": days(*ends), **more})


@given(st.integers(0, 800), st.sampled_from([1, 3, 12, 24]), st.integers(0, 30), st.integers(1, 90))
@settings(max_examples=40, deadline=None)
def test_terms_agree_with_dates_counted_one_by_one(back, length, gap, outcome):
    start = pd.Timestamp("2012-05-31") - pd.Timedelta(back, "D")
    frame = contracts([str(start.date())], [None], plan="p")
    found = contract_terms(frame, Windows("2012-05-31", data_end="2012-12-31", gap=gap, outcome=outcome),
                           terms={"p": length}).iloc[0]  # fmt: skip
    ends = [start + pd.DateOffset(months=length * k) for k in range(1, 60)]
    cut = pd.Timestamp("2012-05-31")
    begin = cut + pd.Timedelta(gap, "D")
    within = any(begin < end <= begin + pd.Timedelta(outcome, "D") for end in ends)
    assert bool(found["term_ends"]) == within
    tenure = sum(start + pd.DateOffset(months=k) <= cut for k in range(1, 60))
    assert found["tenure_months"] == tenure
    assert found["months_to_term_end"] == length - tenure % length


def test_fees_side_by_side_add_up_and_a_change_on_the_cutoff_counts_once():
    beside = contracts(["2012-01-01", "2012-02-01"], [None, None], fee=[10.0, 5.0], plan=["yearly", "monthly"])
    row = contract_terms(beside, WINDOWS).iloc[0]
    assert (row["fee"], row["plan"], row["tenure_months"]) == (15.0, "monthly", 4)
    changed = contracts(["2012-01-01", "2012-05-31"], ["2012-05-31", None], fee=[10.0, 5.0])
    assert contract_terms(changed, WINDOWS).loc["a", ["fee", "tenure_months"]].tolist() == [5.0, 4.0]
    blank = beside.assign(fee=[10.0, np.nan])
    assert np.isnan(contract_terms(blank, WINDOWS).loc["a", "fee"])


def test_a_contract_renewed_on_the_morrow_of_the_cutoff():
    frame = contracts(["2012-01-01", "2012-06-01"], ["2012-05-31", None], fee=[10.0, 99.0])
    asked = contract_terms(frame, WINDOWS, customers=pd.Index(["a"]))
    assert asked.loc["a", ["fee", "tenure_months"]].tolist() == [10.0, 4.0]  # the new fee is not known yet
    with pytest.raises(InputError, match="nobody is under contract on 2012-05-31"):
        contract_terms(frame, WINDOWS)


def test_nothing_of_later_is_read():
    frame = contracts(["2012-01-01"], [None], plan="yearly", churned=False, tenure_months=11, total_charges=9.0,
                      ends_on=days("2012-12-31"), seen_at=days("2012-12-30"))  # fmt: skip
    assert list(contract_terms(frame, WINDOWS)) == ["tenure_months", "plan"]
    assert list(contract_terms(frame, WINDOWS, leave_out=["plan"])) == ["tenure_months"]
    assert contract_terms(frame, WINDOWS)["tenure_months"].tolist() == [4]  # counted, not the total of the table


def test_a_stated_end_that_is_past_or_blank_is_not_known():
    frame = contracts(["2012-01-01"] * 4, [None] * 4, ends_on=days("2012-05-01", None, "2012-07-01", "2013-01-01"))
    found = contract_terms(frame.assign(account_id=list("abcd")), WINDOWS, terms="ends_on")
    np.testing.assert_array_equal(found["months_to_term_end"], [np.nan, np.nan, 1, 7])
    np.testing.assert_array_equal(found["term_ends"], [np.nan, np.nan, 1, 0])


@pytest.mark.parametrize(
    ("terms", "match"),
    [({"monthly": 0}, "monthly: 0"), ({"monthly": "1"}, "monthly: '1'"), ({"other": 1}, "no plan has a term"),
     ("end", "terms='end' is not known"), ("ends_on", "no column ends_on")],
)  # fmt: skip
def test_terms_that_cannot_be_used(terms, match):
    with pytest.raises(InputError, match=match):
        contract_terms(contracts(["2012-01-01"], [None], plan="monthly"), WINDOWS, terms=terms)


def test_a_plan_without_a_term_is_blank():
    frame = contracts(["2012-01-01"] * 2, [None] * 2, plan=["yearly", "open"]).assign(account_id=["a", "b"])
    found = contract_terms(frame, WINDOWS, terms=TERMS)
    assert found["term_ends"].isna().tolist() == [False, True]


def test_accounts_of_today_need_no_outcome():
    frame = contracts(["2012-01-01", "2012-11-20"], ["2012-12-31", None], plan="monthly").assign(account_id=["a", "b"])
    tickets = pd.DataFrame({"ticket_id": ["1"], "customer_id": ["b"], "opened_at": days("2012-12-01")})
    found = contract_features({"contracts": frame, "tickets": tickets}, scoring_windows(WINDOWS), terms=TERMS)
    assert found.index.tolist() == ["b"]
    assert found.loc["b", ["tenure_months", "complaints", "term_ends"]].tolist() == [1, 1, 1.0]


def test_customers_who_are_not_the_accounts_are_refused():
    frame = contracts(["2012-01-01"], [None], customer_id="c")
    tickets = pd.DataFrame({"ticket_id": ["1"], "customer_id": ["c"], "opened_at": days("2012-05-01")})
    with pytest.raises(InputError, match="1 contracts name a customer that is not the account"):
        contract_features({"contracts": frame, "tickets": tickets}, WINDOWS)
    assert contract_features({"contracts": frame}, WINDOWS).index.tolist() == ["a"]
