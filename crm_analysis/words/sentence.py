"""A statement in both languages, and terms as a list in one of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from crm_analysis.errors import InputError

BLANK = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")


@dataclass(frozen=True)
class Sentence:
    """The same statement in Chinese and in English; blanks between two Chinese characters are taken out.

    Examples
    --------
    >>> Sentence("与 重复 NBD 模型 的差异", "good").text("zh")
    '与重复 NBD 模型的差异'
    """

    zh: str
    en: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "zh", BLANK.sub("", self.zh))

    def text(self, lang: str) -> str:
        """Return the sentence in ``zh`` or ``en``; another language is an `InputError`."""
        if lang not in ("zh", "en"):
            raise InputError(f"there is no text in the language {lang!r}", expected="zh or en",
                             zh=f"没有语言 {lang!r} 的文字")  # fmt: skip
        return getattr(self, lang)


def join(parts: Iterable[Sentence]) -> Sentence:
    """Return sentences as one text in each language.

    Examples
    --------
    >>> join([Sentence("一。", "One."), Sentence("二。", "Two.")])
    Sentence(zh='一。二。', en='One. Two.')
    """
    parts = list(parts)
    return Sentence("".join(part.zh for part in parts), " ".join(part.en for part in parts))


def names(keys: Iterable[str], lang: str) -> str:
    """Return terms as a list in the language.

    Examples
    --------
    >>> names(["a", "b", "c"], "en"), names(["a", "b"], "zh")
    ('a, b and c', 'a、b')
    """
    from crm_analysis.words import word

    terms = [word(key, lang) for key in keys]
    if lang == "zh" or len(terms) < 2:
        return "、".join(terms) if lang == "zh" else "".join(terms)
    return ", ".join(terms[:-1]) + " and " + terms[-1]
