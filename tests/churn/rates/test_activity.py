"""Silence: of accounts under contract, and of customers without one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crm_analysis.churn.rates.activity import activity_churn, inactivity_rates
from crm_analysis.errors import InputError
from crm_analysis.intervals import wilson
from crm_analysis.segments import inactivity, share_inactive


def test_silent_accounts_by_hand(days):
    contracts = pd.DataFrame({"account_id": list("abcd"), "started_on": days(*["2012-01-01"] * 3, "2012-03-10"),
                              "ended_on": days(None, "2012-03-15", None, None)})  # fmt: skip
    log = pd.DataFrame({"customer_id": list("abcdd"), "at": days("2012-03-02", "2012-03-14", "2012-01-05", "2012-03-20",
                                                                  "2012-04-02")})  # fmt: skip
    found = activity_churn(contracts, log, start="2012-03-01", end="2012-03-31", over=(30, 15))
    assert found.index.tolist() == [15, 30]
    assert found["accounts_start"].tolist() == [3, 3]
    assert found["silent"].tolist() == [3, 1]  # 15 days: (16, 31] March; 30 days: (1, 31] March
    assert found["silent_under_contract"].tolist() == [2, 1]
    assert found["silent_gone"].tolist() == [1, 0]
    assert found["silent_share"].tolist() == [1.0, 0.5]
    assert found.loc[30, "activity_churn_high"] == pytest.approx(float(wilson(1, 3)[1]))


def test_longer_silence_is_rarer_and_the_log_must_reach(simulated, days):
    contracts = simulated(200)
    rng = np.random.default_rng(0)
    log = pd.DataFrame({"account_id": rng.choice(contracts["account_id"], 900)})
    log["at"] = pd.Timestamp("2012-01-01", tz="Asia/Shanghai") + pd.to_timedelta(rng.integers(0, 180, 900), unit="D")
    found = activity_churn(contracts, log, start="2012-06-01", end="2012-06-28", over=(10, 30, 90, 150))
    assert found["silent"].is_monotonic_decreasing
    with pytest.raises(InputError, match=r"silence of 365 days .* cannot be seen"):
        activity_churn(contracts, log, start="2012-06-01", end="2012-06-28", over=(365,))
    with pytest.raises(InputError, match="no time zone"):
        activity_churn(contracts, log.assign(at=log["at"].dt.tz_localize(None)), start="2012-06-01", end="2012-06-28")
    with pytest.raises(InputError, match="column at is missing"):
        activity_churn(contracts, log[["account_id"]], start="2012-06-01", end="2012-06-28")
    with pytest.raises(InputError, match="whole numbers from 1"):
        activity_churn(contracts, log, start="2012-06-01", end="2012-06-28", over=(0,))
    with pytest.raises(InputError, match="nobody was under contract"):
        activity_churn(contracts, log, start="2010-06-01", end="2012-06-28")


def test_inactive_is_that_of_segments_and_not_gone(retail_orders):
    log = retail_orders.rename(columns={"ordered_at": "at"})
    found = inactivity_rates(log, as_of="2010-08-31", data_end="2010-12-08", over=(30, 90))
    theirs = share_inactive(inactivity(log, as_of="2010-08-31"), over=(30, 90)).set_index("days")
    assert found[["customers", "inactive"]].equals(theirs[["customers", "inactive"]])
    assert found["inactive_share_low"].tolist() == pytest.approx(theirs["share_low"].tolist())
    assert (found["came_back"] <= found["inactive"]).all()
    assert 0.2 < found.loc[90, "came_back_share"] < found.loc[30, "came_back_share"] < 0.8


def test_without_days_after_nothing_is_said_of_coming_back():
    log = pd.DataFrame({"customer_id": list("ab"), "at": pd.to_datetime(["2012-01-01", "2012-05-01"])})
    found = inactivity_rates(log, as_of="2012-05-31", data_end="2012-05-31", over=(30, 60))
    assert found["came_back_share"].isna().all()
    with pytest.raises(InputError, match="lies before as_of"):
        inactivity_rates(log, as_of="2012-05-31", data_end="2012-05-30")
