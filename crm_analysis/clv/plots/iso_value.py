"""Lines of equal value over recency and frequency, and where buying more often means being worth less."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from crm_analysis.clv.plots.map_parts import customers_alt, draw_customers, map_axes, measure_label
from crm_analysis.clv.plots.parts import BLUE, SHADE, number, pick
from crm_analysis.clv.views.maps import falling_from
from crm_analysis.errors import InputError
from crm_analysis.figures import INK, describe, new_axes, plot

STEPS = 8  # between two frequencies


@plot
def plot_iso_value(
    table: pd.DataFrame, *, customers: object = None, currency: str = "", ax: Axes | None = None, lang: str = "en"
) -> Axes:
    """Lines of equal value over recency and frequency; on the grey ground more purchases mean less value.

    Of two customers who were last seen on the same day long ago, the one who used to buy more often is more surely
    gone: there the lines bend back (the paradox of increasing frequency).

    Parameters
    ----------
    table : pandas.DataFrame
        From `maps.recency_frequency`, of ``discounted_purchases``, of ``clv`` (see `maps.value_at`) or another value.
    customers : pandas.DataFrame or Summary, optional
        Customers to show as dots; those with about the same T.
    currency : str
        For a measure in money.
    ax : matplotlib.axes.Axes, optional
    lang : {"en", "zh"}

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InputError
        If the table has fewer than two frequencies above 0 or two values of recency.

    References
    ----------
    .. [1] Fader, Hardie, Lee (2005). RFM and CLV: using iso-value curves for customer base analysis. Journal of
       Marketing Research 42, 415-430, fig. 3.

    Examples
    --------
    >>> from crm_analysis.clv import ParetoNBD
    >>> from crm_analysis.clv.views.maps import recency_frequency
    >>> model = ParetoNBD.with_params(r=0.56, alpha=12.56, s=0.41, beta=10.51)
    >>> table = recency_frequency(model.discounted_purchases, T=77.86, most=14, unit="week", discount=0.0027)
    >>> plot_iso_value(table).get_ylabel()
    'repeat purchases (frequency)'
    """
    if len(table) < 3 or table.shape[1] < 3:
        raise InputError("lines of equal value need two frequencies above 0 and two values of recency or more",
                         mend="recency_frequency(..., most=12, steps=48)", zh="等值线的网格太小")  # fmt: skip
    ax, inside = new_axes(ax, height=4.4), _finer(table.iloc[1:, 1:])
    label, peak = measure_label(table, currency, lang), falling_from(inside)
    recency, frequency = inside.columns.to_numpy(float), inside.index.to_numpy(float)
    levels = iso_levels(inside.to_numpy())
    lines = ax.contour(recency, frequency, *_even(inside.to_numpy(), levels), colors=BLUE, linewidths=1.5,
                       linestyles="solid")  # fmt: skip
    names = dict(zip(lines.levels, map(number, levels)))
    for text in ax.clabel(lines, fmt=names, fontsize=9, inline_spacing=3):
        text.set(color=INK)
    handles = [Line2D([], [], color=BLUE, label=label)]
    if peak.notna().any():
        ax.fill_between(recency, peak, frequency[-1], where=peak.notna(), color=SHADE, zorder=0, linewidth=0)
        falling = pick(lang, zh="买得越多，价值反而越低", en="more purchases mean less value")
        handles.append(Patch(color=SHADE, label=falling))
    counted = draw_customers(ax, table, customers, lang=lang, handles=handles)
    ax.set(xlim=(0, recency[-1]), ylim=(0.5, frequency[-1]))
    map_axes(ax, table, lang)
    return describe(ax, _alt(table.iloc[1:, 1:], label, lang) + customers_alt(counted, lang))


def iso_levels(values: np.ndarray, *, span: float = 200.0) -> list[float]:
    """Return the round levels 1, 2, 5, 10, ... that lie between the values, down to the greatest over `span`.

    Examples
    --------
    >>> iso_levels(np.array([0.4, 12.0]))
    [0.5, 1.0, 2.0, 5.0, 10.0]
    """
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    if not high > max(low, 0.0):
        return [high]
    power = int(np.floor(np.log10(high)))
    steps = [float(f"{lead}e{exponent}") for exponent in range(power - 3, power + 1) for lead in (1, 2, 5)]
    return [step for step in steps if max(low, high / span) < step < high] or [(low + high) / 2]


def _finer(inside: pd.DataFrame) -> pd.DataFrame:
    """Return the table with steps between its frequencies, by a cubic spline of the logarithm."""
    if len(inside) < 4 or not (inside > 0).to_numpy().all():
        return inside
    from scipy.interpolate import CubicSpline  # wanted only here

    whole = inside.index.to_numpy(float)
    fine = np.linspace(whole[0], whole[-1], (len(whole) - 1) * STEPS + 1)
    values = np.exp(CubicSpline(whole, np.log(inside.to_numpy()), axis=0)(fine))
    return pd.DataFrame(values, index=pd.Index(fine, name="frequency"), columns=inside.columns)


def _even(values: np.ndarray, levels: list[float]) -> tuple[np.ndarray, np.ndarray]:
    """Return values and levels as logarithms where they can be: those are nearer to a straight line between cells."""
    return (np.log(values), np.log(levels)) if (values > 0).all() else (values, np.asarray(levels))


def _alt(inside: pd.DataFrame, label: str, lang: str) -> str:
    text = pick(
        lang,
        zh=f"等值线图：横轴为最后一次购买的时点，纵轴为重复购买次数，等值线为{label}。",
        en=f"Lines of equal {label} over the time of the last purchase and the number of repeat purchases.",
    )
    peak = falling_from(inside).dropna()
    if peak.empty:
        return text + pick(lang, zh="价值始终随重复购买次数上升。", en=" Value rises with frequency everywhere.")
    at = peak.index[len(peak) // 2]
    top, many, most = number(inside[at].max()), number(inside[at].iloc[-1]), inside.index[-1]
    return text + pick(
        lang,
        zh=f"灰色区域内买得越多价值越低：最后一次购买在时点 {number(at)} 的客户，"
        f"重复购买 {peak[at]:.0f} 次时最高（{top}），重复购买 {most} 次时降至 {many}。",
        en=f" On the grey ground more purchases mean less: with the last purchase at {number(at)}, value is highest at"
        f" {peak[at]:.0f} repeat purchases ({top}) and falls to {many} at {most}.",
    )
