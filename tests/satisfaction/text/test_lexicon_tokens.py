"""Lexicons as data, words of one's own, cleaning and cutting of texts, optional packages."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.text.adapters import make_engine, make_segmenter
from crm_analysis.satisfaction.text.engine import DictionaryEngine, Engine, balance
from crm_analysis.satisfaction.text.lexicon import ASPECTS, read_lexicon
from crm_analysis.satisfaction.text.tokens import Tokenizer, clean, language_of
from crm_analysis.words import all_words

BOTH = read_lexicon()
CUT = Tokenizer(BOTH)


def test_lexicons_are_broad_and_speak_of_every_aspect():
    for lang in ("zh", "en"):
        lexicon = read_lexicon(lang)
        polar = [term for term in lexicon.terms.values() if term.strength]
        assert len(polar) > 600
        assert min(sum(term.strength > 0 for term in polar), sum(term.strength < 0 for term in polar)) > 200
        named = {aspect for term in lexicon.terms.values() for aspect in (*term.aspects, *term.tells)}
        assert named == set(ASPECTS)
    assert set(ASPECTS) <= set(all_words())
    assert all(term.roles != {"words"} or not term.strength for term in BOTH.terms.values())


def test_words_that_tell_an_aspect_have_a_polarity():
    idle = [term.text for term in BOTH.terms.values()
            if (term.tells or term.leans) and not (term.strength or term.aspects or term.depends)]  # fmt: skip
    assert idle == []


def test_words_of_ones_own():
    extra = {"aspects": {"sound": ["tone"]}, "polarity": {-2: ["toneless"]}, "tells": {"sound": ["toneless"]}}
    engine = DictionaryEngine(extra=extra)
    assert engine.aspects == (*ASPECTS, "sound")
    assert engine.score("It is toneless")[0].aspects == {"sound": -2.0}
    assert DictionaryEngine().score("It is toneless")[0].words == ()
    assert "toneless" not in read_lexicon().terms


@pytest.mark.parametrize(
    ("extra", "what"),
    [
        ({"polarty": {1: "x"}}, "section 'polarty' is unknown did you mean 'polarity'"),
        ({"tells": {"prise": "x"}}, "aspect 'prise' is unknown did you mean 'price'"),
        ({"polarity": {7: "x"}, "negation": {"often": "x"}}, "7 is no strength.*negation 'often' is unknown"),
    ],
)
def test_words_of_ones_own_that_make_no_sense(extra, what):
    with pytest.raises(InputError, match=what):
        read_lexicon("zh", extra=extra)


def test_unknown_languages():
    with pytest.raises(InputError, match="no lexicon for 'fr'"):
        read_lexicon("fr")


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("不满意", ["不满意"]), ("不是很满意", ["不是", "很", "满意"]), ("没用几天就坏了", ["没用几天", "就", "坏了"]),
        ("特别好用", ["特别", "好用"]), ("快递很快", ["快递", "很", "快"]), ("賣家態度", ["卖家", "态度"]),
        ("质量ok！", ["质量", "ok", "!"]),
        ("can't, won't, didn't", ["can", "not", ",", "will", "not", ",", "did", "not"]),
        ("well-made", ["well made"]), ("3.5 stars & $20", ["3.5", "stars", "&", "$", "20"]),
        ("很 好 :)", ["很", ",", "好", ":)"]),
        ("太太太好", ["太", "好"]), ("wayyyy goooood", ["way", "good"]), ("", []),
    ],
)  # fmt: skip
def test_cutting(text, units):
    lexicon = Tokenizer(BOTH)(text)
    known = [unit.text for unit in lexicon]
    assert known == units


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="质量不满意很好看快递慢没有用几天就坏了特别", max_size=25))
def test_cutting_loses_no_character_of_chinese(run):
    shown = clean(run, BOTH)
    assert "".join(unit.text for unit in CUT(run)) == shown


def test_maximum_matching_by_brute_force_needs_no_fewer_words():
    def fewest(run: str) -> int:
        best = [0] + [len(run) + 1] * len(run)
        for end in range(1, len(run) + 1):
            best[end] = min(best[start] + 1 for start in range(end) if end - start == 1 or run[start:end] in BOTH.terms)
        return best[-1]

    for run in ("不是很满意", "没有不满意的地方", "客服态度特别好", "包装完好无损没有破损", "快递比预计的早"):
        assert len(CUT(run)) == fewest(run)


def test_languages():
    assert [language_of(text) for text in ("好", "good", "好 good", "!?", "", "é")] == ["zh", "en", "zh", "", "", "en"]


@pytest.mark.parametrize(
    ("name", "make"), [("jieba", make_segmenter), ("rjieba", make_segmenter), ("vader", make_engine)]
)
def test_packages_that_are_not_installed_are_asked_for_clearly(name, make, monkeypatch):
    for module in ("jieba", "rjieba", "vaderSentiment", "vaderSentiment.vaderSentiment"):
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(InputError, match="is not installed") as error:
        make(name)
    assert "pip install" in str(error.value)


def test_unknown_names():
    with pytest.raises(InputError, match="no engine 'vadar'"):
        make_engine("vadar")
    with pytest.raises(InputError, match="no segmenter 'jeba'"):
        make_segmenter("jeba")


@pytest.mark.parametrize("name", ["jieba", "rjieba"])
def test_a_segmenter_of_another_package(name, monkeypatch):
    calls = []

    def cut(run):
        calls.append(run)
        return iter([run[:2], run[2:]])

    monkeypatch.setitem(sys.modules, name, SimpleNamespace(cut=cut))
    engine = make_engine(segmenter=name)
    assert [hit.word for clause in engine.score("质量很好看") for hit in clause.words] == ["好看"]
    assert calls == ["质量很好看"]


def test_vader_behind_the_adapter(monkeypatch):
    class Analyzer:
        lexicon: ClassVar[dict[str, float]] = {"great": 3.1, "slow": -1.2}

        def polarity_scores(self, text):
            return {"compound": 0.5 if "great" in text else -0.4 if "slow" in text else 0.0}

    monkeypatch.setitem(sys.modules, "vaderSentiment", SimpleNamespace())
    monkeypatch.setitem(
        sys.modules, "vaderSentiment.vaderSentiment", SimpleNamespace(SentimentIntensityAnalyzer=Analyzer)
    )
    engine = make_engine("vader")
    assert isinstance(engine, Engine)
    first, second, third = engine.score("The sound is great, but shipping was slow. Bought in May")
    assert (first.polarity, first.aspects, first.words[0].word) == (0.75, {"goods_quality": 0.75}, "great")
    assert second.aspects == {"logistics": pytest.approx(-1.2)}
    assert (third.polarity, third.aspects) == (0, {})


@pytest.mark.parametrize(("name", "text"), [("vader", "This is great, not bad at all"), ("dictionary", "很好")])
def test_engines_that_are_installed(name, text):
    if name == "vader":
        pytest.importorskip("vaderSentiment")
    assert balance(clause.polarity for clause in make_engine(name).score(text)) > 0.2


@pytest.mark.parametrize("name", ["jieba", "rjieba"])
def test_segmenters_that_are_installed(name):
    pytest.importorskip(name)
    engine = make_engine(segmenter=name)
    assert balance(clause.polarity for clause in engine.score("不是很满意")) < -0.2
