"""How features and groups of them are named in texts and plots."""

from __future__ import annotations

from collections.abc import Iterable

from crm_analysis.words import all_words, word


def feature_word(feature: str, lang: str) -> str:
    """Return the term of a feature; a name without one is written with blanks for underscores.

    Examples
    --------
    >>> feature_word("tenure_months", "zh"), feature_word("shoe_size", "en")
    ('在网月数', 'shoe size')
    """
    key = next((key for key in (f"feature.{feature}", str(feature)) if key in all_words()), None)
    return word(key, lang) if key else str(feature).replace("_", " ")


def feature_list(features: Iterable[str], lang: str) -> str:
    """Return the terms of features as a list.

    Examples
    --------
    >>> feature_list(["shoe_size", "partner"], "en")
    'shoe size and partner'
    """
    terms = [feature_word(one, lang) for one in features]
    if lang == "zh" or len(terms) < 2:
        return "、".join(terms)
    return ", ".join(terms[:-1]) + " and " + terms[-1]


def group_word(name: str, size: int, lang: str) -> str:
    """Return the name of a group of features, with the number of its members.

    Examples
    --------
    >>> group_word("shoe_size", 3, "en"), group_word("partner", 2, "zh"), group_word("partner", 1, "zh")
    ('shoe size (and 2 more)', '有配偶等 2 项', '有配偶')
    """
    term = feature_word(name, lang)
    if size < 2:
        return term
    return f"{term}等 {size} 项" if lang == "zh" else f"{term} (and {size - 1} more)"


def level_word(feature: str, value: object, lang: str) -> str:
    """Return the term of a level of a text, ``yes`` and ``no`` whatever the capitals.

    Examples
    --------
    >>> level_word("partner", "YES", "zh"), level_word("plan", "one_year", "en")
    ('是', 'one year')
    """
    for key in (f"{feature}.{value}", str(value)):
        if key in all_words():
            return word(key, lang)
    marks = {"yes": ("是", "yes"), "no": ("否", "no"), "true": ("是", "yes"), "false": ("否", "no")}
    mark = marks.get(str(value).lower())
    return mark[lang == "en"] if mark else str(value)
