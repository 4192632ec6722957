"""Plots of CSAT and CES by segment: one dot with its interval per segment, a line for all."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from crm_analysis.figures import INK, PALETTE, describe, plot
from crm_analysis.intervals import Estimate
from crm_analysis.satisfaction.plots.parts import LIMITS, distances, new_rows
from crm_analysis.words import word

TOTAL = "total"


@plot
def plot_csat(table: pd.DataFrame, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Share of satisfied answers of each segment with its interval, hollow where fewer than 30 answered.

    Parameters
    ----------
    table : pandas.DataFrame
        From `csat.csat_table`; segments nobody of whom answered are left out. The row ``total`` becomes a line.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Examples
    --------
    >>> from crm_analysis.satisfaction.scores.csat import csat_table
    >>> survey = pd.DataFrame({"q": [5, 4, 1, 2], "city": list("AAAB")})
    >>> plot_csat(csat_table(survey, question="q", by="city", low=1, high=5)).get_xlabel()
    'satisfied (CSAT), with interval; hollow: fewer than 30'
    """
    ax = _segments(table, "csat_share", ".1%", ax, lang)
    ax.set_xlim(-0.02, 1.02)
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    return ax


@plot
def plot_ces(table: pd.DataFrame, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Mean effort score of each segment with its interval, hollow where fewer than 30 answered.

    Parameters
    ----------
    table : pandas.DataFrame
        From `ces.ces_table`; segments nobody of whom answered are left out. The row ``total`` becomes a line.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Examples
    --------
    >>> from crm_analysis.satisfaction.scores.ces import ces_table
    >>> survey = pd.DataFrame({"q": [7, 6, 1], "channel": ["web", "web", "phone"]})
    >>> ax = plot_ces(ces_table(survey, question="q", by="channel", direction="high_is_easy", low=1, high=7))
    >>> [label.get_text().split()[0] for label in ax.get_yticklabels()]
    ['web', 'phone']
    """
    return _segments(table, "ces", ".2f", ax, lang)


def _segments(table: pd.DataFrame, name: str, style: str, ax: Axes | None, lang: str) -> Axes:
    table = table[table["respondents"] > 0]
    whole, parts = table.loc[TOTAL], table.drop(TOTAL) if len(table) > 1 else table
    unit = {"zh": "人", "en": "respondents"}[lang]
    names = [f"{word(segment, lang)}\n{count:,} {unit}" for segment, count in parts["respondents"].items()]
    ax = new_rows(ax, len(parts), names, lang)
    place, few = np.arange(len(parts)), parts["too_few"].to_numpy(bool)
    ax.errorbar(parts[name], place, xerr=distances(parts, name), fmt="none", **LIMITS)
    ax.scatter(parts[name], place, s=48, c=np.where(few, "white", PALETTE[0]), edgecolors=PALETTE[0], zorder=3)
    ax.axvline(whole[name], color=INK, linewidth=1, linestyle="--", label=word(TOTAL, lang))
    for y, value in enumerate(parts[name]):
        ax.annotate(format(value, style), (value, y), xytext=(0, 9), textcoords="offset points", ha="center",
                    bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5})  # fmt: skip
    note = {"zh": "；空心：不足 30 人", "en": "; hollow: fewer than 30"}[lang] if few.any() else ""
    label = {"zh": f"{word(name, lang)}，附区间{note}", "en": f"{word(name, lang)}, with interval{note}"}[lang]
    ax.set_xlabel(label)
    ax.margins(x=0.1)
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0))
    best, whole_text = parts[name].idxmax(), Estimate(whole[name], whole[f"{name}_low"], whole[f"{name}_high"])
    return describe(ax, {
        "zh": f"点图：{len(parts)} 组的{word(name, lang)}及区间，虚线为全体 {whole_text:{style}}。"
              f"最高的是{word(best, lang)}，{parts.loc[best, name]:{style}}。",
        "en": f"Dot plot: {word(name, lang)} of {len(parts)} segments with intervals, a dashed line for all at "
              f"{whole_text:{style}}. Highest: {word(best, lang)}, {parts.loc[best, name]:{style}}.",
    }[lang])  # fmt: skip
