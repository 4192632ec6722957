"""The truth in words: both languages, the same numbers, nothing left unfilled."""

from __future__ import annotations

import re

from crm_analysis.simulate.account import write
from crm_analysis.simulate.account_text import SECTIONS
from crm_analysis.simulate.process import Process
from crm_analysis.simulate.survey_model import measurement_model
from crm_analysis.words import all_words
from crm_analysis.words.simulate import WORDS

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def fields(text):
    return sorted(re.findall(r"{(\w+)", text))


def test_each_section_has_a_twin_with_the_same_numbers():
    for title_en, title_zh, en, zh in SECTIONS:
        assert CHINESE.search(title_zh)
        assert CHINESE.search(zh)
        assert not CHINESE.search(title_en + en)
        assert fields(en) == fields(zh), title_en


def test_chinese_sentences_use_chinese_marks():
    for _, _, _, zh in SECTIONS:
        assert not re.search(r"[\u4e00-\u9fff][,;:?!]", zh)


def test_the_account_follows_the_process(sample):
    text = sample.truth["account"]
    assert "gamma with shape r = 0.9 and rate α = 27 days" in text
    assert "形状 r = 0.9、率 α = 27 天" in text
    assert f"| rows.orders | {len(sample.data['orders'])} |" in text
    assert "服饰鞋包 26%" in text
    assert "{" not in text
    assert "r = 0.9" in write(Process().plain(), {})


def test_values_in_the_tables_have_words(sample):
    shown = {"customers": ["kind", "city", "channel", "sex"], "orders": ["category", "status"],
             "sellers": ["kind", "category"], "tickets": ["channel", "reason", "sub_reason"],
             "contacts": ["campaign", "channel"], "visits": ["source", "creative", "form", "position"]}  # fmt: skip
    for table, columns in shown.items():
        for column in columns:
            assert set(sample.data[table][column]) <= WORDS.keys(), (table, column)
    assert WORDS.items() <= all_words().items()


def test_every_question_is_asked_in_both_languages():
    model = measurement_model(Process().survey.paths)
    asked = [item for block in model["blocks"].values() for item in block["items"].values()]
    asked += [item for dimension in model["pairs"].values() for item in dimension["items"]]
    asked += list(model["questions"].values()) + list(model["blocks"].values()) + list(model["pairs"].values())
    assert all(CHINESE.search(item["zh"]) and not CHINESE.search(item["en"]) for item in asked)
    known = set(model["blocks"])
    assert {name for path in model["paths"] for name in path} == known
