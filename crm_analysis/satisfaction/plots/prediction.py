"""Plots of out-of-sample prediction: errors by item, losses against benchmarks."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from crm_analysis.figures import INK, PALETTE, describe, new_axes, plot
from crm_analysis.satisfaction.index.texts import estimate
from crm_analysis.satisfaction.plots.parts import LIMITS, distances, fold, new_rows
from crm_analysis.satisfaction.plots.pls import label_of
from crm_analysis.satisfaction.prediction.predict import Prediction
from crm_analysis.satisfaction.survey.model import PathModel
from crm_analysis.words import word


@plot
def plot_prediction(prediction: Prediction, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Error of prediction of each item by the path model, the linear model and the training mean; with Q2.

    Parameters
    ----------
    prediction : Prediction
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}
        Filled dots: the path model beats the linear model.
    """
    table = prediction.items
    ax = new_axes(ax, height=max(2.6, 1.3 + 0.3 * len(table)))
    places = np.arange(len(table))
    ax.set_yticks(places, labels=[fold(item) for item in table.index], parse_math=False)
    ax.set_ylim(len(table) - 0.4, -0.6)
    ax.grid(visible=False, axis="y")
    errors = table[["rmse_pls", "rmse_lm", "rmse_mean"]]
    ax.hlines(places, errors.min(axis=1), errors.max(axis=1), color="#BBBBBB", linewidth=1, zorder=1)
    ax.plot(table["rmse_mean"], places, "|", color=INK, markersize=11, markeredgewidth=1.8,
            label=word("rmse_mean", lang))  # fmt: skip
    ax.plot(table["rmse_lm"], places, "D", color=PALETTE[1], markersize=6, markerfacecolor="white",
            label=word("rmse_lm", lang))  # fmt: skip
    good = table["beats_lm"].to_numpy()
    ax.plot(table["rmse_pls"][good], places[good], "o", color=PALETTE[0], markersize=7, zorder=4,
            label=word("rmse_pls", lang))  # fmt: skip
    ax.plot(table["rmse_pls"][~good], places[~good], "o", color=PALETTE[0], markerfacecolor="white", markersize=7,
            zorder=4, label=None if good.any() else word("rmse_pls", lang))  # fmt: skip
    for y, value in zip(places, table["q_squared"]):
        ax.text(1.01, y, f"{value:.2f}", transform=ax.get_yaxis_transform(), va="center", fontsize=9)
    ax.text(1.01, -0.9, "Q²", transform=ax.get_yaxis_transform(), va="center", fontsize=9)
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.02), ncols=3, fontsize=9)
    ax.set_xlabel({"zh": "样本外预测误差 RMSE（量表分；实心圆：优于线性模型）",
                   "en": "out-of-sample RMSE (scale points; filled: better than the linear model)"}[lang])  # fmt: skip
    kind = {"zh": "点图：各题项的样本外预测误差。", "en": "Dot plot: out-of-sample error of each item. "}[lang]
    return describe(ax, kind + prediction.text(lang))


@plot
def plot_cvpat(
    table: pd.DataFrame, *, model: PathModel | None = None, ax: Axes | None = None, lang: str = "en"
) -> Axes:
    """Difference of mean losses against each benchmark as a dot with its interval; to the right the model is better.

    Parameters
    ----------
    table : pandas.DataFrame
        From `cvpat`.
    model : PathModel, optional
        For the names of constructs.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}
    """
    benchmarks, constructs = list(table["benchmark"].unique()), list(table["construct"].unique())
    ax = new_rows(ax, len(constructs), [label_of(name, model, lang) for name in constructs], lang)
    ax.axvline(0, color=INK, linewidth=1, zorder=1)
    for k, benchmark in enumerate(benchmarks):
        own = table[table["benchmark"] == benchmark]
        shift = 0.24 * (k - (len(benchmarks) - 1) / 2)
        places = [constructs.index(name) + shift for name in own["construct"]]
        ax.errorbar(own["loss_difference"], places, xerr=distances(own, "loss_difference"), fmt="osD"[k % 3],
                    color=PALETTE[k], markersize=6, label=word(benchmark, lang), **LIMITS)  # fmt: skip
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=len(benchmarks))
    ax.set_xlabel({"zh": "基准损失减 PLS 损失（误差平方，附区间；右侧：PLS 预测更好）",
                   "en": "benchmark's loss less that of PLS (squared error, with interval; right: PLS is better)",
                   }[lang])  # fmt: skip
    whole = table[table["construct"] == constructs[0]]
    said = {"zh": "；", "en": "; "}[lang].join(f"{word(row['benchmark'], lang)} {estimate(row, 'loss_difference'):+.2f}"
                     for _, row in whole.iterrows())  # fmt: skip
    return describe(ax, {
        "zh": f"点图：{label_of(constructs[0], model, lang)}的平均损失与基准之差及区间：{said}。",
        "en": f"Dot plot: loss of benchmarks less that of the path model with intervals. All constructs: {said}.",
    }[lang])  # fmt: skip
