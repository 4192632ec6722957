"""Plots of sellers: good-rating share by kind, credit levels, detailed ratings, service ranking, credit over time."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, DateFormatter
from matplotlib.ticker import PercentFormatter

from crm_analysis.errors import InputError
from crm_analysis.figures import GRID, INK, PALETTE, describe, new_axes, plot
from crm_analysis.satisfaction.plots.parts import LIMITS, dots, new_rows
from crm_analysis.satisfaction.sellers.credit import BADGES, LEVEL_BOUNDS
from crm_analysis.words import word

STYLES = (("-", "o"), ("--", "s"), ("-.", "^"), (":", "D"), ("-", "v"), ("--", "x"))  # line and marker of each seller


@plot
def plot_good_share(table: pd.DataFrame, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Good-rating share of each kind of seller as a dot with its interval.

    Parameters
    ----------
    table : pandas.DataFrame
        From `ranking.kind_table`; kinds without feedback are left out.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Raises
    ------
    InputError
        If the table does not have one row per kind, with the kinds as its index.

    Examples
    --------
    >>> table = pd.DataFrame({"good_share": [0.9], "good_share_low": [0.8], "good_share_high": [0.95],
    ...                       "feedbacks": [50]}, index=["small"])
    >>> plot_good_share(table).get_xlabel()
    'good-rating share (with 95 % interval)'
    """
    _check_kinds(table)
    table = table[table["feedbacks"] > 0]
    unit = {"zh": "条评价", "en": "feedbacks"}[lang]
    names = [f"{word(kind, lang)}\n{count:,} {unit}" for kind, count in table["feedbacks"].items()]
    ax = new_rows(ax, len(table), names, lang)
    dots(ax, table, "good_share")
    for y, share in enumerate(table["good_share"]):
        ax.annotate(f"{share:.1%}", (share, y), xytext=(0, 9), textcoords="offset points", ha="center")
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=None))
    ax.margins(x=0.12)
    ax.set_xlabel(word("good_share", lang) + {"zh": "（附 95% 区间）", "en": " (with 95 % interval)"}[lang])
    best = table["good_share"].idxmax()
    return describe(ax, {
        "zh": f"点图：各类卖家的好评率及 95% 区间。最高的是{word(best, lang)}，{table.loc[best, 'good_share']:.1%}。",
        "en": f"Dot plot: good-rating share by kind of seller with 95 % intervals. Highest: {word(best, lang)}, "
              f"{table.loc[best, 'good_share']:.1%}.",
    }[lang])  # fmt: skip


@plot
def plot_credit_levels(table: pd.DataFrame, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Number of sellers on each credit level as bars, coloured and named by badge.

    Parameters
    ----------
    table : pandas.DataFrame
        From `feedback.level_table`; levels above the highest one reached are left out.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Examples
    --------
    >>> from crm_analysis.satisfaction.sellers.feedback import level_table
    >>> feedback = pd.DataFrame({"seller_id": list("aaaab"), "verdict": "good"})
    >>> [float(bar.get_height()) for bar in plot_credit_levels(level_table(feedback)).patches]
    [1.0, 1.0]
    """
    table = table.loc[: table.index[table["sellers"] > 0].max()]
    ax = new_axes(ax)
    for colour, badge in zip((PALETTE[6], *PALETTE), ("no_badge", *BADGES)):
        part = table[table["badge"] == badge]
        if len(part):
            ax.bar(part.index, part["sellers"].astype(float), color=colour, width=0.8, label=word(badge, lang))
    gaps = np.vstack([table["share"] - table["share_low"], table["share_high"] - table["share"]]).clip(min=0)
    ax.errorbar(table.index, table["sellers"], yerr=gaps * table["sellers"].sum(), fmt="none", **LIMITS)
    top = (table["share_high"] * table["sellers"].sum()).to_numpy()
    for level, high, count in zip(table.index, top, table["sellers"]):
        ax.annotate(f"{count:,}", (level, high), xytext=(0, 3), textcoords="offset points", ha="center", fontsize=9)
    ax.set_xticks(table.index, labels=["0" if level == 0 else f"{level}" for level in table.index])
    ax.grid(visible=False, axis="x")
    ax.margins(y=0.12)
    ax.set_xlabel({"zh": "信用等级（每五级换一种标志）", "en": "credit level (a new badge every five levels)"}[lang])
    ax.set_ylabel({"zh": "卖家数（附 95% 区间）", "en": "sellers (with 95 % interval)"}[lang])
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=5)
    most = table["sellers"].idxmax()
    return describe(ax, {
        "zh": f"条形图：各信用等级的卖家数及 95% 区间，共 {table['sellers'].sum():,} 家；最多的是 {most} 级，"
              f"{table.loc[most, 'sellers']:,} 家。",
        "en": f"Bar chart: sellers on each credit level with 95 % intervals, {table['sellers'].sum():,} in all; most "
              f"stand on level {most}, {table.loc[most, 'sellers']:,} of them.",
    }[lang])  # fmt: skip


@plot
def plot_dsr(table: pd.DataFrame, seller_id: str, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    r"""One seller's detailed ratings as dots with intervals, on the range of its industry from worst to best.

    Parameters
    ----------
    table : pandas.DataFrame
        From `industry.dsr_against_industry`.
    seller_id : str
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Raises
    ------
    InputError
        If the table does not hold the seller.

    Examples
    --------
    >>> from crm_analysis.satisfaction.sellers.industry import dsr_against_industry
    >>> table = pd.DataFrame({"seller_id": list("abc"), "dimension": "dsr_service", "ratings": 50,
    ...     "mean": [4.9, 4.6, 4.0], "mean_low": [4.8, 4.5, 3.9], "mean_high": [5.0, 4.7, 4.1]})
    >>> [text.get_text() for text in plot_dsr(dsr_against_industry(table), "b").get_yticklabels()]
    ['service\n50 ratings']
    """
    own = table[table["seller_id"] == seller_id]
    if own.empty:
        raise InputError(f"seller {seller_id!r} has no detailed ratings", where="the table of detailed ratings",
                         zh=f"卖家 {seller_id} 没有动态评分")  # fmt: skip
    unit = {"zh": "次评分", "en": "ratings"}[lang]
    names = [f"{word(name, lang)}\n{count:,} {unit}" for name, count in zip(own["dimension"], own["ratings"])]
    ax = new_rows(ax, len(own), names, lang)
    place = np.arange(len(own))
    ax.barh(place, own["industry_best"] - own["industry_worst"], left=own["industry_worst"], height=0.34, color=GRID,
            label={"zh": "行业最低至最高", "en": "industry, worst to best"}[lang])  # fmt: skip
    ax.scatter(own["industry_mean"], place, marker="|", s=420, color=INK, linewidth=2, zorder=3,
               label=word("industry_mean", lang))  # fmt: skip
    dots(ax, own, "mean")
    for y, (value, against) in enumerate(zip(own["mean"], own["against_industry"])):
        note = f"{value:.2f}" + ("" if np.isnan(against) else f" ({against:+.0%})")
        ax.annotate(note, (value, y), xytext=(0, 13), textcoords="offset points", ha="center", fontsize=9)
    ax.use_sticky_edges = False
    ax.margins(x=0.06)
    ax.set_xlabel({"zh": f"卖家 {seller_id} 的平均评分（1 至 5，附 95% 区间；括号内为与行业相比）",
                   "en": f"mean rating of seller {seller_id} (1 to 5, with 95 % interval; against the industry)"}[lang],
                  parse_math=False)  # fmt: skip
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    above = int((own["against_industry"] > 0).sum())
    return describe(ax, {
        "zh": f"点图：卖家 {seller_id} 的 {len(own)} 项动态评分及 95% 区间，灰条为行业最低至最高，竖线为行业均值；"
              f"{above} 项高于行业均值。",
        "en": f"Dot plot: {len(own)} detailed ratings of seller {seller_id} with 95 % intervals; grey bars span the "
              f"industry from worst to best, the tick is its mean. {above} lie above the mean.",
    }[lang])  # fmt: skip


@plot
def plot_service_ranking(table: pd.DataFrame, *, most: int = 15, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Ranks of the first sellers by service with their intervals, and beside them the rank by credit score alone.

    Parameters
    ----------
    table : pandas.DataFrame
        The table of `service.service_ranking`.
    most : int
        Sellers shown.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Examples
    --------
    >>> table = pd.DataFrame({"seller_id": ["a", "b"], "service_rank": [1, 2], "service_rank_low": [1, 1],
    ...                       "service_rank_high": [2, 2], "credit_rank": [2, 1]})
    >>> [text.get_text() for text in plot_service_ranking(table).get_yticklabels()]
    ['a', 'b']
    """
    shown = table.head(most).reset_index(drop=True)
    ax = new_rows(ax, len(shown), shown["seller_id"], lang)
    dots(ax, shown, "service_rank")
    ax.scatter(shown["credit_rank"], range(len(shown)), marker="D", s=32, color=PALETTE[1], zorder=3,
               label=word("credit_rank", lang))  # fmt: skip
    ax.containers[0].set_label({"zh": "服务排名（附 95% 区间）", "en": "service rank (with 95 % interval)"}[lang])
    ax.set_xlim(0, 1.04 * max(shown["service_rank_high"].max(), shown["credit_rank"].max()))
    ax.set_xlabel({"zh": f"名次（共 {len(table):,} 家，1 为最好）", "en": f"rank (of {len(table):,}; 1 is best)"}[lang])
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    widest = int((shown["service_rank_high"] - shown["service_rank_low"]).max())
    first = shown["seller_id"].iloc[0]
    return describe(ax, {
        "zh": f"点图：服务排名前 {len(shown)} 名的名次及 95% 区间，菱形为只按信用积分的名次。第一名是 {first}；"
              f"最宽的区间跨 {widest} 个名次。",
        "en": f"Dot plot: ranks of the first {len(shown)} sellers by service with 95 % intervals; diamonds show the "
              f"rank by credit score alone. First is {first}; the widest interval spans {widest} places.",
    }[lang])  # fmt: skip


@plot
def plot_credit_history(history: pd.DataFrame, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Credit score of one or a few sellers over time as steps, with the bounds of the levels they pass.

    Parameters
    ----------
    history : pandas.DataFrame
        From `feedback.credit_history`; at most six sellers.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Raises
    ------
    InputError
        If there are more than six sellers.

    Examples
    --------
    >>> days = pd.to_datetime(["2012-03-01", "2012-03-05"]).tz_localize("Asia/Shanghai")
    >>> history = pd.DataFrame({"seller_id": "s", "day": days, "credit_score": [2, 5], "credit_level": [0, 1]})
    >>> plot_credit_history(history).lines[0].get_ydata().tolist()
    [2.0, 5.0]
    """
    sellers = list(dict.fromkeys(history["seller_id"]))
    if len(sellers) > len(STYLES):
        raise InputError(f"{len(sellers)} sellers cannot be told apart in one plot", expected="six or fewer",
                         mend="credit_history(feedback, sellers=[...])", zh="一张图最多画六家卖家")  # fmt: skip
    ax = new_axes(ax)
    for seller, colour, (line, marker) in zip(sellers, PALETTE, STYLES):
        own = history[history["seller_id"] == seller]
        days = own["day"].dt.tz_localize(None)
        every = max(1, len(own) // 8)
        ax.step(days, own["credit_score"].astype(float), where="post", color=colour, linestyle=line, marker=marker,
                markevery=every, markersize=5)  # fmt: skip
        ax.lines[-1].set_label(str(seller))
    top, low = history["credit_score"].max(), history["credit_score"].min()
    for level, bound in enumerate(LEVEL_BOUNDS, start=1):
        if low <= bound <= max(top, 1) * 1.05 and bound > top / 40:
            ax.axhline(bound, color=INK, linewidth=0.7, linestyle=":", zorder=1)
            name = {"zh": f"{level} 级", "en": f"level {level}"}[lang]
            ax.annotate(name, (1, bound), xycoords=("axes fraction", "data"), xytext=(3, 0), va="center", fontsize=9,
                        textcoords="offset points")  # fmt: skip
    ax.xaxis.set_major_locator(AutoDateLocator(minticks=3, maxticks=8))
    ax.xaxis.set_major_formatter(DateFormatter("%Y-%m"))
    ax.set_xlabel({"zh": "日期", "en": "day"}[lang])
    ax.set_ylabel({"zh": "信用积分（数据开始以来）", "en": "credit score (since the data begin)"}[lang])
    ax.legend(loc="upper left", title=word("seller_id", lang)).set_zorder(3)
    ends = history.groupby("seller_id", sort=False)["credit_level"].last()
    listed = {"zh": "；".join(f"{name} 到达 {level} 级" for name, level in ends.items()),
              "en": "; ".join(f"{name} reaches level {level}" for name, level in ends.items())}[lang]  # fmt: skip
    return describe(ax, {
        "zh": f"阶梯线图：{len(sellers)} 家卖家的信用积分随时间的变化，虚线为各信用等级的起点。{listed}。",
        "en": f"Step lines: credit score of {len(sellers)} sellers over time, dotted lines where levels begin. "
              f"{listed}.",
    }[lang])  # fmt: skip


def _check_kinds(table: pd.DataFrame) -> None:
    """Raise `InputError` unless the table is one of kinds: not of single sellers, nor one without its index."""
    needed = ("feedbacks", "good_share", "good_share_low", "good_share_high")
    problems = [f"{name} is missing" for name in needed if name not in table]
    problems += ["its rows are sellers"] if "seller_id" in (*table.columns, table.index.name) else []
    problems += ["kind is a column, not the index"] if "kind" in table and not problems else []
    if problems:
        raise InputError(f"this is no table of kinds of sellers: {', '.join(problems)}", where="plot_good_share",
                         expected="one row per kind, as kind_table gives it",
                         mend="plot_good_share(kind_table(feedback, sellers))",
                         zh="该图需要 kind_table 给出的表：每类卖家一行")  # fmt: skip
