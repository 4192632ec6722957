"""Plots of expectation against perception: the gap of each dimension."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from crm_analysis.figures import INK, describe, plot
from crm_analysis.satisfaction.plots.parts import dots, new_rows
from crm_analysis.words import word


@plot
def plot_gaps(table: pd.DataFrame, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Gap between perception and expectation of each dimension as a dot with its interval, the worst on top.

    Parameters
    ----------
    table : pandas.DataFrame
        From `gaps.gap_table`.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Examples
    --------
    >>> table = pd.DataFrame({"gap": [0.2, -1.0], "gap_low": [0.1, -1.2], "gap_high": [0.3, -0.8]}, index=["x", "y"])
    >>> [text.get_text() for text in plot_gaps(table).get_yticklabels()]
    ['y', 'x']
    """
    table = table.sort_values("gap", kind="stable")
    ax = new_rows(ax, len(table), table.index, lang)
    ax.axvline(0, color=INK, linewidth=1, zorder=1)
    dots(ax, table, "gap")
    for y, gap in enumerate(table["gap"]):
        ax.annotate(f"{gap:+.2f}", (gap, y), xytext=(0, 9), textcoords="offset points", ha="center")
    ax.margins(x=0.12)
    ax.set_xlabel({"zh": "感知减期望的平均差距（量表分，附 95% 区间）",
                   "en": "mean perception less expectation (scale points, with 95 % interval)"}[lang])  # fmt: skip
    worst, below = word(table.index[0], lang), int((table["gap_high"] < 0).sum())
    return describe(ax, {
        "zh": f"点图：{len(table)} 个维度的感知与期望之差及 95% 区间，竖线为零。差距最不利的是“{worst}”，"
              f"{table['gap'].iloc[0]:+.2f} 分；{below} 个维度的区间全部低于零。",
        "en": f"Dot plot: perception less expectation of {len(table)} dimensions with 95 % intervals and a line at "
              f"zero. Least favourable: '{worst}', {table['gap'].iloc[0]:+.2f} points; {below} dimensions lie "
              f"wholly below zero.",
    }[lang])  # fmt: skip
