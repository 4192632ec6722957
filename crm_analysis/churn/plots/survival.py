"""Plots of how long accounts stay: survival by group, hazard by month, ratios of a model, retention projected."""

from __future__ import annotations

from itertools import cycle

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, MaxNLocator, NullFormatter

from crm_analysis.churn.rates.retention_projection import RetentionProjection
from crm_analysis.churn.rates.tenure_curves import UNITS, TenureCurves
from crm_analysis.churn.reasons.naming import level_word
from crm_analysis.errors import InputError
from crm_analysis.figures import INK, PALETTE, describe, new_axes, plot
from crm_analysis.segments.plots.parts import BLUE, GREY, ORANGE, label_axes, note, percent, pick, unit
from crm_analysis.words import word

STYLES, MARKERS = ("-", "--", "-.", ":"), "osD^vP"
MOST_GROUPS = 6
SHADE = "#EEEEEE"


@plot
def plot_tenure_curves(
    found: TenureCurves, *, until: float | None = None, ax: Axes | None = None, lang: str = "en"
) -> Axes:
    """Kaplan-Meier curves of contracts with their bands, and the numbers at risk below.

    Parameters
    ----------
    found : TenureCurves
        Of more than six groups the six largest are drawn, and the key says so.
    until : float, optional
        Last time drawn.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Examples
    --------
    >>> from crm_analysis.churn.rates.tenure_curves import tenure_curves
    >>> tenures = pd.DataFrame({"tenure": [1, 2, 2, 3], "ended": [1, 1, 0, 1]})
    >>> plot_tenure_curves(tenure_curves(tenures)).lines[0].get_ydata().tolist()
    [1.0, 0.75, 0.5, 0.0]
    """
    names = list(found.table.index)[:MOST_GROUPS]
    parts = {name: found.curves.xs(name, level=0) for name in names}
    last = until or max(part.index[-1] for part in parts.values())
    ax = new_axes(ax, height=3.9 + 0.2 * len(parts))
    for (name, part), colour, style in zip(parts.items(), PALETTE, cycle(STYLES)):
        ax.step(part.index, part["survival"], where="post", color=colour, linestyle=style, linewidth=1.8,
                label=word(name, lang))  # fmt: skip
        ax.fill_between(part.index, part["survival_low"], part["survival_high"], step="post", color=colour,
                        alpha=0.15, linewidth=0)  # fmt: skip
    ax.set(xlim=(found.since, last), ylim=(0, 1.02))
    percent(ax, y=True)
    ax.xaxis.set_major_locator(MaxNLocator(9, integer=True, steps=[1, 2, 3, 4, 5, 6, 10]))
    label_axes(ax, x=unit(pick(lang, zh="在网时长", en="tenure"), _unit(found.unit, lang), lang),
               y=pick(lang, zh="仍在约占比", en="share still under contract"))  # fmt: skip
    _key(ax, len(parts), len(found.table), lang)
    _at_risk(ax, parts, lang)
    kind = pick(lang, zh="阶梯曲线（Kaplan-Meier，附区间带与在险账户数）：各组账户随在网时长的生存率。",
                en="Step curves (Kaplan-Meier, with bands and numbers at risk): share of accounts still under contract"
                   " by tenure.")  # fmt: skip
    return describe(ax, f"{kind} {found.text(lang)}")


@plot
def plot_hazard(
    table: pd.DataFrame, *, fitted: pd.DataFrame | None = None, until: int | None = None, unit_of: str = "month",
    ax: Axes | None = None, lang: str = "en",
) -> Axes:  # fmt: skip
    """Hazard of each month of tenure with its limits; a model's hazard as a line with its band.

    Parameters
    ----------
    table : pandas.DataFrame, index tenure_month (or (group, tenure_month))
        From `hazards.hazard_table`.
    fitted : pandas.DataFrame, optional
        From `DiscreteHazard.hazard`, for one profile (or for profiles with the names of the groups).
    until : int, optional
        Last month drawn.
    unit_of : {"month", "quarter", "year", "week", "day"}
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Examples
    --------
    >>> from crm_analysis.churn.rates.hazards import hazard_table
    >>> table = hazard_table(pd.DataFrame({"tenure": [1, 2, 2, 3], "ended": [1, 1, 0, 0]}))
    >>> plot_hazard(table).lines[0].get_ydata().round(2).tolist()
    [0.25, 0.33, 0.0]
    """
    parts, lines = _parts(table), _parts(fitted) if fitted is not None else {}
    last = until or int(table.index.get_level_values(-1).max())
    ax, drawn = new_axes(ax), list(parts)[:MOST_GROUPS]
    for at, name in enumerate(drawn):
        part, colour = parts[name].loc[:last].dropna(subset="hazard"), PALETTE[at]
        place = part.index + 0.5 * (at - (len(drawn) - 1) / 2) / max(len(drawn), 2)
        value = part["hazard"].to_numpy()
        error = np.vstack([value - part["hazard_low"], part["hazard_high"] - value]).clip(min=0)
        label = pick(lang, zh="实际", en="counted") if name is None else word(name, lang)
        ax.plot(place, value, linestyle="none", marker=MARKERS[at], markersize=4, color=colour, label=label)
        ax.errorbar(place, value, yerr=error, fmt="none", ecolor=colour, elinewidth=0.8, alpha=0.6)
    for name, line in lines.items():
        at = drawn.index(name) if name in drawn else 0
        _line(ax, line.loc[:last], PALETTE[at if len(drawn) > 1 else 1], lang if name == next(iter(lines)) else None)
    ax.yaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{100 * x:g}%"))  # decimals only where ticks need them
    ax.set(xlim=(0.3, last + 0.7))
    top = max(float(part.loc[:last, "hazard_high"].where(part["at_risk"] >= 30).max()) for part in parts.values())
    ax.set_ylim(0, min(1.0, 1.08 * top) if top > 0 else None)
    ax.xaxis.set_major_locator(MaxNLocator(12, integer=True))
    label_axes(ax, x=unit(word("tenure_month", lang), "", lang) if unit_of == "month" else
               unit(pick(lang, zh="在网时长", en="tenure"), _unit(unit_of, lang), lang),
               y=pick(lang, zh="风险率（当期离开的占比）", en="hazard (share that leaves then)"))  # fmt: skip
    _key(ax, len(drawn), len(parts), lang)
    return describe(ax, _hazard_text({name: parts[name].loc[:last] for name in drawn}, lang))


@plot
def plot_effects(effects: pd.DataFrame, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Odds (or hazard) ratios of leaving as dots with limits, logarithmic, from `DiscreteHazard.effects`.

    Examples
    --------
    >>> from crm_analysis.churn.rates.discrete_hazard import DiscreteHazard
    >>> tenures = pd.DataFrame({"tenure": [1, 2, 2, 3, 1, 2, 3, 3], "ended": [1, 1, 0, 0, 1, 0, 1, 0],
    ...                         "plan": list("aaaabbbb")})
    >>> ax = plot_effects(DiscreteHazard(month="constant", covariates=["plan"]).fit(tenures).effects())
    >>> ax.lines[1].get_xdata().round(3).tolist()
    [0.857]
    """
    name = next((name for name in ("leaving_odds_ratio", "leaving_hazard_ratio") if name in effects), None)
    if name is None:
        raise InputError("there are no ratios to draw", expected="a table from DiscreteHazard.effects", zh="没有优势比")
    rows = effects[~effects.index.get_level_values(1).str.contains("|", regex=False)]
    place, value = np.arange(len(rows)), rows[name].to_numpy()
    low, high, base = (
        rows[f"{name}_low"].to_numpy(),
        rows[f"{name}_high"].to_numpy(),
        rows["is_reference"].to_numpy(bool),
    )
    ax = new_axes(ax, height=max(2.2, 1.2 + 0.42 * len(rows)))
    ax.axvline(1, color=GREY, linewidth=1, linestyle="--")
    ax.plot(value[~base], place[~base], "o", color=BLUE, linestyle="none")
    error = np.vstack([value - low, high - value])[:, ~base].clip(min=0)
    ax.errorbar(value[~base], place[~base], xerr=error, fmt="none", ecolor=BLUE, elinewidth=1.4, capsize=3)
    ax.plot(value[base], place[base], "s", markerfacecolor="white", color=INK, linestyle="none")
    ax.set_yticks(
        place, [_effect_name(*key, bool(mark), lang) for key, mark in zip(rows.index, base)], parse_math=False
    )
    ax.set_ylim(len(rows) - 0.5, -0.5)
    _ratio_axis(ax, np.r_[low, high, value])
    for at in place[~base]:
        note(ax, f"{value[at]:.3g}", (value[at], at), shift=(0, 7), ha="center", va="bottom")
    ax.grid(visible=False, axis="y")
    scale = pick(lang, zh="对数刻度；大于 1 为更易离开", en="logarithmic; above 1: leaves sooner")
    label_axes(ax, x=unit(word(name, lang), scale, lang))
    told = pick(lang, zh="；", en="; ").join(
        f"{_effect_name(*key, False, lang)} {row[name]:.3g} [{row[f'{name}_low']:.3g}, {row[f'{name}_high']:.3g}]"
        for key, row in rows[~base].iterrows()
    )
    return describe(ax, pick(
        lang,
        zh=f"点图：{word(name, lang)}及其区间，1 表示与参照组相同。{told}。表示关联，不表示因果。",
        en=f"Dot plot with limits: {word(name, lang)}, 1 being as the reference. {told}. Associations, not effects.",
    ))  # fmt: skip


@plot
def plot_projection(found: RetentionProjection, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Retention as counted (points), as fitted and projected (line with fan), and at a constant rate (dotted).

    Filled points the fit has seen, hollow ones came later.

    Examples
    --------
    >>> from crm_analysis.churn.rates.retention_projection import project_retention
    >>> ax = plot_projection(project_retention([1000, 631, 468, 382, 326], periods=2, seen=3))
    >>> [len(line.get_xdata()) for line in ax.lines if line.get_marker() == "o"]
    [4, 1]
    """
    table = found.table
    start = pd.DataFrame({name: 1.0 for name in table if "surv" in name}, index=[0])
    whole = pd.concat([start, table[list(start)]])
    ax, last = new_axes(ax), int(table.index[-1])
    ax.axvspan(found.seen, last, color=SHADE, zorder=0, linewidth=0)
    band = pick(lang, zh=f"参数的 {found.level:.0%} 区间", en=f"{found.level:.0%} interval")
    limits = whole["survival_low"], whole["survival_high"]
    ax.fill_between(whole.index, *limits, color=BLUE, alpha=0.22, linewidth=0, label=band)
    ax.plot(whole["survival"].loc[: found.seen], color=BLUE, linewidth=1.8, label=word(found.model.key, lang))
    ax.plot(whole["survival"].loc[found.seen :], color=BLUE, linewidth=1.8, linestyle="--")
    ax.plot(
        whole["constant_survival"], color=ORANGE, linewidth=1.3, linestyle=":", label=word("constant_survival", lang)
    )
    counted = whole["observed_survival"].dropna()
    used, later = (
        pick(lang, zh="实际（用于拟合）", en="counted, used in the fit"),
        pick(lang, zh="实际（未用于拟合）", en="counted, later"),
    )
    faces = ((counted.loc[: found.seen], BLUE, used), (counted.loc[found.seen + 1 :], "white", later))
    for part, face, label in faces:
        if len(part):
            ax.plot(part, linestyle="none", marker="o", markersize=4.5 if len(counted) > 30 else 5.5, color=BLUE,
                    markerfacecolor=face, label=label)  # fmt: skip
    ax.annotate(pick(lang, zh="推算", en="projected"), (found.seen, 1.0), xytext=(5, -3), textcoords="offset points",
                va="top", fontsize=9)  # fmt: skip
    ax.set(xlim=(0, last), ylim=(0, 1.02))
    percent(ax, y=True)
    ax.xaxis.set_major_locator(MaxNLocator(12, integer=True))
    of = _unit(found.unit, lang) if found.unit in UNITS else pick(lang, zh="期", en="periods")
    label_axes(ax, x=unit(pick(lang, zh="签约后时长", en="time since the start"), of, lang),
               y=pick(lang, zh="仍在约占比", en="share still there"))  # fmt: skip
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3)
    kind = pick(
        lang,
        zh="折线图（附区间带与实际点）：留存与推算。",
        en="Line with a fan and points: retention and its projection.",
    )
    return describe(ax, f"{kind} {found.text(lang)}")


def _unit(of: str, lang: str) -> str:
    return UNITS.get(of, UNITS["month"])[0 if lang == "zh" else 1]


def _key(ax: Axes, drawn: int, count: int, lang: str) -> None:
    """The key above the axes; none for one unnamed line."""
    if len(ax.get_legend_handles_labels()[0]) < 2:
        return
    title = pick(lang, zh=f"共 {count} 组，只画最大的 {drawn} 组", en=f"the {drawn} largest of {count} groups")
    key = ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=4, handlelength=2.4,
                    title=title if drawn < count else None)  # fmt: skip
    for text in key.get_texts():
        text.set_parse_math(False)


def _at_risk(ax: Axes, parts: dict[object, pd.DataFrame], lang: str) -> None:
    low, high = ax.get_xlim()
    ticks = [tick for tick in ax.get_xticks() if low - 1e-9 <= tick <= high + 1e-9]
    how = {"textcoords": "offset points", "va": "top", "fontsize": 8, "annotation_clip": False, "parse_math": False}
    lines = [
        (pick(lang, zh="在险账户数", en="at risk"), None),
        *((word(name, lang), part) for name, part in parts.items()),
    ]
    for line, (name, part) in enumerate(lines):
        down = -38 - 13 * line  # points below the axis, under its label
        ax.annotate(name, (0, 0), xycoords="axes fraction", xytext=(-20, down), ha="right", **how)
        for tick in ticks if part is not None else []:
            later = part.loc[part.index >= tick - 1e-9, "at_risk"]
            ax.annotate(f"{int(later.iloc[0]) if len(later) else 0:,}", (tick, 0), xycoords=("data", "axes fraction"),
                        xytext=(0, down), ha="center", **how)  # fmt: skip


def _parts(table: pd.DataFrame) -> dict[object, pd.DataFrame]:
    if table.index.nlevels == 1:
        return {None: table}
    names = dict.fromkeys(table.index.get_level_values(0))
    return {name: table.xs(name, level=0) for name in names}


def _line(ax: Axes, line: pd.DataFrame, colour: str, lang: str | None) -> None:
    label = {"label": pick(lang, zh="模型", en="model")} if lang else {}
    ax.plot(line.index, line["hazard"], color=colour, linewidth=1.6, **label)
    ax.fill_between(line.index, line["hazard_low"], line["hazard_high"], color=colour, alpha=0.18, linewidth=0)


def _hazard_text(parts: dict[object, pd.DataFrame], lang: str) -> str:
    told = []
    for name, part in parts.items():
        part = part[part["at_risk"] > 0]  # with late entries nobody may be seen in the first months
        if part.empty:
            continue
        row, who = part.iloc[0], "" if name is None else word(name, lang) + " "
        later = part["lost"].iloc[-12:].sum() / max(part["at_risk"].iloc[-12:].sum(), 1)
        few = min(12, len(part))
        en = f"{who}{row['hazard']:.1%} in period {part.index[0]}, {later:.1%} on average in the last {few}"
        told.append(
            pick(lang, zh=f"{who}第 {part.index[0]} 期 {row['hazard']:.1%}，最后 {few} 期平均 {later:.1%}", en=en)
        )
    listed = pick(lang, zh="；", en="; ").join(told)
    return pick(
        lang,
        zh=f"点图：在网各期的风险率，附 Wilson 区间。{listed}。下降可能只因易流失者先离开。",
        en=f"Points with Wilson's limits: hazard by period of tenure. {listed}. A fall may come from those quick to"
           " leave leaving first.",
    )  # fmt: skip


def _effect_name(covariate: str, level: str, reference: bool, lang: str) -> str:
    mark = pick(lang, zh="（参照）", en=" (reference)") if reference else ""
    if level == "per_unit":
        return unit(word(covariate, lang), word("per_unit", lang), lang)
    return f"{word(covariate, lang)}{pick(lang, zh='：', en=': ')}{level_word(covariate, level, lang)}{mark}"


def _ratio_axis(ax: Axes, values: np.ndarray) -> None:
    """Ratios on a logarithmic axis with plain numbers."""
    known = values[np.isfinite(values) & (values > 0)]
    low, high = known.min() / 1.25, known.max() * 1.25
    ax.set_xscale("log")
    ax.set_xlim(min(low, 0.8), max(high, 1.25))
    decades = np.log10(max(high, 1.25) / min(low, 0.8))
    if decades < 2:
        steps = [
            step
            for step in (0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5, 7, 10)
            if min(low, 0.8) <= step <= max(high, 1.25)
        ]
        ax.xaxis.set_major_locator(FixedLocator(steps))
    else:
        ax.xaxis.set_major_locator(LogLocator(10, subs=(1.0, 3.0) if decades < 4 else (1.0,)))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}"))
    ax.xaxis.set_minor_formatter(NullFormatter())
