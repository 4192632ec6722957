"""Text files as they come: encodings, delimiters, packed, cut, damaged, empty."""

from __future__ import annotations

import csv
import gzip

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.errors import InputError
from crm_analysis.tables.text import SNIFF, find_delimiter, find_encoding, head, open_text, read_csv

HEADER = "customer_id,joined_at,city\n"
TABLE = HEADER + "c1,2017-01-02,北京\nc2,2017-01-03,上海\n"
ROWS = [{"customer_id": "c1", "joined_at": "2017-01-02", "city": "北京"},
        {"customer_id": "c2", "joined_at": "2017-01-03", "city": "上海"}]  # fmt: skip


@pytest.fixture
def written(tmp_path):
    def write(content: str | bytes, name: str = "customers.csv"):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def noise(size: int) -> bytes:
    return np.random.default_rng(0).bytes(size)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings_of_chinese_files(written, encoding):
    assert read_csv(written(TABLE.encode(encoding))).to_dict("records") == ROWS


def test_western_letters_are_read_where_nothing_else_fits(written):
    path = written("name\nJosé,\n".replace(",", "").encode("latin-1"))
    assert find_encoding(path) == "latin-1"
    assert read_csv(path)["name"].tolist() == ["José"]


def test_the_first_chinese_sign_may_come_late(written):
    late = HEADER + "c0,2017-01-01,x\n" * (SNIFF // 10) + "c9,2017-01-02,北京\n"
    path = written(late.encode("gbk"))
    assert find_encoding(path) == "utf-8"
    assert find_encoding(path, whole=True) == "gb18030"
    assert read_csv(path)["city"].iloc[-1] == "北京"


def test_a_sign_cut_at_the_end_does_not_change_the_encoding(written):
    assert find_encoding(written(TABLE.encode()[:-2])) == "utf-8"
    assert find_encoding(written("北".encode() * SNIFF)) == "utf-8"


@pytest.mark.parametrize("name", ["customers.csv.gz", "customers.csv"])
@pytest.mark.parametrize("packed", [True, False])
def test_packed_is_what_is_packed_whatever_the_name(written, name, packed):
    content = gzip.compress(TABLE.encode(), mtime=0) if packed else TABLE.encode()
    assert read_csv(written(content, name)).to_dict("records") == ROWS


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(written, delimiter):
    path = written(TABLE.replace(",", delimiter))
    assert find_delimiter(path) == delimiter
    assert read_csv(path).to_dict("records") == ROWS


def test_a_comma_inside_quotes_is_no_delimiter(written):
    assert find_delimiter(written('"a,b,c";d\n1;2\n')) == ";"


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_line_ends(written, ends):
    assert read_csv(written(TABLE.replace("\n", ends))).to_dict("records") == ROWS


def test_every_value_stays_the_text_it_is(written):
    found = read_csv(written("a,b,c\n007,NULL,1e5\n,NA,None\n"))
    assert found.to_dict("list") == {"a": ["007", ""], "b": ["NULL", "NA"], "c": ["1e5", "None"]}


def test_a_line_may_end_inside_a_quoted_field(written):
    assert read_csv(written(HEADER + 'c1,2017-01-02,"x\ny"\n'))["city"].tolist() == ["x\ny"]


def test_a_line_with_too_few_fields_is_blank_at_its_end(written):
    assert read_csv(written(TABLE + "c3,20")).iloc[-1].tolist() == ["c3", "20", ""]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b" \n\n", "the file is empty"),
        (gzip.compress(b"", mtime=0), "the file is empty"),
        (HEADER, "a header but no rows"),
        (HEADER + "c1,2017-01-02,x,y\n", "more fields than the header"),
        (HEADER + "c1,2017-01-02,\nc2,2017-01-02,x,\n", "in line 3, saw 4"),
        (HEADER + "c1,2017-01-02,x,\nc2,2017-01-02,y,\n", "the delimiter at the end of the lines"),
        (TABLE + "c3,2017-01-02,x,y\n", "in line 4, saw 4"),
        (HEADER + 'c1,2017-01-02,"北', "not a whole table"),
        ("a,b, a\n1,2,3\n", "the column a twice"),
        ("x" * 200_000, "too long to be a header"),
        ('"' + "x\n" * 200_000, "header cannot be read"),
        (gzip.compress(noise(100_000), mtime=0)[:-5000], "cannot be read"),
        (gzip.compress(TABLE.encode(), mtime=0)[:-4] + b"\0\0\0\0", "cannot be read"),
        (noise(300_000), "not a whole table"),
    ],
)
def test_files_that_are_no_table_are_refused_and_named(written, content, said):
    path = written(content)
    with pytest.raises(InputError) as caught:
        read_csv(path)
    assert said in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_gz_file_cut_after_its_first_part_is_refused(written):
    packed = gzip.compress((HEADER + f"c1,2017-01-02,{noise(20).hex()}\n" * 60_000).encode(), 1, mtime=0)
    path = written(packed[: len(packed) // 2], "customers.csv.gz")
    assert head(path)
    for options in ({}, {"encoding": "utf-8", "delimiter": ","}):
        with pytest.raises(InputError, match="cannot be read"):
            read_csv(path, **options)


def test_a_file_that_is_not_there(tmp_path):
    for path in (tmp_path / "nowhere.csv", tmp_path):
        with pytest.raises(InputError, match="no such file"):
            read_csv(path)


def test_open_text_has_no_mark_and_keeps_line_ends(written):
    with open_text(written(TABLE.replace("\n", "\r\n").encode("utf-8-sig"))) as file:
        assert file.readline() == HEADER.replace("\n", "\r\n")


FIELD = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8).map(str.strip).filter(bool)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(FIELD, FIELD), min_size=1, max_size=5))
def test_what_pandas_writes_is_read_back(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("text") / "t.csv"
    pd.DataFrame(rows, columns=["a", "b"]).to_csv(path, index=False, lineterminator="\n", quoting=csv.QUOTE_ALL)
    assert read_csv(path).values.tolist() == [list(row) for row in rows]
