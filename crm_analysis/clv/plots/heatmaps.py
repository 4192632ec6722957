"""What a model says of every possible customer, as colours over recency and frequency."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.colors import Normalize
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, MaxNLocator

from crm_analysis.clv.plots.map_parts import customers_alt, draw_customers, map_axes, measure_label
from crm_analysis.clv.plots.parts import note, number, pick, span
from crm_analysis.figures import FAMILY, INK, describe, new_axes, plot

COLOURS = "Blues"
DARK = 0.55  # colours below this brightness carry white text


@plot
def plot_recency_frequency(
    table: pd.DataFrame, *, customers: object = None, currency: str = "", ax: Axes | None = None, lang: str = "en"
) -> Axes:
    """Heat map of a measure over recency and frequency; dots show where customers are.

    The lowest strip is one customer: who bought only once has no recency.

    Parameters
    ----------
    table : pandas.DataFrame
        From `maps.recency_frequency`.
    customers : pandas.DataFrame or Summary, optional
        Customers to show as dots; those with about the same T (see `maps.customers_at`).
    currency : str
        For a measure in money.
    ax : matplotlib.axes.Axes, optional
    lang : {"en", "zh"}

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> table = pd.DataFrame([[0.3, None], [None, 0.9]], columns=[0.0, 10.0], dtype=float)
    >>> table.attrs = {"measure": "p_alive", "T": 10.0, "unit": "week"}
    >>> plot_recency_frequency(table).collections[0].get_array().tolist()
    [[0.9]]
    """
    ax, label = new_axes(ax, height=4.4), measure_label(table, currency, lang)
    top = 1.0 if table.attrs["measure"] == "p_alive" else float(np.nanmax(table)) or 1.0
    recency = table.columns.to_numpy(float)
    edges = np.append(recency[1:] - np.diff(recency) / 2, recency[-1] + (recency[-1] - recency[-2]) / 2)
    rows = np.arange(1, len(table) + 1) - 0.5
    mesh = ax.pcolormesh(edges, rows, table.iloc[1:, 1:], cmap=COLOURS, norm=Normalize(0, top))
    _colour_bar(ax, mesh, label)
    counted = draw_customers(ax, table, customers, lang=lang)
    _strip(ax, edges, table, mesh, counted, lang)
    ax.set(xlim=(edges[0], edges[-1]), ylim=(0.5 - _thickness(table), rows[-1]))
    map_axes(ax, table, lang)
    ticks = [tick for tick in MaxNLocator(8, integer=True).tick_values(1, len(table) - 1) if 1 <= tick < len(table)]
    ax.set_yticks([0.5 - _thickness(table) / 2, *ticks], ["0", *(f"{tick:.0f}" for tick in ticks)])
    return describe(ax, _alt(table, label, lang) + customers_alt(counted, lang))


def _colour_bar(ax: Axes, mesh: QuadMesh, label: str) -> None:
    bar = ax.figure.colorbar(mesh, ax=ax, pad=0.02)
    bar.set_label(label, fontfamily=FAMILY, parse_math=False)
    bar.outline.set_visible(False)
    bar.ax.yaxis.set_major_locator(MaxNLocator(5))
    bar.ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))


def _thickness(table: pd.DataFrame) -> float:
    """Return the height of the strip of those who bought once: room for a line of text on maps of many rows."""
    return max(1.0, 0.07 * len(table))


def _strip(
    ax: Axes, edges: np.ndarray, table: pd.DataFrame, mesh: QuadMesh, counted: pd.DataFrame | None, lang: str
) -> None:  # fmt: skip
    """Draw those who bought once as one strip with its value."""
    once, high, width = float(table.iloc[0, 0]), _thickness(table), edges[-1] - edges[0]
    colour = colormaps[COLOURS](mesh.norm(once))
    ax.add_patch(Rectangle((edges[0], 0.5 - high), width, high, facecolor=colour, edgecolor="white", linewidth=2))
    text = pick(lang, zh=f"只买过一次：{number(once)}", en=f"bought only once: {number(once)}")
    if counted is not None:
        bought = counted.loc[counted["frequency"] == 0, "customers"].sum()
        text += pick(lang, zh=f"（{bought:,.0f} 位客户）", en=f" ({bought:,.0f} customers)")
    dark = np.dot(colour[:3], (0.299, 0.587, 0.114)) < DARK
    place = (edges[0] + width / 2, 0.5 - high / 2)
    note(ax, text, place, ha="center", va="center", bbox=None, color="white" if dark else INK)


def _alt(table: pd.DataFrame, label: str, lang: str) -> str:
    T, middle, most = span(table.attrs["T"], table.attrs.get("unit", ""), lang), table.shape[1] // 2, len(table) - 1
    once, few, many, best = (number(table.iloc[at]) for at in ((0, 0), (1, middle), (most, middle), (most, -1)))
    return pick(
        lang,
        zh=f"热力图：横轴为最后一次购买的时点，纵轴为重复购买次数，颜色为{label}，T = {T}。只买过一次的客户为 {once}；"
        f"最后一次购买在中途的客户，重复购买 1 次为 {few}，{most} 次为 {many}；"
        f"今天刚买、重复购买 {most} 次的为 {best}。",
        en=f"Heat map of {label} over the time of the last purchase and the number of repeat purchases, T = {T}. Bought"
        f" only once: {once}. Last purchase half-way: {few} with 1 repeat purchase, {many} with {most}. Bought today,"
        f" {most} repeat purchases: {best}.",
    )
