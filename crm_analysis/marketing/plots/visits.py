"""Plots of the room: the funnel, the depth of sessions, sources compared, what campaigns brought."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, PercentFormatter

from crm_analysis.figures import GRID, INK, PALETTE, describe, new_axes, plot
from crm_analysis.intervals import Estimate
from crm_analysis.words import word

LONGEST = 28  # signs of a label taken from data
BLUE, RED = PALETTE[0], PALETTE[1]


@plot
def plot_funnel(table: pd.DataFrame, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Draw a funnel as horizontal bars, the first step on top.

    Where all units entered at the first step, bars are shares of it with their
    intervals; else they are counts, the units that came in at a step hatched.

    Parameters
    ----------
    table : pandas.DataFrame
        From `ordered_funnel`.
    ax : matplotlib.axes.Axes, optional
    lang : {"en", "zh"}

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> table = pd.DataFrame({"step": ["view", "buy"], "unit": "user", "units": [980, 532], "entered": [980, 0],
    ...     "of_previous": [None, .543], "of_first": [None, .543], "of_first_low": [None, .512],
    ...     "of_first_high": [None, .574]}).astype({"of_first": float, "of_first_low": float, "of_first_high": float})
    >>> plot_funnel(table).get_xlabel()
    'share of the users at the first step'
    """
    ax = new_axes(ax, height=1.3 + 0.55 * len(table))
    open_entry = bool(table["entered"].iloc[1:].any())
    unit = word(table["unit"].iloc[0], lang)
    ax.set_yticks(range(len(table)), [word(step, lang) for step in table["step"]])
    ax.invert_yaxis()
    ax.grid(axis="y", visible=False)
    draw = _open_bars if open_entry else _closed_bars
    draw(ax, table, unit, lang)
    reached = [f"{word(row.step, lang)} {row.units:,}" for row in table.itertuples()]
    return describe(ax, {"en": f"Funnel of {unit}s as horizontal bars: {', '.join(reached)}.",
                         "zh": f"{unit}漏斗横向条形图：{'、'.join(reached)}。"}[lang])  # fmt: skip


def _closed_bars(ax: Axes, table: pd.DataFrame, unit: str, lang: str) -> None:
    first = {"of_first": 1.0, "of_first_low": 1.0, "of_first_high": 1.0}
    shares = table[list(first)].astype(float).fillna(first) if table["units"].iloc[0] else table[list(first)].fillna(0)
    value, low, high = (shares[name].to_numpy() for name in first)
    ax.barh(range(len(table)), value, color=BLUE, height=0.62)
    ax.errorbar(value, range(len(table)), xerr=[value - low, high - value], fmt="none", color=INK, capsize=3)
    for k, units in enumerate(table["units"]):
        text = f"{units:,}" if k == 0 else f"{units:,} ({_percent(value[k])})"
        ax.annotate(text, (high[k], k), xytext=(6, 0), textcoords="offset points", va="center")
    ax.set_xlim(0, 1.28)
    ax.set_xticks(np.arange(0, 1.01, 0.2))
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set_xlabel({"en": f"share of the {unit}s at the first step", "zh": f"占第一步{unit}数的比例"}[lang])


def _open_bars(ax: Axes, table: pd.DataFrame, unit: str, lang: str) -> None:
    units, entered = table["units"].to_numpy(float), table["entered"].to_numpy(float)
    names = {"en": ("came from the step before", "entered here"), "zh": ("由上一步而来", "由此步进入")}[lang]
    ax.barh(range(len(table)), units - entered, color=BLUE, height=0.62, label=names[0])
    ax.barh(range(len(table)), entered, left=units - entered, height=0.62, label=names[1], facecolor="white",
            edgecolor=BLUE, hatch="///")  # fmt: skip
    for k, (total, new) in enumerate(zip(units, entered)):
        ax.annotate(f"{total:,.0f} ({total - new:,.0f} + {new:,.0f})", (total, k), xytext=(6, 0),
                    textcoords="offset points", va="center")  # fmt: skip
    ax.set_xlim(0, max(units.max(), 1) * 1.35)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:,.0f}"))
    ax.set_xlabel({"en": f"{unit}s", "zh": f"{unit}数"}[lang])
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)


@plot
def plot_session_depth(table: pd.DataFrame, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Draw the share of sessions by depth, with intervals and counts.

    Parameters
    ----------
    table : pandas.DataFrame
        From `session_depth`.
    ax : matplotlib.axes.Axes, optional
    lang : {"en", "zh"}

    Examples
    --------
    >>> table = pd.DataFrame({"session_depth": ["one_event"], "sessions": [9], "share": [1.0], "share_low": [0.7],
    ...                       "share_high": [1.0]})
    >>> plot_session_depth(table).get_ylabel()
    'share of sessions'
    """
    ax = new_axes(ax)
    value, low, high = (table[name].to_numpy(float) for name in ("share", "share_low", "share_high"))
    ax.bar(range(len(table)), value, color=BLUE, width=0.62)
    ax.errorbar(range(len(table)), value, yerr=[value - low, high - value], fmt="none", color=INK, capsize=3)
    for k, sessions in enumerate(table["sessions"]):
        ax.annotate(f"{sessions:,}", (k, high[k]), xytext=(0, 4), textcoords="offset points", ha="center")
    ax.set_xticks(range(len(table)), [word(name, lang) for name in table["session_depth"]])
    ax.set_ylim(0, np.nanmax(high) * 1.15)
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.grid(axis="x", visible=False)
    ax.set_xlabel({"en": "events in the session", "zh": "会话中的行为次数"}[lang])
    ax.set_ylabel({"en": "share of sessions", "zh": "占全部会话的比例"}[lang])
    read = [f"{word(name, lang)} {_percent(share)}" for name, share in zip(table["session_depth"], value)]
    return describe(ax, {"en": f"Bars of the share of sessions by number of events: {', '.join(read)}.",
                         "zh": f"按会话行为次数的占比条形图：{'、'.join(read)}。"}[lang])  # fmt: skip


@plot
def plot_sources(
    table: pd.DataFrame, *, measure: str = "bought_share", ax: Axes | None = None, lang: str = "en"
) -> Axes:
    """Draw a share of each group of visits as a dot with its interval, the highest on top.

    Parameters
    ----------
    table : pandas.DataFrame
        From `source_table` or `compare_visits`; the first column names the groups.
    measure : str
        Column of the share: ``bought_share``, ``clicked_share``, ``bounce_rate`` or ``hit_share``.
    ax : matplotlib.axes.Axes, optional
    lang : {"en", "zh"}

    Examples
    --------
    >>> table = pd.DataFrame({"source": ["mail", "search"], "visits": [100, 90], "bounce_rate": [0.4, 0.5],
    ...     "bounce_rate_low": [0.3, 0.4], "bounce_rate_high": [0.5, 0.6]})
    >>> [tick.get_text() for tick in plot_sources(table, measure="bounce_rate").get_yticklabels()]
    ['search (90)', 'mail (100)']
    """
    shown = table.sort_values(measure, ascending=False, kind="stable", na_position="last").reset_index(drop=True)
    known = measure.replace("_share", "_known")
    counts = shown[known if known != measure and known in shown else "visits"]
    names = [f"{_short(word(name, lang))} ({n:,})" for name, n in zip(shown.iloc[:, 0], counts)]
    found = _estimates(shown, measure)
    ax = new_axes(ax, height=1.3 + 0.42 * len(shown))
    _dots(ax, names, found)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{100 * x:g}%"))
    ax.set_xlabel(word(measure, lang))
    ax.set_ylabel(_with_unit(word(table.columns[0], lang), word("visits", lang), lang))
    read = f"{names[0]} {found[0]:.1%}", f"{names[-1]} {found[-1]:.1%}"
    return describe(ax, {"en": f"Dots with intervals, {word(measure, lang)} by {word(table.columns[0], lang)}: "
                               f"highest {read[0]}, lowest {read[1]}.",
                         "zh": f"各{word(table.columns[0], lang)}的{word(measure, lang)}点图（带区间）："
                               f"最高 {read[0]}，最低 {read[1]}。"}[lang])  # fmt: skip


@plot
def plot_uplift(
    table: pd.DataFrame, *, measure: str = "uplift", currency: str = "", ax: Axes | None = None, lang: str = "en"
) -> Axes:
    """Draw what each campaign brought against its holdout as a dot with its interval, and the line of no effect.

    A full dot has an interval clear of zero, an empty one has not. A campaign whose
    analysis was stopped has no dot.

    Parameters
    ----------
    table : pandas.DataFrame
        From `campaign_uplift`.
    measure : {"uplift", "relative_lift", "value_uplift"}
    currency : str
        Unit of ``value_uplift``.
    ax : matplotlib.axes.Axes, optional
    lang : {"en", "zh"}

    Examples
    --------
    >>> table = pd.DataFrame({"campaign": ["11.11"], "arm": ["mail"], "uplift": [0.02], "uplift_low": [0.01],
    ...                       "uplift_high": [0.03]})
    >>> plot_uplift(table).get_xlabel()
    'uplift (percentage points)'
    """
    scale, unit, style = {
        "uplift": (100, {"en": "percentage points", "zh": "百分点"}[lang], "+.2f"),
        "relative_lift": (100, "%", "+.1f"),
        "value_uplift": (1, currency, "+,.2f"),
    }[measure]
    names = [f"{_short(word(row.campaign, lang))} / {_short(word(row.arm, lang))}" for row in table.itertuples()]
    found = [Estimate(*(scale * part for part in one)) for one in _estimates(table, measure)]
    ax = new_axes(ax, height=1.3 + 0.42 * len(table))
    _dots(ax, names, found, clear_of=0.0)
    ax.axvline(0, color=INK, linewidth=1, linestyle="--")
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}"))
    ax.set_xlabel(_with_unit(word(measure, lang), unit, lang) if unit else word(measure, lang), parse_math=False)
    ax.set_ylabel(f"{word('campaign', lang)} / {word('arm', lang)}")
    read = [f"{name} {one:{style}}" for name, one in zip(names, found)]
    return describe(ax, {"en": f"Dots with intervals, {word(measure, lang)} against the holdout ({unit}), dashed line "
                               f"at no effect: {'; '.join(read)}.",
                         "zh": f"各营销活动相对对照组的{word(measure, lang)}点图（{unit}，带区间），虚线为无效果："
                               f"{'；'.join(read)}。"}[lang])  # fmt: skip


def _dots(ax: Axes, names: list[str], found: list[Estimate], clear_of: float | None = None) -> None:
    for k, one in enumerate(found):
        clear = clear_of is None or one.low > clear_of or one.high < clear_of
        ax.errorbar(one.value, k, xerr=[[one.value - one.low], [one.high - one.value]], fmt="o", markersize=7,
                    capsize=3, color=BLUE, markerfacecolor=BLUE if clear else "white")  # fmt: skip
    ax.set_yticks(range(len(names)), names, parse_math=False)
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.grid(axis="y", color=GRID, visible=True)


def _estimates(table: pd.DataFrame, name: str) -> list[Estimate]:
    parts = (table[name], table[f"{name}_low"], table[f"{name}_high"])
    return [Estimate(*map(float, row)) for row in zip(*parts)]


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _percent(share: float) -> str:
    return f"{share:.1%}" if share >= 0.01 or share == 0 else f"{share:.2%}"


def _with_unit(name: str, unit: str, lang: str) -> str:
    """Name and unit in the brackets of the language."""
    return {"zh": f"{name}（{unit}）", "en": f"{name} ({unit})"}[lang]
