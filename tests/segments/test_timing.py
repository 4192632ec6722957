import numpy as np
import pandas as pd
import pytest

from crm_analysis.errors import InputError
from crm_analysis.segments import between, gap_table, gaps, purchases_per_customer, repeat_rates, second_purchase


def test_gaps_agree_with_groupby(make_log):
    log = make_log(6)
    days = (
        log.assign(day=log["at"].dt.normalize())
        .drop_duplicates(["customer_id", "day"])
        .sort_values(["customer_id", "day"])
    )
    expected = days.groupby("customer_id")["day"].diff().dt.days.dropna()
    found = gaps(log)
    assert found.tolist() == expected.astype(int).tolist()
    assert found.index.tolist() == days.loc[expected.index, "customer_id"].tolist()
    assert (found > 0).all()
    assert gaps(log, data_end="2010-06-30").equals(gaps(between(log, "2010-01-01", "2010-06-30")))


def test_quantiles_of_no_gaps_are_blank():
    log = pd.DataFrame({"customer_id": ["a"], "at": pd.to_datetime(["2010-01-01"])})
    assert gap_table(gaps(log))["gap_days"].isna().all()


def test_seen_gaps_are_biased_short_but_the_curve_is_not():
    """Second purchases after exponential waits of mean 100 days, newcomers spread over 200 days, all cut at day 200."""
    rng = np.random.default_rng(0)
    first = rng.uniform(0, 200, 4000)
    wait = 1 + rng.exponential(100, 4000)
    days = np.r_[first, (first + wait)[first + wait < 200]]
    names = np.r_[np.arange(4000), np.arange(4000)[first + wait < 200]]
    log = pd.DataFrame({"customer_id": names, "at": pd.Timestamp("2010-01-01") + pd.to_timedelta(days, "D")})
    curve = second_purchase(log, data_end="2010-07-19")
    truth = 1 - np.exp(-(91.5 - 1) / 100)  # waits in whole days: 91 holds those up to 91.5 on average
    found = curve["repeat_share"].asof(91)
    assert found == pytest.approx(truth, abs=0.03)
    assert curve["repeat_share_low"].asof(91) < truth < curve["repeat_share_high"].asof(91)
    assert (gaps(log) <= 91).sum() / 4000 < truth - 0.05
    assert gaps(log).median() < 70 * 0.9


def test_a_later_end_cuts_fewer(make_log):
    log = make_log(6, customers=150)
    curve = second_purchase(log, data_end="2010-12-31")
    assert curve["second_purchases"].sum() == gaps(log).index.nunique()
    assert curve[["second_purchases", "censored"]].sum().sum() == log["customer_id"].nunique()
    assert curve["repeat_share"].is_monotonic_increasing
    rates = repeat_rates(curve, months=(1, 3, 24))
    assert rates["days"].tolist() == [30, 91, 730]
    assert rates["repeat_share"].iloc[1] == curve["repeat_share"].asof(91)
    assert np.isnan(rates["repeat_share"].iloc[2])


def test_purchases_per_customer_agree_with_counts(make_log):
    log = make_log(6)
    counts = log["customer_id"].value_counts()
    table = purchases_per_customer(log, most=5)
    assert table["customers"].tolist() == [(counts == n).sum() for n in range(1, 5)] + [(counts >= 5).sum()]
    assert table["share"].sum() == pytest.approx(1)
    assert purchases_per_customer(log, by="days")["customers"].sum() == len(counts)
    with pytest.raises(InputError, match="by='weeks'"):
        purchases_per_customer(log, by="weeks")


def test_two_hours_are_too_few(slice_of_two_hours):
    with pytest.raises(InputError, match=r"time to the second purchase: .* these data span 2 hours"):
        second_purchase(slice_of_two_hours, data_end="2017-11-25")


def test_retail_r4(retail):
    table = gap_table(gaps(retail), quantiles=(0.5, 0.8, 0.9))
    assert table["gap_days"].tolist() == [28, 70, 113]
