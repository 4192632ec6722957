"""Plots of experiments: effects with intervals, the balance before, the power of a plan, the price of peeking."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, NullLocator

from crm_analysis.errors import InputError
from crm_analysis.figures import GRID, INK, describe, new_axes, plot
from crm_analysis.intervals import Estimate
from crm_analysis.marketing.experiments.experiment import Experiment
from crm_analysis.marketing.experiments.plan import Plan
from crm_analysis.marketing.plots.parts import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    covariate_word,
    label_axes,
    legend_above,
    pick,
    plain_axis,
    points_axis,
    short,
    whiskers,
    zero_line,
)
from crm_analysis.words import word

ARM_LOOKS = ((BLUE, "o"), (ORANGE, "s"), (GREEN, "^"), (PURPLE, "D"))


@plot
def plot_effects(
    found: Experiment, *, metrics: list[str] | None = None, relative: bool = True, ax: Axes | None = None,
    lang: str = "en",
) -> Axes:  # fmt: skip
    """Draw the effect of every arm on every metric as a dot with its interval, and the line of no effect.

    A full dot has an interval clear of 0, an empty one has not.

    Parameters
    ----------
    found : Experiment
    metrics : list of str, optional
        Metrics to show; default all.
    relative : bool
        Relative effects, which metrics of different units share; else effects in percentage points, shares only.
    ax : matplotlib.axes.Axes, optional
    lang : {"en", "zh"}

    Raises
    ------
    InputError
        If a metric was not measured, or effects of metrics that are no shares are to stand on one axis.

    Examples
    --------
    >>> from crm_analysis.marketing.experiments import experiment
    >>> people = pd.DataFrame({"arm": ["mail", "holdout"] * 200, "bought": [1, 0, 1, 1, 0, 0, 0, 0] * 50})
    >>> plot_effects(experiment(people, outcome="bought"), relative=False).get_xlabel()
    'effect (percentage points)'
    """
    table = found.effects if metrics is None else found.effects[found.effects["metric"].isin(metrics)]
    if metrics is not None and set(metrics) - set(table["metric"]):
        raise InputError(f"not measured: {', '.join(sorted(set(metrics) - set(table['metric'])))}",
                         expected=", ".join(map(str, found.effects["metric"].unique())), zh="没有这些指标")  # fmt: skip
    if not relative and len(table) and set(table["metric_kind"]) != {"kind_share"} and len(set(table["metric"])) > 1:
        raise InputError("metrics of different units cannot stand on one axis", mend="relative=True, or metrics=[one]",
                         zh="单位不同的指标不能画在同一坐标轴上")  # fmt: skip
    column = "relative_effect" if relative else "effect"
    ax = new_axes(ax, height=1.4 + 0.42 * len(table))
    place = np.arange(len(table))
    hollow = ~((table[f"{column}_low"] > 0) | (table[f"{column}_high"] < 0)).to_numpy()
    whiskers(ax, place, table, column, hollow=hollow, sideways=True)
    zero_line(ax, sideways=True)
    names = [short(f"{word(str(row.metric), lang)} / {word(str(row.arm), lang)}") for row in table.itertuples()]
    _rows(ax, names)
    share = set(table["metric_kind"]) == {"kind_share"}
    (points_axis if relative or share else plain_axis)(ax, x=True)
    unit = "%" if relative else pick(lang, zh="百分点", en="percentage points") if share else ""
    label_axes(ax, x=_with_unit(word(column, lang), unit, lang),
               y=f"{word('metric', lang)} / {word('arm', lang)}")  # fmt: skip
    scale, style = (100, "+.1f") if relative or share else (1, "+,.4g")
    parts = (table[column], table[f"{column}_low"], table[f"{column}_high"])
    read = [
        f"{name} {Estimate(*(scale * float(part) for part in row)):{style}}" for name, row in zip(names, zip(*parts))
    ]
    against = word(str(found.control), lang)
    return describe(
        ax,
        pick(
            lang,
            zh=f"森林图：各组相对{against}的{word(column, lang)}{f'（{unit}）' if unit else ''}及区间，虚线为无效果。"
            f"{'；'.join(read)}。",
            en=f"Forest plot of the {word(column, lang)} against {against}{f' ({unit})' if unit else ''} with"
            " intervals, dashed"
            f" line at no effect: {'; '.join(read)}.",
        ),
    )


@plot
def plot_balance(found: Experiment, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Draw the standardised differences of the covariates before the experiment (a love plot).

    Dotted lines at ±.1, which textbooks call small; with small arms chance alone goes beyond them.

    Parameters
    ----------
    found : Experiment
        With covariates.
    ax : matplotlib.axes.Axes, optional
    lang : {"en", "zh"}

    Raises
    ------
    InputError
        If the experiment has no covariates.

    Examples
    --------
    >>> from crm_analysis.marketing.experiments import experiment
    >>> people = pd.DataFrame({"arm": ["mail", "holdout"] * 20, "bought": [1, 0] * 20, "age": range(40)})
    >>> found = experiment(people, outcome="bought", covariates=["age"])
    >>> [tick.get_text() for tick in plot_balance(found).get_yticklabels()] == [word("age", "en")]
    True
    """
    table = found.balance
    if table.empty:
        raise InputError("the experiment has no covariates", mend="experiment(..., covariates=[...])",
                         zh="实验没有给出协变量")  # fmt: skip
    covariates = list(dict.fromkeys(table["covariate"]))
    ax = new_axes(ax, height=1.6 + 0.36 * len(covariates))
    for k, arm in enumerate(dict.fromkeys(table["arm"])):
        color, marker = ARM_LOOKS[k % len(ARM_LOOKS)]
        part = table[table["arm"] == arm].set_index("covariate")["standardised_difference"].reindex(covariates)
        ax.plot(part.to_numpy(), np.arange(len(part)), linestyle="none", marker=marker, markersize=7, color=color,
                markerfacecolor=color if k == 0 else "white", label=short(word(str(arm), lang)))  # fmt: skip
    most = max(0.15, 1.15 * float(table["standardised_difference"].abs().max()))
    ax.set_xlim(-most, most)
    zero_line(ax, sideways=True)
    for side in (-0.1, 0.1):
        ax.axvline(side, color=GREY, linewidth=1, linestyle=":")
    _rows(ax, [covariate_word(name, lang) for name in covariates])
    plain_axis(ax, x=True)
    label_axes(ax, x=word("standardised_difference", lang), y=word("covariate", lang))
    legend_above(ax)
    largest = table.loc[table["standardised_difference"].abs().idxmax()]
    named = covariate_word(largest["covariate"], lang)
    return describe(
        ax,
        pick(
            lang,
            zh=f"平衡图：{len(covariates)} 个实验前协变量的标准化差异。最大的是{named}，"
            f"{largest.standardised_difference:+.2f}；"
            f"联合检验 p = {found.balance_p:.3f}。",
            en=f"Love plot: standardised differences of {len(covariates)} covariates before the experiment."
            " The largest is"
            f" {named}, {largest.standardised_difference:+.2f}; joint check p = {found.balance_p:.3f}.",
        ),
    )


@plot
def plot_power(plan: Plan, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Draw the power of a plan by the number of units, with the planned size marked.

    Parameters
    ----------
    plan : Plan
        From `plan_experiment`.
    ax : matplotlib.axes.Axes, optional
    lang : {"en", "zh"}

    Examples
    --------
    >>> from crm_analysis.marketing.experiments import plan_experiment
    >>> plot_power(plan_experiment(0.1, effect=0.02)).get_xlabel()
    'units in both arms'
    """
    ax = new_axes(ax)
    curve = plan.curve
    ax.plot(curve["units"], curve["power"], color=BLUE, marker="o", markersize=5)
    ax.plot([plan.units], [plan.power], color=ORANGE, marker="D", markersize=9, linestyle="none",
            markerfacecolor="white", markeredgewidth=1.8, zorder=4)  # fmt: skip
    ax.axhline(plan.power, color=GREY, linewidth=1, linestyle=":")
    time = pick(lang, zh=f"，{plan.days:,} 天", en=f", {plan.days:,} days") if plan.days else ""
    text = pick(lang, zh=f"计划：{plan.units:,} 个单位{time}\n功效 {plan.power:.0%}",
                en=f"plan: {plan.units:,} units{time}\npower {plan.power:.0%}")  # fmt: skip
    ax.annotate(
        text, (plan.units, plan.power), xytext=(12, -14), textcoords="offset points", va="top", linespacing=1.35
    )
    ax.set_ylim(0, 1.03)
    ax.set_xlim(0, None)
    plain_axis(ax, x=True)
    plain_axis(ax, y=True, percent=True)
    label_axes(ax, x=pick(lang, zh="两组合计单位数", en="units in both arms"), y=word("power", lang))
    return describe(
        ax,
        pick(
            lang,
            zh=f"折线图：检验功效随样本量上升，从 {curve['units'].iloc[0]:,} 个单位的 {curve['power'].iloc[0]:.0%} 到"
            f" {curve['units'].iloc[-1]:,} 个的 {curve['power'].iloc[-1]:.0%}；计划 {plan.units:,} 个，功效"
            f" {plan.power:.0%}。",
            en=f"Line: power by units, from {curve['power'].iloc[0]:.0%} with {curve['units'].iloc[0]:,} to"
            f" {curve['power'].iloc[-1]:.0%} with {curve['units'].iloc[-1]:,}; planned {plan.units:,} with"
            f" {plan.power:.0%}.",
        ),
    )


@plot
def plot_peeking(table: pd.DataFrame, *, level: float = 0.95, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Draw how often experiments without any effect are called a success, by the number of looks.

    Parameters
    ----------
    table : pandas.DataFrame
        From `peeking_table`.
    level : float
        The level the table was made for; the dashed line is 1 - `level`.
    ax : matplotlib.axes.Axes, optional
    lang : {"en", "zh"}

    Examples
    --------
    >>> table = pd.DataFrame({"looks": [1, 5], "false_alarm": [0.05, 0.14]})
    >>> plot_peeking(table).lines[0].get_ydata().tolist()
    [0.05, 0.14]
    """
    ax = new_axes(ax)
    looks, alarm = table["looks"].to_numpy(), table["false_alarm"].to_numpy(float)
    ax.plot(looks, alarm, color=BLUE, marker="o")
    for x, y in zip(looks, alarm):
        ax.annotate(f"{y:.1%}", (x, y), xytext=(0, 7), textcoords="offset points", ha="center")
    ax.axhline(1 - level, color=INK, linewidth=1, linestyle="--",
               label=pick(lang, zh=f"承诺的误报率 {1 - level:.0%}", en=f"promised: {1 - level:.0%}"))  # fmt: skip
    ax.set_xscale("log")
    ax.xaxis.set_major_locator(FixedLocator(looks))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set_xlim(looks.min() / 1.15, looks.max() * 1.15)
    ax.set_ylim(0, 1.18 * alarm.max())
    plain_axis(ax, x=True)
    plain_axis(ax, y=True, percent=True)
    label_axes(ax, x=pick(lang, zh="查看次数（对数刻度）", en="looks at the result (log scale)"),
               y=pick(lang, zh="误报率（没有效果却判为有效）", en="false alarms (no effect, called one)"))  # fmt: skip
    legend_above(ax)
    return describe(
        ax,
        pick(
            lang,
            zh=f"折线图：没有效果的实验被判为有效的比例随查看次数上升，从 {looks[0]} 次的 {alarm[0]:.1%} 到"
            f" {looks[-1]} 次的"
            f" {alarm[-1]:.1%}；虚线为承诺的 {1 - level:.0%}。",
            en="Line: share of experiments without effect that are called a success, by looks: from"
            f" {alarm[0]:.1%} with"
            f" {looks[0]} to {alarm[-1]:.1%} with {looks[-1]}; dashed line at the promised {1 - level:.0%}.",
        ),
    )


def _rows(ax: Axes, names: list[str]) -> None:
    """Name the rows of a plot of dots, the first on top."""
    ax.set_yticks(range(len(names)), names, parse_math=False)
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.grid(axis="y", color=GRID, visible=True)


def _with_unit(name: str, unit: str, lang: str) -> str:
    return pick(lang, zh=f"{name}，{unit}", en=f"{name} ({unit})") if unit else name
