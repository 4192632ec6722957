"""The importance-performance map: drivers by what they move and how well they do, with intervals and crosshair."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from crm_analysis.figures import INK, PALETTE, WIDTH, describe, new_axes, plot
from crm_analysis.satisfaction.index.ipma import ImportancePerformance
from crm_analysis.satisfaction.plots.map_labels import write_labels
from crm_analysis.satisfaction.plots.parts import check_result, distances, fold, legend_above, short
from crm_analysis.words import word

MARKS = ("o", "s", "^", "D", "v", "P", "X")
CORNERS = {"low_priority": (0, 0), "concentrate_here": (1, 0), "possible_overkill": (0, 1), "keep_up": (1, 1)}


@plot
def plot_ipma(ipma: ImportancePerformance, *, items: bool = False, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Importance (to the right) against performance (upwards), each with its interval; lines at the means.

    Parameters
    ----------
    ipma : ImportancePerformance
    items : bool
        Show the items instead of the constructs, one mark for those of a construct.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}
        A name in brackets: the quadrant is not settled (less than 80 % of resamples).
    """
    check_result(ipma, ["constructs", "crosshair", "model"], "plot_ipma", "the ImportancePerformance, not its table")
    table = ipma.items if items else ipma.constructs
    groups = table["construct"] if items else pd.Series(table.index, index=table.index)
    ax = new_axes(ax, width=WIDTH, height=5.2)
    across, up = ipma.crosshair["items" if items else "constructs"]
    ax.axvline(across, color=INK, linewidth=1, linestyle=(0, (5, 3)), zorder=1)
    ax.axhline(up, color=INK, linewidth=1, linestyle=(0, (5, 3)), zorder=1)
    for k, name in enumerate(groups.unique()):
        own, colour = table[groups == name], PALETTE[k % len(PALETTE)]
        ax.errorbar(own["importance"], own["performance"], xerr=distances(own, "importance"),
                    yerr=distances(own, "performance"), fmt=MARKS[k % len(MARKS)], color=colour, ecolor=colour,
                    elinewidth=0.7 if items else 1.2, capsize=0 if items else 3, markersize=7, zorder=3, alpha=0.95,
                    markeredgecolor="white", markeredgewidth=0.6, label=ipma.model.label(name, lang))  # fmt: skip
    ax.margins(0.12)
    corners = [
        ax.text(0.015 + 0.97 * x, 0.02 + 0.96 * y, word(key, lang), transform=ax.transAxes, color="#777777", fontsize=9,
                ha="right" if x else "left", va="top" if y else "bottom", zorder=1)
        for key, (x, y) in CORNERS.items()
    ]  # fmt: skip
    target = ipma.model.label(ipma.target, lang)
    aim = short(target, 24)
    unsure = ipma.replicates > 0 and not table["quadrant_settled"].all()
    note = {
        "zh": "\n名称加括号：不足八成重抽样落在同一象限",
        "en": "\nin brackets: under 80 % of resamples in one quadrant",
    }[lang]
    ax.set_xlabel({"zh": f"重要性：每提高 1 分，{aim}指数变动的分数（附 {ipma.level:.0%} 区间）",
                   "en": f"importance: points of {aim} per point (with {ipma.level:.0%} interval)"}[lang]
                  + note * unsure)  # fmt: skip
    ax.set_ylabel({"zh": "绩效：指数（0-100）", "en": "performance: index (0 to 100)"}[lang])
    if items:
        legend_above(ax, 4)
    names = [ipma.model.label(name, lang) if not items else str(name) for name in table.index]
    labels = [fold(name) for name in names]
    texts = [f"({name})" if unsure and not sure else name for name, sure in zip(labels, table["quadrant_settled"])]
    limits = np.stack([table[[f"{key}_low", f"{key}_high"]] for key in ("importance", "performance")], axis=1)
    write_labels(ax, table[["importance", "performance"]].to_numpy(), texts, limits=limits, avoid=corners,
                 lines=(across, up))  # fmt: skip
    return describe(ax, _alt(ipma, table, names, target, lang))


def _alt(ipma: ImportancePerformance, table: pd.DataFrame, names: list[str], target: str, lang: str) -> str:
    left, right = ("（", "）") if lang == "zh" else (" (", ")")
    rows = [
        f"{name} {row['importance']:.2f} / {row['performance']:.1f}{left}{word(str(row['quadrant']), lang)}{right}"
        for name, row in zip(names, table.to_dict("records"))
    ]
    unsure = int((~table["quadrant_settled"]).sum()) if ipma.replicates else 0
    if lang == "zh":
        text = (
            f"重要性-绩效图：{len(table)} 个点对{target}的重要性（横轴）与绩效（纵轴），虚线为均值：{'；'.join(rows)}。"
        )
        return text + (f"{unsure} 个的象限尚不能确定（名称加括号）。" if unsure else "")
    text = f"Importance-performance map for {target}: importance (across) and performance (upwards) of {len(table)} "
    text += f"points, dashed lines at the means: {'; '.join(rows)}. "
    return text + (f"The quadrant of {unsure} is not settled (names in brackets)." if unsure else "")
