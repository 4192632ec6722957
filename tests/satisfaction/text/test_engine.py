"""The dictionary engine on sentences with known meaning, on own lines, on simulated and on real reviews."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.satisfaction.text.engine import DictionaryEngine, Engine, balance, label
from crm_analysis.satisfaction.text.explain import explain
from crm_analysis.satisfaction.text.reading import read_texts
from crm_analysis.satisfaction.text.stars import stars_auc, stars_table
from crm_analysis.simulate.texts import BAD, GOOD
from crm_analysis.sources.amazon_reviews import convert
from crm_analysis.tables import load

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
ENGINE = DictionaryEngine()
RIGHT = {
    "negative": [
        "不是很满意", "不便宜", "一点也不好", "不能不说差", "不太好", "太小了", "没用几天就坏了", "差评！！！",
        "这也叫正品？", "好慢", "😡", "Not very satisfied", "too expensive", "dont like it, didnt work",
        "too small", "less than impressed", "I wish it was good",
    ],
    "positive": [
        "质量不差", "没有色差", "还不错", "不得不说很好", "不是不好", "没有不满意的地方", "太好了",
        "質量不錯，賣家態度好", "👍👍", "ｇｏｏｄ！", "质量很good", "Quality isn't bad", "Quality isn’t bad",
        "hardly any problems", "could not be happier", "couldn't be happier", "no problems or complaints",
        "I don't dislike it", "soooo goooood!!!", "not too small", "&quot;great&quot;", "nothing wrong",
        "I would not hesitate to recommend it", "never disappointed", ":)",
    ],
    "neither": [
        "质量好吗？", "请问质量好不好", "如果便宜就买", "Is it good?", "does it sound good, or is it bad?",
        "if it is good I will keep it", "", "   ", "12345 678", "http://good.example/great",
    ],
}  # fmt: skip
SENTENCES = [(text, meant) for meant, texts in RIGHT.items() for text in texts]


def polarity(text: str, engine: Engine = ENGINE) -> float:
    return balance(clause.polarity for clause in engine.score(text))


@pytest.mark.parametrize(("text", "meant"), SENTENCES)
def test_sentences_that_must_be_right(text, meant):
    assert label(polarity(text)) == meant


@pytest.mark.parametrize(
    ("first", "second"),
    [("质量很好", "物流很慢"), ("The sound is great", "the cable is terrible")],
)
def test_what_stands_behind_but_weighs_more(first, second):
    turn = "，但是" if first[0] > "z" else ", but "
    assert polarity(first + turn + second) < 0.05 < polarity(second + turn + first)
    assert ENGINE.score(first + turn + second)[0].weight == 0.5
    concede = "虽然" if first[0] > "z" else "Although "
    assert ENGINE.score(f"{concede}{second.lower()}, {first.lower()}")[0].weight == 0.5


def test_but_at_the_start_of_a_sentence_weighs_the_sentence_before():
    clauses = ENGINE.score("It was cheap. It is good. However, it broke.")
    assert [clause.weight for clause in clauses] == [1, 0.5, 1, 1]


def test_degrees_raise_and_lower():
    assert polarity("有点贵") > polarity("贵") > polarity("非常贵")
    assert polarity("good") < polarity("very good") < polarity("extremely good")
    assert polarity("很不满意") < polarity("不满意") <= polarity("不是很满意") < 0
    assert polarity("好极了") > polarity("好")
    assert polarity("good!!!") > polarity("good!") == polarity("good")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("质量很好，物流太慢，客服耐心，价格贵", {"goods_quality": 1, "logistics": -1, "service": 1, "price": -1}),
        ("质量和价格都很好", {"goods_quality": 1, "price": 1}),
        ("价格高", {"price": -1}), ("质量高", {"goods_quality": 1}),
        ("怀疑是假货，要求退款", {"counterfeit": -1, "refund": -1}),
        ("色差太大", {"as_described": -1}), ("客服态度冷淡，爱理不理", {"service": -1}),
        ("great sound and poor service", {"goods_quality": 1, "service": -1}),
        ("The quality and the price are great", {"goods_quality": 1, "price": 1}),
        ("It is a fake and they refused to refund", {"counterfeit": -1, "refund": -1}),
        ("fast shipping, high price", {"logistics": 1, "price": -1}),
    ],
)  # fmt: skip
def test_polarity_goes_to_its_aspect(text, expected):
    found: dict[str, float] = {}
    for clause in ENGINE.score(text):
        for aspect, value in clause.aspects.items():
            found[aspect] = found.get(aspect, 0) + value
    assert {aspect: np.sign(found.get(aspect, 0)) for aspect in expected} == expected


@pytest.mark.parametrize(("lang", "least"), [("zh", 40), ("en", 44)])
def test_accuracy_on_own_lines_is_what_is_reported(lang, least):
    lines = yaml.safe_load((HERE / f"lines_{lang}.yml").read_text(encoding="utf-8"))
    right = {half: sum(label(polarity(text)) == meant for meant, text in rows) for half, rows in lines.items()}
    assert right["build"] == len(lines["build"]) == 45
    assert right["held_out"] == least  # of 44 (zh) and 45 (en); the text of METHODS gives these figures


@pytest.mark.parametrize(("lang", "build", "held_out"), [("zh", 37, 22), ("en", 36, 15)])
def test_accuracy_on_shop_reviews_is_what_is_reported(lang, build, held_out):
    lines = yaml.safe_load((HERE / f"lines_{lang}.yml").read_text(encoding="utf-8"))
    found = [
        [(label(polarity(text)), meant) for meant, text in lines[f"shop_{half}"]] for half in ("build", "held_out")
    ]
    assert [len(half) for half in found] == [40, 25]
    assert [sum(read == meant for read, meant in half) for half in found] == [build, held_out]
    turned = [{read, meant} == {"positive", "negative"} for read, meant in found[1]]
    assert not any(turned)  # what is missed is read as neither, not as its opposite


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("If I could give it zero stars I would", "negative"), ("如果可以，想给零分", "negative"),
        ("It has great reviews", "neither"), ("看好评买的", "neither"), ("Bad review", "neither"),
        ("担心会坏", "negative"), ("生怕有色差", "neither"), ("I was worried it would break", "neither"),
        ("一分钱一分货", "neither"), ("不会太甜", "positive"), ("太甜了", "negative"), ("很甜", "positive"),
        ("不给力", "negative"), ("不给换货", "negative"), ("让您久等了", "neither"), ("等了六天", "negative"),
        ("It hasn't let me down", "positive"), ("It let me down", "negative"),
    ],
)  # fmt: skip
def test_ratings_wished_fears_and_the_reviews_of_others(text, meant):
    assert label(polarity(text)) == meant


def test_phrases_of_the_simulated_company_are_read_as_meant():
    for phrases, sign in ((GOOD, 1), (BAD, -1)):
        wrong = [text for texts in phrases.values() for text in texts if np.sign(polarity(text)) != sign]
        assert wrong == []
    aspects = {"service": "service", "delivery": "logistics"}
    for phrases in (GOOD, BAD):
        for dimension, aspect in aspects.items():
            for text in phrases[dimension]:
                named = {name for clause in ENGINE.score(text) for name in clause.aspects}
                assert named & {aspect, "refund"}, text


def test_simulated_reviews_against_their_stars():
    found = read_texts(load(ROOT / "data" / "taobao").need("ratings"))
    auc, counts = stars_auc(found)
    assert counts.tolist() == [1381, 371, 124]
    assert auc.value > 0.99
    table = stars_table(found)
    assert table["text_polarity"].is_monotonic_increasing
    assert table.loc[5, "positive_share"] > 0.97


def test_real_reviews_against_their_stars(real_data, tmp_path):
    convert(real_data("Musical_instruments_reviews.csv"), tmp_path)
    reviews = pd.read_parquet(tmp_path / "ratings.parquet")
    found = read_texts(reviews)
    auc, counts = stars_auc(found)
    assert counts.tolist() == [9015, 467, 772]
    assert 0.90 < auc.low < auc.value < auc.high < 0.93
    assert found.account.loc["text_empty", "texts"] == 7
    length = reviews["text"].fillna("").str.len()
    naive = read_texts(reviews.assign(text=["good" if n % 2 else "bad" for n in length]))
    assert stars_auc(naive)[0].value == pytest.approx(0.5, abs=0.06)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.sampled_from("不好很差，。但是没有 good't not!?<>&#;\n😀（）〝é０"), max_size=40))
def test_any_text_can_be_read(text):
    clauses = ENGINE.score(text)
    assert -1 < balance(clause.polarity for clause in clauses) < 1
    assert all(clause.polarity == pytest.approx(sum(hit.value for hit in clause.words)) for clause in clauses)
    again = ENGINE.score(text)
    assert clauses == again


def test_engines_of_one_language_know_only_that():
    assert polarity("质量很好", DictionaryEngine(lang="en")) == 0
    assert polarity("very good", DictionaryEngine(lang="zh")) == 0
    assert isinstance(ENGINE, Engine)


def test_a_negation_of_several_words_softens_the_degree_behind_it():
    reasons = explain("It is not at all very good")["because_of"].iloc[0]
    assert "'very' behind the negation softens it" in reasons


def aspects_of(text: str) -> set[str]:
    return {name for clause in ENGINE.score(text) for name in clause.aspects}


@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("I really like this delay", "logistics"), ("a great stomp box", "logistics"), ("easy and quick", "logistics"),
        ("please click yes if my review has been helpful", "service"), ("my local music shop", "service"),
        ("the frequency response is great", "service"), ("I got it from another vendor", "service"),
        ("nice color", "as_described"), ("the size of an old credit card", "refund"),
        ("I replaced my strings", "refund"), ("a very authentic sound", "counterfeit"),
        ("a genuine leather strap", "counterfeit"), ("my fake book fits on it", "counterfeit"),
        ("I use this pedal with my amp", "goods_quality"), ("turn the tone knob", "goods_quality"),
        ("worth a try", "price"), ("paid more attention to it", "price"),
    ],
)  # fmt: skip
def test_words_of_other_things_name_no_aspect(text, never):
    assert never not in aspects_of(text)


@pytest.mark.parametrize(
    ("text", "aspect"),
    [
        ("It arrived on Monday", "logistics"), ("shipping took a week", "logistics"),
        ("I want my money back", "refund"), ("it is not as described", "as_described"),
        ("these are counterfeit", "counterfeit"), ("it's a fake", "counterfeit"),
        ("customer service called me", "service"), ("a great seller", "service"),
        ("the tone is thin and harsh", "goods_quality"), ("this pedal is sturdy", "goods_quality"),
    ],
)  # fmt: skip
def test_specific_words_name_their_aspect(text, aspect):
    assert aspect in aspects_of(text)


def test_cheap_of_the_price_is_praise_and_of_the_goods_a_complaint_in_both_languages():
    assert [clause.aspects for clause in ENGINE.score("It is cheap")] == [{"price": 1.0}]
    assert [clause.aspects for clause in ENGINE.score("便宜")] == [{"price": 1.0}]
    assert ENGINE.score("价格廉价")[0].aspects == {"price": 1.0}
    for text in ("it feels cheap", "cheap plastic", "it looks very cheap", "很廉价"):
        found = ENGINE.score(text)[0].aspects
        assert set(found) == {"goods_quality"}, text
        assert found["goods_quality"] < 0, text


def test_aspects_of_real_reviews_are_not_found_everywhere(real_data, tmp_path):
    convert(real_data("Musical_instruments_reviews.csv"), tmp_path)
    found = read_texts(pd.read_parquet(tmp_path / "ratings.parquet").head(2000))
    share = found.opinions["aspect"].value_counts() / len(found.texts)
    assert share["goods_quality"] < 0.7
    assert share[["logistics", "service", "refund", "as_described"]].max() < 0.1
