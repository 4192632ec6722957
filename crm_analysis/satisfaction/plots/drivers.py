"""Plots of the drivers of an outcome: shares with intervals, ranks, dominance, signs, coefficients by cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, ListedColormap
from matplotlib.ticker import PercentFormatter

from crm_analysis.errors import InputError
from crm_analysis.figures import GRID, INK, PALETTE, describe, new_axes, plot
from crm_analysis.satisfaction.plots.parts import LIMITS, distances, fold, new_rows, short, table_of
from crm_analysis.words import word

if TYPE_CHECKING:
    from crm_analysis.satisfaction.drivers.result import Drivers

MARKS = "osD^vPX*"
SHADES = LinearSegmentedColormap.from_list("chance", ["#FFFFFF", PALETTE[0]])
KINDS = {"complete_dominance": 3, "conditional_dominance": 2, "general_dominance": 1}
SIGNS = {"+": (PALETTE[0], ""), "-": (PALETTE[1], "//"), "?": ("#BBBBBB", ".."), "": ("#DDDDDD", "")}
TAKE = "the Drivers, or its table"
WORDY = 8  # drivers up to which cells of the matrix hold words
WITH = {"zh": "（附 {:.0%} 区间）", "en": " (with {:.0%} interval)"}  # said only where there are intervals


@plot
def plot_importance(
    table: Drivers | pd.DataFrame, *, level: float | None = None, ax: Axes | None = None, lang: str = "en"
) -> Axes:
    """LMG of each driver with its interval, and beside it the relative weight, if there is one.

    Parameters
    ----------
    table : Drivers or pandas.DataFrame
        The result, or its ``table``.
    level : float, optional
        Of the intervals, for the label; by default that of the result, and 0.95 of a table.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Examples
    --------
    >>> table = pd.DataFrame({"lmg": [0.2], "lmg_low": [0.1], "lmg_high": [0.3]}, index=["quality"])
    >>> plot_importance(table).get_xlabel()
    'part of the fit (with 95% interval)'
    """
    level = level or getattr(table, "level", 0.95)
    table = table_of(table, "table", ["lmg", "lmg_low", "lmg_high"], "plot_importance", TAKE)
    names = [name for name in ("lmg", "relative_weight") if name in table]
    ax = new_rows(ax, len(table), table.index, lang)
    ax.axvline(0, color=INK, linewidth=1, zorder=1)
    for place, (name, shift) in enumerate(zip(names, np.linspace(-0.16, 0.16, 2) if len(names) > 1 else [0])):
        ax.errorbar(table[name], np.arange(len(table)) + shift, xerr=distances(table, name), fmt=MARKS[place],
                    color=PALETTE[place], markersize=7, label=word(name, lang), **LIMITS)  # fmt: skip
    ax.set_xlim(left=min(0, *ax.get_xlim()) if (table[names] < 0).any(axis=None) else 0)
    said = WITH[lang].format(level) if table["lmg_low"].notna().any() else ""
    ax.set_xlabel({"zh": "在总拟合优度中所占的部分", "en": "part of the fit"}[lang] + said)
    if len(names) > 1:
        ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    first, part = word(table.index[0], lang), table["lmg"].iloc[0]
    return describe(ax, {
        "zh": f"点图：{len(table)} 个驱动因素的 LMG 贡献{'和相对权重' * (len(names) > 1)}{'及区间' * bool(said)}。"
              f"最大的是“{first}”，LMG 为 {part:.3f}。",
        "en": f"Dot plot: LMG{' and relative weight' * (len(names) > 1)} of {len(table)} drivers"
              f"{' with intervals' * bool(said)}. Largest: '{first}', LMG {part:.3f}.",
    }[lang])  # fmt: skip


@plot
def plot_rank_chances(ranks: Drivers | pd.DataFrame, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Heat map of how often each driver has each rank in the bootstrap.

    Parameters
    ----------
    ranks : Drivers or pandas.DataFrame
        The result, or its ``ranks``; `InputError` if nothing was drawn.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Examples
    --------
    >>> ax = plot_rank_chances(pd.DataFrame([[0.9, 0.1], [0.1, 0.9]], index=["x", "y"], columns=[1, 2]))
    >>> [text.get_text() for text in ax.texts]
    ['90%', '10%', '10%', '90%']
    """
    ranks = table_of(ranks, "ranks", [1], "plot_rank_chances", "the Drivers, or its ranks")
    if ranks.isna().any(axis=None):
        raise InputError("there are no ranks to draw: the analysis was made with draws=0", where="plot_rank_chances",
                         mend="repeat it with draws=2000", zh="没有可绘制的名次：分析时 draws=0")  # fmt: skip
    ax = new_rows(ax, len(ranks), ranks.index, lang)
    values = ranks.to_numpy(float)
    ax.imshow(values, cmap=SHADES, vmin=0, vmax=1, aspect="auto")
    for (row, column), value in np.ndenumerate(values):
        said = f"{value:.0%}" if value >= 0.005 else ("<1%" if value > 0 else "")
        ax.text(column, row, said, ha="center", va="center", color="white" if value > 0.6 else INK)
    ax.set_xticks(np.arange(ranks.shape[1]), labels=[str(rank) for rank in ranks.columns])
    ax.grid(visible=False)
    ax.spines[:].set_visible(False)
    ax.set_xlabel({"zh": "重要性排名（格内为在重抽样中所占的比例）",
                   "en": "rank of importance (cells: share of the bootstrap draws)"}[lang])  # fmt: skip
    first, chance = word(ranks.index[0], lang), ranks.iloc[0, 0]
    return describe(ax, {
        "zh": f"热力图：{len(ranks)} 个驱动因素取得各名次的比例。“{first}”排第一的比例为 {chance:.0%}。",
        "en": f"Heat map: how often each of {len(ranks)} drivers has each rank. '{first}' ranks first in {chance:.0%} "
              f"of the draws.",
    }[lang])  # fmt: skip


@plot
def plot_dominance(strongest: pd.DataFrame, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Matrix of the strictest kind of dominance of the row's driver over the column's.

    Parameters
    ----------
    strongest : pandas.DataFrame
        ``Dominance.strongest``, as a rule with rows and columns in order of importance.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Examples
    --------
    >>> table = pd.DataFrame([["", "complete_dominance"], ["dominated", ""]], index=["x", "y"], columns=["x", "y"])
    >>> [text.get_text() for text in plot_dominance(table).texts]
    ['complete']
    """
    m = len(strongest)
    ax = new_rows(ax, m, strongest.index, lang)
    values = strongest.map(lambda kind: KINDS.get(kind, 0)).to_numpy(float)
    ax.imshow(values, cmap=ListedColormap(["#FFFFFF", "#CFE3F1", "#8FC0E2", PALETTE[0]]), vmin=-0.5, vmax=3.5,
              aspect="auto")  # fmt: skip
    for row in range(m):
        ax.fill_between([row - 0.5, row + 0.5], row - 0.5, row + 0.5, color="#EEEEEE", linewidth=0)
    said = {kind: word(kind, lang).removesuffix("优势").removesuffix(" dominance") for kind in KINDS}
    marks = {kind: "+" * strength for kind, strength in KINDS.items()} if m > WORDY else said
    for (row, column), kind in np.ndenumerate(strongest.to_numpy()):
        if kind in KINDS:
            ax.text(column, row, marks[kind], ha="center", va="center", fontsize=9,
                    color="white" if KINDS[kind] == 3 else INK)  # fmt: skip
    ax.set_xticks(np.arange(m), labels=_heads(strongest, lang), parse_math=False,
                  rotation=0 if m <= 6 else 40, ha="center" if m <= 6 else "right")  # fmt: skip
    ax.set_xticks(np.arange(m + 1) - 0.5, minor=True)
    ax.set_yticks(np.arange(m + 1) - 0.5, minor=True)
    ax.grid(visible=False)
    ax.grid(visible=True, which="minor", color="white", linewidth=2)
    ax.tick_params(which="minor", length=0)
    ax.spines[:].set_visible(False)
    key = "，" if lang == "zh" else ", "
    key = "\n" + key.join(f"{marks[kind]} {said[kind]}" for kind in KINDS) if m > WORDY else ""
    ax.set_xlabel({"zh": "处于劣势的因素（格内为行因素对列因素的优势类型）",
                   "en": "dominated driver (kind of dominance of row over column)"}[lang] + key)  # fmt: skip
    counts = {kind: int((strongest == kind).sum().sum()) for kind in KINDS}
    return describe(ax, {
        "zh": f"优势矩阵：{m} 个驱动因素两两比较，完全优势 {counts['complete_dominance']} 对，条件优势 "
              f"{counts['conditional_dominance']} 对，一般优势 {counts['general_dominance']} 对。",
        "en": f"Dominance matrix of {m} drivers: {counts['complete_dominance']} pairs completely, "
              f"{counts['conditional_dominance']} conditionally, {counts['general_dominance']} generally dominated.",
    }[lang])  # fmt: skip


@plot
def plot_importance_signs(
    table: Drivers | pd.DataFrame, *, level: float | None = None, ax: Axes | None = None, lang: str = "en"
) -> Axes:
    """LMG share of each driver as a bar with its interval, and whether more of it goes with more or with less.

    Parameters
    ----------
    table : Drivers or pandas.DataFrame
        The result, or its ``table``; the sign is that of the coefficient, open where its interval covers zero, none
        for a group.
    level : float, optional
        Of the intervals, for the label; by default that of the result, and 0.95 of a table.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Examples
    --------
    >>> table = pd.DataFrame({"lmg_share": [0.6, 0.4], "coefficient": [1.0, -0.5], "coefficient_low": [0.5, -1.0],
    ...                       "coefficient_high": [1.5, 0.1]}, index=["x", "y"])
    >>> [text.get_text() for text in plot_importance_signs(table.assign(lmg_share_low=0.3, lmg_share_high=0.7)).texts]
    ['+', '?']
    """
    level = level or getattr(table, "level", 0.95)
    table = table_of(table, "table", ["lmg_share", "lmg_share_high", "coefficient"], "plot_importance_signs", TAKE)
    ax = new_rows(ax, len(table), table.index, lang)
    signs = [_sign(row) for row in table[["coefficient", "coefficient_low", "coefficient_high"]].to_numpy()]
    said = {"zh": {"+": "正向（+）", "-": "负向（-）", "?": "方向不明（?）", "": "成组进入"},
            "en": {"+": "goes with more (+)", "-": "goes with less (-)", "?": "open (?)",
                   "": "group"}}[lang]  # fmt: skip
    for sign, (colour, hatch) in SIGNS.items():
        rows = [place for place, found in enumerate(signs) if found == sign]
        if rows:
            ax.barh(rows, table["lmg_share"].iloc[rows], height=0.62, color=colour, hatch=hatch, edgecolor="white",
                    label=said[sign])  # fmt: skip
    ax.errorbar(table["lmg_share"], np.arange(len(table)), xerr=distances(table, "lmg_share"), fmt="none", **LIMITS)
    for place, (sign, end) in enumerate(zip(signs, table[["lmg_share", "lmg_share_high"]].max(axis=1))):
        ax.annotate(sign, (end, place), xytext=(7, 0), textcoords="offset points", va="center", fontsize=12)
    ax.set_xlim(0, 1.08 * float(table[["lmg_share", "lmg_share_high"]].max(axis=None)))
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    said = WITH[lang].format(level) if table["lmg_share_low"].notna().any() else ""
    ax.set_xlabel({"zh": "LMG 占总拟合优度的份额", "en": "LMG share of the fit"}[lang] + said)
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=4)
    first, share = word(table.index[0], lang), table["lmg_share"].iloc[0]
    clear = sum(sign in ("+", "-") for sign in signs)
    return describe(ax, {
        "zh": f"条形图：{len(table)} 个驱动因素占总拟合优度的份额及方向。最大的是“{first}”，{share:.0%}；"
              f"{clear} 个因素的方向明确。",
        "en": f"Bar chart: share of the fit of {len(table)} drivers and their direction. Largest: '{first}', "
              f"{share:.0%}; the direction of {clear} is clear.",
    }[lang])  # fmt: skip


@plot
def plot_cut_coefficients(
    table: pd.DataFrame, *, level: float = 0.95, ax: Axes | None = None, lang: str = "en"
) -> Axes:
    """Coefficients of each driver at every cut of an ordinal outcome: alike where the odds are proportional.

    Parameters
    ----------
    table : pandas.DataFrame, index (driver, cut)
        From `cut_coefficients` or ``BrantTest.cuts``.
    level : float
        Of the intervals, for the label.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Examples
    --------
    >>> index = pd.MultiIndex.from_product([["x"], ["≥ 2", "≥ 3"]], names=["driver", "cut"])
    >>> table = pd.DataFrame({"coefficient": [1.0, 0.5], "coefficient_low": 0.0, "coefficient_high": 2.0}, index=index)
    >>> [text.get_text() for text in plot_cut_coefficients(table).get_legend().get_texts()]
    ['≥ 2', '≥ 3']
    """
    names, cuts = (list(dict.fromkeys(table.index.get_level_values(part))) for part in ("driver", "cut"))
    ax = new_axes(ax, height=max(2.4, 1.3 + 0.24 * (len(cuts) + 1) * len(names)))
    new_rows(ax, len(names), names, lang)
    ax.axvline(0, color=INK, linewidth=1, zorder=1)
    for edge in np.arange(1, len(names)) - 0.5:
        ax.axhline(edge, color=GRID, linewidth=0.8, zorder=0)
    reach = min(0.33, 0.13 * (len(cuts) - 1))
    shifts = np.linspace(-reach, reach, len(cuts))
    for place, (cut, shift) in enumerate(zip(cuts, shifts)):
        part = table.xs(cut, level="cut").reindex(names)
        ax.errorbar(part["coefficient"], np.arange(len(names)) + shift, xerr=distances(part, "coefficient"),
                    fmt=MARKS[place % len(MARKS)], color=PALETTE[place % len(PALETTE)], markersize=6, label=cut,
                    **LIMITS)  # fmt: skip
    ax.set_xlabel({"zh": "对数优势之差（每高一分", "en": "difference in log odds (per point"}[lang]
                  + {"zh": f"，附 {level:.0%} 区间）", "en": f", with {level:.0%} interval)"}[lang])  # fmt: skip
    ax.legend(title={"zh": "回答", "en": "answer"}[lang], loc="upper left", bbox_to_anchor=(1.0, 1.0))
    spread = table["coefficient"].groupby(level="driver").agg(np.ptp)
    widest = word(spread.idxmax(), lang)
    return describe(ax, {
        "zh": f"点图：{len(names)} 个驱动因素在 {len(cuts)} 个切分点上的系数及区间。各切分点相差最大的是“{widest}”，"
              f"极差 {spread.max():.2f}。",
        "en": f"Dot plot: coefficients of {len(names)} drivers at {len(cuts)} cuts with intervals. '{widest}' differs "
              f"most between cuts, by {spread.max():.2f}.",
    }[lang])  # fmt: skip


def _heads(strongest: pd.DataFrame, lang: str) -> list[str]:
    """Names of the columns of a matrix: on lines where they stand upright, in one where they are turned."""
    m, names = len(strongest), [word(name, lang) for name in strongest.columns]
    return [fold(name, max(12, 72 // m)) if m <= 6 else short(name, 24) for name in names]


def _sign(row: np.ndarray) -> str:
    """Direction of a coefficient with limits: ``+``, ``-``, ``?`` or, of a group, nothing."""
    value, low, high = row
    if not np.isfinite(value):
        return ""
    return "+" if low > 0 else "-" if high < 0 else "?"
