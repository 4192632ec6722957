"""Whether predictions mean what they say: decile by decile, and how often intervals hold what happened."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from crm_analysis.clv.plots.parts import (
    ACTUAL,
    BLUE,
    GREY,
    OWN,
    Look,
    beside,
    label_axes,
    legend_above,
    looks,
    model_word,
    number,
    percent,
    pick,
    room_for,
    root_scale,
    whiskers,
)
from crm_analysis.errors import InputError
from crm_analysis.figures import describe, new_axes, plot


@plot
def plot_calibration(table: pd.DataFrame, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Mean predicted and mean actual purchases by decile of the prediction, of one model.

    Parameters
    ----------
    table : pandas.DataFrame
        ``group`` (1 has the highest predictions), ``customers``, ``predicted``, ``actual``, ``actual_low``,
        ``actual_high``, from `calibration.calibration_by_decile`; the rows of one model.
    ax : matplotlib.axes.Axes, optional
    lang : {"en", "zh"}

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InputError
        If the table holds several models.

    Examples
    --------
    >>> table = pd.DataFrame({"group": [1, 2], "customers": 5, "predicted": [2.0, 0.5], "actual": [2.2, 0.4],
    ...                       "actual_low": [1.5, 0.1], "actual_high": [2.9, 0.7]})
    >>> plot_calibration(table).lines[0].get_ydata().tolist()
    [2.0, 0.5]
    """
    if table["group"].duplicated().any():
        raise InputError("the table holds several models", mend="table[table['model'] == 'bg_nbd']",
                         zh="表中有多个模型，请选取一个")  # fmt: skip
    ax, place = new_axes(ax), np.arange(len(table))
    label = pick(lang, zh="预测均值", en="mean predicted")
    ax.plot(place, table["predicted"], color=BLUE, marker="s", markersize=9, markerfacecolor="white", linestyle="none",
            markeredgewidth=1.6, label=label)  # fmt: skip
    label = pick(lang, zh="实际均值（带区间）", en="mean actual (interval)")
    whiskers(ax, place, table, "actual", OWN[ACTUAL], label=label)
    names = [f"{group:.0f}\n({n:,.0f})" for group, n in zip(table["group"], table["customers"])]
    ax.set_xticks(place, names, linespacing=1.35)
    room_for(ax, len(table))
    root_scale(ax, float(np.nanmax(table[["predicted", "actual", "actual_high"]])))
    label_axes(ax, x=pick(lang, zh="按预测值由高到低分组（括号内为客户数）",
                          en="customers by prediction, 1 is highest (number of customers)"),
               y=pick(lang, zh="人均购买次数（平方根刻度）",
                      en="purchases per customer (square-root scale)"))  # fmt: skip
    legend_above(ax)
    out = int(((table["predicted"] < table["actual_low"]) | (table["predicted"] > table["actual_high"])).sum())
    first = table.iloc[0]
    return describe(ax, pick(
        lang,
        zh=f"点图：按预测值由高到低分为 {len(table)} 组，各组人均购买次数的预测值与实际值。"
           f"预测最高的一组：预测 {number(first['predicted'])}，实际 {number(first['actual'])}。"
           f"{out} 组的预测值落在实际均值的区间之外。",
        en=f"Points: mean predicted and mean actual purchases in {len(table)} groups by prediction, highest first. The"
           f" first group: predicted {number(first['predicted'])}, actual {number(first['actual'])}. In {out} groups"
           f" the prediction lies outside the interval of the actual mean.",
    ))  # fmt: skip


@plot
def plot_coverage(table: pd.DataFrame, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """How often outcome intervals of a stated level held what customers did; on the diagonal they keep their word.

    Parameters
    ----------
    table : pandas.DataFrame
        ``level``, ``covered``, ``covered_low``, ``covered_high``, optionally ``model``, from `calibration.coverage`.
    ax : matplotlib.axes.Axes, optional
    lang : {"en", "zh"}

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> table = pd.DataFrame({"level": [0.5, 0.9], "covered": [0.6, 0.9], "covered_low": [0.5, 0.8],
    ...                       "covered_high": [0.7, 0.95]})
    >>> plot_coverage(table).lines[1].get_xydata().tolist()
    [[0.5, 0.6], [0.9, 0.9]]
    """
    ax = new_axes(ax, width=5.4, height=4.4)
    ax.plot([0, 1], [0, 1], color=GREY, linestyle="--", linewidth=1,
            label=pick(lang, zh="与标称一致", en="as stated"))  # fmt: skip
    table = table if "model" in table else table.assign(model="")
    found = looks(table["model"])
    for shift, (name, look) in zip(beside(len(found), reach=0.012), found.items()):
        part = table[table["model"] == name]
        look = look if name else Look(BLUE, "o", "-")
        label = model_word(name, lang) if name else pick(lang, zh="实际覆盖率", en="covered")
        whiskers(ax, part["level"] + shift, part, "covered", look, label=label)
    least = np.floor(10 * min(table["covered_low"].min(), table["covered"].min(), table["level"].min()) - 1e-9) / 10
    ax.set(xlim=(max(0.0, least), 1.01), ylim=(max(0.0, least), 1.01))
    percent(ax, x=True, y=True)
    label_axes(ax, x=pick(lang, zh="区间标称的水平", en="stated level of the interval"),
               y=pick(lang, zh="实际次数落在区间内的客户占比", en="customers whose count lies within"))  # fmt: skip
    legend_above(ax, columns=2)
    top = table["level"].max()
    rows = table[table["level"] == top]
    listed = [f"{model_word(name, lang)} {share:.1%}".strip() for name, share in zip(rows["model"], rows["covered"])]
    return describe(ax, pick(
        lang,
        zh=f"点图：结果区间的标称水平与实际覆盖率，虚线为两者相等。标称 {top:.0%} 的区间覆盖率：{'，'.join(listed)}。",
        en=f"Points: stated level of outcome intervals and the share of customers they hold; equal on the dashed line."
           f" Intervals of {top:.0%} hold: {', '.join(listed)}.",
    ))  # fmt: skip
