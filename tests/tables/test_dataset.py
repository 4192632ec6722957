"""Data sets of frames: what is there, what is missing."""

from __future__ import annotations

import pandas as pd
import pytest

from crm_analysis.errors import InputError, MissingData
from crm_analysis.tables import About, DataSet, from_frames

ORDERS = pd.DataFrame({"order_id": ["1", "2"], "customer_id": ["a", ""], "ordered_at": "2017-01-02", "amount": 9.0,
                       "margin": [None, None]})  # fmt: skip


@pytest.fixture
def data():
    return from_frames({"orders": ORDERS}, About("shop", zone="Asia/Shanghai"))


def test_frames_are_checked_like_files(data):
    assert len(data["orders"]) == 1
    assert str(data["orders"]["ordered_at"].dtype) == "datetime64[us, Asia/Shanghai]"
    assert str(data.ledger).startswith("orders: 2 rows read from orders, 1 kept")


def test_what_is_missing_is_named(data):
    assert data.missing("orders", "amount", "margin", "city") == ["orders.margin", "orders.city"]
    assert data.missing("events", "action") == ["events"]
    assert data.has("orders", "amount")
    assert not data.has("orders", "margin")


def test_a_table_without_rows_is_missing():
    empty = from_frames({"orders": ORDERS.head(0)}, About("shop"))
    assert empty.missing("orders") == ["orders"]


def test_a_table_that_is_not_there_is_an_input_error(data):
    with pytest.raises(MissingData, match="do not hold events") as caught:
        data["events"]
    assert caught.value.missing == ["events"]
    with pytest.raises(MissingData, match="there are: none"):
        DataSet({}, About("nothing"))["orders"]
    with pytest.raises(MissingData, match=r"orders\.margin"):
        data.need("orders", "amount", "margin")


def test_a_table_of_no_schema_is_refused():
    with pytest.raises(InputError, match="did you mean 'orders'"):
        from_frames({"order": ORDERS}, About("shop"))
