"""Plots of what customers are worth: Lorenz curve, deciles, revenue by period and by cohort, a change in parts."""

from __future__ import annotations

from textwrap import fill

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from crm_analysis.figures import GRID, INK, describe, new_axes, plot
from crm_analysis.intervals import Estimate
from crm_analysis.segments.change import Change
from crm_analysis.segments.concentration import gini, lorenz, top_share
from crm_analysis.segments.plots.parts import (
    BLUE,
    GREEN,
    GREY,
    LINES,
    ORANGE,
    few_ticks,
    hatch_bars,
    hatch_key,
    label_axes,
    money,
    note,
    percent,
    pick,
    thousands,
    unit,
    words,
)
from crm_analysis.words import word


@plot
def plot_lorenz(
    values: ArrayLike,
    *,
    share: float = 0.2,
    draws: int = 1000,
    top: Estimate | None = None,
    inequality: Estimate | None = None,
    ax: Axes | None = None,
    lang: str = "en",
) -> Axes:
    """Lorenz curve with the Gini coefficient and the share that the best customers bring.

    `top` (of `concentration.top_share`) and `inequality` (of `concentration.gini`) are computed unless given.

    Examples
    --------
    >>> plot_lorenz([1, 2, 7]).get_xlabel()
    'share of customers, from the lowest value'
    """
    ax, curve = new_axes(ax, width=5.4, height=4.6), lorenz(values)
    top, inequality = top or top_share(values, share=share, draws=draws), inequality or gini(values, draws=draws)
    ax.plot(curve["customer_share"], curve["value_share"], color=BLUE, label=word("lorenz_curve", lang))
    ax.fill_between(curve["customer_share"], curve["value_share"], curve["customer_share"], color=BLUE, alpha=0.12)
    ax.plot([0, 1], [0, 1], color=GREY, linestyle="--", label=pick(lang, zh="完全平均", en="perfect equality"))
    point = (1 - share, 1 - top.value)
    ax.plot(*point, "o", color=ORANGE)
    ax.vlines(point[0], point[1], 1, color=ORANGE, linestyle=":")
    text = pick(lang, zh=f"前 {share:.0%} 的客户带来\n{top:.1%}", en=f"top {share:.0%} of customers bring\n{top:.1%}")
    note(ax, text, point, shift=(-10, 0), ha="right", va="center")
    percent(ax, x=True, y=True)
    ax.set(xlim=(0, 1), ylim=(0, 1))
    label_axes(ax, x=pick(lang, zh="客户占比（由价值低到高）", en="share of customers, from the lowest value"),
               y=pick(lang, zh="价值累计占比", en="cumulative share of value"))  # fmt: skip
    ax.legend(loc="upper left", title=f"{word('gini', lang)} {inequality:.3f}", alignment="left")
    return describe(ax, pick(
        lang,
        zh=f"洛伦兹曲线：横轴为客户占比，纵轴为价值累计占比。"
           f"基尼系数 {inequality:.3f}，前 {share:.0%} 的客户带来 {top:.1%}。",
        en=f"Lorenz curve: cumulative share of value over the share of customers. Gini coefficient {inequality:.3f};"
           f" the top {share:.0%} of customers bring {top:.1%}.",
    ))  # fmt: skip


@plot
def plot_deciles(table: pd.DataFrame, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Share of all value in each tenth of the customers, from `audit.deciles`.

    Examples
    --------
    >>> from crm_analysis.segments import deciles
    >>> [round(float(bar.get_height()), 1) for bar in plot_deciles(deciles([7, 1, 1, 1], parts=2)).patches]
    [0.8, 0.2]
    """
    ax = new_axes(ax)
    ax.bar(table["decile"], table["value_share"], color=BLUE, alpha=0.75)
    for at, share in zip(table["decile"], table["value_share"]):
        ax.annotate(f"{share:.1%}", (at, share), xytext=(0, 3), textcoords="offset points", ha="center", fontsize=9)
    ax.set_xticks(table["decile"])
    percent(ax, y=True)
    x = pick(
        lang,
        zh=f"客户按价值分为 {len(table)} 等份（1 为最高）",
        en=f"customers in {len(table)} equal parts (1 is best)",
    )
    label_axes(ax, x=x, y=word("value_share", lang))
    first, last = table["value_share"].iloc[[0, -1]]
    return describe(ax, pick(
        lang,
        zh=f"柱状图：客户按价值由高到低分为 {len(table)} 等份，各份的价值占比。"
           f"第 1 份占 {first:.1%}，最后一份占 {last:.1%}。",
        en=f"Bars: share of value in each of {len(table)} equal parts of the customers, best first. The first part"
           f" brings {first:.1%}, the last {last:.1%}.",
    ))  # fmt: skip


@plot
def plot_periods(table: pd.DataFrame, *, currency: str = "", ax: Axes | None = None, lang: str = "en") -> Axes:
    """Revenue of each period by new and returning customers, from `audit.by_period`; customers where there is no money.

    Examples
    --------
    >>> table = pd.DataFrame({"new_customers": [2, 1], "returning_customers": [0, 3], "partial": [False, True]},
    ...                      index=["2010-01", "2010-02"])
    >>> [float(bar.get_height()) for bar in plot_periods(table).patches]
    [0.0, 3.0, 2.0, 1.0]
    """
    ax, kind = new_axes(ax), "revenue" if "revenue" in table else "customers"
    place, base = np.arange(len(table)), np.zeros(len(table))
    names = (
        pick(lang, zh="回头客户", en="returning customers"),
        pick(lang, zh="首次购买客户", en="customers first seen"),
    )
    for who, colour, label in zip(("returning", "new"), (BLUE, ORANGE), names):
        bars = ax.bar(place, table[f"{who}_{kind}"], bottom=base, color=colour, alpha=0.8, label=label)
        base = base + table[f"{who}_{kind}"].to_numpy()
        hatch_bars(bars, table["partial"])
    few_ticks(ax, list(table.index))
    thousands(ax, y=True)
    label_axes(ax, y=money("revenue", currency, lang) if kind == "revenue" else word("customers", lang))
    handles = [*ax.get_legend_handles_labels()[0], *[hatch_key(lang)] * bool(table["partial"].any())]
    ax.legend(handles=handles, loc="upper left", bbox_to_anchor=(0, 1.14), ncols=3)
    whole = pd.Series(base, index=table.index)[~table["partial"].to_numpy()]
    best = whole.idxmax() if len(whole) else "–"
    return describe(ax, pick(
        lang,
        zh=f"堆叠柱状图：各期新老客户的{word(kind, lang)}，共 {len(table)} 期，完整各期中以 {best} 最高。",
        en=f"Stacked bars: {word(kind, lang)} of new and returning customers in {len(table)} periods; of the complete"
           f" ones {best} is highest.",
    ))  # fmt: skip


@plot
def plot_revenue_by_cohort(
    table: pd.DataFrame, *, of: str = "revenue", currency: str = "", ax: Axes | None = None, lang: str = "en"
) -> Axes:
    """Revenue of each period in layers, one per cohort, from `audit.revenue_by_cohort`; `of` names what it holds.

    Examples
    --------
    >>> layers = pd.DataFrame({"2009": [5.0, 3.0], "2010": [0.0, 2.0]}, index=["2009", "2010"])
    >>> len(plot_revenue_by_cohort(layers).patches)
    4
    """
    ax, base = new_axes(ax), np.zeros(len(table))
    colours = colormaps["viridis"](np.linspace(0.05, 0.9, table.shape[1]))
    for cohort, colour in zip(table.columns, colours):
        ax.bar(
            np.arange(len(table)),
            table[cohort],
            bottom=base,
            color=colour,
            label=cohort,
            edgecolor="white",
            linewidth=0.4,
        )
        base = base + table[cohort].to_numpy()
    few_ticks(ax, list(table.index))
    thousands(ax, y=True)
    label_axes(ax, y=money(of, currency, lang))
    ax.legend(title=word("cohort", lang), loc="upper left", bbox_to_anchor=(1, 1), reverse=True, fontsize=9)
    first = float(table.iloc[-1, 0] / base[-1]) if base[-1] else float("nan")
    return describe(ax, pick(
        lang,
        zh=f"堆叠柱状图：各期{word(of, lang)}按客户群组分层。"
           f"最后一期有 {first:.1%} 来自最早的群组 {table.columns[0]}。",
        en=f"Stacked bars: {word(of, lang)} of each period by cohort. In the last period {first:.1%} comes from"
           f" the first cohort, {table.columns[0]}.",
    ))  # fmt: skip


@plot
def plot_change(change: Change, *, currency: str = "", ax: Axes | None = None, lang: str = "en") -> Axes:
    """The change of revenue from one window to the next in its parts, from `change.compare_periods`.

    Examples
    --------
    >>> factors = pd.DataFrame({"before": [2, 30.0], "after": [3, 45.0], "contribution": [15.0, 15.0]},
    ...                        index=["customers", "revenue"])
    >>> [float(bar.get_height()) for bar in plot_change(Change(factors, None, None, None)).patches]
    [30.0, 15.0, 45.0]
    """
    ax, factors = new_axes(ax), change.factors
    total, parts = factors.iloc[-1], factors["contribution"].iloc[:-1].to_numpy()
    bottom = np.r_[0.0, total["before"] + np.r_[0.0, np.cumsum(parts)[:-1]], 0.0]
    height = np.r_[total["before"], parts, total["after"]]
    colours = [GREY, *np.where(parts >= 0, GREEN, ORANGE), GREY]
    ax.bar(np.arange(len(height)), height, bottom=bottom, color=colours, alpha=0.8)
    edges = np.r_[total["before"], total["before"] + np.cumsum(parts)]
    ax.hlines(edges, np.arange(len(edges)) + 0.4, np.arange(len(edges)) + 0.6, color=INK, linewidth=0.8)
    for at, (value, start) in enumerate(zip(height, bottom)):
        text = f"{value:,.0f}" if at in (0, len(height) - 1) else f"{value:+,.0f}"
        ax.annotate(text, (at, max(start, start + value)), xytext=(0, 3), textcoords="offset points", ha="center")
    names = words(["before", *factors.index[:-1], "after"], lang)
    ax.set_xticks(np.arange(len(height)), [fill(name, 16) for name in names], linespacing=LINES)
    ax.set_ylim(top=1.1 * max(0, *(bottom + height), *bottom))
    ax.grid(False, axis="x")
    thousands(ax, y=True)
    label_axes(ax, y=unit(word(factors.index[-1], lang), currency, lang))
    ax.axhline(0, color=GRID)
    listed = pick(lang, zh="，", en=", ").join(f"{name} {part:+,.0f}" for name, part in zip(names[1:-1], parts))
    return describe(ax, pick(
        lang,
        zh=f"瀑布图：{names[0]} {total['before']:,.0f}，{listed}，{names[-1]} {total['after']:,.0f}。",
        en=f"Waterfall: {names[0]} {total['before']:,.0f}, {listed}, {names[-1]} {total['after']:,.0f}.",
    ))  # fmt: skip
