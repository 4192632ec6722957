"""Plots of RFM scores, of groups and of buyer tiers."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from crm_analysis.figures import describe, new_axes, plot
from crm_analysis.segments.plots.parts import centres, heat, interval_bars, label_axes, pick
from crm_analysis.segments.rfm import LEVELS, Scores
from crm_analysis.words import word


@plot
def plot_rfm_grid(scores: Scores, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Customers in each cell of recency score by frequency score.

    Examples
    --------
    >>> table = pd.DataFrame({"r": [5, 5, 1], "f": [5, 5, 1]})
    >>> ax = plot_rfm_grid(Scores(table, {}, "RF", pd.Timestamp("2010-12-10")))
    >>> float(ax.collections[0].get_array()[0, 4])
    2.0
    """
    ax = new_axes(ax, width=5.4, height=4.4)
    counts = pd.crosstab(scores.table["r"], scores.table["f"]).reindex(index=LEVELS, columns=LEVELS, fill_value=0)
    counts = counts.to_numpy()[::-1]
    share = counts / counts.sum()
    texts = np.array([f"{n:,}\n{part:.1%}" for n, part in zip(counts.ravel(), share.ravel())]).reshape(counts.shape)
    heat(ax, counts, texts=texts)
    ax.set_xticks(centres(5), LEVELS)
    ax.set_yticks(centres(5), LEVELS[::-1])
    label_axes(ax, x=pick(lang, zh="频率得分 F（5 为最常买）", en="frequency score F (5 buys most often)"),
               y=pick(lang, zh="近度得分 R（5 为最近）", en="recency score R (5 is most recent)"))  # fmt: skip
    best, lost = share[0, 4], share[4, 0]
    return describe(ax, pick(
        lang,
        zh=f"热力图：近度得分与频率得分各格的客户数。R5 F5 占 {best:.1%}，R1 F1 占 {lost:.1%}。",
        en=f"Heat map: customers by recency and frequency score. R5 F5 holds {best:.1%}, R1 F1 {lost:.1%}.",
    ))  # fmt: skip


@plot
def plot_groups(table: pd.DataFrame, *, money: bool = False, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Share of customers (or of money) in each group with its interval, from `groups.group_table`.

    Examples
    --------
    >>> table = pd.DataFrame({"customers": [3, 1], "share": [0.75, 0.25], "share_low": [0.3, 0.05],
    ...                       "share_high": [0.95, 0.7]}, index=["grid_loyal", "grid_lost"])
    >>> [text.get_text() for text in plot_groups(table, lang="zh").get_yticklabels()]
    ['忠诚客户', '已流失客户']
    """
    return _bars(table, money, ax, lang)


@plot
def plot_tiers(table: pd.DataFrame, *, money: bool = False, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Share of customers (or of money) in each buyer tier with its interval, from `tiers.tier_table`.

    Examples
    --------
    >>> table = pd.DataFrame({"customers": [3, 1], "share": [0.75, 0.25], "share_low": [0.3, 0.05],
    ...                       "share_high": [0.95, 0.7]}, index=["novice", "junior"])
    >>> [float(bar.get_width()) for bar in plot_tiers(table).patches]
    [0.75, 0.25]
    """
    return _bars(table, money, ax, lang)


def _bars(table: pd.DataFrame, money: bool, ax: Axes | None, lang: str) -> Axes:
    column, label = ("money_share", word("money_share", lang)) if money else ("share", word("share_of_customers", lang))
    ax = new_axes(ax, height=0.9 + 0.38 * len(table))
    interval_bars(ax, table, column=column, count="customers" if column == "share" else "", lang=lang)
    label_axes(ax, x=label)
    most = table[column].idxmax()
    return describe(ax, pick(
        lang,
        zh=f"条形图：{len(table)} 个组的{label}，附 95% 置信区间。"
           f"最高为{word(most, lang)}，{table[column].max():.1%}。",
        en=f"Bars with 95% intervals: {label} in {len(table)} groups. The highest is {word(most, lang)} with"
           f" {table[column].max():.1%}.",
    ))  # fmt: skip
