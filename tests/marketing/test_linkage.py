"""Linkage coverage and event counts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from crm_analysis.marketing import event_counts, linkage_coverage
from tests.helpers.logs import log_of, small_logs


def test_the_public_log(taobao):
    table = linkage_coverage(taobao)
    assert table["events"].tolist() == [1_125, 2_580, 4_485]
    assert table["share"].sum() == pytest.approx(1)


@settings(max_examples=50, deadline=None)
@given(small_logs())
def test_against_a_search_event_by_event(rows):
    counts = {"viewed_before": 0, "viewed_later": 0, "never_viewed": 0}
    views = [(c, item, second) for c, item, action, second in rows if action == "view"]
    for c, item, action, second in rows:
        if action in ("favourite", "cart"):
            seconds = [s for vc, vi, s in views if (vc, vi) == (c, item)]
            before = any(s <= second for s in seconds)
            counts["viewed_before" if before else "viewed_later" if seconds else "never_viewed"] += 1
    table = linkage_coverage(log_of(rows))
    assert dict(zip(table["linkage"], table["events"])) == counts


def test_event_counts_of_the_public_log(taobao):
    table = event_counts(taobao).set_index("action")
    assert table["events"].to_dict() == {"view": 89_666, "favourite": 2_744, "cart": 5_446, "buy": 2_101}
    assert table.loc["buy", "users"] == 671
    assert table.loc["buy", "events_per_view"] == pytest.approx(2_101 / 89_666)


def test_without_views_there_is_no_ratio():
    assert event_counts(log_of([("a", "x", "buy", 0)]))["events_per_view"].isna().all()
