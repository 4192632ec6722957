"""A random part of the customers: the same in all tables, whole histories, all counted."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd
import pytest

from crm_analysis.errors import InputError
from crm_analysis.tables import Ledger, load, save
from crm_analysis.tables.large import PARTS, part_to_keep, read_parquet, sample

ORDERS = pd.DataFrame({"order_id": np.arange(3000).astype(str), "customer_id": np.arange(3000) % 300,
                       "ordered_at": pd.Timestamp("2017-01-02", tz="Asia/Shanghai"), "amount": 1.5})  # fmt: skip
CUSTOMERS = pd.DataFrame({"customer_id": np.arange(300), "joined_at": "2016-01-01"})


def chosen(ids: pd.Series, keep: int) -> pd.Series:
    """Tell by Python's MD5 whether an id is in the part."""
    return ids.map(lambda one: int.from_bytes(hashlib.md5(str(one).encode()).digest()[8:], "little") % PARTS < keep)


@pytest.fixture
def folder(tmp_path):
    ORDERS.to_parquet(tmp_path / "orders.parquet")
    CUSTOMERS.to_parquet(tmp_path / "customers.parquet")
    return tmp_path


def test_small_tables_are_read_whole(folder):
    data = load(folder, max_rows=3000)
    assert (len(data["orders"]), len(data["customers"])) == (3000, 300)
    assert "customer_not_sampled" not in str(data.ledger)


def test_large_tables_are_read_for_the_same_customers_with_all_their_rows(folder):
    data = load(folder, max_rows=1000)
    part = set(data["customers"]["customer_id"])
    assert 60 < len(part) < 140
    assert set(data["orders"]["customer_id"]) == part
    assert (data["orders"]["customer_id"].value_counts() == 10).all()
    assert [entry.set_aside for entry in data.ledger if entry.set_aside] == [
        3000 - 10 * len(part),
        300 - len(part),
    ] or (
        sorted(entry.set_aside for entry in data.ledger if entry.set_aside) == [300 - len(part), 3000 - 10 * len(part)]
    )


def test_the_part_is_that_of_the_md5_of_the_id():
    keep = PARTS // 3
    kept = sample(CUSTOMERS, None or __import__("pathlib").Path("c.csv"), "customers", keep, Ledger())
    assert kept["customer_id"].tolist() == CUSTOMERS["customer_id"][chosen(CUSTOMERS["customer_id"], keep)].tolist()


@pytest.mark.parametrize("kind", ["int32", "float64", "str", "category", "Int64"])
def test_the_part_does_not_depend_on_the_type_of_the_id(tmp_path, kind):
    ORDERS.astype({"customer_id": kind}).to_parquet(tmp_path / "orders.parquet")
    found = read_parquet(tmp_path / "orders.parquet", "orders", PARTS // 3, Ledger())
    expected = ORDERS[chosen(ORDERS["customer_id"], PARTS // 3)]
    assert found["order_id"].tolist() == expected["order_id"].tolist()


def test_csv_tables_are_cut_to_the_same_customers(folder):
    (folder / "customers.parquet").unlink()
    CUSTOMERS.to_csv(folder / "customers.csv", index=False)
    data = load(folder, max_rows=1000)
    assert set(data["orders"]["customer_id"]) == set(data["customers"]["customer_id"])


def test_tables_without_customers_are_read_whole(folder):
    prices = pd.DataFrame({"instrument": "x", "at": pd.date_range("2017-01-01", periods=50), "price": 1.0})
    prices.to_parquet(folder / "prices.parquet")
    assert len(load(folder, max_rows=1000)["prices"]) == 50


def test_rows_without_a_customer_are_counted(tmp_path):
    blank = ORDERS.assign(customer_id=ORDERS["customer_id"].astype("Int64").mask(ORDERS.index < 100))
    blank.to_parquet(tmp_path / "orders.parquet")
    ledger = load(tmp_path, max_rows=1000).ledger
    first = next(iter(ledger))
    assert first.read == 3000 == first.kept + first.set_aside


def test_a_sampled_data_set_can_be_saved_and_loaded(folder):
    data = load(folder, max_rows=1000)
    save(data, folder / "part")
    again = load(folder / "part")
    pd.testing.assert_frame_equal(again["orders"], data["orders"])
    assert "customer_not_sampled" in str(again.ledger)


@pytest.mark.parametrize("cut", [slice(0, 200), slice(None, -50)])
def test_a_cut_file_is_refused_and_named(folder, cut):
    path = folder / "orders.parquet"
    path.write_bytes(path.read_bytes()[cut])
    with pytest.raises(InputError, match="not a whole Parquet file") as caught:
        load(folder)
    assert str(path) in str(caught.value)


def test_a_damaged_file_is_refused(folder):
    path = folder / "orders.parquet"
    content = bytearray(path.read_bytes())
    content[100:2000] = np.random.default_rng(0).bytes(1900)
    path.write_bytes(bytes(content))
    with pytest.raises(InputError, match="not a whole Parquet file"):
        load(folder)


def test_nothing_to_read_keeps_all():
    assert part_to_keep([], 10) == PARTS
