"""Plots of when customers buy again and how often: gaps, second purchase, purchases per customer, months."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from crm_analysis.errors import InputError
from crm_analysis.figures import describe, new_axes, plot
from crm_analysis.segments.plots.parts import (
    BLUE,
    ORANGE,
    hatch_key,
    label_axes,
    note,
    per_day,
    percent,
    pick,
    thousands,
    unit,
    upright_bars,
)
from crm_analysis.segments.timing import repeat_rates
from crm_analysis.words import word

MARKS = (0.5, 0.8, 0.9)


@plot
def plot_gaps(found: pd.Series, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Histogram of the days between purchase days, with the quantiles .5, .8, .9 marked, from `timing.gaps`.

    Examples
    --------
    >>> float(sum(bar.get_height() for bar in plot_gaps(pd.Series([7, 7, 21])).patches))
    3.0
    """
    if found.empty:
        raise InputError("there is no gap to draw: nobody bought on two days", mend="use data of more days")
    ax = new_axes(ax)
    width = max(1, int(np.ceil(found.max() / 60)))
    ax.hist(found, bins=np.arange(0.5, found.max() + width + 0.5, width), color=BLUE, alpha=0.75)
    top = ax.get_ylim()[1] * 1.08
    ax.set_ylim(0, top)
    marks = np.quantile(found, MARKS)
    for mark, value, height in zip(MARKS, marks, (0.96, 0.86, 0.76)):
        ax.axvline(value, color=ORANGE, linestyle="--", linewidth=1.2)
        text = pick(lang, zh=f"{mark:.0%} 不超过 {value:,.0f} 天", en=f"{mark:.0%} within {value:,.0f} days")
        note(ax, text, (value, height * top), shift=(4, 0), va="center")
    thousands(ax, y=True)
    label_axes(ax, x=unit(word("gap_days", lang), word("days", lang), lang), y=word("repeat_purchases", lang))
    return describe(ax, pick(
        lang,
        zh=f"直方图：{len(found):,} 个购买间隔的天数分布。中位数 {marks[0]:,.0f} 天，90% 不超过 {marks[2]:,.0f} 天。",
        en=f"Histogram of {len(found):,} gaps between purchase days: median {marks[0]:,.0f} days, 90% within"
           f" {marks[2]:,.0f} days.",
    ))  # fmt: skip


@plot
def plot_second_purchase(curve: pd.DataFrame, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Share of customers with a second purchase by days since the first, with its band, from `timing.second_purchase`.

    Examples
    --------
    >>> curve = pd.DataFrame({"repeat_share": [0.0, 0.3], "repeat_share_low": [0.0, 0.2],
    ...                       "repeat_share_high": [0.0, 0.4]}, index=[0, 7])
    >>> plot_second_purchase(curve).lines[0].get_xydata().tolist()
    [[0.0, 0.0], [7.0, 0.3]]
    """
    ax, days = new_axes(ax), curve.index.to_numpy()
    ax.step(days, curve["repeat_share"], where="post", color=BLUE)
    ax.fill_between(days, curve["repeat_share_low"], curve["repeat_share_high"], step="post", color=BLUE, alpha=0.2)
    rates = repeat_rates(curve).dropna(subset="repeat_share")
    ax.plot(rates["days"], rates["repeat_share"], "o", color=ORANGE, linestyle="none")
    for row in rates.itertuples():
        text = pick(lang, zh=f"{row.months} 个月 {row.repeat_share:.1%}", en=f"{row.months} mo. {row.repeat_share:.1%}")
        late = row.days > 0.7 * days.max()
        how = {"shift": (0, 9), "ha": "right"} if late else {"shift": (8, -10), "ha": "left"}
        note(ax, text, (row.days, row.repeat_share), va="center", **how)
    percent(ax, y=True)
    ax.set_xlim(0, max(1, days.max()))
    ax.set_ylim(0, min(1.0, 1.15 * float(np.nanmax(curve["repeat_share_high"].fillna(curve["repeat_share"])) or 1)))
    label_axes(
        ax, x=pick(lang, zh="距首次购买（天）", en="days since the first purchase"), y=word("repeat_share", lang)
    )
    last = curve["repeat_share"].iloc[-1]
    read = "; ".join(f"{row.months}: {row.repeat_share:.1%}" for row in rates.itertuples()) or "–"
    return describe(ax, pick(
        lang,
        zh=f"阶梯曲线：首次购买后各天已再次购买的客户占比（Kaplan-Meier 估计，附 95% 置信带）。"
           f"{days.max()} 天时为 {last:.1%}。按月数：{read}。",
        en=f"Step curve with 95% band: share of customers who bought again, by days since the first purchase"
           f" (Kaplan-Meier). After {days.max()} days it is {last:.1%}. By months: {read}.",
    ))  # fmt: skip


@plot
def plot_purchases_per_customer(table: pd.DataFrame, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Share of customers with one, two, ... purchases with its interval, from `timing.purchases_per_customer`.

    Examples
    --------
    >>> table = pd.DataFrame({"purchases": ["1", "2+"], "customers": [3, 1], "share": [0.75, 0.25],
    ...                       "share_low": [0.3, 0.05], "share_high": [0.95, 0.7]})
    >>> [float(bar.get_height()) for bar in plot_purchases_per_customer(table).patches]
    [0.75, 0.25]
    """
    ax = new_axes(ax)
    upright_bars(ax, table, column="share", names=list(table["purchases"]))
    ax.margins(y=0.1)
    for at, (share, high) in enumerate(zip(table["share"], table["share_high"])):
        ax.annotate(f"{share:.1%}", (at, high), xytext=(0, 3), textcoords="offset points", ha="center", fontsize=9)
    percent(ax, y=True)
    label_axes(ax, x=word("purchases", lang), y=word("share_of_customers", lang))
    once = table["share"].iloc[0]
    return describe(ax, pick(
        lang,
        zh=f"柱状图：按购买次数划分的客户占比，附 95% 置信区间。只买过一次的占 {once:.1%}。",
        en=f"Bars with 95% intervals: share of customers by number of purchases. {once:.1%} bought once.",
    ))  # fmt: skip


@plot
def plot_months(table: pd.DataFrame, *, of: str = "purchases", ax: Axes | None = None, lang: str = "en") -> Axes:
    """Purchases per day in each month with its interval, months not wholly observed hatched, from `activity.by_month`.

    Examples
    --------
    >>> table = pd.DataFrame({"per_day": [2.0, 3.0], "per_day_low": [1.0, 2.0], "per_day_high": [3.0, 4.0],
    ...                       "partial": [False, True]}, index=["2010-01", "2010-02"])
    >>> [float(bar.get_height()) for bar in plot_months(table).patches]
    [2.0, 3.0]
    """
    ax, what = new_axes(ax), per_day(of, lang)
    upright_bars(ax, table, column="per_day", names=list(table.index))
    thousands(ax, y=True)
    label_axes(ax, y=what)
    if table["partial"].any():
        ax.legend(handles=[hatch_key(lang)], loc="upper left", bbox_to_anchor=(0, 1.14))
    best = table["per_day"].idxmax()
    return describe(ax, pick(
        lang,
        zh=f"柱状图：各月{what}，附 95% 置信区间。最高为 {best}，{table['per_day'].max():,.1f}。",
        en=f"Bars with 95% intervals: {what} by month. The highest is {best} with"
           f" {table['per_day'].max():,.1f}.",
    ))  # fmt: skip
