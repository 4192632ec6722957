"""Plots of what goes with churn: groups of features, their importance, odds ratios, reasons of one and of all."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter, PercentFormatter
from scipy.special import expit

from crm_analysis.churn.plots.reason_parts import (
    BLUE,
    GREY,
    LIMITS,
    ORANGE,
    PALE,
    check_table,
    dots,
    fold,
    named_rows,
    pick,
    zero_line,
)
from crm_analysis.churn.reasons.contributions import Contributions
from crm_analysis.churn.reasons.naming import feature_word, group_word, level_word
from crm_analysis.churn.reasons.phrases import UNITS
from crm_analysis.churn.reasons.steps import unit_of
from crm_analysis.churn.reasons.wording import number_text, phrase
from crm_analysis.errors import InputError
from crm_analysis.figures import INK, describe, new_axes, plot
from crm_analysis.words import word

if TYPE_CHECKING:
    from crm_analysis.churn.reasons.groups import Groups
    from crm_analysis.churn.reasons.importance import Importance

SHADES = LinearSegmentedColormap.from_list("association", ["#FFFFFF", BLUE])


@plot
def plot_group_importance(importance: Importance, *, most: int = 20, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Drop of AUC of each group of features, shuffled and (if it was asked for) left out, with intervals.

    Parameters
    ----------
    importance : Importance
    most : int
        Groups drawn, the most important first.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}
    """
    table = check_table(getattr(importance, "table", None), ["auc_drop", "visible"], "plot_group_importance",
                        "what group_importance returns").head(most)  # fmt: skip
    names = [group_word(name, size, lang) for name, size in table["features"].items()]
    ax = named_rows(ax, [fold(name) for name in names])
    place, refit = np.arange(len(table)), "refit_auc_drop" in table
    shift = 0.14 * refit
    zero_line(ax)
    looks = {True: (BLUE, "o", pick(lang, zh="打乱该组", en="shuffled")),
             False: (PALE, "X", pick(lang, zh="打乱该组（看不出贡献）", en="shuffled (nothing visible)"))}  # fmt: skip
    for seen, (colour, marker, label) in looks.items():
        rows = (table["visible"] == seen).to_numpy()
        if rows.any():
            dots(ax, table[rows], "auc_drop", place[rows] - shift, colour=colour, marker=marker, label=label)
    if refit:
        dots(ax, table, "refit_auc_drop", place + shift, colour=ORANGE, marker="s",
             label=pick(lang, zh="去掉该组并重新拟合", en="left out, fitted again"))  # fmt: skip
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=3, columnspacing=1.2, handletextpad=0.3)
    ax.set_xlabel(pick(lang, zh=f"留出客户上的 AUC 降幅（附 {importance.level:.0%} 区间）",
                       en=f"drop of AUC on held-out customers (with {importance.level:.0%} interval)"))  # fmt: skip
    drop = table["auc_drop"].iloc[0]
    return describe(ax, pick(
        lang,
        zh=f"点图：{len(table)} 组特征被打乱后 AUC 的降幅及区间。最大的是“{names[0]}”，{drop:.3f}；"
           f"{int(table['visible'].sum())} 组的贡献可见。",
        en=f"Dot plot: drop of AUC when each of {len(table)} groups of features is shuffled, with intervals. Largest: "
           f"'{names[0]}', {drop:.3f}; {int(table['visible'].sum())} groups add something visible.",
    ))  # fmt: skip


@plot
def plot_odds_ratios(
    table: pd.DataFrame, *, most: int = 24, level: float = 0.95, ax: Axes | None = None, lang: str = "en"
) -> Axes:
    """Odds ratios of churn with intervals on a log scale, the farthest from 1 first.

    Parameters
    ----------
    table : pandas.DataFrame
        From `coefficient_table`. The levels that others are compared with are left out.
    most : int
        Rows drawn, those with the largest coefficients per standard deviation.
    level : float
        Of the intervals, for the label.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}
    """
    table = check_table(table, ["churn_odds_ratio", "coefficient_scaled", "kind"], "plot_odds_ratios",
                        "what coefficient_table returns")  # fmt: skip
    table = table[table["coefficient_scaled"].abs() > 0]
    table = table.loc[table["coefficient_scaled"].abs().sort_values(ascending=False, kind="stable").index].head(most)
    table = table.sort_values("churn_odds_ratio", ascending=False, kind="stable")
    names = [_step_name(*key, row, lang) for key, row in table.iterrows()]
    ax = named_rows(ax, [fold(name, 34) for name in names])
    ax.set_xscale("log")
    zero_line(ax, 1.0)
    up, down = (table["churn_odds_ratio_low"] > 1).to_numpy(), (table["churn_odds_ratio_high"] < 1).to_numpy()
    for side, colour, marker, label in (
        (up, ORANGE, "^", pick(lang, zh="风险较高", en="higher risk")),
        (down, BLUE, "v", pick(lang, zh="风险较低", en="lower risk")),
        (~up & ~down, PALE, "o", pick(lang, zh="方向不明", en="direction open")),
    ):
        if side.any():
            dots(ax, table[side], "churn_odds_ratio", np.flatnonzero(side), colour=colour, marker=marker, label=label)
    ax.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    ax.xaxis.set_minor_formatter(NullFormatter())
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=3, columnspacing=1.2, handletextpad=0.3)
    ax.set_xlabel(pick(lang, zh=f"流失优势比（其他特征不变，附 {level:.0%} 区间）",
                       en=f"odds ratio of churn, others equal (with {level:.0%} interval)"))  # fmt: skip
    ratio = table["churn_odds_ratio"]
    return describe(ax, pick(
        lang,
        zh=f"点图：{len(table)} 个特征或取值的流失优势比及区间。最高“{names[0]}”{ratio.iloc[0]:.2f}，"
           f"最低“{names[-1]}”{ratio.iloc[-1]:.2f}。",
        en=f"Dot plot: odds ratios of churn of {len(table)} features or levels with intervals. Highest '{names[0]}' "
           f"{ratio.iloc[0]:.2f}, lowest '{names[-1]}' {ratio.iloc[-1]:.2f}.",
    ))  # fmt: skip


@plot
def plot_customer_reasons(
    contributions: Contributions,
    customer: Hashable,
    X: pd.DataFrame,
    *,
    most: int = 8,
    currency: str = "",
    ax: Axes | None = None,
    lang: str = "en",
) -> Axes:
    """Waterfall of one customer: from the average customer's log odds, feature by feature, to the prediction.

    Parameters
    ----------
    contributions : Contributions
        Exact ones: others do not add up.
    customer : label of the index
    X : pandas.DataFrame
        The features, for the values.
    most : int
        Features drawn one by one; the rest is one bar.
    currency : str
        Behind amounts of money.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}
    """
    if not isinstance(contributions, Contributions) or not contributions.exact:
        raise InputError("a waterfall needs contributions that add up", where="plot_customer_reasons",
                         mend="pass contributions(model, X) of an additive model such as logistic()",
                         zh="瀑布图需要可相加的贡献（逻辑回归）")  # fmt: skip
    row = contributions.of(customer)
    shown, rest = row.head(most), float(row.iloc[most:].sum())
    names = [phrase(name, X.loc[customer, name], typical=_beside(contributions, customer, name),
                    binary=set(X[name].dropna().unique()) <= {0, 1},
                    currency=currency).text(lang) for name in shown.index]  # fmt: skip
    steps = [*shown, *([rest] if len(row) > most else [])]
    names += [pick(lang, zh=f"其余 {len(row) - most} 个特征", en=f"{len(row) - most} other features")] * (
        len(row) > most
    )
    ends = contributions.base + np.cumsum(steps)
    starts = np.append(contributions.base, ends[:-1])
    first, last = word("average_customer", lang), pick(lang, zh="该客户", en="this customer")
    ax = named_rows(ax, [first, *(fold(name, 40) for name in names), last])
    for place, (start, step) in enumerate(zip(starts, steps), start=1):
        up = step > 0
        ax.barh(place, step, left=start, height=0.62, color=ORANGE if up else BLUE, hatch="" if up else "//",
                edgecolor="white")  # fmt: skip
        end = max(start, start + step)
        ax.annotate(f"{step:+.2f}", (end, place), xytext=(4, 0), textcoords="offset points", va="center", fontsize=9)
        ax.plot([start + step] * 2, [place + 0.31, place + 0.69], color=GREY, linewidth=0.8)
    ax.plot([contributions.base] * 2, [0.31, 0.69], color=GREY, linewidth=0.8)
    for place, value in ((0, contributions.base), (len(steps) + 1, ends[-1])):
        ax.plot(value, place, "D", color=INK, markersize=6)
        ax.annotate(_chance(value), (value, place), xytext=(8, 0), textcoords="offset points", va="center",
                    fontweight="bold")  # fmt: skip
    spots = [contributions.base, *ends]
    reach = max(0.2, np.ptp(spots))
    ax.set_xlim(min(spots) - 0.08 * reach, max(spots) + 0.16 * reach)
    ax.set_xlabel(pick(lang, zh="流失的对数优势（菱形处标出对应的流失概率）",
                       en="log odds of churn (at the diamonds: the chance of churn)"))  # fmt: skip
    start, chance = _chance(contributions.base), _chance(ends[-1])
    return describe(ax, pick(
        lang,
        zh=f"瀑布图：从平均客户（流失概率 {start}）到该客户（{chance}）的各项贡献。最大的一项：{names[0]}"
           f"（{steps[0]:+.2f}）。",
        en=f"Waterfall from the average customer (chance of churn {start}) to this customer ({chance}). "
           f"Largest step: {names[0]} ({steps[0]:+.2f}).",
    ))  # fmt: skip


@plot
def plot_metric_cohorts(table: pd.DataFrame, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Churn rate of each cohort of a feature with its interval and its customers; standardised rates beside, if any.

    Parameters
    ----------
    table : pandas.DataFrame
        From `metric_cohorts` or `standardised_cohorts`. Cohorts of few customers are drawn hollow.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}
    """
    table = check_table(table, ["churn_rate", "customers", "few_customers"], "plot_metric_cohorts",
                        "what metric_cohorts or standardised_cohorts returns")  # fmt: skip
    feature, overall, level = (table.attrs.get(name) for name in ("feature", "churn_rate", "level"))
    number = table["metric_low"].notna().any()
    names = [_cohort_name(feature, name, number, lang) for name in table.index]
    ax = new_axes(ax, width=max(7.2, 0.75 * len(table)))
    place, beside = np.arange(len(table)), "standardised_rate" in table
    if overall is not None:
        ax.axhline(overall, color=GREY, linestyle="--", linewidth=1, label=pick(lang, zh="全体", en="all customers"))
    sides = [("churn_rate", BLUE, "o", pick(lang, zh="该组流失率", en="churn rate"), -0.1 * beside)]
    if beside:
        by = feature_word(table.attrs.get("by", ""), lang)
        sides += [("standardised_rate", ORANGE, "s", pick(lang, zh=f"按“{by}”标准化", en=f"standardised to {by}"), 0.1)]
    joined = number and not beside and "not_known" not in table.index
    for name, colour, marker, label, shift in sides:
        value = table[name].to_numpy("float64")
        error = np.asarray([value - table[f"{name}_low"], table[f"{name}_high"] - value]).clip(min=0)
        ax.errorbar(place + shift, value, yerr=error, fmt=marker, color=colour, ecolor=colour, markersize=6,
                    linestyle="-" if joined else "none", linewidth=0.8, label=label, **LIMITS)  # fmt: skip
        thin = table["few_customers"].to_numpy()
        ax.plot(place[thin] + shift, value[thin], marker, markersize=6, markerfacecolor="white",
                markeredgecolor=colour, linestyle="none")  # fmt: skip
    said = [fold(name, max(11, 84 // len(table)), 3) for name in names]
    ax.set_xticks(place, [f"{name}\n{count:,}" for name, count in zip(said, table["customers"])], parse_math=False,
                  linespacing=1.2, fontsize=9)  # fmt: skip
    ax.set_ylim(bottom=0)
    ax.margins(x=0.03)
    ax.grid(visible=False, axis="x")
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    said = f"{feature_word(feature, lang)}{_unit(feature, lang)}" if feature else ""
    ax.set_xlabel(pick(lang, zh=f"{said}（下行：客户数）", en=f"{said}; below: customers"), parse_math=False)
    ax.set_ylabel(pick(lang, zh=f"流失率（附 {level or 0.95:.0%} 区间）",
                       en=f"churn rate (with {level or 0.95:.0%} interval)"))  # fmt: skip
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=3)
    rate = table["churn_rate"]
    return describe(ax, pick(
        lang,
        zh=f"点图：按{said}分成 {len(table)} 组的流失率及区间。最高 {rate.max():.1%}（{names[int(rate.argmax())]}），"
           f"最低 {rate.min():.1%}（{names[int(rate.argmin())]}）。",
        en=f"Dot plot: churn rate of {len(table)} cohorts by {said}, with intervals. Highest {rate.max():.1%} "
           f"({names[int(rate.argmax())]}), lowest {rate.min():.1%} ({names[int(rate.argmin())]}).",
    ))  # fmt: skip


@plot
def plot_feature_groups(groups: Groups, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Heat map of the associations between features, groups framed and standing together.

    Parameters
    ----------
    groups : Groups
        From `feature_groups`.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}
    """
    strength = getattr(groups, "associations", None)
    strength = check_table(strength, [], "plot_feature_groups", "what feature_groups returns")
    order = [one for ones in sorted(groups.members.values(), key=len, reverse=True) for one in ones]
    values = strength.loc[order, order].to_numpy()
    size = max(4.0, 0.30 * len(order) + 1.8)
    ax = new_axes(ax, width=size + 1.6, height=size)
    ax.imshow(values, cmap=SHADES, vmin=0, vmax=1)
    start = 0
    for ones in sorted(groups.members.values(), key=len, reverse=True):
        if len(ones) > 1:
            ax.add_patch(Rectangle((start - 0.5, start - 0.5), len(ones), len(ones), fill=False, edgecolor=ORANGE,
                                   linewidth=2))  # fmt: skip
        start += len(ones)
    if len(order) <= 24:
        for (row, column), value in np.ndenumerate(values):
            if row > column and value >= 0.3:
                ax.text(column, row, f"{value:.1f}".removeprefix("0"), ha="center", va="center", fontsize=7.5,
                        color="white" if value > 0.6 else INK)  # fmt: skip
    names = [fold(feature_word(one, lang), 30, 1) for one in order]
    small = 9 if len(order) <= 24 else 7
    ax.set_xticks(np.arange(len(order)), names, rotation=90, parse_math=False, fontsize=small)
    ax.set_yticks(np.arange(len(order)), names, parse_math=False, fontsize=small)
    ax.grid(visible=False)
    ax.spines[:].set_visible(False)
    limit = f"{groups.threshold:g}"
    ax.set_xlabel(pick(lang, zh=f"颜色越深关联越强（0 到 1）；框内两两关联不低于 {limit}",
                       en=f"darker: closer association (0 to 1); framed: {limit} or more"))  # fmt: skip
    kind = pick(lang, zh="热力图：特征两两之间的关联强度。", en="Heat map: associations between features. ")
    return describe(ax, kind + groups.text(lang))


@plot
def plot_first_reasons(table: pd.DataFrame, *, most: int = 15, ax: Axes | None = None, lang: str = "en") -> Axes:
    """How often each feature is the first reason, with intervals.

    Parameters
    ----------
    table : pandas.DataFrame
        From ``ReasonCodes.first``.
    most : int
        Features drawn, the most frequent first; customers without a reason always.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}
    """
    table = check_table(table, ["share", "customers"], "plot_first_reasons", "what ReasonCodes.first() returns")
    none = table.index == "no_reason"
    table = pd.concat([table[~none].head(most), table[none]])
    none = table.index == "no_reason"
    names = [word(name, lang) if silent else feature_word(name, lang) for name, silent in zip(table.index, none)]
    ax = named_rows(ax, [fold(name) for name in names])
    place, value = np.arange(len(table)), table["share"].to_numpy()
    bars = ax.barh(place, value, height=0.64, color=[PALE if silent else BLUE for silent in none], alpha=0.85)
    for bar, silent in zip(bars, none):
        bar.set(hatch="//" if silent else "", edgecolor="white")
    ax.errorbar(value, place, xerr=[value - table["share_low"], table["share_high"] - value], fmt="none", ecolor=INK,
                elinewidth=1, capsize=3)  # fmt: skip
    for at, (share, end, count) in enumerate(zip(value, table["share_high"], table["customers"])):
        text = pick(lang, zh=f"{count:,}（{share:.1%}）", en=f"{count:,} ({share:.1%})")
        ax.annotate(text, (end, at), xytext=(5, 0), textcoords="offset points", va="center", fontsize=9)
    ax.set_xlim(0, 1.28 * float(table["share_high"].max()))
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set_xlabel(pick(lang, zh="作为第一原因的客户占比（附 95% 区间）",
                       en="share of customers with this as the first reason (with 95% interval)"))  # fmt: skip
    return describe(ax, pick(
        lang,
        zh=f"条形图：各特征作为第一原因的客户占比。最多的是“{names[0]}”，{value[0]:.1%}。",
        en=f"Bar chart: how often each feature is the first reason. Most often '{names[0]}', {value[0]:.1%}.",
    ))  # fmt: skip


def _beside(contributions: Contributions, customer: Hashable, name: str) -> object:
    return contributions.typical.get(name) if contributions.tells(customer, name) else None


def _chance(log_odds: float) -> str:
    """A chance with a decimal; one that is nearly 0 or 1 is not said to be so."""
    chance = expit(log_odds)
    return "<0.1%" if chance < 0.0005 else ">99.9%" if chance >= 0.9995 else f"{chance:.1%}"


def _step_name(feature: str, level: str, row: pd.Series, lang: str) -> str:
    """The name of a row of odds ratios: with its step, its level, or that it is not known."""
    name = feature_word(feature, lang)
    if row["kind"] == "against_usual":
        said = word("not_known", lang) if level == "not_known" else level_word(feature, level, lang)
        return pick(lang, zh=f"{name}：{said}", en=f"{name}: {said}")
    if row["kind"] == "not_known":
        return pick(lang, zh=f"{name}：未知", en=f"{name}: not known")
    if row["kind"] == "per_doubling":
        return pick(lang, zh=f"{name}（每翻一倍）", en=f"{name} (doubled)")
    unit = UNITS[unit_of(feature)]
    name = name.removesuffix(f" ({unit.many})")
    step = number_text(row["odds_step"], unit.style if unit.style.endswith("%") else "")
    return pick(lang, zh=f"{name}（每 +{step}{' ' + unit.zh if unit.zh else ''}）",
                en=f"{name} (+{step}{' ' + (unit.one if step == '1' else unit.many) if unit.one else ''})")  # fmt: skip


def _cohort_name(feature: str | None, name: str, number: bool, lang: str) -> str:
    if name == "not_known":
        return word("not_known", lang)
    return str(name) if number else level_word(feature or "", name, lang)


def _unit(feature: str, lang: str) -> str:
    unit = UNITS[unit_of(feature)]
    said = unit.zh if lang == "zh" else unit.many
    named = feature_word(feature, lang)
    return "" if not said or said in named else pick(lang, zh=f"（{said}）", en=f" ({said})")
