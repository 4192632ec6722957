import numpy as np
import pandas as pd
import pytest

from crm_analysis.errors import InputError
from crm_analysis.segments import by_period, cohort_history, cohorts, deciles, revenue_by_cohort


@pytest.mark.parametrize(("period", "alias"), [("month", "M"), ("week", "W-SUN"), ("quarter", "Q")])
def test_periods_agree_with_groupby(make_log, period, alias):
    log = make_log(8, rows=400, customers=90)
    table = by_period(log, start="2010-01-01", end="2010-12-31", period=period)
    number = log["at"].dt.tz_localize(None).dt.to_period(alias)
    grouped = log.groupby(number)
    first = number.groupby(log["customer_id"]).min()
    assert table["customers"].tolist() == grouped["customer_id"].nunique().tolist()
    assert table["orders"].tolist() == grouped.size().tolist()
    assert table["new_customers"].tolist() == [(first == one).sum() for one in grouped.groups]
    assert (table["new_customers"] + table["returning_customers"]).equals(table["customers"])
    np.testing.assert_allclose(table["revenue"], grouped["amount"].sum())
    new = log[first[log["customer_id"]].to_numpy() == number.to_numpy()]
    np.testing.assert_allclose(table["new_revenue"].sum(), new["amount"].sum())
    np.testing.assert_allclose(
        table["customers"] * table["orders_per_customer"] * table["average_order_value"], table["revenue"]
    )


def test_cut_periods_are_marked_and_quiet_ones_kept():
    log = pd.DataFrame({"customer_id": ["a", "a"], "at": pd.to_datetime(["2010-01-10", "2010-03-05"]), "amount": 2.0})
    table = by_period(log, start="2010-01-01", end="2010-04-15")
    assert table["orders"].tolist() == [1, 0, 1, 0]
    assert table["partial"].tolist() == [False, False, False, True]
    assert np.isnan(table.loc["2010-02", "average_order_value"])
    assert by_period(log)["partial"].tolist() == [True, False, True]


def test_without_money_there_is_no_revenue(make_log):
    table = by_period(make_log().drop(columns="amount"))
    assert "revenue" not in table
    assert revenue_by_cohort(make_log().drop(columns="amount")).to_numpy().sum() == 200


def test_layers_of_cohorts_add_up_to_the_revenue(make_log):
    log = make_log(8)
    layers = revenue_by_cohort(log)
    np.testing.assert_allclose(layers.sum(axis=1), by_period(log)["revenue"])
    assert layers.columns.tolist() == ["2010Q1", "2010Q2", "2010Q3", "2010Q4"][: layers.shape[1]]


def test_the_history_of_a_cohort_is_its_row_of_the_triangle(make_log):
    log = make_log(8, rows=400, customers=90)
    history = cohort_history(log, first=("2010-02-01", "2010-02-28"), end="2010-12-31")
    triangle = cohorts(log, data_end="2010-12-31")
    assert history["customers"].tolist() == triangle.customers.loc["2010-02"].dropna().tolist()
    assert history["share"].tolist() == pytest.approx(triangle.share.loc["2010-02"].dropna().tolist())
    assert history["revenue"].tolist() == pytest.approx(triangle.revenue.loc["2010-02"].dropna().tolist())
    with pytest.raises(InputError, match="nobody bought first"):
        cohort_history(log, first=("2009-02-01", "2009-02-28"))


def test_the_history_does_not_ask_for_a_unique_index(make_log):
    log = make_log(8)
    same = log.set_axis([0] * len(log))
    first = ("2010-01-01", "2010-01-31")
    pd.testing.assert_frame_equal(cohort_history(same, first=first), cohort_history(log, first=first))


def test_deciles_part_customers_and_value():
    values = np.random.default_rng(0).lognormal(size=1003)
    table = deciles(values)
    assert table["customers"].sum() == 1003
    assert table["customers"].max() - table["customers"].min() == 1
    assert table["total_value"].sum() == pytest.approx(values.sum())
    assert table["cumulative_share"].iloc[-1] == pytest.approx(1)
    assert (table["least_value"].to_numpy()[:-1] >= table["most_value"].to_numpy()[1:]).all()
    assert table["mean_value"].is_monotonic_decreasing
    with pytest.raises(InputError, match="3 customers cannot be cut into 10"):
        deciles([1, 2, 3])


def test_retail_orders_and_money_by_month(retail):
    table = by_period(retail, start="2009-12-01", end="2010-12-09 20:01")
    assert table["orders"].sum() == 19213
    assert table["revenue"].sum() == pytest.approx(8832003.27, abs=0.01)
    assert table["new_customers"].sum() == 4312
    assert table["partial"].tolist() == [False] * 12 + [True]
    assert table["customers"].iloc[0] == 955
