"""Plots of feedback for sellers: good-rating share by kind."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from crm_analysis.figures import describe, plot
from crm_analysis.satisfaction.plots.parts import dots, new_rows
from crm_analysis.words import word


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
    ax = new_rows(ax, len(table), names, lang)
    dots(ax, table, "good_share")
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
