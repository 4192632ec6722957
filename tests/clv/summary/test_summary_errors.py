"""Orders that cannot be summarized: one message each, in both languages, that says how to mend it."""

from __future__ import annotations

import re
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from crm_analysis.clv.summary.summary import summarize
from crm_analysis.errors import InputError
from crm_analysis.tables import About, from_frames

ORDERS = pd.DataFrame({"customer_id": ["a", "a", "b"], "ordered_at": ["2020-01-01", "2020-01-08", "2020-01-05"],
                       "amount": [5.0, -1.0, 0.0]})  # fmt: skip
CASES = {
    "unit": (ORDERS, {"unit": "weeks"}, "did you mean 'week'"),
    "columns": (
        ORDERS.rename(columns={"customer_id": "customerid", "ordered_at": "when"}),
        {},
        r"customer \(customer_id or customer\).*did you mean 'customerid'",
    ),
    "amount named but not there": (ORDERS, {"amount": "amuont"}, "amuont.*did you mean 'amount'"),
    "no rows": (ORDERS.head(0), {}, "no rows"),
    "all set aside": (ORDERS.assign(amount=-1.0), {}, r"no row of the orders is left \(negative_amount: 3\)"),
    "no customer known": (ORDERS.assign(customer_id=np.nan), {}, "blank_id: 3"),
    "all refunded": (ORDERS.assign(amount=-1.0), {"refunds": "net"}, "refunds undo every purchase"),
    "refunds refused": (ORDERS, {"refunds": "error"}, "1 rows have a negative amount"),
    "zeros refused": (ORDERS, {"zero_amounts": "error"}, "1 rows have an amount of zero"),
    "rule unknown": (ORDERS, {"refunds": "nett"}, "did you mean 'net'"),
    "calibration after the data": (ORDERS, {"calibration_end": "2021-01-01"}, "lies outside the data"),
    "calibration on the last day": (ORDERS, {"calibration_end": "2020-01-08"}, "lies outside the data"),
    "calibration before the data": (ORDERS, {"calibration_end": "2019-01-01"}, "lies outside the data"),
    "until before the data": (ORDERS, {"until": "2019-01-01"}, "until=2019-01-01 lies before the first order"),
    "until unclear": (ORDERS, {"until": "01/02/2020"}, "no day that can be read"),
    "observed too late": (ORDERS, {"observed_from": "2020-01-02"}, "observed_from=2020-01-02 lies after"),
    "dates unreadable": (ORDERS.assign(ordered_at="soon"), {}, "cannot be read"),
    "no dates": (ORDERS.assign(ordered_at=[True, False, True]), {}, "no times"),
    "no dates but spans": (ORDERS.assign(ordered_at=timedelta(1)), {}, "no times"),
    "amounts unreadable": (ORDERS.assign(amount="¥5"), {}, "no value of column 'amount' is a number"),
    "amounts are times": (ORDERS.assign(amount=pd.Timestamp(0)), {}, "no amounts of money"),
    "zone unknown": (ORDERS, {"zone": "Shanghai"}, "time zone 'Shanghai' is not known"),
    "time format": (ORDERS, {"time_format": "%d.%m.%Y"}, "cannot be read"),
    "column twice": (pd.concat([ORDERS, ORDERS[["amount"]]], axis=1), {}, "'amount' twice"),
    "memory": (ORDERS, {"memory": "much"}, "memory='much'"),
    "a folder": (".", {}, "this is a folder"),
    "no file": ("nowhere/orders.csv", {}, "there is no such file"),
    "no pattern": ("nowhere/*.csv", {}, "there is no such file"),
    "no path": ([], {}, "orders cannot be a list"),
    "a number": (7, {}, "orders cannot be a int"),
    "a data set without orders": (from_frames({}, About("shop")), {}, "do not hold"),
}


@pytest.mark.parametrize("case", CASES)
def test_each_mistake_has_one_clear_message(case):
    orders, options, expected = CASES[case]
    with pytest.raises(InputError) as caught:
        summarize(orders, **options)
    assert re.search(expected, str(caught.value), re.DOTALL) or expected in str(caught.value)
    if case not in ("zone unknown", "a data set without orders"):  # told by the tables, which speak English
        assert re.search("[\u4e00-\u9fff]|unit", caught.value.zh), caught.value.zh


def test_files_that_cannot_be_read(tmp_path):
    files = {
        "empty.csv": ("", "the file is empty"),
        "header.csv": ("customer_id,ordered_at,amount\n", "no rows"),
        "cut.csv": ('customer_id,ordered_at\na,2020-01-01\n"b,2020-01-02\n', "cannot be read to their end"),
        "broken.parquet": ("no parquet", "cannot be read"),
        "orders.xlsx": ("x", "not all CSV or all Parquet"),
        "names.csv": ("user,time\na,2020-01-01\n", "lack a column"),
    }
    for name, (text, expected) in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        with pytest.raises(InputError, match=expected) as caught:
            summarize(tmp_path / name)
        assert re.search("[\u4e00-\u9fff]", caught.value.zh), name
    with pytest.raises(InputError, match="not all CSV or all Parquet"):
        summarize([tmp_path / "names.csv", tmp_path / "broken.parquet"])


def test_too_little_memory_is_said():
    with pytest.raises(InputError, match="more memory than 1MB") as caught:
        summarize(ORDERS, memory="1MB")
    assert "内存" in caught.value.zh


def test_all_missing_columns_stand_in_one_message():
    with pytest.raises(InputError) as caught:
        summarize(pd.DataFrame({"x": [1]}))
    assert "customer (" in str(caught.value)
    assert "when (" in str(caught.value)
    assert caught.value.zh == "订单缺少列：客户编号、购买日期"


def test_a_column_of_money_without_a_value_is_no_money():
    for amount in (np.nan, None):
        summary = summarize(ORDERS.assign(amount=amount))
        assert summary.frame["monetary_value"].isna().all()
        assert summary.steps["money_in"].isna().all()
        assert summary.ledger.set_aside == 0


def test_money_without_a_value_in_files(tmp_path):
    ORDERS.assign(amount=np.nan).to_parquet(tmp_path / "o.parquet")
    assert summarize(tmp_path / "o.parquet").ledger.set_aside == 0
    ORDERS.assign(amount="¥5").to_parquet(tmp_path / "o.parquet")
    with pytest.raises(InputError, match="no value of column 'amount'"):
        summarize(tmp_path / "o.parquet")
    ORDERS.assign(amount=["5", "x", np.inf]).astype({"amount": "str"}).to_csv(tmp_path / "o.csv")
    assert {line.rule: line.rows for line in summarize(tmp_path / "o.csv").ledger.lines} == {"missing_amount": 2}
