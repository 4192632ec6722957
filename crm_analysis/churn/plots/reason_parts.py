"""What the plots of churn reasons share: names that fit, named rows, limits."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from crm_analysis.errors import InputError
from crm_analysis.figures import INK, PALETTE, new_axes

BLUE, ORANGE, GREEN, GREY = PALETTE[0], PALETTE[1], PALETTE[2], PALETTE[6]
PALE = "#9A9A9A"
LIMITS = {"elinewidth": 1.3, "capsize": 3}
COLUMNS, LINES = 26, 2
# a short bracket, one Chinese character, blanks, one word
PIECES = re.compile(r"（[^（）]{1,12}）|\([^()]{1,16}\)|[\u2e80-\U0010ffff]|\s+|[^\s\u2e80-\U0010ffff]+")


def width(text: str) -> int:
    """Columns that a text takes: a Chinese character two, a Latin letter one.

    Examples
    --------
    >>> width("质量 ab")
    7
    """
    return sum(2 if sign >= "\u2e80" else 1 for sign in text)


def fold(text: object, columns: int = COLUMNS, lines: int = LINES) -> str:
    r"""Break a name into few lines, the last cut with an ellipsis.

    Examples
    --------
    >>> fold("days since the last purchase of anything at all in any shop", 20)
    'days since the last\npurchase of…'
    >>> fold("距最近一次投诉天数", 8)
    '距最近一\n次投诉…'
    >>> fold("已 123 天没有购买（一般为 70 天）", 24)
    '已 123 天没有购买\n（一般为 70 天）'
    """
    pieces = [piece[at : at + columns] for piece in PIECES.findall(str(text)) for at in range(0, len(piece), columns)]
    found, left = [""], False
    for place, piece in enumerate(pieces):
        if width(found[-1] + piece) > columns and found[-1]:
            if len(found) == lines:
                left = any(one.strip() for one in pieces[place:])
                break
            found.append("")
        found[-1] += piece if found[-1] else piece.lstrip()
    if left:
        while width(found[-1]) > columns - 2:
            words = found[-1].rsplit(" ", 1)
            found[-1] = words[0] if len(words) > 1 else found[-1][:-1]
        found[-1] = found[-1].rstrip(" ,，、(（") + "…"
    return "\n".join(line.rstrip() for line in found)


def named_rows(ax: Axes | None, labels: Sequence[str], *, each: float = 0.36) -> Axes:
    """Axes with one named row for each label, the first on top; rows of two lines are higher."""
    deep = max((label.count("\n") + 1 for label in labels), default=1)
    ax = new_axes(ax, height=max(2.4, 1.3 + len(labels) * max(each, 0.185 * deep + 0.08)))
    ax.set_yticks(np.arange(len(labels)), labels=list(labels), parse_math=False, linespacing=1.15)
    ax.set_ylim(len(labels) - 0.4, -0.6)
    ax.grid(visible=False, axis="y")
    return ax


def dots(ax: Axes, table: pd.DataFrame, name: str, place: np.ndarray, *, colour: str, marker: str, label: str) -> None:
    """Draw a column with its limits as dots beside each other in rows; a value without limits stands alone."""
    value = table[name].to_numpy("float64")
    error = [value - table[f"{name}_low"], table[f"{name}_high"] - value]
    ax.errorbar(value, place, xerr=np.nan_to_num(np.asarray(error, dtype="float64")).clip(min=0), fmt=marker,
                color=colour, ecolor=colour, markersize=6, label=label, linestyle="none", **LIMITS)  # fmt: skip


def check_table(table: object, columns: Sequence[str], where: str, take: str) -> pd.DataFrame:
    """Return the table if it has rows and these columns, else raise `InputError` saying what to pass."""
    if not isinstance(table, pd.DataFrame) or not len(table) or [name for name in columns if name not in table]:
        raise InputError(f"{where} cannot draw this {type(table).__name__}", where=where, mend=f"pass {take}",
                         zh=f"{where} 无法绘制该对象")  # fmt: skip
    return table


def pick(lang: str, *, zh: str, en: str) -> str:
    """Return the text of the report's language."""
    return zh if lang == "zh" else en


def zero_line(ax: Axes, at: float = 0.0) -> None:
    """Draw the line of no difference."""
    ax.axvline(at, color=INK, linewidth=0.9, zorder=1)
