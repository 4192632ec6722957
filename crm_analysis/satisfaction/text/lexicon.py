"""The lexicon of the dictionary engine: what each word does in a clause, read from data files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml

from crm_analysis.errors import InputError, nearest

HERE = Path(__file__).parent
ASPECTS = ("logistics", "goods_quality", "service", "price", "refund", "as_described", "counterfeit", "general")
LANGUAGES = ("zh", "en")
NEGATION = {"usual": 0.75, "strong": 1.0, "weak": 0.6}  # how much of a word's strength its negation keeps
ROLES = ("unreal", "wishes", "barriers", "links", "words")
NAMED_ROLES = {"contrast": {}, "excess": {"words": "excess", "of": "property"}, "question": {"words": "question"}}
NUMBERS = (("polarity", "strength", float), ("alone", "alone", float), ("degree", "degree", float),
           ("degree_after", "after", float), ("negation", "negation", NEGATION.__getitem__))  # fmt: skip
SECTIONS = ("aspects", "judged", "polarity", "verbs", "depends", "tells", "leans", "negation", "alone", "degree",
            "degree_after", "excess", "contrast", "question", "traditional", *ROLES)  # fmt: skip


@dataclass(slots=True)
class Term:
    """What one word or expression does: each role that it has, all others empty.

    Parameters
    ----------
    text : str
    strength : float
        Polarity from -3 to 3; 0 for a word of none.
    aspects, judged, tells, leans : tuple of str
        Aspects it names; that it names where a word of polarity is said of it; that its polarity is about; that its
        polarity is about unless the clause names one other than ``general``.
    depends : dict
        Strength by the aspect it is said of ("high" price, "high" quality).
    negation, alone : float
        Share of the strength that a negated word keeps; strength where nothing in reach is negated.
    degree, after : float
        Factor of a degree word before, or directly behind, a word of polarity.
    roles : frozenset of str
        excess, property (that an excess word turns into a complaint), turn, concede, unreal, wishes (count although
        wished), barriers, links, question, rhetorical.
    """

    text: str
    strength: float = 0.0
    aspects: tuple[str, ...] = ()
    judged: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()
    leans: tuple[str, ...] = ()
    depends: dict[str, float] = field(default_factory=dict)
    negation: float = 0.0
    alone: float = 0.0
    degree: float = 0.0
    after: float = 0.0
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Lexicon:
    """Terms by their text, ready for the engine.

    Parameters
    ----------
    terms : dict of str to Term
    phrases : dict of str to list of tuple of str
        Expressions of several words by their first word, the longest first.
    traditional : dict of int to str
        For ``str.translate``: traditional characters and the simplified ones they are read as.
    signs : tuple of str
        Emoji and emoticons, the longest first.
    longest : int
        Characters of the longest Chinese term.
    aspects : tuple of str
        Those of the files, then those that an extra source adds.
    """

    terms: dict[str, Term]
    phrases: dict[str, list[tuple[str, ...]]]
    traditional: dict[int, str]
    signs: tuple[str, ...]
    longest: int
    aspects: tuple[str, ...] = ASPECTS


def read_lexicon(*languages: str, extra: Mapping | Iterable[Mapping] = ()) -> Lexicon:
    """Return the lexicon of one or both languages, with words of your own where given.

    Parameters
    ----------
    *languages : {"zh", "en"}
        Both when none is named.
    extra : mapping or iterable of mapping
        In the form of the data files: sections (``aspects``, ``polarity``, ``negation``, ...) with a list of words,
        or a text in which ``separator`` parts them. Its strengths replace those of the files, its aspects are
        added; under ``aspects`` it may name aspects of its own.

    Returns
    -------
    Lexicon

    Raises
    ------
    InputError
        If a language or a section is unknown, words tell an aspect that none names, or a strength is no
        number from -3 to 3.

    Examples
    --------
    >>> own = {"polarity": {2: ["雪中送炭"]}, "tells": {"service": ["雪中送炭"]}}
    >>> term = read_lexicon("zh", extra=own).terms["雪中送炭"]
    >>> term.strength, term.tells
    (2.0, ('service',))
    """
    unknown = [language for language in languages if language not in LANGUAGES]
    if unknown:
        raise InputError(f"there is no lexicon for {', '.join(map(repr, unknown))}", expected=" or ".join(LANGUAGES),
                         mend=nearest(unknown[0], LANGUAGES), zh="没有这种语言的词典")  # fmt: skip
    chosen = tuple(sorted(set(languages or LANGUAGES)))
    extras = [extra] if isinstance(extra, Mapping) else list(extra)
    return _assemble([_file(name) for name in ("signs", *chosen)] + extras) if extras else _standard(chosen)


@cache
def _standard(languages: tuple[str, ...]) -> Lexicon:
    return _assemble([_file(name) for name in ("signs", *languages)])


@cache
def _file(name: str) -> dict:
    return yaml.safe_load((HERE / f"lexicon_{name}.yml").read_text(encoding="utf-8"))


def _assemble(sources: list[Mapping]) -> Lexicon:
    """Put the terms of all sources together; later sources replace what earlier ones say."""
    terms: dict[str, Term] = {}
    traditional: dict[int, str] = {}
    for source in sources:
        _check(source)
        _fill(terms, source)
        traditional |= {ord(pair[0]): pair[1] for pair in _split(source.get("traditional", ""), source)}
    phrases: dict[str, list[tuple[str, ...]]] = {}
    for text in terms:
        words = tuple(text.split(" "))
        if len(words) > 1:
            phrases.setdefault(words[0], []).append(words)
    for found in phrases.values():
        found.sort(key=len, reverse=True)
    signs = {word for source in sources if source.get("language") == "any" for term in source["polarity"].values()
             for word in _split(term, source)}  # fmt: skip
    longest = max((len(text) for text in terms if "\u4e00" <= text[0] <= "\u9fff"), default=1)
    aspects = dict.fromkeys((*ASPECTS, *(str(name) for source in sources for name in source.get("aspects") or ())))
    return Lexicon(terms, phrases, traditional, tuple(sorted(signs, key=len, reverse=True)), longest, tuple(aspects))


def _fill(terms: dict[str, Term], source: Mapping) -> None:
    """Enter what one source says into the terms."""
    for section, name, value in NUMBERS:
        for term, key in _each(terms, source, section):
            setattr(term, name, value(key))
    for section in ("aspects", "judged", "tells", "leans"):
        for term, aspect in _each(terms, source, section):
            setattr(term, section, tuple(dict.fromkeys((*getattr(term, section), str(aspect)))))
    for verb, number in list(_each(terms, source, "verbs")):
        forms = _split(_verb_forms(verb.text), source)
        terms.update({form: Term(form, float(number)) for form in forms})
    for section in (*ROLES, *NAMED_ROLES):
        for term, key in _each(terms, source, section):
            term.roles |= {NAMED_ROLES.get(section, {}).get(key, key)}
    depends = source.get("depends") or {}
    for aspect, word, number in ((aspect, *pair) for aspect, found in depends.items() for pair in found.items()):
        terms.setdefault(str(word), Term(str(word))).depends[aspect] = float(number)


def _each(terms: dict[str, Term], source: Mapping, section: str) -> Iterator[tuple[Term, object]]:
    """Each term of a section with the key it stands under, or the section's name."""
    entry = source.get(section) or {}
    for key, words in entry.items() if isinstance(entry, Mapping) else [(section, entry)]:
        for word in _split(words, source):
            yield terms.setdefault(word, Term(word)), key


def _split(words: object, source: Mapping) -> list[str]:
    """Words of a list, or of a text parted by the source's separator."""
    if isinstance(words, str):
        words = words.split() if source.get("separator", " ") == " " else words.split(source["separator"])
    return [" ".join(str(word).lower().split()) for word in words if str(word).strip()]


def _verb_forms(verb: str) -> tuple[str, ...]:
    """Return a regular English verb with -s, -ed and -ing.

    Examples
    --------
    >>> _verb_forms("love"), _verb_forms("satisfy")
    (('love', 'loves', 'loved', 'loving'), ('satisfy', 'satisfies', 'satisfied', 'satisfying'))
    """
    if verb.endswith("e"):
        return verb, f"{verb}s", f"{verb}d", f"{verb[:-1]}ing"
    if verb.endswith("y"):
        return verb, f"{verb[:-1]}ies", f"{verb[:-1]}ied", f"{verb}ing"
    return verb, f"{verb}s", f"{verb}ed", f"{verb}ing"


def _check(source: Mapping) -> None:
    """Raise one `InputError` for all that a source says and the engine would not understand."""
    known = {"language", "separator", *SECTIONS}
    problems = [f"section {name!r} is unknown {hint}".strip() for name in source if name not in known
                for hint in (nearest(name, known),)]  # fmt: skip
    named = {str(aspect) for section in ("judged", "tells", "leans", "depends") for aspect in source.get(section) or {}}
    declared = {*ASPECTS, *map(str, source.get("aspects") or ())}
    problems += [f"aspect {name!r} is unknown {nearest(name, declared)}".strip() for name in sorted(named - declared)]
    for section in ("polarity", "verbs", "alone"):
        for number in source.get(section) or {}:
            if not isinstance(number, int | float) or not -3 <= number <= 3:
                problems.append(f"{section}: {number!r} is no strength from -3 to 3")
    problems += [f"negation {kind!r} is unknown" for kind in source.get("negation") or {} if kind not in NEGATION]
    if problems:
        raise InputError("; ".join(problems), where="the lexicon", zh="自定义词典的格式有误",
                         expected=f"sections {', '.join(SECTIONS)}; aspects {', '.join(ASPECTS)}")  # fmt: skip
