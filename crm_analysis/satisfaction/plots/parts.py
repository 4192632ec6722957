"""Parts that several plots of this room share: what is drawn, names that fit, named rows, dots with intervals."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from crm_analysis.errors import InputError
from crm_analysis.figures import INK, PALETTE, new_axes
from crm_analysis.words import word

LIMITS = {"ecolor": INK, "elinewidth": 1.2, "capsize": 3}
WIDE = "\u2e80"  # from here on a character takes two columns
WORDS = re.compile(r"[\u2e80-\U0010ffff]|\s+|[^\s\u2e80-\U0010ffff]+")  # a Chinese character is one, spaces are one
COLUMNS, LINES, SHORT = 24, 3, 18  # of a name beside a row: width and lines; width of a name in one line
LINE = 0.19  # inches from line to line of a name


def table_of(given: object, part: str, columns: Iterable[str], where: str, take: str) -> pd.DataFrame:
    """Return the table given, or that of a result; `take` says what to pass where a column is absent.

    Examples
    --------
    >>> table_of(pd.DataFrame({"lmg": [0.2]}), "table", ["lmg"], "plot_importance", "Drivers.table").shape
    (1, 1)
    """
    table = given if isinstance(given, pd.DataFrame) else getattr(given, part, None)
    if not isinstance(table, pd.DataFrame):
        raise InputError(f"{where} cannot draw a {type(given).__name__}", where=where, mend=f"pass {take}",
                         zh=f"{where} 无法绘制 {type(given).__name__}")  # fmt: skip
    absent = [str(name) for name in columns if name not in table]
    if absent:
        raise InputError(f"the table has no column {', '.join(absent)}", where=where, mend=f"pass {take}",
                         zh=f"表中缺少要绘制的列：{'、'.join(absent)}")  # fmt: skip
    return table


def check_result(given: object, parts: Iterable[str], where: str, take: str) -> None:
    """Raise `InputError` unless a result with these parts is given; a table is none.

    Examples
    --------
    >>> check_result(pd.DataFrame(), ["model"], "plot_index", "the SatisfactionIndex, not its table")
    Traceback (most recent call last):
    crm_analysis.errors.InputError: plot_index cannot draw a DataFrame
      where: plot_index
      how to mend: pass the SatisfactionIndex, not its table
    """
    if isinstance(given, pd.DataFrame) or not all(hasattr(given, part) for part in parts):
        raise InputError(f"{where} cannot draw a {type(given).__name__}", where=where, mend=f"pass {take}",
                         zh=f"{where} 无法绘制 {type(given).__name__}")  # fmt: skip


def width(text: str) -> int:
    """Columns that a text takes: a Chinese character two, a Latin letter one.

    Examples
    --------
    >>> width("质量 ab")
    7
    """
    return sum(2 if sign >= WIDE else 1 for sign in text)


def short(text: object, columns: int = SHORT) -> str:
    """Return a text in one line of at most so many columns, cut with an ellipsis.

    Examples
    --------
    >>> short("It was easy to find what I wanted"), short("quality"), short("我很容易找到想要的商品", 12)
    ('It was easy to fi…', 'quality', '我很容易找…')
    """
    text = str(text)
    if width(text) <= columns:
        return text
    while width(text) > columns - 1:
        text = text[:-1]
    return text.rstrip(" ,;，；、") + "…"


def broken(text: str, columns: int) -> list[str]:
    """Break a text into lines of at most so many columns: between words, or anywhere in Chinese.

    Examples
    --------
    >>> broken("quality of goods", 10), broken("商品质量", 4), broken("商品 quality", 8)
    (['quality of', 'goods'], ['商品', '质量'], ['商品 ', 'quality'])
    """
    if not any(sign >= WIDE for sign in text):
        return textwrap.wrap(text, columns, break_on_hyphens=False) or [""]
    words = [word[at : at + columns] for word in WORDS.findall(text) for at in range(0, len(word), columns)]
    lines = [""]
    for one in words:
        if lines[-1] and width(lines[-1] + one) > columns:
            lines.append("")
        lines[-1] += one if lines[-1] else one.lstrip()
    return lines


def fold(name: object, columns: int = COLUMNS, lines: int = LINES) -> str:
    """Break a name into few lines, the last cut with an ellipsis; what stands below it by a line break stays.

    Examples
    --------
    >>> print(fold("Customers in the eastern provinces with a premium membership and a subscription"))
    Customers in the eastern
    provinces with a premium
    membership and a…
    """
    first, *below = str(name).split("\n")
    found = broken(first, columns)
    if len(found) > lines:
        found = [*found[: lines - 1], short(f"{found[lines - 1]}…", columns)]
    return "\n".join([*found, *below])


def pair(first: str, second: str, sign: str) -> str:
    r"""Return two names with a sign between them, on two lines where they are long.

    Examples
    --------
    >>> pair("image", "loyalty", "→"), pair("satisfaction with the shop", "intention to come again", "→")
    ('image → loyalty', 'satisfaction with the shop →\nintention to come again')
    """
    if width(first) + width(second) <= 40:
        return f"{first} {sign} {second}"
    return f"{short(first, 36)} {sign}\n{short(second, 36)}"


def row_height(names: Iterable[str], each: float) -> float:
    r"""Inches of a row with the longest of these names, at least `each`.

    Examples
    --------
    >>> row_height(["a"], 0.5), row_height(["a", "b\nc\nd"], 0.5)
    (0.5, 0.69)
    """
    most = max((name.count("\n") + 1 for name in names), default=1)
    return each if most == 1 else max(each, round(LINE * most + 0.12, 2))


def legend_above(ax: Axes, columns: int, *, handles: Sequence[object] | None = None) -> None:
    """Legend above the axes: folded names, side by side as far as they fit, never read as formulas."""
    handles, labels = (handles, [one.get_label() for one in handles]) if handles else ax.get_legend_handles_labels()
    labels = [fold(label) for label in labels]
    longest = max((width(line) for label in labels for line in label.split("\n")), default=1)
    fit = max(1, min(columns, len(labels), 72 // (longest + 5)))
    legend = ax.legend(handles, labels, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=fit)
    for text in legend.get_texts():
        text.set_parse_math(False)


def new_rows(
    ax: Axes | None, rows: int, names: Iterable[str], lang: str, *, each: float = 0.5, columns: int = COLUMNS
) -> Axes:
    """Axes with one named row for each entry, the first on top; `each` is the least height of a row in inches."""
    labels = [fold(word(name, lang), columns) for name in names]
    ax = new_axes(ax, height=max(2.2, 1.3 + row_height(labels, each) * rows))
    return label_rows(ax, labels)


def label_rows(ax: Axes, labels: Sequence[str]) -> Axes:
    """Make one row for each label, the first on top; labels stand as they are."""
    ax.set_yticks(np.arange(len(labels)), labels=labels, parse_math=False, linespacing=1.2)
    ax.set_ylim(len(labels) - 0.45, -0.55)
    ax.grid(visible=False, axis="y")
    return ax


def dots(ax: Axes, table: pd.DataFrame, name: str) -> None:
    """Draw a column of a table as dots with its intervals, one per row."""
    ax.errorbar(table[name], np.arange(len(table)), xerr=distances(table, name), fmt="o", color=PALETTE[0],
                markersize=7, **LIMITS)  # fmt: skip


def distances(table: pd.DataFrame, name: str) -> np.ndarray:
    """Distances from the value down and up to its limits; none where there are no limits."""
    low, high = table[name] - table[f"{name}_low"], table[f"{name}_high"] - table[name]
    return np.nan_to_num(np.vstack([low, high]).astype(float)).clip(min=0)
