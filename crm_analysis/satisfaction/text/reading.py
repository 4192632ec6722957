"""Texts of reviews read by an engine: polarity of each text and of each aspect in it, and an account of all texts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError, nearest
from crm_analysis.satisfaction.text.adapters import make_engine
from crm_analysis.satisfaction.text.engine import Clause, Engine, balance, label
from crm_analysis.satisfaction.text.tokens import language_of

LANGS = ("auto", "zh", "en")


@dataclass(frozen=True)
class Readings:
    """What an engine read in a set of texts.

    Parameters
    ----------
    texts : pandas.DataFrame
        One row per text, with the caller's index: text_lang (zh, en or blank), clauses, deciding_words, polarity
        (-1 to 1) and text_label (positive, neither, negative; blank for an empty text).
    opinions : pandas.DataFrame
        One row per text and aspect it mentions: place (position of the text, from 0), aspect, polarity, text_label.
    account : pandas.DataFrame, index text_count
        texts and share of all: texts_read, text_empty, text_zh, text_en, without_aspect (no aspect but the general
        one), without_polarity (no deciding word).
    rows : pandas.DataFrame
        The rows given, for grouping.
    engine : str
        Name of the engine.
    aspects : tuple of str
        Aspects the engine knows, in their order.
    """

    texts: pd.DataFrame
    opinions: pd.DataFrame
    account: pd.DataFrame
    rows: pd.DataFrame
    engine: str
    aspects: tuple[str, ...]


def read_texts(
    ratings: pd.DataFrame | pd.Series | Iterable[str],
    *,
    text: str = "text",
    lang: str = "auto",
    engine: Engine | str = "dictionary",
) -> Readings:
    """Read the texts of reviews with an engine.

    Parameters
    ----------
    ratings : pandas.DataFrame, pandas.Series or iterable of str
        A table with the column `text`, or texts alone; blank ones are counted and read as empty.
    text : str
        Column of the text.
    lang : {"auto", "zh", "en"}
        Language of the texts; ``auto`` takes each text as it is, mixed ones included.
    engine : Engine or {"dictionary", "vader"}

    Returns
    -------
    Readings

    Raises
    ------
    InputError
        If there is no text, no such column, or the language or engine is unknown.

    Examples
    --------
    >>> found = read_texts(["物流很快，质量一般", "Too expensive!", None])
    >>> found.texts["text_label"].tolist(), found.opinions["aspect"].tolist()
    (['positive', 'negative', ''], ['logistics', 'goods_quality', 'price'])
    >>> found.account.loc[["texts_read", "text_empty"], "texts"].tolist()
    [3, 1]
    """
    if lang not in LANGS:
        raise InputError(f"lang={lang!r} is no language of texts", expected=", ".join(LANGS), mend=nearest(lang, LANGS))
    rows = _rows(ratings, text)
    reader = make_engine(engine, lang=lang) if isinstance(engine, str) else engine
    column = rows[text]
    written = ["" if blank else str(value).strip() for value, blank in zip(column, column.isna())]
    scored: dict[str, list[Clause]] = {}
    for one in written:
        if one and one not in scored:
            scored[one] = reader.score(one)
    clauses = [scored.get(one, []) for one in written]
    texts, opinions = _texts(written, clauses, rows.index), _opinions(clauses)
    return Readings(texts, opinions, _account(texts, opinions), rows, reader.name, tuple(reader.aspects))


def _rows(ratings: pd.DataFrame | pd.Series | Iterable[str], text: str) -> pd.DataFrame:
    if isinstance(ratings, str):
        ratings = [ratings]
    if not isinstance(ratings, pd.DataFrame):
        ratings = ratings if isinstance(ratings, pd.Series) else pd.Series(list(ratings), dtype=object)
        ratings = ratings.rename(text).to_frame()
    if text not in ratings:
        names = [str(name) for name in ratings]
        raise InputError(
            f"there is no column {text!r} with texts",
            where=f"has: {', '.join(names)}",
            mend=nearest(text, names) or "name it: text='...'",
            zh=f"没有“{text}”这一列评论文本",
        )
    if ratings.empty:
        raise InputError("there are no texts", where="table ratings", zh="没有评论文本")
    return ratings


def _texts(written: list[str], clauses: list[list[Clause]], index: pd.Index) -> pd.DataFrame:
    polarity = [balance([clause.polarity for clause in found]) for found in clauses]
    return pd.DataFrame(
        {
            "text_lang": [language_of(one) for one in written],
            "clauses": [len(found) for found in clauses],
            "deciding_words": [sum(len(clause.words) for clause in found) for found in clauses],
            "polarity": np.where([not one for one in written], np.nan, polarity),
            "text_label": [label(value) if one else "" for value, one in zip(polarity, written)],
        },
        index=index,
    )


def _opinions(clauses: list[list[Clause]]) -> pd.DataFrame:
    """Polarity of each aspect of each text, from its clauses."""
    rows = []
    for place, found in enumerate(clauses):
        values: dict[str, list[float]] = {}
        for clause in found:
            for aspect, value in clause.aspects.items():
                values.setdefault(aspect, []).append(value)
        rows += [(place, aspect, balance(each)) for aspect, each in values.items()]
    table = pd.DataFrame(rows, columns=["place", "aspect", "polarity"])
    table["text_label"] = pd.Series([label(value) for value in table["polarity"]], dtype=object)
    return table.astype({"place": "int64", "polarity": float})


def _account(texts: pd.DataFrame, opinions: pd.DataFrame) -> pd.DataFrame:
    written = texts["text_label"] != ""
    named = np.zeros(len(texts), bool)
    named[opinions.loc[opinions["aspect"] != "general", "place"].to_numpy()] = True
    counts = {
        "texts_read": len(texts),
        "text_empty": int((~written).sum()),
        "text_zh": int((texts["text_lang"] == "zh").sum()),
        "text_en": int((texts["text_lang"] == "en").sum()),
        "without_aspect": int((written & ~named).sum()),
        "without_polarity": int((written & (texts["deciding_words"] == 0)).sum()),
    }
    table = pd.DataFrame({"texts": list(counts.values())}, index=pd.Index(list(counts), name="text_count"))
    return table.assign(share=table["texts"] / len(texts))
