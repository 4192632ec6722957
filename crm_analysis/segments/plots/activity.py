"""Plots of hours, weekdays and silence."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from crm_analysis.errors import InputError
from crm_analysis.figures import describe, new_axes, plot
from crm_analysis.segments.plots.parts import (
    BLUE,
    centres,
    heat,
    label_axes,
    per_day,
    percent,
    pick,
    thousands,
    unit,
    upright_bars,
    words,
)
from crm_analysis.words import word


@plot
def plot_hours(table: pd.DataFrame, *, of: str = "actions", ax: Axes | None = None, lang: str = "en") -> Axes:
    """Rows per hour of an average day with the band of the mean, from `activity.by_hour`.

    Examples
    --------
    >>> table = pd.DataFrame({"whole_days": 9, "per_day": [2.0, 3.0], "per_day_low": [1.0, 2.0],
    ...                       "per_day_high": [3.0, 4.0]}, index=[20, 21])
    >>> plot_hours(table).lines[0].get_xydata().tolist()
    [[20.0, 2.0], [21.0, 3.0]]
    """
    ax, hours, what = new_axes(ax), table.index.to_numpy(), per_day(of, lang)
    ax.plot(hours, table["per_day"], color=BLUE, marker="o", markersize=4)
    ax.fill_between(hours, table["per_day_low"], table["per_day_high"], color=BLUE, alpha=0.2)
    ax.set_xticks(range(0, 24, 2))
    ax.set_ylim(bottom=0)
    thousands(ax, y=True)
    days, peak = int(table["whole_days"].iloc[0]), table["per_day"].idxmax()
    on = pick(lang, zh=f"{days} 个完整日", en=f"{days} whole days")
    x = pick(lang, zh="时段（当地时间，时）", en="hour of the day (local time)")
    label_axes(ax, x=x, y=unit(what, on, lang))
    return describe(ax, pick(
        lang,
        zh=f"折线图：一天各时段的{what}（{days} 个完整日的均值，附 95% 置信带）。高峰为 {peak} 时。",
        en=f"Line with 95% band: {what} by hour, mean of {days} whole days. The peak is at {peak}:00.",
    ))  # fmt: skip


@plot
def plot_weekdays(table: pd.DataFrame, *, of: str = "actions", ax: Axes | None = None, lang: str = "en") -> Axes:
    r"""Rows on an average day of each weekday with intervals and the number of days, from `activity.by_weekday`.

    Examples
    --------
    >>> table = pd.DataFrame({"whole_days": [1, 2], "per_day": [2.0, 3.0], "per_day_low": [1.0, 2.0],
    ...                       "per_day_high": [3.0, 4.0]}, index=["monday", "saturday"])
    >>> [text.get_text() for text in plot_weekdays(table, lang="zh").get_xticklabels()]
    ['周一\n1 天', '周六\n2 天']
    """
    ax, what = new_axes(ax), per_day(of, lang)
    count = [pick(lang, zh=f"{n} 天", en=f"{n} day{'s' * (n != 1)}") for n in table["whole_days"]]
    names = [f"{name}\n{days}" for name, days in zip(words(table.index, lang), count)]
    upright_bars(ax, table, column="per_day", names=names)
    thousands(ax, y=True)
    label_axes(ax, y=what)
    best = table["per_day"].idxmax()
    return describe(ax, pick(
        lang,
        zh=f"柱状图：各星期几的{what}（只计完整日，附 95% 置信区间）。最高为{word(best, lang)}，"
           f"{table['per_day'].max():,.1f}。",
        en=f"Bars with 95% intervals: {what} by weekday, complete days only. The highest is"
           f" {word(best, lang)} with {table['per_day'].max():,.1f}.",
    ))  # fmt: skip


@plot
def plot_week_hours(table: pd.DataFrame, *, of: str = "actions", ax: Axes | None = None, lang: str = "en") -> Axes:
    """Heat map of weekday by hour, from `activity.week_hours`.

    Examples
    --------
    >>> table = pd.DataFrame([[1.0, 2.0]], index=["monday"], columns=[20, 21])
    >>> plot_week_hours(table).collections[0].get_array().tolist()
    [[1.0, 2.0]]
    """
    ax, what = new_axes(ax, height=3.2), per_day(of, lang)
    image = heat(ax, table.to_numpy())
    ax.set_yticks(centres(len(table)), words(table.index, lang))
    shown = range(0, table.shape[1], 2)
    ax.set_xticks(centres(table.shape[1], 2), [str(table.columns[i]) for i in shown])
    label_axes(ax, x=pick(lang, zh="时段（当地时间，时）", en="hour of the day (local time)"))
    ax.figure.colorbar(image, ax=ax, format="{x:,.0f}").set_label(what)
    day, hour = np.unravel_index(np.nanargmax(table.to_numpy()), table.shape)
    busiest = f"{word(table.index[day], lang)} {table.columns[hour]}"
    return describe(ax, pick(
        lang,
        zh=f"热力图：星期与时段的{what}。最忙为{busiest} 时。",
        en=f"Heat map: {what} by weekday and hour. The busiest cell is {busiest}:00.",
    ))  # fmt: skip


@plot
def plot_inactivity(table: pd.DataFrame, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Share of customers silent for more than k days with its band, from `inactivity.share_inactive`.

    Examples
    --------
    >>> table = pd.DataFrame({"days": [7, 30], "share": [0.5, 0.2], "share_low": [0.4, 0.1], "share_high": [0.6, 0.3]})
    >>> plot_inactivity(table).lines[0].get_xydata().tolist()
    [[7.0, 0.5], [30.0, 0.2]]
    """
    seen = table.dropna(subset="share")
    if seen.empty:
        raise InputError("there is no share to draw: nobody was seen for so long", mend="take fewer days")
    ax = new_axes(ax)
    ax.plot(seen["days"], seen["share"], color=BLUE, marker="o" if len(seen) <= 20 else "", markersize=4)
    ax.fill_between(seen["days"], seen["share_low"], seen["share_high"], color=BLUE, alpha=0.2)
    ax.set_ylim(0, min(1.0, 1.1 * float(seen["share_high"].max())))
    percent(ax, y=True)
    label_axes(ax, x=pick(lang, zh="超过多少天没有活动", en="silent for more than this many days"),
               y=word("share_of_customers", lang))  # fmt: skip
    middle = seen.iloc[(len(seen) - 1) // 2]
    return describe(ax, pick(
        lang,
        zh=f"曲线：超过 k 天没有活动的客户占比（首次出现早于 k 天者，附 95% 置信带）。k={middle['days']:.0f} 时为"
           f" {middle['share']:.1%}。",
        en=f"Curve with 95% band: share of customers silent for more than k days, among those first seen before. At"
           f" k={middle['days']:.0f} it is {middle['share']:.1%}.",
    ))  # fmt: skip
