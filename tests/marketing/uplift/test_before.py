"""What was known before each campaign: nothing of the sending or after it, the rows of the sample, five lines."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crm_analysis.errors import InputError
from crm_analysis.marketing.uplift import (
    campaign_features,
    campaign_risk,
    campaign_sample,
    cross_fitted_uplift,
    risk_and_uplift,
)
from crm_analysis.simulate import taobao


@pytest.fixture(scope="module")
def tables():
    return taobao.make(customers=800, seed=3)[0].tables


@pytest.fixture(scope="module")
def risk(tables):
    return campaign_risk(tables, features=recency)


def recency(tables, windows, customers=None):
    orders = tables["orders"]
    end = windows.ends(orders["ordered_at"])
    last = orders[orders["ordered_at"] < end].groupby("customer_id")["ordered_at"].max()
    silent = ((end - last) / pd.Timedelta(1, "D")).rename("days").to_frame()
    return silent if customers is None else silent.reindex(customers).fillna(0.0)


def test_features_are_those_of_the_evening_before(tables):
    found = campaign_features(tables, families=["purchases", "person"])
    cutoffs = found.index.get_level_values("cutoff").unique()
    assert [f"{day:%m-%d}" for day in cutoffs] == ["06-11", "09-10", "12-03"]
    sample = campaign_sample(tables["contacts"], found)
    row = sample.X["orders"].iloc[-1]
    customer, campaign = sample.X.index[-1]
    contacts, orders = tables["contacts"], tables["orders"]
    sent = contacts.loc[contacts["campaign"] == campaign, "sent_at"].min().normalize()
    known = orders[(orders["customer_id"] == customer) & (orders["ordered_at"] < sent)]
    assert row == known["order_id"].nunique()


def test_risk_knows_nothing_of_the_sending_or_later(tables, risk):
    last = tables["contacts"]["sent_at"].max().normalize()
    before = tables["orders"]["ordered_at"] < last
    cut = tables | {"orders": tables["orders"][before]}
    assert campaign_risk(cut, features=recency).equals(risk)
    changed = tables["contacts"].assign(arm=tables["contacts"]["arm"].to_numpy()[::-1], opened_at=pd.NaT)
    assert campaign_risk(tables | {"contacts": changed}, features=recency).equals(risk)


def test_risk_is_not_uplift_in_five_lines(tables, risk):
    features = campaign_features(tables, families="person")
    X, y, treated = campaign_sample(tables["contacts"], features[["age", "sex"]])
    uplift = cross_fitted_uplift(X, y, treated)
    found = risk_and_uplift(risk, uplift=uplift, y=y, treated=treated)
    assert risk.index.equals(X.index)
    assert risk.between(0, 1).all()
    assert y[risk > risk.quantile(0.8)].mean() < y[risk < risk.quantile(0.2)].mean()  # it is a risk
    customers = X.index.get_level_values("customer_id")
    same = risk_and_uplift(risk, uplift=uplift, y=y, treated=treated, customer=customers)
    assert found.text("zh") == same.text("zh")  # customers in several campaigns are seen by the index
    rows = risk_and_uplift(risk.to_numpy(), uplift=uplift.to_numpy())
    assert np.diff(found.spearman[1:])[0] > np.diff(rows.spearman[1:])[0]


def test_campaigns_of_one_day_share_their_evening():
    at = pd.date_range("2012-01-02 12:00", periods=4, freq="7D", tz="Asia/Shanghai")
    orders = pd.DataFrame({"order_id": list("1234"), "customer_id": list("abab"), "ordered_at": at, "amount": 9.0})
    contacts = pd.DataFrame({"campaign": ["x", "y"], "customer_id": ["a", "b"],
                             "sent_at": pd.Timestamp("2012-03-01", tz="Asia/Shanghai")})  # fmt: skip
    found = campaign_features({"orders": orders, "contacts": contacts}, families="purchases")
    assert found.index.get_level_values("customer_id").tolist() == ["a", "b"]


def test_bad_input(tables):
    with pytest.raises(InputError, match="table contacts is missing"):
        campaign_risk({"orders": tables["orders"]})
    with pytest.raises(InputError, match="sent_at"):
        campaign_features(tables | {"contacts": tables["contacts"].drop(columns="sent_at")})
    with pytest.raises(InputError):
        campaign_risk(tables, outcome=2000, features=recency)
