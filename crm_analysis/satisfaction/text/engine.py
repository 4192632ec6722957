"""Engines that read a review clause by clause: what they return, and the dictionary engine that is always there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple, Protocol, runtime_checkable

from crm_analysis.satisfaction.text.clauses import Part, split
from crm_analysis.satisfaction.text.lexicon import Lexicon, read_lexicon
from crm_analysis.satisfaction.text.polarity import Hit, hits_of
from crm_analysis.satisfaction.text.tokens import Segmenter, Tokenizer
from crm_analysis.satisfaction.text.topics import GENERAL, assign, depending, named_aspects, sure_aspects

NEUTRAL_WITHIN = 0.2  # a text or aspect of polarity -0.2 to 0.2 is neither positive nor negative
LABELS = ("negative", "neither", "positive")


class Clause(NamedTuple):
    """What an engine found in one clause.

    Parameters
    ----------
    text : str
        As the engine read it.
    polarity : float
        Sum of the values of its deciding words.
    aspects : dict of str to float
        Polarity of each aspect the clause speaks of; 0 where it is named and nothing is said of it.
    words : tuple of Hit
        The words that decided it.
    weight : float
        0.5 before a contrast word and behind a conceding one, else 1; contained in the values.
    """

    text: str
    polarity: float
    aspects: dict[str, float]
    words: tuple[Hit, ...] = ()
    weight: float = 1.0


@runtime_checkable
class Engine(Protocol):
    """Whatever reads a text into clauses; `score` is all that the measures of this room ask for."""

    name: str
    aspects: tuple[str, ...]

    def score(self, text: str) -> list[Clause]:
        """Return the clauses of a text; none for an empty one."""
        ...


class DictionaryEngine:
    """Aspects and polarity from word lists and rules that can be read: no model, no network.

    Parameters
    ----------
    lang : {"auto", "zh", "en"}
        Lexicons to use; ``auto`` uses both, so that mixed texts are read too.
    extra : mapping or iterable of mapping
        Words of your own (`lexicon.read_lexicon`).
    segmenter : callable, optional
        Cuts Chinese text into words (`adapters.segmenter`); maximum matching when not given.

    Examples
    --------
    >>> engine = DictionaryEngine()
    >>> [(clause.text, clause.polarity) for clause in engine.score("不是很满意。质量不差")]
    [('不是 很 满意', -1.125), ('质量 不 差', 1.0)]
    >>> engine.score("The sound is great, but delivery was slow.")[1].aspects
    {'logistics': -1.0}
    """

    name = "dictionary"

    def __init__(
        self, *, lang: str = "auto", extra: Mapping | Iterable[Mapping] = (), segmenter: Segmenter | None = None
    ) -> None:
        self.lexicon: Lexicon = read_lexicon(*(() if lang == "auto" else (lang,)), extra=extra)
        self.aspects = self.lexicon.aspects
        self._cut = Tokenizer(self.lexicon, segmenter)

    def parts(self, text: str) -> list[Part]:
        """Return the clauses of a text before they are judged."""
        return split(self._cut(text))

    def score(self, text: str) -> list[Clause]:
        """Return the clauses of a text, each with its aspects and deciding words."""
        found, carried, sentence = [], (), -1
        for part in self.parts(text):
            carried = carried if part.sentence == sentence else ()
            sentence = part.sentence
            clause = _judge(part, carried)
            carried = tuple(aspect for aspect in clause.aspects if aspect != GENERAL) or carried
            found.append(clause)
        return found


def _judge(part: Part, carried: tuple[str, ...]) -> Clause:
    named = named_aspects(part)
    hits = hits_of(part, depending(part, named))
    aspects: dict[str, float] = dict.fromkeys(sure_aspects(part), 0.0)
    for hit, about in zip(hits, assign(part, hits, named, carried)):
        for aspect in about:
            aspects[aspect] = aspects.get(aspect, 0.0) + hit.value
    text = " ".join([unit.text for unit in part.units])
    return Clause(text, sum([hit.value for hit in hits]), aspects, tuple(hits), part.weight)


def balance(values: Iterable[float]) -> float:
    r"""Return the polarity of a text from that of its clauses, between -1 and 1.

    .. math:: \frac{P - N}{P + N + 1}

    P is the sum of the positive values, N that of the negative ones without sign; the 1 draws texts
    with little evidence towards 0.

    Examples
    --------
    >>> balance([2, -1]), balance([])
    (0.25, 0.0)
    """
    good = bad = 0.0
    for value in values:
        if value > 0:
            good += value
        else:
            bad -= value
    return (good - bad) / (good + bad + 1)


def label(polarity: float) -> str:
    """Return ``positive``, ``negative``, or ``neither`` where the polarity lies within 0.2 of 0.

    Examples
    --------
    >>> label(0.5), label(-0.1), label(-0.3)
    ('positive', 'neither', 'negative')
    """
    return LABELS[1] if abs(polarity) <= NEUTRAL_WITHIN else LABELS[2 if polarity > 0 else 0]
