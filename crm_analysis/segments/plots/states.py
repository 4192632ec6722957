"""Plots of lifecycle states, of moves between them, and of cohorts."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from crm_analysis.figures import FAMILY, describe, new_axes, plot
from crm_analysis.segments.cohorts import Cohorts
from crm_analysis.segments.plots.parts import (
    centres,
    hatch_cells,
    hatch_key,
    heat,
    interval_bars,
    label_axes,
    pick,
    unit,
    words,
)
from crm_analysis.words import word

MOST_TEXTS = 16


@plot
def plot_states(table: pd.DataFrame, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Share of users in each lifecycle state with its interval, from `lifecycle.state_table`.

    Examples
    --------
    >>> table = pd.DataFrame({"users": [3, 1], "share": [0.75, 0.25], "share_low": [0.3, 0.05],
    ...                       "share_high": [0.95, 0.7]}, index=["buying", "lapsed"])
    >>> [float(bar.get_width()) for bar in plot_states(table).patches]
    [0.75, 0.25]
    """
    ax = new_axes(ax, height=2.6)
    interval_bars(ax, table, column="share", count="users", lang=lang)
    label_axes(ax, x=word("share_of_users", lang))
    listed = pick(lang, zh="，", en=", ").join(
        f"{word(name, lang)} {share:.1%}" for name, share in table["share"].items()
    )
    return describe(ax, pick(
        lang,
        zh=f"条形图：各生命周期状态的用户占比，附 95% 置信区间：{listed}。",
        en=f"Bars with 95% intervals: share of users in each lifecycle state: {listed}.",
    ))  # fmt: skip


@plot
def plot_transitions(moves: pd.DataFrame, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Moves between lifecycle states as a heat map of shares by row, from `lifecycle.transitions`.

    Examples
    --------
    >>> moves = pd.DataFrame({"state_before": "buying", "state_after": ["buying", "lapsed"], "users": [3, 1],
    ...                       "base": 4, "share": [0.75, 0.25]})
    >>> plot_transitions(moves).collections[0].get_array().tolist()
    [[0.75, 0.25]]
    """
    ax = new_axes(ax, width=6.2, height=3.6)
    wide = moves.pivot_table(index="state_before", columns="state_after", values=["share", "users"], observed=True)
    share, users = wide["share"], wide["users"]
    cells = zip(share.to_numpy().ravel(), users.to_numpy().ravel())
    texts = np.array([f"{part:.1%}\n{n:,.0f}" for part, n in cells]).reshape(share.shape)
    heat(ax, share.to_numpy(), texts=texts, top=1.0)
    base = moves.groupby("state_before", observed=True)["base"].first()
    rows = [unit(word(name, lang), f"{base[name]:,}", lang) for name in share.index]
    ax.set_xticks(centres(share.shape[1]), words(share.columns, lang))
    ax.set_yticks(centres(len(rows)), rows)
    label_axes(ax, x=word("state_after", lang), y=unit(word("state_before", lang), word("users", lang), lang))
    top = moves.loc[moves["share"].idxmax()]
    return describe(ax, pick(
        lang,
        zh=f"热力图：由前一状态（行）转到后一状态（列）的用户占比，每行合计 100%。"
           f"最高为{word(top['state_before'], lang)}到{word(top['state_after'], lang)}，{top['share']:.1%}。",
        en=f"Heat map: share of users moving from the earlier state (rows, each 100%) to the later one (columns). The"
           f" highest is {word(top['state_before'], lang)} to {word(top['state_after'], lang)}, {top['share']:.1%}.",
    ))  # fmt: skip


@plot
def plot_cohorts(
    found: Cohorts, *, measure: str = "share", currency: str = "", ax: Axes | None = None, lang: str = "en"
) -> Axes:
    """Cohort triangle as a heat map: incomplete periods hatched, unobserved ones blank, pooled mean in the last row.

    Parameters
    ----------
    found : Cohorts
    measure : str
        ``share`` (of customers who bought) or ``revenue_per_customer``.
    currency : str
    ax, lang
        As in every plot.

    Examples
    --------
    >>> from crm_analysis.segments import cohorts
    >>> log = pd.DataFrame({"customer_id": list("aba"),
    ...     "at": pd.to_datetime(["2010-01-01", "2010-01-09", "2010-02-28"])})
    >>> plot_cohorts(cohorts(log, data_end="2010-02-28")).collections[0].get_array().filled(-1).tolist()
    [[0.5], [0.5]]
    """
    triangle, first = getattr(found, measure), 1 if measure == "share" else 0
    values, partial = triangle.to_numpy()[:, first:], found.partial.to_numpy()[:, first:]
    keep = np.isfinite(values).any(axis=1)
    values, partial, names, sizes = values[keep], partial[keep], triangle.index[keep], found.sizes.to_numpy()[keep]
    if measure == "share":
        values = np.vstack([values, found.mean["share"].to_numpy()[first:]])
        partial = np.vstack([partial, np.zeros(values.shape[1], bool)])
    ax = new_axes(ax, height=min(9.0, 1.4 + 0.26 * len(values)))
    written = "{:.0%}" if measure == "share" else "{:,.0f}"
    texts = np.array([written.format(v) if np.isfinite(v) else "" for v in values.ravel()]).reshape(values.shape)
    few = max(values.shape) <= MOST_TEXTS + 1
    later = values[:, 1 - first :]
    image = heat(ax, values, texts=texts if few else None, top=np.nanmax(later) if np.isfinite(later).any() else None)
    hatch_cells(ax, partial)
    _ticks(ax, names, sizes, first, values.shape, lang)
    label_axes(ax, x=unit(word("cohort_age", lang), word(f"{found.period}s", lang), lang),
               y=unit(word("cohort", lang), word("cohort_size", lang), lang))  # fmt: skip
    if few and measure != "share":
        ax.set_title(unit(_measure(measure, lang), currency, lang), parse_math=False, fontfamily=FAMILY)
    if not few:
        bar = ax.figure.colorbar(image, ax=ax, format="{x:.0%}" if measure == "share" else "{x:,.0f}")
        bar.set_label(unit(_measure(measure, lang), currency, lang), parse_math=False)
    if partial.any():
        ax.legend(handles=[hatch_key(lang)], loc="lower right", bbox_to_anchor=(1, 1.5 / len(values)))
    return describe(ax, _cohort_text(found, measure, lang))


def _ticks(ax: Axes, names: pd.Index, sizes: np.ndarray, first: int, shape: tuple[int, int], lang: str) -> None:
    rows = [unit(str(name), f"{size:,}", lang) for name, size in zip(names, sizes)]
    rows += [word("pooled_mean", lang)] * (shape[0] - len(rows))
    step, step_x = -(-len(rows) // 30), -(-shape[1] // 24)
    shown = sorted({*range(0, len(names), step), len(rows) - 1})
    ax.set_yticks([i + 0.5 for i in shown], [rows[i] for i in shown])
    ax.set_xticks(centres(shape[1], step_x), range(first, shape[1] + first, step_x))


def _measure(measure: str, lang: str) -> str:
    return word("cohort_share" if measure == "share" else measure, lang)


def _cohort_text(found: Cohorts, measure: str, lang: str) -> str:
    count, mean = len(found.share), found.mean["share"].iloc[1:].dropna()
    zh, en = (
        f"热力图：{count} 个群组各期的{_measure(measure, lang)}。",
        f"Heat map: {_measure(measure, lang)} of {count} cohorts by age.",
    )
    if measure == "share" and len(mean):
        zh += f"完整各期合并平均：第 1 期 {mean.iloc[0]:.1%}，第 {mean.index[-1]} 期 {mean.iloc[-1]:.1%}。"
        en += (
            f" Pooled over complete periods: {mean.iloc[0]:.1%} at age 1, {mean.iloc[-1]:.1%} at age {mean.index[-1]}."
        )
    return pick(lang, zh=zh, en=en)
