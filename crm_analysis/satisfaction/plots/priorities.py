"""Plots of priorities: the importance-performance map, penalties and rewards, several methods side by side."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch, Rectangle

from crm_analysis.figures import GRID, INK, PALETTE, describe, new_axes, plot
from crm_analysis.satisfaction.plots.numbered import (
    GREY,
    ROW_COLUMNS,
    corner_names,
    height_for,
    key,
    label,
    marks,
    named,
    named_rows,
    numbers,
    outlines,
    percent,
)
from crm_analysis.satisfaction.plots.parts import LIMITS, distances
from crm_analysis.satisfaction.priorities.ipa import Ipa
from crm_analysis.satisfaction.priorities.ipa_quadrants import QUADRANTS
from crm_analysis.satisfaction.priorities.prca import Prca
from crm_analysis.satisfaction.priorities.prca_impact import NOT_CLASSED
from crm_analysis.satisfaction.priorities.triangulate import Triangulation
from crm_analysis.words import word

QUADRANT_COLOURS = dict(zip(QUADRANTS, (PALETTE[1], PALETTE[2], PALETTE[6], PALETTE[0])))
CORNERS = ("concentrate_here", "keep_up", "low_priority", "possible_overkill")
CELLS = {
    "nature_basic": PALETTE[0], "nature_performance": PALETTE[2], "nature_excitement": PALETTE[1],
    "above_average": PALETTE[2], "below_average": PALETTE[6], "concentrate_here": PALETTE[1], "keep_up": PALETTE[2],
    "low_priority": PALETTE[6], "possible_overkill": PALETTE[0], "nature_indifferent": PALETTE[6],
    "nature_reverse": PALETTE[3], "improve_first": PALETTE[1], "keep": PALETTE[2], "do_not_invest": PALETTE[6],
}  # fmt: skip
COLUMNS = {"kano": "kano_says", "prca": "prca_says", "drivers": "driver_says", "ipa": "ipa_says"}
CHANCES = {"kano_says": "kano_p", "prca_says": "prca_p", "ipa_says": "ipa_p"}


@plot
def plot_ipa(ipa: Ipa, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Importance against performance with regions from the resamples, and the crosshair with its own limits.

    Parameters
    ----------
    ipa : Ipa
        From `ipa_table`.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Examples
    --------
    >>> from crm_analysis.satisfaction.priorities.ipa import ipa_table
    >>> survey = pd.DataFrame({"a": [5, 5, 4, 5] * 10, "b": [2, 1, 2, 3] * 10, "all": [2, 1, 2, 3] * 10})
    >>> ax = plot_ipa(ipa_table(survey, attributes={"page": "a", "speed": "b"}, outcome="all", draws=50))
    >>> [text.get_text() for text in ax.texts[:2]]
    ['concentrate here', 'keep up the good work']
    """
    table, settings = ipa.table, ipa.settings["choice"]
    names = [label(name, lang) for name in table.index]
    colours = [QUADRANT_COLOURS[name] for name in table["quadrant"]]
    ax = new_axes(ax, height=height_for(names))
    x, y = table["ipa_performance"].to_numpy(), table["ipa_importance"].to_numpy()
    outlines(ax, ipa.regions, ["ipa_performance", "ipa_importance"], colours)
    lines = ipa.lines
    for name, line, span in (("ipa_performance", ax.axvline, ax.axvspan), ("ipa_importance", ax.axhline, ax.axhspan)):
        line(lines.loc[name, "line"], color=INK, linewidth=1, zorder=1)
        span(lines.loc[name, "line_low"], lines.loc[name, "line_high"], color=GREY, alpha=0.1, linewidth=0, zorder=0)
    marks(ax, x, y, colours=colours, decided=table["decided"].tolist())
    ax.margins(0.12)
    ax.autoscale_view()
    if settings["crosshair"] == "diagonal":
        _diagonal(ax, x, y, stated=settings["importance_kind"] == "stated" and settings["scale_low"] != "")
    ax.set_xlabel({"zh": "绩效（评价均值，量表分）", "en": "performance (mean rating, scale points)"}[lang])
    ax.set_ylabel(_importance_label(settings["importance_kind"], lang))
    corner_names(ax, [word(name, lang) for name in CORNERS])
    key(ax, names, colours=colours, decided=table["decided"].tolist(), lang=lang)
    numbers(ax, x, y)
    return describe(ax, _ipa_alt(table, percent(ipa.settings, lang), lang))


def _diagonal(ax: Axes, x: np.ndarray, y: np.ndarray, *, stated: bool) -> None:
    """Draw the line of equal priority over the whole frame, without moving it."""
    ends, frame = np.array(ax.get_xlim()), (ax.get_xlim(), ax.get_ylim())
    slope = 1.0 if stated else y.std() / (x.std() or 1.0)
    heights = ends if stated else y.mean() + slope * (ends - x.mean())
    ax.plot(ends, heights, color=INK, linewidth=1.2, linestyle="--", zorder=1)
    ax.set(xlim=frame[0], ylim=frame[1])


def _importance_label(kind: str, lang: str) -> str:
    zh, en = {
        "stated": ("重要性（受访者自评均值，量表分）", "importance (mean as stated, scale points)"),
        "as_given": ("重要性（给定）", "importance (as given)"),
        "own_function": ("重要性（自定函数）", "importance (own function)"),
        "correlation": ("推算重要性（与结果的相关系数）", "derived importance (correlation with the outcome)"),
        "standardised": ("推算重要性（标准化回归系数）", "derived importance (standardised coefficient)"),
        "relative_weight": ("推算重要性（相对权重，R² 的份额）", "derived importance (relative weight, part of R²)"),
    }[kind]
    return zh if lang == "zh" else en


def _ipa_alt(table: pd.DataFrame, level: str, lang: str) -> str:
    first = [label(name, lang, columns=999) for name in table.index[table["ipa_verdict"] == "concentrate_here"]]
    open_, none = int((~table["decided"]).sum()), {"zh": "无", "en": "none"}[lang]
    return {
        "zh": f"重要性-绩效图：{len(table)} 个属性的绩效（横轴）与重要性（纵轴）及重抽样区域，十字线附 {level} 区间。"
              f"位于“{word('concentrate_here', lang)}”：{'、'.join(first) or none}；象限未定 {open_} 个。",
        "en": f"Importance-performance map: performance (across) and importance (up) of {len(table)} attributes with "
              f"regions from resamples and a crosshair with {level} limits. In '{word('concentrate_here', lang)}': "
              f"{', '.join(first) or none}. Not decided: {open_}.",
    }[lang]  # fmt: skip


@plot
def plot_prca(prca: Prca, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Penalty and reward indices of each attribute as diverging bars with limits, the most asymmetric penalty on top.

    Parameters
    ----------
    prca : Prca
        From `prca_table`.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Examples
    --------
    >>> from crm_analysis.satisfaction.priorities.prca import prca_table
    >>> rating = pd.Series([1, 2, 3, 3, 4, 5, 5, 1] * 10)
    >>> survey = pd.DataFrame({"q": rating, "all": rating.map({1: 2, 2: 3, 3: 6, 4: 6, 5: 7})})
    >>> found = prca_table(survey, outcome="all", attributes={"speed": "q"}, low_cut=2, high_cut=5, draws=50)
    >>> [round(float(bar.get_width()), 2) for bar in plot_prca(found).patches]
    [-3.67, 1.0]
    """
    table, level = prca.table.sort_values("ia", kind="stable"), percent(prca.settings, lang)
    names = [f"{label(name, lang, columns=ROW_COLUMNS)}\n{_factor(row, lang)}" for name, row in table.iterrows()]
    ax = named_rows(ax, names, lang)
    place = np.arange(len(table))
    for side, colour, shift in (("penalty", PALETTE[1], 0.17), ("reward", PALETTE[0], -0.17)):
        bars = ax.barh(place + shift, table[side], height=0.32, color=colour, alpha=0.8, edgecolor="white", linewidth=0)
        for bar, decided in zip(bars, table["decided"]):
            bar.set_hatch("" if decided else "///")
        ax.errorbar(table[side], place + shift, xerr=distances(table, side), fmt="none", **LIMITS)
    ax.axvline(0, color=INK, linewidth=1)
    ax.margins(x=0.06)
    ax.set_xlabel(
        {
            "zh": f"与中间评价者的总体满意度之差（分，附 {level} 区间）",
            "en": f"difference from middle ratings (points of the outcome, {level} interval)",
        }[lang]
    )
    keys = [Patch(color=PALETTE[1], alpha=0.8, label={"zh": "惩罚指数（低分者）", "en": "penalty (low ratings)"}[lang]),
            Patch(color=PALETTE[0], alpha=0.8, label={"zh": "奖励指数（高分者）", "en": "reward (high ratings)"}[lang]),
            Patch(facecolor="white", edgecolor=GREY, hatch="///",
                  label={"zh": "归类未定", "en": "class not decided"}[lang])]  # fmt: skip
    ax.legend(handles=keys, loc="lower center", bbox_to_anchor=(0.45, 1.0), ncols=3, fontsize=9)
    return describe(ax, _prca_alt(table, level, lang))


def _factor(row: pd.Series, lang: str) -> str:
    """Class and impact asymmetry of an attribute; none where signs are wrong, for then it means nothing."""
    ia = "IA –" if row["prca_factor"] == NOT_CLASSED else f"IA {round(row['ia'], 2) + 0.0:+.2f}"
    return f"{word(row['prca_factor'], lang)}，{ia}" if lang == "zh" else f"{word(row['prca_factor'], lang)}, {ia}"


def _prca_alt(table: pd.DataFrame, level: str, lang: str) -> str:
    found, count = table["penalty"][table["penalty"] < 0], int(table["decided"].sum())
    most = {"zh": "没有负的惩罚指数", "en": "No penalty is below zero"}[lang]
    if len(found):
        name, value = label(found.idxmin(), lang, columns=999), found.min()
        most = {"zh": f"惩罚最大的是“{name}”，{value:+.2f} 分",
                "en": f"Largest penalty: '{name}', {value:+.2f} points"}[lang]  # fmt: skip
    return {
        "zh": f"双向条形图：{len(table)} 个属性的惩罚指数（向左）与奖励指数（向右）及 {level} 区间。{most}；"
              f"{count} 个属性归类已定。",
        "en": f"Diverging bars: penalty (to the left) and reward indices of {len(table)} attributes with {level} "
              f"intervals. {most}; {count} classes are decided.",
    }[lang]  # fmt: skip


@plot
def plot_triangulation(found: Triangulation, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    r"""What each method says of each attribute, side by side, and the advice; hatched where nothing is decided.

    Parameters
    ----------
    found : Triangulation
        From `triangulate`.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Examples
    --------
    >>> from crm_analysis.satisfaction.priorities.triangulate import triangulate
    >>> shares = pd.DataFrame({"share": [0.6, 0.1], "share_low": [0.5, 0.0], "share_high": [0.7, 0.2]},
    ...                       index=["speed", "page"])
    >>> [text.get_text() for text in plot_triangulation(triangulate(drivers=shares)).texts]
    ['above average', 'not decided', 'below average', 'do not invest\nfurther']
    """
    table = found.table
    columns = [COLUMNS[name] for name in found.sources] + ["advice"]
    ax = named_rows(ax, [label(name, lang) for name in table.index], lang)
    for row, (_, values) in enumerate(table.iterrows()):
        for at, column in enumerate(columns):
            _cell(ax, at, row, values, column, lang)
    ax.axvline(len(columns) - 1.5, color=INK, linewidth=1.2)
    ax.set_xlim(-0.5, len(columns) - 0.5)
    ax.set_xticks(range(len(columns)), labels=[label(word(name, lang), lang, columns=15) for name in columns])
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    ax.grid(visible=False)
    ax.spines[:].set_visible(False)
    ax.set_xlabel({"zh": "百分数为重抽样中一致的占比", "en": "per cent: share of the resamples that agree"}[lang])
    return describe(ax, _together_alt(table, columns, lang))


def _cell(ax: Axes, x: int, y: int, values: pd.Series, column: str, lang: str) -> None:
    """One cell: what a method says, in its colour, and how sure it is."""
    says = values[column]
    colour = CELLS.get(says)
    ax.add_patch(Rectangle((x - 0.47, y - 0.42), 0.94, 0.84, facecolor=colour or "white", alpha=0.28 if colour else 1,
                           hatch="" if colour or not says else "///", edgecolor=colour or GRID,
                           linewidth=0.6))  # fmt: skip
    if not says:
        return
    chance = values.get(CHANCES.get(column, ""), np.nan)
    text = label(says, lang, columns=16) + (f"\n{chance:.0%}" if np.isfinite(chance) else "")
    ax.text(x, y, text, ha="center", va="center", fontsize=8, linespacing=1.15, parse_math=False,
            fontweight="bold" if column == "advice" else "normal",
            bbox={"facecolor": "white", "linewidth": 0, "pad": 0.6, "alpha": 0 if colour else 0.9})  # fmt: skip


def _together_alt(table: pd.DataFrame, columns: list[str], lang: str) -> str:
    groups = named(((advice, part.index) for advice, part in table.groupby("advice", sort=False)), lang)
    return {
        "zh": f"对照表：{len(table)} 个属性在 {len(columns) - 1} 种方法下的结论与建议。{groups}。",
        "en": f"Table: what {len(columns) - 1} methods say of {len(table)} attributes, and the advice. {groups}.",
    }[lang]  # fmt: skip
