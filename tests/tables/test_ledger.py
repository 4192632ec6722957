"""The row ledger adds up, prints, and comes back from its file."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_analysis.errors import InputError
from crm_analysis.tables import NOTED, SET_ASIDE, Ledger, Line, TableLedger

ENTRY = TableLedger("events", "log.csv", 5, 3, [Line("bad_time", 2, where="log.csv, line 2", example="a,x"),
                                                Line("value_emptied", 1, NOTED)], "import")  # fmt: skip


def test_rows_read_are_rows_kept_and_rows_set_aside():
    assert ENTRY.set_aside == 2
    with pytest.raises(ValueError, match=r"events: 5 rows read, but 4 kept \+ 2 set aside = 6"):
        TableLedger("events", "log.csv", 5, 4, [Line("bad_time", 2)])


def test_rules_that_touched_nothing_are_left_out():
    assert TableLedger("events", "log.csv", 1, 1, [Line("bad_time", 0)]).lines == []


def test_the_frame_has_a_row_for_read_kept_and_each_rule():
    frame = Ledger([ENTRY]).frame()
    assert frame["fate"].tolist() == ["read", "kept", SET_ASIDE, NOTED]
    assert frame["rows"].tolist() == [5, 3, 2, 1]


def test_it_prints_what_became_of_the_rows():
    assert str(Ledger([ENTRY])).splitlines() == [
        "events: 5 rows read from log.csv, 3 kept",
        "  2 set aside: bad_time (first: log.csv, line 2)",
        "  1 noted: value_emptied",
    ]
    assert str(Ledger()) == ""


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=10)
LINE = st.builds(Line, st.sampled_from(["bad_time", "blank_id"]), st.integers(1, 9),
                 st.sampled_from([SET_ASIDE, NOTED]), TEXT, TEXT)  # fmt: skip


@st.composite
def entries(draw):
    lines, kept = draw(st.lists(LINE, max_size=3)), draw(st.integers(0, 9))
    read = kept + sum(line.rows for line in lines if line.fate == SET_ASIDE)
    return TableLedger("events", draw(TEXT), read, kept, lines, draw(st.sampled_from(["load", "import"])))


@given(st.lists(entries(), max_size=4))
def test_it_comes_back_from_its_frame_in_the_same_order(tables):
    ledger = Ledger(tables)
    again = Ledger.from_frame(ledger.frame())
    pd.testing.assert_frame_equal(again.frame(), ledger.frame())
    assert [entry.read for entry in again] == [entry.read for entry in tables]


def test_two_entries_of_one_table_in_one_step_stay_two():
    ledger = Ledger([ENTRY, ENTRY])
    assert len(list(Ledger.from_frame(ledger.frame()))) == 2


def test_it_comes_back_from_a_file_whatever_the_example(tmp_path):
    line = Line("bad_time", 1, where="log.csv, line 2", example='a,"b"\r\nNULL,，\rc')
    ledger = Ledger([TableLedger("events", "log.csv", 1, 0, [line])])
    ledger.frame().to_csv(tmp_path / "ledger.csv", index=False, lineterminator="\n")
    again = Ledger.read_csv(tmp_path / "ledger.csv")
    assert again.tables[0].lines[0].example == 'a,"b" NULL,， c'
    pd.testing.assert_frame_equal(again.frame(), ledger.frame())


@pytest.mark.parametrize(
    "content",
    ["", "a,b\n1,2\n", "step,table,source,fate,rule,rows,where,example\nload,events,x,kept,,1,,\n",
     "step,table,source,fate,rule,rows,where,example\nload,events,x,read,,many,,\nload,events,x,kept,,1,,\n",
     "step,table,source,fate,rule,rows,where,example\nload,events,x,read,,2,,\nload,events,x,kept,,1,,\n"],
)  # fmt: skip
def test_a_damaged_ledger_is_an_input_error(tmp_path, content):
    path = tmp_path / "ledger.csv"
    path.write_text(content)
    with pytest.raises(InputError, match="ledger cannot be read"):
        Ledger.read_csv(path)
