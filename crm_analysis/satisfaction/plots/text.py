"""Plots of what reviews say: aspects for and against, aspects against stars, hand labels against the engine."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, PercentFormatter

from crm_analysis.errors import InputError
from crm_analysis.figures import INK, PALETTE, describe, new_axes, plot
from crm_analysis.satisfaction.plots.parts import LIMITS, distances, dots, new_rows
from crm_analysis.satisfaction.text.engine import LABELS
from crm_analysis.words import word

GOOD, BAD = PALETTE[0], PALETTE[1]


@plot
def plot_aspects(table: pd.DataFrame, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Positive and negative share of each aspect as bars to the right and to the left of zero, with intervals.

    Parameters
    ----------
    table : pandas.DataFrame
        The table of `aspects.aspect_table` without groups; aspects nobody mentions are left out.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Examples
    --------
    >>> from crm_analysis.satisfaction.text.aspects import aspect_table
    >>> ax = plot_aspects(aspect_table(["物流很快", "物流太慢", "物流很好"]).table)
    >>> [float(round(bar.get_width(), 2)) for bar in ax.patches]
    [0.67, -0.33]
    """
    _check_whole(table)
    table = table[table["mentioning"] > 0].sort_values("mentioning", ascending=False, kind="stable")
    unit = {"zh": "条提及", "en": "mentions"}[lang]
    ax = new_rows(ax, len(table), _names(table, unit, lang), lang)
    place = np.arange(len(table))
    for name, side, colour, hatch in (("positive", 1, GOOD, None), ("negative", -1, BAD, "//")):
        share, limits = table[f"{name}_share"], distances(table, f"{name}_share")
        ax.barh(place, side * share, height=0.62, color=colour, hatch=hatch, edgecolor="white", label=word(name, lang))
        ax.errorbar(side * share, place, xerr=limits if side > 0 else limits[::-1], fmt="none", **LIMITS)
        for y, value in enumerate(share):
            ends = side * (value + limits[1, y])
            ax.annotate(f"{value:.0%}", (ends, y), xytext=(6 * side, 0), textcoords="offset points", fontsize=9,
                        ha="left" if side > 0 else "right", va="center")  # fmt: skip
    ax.axvline(0, color=INK, linewidth=1)
    ax.set_xlim(-1.28, 1.28)
    ax.set_xticks(np.arange(-1, 1.01, 0.5))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{abs(x):.0%}"))
    ax.set_xlabel({"zh": "占提及该方面的评论的比例（附置信区间；其余为中性）",
                   "en": "share of the reviews mentioning it (with interval; the rest is neutral)"}[lang]
                  )  # fmt: skip
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    most = {"zh": "没有方面被提及", "en": "No aspect is mentioned"}[lang]
    if len(table):
        name, share = word(table["negative_share"].idxmax(), lang), f"{table['negative_share'].max():.0%}"
        most = {"zh": f"负面占比最高的是“{name}”，{share}", "en": f"Most negative: '{name}', {share}"}[lang]
    return describe(ax, {
        "zh": f"左右对开的条形图：{len(table)} 个方面的正面占比（向右）与负面占比（向左）及置信区间，"
              f"提及最多的在上。{most}。",
        "en": f"Diverging bars: positive share (to the right) and negative share (to the left) of {len(table)} aspects "
              f"with intervals, the most mentioned on top. {most}.",
    }[lang])  # fmt: skip


@plot
def plot_aspect_stars(table: pd.DataFrame, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Difference of mean stars between reviews that mention an aspect and those that do not, with intervals.

    Parameters
    ----------
    table : pandas.DataFrame
        The table of `aspects.aspect_table` without groups; aspects without both kinds of reviews are left out.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Examples
    --------
    >>> from crm_analysis.satisfaction.text.aspects import aspect_table
    >>> reviews = pd.DataFrame({"text": ["物流很快", "物流太慢", "质量好", "质量差"], "stars": [4, 1, 5, 3]})
    >>> ax = plot_aspect_stars(aspect_table(reviews).table)
    >>> ax.get_xlabel()
    'mean stars of those who mention it less the others (with interval)'
    """
    _check_whole(table)
    table = table[table["stars_difference"].notna()].sort_values("stars_difference", kind="stable")
    ax = new_rows(ax, len(table), _names(table, {"zh": "条提及", "en": "mentions"}[lang], lang), lang)
    ax.axvline(0, color=INK, linewidth=1, zorder=1)
    dots(ax, table, "stars_difference")
    for y, value in enumerate(table["stars_difference"]):
        ax.annotate(f"{round(value, 2) + 0:+.2f}", (value, y), xytext=(0, 8), textcoords="offset points", ha="center",
                    fontsize=9, bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.4})  # fmt: skip
    ax.margins(x=0.12)
    ax.set_xlabel({"zh": "提及者与未提及者平均星级之差（附置信区间）",
                   "en": "mean stars of those who mention it less the others (with interval)"}[lang])  # fmt: skip
    below = int((table["stars_difference_high"] < 0).sum())
    lowest = word(table.index[0], lang) if len(table) else "–"
    return describe(ax, {
        "zh": f"点图：提及各方面的评论与其余评论的平均星级之差及置信区间，最低的是“{lowest}”；"
              f"{below} 个方面的区间全部低于零。",
        "en": f"Dot plot: mean stars of reviews that mention an aspect less those that do not, with intervals. "
              f"Lowest: '{lowest}'; {below} aspects lie wholly below zero.",
    }[lang])  # fmt: skip


@plot
def plot_agreement(confusion: pd.DataFrame, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Hand labels against the engine's as a table of shares, darker where more reviews lie.

    Parameters
    ----------
    confusion : pandas.DataFrame, shape (3, 3)
        From `agreement.agreement` (`confusion`): hand labels in rows, the engine's in columns.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Examples
    --------
    >>> table = pd.DataFrame(np.eye(3) / 3, index=list(LABELS), columns=list(LABELS))
    >>> plot_agreement(table).texts[0].get_text()
    '33.3%'
    """
    ax = new_axes(ax, width=5.4, height=4.2)
    shares = confusion.loc[list(LABELS), list(LABELS)].to_numpy(float)
    image = ax.imshow(shares, cmap="Blues", vmin=0, vmax=max(1e-9, shares.max()))
    for row, column in np.ndindex(shares.shape):
        dark = shares[row, column] > 0.55 * shares.max()
        ax.text(column, row, f"{shares[row, column]:.1%}", ha="center", va="center", color="white" if dark else INK,
                weight="bold" if row == column else "normal")  # fmt: skip
    names = [word(label, lang) for label in LABELS]
    ax.set_xticks(range(3), labels=names)
    ax.set_yticks(range(3), labels=names)
    ax.grid(visible=False)
    ax.spines[:].set_visible(False)
    ax.set_xlabel({"zh": "引擎的判断", "en": "label of the engine"}[lang])
    ax.set_ylabel({"zh": "人工标注", "en": "hand label"}[lang])
    bar = ax.figure.colorbar(image, ax=ax, shrink=0.85, format=PercentFormatter(1, decimals=0))
    bar.set_label({"zh": "占全部评论的比例", "en": "share of all reviews"}[lang])
    bar.outline.set_visible(False)
    return describe(ax, {
        "zh": f"混淆矩阵：人工标注（行）与引擎判断（列）各组合的占比；对角线合计（两者一致）{np.trace(shares):.1%}。",
        "en": f"Confusion matrix: shares of hand labels (rows) and labels of the engine (columns); the diagonal, where "
              f"both agree, holds {np.trace(shares):.1%}.",
    }[lang])  # fmt: skip


def _check_whole(table: pd.DataFrame) -> None:
    if table.index.nlevels > 1 or any(isinstance(name, tuple) for name in table.index):
        groups = list(dict.fromkeys(name[0] for name in table.index))
        raise InputError(f"a table of aspects by group ({len(groups)} groups) cannot be shown in one plot",
                         where="table", mend=f"plot one group: table.loc[{groups[0]!r}]" if groups else "",
                         zh="请选择一个群体的方面表作图")  # fmt: skip


def _names(table: pd.DataFrame, unit: str, lang: str) -> list[str]:
    return [f"{word(aspect, lang)}\n{count:,} {unit}" for aspect, count in table["mentioning"].items()]
