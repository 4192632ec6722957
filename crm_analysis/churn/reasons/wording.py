"""A customer's value of a feature in words, such as "96 days since the last purchase (typical 31)"."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crm_analysis.churn.reasons.naming import feature_word, level_word
from crm_analysis.churn.reasons.phrases import PHRASES, UNITS, Phrase, Unit
from crm_analysis.churn.reasons.steps import unit_of
from crm_analysis.words import Sentence

FLAT = 0.1  # a trend this close to 0 is said as a number


def phrase(
    feature: str, value: object, *, typical: object = None, mean: float = float("nan"), binary: bool = False,
    currency: str = "",
) -> Sentence:  # fmt: skip
    """Return what is said of one feature of a customer.

    Parameters
    ----------
    feature : str
        A name of the catalogue has a sentence of its own; any other gets its word and the value.
    value : object
        Of the customer; missing is said as "not known".
    typical : object
        Median of the customers compared with; said beside a number, unless both read the same.
    mean : float
        Said instead where value and median read the same.
    binary : bool
        The feature is a mark, 0 or 1.
    currency : str
        Behind amounts of money.

    Examples
    --------
    >>> phrase("days_since_last", 96, typical=31).en, phrase("days_since_last", 96, typical=31).zh
    ('96 days since the last purchase (typical 31)', '已 96 天没有购买（一般为 31 天）')
    >>> phrase("shoe_size", 45.5, typical=42.0).en
    'shoe size 45.5 (typical 42)'
    """
    found = PHRASES.get(feature)
    if not _known(value):
        return found.missing if found and found.missing else _general(feature, Sentence("未知", "not known"))
    if not isinstance(value, (int, float, np.number, np.bool_)):
        said = Sentence(*(level_word(feature, value, lang) for lang in ("zh", "en")))
        return _filled(found.some, said) if found else _general(feature, said)
    own = _without_number(found, float(value)) if found else None
    if own is not None:
        return own
    if binary and not found:
        return _general(feature, Sentence("是", "yes") if value else Sentence("否", "no"))
    return _number(feature, float(value), typical, mean, currency)


def number_text(value: float, style: str) -> str:
    """Return a number with separators; without a style, with as many digits as say something.

    With a decimal, only below 100: 19.9 times, 278 times.

    Examples
    --------
    >>> number_text(1234.56, ",.0f"), number_text(29.85, ""), number_text(42.0, ""), number_text(0.01234, "")
    ('1,235', '29.9', '42', '0.0123')
    """
    if not style:
        return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"
    text = format(value, ",.0f" if style == ",.1f" and abs(value) >= 100 else style)
    text = text.removesuffix(".0") if style == ",.1f" else text
    return "0" if text == "-0" else text


def _without_number(found: Phrase, value: float) -> Sentence | None:
    """What is said of a value by itself: nothing at all, about nothing, less than nothing, or a yes."""
    if found.zero and value == 0:
        return found.zero
    if found.flat and abs(value) < FLAT:
        return found.flat
    if found.down and value < 0:
        return found.down
    return found.some if "{v}" not in found.some.zh else None


def _number(feature: str, value: float, typical: object, mean: float, currency: str) -> Sentence:
    found, unit = PHRASES.get(feature), UNITS[unit_of(feature)]
    money = f" {currency}" if currency and unit_of(feature) == "money" else ""
    text = number_text(value, _style(unit, value))
    once = unit_of(feature) == "time" and text == "1"
    said = Sentence(f"{text}{money or _measure(unit)}", "once" if once else f"{text}{money or _plural(unit, text)}")
    beside = _beside(value, typical, mean, unit, text, money)
    whole = _filled(found.some, said) if found else _general(feature, said)
    return Sentence(whole.zh + beside.zh, whole.en + beside.en)


def _beside(value: float, typical: object, mean: float, unit: Unit, text: str, money: str) -> Sentence:
    """What other customers have: the median, or the mean where the median reads like the value."""
    for other, zh, en in ((typical, "一般为", "typical"), (mean, "平均为", "average")):
        if not _known(other):
            continue
        said = number_text(float(other), _style(unit, float(other)))
        if said != text:
            return Sentence(f"（{zh} {said}{money or _measure(unit)}）", f" ({en} {said})")
    return Sentence("", "")


def _style(unit: Unit, value: float) -> str:
    """Whole numbers of things, but a mean of small numbers with a decimal, and a share below 1 % too."""
    if unit.style == ".0%" and 0 < abs(value) < 0.01:
        return ".1%"
    return ",.1f" if unit.style == ",.0f" and value != int(value) and abs(value) < 10 else unit.style


def _measure(unit: Unit) -> str:
    return f" {unit.zh}" if unit.zh else ""


def _plural(unit: Unit, text: str) -> str:
    return f" {unit.one if text in ('1', '-1') else unit.many}" if unit.one else ""


def _filled(some: Sentence, said: Sentence) -> Sentence:
    return Sentence(some.zh.replace("{v}", said.zh), some.en.replace("{v}", said.en))


def _general(feature: str, said: Sentence) -> Sentence:
    number = said.zh[:1].isdigit() or said.zh[:1] == "-"
    colon = ("", " ") if number else ("：", ": ")
    return Sentence(f"{feature_word(feature, 'zh')}{' ' if number else colon[0]}{said.zh}",
                    f"{feature_word(feature, 'en')}{colon[1]}{said.en}")  # fmt: skip


def _known(value: object) -> bool:
    return value is not None and not pd.isna(value) and value not in (np.inf, -np.inf)
