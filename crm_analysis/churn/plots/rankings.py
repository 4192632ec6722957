"""How a model ranks customers, in pictures: ROC, precision and recall, gains, churn rates by part, distributions."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from numpy.typing import ArrayLike

from crm_analysis.churn.models.curves import precision_recall_curve, roc_curve
from crm_analysis.churn.models.metrics import auc, average_precision, checked_chances
from crm_analysis.churn.plots.model_parts import BLUE, ORANGE, SKY, looks
from crm_analysis.clv.plots.parts import label_axes, legend_above, percent, pick, room_for
from crm_analysis.figures import FAMILY, GRID, INK, describe, new_axes, plot
from crm_analysis.words import word


@plot
def plot_roc(predictions: pd.DataFrame, y: pd.Series, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """ROC curves: churners found against false alarms, with the coin's diagonal.

    Parameters
    ----------
    predictions : pandas.DataFrame
        Chances of churn, one column per model: out of fold, or of a forward test.
    y : pandas.Series of 0 and 1
        With the index of `predictions`.
    ax : matplotlib.axes.Axes, optional
    lang : {"en", "zh"}

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> predictions = pd.DataFrame({"logistic": [0.9, 0.4, 0.4, 0.1]})
    >>> plot_roc(predictions, pd.Series([1, 1, 0, 0])).lines[1].get_xydata().tolist()
    [[0.0, 0.0], [0.0, 0.5], [0.5, 1.0], [1.0, 1.0]]
    """
    ax = new_axes(ax, width=5.8, height=5.2)
    ax.plot([0, 1], [0, 1], color=INK, linewidth=1, linestyle=":", label=pick(lang, zh="随机排序", en="by chance"))
    areas = {key: auc(predictions[key], y) for key in predictions}
    for key, look in looks(key for key in predictions if key != "prior").items():
        curve = roc_curve(predictions[key], y)
        ax.plot(curve["false_alarms"], curve["recall"], color=look.color, linestyle=look.linestyle, linewidth=1.6,
                label=f"{word(key, lang)} {areas[key]:.3f}")  # fmt: skip
    ax.set(xlim=(-0.01, 1.01), ylim=(-0.01, 1.01))
    percent(ax, x=True, y=True)
    label_axes(ax, x=pick(lang, zh="误报率（留存客户中被判为流失的占比）",
                          en="false alarms (share of customers who stayed)"),
               y=pick(lang, zh="召回率（流失客户中被判为流失的占比）", en="recall (share of churners)"))  # fmt: skip
    _legend(ax, "lower right", pick(lang, zh="AUC", en="AUC"))
    listed = [f"{word(key, lang)} {area:.3f}" for key, area in areas.items()]
    return describe(ax, pick(
        lang, zh=f"ROC 曲线：误报率与召回率，点线为随机排序。AUC：{'，'.join(listed)}。",
        en=f"ROC curves: false alarms and recall, the dotted line is chance. AUC: {', '.join(listed)}."))  # fmt: skip


@plot
def plot_precision_recall(predictions: pd.DataFrame, y: pd.Series, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Precision against recall in steps, with the churn rate as the line of a random order.

    Parameters and returns as in `plot_roc`.

    Examples
    --------
    >>> predictions = pd.DataFrame({"logistic": [0.9, 0.4, 0.4, 0.1]})
    >>> plot_precision_recall(predictions, pd.Series([1, 1, 0, 0])).lines[1].get_xydata().round(2).tolist()
    [[0.5, 1.0], [1.0, 0.67], [1.0, 0.5]]
    """
    ax, rate = new_axes(ax, width=5.8, height=5.2), float(pd.Series(y).mean())
    ax.axhline(rate, color=INK, linewidth=1, linestyle=":",
               label=pick(lang, zh=f"随机排序 {rate:.3f}", en=f"by chance {rate:.3f}"))  # fmt: skip
    means = {key: average_precision(predictions[key], y) for key in predictions}
    for key, look in looks(key for key in predictions if key != "prior").items():
        curve = precision_recall_curve(predictions[key], y)
        ax.plot(curve["recall"], curve["precision"], drawstyle="steps-pre", color=look.color,
                linestyle=look.linestyle, linewidth=1.4, label=f"{word(key, lang)} {means[key]:.3f}")  # fmt: skip
    ax.set(xlim=(-0.01, 1.01), ylim=(-0.01, 1.03))
    percent(ax, x=True, y=True)
    label_axes(ax, x=pick(lang, zh="召回率（流失客户中被判为流失的占比）", en="recall (share of churners)"),
               y=pick(lang, zh="精确率（被判为流失者中确实流失的占比）",
                      en="precision (share of those called churners)"))  # fmt: skip
    _legend(ax, "best", word("average_precision", lang))
    listed = [f"{word(key, lang)} {mean:.3f}" for key, mean in means.items()]
    return describe(ax, pick(
        lang, zh=f"精确率—召回率曲线，点线为流失率 {rate:.1%}。平均精确率：{'，'.join(listed)}。",
        en=f"Precision against recall; the dotted line is the churn rate, {rate:.1%}. Average precision:"
           f" {', '.join(listed)}."))  # fmt: skip


@plot
def plot_gains(table: pd.DataFrame, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Share of churners captured by contacting the customers with the highest chances first, with its limits.

    Parameters
    ----------
    table : pandas.DataFrame
        From `curves.gains`, of one model.
    ax : matplotlib.axes.Axes, optional
    lang : {"en", "zh"}

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> from crm_analysis.churn.models.curves import gains
    >>> plot_gains(gains([0.9, 0.4, 0.4, 0.1], [1, 1, 0, 0], parts=2, draws=0)).lines[1].get_ydata().tolist()
    [0.0, 0.75, 1.0]
    """
    ax = new_axes(ax)
    x, found = np.r_[0, table["contacted_share"]], np.r_[0, table["captured"]]
    ax.plot([0, 1], [0, 1], color=INK, linewidth=1, linestyle=":", label=pick(lang, zh="随机名单", en="random list"))
    ax.plot(
        x, found, color=BLUE, marker="o", markersize=4.5, label=pick(lang, zh="按流失概率", en="by chance of churn")
    )
    if table["captured_low"].notna().any():
        ax.fill_between(x, np.r_[0, table["captured_low"]], np.r_[0, table["captured_high"]], color=BLUE, alpha=0.18,
                        linewidth=0, label=pick(lang, zh="区间", en="interval"))  # fmt: skip
    ax.set(xlim=(-0.01, 1.01), ylim=(-0.01, 1.03))
    percent(ax, x=True, y=True)
    label_axes(ax, x=pick(lang, zh="联系的客户占比（流失概率高者优先）",
                          en="customers contacted, highest chances first"),
               y=pick(lang, zh="覆盖的流失客户占比", en="churners captured"))  # fmt: skip
    legend_above(ax)
    first = table.iloc[0]
    numbers = (first["contacted_share"], first["captured"], first["lift"])
    return describe(ax, pick(
        lang, zh="增益曲线：按流失概率由高到低联系客户，前 {:.0%} 的客户覆盖 {:.1%} 的流失客户，"
                 "提升度 {:.2f}。".format(*numbers),
        en="Gains curve: going down the ranking, the first {:.0%} of customers hold {:.1%} of churners, a lift of"
           " {:.2f}.".format(*numbers)))  # fmt: skip


@plot
def plot_churn_by_part(table: pd.DataFrame, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Churn rate of each part of the ranking with Wilson's limits, and that of all customers as a line.

    Parameters and returns as in `plot_gains`.

    Examples
    --------
    >>> from crm_analysis.churn.models.curves import gains
    >>> ax = plot_churn_by_part(gains([0.9, 0.4, 0.4, 0.1], [1, 1, 0, 0], parts=2, draws=0))
    >>> [float(bar.get_height()) for bar in ax.patches]
    [0.75, 0.25]
    """
    ax, place = new_axes(ax), np.arange(len(table))
    rate = float(table["churn_rate"].mean())
    ax.bar(place, table["churn_rate"], width=0.7, color=SKY, edgecolor=BLUE)
    error = np.nan_to_num([(table["churn_rate"] - table["churn_rate_low"]).clip(lower=0),
                           (table["churn_rate_high"] - table["churn_rate"]).clip(lower=0)])  # fmt: skip
    ax.errorbar(place, table["churn_rate"], yerr=error, color=INK, linestyle="none", elinewidth=1.1, capsize=3)
    ax.axhline(rate, color=ORANGE, linewidth=1.2, linestyle="--",
               label=pick(lang, zh=f"全部客户 {rate:.1%}", en=f"all customers {rate:.1%}"))  # fmt: skip
    for x, (high, lift) in enumerate(zip(table["churn_rate_high"], table["churn_rate"] / rate)):
        ax.annotate(f"{lift:.2f}×", (x, high), xytext=(0, 3), textcoords="offset points", ha="center", fontsize=8.5,
                    bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5, "alpha": 0.85})  # fmt: skip
    ax.set_xticks(place, [f"{part}" for part in table.index])
    ax.set_ylim(0, min(1.08, 1.12 * table["churn_rate_high"].max() + 0.02))
    room_for(ax, len(table))
    percent(ax, y=True)
    ax.grid(visible=False, axis="x")
    label_axes(ax, x=pick(lang, zh="按流失概率由高到低等分的组（数字：提升度）",
                          en="equal parts by chance of churn, 1 is highest (numbers: lift)"),
               y=pick(lang, zh="实际流失率", en="churned"))  # fmt: skip
    legend_above(ax)
    first, last = table["churn_rate"].iloc[[0, -1]]
    return describe(ax, pick(
        lang, zh=f"柱形图：{len(table)} 组客户的实际流失率及区间，首组 {first:.1%}，末组 {last:.1%}，全部 {rate:.1%}。",
        en=f"Bars: churn rate of {len(table)} parts of the ranking with intervals; first {first:.1%}, last {last:.1%},"
           f" all {rate:.1%}."))  # fmt: skip


@plot
def plot_score_distribution(p: ArrayLike, y: ArrayLike, *, bins: int = 20, ax: Axes | None = None,
                            lang: str = "en") -> Axes:  # fmt: skip
    """Chances of churn of those who churned and of those who stayed, each as shares of its own.

    Parameters
    ----------
    p : array_like
        Chances of churn.
    y : array_like of 0 and 1
    bins : int
        Equal parts of 0 to 1.
    ax : matplotlib.axes.Axes, optional
    lang : {"en", "zh"}

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> ax = plot_score_distribution([0.9, 0.4, 0.4, 0.1], [1, 1, 0, 0], bins=2)
    >>> [patch.get_data().values.tolist() for patch in ax.patches]
    [[0.5, 0.5], [1.0, 0.0]]
    """
    chances, churned, _ = checked_chances(p, y)
    ax, edges = new_axes(ax), np.linspace(0, 1, bins + 1)
    groups = ((churned, ORANGE, "-", "//", pick(lang, zh="流失客户", en="churned")),
              (~churned, BLUE, "--", "", pick(lang, zh="留存客户", en="stayed")))  # fmt: skip
    for rows, color, line, hatch, label in groups:
        share = np.histogram(chances[rows], edges)[0] / max(1, rows.sum())
        ax.stairs(share, edges, color=color, linestyle=line, linewidth=1.8)
        ax.patches[-1].set_label(f"{label}（{rows.sum():,}）" if lang == "zh" else f"{label} ({rows.sum():,})")
        if hatch:
            ax.patches[-1].set(fill=True, facecolor=(*to_rgb(color), 0.15), hatch=hatch, edgecolor=color)
    ax.set(xlim=(0, 1), ylim=(0, None))
    percent(ax, x=True, y=True)
    label_axes(ax, x=pick(lang, zh="预测流失概率", en="predicted chance of churn"),
               y=pick(lang, zh="该类客户中的占比", en="share of the customers of that kind"))  # fmt: skip
    legend_above(ax, handles=list(ax.patches))
    means = [chances[rows].mean() if rows.any() else np.nan for rows, *_ in groups]
    return describe(ax, pick(
        lang, zh=f"直方图：流失客户与留存客户的预测流失概率分布，均值分别为 {means[0]:.1%} 与 {means[1]:.1%}。",
        en=f"Histograms of the chance of churn; mean {means[0]:.1%} of those who churned, {means[1]:.1%} of those who"
           " stayed."))  # fmt: skip


def _legend(ax: Axes, where: str, title: str) -> None:
    ax.legend(loc=where, title=title, prop={"family": FAMILY, "size": 9.5}, title_fontproperties={"family": FAMILY},
              frameon=True, facecolor="white", edgecolor=GRID, framealpha=0.9)  # fmt: skip
