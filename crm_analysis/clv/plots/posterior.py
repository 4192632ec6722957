"""What is not known about the parameters: draws of the posterior against the normal approximation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator, NullLocator

from crm_analysis.clv.plots.parts import BLUE, ORANGE, SYMBOLS, bracket, label_axes, number, panels, pick
from crm_analysis.errors import InputError
from crm_analysis.figures import FAMILY, describe, plot

MIDDLE = (0.005, 0.985)  # share of the draws that is shown
BINS = 30
CHI2 = 5.991464547107979  # 95 % of chi-squared with 2 degrees of freedom
SHOWN = 1500  # dots of a pair
DECADE = 10.0  # parameters that vary by more than this factor get ticks 1, 2, 5, 10, ...


@plot
def plot_posterior(draws: pd.DataFrame, *, model: Any = None, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Draws of each parameter as a histogram, and the normal approximation (of its logarithm) as a line.

    Where both agree the standard errors tell all; where the histogram is skewed or wider, trust the draws.

    Parameters
    ----------
    draws : pandas.DataFrame
        One row per draw, one column per parameter.
    model : fitted model, optional
        Gives the approximation: ``params_`` and ``log_covariance_``.
    ax : matplotlib.axes.Axes, optional
        Its place is taken by the panels, which are the other axes of the figure.
    lang : {"en", "zh"}

    Returns
    -------
    matplotlib.axes.Axes
        The frame around the panels.

    Examples
    --------
    >>> draws = pd.DataFrame({"r": np.linspace(0.4, 0.6, 50)})
    >>> len(plot_posterior(draws).figure.axes[1].patches)
    30
    """
    draws = _positive(draws)
    columns = min(2, draws.shape[1])
    rows = -(-draws.shape[1] // columns)
    host, small = panels(ax, draws.shape[1], columns=columns, width=7.2, height=0.5 + 1.9 * rows)
    for place, (axes, name) in enumerate(zip(small, draws)):
        _histogram(axes, draws[name], model, lang)
        scale = bracket(SYMBOLS.get(name, name), pick(lang, zh="对数刻度", en="log scale"), lang)
        label_axes(axes, x=scale, y=pick(lang, zh="密度", en="density") if place % columns == 0 else "")
    small[0].legend(loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=2, borderaxespad=0.2,
                    prop={"family": FAMILY, "size": 9.5})  # fmt: skip
    return describe(host, _alt(draws, lang))


@plot
def plot_posterior_pairs(draws: pd.DataFrame, *, model: Any = None, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Draws of the parameters pair by pair, with the 95 % ellipse of the normal approximation.

    A narrow slanting cloud says that the data fix a combination of the two, not each alone.

    Parameters
    ----------
    draws : pandas.DataFrame
        One row per draw, one column per parameter; two or more columns.
    model : fitted model, optional
        Gives the approximation: ``params_`` and ``log_covariance_``.
    ax : matplotlib.axes.Axes, optional
        Its place is taken by the panels, which are the other axes of the figure.
    lang : {"en", "zh"}

    Returns
    -------
    matplotlib.axes.Axes
        The frame around the panels, row by row and from the left.

    Examples
    --------
    >>> draws = pd.DataFrame({"r": np.linspace(0.4, 0.6, 50), "alpha": np.linspace(9, 11, 50)})
    >>> [axes.axison for axes in plot_posterior_pairs(draws).figure.axes[1:]]
    [True, False, True, True]
    """
    draws = _positive(draws)
    k, names = draws.shape[1], list(draws)
    if k < 2:
        raise InputError("pairs need two parameters or more", mend="plot_posterior(draws)", zh="至少需要两个参数")
    side = 1.2 + 1.5 * k
    host, small = panels(ax, k * k, columns=k, width=side, height=side * 0.9)
    for place, axes in enumerate(small):
        row, column = divmod(place, k)
        if column > row:
            axes.set_axis_off()
            continue
        if row == column:
            _histogram(axes, draws[names[row]], model, lang)
        else:
            _pair(axes, draws[names[column]], draws[names[row]], model)
        label_axes(axes, x=SYMBOLS.get(names[column], names[column]) if row == k - 1 else "",
                   y=SYMBOLS.get(names[row], names[row]) if column == 0 and row else "")  # fmt: skip
        axes.tick_params(labelbottom=row == k - 1, labelleft=column == 0 and row > 0)
    _key(small[k - 1], model, lang)
    return describe(host, _alt(draws, lang, pairs=True))


def _key(ax: Axes, model: Any, lang: str) -> None:
    """Write the legend where no panel is."""
    dots = pick(lang, zh="抽样（对数刻度）", en="draws (log scale)")
    line = pick(lang, zh="对数的正态近似\n及其 95% 椭圆", en="normal approximation\nof logs, 95 % ellipse")
    handles = [Line2D([], [], marker="o", linestyle="none", color=BLUE, markersize=4, label=dots)]
    handles += [Line2D([], [], linestyle="--", color=ORANGE, label=line)] if model is not None else []
    key = ax.legend(handles=handles, loc="upper right", borderaxespad=0, handlelength=1.6,
                    prop={"family": FAMILY, "size": 8.5})  # fmt: skip
    key.set_in_layout(False)


def _positive(draws: pd.DataFrame) -> pd.DataFrame:
    if draws.empty or not np.isfinite(draws.to_numpy(float)).all() or (draws.to_numpy(float) <= 0).any():
        raise InputError("draws must be positive numbers, one row per draw", where=f"{len(draws)} rows",
                         zh="参数抽样必须是正数")  # fmt: skip
    return draws


def _limits(values: pd.Series) -> tuple[float, float]:
    low, high = values.quantile(list(MIDDLE))
    return (float(low), float(high)) if high > low else (0.9 * float(low), 1.1 * float(low))


def _histogram(ax: Axes, values: pd.Series, model: Any, lang: str) -> None:
    """Draw the density of the logarithm."""
    low, high = _limits(values)
    edges = np.geomspace(low, high, BINS + 1)
    each = np.full(len(values), BINS / (len(values) * np.log(high / low)))
    ax.hist(values, bins=edges, weights=each, color=BLUE, alpha=0.6, label=pick(lang, zh="抽样", en="draws"))
    if model is not None:
        spread = np.sqrt(model.log_covariance_.loc[values.name, values.name])
        x = np.geomspace(low, high, 200)
        density = np.exp(-0.5 * (np.log(x / model.params_[values.name]) / spread) ** 2) / (spread * np.sqrt(2 * np.pi))
        ax.plot(x, density, color=ORANGE, linestyle="--", label=pick(lang, zh="正态近似", en="normal approximation"))
    ax.set_xscale("log")
    ax.set_xlim(low, high)
    _few(ax.xaxis, low, high)
    ax.set_yticks([])


def _pair(ax: Axes, across: pd.Series, up: pd.Series, model: Any) -> None:
    step = max(1, -(-len(across) // SHOWN))
    ax.scatter(across[::step], up[::step], s=4, color=BLUE, alpha=0.35, linewidth=0)
    if model is not None:
        names = [across.name, up.name]
        root = np.linalg.cholesky(model.log_covariance_.loc[names, names])
        turn = np.linspace(0, 2 * np.pi, 200)
        circle = np.sqrt(CHI2) * np.vstack([np.cos(turn), np.sin(turn)])
        ellipse = np.exp(np.log(model.params_[names].to_numpy())[:, None] + root @ circle)
        ax.plot(*ellipse, color=ORANGE, linestyle="--", linewidth=1.4)
    ax.set(xscale="log", yscale="log", xlim=_limits(across), ylim=_limits(up))
    _few(ax.xaxis, *_limits(across))
    _few(ax.yaxis, *_limits(up))


def _few(axis: Axis, low: float, high: float) -> None:
    """Put a few round numbers on a log scale."""
    ticks = MaxNLocator(3).tick_values(low, high)
    if high / low > DECADE:
        powers = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1)
        leads = (1, 3) if high / low < DECADE**2 else (1,)
        ticks = np.array([float(f"{lead}e{power}") for power in powers for lead in leads])
    axis.set_ticks(ticks[(ticks >= low) & (ticks <= high)])
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))


def _alt(draws: pd.DataFrame, lang: str, *, pairs: bool = False) -> str:
    middle, low, high = (draws.quantile(at) for at in (0.5, 0.025, 0.975))
    names = [SYMBOLS.get(name, name) for name in draws]
    found = [f"{number(a)} [{number(b)}, {number(c)}]" for a, b, c in zip(middle, low, high)]
    listed = [f"{name} {text}" for name, text in zip(names, found)]
    kind = pick(lang, zh="散点图矩阵" if pairs else "直方图", en="Pairs" if pairs else "Histograms")
    text = pick(
        lang,
        zh=f"{kind}：参数的 {len(draws):,} 次后验抽样，中位数与 95% 区间：{'，'.join(listed)}。",
        en=f"{kind} of {len(draws):,} posterior draws of the parameters, median and 95 % interval:"
        f" {', '.join(listed)}.",
    )
    if not pairs:
        return text
    related = np.corrcoef(np.log(draws.to_numpy(float)), rowvar=False)
    size = np.where(np.tri(len(related), k=-1, dtype=bool), np.abs(related), -1)
    row, column = np.unravel_index(size.argmax(), size.shape)
    first, second, strength = names[column], names[row], related[row, column]
    return text + pick(
        lang,
        zh=f"相关最强的是 {first} 与 {second}（对数的相关系数 {strength:.2f}）。",
        en=f" Most closely related: {first} and {second} (correlation of logarithms {strength:.2f}).",
    )
