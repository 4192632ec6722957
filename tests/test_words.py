"""The dictionary of terms: rooms agree, terms are complete, an unknown name stays as it is."""

from __future__ import annotations

import re
from importlib import import_module
from types import SimpleNamespace

import pytest

from crm_analysis import words
from crm_analysis.report.present import number
from crm_analysis.words import ROOMS, Word, all_words, word


def test_every_file_is_a_room_and_no_two_rooms_disagree():
    assert {"common", "tables", "marketing", "report"} <= set(ROOMS)
    assert "word" not in ROOMS
    names = {name for room in ROOMS for name in import_module(f"crm_analysis.words.{room}").WORDS}
    assert set(all_words()) == names


def test_rooms_that_disagree_are_named(monkeypatch):
    rooms = {"crm_analysis.words.a": Word("甲", "a"), "crm_analysis.words.b": Word("乙", "b")}
    monkeypatch.setattr(words, "ROOMS", ("a", "b"))
    monkeypatch.setattr(words, "import_module", lambda name: SimpleNamespace(WORDS={"x": rooms[name]}))
    with pytest.raises(ValueError, match="'x' of room 'b' is explained differently"):
        all_words.__wrapped__()


@pytest.mark.parametrize("room", ROOMS)
def test_terms_are_complete_in_both_languages(room):
    for name, entry in import_module(f"crm_analysis.words.{room}").WORDS.items():
        assert isinstance(entry, Word), name
        assert entry.zh.strip() == entry.zh != "", name
        assert entry.en.strip() == entry.en != "", name
        assert not re.search("[\u4e00-\u9fff]", entry.en), name
        assert bool(entry.zh_note) == bool(entry.en_note), name
        assert number(2 if entry.style.endswith("d") else 0.5, entry.style), name


def test_terms_of_names_known_and_unknown():
    assert (word("customers", "zh"), word("customers", "en")) == ("客户数", "customers")
    assert word("Galaxy S", "zh") == "Galaxy S"
    assert word(7, "en") == "7"
