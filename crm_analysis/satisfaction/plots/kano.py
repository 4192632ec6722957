"""Plots of a Kano analysis: the Better-Worse diagram, shares of the classes, the plane of mean scores."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from crm_analysis.figures import INK, PALETTE, describe, new_axes, plot
from crm_analysis.satisfaction.plots.numbered import (
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
)
from crm_analysis.satisfaction.priorities.kano import Kano
from crm_analysis.satisfaction.priorities.kano_assess import diagram_lines
from crm_analysis.satisfaction.priorities.kano_rules import CLASSES, LETTERS
from crm_analysis.satisfaction.priorities.kano_scores import KanoScores
from crm_analysis.words import word

COLOURS = dict(zip(CLASSES, (PALETTE[0], PALETTE[2], PALETTE[1], PALETTE[6], PALETTE[3], PALETTE[4])))
LETTER = {name: letter for letter, name in LETTERS.items()}
HATCHES = dict(zip(CLASSES, ("", "", "", "", "///", "...")))
CORNERS = ("attractive", "one_dimensional", "indifferent", "must_be")
GROUND = {"facecolor": "white", "alpha": 0.82, "linewidth": 0, "pad": 1}
DRAWN = 0.065  # share from which a part of a bar is wide enough for its text


@plot
def plot_better_worse(kano: Kano, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Better against minus Worse of each attribute, with its joint region from the resamples and the four quadrants.

    Parameters
    ----------
    kano : Kano
        From `kano_table` or `kano_from_counts`; attributes without Better and Worse are left out.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Examples
    --------
    >>> from crm_analysis.satisfaction.priorities.kano_counts import kano_from_counts
    >>> ax = plot_better_worse(kano_from_counts(pd.DataFrame({"M": [30], "O": [50], "I": [20]}, index=["speed"])))
    >>> ax.get_xlabel()
    'minus Worse: share displeased if it is not there'
    """
    known = kano.table["kano_better"].notna().to_numpy()
    table = kano.table[known]
    regions = _regions_of(kano.regions, known)
    names = [f"{label(name, lang)} ({LETTER[one]})" for name, one in zip(table.index, table["kano_class"])]
    colours = [COLOURS[name] for name in table["kano_class"]]
    ax = new_axes(ax, height=height_for(names))
    x, y = -table["kano_worse"].to_numpy(), table["kano_better"].to_numpy()
    outlines(ax, regions.assign(kano_worse=-regions["kano_worse"]), ["kano_worse", "kano_better"], colours)
    up, across = diagram_lines(np.column_stack([y, -x])[None], kano.settings.loc["crosshair", "choice"])[0, 0]
    ax.axhline(up, color=INK, linewidth=1, zorder=1)
    ax.axvline(across, color=INK, linewidth=1, zorder=1)
    marks(ax, x, y, colours=colours, decided=table["decided"].tolist())
    ax.set(xlim=(-0.03, 1.03), ylim=(-0.03, 1.03))
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set_xlabel({"zh": "不满意系数的绝对值 |Worse|：不具备时不满者的占比",
                   "en": "minus Worse: share displeased if it is not there"}[lang])  # fmt: skip
    ax.set_ylabel({"zh": "满意系数 Better：具备时满意者的占比", "en": "Better: share pleased if it is there"}[lang])
    corner_names(ax, [word(name, lang) for name in CORNERS])
    key(ax, names, colours=colours, decided=table["decided"].tolist(), lang=lang)
    numbers(ax, x, y)
    return describe(ax, _alt(kano.table, "kano_class", lang, zh="Better-Worse 图", en="Better-Worse diagram"))


@plot
def plot_kano_shares(kano: Kano, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Shares of the Kano classes of each attribute as a stacked bar, its class and how sure it is beside the name.

    Parameters
    ----------
    kano : Kano
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Examples
    --------
    >>> from crm_analysis.satisfaction.priorities.kano_counts import kano_from_counts
    >>> ax = plot_kano_shares(kano_from_counts(pd.DataFrame({"M": [30], "O": [50], "I": [20]}, index=["speed"])))
    >>> [round(float(bar.get_width()), 2) for bar in ax.patches]
    [0.3, 0.5, 0.0, 0.2, 0.0, 0.0]
    """
    table = kano.table
    shares = kano.shares["share"].to_numpy().reshape(len(table), len(CLASSES))
    names = [f"{label(name, lang, columns=ROW_COLUMNS)}\n{_verdict(row, lang)}" for name, row in table.iterrows()]
    ax = named_rows(ax, names, lang)
    place, start = np.arange(len(table)), np.zeros(len(table))
    for code, name in enumerate(CLASSES):
        width = np.nan_to_num(shares[:, code])
        ax.barh(place, width, left=start, height=0.62, color=COLOURS[name], alpha=0.85, hatch=HATCHES[name],
                edgecolor="white", linewidth=0.8, label=f"{LETTER[name]} {word(name, lang)}")  # fmt: skip
        for at in np.flatnonzero(width >= DRAWN):
            ax.text(start[at] + width[at] / 2, at, f"{LETTER[name]} {width[at]:.0%}", ha="center", va="center",
                    fontsize=8, color=INK, bbox=GROUND)  # fmt: skip
        start = start + width
    ax.set_xlim(0, 1)
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set_xlabel({"zh": "受访者占比", "en": "share of respondents"}[lang])
    ax.legend(loc="lower center", bbox_to_anchor=(0.45, 1.0), ncols=3, fontsize=9)
    return describe(ax, _alt(table, "kano_class", lang, zh="各属性 Kano 类别占比的堆叠条形图",
                             en="Stacked bars of the shares of the Kano classes"))  # fmt: skip


@plot
def plot_kano_scores(scores: KanoScores, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Mean scores of having and of not having each attribute, with joint regions from the resamples.

    Parameters
    ----------
    scores : KanoScores
        From `kano_scores`; attributes without answers are left out.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Examples
    --------
    >>> from crm_analysis.satisfaction.priorities.kano_scores import kano_scores
    >>> survey = pd.DataFrame({"f": [1, 1, 1, 2] * 10, "d": [5, 5, 3, 5] * 10})
    >>> ax = plot_kano_scores(kano_scores(survey, pairs={"speed": ("f", "d")}, draws=50))
    >>> ax.get_ylabel()
    'mean score if it is there (functional)'
    """
    known = scores.table["functional_score"].notna().to_numpy()
    table, cut = scores.table[known], float(scores.settings.loc["score_cut", "choice"])
    names = [f"{label(name, lang)} ({LETTER[one]})" for name, one in zip(table.index, table["kano_class"])]
    colours = [COLOURS[name] for name in table["kano_class"]]
    ax = new_axes(ax, height=height_for(names))
    x, y = table["dysfunctional_score"].to_numpy(), table["functional_score"].to_numpy()
    outlines(ax, _regions_of(scores.regions, known), ["dysfunctional_score", "functional_score"], colours)
    for line in (ax.axhline, ax.axvline):
        line(cut, color=INK, linewidth=1, zorder=1)
        line(0, color=INK, linewidth=0.8, linestyle=":", zorder=1)
    marks(ax, x, y, colours=colours, decided=table["decided"].tolist())
    ends = [_ends(scores.settings.loc[name, "choice"]) for name in ("dysfunctional_scores", "functional_scores")]
    ax.set(xlim=ends[0], ylim=ends[1])
    ax.set_xlabel({"zh": "不具备时的平均分", "en": "mean score if it is not there (dysfunctional)"}[lang])
    ax.set_ylabel({"zh": "具备时的平均分", "en": "mean score if it is there (functional)"}[lang])
    corner_names(ax, [word(name, lang) for name in CORNERS])
    key(ax, names, colours=colours, decided=table["decided"].tolist(), lang=lang)
    numbers(ax, x, y)
    return describe(ax, _alt(scores.table, "kano_class", lang, zh="Kano 平均分平面图（虚线为零，实线为分界值）",
                             en="Plane of mean Kano scores (dotted lines: zero, full lines: the cut)"))  # fmt: skip


def _regions_of(regions: pd.DataFrame, known: np.ndarray) -> pd.DataFrame:
    """Keep the regions of the attributes shown; all regions have as many points."""
    return regions[np.repeat(known, len(regions) // len(known))]


def _ends(scores: str) -> tuple[float, float]:
    values = [float(part) for part in scores.strip("()").split(",") if part.strip()]
    return min(values), max(values)


def _verdict(row: pd.Series, lang: str) -> str:
    """Class of an attribute and the share of the resamples that agree."""
    if not row["kano_class"]:
        return {"zh": "无回答", "en": "no answers"}[lang]
    open_ = "" if row["decided"] else {"zh": "，未定", "en": ", not decided"}[lang]
    name = word(row["kano_class"], lang)
    return f"{name}（{row['p_class']:.0%}{open_}）" if lang == "zh" else f"{name} ({row['p_class']:.0%}{open_})"


def _alt(table: pd.DataFrame, column: str, lang: str, *, zh: str, en: str) -> str:
    """Say what is shown and which attributes are of which class."""
    decided = table[table["decided"]]
    classes = named(((name, decided.index[decided[column] == name]) for name in dict.fromkeys(decided[column])), lang)
    open_ = int((~table["decided"]).sum())
    return {"zh": f"{zh}，{len(table)} 个属性。{classes}。归类未定 {open_} 个。",
            "en": f"{en}, {len(table)} attributes. {classes}. Not decided: {open_}."}[lang]  # fmt: skip
