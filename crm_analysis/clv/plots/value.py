"""What customers are worth: classes of value, the best customers with both intervals, tenths of all value."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from crm_analysis.clv.plots.parts import (
    BLUE,
    ORANGE,
    bracket,
    label_axes,
    legend_above,
    number,
    percent,
    pick,
    room_for,
    short,
    span,
    thousands,
)
from crm_analysis.clv.views.value_shares import TOP_COLUMNS
from crm_analysis.figures import INK, describe, new_axes, plot

LABELLED = 0.005  # shares from here on are written over their bar,
INSIDE = 0.095  # from here on into it where a line passes above
VALUE = {
    "clv": ("客户终身价值", "customer lifetime value"),
    "expected_purchases": ("预期购买次数", "expected purchases"),
}


@plot
def plot_value_classes(
    table: pd.DataFrame, *, of: str = "clv", currency: str = "", ax: Axes | None = None, lang: str = "en"
) -> Axes:
    """Share of customers and share of value in classes of value, from `value_shares.value_classes`.

    Parameters
    ----------
    table : pandas.DataFrame
    of : str
        What the value is: ``clv`` or ``expected_purchases``.
    currency : str
    ax : matplotlib.axes.Axes, optional
    lang : {"en", "zh"}

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> from crm_analysis.clv.views.value_shares import value_classes
    >>> [round(float(bar.get_height()), 2) for bar in plot_value_classes(value_classes([1, 3, 4])).patches]
    [0.33, 0.67, 0.12, 0.88]
    """
    ax, place = new_axes(ax), np.arange(len(table))
    looks = [("share_of_customers", BLUE, "", pick(lang, zh="客户占比", en="share of customers")),
             ("value_share", ORANGE, "///", pick(lang, zh="价值占比", en="share of value"))]  # fmt: skip
    for (column, colour, hatch, label), shift in zip(looks, (-0.2, 0.2)):
        ax.bar(place + shift, table[column], width=0.38, color=colour, alpha=0.85, hatch=hatch, edgecolor="white",
               linewidth=0, label=label)  # fmt: skip
        for at, share in zip(place + shift, table[column]):
            if share >= LABELLED:
                text = f"{share:.0%}"
                ax.annotate(text, (at, share), xytext=(0, 2), textcoords="offset points", ha="center", fontsize=8)
    room_for(ax, len(table))
    names = list(table["value_class"])
    tilt = sum(map(len, names)) > 62
    ax.set_xticks(place, names, rotation=35 if tilt else 0, ha="right" if tilt else "center", rotation_mode="anchor")
    ax.grid(False, axis="x")
    percent(ax, y=True)
    ax.set_ylim(0, 1.12 * max(table["share_of_customers"].max(), table["value_share"].max()))
    term = pick(lang, **dict(zip(("zh", "en"), VALUE.get(of, (of, of)))))
    label_axes(ax, x=bracket(term, currency, lang),
               y=pick(lang, zh="占比", en="share"))  # fmt: skip
    legend_above(ax)
    many, rich = table.loc[table["customers"].idxmax()], table.loc[table["value"].idxmax()]
    return describe(ax, pick(
        lang,
        zh=f"柱状图：按{term}分为 {len(table)} 档，各档的客户占比与价值占比。"
           f"客户最多的一档是 {many['value_class']}，占客户的 {many['share_of_customers']:.1%}、价值的"
           f" {many['value_share']:.1%}；价值最多的一档是 {rich['value_class']}，"
           f"占客户的 {rich['share_of_customers']:.1%}、价值的 {rich['value_share']:.1%}。",
        en=f"Bars: share of customers and of value in {len(table)} classes of {term}. Most customers are in the class"
           f" {many['value_class']} ({many['share_of_customers']:.1%} of customers, {many['value_share']:.1%} of"
           f" value), most value in {rich['value_class']} ({rich['share_of_customers']:.1%} of customers,"
           f" {rich['value_share']:.1%} of value).",
    ))  # fmt: skip


@plot
def plot_top_customers(table: pd.DataFrame, *, currency: str = "", ax: Axes | None = None, lang: str = "en") -> Axes:
    """The best customers with two intervals, from `value_shares.top_customers`.

    The dot is the expectation; the thick line says how well it is known, the thin one what the customer may really do.

    Parameters
    ----------
    table : pandas.DataFrame
        Index: the customers, best first.
    currency : str
        Taken from ``table.attrs`` if empty.
    ax : matplotlib.axes.Axes, optional
    lang : {"en", "zh"}

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> table = pd.DataFrame({"clv": [90.0, 50.0], "clv_low": [80.0, 45.0], "clv_high": [99.0, 56.0],
    ...                       "value_low": [10.0, 0.0], "value_high": [300.0, 200.0]}, index=["a", "b"])
    >>> plot_top_customers(table).lines[0].get_xdata().tolist()
    [90.0, 50.0]
    """
    of = table.columns[0]
    ax, place = new_axes(ax, height=1.5 + 0.27 * len(table)), np.arange(len(table))
    level, (low, high) = table.attrs.get("level", 0.95), TOP_COLUMNS[of]
    names = pick(
        lang, zh=("预期值", "参数区间", "结果区间"), en=("expectation", "parameter interval", "outcome interval")
    )
    ax.hlines(place, table[low], table[high], color=INK, linewidth=1, label=f"{level:.0%} {names[2]}")
    ax.hlines(place, table[f"{of}_low"], table[f"{of}_high"], color=BLUE, linewidth=5, alpha=0.55,
              label=f"{level:.0%} {names[1]}")  # fmt: skip
    ax.plot(table[of], place, linestyle="none", marker="o", color=BLUE, markeredgecolor="white", markersize=7,
            label=names[0])  # fmt: skip
    ax.set_yticks(place, [short(name) for name in table.index], parse_math=False)
    ax.set_ylim(len(table) - 0.4, -0.6)
    ax.set_xlim(left=0)
    ax.grid(False, axis="y")
    thousands(ax, x=True)
    term = pick(lang, **dict(zip(("zh", "en"), VALUE[of])))
    ahead = table.attrs.get("horizon")
    if ahead is not None and np.isfinite(ahead):
        within = span(ahead, table.attrs.get("unit", ""), lang)
        term = pick(lang, zh=f"未来 {within}的{term}", en=f"{term} in {within}")
    money = currency or table.attrs.get("currency", "") if of == "clv" else ""
    label_axes(ax, x=bracket(term, money, lang), y=pick(lang, zh="客户", en="customer"))
    legend_above(ax)
    best = table.iloc[0]
    return describe(ax, pick(
        lang,
        zh=f"点图：{term}最高的 {len(table)} 位客户，每位带参数区间与更宽的结果区间。最高的是 {table.index[0]}，"
           f"预期 {number(best[of])}，实际可能在 {number(best[low])} 与 {number(best[high])} 之间。",
        en=f"Dots with two intervals: the {len(table)} customers with the highest {term}. The first,"
           f" {table.index[0]}, is expected at {number(best[of])}; the outcome may lie between {number(best[low])} and"
           f" {number(best[high])}.",
    ))  # fmt: skip


@plot
def plot_value_deciles(table: pd.DataFrame, *, of: str = "clv", ax: Axes | None = None, lang: str = "en") -> Axes:
    """Share of all value in each tenth of the customers, and added up, from `value_shares.value_deciles`.

    Parameters
    ----------
    table : pandas.DataFrame
    of : str
        What the value is: ``clv`` or ``expected_purchases``.
    ax : matplotlib.axes.Axes, optional
    lang : {"en", "zh"}

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> from crm_analysis.clv.views.value_shares import value_deciles
    >>> [round(float(bar.get_height()), 1) for bar in plot_value_deciles(value_deciles([7, 1, 1, 1], parts=2)).patches]
    [0.8, 0.2]
    """
    ax, parts = new_axes(ax), len(table)
    total = table["value_share"].cumsum()
    label = pick(lang, zh="本组占比", en="this part"), pick(lang, zh="累计占比", en="added up")
    ax.bar(np.arange(parts), table["value_share"], color=BLUE, alpha=0.9, label=label[0])
    ax.plot(np.arange(parts), total, color=ORANGE, marker="o", markersize=4, label=label[1])
    for at, share in enumerate(table["value_share"]):
        shift, va, colour = (-7, "top", "white") if share >= INSIDE else (3, "bottom", INK)
        ax.annotate(f"{share:.1%}", (at, share), xytext=(0, shift), textcoords="offset points", ha="center", va=va,
                    fontsize=9, color=colour)  # fmt: skip
    ax.set_xticks(np.arange(parts), table["decile"])
    room_for(ax, parts)
    ax.set_ylim(0, 1.06)
    ax.grid(False, axis="x")
    percent(ax, y=True)
    term = pick(lang, **dict(zip(("zh", "en"), VALUE.get(of, (of, of)))))
    label_axes(ax, x=pick(lang, zh=f"按{term}分为 {parts} 等份的客户（1 为最高）",
                          en=f"customers in {parts} equal parts by {term} (1 is best)"),
               y=pick(lang, zh=f"{term}占比", en=f"share of {term}"))  # fmt: skip
    legend_above(ax)
    first, last = table["value_share"].iloc[[0, -1]]
    return describe(ax, pick(
        lang,
        zh=f"柱状图：客户按{term}由高到低分为 {parts} 等份，各份占总价值的比例及累计。"
           f"第 1 份占 {first:.1%}，最后一份占 {last:.1%}。",
        en=f"Bars: share of all {term} in each of {parts} equal parts of the customers, best first, and added up. The"
           f" first part has {first:.1%}, the last {last:.1%}.",
    ))  # fmt: skip
