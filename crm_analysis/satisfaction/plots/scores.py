"""Plots of scores of a survey: NPS by segment, over time, its change, what a sample buys, coverage of its limits."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, PercentFormatter

from crm_analysis.figures import FAMILY, INK, PALETTE, describe, new_axes, plot
from crm_analysis.intervals import Estimate
from crm_analysis.satisfaction.plots.parts import LIMITS, distances, new_rows
from crm_analysis.satisfaction.scores.change import NpsChange
from crm_analysis.satisfaction.scores.trend import NpsTrend
from crm_analysis.words import word

BLUE, ORANGE, GREEN, GREY = PALETTE[0], PALETTE[1], PALETTE[2], "#C8C8C8"
MOST_TICKS = 14
TICKS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000)


@plot
def plot_nps(table: pd.DataFrame, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Detractors left of zero, promoters and passives right of it, the score with its interval as a diamond.

    Parameters
    ----------
    table : pandas.DataFrame
        From `nps.nps_table`; segments nobody of whom answered are left out.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Examples
    --------
    >>> from crm_analysis.satisfaction.scores.nps import nps_table
    >>> ax = plot_nps(nps_table(pd.DataFrame({"nps": [10, 9, 8, 0]})))
    >>> [round(float(bar.get_width()), 2) for bar in ax.patches]
    [-0.25, 0.5, 0.25]
    """
    table = table[table["respondents"] > 0]
    unit = {"zh": "人", "en": "respondents"}[lang]
    names = [f"{word(name, lang)}\n{count:,} {unit}" for name, count in table["respondents"].items()]
    ax = new_rows(ax, len(table), names, lang)
    place, how = np.arange(len(table)), {"height": 0.56}
    ax.barh(place, -table["detractor_share"], color=ORANGE, hatch="///", edgecolor="white", linewidth=0,
            label=word("detractor_share", lang), **how)  # fmt: skip
    ax.barh(place, table["promoter_share"], color=GREEN, label=word("promoter_share", lang), **how)
    ax.barh(place, table["passive_share"], left=table["promoter_share"], color=GREY,
            label=word("passive_share", lang), **how)  # fmt: skip
    ax.axvline(0, color=INK, linewidth=1)
    ax.errorbar(table["nps"], place, xerr=distances(table, "nps"), fmt="D", color="white", markeredgecolor=INK,
                markersize=8, label=word("nps", lang) + {"zh": "及区间", "en": " with interval"}[lang],
                **LIMITS)  # fmt: skip
    for y, (score, few) in enumerate(zip(table["nps"], table["too_few"])):
        note = {"zh": "\n样本过少", "en": "\ntoo few"}[lang] * bool(few)
        ax.annotate(f"{score:+.1%}{note}", (1.02, y), va="center", annotation_clip=False, fontsize=9)
    ax.set_xlim(-1, 1)
    ax.xaxis.set_major_formatter(_points())
    ax.set_xlabel(
        {"zh": "占受访者的比例；净推荐值（百分点）", "en": "share of respondents; score in percentage points"}[lang]
    )
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    row = table.iloc[-1]
    score = Estimate(row["nps"], row["nps_low"], row["nps_high"])
    return describe(ax, {
        "zh": f"堆叠条形图：{len(table)} 行的贬损者（零左侧）、推荐者和被动者（零右侧）占比，菱形为净推荐值及区间。"
              f"{word(table.index[-1], lang)}为 {score:+.1%}。",
        "en": f"Stacked bars of {len(table)} rows: detractors left of zero, promoters and passives right of it, "
              f"diamonds for the net promoter score with its interval. {word(table.index[-1], lang)}: {score:+.1%}.",
    }[lang])  # fmt: skip


@plot
def plot_nps_trend(trend: NpsTrend, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Net promoter score by period with intervals; hollow where fewer than 30 answered.

    Parameters
    ----------
    trend : NpsTrend
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Examples
    --------
    >>> from crm_analysis.satisfaction.scores.trend import nps_trend
    >>> times = pd.to_datetime(["2012-01-05", "2012-02-05"]).tz_localize("UTC")
    >>> ax = plot_nps_trend(nps_trend(pd.DataFrame({"answered_at": times, "nps": [10, 8]})))
    >>> ax.lines[0].get_ydata().tolist()
    [1.0, 0.0]
    """
    ax = new_axes(ax)
    over_time(ax, trend.table, "nps", lang)
    ax.axhline(0, color=INK, linewidth=1, zorder=1)
    ax.yaxis.set_major_formatter(_points())
    ax.set_ylabel({"zh": "净推荐值（百分点，附区间）", "en": "net promoter score (points, with interval)"}[lang])
    ax.set_xlabel(word("period", lang))
    asked = trend.table[trend.table["respondents"] > 0]
    first, last = asked.iloc[0]["nps"], asked.iloc[-1]["nps"]
    return describe(ax, {
        "zh": f"折线图：{len(asked)} 个时期的净推荐值及区间，从 {first:+.1%} 到 {last:+.1%}。{trend.text('zh')}",
        "en": f"Line chart: net promoter score of {len(asked)} periods with intervals, from {first:+.1%} to "
              f"{last:+.1%}. {trend.text('en')}",
    }[lang])  # fmt: skip


@plot
def plot_nps_change(change: NpsChange, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Waterfall from the score before over the part of the mix and the part within segments to the score after.

    Parameters
    ----------
    change : NpsChange
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Examples
    --------
    >>> from crm_analysis.satisfaction.scores.change import nps_change
    >>> before, after = (pd.DataFrame({"kind": list("ab"), "nps": n}) for n in ([10, 0], [10, 10]))
    >>> [float(bar.get_height()) for bar in plot_nps_change(nps_change(before, after, by="kind", draws=10)).patches]
    [0.0, 0.0, 1.0, 1.0]
    """
    ax, parts = new_axes(ax), change.parts
    start, end = change.before.nps.value, change.after.nps.value
    mix, within = parts.loc["mix_part", "nps_change"], parts.loc["within_part", "nps_change"]
    bottom, height = np.array([0, start, start + mix, 0]), np.array([start, mix, within, end])
    colours = [PALETTE[6], *(GREEN if step >= 0 else ORANGE for step in (mix, within)), PALETTE[6]]
    bars = ax.bar(range(4), height, bottom=bottom, width=0.6, color=colours)
    for bar in bars[1:3]:
        bar.set(hatch="///" if bar.get_height() < 0 else "", edgecolor="white", linewidth=0)
    tops = bottom + height
    for x, name in ((1, "mix_part"), (2, "within_part")):
        low, high = (parts.loc[name, f"nps_change_{side}"] for side in ("low", "high"))
        ax.vlines(x, bottom[x] + low, bottom[x] + high, color=INK, linewidth=1.4)
    for x in range(3):
        ax.plot([x, x + 1], [tops[x]] * 2, color=INK, linewidth=0.8, linestyle=":")
    shown = [f"{start:+.1%}", *(_with_limits(parts.loc[name]) for name in ("mix_part", "within_part")), f"{end:+.1%}"]
    labels = [word(name, lang) for name in ("nps_before", "mix_part", "within_part", "nps_after")]
    ax.set_xticks(range(4), labels=[f"{label}\n{text}" for label, text in zip(labels, shown)], linespacing=1.5)
    ax.axhline(0, color=INK, linewidth=1)
    ax.margins(y=0.1)
    ax.grid(visible=False, axis="x")
    ax.yaxis.set_major_formatter(_points())
    ax.set_ylabel({"zh": "净推荐值（百分点）", "en": "net promoter score (points)"}[lang])
    return describe(ax, {
        "zh": f"瀑布图，竖线为区间。{change.text('zh')}",
        "en": f"Waterfall chart, vertical lines are intervals. {change.text('en')}",
    }[lang])  # fmt: skip


@plot
def plot_precision(table: pd.DataFrame, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Half the width of the intervals of a share and of a net promoter score against the number of answers.

    Parameters
    ----------
    table : pandas.DataFrame
        From `planner.precision_table`.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Examples
    --------
    >>> from crm_analysis.satisfaction.scores.planner import precision_table
    >>> ax = plot_precision(precision_table([100, 400, 1600]))
    >>> ax.lines[0].get_ydata().round(3).tolist()
    [0.196, 0.098, 0.049]
    """
    table = table.sort_index()
    ax, n = new_axes(ax), table.index
    for name, colour, style in (("nps_margin", BLUE, "-"), ("share_margin", ORANGE, "--")):
        ax.plot(n, table[name], color=colour, linestyle=style, linewidth=2, label=word(name, lang))
    ax.set_xscale("log")
    ticks = [size for size in TICKS if n[0] <= size <= n[-1]]
    ax.set_xticks(ticks, labels=[f"{size:,}" for size in ticks])
    ax.xaxis.set_minor_formatter(FuncFormatter(lambda value, _: ""))
    ax.set_ylim(0, None)
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set_xlabel({"zh": "回答数（对数刻度）", "en": "answers (log scale)"}[lang])
    ax.set_ylabel({"zh": "区间半宽（百分点）", "en": "half-width of the interval (points)"}[lang])
    ax.legend()
    last = table.iloc[-1]
    return describe(ax, {
        "zh": f"折线图：区间半宽随回答数增加而变窄。{n[0]:,} 个回答时净推荐值为 ±{table['nps_margin'].iloc[0]:.1%}，"
              f"{n[-1]:,} 个时为 ±{last['nps_margin']:.1%}，占比为 ±{last['share_margin']:.1%}。",
        "en": f"Line chart: half-width of intervals falls with the number of answers. Net promoter score "
              f"±{table['nps_margin'].iloc[0]:.1%} with {n[0]:,} answers, ±{last['nps_margin']:.1%} with {n[-1]:,}; "
              f"share ±{last['share_margin']:.1%}.",
    }[lang])  # fmt: skip


@plot
def plot_nps_coverage(table: pd.DataFrame, *, level: float = 0.95, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Exact coverage of each method against the number of respondents, with what the limits promise as a line.

    Parameters
    ----------
    table : pandas.DataFrame
        From `coverage.coverage_table`.
    level : float in (0, 1)
        What the limits promise.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Examples
    --------
    >>> from crm_analysis.satisfaction.scores.coverage import coverage_table
    >>> ax = plot_nps_coverage(coverage_table((0.9, 0.05, 0.05), sizes=[10, 30]))
    >>> ax.lines[0].get_ydata().round(3).tolist()
    [0.959, 0.973]
    """
    ax = new_axes(ax)
    styles = zip((BLUE, ORANGE, GREEN), ("-", "--", "-."))
    for (method, rows), (colour, style) in zip(table.groupby("nps_method", sort=False), styles):
        ax.plot(rows["respondents"], rows["coverage"], color=colour, linestyle=style, linewidth=2,
                label=word(method, lang))  # fmt: skip
    ax.axhline(level, color=INK, linewidth=1, linestyle=":", label={"zh": "名义水平", "en": "promised"}[lang])
    wald = table[table["nps_method"] == "wald"]
    if len(wald):
        ax.plot(wald["respondents"], wald["zero_width"], color=PALETTE[3], linestyle="-.", marker=".",
                label={"zh": "Wald 区间宽度为零", "en": "Wald interval has no width"}[lang])  # fmt: skip
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set_ylim(0, 1.03)
    ax.set_xlabel(word("respondents", lang))
    ax.set_ylabel({"zh": "区间包含真值的概率", "en": "chance that the interval holds the truth"}[lang])
    ax.legend(loc="center right")
    worst = table.loc[table["coverage"].idxmin()]
    return describe(ax, {
        "zh": f"折线图：各区间方法的覆盖率与受访人数，虚线为名义水平 {level:.0%}。"
              f"最低的是{word(worst['nps_method'], lang)}，{worst['respondents']:,} 人时为 {worst['coverage']:.1%}。",
        "en": f"Line chart: coverage of each method by number of respondents, promised {level:.0%}. Lowest: "
              f"{word(worst['nps_method'], lang)} with {worst['respondents']:,} respondents, {worst['coverage']:.1%}.",
    }[lang])  # fmt: skip


def over_time(ax: Axes, table: pd.DataFrame, name: str, lang: str) -> None:
    """Draw a column of a table by period: a line, intervals, and hollow dots where the sample is too small."""
    place = np.arange(len(table))
    ax.plot(place, table[name], color=BLUE, linewidth=1.4)
    ax.errorbar(place, table[name], yerr=distances(table, name), fmt="none", **LIMITS)
    few = table["too_few"].to_numpy(bool)
    for rows, face, label in ((~few, BLUE, ""), (few, "white", {"zh": "样本过少", "en": "too few"}[lang])):
        there = rows & table[name].notna().to_numpy()
        if there.any():
            ax.plot(place[there], table[name][there], "o", color=BLUE, markerfacecolor=face, label=label or None)
    step = -(-len(table) // MOST_TICKS)
    shown = place[::step]
    ax.set_xticks(shown, labels=[str(table.index[at]) for at in shown])
    if len(shown) * max(map(len, map(str, table.index))) > 75:
        ax.tick_params(axis="x", rotation=45)
    if (few & table[name].notna().to_numpy()).any():
        ax.legend(prop={"family": FAMILY})


def _points() -> FuncFormatter:
    """Percentage points with their sign; zero without."""
    return FuncFormatter(lambda value, _: f"{value:+.0%}" if abs(value) > 1e-9 else "0")


def _with_limits(row: pd.Series) -> str:
    return format(Estimate(*row[["nps_change", "nps_change_low", "nps_change_high"]]), "+.1%").replace(" [", "\n[")
