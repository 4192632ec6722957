"""Classes and tenths of value add up to the whole; the best customers are the best."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_analysis.clv.views.value_shares import top_customers, value_classes, value_deciles
from crm_analysis.errors import InputError

VALUES = st.lists(st.floats(0, 1e9) | st.sampled_from([0.0, 1.0, 2.0, 5.0, 1e-6]), min_size=1, max_size=60)


@given(VALUES, st.integers(2, 12))
def test_classes_hold_each_customer_once(values, most):
    table, values = value_classes(values, most=most), np.array(values)
    assert len(table) <= most
    assert table["customers"].sum() == len(values)
    assert table["value"].sum() == pytest.approx(values.sum())
    assert table["share_of_customers"].sum() == pytest.approx(1)
    assert table["value_share"].sum() == pytest.approx(1 if values.sum() else 0)
    for row in table.itertuples():
        inside = (values >= row.class_from) & (values < row.class_to)
        assert inside.sum() == row.customers
    assert table["class_from"].tolist()[1:] == table["class_to"].tolist()[:-1]
    leads = {f"{edge:e}"[0] for edge in table["class_from"] if edge > 0}
    assert leads <= set("125")


def test_names_of_classes_can_be_read():
    assert value_classes([0.02, 1500, 2_500_000])["value_class"].iloc[[0, -1]].tolist() == ["0–5,000", "≥ 2,000,000"]
    assert value_classes([60.0, 60.0])["value_class"].tolist() == ["≥ 50"]
    assert value_classes([0.0])["value_class"].tolist() == ["≥ 0"]


@given(VALUES, st.integers(1, 12))
def test_parts_are_equal_and_fall(values, parts):
    table = value_deciles(values, parts=parts)
    assert table["customers"].sum() == len(values)
    assert table["customers"].max() - table["customers"].min() <= 1
    assert table["value_mean"].is_monotonic_decreasing
    assert table["value"].sum() == pytest.approx(np.sum(values))
    assert table["decile"].tolist() == list(range(1, min(parts, len(values)) + 1))


def test_values_that_are_not_known_are_counted():
    assert value_classes([1.0, np.nan]).attrs["unknown"] == 1
    assert value_deciles(pd.Series([1.0, np.nan, np.nan])).attrs["unknown"] == 2


@pytest.mark.parametrize("wrong", [[], [np.nan], [-1.0], [np.inf]])
def test_values_that_cannot_be_are_named(wrong):
    for function in (value_classes, value_deciles):
        with pytest.raises(InputError, match="values must be numbers from 0"):
            function(wrong)
    with pytest.raises(InputError, match="parts must be a whole number"):
        value_deciles([1.0], parts=0)


def test_the_best_customers_come_first_with_their_intervals():
    rng = np.random.default_rng(0)
    table = pd.DataFrame({"clv": [5.0, np.nan, 9.0, 9.0, 1.0]}, index=list("abcde"))
    for name in ("clv_low", "clv_high", "value_low", "value_high"):
        table[name] = rng.random(5)
    table.attrs = {"currency": "USD", "horizon": 52}
    found = top_customers(table, count=3)
    assert found.index.tolist() == ["c", "d", "a"]
    assert found.attrs == table.attrs
    pd.testing.assert_frame_equal(found, table.loc[["c", "d", "a"]], check_exact=True)
    assert len(top_customers(table, count=99)) == 4
    with pytest.raises(InputError, match="purchases_low"):
        top_customers(table, of="expected_purchases")
    with pytest.raises(InputError, match="of must be one of"):
        top_customers(table, of="recency")
