"""Plots of churn under contract: the rate over time, from start to end in steps, the retention triangle."""

from __future__ import annotations

from textwrap import fill

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter

from crm_analysis.churn.rates.contract_cohorts import ContractCohorts
from crm_analysis.churn.rates.tenure_curves import UNITS
from crm_analysis.errors import InputError
from crm_analysis.figures import FAMILY, INK, PALETTE, describe, new_axes, plot
from crm_analysis.segments import Cohorts
from crm_analysis.segments.plots.parts import (
    GREEN,
    GREY,
    LINES,
    ORANGE,
    centres,
    few_ticks,
    hatch_cells,
    hatch_key,
    heat,
    label_axes,
    pick,
    thousands,
    unit,
    words,
)
from crm_analysis.words import word

MARKERS = "osD^vP"
MOST_GROUPS, MOST_TEXTS = 6, 14
RATES = ("churn_rate", "gross_mrr_churn", "net_revenue_retention")


@plot
def plot_churn_rates(table: pd.DataFrame, *, of: str = "churn_rate", ax: Axes | None = None, lang: str = "en") -> Axes:
    """A rate over calendar periods with its limits; hollow where a period is not whole.

    Parameters
    ----------
    table : pandas.DataFrame, index period (or (group, period))
        From `monthly_rates.monthly_rates`. Of more than six groups the six largest are drawn, and the key says so.
    of : {"churn_rate", "gross_mrr_churn", "net_revenue_retention"}
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Examples
    --------
    >>> table = pd.DataFrame({"churn_rate": [0.1, 0.2], "churn_rate_low": [0.0, 0.1], "churn_rate_high": [0.2, 0.3],
    ...                       "partial": [False, True]}, index=pd.Index(["2012-01", "2012-02"], name="period"))
    >>> plot_churn_rates(table).lines[0].get_ydata().tolist()
    [0.1, 0.2]
    """
    if of not in RATES or table[of].isna().all():
        raise InputError(f"there is nothing of {of!r} to draw", expected=f"one of {', '.join(RATES)}, with values",
                         zh=f"没有可画的{word(of, 'zh')}")  # fmt: skip
    count = table.index.get_level_values(0).nunique() if table.index.nlevels > 1 else 1
    groups = _groups(table)
    names = list(dict.fromkeys(table.index.get_level_values(-1)))
    ax = new_axes(ax)
    for at, (name, part) in enumerate(groups.items()):
        _series(ax, part, of, names, at, len(groups), "" if name is None else word(name, lang))
    few_ticks(ax, names)
    ax.yaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{100 * x:g}%"))  # decimals only where ticks need them
    if of != "net_revenue_retention":
        ax.set_ylim(bottom=0)
    label_axes(ax, x=word("period", lang), y=pick(lang, zh=f"{word(of, lang)}（附区间）",
                                                  en=f"{word(of, lang)} (with limits)"))  # fmt: skip
    _key(ax, bool(table["partial"].any()), len(groups), count, lang)
    return describe(ax, _rates_text(groups, of, lang))


@plot
def plot_bridge(bridge: pd.DataFrame, *, currency: str = "", ax: Axes | None = None, lang: str = "en") -> Axes:
    """Waterfall from the start of a period to its end, from `contract_rates.account_bridge`.

    Examples
    --------
    >>> bridge = pd.DataFrame({"bridge_change": [9.0, 3.0, -2.0, 10.0], "level_after": [9.0, 12.0, 10.0, 10.0]},
    ...                       index=["accounts_start", "won", "lost", "accounts_end"])
    >>> [float(bar.get_height()) for bar in plot_bridge(bridge).patches]
    [9.0, 3.0, -2.0, 10.0]
    """
    bridge = bridge[(bridge["bridge_change"] != 0) | np.r_[True, np.zeros(len(bridge) - 2, bool), True]]
    change, after = bridge["bridge_change"].to_numpy(), bridge["level_after"].to_numpy()
    bottom, last = np.r_[0.0, after[:-2], 0.0], len(bridge) - 1
    colours = [GREY, *np.where(change[1:-1] >= 0, GREEN, ORANGE), GREY]
    money = str(bridge.index[0]).startswith("mrr")
    ax, place = new_axes(ax), np.arange(len(bridge))
    ax.bar(place, change, bottom=bottom, color=colours, alpha=0.85, width=0.7)
    ax.hlines(after[:-1], place[:-1] + 0.35, place[1:] - 0.35, color=INK, linewidth=0.8)
    top = max(after.max(), (bottom + change).max())
    for at, (value, start) in enumerate(zip(change, bottom)):
        text = f"{value:,.0f}" if at in (0, last) else f"{value:+,.0f}"
        ax.annotate(text, (at, max(start, start + value)), xytext=(0, 3), textcoords="offset points", ha="center")
    ax.set_xticks(place, [fill(name, 15) for name in words(bridge.index, lang)], linespacing=LINES)
    ax.set_ylim(0, 1.1 * top if top else 1)
    ax.grid(False, axis="x")
    thousands(ax, y=True)
    term = pick(lang, zh="月经常性收入", en="monthly recurring revenue") if money else word("accounts", lang)
    label_axes(ax, y=unit(term, currency, lang))
    listed = pick(lang, zh="，", en=", ").join(
        f"{name} {value:+,.0f}" for name, value in zip(words(bridge.index[1:-1], lang), change[1:-1])
    )
    first, final = (f"{word(bridge.index[at], lang)} {change[at]:,.0f}" for at in (0, -1))
    kind = pick(lang, zh="瀑布图：", en="Waterfall: ")
    return describe(ax, kind + pick(lang, zh="，", en=", ").join(filter(None, (first, listed, final)))
                    + pick(lang, zh="。", en="."))  # fmt: skip


@plot
def plot_retention_triangle(found: ContractCohorts | Cohorts, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Retention triangle as a heat map: cells not observed blank, a period not over hatched, the pooled mean below.

    Parameters
    ----------
    found : ContractCohorts or segments.Cohorts
        Of contracts (under contract at the end of the period) or of purchases (bought in the period).
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Examples
    --------
    >>> from crm_analysis.segments import cohorts
    >>> log = pd.DataFrame({"customer_id": list("aba"),
    ...     "at": pd.to_datetime(["2010-01-01", "2010-01-09", "2010-02-28"])})
    >>> plot_retention_triangle(cohorts(log, data_end="2010-02-28")).collections[0].get_array().filled(-1).tolist()
    [[0.5], [0.5]]
    """
    contract = isinstance(found, ContractCohorts)
    first = 0 if contract else 1  # of purchases, age 0 is 100 % by definition
    keep = found.sizes.to_numpy() > 0
    values = np.vstack([found.share.to_numpy()[keep], found.mean["share"].to_numpy()])[:, first:]
    partial = np.vstack([found.partial.to_numpy()[keep], np.zeros(found.partial.shape[1], bool)])[:, first:]
    texts = np.array([f"{v:.0%}" if np.isfinite(v) else "" for v in values.ravel()]).reshape(values.shape)
    few = values.shape[1] <= MOST_TEXTS
    ax = new_axes(ax, height=min(9.0, 1.5 + 0.27 * len(values)))
    image = heat(ax, values, texts=texts if few else None, top=float(np.nanmax(values)))
    hatch_cells(ax, partial)
    share = pick(lang, zh="仍在约占比", en="still under contract") if contract else word("cohort_share", lang)
    if not few:
        ax.figure.colorbar(image, ax=ax, format="{x:.0%}").set_label(share, parse_math=False, fontfamily=FAMILY)
    rows = [unit(str(name), f"{size:,}", lang) for name, size in found.sizes[keep].items()]
    rows.append(word("pooled_mean", lang))
    shown = sorted({*range(0, len(rows) - 1, -(-len(rows) // 30)), len(rows) - 1})
    step = -(-values.shape[1] // 24)
    ax.set_yticks([at + 0.5 for at in shown], [rows[at] for at in shown])
    ax.set_xticks(centres(values.shape[1], step), range(first, values.shape[1] + first, step))
    age, cohort = ("contract_age", "contract_cohort") if contract else ("cohort_age", "cohort")
    sizes = "cohort_accounts" if contract else "cohort_size"
    of = UNITS[found.period][0 if lang == "zh" else 1] if contract else word(f"{found.period}s", lang)
    label_axes(ax, x=unit(word(age, lang), of, lang), y=unit(word(cohort, lang), word(sizes, lang), lang))
    if partial.any():
        ax.legend(handles=[hatch_key(lang)], loc="lower right", bbox_to_anchor=(1, 1.0), borderaxespad=0.2)
    return describe(ax, _triangle_text(found, int(keep.sum()), share, lang))


def _groups(table: pd.DataFrame) -> dict[object, pd.DataFrame]:
    if table.index.nlevels == 1:
        return {None: table}
    names = list(dict.fromkeys(table.index.get_level_values(0)))[:MOST_GROUPS]
    return {name: table.xs(name, level=0) for name in names}


def _series(ax: Axes, part: pd.DataFrame, of: str, names: list[str], at: int, groups: int, label: str) -> None:
    """Draw one line with whiskers; groups stand side by side at each period."""
    place = np.array([names.index(name) for name in part.index]) + 0.5 * (at - (groups - 1) / 2) / max(groups, 2)
    value, low, high = (part[f"{of}{side}"].to_numpy(float) for side in ("", "_low", "_high"))
    whole, colour = ~part["partial"].to_numpy(bool), PALETTE[at]
    ax.plot(place, value, color=colour, linewidth=1.2, marker=MARKERS[at], markersize=5.5, markerfacecolor="white",
            label=label or None)  # fmt: skip
    ax.errorbar(place, value, yerr=np.vstack([value - low, high - value]).clip(min=0), fmt="none", ecolor=colour,
                elinewidth=1, capsize=2, alpha=0.8)  # fmt: skip
    ax.plot(place[whole], value[whole], linestyle="none", marker=MARKERS[at], markersize=5.5, color=colour)


def _key(ax: Axes, partial: bool, drawn: int, count: int, lang: str) -> None:
    handles = [Line2D([], [], color=line.get_color(), marker=line.get_marker(), markersize=5.5, linewidth=1.2,
                      label=line.get_label())
               for line in ax.lines if not str(line.get_label()).startswith("_")]  # fmt: skip
    if partial:
        handles.append(Line2D([], [], linestyle="none", marker="o", markerfacecolor="white", color=INK,
                              label=pick(lang, zh="不完整的时期", en="period not whole")))  # fmt: skip
    if handles:
        title = pick(lang, zh=f"共 {count} 组，只画账户最多的 {drawn} 组",
                     en=f"the {drawn} largest of {count} groups") if drawn < count else None  # fmt: skip
        key = ax.legend(handles=handles, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=4, title=title)
        for text in key.get_texts():
            text.set_parse_math(False)


def _rates_text(groups: dict[object, pd.DataFrame], of: str, lang: str) -> str:
    told = []
    for name, part in groups.items():
        whole = part.loc[~part["partial"].to_numpy(bool), of].dropna()
        whole = whole if len(whole) else part[of].dropna()
        if len(whole):
            spread = f"{whole.iloc[0]:.1%} → {whole.iloc[-1]:.1%}"
            top = pick(lang, zh=f"（最高 {whole.max():.1%}，{whole.idxmax()}）",
                       en=f" (highest {whole.max():.1%} in {whole.idxmax()})")  # fmt: skip
            told.append(f"{'' if name is None else word(name, lang) + ' '}{spread}{top}")
    listed = pick(lang, zh="；", en="; ").join(told)
    return pick(lang, zh=f"折线图：各期{word(of, lang)}，附区间。{listed}。",
                en=f"Line with limits: {word(of, lang)} by period. {listed}.")  # fmt: skip


def _triangle_text(found: ContractCohorts | Cohorts, count: int, share: str, lang: str) -> str:
    mean = found.mean["share"].iloc[1:].dropna()
    zh, en = f"热力图：{count} 个群组各期的{share}。", f"Heat map: {share}, {count} cohorts by age."
    if len(mean):
        zh += (
            f"完整各期合并平均：第 {mean.index[0]} 期 {mean.iloc[0]:.1%}，第 {mean.index[-1]} 期 {mean.iloc[-1]:.1%}。"
        )
        en += (f" Pooled over complete cells: {mean.iloc[0]:.1%} at age {mean.index[0]}, {mean.iloc[-1]:.1%} at age"
               f" {mean.index[-1]}.")  # fmt: skip
    return pick(lang, zh=zh, en=en)
