"""The field's terms in Chinese and English: one dictionary for tables, figures and the glossary.

One file per room holds `WORDS`, a dictionary from the name used in code (a
column, a level, a segment) to a `Word`. Reports show a word, never a raw name.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from crm_analysis.words.sentence import Sentence, join, names
from crm_analysis.words.word import Word

TOOLS = ("word", "glossary", "sentence")
ROOMS = tuple(sorted(module.name for module in iter_modules(__path__) if module.name not in TOOLS))

__all__ = ["Sentence", "Word", "all_words", "join", "names", "word"]


@cache
def all_words() -> dict[str, Word]:
    """Return every word of every room; a name that two rooms explain differently raises.

    Examples
    --------
    >>> all_words()["customers"].en
    'customers'
    """
    merged: dict[str, Word] = {}
    for room in ROOMS:
        for name, entry in import_module(f"crm_analysis.words.{room}").WORDS.items():
            if merged.setdefault(name, entry) != entry:
                raise ValueError(f"the word {name!r} of room {room!r} is explained differently in another room")
    return merged


def word(name: str, lang: str) -> str:
    """Return the term for `name` in Chinese (``zh``) or English (``en``); an unknown name comes back as it is.

    Examples
    --------
    >>> word("customers", "zh"), word("Galaxy S", "zh")
    ('客户数', 'Galaxy S')
    """
    entry = all_words().get(str(name))
    return getattr(entry, lang) if entry else str(name)
