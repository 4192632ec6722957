"""Ways in which complaints end: shares that shut each other out."""

from __future__ import annotations

import pandas as pd
import pytest

from crm_analysis.satisfaction.tickets.ends import ends_curves, ends_table
from crm_analysis.words import all_words


def times(*texts: str | None) -> pd.DatetimeIndex:
    return pd.to_datetime(list(texts), format="ISO8601").tz_localize("Asia/Shanghai").as_unit("us")


@pytest.fixture
def tickets() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "ticket_id": list("12345"),
            "opened_at": times(*["2012-03-01"] * 5),
            "resolved_at": times("2012-03-02", "2012-03-03", "2012-03-05", None, "2012-03-09"),
            "status": ["resolved", "withdrawn", "escalated", None, None],
        }
    )


def test_shares_by_hand(tickets):
    table = ends_table(tickets, as_of="2012-03-31", status="status", days=(1, 7)).set_index(
        ["ticket_end", "days_after"]
    )
    assert table["incidence"].to_dict() == pytest.approx(
        {("escalated", 1): 0, ("escalated", 7): 0.2, ("resolved", 1): 0.2, ("resolved", 7): 0.2,
         ("withdrawn", 1): 0, ("withdrawn", 7): 0.2}
    )  # fmt: skip


def test_without_a_status_every_end_is_a_solution(tickets):
    table = ends_table(tickets, as_of="2012-03-31", days=(30,))
    assert table["ticket_end"].tolist() == ["resolved"]
    assert table["incidence"].tolist() == pytest.approx([0.8])


def test_curves_add_up_to_what_ended(tickets):
    curves = ends_curves(tickets, as_of="2012-03-31", status="status")
    assert curves.index.names == ["ticket_end", "time"]
    assert curves.groupby(level="ticket_end")["incidence"].last().sum() == pytest.approx(0.8)


def test_every_word_is_known(tickets):
    table = ends_table(tickets, as_of="2012-03-31", status="status")
    names = {*table.columns, *table["ticket_end"]}
    assert {name for name in names if not name.endswith(("_low", "_high"))} <= set(all_words())
