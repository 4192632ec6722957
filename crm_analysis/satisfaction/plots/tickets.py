"""Plots of complaint tickets: the Pareto chart of reasons."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from crm_analysis.figures import PALETTE, describe, plot
from crm_analysis.satisfaction.plots.parts import LIMITS, distances, new_rows
from crm_analysis.words import word


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
    >>> from crm_analysis.satisfaction.tickets.service import reason_table
    >>> ax = plot_pareto(reason_table(pd.DataFrame({"reason": ["late", "rude", "late"]})))
    >>> [f"{bar.get_width():.3f}" for bar in ax.patches]
    ['0.667', '0.333']
    """
    ax = new_rows(ax, len(table), table.index, lang)
    place, share = np.arange(len(table)), table["share"].to_numpy()
    bars = ax.barh(place, share, height=0.62, color=PALETTE[0], label=word("share", lang))
    ax.errorbar(share, place, xerr=distances(table, "share"), fmt="none", **LIMITS)
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
