"""Plots of the room: Pareto chart of complaint reasons, good-rating share by kind, gaps to expectation."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from crm_analysis.figures import INK, PALETTE, describe, new_axes, plot
from crm_analysis.words import word

LIMITS = {"ecolor": INK, "elinewidth": 1.2, "capsize": 3}


@plot
def plot_pareto(table: pd.DataFrame, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Pareto chart: share of each reason with its interval as a bar, cumulative share as a line, on one axis.

    Parameters
    ----------
    table : pandas.DataFrame
        From `tickets.reason_table`.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Examples
    --------
    >>> from crm_analysis.satisfaction.tickets import reason_table
    >>> ax = plot_pareto(reason_table(pd.DataFrame({"reason": ["late", "rude", "late"]})))
    >>> [f"{bar.get_width():.3f}" for bar in ax.patches]
    ['0.667', '0.333']
    """
    ax = _new_rows(ax, len(table), table.index, lang)
    place, share = np.arange(len(table)), table["share"].to_numpy()
    bars = ax.barh(place, share, height=0.62, color=PALETTE[0], label=word("share", lang))
    ax.errorbar(share, place, xerr=_distances(table, "share"), fmt="none", **LIMITS)
    (line,) = ax.plot(table["cumulative_share"], place, color=PALETTE[1], marker="o")
    line.set_label(word("cumulative_share", lang))
    for x, y in zip(table["cumulative_share"], place):
        ax.annotate(f"{x:.0%}", (x, y), xytext=(6, 5), textcoords="offset points", fontsize=9)
    ax.set_xlim(0, 1.1)
    ax.set_xticks(np.arange(0, 1.01, 0.2))
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set_xlabel({"zh": f"占投诉的比例（共 {table['tickets'].sum():,} 件）",
                   "en": f"share of the {table['tickets'].sum():,} complaints"}[lang])  # fmt: skip
    ax.legend(handles=[bars, line], loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    first, top = word(table.index[0], lang), table["share"].iloc[0]
    return describe(ax, {
        "zh": f"帕累托图：各投诉原因的占比（条形，附 95% 区间）和累计占比（折线）。最多的是“{first}”，占 {top:.1%}。",
        "en": f"Pareto chart: share of each complaint reason (bars with 95 % intervals) and cumulative share (line). "
              f"The most frequent is '{first}' with {top:.1%}.",
    }[lang])  # fmt: skip


@plot
def plot_good_share(table: pd.DataFrame, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Good-rating share of each kind of seller as a dot with its interval.

    Parameters
    ----------
    table : pandas.DataFrame
        From `ranking.kind_table`; kinds without feedback are left out.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Examples
    --------
    >>> table = pd.DataFrame({"good_share": [0.9], "good_share_low": [0.8], "good_share_high": [0.95],
    ...                       "feedbacks": [50]}, index=["small"])
    >>> plot_good_share(table).get_xlabel()
    'good-rating share (with 95 % interval)'
    """
    table = table[table["feedbacks"] > 0]
    unit = {"zh": "条评价", "en": "feedbacks"}[lang]
    names = [f"{word(kind, lang)}\n{count:,} {unit}" for kind, count in table["feedbacks"].items()]
    ax = _new_rows(ax, len(table), names, lang)
    _dots(ax, table, "good_share")
    for y, share in enumerate(table["good_share"]):
        ax.annotate(f"{share:.1%}", (share, y), xytext=(0, 9), textcoords="offset points", ha="center")
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=None))
    ax.margins(x=0.12)
    ax.set_xlabel(word("good_share", lang) + {"zh": "（附 95% 区间）", "en": " (with 95 % interval)"}[lang])
    best = table["good_share"].idxmax()
    return describe(ax, {
        "zh": f"点图：各类卖家的好评率及 95% 区间。最高的是{word(best, lang)}，{table.loc[best, 'good_share']:.1%}。",
        "en": f"Dot plot: good-rating share by kind of seller with 95 % intervals. Highest: {word(best, lang)}, "
              f"{table.loc[best, 'good_share']:.1%}.",
    }[lang])  # fmt: skip


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
    ax = _new_rows(ax, len(table), table.index, lang)
    ax.axvline(0, color=INK, linewidth=1, zorder=1)
    _dots(ax, table, "gap")
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


def _new_rows(ax: Axes | None, rows: int, names: Iterable[str], lang: str) -> Axes:
    """Axes with one named row for each entry, the first on top."""
    ax = new_axes(ax, height=max(2.2, 1.3 + 0.5 * rows))
    ax.set_yticks(np.arange(rows), labels=[word(name, lang) for name in names], parse_math=False)
    ax.set_ylim(rows - 0.45, -0.55)
    ax.grid(visible=False, axis="y")
    return ax


def _dots(ax: Axes, table: pd.DataFrame, name: str) -> None:
    ax.errorbar(table[name], np.arange(len(table)), xerr=_distances(table, name), fmt="o", color=PALETTE[0],
                markersize=7, **LIMITS)  # fmt: skip


def _distances(table: pd.DataFrame, name: str) -> np.ndarray:
    """Distances from the value down and up to its limits; none where there are no limits."""
    low, high = table[name] - table[f"{name}_low"], table[f"{name}_high"] - table[name]
    return np.nan_to_num(np.vstack([low, high]).astype(float)).clip(min=0)
