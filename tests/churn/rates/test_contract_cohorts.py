"""Retention triangles of contracts; those of purchases are of the room segments."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crm_analysis.churn.rates.contract_cohorts import contract_cohorts
from crm_analysis.errors import InputError
from crm_analysis.intervals import wilson
from crm_analysis.segments import cohorts

ZONE = "Asia/Shanghai"


@pytest.mark.parametrize(("period", "alias"), [("month", "M"), ("quarter", "Q"), ("week", "W-SUN")])
def test_cells_follow_the_definition_and_are_observed_if_their_period_has_begun(simulated, period, alias):
    contracts = simulated(60)
    end = pd.Timestamp("2012-05-10")
    found = contract_cohorts(contracts, data_end="2012-05-10", period=period)
    started, ended = (contracts[name].dt.tz_localize(None) for name in ("started_on", "ended_on"))
    member = started <= end
    cohort = started.dt.to_period(alias)
    first, last = cohort[member].min(), end.to_period(alias)
    for row, column in np.ndindex(found.share.shape):
        at = first + row + column
        value = found.customers.iloc[row, column]
        assert np.isnan(value) == (at > last)
        if at <= last:
            evening = min(at.end_time.normalize(), end)
            there = (cohort == first + row) & member & ~(ended <= evening)
            assert value == there.sum() <= found.sizes.iloc[row]
            assert found.partial.iloc[row, column] == (at == last)
    assert found.sizes.sum() == member.sum()


def test_the_mean_pools_complete_cells_only(simulated):
    found = contract_cohorts(simulated(400), data_end="2012-12-20")
    for age, row in found.mean.iterrows():
        whole = found.customers[age].notna() & ~found.partial[age]
        assert row["retained_accounts"] == found.customers.loc[whole, age].sum()
        assert row["cohort_accounts"] == found.sizes[whole].sum()
        if row["cohort_accounts"]:
            assert row["share_low"] == pytest.approx(float(wilson(row["retained_accounts"], row["cohort_accounts"])[0]))
    assert not contract_cohorts(simulated(400), data_end="2012-12-31").partial.any(axis=None)


def test_accounts_from_before_the_data_stand_in_no_cohort(simulated):
    contracts = simulated(300)
    found = contract_cohorts(contracts, data_end="2012-12-31", data_start="2011-07-01")
    early = contracts["started_on"] < pd.Timestamp("2011-07-01", tz=ZONE)
    assert found.before_data == early.sum() > 0
    assert found.share.index[0] == "2011-07"
    with pytest.raises(InputError, match="no account starts"):
        contract_cohorts(contracts, data_end="2010-12-31", data_start="2010-01-01")


def test_money_of_the_cells(days):
    contracts = pd.DataFrame({"account_id": ["a", "a", "b"], "fee": [10.0, 15.0, 7.0],
                              "started_on": days("2012-01-05", "2012-02-10", "2012-01-06"),
                              "ended_on": days("2012-02-10", None, "2012-02-20")})  # fmt: skip
    found = contract_cohorts(contracts, data_end="2012-02-29")
    assert found.revenue.values.tolist() == [[17.0, 15.0]]
    assert contract_cohorts(contracts.assign(fee=None), data_end="2012-02-29").revenue is None


def test_purchases_keep_the_cohorts_of_segments_r3(retail_orders):
    found = cohorts(retail_orders.rename(columns={"ordered_at": "at"}), data_start="2009-12-01",
                    data_end="2010-12-09 20:01")  # fmt: skip
    assert found.sizes["2009-12"] == 955
    assert found.customers.loc["2009-12", [1, 12]].tolist() == [337, 237]
    assert found.customers.isna().sum().sum() == 78
    assert found.mean.loc[[1, 6], "share"].tolist() == pytest.approx([0.24029, 0.28672], abs=5e-6)
