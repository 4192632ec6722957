"""A text cut into words: cleaning, Chinese by maximum matching, English with contractions read in full."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable
from typing import NamedTuple

from crm_analysis.satisfaction.text.lexicon import Lexicon, Term

Segmenter = Callable[[str], list[str]]
CJK = "\u4e00-\u9fff"
_TAG = re.compile(r"<\s*/?\s*(?:br|p|div|a|b|i|span|ul|li|video)\b[^>]{0,200}>", re.I)
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.I)
_HIDDEN = re.compile("[\u200b-\u200f\u2060\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")
_GAP = re.compile(f"(?<=[{CJK}])[ \t\u3000]+(?=[{CJK}])")
_HYPHEN = re.compile(r"(?<=[a-z])-(?=[a-z])")
_TRIPLE = re.compile(r"([a-z])\1\1")
_STRETCHED = re.compile(r"[a-z]*([a-z])\1{2,}[a-z]*")
_STUTTER = re.compile(f"([{CJK}])\\1{{2,}}")
_SHORT = (
    ("can", re.compile(r"\b(?:can't|cannot|cant)\b"), "can not"),
    ("won", re.compile(r"\b(?:won't|wont)\b"), "will not"),
    ("ain", re.compile(r"\b(?:ain't|aint)\b"), "is not"),
    ("n't", re.compile(r"n't\b"), " not"),
    ("nt", re.compile(r"\b(do|does|did|is|was|are|were|could|would|should|have|has|had)nt\b"), r"\1 not"),
    ("'", re.compile(r"'(?:s|re|ve|ll|d|m)\b"), ""),
)
_PLAIN = rf"[a-z]+|\d+(?:[.,]\d+)*%?|[{CJK}]+|--+|\.{{2,}}|\n|[^\s\w]"


class Unit(NamedTuple):
    """A word, expression or sign of a text, and its entry in the lexicon, if it has one."""

    text: str
    term: Term | None


def language_of(text: str) -> str:
    """Return ``zh`` where at least a fifth of the letters are Chinese characters, ``en`` else, blank without letters.

    Examples
    --------
    >>> language_of("质量very good"), language_of("nice 琴"), language_of("5!")
    ('zh', 'zh', '')
    >>> language_of("a fine instrument 琴")
    'en'
    """
    if text.isascii():
        return "en" if any(map(str.isalpha, text)) else ""
    letters = sum(map(str.isalpha, text))
    chinese = sum("\u4e00" <= sign <= "\u9fff" for sign in text)
    return "" if not letters else "zh" if chinese >= 0.2 * letters else "en"


def clean(text: str, lexicon: Lexicon) -> str:
    r"""Return the text as the engine reads it: lower case, full-width signs, tags, links and contractions resolved.

    Examples
    --------
    >>> from crm_analysis.satisfaction.text.lexicon import read_lexicon
    >>> clean("Isn&#39;t it GREAT？<br />質量好！ see http://x.y", read_lexicon())
    'is not it great?\n质量好! see '
    """
    if "&" in text:
        text = html.unescape(text)
    text = _LINK.sub("", _TAG.sub("\n", text)) if "<" in text or "http" in text or "www." in text else text
    if not text.isascii():
        text = unicodedata.normalize("NFKC", _HIDDEN.sub("", text)).replace("’", "'").replace("‘", "'")
        text = _STUTTER.sub(r"\1", _GAP.sub(",", text.translate(lexicon.traditional)))
    text = _HYPHEN.sub(" ", text.lower())
    for sign, pattern, full in _SHORT:
        text = pattern.sub(full, text) if sign in text else text
    if _TRIPLE.search(text):
        text = _STRETCHED.sub(lambda found: _shrunk(found.group(), lexicon), text)
    return text


def _shrunk(word: str, lexicon: Lexicon) -> str:
    """Read "soooo" as "so" and "goooood" as "good": the letter twice if the lexicon has that word, else once."""
    twice = re.sub(r"(.)\1{2,}", r"\1\1", word)
    return twice if twice in lexicon.terms else re.sub(r"(.)\1{2,}", r"\1", word)


class Tokenizer:
    """Cut a text into units of the lexicon.

    Parameters
    ----------
    lexicon : Lexicon
    segmenter : callable, optional
        Takes a run of Chinese characters and returns its words, such as ``jieba.lcut``; words that the lexicon does
        not know are cut further by maximum matching. Without it all is maximum matching.

    Examples
    --------
    >>> from crm_analysis.satisfaction.text.lexicon import read_lexicon
    >>> cut = Tokenizer(read_lexicon())
    >>> [unit.text for unit in cut("不是很满意，It isn't bad")]
    ['不是', '很', '满意', ',', 'it', 'is', 'not bad']
    """

    def __init__(self, lexicon: Lexicon, segmenter: Segmenter | None = None) -> None:
        self.lexicon, self.segmenter = lexicon, segmenter
        ends = r"(?![a-z0-9])"
        signs = "|".join(re.escape(sign) + (ends if sign[-1].isalnum() else "") for sign in lexicon.signs)
        self._pattern = re.compile(f"{signs}|{_PLAIN}" if signs else _PLAIN)

    def __call__(self, text: str) -> list[Unit]:
        """Return the units of a text, after cleaning."""
        words = self._pattern.findall(clean(text, self.lexicon))
        if not text.isascii():
            words = [
                part for word in words for part in (self._chinese(word) if "\u4e00" <= word[0] <= "\u9fff" else (word,))
            ]
        return self._units(words)

    def _units(self, words: list[str]) -> list[Unit]:
        """Join the expressions that the lexicon knows, the longest first."""
        terms, phrases, units, place, count = self.lexicon.terms, self.lexicon.phrases, [], 0, len(words)
        while place < count:
            word = words[place]
            for phrase in phrases.get(word, ()):
                if tuple(words[place : place + len(phrase)]) == phrase:
                    word = " ".join(phrase)
                    place += len(phrase) - 1
                    break
            units.append(Unit(word, terms.get(word)))
            place += 1
        return units

    def _chinese(self, run: str) -> list[str]:
        if self.segmenter is None:
            return self._matched(run)
        terms = self.lexicon.terms
        return [part for word in self.segmenter(run) for part in ((word,) if word in terms else self._matched(word))]

    def _matched(self, run: str) -> list[str]:
        """Maximum matching from both ends: fewer words win, then fewer single characters, then the one from the end."""
        forward, backward = self._forward(run), self._backward(run)
        if forward == backward:
            return backward
        return min(backward, forward, key=lambda words: (len(words), sum(len(word) == 1 for word in words)))

    def _forward(self, run: str) -> list[str]:
        terms, words, start = self.lexicon.terms, [], 0
        while start < len(run):
            size = min(self.lexicon.longest, len(run) - start)
            while size > 1 and run[start : start + size] not in terms:
                size -= 1
            words.append(run[start : start + size])
            start += size
        return words

    def _backward(self, run: str) -> list[str]:
        terms, words, end = self.lexicon.terms, [], len(run)
        while end > 0:
            size = min(self.lexicon.longest, end)
            while size > 1 and run[end - size : end] not in terms:
                size -= 1
            words.append(run[end - size : end])
            end -= size
        return words[::-1]
