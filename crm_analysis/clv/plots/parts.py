"""What the plots of this room share: words, units, the look of each model, the holdout, panels side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, DateFormatter, date2num
from matplotlib.ticker import FuncFormatter, MaxNLocator, PercentFormatter
from numpy.typing import ArrayLike

from crm_analysis.figures import FAMILY, INK, PALETTE, new_axes
from crm_analysis.words import word

BLUE, ORANGE, GREEN, PURPLE, YELLOW, SKY, GREY = PALETTE
LINES = 1.35  # line spacing of texts of two lines
SHADE = "#EEEEEE"  # ground of the time after the calibration
ACTUAL = "actual"
LONGEST = 18  # signs of a customer's id on an axis
SIGNS_PER_INCH, KEY = 13.5, 7  # of a legend; the room of its line or dot, in signs
USUAL_WIDTH = 0.775  # of axes in their figure, before they are laid out
UNITS = {"day": ("天", "days"), "week": ("周", "weeks"), "month": ("个月", "months"), "year": ("年", "years")}
SYMBOLS = {"alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ"}


class Look(NamedTuple):
    """How one model is drawn, in every plot alike."""

    color: str
    marker: str
    linestyle: str


OWN = {
    "pareto_nbd": Look(BLUE, "o", "-"),
    "bg_nbd": Look(ORANGE, "s", "--"),
    "mbg_nbd": Look(GREEN, "^", "-."),
    "nbd": Look(PURPLE, "D", ":"),
    ACTUAL: Look(INK, "o", "-"),
}
OTHERS = [Look(YELLOW, "v", "-"), Look(SKY, "P", "--"), Look(GREY, "X", "-."), Look(PURPLE, "<", "-"),
          Look(BLUE, ">", ":"), Look(ORANGE, "h", "-."), Look(GREEN, "d", "--")]  # fmt: skip


def looks(names: Iterable[str]) -> dict[str, Look]:
    """Return colour, marker and line of each model: known ones keep theirs, the others take what is free.

    Examples
    --------
    >>> looks(["bg_nbd", "last year"])["bg_nbd"].marker
    's'
    """
    listed = list(dict.fromkeys(names))
    unknown = [name for name in listed if name not in OWN]
    return {name: OWN[name] if name in OWN else OTHERS[unknown.index(name) % len(OTHERS)] for name in listed}


def pick(lang: str, *, zh: str, en: str) -> str:
    """Return the text of the report's language."""
    return zh if lang == "zh" else en


def bracket(term: str, of: str, lang: str) -> str:
    """Return an axis label with its unit in brackets: full-width brackets in Chinese.

    Examples
    --------
    >>> bracket("value", "USD", "en"), bracket("value", "", "en")
    ('value (USD)', 'value')
    """
    return f"{term}（{of}）" if lang == "zh" and of else f"{term} ({of})" if of else term


def units(unit: str, lang: str) -> str:
    """Return a unit of time in the plural, ``time units`` if the data do not say.

    Examples
    --------
    >>> units("week", "zh"), units("", "en")
    ('周', 'time units')
    """
    return pick(lang, **dict(zip(("zh", "en"), UNITS.get(unit, ("时间单位", "time units")))))


def span(count: float, unit: str, lang: str) -> str:
    """Return a span of time in words.

    Examples
    --------
    >>> span(38.857, "week", "en"), span(39, "week", "zh")
    ('38.9 weeks', '39 周')
    """
    return f"{number(count)} {units(unit, lang)}"


def number(value: float) -> str:
    """Return a number as short as it may be read: separators, at most three digits that count below a thousand.

    Examples
    --------
    >>> number(1234567.8), number(39.0), number(0.01234), number(0)
    ('1,234,568', '39', '0.0123', '0')
    """
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def short(name: object) -> str:
    """Return a customer's id, cut in the middle if it is long.

    Examples
    --------
    >>> short("7f9c2ba4-e88f-487d-a1c9-b2d4f6a8c0e1")
    '7f9c2ba4…f6a8c0e1'
    """
    text = str(name)
    half = LONGEST // 2 - 1
    return text if len(text) <= LONGEST else f"{text[:half]}…{text[-half:]}"


def label_axes(ax: Axes, *, x: str = "", y: str = "") -> None:
    """Write the axis labels as they are, a currency sign is no formula, and with Chinese also on the caller's axes."""
    ax.set_xlabel(x, parse_math=False, fontfamily=FAMILY)
    ax.set_ylabel(y, parse_math=False, fontfamily=FAMILY)


def percent(ax: Axes, *, x: bool = False, y: bool = False) -> None:
    """Show shares as whole per cent."""
    for axis in [ax.xaxis] * x + [ax.yaxis] * y:
        axis.set_major_formatter(PercentFormatter(1, decimals=0))


def thousands(ax: Axes, *, x: bool = False, y: bool = False, most: int = 6) -> None:
    """Show large numbers with separators, and not more ticks than there is room for."""
    for axis in [ax.xaxis] * x + [ax.yaxis] * y:
        axis.set_major_locator(MaxNLocator(most))
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))


def root_scale(ax: Axes, top: float, *, whole: bool = False, steps: int = 6) -> None:
    """Draw the y axis from 0 on a scale of square roots, which shows large and small counts together.

    Examples
    --------
    >>> ax = new_axes()
    >>> root_scale(ax, 1480)
    >>> ax.get_yticks().tolist()
    [0.0, 40.0, 200.0, 400.0, 700.0, 1000.0, 1500.0]
    """
    top = top if top > 0 else 1.0
    ax.set_yscale("function", functions=(lambda y: np.sqrt(np.maximum(y, 0)), np.square))
    ax.set_ylim(0, 1.1 * top)
    ticks = [0.0]
    for step in range(1, steps + 1):
        tick = float(f"{(step / steps) ** 2 * top:.{1 + (step == steps)}g}")
        if tick >= whole and np.sqrt(tick) - np.sqrt(ticks[-1]) > 0.5 * np.sqrt(top) / steps:
            ticks.append(tick)
    ax.set_yticks(ticks)
    ax.minorticks_off()
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))


def room_for(ax: Axes, count: int, *, least: int = 4) -> None:
    """Give `count` places on the x axis, 0 to `count` - 1, their room; a few stand in the middle, not blown up."""
    half = max(count, least) / 2 + 0.1
    ax.set_xlim((count - 1) / 2 - half, (count - 1) / 2 + half)


def dates(ax: Axes, first: pd.Timestamp, last: pd.Timestamp) -> None:
    """Write days on the x axis: months where the time is long, days where it is short; in figures, not in words."""
    long = last - first > pd.Timedelta(days=150)
    ax.xaxis.set_major_locator(AutoDateLocator(minticks=3 if long else 2, maxticks=8 if long else 5))
    ax.xaxis.set_major_formatter(DateFormatter("%Y-%m" if long else "%Y-%m-%d"))


def legend_above(ax: Axes, *, columns: int = 5, handles: Sequence[Artist] | None = None) -> None:
    """Write the legend above the axes, where it hides nothing, in as many columns as there is room for."""
    handles = ax.get_legend_handles_labels()[0] if handles is None else handles
    wide = sorted(KEY + sum(2 if ord(sign) > 0x2E7F else 1 for sign in str(key.get_label())) for key in handles)
    room = SIGNS_PER_INCH * ax.figure.get_figwidth() * ax.get_position().width / USUAL_WIDTH
    while columns > 1 and sum(wide[-columns:]) > room:
        columns -= 1
    ax.legend(handles=handles, loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=columns, borderaxespad=0.2,
              handlelength=2.2, columnspacing=1.4, prop={"family": FAMILY, "size": 9.5})  # fmt: skip


def note(ax: Axes, text: str, at: tuple, *, shift: tuple[float, float] = (0, 0), **how: object) -> None:
    """Write a note beside a point on a white ground, so that lines do not run through it."""
    ground = {"facecolor": "white", "edgecolor": "none", "pad": 1.0, "alpha": 0.85}
    how = {"fontsize": 9, "bbox": ground, "zorder": 5, "linespacing": LINES, "fontfamily": FAMILY} | how
    ax.annotate(text, at, xytext=shift, textcoords="offset points", parse_math=False, **how)


def shade_after(ax: Axes, day: pd.Timestamp, last: pd.Timestamp, *, text: str) -> None:
    """Mark what lies after a day: a line, a grey ground, and a word on top of it."""
    ax.axvspan(date2num(day), date2num(last), color=SHADE, zorder=0)
    ax.axvline(date2num(day), color=INK, linewidth=1, linestyle=":")
    ax.annotate(text, (date2num(day), 1), xycoords=("data", "axes fraction"), xytext=(5, -4), fontsize=9,
                textcoords="offset points", va="top", ha="left", fontfamily=FAMILY)  # fmt: skip


def whiskers(
    ax: Axes, place: ArrayLike, table: pd.DataFrame, column: str, look: Look, *, label: str, sideways: bool = False
) -> None:
    """Draw points with their intervals, upright or sideways; a point without an interval stands alone."""
    value, low, high = (table[f"{column}{side}"].to_numpy(float) for side in ("", "_low", "_high"))
    error = np.nan_to_num([np.maximum(value - low, 0), np.maximum(high - value, 0)])
    where = {"x": value, "y": place, "xerr": error} if sideways else {"x": place, "y": value, "yerr": error}
    ax.errorbar(**where, color=look.color, marker=look.marker, markersize=5, linestyle="none", elinewidth=1.2,
                capsize=3, label=label)  # fmt: skip


def beside(count: int, *, reach: float) -> np.ndarray:
    """Return shifts that put several points beside each other, from -`reach` to `reach`.

    Examples
    --------
    >>> beside(3, reach=0.2).tolist(), beside(1, reach=0.2).tolist()
    ([-0.2, 0.0, 0.2], [0.0])
    """
    return np.linspace(-reach, reach, count) if count > 1 else np.zeros(count)


def panels(ax: Axes | None, count: int, *, columns: int, width: float, height: float) -> tuple[Axes, list[Axes]]:
    """Return the axes asked for, emptied, and small axes laid out in their place.

    Examples
    --------
    >>> host, small = panels(None, 3, columns=2, width=6.0, height=4.0)
    >>> len(small), host.axison
    (3, False)
    """
    host = new_axes(ax, width=width, height=height)
    host.set_axis_off()
    grid = host.get_subplotspec().subgridspec(-(-count // columns), columns)
    return host, [host.figure.add_subplot(grid[divmod(place, columns)]) for place in range(count)]


def model_word(name: str, lang: str) -> str:
    """Return the name of a model in words; a name of the caller's own as it is."""
    return pick(lang, zh="实际", en="actual") if name == ACTUAL else word(name, lang).removesuffix(" 模型")
