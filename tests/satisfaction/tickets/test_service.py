"""Complaint tickets: the Pareto table and the service table."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.errors import InputError
from crm_analysis.intervals import mean_t, wilson
from crm_analysis.satisfaction.tickets.service import reason_table, service_table
from crm_analysis.tables.days import end_of
from crm_analysis.words import all_words

ZONE = "Asia/Shanghai"
quick = settings(max_examples=25, deadline=None)


def times(*texts: str | None) -> pd.DatetimeIndex:
    return pd.to_datetime(list(texts), format="ISO8601").tz_localize(ZONE).as_unit("us")


@pytest.fixture
def tickets() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "ticket_id": list("12345"),
            "channel": ["chat", "chat", "chat", "mail", None],
            "opened_at": times("2012-03-01 08:00", "2012-03-05 08:00", "2012-03-31 20:00", "2012-03-10", "2012-04-02"),
            "first_reply_at": times("2012-03-01 10:00", "2012-03-07 08:00", None, "2012-04-03", None),
            "resolved_at": times("2012-03-03 08:00", "2012-04-20 08:00", None, None, None),
            "csat": [4.0, 1.0, np.nan, np.nan, np.nan],
            "compensation": [5.0, 9.0, np.nan, np.nan, np.nan],
        }
    )


# The Pareto table


@quick
@given(st.lists(st.sampled_from("abcd"), min_size=1, max_size=60), st.randoms())
def test_reasons_add_up_and_row_order_is_irrelevant(reasons, random):
    table = reason_table(pd.DataFrame({"reason": reasons}))
    assert table["tickets"].sum() == len(reasons)
    assert table["tickets"].is_monotonic_decreasing
    assert table["cumulative_share"].iloc[-1] == 1
    np.testing.assert_allclose(table["share"].cumsum(), table["cumulative_share"])
    assert {name: reasons.count(name) for name in reasons} == table["tickets"].to_dict()
    low, high = wilson(table["tickets"], len(reasons))
    np.testing.assert_array_equal(table[["share_low", "share_high"]].to_numpy().T, [low, high])
    random.shuffle(reasons)
    pd.testing.assert_frame_equal(reason_table(pd.DataFrame({"reason": reasons})), table)


@pytest.mark.parametrize("reasons", [[], ["late", None]])
def test_no_tickets_and_blank_reasons_are_refused(reasons):
    with pytest.raises(InputError) as error:
        reason_table(pd.DataFrame({"reason": reasons}, dtype=object))
    assert error.value.zh.startswith("投诉工单")


# The service table


def test_service_table_by_hand(tickets):
    before = tickets.copy(deep=True)
    table = service_table(tickets, as_of="2012-03-31")
    pd.testing.assert_frame_equal(tickets, before)
    assert table.index.tolist() == ["chat", "mail"]  # ticket 5 was opened later
    assert table.index.name == "channel"
    chat, mail = table.loc["chat"], table.loc["mail"]
    assert (chat["tickets"], chat["due_24h"], chat["replied_24h"]) == (3, 2, 0.5)  # ticket 3 waited 4 hours only
    assert chat["reply_hours"] == 48  # 2, 48, 4 and waiting
    assert chat["resolved_share"] == 1 / 3  # ticket 2 was resolved after the day
    assert chat["resolve_hours"] == 48  # after 4 hours two are left, one of which is resolved at 48
    assert (chat["csat_answers"], chat["csat"], chat["compensated_share"]) == (1, 4, 1)
    assert np.isnan(mail[["reply_hours", "csat", "compensated_share"]].to_numpy(float)).all()
    assert (mail["replied_24h"], mail["resolved_share"]) == (0, 0)


def test_what_happens_after_the_day_changes_nothing(tickets):
    end = end_of("2012-03-31", tickets["opened_at"])
    known = tickets[tickets["opened_at"] < end].copy()
    later = known["resolved_at"] >= end
    known[["csat", "compensation"]] = known[["csat", "compensation"]].mask(later)
    for name in ("first_reply_at", "resolved_at"):
        known[name] = known[name].where(known[name] < end)
    pd.testing.assert_frame_equal(service_table(known, as_of="2012-03-31"), service_table(tickets, as_of="2012-03-31"))


def test_groups_blank_values_and_all_together(tickets):
    assert service_table(tickets, as_of="2012-04-30").index.tolist() == ["chat", "mail", "not_stated"]
    total = service_table(tickets, by=None, as_of="2012-04-30")
    assert total["tickets"].to_dict() == {"total": 5}
    assert total["csat"].tolist() == [2.5]
    assert total["csat_low"].item() == mean_t([1, 4]).low


def test_steps_that_were_not_recorded_stay_blank(tickets):
    bare = tickets.drop(columns=["resolved_at", "csat"]).assign(first_reply_at=pd.NaT)
    table = service_table(bare, by=None, as_of="2012-04-30").loc["total"]
    assert table["due_24h"] == 0
    assert table[["replied_24h", "reply_hours", "resolve_hours", "resolved_share", "csat"]].isna().all()
    assert table["compensated_share"] == 2 / 5


def test_a_moment_can_stand_for_the_end(tickets):
    assert service_table(tickets, by=None, as_of="2012-03-31 19:00")["tickets"].item() == 3
    assert service_table(tickets, by=None, as_of=pd.Timestamp("2012-03-31 12:00", tz="UTC"))["tickets"].item() == 4


def test_problems_of_the_table_stand_in_one_message(tickets):
    wrong = tickets.drop(columns="ticket_id").assign(opened_at=tickets["opened_at"].dt.tz_localize(None))
    with pytest.raises(InputError) as error:
        service_table(wrong, as_of="2012-03-31")
    assert str(error.value).startswith("ticket_id is missing; opened_at has no time zone")
    assert error.value.zh == "投诉工单：ticket_id 缺失；opened_at 没有时区"


@pytest.mark.parametrize(
    ("change", "options", "what"),
    [
        ({}, {"by": "chanel"}, "no column 'chanel'"),
        ({}, {"as_of": "2011-01-01"}, "no ticket was opened by 2011-01-01"),
        ({"resolved_at": times(*["2012-03-01 07:00"] * 5)}, {}, "resolved_at lies before opened_at in 5 rows"),
    ],
)
def test_what_cannot_be_used_is_named_in_both_languages(tickets, change, options, what):
    with pytest.raises(InputError, match=what) as error:
        service_table(tickets.assign(**change), **({"as_of": "2012-04-30"} | options))
    assert error.value.zh != error.value.what


def test_every_column_has_a_word(tickets):
    frames = [service_table(tickets, as_of="2012-04-30"), reason_table(pd.DataFrame({"reason": ["late"]}))]
    columns = {name for frame in frames for name in [*frame.columns, frame.index.name]}
    assert {name for name in columns if not name.endswith(("_low", "_high"))} <= set(all_words())
