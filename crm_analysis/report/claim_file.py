"""Claims of a document as data: a YAML file with both languages, its figures, and how each claim is tested."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import yaml

from crm_analysis.errors import InputError, nearest
from crm_analysis.intervals import Estimate

LANGUAGES = ("zh", "en")
NEEDS = {
    "growth": ("start", "end"),
    "progress": ("goal", "reached"),
    "equal": (),
    "evidence": (),
}
MUST = ("id", "section", "kind", "zh", "en", "method")
MAY = ("figures", "range", "style", "inputs", "bases", "dates", "needs", "assumes", "caveat")


@dataclass(frozen=True)
class Figure:
    """A figure as a document prints it.

    Parameters
    ----------
    value : float or str
        The figure; a text where it is no number, such as a date.
    where : dict
        In each language: the section and sentence it comes from, or another source.
    step : float
        Unit in the last place to which the document rounds; 0 for an exact figure.
    unit : dict
        In each language ``[text, factor]``: the value times the factor is printed with the text.
    at_least : bool
        Whether the document says "over" or "more than".

    Examples
    --------
    >>> figure = Figure(4000, {"zh": "1.2 节", "en": "section 1.2"}, 100, {"zh": [" 亿元", 1], "en": [" bn yuan", 0.1]})
    >>> figure.text("en"), figure.rounding
    ('400 bn yuan (section 1.2)', Estimate(value=4000, low=3950.0, high=4050.0))
    """

    value: float | str
    where: dict[str, str]
    step: float = 0.0
    unit: dict[str, list] = field(default_factory=dict)
    at_least: bool = False

    @property
    def rounding(self) -> Estimate:
        """The value with the range of values that would be printed like it."""
        return Estimate(self.value, self.value - self.step / 2, self.value + self.step / 2)

    def amount(self, value: float | str, lang: str) -> str:
        """Print a value in the unit of this figure."""
        if isinstance(value, str):
            return value
        text, factor = self.unit.get(lang, ("", 1))
        return f"{value * factor:,.4g}{text}" if value != self.value else f"{value * factor:,.10g}{text}"

    def text(self, lang: str) -> str:
        """Print the figure with its place in the document."""
        left, right = ("（", "）") if lang == "zh" else (" (", ")")
        more = {"zh": "超过 ", "en": "over "}[lang] if self.at_least else ""
        return f"{more}{self.amount(self.value, lang)}{left}{self.where[lang]}{right}"


@dataclass(frozen=True)
class Claim:
    """A claim of a document, in our words, and what is needed to test it.

    Parameters
    ----------
    id : str
        Name by which a notebook hands in its evidence.
    section : str
        Section of the document.
    kind : {"growth", "progress", "equal", "evidence"}
        Tested from the document's own figures (growth rate; progress towards a
        goal; figures that should be equal) or by evidence computed from data.
    text, method, document : dict
        In each language: the claim, how it is tested, the title of the document.
    figures : dict of str to Figure
    range : tuple of two float or None
        What the claim says: lowest and highest value; None where there is no limit.
    style : str
        Format of the figure found.
    inputs : tuple of str
        Tables and columns it needs, ``table`` or ``table.column``.
    bases : tuple of str
        What may be measured in place of the claim's own words, such as ``base_revenue`` for profit.
    dates : dict
        For ``progress``: start, due and at, as ``2005-10`` or ``2009-12-31``.
    needs : dict
        In each language: what a test would need.
    assumes : dict
        In each language: an assumption that the data cannot check. A claim that would hold then *depends* on it.
    caveat : dict
        In each language: what the test does not say.
    """

    id: str
    section: str
    kind: str
    text: dict[str, str]
    method: dict[str, str]
    document: dict[str, str]
    figures: dict[str, Figure] = field(default_factory=dict)
    range: tuple[float | None, float | None] | None = None
    style: str = ".1%"
    inputs: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    dates: dict[str, str] = field(default_factory=dict)
    needs: dict[str, str] = field(default_factory=dict)
    assumes: dict[str, str] = field(default_factory=dict)
    caveat: dict[str, str] = field(default_factory=dict)

    def source(self, lang: str) -> str:
        """Return document and section."""
        return {
            "zh": f"《{self.document['zh']}》{self.section} 节",
            "en": f"“{self.document['en']}”, section {self.section.replace('、', ', ')}",
        }[lang]

    def how(self, lang: str) -> str:
        """Return the method with the figures it uses put in."""
        return self.method[lang].format(**{name: figure.text(lang) for name, figure in self.figures.items()})


def read_claims(path: str | Path) -> list[Claim]:
    """Read the claims of a document.

    The file has ``document`` (title in both languages), ``units`` and ``claims``; see
    `Claim` and `Figure` for the keys. A figure names its unit by a key of ``units``.

    Returns
    -------
    list of Claim
        In the order of the file.

    Raises
    ------
    InputError
        Listing every claim that is not whole: a missing or unknown key, a language
        without text, an unknown kind or unit, an id used twice.
    """
    try:
        given = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputError("the claims cannot be read", where=path, expected="a YAML file", mend=str(error)) from error
    if not isinstance(given, dict) or not isinstance(given.get("claims"), list) or not _both(given.get("document")):
        raise InputError("the file holds no claims", where=path, expected="keys document (zh, en), units, claims")
    units = given.get("units") or {}
    problems = [problem for claim in given["claims"] for problem in _problems(claim, units)]
    ids = [str(claim.get("id")) for claim in given["claims"] if isinstance(claim, dict)]
    problems += [f"{name}: this id is used twice" for name in sorted({name for name in ids if ids.count(name) > 1})]
    if problems:
        raise InputError("some claims are not whole:\n    " + "\n    ".join(problems), where=path)
    return [_claim(claim, given["document"], units) for claim in given["claims"]]


def _claim(given: dict, document: dict, units: dict) -> Claim:
    figures = {
        name: Figure(**{**figure, "unit": units.get(figure.get("unit"), {})})
        for name, figure in given.get("figures", {}).items()
    }
    rest = {name: given[name] for name in ("style", "dates", "needs", "assumes", "caveat") if name in given}
    return Claim(
        id=given["id"],
        section=str(given["section"]),
        kind=given["kind"],
        text={lang: given[lang] for lang in LANGUAGES},
        method=given["method"],
        document=document,
        figures=figures,
        range=tuple(given["range"]) if "range" in given else None,
        inputs=tuple(given.get("inputs", ())),
        bases=tuple(given.get("bases", ())),
        **rest,
    )


def _problems(claim: object, units: dict) -> list[str]:
    """Return what is wrong with one claim."""
    if not isinstance(claim, dict) or not claim.get("id"):
        return [f"{claim!r:.60}: a claim needs an id"]
    name, kind = claim["id"], claim.get("kind")
    found = [f"{name}: lacks {key}" for key in MUST if not claim.get(key)]
    found += [f"{name}: unknown key {key} {nearest(key, MUST + MAY)}" for key in claim if key not in MUST + MAY]
    found += [
        f"{name}: {key} needs zh and en, and nothing else (put quotation marks around a text with a comma)"
        for key in ("method", "needs", "assumes", "caveat")
        if key in claim and not _both(claim[key])
    ]
    if kind not in NEEDS:
        return [*found, f"{name}: kind {kind!r} is not one of {', '.join(NEEDS)}"]
    figures = claim.get("figures") or {}
    found += [f"{name}: lacks the figure {key}" for key in NEEDS[kind] if key not in figures]
    if kind == "growth" and "claimed" not in figures and "range" not in claim:
        found.append(f"{name}: growth needs the figure claimed, or a range")
    if kind == "progress" and not {"start", "due", "at"} <= set(claim.get("dates") or {}):
        found.append(f"{name}: progress needs the dates start, due and at")
    if kind == "evidence" and not claim.get("needs"):
        found.append(f"{name}: evidence needs the key needs")
    if "range" in claim and not (isinstance(claim["range"], list) and len(claim["range"]) == 2):
        found.append(f"{name}: range needs two values, the lowest and the highest")
    for key, figure in figures.items():
        found += [f"{name}.{key}: {problem}" for problem in _figure_problems(figure, units)]
    return found


def _figure_problems(figure: object, units: dict) -> list[str]:
    if not isinstance(figure, dict) or "value" not in figure:
        return ["a figure needs a value"]
    found = [] if _both(figure.get("where")) else ["where needs zh and en, and nothing else"]
    found += [f"unknown key {key}" for key in figure if key not in ("value", "where", "step", "unit", "at_least")]
    unit = figure.get("unit")
    return found if unit is None or unit in units else [*found, f"unknown unit {unit}"]


def _both(texts: object) -> bool:
    """Tell whether a text stands in both languages and no more; a comma in a bare YAML text makes a further key."""
    return (
        isinstance(texts, dict)
        and set(texts) == set(LANGUAGES)
        and all(isinstance(text, str) for text in texts.values())
    )
