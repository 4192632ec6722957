"""Plots of campaigns: the profit curve, the break-even, the best share for each acceptance, a budget."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from crm_analysis.churn.money.budget import BudgetUse
from crm_analysis.churn.money.campaign import Campaign, break_even
from crm_analysis.churn.money.maximum import ExpectedMaximum
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
from crm_analysis.figures import INK, describe, new_axes, plot
from crm_analysis.words import word

MOST_POINTS = 400  # of a drawn curve; more cannot be seen


@plot
def plot_profit_curve(
    curve: pd.DataFrame,
    *,
    threshold: float | None = None,
    currency: str = "",
    ax: Axes | None = None,
    lang: str = "en",
) -> Axes:
    """Profit per customer against the share contacted, with its band, both ends and the chosen threshold marked.

    Parameters
    ----------
    curve : pandas.DataFrame
        From `money.curve.profit_curve`.
    threshold : float, optional
        Chance of churn from which customers are contacted, such as the break-even (or expected profit, where the curve
        ranks by it).
    currency : str
    ax : matplotlib.axes.Axes, optional
    lang : {"en", "zh"}

    Examples
    --------
    >>> from crm_analysis.churn.money.curve import profit_curve
    >>> ax = plot_profit_curve(profit_curve([0.9, 0.5, 0.1], [1, 0, 0], Campaign(), draws=20))
    >>> ax.lines[0].get_xdata().round(3).tolist()
    [0.0, 0.333, 0.667, 1.0]
    """
    ax, by = new_axes(ax), curve.attrs.get("rank_by", "churn_probability")
    shown = curve.iloc[np.unique(np.linspace(0, len(curve) - 1, MOST_POINTS).astype(int))]
    x = shown["contacted_share"]
    ax.plot(x, shown["profit"], color=BLUE, label=word("profit", lang))
    if shown["profit_low"].notna().any():
        ax.fill_between(x, shown["profit_low"], shown["profit_high"], color=BLUE, alpha=0.15, linewidth=0,
                        label=pick(lang, zh="区间（按客户自助抽样）",
                                   en="interval (bootstrap of customers)"))  # fmt: skip
    ax.axhline(0, color=INK, linewidth=0.8)
    last = curve.iloc[-1]
    marks = [("s", GREY, word("contact_none", lang), 0.0, 0.0),
             ("D", ORANGE, word("contact_all", lang), 1.0, last["profit"])]  # fmt: skip
    if threshold is not None:
        row = curve[curve["threshold"] >= threshold].iloc[-1]
        from_here = number(threshold) if by == "expected_profit" else f"{threshold:.1%}"
        name = pick(lang, zh=f"{word(by, 'zh')} ≥ {from_here} 者", en=f"{word(by, 'en')} from {from_here}")
        marks.append(("o", GREEN, name, row["contacted_share"], row["profit"]))
    for marker, color, name, at, profit in marks:
        ax.plot(
            [at],
            [profit],
            marker,
            color=color,
            markersize=8,
            label=pick(lang, zh=f"{name}：{number(profit)}", en=f"{name}: {number(profit)}"),
            zorder=4,
        )
    ax.set_xlim(-0.02, 1.02)
    percent(ax, x=True)
    thousands(ax, y=True)
    label_axes(ax, x=pick(lang, zh=f"联系比例（{word(by, 'zh')}由高到低）",
                          en=f"share of customers contacted, highest {word(by, 'en')} first"),
               y=bracket(word("profit", lang), currency, lang))  # fmt: skip
    legend_above(ax, columns=3)
    listed = ", ".join(f"{name} {number(profit)}" for _, _, name, _, profit in marks)
    return describe(ax, pick(
        lang,
        zh=f"利润曲线：横轴为联系比例，纵轴为平均每位客户的利润。{listed.replace(', ', '，')}。",
        en=f"Profit curve: profit per customer over the share contacted. {listed}.",
    ))  # fmt: skip


@plot
def plot_break_even(
    campaign: Campaign,
    *,
    customers: pd.DataFrame | None = None,
    clv: ArrayLike | None = None,
    currency: str = "",
    ax: Axes | None = None,
    lang: str = "en",
) -> Axes:
    """Break-even chance of churn against a customer's value; above the curve a contact pays.

    Parameters
    ----------
    campaign : Campaign
    customers : pandas.DataFrame, optional
        churn_probability and clv of customers to draw as points, at most 1,000 of them, evenly from first to last.
    clv : array_like, optional
        Values of the x axis; by default from the offer to three times the value of the campaign, or to the 99 %
        quantile of the customers.
    currency : str
    ax : matplotlib.axes.Axes, optional
    lang : {"en", "zh"}

    Examples
    --------
    >>> ax = plot_break_even(Campaign(), clv=[100, 200])
    >>> ax.lines[0].get_ydata().round(3).tolist()
    [0.297, 0.164]
    """
    ax = new_axes(ax)
    if clv is None:
        top = 3 * campaign.clv if customers is None else float(np.quantile(customers["clv"], 0.99))
        clv = np.linspace(campaign.offer, max(top, campaign.offer + 1), 300)
    values, limit = np.asarray(clv, float), np.asarray(break_even(campaign, np.asarray(clv, float)))
    ax.plot(values, np.where(np.isfinite(limit), limit, np.nan), color=INK, linewidth=2, label=word("break_even", lang))
    if customers is not None:
        _points(ax, customers, campaign, lang)
    gamma = campaign.accept_mean
    never = campaign.offer + campaign.contact / gamma if gamma else np.inf
    low, high = float(values.min()), float(values.max())
    if low < never:
        ax.axvspan(low, min(never, high), color=SHADE, zorder=0,
                   label=pick(lang, zh="价值过低，联系不合算",
                              en="too little value: a contact never pays"))  # fmt: skip
    ax.set(xlim=(low, high), ylim=(0, 1))
    percent(ax, y=True)
    thousands(ax, x=True)
    label_axes(ax, x=bracket(word("clv", lang), currency, lang), y=word("churn_probability", lang))
    legend_above(ax, columns=3)
    at = float(break_even(campaign))
    return describe(ax, pick(
        lang,
        zh=f"曲线图：盈亏平衡概率随客户价值变化，价值越高，值得联系的流失概率越低。"
           f"价值为 {number(campaign.clv)} 时为 {at:.1%}；价值不超过 {number(never)} 时联系不合算。",
        en=f"Curve: break-even chance of churn over the customer's value; the higher the value, the lower the chance "
           f"from"
           f" which a contact pays. At a value of {number(campaign.clv)} it is {at:.1%}; up to {number(never)} a "
           f"contact"
           f" never pays.",
    ))  # fmt: skip


@plot
def plot_expected_maximum(
    found: ExpectedMaximum, campaign: Campaign, *, ax: Axes | None = None, lang: str = "en"
) -> Axes:
    """The best share to contact for each acceptance there may be, with the distribution of acceptance behind it.

    Parameters
    ----------
    found : ExpectedMaximum
        From `money.maximum.expected_maximum_profit` with the same campaign.
    campaign : Campaign
    ax : matplotlib.axes.Axes, optional
    lang : {"en", "zh"}

    Examples
    --------
    >>> from crm_analysis.churn.money.maximum import expected_maximum_profit
    >>> ax = plot_expected_maximum(expected_maximum_profit([0.1, 0.2], [0, 1], Campaign()), Campaign())
    >>> ax.lines[0].get_ydata().tolist()
    [0.0, 0.0, 0.5, 0.5]
    """
    ax, table = new_axes(ax), found.plans
    edges = np.column_stack([table["accept_from"], table["accept_to"]]).ravel()
    ax.plot(edges, np.repeat(table["contacted_share"], 2), color=BLUE, linewidth=2,
            label=pick(lang, zh="最优联系比例", en="best share to contact"))  # fmt: skip
    if isinstance(campaign.accept, tuple):
        x = np.linspace(0.001, 0.999, 400)
        (alpha, beta) = campaign.accept
        density = np.exp((alpha - 1) * np.log(x) + (beta - 1) * np.log1p(-x))
        ax.fill_between(x, 0.6 * density / density.max(), color=GREY, alpha=0.2, linewidth=0,
                        label=pick(lang, zh="接受率的分布（仅示形状）",
                                   en="distribution of acceptance (shape only)"))  # fmt: skip
    ax.axvline(campaign.accept_mean, color=ORANGE, linestyle="--",
               label=pick(lang, zh=f"平均接受率 {campaign.accept_mean:.0%}",
                          en=f"mean acceptance {campaign.accept_mean:.0%}"))  # fmt: skip
    ax.set(xlim=(0, 1), ylim=(0, 1.03))
    percent(ax, x=True, y=True)
    label_axes(ax, x=word("accept", lang), y=word("contacted_share", lang))
    legend_above(ax, columns=3)
    return describe(ax, pick(
        lang,
        zh=f"阶梯图：横轴为接受率，纵轴为该接受率下利润最大的联系比例，共 {len(table)} 档。"
           f"期望最大利润为每位客户 {number(found.profit)}，平均联系 {found.contacted_share:.1%} 的客户。",
        en=f"Steps: the share contacted at the highest profit over the acceptance, {len(table)} steps. The expected "
           f"maximum profit is {number(found.profit)} per customer, contacting {found.contacted_share:.1%} on average.",
    ))  # fmt: skip


@plot
def plot_budget(found: BudgetUse, *, currency: str = "", ax: Axes | None = None, lang: str = "en") -> Axes:
    """Expected profit against the budget, with the budget at hand marked.

    Parameters
    ----------
    found : BudgetUse
        From `money.budget.spend_budget`.
    currency : str
    ax : matplotlib.axes.Axes, optional
    lang : {"en", "zh"}

    Examples
    --------
    >>> from crm_analysis.churn.money.budget import spend_budget
    >>> plot_budget(spend_budget([0.9, 0.5], Campaign(), budget=5)).lines[0].get_ydata().round(1).tolist()
    [0.0, 49.3, 71.8]
    """
    ax = new_axes(ax)
    curve = found.curve.iloc[np.unique(np.linspace(0, len(found.curve) - 1, MOST_POINTS).astype(int))]
    ax.plot(curve["budget"], curve["expected_profit"], color=BLUE,
            label=pick(lang, zh="期望利润", en="expected profit"))  # fmt: skip
    full, most = found.curve["budget"].iloc[-1], found.curve["expected_profit"].iloc[-1]
    chosen = int(found.table["chosen"].sum())
    ax.plot([found.cost], [found.profit], "o", color=ORANGE, markersize=8, zorder=4,
            label=pick(lang, zh=f"现有预算：{chosen:,} 位客户，{number(found.profit)}",
                       en=f"the budget at hand: {chosen:,} customers, {number(found.profit)}"))  # fmt: skip
    ax.plot([full], [most], "D", color=GREEN, markersize=7, zorder=4,
            label=pick(lang, zh=f"联系所有值得联系者：{number(most)}",
                       en=f"all who are worth it: {number(most)}"))  # fmt: skip
    thousands(ax, x=True, y=True)
    ax.set_xlim(left=min(0.0, -0.02 * full))
    label_axes(ax, x=bracket(pick(lang, zh="预算（预计支出）", en="budget (expected outlay)"), currency, lang),
               y=bracket(pick(lang, zh="期望利润合计", en="expected profit, total"), currency, lang))  # fmt: skip
    legend_above(ax, columns=3)
    return describe(ax, pick(
        lang,
        zh=f"曲线图：横轴为预算，纵轴为期望利润合计，先联系单位成本利润最高的客户，增幅递减。"
           f"支出 {number(found.cost)} 时利润 {number(found.profit)}；支出 {number(full)} 时最高，为 {number(most)}。",
        en=f"Curve: total expected profit over the budget, rising ever more slowly, as the best profit per cost comes "
           f"first. An outlay of {number(found.cost)} earns {number(found.profit)}; the most, {number(most)}, takes "
           f"{number(full)}.",
    ))  # fmt: skip


def _points(ax: Axes, customers: pd.DataFrame, campaign: Campaign, lang: str) -> None:
    rows = customers.iloc[np.unique(np.linspace(0, len(customers) - 1, 1000).astype(int))]
    pays = rows["churn_probability"].to_numpy() >= np.asarray(break_even(campaign, rows["clv"].to_numpy(float)))
    for part, marker, color, name in (
        (rows[pays], "o", ORANGE, pick(lang, zh="值得联系的客户", en="customers worth contacting")),
        (rows[~pays], "x", BLUE, pick(lang, zh="其他客户", en="other customers")),
    ):
        ax.scatter(part["clv"], part["churn_probability"], s=12, marker=marker, color=color, alpha=0.5, linewidth=0.8,
                   label=name)  # fmt: skip
