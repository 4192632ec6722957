"""Plots of spend per purchase: observed against the Gamma-Gamma model, and against frequency."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import FixedLocator, FuncFormatter, NullFormatter, NullLocator

from crm_analysis.clv.plots.parts import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    bracket,
    label_axes,
    legend_above,
    number,
    pick,
    thousands,
)
from crm_analysis.clv.spend.cases import SpendCases, as_spend_cases
from crm_analysis.clv.spend.gamma_gamma import GammaGamma
from crm_analysis.clv.spend.independence import Independence
from crm_analysis.errors import InputError
from crm_analysis.figures import describe, new_axes, plot
from crm_analysis.words import word

BINS, GRID, MOST_POINTS = 40, 400, 3000
STEPS = (1, 2, 5)
JITTER = 0.06


@plot
def plot_spend(
    data: object, *, model: GammaGamma, bins: int = BINS, currency: str = "", ax: Axes | None = None, lang: str = "en"
) -> Axes:
    """Observed mean spend of customers with repeat purchases against what the model expects (FH13, figure 1).

    The solid line is the density of the mean of x purchases, mixed over the observed frequencies: it should follow
    the bars. The dotted line is the density of customers' long-run mean spend: narrower, because the mean of few
    purchases varies more than customers do.

    Parameters
    ----------
    data : pandas.DataFrame or Summary
        ``frequency``, ``monetary_value``, optionally ``weights``.
    model : GammaGamma
        Fitted; its `nonpositive` decides about unusable rows.
    bins : int
    currency : str
        For the axis; by default that of the data the model was fitted to.
    ax : matplotlib.axes.Axes, optional
    lang : {"en", "zh"}

    Examples
    --------
    >>> import pandas as pd
    >>> model = GammaGamma.with_params(p=6.25, q=3.74, v=15.44)
    >>> frame = pd.DataFrame({"frequency": [1, 2, 5] * 50})
    >>> frame["monetary_value"] = model.simulate(frame["frequency"], seed=1)
    >>> ax = plot_spend(frame, model=model)
    >>> round(float(sum(bar.get_height() * bar.get_width() for bar in ax.patches)), 2)  # up to the 99th percentile
    0.99
    """
    buyers = _buyers(data, model.nonpositive)
    end = _weighted_quantile(buyers.m, buyers.weight, 0.99)
    inside = buyers.m <= end
    edges = np.linspace(0, end, bins + 1)
    height, _ = np.histogram(buyers.m[inside], bins=edges, weights=buyers.weight[inside])
    height = height / (buyers.customers * np.diff(edges))
    grid = np.linspace(0, end, GRID + 1)[1:]
    ax = new_axes(ax)
    ax.bar(edges[:-1], height, width=np.diff(edges), align="edge", color=GREY, alpha=0.35, edgecolor="white",
           linewidth=0.5, label=pick(lang, zh="实际", en="observed"))  # fmt: skip
    ax.plot(grid, spend_density(model, buyers, grid), color=BLUE, linewidth=2,
            label=pick(lang, zh="模型预期", en="expected by the model"))  # fmt: skip
    ax.plot(grid, long_run_density(model, grid), color=ORANGE, linewidth=1.5, linestyle=":",
            label=pick(lang, zh="客户的长期平均消费", en="long-run mean of customers"))  # fmt: skip
    ax.set_xlim(0, end)
    ax.set_ylim(bottom=0)
    ax.grid(False, axis="x")
    thousands(ax, x=True)
    thousands(ax, y=True)
    currency = currency or model.currency_
    label_axes(ax, x=bracket(word("mean_spend", lang), currency, lang), y=pick(lang, zh="密度", en="density"))
    legend_above(ax, columns=3)
    beyond = 1 - buyers.weight[inside].sum() / buyers.customers
    observed = _weighted_quantile(buyers.m, buyers.weight, 0.5)
    return describe(ax, pick(
        lang,
        zh=f"直方图与曲线：{buyers.customers:,.0f} 位有重复购买客户的平均消费金额分布，与 Gamma-Gamma 模型的密度对照。"
           f"实际中位数 {number(observed)}，模型的长期平均消费中位数 {number(model.population_median_)}；"
           f"图外（高于 {number(end)}）占 {beyond:.1%}。",
        en=f"Histogram and curves: mean spend of {buyers.customers:,.0f} customers with repeat purchases against the "
           f"density of the Gamma-Gamma model. The observed median is {number(observed)}, the model's median of "
           f"long-run mean spend {number(model.population_median_)}; {beyond:.1%} lie beyond the axis, above "
           f"{number(end)}.",
    ))  # fmt: skip


@plot
def plot_spend_by_frequency(
    data: object, *, result: Independence, currency: str = "", ax: Axes | None = None, lang: str = "en"
) -> Axes:
    """Mean spend against frequency: customers as dots, means of frequency groups with intervals.

    If spend is independent of frequency, the means lie on the dashed line, the mean of all. Both axes are
    logarithmic; of more than 3,000 customers every so many are drawn, moved sideways a little.

    Parameters
    ----------
    data : pandas.DataFrame or Summary
        ``frequency``, ``monetary_value``: what `result` was made of. Rows without a usable amount are not drawn.
    result : Independence
        From `clv.spend.independence`.
    currency : str
        For the axis; by default that of the summary.
    ax : matplotlib.axes.Axes, optional
    lang : {"en", "zh"}

    Examples
    --------
    >>> import pandas as pd
    >>> from crm_analysis.clv.spend.independence import independence
    >>> frame = pd.DataFrame({"frequency": [1, 2, 5] * 50})
    >>> frame["monetary_value"] = GammaGamma.with_params(p=6, q=4, v=15).simulate(frame["frequency"], seed=1)
    >>> ax = plot_spend_by_frequency(frame, result=independence(frame, draws=1, least=20))
    >>> [float(x) for x in ax.containers[0].lines[0].get_xdata()]
    [1.0, 2.0, 5.0]
    """
    buyers, ax = _buyers(data, "set_aside"), new_axes(ax)
    table = result.groups[~result.groups["frequency_group"].isin(["0", "total"])]
    overall = float(result.groups["mean_spend"].iloc[-1])
    step = -(-len(buyers.x) // MOST_POINTS)
    x, m = buyers.x[::step], buyers.m[::step]
    aside = np.exp(JITTER * np.random.default_rng(0).uniform(-1, 1, len(x)))
    ax.scatter(x * aside, m, s=9, color=GREY, alpha=0.3, linewidths=0, rasterized=True,
               label=pick(lang, zh="客户", en="customers"))  # fmt: skip
    ax.axhline(overall, color=GREEN, linestyle="--", linewidth=1.4,
               label=pick(lang, zh="全部客户的均值", en="mean of all"))  # fmt: skip
    value, low, high = (table[f"mean_spend{side}"].to_numpy(float) for side in ("", "_low", "_high"))
    error = np.nan_to_num([value - low, high - value])
    label = pick(
        lang, zh=f"各组均值（{result.level:.0%} 置信区间）", en=f"mean of the group ({result.level:.0%} interval)"
    )
    ax.errorbar(table["mean_frequency"], value, yerr=error, color=BLUE, marker="o", markersize=6, linestyle="none",
                elinewidth=1.6, capsize=4, markeredgecolor="white", zorder=3, label=label)  # fmt: skip
    ax.set_xscale("log")
    ax.set_yscale("log")
    _plain(ax.xaxis, x.min(), x.max())
    _plain(ax.yaxis, m.min(), m.max())
    currency = currency or str(getattr(data, "currency", "") or "")
    label_axes(ax, x=word("repeat_purchases", lang), y=bracket(word("mean_spend", lang), currency, lang))
    legend_above(ax, columns=3)
    first, last = table.iloc[0], table.iloc[-1]
    related = result.correlations.loc["spearman", "correlation"]
    return describe(ax, pick(
        lang,
        zh=f"散点图：重复购买次数（横轴）与平均消费金额（纵轴），均为对数刻度，附各组均值及置信区间。"
           f"重复购买 {first['frequency_group']} 次者平均 {number(first['mean_spend'])}，"
           f"{last['frequency_group']} 次者平均 {number(last['mean_spend'])}，全部为 {number(overall)}；"
           f"Spearman 相关系数 {related:.3f}。",
        en=f"Scatter: repeat purchases against mean spend, both axes logarithmic, with the means of groups and their "
           f"intervals. In the group of {first['frequency_group']} the mean is {number(first['mean_spend'])}, "
           f"in that of {last['frequency_group']} it is {number(last['mean_spend'])}, over all {number(overall)}; "
           f"Spearman's correlation is {related:.3f}.",
    ))  # fmt: skip


def spend_density(model: GammaGamma, buyers: SpendCases, grid: np.ndarray) -> np.ndarray:
    """Return the model's density of the mean of x purchases, mixed over the customers' x.

    Examples
    --------
    >>> import pandas as pd
    >>> model = GammaGamma.with_params(p=6.25, q=3.74, v=15.44)
    >>> buyers = as_spend_cases(pd.DataFrame({"frequency": [1, 4], "monetary_value": [20.0, 30.0]}))
    >>> round(float(np.trapezoid(spend_density(model, buyers, np.linspace(0.01, 2000, 200_001)), dx=0.01)), 4)
    1.0
    """
    levels, count = buyers.levels
    density = np.zeros(len(grid))
    for level, customers in zip(levels, count / count.sum()):
        density += customers * np.exp(model._rows(model.theta_, level, grid))
    return density


def long_run_density(model: GammaGamma, grid: np.ndarray) -> np.ndarray:
    """Return the model's density of customers' long-run mean spend p / nu: an inverse gamma."""
    from scipy.special import gammaln

    p, q, v = model.theta_
    return np.exp(q * np.log(p * v / grid) - p * v / grid - gammaln(q) - np.log(grid))


def _buyers(data: object, nonpositive: str) -> SpendCases:
    cases = as_spend_cases(data, nonpositive=nonpositive)
    if not (cases.x > 0).any():
        raise InputError("no customer has a repeat purchase with an amount: there is no spend to draw",
                         zh="没有客户有带金额的重复购买")  # fmt: skip
    return cases.take(cases.x > 0)


def _weighted_quantile(values: np.ndarray, weight: np.ndarray, prob: float) -> float:
    order = np.argsort(values)
    reached = np.cumsum(weight[order])
    return float(values[order][np.searchsorted(reached, prob * reached[-1])])


def _plain(axis: Axis, low: float, high: float) -> None:
    """Write 1, 2, 5, 10, ... on a logarithmic axis, fewer where it is long, as plain numbers."""
    decades = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1)
    steps = STEPS if len(decades) <= 4 else (1,)
    axis.set_major_locator(FixedLocator([step * 10.0**decade for decade in decades for step in steps]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
    axis.set_minor_locator(NullLocator())
    axis.set_minor_formatter(NullFormatter())
