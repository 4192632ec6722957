"""Waiting times by group: tables, curves, comparisons; recovery of what the sample company was made with."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.tickets.service import service_table
from crm_analysis.satisfaction.tickets.waiting import still_waiting, waiting_comparison, waiting_curves, waiting_table
from crm_analysis.words import all_words

START = pd.Timestamp("2012-03-01", tz="Asia/Shanghai").as_unit("us")


def made(hours: list[float], done: list[bool], **columns: list) -> pd.DataFrame:
    """Tickets opened at staggered moments, so that open ones were seen for `hours` at the end of the data."""
    end = START + pd.Timedelta(100, "D")
    hours, done = pd.to_timedelta(pd.Series(hours, dtype=float), "h"), pd.Series(done)
    opened = pd.Series(START, index=hours.index).where(done, end - hours)
    return pd.DataFrame(
        {"ticket_id": [str(k) for k in hours.index], "customer_id": [f"c{k}" for k in hours.index], "opened_at": opened,
         "resolved_at": (opened + hours).where(done)} | columns
    )  # fmt: skip


END = START + pd.Timedelta(100, "D") - pd.Timedelta(1, "us")
REMISSION = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"


def remission() -> pd.DataFrame:
    items = REMISSION.split()
    return made([float(x.rstrip("+")) for x in items], ["+" not in x for x in items])


def test_open_tickets_are_never_dropped():
    row = waiting_table(remission(), step="resolve", as_of=END).loc["total"]
    assert (row["tickets"], row["step_done"], row["still_open"]) == (21, 9, 12)
    assert row["hours_median"] == 23
    assert row["until_hours"] == pytest.approx(35, abs=1e-6)
    assert row["restricted_hours"] == pytest.approx(23.287395, abs=1e-6)  # the mean of the closed ones is 12.1
    assert np.isnan(row["hours_p90"])


def test_the_median_is_that_of_the_service_table(sample):
    tickets = sample["tickets"]
    table, service = (
        function(tickets, by="channel", as_of="2012-12-31") for function in (waiting_table, service_table)
    )
    np.testing.assert_allclose(table["hours_median"], service["reply_hours"])
    solved = waiting_table(tickets, step="resolve", by="channel", as_of="2012-12-31")
    np.testing.assert_allclose(solved["hours_median_high"], service["resolve_hours_high"])
    assert table.index.tolist() == service.index.tolist()


def test_shares_still_waiting_and_curves_agree():
    tickets = remission().assign(channel=["chat"] * 10 + ["mail"] * 11)
    shares = still_waiting(tickets, step="resolve", by="channel", as_of=END, hours=(6, 40))
    curves = waiting_curves(tickets, step="resolve", by="channel", as_of=END)
    chat = curves.loc["chat", "survival"]
    first = shares.set_index(["channel", "hours_after"]).loc[("chat", 6)]
    assert first["waiting_share"] == pytest.approx(chat[chat.index <= 6].iloc[-1])
    assert first["at_that_time"] == 10
    late = shares[shares["hours_after"] == 40].set_index("channel")["waiting_share"]
    assert late.to_dict() == pytest.approx({"mail": np.nan, "chat": 0}, nan_ok=True)  # of chat all had ended


def test_comparison_says_which_pairs_differ():
    rng = np.random.default_rng(1)
    wait = np.r_[rng.exponential(5, 40), rng.exponential(5, 40), rng.exponential(40, 40), [3.0] * 3]
    tickets = made(list(wait), [True] * 123, channel=["a"] * 40 + ["b"] * 40 + ["slow"] * 40 + ["few"] * 3)
    found = waiting_comparison(tickets, step="resolve", by="channel", as_of=END)
    assert found.p < 0.001
    assert found.df == 3
    assert found.few == ("few",)
    differ = found.pairs[found.pairs["p_holm"] < 0.05]
    assert {frozenset(pair) for pair in differ[["first_group", "second_group"]].values} >= {
        frozenset(["a", "slow"]), frozenset(["b", "slow"]),
    }  # fmt: skip
    zh, en = found.text("zh"), found.text("en")
    assert "a and slow" in en
    assert "a与slow" in zh
    assert "association, not an effect" in en
    assert "不等于" in zh
    assert "Fewer than 10 ends, so that the test is rough: few" in en
    same = waiting_comparison(tickets[tickets["channel"].isin(["a", "b"])], step="resolve", by="channel", as_of=END)
    assert "no pair of groups differs significantly (p < 0.05), which does not show" in same.text("en")
    assert "没有一对组别的差异显著（p < 0.05），但不能" in same.text("zh")
    with pytest.raises(InputError, match="one group of channel only"):
        waiting_comparison(tickets[:5], step="resolve", by="channel", as_of=END)


def test_tickets_withdrawn_are_cut_not_resolved():
    tickets = made([1.0, 2.0, 3.0], [True] * 3, status=["resolved", "withdrawn", "resolved"])
    row = waiting_table(tickets, step="resolve", as_of=END, status="status").loc["total"]
    assert (row["step_done"], row["hours_median"]) == (2, 3)


def test_repeated_labels_of_rows_change_nothing(sample):
    from crm_analysis.satisfaction.tickets.sla import sla_table
    from crm_analysis.satisfaction.tickets.triage import triage

    tickets, how = sample["tickets"], {"by": "channel", "as_of": "2012-12-31"}
    same = tickets.set_axis([0] * len(tickets))
    pd.testing.assert_frame_equal(waiting_table(same, **how), waiting_table(tickets, **how))
    assert waiting_comparison(same, **how).statistic == waiting_comparison(tickets, **how).statistic
    pd.testing.assert_frame_equal(sla_table(same, targets=4, **how), sla_table(tickets, targets=4, **how))
    pd.testing.assert_frame_equal(triage(same, as_of="2012-12-31"), triage(tickets, as_of="2012-12-31"))


def test_reply_medians_of_the_sample_are_those_it_was_made_with(sample):
    mild = sample["tickets"][sample["tickets"]["severity"] < 3]  # severity 3 is answered 40 % sooner
    table = waiting_table(mild, by="channel", as_of="2012-12-31", level=0.9875)  # four intervals at once
    for channel, true in {"online_chat": 1, "phone": 2, "web_form": 18, "email": 30}.items():
        low, high = table.loc[channel, ["hours_median_low", "hours_median_high"]]
        assert low <= true <= high, channel


def test_a_tenth_of_the_sample_is_never_resolved(sample):
    found = still_waiting(sample["tickets"], step="resolve", as_of="2012-12-31", hours=(24 * 60,))
    low, high = found.loc[0, ["waiting_share_low", "waiting_share_high"]]
    assert low <= 0.1 <= high


def test_cities_of_the_sample_are_answered_alike(sample):
    found = waiting_comparison(sample["tickets"], by="city", customers=sample["customers"], as_of="2012-12-31")
    assert found.p > 0.05
    assert waiting_comparison(sample["tickets"], by="channel", as_of="2012-12-31").p < 1e-12


def test_every_column_has_a_word(sample):
    tickets, how = sample["tickets"], {"as_of": "2012-12-31", "by": "severity"}
    comparison = waiting_comparison(tickets, **how)
    frames = [waiting_table(tickets, **how), still_waiting(tickets, **how), comparison.pairs, comparison.groups]
    names = {name for frame in frames for name in [*frame.columns, *frame.index.names] if name}
    assert {name for name in names if not name.endswith(("_low", "_high"))} <= set(all_words())


def test_groups_that_never_wait_together_are_not_said_to_be_alike():
    tickets = made([1.0, 2.0, 5.0, 6.0], [False, False, True, True], channel=list("aabb"))
    found = waiting_comparison(tickets, step="resolve", by="channel", as_of=END)
    assert found.df == 0
    assert "no test" in found.text("en")
    assert "differs" not in found.text("en")
    assert "显著" not in found.text("zh")
