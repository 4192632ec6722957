"""Plots of a worklist: whom it contacts and holds out, and what became of all customers."""

from __future__ import annotations

from textwrap import shorten

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from crm_analysis.errors import InputError
from crm_analysis.figures import FAMILY, describe, new_axes, plot
from crm_analysis.segments.plots.parts import BLUE, GREY, ORANGE, label_axes, pick, thousands
from crm_analysis.segments.worklist.worklist import Worklist
from crm_analysis.words import word

LONGEST = 34  # signs of a name on the axis


@plot
def plot_worklist(
    found: Worklist,
    *,
    by: str = "next_action",
    most: int = 10,
    currency: str = "",
    ax: Axes | None = None,
    lang: str = "en",
) -> Axes:
    """Customers to contact and held out, by action, reason or another column; at each bar the gain of the former.

    Parameters
    ----------
    found : Worklist
    by : str
        A column of its table: next_action, reasons, state.
    most : int
        Bars at most; the rest is joined.
    currency : str
    ax : matplotlib.axes.Axes, optional
    lang : {"en", "zh"}

    Raises
    ------
    InputError
        If nobody is on the list, or it has no such column.

    Examples
    --------
    >>> from crm_analysis.segments.worklist.action import Action
    >>> from crm_analysis.segments.worklist.worklist import worklist
    >>> customers = pd.DataFrame({"churn_probability": [0.5, 0.4]}, index=["a", "b"])
    >>> ax = plot_worklist(worklist(customers, [Action("call", cost=1, accept=0.2)], clv=100, holdout=0))
    >>> [int(bar.get_width()) for bar in ax.patches]
    [2, 0]
    """
    table = found.summary(by)
    if table.empty:
        raise InputError("nobody is on the list", mend="a larger budget, other actions", zh="名单上没有客户")
    table = _joined(table, most, lang)
    labels = {one.key: one.name(lang) for one in found.actions} if by == "next_action" else {}
    ax, place = new_axes(ax, height=max(2.4, 1.3 + 0.5 * len(table))), np.arange(len(table))
    ax.barh(place, table["to_contact"], color=BLUE, height=0.65, label=word("to_contact", lang))
    ax.barh(place, table["held_out"], left=table["to_contact"], color=ORANGE, height=0.65, hatch="///",
            edgecolor="white", linewidth=0, label=word("holdout", lang))  # fmt: skip
    for at, (total, gain) in enumerate(zip(table["customers"], table["expected_gain"])):
        text = f"{total:,} · {gain:,.0f} {currency}".rstrip()
        ax.annotate(text, (total, at), xytext=(5, 0), textcoords="offset points", va="center", fontsize=9,
                    parse_math=False, fontfamily=FAMILY)  # fmt: skip
    names = [shorten(labels.get(name) or word(name, lang) or word("not_stated", lang), LONGEST, placeholder="…")
             for name in table.index]  # fmt: skip
    ax.set_yticks(place, names, parse_math=False)
    _finish(ax, table["customers"].max())
    label_axes(
        ax,
        x=pick(
            lang,
            zh="客户数（条末为入选客户数与需联系者的预计净收益）",
            en="customers (at the bars: selected · gain expected of those to contact)",
        ),
    )
    ax.legend(loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=2, prop={"family": FAMILY, "size": 9.5})
    count, gain = int(table["customers"].iloc[0]), table["expected_gain"].iloc[0]
    return describe(ax, pick(
        lang,
        zh=f"条形图：入选客户共 {len(found.table):,} 位，按{word(by, 'zh')}分组，分为需要联系与留出对照两部分。"
           f"{names[0]}：{count:,} 位，需联系者的预计净收益 {gain:,.0f}。",
        en=f"Bars: the {len(found.table):,} customers selected, by {word(by, 'en')}, to contact or held out. "
           f"{names[0]}: {count:,} customers, gain expected of those to contact {gain:,.0f}.",
    ))  # fmt: skip


@plot
def plot_worklist_account(found: Worklist, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """What became of every customer: to contact, held out, or why not on the list.

    Parameters
    ----------
    found : Worklist
    ax : matplotlib.axes.Axes, optional
    lang : {"en", "zh"}

    Examples
    --------
    >>> from crm_analysis.segments.worklist.action import Action
    >>> from crm_analysis.segments.worklist.worklist import worklist
    >>> customers = pd.DataFrame({"churn_probability": [0.5, 0.4, 0.0]}, index=["a", "b", "c"])
    >>> ax = plot_worklist_account(worklist(customers, [Action("call", cost=1, accept=0.2)], clv=100, holdout=0))
    >>> [int(bar.get_width()) for bar in ax.patches]
    [2, 0, 1]
    """
    table = found.account
    ax, place = new_axes(ax, height=max(2.2, 1.1 + 0.42 * len(table))), np.arange(len(table))
    colors = {"to_contact": BLUE, "holdout": ORANGE}
    ax.barh(place, table["customers"], height=0.65, color=[colors.get(name, GREY) for name in table.index])
    for at, (count, share) in enumerate(zip(table["customers"], table["share"])):
        text = pick(lang, zh=f"{count:,}（{share:.1%}）", en=f"{count:,} ({share:.1%})")
        ax.annotate(text, (count, at), xytext=(5, 0), textcoords="offset points", va="center", fontsize=9)
    ax.set_yticks(place, [word(name, lang) for name in table.index])
    _finish(ax, table["customers"].max())
    label_axes(ax, x=word("customers", lang))
    listed = [f"{word(name, lang)} {count:,}" for name, count in table["customers"].items()]
    return describe(ax, pick(
        lang,
        zh=f"条形图：全部 {table['customers'].sum():,} 位客户的归属。{'，'.join(listed)}。",
        en=f"Bars: what became of all {table['customers'].sum():,} customers. {', '.join(listed)}.",
    ))  # fmt: skip


def _joined(table: pd.DataFrame, most: int, lang: str) -> pd.DataFrame:
    """Return the first rows as they are and the others as one."""
    if len(table) <= most:
        return table
    name = pick(lang, zh=f"其余 {len(table) - most + 1} 组", en=f"{len(table) - most + 1} others")
    rest = table.iloc[most - 1 :].sum(numeric_only=True).to_frame(name).T
    kept = pd.concat([table.iloc[: most - 1], rest])
    return kept.astype({"customers": "int64", "to_contact": "int64", "held_out": "int64"})


def _finish(ax: Axes, top: float) -> None:
    ax.invert_yaxis()
    ax.grid(False, axis="y")
    ax.set_xlim(0, 1.35 * (top or 1))
    thousands(ax, x=True)
