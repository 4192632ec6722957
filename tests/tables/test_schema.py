"""The schema is consistent with itself and with the words of the tables."""

from __future__ import annotations

import pytest

from crm_analysis.tables import ACTIONS, TABLES
from crm_analysis.tables.schema import KINDS


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_well_formed(name):
    table = TABLES[name]
    names = [column.name for column in table.columns]
    assert table.name == name
    assert len(names) == len(set(names))
    assert {column.kind for column in table.columns} <= set(KINDS)
    assert not table.key or table.key in table.required
    for column in table.columns:
        assert (column.kind == "choice") == bool(column.choices)
        assert column.required or column.kind != "id"


def test_required_columns_come_in_order():
    assert TABLES["events"].required == ("customer_id", "item_id", "category_id", "action", "happened_at")
    assert ACTIONS == ("view", "favourite", "cart", "buy")


def test_a_running_contract_needs_no_end():
    assert TABLES["contracts"].required == ("account_id", "started_on")
    assert {"ends_on", "ended_on"} <= {column.name for column in TABLES["contracts"].columns}
