from __future__ import annotations

import pandas as pd
import pytest

from crm_analysis.churn.models.scoring import ScoringWindows, scoring_features, scoring_windows
from crm_analysis.churn.windows.history import history
from crm_analysis.churn.windows.labels import label, qualifying
from crm_analysis.churn.windows.windows import Windows
from crm_analysis.errors import InputError

TRAINED = Windows("2012-06-30", data_end="2012-12-31", outcome=90, observation=180, gap=7)


def test_today_is_the_last_day_and_history_reaches_it():
    today = scoring_windows(TRAINED)
    assert (today.outcome, today.gap, today.observation) == (90, 7, 180)
    assert today.cutoff_day == Windows("2012-12-31", data_end="2013-12-31").cutoff_day
    at = pd.to_datetime(["2012-12-31 23:00", "2012-06-01 00:00"]).tz_localize("Asia/Shanghai")
    orders = pd.DataFrame({"order_id": ["1", "2"], "customer_id": "a", "ordered_at": at, "amount": 9.0})
    assert history({"orders": orders}, today)["orders"]["order_id"].tolist() == ["1"]
    assert isinstance(scoring_windows(TRAINED, "2012-11-30"), Windows)
    assert scoring_windows(TRAINED, "2012-11-30").at("2012-12-01").cutoff == "2012-12-01"
    assert scoring_windows(TRAINED).now().cutoff_day == today.cutoff_day


def test_nobody_can_be_labelled_today():
    at = pd.to_datetime(["2012-12-30"]).tz_localize("Asia/Shanghai")
    with pytest.raises(InputError, match="has not happened yet"):
        label(pd.DataFrame({"customer_id": ["a"], "at": at}), scoring_windows(TRAINED))
    with pytest.raises(InputError, match="lies outside the data"):
        scoring_windows(TRAINED, "2013-01-01")


def test_the_words_say_what_is_ahead():
    assert ScoringWindows("2012-12-31", data_end="2012-12-31", gap=7).text("en") == (
        "known up to 2012-12-31, after a gap of 7 days the next 90 days are foretold"
    )
    assert scoring_windows(TRAINED).text("zh") == "观察期 2012-07-05 至 2012-12-31，预测间隔 7 天后的 90 天"
    assert ScoringWindows("2012-12-31", data_end="2012-12-31").text("zh") == "已知信息截至 2012-12-31，预测此后 90 天"


def counted(tables, windows):
    known = history(tables, windows)["orders"]
    return known.groupby("customer_id").size().to_frame("orders")


def test_the_customers_to_be_scored_are_those_that_training_would_take():
    at = pd.to_datetime(["2012-01-05", "2012-06-01", "2012-06-20", "2012-08-01", "2012-12-20"]).tz_localize("UTC")
    orders = pd.DataFrame({"order_id": list("12345"), "customer_id": list("abcab"), "ordered_at": at, "amount": 9.0})
    tables = {"orders": orders}
    y, _ = label(qualifying(tables), TRAINED)
    found = scoring_features(tables, TRAINED, features=counted)
    assert found.index.tolist() == y.index.tolist() == ["a", "b", "c"]
    today = scoring_features(tables, scoring_windows(TRAINED), features=counted)
    assert today["orders"].to_dict() == {"a": 1, "b": 1}
    with pytest.raises(InputError, match="no customer has an event"):
        scoring_features(tables, TRAINED.at("2011-06-30"), features=counted)
