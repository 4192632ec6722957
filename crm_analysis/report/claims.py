"""Claims checked: each claim of a document, how it was tested, what was found, and one of four verdicts.

A verdict follows from an interval and never from a bare number: the claim *holds*
if the whole interval lies in the range it names, *does not hold* if the whole
interval lies outside, *depends* if the interval reaches across a limit, if it was
measured on another base than the claim names, or if it holds only under an
assumption that the data cannot check; the reason says on what it depends.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

import pandas as pd

from crm_analysis.errors import InputError, nearest
from crm_analysis.intervals import Estimate
from crm_analysis.report.claim_file import Claim, Figure, read_claims
from crm_analysis.tables import DataSet
from crm_analysis.words import all_words, word
from crm_analysis.words.claims import SENTENCES

__all__ = ["Claim", "Figure", "Measured", "Missing", "Outcome", "Verdict", "check_claims", "growth", "judge",
           "missing_inputs", "read_claims", "verdict_by_interval"]  # fmt: skip
NONE = "–"


class Verdict(StrEnum):
    """The four verdicts; each is a key of `crm_analysis.words`."""

    HOLDS = "holds"
    DOES_NOT_HOLD = "does_not_hold"
    DEPENDS = "depends"
    CANNOT_BE_TESTED = "cannot_be_tested"


class Missing(NamedTuple):
    """Evidence that cannot be had: what is missing, as `DataSet.missing` names it."""

    what: tuple[str, ...] | list[str]


class Measured(NamedTuple):
    """Evidence with the base it was measured on, a key such as ``base_revenue``."""

    value: Estimate | bool
    base: str = ""


class Outcome(NamedTuple):
    """Verdict on a claim, with the figure found and the reason in words."""

    verdict: Verdict
    found: str
    why: str


Evidence = Estimate | bool | Missing | Measured


def verdict_by_interval(found: Estimate, claimed: tuple[float | None, float | None]) -> Verdict:
    """Compare an interval with the range a claim names; None means no limit.

    An estimate without interval decides nothing, and one without value cannot be used.

    Examples
    --------
    >>> [str(verdict_by_interval(Estimate(0.8, low, high), (0.75, 0.85))) for low, high in ((.78, .82), (.7, .9))]
    ['holds', 'depends']
    >>> str(verdict_by_interval(Estimate(0.5, 0.4, 0.6), (0.75, None)))
    'does_not_hold'
    """
    low = -math.inf if claimed[0] is None else claimed[0]
    high = math.inf if claimed[1] is None else claimed[1]
    if math.isnan(found.value):
        return Verdict.CANNOT_BE_TESTED
    if math.isnan(found.low) or math.isnan(found.high):
        return Verdict.DEPENDS
    if low <= found.low and found.high <= high:
        return Verdict.HOLDS
    return Verdict.DOES_NOT_HOLD if found.high < low or found.low > high else Verdict.DEPENDS


def growth(start: Estimate, end: Estimate) -> Estimate:
    """Growth from `start` to `end` with the interval that their rounding leaves.

    Examples
    --------
    >>> f"{growth(Estimate(4000, 3950, 4050), Estimate(6100.8, 6100.75, 6100.85)):.1%}"
    '52.5% [50.6%, 54.5%]'
    """
    return Estimate(end.value / start.value - 1, end.low / start.high - 1, end.high / start.low - 1)


def judge(claim: Claim, evidence: Evidence | None = None, *, lang: str = "en") -> Outcome:
    """Test one claim.

    Parameters
    ----------
    claim : Claim
    evidence : Estimate, bool, Measured, Missing or None
        For a claim tested on data: the figure that answers it, true or false, or
        what is missing. Claims tested on the document's own figures take none.
    lang : {"zh", "en"}

    Returns
    -------
    Outcome
        The verdict does not depend on `lang`.
    """
    return _TESTS[claim.kind](claim, evidence, lang)


def check_claims(
    claims: list[Claim], evidence: Mapping[str, Evidence] | None = None, *, lang: str = "en"
) -> pd.DataFrame:
    """Test all claims of a document.

    Parameters
    ----------
    claims : list of Claim
        As `read_claims` gives them.
    evidence : mapping of str to Estimate, bool, Measured or Missing
        By the id of the claim. A claim that needs evidence and has none cannot be tested.
    lang : {"zh", "en"}
        Language of all texts.

    Returns
    -------
    pandas.DataFrame
        One row per claim, its id as index; columns claim, source, method, found, verdict, why.

    Raises
    ------
    InputError
        If evidence is given for a claim that is not there or takes none.

    Examples
    --------
    >>> titles = {"zh": "文档", "en": "A document"}
    >>> texts = {"zh": "前两成客户占八成", "en": "The top fifth brings 80 %"}
    >>> claim = Claim("top", "2", "evidence", texts, texts, titles, range=(0.75, 0.85), needs=titles)
    >>> check_claims([claim], {"top": Estimate(0.735, 0.701, 0.767)})[["found", "verdict"]].loc["top"].tolist()
    ['73.5% [70.1%, 76.7%]', 'depends']
    """
    evidence = dict(evidence or {})
    open_ids = [claim.id for claim in claims if claim.kind == "evidence"]
    unknown = [name for name in evidence if name not in open_ids]
    if unknown:
        raise InputError(f"evidence for claims that take none: {', '.join(unknown)}", expected=", ".join(open_ids),
                         mend=nearest(unknown[0], open_ids))  # fmt: skip
    rows = {}
    for claim in claims:
        verdict, found, why = judge(claim, evidence.get(claim.id), lang=lang)
        rows[claim.id] = (claim.text[lang], claim.source(lang), claim.how(lang), found, word(verdict, lang), why)
    columns = ["claim", "source", "method", "found", "verdict", "why"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)


def missing_inputs(claims: list[Claim], data: DataSet) -> dict[str, Missing]:
    """Return, by claim, the tables and columns that a data set lacks for it.

    To be joined with what could be computed: ``check_claims(claims, missing_inputs(claims, data) | found)``.
    """
    lacking = {}
    for claim in claims:
        parts = (name.partition(".") for name in claim.inputs)
        names = [name for table, _, column in parts for name in data.missing(table, *filter(None, [column]))]
        if names:
            lacking[claim.id] = Missing(tuple(dict.fromkeys(names)))
    return lacking


def _test_growth(claim: Claim, _: object, lang: str) -> Outcome:
    start, end = claim.figures["start"], claim.figures["end"]
    found = growth(start.rounding, end.rounding)
    claimed = claim.range or tuple(claim.figures["claimed"].rounding[1:])
    verdict = verdict_by_interval(found, claimed)
    why = [_by_interval(verdict, found, claimed, claim.style, lang), _say("rounding", lang)]
    if verdict is Verdict.DOES_NOT_HOLD and None not in claimed:
        low, high = sorted(end.value / (1 + rate) for rate in claimed)
        needed = f"{start.amount(low, lang)} – {start.amount(high, lang)}"
        why.append(_say("needed", lang, start=start.amount(start.value, lang), needed=needed))
    return Outcome(verdict, format(found, claim.style), _join(claim, why, lang))


def _test_progress(claim: Claim, _: object, lang: str) -> Outcome:
    goal, reached = claim.figures["goal"], claim.figures["reached"]
    begun, due, at = (pd.Timestamp(claim.dates[name]) for name in ("start", "due", "at"))
    share = format(reached.value / goal.value, claim.style)
    verdict, key = (Verdict.DEPENDS, "not_yet_due") if at < due else (Verdict.DOES_NOT_HOLD, "missed")
    if reached.value >= goal.value:
        verdict, key = Verdict.HOLDS, "reached"
    why = _say(key, lang, share=share, at=claim.dates["at"], due=claim.dates["due"],
               elapsed=format((at - begun) / (due - begun), ".0%"))  # fmt: skip
    return Outcome(verdict, f"{'≥ ' if reached.at_least else ''}{share}", _join(claim, [why], lang))


def _test_equal(claim: Claim, _: object, lang: str) -> Outcome:
    same = len({figure.value for figure in claim.figures.values()}) == 1
    found = {"zh": "；", "en": "; "}[lang].join(figure.text(lang) for figure in claim.figures.values())
    verdict = Verdict.HOLDS if same else Verdict.DOES_NOT_HOLD
    return Outcome(verdict, found, _join(claim, [_say("equal" if same else "differ", lang)], lang))


def _test_evidence(claim: Claim, evidence: Evidence | None, lang: str) -> Outcome:
    if isinstance(evidence, Missing):
        names = {"zh": "、", "en": ", "}[lang].join(_table_name(name, lang) for name in evidence.what)
        return Outcome(Verdict.CANNOT_BE_TESTED, NONE, _say("missing", lang, what=names))
    if evidence is None:
        return Outcome(Verdict.CANNOT_BE_TESTED, NONE, _say("needs", lang, what=claim.needs[lang]))
    value, base = evidence if isinstance(evidence, Measured) else (evidence, "")
    if not isinstance(value, Estimate):
        verdict, found = (Verdict.HOLDS, "yes") if value else (Verdict.DOES_NOT_HOLD, "no")
        found, why = _say(found, lang), [_say("direct", lang)]
    elif claim.range is None:
        raise InputError(
            f"the claim {claim.id} names no range to compare an estimate with", mend="hand in true or false"
        )
    else:
        verdict, found = verdict_by_interval(value, claim.range), format(value, claim.style)
        why = [_by_interval(verdict, value, claim.range, claim.style, lang)]
    if base and verdict is not Verdict.CANNOT_BE_TESTED:
        found = f"{found} ({word(base, lang)})" if lang == "en" else f"{found}（{word(base, lang)}）"
        if claim.bases and base not in claim.bases:
            verdict = Verdict.DEPENDS
            wanted = {"zh": "或", "en": " or "}[lang].join(word(name, lang) for name in claim.bases)
            why.append(_say("other_base", lang, base=word(base, lang), wanted=wanted))
    if claim.assumes and verdict is Verdict.HOLDS:
        verdict = Verdict.DEPENDS
        why.append(_say("assumes", lang, what=claim.assumes[lang]))
    return Outcome(verdict, found, _join(claim, why, lang))


_TESTS = {"growth": _test_growth, "progress": _test_progress, "equal": _test_equal, "evidence": _test_evidence}


def _by_interval(verdict: Verdict, found: Estimate, claimed: tuple, style: str, lang: str) -> str:
    if verdict is Verdict.CANNOT_BE_TESTED:
        return _say("no_value", lang)
    if math.isnan(found.low) or math.isnan(found.high):
        return _say("no_interval", lang)
    low, high = (None if limit is None else format(limit, style.lstrip("+")) for limit in claimed)
    limits = f"≥ {low}" if high is None else f"≤ {high}" if low is None else f"{low} – {high}"
    interval = f"[{found.low:{style}}, {found.high:{style}}]"
    return _say(f"interval_{verdict}", lang, interval=interval, limits=limits)


def _table_name(name: str, lang: str) -> str:
    table, dot, column = name.partition(".")
    known = word(f"table.{table}", lang) if f"table.{table}" in all_words() else table
    return known + {"zh": f"（{column}）", "en": f" ({column})"}[lang] * bool(dot)


def _say(key: str, lang: str, **values: str) -> str:
    return SENTENCES[key][lang].format(**values)


def _join(claim: Claim, sentences: list[str], lang: str) -> str:
    return {"zh": "", "en": " "}[lang].join([*sentences, *filter(None, [claim.caveat.get(lang)])])
