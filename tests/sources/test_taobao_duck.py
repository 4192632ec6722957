"""Reading large text through DuckDB: lines as they stand, an interrupt, a full disk, progress only on a terminal."""

from __future__ import annotations

import gzip
import io
import re
import sys

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.errors import InputError
from crm_analysis.sources import duck, plain_text
from crm_analysis.tables import find_encoding

PIECES = [b"a", b",", b'"', b"\n", b"\r\n", b"\r", b"\x00", b"\xff", b"\x01\x02", "商".encode()]


@settings(max_examples=60, deadline=None)
@given(data=st.lists(st.sampled_from(PIECES)), packed=st.booleans(), block=st.sampled_from([1, 3, 1 << 22]))
def test_lines_are_those_of_the_text_whatever_the_bytes(tmp_path_factory, data, packed, block):
    folder = tmp_path_factory.mktemp("text")
    path, content = folder / "text.csv", b"first\n" + b"".join(data) + b"x"
    path.write_bytes(gzip.compress(content, mtime=0) if packed else content)
    encoding = find_encoding(path)
    texts = re.split("\r\n|\r|\n", content.decode(encoding, errors="replace"))
    with duck.database(folder) as con, pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain_text, "BLOCK", block)
        plain = plain_text.plain_text(path, encoding=encoding, scratch=folder)
        found = con.execute(duck.lines(plain)).fetchall()
    assert plain.lines == len(texts)
    assert [number for number, _ in found] == list(range(1, len(texts) + 1))
    assert [line or "" for _, line in found] == [text.replace("\x01", "\ufffd") for text in texts]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends_across_the_blocks_of_a_large_file(tmp_path, end):
    path = tmp_path / "text.csv"
    path.write_bytes("".join(f"{k},商{end}" for k in range(1_500_000)).encode())
    with duck.database(tmp_path) as con:
        plain = plain_text.plain_text(path, encoding="utf-8", scratch=tmp_path)
        assert plain == plain_text.PlainText(path, end, 1_500_000)
        query = f"SELECT count(*), count(line), bool_and(line = (n - 1) || ',商') FROM ({duck.lines(plain)})"
        assert con.execute(query).fetchone() == (1_500_000, 1_500_000, True)


def test_a_copy_is_made_only_where_it_must_be(tmp_path):
    path = tmp_path / "text.csv"
    for content, copied in (("商\n1".encode(), False), (b"1\r\n2\r\n", False), (b"1\r2\n", True), (b"1\xff\n", True),
                            ("商".encode()[:2], True), (b"1\x01\n", True), (gzip.compress(b"1\n"), True)):  # fmt: skip
        path.write_bytes(content)
        plain = plain_text.plain_text(path, encoding="utf-8", scratch=tmp_path)
        assert (plain.path != path) == copied, content


@pytest.mark.parametrize("error", [RuntimeError, duckdb.InterruptException])
def test_an_interrupt_is_a_keyboard_interrupt(tmp_path, error):
    with pytest.raises(KeyboardInterrupt), duck.database(tmp_path):
        raise error("Query interrupted")


def test_other_errors_pass(tmp_path):
    with pytest.raises(RuntimeError, match="mine"), duck.database(tmp_path):
        raise RuntimeError("mine")


def test_too_little_room_is_said(tmp_path):
    with pytest.raises(InputError, match="room on the disk"), duck.database(tmp_path):
        raise duckdb.OutOfMemoryException("out")


def test_progress_shows_on_a_terminal_only(tmp_path, monkeypatch):
    screen = io.StringIO()
    monkeypatch.setattr(sys, "stderr", screen)
    query = "SELECT count(*) FROM range(60_000_000) WHERE hash(range) = 1"
    with duck.database(tmp_path) as con:
        with duck.progress(con, "counting"):
            con.execute(query)
        assert screen.getvalue() == ""
        monkeypatch.setattr(screen, "isatty", lambda: True)
        with duck.progress(con, "counting"):
            con.execute(query)
    assert "counting" in screen.getvalue()
