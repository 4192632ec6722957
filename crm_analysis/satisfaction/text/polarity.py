"""The polarity of a clause's words: strength, degree words, negation and its reach, what is only wished or asked."""

from __future__ import annotations

from typing import NamedTuple

from crm_analysis.satisfaction.text.clauses import LOUD, Part, roles
from crm_analysis.satisfaction.text.tokens import Unit

REACH = {True: 6, False: 8}  # words that a negation reaches ahead: English, Chinese
NEGATED_BAD = 0.5  # what is not bad is half as good as the bad would be bad
INNER_DEGREE = 0.75  # "not very good" is a weaker complaint than "very bad"
DEGREE_REACH = 2  # words between a degree word and what it changes, and that word
COMPLAINT = -1.5  # strength of "too" with a neutral property


class Hit(NamedTuple):
    """A word that decides the polarity of its clause, and all that changed it.

    Parameters
    ----------
    place : int
        Position in the clause.
    word : str
    strength : float
        As the lexicon has it; NaN never: where it depends on the aspect, that aspect's.
    degrees, negations : tuple of str
        Words that raise or lower it; words that turn it round.
    state : str
        ``asserted``, ``asked`` or ``unreal`` (wished, supposed): of the last two the value is 0.
    value : float
        What counts.
    excess : bool
        A neutral property that "too" makes a complaint.
    """

    place: int
    word: str
    strength: float
    degrees: tuple[str, ...]
    negations: tuple[str, ...]
    state: str
    value: float
    excess: bool = False


class _Negations:
    """Negations seen and not yet used, and the reach of each."""

    def __init__(self) -> None:
        self.waiting: list[tuple[int, Unit]] = []
        self.used: set[int] = set()
        self.last: tuple[int, list[tuple[int, Unit]]] = (-9, [])

    def take(self, place: int) -> list[tuple[int, Unit]]:
        found = [(at, unit) for at, unit in self.waiting if place - at <= REACH[unit.text.isascii()]]
        self.waiting, self.last = [], (place, found)
        self.used |= {at for at, _ in found}
        return found

    def link(self, place: int) -> None:
        """A link behind a negated word carries the negation on: "no problems or complaints"."""
        if place - self.last[0] == 1:
            self.waiting = [(place, unit) for _, unit in self.last[1]]


def hits_of(part: Part, strengths: dict[int, float]) -> list[Hit]:
    """Return the deciding words of a clause.

    Parameters
    ----------
    part : Part
    strengths : dict of int to float
        Strength of the words whose polarity depends on the aspect, by their position.
    """
    units, hits, unreal = part.units, [], False
    pending = _Negations()
    for place, unit in enumerate(units):
        term = unit.term
        if term is None:
            if unit.text == "、":
                pending.link(place)
            continue
        strength = strengths.get(place, term.strength)
        excess = bool(place) and "property" in term.roles and "excess" in roles(units[place - 1])
        strength = COMPLAINT if excess else strength
        if strength and not _only_degree(units, place):
            hit = _hit(part, place, strength, pending, unreal and "wishes" not in term.roles)
            hits.append(hit._replace(excess=True) if excess else hit)
        elif term.negation:
            pending.waiting.append((place, unit))
        elif "links" in term.roles:
            pending.link(place)
        elif "barriers" in term.roles:
            pending.waiting = []
        unreal = unreal or "unreal" in term.roles
    return sorted(hits + _alone(part, pending, unreal))


def _only_degree(units: list[Unit], place: int) -> bool:
    """Whether a word of polarity stands for a degree here: 好慢, 'pretty good'."""
    term = units[place].term
    if not term.degree or place + 1 == len(units):
        return False
    after = units[place + 1].term
    return after is not None and bool(after.strength or after.depends)


def _hit(part: Part, place: int, strength: float, pending: _Negations, unreal: bool) -> Hit:
    """Judge the word at `place`: degrees and negations before it, degrees behind it."""
    units = part.units
    negations = pending.take(place)
    first = min((at for at, _ in negations), default=place)
    value, degrees = strength, []
    for at in range(place - 1, -1, -1):
        term = units[at].term
        near = place - at <= DEGREE_REACH or 0 < first - at <= DEGREE_REACH
        if term is None or not term.degree or not near or (at > first and any(at == n for n, _ in negations)):
            if term is not None and (term.strength or "barriers" in term.roles) and not term.negation:
                break
            continue
        degrees.insert(0, units[at].text)
        value *= min(term.degree, INNER_DEGREE) if at > first else term.degree
    behind = units[place + 1].term if place + 1 < len(units) else None
    if behind is not None and behind.after:
        degrees.append(units[place + 1].text)
        value *= behind.after
    for _, unit in negations:
        value *= -(unit.term.negation if value > 0 else NEGATED_BAD)
    if part.doubted:
        value *= -1
    state = "asked" if part.asked else "unreal" if unreal else "asserted"
    value = 0.0 if state != "asserted" else value * part.weight * (LOUD if part.loud else 1.0)
    return Hit(
        place, units[place].text, strength, tuple(degrees), tuple(unit.text for _, unit in negations), state, value
    )


def _alone(part: Part, pending: _Negations, unreal: bool) -> list[Hit]:
    """Negations that found nothing to negate but say something by themselves: "it fails to", 不如."""
    found = []
    for place, unit in enumerate(part.units):
        if unit.term is not None and unit.term.alone and place not in pending.used:
            state = "asked" if part.asked else "unreal" if unreal else "asserted"
            value = unit.term.alone * part.weight if state == "asserted" else 0.0
            found.append(Hit(place, unit.text, unit.term.alone, (), (), state, value))
    return found
