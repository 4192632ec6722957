"""Plots of the satisfaction index: constructs, segments, periods, and what would follow from changes."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from crm_analysis.figures import INK, PALETTE, describe, new_axes, plot
from crm_analysis.satisfaction.index.index import SatisfactionIndex
from crm_analysis.satisfaction.index.segments import SegmentIndex
from crm_analysis.satisfaction.index.trend import IndexTrend
from crm_analysis.satisfaction.index.what_if import WhatIf
from crm_analysis.satisfaction.plots.parts import (
    LIMITS,
    check_result,
    distances,
    fold,
    legend_above,
    new_rows,
    row_height,
)
from crm_analysis.words import word

MARKS = ("o", "s", "^", "D", "v", "P", "X")


@plot
def plot_index(index: SatisfactionIndex, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Index of each construct as a bar from 0 to 100 with its interval.

    Parameters
    ----------
    index : SatisfactionIndex
        The interval is that of the bootstrap; without rows, that with the weights held fixed.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Examples
    --------
    >>> from crm_analysis.satisfaction.pls.estimator import PLS
    >>> from crm_analysis.satisfaction.index.index import satisfaction_index
    >>> from crm_analysis.satisfaction.pls.templates import ecsi
    >>> from crm_analysis.satisfaction.survey.moments import mobi
    >>> ax = plot_index(satisfaction_index(PLS(ecsi(low=1, high=10)).fit_moments(mobi())))
    >>> [round(float(bar.get_width()), 1) for bar in ax.patches][:3]
    [73.5, 72.5, 75.0]
    """
    check_result(index, ["replicates", "weights", "model"], "plot_index", "the SatisfactionIndex, not its table")
    table, name = index.table, "index_value" if index.replicates else "index_fixed"
    labels = [index.model.label(construct, lang) for construct in table.index]
    ax = new_rows(ax, len(table), labels, lang)
    places = np.arange(len(table))
    ax.barh(places, table["index_value"], height=0.6, color=PALETTE[5], edgecolor=INK, linewidth=0.6)
    ax.errorbar(table["index_value"], places, xerr=distances(table, name), fmt="none", **LIMITS)
    for y, (value, high) in enumerate(zip(table["index_value"], table[f"{name}_high"])):
        ax.annotate(f"{value:.1f}", (high, y), xytext=(5, 0), textcoords="offset points", va="center")
    ax.set_xlim(0, 100)
    kind = {"zh": "自助法", "en": "bootstrap"} if index.replicates else {"zh": "权重固定的", "en": "weights held fixed"}
    ax.set_xlabel({"zh": f"指数（0-100，附 {index.level:.0%} {kind['zh']}区间）",
                   "en": f"index (0 to 100, with {index.level:.0%} interval, {kind['en']})"}[lang])  # fmt: skip
    best, worst = table["index_value"].idxmax(), table["index_value"].idxmin()
    ends = {key: f"{index.model.label(one, lang)} {table.loc[one, 'index_value']:.1f}"
            for key, one in (("best", best), ("worst", worst))}  # fmt: skip
    weights = word(f"weights_{index.weights}", lang)
    return describe(ax, {
        "zh": f"条形图：{len(table)} 个潜变量的指数及区间，0 至 100，{weights}。最高{ends['best']}，"
              f"最低{ends['worst']}。",
        "en": f"Bar chart: indices of {len(table)} constructs from 0 to 100 with intervals, {weights}. Highest "
              f"{ends['best']}, lowest {ends['worst']}.",
    }[lang])  # fmt: skip


@plot
def plot_segment_index(index: SegmentIndex, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Index of each segment as a dot with its interval, the segments of a construct side by side.

    Parameters
    ----------
    index : SegmentIndex
        Segments with fewer than 30 respondents are drawn hollow.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}
    """
    check_result(index, ["differences", "model"], "plot_segment_index", "the SegmentIndex, not its table")
    table = index.table
    constructs, segments = list(table["construct"].unique()), list(table["segment"].unique())
    labels = [fold(index.model.label(name, lang)) for name in constructs]
    each = row_height(labels, max(0.5, 0.2 * len(segments) + 0.2))
    ax = new_axes(ax, height=max(2.4, 1.1 + 0.1 * len(segments) + len(constructs) * each))
    ax.set_yticks(range(len(constructs)), labels=labels, parse_math=False, linespacing=1.2)
    ax.set_ylim(len(constructs) - 0.5, -0.5)
    ax.grid(visible=False, axis="y")
    ax.hlines(np.arange(len(constructs) - 1) + 0.5, 0, 1, transform=ax.get_yaxis_transform(), color="#DDDDDD", lw=0.8)
    offsets = np.linspace(-0.32, 0.32, len(segments)) if len(segments) > 1 else [0.0]
    for k, (segment, offset) in enumerate(zip(segments, offsets)):
        own = table[table["segment"] == segment]
        places = [constructs.index(name) + offset for name in own["construct"]]
        colour, few = PALETTE[k % len(PALETTE)], bool(own["too_few"].iloc[0])
        name, count = fold(word(str(segment), lang)), f"{own['respondents'].iloc[0]:,}"
        label = f"{name}（{count} 人）" if lang == "zh" else f"{name} ({count})"
        ax.errorbar(own["index_value"], places, xerr=distances(own, "index_value"), fmt=MARKS[k % len(MARKS)],
                    color=colour, ecolor=colour, elinewidth=1.2, capsize=3, markersize=6,
                    markerfacecolor="white" if few else colour, label=label)  # fmt: skip
    legend_above(ax, 4)
    level = f"{index.level:.0%}"
    ax.set_xlabel({"zh": f"指数（0-100，附 {level} 区间；空心：不足 30 人）",
                   "en": f"index (0 to 100, with {level} interval; hollow: under 30 respondents)"}[lang])  # fmt: skip
    tests = int(index.differences["p"].notna().sum())
    sure = int((index.differences["p_holm"] <= 1 - index.level).sum())
    return describe(ax, {
        "zh": f"点图：{len(segments)} 个客群在 {len(constructs)} 个潜变量上的指数及区间。{tests} 个"
              f"检验过的两两差异中有 {sure} 个显著（Holm 校正）。",
        "en": f"Dot plot: indices of {len(segments)} segments on {len(constructs)} constructs with intervals. "
              f"{sure} of {tests} differences tested go beyond chance (Holm).",
    }[lang])  # fmt: skip


@plot
def plot_index_trend(trend: IndexTrend, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Index of each period as a dot with its interval, joined where periods follow each other.

    Parameters
    ----------
    trend : IndexTrend
        Respondents stand below each period; periods with fewer than 30 are drawn hollow, those with none left blank.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}
    """
    table = trend.table
    constructs, periods = list(table["construct"].unique()), list(table["period"].unique())
    ax = new_axes(ax)
    shift = 0.08 * (np.arange(len(constructs)) - (len(constructs) - 1) / 2)
    for k, name in enumerate(constructs):
        own = table[table["construct"] == name]
        places, colour = np.arange(len(own)) + shift[k], PALETTE[k % len(PALETTE)]
        ax.plot(places, own["index_value"], color=colour, linewidth=1.2, label=trend.model.label(name, lang),
                marker=MARKS[k % len(MARKS)], markersize=6)  # fmt: skip
        few = own["too_few"].to_numpy()
        ax.plot(places[few], own["index_value"][few], marker=MARKS[k % len(MARKS)], markersize=6, linestyle="none",
                color=colour, markerfacecolor="white")  # fmt: skip
        ax.errorbar(places, own["index_value"], yerr=distances(own, "index_value"), fmt="none", ecolor=colour,
                    elinewidth=1.2, capsize=3)  # fmt: skip
    counts = table[table["construct"] == constructs[0]]["respondents"]
    step = int(np.ceil(len(periods) / 12))
    labels = [f"{name}\n{count:,}" for name, count in zip(periods, counts)]
    ax.set_xticks(range(0, len(periods), step), labels=labels[::step])
    ax.grid(visible=False, axis="x")
    ax.set_xlabel({"zh": "时期（下方为受访人数；空心：不足 30 人）",
                   "en": "period (respondents below; hollow: under 30)"}[lang])  # fmt: skip
    ax.set_ylabel({"zh": f"指数（0-100，附 {trend.level:.0%} 区间）",
                   "en": f"index (0 to 100, with {trend.level:.0%} interval)"}[lang])  # fmt: skip
    if len(constructs) > 1:
        legend_above(ax, 4)
    first = table[(table["construct"] == constructs[0]) & (table["respondents"] > 0)]
    sure = int((table["p_holm"] <= 1 - trend.level).sum())
    name, start, end = (
        trend.model.label(constructs[0], lang),
        first["index_value"].iloc[0],
        first["index_value"].iloc[-1],
    )
    return describe(ax, {
        "zh": f"折线图：{len(periods)} 个时期的指数及区间。{name}由 {start:.1f} 到 {end:.1f}；"
              f"与上期相比显著的变化有 {sure} 个。",
        "en": f"Line chart: index in {len(periods)} periods with intervals. {name} goes from {start:.1f} to {end:.1f}; "
              f"{sure} changes from period to period go beyond chance.",
    }[lang])  # fmt: skip


@plot
def plot_what_if(found: WhatIf, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Change of each index as a bar with its interval; hatched are the changes that are supposed.

    Parameters
    ----------
    found : WhatIf
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}
    """
    table = found.table
    ax = new_rows(ax, len(table), [found.model.label(name, lang) for name in table.index], lang)
    ax.axvline(0, color=INK, linewidth=1)
    supposed = (table["what_if_role"] == "change_supposed").to_numpy()
    places = np.arange(len(table))
    for kind, rows in (("change_supposed", supposed), ("change_follows", ~supposed)):
        look = {"facecolor": "white", "hatch": "///"} if kind == "change_supposed" else {"facecolor": PALETTE[5]}
        ax.barh(places[rows], table["index_change"][rows], height=0.55, edgecolor=INK, linewidth=0.6,
                label=word(kind, lang), **look)  # fmt: skip
    ax.errorbar(table["index_change"], places, xerr=distances(table, "index_change"), fmt="none", **LIMITS)
    for y, row in enumerate(table.to_dict("records")):
        ends = [value for value in (row["index_change"], row["index_change_low"], row["index_change_high"])
                if np.isfinite(value)]  # fmt: skip
        right = row["index_change"] >= 0
        text = f"{row['index_change']:+.1f}  ({row['index_now']:.1f} → {row['index_then']:.1f})"
        ax.annotate(text, (max(ends) if right else min(ends), y), xytext=(6 if right else -6, 0), va="center",
                    ha="left" if right else "right", textcoords="offset points")  # fmt: skip
    ends = table[["index_change", "index_change_low", "index_change_high"]].to_numpy()
    reach = float(np.nanmax(np.abs(ends)))
    left, right = min(0.0, float(np.nanmin(ends))), max(0.0, float(np.nanmax(ends)))
    ax.set_xlim(left - 0.55 * reach if left < 0 else -0.03 * reach, right + 0.55 * reach if right > 0 else 0.03 * reach)
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    level = f"{found.level:.0%}"
    ax.set_xlabel({"zh": f"指数的变动（分，附 {level} 区间；括号内为现在 → 变动后）",
                   "en": f"change of the index (points, with {level} interval; in brackets: now → then)",
                   }[lang])  # fmt: skip
    kind = {"zh": "条形图：各指数的变动及区间。", "en": "Bar chart: change of each index with its interval. "}[lang]
    return describe(ax, kind + found.text(lang))
