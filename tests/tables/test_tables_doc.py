"""The page on tables tells every column of the schema, under must or may."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from crm_analysis.tables import TABLES

PAGE = (Path(__file__).parents[2] / "docs" / "TABLES.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("table", TABLES)
def test_the_page_names_the_columns_of_each_table(table):
    row = next(line for line in PAGE.splitlines() if line.startswith(f"| `{table}` |"))
    _, _, _, must, may, _ = row.split("|")
    columns = TABLES[table].columns
    assert re.findall(r"`(\w+)`", must) == [column.name for column in columns if column.required]
    assert re.findall(r"`(\w+)`", may) == [column.name for column in columns if not column.required]
