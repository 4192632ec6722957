"""What the plots of experiments and uplift share: language, axes, points with intervals, legend above."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from crm_analysis.figures import FAMILY, INK, PALETTE
from crm_analysis.words import word

BLUE, ORANGE, GREEN, PURPLE, YELLOW, SKY, GREY = PALETTE
LONGEST = 30


def pick(lang: str, *, zh: str, en: str) -> str:
    """Return the text of the report's language."""
    return zh if lang == "zh" else en


def short(text: str) -> str:
    """Return a name from data, cut if it is long.

    Examples
    --------
    >>> len(short("x" * 99))
    30
    """
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def label_axes(ax: Axes, *, x: str = "", y: str = "") -> None:
    """Write axis labels as they are: a currency sign is no formula."""
    ax.set_xlabel(x, parse_math=False, fontfamily=FAMILY)
    ax.set_ylabel(y, parse_math=False, fontfamily=FAMILY)


def points_axis(ax: Axes, *, x: bool = False, y: bool = False) -> None:
    """Show differences of shares in percentage points with their sign."""
    for axis in [ax.xaxis] * x + [ax.yaxis] * y:
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:+.4g}" if abs(value) > 1e-12 else "0"))


def plain_axis(ax: Axes, *, x: bool = False, y: bool = False, percent: bool = False) -> None:
    """Show numbers with separators, or shares as per cent."""
    for axis in [ax.xaxis] * x + [ax.yaxis] * y:
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:.4g}%" if percent else f"{value:,.6g}"))


def whiskers(
    ax: Axes, place: np.ndarray, table: pd.DataFrame, column: str, *, color: str = BLUE, marker: str = "o",
    hollow: np.ndarray | None = None, sideways: bool = False, label: str = "",
) -> None:  # fmt: skip
    """Draw points with intervals one by one; hollow where `hollow` says so, alone where there is no interval."""
    value, low, high = (table[f"{column}{end}"].to_numpy(float) for end in ("", "_low", "_high"))
    hollow = np.zeros(len(value), bool) if hollow is None else np.asarray(hollow, bool)
    for k in range(len(value)):
        error = np.nan_to_num([[max(value[k] - low[k], 0.0)], [max(high[k] - value[k], 0.0)]])
        where = {"x": value[k], "y": place[k], "xerr": error} if sideways else {
            "x": place[k], "y": value[k], "yerr": error}  # fmt: skip
        ax.errorbar(
            **where,
            fmt=marker,
            color=color,
            markersize=6,
            capsize=3,
            elinewidth=1.2,
            markerfacecolor="white" if hollow[k] else color,
            label=label if k == 0 else "_nolegend_",
        )


def zero_line(ax: Axes, *, sideways: bool = False) -> None:
    """Draw the line of no effect."""
    (ax.axvline if sideways else ax.axhline)(0, color=INK, linewidth=1, linestyle="--")


def legend_above(ax: Axes, *, columns: int = 3) -> None:
    """Write the legend above the axes, where it hides nothing."""
    ax.legend(loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=columns, borderaxespad=0.2, handlelength=2.0,
              columnspacing=1.4, prop={"family": FAMILY, "size": 9.5})  # fmt: skip


def covariate_word(name: str, lang: str) -> str:
    """Return the name of a covariate in words; of a level of a text column both parts.

    Examples
    --------
    >>> covariate_word("campaign = not_stated", "en")
    'campaign: not stated'
    """
    parts = [word(part, lang) for part in str(name).split(" = ", 1)]
    return short(pick(lang, zh="：", en=": ").join(parts))
