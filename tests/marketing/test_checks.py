"""Columns, blanks, zones and groups."""

from __future__ import annotations

import pandas as pd
import pytest

from crm_analysis.errors import InputError
from crm_analysis.marketing.checks import check_columns, groups


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
