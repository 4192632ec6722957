"""Models compared on a holdout: one small dot plot per measure, each with its intervals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from crm_analysis.clv.plots.parts import label_axes, looks, model_word, number, panels, pick, whiskers
from crm_analysis.errors import InputError
from crm_analysis.figures import FAMILY, INK, describe, plot
from crm_analysis.words import word

SHOWN = ("bias", "mae", "rmse", "normalised_gini")
SHARES = ("bias", "top_decile", "coverage_90")
ZERO, LESS, MORE = ("越接近 0 越好", "0 is best"), ("越小越好", "less is better"), ("越大越好", "more is better")
BETTER = {"bias": ZERO, "mae": LESS, "rmse": LESS, "msle": LESS, "log_score": LESS, "normalised_gini": MORE,
          "top_decile": MORE}  # fmt: skip


def scoreboard(table: pd.DataFrame, *, measures: Sequence[str] = SHOWN) -> pd.DataFrame:
    """Put measures of several models, one column each, in a long table.

    Parameters
    ----------
    table : pandas.DataFrame
        Index: models; columns ``bias``, ``bias_low``, ``bias_high`` and so on, such as ``scorecard(...).table``.
    measures : sequence of str

    Returns
    -------
    pandas.DataFrame
        One row per measure and model: ``model``, ``measure``, ``x``, ``x_low``, ``x_high``; models without a value are
        left out.

    Raises
    ------
    InputError
        If a measure is not a column.

    Examples
    --------
    >>> table = pd.DataFrame({"mae": [0.8], "mae_low": [0.7], "mae_high": [0.9]}, index=["nbd"])
    >>> scoreboard(table, measures=["mae"]).to_numpy().tolist()
    [['nbd', 'mae', 0.8, 0.7, 0.9]]
    """
    missing = [name for name in measures if name not in table]
    if missing:
        raise InputError(f"the measures {', '.join(missing)} are missing", where=f"columns {list(table.columns)}",
                         zh=f"缺少指标{'、'.join(missing)}")  # fmt: skip
    none = pd.Series(np.nan, index=table.index)
    parts = [
        pd.DataFrame({"model": table.index, "measure": name, "x": table[name].to_numpy(float),
                      "x_low": table.get(f"{name}_low", none).to_numpy(float),
                      "x_high": table.get(f"{name}_high", none).to_numpy(float)})
        for name in measures
    ]  # fmt: skip
    return pd.concat(parts, ignore_index=True).dropna(subset="x").reset_index(drop=True)


@plot
def plot_scoreboard(table: pd.DataFrame, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Models on several measures, side by side: one panel per measure, one dot with its interval per model.

    Parameters
    ----------
    table : pandas.DataFrame
        ``model``, ``measure``, ``x``, ``x_low``, ``x_high``, from `scoreboard`.
    ax : matplotlib.axes.Axes, optional
        Its place is taken by the panels, which are the other axes of the figure.
    lang : {"en", "zh"}

    Returns
    -------
    matplotlib.axes.Axes
        The frame around the panels.

    Examples
    --------
    >>> table = pd.DataFrame({"model": ["nbd", "bg_nbd"], "measure": "bias", "x": [0.5, -0.1], "x_low": [0.4, -0.2],
    ...                       "x_high": [0.6, 0.0]})
    >>> plot_scoreboard(table).figure.axes[1].get_xlabel()
    'bias of the total, 0 is best'
    """
    measures, models = list(table["measure"].unique()), list(table["model"].unique())
    columns = min(2, len(measures))
    rows = -(-len(measures) // columns)
    host, small = panels(ax, len(measures), columns=columns, width=7.6, height=rows * (1.1 + 0.28 * len(models)))
    for place, (axes, measure) in enumerate(zip(small, measures)):
        _panel(axes, table[table["measure"] == measure], models, measure, lang, named=place % columns == 0)
    best = [_best(table[table["measure"] == measure], measure, lang) for measure in measures]
    return describe(host, pick(
        lang,
        zh=f"点图：{len(models)} 个模型在 {len(measures)} 项指标上的取值与区间。{'；'.join(best)}。",
        en=f"Dots with intervals: {len(models)} models on {len(measures)} measures. {'; '.join(best)}.",
    ))  # fmt: skip


def _panel(ax: Axes, part: pd.DataFrame, models: list[str], measure: str, lang: str, *, named: bool) -> None:
    for name, look in looks(models).items():
        row = part[part["model"] == name]
        place = np.full(len(row), models.index(name))
        turned = row.rename(columns={"x": "value", "x_low": "value_low", "x_high": "value_high"})
        whiskers(ax, place, turned, "value", look, label=name, sideways=True)
    ax.set_yticks(range(len(models)), [model_word(name, lang) if named else "" for name in models], parse_math=False,
                  fontfamily=FAMILY)  # fmt: skip
    ax.set_ylim(len(models) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)
    if measure == "bias":
        ax.axvline(0, color=INK, linewidth=1)
    share = measure in SHARES
    ax.xaxis.set_major_locator(MaxNLocator(5))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:.3g}%" if share else f"{value:,.10g}"))
    terms = [word(measure, lang), _better(measure, lang)]
    label_axes(ax, x=pick(lang, zh="，", en=", ").join(filter(None, terms)))


def _better(measure: str, lang: str) -> str:
    zh, en = BETTER.get(measure, ("", ""))
    return pick(lang, zh=zh, en=en)


def _best(part: pd.DataFrame, measure: str, lang: str) -> str:
    """Return the best model on a measure and its value, or the greatest where no direction is known, in words."""
    better = BETTER.get(measure, MORE)
    score = -part["x"].abs() if better is ZERO else -part["x"] if better is LESS else part["x"]
    row = part.loc[score.idxmax()]
    value = f"{row['x']:+.1%}" if measure == "bias" else f"{row['x']:.1%}" if measure in SHARES else number(row["x"])
    term, name = word(measure, lang), model_word(row["model"], lang)
    known = measure in BETTER
    return pick(
        lang,
        zh=f"{term}{'最优' if known else '最高'}：{name}（{value}）",
        en=f"{'best' if known else 'highest'} {term}: {name} ({value})",
    )
