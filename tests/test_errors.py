"""The one error of a user's mistake."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from crm_analysis.errors import InputError, MissingData, nearest


def test_the_message_says_what_where_expected_and_how_to_mend():
    error = InputError("the file is empty", where=Path("log.csv"), expected="rows", mend="download it again")
    assert str(error).splitlines() == [
        "the file is empty", "  where: log.csv", "  expected: rows", "  how to mend: download it again"
    ]  # fmt: skip


def test_what_is_not_said_takes_no_line():
    assert str(InputError("no such table")) == "no such table"


def test_it_is_a_value_error_and_survives_another_process():
    error = pickle.loads(pickle.dumps(InputError("a", where="b", expected="c", mend="d")))
    assert isinstance(error, ValueError)
    assert (error.what, error.where, error.expected, error.mend) == ("a", "b", "c", "d")
    assert str(error) == str(InputError("a", where="b", expected="c", mend="d"))


@pytest.mark.parametrize(("name", "hint"), [("langauge", "did you mean 'language'?"), ("zzz", ""), ("", ""), (5, "")])
def test_the_nearest_name(name, hint):
    assert nearest(name, ["language", "data"]) == hint


def test_the_nearest_of_nothing():
    assert nearest("language", []) == ""


def test_what_is_missing_survives_another_process():
    error = MissingData(["tickets", "orders.margin"], where="shop", expected="tables with rows")
    again = pickle.loads(pickle.dumps(error))
    assert isinstance(again, MissingData)
    assert again.missing == ["tickets", "orders.margin"]
    assert str(again) == str(error)
