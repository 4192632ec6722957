"""What a measure asks of a table: columns, blanks, zones and groups."""

from __future__ import annotations

import pandas as pd
import pytest

from crm_analysis.errors import InputError
from crm_analysis.tables.needs import check_columns, check_group, check_table, groups


def test_all_problems_stand_in_one_message():
    frame = pd.DataFrame({"a": [1, None], "at": pd.to_datetime(["2017-11-25"] * 2)})
    with pytest.raises(InputError) as caught:
        check_columns(frame, "events", ["a", "b"], times=["at", "later"])
    assert caught.value.what == "b is missing; a is blank in 1 rows; at has no time zone"


def test_an_empty_time_column_needs_no_zone():
    check_columns(pd.DataFrame({"at": [None, None]}), "contacts", [], times=["at"])
    assert groups(pd.DataFrame({"at": [None]}), "at").tolist() == ["not_stated"]


def test_a_group_column_may_be_categorical_or_mixed():
    assert groups(pd.DataFrame({"city": pd.Categorical(["x", None])}), "city").tolist() == ["x", "not_stated"]
    assert groups(pd.DataFrame({"slot": [1, None]}, dtype="Int64"), "slot").tolist() == [1, "not_stated"]


def test_a_missing_group_column_names_the_nearest():
    with pytest.raises(InputError, match="did you mean 'creative'"):
        groups(pd.DataFrame({"creative": ["A"]}), "creatives")


def test_check_table_accepts_a_blank_optional_time():
    found = check_table(pd.DataFrame({"seller_id": ["a"], "closed_at": [None]}), "sellers", "seller_id")
    assert found is None


def test_check_table_speaks_both_languages_and_wants_rows():
    naive = pd.DataFrame({"customer_id": ["a", None], "happened_at": pd.to_datetime(["2017-11-25"] * 2)})
    with pytest.raises(InputError, match="action is missing; customer_id has blanks; happened_at has no") as caught:
        check_table(naive, "events", "customer_id", "action")
    assert caught.value.zh == "行为日志：action 缺失；customer_id 有空值；happened_at 没有时区"
    with pytest.raises(InputError, match="table sellers has no rows"):
        check_table(pd.DataFrame({"seller_id": []}), "sellers", "seller_id")
    assert check_columns(pd.DataFrame({"seller_id": []}), "sellers", ["seller_id"]) is None


def test_what_may_be_asked_for_beside_the_columns_is_named():
    tickets = pd.DataFrame({"reason": ["late"]})
    with pytest.raises(InputError) as caught:
        check_group(tickets, "tickets", "reasons", besides="handling")
    assert (caught.value.expected, caught.value.mend) == ("handling, or one of reason", "did you mean 'reason'?")
    assert caught.value.zh == "投诉工单没有“reasons”这一列"


def test_a_measure_that_uses_no_times_does_not_ask_for_their_zone():
    sellers = pd.DataFrame({"seller_id": ["a"], "opened_at": ["2012-03-01"]})
    check_table(sellers, "sellers", "seller_id", times=())
    with pytest.raises(InputError, match="opened_at has no time zone"):
        check_table(sellers, "sellers", "seller_id")
