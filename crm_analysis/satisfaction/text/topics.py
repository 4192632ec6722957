"""Which aspects a clause speaks of, and which of them each deciding word is about."""

from __future__ import annotations

from crm_analysis.satisfaction.text.clauses import Part
from crm_analysis.satisfaction.text.polarity import Hit

GENERAL = "general"


def named_aspects(part: Part) -> list[tuple[int, tuple[str, ...]]]:
    """Return where a clause names aspects, and which; those that count only where judged are among them."""
    terms = [(at, unit.term) for at, unit in enumerate(part.units) if unit.term is not None]
    return [(at, term.aspects or term.judged) for at, term in terms if term.aspects or term.judged]


def sure_aspects(part: Part) -> tuple[str, ...]:
    """Return the aspects that a clause mentions whether or not anything is said of them."""
    return tuple(aspect for unit in part.units if unit.term is not None for aspect in unit.term.aspects)


def depending(part: Part, named: list[tuple[int, tuple[str, ...]]]) -> dict[int, float]:
    """Return the strength of words such as "high", by the nearest aspect named for which the lexicon knows it."""
    found = {}
    for place, unit in enumerate(part.units):
        if unit.term is None or not unit.term.depends:
            continue
        known = [(abs(at - place), strength) for at, aspects in named
                 for aspect in aspects if (strength := unit.term.depends.get(aspect)) is not None]  # fmt: skip
        if known:
            found[place] = min(known, key=lambda pair: pair[0])[1]
    return found


def assign(
    part: Part, hits: list[Hit], named: list[tuple[int, tuple[str, ...]]], carried: tuple[str, ...]
) -> list[tuple[str, ...]]:
    """Return the aspects of each deciding word.

    In this order: those the word tells itself; those named nearest to it in the clause, where aspects named in a
    row without a deciding word between them ("quality and price are great") share it, unless that is only
    ``general`` and the word leans to another; those the word leans to; those of the clause before in the same
    sentence; else ``general``.
    """
    groups = _groups(named, {hit.place for hit in hits})
    found = []
    for hit in hits:
        term = part.units[hit.place].term
        if term.tells:
            found.append(term.tells)
        elif groups:
            nearest = min(groups, key=lambda group: min(abs(at - hit.place) for at, _ in group))
            about = tuple(dict.fromkeys(aspect for _, aspects in nearest for aspect in aspects))
            found.append(term.leans if about == (GENERAL,) and term.leans else about)
        else:
            found.append(term.leans or carried or (GENERAL,))
    return found


def _groups(named: list[tuple[int, tuple[str, ...]]], deciding: set[int]) -> list[list[tuple[int, tuple[str, ...]]]]:
    """Aspects named in a row, parted where a deciding word stands between them."""
    groups: list[list[tuple[int, tuple[str, ...]]]] = []
    for at, aspects in named:
        if groups and not any(groups[-1][-1][0] < place < at for place in deciding):
            groups[-1].append((at, aspects))
        else:
            groups.append([(at, aspects)])
    return groups
