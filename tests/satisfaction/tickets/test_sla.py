"""Promised times: shares in time by hand, against the curve, with open tickets and other ends."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crm_analysis.errors import InputError
from crm_analysis.intervals import wilson
from crm_analysis.satisfaction.tickets.sla import sla_table
from crm_analysis.survival import survival_at
from crm_analysis.words import all_words

START = pd.Timestamp("2012-03-01", tz="Asia/Shanghai").as_unit("us")
END = START + pd.Timedelta(100, "D") - pd.Timedelta(1, "us")


def made(hours: list[float], done: list[bool], **columns: list) -> pd.DataFrame:
    end = START + pd.Timedelta(100, "D")
    hours, done = pd.to_timedelta(pd.Series(hours, dtype=float), "h"), pd.Series(done)
    opened = pd.Series(START, index=hours.index).where(done, end - hours)
    return pd.DataFrame({"ticket_id": [str(k) for k in hours.index], "opened_at": opened,
                         "resolved_at": (opened + hours).where(done)} | columns)  # fmt: skip


def test_shares_in_time_by_hand():
    tickets = made([1, 3, 9, 2, 30, 1], [True, True, True, False, False, True], severity=[3, 3, 3, 3, 1, 1])
    table = sla_table(tickets, targets={3: 4, 1: 24}, step="resolve", by="severity", as_of=END)
    high = table.loc[3]
    assert high[["tickets", "in_time", "too_late", "undecided"]].tolist() == [4, 2, 1, 1]
    assert high["breach_share"] == pytest.approx(3 / 4 * 1 / 2)  # at 1: 3/4; the open one leaves at 2; at 3: 1/2
    low = table.loc[1]
    assert low[["in_time", "too_late", "undecided"]].tolist() == [1, 1, 0]
    assert low["breach_share"] == 0.5
    assert table.index.tolist() == [1, 3, "total"]
    assert np.isnan(table.loc["total", "target_hours"])
    assert table.loc["total", "tickets"] == 6


def test_counting_closed_tickets_only_would_flatter():
    rng = np.random.default_rng(3)
    wait, seen = rng.exponential(10, 400), rng.uniform(0, 20, 400)
    tickets = made(list(np.minimum(wait, seen)), list(wait <= seen))
    row = sla_table(tickets, targets=8, step="resolve", as_of=END).loc["total"]
    true = np.exp(-0.8)
    assert row["breach_share_low"] <= true <= row["breach_share_high"]
    closed = wait[wait <= seen]
    assert (closed > 8).mean() < row["breach_share_low"]


def test_shares_add_up_and_follow_the_curve(sample):
    tickets = sample["tickets"]
    table = sla_table(tickets, targets={1: 24, 2: 8, 3: 2}, by="severity", as_of="2012-12-31")
    np.testing.assert_allclose(table["in_time_share"] + table["breach_share"], 1)
    np.testing.assert_allclose(table["in_time_share_low"] + table["breach_share_high"], 1)
    assert (table["in_time"] + table["too_late"] + table["undecided"] == table["tickets"]).all()
    assert table.loc["total", "tickets"] == len(tickets)
    np.testing.assert_allclose(table["in_time_share"], table["in_time"] / table["tickets"])  # none undecided here


def test_one_target_for_all_is_the_curve_at_that_hour():
    tickets = made([1, 3, 9, 2, 30], [True, True, True, False, False])
    row = sla_table(tickets, targets=4, step="resolve", as_of=END).loc["total"]
    curve = survival_at([1, 3, 9, 2, 30], [1, 1, 1, 0, 0], times=[4]).iloc[0]
    assert row[["breach_share", "breach_share_low", "breach_share_high"]].tolist() == pytest.approx(
        curve[["survival", "survival_low", "survival_high"]].tolist()
    )
    assert row["target_hours"] == 4


def test_all_in_time_is_not_certainty():
    row = sla_table(made([1] * 10, [True] * 10), targets=4, step="resolve", as_of=END).loc["total"]
    assert row["in_time_share"] == 1
    assert row["in_time_share_low"] == pytest.approx(wilson(10, 10)[0])


def test_a_withdrawn_ticket_is_not_resolved_in_time():
    tickets = made([1, 2, 3, 50], [True] * 4, status=["resolved", "withdrawn", "resolved", "resolved"])
    row = sla_table(tickets, targets=4, step="resolve", as_of=END, status="status").loc["total"]
    assert row["in_time_share"] == pytest.approx(0.5)  # cutting it off instead would make it .625
    assert row[["in_time", "too_late", "undecided"]].tolist() == [2, 1, 1]


@pytest.mark.parametrize(
    ("targets", "by", "what"),
    [({1: 4}, "severity", "no target for 3"), ({1: 4}, None, "no column to group by"), (0, None, "not above 0")],
)
def test_targets_that_cannot_be_used(targets, by, what):
    with pytest.raises(InputError, match=what) as error:
        sla_table(made([1, 2], [True, True], severity=[1, 3]), targets=targets, step="resolve", by=by, as_of=END)
    assert "目标时间" in error.value.zh


def test_every_column_has_a_word():
    table = sla_table(made([1], [True], severity=[1]), targets={1: 2}, step="resolve", by="severity", as_of=END)
    names = {*table.columns, table.index.name}
    assert {name for name in names if not name.endswith(("_low", "_high"))} <= set(all_words())


def test_a_ticket_withdrawn_in_time_is_no_breach():
    tickets = made([1, 2, 3, 50], [True] * 4, status=["resolved", "withdrawn", "Resolved", " resolved"])
    row = sla_table(tickets, targets=4, step="resolve", as_of=END, status="status").loc["total"]
    assert row["too_late"] / row["tickets"] == row["breach_share"] == 0.25
    assert row["in_time_share"] == 0.5
    assert row["breach_share_low"] < 0.25 < row["breach_share_high"]


def test_a_target_that_is_no_number_is_refused():
    for targets in ("four", None, {1: "four", 3: 4}):
        with pytest.raises(InputError, match="no number or not above 0"):
            sla_table(made([1, 2], [True] * 2, severity=[1, 3]), targets=targets, step="resolve", as_of=END,
                      by="severity")  # fmt: skip
