"""Sessions against a walk through the log, their measures on the public log, bounce against view-only users."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.errors import InputError
from crm_analysis.marketing import find_sessions, session_depth, session_summary, view_only_users
from tests.helpers.logs import log_of, small_logs


def sessions_by_walking(rows: list[tuple], gap_seconds: float) -> list[tuple]:
    """Walk through each user's events; return (user, events, seconds, bounced) of each session."""
    found = []
    for user in sorted({row[0] for row in rows}):
        mine = sorted((second, action) for c, _, action, second in rows if c == user)
        current = [mine[0]]
        for event in mine[1:]:
            if event[0] - current[-1][0] > gap_seconds:
                found.append((user, current))
                current = []
            current.append(event)
        found.append((user, current))
    return sorted(
        (user, len(part), part[-1][0] - part[0][0], len(part) == 1 and part[0][1] == "view") for user, part in found
    )


@settings(max_examples=60, deadline=None)
@given(small_logs(), st.sampled_from([1, 2, 5]))
def test_sessions_are_those_of_a_walk(rows, gap):
    found = find_sessions(log_of(rows), gap_minutes=gap / 60)
    seconds = (found["minutes"] * 60).round().astype(int)
    ours = sorted(zip(found["customer_id"], found["events"], seconds, found["bounced"]))
    assert ours == sessions_by_walking(rows, gap)


@settings(max_examples=30, deadline=None)
@given(small_logs())
def test_sessions_partition_the_events(rows):
    events = log_of(rows)
    found = find_sessions(events, gap_minutes=3 / 60)
    assert found["events"].sum() == len(events)
    by_user = found.groupby("customer_id")["events"].sum()
    assert by_user.to_dict() == events["customer_id"].value_counts().to_dict()
    assert found["views"].sum() == (events["action"] == "view").sum()
    assert (found["started_at"] <= found["ended_at"]).all()


def test_a_pause_of_exactly_half_an_hour_is_the_same_session():
    rows = [("a", "x", "view", second) for second in (0, 1800, 3601)]
    assert find_sessions(log_of(rows))["events"].tolist() == [2, 1]


def test_the_public_log(taobao):
    found = find_sessions(taobao)
    assert len(found) == 16_724
    assert (found["events"] == 1).sum() == 5_232
    assert found["bounced"].sum() == 4_423
    assert view_only_users(taobao)[["users", "view_only_users"]].values.tolist() == [[983, 69]]
    assert found["started_at"].dtype == taobao["happened_at"].dtype
    assert session_depth(found)["sessions"].sum() == 16_724


def test_summary_of_the_public_log(taobao):
    found = find_sessions(taobao)
    row = session_summary(found, draws=200).iloc[0]
    assert row.bounce_rate == pytest.approx(4_423 / 16_724)
    assert row.sessions_per_user == pytest.approx(16_724 / 983)
    assert row.session_minutes == pytest.approx(found["minutes"].mean())
    assert row.events_per_session == pytest.approx(99_957 / 16_724)
    for name in ("bounce_rate", "sessions_per_user", "session_minutes", "session_minutes_median"):
        assert row[f"{name}_low"] < row[name] < row[f"{name}_high"]


def test_intervals_treat_the_user_as_the_unit(taobao):
    """Sessions of a user are alike, so the interval is wider than for 16,724 independent sessions."""
    found = find_sessions(taobao)
    clustered = session_summary(found, draws=400).iloc[0]
    alone = session_summary(found.assign(customer_id=range(len(found))), draws=400).iloc[0]
    assert clustered.bounce_rate_high - clustered.bounce_rate_low > 1.1 * (
        alone.bounce_rate_high - alone.bounce_rate_low
    )


def test_the_same_seed_gives_the_same_interval(taobao):
    found = find_sessions(taobao.head(5000))
    pd.testing.assert_frame_equal(session_summary(found, draws=50, rng=3), session_summary(found, draws=50, rng=3))


def test_one_user_has_no_interval():
    row = session_summary(find_sessions(log_of([("a", "x", "view", 0), ("a", "x", "buy", 9000)]))).iloc[0]
    assert row.sessions_per_user == 2
    assert np.isnan(row.sessions_per_user_low)


def test_depth_by_hand():
    rows = [("a", "x", "view", second) for second in range(6)] + [("b", "x", "buy", 0)]
    table = session_depth(find_sessions(log_of(rows))).set_index("session_depth")
    assert table["sessions"].to_dict() == {"one_event": 1, "events_2_to_5": 0, "events_6_to_10": 1, "events_over_10": 0}
    assert table.loc["one_event", "buying_share"] == 1
    assert np.isnan(table.loc["events_over_10", "buying_share"])


def test_bad_input_is_named():
    events = log_of([("a", "x", "view", 0)])
    with pytest.raises(InputError, match="gap_minutes must be above 0"):
        find_sessions(events, gap_minutes=0)
    with pytest.raises(InputError, match="happened_at has no time zone"):
        find_sessions(events.assign(happened_at=events["happened_at"].dt.tz_localize(None)))
    with pytest.raises(InputError, match="customer_id is blank in 1 rows"):
        find_sessions(events.assign(customer_id=None))
    with pytest.raises(InputError, match="unknown action vieww"):
        find_sessions(events.assign(action="vieww"))


def test_an_empty_log_has_no_sessions():
    empty = find_sessions(log_of([("a", "x", "view", 0)]).head(0))
    assert len(empty) == 0
    assert session_summary(empty)["sessions"].tolist() == [0]
    assert session_depth(empty)["sessions"].sum() == 0
