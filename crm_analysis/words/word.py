"""What the dictionary holds for one name."""

from __future__ import annotations

from typing import NamedTuple


class Word(NamedTuple):
    """A term in both languages, how its numbers are printed, and an explanation for the glossary.

    Parameters
    ----------
    zh, en : str
        The term as the textbooks write it.
    style : str
        Format of its numbers: ``",d"``, ``".1%"``, ``",.2f"``; empty for text.
    zh_note, en_note : str
        One sentence for the glossary; empty when the term explains itself.

    Examples
    --------
    >>> Word("客户数", "customers", ",d").zh
    '客户数'
    """

    zh: str
    en: str
    style: str = ""
    zh_note: str = ""
    en_note: str = ""
