"""Plots of measurement: reliability, what can be told apart, loadings, item drop, correlations, and the gate."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from crm_analysis.errors import InputError
from crm_analysis.figures import GRID, INK, PALETTE, describe, new_axes, plot
from crm_analysis.satisfaction.measurement.thresholds import THRESHOLDS
from crm_analysis.satisfaction.plots.parts import COLUMNS, LIMITS, fold, label_rows, pair, row_height, short, table_of
from crm_analysis.satisfaction.survey.model import PathModel
from crm_analysis.satisfaction.survey.moments import Moments
from crm_analysis.words import word

if TYPE_CHECKING:
    from crm_analysis.satisfaction.measurement.gate import Gate

WITH = {"zh": "附 {:.0%} 区间", "en": "with {:.0%} interval"}
COEFFICIENTS = {"alpha_standardised": "o", "omega": "s", "rho_a": "D", "rho_c": "^"}
ITEMS = "the Gate, its items (gate.items) or an item_table"
HTMT_LIMITS = (0.85, 0.90, 1.0)
DISTINCT = ({"zh": "可区分", "en": "told apart"}, {"zh": "无法区分", "en": "not told apart"})
UNTESTED = (
    {"zh": "小于 1（未检验）", "en": "below 1 (not tested)"},
    {"zh": "达到 1（未检验）", "en": "1 or more (not tested)"},
)


@plot
def plot_reliability(
    table: Gate | pd.DataFrame, *, model: PathModel | None = None, level: float = 0.95, ax: Axes | None = None,
    lang: str = "en",
) -> Axes:  # fmt: skip
    """Alpha, omega, rho_A and rho_C of each construct beside each other, with intervals and the usual limit.

    Parameters
    ----------
    table : Gate or pandas.DataFrame
        The gate (its ``reliability``), or from `measurement.reliability_table`. A construct without any
        coefficient shows the reason.
    model : PathModel, optional
        For labels; by default that of the gate.
    level : float
        Of the intervals, for the label.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Examples
    --------
    >>> from crm_analysis.satisfaction.measurement.reliability import reliability_table
    >>> from crm_analysis.satisfaction.pls.estimator import PLS
    >>> from crm_analysis.satisfaction.pls.templates import ecsi
    >>> from crm_analysis.satisfaction.survey.moments import mobi
    >>> ax = plot_reliability(reliability_table(PLS(ecsi()).fit_moments(mobi())), model=ecsi())
    >>> ax.get_yticklabels()[0].get_text()
    'image'
    """
    model = model or getattr(table, "model", None)
    take = "the Gate, its reliability or a reliability_table"
    table = table_of(table, "reliability", [*COEFFICIENTS, "reliability_note"], "plot_reliability", take)
    ax = _rows(ax, table.index, model, lang, each=0.62)
    least = THRESHOLDS["least_alpha"].value
    ax.axvline(least, color=INK, linewidth=1, linestyle="--", zorder=1)
    _limit(ax, least)
    for step, (name, marker) in enumerate(COEFFICIENTS.items()):
        height = np.arange(len(table)) + (step - 1.5) * 0.19
        _points(ax, table, name, height, color=PALETTE[step], marker=marker, label=word(name, lang))
    lowest = np.nanmin(table[list(COEFFICIENTS)].to_numpy(float), initial=least)
    ax.set_xlim(min(lowest - 0.15, 0.4), 1.02)
    for place, note in enumerate(table["reliability_note"]):
        if note in ("single_item", "formative", "composite"):
            ax.annotate(word(note, lang), (0.02, place), xycoords=("axes fraction", "data"), va="center")
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.03), ncols=2)
    said = _with(table, COEFFICIENTS, level, lang, then={"zh": "，", "en": "; "})
    ax.set_xlabel({"zh": f"信度（{said}虚线为惯用下限）", "en": f"reliability ({said}dashed: usual limit)"}[lang])
    low = [_label(name, model, lang) for name, value in table["alpha_standardised"].items() if value < least]
    names = {"zh": "、", "en": ", "}[lang].join(low) or {"zh": "无", "en": "none"}[lang]
    return describe(ax, {
        "zh": f"点图：{len(table)} 个潜变量的 α、ω、ρA、ρC{' 及区间' * bool(said)}，虚线为 {least:.2f}。"
              f"α 低于该值的：{names}。",
        "en": f"Dot plot: alpha, omega, rho_A and rho_C of {len(table)} constructs"
              f"{' with intervals' * bool(said)}, dashed line at {least:.2f}. Alpha lies below it for: {names}.",
    }[lang])  # fmt: skip


@plot
def plot_discriminant(
    table: Gate | pd.DataFrame, *, model: PathModel | None = None, level: float = 0.95, ax: Axes | None = None,
    lang: str = "en",
) -> Axes:  # fmt: skip
    """HTMT of each pair of constructs with interval and one-sided bound against .85, .90 and 1, the largest on top.

    Parameters
    ----------
    table : Gate or pandas.DataFrame
        The gate (its ``discriminant``), or from `measurement.discriminant_table`; pairs without HTMT are left out,
        `InputError` if none has any.
    model : PathModel, optional
        For labels; by default that of the gate.
    level : float
        Of the intervals, for the label.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}
        A square: the pair cannot be told apart (`htmt_distinct`). A circle: it can. Without tests: HTMT of 1 or more,
        and below 1.

    Examples
    --------
    >>> from crm_analysis.satisfaction.measurement.validity import discriminant_table
    >>> from crm_analysis.satisfaction.pls.estimator import PLS
    >>> from crm_analysis.satisfaction.pls.templates import ecsi
    >>> from crm_analysis.satisfaction.survey.moments import mobi
    >>> ax = plot_discriminant(discriminant_table(PLS(ecsi()).fit_moments(mobi())), model=ecsi())
    >>> ax.get_yticklabels()[0].get_text()
    'satisfaction – loyalty'
    """
    model = model or getattr(table, "model", None)
    take = "the Gate, its discriminant or a discriminant_table"
    table = table_of(table, "discriminant", ["htmt", "htmt_distinct", "htmt_upper"], "plot_discriminant", take)
    table = table[table["htmt"].notna()].sort_values("htmt", ascending=False, kind="stable")
    if table.empty:
        raise InputError("there is no HTMT to draw: no two constructs are reflective or single items",
                         where="plot_discriminant",
                         zh="没有可绘制的 HTMT：没有两个反映型或单一题项的潜变量")  # fmt: skip
    names = [f"{_label(a, model, lang)} – {_label(b, model, lang)}" for a, b in table.index]
    rows = [pair(_label(a, model, lang), _label(b, model, lang), "–") for a, b in table.index]
    ax = _rows(ax, rows, None, lang, each=0.27, columns=99)
    for limit, style, side in zip(HTMT_LIMITS, (":", "--", "-"), ("right", "left", "center")):
        ax.axvline(limit, color=INK, linewidth=1, linestyle=style, zorder=1)
        _limit(ax, limit, side)
    reach = ~table["htmt_distinct"].fillna(table["htmt"] < HTMT_LIMITS[-1]).astype(bool)
    height = np.arange(len(table))
    labels = DISTINCT if table["htmt_distinct"].notna().any() else UNTESTED
    for chosen, color, marker, label in zip((~reach, reach), PALETTE, "os", labels):
        if chosen.any():
            _points(ax, table[chosen], "htmt", height[chosen.to_numpy()], color=color, marker=marker, label=label[lang])
    if table["htmt_upper"].notna().any():
        ax.plot(table["htmt_upper"], height, linestyle="", marker="|", markersize=9, color=INK, markeredgewidth=1.8,
                label={"zh": "单侧 95% 上限", "en": "one-sided 95% bound"}[lang])  # fmt: skip
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.03), ncols=3)
    said = _with(table, ["htmt"], level, lang)
    ax.set_xlabel({"zh": "异质-单质比率 HTMT", "en": "HTMT"}[lang]
                  + ({"zh": f"（{said}）", "en": f" ({said})"}[lang] if said else ""))  # fmt: skip
    found = {
        "zh": f"最大的是{names[0]}，{table['htmt'].iloc[0]:.2f}；{labels[1]['zh']}的有 {reach.sum()} 对。",
        "en": f"Largest: {names[0]}, {table['htmt'].iloc[0]:.2f}; {labels[1]['en']}: {reach.sum()}.",
    }[lang]
    return describe(ax, {
        "zh": f"{'区间图' if said else '点图'}：{len(table)} 对潜变量的 HTMT{' 及区间' * bool(said)}，"
              f"竖线为 0.85、0.90 和 1。{found}",
        "en": f"{'Forest' if said else 'Dot'} plot: HTMT of {len(table)} pairs of constructs"
              f"{' with intervals' * bool(said)}, lines at .85, .90 and 1. {found}",
    }[lang])  # fmt: skip


@plot
def plot_loadings(
    table: Gate | pd.DataFrame, *, model: PathModel | None = None, level: float = 0.95, ax: Axes | None = None,
    lang: str = "en",
) -> Axes:  # fmt: skip
    """Loading of each item with its interval, block by block, and its highest correlation with another construct.

    Parameters
    ----------
    table : Gate or pandas.DataFrame
        The gate (its ``items``), or from `measurement.item_table`.
    model : PathModel, optional
        For labels of constructs, by default that of the gate; items stand under their names.
    level : float
        Of the intervals, for the label.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Examples
    --------
    >>> from crm_analysis.satisfaction.measurement.items import item_table
    >>> from crm_analysis.satisfaction.pls.estimator import PLS
    >>> from crm_analysis.satisfaction.pls.templates import ecsi
    >>> from crm_analysis.satisfaction.survey.moments import mobi
    >>> ax = plot_loadings(item_table(PLS(ecsi()).fit_moments(mobi())), model=ecsi())
    >>> ax.get_yticklabels()[0].get_text()
    'IMAG1'
    """
    model = model or getattr(table, "model", None)
    table = table_of(table, "items", ["construct", "loading", "other_loading"], "plot_loadings", ITEMS)
    ax = _rows(ax, table.index, None, lang, each=0.24)
    _bands(ax, table["construct"], model, lang)
    weak, good = THRESHOLDS["least_loading"].value, THRESHOLDS["good_loading"].value
    for limit, style in ((weak, ":"), (good, "--")):
        ax.axvline(limit, color=INK, linewidth=1, linestyle=style, zorder=1)
    height = np.arange(len(table))
    _points(ax, table, "loading", height, color=PALETTE[0], marker="o",
            label={"zh": "自身潜变量", "en": "own construct"}[lang])  # fmt: skip
    ax.plot(table["other_loading"], height, linestyle="", marker="D", markersize=5, markerfacecolor="none",
            color=PALETTE[1], label={"zh": "最高交叉载荷", "en": "highest on another"}[lang])  # fmt: skip
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    said = _with(table, ["loading"], level, lang, then={"zh": "；", "en": "; "})
    ax.set_xlabel({"zh": f"载荷（{said}点线 {weak:.2f}，虚线 {good:.3f}）",
                   "en": f"loading ({said}dotted {weak:.2f}, dashed {good:.3f})"}[lang])  # fmt: skip
    worst = table["loading"].idxmin()
    return describe(ax, {
        "zh": f"点图：{len(table)} 个题项在自身潜变量上的载荷{'及区间' * bool(said)}，菱形为最高交叉载荷。"
              f"最低的是 {worst}，{table.loc[worst, 'loading']:.2f}。",
        "en": f"Dot plot: loadings of {len(table)} items on their own construct"
              f"{' with intervals' * bool(said)}; diamonds mark the highest on another. "
              f"Lowest: {worst}, {table.loc[worst, 'loading']:.2f}.",
    }[lang])  # fmt: skip


@plot
def plot_item_drop(
    table: Gate | pd.DataFrame, *, model: PathModel | None = None, ax: Axes | None = None, lang: str = "en"
) -> Axes:
    """Standardised alpha of each block (bar) and what it becomes without each of its items (dot).

    Parameters
    ----------
    table : Gate or pandas.DataFrame
        The gate (its ``items``), or from `measurement.item_table` or, for one scale, `measurement.scale_items`; blocks
        of fewer than three items are left out, `InputError` if no other is there.
    model : PathModel, optional
        For labels of constructs; by default that of the gate.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}
        A triangle: alpha rises without the item, so the item weakens its scale. A circle: it falls.

    Examples
    --------
    >>> from crm_analysis.satisfaction.measurement.items import item_table
    >>> from crm_analysis.satisfaction.pls.estimator import PLS
    >>> from crm_analysis.satisfaction.pls.templates import ecsi
    >>> from crm_analysis.satisfaction.survey.moments import mobi
    >>> len(plot_item_drop(item_table(PLS(ecsi()).fit_moments(mobi())), model=ecsi()).get_yticklabels())
    21
    """
    whole, without = "alpha_standardised", "alpha_standardised_dropped"
    model = model or getattr(table, "model", None)
    table = table_of(table, "items", [whole, without], "plot_item_drop", ITEMS)
    table = table[table[without].notna()]
    if table.empty:
        raise InputError("there is nothing to draw: no block has three items or more", where="plot_item_drop",
                         zh="没有可绘制的内容：没有三个以上题项的潜变量")  # fmt: skip
    ax = _rows(ax, table.index, None, lang, each=0.26)
    if "construct" in table:
        _bands(ax, table["construct"], model, lang)
    height = np.arange(len(table))
    ax.hlines(height, table[whole], table[without], color=GRID, linewidth=2, zorder=1)
    ax.plot(table[whole], height, linestyle="", marker="|", markersize=13, markeredgewidth=2, color=INK,
            label={"zh": "全部题项", "en": "with all items"}[lang])  # fmt: skip
    rises = table[without] > table[whole]
    for chosen, color, marker, label in (
        (~rises, PALETTE[0], "o", {"zh": "删去后下降", "en": "falls without the item"}),
        (rises, PALETTE[1], "^", {"zh": "删去后上升", "en": "rises without the item"}),
    ):
        if chosen.any():
            ax.plot(table[without][chosen], height[chosen.to_numpy()], linestyle="", marker=marker, color=color,
                    markersize=7, label=label[lang])  # fmt: skip
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3)
    ax.set_xlabel(word(whole, lang))
    names = {"zh": "、", "en": ", "}[lang].join(table.index[rises]) or {"zh": "无", "en": "none"}[lang]
    return describe(ax, {
        "zh": f"点图：{len(table)} 个题项删去后的标准化 α 与全部题项时的 α。删去后 α 上升的题项：{names}。",
        "en": f"Dot plot: standardised alpha without each of {len(table)} items, against alpha with all. "
              f"It rises without: {names}.",
    }[lang])  # fmt: skip


@plot
def plot_item_correlations(moments: Moments, *, model: PathModel, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Correlations of all items in hundredths, red above zero and blue below, ordered by block, blocks framed.

    Parameters
    ----------
    moments : Moments
        Of the items of the model, or of more.
    model : PathModel
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Examples
    --------
    >>> from crm_analysis.satisfaction.pls.templates import ecsi
    >>> from crm_analysis.satisfaction.survey.moments import mobi
    >>> plot_item_correlations(mobi(), model=ecsi()).images[0].get_array().shape
    (24, 24)
    """
    matrix = moments.take(model.items).correlations
    p, names = len(matrix), [short(item) for item in model.items]
    ax = new_axes(ax, width=max(4.5, 2.4 + 0.27 * p), height=max(3.6, 1.3 + 0.27 * p))
    ax.imshow(matrix, cmap="RdBu_r", vmin=-1, vmax=1)
    ax.set_xticks(range(p), labels=names, rotation=90, fontsize=8, parse_math=False)
    ax.set_yticks(range(p), labels=names, fontsize=8, parse_math=False)
    ax.grid(visible=False)
    for i in range(p):
        for j in range(p):
            if i != j:
                ax.text(j, i, f"{100 * matrix[i, j]:.0f}", ha="center", va="center", fontsize=6,
                        color="white" if abs(matrix[i, j]) > 0.65 else INK)  # fmt: skip
    start = 0
    for name in model.constructs:
        size = len(model.blocks[name])
        ax.add_patch(_frame(start, size))
        said = short(_label(name, model, lang), COLUMNS)
        ax.annotate(said, (1, start + (size - 1) / 2), xycoords=("axes fraction", "data"),
                    xytext=(4, 0), textcoords="offset points", va="center", fontsize=8, parse_math=False)  # fmt: skip
        start += size
    ax.set_xlabel({"zh": "题项（格内为相关系数 × 100）", "en": "items (correlation times 100 in the cells)"}[lang])
    upper = np.triu_indices(p, 1)
    least = int(np.argmin(matrix[upper]))
    pair = f"{model.items[upper[0][least]]} – {model.items[upper[1][least]]}"
    return describe(ax, {
        "zh": f"热力图：{p} 个题项的相关系数，按潜变量排列并加框。最低的是 {pair}，{matrix[upper][least]:.2f}。",
        "en": f"Heat map: correlations of {p} items ordered by construct, blocks framed. "
              f"Lowest: {pair}, {matrix[upper][least]:.2f}.",
    }[lang])  # fmt: skip


def _frame(start: int, size: int) -> object:
    from matplotlib.patches import Rectangle

    return Rectangle((start - 0.5, start - 0.5), size, size, fill=False, edgecolor=INK, linewidth=1.6)


def _label(name: str, model: PathModel | None, lang: str) -> str:
    return model.label(name, lang) if model is not None else word(name, lang)


def _rows(
    ax: Axes | None, names: Iterable[str], model: PathModel | None, lang: str, *, each: float, columns: int = COLUMNS
) -> Axes:
    """Axes with one named row for each entry, the first on top; `each` is the height of a row in inches."""
    labels = [_label(name, model, lang) if model is not None else str(word(name, lang)) for name in names]
    labels = [fold(label, columns) for label in labels]
    ax = new_axes(ax, height=max(2.2, 1.4 + row_height(labels, each) * len(labels)))
    return label_rows(ax, labels)


def _points(
    ax: Axes, table: pd.DataFrame, name: str, height: np.ndarray, *, color: str, marker: str, label: str
) -> None:
    """Dots with intervals at given heights; rows without a value are left out."""
    known = table[name].notna().to_numpy()
    value = table[name].to_numpy(float)[known]
    ends = [table[f"{name}_{end}"].to_numpy(float)[known] for end in ("low", "high")]
    spans = np.nan_to_num(np.vstack([value - ends[0], ends[1] - value])).clip(min=0)
    ax.errorbar(value, height[known], xerr=spans, fmt=marker, color=color, markersize=6, label=label,
                **LIMITS | {"ecolor": color, "capsize": 2})  # fmt: skip


def _with(
    table: pd.DataFrame, names: Iterable[str], level: float, lang: str, *, then: dict[str, str] | None = None
) -> str:
    """Words for the intervals, nothing where the table holds none."""
    some = table[[f"{name}_low" for name in names]].notna().any(axis=None)
    return WITH[lang].format(level) + (then or {"zh": "", "en": ""})[lang] if some else ""


def _limit(ax: Axes, limit: float, side: str = "center") -> None:
    """Write a limit above its line."""
    ax.annotate(f"{limit:.2f}", (limit, 1), xycoords=("data", "axes fraction"), xytext=(0, 2), ha=side,
                textcoords="offset points", va="bottom", fontsize=8)  # fmt: skip


def _bands(ax: Axes, blocks: pd.Series, model: PathModel | None, lang: str) -> None:
    """Shade every other block and write its name on the right."""
    change = blocks.ne(blocks.shift()).cumsum()
    for number, rows in enumerate(np.split(np.arange(len(blocks)), np.flatnonzero(np.diff(change)) + 1)):
        if number % 2 == 0:
            ax.axhspan(rows[0] - 0.5, rows[-1] + 0.5, color=GRID, alpha=0.45, zorder=0, linewidth=0)
        name = fold(_label(blocks.iloc[rows[0]], model, lang), lines=min(3, len(rows)))
        ax.annotate(name, (1, rows.mean()), xycoords=("axes fraction", "data"),
                    xytext=(5, 0), textcoords="offset points", va="center", parse_math=False)  # fmt: skip
