"""Whether probabilities keep their word: reliability, mending, Brier's parts, the leak lesson, drift."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from crm_analysis.clv.plots.parts import (
    BLUE,
    GREY,
    ORANGE,
    Look,
    beside,
    label_axes,
    legend_above,
    note,
    percent,
    pick,
    whiskers,
)
from crm_analysis.figures import INK, describe, new_axes, plot
from crm_analysis.words import word

if TYPE_CHECKING:
    from crm_analysis.churn.models.calibration import Calibration
    from crm_analysis.churn.models.calibration_forward import CalibrationDrift
    from crm_analysis.churn.models.calibration_mend import Mended
    from crm_analysis.churn.models.resampling import Lesson

COUNTED = 25  # bars of the histogram of probabilities
BEFORE, AFTER = Look(ORANGE, "s", "--"), Look(BLUE, "o", "-")


@plot
def plot_reliability(found: Calibration, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Observed churn against predicted probability, bin by bin with Wilson's limits; how many have which below.

    Points on the dashed line keep their word. Below it predictions are too high, above it too low.

    Parameters
    ----------
    found : Calibration
        From `models.calibration.calibration`.
    ax : matplotlib.axes.Axes, optional
    lang : {"en", "zh"}

    Returns
    -------
    matplotlib.axes.Axes
        The histogram stands in axes of its own below, the last of the figure; axes without a place in a grid have none.

    Examples
    --------
    >>> from crm_analysis.churn.models.calibration import calibration
    >>> ax = plot_reliability(calibration([0.1, 0.1, 0.9, 0.9], [0, 0, 0, 1], bins=2))
    >>> ax.lines[1].get_xydata().tolist()
    [[0.1, 0.0], [0.9, 0.5]]
    """
    ax = new_axes(ax, width=5.6, height=5.4)
    _diagonal(ax, lang)
    label = pick(lang, zh=f"实际流失率（附 {found.level:.0%} 区间）", en=f"observed churn ({found.level:.0%} limits)")
    whiskers(ax, found.table["mean_probability"], found.table, "observed_churn", AFTER, label=label)
    top = _square(ax, found.table)
    label_axes(ax, y=pick(lang, zh="实际流失率", en="observed churn"))
    if ax.get_subplotspec() is None:
        label_axes(ax, x=pick(lang, zh="平均预测概率", en="mean predicted probability"), y=ax.get_ylabel())
    else:
        _histogram(ax, found.pairs.p, top, lang)
    legend_above(ax, columns=2)
    return describe(ax, _reliability_alt(found, lang))


@plot
def plot_mending(found: Mended, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Observed churn against probability before and after mending, both out of fold.

    Where nothing was mended there is one set of points, and the plot says so.

    Parameters
    ----------
    found : Mended
        From `models.calibration_mend.mend`.
    ax : matplotlib.axes.Axes, optional
    lang : {"en", "zh"}

    Examples
    --------
    >>> from crm_analysis.churn.models.calibration_mend import mend
    >>> from crm_analysis.churn.models.pipelines import logistic
    >>> from crm_analysis.churn.windows.sample import Sample
    >>> X = pd.DataFrame({"x": np.arange(60.0)})
    >>> found = mend(Sample(X, (X["x"] % 3 < 1).astype(int)), logistic(), method="sigmoid")
    >>> [text.get_text() for text in plot_mending(found).get_legend().get_texts()]
    ['perfectly calibrated', 'before mending', 'after: logistic recalibration (Platt)']
    """
    ax = new_axes(ax, width=5.6, height=4.8)
    _diagonal(ax, lang)
    sides = [(found.before, BEFORE, pick(lang, zh="修正前", en="before mending"))]
    if found.is_mended:
        after = pick(lang, zh="修正后：", en="after: ") + word(found.method, lang)
        sides.append((found.after, AFTER, after))
    else:
        sides = [(found.before, AFTER, pick(lang, zh="保持原样", en="left as it is"))]
    for card, look, label in sides:
        whiskers(ax, card.table["mean_probability"], card.table, "observed_churn", look, label=label)
    _square(ax, pd.concat([card.table for card, _, _ in sides]))
    label_axes(ax, x=pick(lang, zh="平均预测概率", en="mean predicted probability"),
               y=pick(lang, zh="实际流失率（附区间）", en="observed churn (with limits)"))  # fmt: skip
    legend_above(ax, columns=2)
    brier = [f"{card.brier.value:.4f}" for card, _, _ in sides]
    return describe(ax, pick(
        lang,
        zh=f"可靠性图：各分箱的平均预测概率与实际流失率，虚线为两者相等。Brier 分数：{' → '.join(brier)}。",
        en=f"Reliability diagram: mean predicted probability and observed churn by bin, equal on the dashed line. Brier"
           f" score: {' to '.join(brier)}.",
    ))  # fmt: skip


@plot
def plot_brier(found: Calibration | Mapping[str, Calibration], *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Brier's score taken apart: from the churn rate alone, by what is earned and lost, down to the score.

    Parameters
    ----------
    found : Calibration, or mapping of name to Calibration
        Several are drawn below each other in the same steps.
    ax : matplotlib.axes.Axes, optional
    lang : {"en", "zh"}

    Examples
    --------
    >>> from crm_analysis.churn.models.calibration import calibration
    >>> ax = plot_brier(calibration([0.1, 0.2, 0.6, 0.8], [0, 0, 1, 1], bins=2))
    >>> [round(float(bar.get_width()), 4) for bar in ax.patches]
    [0.25, -0.25, 0.0563, 0.0062, 0.0625]
    """
    cards = dict(found) if isinstance(found, Mapping) else {"": found}
    names, place, labels, at = [], [], [], 0.0
    ax = new_axes(ax, height=1.2 + 1.75 * len(cards))
    for name, card in cards.items():
        reached = 0.0
        for key, width in card.parts.items():
            last = key == "brier"
            width = -width if key == "brier_resolution" else width
            left = 0.0 if last else reached
            colour = INK if last else GREY if key == "brier_uncertainty" else BLUE if width < 0 else ORANGE
            ax.barh(at, width, left=left, height=0.62, color=colour, edgecolor=colour, linewidth=0.8)
            ax.annotate(f"{width:+.4f}" if 0 < len(names) % 5 < 4 else f"{width:.4f}", (max(left, left + width), at),
                        xytext=(4, 0), textcoords="offset points", va="center", fontsize=9)  # fmt: skip
            reached += width
            names.append(key)
            place.append(at)
            labels.append(_row_label(key, name, lang))
            at += 1
        at += 0.6
    ax.set_yticks(place, labels, parse_math=False)
    ax.set_ylim(at - 1.1, -0.6)
    ax.set_xlim(0, 1.16 * max(card.parts["brier_uncertainty"] + max(0, *card.parts[2:4]) for card in cards.values()))
    ax.grid(visible=False, axis="y")
    label_axes(ax, x=pick(lang, zh="Brier 分数的组成（越小越好）", en="parts of the Brier score (less is better)"))
    listed = "；".join(_parts_text(name, card, lang) for name, card in cards.items()) if lang == "zh" else "; ".join(
        _parts_text(name, card, lang) for name, card in cards.items())  # fmt: skip
    return describe(
        ax, pick(lang, zh=f"条形图：Brier 分数的分解。{listed}。", en=f"Bars: the Brier score taken apart. {listed}.")
    )


@plot
def plot_resampling_lesson(lesson: Lesson, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """AUC as each protocol claims it, and on customers kept out before anything was resampled.

    Parameters
    ----------
    lesson : Lesson
        From `models.resampling.resampling_lesson`.
    ax : matplotlib.axes.Axes, optional
    lang : {"en", "zh"}
    """
    table, ax = lesson.table, new_axes(ax, height=3.4)
    place = np.arange(len(table))
    claimed, honest = table["auc_claimed"].to_numpy(), table["auc_kept_out"].to_numpy()
    ax.hlines(place, honest, claimed, color=GREY, linewidth=1.2, zorder=1)
    ax.plot(claimed, place, "s", color=ORANGE, markersize=9, markerfacecolor="white", markeredgewidth=1.8,
            label=pick(lang, zh="声称的 AUC", en="AUC claimed"))  # fmt: skip
    ax.plot(honest, place, "o", color=BLUE, markersize=5.5,
            label=pick(lang, zh="重抽样前留出的客户", en="customers kept out before resampling"))  # fmt: skip
    for y, row in enumerate(table.itertuples()):
        if row.leaked_rows:
            text = pick(lang, zh=f"训练已见过 {row.leaked_share:.0%} 的测试行",
                        en=f"training knew {row.leaked_share:.0%} of the test rows")  # fmt: skip
            note(ax, text, ((row.auc_claimed + row.auc_kept_out) / 2, y), shift=(0, 9), ha="center", va="bottom")
    ax.set_yticks(place, [word(name, lang) for name in table.index], parse_math=False)
    ax.set_ylim(len(table) - 0.6, -0.6)
    ax.grid(visible=False, axis="y")
    ax.margins(x=0.12)
    label_axes(ax, x=pick(lang, zh="AUC（横轴不从 0 开始）", en="AUC (axis does not start at 0)"))
    legend_above(ax, columns=2)
    worst = table["auc_overstated"].idxmax()
    row = table.loc[worst]
    return describe(ax, pick(
        lang,
        zh=f"点图：{len(table)} 种重抽样方式声称的 AUC 与留出客户的 AUC。虚高最多的是“{word(worst, lang)}”：声称"
           f" {row['auc_claimed']:.3f}，实为 {row['auc_kept_out']:.3f}。",
        en=f"Dots: AUC claimed by {len(table)} protocols and on customers kept out. {word(worst, lang)} overstates"
           " most:"
           f" it claims {row['auc_claimed']:.3f}, and is worth {row['auc_kept_out']:.3f}.",
    ))  # fmt: skip


@plot
def plot_calibration_drift(found: CalibrationDrift, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Predicted and observed churn rate by cutoff: the gap that moves with the base rate.

    Parameters
    ----------
    found : CalibrationDrift
        From `models.calibration_forward.calibration_forward`.
    ax : matplotlib.axes.Axes, optional
    lang : {"en", "zh"}
    """
    table, ax = found.table, new_axes(ax, height=3.8)
    place, shift = np.arange(len(table)), beside(2, reach=0.06)
    ax.plot(place + shift[0], table["mean_probability"], BEFORE.marker, color=ORANGE, markersize=8,
            markerfacecolor="white", markeredgewidth=1.6, label=word("mean_probability", lang))  # fmt: skip
    whiskers(ax, place + shift[1], table, "observed_churn", AFTER,
             label=pick(lang, zh="实际流失率（附区间）", en="observed churn (with limits)"))  # fmt: skip
    for x, row in zip(place, table.itertuples()):
        high = np.nanmax([row.mean_probability, row.observed_churn_high])
        note(ax, f"{row.calibration_intercept:+.2f}", (x, high), shift=(0, 7), ha="center", va="bottom")
    names = [f"{cutoff:%Y-%m-%d}\n({rows:,})" for cutoff, rows in zip(table.index, table["rows"])]
    ax.set_xticks(place, names, linespacing=1.35)
    half = max(len(table), 3) / 2
    ax.set_xlim((len(table) - 1) / 2 - half, (len(table) - 1) / 2 + half)
    ax.margins(y=0.2)
    percent(ax, y=True)
    label_axes(ax, x=pick(lang, zh="截止日（括号内为行数；数字为校准截距）",
                          en="cutoff (rows in brackets; numbers: calibration in the large)"),
               y=pick(lang, zh="流失率", en="churn rate"))  # fmt: skip
    legend_above(ax, columns=2)
    listed = [f"{cutoff:%Y-%m-%d} {row.mean_probability:.1%} / {row.observed_churn:.1%}"
              for cutoff, row in zip(table.index, table.itertuples())]  # fmt: skip
    return describe(ax, pick(lang, zh=f"点图：各截止日的平均预测流失率与实际流失率：{'，'.join(listed)}。",
                             en="Dots: mean predicted and observed churn by cutoff:"
                                f" {', '.join(listed)}."))  # fmt: skip


def _diagonal(ax: Axes, lang: str) -> None:
    ax.plot(
        [0, 1],
        [0, 1],
        color=GREY,
        linestyle="--",
        linewidth=1,
        label=pick(lang, zh="完全校准", en="perfectly calibrated"),
    )


def _square(ax: Axes, table: pd.DataFrame) -> float:
    """Give both axes the same range from 0, in per cent, and return its end."""
    highest = table[["mean_probability", "observed_churn", "observed_churn_high"]].to_numpy(float)
    top = min(1.02, 1.05 * float(np.nanmax(highest)))
    ax.set(xlim=(-0.02 * top, top), ylim=(-0.02 * top, top))
    percent(ax, x=True, y=True)
    return top


def _histogram(ax: Axes, p: np.ndarray, top: float, lang: str) -> None:
    grid = ax.get_subplotspec().subgridspec(2, 1, height_ratios=[4, 1], hspace=0.03)
    ax.set_subplotspec(grid[0])
    below = ax.figure.add_subplot(grid[1], sharex=ax)
    below.hist(p, bins=np.linspace(0, max(top, float(p.max())), COUNTED + 1), color=GREY)
    below.spines[["top", "right"]].set_visible(False)
    percent(below, x=True)
    ax.tick_params(labelbottom=False)
    below.locator_params(axis="y", nbins=2)
    label_axes(below, x=pick(lang, zh="预测流失概率", en="predicted probability of churn"),
               y=pick(lang, zh="行数", en="rows"))  # fmt: skip


def _reliability_alt(found: Calibration, lang: str) -> str:
    table = found.table
    inside = table["mean_probability"].between(table["observed_churn_low"], table["observed_churn_high"])
    slope = f"{found.slope:z.2f}"
    return pick(
        lang,
        zh=f"可靠性图：{len(table)} 个分箱的平均预测概率与实际流失率，下方为概率的直方图。{int((~inside).sum())}"
        " 个分箱的"
        f"预测落在区间之外；校准斜率 {slope}，ECE {found.ece:.3f}。",
        en=f"Reliability diagram: mean predicted probability and observed churn in {len(table)} bins, a histogram of"
        f" probabilities below. In {int((~inside).sum())} bins the prediction lies outside the limits; slope {slope},"
        f" ECE {found.ece:.3f}.",
    )


def _row_label(key: str, name: str, lang: str) -> str:
    term = word(key, lang)
    return f"{name}{pick(lang, zh='：', en=': ')}{term}" if name and key == "brier_uncertainty" else term


def _parts_text(name: str, card: Calibration, lang: str) -> str:
    listed = pick(lang, zh="，", en=", ").join(f"{word(key, lang)} {value:.4f}" for key, value in card.parts.items())
    return f"{name}{pick(lang, zh='：', en=': ')}{listed}" if name else listed
