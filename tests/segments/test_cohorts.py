import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.errors import InputError
from crm_analysis.intervals import wilson
from crm_analysis.segments import between, cohort_table, cohorts

rows = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 150)), min_size=3, max_size=60)
ALIAS = {"day": "D", "week": "W-SUN", "month": "M", "quarter": "Q"}


def frame(found: list[tuple]) -> pd.DataFrame:
    log = pd.DataFrame([(8, 0), *found, (7, 150)], columns=["customer_id", "day"])
    return log.assign(
        customer_id=log["customer_id"].astype(str), at=pd.Timestamp("2010-01-01") + pd.to_timedelta(log["day"], "D")
    )


@settings(max_examples=50, deadline=None)
@given(rows, st.sampled_from(["day", "week", "month"]))
def test_cells_follow_the_definition_and_are_observed_if_their_period_has_begun(found, period):
    log = frame(found)
    triangle = cohorts(log, data_end="2010-06-10", period=period).customers
    number = log["at"].dt.to_period(ALIAS[period]).astype("int64")
    first = number.groupby(log["customer_id"]).transform("min")
    counts = log["customer_id"].groupby([first - first.min(), number - first]).nunique()
    last = pd.Period("2010-06-10", ALIAS[period]).ordinal
    row, age = np.indices(triangle.shape)
    observed = first.min() + row + age <= last
    assert np.array_equal(triangle.notna(), observed)
    cells = pd.MultiIndex.from_arrays([row[observed], age[observed]])
    assert np.array_equal(triangle.to_numpy()[observed], counts.reindex(cells, fill_value=0))
    assert (triangle.to_numpy() <= triangle[[0]].to_numpy())[observed].all()


def test_the_mean_pools_complete_cells_only(make_log):
    found = cohorts(make_log(4, rows=300, customers=80), data_start="2010-01-01", data_end="2010-11-20")
    for age, row in found.mean.iterrows():
        whole = found.customers[age].notna() & ~found.partial[age]
        assert row["retained"] == found.customers.loc[whole, age].sum()
        assert row["base"] == found.sizes[whole].sum()
        if row["base"]:
            low, high = wilson(row["retained"], row["base"])
            assert row[["share", "share_low", "share_high"]].tolist() == pytest.approx(
                [row["retained"] / row["base"], float(low), float(high)]
            )
    assert found.partial.iloc[0, -1]
    assert not found.partial.iloc[0, 0]


def test_revenue_triangle_adds_up_to_all_money(make_log):
    log = make_log(4)
    found = cohorts(log, data_end="2010-12-31", period="quarter")
    assert np.nansum(found.revenue.to_numpy()) == pytest.approx(log["amount"].sum())
    per_customer = found.revenue.div(found.sizes, axis=0)
    pd.testing.assert_frame_equal(found.revenue_per_customer, per_customer)
    assert found.mean["revenue_share"].iloc[0] == pytest.approx(1)
    assert cohorts(log.drop(columns="amount"), data_end="2010-12-31").revenue is None


def test_row_order_names_dates_and_later_rows_do_not_matter(make_log):
    log = make_log(4)
    found = cohorts(log, data_end="2010-10-31").customers
    assert cohorts(log.sample(frac=1, random_state=1), data_end="2010-10-31").customers.equals(found)
    assert cohorts(between(log, "2010-01-01", "2010-10-31"), data_end="2010-10-31").customers.equals(found)
    weeks = cohorts(log, data_end="2010-10-31", period="week").customers
    moved = cohorts(log.assign(at=log["at"] + pd.Timedelta(70, "D")), data_end="2011-01-09", period="week").customers
    assert moved.reset_index(drop=True).equals(weeks.reset_index(drop=True))


def test_the_long_table_holds_every_observed_cell(make_log):
    found = cohorts(make_log(4), data_end="2010-12-31")
    table = cohort_table(found)
    assert len(table) == found.customers.notna().sum().sum()
    row = table[(table["cohort"] == "2010-02") & (table["cohort_age"] == 3)].iloc[0]
    assert row["customers"] == found.customers.loc["2010-02", 3]
    assert row["revenue"] == pytest.approx(found.revenue.loc["2010-02", 3])
    assert row["cohort_size"] == found.sizes["2010-02"]


@pytest.mark.parametrize(("period", "days"), [("day", 2), ("month", 56)])
def test_short_data_are_refused_by_name(slice_of_two_hours, period, days):
    with pytest.raises(InputError, match=f"cohorts by {period}: .* {days} days of data; these data span 2 hours"):
        cohorts(slice_of_two_hours, data_end="2017-11-25", period=period)
    with pytest.raises(InputError, match="no period 'decade'"):
        cohorts(slice_of_two_hours, data_end="2017-11-25", period="decade")


def test_retail_r3(retail):
    found = cohorts(retail, data_start="2009-12-01", data_end="2010-12-09 20:01")
    assert found.customers.shape == (13, 13)
    assert found.sizes["2009-12"] == 955
    assert found.customers.loc["2009-12", [1, 12]].tolist() == [337, 237]
    assert found.partial.loc["2009-12"].tolist() == [False] * 12 + [True]
    assert found.customers.isna().sum().sum() == 78
    assert found.mean.loc[[1, 6], "share"].tolist() == pytest.approx([0.24029, 0.28672], abs=5e-6)
    assert np.isnan(found.mean.loc[12, "share"])


def test_retail_zeros_for_unobserved_months_would_halve_month_six(retail):
    found = cohorts(retail, data_end="2010-12-09 20:01")
    assert found.share[6].fillna(0).mean() == pytest.approx(0.125, abs=0.002)
