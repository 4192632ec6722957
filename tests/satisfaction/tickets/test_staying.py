"""Buying again after a complaint from a landmark on: by hand, nothing from the future, recovery."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.tickets.followed import follow
from crm_analysis.satisfaction.tickets.staying import staying_comparison, staying_curves, staying_table
from crm_analysis.words import all_words

ZONE = "Asia/Shanghai"


def times(*texts: str | None) -> pd.DatetimeIndex:
    return pd.to_datetime(list(texts), format="ISO8601").tz_localize(ZONE).as_unit("us")


@pytest.fixture
def shop() -> tuple[pd.DataFrame, pd.DataFrame]:
    tickets = pd.DataFrame(
        {
            "ticket_id": [str(k) for k in range(7)],
            "customer_id": list("abcdeaf"),
            "channel": ["chat"] * 4 + ["mail"] * 3,
            "opened_at": times(*["2012-03-01 10:00"] * 4, "2012-03-28", "2012-03-09", "2012-03-01"),
            "resolved_at": times("2012-03-03", "2012-03-03", "2012-03-20", None, None, None, "2012-03-02"),
            "compensation": [5.0, 0.0, 9.0, np.nan, np.nan, np.nan, 0.0],
            "csat": [5, 2, 5, np.nan, np.nan, np.nan, 3],
        }
    )
    orders = pd.DataFrame(
        [("a", "2012-02-01"), ("a", "2012-03-05"), ("a", "2012-03-18"), ("b", "2012-03-01"), ("c", "2012-02-01"),
         ("c", "2012-03-08 23:00"), ("d", "2012-02-01"), ("d", "2012-03-09 01:00"), ("e", "2012-02-01")],
        columns=["customer_id", "at"],
    )  # fmt: skip
    return tickets, orders.assign(ordered_at=times(*orders["at"])).drop(columns="at")


def test_follow_up_by_hand(shop):
    before = [frame.copy(deep=True) for frame in shop]
    found = follow(*shop, as_of="2012-03-31", landmark_days=7)
    for frame, copy in zip(shop, before):
        pd.testing.assert_frame_equal(frame, copy)
    frame = found.frame  # landmark March 8: an order on that day is early, one on the 9th is one day after
    assert frame["group"].to_dict() == {
        "a": "compensated",
        "b": "resolved_only",
        "c": "not_resolved",
        "d": "not_resolved",
    }
    assert frame["days"].to_dict() == {"a": 10, "b": 23, "c": 23, "d": 1}
    assert frame["bought"].to_dict() == {"a": True, "b": False, "c": False, "d": True}
    assert frame["bought_early"].to_dict() == {"a": True, "b": False, "c": True, "d": False}
    assert found.left_out.to_dict() == {"not_yet": 1, "no_purchase": 1, "bought_early": 0}


def test_the_table_by_hand(shop):
    table = staying_table(*shop, as_of="2012-03-31", days=20)
    assert table.index.tolist() == ["compensated", "resolved_only", "not_resolved"]
    assert table["stay_share"].tolist() == [1, 0, 0.5]
    assert table["stay_difference"].tolist() == pytest.approx([0.5, -0.5, np.nan], nan_ok=True)
    assert (table["stay_share_low"] < table["stay_share_high"]).all()
    assert table[["not_yet", "no_purchase"]].values.tolist() == [[1, 1]] * 3
    late = staying_table(*shop, as_of="2012-03-31", days=60)
    assert late["stay_share"].tolist() == pytest.approx([1, np.nan, np.nan], nan_ok=True)  # nobody was followed so long


def test_early_buyers_can_be_left_out(shop):
    found = follow(*shop, as_of="2012-03-31", keep_early_buyers=False)
    assert found.frame.index.tolist() == ["b", "d"]
    assert found.left_out["bought_early"] == 2


def test_what_happens_after_the_landmark_moves_nobody_to_another_group(shop):
    tickets, orders = shop
    later = tickets["resolved_at"] >= times("2012-03-09")[0]
    known = tickets.assign(
        resolved_at=tickets["resolved_at"].mask(later),
        compensation=tickets["compensation"].mask(later), csat=tickets["csat"].mask(later),
    )  # fmt: skip
    for by in ("handling_then", "csat_then"):
        pd.testing.assert_frame_equal(
            staying_table(known, orders, by=by, as_of="2012-03-31", days=20),
            staying_table(tickets, orders, by=by, as_of="2012-03-31", days=20),
        )


def test_groups_by_satisfaction_and_by_any_column(shop):
    by_csat = staying_table(*shop, by="csat_then", as_of="2012-03-31", days=20)
    assert by_csat["customers"].to_dict() == {"csat_high": 1, "csat_low": 1, "csat_none": 2}
    by_channel = staying_table(*shop, by="channel", as_of="2012-03-31", days=20)
    assert by_channel["customers"].to_dict() == {"chat": 4}
    other = staying_table(*shop, as_of="2012-03-31", days=20, reference="compensated")
    assert np.isnan(other.loc["compensated", "stay_difference"])


def simulated(rng: np.random.Generator, *, effect: float, count: int = 600) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Customers who leave at a rate of their own; an unresolved complaint multiplies it from day 7 on."""
    start = pd.Timestamp("2012-01-01", tz=ZONE).as_unit("us")
    solved = rng.exponential(7 / np.log(2), count)
    leaves = 7 + rng.exponential(120 / np.where(solved < 8, 1, effect))
    after = rng.exponential(25, count)
    bought = np.where(after + 8 < leaves, after + 8, np.nan)
    days = lambda x: start + pd.to_timedelta(x, "D").round("s")  # noqa: E731
    ids = [f"C{k}" for k in range(count)]
    tickets = pd.DataFrame(
        {"ticket_id": ids, "customer_id": ids, "opened_at": start, "resolved_at": days(np.floor(solved) + 0.5)}
    )
    orders = pd.DataFrame({"customer_id": ids * 2, "ordered_at": [*([start] * count), *days(bought)]})
    return tickets, orders.dropna(ignore_index=True)


@pytest.mark.parametrize("effect", [1.0, 4.0])
def test_the_difference_of_simulated_companies_is_recovered(effect):
    def bought_within(leaving: float, days: float = 90) -> float:  # buys before leaving, within days
        total = 1 / 25 + leaving
        return 1 / 25 / total * (1 - np.exp(-total * days))

    true = bought_within(1 / 120) - bought_within(effect / 120)
    rng, hits = np.random.default_rng(9), 0
    for _ in range(30):
        table = staying_table(*simulated(rng, effect=effect), as_of="2013-12-31")
        low, high = table.loc["resolved_only", ["stay_difference_low", "stay_difference_high"]]
        hits += low <= true + 0.01 and true - 0.01 <= high  # whole days instead of moments
    assert hits >= 26


def test_the_sample_company_loses_those_who_are_kept_waiting(sample):
    tickets, orders = sample["tickets"], sample["orders"]
    table = staying_table(tickets, orders, as_of="2012-12-31")
    assert (table.loc[["compensated", "resolved_only"], "stay_difference_low"] > 0).all()  # slow: hazard x 2.46
    assert table.loc["compensated", "stay_share"] > table.loc["resolved_only", "stay_share"]  # compensated: x 0.50
    first = tickets.drop_duplicates("customer_id")
    assert table["customers"].sum() + table["not_yet"].iloc[0] + table["no_purchase"].iloc[0] == len(first)
    found = staying_comparison(tickets, orders, as_of="2012-12-31")
    assert found.p < 0.05
    assert "association, not an effect" in found.text("en")
    curves = staying_curves(tickets, orders, as_of="2012-12-31")
    assert curves.index.names == ["handling_then", "time"]


@pytest.mark.parametrize(
    ("change", "options", "what"),
    [
        ({"resolved_at": pd.NaT}, {}, "no ticket has a value in resolved_at"),
        ({}, {"by": "chanel"}, "no column 'chanel'"),
        ({}, {"days": 0}, "a follow-up of 0 days"),
        ({}, {"landmark_days": -1}, "a landmark of -1 days"),
        ({}, {"landmark_days": 400}, "no complaint can be followed beyond 400 days"),
        ({}, {"reference": "nobody"}, "there is no group 'nobody'"),
    ],
)
def test_what_cannot_be_followed(shop, change, options, what):
    tickets, orders = shop
    with pytest.raises(InputError, match=what) as error:
        staying_table(tickets.assign(**change), orders, **({"as_of": "2012-03-31"} | options))
    assert error.value.zh != error.value.what


def test_every_word_is_known(shop):
    frames = [staying_table(*shop, by=by, as_of="2012-03-31", days=20) for by in ("handling_then", "csat_then")]
    names = {name for frame in frames for name in [*frame.columns, frame.index.name, *frame.index]}
    assert {name for name in names if not name.endswith(("_low", "_high"))} <= set(all_words())


def test_the_reference_is_the_largest_group_not_the_lowest_number(shop):
    tickets, orders = shop
    severity = tickets["customer_id"].map({"a": 1, "b": 3, "c": 3, "d": 3}).fillna(3).astype(int)
    table = staying_table(tickets.assign(severity=severity), orders, by="severity", as_of="2012-03-31", days=20)
    assert table["customers"].to_dict() == {1: 1, 3: 3}
    assert table["stay_difference"].isna().to_dict() == {1: False, 3: True}


def test_orders_in_another_zone_fall_on_the_days_of_the_tickets(shop):
    tickets, orders = shop
    other = orders.assign(ordered_at=orders["ordered_at"].dt.tz_convert("America/New_York"))
    pd.testing.assert_frame_equal(staying_table(tickets, other, as_of="2012-03-31", days=20),
                                  staying_table(tickets, orders, as_of="2012-03-31", days=20))  # fmt: skip


def test_many_customers_are_followed_as_one_by_one():
    rng = np.random.default_rng(0)
    start = pd.Timestamp("2012-01-01", tz=ZONE).as_unit("us")
    moments = lambda n: pd.Series(start + pd.to_timedelta(rng.integers(0, 100 * 24, n), "h")).dt.as_unit("us")  # noqa: E731
    names = np.array([f"c{k}" for k in range(80)])
    tickets = pd.DataFrame({"ticket_id": np.arange(120).astype(str), "customer_id": rng.choice(names[:60], 120),
                            "opened_at": moments(120), "channel": "chat"})  # fmt: skip
    orders = pd.DataFrame({"customer_id": rng.choice(names[10:], 300), "ordered_at": moments(300)})
    found = follow(tickets, orders, by="channel", as_of="2012-04-09", landmark_days=7).frame
    last = pd.Timestamp("2012-04-09")
    for name, row in found.iterrows():
        opened = tickets.loc[tickets["customer_id"] == name, "opened_at"].min().tz_localize(None).normalize()
        days = orders.loc[orders["customer_id"] == name, "ordered_at"].dt.tz_localize(None).dt.normalize()
        landmark = opened + pd.Timedelta(7, "D")
        later = days[days > landmark]
        assert (days <= opened).any()
        assert row["bought"] == (len(later) > 0)
        assert row["days"] == ((later.min() if len(later) else last) - landmark).days
        assert row["bought_early"] == ((days > opened) & (days <= landmark)).any()
