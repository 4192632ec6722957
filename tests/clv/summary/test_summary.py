"""The summary of orders: published counts, rules, independent arithmetic, splits."""

from __future__ import annotations

import pickle
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.clv import BGNBD, ParetoNBD
from crm_analysis.clv.summary.summary import summarize
from crm_analysis.errors import InputError
from crm_analysis.sources.cdnow import bundled_file, load_cdnow
from crm_analysis.tables import About, from_frames

SPLIT, LAST = "1997-09-30", "1998-06-30"
COLUMNS = ["frequency", "recency", "T", "monetary_value"]
HOLDOUT = ["frequency_holdout", "duration_holdout", "monetary_value_holdout"]


@pytest.fixture(scope="module")
def orders() -> pd.DataFrame:
    return load_cdnow(sample=True)["orders"]


@pytest.fixture(scope="module")
def sample(orders):
    return summarize(orders, calibration_end=SPLIT, until=LAST)


@pytest.fixture(scope="module")
def master():
    return summarize(load_cdnow(), calibration_end=SPLIT)


def lines(summary) -> dict[str, int]:
    return {line.rule: line.rows for line in summary.ledger.lines}


def test_the_ledger_of_the_sample(sample):
    assert (sample.ledger.read, sample.ledger.kept, sample.ledger.set_aside) == (6919, 6919, 0)
    assert lines(sample) == {"same_day_merged": 223, "zero_amount": 8, "duplicate_row": 21}
    assert sample.steps.loc["read", "money_in"] == 244091.94
    assert sample.steps.iloc[-1][["rows_out", "customers_out", "money_out"]].tolist() == [6696, 2357, 244091.94]
    assert (sample.start, sample.until) == (pd.Timestamp("1997-01-01"), pd.Timestamp(LAST))


def test_the_counts_of_the_sample(sample):
    told = sample.describe()
    assert told["purchase_days"].tolist() == [4814, 1882]
    assert told["repeat_purchases"].tolist() == [2457, 1882]
    assert told["customers"].tolist() == [2357, 684]
    assert told.loc["calibration", "repeat_customers"] == 946
    assert sample.frame["frequency"].sum() == 2457
    assert (sample.frame["frequency"] > 0).sum() == 946
    assert sample.frame["frequency"].max() == 29
    assert sample.frame["frequency_holdout"].sum() == 1882
    assert (sample.frame["frequency_holdout"] > 0).sum() == 684
    assert sample.frame["T"].agg(["min", "max"]).round(3).tolist() == [27.0, 38.857]
    assert (sample.frame["duration_holdout"] == 39).all()
    assert told["money"].sum() == pytest.approx(244091.94)


def test_merged_orders_of_calibration_and_holdout(orders):
    calibration = summarize(orders, until=SPLIT)
    assert lines(calibration)["same_day_merged"] == 146
    assert lines(calibration)["after_until"] == 6919 - 146 - 4814


def test_the_counts_of_the_master(master):
    assert (master.ledger.read, len(master)) == (69659, 23570)
    assert master.steps.iloc[-1][["rows_out", "money_out"]].tolist() == [67591, 2500315.63]
    assert master.describe()["repeat_purchases"].tolist() == [24337, 19684]
    assert (master.currency, master.origin, master.source) == ("USD", "real", "orders")


def test_the_summary_is_the_one_made_with_plain_pandas(sample, master, cx, cm):
    for summary, expected in ((sample, cx), (master, cm)):
        frame = summary.frame[COLUMNS + HOLDOUT]
        pd.testing.assert_frame_equal(frame, expected[COLUMNS + HOLDOUT], check_dtype=False, rtol=1e-11,
                                      check_index_type=False)  # fmt: skip


def test_models_fitted_on_it_are_the_published_ones(sample):
    pareto, bg = ParetoNBD().fit(sample), BGNBD().fit(sample)
    assert pareto.params_.tolist() == pytest.approx([0.553277, 10.577684, 0.606240, 11.668738], rel=1e-3)
    assert pareto.log_likelihood_ == pytest.approx(-9594.9762, abs=1e-3)
    assert pareto.unit_ == "week"
    assert bg.params_.tolist() == pytest.approx([0.2425945, 4.4136021, 0.792922, 2.425907], rel=1e-4)
    assert bg.log_likelihood_ == pytest.approx(-9582.4292, abs=1e-3)


def test_units_of_days_shift_the_likelihood_as_they_must(orders):
    in_days = summarize(orders, until=SPLIT, unit="day")
    assert ParetoNBD().fit(in_days).log_likelihood_ == pytest.approx(-14376.0774, abs=1e-3)
    assert in_days.frame["T"].max() == 272


def test_months_are_those_of_the_calendar():
    orders = pd.DataFrame({"customer_id": ["a", "a", "b"], "day": ["2011-01-31", "2011-02-28", "2011-03-01"]})
    frame = summarize(orders, until="2011-03-31", unit="month").frame
    assert frame["recency"].tolist() == [1, 0]
    assert frame["T"].tolist() == [2, 30 / 31]
    assert frame["monetary_value"].isna().all()


def test_gamma_gamma_sees_the_customers_of_the_paper(sample):
    from crm_analysis.clv.spend.gamma_gamma import GammaGamma

    assert GammaGamma().fit(sample).log_likelihood_ == pytest.approx(-4055.9177, abs=1e-3)
    assert (sample.frame["monetary_value"] > 0).sum() == 946


# Rules


MESSY = pd.DataFrame(
    [
        ("a", "2020-01-01", 10.0), ("a", "2020-01-05", 8.0), ("a", "2020-01-05", -3.0), ("a", "2020-01-07", 0.0),
        ("b", "2020-01-02", 5.0), ("b", "2020-01-03", -5.0), ("c", "2020-01-04", -2.0), ("", "2020-01-04", 1.0),
        ("d", "soon", 4.0), ("d", "2020-01-08", np.nan), ("e", "2020-01-09", 6.0), ("e", "2020-02-01", 6.0),
    ],
    columns=["customer_id", "ordered_at", "amount"],
)  # fmt: skip


def test_every_row_is_counted_under_the_first_rule_it_breaks():
    summary = summarize(MESSY, until="2020-01-10")
    assert (summary.ledger.read, summary.ledger.kept) == (12, 5)
    assert lines(summary) == {"blank_id": 1, "bad_time": 1, "after_until": 1, "missing_amount": 1,
                              "negative_amount": 3, "zero_amount": 1}  # fmt: skip
    assert {line.rule: line.example for line in summary.ledger.lines}["bad_time"] == "soon"
    assert summary.frame["frequency"].to_dict() == {"a": 2, "b": 0, "e": 0}
    assert summary.frame.loc["a", "monetary_value"] == 4.0
    steps = summary.steps
    assert steps.loc["negative_amount"].tolist() == [8, 5, 4, 3, 19.0, 29.0]
    assert steps.loc["missing_amount", ["customers_in", "customers_out"]].tolist() == [5, 4]


def test_steps_follow_each_other_without_a_gap(sample):
    messy = summarize(MESSY, until="2020-01-10", calibration_end="2020-01-05", refunds="net")
    for summary in (messy, sample):
        steps = summary.steps
        for name in ("rows", "customers", "money"):
            assert steps[f"{name}_out"].tolist()[:-1] == pytest.approx(steps[f"{name}_in"].tolist()[1:])
        assert steps["customers_out"].iloc[-1] == len(summary)
        assert steps["money_out"].iloc[-1] == pytest.approx(summary.describe()["money"].sum())
        assert steps["rows_out"].iloc[-1] == summary.describe()["purchase_days"].sum() == len(summary.days())


def test_refunds_taken_off_the_same_day():
    summary = summarize(MESSY, until="2020-01-10", refunds="net")
    assert lines(summary) == {"blank_id": 1, "bad_time": 1, "after_until": 1, "missing_amount": 1,
                              "net_not_positive": 2, "same_day_merged": 1, "zero_amount": 1,
                              "refund_netted": 3}  # fmt: skip
    assert summary.frame.loc["a", ["frequency", "monetary_value"]].tolist() == [2, 2.5]
    assert "c" not in summary.frame.index
    assert summary.steps.loc["net_not_positive"].tolist() == [8, 6, 4, 3, 19.0, 26.0]


def test_refunds_that_undo_no_day():
    orders = pd.DataFrame({"customer_id": ["a", "a"], "day": "2020-01-01", "amount": [9.0, -4.0]})
    summary = summarize(orders, refunds="net")
    assert lines(summary) == {"same_day_merged": 1, "refund_netted": 1, "only_last_day": 1}
    assert summary.describe().loc["calibration", "money"] == 5.0


def test_a_day_undone_by_its_refund_is_no_purchase_but_a_free_one_is():
    orders = pd.DataFrame({"customer_id": ["a"] * 5, "amount": [9.0, 4.0, -4.0, 0.0, 5.0],
                           "day": ["2020-01-01", "2020-01-02", "2020-01-02", "2020-01-03", "2020-01-04"]})  # fmt: skip
    assert summarize(orders, refunds="net").frame["frequency"].tolist() == [2]
    assert summarize(orders).frame["frequency"].tolist() == [3]
    assert summarize(orders, zero_amounts="set_aside").frame["frequency"].tolist() == [2]
    assert lines(summarize(orders, zero_amounts="set_aside"))["zero_amount"] == 1


def test_mean_spend_with_and_without_the_first_purchase():
    orders = pd.DataFrame({"customer_id": ["a"] * 3 + ["b"], "amount": [9.0, 4.0, 5.0, 7.0],
                           "day": ["2020-01-01", "2020-01-02", "2020-01-03", "2020-01-03"]})  # fmt: skip
    without, with_first = summarize(orders), summarize(orders, first_purchase="include")
    assert without.frame["monetary_value"].iloc[0] == 4.5
    assert np.isnan(without.frame["monetary_value"].iloc[1])
    assert with_first.frame["monetary_value"].tolist() == [6.0, 7.0]
    assert with_first.frame["frequency"].tolist() == without.frame["frequency"].tolist() == [2, 0]


def test_customers_first_seen_after_the_calibration_are_counted(orders):
    summary = summarize(orders, calibration_end="1997-01-31", until=LAST)
    step = summary.steps.loc["first_seen_after_calibration"]
    late = orders.groupby("customer_id")["ordered_at"].transform("min") > pd.Timestamp("1997-02-01", tz="UTC")
    late |= orders.groupby("customer_id")["ordered_at"].transform("min") == pd.Timestamp("1997-02-01", tz="UTC")
    assert step["rows_in"] - step["rows_out"] == late.sum() == lines(summary)["first_seen_after_calibration"]
    assert step["customers_in"] - step["customers_out"] == orders.loc[late, "customer_id"].nunique()
    assert step["money_in"] - step["money_out"] == pytest.approx(orders.loc[late, "amount"].sum())
    assert (summary.frame["first_at"] <= pd.Timestamp("1997-01-31")).all()


def test_customers_of_the_last_day_and_of_the_first_days_are_noted(orders):
    summary = summarize(orders, until="1997-03-25", observed_from="1997-01-01")
    first = orders.groupby("customer_id")["ordered_at"].min().dt.tz_localize(None)
    assert lines(summary)["only_last_day"] == (first == pd.Timestamp("1997-03-25")).sum() > 0
    assert lines(summary)["maybe_bought_before"] == (first <= pd.Timestamp("1997-01-30")).sum() > 0
    assert (summary.frame["T"] == 0).sum() == lines(summary)["only_last_day"]


def test_cancelled_orders_of_a_table_with_status_do_not_count():
    orders = MESSY.head(2).assign(status=["done", " Cancelled "])
    assert lines(summarize(orders)) == {"cancelled_row": 1}
    assert summarize(orders).frame["frequency"].tolist() == [0]


# Splits and days


def test_another_split_is_the_summary_made_anew(orders, sample):
    again = sample.at("1997-06-30", "1997-12-31")
    fresh = summarize(orders, calibration_end="1997-06-30", until="1997-12-31")
    pd.testing.assert_frame_equal(again.frame, fresh.frame)
    assert again.ledger == fresh.ledger
    assert sample.at(SPLIT).frame.equals(sample.frame)


def test_calibration_and_holdout_share_no_day(orders):
    rows = orders.head(3).assign(customer_id="a", ordered_at=pd.to_datetime(["2020-01-01", "2020-01-10", "2020-01-11"]))
    frame = summarize(rows, calibration_end="2020-01-10").frame
    assert frame[["frequency", "frequency_holdout"]].to_numpy().tolist() == [[1, 1]]
    assert frame["duration_holdout"].tolist() == [1 / 7]


def test_days_of_the_summary(orders, sample):
    days = sample.days()
    assert days.columns.tolist() == ["customer_id", "day", "amount"]
    assert len(days) == 6696
    assert days["amount"].sum() == pytest.approx(244091.94)
    assert not days.duplicated(["customer_id", "day"]).any()
    early = summarize(orders, calibration_end="1997-01-31", until=LAST)
    assert set(early.days()["customer_id"]) == set(early.frame.index)
    with pytest.raises(InputError, match="6,696 customer-days"):
        sample.days(most=100)


def test_a_summary_survives_pickling_and_leaves_the_orders_alone(orders, sample):
    before = orders.copy()
    copy = pickle.loads(pickle.dumps(sample))
    assert copy.frame.equals(sample.frame)
    assert copy.at("1997-06-30").frame.equals(sample.at("1997-06-30").frame)
    assert orders.equals(before)
    assert sample.holdout
    assert not summarize(orders).holdout


# Any orders: against arithmetic of its own


@st.composite
def logs(draw):
    rows = draw(st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 40), st.integers(0, 300)), min_size=1,
                         max_size=40))  # fmt: skip
    frame = pd.DataFrame(rows, columns=["customer_id", "day", "amount"])
    return frame.assign(day=pd.Timestamp("2020-01-01") + pd.to_timedelta(frame["day"], "D"), amount=frame["amount"] / 7)


@given(logs(), st.integers(0, 39))
@settings(max_examples=12, deadline=None)
def test_any_log_is_summarized_as_by_loops(log, split):
    split, until = pd.Timestamp("2020-01-01") + pd.Timedelta(split, "D"), pd.Timestamp("2020-02-15")
    if log["day"].min() > split:
        with pytest.raises(InputError, match="calibration_end"):
            summarize(log, calibration_end=split, until=until)
        return
    summary = summarize(log, calibration_end=split, until=until, unit="day")
    shuffled = log.sample(frac=1, random_state=0).set_axis(range(7, 7 + len(log)))
    pd.testing.assert_frame_equal(summary.frame, summarize(shuffled, calibration_end=split, until=until,
                                                           unit="day").frame)  # fmt: skip
    for customer, rows in log.groupby("customer_id"):
        days = rows.groupby("day")["amount"].sum()
        seen, later = days[days.index <= split], days[days.index > split]
        assert (customer in summary.frame.index) == bool(len(seen))
        if len(seen):
            row = summary.frame.loc[customer]
            expected = [len(seen) - 1, (seen.index[-1] - seen.index[0]).days, (split - seen.index[0]).days,
                        seen.iloc[1:].mean(), len(later), later.mean()]  # fmt: skip
            names = [*COLUMNS, "frequency_holdout", "monetary_value_holdout"]
            assert row[names].astype(float).tolist() == pytest.approx(expected, nan_ok=True)


def test_logs_and_data_sets_of_the_project(sample, orders):
    data = load_cdnow(sample=True)
    day = data["orders"]["ordered_at"].dt.tz_localize(None)
    log = SimpleNamespace(frame=data["orders"].assign(day=day, at=data["orders"]["ordered_at"]),
                          last_day=pd.Timestamp("1998-07-15"), unit="orders")  # fmt: skip
    summary = summarize(log, calibration_end=SPLIT)
    assert summary.until == pd.Timestamp("1998-07-15")
    pd.testing.assert_series_equal(summary.frame["frequency"], sample.frame["frequency"])
    assert summarize(data).until == pd.Timestamp(LAST)


def test_events_of_a_data_set_are_purchases_only_where_something_is_bought():
    events = pd.DataFrame({"customer_id": list("aab"), "item_id": "x", "category_id": "y",
                           "action": ["view", "buy", "view"],
                           "happened_at": ["2017-11-25 23:30", "2017-11-26 00:30", "2017-11-27 10:00"]})  # fmt: skip
    data = from_frames({"events": events}, About("shop", zone="Asia/Shanghai", window=["2017-11-25", "2017-12-03"]))
    summary = summarize(data, unit="day")
    assert summary.frame["T"].to_dict() == {"a": 7.0}
    bought = data["events"][data["events"]["action"] == "buy"]
    assert summarize(bought, until="2017-12-03", unit="day").frame.equals(summary.frame)
    with pytest.raises(InputError, match="actions"):
        summarize(data["events"])
    with pytest.raises(InputError, match="no purchases"):
        summarize(from_frames({"events": events[events["action"] == "view"]}, About("shop")))


def test_the_bundled_file_itself():
    raw = pd.read_csv(bundled_file(sample=True), sep=r"\s+", header=None, dtype={0: str, 2: int},
                      names=["id", "sample", "date", "cds", "dollars"])  # fmt: skip
    summary = summarize(raw, customer="id", when="date", amount="dollars", calibration_end=SPLIT)
    assert lines(summary) == {"same_day_merged": 223, "zero_amount": 8, "duplicate_row": 21}
    assert len(summary) == 2357
