"""Logs in the two Tianchi formats for tests, and the rules of their import once more, line by line in plain Python."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
from hypothesis import strategies as st

from crm_analysis.sources import get
from crm_analysis.tables import Ledger

USER_BEHAVIOR = "taobao-userbehavior"
MOBILE = "taobao-mobile"
CHINA = ZoneInfo("Asia/Shanghai")
ACTIONS = {"pv": "view", "fav": "favourite", "cart": "cart", "buy": "buy"}
COLUMNS = ["customer_id", "item_id", "category_id", "action", "happened_at"]
START, END = (int(datetime(2017, month, day, tzinfo=CHINA).timestamp()) for month, day in ((11, 25), (12, 4)))
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def run(source: str, data: bytes | str, folder: Path, *, name: str = "log.csv", **options: object) -> Result:
    """Import `data` as a file `name` and return the table and its ledger."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    ledger = get(source).run(path, folder / "out", **options)
    return Result(pd.read_parquet(folder / "out" / "events.parquet"), ledger)


class Result:
    """Table and ledger of an import, and what tests ask of them."""

    def __init__(self, events: pd.DataFrame, ledger: Ledger) -> None:
        self.events = events
        self.entry = next(iter(ledger))
        self.rules = {line.rule: line.rows for line in self.entry.lines}
        self.first = {line.rule: int(line.where.rsplit(" ", 1)[1]) for line in self.entry.lines}
        self.examples = {line.rule: line.example for line in self.entry.lines}


def row(user: int = 1, item: int = 10, category: int = 5, action: str = "pv", second: object = START) -> str:
    """Return one line of UserBehavior.csv."""
    return f"{user},{item},{category},{action},{second}"


def many_rows(n: int, *, users: int = 9) -> list[str]:
    """Return `n` different good rows."""
    codes = list(ACTIONS)
    return [row(k % users + 1, 100 + k, k % 7, codes[k % 4], START + 977 * k % (END - START)) for k in range(n)]


def lines_of_a_file() -> st.SearchStrategy[list[str]]:
    """Lines of a log: mostly good ones, among them every kind that breaks a rule, and repeats."""
    codes = st.sampled_from(["pv", "buy", "cart", "fav", "PV"])
    seconds = st.sampled_from([START, START + 1, START + 5000, END - 1, (END - 1) * 1000, 1511600000123])
    good = st.builds(row, st.integers(1, 4), st.integers(1, 3), st.integers(1, 2), codes, seconds)
    outside = st.builds(row, second=st.sampled_from([START - 1, END, 0, -2134949234, 2122867355]))
    broken = st.sampled_from(
        ["", "   ", "1,2,3", "1,2,3,pv", f"1,2,3,pv,{START},9", ",2,3,pv,1511600000", "1,,3,pv,1511600000",
         "a,2,3,pv,1",
         "1,2.0,3,pv,1511600000", "1,2,-3,pv,1511600000", "1,2,3,click,1511600000", "1,2,3,,1511600000", "1,2,3,pv,",
         "1,2,3,pv,1.5e9", "1,2,3,pv,15116000001234", "1,2,3,pv,soon", "1,2,3,pv,-99999999999", "\x00\x01\x02", "垃圾"]
    )  # fmt: skip
    return st.lists(st.one_of(good, good, good, good, outside, broken), min_size=1, max_size=30)


def fate(line: str) -> tuple[str, tuple | None]:
    """Return the rule of one line of UserBehavior.csv in the official window, and its row where it is kept."""
    fields = line.split(",")
    if not line.strip(" "):
        return "blank_line", None
    if len(fields) != 5:
        return "wrong_field_count", None
    user, item, category, code, stamp = fields
    if "" in (user, item, category):
        return "blank_id", None
    if not all(re.fullmatch("[0-9]+", name) for name in (user, item, category)):
        return "bad_id", None
    if code.lower() not in ACTIONS:
        return "unknown_action", None
    if not re.fullmatch("-?[0-9]{1,13}", stamp):
        return "bad_time", None
    if int(stamp) < -62_135_596_800 and len(stamp.lstrip("-")) <= 11:
        return "bad_time", None
    thousandths = int(stamp) * (1 if len(stamp.lstrip("-")) > 11 else 1000)
    if not START * 1000 <= thousandths < END * 1000:
        return "outside_window", None
    return "kept", (user, item, category, ACTIONS[code.lower()], EPOCH + timedelta(milliseconds=thousandths))


def expected(lines: list[str], *, drop: bool = False) -> tuple[pd.DataFrame, Counter, dict[str, int]]:
    """Return the table, the count of each rule, and the line of its first row."""
    fates = [fate(line) for line in lines]
    rules = [rule for rule, _ in fates]
    numbers = {number: kept for number, (_, kept) in enumerate(fates, 1) if kept}
    events = pd.DataFrame(numbers.values(), columns=COLUMNS, index=list(numbers))
    repeated = events.duplicated()
    if len(lines[-1].split(",")) < 5 and rules[-1] == "wrong_field_count":
        rules[-1] = "cut_line"
    left = [number for number in numbers if not (drop and repeated[number])]
    rules += ["time_in_milliseconds"] * sum(len(lines[number - 1].rsplit(",", 1)[1]) > 11 for number in left)
    first = {rule: rules.index(rule) + 1 for rule in set(rules) - {"time_in_milliseconds"}}
    counts = Counter(rules)
    if repeated.any():
        counts["duplicate_row"] = int(repeated.sum())
        first["duplicate_row"] = int(repeated.idxmax())
    kept = events[~repeated] if drop else events
    return kept.reset_index(drop=True), counts, first
