"""Every key of the room that a report can show has its term in both languages."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from crm_analysis import marketing
from crm_analysis.report.present import number
from crm_analysis.words import all_words
from crm_analysis.words.marketing import WORDS
from tests.helpers.logs import log_of

SENT = pd.Timestamp("2012-11-01", tz="Asia/Shanghai")


def frames():
    log = log_of([("a", "x", "view", 0), ("a", "x", "cart", 1), ("b", "x", "buy", 2)])
    visits = pd.DataFrame({"source": ["a", "b"], "pages": 1, "bought": True, "clicked": [True, None]})
    contacts = pd.DataFrame({"campaign": "c", "customer_id": list("abcd"), "arm": ["mail", "holdout"] * 2,
                             "sent_at": SENT})  # fmt: skip
    sessions = marketing.find_sessions(log)
    yield marketing.ordered_funnel(log)
    yield marketing.time_to_convert(log)
    yield marketing.linkage_coverage(log)
    yield marketing.event_counts(log)
    yield sessions
    yield marketing.session_summary(sessions, draws=5)
    yield marketing.session_depth(sessions)
    yield marketing.view_only_users(log)
    yield marketing.source_table(visits)
    yield marketing.compare_visits(visits, by="source", against="best")
    yield marketing.campaign_table(contacts)
    yield marketing.campaign_uplift(contacts)


KEYS = ("step", "from_step", "unit", "linkage", "action", "session_depth", "split_check")


def test_every_column_and_key_has_a_word():
    shown = set()
    for frame in frames():
        shown |= {re.sub("_(low|high)$", "", name) for name in frame}
        shown |= {value for name in KEYS if name in frame for value in frame[name]}
    assert shown - set(all_words()) == set()


@pytest.mark.parametrize("name", sorted(WORDS))
def test_words_are_in_their_language(name):
    entry = WORDS[name]
    assert re.search("[\u4e00-\u9fff]", entry.zh)
    assert entry.en.isascii()
    assert bool(entry.zh_note) == bool(entry.en_note)
    assert number(3 if entry.style.endswith("d") else np.float64(0.5), entry.style)
