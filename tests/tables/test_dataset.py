"""Data sets of frames: what is there, what is missing."""

from __future__ import annotations

import pickle

import pandas as pd
import pytest

from crm_analysis.errors import InputError, MissingData
from crm_analysis.tables import About, DataSet, from_frames, load

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


def test_a_table_whose_rows_were_all_set_aside_tells_the_rule(tmp_path):
    ORDERS.assign(customer_id="a", amount="¥ 9").to_csv(tmp_path / "orders.csv", index=False)
    data = load(tmp_path)
    assert data.missing("orders") == ["orders"]
    with pytest.raises(MissingData, match="do not hold orders") as caught:
        data.need("orders")
    told = "orders: 2 rows read, 0 kept; bad_number: 2 (first: orders.csv, line 2: 1,a,2017-01-02,¥ 9,)"
    assert told in caught.value.where
    assert caught.value.expected == "orders.amount: numbers such as 1234.5, without currency signs or commas"
    with pytest.raises(MissingData, match="there are: none") as caught:
        data.need("events")
    assert "orders" not in caught.value.where
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_frames_without_a_row_that_can_be_used_are_refused_in_one_message():
    events = pd.DataFrame({"customer_id": "a", "item_id": "1", "category_id": "2", "action": ["pv", "look"],
                           "happened_at": "2017-01-02"})  # fmt: skip
    with pytest.raises(InputError, match="not one row of orders, events can be used") as caught:
        from_frames({"orders": ORDERS.assign(amount=["", "9,000"]), "events": events}, About("shop"))
    assert "orders: 2 rows read, 0 kept; bad_number: 1 (first: orders, line 1" in caught.value.where
    assert "blank_id: 1 (first: orders, line 2" in caught.value.where
    assert "bad_choice: 2" in caught.value.where
    assert "events.action: one of view, favourite, cart, buy" in caught.value.expected
    assert "orders.amount: numbers" in caught.value.expected


@pytest.mark.parametrize("about", [(), (None,), ("my shop",), ({"name": "my shop"},)])
def test_frames_without_a_description_are_told_how_to_give_one(about):
    with pytest.raises(InputError) as caught:
        from_frames({"orders": ORDERS}, *about)
    assert 'About("my shop")' in caught.value.mend


@pytest.mark.parametrize("frames", [ORDERS, [ORDERS], {"orders": "orders.csv"}, {"orders": None}])
def test_what_is_no_frame_by_name_is_refused(frames):
    with pytest.raises(InputError, match="no DataFrames by name"):
        from_frames(frames, About("shop"))
