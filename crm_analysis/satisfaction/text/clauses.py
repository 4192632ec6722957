"""A text of units parted into clauses: at punctuation and contrast words; which clauses weigh less, which are asked."""

from __future__ import annotations

from dataclasses import dataclass, field

from crm_analysis.satisfaction.text.tokens import Unit

SENTENCE_ENDS = frozenset("。.!?\n")
CLAUSE_ENDS = frozenset({",", ";", ":", "(", ")", "[", "]", "~", "…", "—", "–", "--", "..", "...", "....", "|", "·"})
FINAL = frozenset({"吗", "么", "呢"})  # ask only at the end of a clause
BEFORE_TURN = 0.5  # weight of what stands before "but", and of what "although" introduces
LOUD = 1.2  # factor of two or more exclamation marks
CONTRASTS = frozenset({"turn", "concede"})
NONE: frozenset[str] = frozenset()


@dataclass(slots=True)
class Part:
    """A clause before it is judged.

    Parameters
    ----------
    units : list of Unit
        Without punctuation at its ends.
    sentence : int
    weight : float
        0.5 before a "but" and behind an "although", else 1.
    asked, doubted, loud : bool
        A question; a rhetorical one, which says the opposite; followed by two or more exclamation marks.
    roles : frozenset of str
        Roles of all its words.
    """

    units: list[Unit] = field(default_factory=list)
    sentence: int = 0
    weight: float = 1.0
    asked: bool = False
    doubted: bool = False
    roles: frozenset[str] = NONE
    loud: bool = False


def roles(unit: Unit) -> frozenset[str]:
    """Return the roles of a unit, none where the lexicon does not know it."""
    return unit.term.roles if unit.term is not None else NONE


def split(units: list[Unit]) -> list[Part]:
    """Return the clauses of a text, empty ones left out.

    Examples
    --------
    >>> from crm_analysis.satisfaction.text.lexicon import read_lexicon
    >>> from crm_analysis.satisfaction.text.tokens import Tokenizer
    >>> parts = split(Tokenizer(read_lexicon())("Slow, but the sound is great. Is it loud?"))
    >>> [(" ".join(unit.text for unit in part.units), part.weight, part.asked) for part in parts]
    [('slow', 0.5, False), ('but the sound is great', 1.0, False), ('is it loud', 1.0, True)]
    """
    found: list[Part] = []
    sentence: list[Part] = []
    part, number, marks = Part(), 0, 0

    def close_clause() -> Part:
        if part.units:
            sentence.append(part)
        return Part(sentence=number)

    for unit in units:
        text = unit.text
        if text in SENTENCE_ENDS:
            part, marks = close_clause(), marks + (text == "!")
            if sentence:
                _close(sentence, found, asked=text == "?")
                sentence, number = [], number + 1
                part.sentence = number
            if marks > 1 and found:
                _shout(found)
        elif text in CLAUSE_ENDS:
            part = close_clause()
        else:
            marks = 0
            term = unit.term
            if term is not None and term.roles:
                if part.units and not term.roles.isdisjoint(CONTRASTS):
                    part = close_clause()
                part.roles |= term.roles
            part.units.append(unit)
    close_clause()
    _close(sentence, found, asked=False)
    return found


def _shout(found: list[Part]) -> None:
    """Mark the clauses of the last sentence as loud."""
    for part in found:
        part.loud = part.loud or part.sentence == found[-1].sentence


def _close(sentence: list[Part], found: list[Part], *, asked: bool) -> None:
    """Weigh the clauses of a sentence against each other, mark questions, and add them to those found."""
    for place, part in enumerate(sentence):
        first = roles(part.units[0])
        if "concede" in first:
            part.weight *= BEFORE_TURN
        if "turn" in first:
            earlier = sentence[:place] or [old for old in found if found and old.sentence == found[-1].sentence]
            for old in earlier:
                old.weight = min(old.weight, BEFORE_TURN)
        part.doubted = "rhetorical" in part.roles
        part.asked = "question" in part.roles and not part.doubted and _asks(part)
    if asked and sentence:
        opened = "question" in roles(sentence[0].units[0])
        for part in sentence if opened else sentence[-1:]:
            part.asked = not part.doubted
    found.extend(sentence)


def _asks(part: Part) -> bool:
    """Whether a clause asks by its own words; English asks by the question mark alone."""
    if part.units[-1].text in FINAL:
        return True
    return any("question" in roles(unit) and not unit.text.isascii() and unit.text not in FINAL for unit in part.units)
