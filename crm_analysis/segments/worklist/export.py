"""The worklist as a file that a spreadsheet opens: Chinese kept, ids as texts, no cell that runs as a formula."""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Callable
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.words import word

if TYPE_CHECKING:
    from crm_analysis.segments.worklist.worklist import Worklist

FORMULA = tuple("=+-@\t\r\n＝＋－＠")  # a spreadsheet takes a text that begins so for a formula
MARK = "\ufeff"  # of byte order: without it Excel takes Chinese for something else
DIGITS = {"churn_probability": 4, "clv": 2, "churn_reduction": 4, "cost": 2, "expected_gain": 2}
VERBATIM = ("customer_id", "next_action", "reasons", "holdout")  # texts that are no keys of words
WHO = ("all", "contact", "holdout")
HELD = {"zh": {True: "是（不联系）", False: "否"}, "en": {True: "yes: do not contact", False: "no"}}
FLAG = {"zh": {True: "是", False: "否"}, "en": {True: "yes", False: "no"}}


def csv_text(found: Worklist, *, lang: str = "en", who: str = "all") -> str:
    """Return a worklist as the text of a CSV file, with the mark of byte order in front.

    All texts in quotes, numbers as numbers. A text that begins like a formula gets an apostrophe before it. Ids are
    texts: read them back with ``dtype={0: str}`` (a spreadsheet that guesses types may still drop leading zeros when it
    opens the file: import the column as text, or take the workbook). Held-out customers come last and are marked "do
    not contact".

    Parameters
    ----------
    found : Worklist
    lang : {"en", "zh"}
        Of headers, actions and marks.
    who : {"all", "contact", "holdout"}
        Which customers to write.

    Raises
    ------
    InputError
        If `lang` or `who` is not known.
    """
    table = sheet(found, lang=lang, who=who)
    guarded = {safe(name): values if _is_number(values) else values.map(safe) for name, values in table.items()}
    text = pd.DataFrame(guarded).to_csv(index=False, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    return MARK + text


def write_csv(found: Worklist, path: str | PathLike, *, lang: str = "en", who: str = "all") -> None:
    """Write the text of `csv_text` in UTF-8, whole or not at all.

    Parameters
    ----------
    found, lang, who
        As for `csv_text`.
    path : path
        An existing file is replaced only once the new one is complete.

    Raises
    ------
    InputError
        If the folder does not exist, the path is a folder, or `lang` or `who` is not known.
    """
    data = csv_text(found, lang=lang, who=who).encode("utf-8")
    write_whole(path, lambda part: part.write_bytes(data))


def sheet(found: Worklist, *, lang: str, who: str = "all") -> pd.DataFrame:
    """Return the worklist as files show it: terms of the language, held-out customers last, numbers rounded."""
    if lang not in HELD or who not in WHO:
        raise InputError(f"lang={lang!r}, who={who!r} cannot be used", where="file of the worklist",
                         expected=f"lang {' or '.join(HELD)}; who {', '.join(WHO)}",
                         zh="语言或客户范围无效")  # fmt: skip
    table = found.table.sort_values("holdout", kind="stable")
    table = table[{"all": slice(None), "contact": ~table["holdout"], "holdout": table["holdout"]}[who]]
    names = {one.key: one.name(lang) for one in found.actions}
    table = table.assign(next_action=table["next_action"].map(names), holdout=table["holdout"].map(HELD[lang]))
    table = table.round(DIGITS).reset_index()
    return pd.DataFrame({word(str(name), lang): _told(table[name], lang) for name in table})


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


def write_whole(path: str | PathLike, write: Callable[[Path], object]) -> None:
    """Let `write` fill a new file beside the one named, and put it in its place once complete."""
    path = Path(path)
    if path.is_dir() or not path.parent.is_dir():
        raise InputError("the file cannot be written there", where=path, expected="a file name in a folder that exists",
                         mend="create the folder, or name a file in it", zh="无法写入该路径")  # fmt: skip
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    os.close(handle)
    try:
        write(Path(name))
        os.replace(name, path)
    finally:
        Path(name).unlink(missing_ok=True)


def _told(values: pd.Series, lang: str) -> pd.Series:
    """Return numbers as they are, truth values as yes or no, keys in the words of the language."""
    if _is_number(values) or values.name in VERBATIM:
        return values
    if pd.api.types.is_bool_dtype(values.dtype):
        return values.map(FLAG[lang])
    return values.astype(object).map(lambda one: word(one, lang), na_action="ignore")


def _is_number(values: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(values.dtype) and not pd.api.types.is_bool_dtype(values.dtype)
