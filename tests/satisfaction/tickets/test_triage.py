"""The order of the open complaints: rules by hand, the table, what was not known yet."""

from __future__ import annotations

import inspect
import time

import numpy as np
import pandas as pd
import pytest

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.tickets.triage import PRIORITIES, in_words, triage, triage_matrix
from crm_analysis.satisfaction.tickets.triage_rules import RULES, Rule, rule_table, triage_facts
from crm_analysis.words import all_words, word

NOW = "2012-03-31 12:00"


def times(*texts: str | None) -> pd.DatetimeIndex:
    return pd.to_datetime(list(texts), format="ISO8601").tz_localize("Asia/Shanghai").as_unit("us")


@pytest.fixture
def tickets() -> pd.DataFrame:
    rows = [  # id, customer, opened, replied, resolved, severity, parties, text
        ("new", "a", "2012-03-31 11:00", None, None, 1, None, None),
        ("five_hours", "b", "2012-03-31 07:00", None, None, 2, None, None),
        ("two_days", "c", "2012-03-29 12:00", None, None, 3, "seller;carrier;bank", None),
        ("week", "d", "2012-03-20 12:00", "2012-03-20 13:00", None, 3, None, None),
        ("closed", "e", "2012-03-20 12:00", None, "2012-03-30 12:00", 3, None, None),
        ("again", "e", "2012-03-31 11:30", "2012-03-31 11:40", None, 1, None, None),
        ("threat", "f", "2012-03-31 11:50", None, None, np.nan, None, "再不处理就打12315"),
        ("later", "g", "2012-04-01 11:00", None, None, 3, None, None),
        ("fixed_later", "h", "2012-03-31 10:00", "2012-04-02", "2012-04-03", 2, None, None),
    ]
    names = ["ticket_id", "customer_id", "opened_at", "first_reply_at", "resolved_at", "severity", "parties", "text"]
    frame = pd.DataFrame(rows, columns=names)
    for name in ("opened_at", "first_reply_at", "resolved_at"):
        frame[name] = times(*frame[name])
    return frame.assign(channel="phone", reason="delivery")


def test_reasons_levels_and_order_by_hand(tickets):
    before = tickets.copy(deep=True)
    table = triage(tickets, as_of=NOW)
    pd.testing.assert_frame_equal(tickets, before)
    assert table.index.tolist() == ["week", "two_days", "threat", "five_hours", "fixed_later", "again", "new"]
    assert table["priority"].tolist() == [1, 1, 2, 3, 4, 4, 5]
    assert table.loc["week", "triage_reasons"] == ("triage.open_7_days",)
    assert table.loc["two_days", "triage_reasons"] == ("triage.no_reply_24h", "triage.three_parties")
    assert table.loc["threat", "triage_reasons"] == ("triage.threat", "triage.severity_not_stated")
    assert table.loc["five_hours", "triage_reasons"] == ("triage.no_reply_4h",)
    assert table.loc["again", "triage_reasons"] == ("triage.complained_before",)
    assert table.loc["new", "triage_reasons"] == ()
    assert table["waiting_hours"].to_dict()["five_hours"] == 5
    assert not table.loc["fixed_later", "replied"]  # not known yet


def test_among_equals_the_longest_wait_goes_first(tickets):
    table = triage(tickets, as_of=NOW)
    assert table["priority"].is_monotonic_increasing
    assert all(part["waiting_hours"].is_monotonic_decreasing for _, part in table.groupby("priority"))


def test_own_rules_and_tables(tickets):
    rules = [Rule("reason", 3, lambda facts: facts["reason"].eq("delivery"))]
    table = triage(tickets, as_of=NOW, rules=rules, priorities=11 - PRIORITIES)
    assert set(table["urgency"]) == {3}
    assert set(table["priority"]) <= set(range(6, 11))
    none = triage(tickets, as_of=NOW, rules=[])
    assert set(none["urgency"]) == {1}


def test_customers_earlier_tickets_count_for_90_days(tickets):
    facts = triage_facts(tickets, as_of=NOW).set_index("ticket_id")
    assert facts["earlier_tickets"].to_dict() == {name: int(name == "again") for name in facts.index}
    short = triage_facts(tickets, as_of=NOW, repeat_days=7).set_index("ticket_id")
    assert short["earlier_tickets"].sum() == 0


@pytest.mark.parametrize(
    ("text", "threat"),
    [("I will go to the PRESS", True), ("See you in court.", True), ("再不退款就找律师", True),
     ("the express parcel is late, no issue", False), ("客服态度不好", False)],
)  # fmt: skip
def test_threats_are_whole_words(tickets, text, threat):
    facts = triage_facts(tickets.assign(text=text), as_of=NOW)
    assert set(facts["threat"]) == {threat}


def test_a_list_without_open_tickets_is_empty(tickets):
    closed = tickets[tickets["ticket_id"] == "closed"]
    table = triage(closed, as_of=NOW)
    assert table.empty
    assert triage_matrix(table)["tickets"].sum() == 0


def test_the_matrix_counts_all_open_tickets(tickets):
    table = triage(tickets, as_of=NOW)
    matrix = triage_matrix(table)
    assert len(matrix) == 9
    assert matrix["tickets"].sum() == len(table)
    cell = matrix.set_index(["severity_level", "urgency"]).loc[(3, 3)]
    assert (cell["priority"], cell["tickets"], cell["longest_wait"]) == (1, 2, 264)


def test_reasons_in_words(tickets):
    table = triage(tickets, as_of=NOW)
    zh, en = in_words(table, lang="zh")["triage_reasons"], in_words(table, lang="en")["triage_reasons"]
    assert zh["two_days"] == "超过 24 小时未回复；涉及三方及以上"
    assert en["two_days"] == "no reply for more than 24 hours; three parties or more"
    assert (zh["new"], en["new"]) == ("无", "none")
    assert all(word(rule.key, "en") != rule.key for rule in RULES)
    assert rule_table()["urgency"].is_monotonic_decreasing


def test_severity_that_is_not_recorded_counts_as_middle(tickets):
    table = triage(tickets.drop(columns=["severity", "text", "parties", "first_reply_at"]), as_of=NOW)
    assert set(table["severity_level"]) == {2}
    assert all("triage.severity_not_stated" in keys for keys in table["triage_reasons"])


@pytest.mark.parametrize(
    ("change", "options", "what"),
    [
        ({"severity": 9}, {}, "severity 9.0 is not in the table"),
        ({}, {"rules": [Rule("x", 7, lambda facts: facts["replied"])]}, "the urgency of x is not in the table"),
        ({}, {"priorities": PRIORITIES[[2, 3]]}, "urgency 1 is not in the table"),
    ],
)
def test_levels_outside_the_table(tickets, change, options, what):
    with pytest.raises(InputError, match=what) as error:
        triage(tickets.assign(**change), as_of=NOW, **options)
    assert "优先级表" in error.value.zh


def test_every_column_has_a_word(tickets):
    table = triage(tickets, as_of=NOW)
    names = {*table.columns, table.index.name, *triage_matrix(table).columns, *rule_table().columns} - {"ticket_id"}
    assert names <= set(all_words())


def test_severity_in_words_is_named_and_order_numbers_are_no_threat():
    tickets = pd.DataFrame({"ticket_id": list("12"), "customer_id": list("ab"), "severity": ["high", None],
                            "opened_at": pd.to_datetime(["2012-03-01"] * 2).tz_localize("Asia/Shanghai"),
                            "text": ["订单 201112345678 没到", "我要打12315"]})  # fmt: skip
    with pytest.raises(InputError, match="severity 'high' is no number"):
        triage(tickets, as_of="2012-03-01")
    found = triage(tickets.assign(severity=1), as_of="2012-03-01")["triage_reasons"]
    assert "triage.threat" not in found["1"]
    assert "triage.threat" in found["2"]


def test_earlier_tickets_by_brute_force():
    rng = np.random.default_rng(0)
    days = pd.to_timedelta(rng.integers(0, 60, 200), "D")
    tickets = pd.DataFrame({"ticket_id": rng.permutation(200).astype(str),
                            "customer_id": rng.choice(["a", "b", "c", None], 200),
                            "opened_at": pd.Series(times("2012-01-01").repeat(200)) + days})  # fmt: skip
    facts = triage_facts(tickets, as_of=NOW, repeat_days=20)
    for row in facts.itertuples():
        same = facts[(facts["customer_id"] == row.customer_id) & (facts["ticket_id"] != row.ticket_id)]
        before = (same["opened_at"] < row.opened_at) | (
            (same["opened_at"] == row.opened_at) & (same["ticket_id"] < row.ticket_id)
        )
        recent = same["opened_at"] >= row.opened_at - pd.Timedelta(20, "D")
        assert row.earlier_tickets == (before & recent).sum()


def test_many_tickets_are_quick():
    n = 100_000
    opened = pd.Series(times("2012-01-01").repeat(n)) + pd.to_timedelta(np.arange(n), "s")
    tickets = pd.DataFrame({"ticket_id": np.arange(n).astype(str), "customer_id": (np.arange(n) // 2).astype(str),
                            "opened_at": opened})  # fmt: skip
    started = time.perf_counter()
    table = triage(tickets, as_of="2012-01-31", repeat_days=90)
    assert time.perf_counter() - started < 8
    assert sum("triage.complained_before" in keys for keys in table["triage_reasons"]) == n // 2


def test_help_shows_no_addresses_and_no_frames():
    for function in (triage, triage_matrix, rule_table):
        shown = str(inspect.signature(function))
        assert "0x" not in shown
        assert "\n" not in shown
