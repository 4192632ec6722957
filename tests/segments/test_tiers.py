import pandas as pd
import pytest

from crm_analysis.errors import InputError
from crm_analysis.segments import FEW_DAYS, FIVE_LEVELS, between, tier_table, tiers


def test_each_customer_stands_where_the_limits_put_his_days(make_log):
    log = make_log(2, rows=400)
    graded = tiers(log, as_of="2010-12-31")
    days = log.assign(day=log["at"].dt.date).groupby("customer_id")["day"].nunique()
    assert graded["purchase_days"].to_dict() == days.to_dict()
    for _, row in graded.iterrows():
        lowest = list(FIVE_LEVELS.values())
        place = list(FIVE_LEVELS).index(row["tier"])
        assert lowest[place] <= row["purchase_days"]
        assert place == len(lowest) - 1 or row["purchase_days"] < lowest[place + 1]


def test_only_the_window_counts(make_log):
    log = make_log(2, rows=400)
    inside = between(log, "2010-09-23", "2010-12-31")
    graded = tiers(log, as_of="2010-12-31", window_days=100)
    assert (
        graded["purchase_days"].sum()
        == inside.assign(day=inside["at"].dt.date).groupby("customer_id")["day"].nunique().sum()
    )
    assert graded["money"].sum() == pytest.approx(inside["amount"].sum())


def test_customers_without_a_purchase_are_graded_only_if_there_is_a_tier_for_them(make_log):
    log = make_log(2)
    everybody = [*log["customer_id"], "stranger"]
    assert "stranger" not in tiers(log, as_of="2010-12-31", customers=everybody).index
    graded = tiers(log, as_of="2010-12-31", customers=everybody, limits=FEW_DAYS)
    assert graded.loc["stranger", ["purchase_days", "tier"]].tolist() == [0, "tier_0"]


def test_later_rows_change_nothing(make_log):
    log = make_log(2)
    pd.testing.assert_frame_equal(
        tiers(between(log, "2010-01-01", "2010-10-01"), as_of="2010-10-01"), tiers(log, as_of="2010-10-01")
    )


def test_the_table_counts_all(make_log):
    graded = tiers(make_log(2, rows=400), as_of="2010-12-31")
    table = tier_table(graded)
    assert list(table.index) == list(FIVE_LEVELS)
    assert table["customers"].sum() == len(graded)
    assert table["share"].sum() == pytest.approx(1)
    assert table["money_share"].sum() == pytest.approx(1)
    assert (table["share_low"] <= table["share"]).all()
    assert (table["share"] <= table["share_high"]).all()


@pytest.mark.parametrize("limits", [{"a": 1}, {"a": 2, "b": 3}, {"a": 1, "b": 1}, {"a": 5, "b": 1}])
def test_limits_that_do_not_ascend_are_refused(make_log, limits):
    with pytest.raises(InputError, match="limits of the tiers"):
        tiers(make_log(), as_of="2010-12-31", limits=limits)


def test_a_year_cannot_be_read_from_two_hours(slice_of_two_hours):
    with pytest.raises(InputError, match=r"buyer tiers: .* 183 days of data; these data span 2 hours"):
        tiers(slice_of_two_hours, as_of="2017-11-25")


def test_taobao_t6(taobao):
    buys = taobao[taobao["action"] == "buy"]
    assert (buys["customer_id"].value_counts() >= 2).sum() == 442
    graded = tiers(buys, as_of="2017-12-03", limits=FEW_DAYS, window_days=9)
    assert len(graded) == 671
    assert (graded["purchase_days"] >= 2).sum() == 365
    assert tier_table(graded)["customers"].tolist() == [0, 306, 279, 86]
    everybody = tiers(buys, as_of="2017-12-03", limits=FEW_DAYS, window_days=9, customers=taobao["customer_id"])
    assert tier_table(everybody)["customers"].tolist() == [983 - 671, 306, 279, 86]
