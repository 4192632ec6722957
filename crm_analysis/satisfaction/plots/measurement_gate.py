"""The measurement gate as a table of lights, each told by shape and number as well as by colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from crm_analysis.figures import GRID, PALETTE, describe, new_axes, plot
from crm_analysis.satisfaction.measurement.lights import CONSTRUCT_KINDS, light_table
from crm_analysis.satisfaction.plots.parts import check_result, fold, row_height, short, width
from crm_analysis.words import word

if TYPE_CHECKING:
    from crm_analysis.satisfaction.measurement.gate import Gate

SIGNS = {"claim_ok": ("o", PALETTE[2]), "claim_caution": ("^", PALETTE[4]), "claim_refused": ("X", PALETTE[1])}
HEADS = {
    "reliable_scores": {"zh": "信度\n（α）", "en": "scores reliable\n(alpha)"},
    "one_idea": {"zh": "收敛效度\n（AVE）", "en": "one shared idea\n(AVE)"},
    "item_belongs": {"zh": "题项归属\n（最差题项的载荷）", "en": "items belong\n(worst loading)"},
    "told_apart": {"zh": "区别效度\n（最差一对的 HTMT）", "en": "told apart\n(HTMT, worst pair)"},
    "separate_paths": {"zh": "路径可分\n（最差路径的 VIF）", "en": "paths separable\n(worst VIF)"},
}
WHOLE = {
    "model_fits": {"zh": "模型拟合：SRMR {:.3f}", "en": "fit: SRMR {:.3f}"},
    "sample_enough": {"zh": "样本：{:.0f} 人", "en": "sample: {:.0f}"},
    "solution_usable": {"zh": "解的可用性", "en": "solution stands"},
}
WHOLE_AT = (0.0, 1.4, 3.4)
REASONS = {
    "small_paths": {"zh": "，小路径不可断言", "en": ", small paths stay open"},
    "few_rows": {"zh": "，偏少", "en": ", too few"},
    "left_out": {"zh": "，剔除较多", "en": ", many left out"},
}


@plot
def plot_gate(gate: Gate, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Worst verdict on each construct by kind of claim, and on the model as a whole.

    Parameters
    ----------
    gate : Gate
        From `measurement.measurement_gate`.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}
        A circle is allowed, a triangle needs caution, a cross is not allowed; beside it stands the number that decides,
        and what it belongs to.

    Examples
    --------
    >>> from crm_analysis.satisfaction.measurement.gate import measurement_gate
    >>> from crm_analysis.satisfaction.pls.estimator import PLS
    >>> from crm_analysis.satisfaction.pls.templates import ecsi
    >>> from crm_analysis.satisfaction.survey.moments import mobi
    >>> ax = plot_gate(measurement_gate(PLS(ecsi()).fit_moments(mobi()), draws=0))
    >>> [text.get_text() for text in ax.get_yticklabels()][-2:]
    ['loyalty', 'whole model']
    """
    check_result(gate, ["claims", "model"], "plot_gate", "the Gate that measurement_gate returns")
    lights = light_table(gate)
    names = [name for name in gate.model.constructs if (lights["claim_about"] == name).any()]
    rows = [*names, ""]
    labels = [fold(gate.model.label(name, lang)) for name in names] + [{"zh": "整个模型", "en": "whole model"}[lang]]
    longest = max(width(line) for label in labels for line in label.split("\n"))
    ax = new_axes(ax, width=9.0 + 0.1 * max(0, longest - 14), height=1.7 + row_height(labels, 0.5) * len(rows))
    ax.set_yticks(np.arange(len(rows)), labels=labels, parse_math=False, linespacing=1.2)
    ax.set_xticks(np.arange(len(CONSTRUCT_KINDS)) + 0.35, labels=[HEADS[kind][lang] for kind in CONSTRUCT_KINDS])
    ax.xaxis.tick_top()
    ax.set_xlim(-0.25, len(CONSTRUCT_KINDS) - 0.05)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.grid(visible=False)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    for place in range(len(rows)):
        ax.axhline(place - 0.5, color=GRID, linewidth=1.6 if place == len(names) else 0.8)
    _draw(ax, lights, rows, gate, lang)
    for verdict, (marker, color) in SIGNS.items():
        ax.plot([], [], linestyle="", marker=marker, color=color, markersize=10, label=word(verdict, lang))
    ax.legend(loc="upper center", bbox_to_anchor=(0.4, -0.01), ncols=3)
    return describe(ax, _alt(gate, lights, lang))


def _draw(ax: Axes, lights: pd.DataFrame, rows: list[str], gate: Gate, lang: str) -> None:
    spots = {verdict: [] for verdict in SIGNS}
    whole = 0
    for light in lights.to_dict("records"):
        kind, y = light["claim_kind"], rows.index(light["claim_about"])
        if light["claim_about"]:
            x, text = CONSTRUCT_KINDS.index(kind), _cell(light, gate, lang)
        else:
            reason = REASONS.get(light["reason_key"], {"zh": "", "en": ""})[lang]
            x, text, whole = WHOLE_AT[whole], WHOLE[kind][lang].format(light["light_value"]) + reason, whole + 1
        spots[light["claim_verdict"]].append((x, y))
        ax.text(x + 0.13, y, text, va="center", fontsize=9, parse_math=False)
    for verdict, (marker, color) in SIGNS.items():
        x, y = zip(*spots[verdict]) if spots[verdict] else ((), ())
        ax.scatter(x, y, s=110, marker=marker, color=color)


def _cell(light: dict[str, object], gate: Gate, lang: str) -> str:
    value = light["light_value"]
    unknown = word("single_item", lang) if light["reason_key"] == "single_item" else "–"
    text = f"{value:.2f}" if np.isfinite(value) else unknown
    partner = str(light["light_with"])
    named = gate.model.label(partner, lang) if partner in gate.model.blocks else partner
    return f"{text}\n{short(named)}".rstrip()


def _alt(gate: Gate, lights: pd.DataFrame, lang: str) -> str:
    counts = lights["claim_verdict"].value_counts()
    fine, care, no = (int(counts.get(verdict, 0)) for verdict in SIGNS)
    bad = lights[(lights["claim_verdict"] == "claim_refused") & (lights["claim_about"] != "")]
    names = {"zh": "、", "en": ", "}[lang].join(dict.fromkeys(gate.model.label(n, lang) for n in bad["claim_about"]))
    return {
        "zh": f"判定表：每个潜变量与每类说法一格，圆形为可以（{fine} 格），三角为谨慎（{care} 格），"
              f"叉为不可（{no} 格）。有不可之处的潜变量：{names or '无'}。",
        "en": f"Table of lights, one cell for each construct and kind of claim: circles are allowed ({fine}), "
              f"triangles need caution ({care}), crosses are not allowed ({no}). Constructs with a cross: "
              f"{names or 'none'}.",
    }[lang]  # fmt: skip
