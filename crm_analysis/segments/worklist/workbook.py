"""The worklist as a workbook (.xlsx): ids stay texts with their leading zeros, whoever opens the file."""

from __future__ import annotations

from copy import copy
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.segments.worklist.export import sheet, write_whole
from crm_analysis.words import word

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from crm_analysis.segments.worklist.worklist import Worklist

FORMATS = {"churn_probability": "0.0%", "churn_reduction": "0.0%", "clv": "#,##0.00", "cost": "#,##0.00",
           "expected_gain": "#,##0.00"}  # fmt: skip
NARROW, WIDE, LOOKED_AT = 8, 60, 200  # signs; rows that decide how wide a column is
MOST_ROWS = 1_048_575  # of a sheet, below its header


def write_xlsx(found: Worklist, path: str | PathLike, *, lang: str = "en", who: str = "all") -> None:
    """Write a worklist as a workbook of one sheet, whole or not at all.

    About a second for 3,000 customers. Every text is a text cell, so that ids keep their zeros and nothing runs as a
    formula. The header stays in sight, columns can be filtered, and held-out customers come last and are marked "do not
    contact".

    Parameters
    ----------
    found : Worklist
    path : path
        Ends in ``.xlsx``. An existing file is replaced only once the new one is complete.
    lang : {"en", "zh"}
        Of headers, actions and marks.
    who : {"all", "contact", "holdout"}
        Which customers to write.

    Raises
    ------
    InputError
        If the file cannot be written there or has another ending, `lang` or `who` is not known, or the list has more
        rows than a sheet.
    """
    from openpyxl import Workbook

    table = sheet(found, lang=lang, who=who)
    if Path(path).suffix.lower() != ".xlsx" or len(table) > MOST_ROWS:
        raise InputError(f"{len(table):,} customers cannot be written there as a workbook", where=path,
                         expected=f"a name that ends in .xlsx, and at most {MOST_ROWS:,} customers",
                         zh=f"工作簿文件名应以 .xlsx 结尾，且不超过 {MOST_ROWS:,} 行")  # fmt: skip
    book = Workbook()
    formats = {word(name, lang): style for name, style in FORMATS.items()}
    _fill(book.active, table, [formats.get(name, "General") for name in table])
    write_whole(path, book.save)


def _fill(page: Worksheet, table: pd.DataFrame, formats: list[str]) -> None:
    from openpyxl.cell import Cell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    text = Cell(page)  # one that stays a text, even when somebody edits it
    text.number_format, text.quotePrefix = "@", True
    for column, (name, style) in enumerate(zip(table, formats), start=1):
        number = Cell(page)
        number.number_format = style
        for row, value in enumerate([name, *table[name]], start=1):
            told = _cell_value(value)
            if told is not None:
                cell = page.cell(row, column, told)
                cell.data_type, like = ("s", text) if isinstance(told, str) else ("n", number)
                cell._style = copy(like._style)
        page.cell(1, column).font = Font(bold=True)
        signs = [_width(str(one)) for one in [name, *table[name].head(LOOKED_AT)]]
        page.column_dimensions[get_column_letter(column)].width = 2 + min(max(NARROW, *signs), WIDE)
    page.freeze_panes = "B2"
    page.auto_filter.ref = page.dimensions


def _cell_value(value: object) -> float | str | None:
    """Return a number or a text, without the signs that a workbook cannot hold; None where nothing stands."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if isinstance(value, (int, float, np.number)):
        return value if np.isfinite(value) else None
    return ILLEGAL_CHARACTERS_RE.sub("", str(value)) or None if pd.notna(value) else None


def _width(text: str) -> int:
    """Return how many signs wide a text is; Chinese signs are two."""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)
