"""Why a text is taken as positive or negative: one row for each word that decided it."""

from __future__ import annotations

import pandas as pd

from crm_analysis.satisfaction.text.adapters import make_engine
from crm_analysis.satisfaction.text.engine import Clause, Engine
from crm_analysis.satisfaction.text.polarity import Hit
from crm_analysis.words import word

COLUMNS = ("clause_number", "clause", "aspect", "deciding_word", "strength", "degree_words", "negation_words",
           "counted_value",
           "because_of")  # fmt: skip


def explain(
    text: str, *, lang: str = "auto", engine: Engine | str = "dictionary", report_lang: str | None = None
) -> pd.DataFrame:
    """Which words decided the polarity of a text, what negated or strengthened them, and why, in a sentence each.

    Parameters
    ----------
    text : str
    lang, engine
        As in `reading.read_texts`.
    report_lang : {"zh", "en"}, optional
        For a table to be read: language of the reasons and of the names of aspects. Without it aspects are the keys
        of `aspects.aspect_table`, and the reasons English.

    Returns
    -------
    pandas.DataFrame
        clause_number, clause (as the engine read it), aspect, deciding_word, strength (from the lexicon, -3 to 3),
        degree_words, negation_words, counted_value and because_of. A clause without a deciding word has one
        row that says so; an empty text gives an empty table.

    Examples
    --------
    >>> table = explain("物流很快，但是不是很满意")
    >>> table[["aspect", "deciding_word", "negation_words", "counted_value"]].values.tolist()
    [['logistics', '快', '', 0.625], ['general', '满意', '不是', -1.125]]
    >>> print(table["because_of"].iloc[1])
    '满意' is positive (+2.0); '不是' turns it round; '很' behind the negation softens it
    """
    reader = make_engine(engine, lang=lang) if isinstance(engine, str) else engine
    rows = []
    for number, clause in enumerate(reader.score(text) if text else [], start=1):
        about = ", ".join(word(aspect, report_lang) if report_lang else aspect for aspect in clause.aspects)
        hits = clause.words or (None,)
        rows += [(number, clause.text, about, *_row(hit, clause, report_lang or "en")) for hit in hits]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(hit: Hit | None, clause: Clause, lang: str) -> tuple:
    if hit is None:
        return "", 0.0, "", "", 0.0, {"zh": "没有褒贬词", "en": "no word of polarity"}[lang]
    reason = "；".join(_reasons(hit, clause, lang)) if lang == "zh" else "; ".join(_reasons(hit, clause, lang))
    return hit.word, hit.strength, " ".join(hit.degrees), " ".join(hit.negations), round(hit.value, 6), reason


def _reasons(hit: Hit, clause: Clause, lang: str) -> list[str]:
    """Return what was done to a word, step by step."""
    zh, read = lang == "zh", f" {clause.text} "
    side = ("正面" if zh else "positive") if hit.strength > 0 else ("负面" if zh else "negative")
    if hit.excess:
        side += "：性质本为中性，过度则成缺点" if zh else ", as too much of a neutral property"
    said = [f"“{hit.word}”为{side}（{hit.strength:+.1f}）" if zh else f"'{hit.word}' is {side} ({hit.strength:+.1f})"]
    quoted = [f"“{one}”" if zh else f"'{one}'" for one in hit.negations]
    if len(quoted) == 1:
        said.append(f"被{quoted[0]}否定" if zh else f"{quoted[0]} turns it round")
    elif quoted:
        said.append(f"被{''.join(quoted)}多重否定" if zh else f"negated more than once, by {' and '.join(quoted)}")
    for degree in hit.degrees:
        inner = any(-1 < read.find(f" {one} ") < read.find(f" {degree} ") for one in hit.negations)
        if inner:
            said.append(f"否定后的“{degree}”使语气减弱" if zh else f"'{degree}' behind the negation softens it")
        else:
            said.append(f"程度词“{degree}”" if zh else f"degree word '{degree}'")
    if hit.state == "asked":
        said.append("出现在问句中，不计" if zh else "in a question: does not count")
    if hit.state == "unreal":
        said.append("只是愿望或假设，不计" if zh else "wished or supposed: does not count")
    if clause.weight < 1:
        said.append(
            "在转折之前或让步分句中，权重减半" if zh else "before a contrast or in a conceding clause: counts half"
        )
    return said
