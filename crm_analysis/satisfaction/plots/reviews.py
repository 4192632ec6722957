"""Plots of reviews: spread of stars, items ranked, bounds under selection, stars over time, marked reviews."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, PercentFormatter

from crm_analysis.figures import INK, PALETTE, describe, new_axes, plot
from crm_analysis.satisfaction.plots.parts import LIMITS, distances, new_rows, width
from crm_analysis.satisfaction.plots.scores import over_time
from crm_analysis.satisfaction.reviews.shape import TOTAL, Stars
from crm_analysis.satisfaction.reviews.trend import RatingTrend
from crm_analysis.words import word

BLUE, ORANGE = PALETTE[0], PALETTE[1]
SHARES = ("five_star", "one_star")


@plot
def plot_stars(stars: Stars, *, group: object = TOTAL, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Share of each number of stars with limits that hold for all five together.

    Parameters
    ----------
    stars : Stars
    group : object
        A row of ``stars.table``.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Examples
    --------
    >>> from crm_analysis.satisfaction.reviews.shape import star_table
    >>> ax = plot_stars(star_table(pd.DataFrame({"stars": [1, 5, 5, 5]})))
    >>> [float(bar.get_height()) for bar in ax.patches]
    [0.25, 0.0, 0.0, 0.0, 0.75]
    """
    ax = new_axes(ax)
    rows = stars.distribution[stars.distribution[stars.by] == group]
    ax.bar(rows["stars"], rows["star_share"], width=0.7, color=BLUE)
    ax.errorbar(rows["stars"], rows["star_share"], yerr=distances(rows, "star_share"), fmt="none", **LIMITS)
    for x, share, high in zip(rows["stars"], rows["star_share"], rows["star_share_high"]):
        ax.annotate(f"{share:.1%}", (x, high), xytext=(0, 4), textcoords="offset points", ha="center")
    ax.set_ylim(0, min(1.1, 1.12 * rows["star_share_high"].max()))
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.grid(visible=False, axis="x")
    ax.set_xlabel(word("stars", lang))
    count = rows["reviews"].iloc[0]
    ax.set_ylabel({"zh": f"占 {count:,} 条评论的比例（附联合区间）",
                   "en": f"share of {count:,} reviews (joint intervals)"}[lang])  # fmt: skip
    return describe(ax, {"zh": f"条形图：一到五星的占比。{stars.text('zh', group)}",
                         "en": f"Bar chart: shares of one to five stars. {stars.text('en', group)}"}[lang])  # fmt: skip


@plot
def plot_item_ranking(table: pd.DataFrame, *, top: int = 12, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Mean stars of the first items in the ranking, drawn towards the mean of all, and their lower limits.

    Parameters
    ----------
    table : pandas.DataFrame
        From `ranking.rank_items`; items without a rank are left out.
    top : int
        How many items are drawn.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Examples
    --------
    >>> from crm_analysis.satisfaction.reviews.ranking import rank_items
    >>> ratings = pd.DataFrame({"item_id": list("aaabbb"), "stars": [5, 5, 5, 4, 4, 1]})
    >>> ax = plot_item_ranking(rank_items(ratings, min_reviews=1, draws=10))
    >>> ax.lines[0].get_xdata().tolist()
    [5.0, 3.0]
    """
    rows = table[table["item_rank"].notna()].head(top)
    place, unit = np.arange(len(rows)), {"zh": "条", "en": "reviews"}[lang]
    names = [f"{rank:.0f}. {item}{_gap(item)}({count:,} {unit})" for item, rank, count in
             zip(rows.index, rows["item_rank"], rows["reviews"])]  # fmt: skip
    ax = new_rows(ax, len(rows), names, lang)
    ax.hlines(place, rows["multinomial_bound"], rows["mean_stars"], color=PALETTE[6], linewidth=1.2, zorder=1)
    for name, marker, face in (
        ("mean_stars", "o", "white"),
        ("bayes_mean", "D", BLUE),
        ("multinomial_bound", "|", INK),
    ):
        ax.plot(rows[name], place, marker, color=INK if marker == "|" else BLUE, markerfacecolor=face, markersize=9,
                label=word(name, lang), linestyle="none")  # fmt: skip
    ax.set_xlim(rows["multinomial_bound"].min() - 0.1, 5.05)
    ax.set_xlabel(word("stars", lang))
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3)
    first = rows.iloc[0]
    return describe(ax, {
        "zh": f"点图：排名前 {len(rows)} 的商品的评分均值、贝叶斯均值和狄利克雷下限。"
              f"第一名 {rows.index[0]}，{first['reviews']:,.0f} 条评论，均值 {first['mean_stars']:.2f}，"
              f"下限 {first['multinomial_bound']:.2f}。",
        "en": f"Dot plot: mean, Bayesian average and Dirichlet lower limit of the first {len(rows)} items. First: "
              f"{rows.index[0]} with {first['reviews']:,.0f} reviews, mean {first['mean_stars']:.2f}, lower limit "
              f"{first['multinomial_bound']:.2f}.",
    }[lang])  # fmt: skip


@plot
def plot_item_ranks(table: pd.DataFrame, *, top: int = 12, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Ranks that the first items may truly have: median and interval, beside the rank they are given.

    Parameters
    ----------
    table : pandas.DataFrame
        From `ranking.rank_items`.
    top : int
        How many items are drawn.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Examples
    --------
    >>> from crm_analysis.satisfaction.reviews.ranking import rank_items
    >>> ratings = pd.DataFrame({"item_id": list("aaabbb"), "stars": [5, 5, 5, 4, 4, 1]})
    >>> ax = plot_item_ranks(rank_items(ratings, min_reviews=1, draws=10))
    >>> len(ax.get_yticks())
    2
    """
    ranked = table[table["item_rank"].notna()]
    rows = ranked.head(top)
    ax = new_rows(ax, len(rows), [f"{rank:.0f}. {item}" for item, rank in rows["item_rank"].items()], lang)
    place = np.arange(len(rows))
    ax.errorbar(rows["true_rank"], place, xerr=distances(rows, "true_rank"), fmt="o", color=BLUE, markersize=7,
                label=word("true_rank", lang), **LIMITS)  # fmt: skip
    ax.plot(rows["item_rank"], place, "x", color=ORANGE, markersize=8, markeredgewidth=2, label=word("item_rank", lang))
    ax.set_xlim(0, rows["true_rank_high"].max() * 1.06 + 0.5)
    ax.set_xlabel({"zh": f"名次（共 {len(ranked):,} 件商品）\n（叉：给定名次；圆点：真实名次的中位数及可信区间）",
                   "en": f"rank among {len(ranked):,} items\n(cross: as given; "
                         "dot: median true rank with credible interval)"}[lang])  # fmt: skip
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    first = rows.iloc[0]
    return describe(ax, {
        "zh": f"点图：前 {len(rows)} 名商品可能的真实名次及区间。第一名的真实名次可能在 "
              f"{first['true_rank_low']:.0f} 到 {first['true_rank_high']:.0f} 之间。",
        "en": f"Dot plot: rank that each of the first {len(rows)} items may truly have, with interval. The first may "
              f"truly stand between {first['true_rank_low']:.0f} and {first['true_rank_high']:.0f}.",
    }[lang])  # fmt: skip


@plot
def plot_selection_bounds(table: pd.DataFrame, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Bounds on the mean of all buyers' stars against the factor by which propensities to review may vary.

    Parameters
    ----------
    table : pandas.DataFrame
        From `selection.selection_table`, best with many factors.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Examples
    --------
    >>> from crm_analysis.satisfaction.reviews.selection import selection_table
    >>> ax = plot_selection_bounds(selection_table([100, 0, 0, 0, 300], factors=[1, 3]))
    >>> ax.lines[0].get_ydata().tolist(), ax.lines[1].get_ydata().tolist()
    ([4.0, 3.0], [4.0, 4.6])
    """
    table = table.sort_index()
    ax, factor = new_axes(ax), table.index.to_numpy(float)
    for name, label in (("bound_low", True), ("bound_high", False)):
        text = {"zh": "购买者均值的上下界", "en": "bounds on the buyers' mean"}[lang]
        ax.plot(factor, table[name], color=BLUE, linewidth=2, label=text if label else None)
    ax.fill_between(factor, table["bound_low"], table["bound_high"], color=BLUE, alpha=0.18, linewidth=0)
    for name, label in (("bound_limit_low", True), ("bound_limit_high", False)):
        text = {"zh": "计入抽样误差", "en": "with chance in sampling"}[lang]
        ax.plot(factor, table[name], color=BLUE, linewidth=1, linestyle=":", label=text if label else None)
    written = table["written_mean"].iloc[0]
    ax.axhline(written, color=ORANGE, linestyle="--", linewidth=1.6, label=word("written_mean", lang))
    ax.set_xscale("log")
    ticks = [tick for tick in (1, 1.5, 2, 3, 5, 7, 10, 20, 50, 100) if factor[0] <= tick <= factor[-1]]
    ax.set_xticks(ticks, labels=[f"{tick:g}" for tick in ticks])
    ax.xaxis.set_minor_formatter(FuncFormatter(lambda value, _: ""))
    ax.set_ylim(1, 5)
    ax.set_xlabel({"zh": "评论倾向最多相差的倍数 G（假定，对数刻度）",
                   "en": "factor G by which propensities to review may vary (assumed; log scale)"}[lang])  # fmt: skip
    ax.set_ylabel(word("mean_stars", lang))
    ax.legend(loc="lower left")
    last = table.iloc[-1]
    return describe(ax, {
        "zh": f"面积图：评论均值为 {written:.2f}；若评论倾向最多相差 {factor[-1]:g} 倍，购买者均值在 "
              f"{last['bound_low']:.2f} 与 {last['bound_high']:.2f} 之间。",
        "en": f"Band: the written mean is {written:.2f}; if propensities to review vary by at most {factor[-1]:g} "
              f"times, the mean of buyers lies between {last['bound_low']:.2f} and {last['bound_high']:.2f}.",
    }[lang])  # fmt: skip


@plot
def plot_rating_trend(trend: RatingTrend, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Mean stars by period with intervals; hollow where fewer than 30 reviews were written.

    Parameters
    ----------
    trend : RatingTrend
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Examples
    --------
    >>> from crm_analysis.satisfaction.reviews.trend import rating_trend
    >>> times = pd.to_datetime(["2012-01-05", "2012-02-05"]).tz_localize("UTC")
    >>> ratings = pd.DataFrame({"item_id": ["a", "b"], "stars": [3, 5], "rated_at": times})
    >>> plot_rating_trend(rating_trend(ratings, cluster=None)).lines[0].get_ydata().tolist()
    [3.0, 5.0]
    """
    ax = new_axes(ax)
    over_time(ax, trend.table, "mean_stars", lang)
    ends = trend.table[["mean_stars_low", "mean_stars", "mean_stars_high"]]
    ax.set_ylim(min(1, ends.min(axis=None)) - 0.1, max(5, ends.max(axis=None)) + 0.1)
    ax.set_yticks(range(1, 6))
    ax.set_xlabel(word("period", lang))
    ax.set_ylabel({"zh": "评分均值（星，附区间）", "en": "mean stars (with interval)"}[lang])
    count = int((trend.table["reviews"] > 0).sum())
    return describe(ax, {
        "zh": f"折线图：{count} 个时期的评分均值及区间。{trend.text('zh')}",
        "en": f"Line chart: mean stars of {count} periods with intervals. {trend.text('en')}",
    }[lang])  # fmt: skip


@plot
def plot_verified(table: pd.DataFrame, *, mark: str = "verified", ax: Axes | None = None, lang: str = "en") -> Axes:
    """Shares of five stars and of one star among reviews with a mark and without it, with intervals.

    Parameters
    ----------
    table : pandas.DataFrame
        From `contrast.verified_table`.
    mark : str
        Name of the mark, for the legend.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Examples
    --------
    >>> from crm_analysis.satisfaction.reviews.contrast import verified_table
    >>> ratings = pd.DataFrame({"stars": [5, 4, 5, 1, 5, 1], "verified": [True] * 4 + [False] * 2})
    >>> ax = plot_verified(verified_table(ratings, cluster=None))
    >>> ax.lines[0].get_xdata().tolist()
    [0.5, 0.25]
    """
    rows = table.loc[list(SHARES)]
    ax = new_rows(ax, len(rows), rows.index, lang)
    counts, term = rows[["reviews_with", "reviews_without"]].iloc[0].astype(int), word(mark, lang)
    names = {"zh": (f"{term}（{counts.iloc[0]:,} 条）", f"其他（{counts.iloc[1]:,} 条）"),
             "en": (f"{term} ({counts.iloc[0]:,} reviews)", f"others ({counts.iloc[1]:,} reviews)")}[lang]  # fmt: skip
    for name, label, shift, marker, colour in zip(
        ("with_mark", "without_mark"), names, (-0.12, 0.12), "os", (BLUE, ORANGE)
    ):
        ax.errorbar(rows[name], np.arange(len(rows)) + shift, xerr=distances(rows, name), fmt=marker, color=colour,
                    markersize=8, label=label, **LIMITS)  # fmt: skip
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set_xlim(0, min(1.02, 1.1 * rows[["with_mark_high", "without_mark_high"]].max(axis=None)))
    ax.set_xlabel({"zh": "占评论的比例（附区间）", "en": "share of reviews (with interval)"}[lang])
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    five, one = (table.loc[name, "mark_difference"] for name in SHARES)
    stars = table.loc["mean_stars", "mark_difference"]
    return describe(ax, {
        "zh": f"点图：{term}与其他评论的五星和一星占比及区间。五星占比相差 {five:+.1%}，一星相差 {one:+.1%}，"
              f"评分均值相差 {stars:+.2f} 星。差异不是标记造成的效果。",
        "en": f"Dot plot: five-star and one-star shares of reviews ({term}) and others with intervals. Five stars "
              f"differ by {five:+.1%}, one star by {one:+.1%}, mean stars by {stars:+.2f}. The difference is no "
              f"effect of the mark.",
    }[lang])  # fmt: skip


def _gap(item: object) -> str:
    """Return what stands between an item and its count: a line break where the name is long."""
    return "\n" if width(str(item)) > 12 else " "
