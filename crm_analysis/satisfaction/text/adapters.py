"""Optional packages behind the room's own interfaces: jieba and rjieba as segmenters, VADER as an engine."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from crm_analysis.errors import InputError, nearest
from crm_analysis.satisfaction.text.engine import Clause, DictionaryEngine, Engine
from crm_analysis.satisfaction.text.polarity import Hit
from crm_analysis.satisfaction.text.tokens import Segmenter
from crm_analysis.satisfaction.text.topics import GENERAL, named_aspects, sure_aspects

ENGINES = ("dictionary", "vader")
SEGMENTERS = ("builtin", "rjieba", "jieba")
VADER_SCALE = 3.0  # VADER's compound runs from -1 to 1, strengths of this room from -3 to 3


def make_engine(
    name: str = "dictionary", *, lang: str = "auto", segmenter: str = "builtin", extra: object = ()
) -> Engine:
    """Return an engine by name.

    Parameters
    ----------
    name : {"dictionary", "vader"}
        ``vader`` reads English only and needs the package vaderSentiment.
    lang : {"auto", "zh", "en"}
    segmenter : {"builtin", "rjieba", "jieba"}
        How Chinese is cut into words; the last two need the package of that name.
    extra : mapping or iterable of mapping
        Words of your own, as in `lexicon.read_lexicon`.

    Raises
    ------
    InputError
        If the name is unknown, or the package is not installed; nothing else needs it.

    Examples
    --------
    >>> make_engine().name
    'dictionary'
    >>> make_engine("bert")
    Traceback (most recent call last):
    crm_analysis.errors.InputError: there is no engine 'bert'
      expected: dictionary or vader
      how to mend: leave it out for the engine that is always there
    """
    if name not in ENGINES:
        hint = nearest(name, ENGINES) or "leave it out for the engine that is always there"
        raise InputError(
            f"there is no engine {name!r}", expected=" or ".join(ENGINES), mend=hint, zh="没有这种文本引擎"
        )
    own = DictionaryEngine(lang="en" if name == "vader" else lang, extra=extra, segmenter=make_segmenter(segmenter))
    return own if name == "dictionary" else VaderEngine(own)


def make_segmenter(name: str) -> Segmenter | None:
    """Return a function that cuts Chinese into words; None for the built-in maximum matching.

    Examples
    --------
    >>> make_segmenter("builtin") is None
    True
    """
    if name not in SEGMENTERS:
        raise InputError(f"there is no segmenter {name!r}", expected=", ".join(SEGMENTERS),
                         mend=nearest(name, SEGMENTERS) or "segmenter='builtin'", zh="没有这种分词器")  # fmt: skip
    if name == "builtin":
        return None
    module = _need(name, "segmenter='builtin'")
    cut = module.cut
    return lambda run: list(cut(run))


class VaderEngine:
    """VADER's compound polarity of each clause; clauses and aspects from the dictionary engine. English only.

    Parameters
    ----------
    own : DictionaryEngine
        Gives clauses and the aspects they name.
    """

    name = "vader"

    def __init__(self, own: DictionaryEngine) -> None:
        self._own, self.aspects = own, own.aspects
        self._analyzer = _need("vaderSentiment.vaderSentiment", "engine='dictionary'").SentimentIntensityAnalyzer()

    def score(self, text: str) -> list[Clause]:
        """Return the clauses of a text; each has VADER's compound, times 3, as its polarity."""
        found = []
        for part in self._own.parts(text):
            clause = " ".join(unit.text for unit in part.units)
            value = VADER_SCALE * self._analyzer.polarity_scores(clause)["compound"] * part.weight
            named = (name for _, names in named_aspects(part) for name in names)
            aspects = dict.fromkeys(named if value else sure_aspects(part), value)
            if value and not aspects:
                aspects = {GENERAL: value}
            known = [(at, word) for at, word in enumerate(clause.split()) if word in self._analyzer.lexicon]
            words = tuple(Hit(at, word, float(self._analyzer.lexicon[word]), (), (), "asserted", value / len(known))
                          for at, word in known)  # fmt: skip
            found.append(Clause(clause, value, aspects, words, part.weight))
        return found


def _need(module: str, instead: str) -> ModuleType:
    """Import an optional module, or say how to get it and what to use without it."""
    package = module.split(".")[0]
    try:
        return import_module(module)
    except ImportError as error:
        raise InputError(
            f"the package {package} is not installed",
            expected=f"an installed {package}; it is optional",
            mend=f"pip install {package}, or use {instead}",
            zh=f"没有安装可选软件包 {package}",
        ) from error
