"""Buying again after a complaint: by hand, against loops, and on companies with known truth."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from crm_analysis.churn.after.complaints import later_buying
from crm_analysis.errors import InputError
from crm_analysis.intervals import proportion
from crm_analysis.words import all_words

ZONE = "Asia/Shanghai"
START = pd.Timestamp("2012-01-01", tz=ZONE)
DAY = pd.Timedelta(1, "D")
FATES = ["customers", "not_yet", "no_purchase", "unmatched"]
quick = settings(max_examples=30, deadline=None)
logs = st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 150)), min_size=5, max_size=40)


def orders_of(rows: list[tuple[str, float]]) -> pd.DataFrame:
    who, day = zip(*rows)
    return pd.DataFrame({"customer_id": who, "ordered_at": [START + d * DAY for d in day]})


def tickets_of(rows: list[tuple[str, float]], **columns: list) -> pd.DataFrame:
    who, day = zip(*rows)
    ids = [f"T{k:03}" for k in range(len(rows))]
    return pd.DataFrame({"ticket_id": ids, "customer_id": who, "opened_at": [START + d * DAY for d in day], **columns})


def by_loops(orders: list[tuple[str, int]], tickets: list[tuple[str, int]], last: int, days: int) -> dict[str, float]:
    """The definition of `later_buying`, one customer after the other."""
    month = lambda day: (START + day * DAY).month  # noqa: E731
    bought = {who: sorted({d for w, d in orders if w == who and d <= last}) for who, _ in orders}
    bought = {who: own for who, own in bought.items() if own}
    first = {who: min(d for w, d in tickets if w == who) for who, _ in tickets}
    first = {who: d for who, d in first.items() if d <= last}
    buys = lambda who, day: any(day < d <= day + days for d in bought[who])  # noqa: E731
    buyers = {w: d for w, d in first.items() if any(x <= d for x in bought.get(w, []))}
    waited = [d - max(x for x in bought[w] if x <= d) for w, d in buyers.items()]
    lag = int(np.median(waited)) if waited else 0
    reference = [
        (month(x + lag), buys(w, x + lag))
        for w, own in bought.items()
        for x in own
        if x + lag < first.get(w, 10**6) and x + lag + days <= last
    ]
    seen = {w: d for w, d in buyers.items() if d + days <= last}
    matched = {w: d for w, d in seen.items() if month(d) in {m for m, _ in reference}}
    shares = [np.mean([y for m, y in reference if m == month(d)]) for d in matched.values()]
    return {
        "customers": len(matched), "not_yet": len(buyers) - len(seen), "no_purchase": len(first) - len(buyers),
        "unmatched": len(seen) - len(matched),
        "later_share": np.mean([buys(w, d) for w, d in matched.items()] or [np.nan]),
        "reference_share": np.mean(shares or [np.nan]),
    }  # fmt: skip


@quick
@given(logs, logs, st.integers(60, 160), st.integers(1, 40))
def test_later_buying_agrees_with_loops(orders, tickets, last, days):
    assume(any(day <= last for _, day in orders))
    expected = by_loops(orders, tickets, last, days)
    frames, options = (orders_of(orders), tickets_of(tickets)), {"as_of": START + last * DAY, "days": days}
    if not expected["customers"]:
        with pytest.raises(InputError, match="can be followed"):
            later_buying(*frames, **options)
        return
    table = later_buying(*frames, **options)
    assert table.iloc[0][list(expected)].astype(float).to_dict() == pytest.approx(expected)


@quick
@given(logs, logs, st.randoms())
def test_row_order_times_of_day_and_what_comes_later_change_nothing(orders, tickets, random):
    def found(orders: list, tickets: list) -> pd.DataFrame | str:
        try:
            return later_buying(orders_of(orders), tickets_of(tickets), as_of="2012-04-30", days=20)
        except InputError as error:
            return error.what

    before = found(orders, tickets)
    more = [(who, day + 0.4) for who, day in orders] + [("a", 200.0), ("new", 140.0)]
    random.shuffle(more)
    complaints = [*sorted(tickets, key=lambda row: row[1])[::-1], ("f", 190)]
    after = found(more, complaints)
    if isinstance(before, str):
        assert after == before
    else:
        pd.testing.assert_frame_equal(after, before)


def test_groups_and_fates_by_hand():
    orders = [(who, day) for who in "uvwxyz" for day in (0, 40)] + [("a", 0), ("a", 30), ("b", 1), ("c", 2), ("d", 100)]
    tickets = tickets_of(
        [("a", 5), ("a", 9), ("b", 6), ("c", 110), ("d", 3), ("c", 111)],
        reason=["late", "rude", "late", None, "rude", "late"],
    )
    table = later_buying(orders_of(orders), tickets, as_of=START + 130 * DAY, days=40, by="reason")
    assert table.index.tolist() == ["late", "not_stated", "rude"]
    assert table[FATES].values.tolist() == [[2, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]]
    late = table.loc["late"]
    assert (late["later_share"], late["later_share_low"]) == (0.5, proportion(1, 2).low)
    assert table.loc["rude", ["later_share", "reference_share", "later_difference"]].isna().all()


def test_handling_is_that_at_the_end_of_the_follow_up():
    orders = [(who, 0) for who in "abcdez"]
    resolved = [START + 3 * DAY, START + 4 * DAY, START + 60 * DAY, pd.NaT, START + 1 * DAY]
    tickets = tickets_of([(who, 1) for who in "abcde"], resolved_at=resolved, compensation=[9.0, 0.0, 5.0, 5.0, np.nan])
    table = later_buying(orders_of(orders), tickets, as_of=START + 100 * DAY, days=30, by="handling")
    assert table["customers"].to_dict() == {"compensated": 1, "resolved_only": 2, "not_resolved": 2}
    assert later_buying(
        orders_of(orders), tickets.drop(columns="compensation"), as_of=START + 100 * DAY, days=30, by="handling"
    )["customers"].to_dict() == {"resolved_only": 3, "not_resolved": 2}


def test_a_month_without_comparison_is_counted():
    orders, tickets = [("a", 0), ("b", 0), ("z", 0)], [("a", 2), ("b", 40)]
    table = later_buying(orders_of(orders), tickets_of(tickets), as_of=START + 200 * DAY, days=9)
    assert table[FATES].values.tolist() == [[1, 0, 0, 1]]


# Companies with known truth: gamma rates, complaints about one order in ten, three days later


def company(rng: np.random.Generator, leave: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return orders and tickets of customers who stop buying with probability `leave` at each complaint."""
    orders, tickets = [], []
    for number, rate in enumerate(rng.gamma(1.0, 1 / 60, 500)):
        until = np.inf
        for day in np.sort(rng.uniform(0, 365, rng.poisson(365 * rate))):
            if day > until:
                break
            orders.append((f"c{number}", day))
            if rng.random() < 0.1:
                tickets.append((f"c{number}", day + 3))
                until = min(until, day + 3) if rng.random() < leave else until
    return orders_of(orders), tickets_of([row for row in tickets if row[1] < 365])


def test_complaints_without_consequence_show_no_difference():
    rng = np.random.default_rng(11)
    rows = [later_buying(*company(rng, 0.0), as_of="2012-12-30").iloc[0] for _ in range(15)]
    mean = np.mean([row["later_difference"] for row in rows])
    assert abs(mean) < 0.02  # never-complainers as comparison: +.1
    assert sum(row["later_difference_low"] <= 0 <= row["later_difference_high"] for row in rows) >= 13


def test_leaving_after_complaints_is_found():
    row = later_buying(*company(np.random.default_rng(12), 0.4), as_of="2012-12-30").iloc[0]
    assert row["later_difference"] == pytest.approx(-0.4 * row["reference_share"], abs=0.1)
    assert row["later_difference_high"] < 0


def test_the_frames_are_left_alone_and_every_column_has_a_word():
    orders, tickets = company(np.random.default_rng(13), 0.2)
    copies = orders.copy(deep=True), tickets.copy(deep=True)
    table = later_buying(orders, tickets, as_of="2012-12-30")
    pd.testing.assert_frame_equal(orders, copies[0])
    pd.testing.assert_frame_equal(tickets, copies[1])
    names = {*table.columns, *table.index, table.index.name, "handling", "compensated", "resolved_only", "not_resolved"}
    assert {name for name in names if not name.endswith(("_low", "_high"))} <= set(all_words())


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"by": "reasons"}, "no column 'reasons' to group by"),
        ({"by": "handling"}, "no ticket has a time of resolution"),
        ({"days": 0}, "days=0 is no follow-up"),
        ({"days": 364}, "can be followed for 364 days"),
        ({"as_of": "2011-01-01"}, "there is no order up to 2011-01-01"),
    ],
)
def test_what_cannot_be_followed_is_named(options, what):
    orders, tickets = orders_of([("a", 0), ("b", 300)]), tickets_of([("a", 4)])
    with pytest.raises(InputError, match=what) as error:
        later_buying(orders, tickets, **({"as_of": "2012-12-30"} | options))
    assert options.get("days") == 0 or error.value.zh != error.value.what
