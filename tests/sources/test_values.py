"""Numbers, ids and times as shops write them, against plain Python."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_analysis.sources.values import clean_ids, is_rounded, read_numbers


@pytest.mark.parametrize(
    ("text", "point", "comma"),
    [
        ("1,234.50", 1234.5, None), ("1.234,50", None, 1234.5), ("¥1,234", 1234, 1.234), ("￥12", 12, 12),
        ("（12.00）", -12, None), ("(12)", -12, -12), ("12,50", None, 12.5), ("12.00-", -12, None), ("-¥12", -12, -12),
        ("¥-12", -12, -12), ("−12", -12, -12), ("１２", 12, 12), ("12元", 12, 12), ("HK$ 1,000", 1000, 1),
        ("1'234.5", 1234.5, None), ("1 234,5", None, 1234.5), ("1\u00a0234", 1234, 1234), (".5", 0.5, None),
        ("5.", 5, None), ("+3", 3, 3), ("1e3", 1000, 1000), (" 7 ", 7, 7), ("1,234,567.8", 1234567.8, None),
        ("1,23", None, 1.23), ("12 34", None, None), ("1,234 567", None, None), ("1元2", None, None),
        ("--5", None, None),
        ("(-5)", None, None), ("1.2.3", None, None), ("free", None, None), ("", None, None), ("inf", None, None),
        ("nan", None, None), ("0x1F", None, None), ("1_000", None, None), ("1.2万", None, None), ("-", None, None),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(text, point, comma):
    for decimal, expected in ((".", point), (",", comma)):
        got = read_numbers(pd.Series([text], dtype="str"), decimal=decimal).iloc[0]
        assert math.isnan(got) if expected is None else got == pytest.approx(expected), (text, decimal)


@given(st.floats(-1e12, 1e12), st.sampled_from(["{}", "{:.3f}", "{:,.2f}", "{:e}", "${:,.2f}"]))
def test_what_python_writes_is_read_as_python_reads_it(number, form):
    text = form.format(number)
    plain = float(text.replace(",", "").replace("$", ""))
    assert read_numbers(pd.Series([text], dtype="str")).iloc[0] == plain


def test_numbers_stay_numbers_and_the_index_is_kept():
    numbers = pd.Series([1, 2], index=[7, 3])
    assert read_numbers(numbers).to_dict() == {7: 1.0, 3: 2.0}
    assert read_numbers(pd.Series(["¥1", "x"], index=[7, 3], dtype="str"))[7] == 1


def test_ids():
    texts = pd.Series(['="007"', "'12", "`12", "12\t", " a b ", "'t Hooft", "13085.0", None, "NULL"], dtype="str")
    assert clean_ids(texts).fillna("?").tolist() == ["007", "12", "12", "12", "a b", "'t Hooft", "13085.0", "?", "?"]
    assert clean_ids(pd.Series(["13085.0", None], dtype="str")).iloc[0] == "13085"
    assert clean_ids(pd.Series([13085, 2])).tolist() == [13085, 2]


def test_rounded_ids():
    texts = pd.Series(["6.22848E+17", "1E+18", "6.22848000123457e+17", "7E10", "1e5", "1234567890123456789", None])
    assert is_rounded(texts.astype("str")).tolist() == [True, True, True, False, False, False, False]
    assert not is_rounded(pd.Series([10**17])).any()
