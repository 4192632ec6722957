"""Complaints per 1,000 orders: counts by period, control limits, signals, Poisson limits."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.tickets.rates import complaint_periods, complaint_rates, rate_columns
from crm_analysis.words import all_words

MONDAY = pd.Timestamp("2012-01-02", tz="Asia/Shanghai").as_unit("us")


def shop(complaints: list[int], orders: list[int]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tickets and orders with so many of each in the weeks from a Monday on, the first order on that day."""

    def at(counts: list[int], name: str, when: str) -> pd.DataFrame:
        days = [MONDAY + pd.Timedelta(7 * week + k % 7, "D") for week, n in enumerate(counts) for k in range(n)]
        return pd.DataFrame(
            {name: [str(k) for k in range(len(days))], when: pd.Series(days, dtype=f"datetime64[us, {MONDAY.tz}]")}
        )

    return at(complaints, "ticket_id", "opened_at"), at(orders, "order_id", "ordered_at")


def sunday(weeks: int) -> pd.Timestamp:
    return (MONDAY + pd.Timedelta(7 * weeks - 1, "D")).tz_localize(None)


def test_weeks_and_limits_by_hand():
    tickets, orders = shop([10, 10, 60, 10], [100, 400, 400, 100])
    table = complaint_periods(tickets, orders, as_of=sunday(4))
    assert table[["tickets", "orders"]].values.tolist() == [[10, 100], [10, 400], [60, 400], [10, 100]]
    assert table["complaint_rate"].tolist() == pytest.approx([100, 25, 150, 100])
    centre = 90 / 1000
    assert table["centre_rate"].tolist() == pytest.approx([1000 * centre] * 4)
    half = 3000 * np.sqrt(centre / np.array([100, 400, 400, 100]))
    np.testing.assert_allclose(table["upper_control"], 90 + half)
    np.testing.assert_allclose(table["lower_control"], np.maximum(90 - half, 0))
    assert table["signal"].tolist() == ["", "below_limit", "above_limit", ""]
    assert not table["partial"].any()
    assert table.index[0] == pd.Timestamp("2012-01-02")


def test_a_week_cut_by_the_end_is_marked_and_does_not_count():
    tickets, orders = shop([5, 5, 90], [100, 100, 100])
    table = complaint_periods(tickets, orders, as_of=sunday(3) - pd.Timedelta(1, "D"))
    assert table["partial"].tolist() == [False, False, True]
    assert table["centre_rate"].iloc[0] == pytest.approx(50)
    assert table["signal"].iloc[2] == ""
    months = complaint_periods(*shop([5] * 9, [50] * 9), period="month", as_of="2012-03-04")
    assert months["partial"].tolist() == [True, False, True]  # the first order is of January 2


def test_a_long_run_is_a_signal_though_no_week_is():
    tickets, orders = shop([12] * 8 + [8] * 8, [100] * 16)
    table = complaint_periods(tickets, orders, as_of=sunday(16))
    assert table["signal"].tolist() == [""] * 7 + ["long_run"] + [""] * 7 + ["long_run"]


def test_signals_are_rare_when_nothing_changes():
    rng = np.random.default_rng(5)
    tickets, orders = shop(list(rng.poisson(30, 150)), [400] * 150)
    found = complaint_periods(tickets, orders, as_of=sunday(150))["signal"]
    assert found.isin(["above_limit", "below_limit"]).mean() < 0.03


def test_limits_widen_with_what_counts_vary_more_than_poisson():
    rng = np.random.default_rng(5)
    wild = rng.poisson(30 * rng.gamma(8, 1 / 8, 150))
    tickets, orders = shop(list(wild), [400] * 150)
    plain = complaint_periods(tickets, orders, as_of=sunday(150))
    wide = complaint_periods(tickets, orders, as_of=sunday(150), overdispersed=True)
    factor = wide["sigma_factor"].iloc[0]
    assert factor == pytest.approx(np.sqrt(1 + 30 / 8), rel=0.15)
    np.testing.assert_allclose(wide["upper_control"] - wide["centre_rate"],
                               factor * (plain["upper_control"] - plain["centre_rate"]))  # fmt: skip
    assert plain["signal"].ne("").mean() > 0.1
    assert wide["signal"].isin(["above_limit", "below_limit"]).mean() < 0.04


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 60), st.integers(1, 5000))
def test_limits_are_garwoods(count, base):
    from scipy.stats import chi2

    found = rate_columns("rate", [count], [base])
    low = chi2.ppf(0.025, 2 * count) / 2 if count else 0.0
    assert found["rate_low"][0] == pytest.approx(1000 * low / base)
    assert found["rate_high"][0] == pytest.approx(1000 * chi2.ppf(0.975, 2 * count + 2) / 2 / base)


def test_rates_by_group_take_the_group_of_the_order_or_of_the_customer():
    day = pd.to_datetime(["2012-03-05"] * 4).tz_localize("Asia/Shanghai")
    orders = pd.DataFrame({"order_id": list("wxyz"), "customer_id": list("aabb"), "ordered_at": day,
                           "category": ["food", "food", "books", "books"]})  # fmt: skip
    tickets = pd.DataFrame({"ticket_id": list("123"), "customer_id": list("aab"), "order_id": ["w", "y", "gone"],
                            "opened_at": day[:3]})  # fmt: skip
    customers = pd.DataFrame({"customer_id": list("ab"), "city": ["Xian", "Dalian"]})
    by_kind = complaint_rates(tickets, orders, by="category", as_of="2012-03-31")
    assert by_kind["tickets"].to_dict() == {"books": 1, "food": 1, "not_stated": 1}
    assert np.isnan(by_kind.loc["not_stated", "complaint_rate"])
    by_city = complaint_rates(tickets, orders, by="city", customers=customers, as_of="2012-03-31")
    assert by_city[["tickets", "orders", "complaint_rate"]].values.tolist() == [[1, 2, 500], [2, 2, 1000]]
    with pytest.raises(InputError, match="no column 'town'"):
        complaint_rates(tickets, orders, by="town", as_of="2012-03-31")


def test_the_rate_of_the_sample_is_that_of_its_account(sample):
    table = complaint_periods(sample["tickets"], sample["orders"], period="month", as_of="2012-12-31")
    assert table["tickets"].sum() == 835
    assert table["orders"].sum() == 10652
    per_order = 79.1  # complaints per 1,000 delivered orders; a few orders are not delivered yet, or refunded
    assert table["centre_rate"].iloc[0] == pytest.approx(per_order, abs=1.5)
    assert (table["signal"] == "").all()  # the company never changed how it works


@pytest.mark.parametrize(
    ("options", "what"),
    [({"period": "year"}, "period 'year' is not known"), ({"as_of": "2011-01-01"}, "no order was placed"),
     ({"as_of": "2012-01-03"}, "no whole week holds an order")],
)  # fmt: skip
def test_what_cannot_be_charted(options, what):
    tickets, orders = shop([1], [7])
    with pytest.raises(InputError, match=what) as error:
        complaint_periods(tickets, orders, **({"as_of": "2012-01-08"} | options))
    assert error.value.zh != error.value.what


def test_every_column_has_a_word():
    table = complaint_periods(*shop([1], [7]), as_of=sunday(1))
    names = {*table.columns, table.index.name, "above_limit", "below_limit", "long_run"}
    assert {name for name in names if not name.endswith(("_low", "_high"))} <= set(all_words())


def test_customers_without_ids_are_named():
    at = pd.to_datetime(["2012-03-01"]).tz_localize("Asia/Shanghai")
    tickets = pd.DataFrame({"ticket_id": ["1"], "opened_at": at, "customer_id": ["a"]})
    orders = pd.DataFrame({"order_id": ["1"], "ordered_at": at, "customer_id": ["a"]})
    with pytest.raises(InputError, match="customer_id is missing"):
        complaint_rates(tickets, orders, by="city", as_of="2012-03-31", customers=pd.DataFrame({"city": ["x"]}))
