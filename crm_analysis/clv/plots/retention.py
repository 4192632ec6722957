"""Plot of contracts: retention and survival as counted, as modelled, and as projected."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from crm_analysis.clv.contracts.contractual import ContractModel
from crm_analysis.clv.contracts.tenures import Tenures, as_tenures, life_table
from crm_analysis.clv.plots.parts import (
    BLUE,
    ORANGE,
    SHADE,
    bracket,
    label_axes,
    legend_above,
    model_word,
    percent,
    pick,
    units,
)
from crm_analysis.errors import InputError
from crm_analysis.figures import FAMILY, INK, describe, new_axes, plot
from crm_analysis.words import word

CURVES = (("retention_rate", ORANGE, "s", (4, 2)), ("survival", BLUE, "o", (1, 1)))  # marker, dashes when projected


@plot
def plot_retention(
    model: ContractModel, table: object = None, *, periods: int | None = None, level: float = 0.95, seed: int = 0,
    ax: Axes | None = None, lang: str = "en",
) -> Axes:  # fmt: skip
    """Retention rate and survival of new customers: data as points, the model as lines, beyond its data dashed.

    The bands are parameter intervals. Filled points are the data the model has seen, hollow ones later data.

    Parameters
    ----------
    model : SBG or BdW
    table : optional
        Data to mark, in any form that `fit` takes; by default those the model has seen. With more periods than the
        model has seen, the later ones show how good the projection was.
    periods : int, optional
        Up to which period; by default twice as far as the model has seen, and all of the table.
    level : float in (0, 1)
    seed : int
        Of the posterior draws.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Raises
    ------
    InputError
        If the model is not fitted and no table or periods are given.

    Examples
    --------
    >>> from crm_analysis.clv.contracts.sbg import SBG
    >>> ax = plot_retention(SBG().fit([1000, 631, 468, 382]), [1000, 631, 468, 382, 326])
    >>> [line.get_ydata()[-1].round(3).item() for line in ax.lines if line.get_marker() == "o"]  # seen, later
    [0.382, 0.326]
    """
    tenures = _data(model, table)
    seen = model.tenures_.periods if model.fitted_ else 0
    last = periods or max(2 * seen, tenures.periods if tenures else 0)
    if not last:
        raise InputError("there is nothing to draw: the model has seen no data", mend="give a table, or periods=12")
    projected = model.project(last, level=level, seed=seed)
    counted = life_table(tenures, level=level) if tenures else projected.iloc[:0]
    ax = new_axes(ax)
    for name, colour, marker, dashes in CURVES:
        _curve(ax, projected, name, seen, colour=colour, dashes=dashes, label=word(name, lang))
        _points(ax, counted[name].loc[:last], seen or last, colour=colour, marker=marker)
    if 0 < seen < last:
        ax.axvspan(seen, last, color=SHADE, zorder=0, linewidth=0)
        between = projected.loc[seen, ["retention_rate", "survival"]].mean()
        ax.annotate(pick(lang, zh="推算", en="projection"), (seen, between), va="center", xytext=(6, 0),
                    textcoords="offset points", fontsize=9, color=INK, fontfamily=FAMILY)  # fmt: skip
    _finish(ax, last, model.unit_, lang)
    _legend(ax, counted, seen or last, model.fitted_, level, lang)
    return describe(ax, _alt(model, projected, counted, seen, level, lang))


def _data(model: ContractModel, table: object) -> Tenures | None:
    if table is not None:
        return as_tenures(table)
    return model.tenures_ if model.fitted_ else None


def _curve(
    ax: Axes, projected: pd.DataFrame, name: str, seen: int, *, colour: str, dashes: tuple[int, int], label: str
) -> None:
    """Draw a line with its band; survival starts at 1."""
    value, low, high = (projected[f"{name}{side}"] for side in ("", "_low", "_high"))
    if name == "survival":
        value, low, high = (pd.concat([pd.Series({0: 1.0}), part]) for part in (value, low, high))
    ax.plot(value.loc[: seen or None], color=colour, linewidth=1.8, label=label)
    if seen:
        ax.plot(value.loc[seen:], color=colour, linewidth=1.8, linestyle=(0, dashes))
        ax.fill_between(value.index, low, high, color=colour, alpha=0.18, linewidth=0)


def _points(ax: Axes, counted: pd.Series, seen: int, *, colour: str, marker: str) -> None:
    """Draw what was counted: filled as far as the model has seen, hollow later."""
    for part, face in ((counted.loc[:seen], colour), (counted.loc[seen + 1 :], "white")):
        if len(part):
            ax.plot(part, linestyle="none", marker=marker, markersize=5.5, color=colour, markerfacecolor=face,
                    markeredgewidth=1.3, zorder=3)  # fmt: skip


def _finish(ax: Axes, last: int, unit: str, lang: str) -> None:
    ax.set_xlim(0, last + 0.02 * last)
    ax.set_ylim(0, 1.02)
    ax.xaxis.set_major_locator(MaxNLocator(12, integer=True))
    percent(ax, y=True)
    of = units(unit, lang) if unit else ""
    label_axes(ax, x=bracket(pick(lang, zh="成为客户后的续约次序", en="renewal since becoming a customer"), of, lang),
               y=pick(lang, zh="客户占比", en="share of customers"))  # fmt: skip


def _legend(ax: Axes, counted: pd.DataFrame, seen: int, fitted: bool, level: float, lang: str) -> None:
    """Name lines by their labels; data and bands once, in ink, for both curves."""
    sign = {"linestyle": "none", "color": INK, "marker": "D", "markersize": 5}
    if len(counted.loc[:seen]):
        ax.plot([], [], label=pick(lang, zh="数据", en="data"), **sign)
    if len(counted.loc[seen + 1 :]):
        ax.plot([], [], markerfacecolor="white", label=pick(lang, zh="拟合之后的数据", en="later data"), **sign)
    if fitted:
        ax.fill_between([], [], [], color=INK, alpha=0.18, linewidth=0,
                        label=pick(lang, zh=f"参数的 {level:.0%} 区间", en=f"{level:.0%} interval"))  # fmt: skip
    legend_above(ax)


def _alt(
    model: ContractModel, projected: pd.DataFrame, counted: pd.DataFrame, seen: int, level: float, lang: str
) -> str:
    last, name = int(projected.index[-1]), model_word(model.key, lang)
    first, final = projected["retention_rate"].iloc[[0, -1]]
    end, low, high = projected.loc[last, ["survival", "survival_low", "survival_high"]]
    basis = pick(lang, zh=f"拟合至第 {seen} 期，之后为推算。" if seen else "参数已知。",
                 en=f"Fitted to period {seen}, projected beyond." if seen else "At known parameters.")  # fmt: skip
    limits = "" if np.isnan(low) else pick(lang, zh=f"（{level:.0%} 区间 {low:.1%} 至 {high:.1%}）",
                                           en=f" ({level:.0%} interval {low:.1%} to {high:.1%})")  # fmt: skip
    real, then = "", counted.index.intersection(projected.index)
    if seen and len(then) and then[-1] > seen:
        was, said = counted.loc[then[-1], "survival"], projected.loc[then[-1], "survival"]
        real = pick(lang, zh=f"第 {then[-1]} 期实际生存率 {was:.1%}，推算 {said:.1%}。",
                    en=f" In period {then[-1]} it was {was:.1%}, projected {said:.1%}.")  # fmt: skip
    return pick(
        lang,
        zh=f"折线图：{name}的留存率与生存率，横轴为续约次序（0 至 {last}）。{basis}"
           f"留存率由 {first:.1%} 变为 {final:.1%}；第 {last} 期生存率 {end:.1%}{limits}。{real}",
        en=f"Lines: retention rate and survival by the {name} model over renewals 0 to {last}. {basis} "
           f"Retention goes from {first:.1%} to {final:.1%}; survival at {last} is {end:.1%}{limits}.{real}",
    )  # fmt: skip
