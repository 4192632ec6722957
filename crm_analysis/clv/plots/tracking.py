"""Purchases of all customers over the weeks: models against what happened."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from crm_analysis.clv.plots.parts import (
    ACTUAL,
    dates,
    label_axes,
    legend_above,
    looks,
    model_word,
    number,
    pick,
    shade_after,
    thousands,
)
from crm_analysis.clv.views.tracking import tracking_error
from crm_analysis.errors import InputError
from crm_analysis.figures import describe, new_axes, plot

FEW = 5  # weeks, each of which can be named on the axis
KINDS = {"cumulative": "repeat_purchases_total", "weekly": "repeat_purchases"}


@plot
def plot_tracking(table: pd.DataFrame, *, kind: str = "cumulative", ax: Axes | None = None, lang: str = "en") -> Axes:
    """Repeat purchases by week, of models against the actual ones, from `tracking`; the holdout is shaded.

    Parameters
    ----------
    table : pandas.DataFrame
        From `crm_analysis.clv.views.tracking.tracking`.
    kind : {"cumulative", "weekly"}
        Purchases since the start, or in each week.
    ax : matplotlib.axes.Axes, optional
    lang : {"en", "zh"}

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> table = pd.DataFrame({"model": ["actual", "nbd"], "week": 1, "week_end": pd.Timestamp("2020-01-07"),
    ...     "in_holdout": False, "repeat_purchases": [3.0, 2.5], "repeat_purchases_total": [3.0, 2.5]})
    >>> [line.get_ydata().tolist() for line in plot_tracking(table).lines]
    [[3.0], [2.5]]
    """
    if kind not in KINDS:
        raise InputError(f"kind must be one of {', '.join(KINDS)}; got {kind!r}")
    ax, column = new_axes(ax), KINDS[kind]
    weeks = table["week_end"].drop_duplicates()
    for name, look in looks(table["model"]).items():
        part, real = table[table["model"] == name], name == ACTUAL
        how = {"color": look.color, "linewidth": 1.2 if real else 1.8, "linestyle": look.linestyle}
        if real or len(weeks) == 1:
            how |= {"marker": look.marker, "markersize": 3 if len(weeks) > 20 else 5}
        ax.plot(part["week_end"], part[column], label=model_word(name, lang), **how)
    ax.set_ylim(0, 1.12 * (table[column].max() or 1))
    split = table.attrs.get("calibration_end")
    if table["in_holdout"].any():
        split = split if split is not None else table.loc[~table["in_holdout"], "week_end"].max()
        shade_after(ax, split, weeks.max(), text=pick(lang, zh="留出期", en="holdout"))
    dates(ax, weeks.min(), weeks.max())
    if len(weeks) <= FEW:
        ax.set_xticks(weeks)
    thousands(ax, y=True)
    weekly = pick(lang, zh="每周重复购买次数", en="repeat purchases a week")
    so_far = pick(lang, zh="累计重复购买次数", en="repeat purchases so far")
    label_axes(ax, x=pick(lang, zh="截至日期（按周）", en="week ending on"), y=weekly if kind == "weekly" else so_far)
    ax.margins(x=0.01)
    legend_above(ax)
    return describe(ax, _alt(table, kind, lang))


def _alt(table: pd.DataFrame, kind: str, lang: str) -> str:
    total, weeks = kind == "cumulative", table["week"].max()
    of = pick(lang, zh="累计" if total else "每周", en="cumulative" if total else "weekly")
    text = pick(
        lang,
        zh=f"折线图：{weeks} 周的{of}重复购买次数，实际与模型对比。",
        en=f"Lines: {of} repeat purchases over {weeks} weeks, actual and by model. ",
    )
    if total:
        last = table.groupby("model", sort=False)["repeat_purchases_total"].last()
        text += pick(lang, zh="期末：", en="At the end: ") + _listed(last.map(number), lang)
    if table["in_holdout"].any() and (table["model"] != ACTUAL).any():
        missed = tracking_error(table).set_index("model")
        shown = missed["mape"].map("{:.1%}".format) if total else missed["tracking_bias"].map("{:+.1%}".format)
        zh, en = (
            ("平均绝对百分比误差", "mean absolute percentage error") if total else ("总数的偏差", "bias of the total")
        )
        text += pick(lang, zh=f"留出期{zh}：", en=f"In the holdout, {en}: ") + _listed(shown, lang)
    return text


def _listed(values: pd.Series, lang: str) -> str:
    parts = [f"{model_word(name, lang)} {value}" for name, value in values.items()]
    return pick(lang, zh=f"{'，'.join(parts)}。", en=f"{', '.join(parts)}. ")
