"""How often customers bought, by class: the calibration as a model would make it, the holdout as it predicts it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from crm_analysis.clv.plots.parts import (
    ACTUAL,
    GREY,
    OWN,
    beside,
    label_axes,
    legend_above,
    looks,
    model_word,
    pick,
    room_for,
    root_scale,
    thousands,
    whiskers,
)
from crm_analysis.figures import describe, new_axes, plot


@plot
def plot_frequency_fit(table: pd.DataFrame, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Customers by number of repeat purchases: bars as observed, points as expected with the range of chance.

    Parameters
    ----------
    table : pandas.DataFrame
        From `checks.frequency_fit`.
    ax : matplotlib.axes.Axes, optional
    lang : {"en", "zh"}

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> table = pd.DataFrame({"model": "nbd", "purchase_class": ["0", "1+"], "customers": [7, 3],
    ...     "customers_expected": [6.5, 3.5], "customers_expected_low": [4, 1], "customers_expected_high": [9, 6]})
    >>> [float(bar.get_height()) for bar in plot_frequency_fit(table).patches]
    [7.0, 3.0]
    """
    ax, found = new_axes(ax), looks(table["model"])
    names = list(table["purchase_class"].drop_duplicates())
    observed = table.drop_duplicates("purchase_class")["customers"]
    label = pick(lang, zh="实际", en="observed")
    ax.bar(np.arange(len(names)), observed, width=0.8, color=GREY, alpha=0.35, label=label)
    for shift, (name, look) in zip(beside(len(found), reach=0.27), found.items()):
        part = table[table["model"] == name]
        place = np.array([names.index(each) for each in part["purchase_class"]]) + shift
        whiskers(ax, place, part, "customers_expected", look, label=model_word(name, lang))
    ax.set_xticks(np.arange(len(names)), names)
    room_for(ax, len(names))
    root_scale(ax, max(observed.max(), table["customers_expected_high"].max()), whole=True)
    ax.grid(False, axis="x")
    label_axes(ax, x=pick(lang, zh="校准期内的重复购买次数", en="repeat purchases in the calibration"),
               y=pick(lang, zh="客户数（平方根刻度）", en="customers (square-root scale)"))  # fmt: skip
    legend_above(ax)
    outside = _outside(table, "customers", "customers_expected")
    level = table.attrs.get("level", 0.95)
    listed = [(model_word(name, lang), count, table["model"].eq(name).sum()) for name, count in outside.items()]
    zh = "，".join(f"{name} {count}/{of}" for name, count, of in listed)
    en = ", ".join(f"{name} {count} of {of}" for name, count, of in listed)
    return describe(ax, pick(
        lang,
        zh=f"柱状图与误差线：各重复购买次数的客户数，实际（柱）与模型预期（点，{level:.0%} 随机范围）对比。"
           f"实际落在范围之外的组数：{zh}。",
        en=f"Bars and points: customers by number of repeat purchases, observed (bars) and as expected by model (points"
           f" with the {level:.0%} range of chance). Classes observed outside that range: {en}.",
    ))  # fmt: skip


@plot
def plot_holdout_by_frequency(table: pd.DataFrame, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Mean purchases in the holdout by number of repeat purchases before it: actual with interval, and by model.

    Parameters
    ----------
    table : pandas.DataFrame
        From `checks.holdout_by_frequency`.
    ax : matplotlib.axes.Axes, optional
    lang : {"en", "zh"}

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> table = pd.DataFrame({"model": "nbd", "purchase_class": ["0", "1+"], "customers": [7, 3], "actual": [0.2, 1.0],
    ...                       "actual_low": [0.0, 0.5], "actual_high": [0.4, 1.5], "expected": [0.3, 0.8]})
    >>> [line.get_ydata().tolist() for line in plot_holdout_by_frequency(table).lines][-1]
    [0.3, 0.8]
    """
    ax, found = new_axes(ax), looks(table["model"])
    actual = table.drop_duplicates("purchase_class")
    names = list(actual["purchase_class"])
    whiskers(ax, np.arange(len(names)), actual, "actual", OWN[ACTUAL], label=model_word(ACTUAL, lang))
    for name, look in found.items():
        part = table[table["model"] == name]
        place = [names.index(each) for each in part["purchase_class"]]
        ax.plot(place, part["expected"], color=look.color, marker=look.marker, linestyle=look.linestyle, markersize=5,
                alpha=0.9, label=model_word(name, lang))  # fmt: skip
    ticks = [f"{name}\n({n:,.0f})" for name, n in zip(names, actual["customers"])]
    ax.set_xticks(np.arange(len(names)), ticks, linespacing=1.35)
    ax.set_ylim(bottom=0)
    room_for(ax, len(names))
    thousands(ax, y=True)
    label_axes(ax, x=pick(lang, zh="校准期内的重复购买次数（括号内为客户数）",
                          en="repeat purchases in the calibration (number of customers)"),
               y=pick(lang, zh="留出期人均购买次数", en="mean purchases in the holdout"))  # fmt: skip
    legend_above(ax)
    outside = _outside(table.assign(expected_low=table["actual_low"], expected_high=table["actual_high"]), "expected",
                       "expected")  # fmt: skip
    zh = "，".join(f"{model_word(name, lang)} {count}" for name, count in outside.items())
    en = ", ".join(f"{model_word(name, lang)} {count}" for name, count in outside.items())
    low, high = actual["actual"].iloc[[0, -1]]
    return describe(ax, pick(
        lang,
        zh=f"折线图：留出期人均购买次数，按校准期重复购买次数分 {len(names)} 组，实际（带区间）与模型对比。"
           f"实际均值从 {names[0]} 组的 {low:.2f} 到 {names[-1]} 组的 {high:.2f}；预期落在区间之外的组数：{zh}。",
        en=f"Lines: mean purchases in the holdout by repeat purchases before it, {len(names)} classes, actual (with"
           f" intervals) and by model. The actual mean goes from {low:.2f} (class {names[0]}) to {high:.2f} (class"
           f" {names[-1]}). Classes in which the expectation lies outside the interval: {en}.",
    ))  # fmt: skip


def _outside(table: pd.DataFrame, value: str, limits: str) -> dict[str, int]:
    """Return for each model in how many classes the value lies outside the limits."""
    out = (table[value] < table[f"{limits}_low"]) | (table[value] > table[f"{limits}_high"])
    return {name: int(out[table["model"] == name].sum()) for name in table["model"].unique()}
