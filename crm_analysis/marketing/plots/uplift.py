"""Plots of uplift: the Qini curve, the effect by group of score, risk beside effect, what targeting is worth."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from crm_analysis.errors import InputError
from crm_analysis.figures import FAMILY, INK, describe, new_axes, plot
from crm_analysis.intervals import Estimate
from crm_analysis.marketing.plots.parts import (
    BLUE,
    GREY,
    ORANGE,
    label_axes,
    legend_above,
    pick,
    plain_axis,
    points_axis,
    whiskers,
    zero_line,
)
from crm_analysis.marketing.uplift.qini import Qini
from crm_analysis.words import word


@plot
def plot_qini(found: Qini, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Draw the Qini curve with its band, and the straight line of a random order.

    Parameters
    ----------
    found : Qini
    ax : matplotlib.axes.Axes, optional
    lang : {"en", "zh"}

    Examples
    --------
    >>> from crm_analysis.marketing.uplift.qini import qini
    >>> found = qini([4, 3, 2, 1], [1, 0, 1, 0], [1, 0, 0, 1], draws=50)
    >>> plot_qini(found).get_xlabel()
    'customers treated, best scored first'
    """
    ax = new_axes(ax)
    curve, steps = found.curve, found.steps
    ax.plot(steps["share"], steps["qini"], color=BLUE, linewidth=1.8, label=word("qini", lang))
    ax.plot([0, 1], [0, steps["qini"].iloc[-1]], color=INK, linewidth=1.2, linestyle="--", label=word("random", lang))
    if curve["qini_low"].notna().any():
        ax.fill_between(curve["share"], curve["qini_low"], curve["qini_high"], color=BLUE, alpha=0.18, linewidth=0,
                        label=pick(lang, zh=f"{found.level:.0%} 区间", en=f"{found.level:.0%} interval"))  # fmt: skip
    ax.set_xlim(0, 1)
    plain_axis(ax, x=True, percent=True)
    points_axis(ax, y=True)
    label_axes(ax, x=pick(lang, zh="触达的客户占比（得分高者先）", en="customers treated, best scored first"),
               y=pick(lang, zh="多得的好结果（百分点，占处理组客户）",
                      en="good outcomes gained\n(percentage points of the treated)"))  # fmt: skip
    legend_above(ax)
    q = found.coefficient
    return describe(
        ax,
        pick(
            lang,
            zh=f"Qini 曲线（{found.customers:,} 行），虚线为随机次序，两者之间的面积即 Qini 系数 {q:+.4f}；全"
            "部触达的增量为"
            f" {found.ate.value:+.2%}。",
            en=f"Qini curve of {found.customers:,} rows, dashed line a random order; the area between them is the Qini"
            f" coefficient {q:+.4f}; treating everybody gains {found.ate.value:+.2%}.",
        ),
    )


@plot
def plot_uplift_by_decile(table: pd.DataFrame, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Draw the measured effect of each group of the score as bars with limits; hatched where there are few customers.

    Parameters
    ----------
    table : pandas.DataFrame
        From `uplift_by_decile`.
    ax : matplotlib.axes.Axes, optional
    lang : {"en", "zh"}

    Examples
    --------
    >>> table = pd.DataFrame({"score_group": [1, 2], "customers": 9, "uplift": [0.1, -0.1], "uplift_low": [0.0, -0.2],
    ...                       "uplift_high": [0.2, 0.0], "few_customers": False})
    >>> [float(bar.get_height()) for bar in plot_uplift_by_decile(table).patches]
    [0.1, -0.1]
    """
    ax = new_axes(ax)
    place = np.arange(len(table))
    _effect_bars(ax, place, table)
    names = [f"{group}\n({n:,})" for group, n in zip(table["score_group"], table["customers"])]
    ax.set_xticks(place, names, linespacing=1.35)
    points_axis(ax, y=True)
    label_axes(
        ax,
        x=pick(lang, zh="得分组，1 为最高（括号内为客户数）", en="score group, 1 is highest (number of customers)"),
        y=pick(lang, zh="增量（百分点）", en="uplift (percentage points)"),
    )
    _sign_legend(ax, table, lang)
    first, last = (_one(row, "uplift") for row in (table.iloc[0], table.iloc[-1]))
    return describe(ax, pick(
        lang, zh=f"柱形图：按得分由高到低 {len(table)} 组的实测增量及区间。最高组 {first:+.1%}，最低组 {last:+.1%}。",
        en=f"Bars with limits: measured uplift in {len(table)} groups by score. Highest group {first:+.1%}, lowest"
           f" {last:+.1%}."))  # fmt: skip


@plot
def plot_risk_and_uplift(table: pd.DataFrame, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Draw the effect of treating against the risk, group by group: dots measured, line predicted.

    Parameters
    ----------
    table : pandas.DataFrame
        ``RiskAndUplift.table``: risk_group, risk_mean, and uplift with limits or predicted_uplift or both.
    ax : matplotlib.axes.Axes, optional
    lang : {"en", "zh"}

    Raises
    ------
    InputError
        If the table holds neither measured nor predicted effects.

    Examples
    --------
    >>> table = pd.DataFrame({"risk_group": [1, 2], "risk_mean": [0.8, 0.2], "predicted_uplift": [0.0, 0.1]})
    >>> plot_risk_and_uplift(table).lines[0].get_ydata().tolist()
    [0.0, 0.1]
    """
    if not {"uplift", "predicted_uplift"} & set(table):
        raise InputError("the table holds neither uplift nor predicted_uplift", expected="the table of risk_and_uplift",
                         zh="表中没有增量")  # fmt: skip
    ax = new_axes(ax)
    place = np.arange(len(table))
    if "predicted_uplift" in table:
        ax.plot(place, table["predicted_uplift"], color=ORANGE, marker="s", markerfacecolor="white",
                label=word("predicted_uplift", lang))  # fmt: skip
    if "uplift" in table:
        hollow = table.get("few_customers")
        whiskers(
            ax,
            place,
            table,
            "uplift",
            hollow=hollow,
            label=pick(lang, zh="实测增量（带区间）", en="measured uplift (interval)"),
        )
    zero_line(ax)
    names = [f"{group}\n{risk:.2f}" for group, risk in zip(table["risk_group"], table["risk_mean"])]
    ax.set_xticks(place, names, linespacing=1.35)
    points_axis(ax, y=True)
    label_axes(
        ax,
        x=pick(
            lang, zh="风险组，1 为风险最高（下方为平均风险）", en="risk group, 1 is the highest risk (mean risk below)"
        ),
        y=pick(lang, zh="增量（百分点）", en="uplift (percentage points)"),
    )
    legend_above(ax)
    kind = "uplift" if "uplift" in table else "predicted_uplift"
    first, last = (_one(row, kind) for row in (table.iloc[0], table.iloc[-1]))
    return describe(ax, pick(
        lang, zh=f"点图：各风险组的{word(kind, lang)}。风险最高组 {first:+.1%}，最低组 {last:+.1%}。",
        en=f"Points: {word(kind, lang)} by group of risk. Highest risk {first:+.1%}, lowest {last:+.1%}."))  # fmt: skip


@plot
def plot_policy(table: pd.DataFrame, *, currency: str = "", ax: Axes | None = None, lang: str = "en") -> Axes:
    """Draw the gain by the share of customers treated, from nobody to everybody, best scored first.

    Parameters
    ----------
    table : pandas.DataFrame
        From `policy_table`.
    currency : str
        Unit of the gain; without one, good outcomes.
    ax : matplotlib.axes.Axes, optional
    lang : {"en", "zh"}

    Examples
    --------
    >>> table = pd.DataFrame({"policy": ["treat_nobody", "treat_everybody"], "share": [0.0, 1.0],
    ...     "gain_per_1000": [0.0, 9.0], "gain_per_1000_low": [0.0, 5.0], "gain_per_1000_high": [0.0, 13.0]})
    >>> plot_policy(table).lines[0].get_ydata().tolist()
    [0.0, 9.0]
    """
    ax = new_axes(ax)
    share, gain = table["share"].to_numpy(float), table["gain_per_1000"].to_numpy(float)
    ax.plot(share, gain, color=BLUE, linewidth=1.2)
    whiskers(
        ax,
        share,
        table,
        "gain_per_1000",
        label=pick(lang, zh="得分高者先（带区间）", en="best scored first (interval)"),
    )
    ax.plot([0, 1], [gain[0], gain[-1]], color=GREY, linestyle="--", linewidth=1.2,
            label=pick(lang, zh="随机挑选", en="chosen at random"))  # fmt: skip
    zero_line(ax)
    ax.set_xlim(-0.03, 1.03)
    plain_axis(ax, x=True, percent=True)
    plain_axis(ax, y=True)
    unit = currency or pick(lang, zh="好结果数", en="good outcomes")
    label_axes(ax, x=pick(lang, zh="触达的客户占比", en="customers treated"),
               y=pick(lang, zh=f"每千位客户净收益（{unit}）", en=f"gain per 1,000 customers ({unit})"))  # fmt: skip
    legend_above(ax)
    best = table.loc[table["gain_per_1000"].idxmax()]
    everybody = _one(table.iloc[-1], "gain_per_1000")
    return describe(ax, pick(
        lang, zh=f"折线图：每千位客户净收益（{unit}）随触达比例的变化。表中最高为触达 {best['share']:.0%} 时的"
                 f" {_one(best, 'gain_per_1000'):+,.0f}；全部触达为 {everybody:+,.0f}。",
        en=f"Line: gain per 1,000 customers ({unit}) by the share treated. Highest in the table at"
           f" {best['share']:.0%}: {_one(best, 'gain_per_1000'):+,.0f}; everybody {everybody:+,.0f}."))  # fmt: skip


def _effect_bars(ax: Axes, place: np.ndarray, table: pd.DataFrame) -> None:
    value, low, high = (table[f"uplift{end}"].to_numpy(float) for end in ("", "_low", "_high"))
    bars = ax.bar(place, value, width=0.62, color=[BLUE if v >= 0 else ORANGE for v in value])
    for bar, few in zip(bars, table["few_customers"]):
        if few:
            bar.set(facecolor="white", edgecolor=GREY, hatch="///")
    error = np.nan_to_num([np.maximum(value - low, 0), np.maximum(high - value, 0)])
    ax.errorbar(place, value, yerr=error, fmt="none", color=INK, capsize=3)
    ax.axhline(0, color=INK, linewidth=1)
    ax.grid(axis="x", visible=False)


def _sign_legend(ax: Axes, table: pd.DataFrame, lang: str) -> None:
    keys = [
        Patch(color=BLUE, label=pick(lang, zh="估计为正", en="estimate above 0")),
        Patch(color=ORANGE, label=pick(lang, zh="估计为负", en="estimate below 0")),
        Line2D([], [], color=INK, marker="|", linestyle="-", label=pick(lang, zh="区间", en="interval")),
    ]
    if table["few_customers"].any():
        keys.append(Patch(facecolor="white", edgecolor=GREY, hatch="///", label=word("few_customers", lang)))
    ax.legend(handles=keys, loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=4, borderaxespad=0.2,
              prop={"family": FAMILY, "size": 9.5})  # fmt: skip


def _one(row: pd.Series, name: str) -> Estimate:
    low, high = (float(row.get(f"{name}_{end}", float("nan"))) for end in ("low", "high"))
    return Estimate(float(row[name]), low, high)
