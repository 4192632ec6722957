"""Which column is guessed to be which, and what is said when it cannot be told."""

from __future__ import annotations

from itertools import combinations

import pytest

from crm_analysis.errors import InputError
from crm_analysis.sources.columns import guess, parse_map, picks
from crm_analysis.sources.spellings import SPELLINGS, bare, groups
from crm_analysis.tables import TABLES

SHOPS = {
    "a marketplace's export": (
        "订单编号,买家会员名,买家应付货款,买家实际支付金额,订单状态,订单创建时间,订单付款时间,宝贝总数量,店铺",
        {"order_id": "订单编号", "customer_id": "买家会员名", "ordered_at": "订单创建时间",
         "amount": "买家实际支付金额",
         "quantity": "宝贝总数量", "status": "订单状态"},
    ),
    "a superstore": (
        "Row ID,Order ID,Order Date,Ship Date,Customer ID,Customer Name,Product ID,Category,Sales,Quantity,Profit",
        {"order_id": "Order ID", "customer_id": "Customer ID", "ordered_at": "Order Date", "amount": "Sales",
         "item_id": "Product ID", "category": "Category", "quantity": "Quantity", "margin": "Profit"},
    ),
    "an invoice file": (
        "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country",
        {"order_id": "InvoiceNo", "customer_id": "CustomerID", "ordered_at": "InvoiceDate", "item_id": "StockCode",
         "quantity": "Quantity", "amount": "Quantity*UnitPrice"},
    ),
    "a purchase log": (
        "customer_id,date,number_of_cds,dollar_value",
        {"customer_id": "customer_id", "ordered_at": "date", "quantity": "number_of_cds", "amount": "dollar_value"},
    ),
    "a log with unit prices only": (
        "user_id,time,price", {"customer_id": "user_id", "ordered_at": "time", "amount": "price"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("shop", SHOPS)
def test_well_known_headers(shop):
    header, expected = SHOPS[shop]
    assert guess(header.split(","), "orders") == (expected, {})


@pytest.mark.parametrize("table", TABLES)
def test_the_names_of_the_schema_are_their_own(table):
    names = [column.name for column in TABLES[table].columns]
    assert guess(names, table)[0] == {name: name for name in names}
    assert all(bare(name) in groups(name)[0] for name in SPELLINGS if name != "unit_price")


def test_no_spelling_means_two_columns_of_the_orders():
    columns = [column.name for column in TABLES["orders"].columns] + ["unit_price"]
    every = {name: frozenset().union(*groups(name)) for name in columns}
    assert not [(a, b) for a, b in combinations(columns, 2) if every[a] & every[b]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a=b", {"a": "b"}),
        ("a = b , c=d", {"a": "b", "c": "d"}),
        ("a=x, y,c=d=e", {"a": "x, y", "c": "d=e"}),
        ("customer_id=客户，amount=金额(元)", {"customer_id": "客户", "amount": "金额(元)"}),
    ],
)
def test_maps(text, expected):
    assert parse_map(text) == expected


def test_all_problems_come_in_one_message():
    given = {"customer_id": "whom", "ordered_at": "wen", "amount": "a*b"}
    with pytest.raises(InputError) as caught:
        picks(given, ["who", "when", "sum"], "orders", where="f")
    assert caught.value.what.count("the file has no column") == 4
    assert "did you mean 'when'?" in caught.value.what


def test_what_the_user_got_right_is_in_the_line_to_paste():
    with pytest.raises(InputError) as caught:
        picks({"customer_id": "buyer", "amount": "paid*rate"}, ["buyer", "paid", "rate", "date"], "orders", where="f")
    assert caught.value.mend == '--columns "customer_id=buyer,ordered_at=date,amount=paid*rate"'
