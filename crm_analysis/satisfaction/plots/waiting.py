"""Plots of waits that may be cut: replies and solutions, buying again after a complaint, with the numbers at risk."""

from __future__ import annotations

from itertools import cycle

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import NullLocator, PercentFormatter

from crm_analysis.figures import PALETTE, describe, new_axes, plot
from crm_analysis.words import word

STYLES = ("-", "--", "-.", ":")
HOURS = (0.1, 0.5, 1, 4, 12, 24, 72, 168, 336, 720)
MOST_GROUPS = 6
SIGNS = 76  # of a key that fits above the axes; a Chinese sign counts twice, a line as eight
WAITS = {"reply": {"zh": "首次回复", "en": "a reply"}, "resolve": {"zh": "解决", "en": "a solution"}}


@plot
def plot_waiting(
    curves: pd.DataFrame,
    *,
    step: str | None = None,
    until: float | None = None,
    log: bool = True,
    ax: Axes | None = None,
    lang: str = "en",
) -> Axes:
    """Share of complaints still waiting by hours since they were opened, one curve with band per group.

    Parameters
    ----------
    curves : pandas.DataFrame, index (group, time)
        From `tickets.waiting.waiting_curves`. Of more than six groups the six largest are drawn; key and alt text
        say so.
    step : {"reply", "resolve"}, optional
        What they wait for; by default what the curves say, else a reply.
    until : float, optional
        Last hour drawn; by default where 99 % of the waits have been seen.
    log : bool
        Hours on a logarithmic axis.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Examples
    --------
    >>> from crm_analysis.survival import kaplan_meier
    >>> curves = pd.concat({"chat": kaplan_meier([1, 2, 4], [1, 1, 0])}, names=["channel"])
    >>> [round(float(y), 2) for y in plot_waiting(curves, log=False).lines[0].get_ydata()]
    [1.0, 0.67, 0.33, 0.33]
    """
    count = curves.index.get_level_values(0).nunique()
    curves = _largest(curves)
    groups = _parts(curves)
    ax = new_axes(ax, height=4.0 + 0.22 * len(groups))
    last = until or _far(curves)
    first = min(HOURS[0], last / 100) if log else 0.0
    for (name, part), color, style in zip(groups.items(), PALETTE, cycle(STYLES)):
        draw_curve(ax, part, color, style, word(name, lang))
    if log:
        ax.set_xscale("log")
        ticks = [hour for hour in HOURS if first <= hour <= last]
        ax.set_xticks(ticks, labels=[f"{hour:g}" for hour in ticks])
        ax.xaxis.set_minor_locator(NullLocator())
    ax.set_xlim(first, last)
    _finish(ax, groups, count, lang)
    ax.set_xlabel({"zh": "提交后小时数", "en": "hours since the complaint was opened"}[lang] +
                  ({"zh": "（对数刻度）", "en": " (logarithmic)"}[lang] if log else ""))  # fmt: skip
    wait = WAITS[step or curves.attrs.get("step", "reply")][lang]
    ax.set_ylabel({"zh": f"尚未{wait}的占比", "en": f"share still waiting for {wait}"}[lang])
    half = {word(name, lang): _crossing(part) for name, part in groups.items()}
    told = ("、" if lang == "zh" else ", ").join(_half(name, hours, lang) for name, hours in half.items())
    return describe(ax, {
        "zh": f"阶梯曲线（Kaplan-Meier，附 95% 区间带和在观察数）：各组尚未{wait}的投诉占比。"
              f"半数完成的小时数：{told}。{_left_out(groups, count, lang)}",
        "en": f"Step curves (Kaplan-Meier, with 95 % bands and numbers at risk): share of complaints still waiting for "
              f"{wait}. Hours until half are done: {told}.{_left_out(groups, count, lang)}",
    }[lang])  # fmt: skip


@plot
def plot_staying(
    curves: pd.DataFrame,
    *,
    landmark_days: int | None = None,
    until: float = 180,
    ax: Axes | None = None,
    lang: str = "en",
) -> Axes:
    """Share of complaining customers who bought again, by days since the landmark, one curve with band per group.

    Parameters
    ----------
    curves : pandas.DataFrame, index (group, time)
        From `tickets.staying.staying_curves`. Of more than six groups the six largest are drawn; key and alt text
        say so.
    landmark_days : int, optional
        The landmark with which they were made; by default what the curves say.
    until : float
        Last day drawn.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Examples
    --------
    >>> from crm_analysis.survival import kaplan_meier
    >>> curves = pd.concat({"not_resolved": kaplan_meier([10, 20], [1, 0])}, names=["handling_then"])
    >>> plot_staying(curves, landmark_days=7).lines[0].get_ydata().tolist()
    [0.0, 0.5, 0.5]
    """
    count = curves.index.get_level_values(0).nunique()
    curves = _largest(curves)
    groups = _parts(curves)
    ax = new_axes(ax, height=4.0 + 0.22 * len(groups))
    landmark = curves.attrs.get("landmark_days", 0) if landmark_days is None else landmark_days
    for (name, part), color, style in zip(groups.items(), PALETTE, cycle(STYLES)):
        draw_curve(ax, part, color, style, word(name, lang), rising=True)
    ax.set_xlim(0, until)
    _finish(ax, groups, count, lang)
    ax.set_xlabel({"zh": f"起算日（投诉后第 {landmark} 天）起的天数",
                   "en": f"days since the landmark ({landmark} days after the complaint)"}[lang])  # fmt: skip
    ax.set_ylabel({"zh": "已再次购买的占比", "en": "share that bought again"}[lang])
    told = ("、" if lang == "zh" else ", ").join(
        _by(word(name, lang), part, until, lang) for name, part in groups.items()
    )
    return describe(ax, {
        "zh": f"阶梯曲线（Kaplan-Meier，附 95% 区间带和在观察数）：投诉客户自起算日起再次购买的占比，按组别。"
              f"到第 {until:g} 天：{told}。差异是关联，不是处理方式的作用。{_left_out(groups, count, lang)}",
        "en": f"Step curves (Kaplan-Meier, with 95 % bands and numbers at risk): share of complaining customers who "
              f"bought again since the landmark, by group. By day {until:g}: {told}. An association, not an effect."
              f"{_left_out(groups, count, lang)}",
    }[lang])  # fmt: skip


def draw_curve(ax: Axes, part: pd.DataFrame, color: str, style: str, label: str, *, rising: bool = False) -> None:
    """Draw one Kaplan-Meier curve as steps with its band; `rising` draws one minus it."""
    shown = part[["survival", "survival_low", "survival_high"]]
    shown = 1 - shown if rising else shown
    ax.step(part.index, shown["survival"], where="post", color=color, linestyle=style, linewidth=1.8, label=label)
    low, high = sorted(("survival_low", "survival_high"), reverse=rising)[::-1]
    ax.fill_between(part.index, shown[low], shown[high], step="post", color=color, alpha=0.15, linewidth=0)


def _finish(ax: Axes, groups: dict[object, pd.DataFrame], count: int, lang: str) -> None:
    """Axes of shares, the key, and a row of numbers at risk for each group under the ticks."""
    ax.set_ylim(0, 1.02)
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    longest = max(sum(1 + (sign > "\u2e80") for sign in word(name, lang)) for name in groups)
    columns = min(len(groups), 4, max(1, SIGNS // (longest + 8)))
    key = ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=columns, handlelength=2.4,
                    title=_left_out(groups, count, lang).strip() or None)  # fmt: skip
    for text in key.get_texts():
        text.set_parse_math(False)
    low, high = ax.get_xlim()
    ticks = [tick for tick in ax.get_xticks() if low - 1e-9 <= tick <= high + 1e-9]
    rows = [
        ({"zh": "在观察数", "en": "at risk"}[lang], None),
        *((word(name, lang), part) for name, part in groups.items()),
    ]
    for line, (name, part) in enumerate(rows):
        down = -38 - 13 * line  # points below the axis, under its label
        how = {"textcoords": "offset points", "va": "top", "fontsize": 8, "annotation_clip": False, "parse_math": False}
        ax.annotate(name, (0, 0), xycoords="axes fraction", xytext=(-14, down), ha="right", **how)
        for tick in ticks if part is not None else []:
            ax.annotate(f"{at_risk(part, tick):,}", (tick, 0), xycoords=("data", "axes fraction"), xytext=(0, down),
                        ha="center", **how)  # fmt: skip


def at_risk(part: pd.DataFrame, time: float) -> int:
    """Return how many are still waiting and seen just before a time."""
    later = part.loc[part.index >= time - 1e-9, "at_risk"]
    return int(later.iloc[0]) if len(later) else 0


def _parts(curves: pd.DataFrame) -> dict[object, pd.DataFrame]:
    name = curves.index.names[0]
    return {group: part.droplevel(0) for group, part in curves.groupby(level=name, sort=False)}


def _largest(curves: pd.DataFrame) -> pd.DataFrame:
    """Curves of the six groups with most at risk at the start, in the order in which they stand."""
    size = curves["at_risk"].groupby(level=0, sort=False).max().sort_values(ascending=False, kind="stable")
    return curves[curves.index.get_level_values(0).isin(size.index[:MOST_GROUPS])]


def _left_out(groups: dict[object, pd.DataFrame], count: int, lang: str) -> str:
    """Say that not all groups are drawn; nothing where they are."""
    if len(groups) == count:
        return ""
    return {"zh": f"共 {count} 组，只画人数或工单数最多的 {len(groups)} 组。",
            "en": f" Only the {len(groups)} largest of {count} groups are drawn."}[lang]  # fmt: skip


def _far(curves: pd.DataFrame) -> float:
    """Time by which 99 % of the waits have ended or been cut, in all groups."""
    left = (curves["occurred"] + curves["censored"]).groupby(level=1).sum().sort_index()
    share = left.cumsum() / left.sum()
    return float(max(share.index[share.to_numpy() >= 0.99][0], 1e-9))


def _crossing(part: pd.DataFrame) -> float:
    below = part.index[part["survival"] <= 0.5 + 1e-12]
    return float(below[0]) if len(below) else float("nan")


def _by(name: str, part: pd.DataFrame, until: float, lang: str) -> str:
    """Share that bought again by a day, or by the last day known if that is earlier."""
    share, last = 1 - float(part["survival"].loc[:until].iloc[-1]), float(part.index[-1])
    if last >= until or share == 1:
        return f"{name} {share:.0%}"
    return (
        f"{name} {share:.0%}" + {"zh": f"（只跟踪到第 {last:g} 天）", "en": f" (followed to day {last:g} only)"}[lang]
    )


def _half(name: str, hours: float, lang: str) -> str:
    if np.isnan(hours):
        return {"zh": f"{name}未到半数", "en": f"{name} not reached"}[lang]
    return f"{name} {hours:.1f}"
