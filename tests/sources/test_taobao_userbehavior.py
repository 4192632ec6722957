"""UserBehavior.csv into events: the published numbers, every kind of damage, every way a file can be written."""

from __future__ import annotations

import gzip
import hashlib
import random
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.errors import InputError
from crm_analysis.sources import get
from crm_analysis.tables import About, load
from crm_analysis.words import all_words
from tests.helpers.taobao_logs import (
    END,
    START,
    USER_BEHAVIOR,
    expected,
    lines_of_a_file,
    many_rows,
    row,
    run,
)

HEADER = "user_id,item_id,category_id,behavior_type,timestamp"
REAL = "UserBehavior_users_100k.csv"


def assert_same(left: pd.DataFrame, right: pd.DataFrame) -> None:
    left, right = (frame.assign(happened_at=frame["happened_at"].dt.as_unit("us")) for frame in (left, right))
    pd.testing.assert_frame_equal(left, right, check_dtype=False)


# The published file


def test_real_file_has_the_published_counts(real_data, tmp_path):
    ledger = get(USER_BEHAVIOR).run(real_data(REAL), tmp_path / "out")
    assert str(ledger) == (
        f"events: 100,001 rows read from {REAL}, 99,957 kept\n  44 set aside: outside_window (first: {REAL}, line 4171)"
    )
    data = load(tmp_path / "out")
    events = data["events"]
    assert events["customer_id"].nunique() == 983
    assert events.loc[events["action"] == "buy", "customer_id"].nunique() == 671
    assert events["action"].value_counts().to_dict() == {"view": 89666, "cart": 5446, "favourite": 2744, "buy": 2101}
    assert str(events["happened_at"].dtype) == "datetime64[us, Asia/Shanghai]"
    assert events["happened_at"].dt.date.astype(str).agg(["min", "max"]).tolist() == ["2017-11-25", "2017-12-03"]
    assert data.about.window == ["2017-11-25", "2017-12-03"]


def test_real_file_equals_what_pandas_reads(real_data, tmp_path):
    get(USER_BEHAVIOR).run(real_data(REAL), tmp_path / "out")
    columns = ["customer_id", "item_id", "category_id", "action", "second"]
    frame = pd.read_csv(real_data(REAL), names=columns, dtype=dict.fromkeys(columns[:4], str))
    frame["happened_at"] = pd.to_datetime(frame.pop("second"), unit="s", utc=True)
    local = frame["happened_at"].dt.tz_convert("Asia/Shanghai").dt.tz_localize(None)
    frame = frame[local.ge("2017-11-25") & local.lt("2017-12-04")].reset_index(drop=True)
    frame["action"] = frame["action"].map({"pv": "view", "fav": "favourite", "cart": "cart", "buy": "buy"})
    assert_same(pd.read_parquet(tmp_path / "out" / "events.parquet"), frame)


def test_real_file_in_other_zone_and_without_window(real_data, tmp_path):
    ledger = get(USER_BEHAVIOR).run(real_data(REAL), tmp_path / "utc", zone="UTC")
    assert next(iter(ledger)).kept == 98434
    assert About.read(tmp_path / "utc" / "about.yml").window == ["2017-11-25", "2017-12-03 15:59:59"]
    get(USER_BEHAVIOR).run(real_data(REAL), tmp_path / "all", window="none")
    events = pd.read_parquet(tmp_path / "all" / "events.parquet")
    assert events["action"].value_counts().to_dict() == {"view": 89710, "cart": 5446, "favourite": 2744, "buy": 2101}
    assert About.read(tmp_path / "all" / "about.yml").window == []


# Rules


@settings(max_examples=20, deadline=None)
@given(lines=lines_of_a_file(), ending=st.sampled_from(["\n", "\r\n", ""]), drop=st.booleans())
def test_every_line_has_the_one_fate_that_plain_python_gives_it(tmp_path_factory, lines, ending, drop):
    lines = [row(7, 7, 7), *many_rows(30), *lines]
    if ending == "" and not lines[-1]:
        lines[-1] = row(8, 8, 8)
    text = (ending or "\n").join(lines) + ending
    made = run(USER_BEHAVIOR, text, tmp_path_factory.mktemp("log"), duplicates="drop" if drop else "keep")
    events, counts, first = expected(lines, drop=drop)
    assert_same(made.events, events)
    assert made.entry.read == len(lines)
    assert made.entry.kept == len(events)
    assert made.rules == {rule: n for rule, n in counts.items() if rule != "kept"}
    assert {rule: made.first[rule] for rule in first if rule != "kept"} == {
        r: n for r, n in first.items() if r != "kept"
    }


def test_each_rule_counts_its_rows_and_names_the_first(tmp_path):
    broken = {
        "blank_line": "",
        "wrong_field_count": "1,2,3,pv",
        "blank_id": f"1,,3,pv,{START}",
        "bad_id": f"x,2,3,pv,{START}",
        "unknown_action": f"1,2,3,click,{START}",
        "bad_time": "1,2,3,pv,1.51154E+09",
        "outside_window": row(second=END),
    }
    lines = many_rows(20) + [text for text in broken.values() for _ in range(2)] + many_rows(1)
    made = run(USER_BEHAVIOR, "\n".join(lines) + "\n", tmp_path)
    assert made.rules == {**dict.fromkeys(broken, 2), "duplicate_row": 1}
    assert made.first == {**{rule: 21 + 2 * k for k, rule in enumerate(broken)}, "duplicate_row": 35}
    assert made.examples == {**broken, "duplicate_row": lines[0]}
    assert set(made.rules) | {"cut_line", "customer_not_sampled", "time_in_milliseconds"} <= set(all_words())


def test_a_cut_last_line_has_its_own_rule(tmp_path):
    lines = [*many_rows(9), "1,2,3", *many_rows(20)[9:], "5,100"]
    made = run(USER_BEHAVIOR, "\n".join(lines), tmp_path)
    assert made.rules == {"wrong_field_count": 1, "cut_line": 1}
    assert (made.first["cut_line"], made.examples["cut_line"]) == (22, "5,100")
    too_long = run(USER_BEHAVIOR, "\n".join([*many_rows(9), "1,2,3,pv,4,5"]), tmp_path)
    assert too_long.rules == {"wrong_field_count": 1}


def test_milliseconds_are_read_and_noted(tmp_path):
    lines = [*many_rows(9), row(second=START * 1000 + 250), row(second=START)]
    made = run(USER_BEHAVIOR, "\n".join(lines), tmp_path)
    assert made.rules == {"time_in_milliseconds": 1}
    assert made.first == {"time_in_milliseconds": 10}
    start = pd.Timestamp("2017-11-25", tz="Asia/Shanghai")
    assert made.events["happened_at"].tolist()[-2:] == [start + pd.Timedelta(250, "ms"), start]


def test_window_keeps_its_first_and_last_second(tmp_path):
    lines = [
        row(item=k, second=s) for k, s in enumerate((START - 1, START, START + 86399, START + 86400, END - 1, END))
    ]
    made = run(USER_BEHAVIOR, "\n".join(lines), tmp_path)
    assert made.events["item_id"].tolist() == ["1", "2", "3", "4"]
    one_day = run(USER_BEHAVIOR, "\n".join(lines), tmp_path, window="2017-11-25/2017-11-25")
    assert one_day.events["item_id"].tolist() == ["1", "2"]


# About


def about_of(lines: list[str], folder, **options) -> About:
    run(USER_BEHAVIOR, "\n".join(lines), folder, **options)
    return About.read(folder / "out" / "about.yml")


def test_window_stated_is_cut_to_the_hours_with_rows(tmp_path):
    at = START + 2 * 86400 + 10 * 3600
    two_hours = [row(item=k, second=at + 600 * k) for k in range(12)]
    assert about_of(two_hours, tmp_path).window == ["2017-11-27 10:00:00", "2017-11-27 11:59:59"]
    ends = [row(second=START + 5), row(second=END - 5)]
    about = about_of(ends, tmp_path)
    assert about.window == ["2017-11-25", "2017-12-03"]
    assert about.notes["days_without_rows"] == [f"2017-{day}" for day in
        ("11-26", "11-27", "11-28", "11-29", "11-30", "12-01", "12-02")]  # fmt: skip
    assert about_of(ends, tmp_path, window="2017-11-20/2017-11-30").window == ["2017-11-25", "2017-11-25 00:59:59"]


def test_window_of_a_sample_is_the_window_of_the_file(tmp_path):
    lines = [
        row(1, second=START),
        row(1, second=END - 1),
        *(row(2, item=k, second=START + 40_000 + k) for k in range(9)),
    ]
    windows = {tuple(about_of(lines, tmp_path, users=1, seed=seed).window) for seed in range(6)}
    assert windows == {("2017-11-25", "2017-12-03")}


def test_about_says_what_the_data_are(tmp_path):
    about = about_of(many_rows(40), tmp_path, users=4, seed=3)
    assert (about.name, about.origin, about.zone, about.currency) == (
        "Tianchi UserBehavior",
        "real",
        "Asia/Shanghai",
        "",
    )
    assert "649" in about.source
    assert about.licence
    assert about.notes == {"file": "log.csv", "import_window": "2017-11-25/2017-12-03", "duplicates": "keep",
                           "users_asked": 4, "seed": 3, "users_sampled": 4, "time_precision": "second"}  # fmt: skip


# Ways to write the same rows


def written(lines: list[str]) -> dict[str, tuple[bytes, str]]:
    """Return the same rows in many forms, each with a file name."""
    text = "\n".join(lines) + "\n"
    with_header = f"{HEADER}\n{text}"
    swapped = [",".join(np.array(line.split(","))[[4, 1, 0, 3, 2]]) for line in lines]
    shifted = "".join(f"{k},{line}\n" for k, line in enumerate(lines))
    chinese = "用户ID,商品ID,商品类目ID,行为类型,时间戳\n" + text
    return {
        "crlf": (text.replace("\n", "\r\n").encode(), "log.csv"),
        "cr": (text.replace("\n", "\r").encode(), "log.csv"),
        "no last newline": (text.rstrip("\n").encode(), "log.csv"),
        "header": (with_header.encode(), "log.csv"),
        "header, BOM, CRLF": (b"\xef\xbb\xbf" + with_header.replace("\n", "\r\n").encode(), "log.csv"),
        "BOM": (b"\xef\xbb\xbf" + text.encode(), "log.csv"),
        "gz": (gzip.compress(text.encode()), "log.csv.gz"),
        "gz in two parts": (gzip.compress(text[:100].encode()) + gzip.compress(text[100:].encode()), "log.csv.gz"),
        "gz without its name": (gzip.compress(with_header.encode()), "log.csv"),
        "name of a gz, unpacked": (text.encode(), "log.csv.gz"),
        "UTF-16": (with_header.encode("utf-16"), "log.csv"),
        "GBK": (chinese.encode("gbk"), "log.csv"),
        "GBK, gz": (gzip.compress(chinese.encode("gbk")), "log.csv.gz"),
        "Chinese header": (chinese.encode(), "log.csv"),
        "columns in another order": (
            "\n".join(["timestamp,item,user,behavior,category", *swapped]).encode(),
            "log.csv",
        ),
        "index of pandas": (f",{HEADER}\n{shifted}".encode(), "log.csv"),
        "tab": (text.replace(",", "\t").encode(), "log.tsv"),
        "semicolon": (with_header.replace(",", ";").encode(), "log.csv"),
        "bar": (text.replace(",", "|").encode(), "log.txt"),
        "quoted": (re.sub(r"([^,\n]+)", r'"\1"', with_header).encode(), "log.csv"),
        "blanks": (text.replace(",", ", ").encode(), "log.csv"),
        "strange name": (text.encode(), "用户 it's [1]*.csv"),
    }


@pytest.mark.parametrize("form", list(written(["1,2,3,pv,4"])))
def test_all_forms_give_the_same_table(tmp_path, form):
    lines = many_rows(50)
    data, name = written(lines)[form]
    made = run(USER_BEHAVIOR, data, tmp_path, name=name)
    assert_same(made.events, expected(lines)[0])
    assert (made.entry.read, made.entry.kept, made.entry.lines) == (50, 50, [])


def test_lines_are_numbered_as_an_editor_numbers_them(tmp_path):
    lines = ["", HEADER, *many_rows(20), "", "1,2,3,pv", row(second=0)]
    for ending in ("\n", "\r\n", "\r"):
        made = run(USER_BEHAVIOR, ending.join(lines) + ending, tmp_path)
        assert made.first == {"blank_line": 23, "wrong_field_count": 24, "outside_window": 25}


def test_mixed_line_ends_and_damaged_signs_lose_no_line(tmp_path):
    lines = [line.encode() for line in many_rows(4000)]
    data = b"\n".join(lines[:2000]) + b"\r\n" + b"\r\n".join(lines[2000:])
    data = data.replace(lines[3000], b"\xff\xfe,\x01\x02,1,pv,\x00", 1)
    made = run(USER_BEHAVIOR, data, tmp_path)
    assert (made.entry.read, made.entry.kept, made.rules) == (4000, 3999, {"bad_id": 1})
    assert made.first["bad_id"] == 3001
    assert made.examples["bad_id"].isprintable()


def test_windows_text_mode_endings(tmp_path):
    made = run(USER_BEHAVIOR, "\r\r\n".join(many_rows(10)), tmp_path)
    assert (made.entry.kept, made.rules) == (10, {"blank_line": 9})


# Samples


def users_by_hash(users: set[str], n: int, seed: int) -> set[str]:
    ranked = sorted(users, key=lambda user: (hashlib.md5(f"{seed}:{user}".encode()).hexdigest(), user))
    return set(ranked[:n])


@settings(max_examples=10, deadline=None)
@given(n=st.integers(1, 12), seed=st.integers(0, 5), order=st.randoms(use_true_random=False))
def test_sample_keeps_whole_histories_whatever_the_order_of_rows(tmp_path_factory, n, seed, order):
    lines = [*many_rows(90), row(99, second=0)]  # user 99 has no row in the window
    chosen = users_by_hash({line.split(",")[0] for line in lines[:-1]}, n, seed)
    shuffled = random.Random(order.random()).sample(lines, len(lines))
    made = run(USER_BEHAVIOR, "\n".join(shuffled), tmp_path_factory.mktemp("log"), users=n, seed=seed)
    assert set(made.events["customer_id"]) == chosen
    assert_same(made.events, expected([line for line in shuffled if line.split(",")[0] in chosen])[0])
    left = sum(line.split(",")[0] not in chosen for line in lines[:-1])
    assert made.rules == {"outside_window": 1, **({"customer_not_sampled": left} if left else {})}


# Duplicates


def test_duplicates_are_kept_and_noted_or_set_aside(tmp_path):
    lines = [*many_rows(5), *many_rows(3), *many_rows(3), row(second=START * 1000)]
    kept = run(USER_BEHAVIOR, "\n".join([*lines, row()]), tmp_path)
    assert (kept.entry.kept, kept.rules) == (13, {"time_in_milliseconds": 1, "duplicate_row": 7})
    assert (kept.first["duplicate_row"], kept.examples["duplicate_row"]) == (6, lines[0])
    dropped = run(USER_BEHAVIOR, "\n".join([*lines, row()]), tmp_path, duplicates="drop")
    assert (dropped.entry.kept, dropped.rules) == (6, {"time_in_milliseconds": 1, "duplicate_row": 7})
    assert_same(dropped.events, kept.events.drop_duplicates(ignore_index=True))


# Refusals


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (b"", "log.csv", "the file is empty"),
        (b"\n \n", "log.csv", "the file is empty"),
        (HEADER.encode() + b"\r\n", "log.csv", "a header but no rows"),
        (b"PK\x03\x04whatever", "UserBehavior.csv.zip", "zip archive"),
        (b"PAR1whatever", "events.parquet", "Parquet"),
        (bytes(range(256)) * 50, "log.csv", "0% of the lines"),
        (b"1 2 3 pv 1511600000\n" * 9, "log.csv", "comma, tab, semicolon"),
        (b"a,b,c,d,e\n" + row().encode(), "log.csv", "the header does not name every column: a, b, c, d, e"),
        (b"10001082,285259775,1,97lk14c,4076,2014-12-08 18\n", "log.csv", "crm import taobao-mobile log.csv FOLDER"),
        (b"user_id,item_id,behavior_type,user_geohash,item_category,time\n1,2,1,,3,2014-12-08 18\n", "log.csv",
         "taobao-mobile"),
        (b"1,2,3,1,1511600000\n" * 9, "log.csv", "unknown_action"),
        (b"1,2,3,pv,2017-11-25 10:00\n" * 9, "log.csv", "spreadsheet"),
        (b"u1,2,3,pv,1511600000\n" * 9, "log.csv", "source `csv`"),
        (gzip.compress("\n".join(many_rows(90000)).encode())[:-30], "log.csv.gz", "download it again"),
        ("\n".join([*many_rows(50000), "x" * 3_000_000]).encode(), "log.csv", "too long"),
        (b"1,2,3,pv,1400000000\n1,2,4,pv,1400100000\n", "log.csv", "--window 2014-05-14/2014-05-15"),
    ],
)  # fmt: skip
def test_unusable_files_are_refused_and_leave_nothing(tmp_path, data, name, says):
    with pytest.raises(InputError, match=re.escape(says)):
        run(USER_BEHAVIOR, data, tmp_path, name=name)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_file_that_goes_bad_later_is_refused_with_its_commonest_rule(tmp_path):
    data = "\n".join(many_rows(11_000) + ["1,2,3,pv,soon"] * 12_000)
    with pytest.raises(InputError, match=r"only 48% .* bad_time\n.* log.csv, line 11001: 1,2,3,pv,soon"):
        run(USER_BEHAVIOR, data, tmp_path)


def test_an_absent_file_is_refused(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        get(USER_BEHAVIOR).run(tmp_path / "none.csv", tmp_path / "out")


def test_all_wrong_options_come_in_one_message(tmp_path):
    with pytest.raises(InputError) as caught:
        run(USER_BEHAVIOR, row(), tmp_path, zone="Beijing", window="2017-12-03/2017-11-25", users=-1, seed=1.5,
            duplicates="dorp")  # fmt: skip
    for part in ("'Beijing'", "2017-12-03/2017-11-25", "users", "-1", "1.5", "did you mean 'drop'?"):
        assert part in str(caught.value)


@pytest.mark.parametrize("window", ["2017-11-25", "yesterday/today", "", "2017-11-25/2017-11-26/2017-11-27"])
def test_windows_that_are_none(tmp_path, window):
    with pytest.raises(InputError, match="window: official, none or first/last day"):
        run(USER_BEHAVIOR, row(), tmp_path, window=window)


def test_the_same_import_twice_gives_the_same_bytes(tmp_path):
    text = "\n".join(many_rows(150_000, users=5000))
    run(USER_BEHAVIOR, text, tmp_path)
    first = About.read(tmp_path / "out" / "about.yml").files
    run(USER_BEHAVIOR, text, tmp_path)
    assert About.read(tmp_path / "out" / "about.yml").files == first
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


# Files of more than one block: what is done in parallel must keep the order of the file


def big_file(rows: int) -> list[str]:
    """Return long rows whose items count up, with a blank line, a damaged line and a repeat at known places."""
    lines = [row(k // 50 + 1, f"{k:060d}", k % 7, "pv", START + k % 700_000) for k in range(1, rows + 1)]
    lines[rows // 2] = ""
    lines[rows - 100] = "1,2,3,pv"
    lines[rows - 50] = lines[1000]
    return lines


@pytest.mark.parametrize("options", [{"users": 5000}, {"duplicates": "drop"}])
def test_large_files_keep_their_order_and_their_line_numbers(tmp_path, options):
    rows = 400_000
    lines = big_file(rows)
    made = run(USER_BEHAVIOR, "\n".join(lines), tmp_path, **options)
    whole = [line.split(",") for line in lines if line.count(",") == 4]
    if "users" in options:
        chosen = users_by_hash({fields[0] for fields in whole}, 5000, 0)
        left = next(number for number, line in enumerate(lines, 1) if line.split(",")[0] not in chosen)
        assert made.first["customer_not_sampled"] == left
        whole = [fields for fields in whole if fields[0] in chosen]
    else:
        assert made.first["duplicate_row"] == rows - 49
        whole.pop(rows - 52)
    assert made.events["item_id"].tolist() == [fields[1] for fields in whole]
    assert (made.first["blank_line"], made.first["wrong_field_count"]) == (rows // 2 + 1, rows - 99)
