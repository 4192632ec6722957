"""What maps over recency and frequency share: axes, the name of the measure, dots where customers are."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from crm_analysis.clv.plots.parts import ORANGE, bracket, label_axes, legend_above, number, pick, span, units
from crm_analysis.clv.views.maps import customers_at

LARGEST = 150.0  # area of the largest dot
MEASURES = {
    "p_alive": ("存活概率", "P(alive)"),
    "expected_purchases": ("预期购买次数", "expected purchases"),
    "discounted_purchases": ("折现后的预期购买次数", "discounted expected purchases"),
    "clv": ("客户终身价值", "customer lifetime value"),
}


def measure_label(table: pd.DataFrame, currency: str, lang: str) -> str:
    """Return what the map shows, with its horizon or currency."""
    measure = table.attrs["measure"]
    zh, en = MEASURES.get(measure, (str(measure), str(measure)))
    term = pick(lang, zh=zh, en=en)
    if measure == "expected_purchases" and "horizon" in table.attrs:
        ahead = span(table.attrs["horizon"], table.attrs.get("unit", ""), lang)
        term = pick(lang, zh=f"未来 {ahead}的{term}", en=f"{term} in {ahead}")
    return bracket(term, currency if measure == "clv" else "", lang)


def map_axes(ax: Axes, table: pd.DataFrame, lang: str) -> None:
    """Say what the axes are: the time of the last purchase from left to right, repeat purchases upwards."""
    T, unit = number(table.attrs["T"]), units(table.attrs.get("unit", ""), lang)
    ax.grid(False)
    ax.yaxis.set_major_locator(MaxNLocator(8, integer=True))
    x = pick(
        lang,
        zh=f"最后一次购买距首次购买的时间（{unit}；右端为今天，T = {T}）",
        en=f"last purchase, {unit} after the first (right end: today, T = {T})",
    )
    label_axes(ax, x=x, y=pick(lang, zh="重复购买次数", en="repeat purchases (frequency)"))


def draw_customers(
    ax: Axes, table: pd.DataFrame, customers: object, *, lang: str, handles: list | None = None
) -> pd.DataFrame | None:
    """Draw customers as dots, their area by number, and the legend; return their counts."""
    handles, counted = list(handles or []), None
    if customers is not None:
        counted = customers_at(customers, T=table.attrs["T"], most=len(table) - 1)
        shown = counted[counted["frequency"] > 0]
        most = shown["customers"].max() if len(shown) else 0
        ax.scatter(shown["recency"], shown["frequency"], s=LARGEST * shown["customers"] / (most or 1), color=ORANGE,
                   alpha=0.8, edgecolor="white", linewidth=0.6, zorder=3)  # fmt: skip
        label = pick(lang, zh=f"客户（最大的点：{most:,.0f} 位）", en=f"customers (largest dot: {most:,.0f})")
        handles.append(Line2D([], [], marker="o", color=ORANGE, linestyle="none", markersize=8, label=label))
    if handles:
        legend_above(ax, columns=3, handles=handles)
    return counted


def customers_alt(counted: pd.DataFrame | None, lang: str) -> str:
    """Return how many customers are on the map, in words."""
    if counted is None:
        return ""
    on, away = counted["customers"].sum(), counted.attrs["customers_away"]
    return pick(
        lang,
        zh=f"图上有 {on:,.0f} 位客户，{away:,.0f} 位的 T 相差较大或次数更多，未画出。",
        en=f" {on:,.0f} customers are on the map; {away:,.0f} with another T or more purchases are not.",
    )
