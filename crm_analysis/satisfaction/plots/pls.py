"""Plots of the estimates of a PLS model: effects with intervals, cross-loadings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from crm_analysis.errors import InputError
from crm_analysis.figures import INK, PALETTE, describe, new_axes, plot
from crm_analysis.satisfaction.plots.parts import check_result, distances, fold, label_rows, pair, row_height, table_of
from crm_analysis.satisfaction.pls.estimator import PLS
from crm_analysis.satisfaction.survey.model import PathModel
from crm_analysis.words import word

if TYPE_CHECKING:
    from crm_analysis.satisfaction.pls.inference import Bootstrap

GREY = "#8A8A8A"
TAKE = "a Bootstrap, its paths or effects, or a table with source, target and the column to show"


@plot
def plot_effects(
    table: Bootstrap | pd.DataFrame, name: str = "path", *, model: PathModel | None = None, ax: Axes | None = None,
    lang: str = "en",
) -> Axes:  # fmt: skip
    """Forest plot: one row per pair of constructs, a dot with its interval; hollow and grey where it covers 0.

    Parameters
    ----------
    table : Bootstrap or pandas.DataFrame
        ``bootstrap(fitted)``: its ``paths``, for other names its ``effects``. Or a table with source, target and `name`
        with ``_low`` and ``_high``; without limits dots alone.
    name : str
        Column to show: path, direct_effect, indirect_effect or total_effect.
    model : PathModel, optional
        For the names of constructs in figures; by default that of the bootstrap.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Examples
    --------
    >>> table = pd.DataFrame({"source": ["x"], "target": ["y"], "path": [0.3], "path_low": [0.1], "path_high": [0.5]})
    >>> [text.get_text() for text in plot_effects(table).get_yticklabels()]
    ['x → y']
    """
    model = model or getattr(getattr(table, "fitted", None), "model", None)
    part = "paths" if name == "path" else "effects"
    table = table_of(table, part, ["source", "target", name], "plot_effects", TAKE)
    if not len(table):
        raise InputError("the table has no row", where="plot_effects", zh="表中没有可绘制的效应")
    known = {f"{name}_low", f"{name}_high"} <= set(table)
    table = table if known else table.assign(**{f"{name}_low": np.nan, f"{name}_high": np.nan})
    table = table.sort_values(name, ascending=False, kind="stable", ignore_index=True)
    names = [
        f"{label_of(a, model, lang)} → {label_of(b, model, lang)}" for a, b in zip(table["source"], table["target"])
    ]
    rows = [pair(*(label_of(row[end], model, lang) for end in ("source", "target")), "→")
            for row in table.to_dict("records")]  # fmt: skip
    ax = new_axes(ax, height=max(2.2, 1.0 + row_height(rows, 0.36) * len(table)))
    label_rows(ax, rows)
    ax.axvline(0, color=INK, linewidth=1, zorder=1)
    covers = ((table[f"{name}_low"] <= 0) & (table[f"{name}_high"] >= 0)).to_numpy()
    covers = covers | (known & (table[name] == 0).to_numpy())  # no such way of paths: 0 without an interval
    gaps = distances(table, name)
    for hit, colour, fill in ((~covers, PALETTE[0], PALETTE[0]), (covers, GREY, "white")):
        ax.errorbar(table[name][hit], np.flatnonzero(hit), xerr=gaps[:, hit], fmt="o", color=colour, ecolor=colour,
                    markerfacecolor=fill, markersize=6, elinewidth=1.4, capsize=3)  # fmt: skip
    right = table[f"{name}_high"].fillna(table[name])
    for y, (value, end) in enumerate(zip(table[name], right)):
        ax.annotate(f"{value:.2f}", (end, y), xytext=(5, 0), textcoords="offset points", va="center", fontsize=9)
    ax.margins(x=0.1)
    note = {"zh": "（标准化，附自助法区间；空心：区间包含 0）",
            "en": " (standardised, with bootstrap interval; hollow: covers 0)"}[lang] if known else ""  # fmt: skip
    long = any("\n" in row for row in rows)
    ax.set_xlabel(word(name, lang) + ("\n" + note.strip() if long and known else note))
    first, last = f"{names[0]} {table[name].iloc[0]:.2f}", f"{names[-1]} {table[name].iloc[-1]:.2f}"
    return describe(ax, {
        "zh": f"森林图：{len(table)} 个{word(name, lang)}及区间。最大 {first}，最小 {last}；"
              f"{covers.sum()} 个的区间包含 0。",
        "en": f"Forest plot: {len(table)} values ({word(name, lang)}) with intervals. Largest {first}, smallest "
              f"{last}; {covers.sum()} cover 0.",
    }[lang])  # fmt: skip


@plot
def plot_cross_loadings(fitted: PLS, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Heat map of the correlations of items with all constructs; frames mark the construct an item belongs to.

    Parameters
    ----------
    fitted : PLS
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}
        An item that correlates more with another construct than with its own is marked with an exclamation mark.
    """
    check_result(fitted, ["cross_loadings_", "model"], "plot_cross_loadings", "a fitted PLS")
    table = fitted.cross_loadings_
    own = [list(table.columns).index(name) for name in fitted.weights_["construct"]]
    values = table.to_numpy()
    items = [fold(item) for item in table.index]
    ax = new_axes(ax, height=1.3 + row_height(items, 0.245) * len(table))
    ax.imshow(values, cmap="RdBu_r", vmin=-1, vmax=1, aspect="auto", alpha=0.5)
    stray = np.abs(values).argmax(axis=1) != own
    for row, line in enumerate(values):
        for column, value in enumerate(line):
            mine = column == own[row]
            ax.text(column, row, f"{value:.2f}", ha="center", va="center", fontsize=8, color="black",
                    weight="bold" if mine else "normal")  # fmt: skip
            if mine:
                ax.add_patch(
                    Rectangle((column - 0.48, row - 0.46), 0.96, 0.92, fill=False, edgecolor=INK, linewidth=1.3)
                )
    ax.set_xticks(range(table.shape[1]), labels=_heads(fitted.model, list(table.columns), lang), parse_math=False)
    ax.xaxis.tick_top()
    names = [f"{item} !" if far else item for item, far in zip(items, stray)]
    ax.set_yticks(range(len(table)), labels=names, fontsize=8, parse_math=False)
    ax.tick_params(length=0)
    ax.grid(visible=False)
    for spine in ax.spines.values():
        spine.set_visible(False)
    ax.set_xlabel({"zh": "题项与潜变量得分的相关系数（方框：所属潜变量；!：与其他潜变量相关更高）",
                   "en": "correlation of item and construct (framed: its own; !: higher with another)",
                   }[lang])  # fmt: skip
    low = values[range(len(values)), own]
    least = f"{table.index[low.argmin()]} {low.min():.2f}"
    return describe(ax, {
        "zh": f"热力图：{len(table)} 个题项与 {table.shape[1]} 个潜变量的交叉载荷。所属潜变量上最低的载荷是 {least}；"
              f"{stray.sum()} 个题项与其他潜变量相关更高。",
        "en": f"Heat map: cross-loadings of {len(table)} items on {table.shape[1]} constructs. Lowest on its own "
              f"construct: {least}; {stray.sum()} items correlate more with another.",
    }[lang])  # fmt: skip


def label_of(name: str, model: PathModel | None, lang: str) -> str:
    """Return what a construct is called in figures: by the model, else by the dictionary."""
    return model.label(name, lang) if model is not None and name in model.constructs else word(str(name), lang)


def _heads(model: PathModel, names: list[str], lang: str) -> list[str]:
    """Names of constructs over the columns of a matrix: as wide as the columns, at most four lines."""
    return [fold(model.label(name, lang), min(24, max(12, 78 // len(names))), 4) for name in names]
