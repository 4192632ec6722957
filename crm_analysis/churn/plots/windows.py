"""Windows on a line of time, churn rates by cutoff and by length of the outcome, features that tell too much."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, DateFormatter, date2num
from matplotlib.ticker import PercentFormatter

from crm_analysis.churn.windows.alarms import ALARM
from crm_analysis.churn.windows.assembly import in_order
from crm_analysis.churn.windows.forward import Plan
from crm_analysis.churn.windows.windows import Windows
from crm_analysis.errors import InputError
from crm_analysis.figures import FAMILY, INK, PALETTE, describe, new_axes, plot
from crm_analysis.tables.days import day_number, day_stamp
from crm_analysis.words import word

BLUE, ORANGE, GREEN, PURPLE, YELLOW, SKY, GREY = PALETTE
SPANS = (  # key, colour, hatch, height: three signs for each
    ("observation_window", SKY, "", 0.34),
    ("gap_window", "white", "....", 0.34),
    ("outcome_window", ORANGE, "///", 0.5),
)  # fmt: skip
LONG = 150  # days above which months are written on the axis
MOST = 15  # features shown


@plot
def plot_windows(windows: Windows | Iterable[Windows] | Plan, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Observation, gap and outcome of each cutoff as bars on a line of time, the data's end as a line.

    Parameters
    ----------
    windows : Windows, iterable of Windows, or Plan
        Of a plan the training cutoffs, the test and those refused are drawn, and named.
    ax : matplotlib.axes.Axes, optional
    lang : {"en", "zh"}

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> test = Windows("2010-08-31", data_end="2010-12-09", outcome=90, data_start="2009-12-01")
    >>> ax = plot_windows([test, test.at("2010-05-31")])
    >>> [text.get_text() for text in ax.get_yticklabels()]
    ['2010-05-31', '2010-08-31']
    """
    spans, roles = _planned(windows) if isinstance(windows, Plan) else (in_order(windows), [""] * 99)
    ax = new_axes(ax, height=1.7 + 0.42 * len(spans))
    last = day_number(spans[-1].data_end)
    begin = min(_begin(each) for each in spans)
    for place, each in enumerate(spans):
        faded = 0.35 if roles[place] == "forward_refused" else 1
        days = (each.first_day or begin, each.cutoff_day + 1, each.outcome_first_day, each.outcome_end_day + 1)
        for (_, colour, hatch, height), start, stop in zip(SPANS, days, days[1:]):
            if stop > start:
                ax.barh(place, stop - start, left=_at(start), height=height, color=colour, hatch=hatch, edgecolor=INK,
                        linewidth=0.7, alpha=faded)  # fmt: skip
        ax.plot([_at(each.cutoff_day + 1)] * 2, [place - 0.36, place + 0.36], color=INK, linewidth=2.2)
    ax.axvline(_at(last + 1), color=GREY, linewidth=1.4, linestyle="--")
    names = [f"{each.cutoff_date:%Y-%m-%d}" + (f"\n{word(role, lang)}" if role else "")
             for each, role in zip(spans, roles)]  # fmt: skip
    ax.set_yticks(range(len(spans)), names, linespacing=1.3)
    ax.set_ylim(len(spans) - 0.4, -0.6)
    ax.grid(visible=False, axis="y")
    _days_on_x(ax, begin, last + 1)
    ax.set_ylabel(word("cutoff", lang), fontfamily=FAMILY)
    _window_legend(ax, any(each.gap for each in spans), lang)
    return describe(ax, _windows_alt(spans, lang))


def _planned(plan: Plan) -> tuple[list[Windows], list[str]]:
    """Windows of a plan with their roles; refused ones that would end after the data are drawn by their lengths."""
    return [plan.test.at(cutoff) for cutoff in plan.table.index], plan.table["forward_role"].tolist()


def _begin(each: Windows) -> int:
    """First day drawn: an observation without a bound is drawn as long as the outcome, and at least 90 days."""
    return each.first_day if each.first_day is not None else each.cutoff_day - max(90, 2 * each.outcome)


def _at(day: int) -> float:
    return float(date2num(day_stamp(day)))


def _days_on_x(ax: Axes, first: int, last: int) -> None:
    pad = max(1.0, 0.015 * (last - first))
    ax.set_xlim(_at(first) - pad, _at(last) + pad)
    long = last - first > LONG
    ax.xaxis.set_major_locator(AutoDateLocator(minticks=3, maxticks=8 if long else 6))
    ax.xaxis.set_major_formatter(DateFormatter("%Y-%m" if long else "%Y-%m-%d"))


def _window_legend(ax: Axes, has_gap: bool, lang: str) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    shown = [span for span in SPANS if has_gap or span[0] != "gap_window"]
    handles = [Patch(facecolor=colour, hatch=hatch, edgecolor=INK, linewidth=0.7, label=word(key, lang))
               for key, colour, hatch, _ in shown]  # fmt: skip
    handles += [Line2D([], [], color=INK, linewidth=2.2, label=word("cutoff", lang)),
                Line2D([], [], color=GREY, linewidth=1.4, linestyle="--",
                       label={"zh": "数据末日", "en": "end of the data"}[lang])]  # fmt: skip
    ax.legend(handles=handles, loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=5, borderaxespad=0.2,
              columnspacing=1.4, handlelength=1.8, prop={"family": FAMILY, "size": 9.5})  # fmt: skip


def _windows_alt(spans: list[Windows], lang: str) -> str:
    last = spans[-1]
    return {
        "zh": f"时间轴：{len(spans)} 个截止日的观察期、间隔期与结果期。最晚的一个：{last.text('zh')}；"
              f"数据末日 {day_stamp(day_number(last.data_end)):%Y-%m-%d}。",
        "en": f"Line of time: observation, gap and outcome of {len(spans)} cutoffs. The latest: {last.text('en')}; the"
              f" data end on {day_stamp(day_number(last.data_end)):%Y-%m-%d}.",
    }[lang]  # fmt: skip


@plot
def plot_churn_by_cutoff(account: pd.DataFrame, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Churn rate at each cutoff with its limits, and the number of customers below.

    Parameters
    ----------
    account : pandas.DataFrame, index cutoff
        eligible, churn_rate with limits, from `churn_by_cutoff` or ``sample.account``.
    ax : matplotlib.axes.Axes, optional
    lang : {"en", "zh"}

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> account = pd.DataFrame({"eligible": [2703, 3321], "churn_rate": [0.505, 0.419],
    ...     "churn_rate_low": [0.486, 0.402], "churn_rate_high": [0.523, 0.436]},
    ...     index=pd.to_datetime(["2010-05-31", "2010-08-31"]))
    >>> plot_churn_by_cutoff(account).lines[0].get_ydata().tolist()
    [0.505, 0.419]
    """
    _check_rows(account, ("eligible", "churn_rate", "churn_rate_low", "churn_rate_high"))
    ax, place = new_axes(ax), np.arange(len(account))
    _dots(ax, place, account, "churn_rate", ORANGE, "o")
    ax.plot(place, account["churn_rate"], color=ORANGE, linewidth=0.8, alpha=0.6)
    for x, (value, high) in enumerate(zip(account["churn_rate"], account["churn_rate_high"])):
        ax.annotate(f"{value:.1%}", (x, high), xytext=(0, 5), textcoords="offset points", ha="center", fontsize=9)
    names = [f"{day:%Y-%m-%d}\n{count:,.0f}" for day, count in zip(account.index, account["eligible"])]
    ax.set_xticks(place, names, linespacing=1.35)
    _room(ax, len(account))
    _shares_on_y(ax, account["churn_rate_high"])
    ax.set_xlabel({"zh": "截止日（下行为符合条件的客户数）", "en": "cutoff (below: eligible customers)"}[lang],
                  fontfamily=FAMILY)  # fmt: skip
    ax.set_ylabel({"zh": "流失率（附 95% 区间）", "en": "churn rate (95 % intervals)"}[lang], fontfamily=FAMILY)
    rate = account["churn_rate"]
    return describe(ax, {
        "zh": f"点图：{len(account)} 个截止日的流失率，附 95% 区间；最低 {rate.min():.1%}，最高 {rate.max():.1%}，"
              f"最近一个截止日为 {rate.iloc[-1]:.1%}。",
        "en": f"Points: churn rate at {len(account)} cutoffs with 95 % intervals; lowest {rate.min():.1%}, highest"
              f" {rate.max():.1%}, at the latest cutoff {rate.iloc[-1]:.1%}.",
    }[lang])  # fmt: skip


@plot
def plot_outcome_lengths(table: pd.DataFrame, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Churn rate by length of the outcome, and the share of the churned who buy again within the same time after it.

    Parameters
    ----------
    table : pandas.DataFrame, index outcome_days
        From `outcome_lengths`. A length that could not be observed leaves its place empty.
    ax : matplotlib.axes.Axes, optional
    lang : {"en", "zh"}

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> names = ["churn_rate", "bought_later_within"]
    >>> table = pd.DataFrame({f"{name}{end}": [0.6, 0.4] for name in names for end in ("", "_low", "_high")},
    ...                      index=[30, 90])
    >>> [text.get_text() for text in plot_outcome_lengths(table).get_xticklabels()]
    ['30', '90']
    """
    both = ("churn_rate", "bought_later_within")
    _check_rows(table, [f"{name}{end}" for name in both for end in ("", "_low", "_high")])
    ax, place, within = new_axes(ax), np.arange(len(table)), table.attrs.get("within")
    days = {"zh": f" {within} 天内", "en": f" within {within} days"}[lang] if within else ""
    labels = {
        "zh": ("流失率", f"流失客户中，结果期后{days}又购买的比例"),
        "en": ("churn rate", f"share of the churned who buy again{days} after the outcome"),
    }[lang]
    for name, colour, marker, shift, label in zip(both, (ORANGE, BLUE), "os", (-0.08, 0.08), labels):
        _dots(ax, place + shift, table, name, colour, marker, label=label)
    for x in np.flatnonzero(table["bought_later_within"].isna()):
        text = {"zh": "尚不可知", "en": "not known yet"}[lang]
        ax.annotate(text, (x + 0.08, 0), xytext=(0, 5), textcoords="offset points", ha="left", fontsize=9, color=BLUE,
                    fontfamily=FAMILY)  # fmt: skip
    ax.set_xticks(place, [f"{length:g}" for length in table.index])
    _room(ax, len(table))
    _shares_on_y(ax, table[[f"{name}_high" for name in both]].max())
    ax.set_xlabel({"zh": "结果期长度（天）", "en": "length of the outcome (days)"}[lang], fontfamily=FAMILY)
    ax.set_ylabel({"zh": f"比例（附 {_level(table)}% 区间）", "en": f"share ({_level(table)} % intervals)"}[lang],
                  fontfamily=FAMILY)  # fmt: skip
    ax.legend(loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=2, borderaxespad=0.2,
              prop={"family": FAMILY, "size": 9.5})  # fmt: skip
    return describe(ax, _lengths_alt(table, lang))


def _lengths_alt(table: pd.DataFrame, lang: str) -> str:
    from crm_analysis.churn.windows.lengths import lengths_text

    if "within" in table.attrs:
        said = lengths_text(table, lang)
    else:
        said = ", ".join(f"{days}: {rate:.1%}" for days, rate in table["churn_rate"].items())
    return {"zh": f"点图：{len(table)} 种结果期长度的流失率与回流率。{said}",
            "en": f"Points: churn rate and share that buys again for {len(table)} lengths of the outcome. {said}",
            }[lang]  # fmt: skip


@plot
def plot_feature_aucs(features: pd.DataFrame, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """AUC of each feature alone as a bar from one half, the most telling on top, with the line of the alarm.

    Parameters
    ----------
    features : pandas.DataFrame, index feature
        feature_auc with limits, from `feature_aucs` or ``audit.features``; at most fifteen are drawn.
    ax : matplotlib.axes.Axes, optional
    lang : {"en", "zh"}

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> table = pd.DataFrame({"feature_auc": [0.99, 0.7], "feature_auc_low": [0.98, 0.6],
    ...                       "feature_auc_high": [1, 0.8]}, index=["closed", "tenure"])
    >>> [round(float(bar.get_width()), 2) for bar in plot_feature_aucs(table).patches]
    [0.49, 0.2]
    """
    _check_rows(features, ("feature_auc", "feature_auc_low", "feature_auc_high"))
    shown = features.sort_values("feature_auc", ascending=False, kind="stable").head(MOST)
    loud = shown["feature_auc"] > ALARM
    ax, place = new_axes(ax, height=1.5 + 0.28 * len(shown)), np.arange(len(shown))
    error = np.clip([shown["feature_auc"] - shown["feature_auc_low"], shown["feature_auc_high"] - shown["feature_auc"]],
                    0, None)  # fmt: skip
    bars = ax.barh(place, shown["feature_auc"] - 0.5, left=0.5, height=0.62, color=np.where(loud, ORANGE, SKY),
                   edgecolor=INK, linewidth=0.7, xerr=np.nan_to_num(error),
                   error_kw={"elinewidth": 1, "capsize": 2.5})  # fmt: skip
    for bar, alarmed in zip(bars, loud):
        bar.set_hatch("///" if alarmed else "")
    ax.axvline(ALARM, color=INK, linewidth=1.4, linestyle="--")
    ax.annotate({"zh": f"警戒线 {ALARM}", "en": f"alarm {ALARM}"}[lang], (ALARM, 1), xytext=(0, 3), ha="center",
                xycoords=("data", "axes fraction"), textcoords="offset points", va="bottom", fontsize=9,
                fontfamily=FAMILY)  # fmt: skip
    ax.set_yticks(place, [word(name, lang) for name in shown.index], parse_math=False)
    ax.set_ylim(len(shown) - 0.4, -0.6)
    ax.set_xlim(min(0.48, float(shown[["feature_auc", "feature_auc_low"]].min(axis=None)) - 0.01), 1.01)
    ax.grid(visible=False, axis="y")
    level = _level(features)
    ax.set_xlabel({"zh": f"只凭该特征的 AUC（0.5 等于随机，附 {level}% 区间）",
                   "en": f"AUC of the feature alone (0.5 is a coin; {level} % intervals)"}[lang],
                  fontfamily=FAMILY)  # fmt: skip
    return describe(ax, _aucs_alt(features, shown, int(loud.sum()), lang))


def _aucs_alt(features: pd.DataFrame, shown: pd.DataFrame, loud: int, lang: str) -> str:
    best, value = word(shown.index[0], lang), shown["feature_auc"].iloc[0]
    return {
        "zh": f"条形图：{len(features)} 个特征中最能单独区分流失的 {len(shown)} 个的 AUC。最高为{best}，{value:.3f}；"
              f"{loud} 个超过警戒线 {ALARM}。",
        "en": f"Bars: AUC of each of {len(features)} features alone, the {len(shown)} highest. The highest is"
              f" {best}, {value:.3f}; {loud} above the alarm at {ALARM}.",
    }[lang]  # fmt: skip


def _level(table: pd.DataFrame) -> str:
    """Level of the intervals in per cent; 95 where the table does not say."""
    return f"{100 * table.attrs.get('level', 0.95):g}"


def _check_rows(table: pd.DataFrame, columns: Iterable[str]) -> None:
    lacking = [name for name in columns if name not in table]
    if lacking or table.empty:
        raise InputError(f"the table lacks {', '.join(lacking)}" if lacking else "the table has no rows",
                         mend="give the table as it was returned", zh="表格缺少所需的列或没有数据")  # fmt: skip


def _dots(
    ax: Axes, place: np.ndarray, table: pd.DataFrame, name: str, colour: str, marker: str, *, label: str | None = None
) -> None:
    value, low, high = (table[f"{name}{end}"].to_numpy("float64") for end in ("", "_low", "_high"))
    ax.errorbar(place, value, yerr=np.nan_to_num([np.maximum(value - low, 0), np.maximum(high - value, 0)]), fmt=marker,
                color=colour, markersize=6, elinewidth=1.4, capsize=3, label=label)  # fmt: skip


def _room(ax: Axes, count: int) -> None:
    half = max(count, 4) / 2 + 0.1
    ax.set_xlim((count - 1) / 2 - half, (count - 1) / 2 + half)


def _shares_on_y(ax: Axes, highest: pd.Series) -> None:
    top = float(np.nanmax(highest)) if highest.notna().any() else 1.0
    ax.set_ylim(0, min(1.08, 1.18 * top) if top > 0 else 1)
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
