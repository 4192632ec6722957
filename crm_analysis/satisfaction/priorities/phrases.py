"""Parts of sentences in Chinese and English that the results of this room share."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from crm_analysis.words import word


def pick(lang: str, *, zh: str, en: str) -> str:
    """Return the text of the report's language."""
    return zh if lang == "zh" else en


def listed(names: Iterable, lang: str) -> str:
    """Return names as a list in words; those of several index levels joined by a slash.

    Examples
    --------
    >>> listed(["a", ("north", "b")], "en")
    'a, north / b'
    """
    texts = [" / ".join(word(part, lang) for part in (name if isinstance(name, tuple) else (name,))) for name in names]
    return pick(lang, zh="、", en=", ").join(texts)


def joined(parts: Iterable[str], lang: str) -> str:
    """Return sentences in one paragraph."""
    return pick(lang, zh="", en=" ").join(part for part in parts if part)


def by_class(table: pd.DataFrame, column: str, lang: str) -> list[str]:
    """Return one sentence per class: which of the decided rows are of it."""
    decided = table[table["decided"]]
    order = list(dict.fromkeys(decided[column]))
    return [
        pick(lang, zh=f"{word(name, lang)}：{listed(decided.index[decided[column] == name], lang)}。",
             en=f"{word(name, lang)[:1].upper()}{word(name, lang)[1:]}: "
                f"{listed(decided.index[decided[column] == name], lang)}.")
        for name in order
    ]  # fmt: skip


def undecided(table: pd.DataFrame, lang: str) -> str:
    """Return the sentence on attributes of which fewer than 80 % of the resamples agree."""
    open_ = table.index[~table["decided"]]
    if not len(open_):
        return ""
    return pick(lang, zh=f"归类未定（重抽样中一致的不足 80%、前两类差异不显著或受访者过少）：{listed(open_, lang)}。",
                en=f"Not decided (fewer than 80% of the resamples agree, two classes are too close, or too few "
                   f"respondents): {listed(open_, lang)}.")  # fmt: skip
