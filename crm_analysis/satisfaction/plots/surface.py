"""Plots of the models of disconfirmation: the response surface, gains and losses."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from crm_analysis.figures import INK, PALETTE, describe, new_axes, plot
from crm_analysis.satisfaction.disconfirmation.gain_loss import GainLoss
from crm_analysis.satisfaction.disconfirmation.surface import ResponseSurface
from crm_analysis.words import word

STEPS = 121  # grid points on each axis of the surface
REACH = 0.1  # of the scale: colour ends so far from the nearest respondent
OUTCOME = {"zh": "结果", "en": "outcome"}


@plot
def plot_surface(found: ResponseSurface, *, outcome: str = "", ax: Axes | None = None, lang: str = "en") -> Axes:
    """Response surface as filled contours, coloured only where there are respondents.

    Parameters
    ----------
    found : ResponseSurface
        From `surface.response_surface`.
    outcome : str
        What the outcome is called, in `lang`.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Examples
    --------
    >>> import pandas as pd
    >>> from crm_analysis.satisfaction.disconfirmation.surface import response_surface
    >>> grid = pd.DataFrame([(e, p) for e in range(1, 6) for p in range(1, 6)], columns=["e", "p"])
    >>> survey = grid.assign(z=grid["p"] - grid["e"])
    >>> ax = plot_surface(response_surface(survey, outcome="z", expectation="e", perception="p", high=5, draws=0))
    >>> ax.get_xlabel()
    'expectation (scale points)'
    """
    ax = new_axes(ax, width=6.4, height=4.9)
    axis = np.linspace(found.low, found.high, STEPS)
    x, y = np.meshgrid(axis, axis)
    height = np.ma.masked_where(~region(found, x, y), found.height(x, y))
    filled = ax.contourf(x, y, height, levels=10, cmap="viridis", alpha=0.9)
    lines = ax.contour(x, y, height, levels=filled.levels[1:-1:2], colors="white", linewidths=0.8)
    ax.clabel(lines, fontsize=8, fmt="%.1f")
    points = found.points
    ax.plot(points["expectation"], points["perception"], ".", color=INK, markersize=3, alpha=0.5)
    ends = [found.low, found.high]
    same = {"zh": "感知 = 期望", "en": "perception = expectation"}[lang]
    across = {"zh": "不一致线", "en": "line of incongruence"}[lang]
    ax.plot(ends, ends, color=PALETTE[1], linewidth=1.8, label=same)
    ax.plot(ends, ends[::-1], color=PALETTE[1], linewidth=1.8, linestyle="--", label=across)
    _mark_stationary(ax, found, lang)
    ax.set(xlim=ends, ylim=ends, aspect="equal")
    ax.grid(visible=False)
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3, handlelength=1.6, columnspacing=1.2)
    unit = {"zh": "（量表分）", "en": " (scale points)"}[lang]
    ax.set(xlabel=word("expectation", lang) + unit, ylabel=word("perception", lang) + unit)
    bar = ax.figure.colorbar(filled, ax=ax, shrink=0.85)
    bar.set_label(outcome or OUTCOME[lang], parse_math=False)
    return describe(ax, _surface_alt(found, outcome or OUTCOME[lang], lang))


@plot
def plot_gain_loss(found: GainLoss, *, outcome: str = "", ax: Axes | None = None, lang: str = "en") -> Axes:
    """Outcome over the gap: respondents as points, the fitted line with its kink at 0 and its band.

    Parameters
    ----------
    found : GainLoss
        From `gain_loss.gain_loss`.
    outcome : str
        What the outcome is called, in `lang`.
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Examples
    --------
    >>> import pandas as pd
    >>> from crm_analysis.satisfaction.disconfirmation.gain_loss import gain_loss
    >>> survey = pd.DataFrame({"e": [5] * 5 + [6], "p": [2, 4, 5, 6, 8, 7], "z": [1, 5, 7, 7.5, 8.5, 7.5]})
    >>> ax = plot_gain_loss(gain_loss(survey, outcome="z", expectation="e", perception="p", draws=5))
    >>> ax.get_xlabel()
    'gap: perception - expectation (scale points)'
    """
    ax, points = new_axes(ax), found.points
    ends = points["gap"].min(), points["gap"].max()
    curve = found.curve(np.unique(np.r_[np.linspace(*ends, 101), 0.0]))
    ax.plot(points["gap"], points["outcome"], ".", color=PALETTE[6], alpha=0.35, markersize=6, zorder=1)
    ax.fill_between(curve.index, curve["outcome_low"], curve["outcome_high"], color=PALETTE[0], alpha=0.25)
    ax.plot(curve.index, curve["outcome"], color=PALETTE[0], linewidth=2)
    ax.axvline(0, color=INK, linestyle="--", linewidth=1)
    top = max(points["outcome"].max(), curve["outcome_high"].max())
    bottom = min(points["outcome"].min(), curve["outcome_low"].min())
    ax.set_ylim(bottom - 0.05 * (top - bottom), top + 0.2 * (top - bottom))
    for term, side, align in (("loss", -1, "right"), ("gain", 1, "left")):
        row = found.table.loc[term]
        name = {"zh": {"loss": "损失斜率", "gain": "收益斜率"}, "en": {"loss": "loss slope", "gain": "gain slope"}}[
            lang
        ][term]
        text = f"{name} {row['estimate']:.2f} [{row['estimate_low']:.2f}, {row['estimate_high']:.2f}]"
        ax.annotate(text, (0, 0.95), xycoords=("data", "axes fraction"), xytext=(8 * side, 0),
                    textcoords="offset points", ha=align, va="center", fontsize=9)  # fmt: skip
    ax.set_xlabel({"zh": "差距：感知 - 期望（量表分）", "en": "gap: perception - expectation (scale points)"}[lang])
    ax.set_ylabel(outcome or OUTCOME[lang], parse_math=False)
    loss, gain = found.table.loc["loss", "estimate"], found.table.loc["gain", "estimate"]
    return describe(ax, {
        "zh": f"散点与折线图：{found.respondents} 名受访者的{outcome or '结果'}随差距变化，在 0 处转折，附 95% 区间带。"
              f"低于期望一侧斜率 {loss:.2f}，高于期望一侧 {gain:.2f}。",
        "en": f"Points and a line with a 95 % band: {outcome or 'outcome'} of {found.respondents} respondents over the "
              f"gap, with a kink at 0. Slope {loss:.2f} below expectation, {gain:.2f} above.",
    }[lang])  # fmt: skip


def region(found: ResponseSurface, expectation: np.ndarray, perception: np.ndarray) -> np.ndarray:
    """Tell which points of a grid lie among the respondents: inside their convex hull and near one of them.

    Parameters
    ----------
    found : ResponseSurface
    expectation, perception : numpy.ndarray
        In points of the scale; of one shape.
    """
    from scipy.spatial import Delaunay, cKDTree

    points = found.points[["expectation", "perception"]].drop_duplicates().to_numpy()
    grid = np.column_stack([expectation.ravel(), perception.ravel()])
    inside = Delaunay(points).find_simplex(grid) >= 0
    far, _ = cKDTree(points).query(grid)
    return (inside & (far <= REACH * (found.high - found.low))).reshape(expectation.shape)


def _mark_stationary(ax: Axes, found: ResponseSurface, lang: str) -> None:
    """Mark the stationary point if the surface bends and the point lies among the respondents."""
    x, y = found.geometry.loc[["x0", "y0"], "estimate"] + found.midpoint
    if not (np.isfinite([x, y]).all() and found.constraints.loc["plane", "p"] < 0.05):
        return
    if region(found, np.array([x]), np.array([y]))[0]:
        ax.plot([x], [y], "*", color=PALETTE[4], markeredgecolor=INK, markersize=13, linestyle="none",
                label={"zh": "驻点", "en": "stationary point"}[lang])  # fmt: skip


def _surface_alt(found: ResponseSurface, outcome: str, lang: str) -> str:
    slopes = found.mean_slopes["estimate"]
    return {
        "zh": f"等高线图：{found.respondents} 名受访者的{outcome}随期望（横轴）和感知（纵轴）变化，只在有数据处着色；"
              f"实线为感知等于期望，虚线为不一致线。在均值处，期望的斜率为 {slopes['expectation']:+.2f}，"
              f"感知的斜率为 {slopes['perception']:+.2f}。",
        "en": f"Filled contours: {outcome} of {found.respondents} respondents over expectation (across) and perception "
              f"(up), coloured where there are data; solid line perception = expectation, dashed the line of "
              f"incongruence. At the mean the slope is {slopes['expectation']:+.2f} in expectation and "
              f"{slopes['perception']:+.2f} in perception.",
    }[lang]  # fmt: skip
