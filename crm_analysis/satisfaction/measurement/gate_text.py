"""The verdict of the gate in plain sentences, Chinese and English, with the numbers behind each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crm_analysis.satisfaction.measurement.claims import CAUTION, OK, REFUSED
from crm_analysis.satisfaction.measurement.sentences import SENTENCES
from crm_analysis.satisfaction.survey.model import PathModel
from crm_analysis.words import word

if TYPE_CHECKING:
    from crm_analysis.satisfaction.measurement.gate import Gate

QUOTED = {"zh": "{}“{}”", "en": "{} ('{}')"}
COMMA = {"zh": "、", "en": ", "}


def gate_text(gate: Gate, lang: str) -> str:
    """What is not allowed, what needs caution, what is allowed; one line for each, the last in one line by kind."""
    if lang not in ("zh", "en"):
        raise ValueError(f"lang must be zh or en; got {lang!r}")
    parts = [_head(gate, lang)]
    for verdict in (REFUSED, CAUTION):
        rows = gate.claims[gate.claims["claim_verdict"] == verdict]
        if len(rows):
            lines = [f"- {claim_text(row, gate.model, lang)}" for row in rows.to_dict("records")]
            parts.append("\n".join([say(f"head_{verdict}", lang, count=len(rows)), *lines]))
    fine = gate.claims[gate.claims["claim_verdict"] == OK]
    if len(fine):
        parts.append("\n".join([say(f"head_{OK}", lang, count=len(fine)), *_fine(fine, gate.model, lang)]))
    return "\n\n".join(parts)


def claim_text(claim: dict[str, object], model: PathModel, lang: str) -> str:
    """Return the sentence of one row of `Gate.claims`.

    Parameters
    ----------
    claim : dict
        A row of the table.
    model : PathModel
        For labels.
    lang : {"zh", "en"}
    """
    numbers = dict(claim["numbers"])
    names = {key: _name(numbers[key], model, lang) for key in ("construct", "other", "item") if key in numbers}
    subject = {"first": _name(claim["claim_first"], model, lang), "second": _name(claim["claim_second"], model, lang)}
    numbers["test"] = _p(float(numbers.get("test", np.nan)), float(numbers.get("finest", 0.001)))
    numbers["loadings"] = word(numbers.get("loadings", ""), lang)
    if isinstance(numbers.get("arrows"), list):
        arrows = [f"{model.label(a, lang)} → {model.label(b, lang)} ({x:.2f})" for a, b, x in numbers["arrows"]]
        numbers["arrows"] = COMMA[lang].join(arrows)
    text = say(claim["reason_key"], lang, **(numbers | subject | names))
    if claim["claim_kind"] == "told_apart" and claim["claim_verdict"] == REFUSED:
        text += _consequence(numbers, subject, model, lang)
    if claim["claim_kind"] == "item_belongs" and np.isfinite(numbers["dropped"]) and claim["claim_verdict"] == REFUSED:
        text += say("without_item", lang, **(numbers | subject | names))
    return text[0].upper() + text[1:] if lang == "en" and claim["claim_first"] in model.blocks else text


def say(key: str, lang: str, **values: object) -> str:
    """Return a sentence with its values filled in."""
    return SENTENCES[key][lang].format(**values)


def _head(gate: Gate, lang: str) -> str:
    counts = gate.claims["claim_verdict"].value_counts()
    numbers = {name: int(counts.get(key, 0)) for name, key in (("no", REFUSED), ("care", CAUTION), ("fine", OK))}
    kind = f"head_{gate.drawn or 'none'}"
    left = say("head_left_out", lang, out=gate.left_out) if gate.left_out else ""
    return say("head", lang, n=gate.respondents, left=left, **numbers) + say(kind, lang, draws=gate.draws)


def _fine(fine: pd.DataFrame, model: PathModel, lang: str) -> list[str]:
    """One line for each kind of claim: what it is about, or the sentence where it is about nothing named."""
    lines = []
    for kind, rows in fine.groupby("claim_kind", sort=False):
        named = rows["claim_first"] != ""
        subjects = [_subject(row, model, lang) for row in rows[named].to_dict("records")]
        colon = {"zh": "：", "en": ": "}[lang]
        if subjects:
            lines.append(f"- {word(kind, lang)}{colon}{COMMA[lang].join(subjects)}")
        lines += [f"- {claim_text(row, model, lang)}" for row in rows[~named].to_dict("records")]
    return lines


def _subject(row: dict[str, object], model: PathModel, lang: str) -> str:
    first, second = (model.label(row[key], lang) for key in ("claim_first", "claim_second"))
    if row["claim_kind"] == "item_belongs":
        return str(row["claim_first"])
    if row["claim_kind"] == "model_fits":
        return f"{word(first, lang)}{COMMA[lang]}{word(second, lang)}"
    if row["claim_kind"] == "separate_paths":
        return f"{first} → {second}"
    return f"{first} – {second}" if second else first


def _consequence(numbers: dict[str, object], subject: dict[str, str], model: PathModel, lang: str) -> str:
    found = ""
    if numbers["shared"]:
        targets = COMMA[lang].join(model.label(name, lang) for name in numbers["shared"])
        found += say("no_separate_effects", lang, targets=targets, **subject)
    return found + (say("path_within", lang, **subject) if numbers["joined"] else "")


def _name(name: object, model: PathModel, lang: str) -> str:
    """A construct by its label, an item by its name and its question, anything else by its word."""
    text = str(name)
    if text in model.blocks:
        return model.label(text, lang)
    label = model.label(text, lang)
    return QUOTED[lang].format(text, label) if text in model.items and label != text else word(text, lang)


def _p(value: float, finest: float) -> str:
    if not np.isfinite(value):
        return "–"
    return f"< {finest:.3g}" if value < finest else f"= {value:.3f}"
