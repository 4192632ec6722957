"""Tianchi's mobile log of 2014 into events: codes, hours, geohash, duplicates."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.errors import InputError
from crm_analysis.sources import get
from crm_analysis.tables import About, conform, localize
from crm_analysis.words import all_words
from tests.helpers.taobao_logs import MOBILE, many_rows, run

HEADER = "user_id,item_id,behavior_type,user_geohash,item_category,time"
NAMES = {"1": "view", "2": "favourite", "3": "cart", "4": "buy"}


def line(user=10001082, item=285259775, code="1", geohash="97lk14c", category=4076, hour="2014-12-08 18") -> str:
    return f"{user},{item},{code},{geohash},{category},{hour}"


def file_of(lines: list[str]) -> str:
    return "\n".join([HEADER, *lines]) + "\n"


def read_by_pandas(text: str) -> pd.DataFrame:
    """Return the table as plain pandas makes it."""
    lines = text.splitlines()[1:]
    frame = pd.DataFrame([one.split(",") for one in lines], columns=HEADER.split(","))
    moments = localize(pd.to_datetime(frame["time"], format="%Y-%m-%d %H"), "Asia/Shanghai").dt.tz_convert("UTC")
    return pd.DataFrame(
        {
            "customer_id": frame["user_id"],
            "item_id": frame["item_id"],
            "category_id": frame["item_category"],
            "geohash": frame["user_geohash"].where(frame["user_geohash"] != ""),
            "action": frame["behavior_type"].map(NAMES),
            "happened_at": moments,
        }
    )


rows = st.builds(
    line, st.integers(1, 3), st.integers(1, 2), st.sampled_from("1234"), st.sampled_from(["", "97lk14c"]),
    st.integers(1, 2), st.sampled_from(["2014-11-18 00", "2014-12-06 02", "2014-12-18 23"]),
)  # fmt: skip


@settings(max_examples=15, deadline=None)
@given(lines=st.lists(rows, min_size=1, max_size=30), drop=st.booleans())
def test_table_and_duplicates_are_those_of_pandas(tmp_path_factory, lines, drop):
    made = run(MOBILE, file_of(lines), tmp_path_factory.mktemp("log"), duplicates="drop" if drop else "keep")
    table = read_by_pandas(file_of(lines))
    repeated = table.duplicated()
    table = table[~repeated].reset_index(drop=True) if drop else table
    pd.testing.assert_frame_equal(made.events, table[list(made.events)], check_dtype=False)
    counts = {"time_to_the_hour": len(table), "duplicate_row": int(repeated.sum())}
    assert made.rules == {rule: n for rule, n in counts.items() if n}
    if repeated.any():
        assert made.first["duplicate_row"] == int(repeated.idxmax()) + 2
    assert made.entry.read == len(lines)


def test_events_fit_the_schema_and_say_how_exact_they_are(tmp_path):
    made = run(MOBILE, file_of([line(), line(code="4", geohash="", hour="2014-11-18 00")]), tmp_path)
    events, ledger = conform(made.events, "events", zone="Asia/Shanghai")
    assert (ledger.read, ledger.kept) == (2, 2)
    assert events["happened_at"].astype(str).tolist() == ["2014-12-08 18:00:00+08:00", "2014-11-18 00:00:00+08:00"]
    assert events["geohash"].isna().tolist() == [False, True]
    about = About.read(tmp_path / "out" / "about.yml")
    assert about.notes["time_precision"] == "hour"
    assert about.window == ["2014-11-18", "2014-12-08 18:59:59"]
    assert set(made.rules) <= set(all_words())


def test_rules_of_damaged_rows(tmp_path):
    broken = ["1,2,1,,3", ",2,1,,3,2014-12-08 18", "x,2,1,,3,2014-12-08 18", line(code="5"), line(hour="2014-12-08"),
              line(hour="2014-12-08 24"), line(hour="2014-12-19 00"), line(hour="2014-11-17 23")]  # fmt: skip
    made = run(MOBILE, file_of([*(line(item=k) for k in range(9)), *broken]), tmp_path)
    assert made.rules == {"wrong_field_count": 1, "blank_id": 1, "bad_id": 1, "unknown_action": 1, "bad_time": 2,
                          "outside_window": 2, "time_to_the_hour": 9}  # fmt: skip
    assert made.first["bad_time"] == 15
    everything = run(MOBILE, file_of([line(), line(hour="2013-01-01 05")]), tmp_path, window="none")
    assert everything.entry.kept == 2


@pytest.mark.parametrize(
    "text",
    [
        line(),
        file_of([line()]),
        file_of([line(hour="2014-12-08 18:00:00")]),
        file_of([line(hour="2014/12/8 18:00")]),
        "time,user_id,item_id,behavior_type,item_category\n2014-12-08 18,10001082,285259775,1,4076\n",
        file_of([line()]).replace(",", "\t"),
    ],
)
def test_copies_in_other_forms_give_the_same_event(tmp_path, text):
    event = run(MOBILE, text, tmp_path).events.iloc[0]
    assert event.drop("geohash", errors="ignore").tolist() == [
        "10001082", "285259775", "4076", "view", pd.Timestamp("2014-12-08 10:00", tz="UTC")]  # fmt: skip


def test_minutes_are_not_noted_as_hours(tmp_path):
    made = run(MOBILE, file_of([line(hour="2014-12-08 18:25:00"), line()]), tmp_path)
    assert made.rules == {"time_to_the_hour": 1}
    assert made.first == {"time_to_the_hour": 3}


def test_a_sample_keeps_whole_histories(tmp_path):
    lines = [line(user=k % 7, item=k) for k in range(70)]
    made = run(MOBILE, file_of(lines), tmp_path, users=3)
    assert made.events["customer_id"].value_counts().tolist() == [10, 10, 10]
    assert made.rules["customer_not_sampled"] == 40


def test_the_other_log_is_named(tmp_path):
    with pytest.raises(InputError, match=re.escape("crm import taobao-userbehavior log.csv FOLDER")):
        run(MOBILE, "\n".join(many_rows(9)), tmp_path)


def test_sources_tell_their_options():
    assert get(MOBILE).options == {"zone": "Asia/Shanghai", "window": "official", "users": 0, "seed": 0,
                                   "duplicates": "keep"}  # fmt: skip
