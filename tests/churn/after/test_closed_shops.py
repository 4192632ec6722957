"""Customers of closed shops: against loops, and on companies with known truth."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.churn.after.closed_shops import closed_shop_customers
from crm_analysis.errors import InputError
from crm_analysis.words import all_words

ZONE = "Asia/Shanghai"
START = pd.Timestamp("2012-01-01", tz=ZONE)
DAY = pd.Timedelta(1, "D")
quick = settings(max_examples=30, deadline=None)
logs = st.lists(
    st.tuples(st.sampled_from("abcd"), st.integers(0, 120), st.sampled_from(["x", "x", "y", "z", "?"])),
    min_size=10, max_size=40, unique_by=lambda row: row[:2],
)  # fmt: skip
closings = st.tuples(*[st.one_of(st.none(), st.integers(20, 120))] * 3)


def orders_of(rows: list[tuple[str, float, str]]) -> pd.DataFrame:
    who, day, shop = zip(*rows)
    shops = [None if name == "?" else name for name in shop]
    return pd.DataFrame({"customer_id": who, "ordered_at": [START + d * DAY for d in day], "seller_id": shops})


def sellers_of(days: dict[str, float | None]) -> pd.DataFrame:
    at = [pd.NaT if day is None else START + (day + 0.5) * DAY for day in days.values()]
    closed = pd.Series(pd.DatetimeIndex(at, tz=ZONE) if any(pd.notna(at)) else at, dtype=f"datetime64[us, {ZONE}]")
    return pd.DataFrame({"seller_id": list(days), "closed_at": closed})


def tied(own: list[tuple[int, str]], bond: str) -> str:
    """The shop a customer is tied to after the purchases `own`, in order."""
    if bond == "last_purchase":
        return own[-1][1]
    count, leader = Counter(), "?"
    for _, shop in own:
        count[shop] += 1
        leader = shop if count[shop] == max(count.values()) else leader
    return leader if count[leader] >= 2 and 2 * count[leader] >= len(own) else "?"


def by_loops(rows: list, closed: dict, last: int, days: int, bond: str) -> dict[str, float]:
    """The definition of `closed_shop_customers`, one closing and customer after the other."""
    rows = sorted(row for row in rows if row[1] <= last)
    start = min(day for _, day, _ in rows)
    cases, reference, not_yet = [], [], 0
    for day in {c for c in closed.values() if c is not None and start <= c <= last}:
        for who in {w for w, _, _ in rows}:
            own = [(d, shop) for w, d, shop in rows if w == who and d <= day]
            shop = tied(own, bond) if own else "?"
            if shop == "?":
                continue
            band = sum(day - own[-1][0] > limit for limit in (30, 90, 180))
            case = ((day, band), any(w == who and day < d <= day + days for w, d, _ in rows), who)
            end = closed[shop]
            if day + days > last:
                not_yet += end == day
            elif end == day:
                cases.append(case)
            elif end is None or end > day:
                reference.append(case)
    strata = {stratum for stratum, _, _ in reference}
    matched = [case for case in cases if case[0] in strata]
    shares = [np.mean([y for k, y, _ in reference if k == stratum]) for stratum, _, _ in matched]
    return {
        "cases": len(matched), "customers": len({who for _, _, who in matched}), "not_yet": not_yet,
        "unmatched": len(cases) - len(matched), "later_share": np.mean([y for _, y, _ in matched] or [np.nan]),
        "reference_share": np.mean(shares or [np.nan]),
    }  # fmt: skip


@quick
@given(logs, closings, st.integers(90, 160), st.integers(1, 40))
def test_closed_shop_customers_agree_with_loops(rows, days_closed, last, days):
    closed = dict(zip("xyz", days_closed))
    try:
        table = closed_shop_customers(orders_of(rows), sellers_of(closed), as_of=START + last * DAY, days=days)
    except InputError as error:
        if "can be followed" in error.what:
            assert not any(by_loops(rows, closed, last, days, b)["cases"] for b in ("last_purchase", "main_shop"))
        return
    for bond in ("last_purchase", "main_shop"):
        expected = by_loops(rows, closed, last, days, bond)
        assert table.loc[bond, list(expected)].astype(float).to_dict() == pytest.approx(expected, nan_ok=True)


def company(rng: np.random.Generator, leave: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Customers with a home shop for three orders of four; `leave` stop when it closes."""
    shops = [f"s{k:02}" for k in range(40)]
    closed = {shop: float(rng.uniform(30, 250)) if k % 2 else None for k, shop in enumerate(shops)}
    ends = {shop: np.inf if day is None else day for shop, day in closed.items()}
    rows = []
    for number, rate in enumerate(rng.gamma(1.0, 1 / 40, 500)):
        home = shops[rng.integers(40)]
        until = ends[home] if rng.random() < leave else np.inf
        for day in np.sort(rng.uniform(0, 365, rng.poisson(365 * rate))):
            open_shops = [shop for shop in shops if ends[shop] > day]
            at_home = ends[home] > day and rng.random() < 0.75
            if day < until:
                rows.append((f"c{number}", day, home if at_home else open_shops[rng.integers(len(open_shops))]))
    return orders_of(rows), sellers_of({shop: None if day is None else day - 0.5 for shop, day in closed.items()})


def test_closings_without_consequence_show_no_difference():
    rng = np.random.default_rng(21)
    tables = [closed_shop_customers(*company(rng, 0.0), as_of="2012-12-30") for _ in range(8)]
    for bond in ("last_purchase", "main_shop"):
        rows = [table.loc[bond] for table in tables]
        assert abs(np.mean([row["later_difference"] for row in rows])) < 0.04
        assert sum(row["later_difference_low"] <= 0 <= row["later_difference_high"] for row in rows) >= 7


def test_customers_who_leave_with_their_shop_are_found():
    table = closed_shop_customers(*company(np.random.default_rng(22), 0.5), as_of="2012-12-30")
    assert (table["later_difference_high"] < 0).all()
    assert table["shops_closed"].tolist() == [20, 20]
    assert table.loc["main_shop", "later_difference"] < table.loc["last_purchase", "later_difference"]


def test_row_order_and_later_rows_change_nothing_and_the_frames_are_left_alone():
    orders, sellers = company(np.random.default_rng(23), 0.3)
    before = closed_shop_customers(orders, sellers, as_of="2012-09-30")
    copies = orders.copy(deep=True), sellers.copy(deep=True)
    closed_shop_customers(orders, sellers, as_of="2012-09-30")
    pd.testing.assert_frame_equal(orders, copies[0])
    pd.testing.assert_frame_equal(sellers, copies[1])
    known = orders[orders["ordered_at"] < pd.Timestamp("2012-10-01", tz=ZONE)].sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(closed_shop_customers(known, sellers[::-1], as_of="2012-09-30"), before)


def test_every_column_has_a_word():
    table = closed_shop_customers(*company(np.random.default_rng(24), 0.3), as_of="2012-12-30")
    names = {*table.columns, *table.index, table.index.name}
    assert {name for name in names if not name.endswith(("_low", "_high"))} <= set(all_words())


ORDERS = orders_of([("a", 0, "x"), ("b", 1, "y"), ("b", 300, "y")])


@pytest.mark.parametrize(
    ("orders", "sellers", "what", "zh"),
    [
        (ORDERS, sellers_of({"x": None, "y": None}), "no seller closed between the first order", "没有卖家关店"),
        (ORDERS, sellers_of({"x": 400, "y": None}), "no seller closed between the first order", "没有卖家关店"),
        (ORDERS, sellers_of({"x": 340, "y": None}), "no customer of a closed shop can be followed", "没有一位"),
        (ORDERS, pd.DataFrame({"seller_id": ["x"]}), "closed_at is missing", "closed_at 缺失"),
        (ORDERS, pd.concat([sellers_of({"x": 9})] * 2), "names a seller twice", "无法按卖家编号对应"),
        (ORDERS.drop(columns="seller_id"), sellers_of({"x": 9}), "no order names a seller", "无法按卖家编号对应"),
    ],
)
def test_what_cannot_be_followed_is_named(orders, sellers, what, zh):
    with pytest.raises(InputError, match=what) as error:
        closed_shop_customers(orders, sellers, as_of="2012-12-30")
    assert zh in error.value.zh
