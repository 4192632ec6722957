"""Frames made into tables: each rule alone, types of all kinds, and rows that always add up."""

from __future__ import annotations

import decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.errors import InputError
from crm_analysis.tables import TABLES, conform
from crm_analysis.tables.ledger import NOTED, SET_ASIDE


def orders(**columns):
    frame = {
        "order_id": ["1", "2", "3"],
        "customer_id": ["a", "b", "c"],
        "ordered_at": ["2017-01-02"] * 3,
        "amount": "9",
    }
    return conform(pd.DataFrame(frame | columns), "orders", source="orders.csv")


def customers(**columns):
    return conform(pd.DataFrame({"customer_id": ["a", "b"], "joined_at": "2017-01-02"} | columns), "customers")


def visits(**columns):
    frame = pd.DataFrame(columns)
    names = [str(row) for row in range(len(frame))]
    return conform(frame.assign(visit_id=names, source="s", landed_at="2017-01-02"), "visits")


def rules(ledger):
    return {line.rule: line.rows for line in ledger.lines}


def test_a_whole_table_loses_nothing():
    kept, ledger = orders()
    assert (ledger.read, ledger.kept, ledger.lines) == (3, 3, [])
    assert str(kept.dtypes["ordered_at"]) == "datetime64[us, UTC]"
    assert kept["amount"].tolist() == [9.0, 9.0, 9.0]


@pytest.mark.parametrize(
    ("columns", "rule", "first"),
    [
        ({"customer_id": ["a", " ", None]}, "blank_id", 3),
        ({"customer_id": ["a", "NULL", "nan"]}, "blank_id", 3),
        ({"customer_id": [12346.0, np.nan, np.inf]}, "blank_id", 3),
        ({"ordered_at": ["2017-01-02", "2017-01-32", "2017-01-02"]}, "bad_time", 3),
        ({"ordered_at": ["2017-01-02", None, "2017-01-02"]}, "bad_time", 3),
        ({"amount": ["9", "9", "nine"]}, "bad_number", 4),
        ({"amount": ["1,234.5", "9", "9"]}, "bad_number", 2),
        ({"amount": [np.inf, -np.inf, 1.0]}, "bad_number", 2),
        ({"amount": ["inf", "1e3", "9"]}, "bad_number", 2),
    ],
)
def test_a_row_that_breaks_a_rule_is_set_aside_with_its_line(columns, rule, first):
    kept, ledger = orders(**columns)
    (line,) = ledger.lines
    assert (line.rule, line.fate) == (rule, SET_ASIDE)
    assert line.where == f"orders.csv, line {first}"
    assert len(kept) + line.rows == 3
    assert kept.index.tolist() == list(range(len(kept)))


def test_a_row_is_counted_once_under_the_first_rule_it_breaks():
    _, ledger = orders(customer_id=["", "b", "c"], ordered_at=["2017-02-30", "2017-01-02", "2017-01-02"], amount="x")
    assert rules(ledger) == {"blank_id": 1, "bad_number": 2}


def test_the_example_is_the_row_as_it_was():
    _, ledger = orders(amount=["9", "¥ 9", "9"], note=["", None, "x"])
    assert ledger.lines[0].example == "2,b,2017-01-02,¥ 9,"


def test_an_optional_value_that_cannot_be_read_is_emptied_and_noted():
    kept, ledger = orders(quantity=["1", "many", ""], margin=["x", "2", None])
    (line,) = ledger.lines
    assert (line.rule, line.fate, line.rows) == ("value_emptied", NOTED, 2)
    assert kept["quantity"].isna().tolist() == [False, True, True]
    assert len(kept) == 3


def test_a_name_used_twice_keeps_its_first_good_row():
    kept, ledger = conform(
        pd.DataFrame(
            {"customer_id": ["a", "a", "a"], "joined_at": ["soon", "2017-01-02", "2017-01-03"], "city": list("xyz")}
        ),
        "customers",
    )
    assert kept["city"].tolist() == ["y"]
    assert rules(ledger) == {"bad_time": 1, "duplicate_key": 1}


def test_a_table_without_a_key_may_repeat_rows():
    kept, _ = orders(order_id=["1", "1", "1"])
    assert len(kept) == 3


@pytest.mark.parametrize(
    ("values", "ids"),
    [
        (np.array([12346.0, 7.0]), ["12346", "7"]),
        (pd.array([12346, 7], dtype="Int64"), ["12346", "7"]),
        (pd.Series([12346.0, "A7"], dtype=object), ["12346", "A7"]),
        (pd.Categorical(["007", "7"]), ["007", "7"]),
        ([" 007 ", "7"], ["007", "7"]),
        ([2**53 - 1, 7], [str(2**53 - 1), "7"]),
    ],
)
def test_ids_are_texts(values, ids):
    assert customers(customer_id=values)[0]["customer_id"].tolist() == ids


@pytest.mark.parametrize(
    ("values", "numbers"),
    [
        (["9", "-1.5", "1e3"], [9, -1.5, 1000]),
        (pd.Categorical(["9", "8", "7"]), [9, 8, 7]),
        ([decimal.Decimal("1.5"), 2, 3], [1.5, 2, 3]),
        (pd.array([1, 2, 3], dtype="Int64"), [1, 2, 3]),
        ([" 9 ", "8", "7"], [9, 8, 7]),
    ],
)
def test_numbers_of_all_types(values, numbers):
    kept, _ = orders(amount=values)
    assert kept["amount"].tolist() == numbers
    assert kept["amount"].dtype == np.float64


def test_a_moment_is_no_number():
    _, ledger = orders(amount=pd.date_range("2017-01-01", periods=3))
    assert rules(ledger) == {"bad_number": 3}


def test_a_count_is_whole_and_not_negative():
    visits = pd.DataFrame(
        {"visit_id": list("abcd"), "source": "s", "landed_at": "2017-01-02", "pages": ["3", "2.5", "-1", "0"]}
    )
    kept, ledger = conform(visits, "visits")
    assert kept["pages"].tolist() == [3, 0]
    assert rules(ledger) == {"bad_number": 2}


def test_flags_are_true_false_or_empty():
    kept, ledger = visits(pages=1, bought=["TRUE", "no", "1", "", "perhaps"], clicked=[1.0, 0.0, np.nan, 1.0, 0.0])
    assert kept["bought"].tolist() == [True, False, True, pd.NA, pd.NA]
    assert kept["clicked"].tolist() == [True, False, pd.NA, True, False]
    assert rules(ledger) == {"value_emptied": 1}


@pytest.mark.parametrize("make", [list, pd.Categorical, lambda values: pd.Series(values, dtype=object)])
def test_choices_are_those_of_the_schema(make):
    events = pd.DataFrame({"customer_id": list("abcd"), "item_id": "1", "category_id": "2",
                           "action": make(["view", "buy", "pv", None]), "happened_at": "2017-01-02"})  # fmt: skip
    kept, ledger = conform(events, "events")
    assert kept["action"].tolist() == ["view", "buy"]
    assert kept["action"].cat.categories.tolist() == ["view", "favourite", "cart", "buy"]
    assert rules(ledger) == {"bad_choice": 2}


def test_an_optional_column_of_nothing_is_no_error():
    kept, ledger = customers(birthday=["NULL", ""], age=["", None], sex=[None, None])
    assert kept[["birthday", "age", "sex"]].isna().all(axis=None)
    assert not ledger.lines


def test_blank_categories_are_blank_not_broken():
    _, ledger = orders(quantity=pd.Categorical(["", "3", "4"]))
    assert not ledger.lines


def test_further_columns_and_the_frame_given_stay_as_they_are():
    frame = pd.DataFrame({"customer_id": [1], "joined_at": ["2017-01-02"], "hobby": pd.Categorical(["go"])}, index=[7])
    before = frame.copy()
    kept, _ = conform(frame, "customers")
    assert kept["hobby"].dtype == frame["hobby"].dtype
    assert list(kept) == list(frame)
    pd.testing.assert_frame_equal(frame, before)


def test_an_empty_table_is_a_table():
    kept, ledger = conform(pd.DataFrame(columns=list(TABLES["orders"].required)), "orders")
    assert len(kept) == ledger.read == 0
    assert str(kept["ordered_at"].dtype) == "datetime64[us, UTC]"


def test_names_of_columns_are_trimmed_of_spaces_and_marks():
    kept, _ = conform(pd.DataFrame({"\ufeffcustomer_id ": ["a"], " joined_at": ["2017-01-02"]}), "customers")
    assert list(kept) == ["customer_id", "joined_at"]


def test_times_without_a_zone_are_local():
    frame = pd.DataFrame({"customer_id": ["a"], "joined_at": ["2017-01-02"]})
    kept, _ = conform(frame, "customers", zone="Asia/Shanghai")
    assert kept["joined_at"][0].isoformat() == "2017-01-02T00:00:00+08:00"


@pytest.mark.parametrize(
    ("frame", "table", "said"),
    [
        (pd.DataFrame({"custmer_id": ["a"]}), "customers", "customer_id: did you mean 'custmer_id'?"),
        (pd.DataFrame({"custmer_id": ["a"]}), "customers", "lacks the columns customer_id, joined_at"),
        (pd.DataFrame([["a", "b", "c"]], columns=["customer_id", "joined_at", "joined_at "]), "customers", "twice"),
        (pd.DataFrame([[1, 2]]), "customers", "has: 0, 1"),
        (pd.DataFrame(), "customer", "did you mean 'customers'?"),
    ],
)
def test_frames_that_are_no_such_table_are_refused(frame, table, said):
    with pytest.raises(InputError) as caught:
        conform(frame, table, source="x.csv")
    assert said in str(caught.value)
    assert "x.csv" in str(caught.value)


CELL = st.one_of(st.none(), st.sampled_from(["", "a", "b", "1", "2.5", "2017-01-02", "2017-01-03 10:00", "x"]),
                 st.floats(), st.integers(-5, 5))  # fmt: skip


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(CELL, CELL, CELL, CELL, CELL), max_size=8))
def test_whatever_comes_in_the_rows_add_up_or_the_error_teaches(rows):
    frame = pd.DataFrame(rows, columns=["ticket_id", "customer_id", "channel", "reason", "severity"], dtype=object)
    kept, ledger = conform(frame.assign(opened_at="2017-01-02"), "tickets")
    assert ledger.read == len(rows) == len(kept) + ledger.set_aside
    assert kept["ticket_id"].is_unique
    assert not kept[["ticket_id", "customer_id", "channel", "reason"]].isna().any(axis=None)


@pytest.mark.parametrize("ends_on", [["2021-01-01", ""], ["2021-01-01", None], ["", ""], [None, None]])
def test_a_running_contract_is_kept(ends_on):
    frame = pd.DataFrame({"account_id": ["a", "b"], "started_on": "2020-01-01", "ends_on": ends_on})
    kept, ledger = conform(frame, "contracts")
    assert (len(kept), ledger.lines) == (2, [])
    assert str(kept["ends_on"].dtype) == "datetime64[us, UTC]"
    assert kept["ends_on"].isna().tolist() == [not end for end in ends_on]


def test_contracts_may_have_the_day_of_leaving_alone():
    frame = pd.DataFrame({"account_id": ["a", "b"], "started_on": "2020-01-01", "ended_on": ["2020-05-01", ""]})
    assert len(conform(frame, "contracts")[0]) == 2


def test_an_end_that_cannot_be_read_is_emptied_and_noted():
    frame = pd.DataFrame({"account_id": ["a", "b"], "started_on": "2020-01-01", "ends_on": ["2021-01-01", "soon"]})
    kept, ledger = conform(frame, "contracts")
    assert len(kept) == 2
    assert [(line.rule, line.rows, line.fate) for line in ledger.lines] == [("value_emptied", 1, NOTED)]


@pytest.mark.parametrize(
    ("table", "has", "mend"),
    [
        ("orders", "order_id customer_id date amount", "ordered_at: did you mean 'date'?"),
        ("orders", "order_id customer_id order_date amount", "ordered_at: did you mean 'order_date'?"),
        ("orders", "order_id customer_id OrderDate amount", "ordered_at: did you mean 'OrderDate'?"),
        ("orders", "order_id customer_id 日期 amount", "ordered_at: did you mean '日期'?"),
        ("orders", "order_id Customer-ID ordered_at amount", "customer_id: did you mean 'Customer-ID'?"),
        ("contracts", "account_id start_date", "started_on: did you mean 'start_date'?"),
        ("customers", "customer_id joining_date", "joined_at: did you mean 'joining_date'?"),
        ("orders", "order_id customer_id amount", ""),
        ("orders", "order_id customer_id amount birthdate", ""),
        ("orders", "order_id customer_id amount date time", ""),  # two may be meant
        ("contracts", "account_id ended_on ends_on", ""),  # columns of the schema are themselves
        ("contracts", "account_id end_date", ""),
        ("tickets", "ticket_id customer_id channel reason resolved_at", ""),
    ],
)
def test_a_column_is_suggested_only_where_it_may_be_meant(table, has, mend):
    with pytest.raises(InputError) as caught:
        conform(pd.DataFrame(columns=has.split(), dtype=object), table)
    assert caught.value.mend == (mend or "rename the columns or add the missing ones")
