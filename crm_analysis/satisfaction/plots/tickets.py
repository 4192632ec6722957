"""Plots of complaint tickets: Pareto chart of reasons, promised times, complaints over time, triage."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.ticker import PercentFormatter

from crm_analysis.errors import InputError
from crm_analysis.figures import INK, PALETTE, describe, new_axes, plot
from crm_analysis.satisfaction.plots.parts import LIMITS, distances, dots, new_rows
from crm_analysis.words import word


@plot
def plot_pareto(table: pd.DataFrame, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Pareto chart: share of each reason with its interval as a bar, cumulative share as a line, on one axis.

    Parameters
    ----------
    table : pandas.DataFrame
        From `tickets.reason_table`.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Examples
    --------
    >>> from crm_analysis.satisfaction.tickets.service import reason_table
    >>> ax = plot_pareto(reason_table(pd.DataFrame({"reason": ["late", "rude", "late"]})))
    >>> [f"{bar.get_width():.3f}" for bar in ax.patches]
    ['0.667', '0.333']
    """
    ax = new_rows(ax, len(table), table.index, lang)
    place, share = np.arange(len(table)), table["share"].to_numpy()
    bars = ax.barh(place, share, height=0.62, color=PALETTE[0], label=word("share", lang))
    ax.errorbar(share, place, xerr=distances(table, "share"), fmt="none", **LIMITS)
    (line,) = ax.plot(table["cumulative_share"], place, color=PALETTE[1], marker="o")
    line.set_label(word("cumulative_share", lang))
    for x, y in zip(table["cumulative_share"], place):
        ax.annotate(f"{x:.0%}", (x, y), xytext=(6, 5), textcoords="offset points", fontsize=9)
    ax.set_xlim(0, 1.1)
    ax.set_xticks(np.arange(0, 1.01, 0.2))
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set_xlabel({"zh": f"占投诉的比例（共 {table['tickets'].sum():,} 件）",
                   "en": f"share of the {table['tickets'].sum():,} complaints"}[lang])  # fmt: skip
    ax.legend(handles=[bars, line], loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    first, top = word(table.index[0], lang), table["share"].iloc[0]
    return describe(ax, {
        "zh": f"帕累托图：各投诉原因的占比（条形，附 95% 区间）和累计占比（折线）。最多的是“{first}”，占 {top:.1%}。",
        "en": f"Pareto chart: share of each complaint reason (bars with 95 % intervals) and cumulative share (line). "
              f"The most frequent is '{first}' with {top:.1%}.",
    }[lang])  # fmt: skip


@plot
def plot_sla(table: pd.DataFrame, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Share of complaints done within the promised time as a dot with its interval, with target and count.

    Parameters
    ----------
    table : pandas.DataFrame
        From `tickets.sla.sla_table`; rows whose share is not known are left out.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Raises
    ------
    InputError
        If no share is known.

    Examples
    --------
    >>> table = pd.DataFrame({"target_hours": [4.0], "tickets": [50], "in_time_share": [0.8],
    ...                       "in_time_share_low": [0.7], "in_time_share_high": [0.9]}, index=[3])
    >>> plot_sla(table).get_yticklabels()[0].get_text().splitlines()
    ['3', 'target 4 h, 50 tickets']
    """
    table = table[table["in_time_share"].notna()]
    if table.empty:
        raise InputError("no share in time is known: no ticket was followed up to its target",
                         where="the table of sla_table", mend="a shorter target or a later day",
                         zh="没有工单跟踪到目标时间，无法计算按时完成率")  # fmt: skip
    names = []
    for name, row in table.iterrows():
        goal = {"zh": f"目标 {row['target_hours']:g} 小时，", "en": f"target {row['target_hours']:g} h, "}[lang]
        count = {"zh": f"{row['tickets']:,.0f} 件", "en": f"{row['tickets']:,.0f} tickets"}[lang]
        names.append(f"{word(name, lang)}\n{goal if np.isfinite(row['target_hours']) else ''}{count}")
    ax = new_rows(ax, len(table), names, lang)
    dots(ax, table, "in_time_share")
    for y, share in enumerate(table["in_time_share"]):
        ax.annotate(f"{share:.1%}", (share, y), xytext=(0, 9), textcoords="offset points", ha="center")
    ax.set_xlim(min(0.5, table["in_time_share_low"].min() - 0.05), 1.02)
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set_xlabel(word("in_time_share", lang) + {"zh": "（附 95% 区间）", "en": " (with 95 % interval)"}[lang])
    if table.index.name not in (None, "tickets_in"):
        ax.set_ylabel(word(table.index.name, lang))
    worst = table["in_time_share"].idxmin()
    return describe(ax, {
        "zh": f"点图：各组在目标时间内完成的投诉占比及 95% 区间，未完成的工单按删失计入。最低的是{word(worst, lang)}，"
              f"{table.loc[worst, 'in_time_share']:.1%}。",
        "en": f"Dot plot: share of complaints done within the promised time with 95 % intervals, open ones censored. "
              f"Lowest: {word(worst, lang)}, {table.loc[worst, 'in_time_share']:.1%}.",
    }[lang])  # fmt: skip


@plot
def plot_u_chart(table: pd.DataFrame, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Complaints per 1,000 orders by period with centre line and control limits; signals are named.

    Parameters
    ----------
    table : pandas.DataFrame
        From `tickets.rates.complaint_periods`; incomplete periods are hollow, those without orders left out.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Examples
    --------
    >>> table = pd.DataFrame({"complaint_rate": [80.0, 90.0], "centre_rate": 85.0, "lower_control": 60.0,
    ...                       "upper_control": 110.0, "signal": "", "partial": [False, True]},
    ...                      index=pd.to_datetime(["2012-01-02", "2012-01-09"]))
    >>> plot_u_chart(table).lines[0].get_ydata().tolist()
    [80.0, 90.0]
    """
    ax, table = new_axes(ax), table[table["complaint_rate"].notna()]
    rate, whole = table["complaint_rate"], ~table["partial"].astype(bool)
    names = {key: word(key, lang) for key in ("complaint_rate", "centre_rate", "partial")}
    ax.plot(table.index, rate, color=PALETTE[0], linewidth=1)
    ax.plot(table.index[whole], rate[whole], "o", color=PALETTE[0], markersize=4)
    if (~whole).any():
        ax.plot(
            table.index[~whole], rate[~whole], "o", color=PALETTE[0], markerfacecolor="white", label=names["partial"]
        )
    ax.plot(table.index, table["centre_rate"], color=INK, linewidth=1.2, label=names["centre_rate"])
    limits = {"zh": "3 倍标准差控制限", "en": "3-sigma control limits"}[lang]
    for column, label in (("upper_control", limits), ("lower_control", None)):
        known = table[column].where(whole)
        ax.plot(table.index, known, "--", color=PALETTE[1], linewidth=1.2, drawstyle="steps-mid", label=label)
    odd = table["signal"].ne("")
    for key, marker in (("above_limit", "^"), ("below_limit", "v"), ("long_run", "s")):
        hits = table["signal"].eq(key)
        if hits.any():
            ax.plot(table.index[hits], rate[hits], marker, color=PALETTE[1], markersize=9, label=word(key, lang))
    ax.set_ylim(0, 1.08 * max(rate.max(), table.loc[whole, "upper_control"].median() * 1.3))
    locator = AutoDateLocator(maxticks=9)
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(ConciseDateFormatter(locator, **_dates(lang)))
    ax.set_ylabel(names["complaint_rate"])
    ax.set_xlabel({"zh": "各期首日", "en": "first day of the period"}[lang])
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3)
    centre = table["centre_rate"].iloc[0]
    return describe(ax, {
        "zh": f"u 控制图：{len(table)} 期的每千单投诉数，中心线 {centre:.1f}，虚线为控制限。{odd.sum()} 期有异常信号，"
              f"其余属正常波动。",
        "en": f"u chart: complaints per 1,000 orders in {len(table)} periods, centre line {centre:.1f}, dashed control "
              f"limits. {odd.sum()} periods give a signal; the others are ordinary variation.",
    }[lang])  # fmt: skip


@plot
def plot_triage(matrix: pd.DataFrame, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Open tickets by severity and urgency: a tile per cell, the darker the higher its priority.

    Parameters
    ----------
    matrix : pandas.DataFrame
        From `tickets.triage.triage_matrix`.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Examples
    --------
    >>> matrix = pd.DataFrame({"severity_level": [1, 1, 2, 2], "urgency": [1, 2, 1, 2], "priority": [3, 2, 2, 1],
    ...                        "tickets": [4, 0, 1, 2], "longest_wait": [5.0, None, 9.0, 80.0]})
    >>> plot_triage(matrix).texts[6].get_text()
    '1'
    """
    ax = new_axes(ax, width=6.0, height=4.2)
    grid = matrix.set_index(["severity_level", "urgency"])["priority"].astype(float).unstack()  # noqa: PD010
    ax.imshow(
        -grid, cmap="Blues", vmin=-grid.max().max() - 1.5, vmax=-grid.min().min() + 2.2, origin="lower", aspect="auto"
    )
    rows, columns = list(grid.index), list(grid.columns)
    for cell in matrix.itertuples():
        at = columns.index(cell.urgency), rows.index(cell.severity_level)
        color = "white" if cell.priority == grid.min().min() else INK
        ax.text(*at, f"{cell.priority}", fontsize=17, weight="bold", color=color, ha="center", va="bottom")
        ax.text(
            at[0], at[1] - 0.06, _cell(cell, lang), fontsize=9, color=color, ha="center", va="top", linespacing=1.35
        )
    ax.set_xticks(range(len(columns)), labels=[str(name) for name in columns])
    ax.set_yticks(range(len(rows)), labels=[str(name) for name in rows])
    ax.grid(visible=False)
    ax.tick_params(length=0)
    ax.set_xlabel({"zh": "紧急程度（3 为最急）", "en": "urgency (3 is most urgent)"}[lang])
    ax.set_ylabel({"zh": "严重程度（3 为最重）", "en": "severity (3 is worst)"}[lang])
    ax.set_title(
        {"zh": "大数字为优先级，1 最先处理", "en": "large numbers: priority, 1 comes first"}[lang], fontsize=10
    )
    first = matrix[matrix["priority"] == matrix["priority"].min()]
    total = int(matrix["tickets"].sum())
    return describe(ax, {
        "zh": f"矩阵图：{total} 张未结工单按严重程度（纵轴）和紧急程度（横轴）分布，"
              f"最高优先级 {first['tickets'].sum()} 张。",
        "en": f"Matrix: {total} open tickets by severity (up) and urgency (across); {first['tickets'].sum()} of them "
              f"have the highest priority.",
    }[lang])  # fmt: skip


def _cell(cell: object, lang: str) -> str:
    count = {"zh": f"{cell.tickets} 张", "en": f"{cell.tickets} ticket{'s' * (cell.tickets != 1)}"}[lang]
    if not cell.tickets:
        return count
    days = cell.longest_wait / 24
    text = f"{days:,.0f}" if days >= 2 else f"{days:.1f}"
    return count + {"zh": f"\n最长 {text} 天", "en": f"\nlongest {text} days"}[lang]


def _dates(lang: str) -> dict[str, list[str]]:
    """Formats of ticks and offset, without the months' English names in Chinese."""
    if lang == "en":
        return {}
    return {
        "formats": ["%Y 年", "%m 月", "%m-%d", "%H:%M", "%H:%M", "%S.%f"],
        "zero_formats": ["", "%Y 年", "%m 月", "%m-%d", "%H:%M", "%H:%M"],
        "offset_formats": ["", "%Y 年", "%Y-%m", "%Y-%m-%d", "%Y-%m-%d", "%Y-%m-%d %H:%M"],
    }
