"""Lengths of the outcome: gaps of a shop, churn rates by length, those who come back, none of it guessed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crm_analysis.churn.windows.labels import label, qualifying
from crm_analysis.churn.windows.lengths import lengths_text, outcome_lengths
from crm_analysis.churn.windows.purchase_gaps import purchase_gaps
from crm_analysis.churn.windows.windows import Windows
from crm_analysis.errors import InputError
from crm_analysis.tables.days import local_days
from tests.churn.windows.parts import WINDOWS, shop


def test_gaps_of_the_shop(retail_orders):
    windows = Windows("2010-08-31", data_end="2010-12-09", outcome=90)
    found = purchase_gaps({"orders": retail_orders}, windows)
    assert found["gap_days"].tolist() == [28, 70, 113]
    assert (found["wait_days"] > found["gap_days"]).all()
    assert found["waits_open"].tolist() == [4312] * 3


def test_waits_that_the_data_cut_mend_the_gaps():
    """Everybody buys each 100 days; of a window of 130 days only those with an early start show a gap."""
    rng = np.random.default_rng(0)
    first = rng.integers(0, 100, 400)
    days = np.concatenate([first, first + rng.integers(60, 141, 400)])
    at = pd.Timestamp("2012-01-01", tz="UTC") + pd.to_timedelta(days, unit="D")
    orders = pd.DataFrame(
        {"order_id": range(800), "customer_id": list(range(400)) * 2, "ordered_at": at, "amount": 1.0}
    )
    inside = orders[days < 130]
    found = purchase_gaps({"orders": inside}, Windows("2012-03-01", data_end="2012-05-09", outcome=30), quantiles=[0.5])
    found = found.iloc[0]
    assert found["gap_days"] < 88
    assert found["wait_days"] >= 95
    with pytest.raises(InputError, match="quantiles"):
        purchase_gaps({"orders": orders}, WINDOWS, quantiles=[50])
    early = Windows("2011-05-31", data_end="2011-12-31")
    with pytest.raises(InputError, match="no event lies within the data"):
        purchase_gaps({"orders": orders}, early)


def test_against_counting():
    tables = shop(5, customers=100)
    found = outcome_lengths(tables, WINDOWS, lengths=(90, 30, 60), within=90)
    events = qualifying(tables)
    day = local_days(events["at"]) - WINDOWS.cutoff_day
    for length, row in found.iterrows():
        spans = Windows("2012-05-31", data_end="2012-12-31", outcome=length, data_start="2012-01-01")
        y, account = label(events, spans)
        gone = y.index[y == 1]
        assert (row["base"], row["churned"]) == (account["eligible"], len(gone))
        assert row["churn_rate_low"] == pytest.approx(account["churn_rate_low"])
        assert row["days_after_outcome"] == 214 - length
        later = events["customer_id"].isin(gone) & (day > length) & (day <= 214)
        assert row["bought_later"] == events.loc[later, "customer_id"].nunique()
        soon = later & (day <= length + 90)
        assert row["bought_later_within"] == pytest.approx(events.loc[soon, "customer_id"].nunique() / len(gone))
        assert row["bought_later_within_low"] < row["bought_later_within"] < row["bought_later_within_high"]
    assert found.index.tolist() == [30, 60, 90]
    assert found["churned"].is_monotonic_decreasing
    assert found["base"].dtype == "int64"


def test_what_cannot_be_seen_is_blank_and_said():
    found = outcome_lengths(shop(5, customers=100), WINDOWS, lengths=(30, 180, 214, 300), within=60)
    assert found["days_after_outcome"].tolist()[:3] == [184, 34, 0]
    assert found["bought_later_within"].notna().tolist() == [True, False, False, False]
    assert found["bought_later_share"].notna().tolist() == [True, True, False, False]
    assert found.loc[300].isna().all()
    assert "how many come back cannot be seen yet" in lengths_text(found, "en")
    assert "数据尚看不出" in lengths_text(found, "zh")
    with pytest.raises(InputError, match="no length fits into the data"):
        outcome_lengths(shop(), WINDOWS, lengths=[300])


def test_the_shop_at_the_end_of_may(retail_orders):
    windows = Windows("2010-05-31", data_end="2010-12-09", outcome=90, observation=365)
    found = outcome_lengths({"orders": retail_orders}, windows)
    assert found["base"].tolist() == [2703] * 4
    assert found.loc[90, "churn_rate"] == pytest.approx(0.50462, abs=5e-6)
    assert lengths_text(found, "en").startswith("With an outcome of 30 days 71.5% count as churned")


@pytest.mark.parametrize("lengths", [[], [30, 30], [0], ["30"], [30.5]])
def test_lengths_that_are_none(lengths):
    with pytest.raises(InputError):
        outcome_lengths(shop(), WINDOWS, lengths=lengths)


def test_one_length_or_quantile_alone_and_texts_refused():
    assert outcome_lengths(shop(), WINDOWS, lengths=30).index.tolist() == [30]
    assert purchase_gaps(shop(), WINDOWS, quantiles=0.5).index.tolist() == [0.5]
    with pytest.raises(InputError, match="quantiles"):
        purchase_gaps(shop(), WINDOWS, quantiles=["half"])
