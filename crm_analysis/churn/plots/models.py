"""Models of churn in pictures: compared with each other, and tested on a later cutoff."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from crm_analysis.churn.models.contenders import BASELINES
from crm_analysis.churn.plots.model_parts import GREEN, GREY, Look, check_measure, direction, looks
from crm_analysis.clv.plots.parts import label_axes, legend_above, percent, pick
from crm_analysis.errors import InputError
from crm_analysis.figures import FAMILY, INK, describe, new_axes, plot
from crm_analysis.words import Sentence, word

if TYPE_CHECKING:
    from crm_analysis.churn.models.compare import Comparison
    from crm_analysis.churn.models.forward import ForwardTest


@plot
def plot_model_comparison(
    comparison: Comparison, *, measure: str = "auc", ax: Axes | None = None, lang: str = "en"
) -> Axes:
    """Models on one measure: each fold a small dot, the mean with its interval above; baselines below a line.

    Parameters
    ----------
    comparison : Comparison
    measure : str
        One of `metrics.MEASURES`.
    ax : matplotlib.axes.Axes, optional
    lang : {"en", "zh"}

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InputError
        If the measure is not known.
    """
    check_measure(measure)
    table = comparison.table.dropna(subset=measure)
    models = [key for weak in (False, True) for key in table.index if (key in BASELINES) == weak]
    learned = sum(key not in BASELINES for key in models)
    place = {key: at + 0.35 * (at >= learned > 0) for at, key in enumerate(models)}
    ax = new_axes(ax, height=1.5 + 0.55 * len(models))
    rng = np.random.default_rng(0)
    for key, look in looks(models).items():
        values = comparison.folds.loc[comparison.folds["model"] == key, measure].to_numpy()
        below = place[key] + 0.16 + 0.16 * rng.random(len(values))
        ax.plot(values, below, ".", color=look.color, alpha=0.45, markersize=4, linestyle="none")
        _whisker(ax, table.loc[key], measure, place[key] - 0.08, look, hollow=key in BASELINES)
    if 0 < learned < len(models):
        ax.axhline(learned - 0.32, color=INK, linewidth=0.8)
    _rows(ax, place, lang)
    label_axes(ax, x=pick(
        lang, zh=f"{word(measure, 'zh')}，{direction(measure, 'zh')}"
                 f"（大点：均值与 {comparison.level:.0%} 区间；小点：各折）",
        en=f"{word(measure, 'en')}, {direction(measure, 'en')} (large: mean, {comparison.level:.0%} interval;"
           " small: folds)"))  # fmt: skip
    best = comparison.best[measure]
    style = ".4f" if measure in ("brier", "log_loss") else ".3f"
    listed = [f"{word(key, lang)} {table.loc[key, measure]:{style}}" for key in models]
    return describe(ax, Sentence(
        f"点图：{len(models)} 个模型的 {word(measure, 'zh')}，均值附区间，小点为各折，基准在横线下方。"
        f"{'，'.join(listed)}。最优：{word(best, 'zh')}。",
        f"Dot plot: {word(measure, 'en')} of {len(models)} models, means with intervals, small dots are folds,"
        f" baselines below the line. {', '.join(listed)}. Best: {word(best, 'en')}.",
    ).text(lang))  # fmt: skip


@plot
def plot_forward_rates(test: ForwardTest, *, cutoff: object = None, ax: Axes | None = None, lang: str = "en") -> Axes:
    """What each model expected of a later cutoff on average, beside the churn rates of training and test.

    Parameters
    ----------
    test : ForwardTest
    cutoff : date, optional
        A test cutoff; the latest unless given.
    ax : matplotlib.axes.Axes, optional
    lang : {"en", "zh"}

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InputError
        If the cutoff was not tested.
    """
    cutoff = _cutoff(test, cutoff)
    table, rates = test.table.loc[cutoff], test.cutoffs.loc[cutoff]
    ax = new_axes(ax, height=1.6 + 0.42 * len(table))
    for name, color, line, zh, en in (
        ("train_churn_rate", GREY, ":", "训练期流失率", "churn rate in training"),
        ("test_churn_rate", GREEN, "-", "检验期流失率", "churn rate in the test"),
    ):
        ax.axvspan(rates[f"{name}_low"], rates[f"{name}_high"], color=color, alpha=0.15, linewidth=0)
        ax.axvline(rates[name], color=color, linestyle=line, linewidth=1.6,
                   label=f"{pick(lang, zh=zh, en=en)} {rates[name]:.1%}")  # fmt: skip
    place = {key: at for at, key in enumerate(table.index)}
    for key, look in looks(table.index).items():
        _whisker(ax, table.loc[key], "mean_probability", place[key], look, hollow=key in BASELINES)
    _rows(ax, place, lang)
    percent(ax, x=True)
    label_axes(ax, x=pick(lang, zh="平均预测流失概率（附区间；阴影：流失率的区间）",
                          en="mean predicted chance of churn (intervals; shaded: interval of the rate)"))  # fmt: skip
    legend_above(ax)
    listed = [f"{word(key, lang)} {row:.1%}" for key, row in table["mean_probability"].items()]
    before, after = rates["train_churn_rate"], rates["test_churn_rate"]
    return describe(ax, pick(
        lang, zh=f"点图：检验截止日 {cutoff:%Y-%m-%d} 各模型的平均预测概率：{'，'.join(listed)}；"
                 f"训练期流失率 {before:.1%}，检验期 {after:.1%}。",
        en=f"Dot plot: mean predicted chance at the test cutoff {cutoff:%Y-%m-%d}: {', '.join(listed)}; churn rate in"
           f" training {before:.1%}, in the test {after:.1%}."))  # fmt: skip


@plot
def plot_forward_scores(test: ForwardTest, *, measure: str = "auc", ax: Axes | None = None, lang: str = "en") -> Axes:
    """A measure of each model at each test cutoff, with intervals.

    Parameters
    ----------
    test : ForwardTest
    measure : str
        One of `metrics.MEASURES`.
    ax : matplotlib.axes.Axes, optional
    lang : {"en", "zh"}

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InputError
        If the measure is not known.
    """
    check_measure(measure)
    models, days = list(test.pooled.index), list(test.cutoffs.index)
    step = 0.7 / max(1, len(models) - 1)
    ax = new_axes(ax)
    for at, (key, look) in enumerate(looks(models).items()):
        part = test.table.xs(key, level="model").reindex(days)
        x = np.arange(len(days)) + (at - (len(models) - 1) / 2) * step
        error = np.nan_to_num([(part[measure] - part[f"{measure}_low"]).clip(lower=0),
                               (part[f"{measure}_high"] - part[measure]).clip(lower=0)])  # fmt: skip
        face = "white" if key in BASELINES else look.color
        ax.errorbar(x, part[measure], yerr=error, color=look.color, marker=look.marker, markersize=6, capsize=3,
                    linestyle="none", markerfacecolor=face, label=word(key, lang))  # fmt: skip
    ax.set_xticks(range(len(days)), [f"{day:%Y-%m-%d}" for day in days])
    ax.set_xlim(-0.6, len(days) - 0.4)
    ax.grid(visible=False, axis="x")
    label_axes(ax, x=pick(lang, zh="检验截止日", en="test cutoff"),
               y=pick(lang, zh="，", en=", ").join([word(measure, lang), direction(measure, lang)]))  # fmt: skip
    legend_above(ax, columns=3)
    latest = test.table.loc[days[-1], measure]
    listed = [f"{word(key, lang)} {value:.3f}" for key, value in latest.items()]
    count = f"{len(days)} test cutoffs" if len(days) > 1 else "the test cutoff"
    return describe(ax, Sentence(
        f"点图：{len(days)} 个检验截止日上各模型的 {word(measure, 'zh')}，附区间。最近一次：{'，'.join(listed)}。",
        f"Dot plot: {word(measure, 'en')} of each model at {count}, with intervals. The latest: {', '.join(listed)}.",
    ).text(lang))  # fmt: skip


def _whisker(ax: Axes, row: pd.Series, name: str, place: float, look: Look, *, hollow: bool) -> None:
    low, high = row[name] - row[f"{name}_low"], row[f"{name}_high"] - row[name]
    error = np.nan_to_num(np.array([[max(low, 0)], [max(high, 0)]]))
    ax.errorbar([row[name]], [place], xerr=error, color=look.color, marker=look.marker, markersize=7, elinewidth=1.5,
                capsize=3.5, linestyle="none", markerfacecolor="white" if hollow else look.color)  # fmt: skip


def _rows(ax: Axes, place: dict[str, float], lang: str) -> None:
    ax.set_yticks(list(place.values()), [word(key, lang) for key in place], parse_math=False, fontfamily=FAMILY)
    ax.set_ylim(max(place.values()) + 0.55, -0.55)
    ax.tick_params(axis="y", length=0)
    ax.grid(visible=False, axis="y")


def _cutoff(test: ForwardTest, cutoff: object) -> pd.Timestamp:
    days = list(test.cutoffs.index)
    if cutoff is None:
        return days[-1]
    if pd.Timestamp(cutoff) not in days:
        raise InputError(f"the cutoff {cutoff!r} was not tested", expected=", ".join(f"{d:%Y-%m-%d}" for d in days),
                         zh=f"截止日 {cutoff} 没有检验")  # fmt: skip
    return pd.Timestamp(cutoff)
