"""Purchases of some customers as dots on a line of time: what every model starts from."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import DateFormatter

from crm_analysis.errors import InputError
from crm_analysis.figures import FAMILY, INK, PALETTE, describe, new_axes, plot


@plot
def plot_histories(
    days: pd.DataFrame,
    *,
    customers: Sequence[str],
    until: str | pd.Timestamp,
    last: str | pd.Timestamp | None = None,
    ax: Axes | None = None,
    lang: str = "en",
) -> Axes:
    """Draw each customer's purchase days as dots on a line from the first purchase to the end of observation.

    Filled dots lie before `until`, hollow ones after it (what a model does not get to see).

    Parameters
    ----------
    days : pandas.DataFrame
        One row per customer and day: ``customer_id``, ``day``.
    customers : sequence of str
        Whom to draw, from top to bottom; at most 20.
    until : date
        End of observation, drawn as a line.
    last : date, optional
        Last day to draw.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InputError
        If a customer is not among the purchases.

    Examples
    --------
    >>> days = pd.DataFrame({"customer_id": ["a", "a"], "day": pd.to_datetime(["2024-01-01", "2024-02-01"])})
    >>> [text.get_text() for text in plot_histories(days, customers=["a"], until="2024-03-01").get_yticklabels()]
    ['a']
    """
    unknown = sorted(set(customers) - set(days["customer_id"]))
    if unknown or not 1 <= len(customers) <= 20:
        what = f"{len(customers)} customers were asked for, without purchases: {', '.join(unknown) or 'none'}"
        raise InputError(what, expected="1 to 20 customers of the data", zh="客户不在数据中，或多于 20 位")
    end = pd.Timestamp(until)
    shown = days[days["day"] <= (pd.Timestamp(last) if last is not None else days["day"].max())]
    ax = new_axes(ax, height=1.2 + 0.42 * len(customers))
    for place, customer in enumerate(customers):
        bought = shown.loc[shown["customer_id"] == customer, "day"].sort_values()
        ax.hlines(place, bought.min(), end, color="#BBBBBB", linewidth=1.2, zorder=1)
        for part, face in ((bought[bought <= end], PALETTE[0]), (bought[bought > end], "white")):
            ax.scatter(part, [place] * len(part), s=34, facecolor=face, edgecolor=PALETTE[0], zorder=2)
    ax.axvline(end, color=INK, linestyle="--", linewidth=1)
    label = {"zh": "观察截止", "en": "end of observation"}[lang]
    ax.annotate(label, (end, 1.01), xycoords=("data", "axes fraction"), ha="center", va="bottom", fontfamily=FAMILY)
    ax.set_yticks(range(len(customers)), list(customers), parse_math=False)
    ax.set_ylim(len(customers) - 0.5, -0.5)
    ax.grid(visible=False, axis="y")
    ax.xaxis.set_major_formatter(DateFormatter("%Y-%m"))
    ax.set_ylabel({"zh": "客户", "en": "customer"}[lang], fontfamily=FAMILY)
    seen = shown.loc[shown["customer_id"].isin(customers), "day"] <= end
    counts = {"n": len(customers), "end": f"{end:%Y-%m-%d}", "before": int(seen.sum()), "after": int((~seen).sum())}
    alt = {
        "zh": "{n} 位客户的购买日，每个点是一天：{end} 及以前共 {before} 天，以后（空心）{after} 天。",
        "en": "Purchase days of {n} customers, a dot a day: {before} up to {end}, {after} after it (hollow).",
    }
    return describe(ax, alt[lang].format(**counts))
