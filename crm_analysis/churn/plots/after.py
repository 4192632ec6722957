"""Buying again after complaints and closings: the customers concerned beside the others."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from crm_analysis.figures import INK, PALETTE, describe, new_axes, plot
from crm_analysis.words import word

SIDES = (
    ("later_share", "o", PALETTE[1], -0.13, {"zh": "受影响客户", "en": "customers concerned"}),
    ("reference_share", "s", PALETTE[0], 0.13, {"zh": "对照客户", "en": "comparison"}),
)


@plot
def plot_comparison(table: pd.DataFrame, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Share that bought again and the comparison's, one above the other for each group, with intervals.

    Parameters
    ----------
    table : pandas.DataFrame
        From `complaints.later_buying` or `closed_shops.closed_shop_customers`. Groups of which nobody could be
        followed are left out.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Examples
    --------
    >>> row = {"customers": 9, "later_share": 0.5, "later_share_low": 0.2, "later_share_high": 0.8,
    ...        "reference_share": 0.6, "reference_share_low": 0.5, "reference_share_high": 0.7,
    ...        "later_difference": -0.1}
    >>> ax = plot_comparison(pd.DataFrame([row], index=["all_complaints"]))
    >>> [text.get_text().replace(chr(10), "|") for text in ax.get_yticklabels()]
    ['all complaints|9 customers']
    """
    table = table[table["customers"] > 0]
    unit = {"zh": "位客户", "en": "customers"}[lang]
    names = [f"{word(name, lang)}\n{count:,} {unit}" for name, count in table["customers"].items()]
    place = np.arange(len(table))
    ax = new_axes(ax, height=max(2.4, 1.4 + 0.62 * len(table)))
    for name, marker, colour, shift, label in SIDES:
        low, high = table[name] - table[f"{name}_low"], table[f"{name}_high"] - table[name]
        ax.errorbar(table[name], place + shift, xerr=np.vstack([low, high]).clip(min=0), fmt=marker, color=colour,
                    ecolor=colour, elinewidth=1.4, capsize=3, markersize=6.5, label=label[lang])  # fmt: skip
    for y, (x, difference) in enumerate(zip(table["later_share"], table["later_difference"])):
        ax.annotate(f"{100 * difference:+.1f}", (x, y - 0.13), xytext=(0, 7), textcoords="offset points", ha="center",
                    color=INK, fontsize=9)  # fmt: skip
    ax.set_yticks(place, labels=names, parse_math=False, linespacing=1.35)
    ax.set_ylim(len(table) - 0.45, -0.6)
    ax.grid(visible=False, axis="y")
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.margins(x=0.08)
    ax.set_xlabel({
        "zh": "后续购买率（附 95% 区间；数字为两者之差，百分点）",
        "en": "bought again (95 % intervals; numbers: difference in points)",
    }[lang])  # fmt: skip
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    return describe(ax, _alt(table, lang))


def _alt(table: pd.DataFrame, lang: str) -> str:
    first = table.iloc[0]
    name, ours, theirs = word(table.index[0], lang), first["later_share"], first["reference_share"]
    points = f"{100 * first['later_difference']:+.1f}"
    if lang == "zh":
        return (f"点图：{len(table)} 组客户的后续购买率与对照客户的后续购买率，各附 95% 区间。"
                f"{name}：{ours:.1%}，对照 {theirs:.1%}，相差 {points} 个百分点。")  # fmt: skip
    return (f"Dot plot: share that bought again in {len(table)} groups and in their comparisons, with 95 % intervals. "
            f"{name}: {ours:.1%}, comparison {theirs:.1%}, difference {points} percentage points.")  # fmt: skip
