"""What the plots of this room share: words, percent axes, bars with intervals, heat maps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.patches import Patch, Rectangle
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FuncFormatter, PercentFormatter

from crm_analysis.figures import FAMILY, INK, PALETTE
from crm_analysis.words import word

BLUE, ORANGE, GREEN, GREY = PALETTE[0], PALETTE[1], PALETTE[2], PALETTE[6]
HATCH = "///"
LINES = 1.35  # line spacing of texts of two lines


def pick(lang: str, *, zh: str, en: str) -> str:
    """Return the text of the report's language."""
    return zh if lang == "zh" else en


def words(names: Iterable, lang: str) -> list[str]:
    """Return the term of each name."""
    return [word(name, lang) for name in names]


def unit(term: str, of: str, lang: str) -> str:
    """Return an axis label with its unit in brackets: full-width brackets in Chinese."""
    return f"{term}（{of}）" if lang == "zh" and of else f"{term} ({of})" if of else term


def money(term: str, currency: str, lang: str) -> str:
    """Return an axis label for money in a currency."""
    return unit(word(term, lang), currency, lang)


def label_axes(ax: Axes, *, x: str = "", y: str = "") -> None:
    """Write the axis labels as they are, a currency sign is no formula, and with Chinese also on the caller's axes."""
    ax.set_xlabel(x, parse_math=False, fontfamily=FAMILY)
    ax.set_ylabel(y, parse_math=False, fontfamily=FAMILY)


def percent(ax: Axes, *, x: bool = False, y: bool = False) -> None:
    """Show shares as whole per cent."""
    for axis in [ax.xaxis] * x + [ax.yaxis] * y:
        axis.set_major_formatter(PercentFormatter(1, decimals=0))


def thousands(ax: Axes, *, x: bool = False, y: bool = False) -> None:
    """Show large numbers with separators."""
    for axis in [ax.xaxis] * x + [ax.yaxis] * y:
        axis.set_major_formatter(
            FuncFormatter(lambda value, _: f"{value:,.0f}" if value % 1 == 0 else f"{value:,.10g}")
        )


def few_ticks(ax: Axes, names: Sequence[str], *, most: int = 14) -> None:
    """Write the names of categories on the x axis, every so many where there are more than `most`."""
    step = -(-len(names) // most)
    shown = range(0, len(names), step)
    ax.set_xticks(list(shown), [names[i] for i in shown], parse_math=False, linespacing=LINES)
    if max(len(line) for name in names for line in name.split("\n")) * len(shown) > 75:
        ax.tick_params(axis="x", rotation=45)
        for text in ax.get_xticklabels():
            text.set(ha="right", rotation_mode="anchor")


def interval_bars(ax: Axes, table: pd.DataFrame, *, column: str, lang: str, count: str = "") -> None:
    """Draw one horizontal bar per row with its interval, and at its end the share, after the count if one is named."""
    place = np.arange(len(table))
    value, low, high = (table[f"{column}{side}"].to_numpy("float64") for side in ("", "_low", "_high"))
    end = np.nan_to_num(np.fmax(high, value))
    ax.barh(place, value, color=BLUE, alpha=0.75, height=0.7)
    ax.errorbar(value, place, xerr=[value - low, high - value], fmt="none", ecolor=INK, elinewidth=1, capsize=3)
    for at, share in enumerate(value):
        text = unit(f"{table[count].iloc[at]:,}", f"{share:.1%}", lang) if count else f"{share:.1%}"
        ax.annotate(text, (end[at], at), xytext=(5, 0), textcoords="offset points", va="center", fontsize=9)
    ax.set_yticks(place, words(table.index, lang), parse_math=False)
    ax.invert_yaxis()
    ax.set_xlim(0, 1.3 * (end.max() or 1))
    ax.grid(False, axis="y")
    percent(ax, x=True)


def upright_bars(ax: Axes, table: pd.DataFrame, *, column: str, names: Sequence[str]) -> None:
    """Draw one upright bar per row with its interval; rows marked ``partial`` are hatched."""
    place, value = np.arange(len(table)), table[column].to_numpy("float64")
    bars = ax.bar(place, value, color=BLUE, alpha=0.75)
    error = [value - table[f"{column}_low"], table[f"{column}_high"] - value]
    if np.isfinite(error).any():
        ax.errorbar(place, value, yerr=error, fmt="none", ecolor=INK, elinewidth=1, capsize=3)
    hatch_bars(bars, table.get("partial", []))
    few_ticks(ax, names)
    ax.grid(False, axis="x")


def hatch_bars(bars: Iterable, marked: Iterable[bool]) -> None:
    """Hatch the bars of incomplete periods."""
    for bar, partial in zip(bars, marked):
        if partial:
            bar.set(hatch=HATCH, edgecolor="white", linewidth=0)


def heat(ax: Axes, values: np.ndarray, *, texts: np.ndarray | None = None, top: float | None = None) -> QuadMesh:
    """Draw a matrix as colours, cells without a value blank; write `texts` into the others. See `centres`."""
    import seaborn  # half a second to load, and wanted only where a heat map is drawn

    values = np.asarray(values, "float64")
    blank = ~np.isfinite(values)
    most = (float(np.max(values[~blank])) if top is None and not blank.all() else top) or 1.0
    how = {"fontsize": 8, "linespacing": LINES, "parse_math": False}
    seaborn.heatmap(values, mask=blank, vmin=0, vmax=most, cmap="Blues", cbar=False, ax=ax, fmt="", annot_kws=how,
                    annot=False if texts is None else texts, xticklabels=False, yticklabels=False)  # fmt: skip
    ax.grid(False)
    ax.tick_params(length=0, labelrotation=0)
    return ax.collections[0]


def centres(count: int, step: int = 1) -> np.ndarray:
    """Return the places of the cells' middles on an axis of a heat map, every `step`-th of `count`."""
    return np.arange(0, count, step) + 0.5


def hatch_cells(ax: Axes, marked: np.ndarray) -> None:
    """Hatch cells of a heat map; their texts get a rim so that they stay readable."""
    for row, column in zip(*np.nonzero(marked)):
        ax.add_patch(Rectangle((column, row), 1, 1, fill=False, hatch=HATCH, edgecolor=GREY, linewidth=0))
    for text in ax.texts:
        column, row = (int(at) for at in text.get_position())
        if marked[row, column]:
            text.set(color=INK, path_effects=[withStroke(linewidth=3, foreground="white")])


def note(ax: Axes, text: str, at: tuple[float, float], *, shift: tuple[float, float], **how: object) -> None:
    """Write a note beside a point on a white ground, so that lines do not run through it."""
    ground = {"facecolor": "white", "edgecolor": "none", "pad": 1.0}
    ax.annotate(text, at, xytext=shift, textcoords="offset points", fontsize=9, linespacing=LINES, bbox=ground,
                zorder=4, **how)  # fmt: skip


def per_day(of: str, lang: str) -> str:
    """Return what an average day counts, such as actions per day."""
    return pick(lang, zh=f"日均{word(of, lang)}", en=f"{word(of, lang)} per day")


def hatch_key(lang: str) -> Patch:
    """Return the legend entry of hatched, incomplete periods."""
    return Patch(facecolor="white", edgecolor=GREY, hatch=HATCH, label=word("partial", lang))
