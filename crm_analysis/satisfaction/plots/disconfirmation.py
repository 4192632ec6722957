"""Plots of expectation against perception: gaps, both sides of each dimension, expectation near the top."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from crm_analysis.figures import INK, PALETTE, describe, new_axes, plot
from crm_analysis.satisfaction.disconfirmation.ceiling import Ceiling, ceiling_counts
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
    ax.set_xlabel({"zh": "感知减期望的平均差距（量表分，附区间）",
                   "en": "mean perception less expectation (scale points, with interval)"}[lang])  # fmt: skip
    worst, below = word(table.index[0], lang), int((table["gap_high"] < 0).sum())
    return describe(ax, {
        "zh": f"点图：{len(table)} 个维度的感知与期望之差及区间，竖线为零。差距最不利的是“{worst}”，"
              f"{table['gap'].iloc[0]:+.2f} 分；{below} 个维度的区间全部低于零。",
        "en": f"Dot plot: perception less expectation of {len(table)} dimensions with intervals and a line at "
              f"zero. Least favourable: '{worst}', {table['gap'].iloc[0]:+.2f} points; {below} dimensions lie "
              f"wholly below zero.",
    }[lang])  # fmt: skip


@plot
def plot_sides(table: pd.DataFrame, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Mean expectation and perception of each dimension, joined by their gap, the largest shortfall on top.

    Parameters
    ----------
    table : pandas.DataFrame
        From `gaps.gap_table`.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Examples
    --------
    >>> columns = {"expectation": [7.0, 8.0], "perception": [7.2, 7.0], "gap": [0.2, -1.0]}
    >>> table = pd.DataFrame(columns, index=["x", "y"])
    >>> [text.get_text() for text in plot_sides(table).get_yticklabels()]
    ['y', 'x']
    """
    table = table.sort_values("gap", kind="stable")
    ax, place = new_rows(ax, len(table), table.index, lang), np.arange(len(table))
    ax.hlines(place, table["expectation"], table["perception"], color=INK, linewidth=1.5, zorder=1)
    looks = (("expectation", "D", "white", PALETTE[1]), ("perception", "o", PALETTE[0], PALETTE[0]))
    for side, marker, face, edge in looks:
        ax.plot(table[side], place, marker, color=edge, markerfacecolor=face, markersize=8, label=word(side, lang))
    for y, row in enumerate(table.itertuples()):
        middle = (row.expectation + row.perception) / 2
        ax.annotate(f"{row.gap:+.2f}", (middle, y), xytext=(0, 7), textcoords="offset points", ha="center")
    ax.margins(x=0.08)
    ax.set_xlabel({"zh": "平均分（量表分）", "en": "mean answer (scale points)"}[lang])
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    worst, short = word(table.index[0], lang), int((table["gap"] < 0).sum())
    return describe(ax, {
        "zh": f"哑铃图：{len(table)} 个维度的期望（菱形）和感知（圆点）均值，连线为差距。{short} 个维度的感知低于期望，"
              f"差得最多的是“{worst}”，{table['gap'].iloc[0]:+.2f} 分。",
        "en": f"Dumbbell plot: mean expectation (diamonds) and perception (dots) of {len(table)} dimensions, joined by "
              f"the gap. {short} fall short; most of all '{worst}', {table['gap'].iloc[0]:+.2f} points.",
    }[lang])  # fmt: skip


@plot
def plot_ceiling(found: Ceiling, *, dimension: str | None = None, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Histogram of the expectation of one dimension, those at the top of the scale hatched.

    Parameters
    ----------
    found : Ceiling
        From `ceiling.expectation_ceiling`.
    dimension : str, optional
        By default the one with the highest mean expectation.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Examples
    --------
    >>> from crm_analysis.satisfaction.disconfirmation.ceiling import expectation_ceiling
    >>> survey = pd.DataFrame({"e": [4, 5, 5], "p": [3, 4, 4]})
    >>> found = expectation_ceiling(survey, {"x": ("e", "p")}, low=3, high=5, asked_afterwards=False)
    >>> [round(float(bar.get_height()), 3) for bar in plot_ceiling(found).patches]
    [0.0, 0.333, 0.667]
    """
    name = found.table["expectation"].idxmax() if dimension is None else dimension
    counts, row = ceiling_counts(found, name), found.table.loc[name]
    ax = new_axes(ax)
    bars = ax.bar(counts.index, counts["share"], width=0.9, color=PALETTE[0], edgecolor="white")
    bars[-1].set(hatch="///", facecolor=PALETTE[1])
    ax.axvline(row["expectation"], color=INK, linestyle="--", linewidth=1.2)
    top = counts["share"].max()
    ax.set_ylim(0, 1.22 * top)
    mean = {"zh": f"均值 {row['expectation']:.2f}", "en": f"mean {row['expectation']:.2f}"}[lang]
    place = (row["expectation"], 1.15 * top)
    ax.annotate(mean, place, xytext=(-5, 0), textcoords="offset points", ha="right", va="center")
    last = counts["share"].iloc[-1]
    ax.annotate(f"{last:.0%}", (found.high, last), xytext=(0, 3), textcoords="offset points", ha="center")
    ax.grid(visible=False, axis="x")
    ax.set_xticks(counts.index)
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    label = word(name, lang)
    axis = {"zh": f"对“{label}”的期望（量表分；斜线：四舍五入后为上限）",
            "en": f"expectation of {label} (scale points; hatched: rounds to the top)"}[lang]  # fmt: skip
    ax.set_xlabel(axis, parse_math=False)
    ax.set_ylabel({"zh": "受访者占比", "en": "share of respondents"}[lang])
    return describe(ax, {
        "zh": f"直方图：{row['respondents']} 名受访者对“{label}”的期望，虚线为均值 {row['expectation']:.2f}。"
              f"达到上限 {found.high:g} 分的占 {row['top_share']:.0%}，平均只剩 {row['room']:.2f} 分余地。",
        "en": f"Histogram: expectation of {label} of {row['respondents']} respondents with its mean of "
              f"{row['expectation']:.2f}. {row['top_share']:.0%} are at the top of {found.high:g}; on average "
              f"{row['room']:.2f} points of room are left.",
    }[lang])  # fmt: skip
