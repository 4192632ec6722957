"""One customer's purchases and P(alive) after each day: falling in silence, jumping with a purchase."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from crm_analysis.clv.plots.parts import BLUE, dates, label_axes, legend_above, pick, shade_after
from crm_analysis.figures import INK, describe, new_axes, plot

LOW = 0.04  # where purchases are marked


@plot
def plot_p_alive_path(path: pd.DataFrame, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """P(alive) of one customer over time, from `alive_path.p_alive_path`; purchases as marks, days ahead dashed.

    Parameters
    ----------
    path : pandas.DataFrame
        From `p_alive_path`; with ``p_alive_low`` and ``p_alive_high`` a band is drawn.
    ax : matplotlib.axes.Axes, optional
    lang : {"en", "zh"}

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> from crm_analysis.clv import ParetoNBD
    >>> from crm_analysis.clv.views.alive_path import p_alive_path
    >>> model = ParetoNBD.with_params(r=0.553277, alpha=10.577684, s=0.606240, beta=11.668738)
    >>> ax = plot_p_alive_path(p_alive_path(model, ["2024-01-01", "2024-01-15"], until="2024-02-20"))
    >>> len(ax.lines[0].get_xdata())
    52
    """
    ax, seen = new_axes(ax, height=3.4), path[~path["ahead"]]
    day, chance = _with_jumps(seen)
    ax.plot(
        day,
        chance,
        color=BLUE,
        marker="o" if len(path) == 1 else "",
        label=pick(lang, zh="存活概率", en="P(alive)"),
    )
    later = path[path["day"] >= seen["day"].iloc[-1]]
    if len(later) > 1:
        ax.plot(later["day"], later["p_alive"], color=BLUE, linestyle="--",
                label=pick(lang, zh="此后的预期", en="as expected from then on"))  # fmt: skip
        shade_after(ax, seen["day"].iloc[-1], path["day"].iloc[-1], text=pick(lang, zh="预测", en="ahead"))
    if "p_alive_low" in path:
        level = path.attrs.get("level", 0.95)
        ax.fill_between(path["day"], path["p_alive_low"], path["p_alive_high"], color=BLUE, alpha=0.18, linewidth=0,
                        label=pick(lang, zh=f"{level:.0%} 参数区间", en=f"{level:.0%} parameter interval"))  # fmt: skip
    bought = path.loc[path["bought_on_day"], "day"]
    ax.plot(bought, np.full(len(bought), LOW), linestyle="none", marker="^", color=INK, markersize=6, zorder=5,
            label=pick(lang, zh="购买", en="purchase"))  # fmt: skip
    ax.set_ylim(0, 1.09)
    ax.set_yticks(np.arange(0, 1.01, 0.25))
    room = pd.Timedelta(days=1) if len(path) == 1 else (path["day"].iloc[-1] - path["day"].iloc[0]) * 0.01
    ax.set_xlim(path["day"].iloc[0] - room, path["day"].iloc[-1] + room)
    dates(ax, path["day"].iloc[0], path["day"].iloc[-1])
    label_axes(ax, x=pick(lang, zh="日期", en="date"), y=pick(lang, zh="存活概率", en="P(alive)"))
    legend_above(ax)
    return describe(ax, _alt(path, seen, len(bought), lang))


def _with_jumps(seen: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return days and chances in which each repeat purchase is an upright step."""
    before = seen.dropna(subset="p_alive_before")
    points = pd.concat([
        seen[["day", "p_alive"]].assign(after=True),
        before[["day"]].assign(p_alive=before["p_alive_before"], after=False),
    ]).sort_values(["day", "after"], kind="stable")  # fmt: skip
    return points["day"].to_numpy(), points["p_alive"].to_numpy(float)


def _alt(path: pd.DataFrame, seen: pd.DataFrame, purchases: int, lang: str) -> str:
    now, last, end = seen["p_alive"].iloc[-1], seen["day"].iloc[-1], path.iloc[-1]
    low = path["p_alive_before"].min()
    text = pick(
        lang,
        zh=f"折线图：一位客户每天的存活概率，共购买 {purchases} 天，截至 {last:%Y-%m-%d} 为 {now:.2f}。",
        en=f"Line: one customer's P(alive) day by day, {purchases} purchase days; on {last:%Y-%m-%d} it is {now:.2f}.",
    )
    if np.isfinite(low):
        text += pick(
            lang, zh=f"再次购买之前最低曾降到 {low:.2f}。", en=f" Its lowest value before a purchase was {low:.2f}."
        )
    if end["ahead"]:
        text += pick(lang, zh=f"到 {end['day']:%Y-%m-%d} 预期为 {end['p_alive']:.2f}。",
                     en=f" By {end['day']:%Y-%m-%d} it is expected to be {end['p_alive']:.2f}.")  # fmt: skip
    return text
