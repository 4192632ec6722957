"""Groups of drivers: order, and all problems in one message."""

from __future__ import annotations

import pytest

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.drivers.grouping import group_drivers


def test_groups_stand_where_their_first_driver_stands():
    found = group_drivers("y", ["a", "b", "c", "d"], {"later": ["b", "d"]})
    assert found == {"a": ["a"], "later": ["b", "d"], "c": ["c"]}


def test_a_group_may_have_the_name_of_its_member():
    assert group_drivers("y", ["a", "b"], {"a": ["a", "b"]}) == {"a": ["a", "b"]}


@pytest.mark.parametrize(
    ("outcome", "drivers", "groups", "message"),
    [
        ("y", [], None, "no driver was named"),
        ("y", ["a", "a"], None, "a named twice"),
        ("a", ["a", "b"], None, "the outcome a is among the drivers"),
        ("y", ["a"], {"g": []}, "the group g has no driver"),
        ("y", ["a"], {"g": ["z"]}, "the group g names z, no driver"),
        ("y", ["a", "b", "c"], {"g": ["a", "b"], "h": ["b", "c"]}, "b stands in two groups"),
        ("y", ["a", "b", "c"], {"a": ["b", "c"]}, "the group a has the name of a driver outside it"),
        ("y", [f"q{i}" for i in range(26)], None, "26 drivers were named, at most 25"),
    ],
)
def test_bad_groups(outcome, drivers, groups, message):
    with pytest.raises(InputError, match=message):
        group_drivers(outcome, drivers, groups)


def test_all_problems_stand_in_one_message():
    with pytest.raises(InputError) as error:
        group_drivers("a", ["a", "b", "b"], {"g": ["z"]})
    assert all(part in str(error.value) for part in ("b named twice", "among the drivers", "names z"))


def test_columns_may_be_named_by_numbers():
    with pytest.raises(InputError, match="2 named twice"):
        group_drivers(0, [1, 2, 2])
