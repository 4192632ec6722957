"""Waits of tickets as known at a moment: open, answered, ended in another way; groups and their order."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.tickets.clock import group_order, groups_of, waits
from crm_analysis.satisfaction.tickets.service import service_table

ZONE = "Asia/Shanghai"


def times(*texts: str | None) -> pd.DatetimeIndex:
    return pd.to_datetime(list(texts), format="ISO8601").tz_localize(ZONE).as_unit("us")


@pytest.fixture
def tickets() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "ticket_id": list("12345"),
            "opened_at": times(*["2012-03-01 00:00"] * 4, "2012-05-01"),
            "first_reply_at": times("2012-03-01 05:00", None, None, "2012-04-20", None),
            "resolved_at": times("2012-03-02 00:00", "2012-03-01 12:00", None, "2012-04-02", None),
            "status": ["resolved", "withdrawn", None, None, None],
        },
        index=list("vwxyz"),
    )


def test_waits_by_hand(tickets):
    before = tickets.copy(deep=True)
    found = waits(tickets, step="resolve", as_of="2012-03-31")
    assert found["hours"].round(6).tolist() == [24, 12, 744, 744]  # 31 days up to the end; ticket 5 came later
    assert found["ended"].tolist() == [True, True, False, False]
    assert found["end"].tolist() == ["resolved", "resolved", "", ""]
    assert found.index.tolist() == list("vwxy")
    pd.testing.assert_frame_equal(tickets, before)


def test_a_solution_without_a_reply_is_the_reply(tickets):
    found = waits(tickets, step="reply", as_of="2012-12-31")
    assert found["hours"].round(6).tolist()[:2] == [5, 12]
    assert found.loc["y", "hours"] == 24 * 32  # resolved before the reply on record
    assert found["end"].tolist() == ["replied", "replied", "", "replied", ""]
    service = service_table(tickets, by=None, as_of="2012-03-31").loc["total"]
    assert service["replied_24h"] == 2 / 4


def test_other_ends_shut_the_solution_out(tickets):
    found = waits(tickets, as_of="2012-03-31", status="status")
    assert found["end"].tolist() == ["resolved", "withdrawn", "", ""]
    assert found["ended"].tolist() == [True, False, False, False]
    assert found.loc["w", "hours"] == 12
    reply = waits(tickets, step="reply", as_of="2012-03-31", status="status")
    assert reply["end"].tolist() == ["replied", "withdrawn", "", ""]


def test_what_happens_after_the_day_changes_nothing(tickets):
    later = tickets["resolved_at"] > times("2012-03-10")[0]
    known = tickets.assign(resolved_at=tickets["resolved_at"].mask(later))
    pd.testing.assert_frame_equal(waits(known, as_of="2012-03-10"), waits(tickets, as_of="2012-03-10"))


def test_groups_of_tickets_customers_and_parties(tickets):
    rows = tickets.assign(severity=[3.0, 1, 2, np.nan, 3], customer_id=list("abcab"),
                          parties=["seller、carrier", "seller", " ; ", None, "a;a"])  # fmt: skip
    customers = pd.DataFrame({"customer_id": list("ab"), "city": ["Xian", None]})
    assert groups_of(rows, "severity").tolist() == [3, 1, 2, "not_stated", 3]
    assert groups_of(rows, "city", customers).tolist() == ["Xian", "not_stated", "not_stated", "Xian", "not_stated"]
    assert groups_of(rows, "party_count").tolist() == [2, 1, "not_stated", "not_stated", 1]
    assert groups_of(rows, None).unique().tolist() == ["total"]
    assert group_order(groups_of(rows, "severity")) == [1, 2, 3, "not_stated"]
    assert group_order(pd.Series(["not_stated", "not_stated", "b", "a"])) == ["a", "b", "not_stated"]


@pytest.mark.parametrize(
    ("change", "options", "what"),
    [
        ({}, {"step": "solve"}, "step 'solve' is not known"),
        ({"resolved_at": None}, {}, "no ticket has a time in resolved_at"),
        ({}, {"as_of": "2011-01-01"}, "no ticket was opened by 2011-01-01"),
        ({}, {"status": "state"}, "no column 'state'"),
        ({"resolved_at": times(*["2012-02-01"] * 5)}, {}, "resolved_at lies before opened_at in 5 rows"),
    ],
)
def test_what_cannot_be_used(tickets, change, options, what):
    with pytest.raises(InputError, match=what) as error:
        waits(tickets.assign(**change), **({"as_of": "2012-12-31"} | options))
    assert error.value.zh != error.value.what


def test_a_column_that_is_wholly_blank_counts_as_not_recorded(tickets):
    bare = tickets.assign(resolved_at=np.nan).drop(columns="status")
    assert waits(bare, step="reply", as_of="2012-12-31")["end"].tolist() == ["replied", "", "", "replied", ""]


def test_groups_that_cannot_be_read_are_named():
    tickets = pd.DataFrame({"ticket_id": ["1"], "parties": [3]})
    with pytest.raises(InputError, match="parties holds no names"):
        groups_of(tickets, "party_count")
    with pytest.raises(InputError, match="no column 'customer_id'"):
        groups_of(tickets, "city", pd.DataFrame({"customer_id": ["a"], "city": ["x"]}))
    assert groups_of(tickets.assign(parties=np.nan), "party_count").tolist() == ["not_stated"]
