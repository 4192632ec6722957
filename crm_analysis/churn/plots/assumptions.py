"""Plots of what a decision rests on: assumptions moved one and two at a time, and the claim on loyalty."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch, Rectangle

from crm_analysis.churn.money.campaign import Campaign
from crm_analysis.churn.money.loyalty import gain
from crm_analysis.churn.money.loyalty_claim import LoyaltyClaim
from crm_analysis.churn.money.sensitivity import Sensitivity
from crm_analysis.clv.plots.parts import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    SHADE,
    bracket,
    label_axes,
    legend_above,
    number,
    percent,
    pick,
    thousands,
)
from crm_analysis.errors import InputError
from crm_analysis.figures import FAMILY, INK, PALETTE, describe, new_axes, plot
from crm_analysis.words import word

SPACING = 1.35  # of two lines of text
LINES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)))
HATCHES = {"contact_none": "xxx", "contact_some": "", "contact_all": "///"}
HIGHEST = 1.5  # gain drawn in the plot of the claim


@plot
def plot_sensitivity(found: Sensitivity, *, currency: str = "", ax: Axes | None = None, lang: str = "en") -> Axes:
    """Tornado: the profit of the best decision as each assumption goes from least to most; hatched if it changes.

    Parameters
    ----------
    found : Sensitivity
        From `money.sensitivity.sensitivity`.
    currency : str
    ax : matplotlib.axes.Axes, optional
    lang : {"en", "zh"}

    Examples
    --------
    >>> from crm_analysis.churn.money.sensitivity import sensitivity
    >>> ax = plot_sensitivity(sensitivity([0.9, 0.1], [1, 0], Campaign()))
    >>> len(ax.patches)
    8
    """
    table = found.table
    ax, place = new_axes(ax, height=3.6), np.arange(len(table))
    for end, color in (("least", BLUE), ("most", ORANGE)):
        profit = table[f"profit_at_{end}"].to_numpy()
        bars = ax.barh(place, profit - found.profit, left=found.profit, color=color, alpha=0.8, height=0.6)
        for bar, value, name, changed in zip(
            bars, table[end], table.index, table[f"decision_at_{end}"] != found.decision
        ):
            bar.set(hatch="///" if changed else "", edgecolor="white", linewidth=0)
            right = bar.get_width() > 0 or (bar.get_width() == 0 and end == "most")
            at = found.profit + bar.get_width(), bar.get_y() + 0.3
            ax.annotate(_value(name, value), at, xytext=(4 if right else -4, 0), textcoords="offset points",
                        fontsize=9, va="center", ha="left" if right else "right")  # fmt: skip
    ax.axvline(found.profit, color=INK, linewidth=1)
    ax.set_yticks(place, [bracket(word(name, lang), _value(name, base), lang)
                          for name, base in table["base_value"].items()], parse_math=False)  # fmt: skip
    ax.invert_yaxis()
    ax.grid(False, axis="y")
    ax.margins(x=0.12)
    thousands(ax, x=True)
    label_axes(ax, x=bracket(word("profit", lang), currency, lang))
    ends = [
        Patch(facecolor=color, alpha=0.8, label=word(end, lang)) for end, color in (("least", BLUE), ("most", ORANGE))
    ]
    changed = Patch(
        facecolor="white", edgecolor=INK, hatch="///", label=pick(lang, zh="决定改变", en="decision changes")
    )
    legend_above(ax, handles=[*ends, changed])
    first = table.iloc[0]
    return describe(ax, pick(
        lang,
        zh=f"龙卷风图：各假设取最小值与最大值时平均每位客户的利润，基准为 {number(found.profit)}。"
           f"影响最大的是{word(table.index[0], 'zh')}：{number(first['profit_at_least'])} 至 "
           f"{number(first['profit_at_most'])}。",
        en=f"Tornado: profit per customer with each assumption at its least and most, from a base of "
           f"{number(found.profit)}. The {word(table.index[0], 'en')} matters most: {number(first['profit_at_least'])} "
           f"to {number(first['profit_at_most'])}.",
    ))  # fmt: skip


@plot
def plot_sensitivity_grid(
    grid: pd.DataFrame,
    *,
    campaign: Campaign | None = None,
    currency: str = "",
    ax: Axes | None = None,
    lang: str = "en",
) -> Axes:
    """Map of two assumptions: colour is profit, hatching the decision to contact nobody or all.

    Parameters
    ----------
    grid : pandas.DataFrame
        From `money.sensitivity.sensitivity_grid`: the first two columns are the assumptions.
    campaign : Campaign, optional
        Its assumptions are marked by a dot.
    currency : str
    ax : matplotlib.axes.Axes, optional
    lang : {"en", "zh"}

    Examples
    --------
    >>> from crm_analysis.churn.money.sensitivity import sensitivity_grid
    >>> ax = plot_sensitivity_grid(sensitivity_grid([0.9, 0.1], [1, 0], Campaign(), steps=3))
    >>> ax.collections[0].get_array().size
    9
    """
    ax, (first, second) = new_axes(ax, height=4.4), grid.columns[:2]
    wide = {
        name: grid.pivot_table(index=second, columns=first, values=name, aggfunc="first")
        for name in ("profit", "decision")
    }
    x, y = (wide["profit"].columns.to_numpy(float), wide["profit"].index.to_numpy(float))
    mesh = ax.pcolormesh(x, y, wide["profit"].to_numpy(float), cmap="Blues", shading="nearest")
    colors = ax.figure.colorbar(mesh, ax=ax)
    colors.set_label(bracket(word("profit", lang), currency, lang), parse_math=False, fontfamily=FAMILY)
    decisions = [name for name in HATCHES if (wide["decision"] == name).any(axis=None)]
    for name in decisions:
        cells = zip(*np.nonzero((wide["decision"] == name).to_numpy())) if HATCHES[name] else ()
        for row, column in cells:
            ax.add_patch(_cell(x, y, row, column, hatch=HATCHES[name]))
    if campaign is not None:
        base = {key: getattr(campaign, key) for key in ("offer", "contact", "clv")} | {"accept": campaign.accept_mean}
        ax.plot([base[first]], [base[second]], "o", color=ORANGE, markersize=8, markeredgecolor="white", zorder=5)
    legend_above(ax, handles=[Patch(facecolor="#DDE8F3", edgecolor=INK, linewidth=0.5, hatch=HATCHES[name],
                                    label=word(name, lang)) for name in decisions])  # fmt: skip
    ax.grid(False)
    percent(ax, x=first == "accept", y=second == "accept")
    thousands(ax, x=first != "accept", y=second != "accept")
    label_axes(ax, x=_axis(first, currency, lang), y=_axis(second, currency, lang))
    shares = ", ".join(f"{word(name, lang)} {(grid['decision'] == name).mean():.0%}" for name in decisions)
    return describe(ax, pick(
        lang,
        zh=f"热力图：横轴为{word(first, 'zh')}，纵轴为{word(second, 'zh')}，颜色为平均每位客户的利润，"
           f"最高 {number(grid['profit'].max())}。各种决定所占的格子：{shares.replace(', ', '，')}。",
        en=f"Heat map: {word(first, 'en')} and {word(second, 'en')}, coloured by profit per customer, at most "
           f"{number(grid['profit'].max())}. Decisions by share of cells: {shares}.",
    ))  # fmt: skip


@plot
def plot_loyalty_claim(found: LoyaltyClaim, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Gain in value per customer stream over the retention rate, one line per discount, with the company marked.

    Parameters
    ----------
    found : LoyaltyClaim
        From `money.loyalty_claim.loyalty_claim`.
    ax : matplotlib.axes.Axes, optional
    lang : {"en", "zh"}

    Raises
    ------
    InputError
        If its table has more discount rates than can be told apart.

    Examples
    --------
    >>> from crm_analysis.churn.money.loyalty_claim import loyalty_claim
    >>> ax = plot_loyalty_claim(loyalty_claim(0.85))
    >>> len([line for line in ax.lines if len(line.get_xdata()) > 9])
    5
    """
    rates = found.table["annual_discount"]
    if len(rates) > len(LINES):
        raise InputError(f"{len(rates)} discount rates cannot be told apart", expected=f"at most {len(LINES)}",
                         zh=f"折现率不宜多于 {len(LINES)} 个")  # fmt: skip
    ax, points = new_axes(ax, height=4.4), f"{100 * found.points:.3g}"
    low, high = found.claim
    ax.axhspan(low, high, color=SHADE, zorder=0,
               label=pick(lang, zh=f"说法：{low:.0%}–{high:.0%}", en=f"claim: {low:.0%}–{high:.0%}"))  # fmt: skip
    r = np.linspace(min(0.5, found.retention.value), 1 - found.points, 300)
    for i, line, color in zip(rates, LINES, PALETTE):
        y = gain(r, i, found.points, found.margin_starts)
        ax.plot(r, np.where(y <= 2 * HIGHEST, y, np.nan), linestyle=line, color=color,
                label=pick(lang, zh=f"折现率 {i:.0%}", en=f"discount {i:.0%}"))  # fmt: skip
    rate = found.retention
    if np.isfinite(rate.low) and np.isfinite(rate.high):
        ax.axvspan(rate.low, rate.high, color=GREEN, alpha=0.15, linewidth=0)
    ax.axvline(rate.value, color=INK, linewidth=1,
               label=pick(lang, zh=f"本公司 {rate.value:.1%}", en=f"this company {rate.value:.1%}"))  # fmt: skip
    value = found.gain.value
    if value <= HIGHEST:
        ax.plot([rate.value], [value], "o", color=INK, markersize=7, zorder=4)
    ax.set(xlim=(r[0], 1), ylim=(0, HIGHEST))
    percent(ax, x=True, y=True)
    label_axes(ax, x=pick(lang, zh="年留存率", en="yearly retention rate"),
               y=pick(lang, zh=f"留存率提高 {points} 个百分点时\n每位客户今后价值的增幅",
                      en=f"gain in value per customer stream\nfrom {points} points of retention"))  # fmt: skip
    ax.yaxis.label.set_linespacing(SPACING)
    legend_above(ax, columns=4)
    return describe(ax, pick(
        lang,
        zh=f"曲线图：横轴为年留存率，纵轴为留存率提高 {100 * found.points:.3g} 个百分点带来的客户今后价值的增幅，"
           f"每条线对应一个折现率，"
           f"留存率越高、折现率越低，增幅越大。本公司留存率 {rate.value:.1%}，折现率 {found.discount:.0%} 时增幅 "
           f"{value:.1%}。",
        en=f"Curves: gain in value per customer stream from {100 * found.points:.3g} points of retention over the "
           f"yearly "
           f"retention rate, one line per discount; it rises with retention and falls with the discount. This company, "
           f"at {rate.value:.1%} and a discount of {found.discount:.0%}: {value:.1%}.",
    ))  # fmt: skip


def _cell(x: np.ndarray, y: np.ndarray, row: int, column: int, *, hatch: str) -> Rectangle:
    """Return the hatched cell of a map around a point of its grid."""
    wide, high = x[1] - x[0], y[1] - y[0]
    corner = x[column] - wide / 2, y[row] - high / 2
    return Rectangle(corner, wide, high, fill=False, hatch=hatch, edgecolor=GREY, linewidth=0)


def _axis(name: str, currency: str, lang: str) -> str:
    return word(name, lang) if name == "accept" else bracket(word(name, lang), currency, lang)


def _value(name: str, value: float) -> str:
    return f"{value:.1%}" if name == "accept" else number(value)
