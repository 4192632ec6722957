import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_analysis.errors import InputError
from crm_analysis.segments import between, compare_periods, last_windows, shapley

BEFORE, AFTER = ("2010-01-01", "2010-06-30"), ("2010-07-01", "2010-12-31")
levels = st.lists(st.floats(0, 100), min_size=3, max_size=3)


@given(levels, levels)
def test_contributions_add_up_and_a_factor_that_stays_contributes_nothing(before, after):
    parts = shapley(before, after)
    assert parts.sum() == pytest.approx(np.prod(after) - np.prod(before), abs=1e-6)
    assert shapley([*before[:2], 5], [*after[:2], 5])[2] == pytest.approx(0)
    assert shapley(after, before) == pytest.approx(-parts, abs=1e-6)


def test_two_factors_have_the_known_formula():
    (a0, b0), (a1, b1) = (3.0, 7.0), (5.0, 4.0)
    assert shapley([a0, b0], [a1, b1]).tolist() == pytest.approx([(a1 - a0) * (b0 + b1) / 2, (b1 - b0) * (a0 + a1) / 2])


def test_the_change_is_that_of_the_two_windows(make_log):
    log = make_log(11, rows=500, customers=120)
    change = compare_periods(log, before=BEFORE, after=AFTER)
    parts = [between(log, *window) for window in (BEFORE, AFTER)]
    for name, part in zip(("before", "after"), parts):
        column = change.factors[name]
        assert column["customers"] == part["customer_id"].nunique()
        assert column["orders_per_customer"] == pytest.approx(len(part) / part["customer_id"].nunique())
        assert column["average_order_value"] == pytest.approx(part["amount"].mean())
        assert column["revenue"] == pytest.approx(part["amount"].sum())
    contribution = change.factors["contribution"]
    assert contribution.iloc[:-1].sum() == pytest.approx(contribution["revenue"])
    assert change.customers["change"].sum() == pytest.approx(contribution["revenue"])
    first, second = (set(part["customer_id"]) for part in parts)
    assert change.customers["customers"].tolist() == [len(first - second), len(first & second), len(second - first)]


def test_without_money_orders_are_decomposed(make_log):
    change = compare_periods(make_log(11).drop(columns="amount"), before=BEFORE, after=AFTER)
    assert change.factors.index.tolist() == ["customers", "orders_per_customer", "orders"]
    assert change.factors["contribution"].iloc[:2].sum() == pytest.approx(change.factors["contribution"].iloc[2])


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2009-01-01", "2010-12-31", ["2009-01-01", "2009-12-31", "2010-01-01", "2010-12-31"]),
        ("2010-01-01", "2010-12-31", ["2010-01-01", "2010-06-30", "2010-07-01", "2010-12-31"]),
        ("2010-01-01", "2010-12-30", ["2010-06-30", "2010-09-29", "2010-09-30", "2010-12-30"]),
        ("2010-01-01", "2010-03-31 10:00", ["2010-01-28", "2010-02-27", "2010-02-28", "2010-03-30"]),
        ("2010-01-01", "2010-01-20", ["2010-01-07", "2010-01-13", "2010-01-14", "2010-01-20"]),
    ],
)
def test_the_longest_pair_of_windows_that_fits(start, end, expected):
    before, after = last_windows(start=start, end=end)
    assert [str(day.date()) for day in (*before, *after)] == expected


def test_bad_windows_are_refused(make_log):
    with pytest.raises(InputError, match="not one before the other"):
        compare_periods(make_log(), before=AFTER, after=BEFORE)
    with pytest.raises(InputError, match="holds no purchase"):
        compare_periods(make_log(), before=("2008-01-01", "2008-12-31"), after=AFTER)
    with pytest.raises(InputError, match="14 whole days"):
        last_windows(start="2010-01-01", end="2010-01-09")
