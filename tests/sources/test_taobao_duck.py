"""Reading large text through DuckDB: lines as they stand, an interrupt, a full disk, progress only on a terminal."""

from __future__ import annotations

import io
import re
import sys

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.errors import InputError
from crm_analysis.sources import duck
from crm_analysis.tables import find_encoding

PIECES = [b"a", b",", b'"', b"\n", b"\r\n", b"\r", b"\x00", b"\xff", b"\x01\x02", "商".encode()]


@settings(max_examples=30, deadline=None)
@given(
    data=st.lists(
        st.sampled_from([b"a", b",", b'"', b"\n", b"\r\n", b"\r", b"\x00", b"\xff", b"\x01\x02", "商".encode()])
    )
)
def test_lines_are_those_of_the_text_whatever_the_bytes(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("text")
    path = folder / "text.csv"
    path.write_bytes(b"first\n" + b"".join(data) + b"x")
    encoding = find_encoding(path)
    texts = re.split("\r\n|\r|\n", path.read_bytes().decode(encoding, errors="replace"))
    with duck.database(folder) as con:
        plain = duck.plain_text(con, path, encoding=encoding, scratch=folder)
        found = con.execute(duck.lines(plain)).fetchall()
    assert [number for number, _ in found] == list(range(1, len(texts) + 1))
    assert [(line or "").replace("\x01", "\ufffd") for _, line in found] == [
        text.replace("\x01", "\ufffd") for text in texts
    ]


def test_crlf_across_the_blocks_of_a_large_file(tmp_path):
    path = tmp_path / "text.csv"
    path.write_bytes(b"".join(b"%d,abc\r\n" % k for k in range(1_500_000)))
    with duck.database(tmp_path) as con:
        assert duck.plain_text(con, path, encoding="utf-8", scratch=tmp_path) == path
        query = f"SELECT count(*), count(line), bool_and(line = (n - 1) || ',abc') FROM ({duck.lines(path)})"
        assert con.execute(query).fetchone() == (1_500_000, 1_500_000, True)


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
