"""The worklist as a file that a spreadsheet opens: Chinese kept, ids as texts, no cell that runs as a formula."""

from __future__ import annotations

import csv
import os
import tempfile
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.words import word

if TYPE_CHECKING:
    from crm_analysis.segments.worklist.worklist import Worklist

FORMULA = tuple("=+-@\t\r\n＝＋－＠")  # a spreadsheet takes a text that begins so for a formula
DIGITS = {"churn_probability": 4, "clv": 2, "churn_reduction": 4, "cost": 2, "expected_gain": 2}
WHO = ("all", "contact", "holdout")
YES = {"zh": ("是（不联系）", "否"), "en": ("yes: do not contact", "no")}


def write_csv(found: Worklist, path: str | PathLike, *, lang: str = "en", who: str = "all") -> None:
    """Write a worklist as CSV, whole or not at all.

    UTF-8 with a byte-order mark, so that Excel shows Chinese; all texts in quotes, numbers as numbers. A text that
    begins like a formula gets an apostrophe before it. Ids are texts: read them back with ``dtype={0: str}`` (a
    spreadsheet that guesses types may still drop leading zeros when it opens the file: import the column as text).
    Held-out customers come last and are marked "do not contact".

    Parameters
    ----------
    found : Worklist
    path : path
        An existing file is replaced only once the new one is complete.
    lang : {"en", "zh"}
        Of headers, actions and marks.
    who : {"all", "contact", "holdout"}
        Which customers to write.

    Raises
    ------
    InputError
        If the folder does not exist, the path is a folder, or `lang` or `who` is not known.
    """
    if lang not in YES or who not in WHO:
        raise InputError(f"lang={lang!r}, who={who!r} cannot be used", where="worklist.to_csv",
                         expected=f"lang {' or '.join(YES)}; who {', '.join(WHO)}",
                         zh="语言或客户范围无效")  # fmt: skip
    path = Path(path)
    if path.is_dir() or not path.parent.is_dir():
        raise InputError("the file cannot be written there", where=path, expected="a file name in a folder that exists",
                         mend="create the folder, or name a file in it", zh="无法写入该路径")  # fmt: skip
    sheet = written(found, lang=lang, who=who)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8-sig", newline="") as file:
            sheet.to_csv(file, index=False, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
        os.replace(name, path)
    finally:
        Path(name).unlink(missing_ok=True)


def written(found: Worklist, *, lang: str, who: str = "all") -> pd.DataFrame:
    """Return the worklist as it is written: terms of the language, texts made safe, numbers rounded."""
    table = found.table.sort_values("holdout", kind="stable")
    table = table[{"all": slice(None), "contact": ~table["holdout"], "holdout": table["holdout"]}[who]]
    names = {one.key: one.name(lang) for one in found.actions}
    shown = table.assign(
        next_action=table["next_action"].map(names), holdout=table["holdout"].map(dict(zip((True, False), YES[lang])))
    )
    shown = shown.round(DIGITS).reset_index()
    columns = {}
    for name in shown:
        values = shown[name]
        number = pd.api.types.is_numeric_dtype(values.dtype) and not pd.api.types.is_bool_dtype(values.dtype)
        told = (
            values
            if number or name in ("customer_id", "reasons")
            else values.map(lambda one: word(one, lang), na_action="ignore")
        )
        columns[safe(word(str(name), lang))] = told if number else told.map(safe)
    return pd.DataFrame(columns)


def safe(value: object) -> str:
    """Return a text that no spreadsheet runs: with an apostrophe before it where it begins like a formula.

    Examples
    --------
    >>> safe("=1+1"), safe("-5"), safe("  @x"), safe("00123"), safe(None)
    ("'=1+1", "'-5", "'  @x", '00123', '')
    """
    text = "" if pd.isna(value) else str(value)
    start = text.lstrip(" \u3000\ufeff")
    return f"'{text}" if start.startswith(FORMULA) else text
