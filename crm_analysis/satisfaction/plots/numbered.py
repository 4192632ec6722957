"""Maps with many named points: numbers beside the points that never overlap, and a key with the names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from crm_analysis.figures import INK, PALETTE
from crm_analysis.satisfaction.plots.parts import WIDE, broken, new_rows, width
from crm_analysis.words import word

GREY = PALETTE[6]
SIGNS = {True: "o", False: "D"}  # decided or not: by shape and filling
COLUMNS, ROW_COLUMNS = 26, 36  # width of a name in a key, and beside a row
STEPS = (10, 15, 21, 28, 36, 46, 58)  # points from the mark to the middle of its number
ANGLES = np.deg2rad(np.r_[45, 135, 315, 225, 0, 90, 180, 270, 22, 67, 112, 157, 202, 247, 292, 337])


def label(name: object, lang: str, *, columns: int = COLUMNS) -> str:
    r"""Return the name of an attribute, of a segment and an attribute, in words, on lines of a readable length.

    Examples
    --------
    >>> label("quality of the goods as they were described", "en").count("\n")
    1
    """
    text = " / ".join(word(part, lang) for part in (name if isinstance(name, tuple) else (name,)))
    lines = -(-width(text) // columns)
    longest = max(map(len, text.split()), default=1) if _is_spaced(text) else 1
    tried = (broken(text, size) for size in range(max(columns // 2, longest), columns))
    return "\n".join(next((found for found in tried if len(found) <= lines), broken(text, columns)))


def _is_spaced(text: str) -> bool:
    return not any(sign >= WIDE for sign in text)


def named_rows(ax: Axes | None, names: Sequence[str], lang: str) -> Axes:
    """Axes with one row for each name, as high as the names need; axes that are given keep their size."""
    own = ax is None
    ax = new_rows(ax, len(names), names, lang, columns=ROW_COLUMNS)
    lines = max((name.count("\n") + 1 for name in names), default=1)
    if own:
        ax.figure.set_figheight(max(2.2, 1.3 + max(0.5, 0.19 * lines + 0.1) * len(names)))
    for text in ax.get_yticklabels():
        text.set_linespacing(1.2)
    return ax


def percent(settings: pd.DataFrame, lang: str) -> str:
    """Return the level of an analysis as its limits are named.

    Examples
    --------
    >>> percent(pd.DataFrame({"choice": ["0.9"]}, index=["level"]), "en")
    '90 %'
    """
    text = f"{100 * float(settings.loc['level', 'choice']):g}"
    return f"{text}%" if lang == "zh" else f"{text} %"


def height_for(names: Iterable[str], *, least: float = 4.4) -> float:
    """Return the height in inches of a map whose key lists these names.

    Examples
    --------
    >>> height_for(["a"] * 40)
    8.7
    """
    lines = sum(name.count("\n") + 1 for name in names)
    return max(least, round(0.7 + 0.2 * lines, 2))


def marks(ax: Axes, x: Sequence[float], y: Sequence[float], *, colours: Sequence[str], decided: Sequence[bool]) -> None:
    """Draw points: filled discs where decided, open diamonds where not."""
    for at, (across, up) in enumerate(zip(x, y)):
        ax.plot([across], [up], linestyle="none", marker=SIGNS[bool(decided[at])], markersize=7, zorder=4,
                markeredgecolor=colours[at], markerfacecolor=colours[at] if decided[at] else "white",
                markeredgewidth=1.5, clip_on=False)  # fmt: skip


def outlines(ax: Axes, regions: pd.DataFrame, columns: Sequence[str], colours: Sequence[str]) -> None:
    """Fill the region of each attribute, in the order of the regions; columns are x and y."""
    names = [name for name in regions if name not in columns]
    parts = regions.groupby(names, sort=False, dropna=False)
    for (_, part), colour in zip(parts, colours):
        x, y = part[columns[0]].to_numpy(), part[columns[1]].to_numpy()
        if np.isfinite(x).all() and np.isfinite(y).all():
            ax.fill(x, y, facecolor=colour, alpha=0.13, linewidth=0, zorder=2)
            ax.plot(x, y, color=colour, alpha=0.55, linewidth=0.9, zorder=2)


def key(ax: Axes, names: Sequence[str], *, colours: Sequence[str], decided: Sequence[bool], lang: str) -> None:
    """List numbers and names right of the axes, and what the shapes of the marks mean above them."""
    handles = [_mark(colours[at], decided[at], f"{at + 1}  {name}") for at, name in enumerate(names)]
    listing = ax.legend(handles=handles, loc="upper left", bbox_to_anchor=(1.01, 1.02), fontsize=9, labelspacing=0.45,
                        handletextpad=0.3, borderaxespad=0)  # fmt: skip
    for text in listing.get_texts():
        text.set_parse_math(False)
        text.set_linespacing(1.25)
    ax.add_artist(listing)
    listing.set_clip_on(False)  # else the layout leaves no room for it
    shapes = [("已定", "decided", True), ("未定", "not decided", False)]
    shown = [_mark(GREY, flag, zh if lang == "zh" else en) for zh, en, flag in shapes if flag in list(decided)]
    ax.legend(handles=shown, loc="lower left", bbox_to_anchor=(0, 1.0), ncols=2, fontsize=9, borderaxespad=0.2)


def _mark(colour: str, decided: bool, text: str) -> Line2D:
    return Line2D([], [], linestyle="none", marker=SIGNS[bool(decided)], markersize=7, markeredgecolor=colour,
                  markerfacecolor=colour if decided else "white", markeredgewidth=1.5, label=text)  # fmt: skip


def named(groups: Iterable[tuple[str, Iterable]], lang: str) -> str:
    """Return groups and their members as a text for those who do not see the plot.

    Examples
    --------
    >>> named([("keep", ["x", "y"])], "en")
    'keep: x, y'
    """
    between, colon, end = ("、", "：", "；") if lang == "zh" else (", ", ": ", "; ")
    parts = [f"{word(name, lang)}{colon}{between.join(label(one, lang, columns=999) for one in members)}"
             for name, members in groups]  # fmt: skip
    return end.join(parts)


def corner_names(ax: Axes, names: Sequence[str]) -> None:
    """Write the names of the quadrants into the corners: upper left, upper right, lower left, lower right."""
    for name, (x, y) in zip(names, ((0.015, 0.985), (0.985, 0.985), (0.015, 0.015), (0.985, 0.015))):
        side, end = "left" if x < 0.5 else "right", "top" if y > 0.5 else "bottom"
        ax.text(x, y, name, transform=ax.transAxes, ha=side, va=end, color=GREY, fontsize=10, fontweight="bold",
                zorder=1.5, bbox={"facecolor": "white", "alpha": 0.8, "linewidth": 0, "pad": 1})  # fmt: skip


def numbers(ax: Axes, x: Sequence[float], y: Sequence[float]) -> None:
    """Write 1, 2, ... beside the points, clear of every point, of each other and of the corners' texts.

    Call it last: the places are found for the size that the axes then have.
    """
    ax.figure.draw_without_rendering()
    scale = ax.figure.dpi / 72
    points = ax.transData.transform(np.column_stack([x, y]).astype(float)) / scale
    frame = ax.get_window_extent()
    box = np.array([frame.x0, frame.y0, frame.x1, frame.y1]) / scale
    taken = [np.array(text.get_window_extent().extents) / scale for text in ax.texts]
    for at, point in enumerate(points):
        if np.isfinite(point).all():
            place = _place(point, points, taken, box, size=(5.5 * len(str(at + 1)) + 3, 11))
            taken.append(_extent(place, (5.5 * len(str(at + 1)) + 3, 11)))
            far = np.linalg.norm(place - point) > STEPS[1]
            ax.annotate(str(at + 1), (x[at], y[at]), xytext=tuple(place - point), textcoords="offset points",
                        ha="center", va="center", fontsize=9, zorder=5, color=INK,
                        arrowprops={"arrowstyle": "-", "color": GREY, "linewidth": 0.6, "shrinkA": 4, "shrinkB": 4}
                        if far else None)  # fmt: skip


def _extent(middle: np.ndarray, size: tuple[float, float]) -> np.ndarray:
    half = np.array(size) / 2
    return np.r_[middle - half, middle + half]


def _place(
    point: np.ndarray, points: np.ndarray, taken: list[np.ndarray], box: np.ndarray, *, size: tuple[float, float]
) -> np.ndarray:
    """Middle of a number near a point: the nearest free place, or the one that covers least."""
    best, least = point, np.inf
    for step in STEPS:
        for angle in ANGLES:
            middle = point + step * np.array([np.cos(angle), np.sin(angle)])
            covered = _covered(_extent(middle, size), points, taken, box)
            if covered == 0:
                return middle
            if covered < least:
                best, least = middle, covered
    return best


def _covered(extent: np.ndarray, points: np.ndarray, taken: list[np.ndarray], box: np.ndarray) -> float:
    """How much a number would cover: area shared with other texts, points under it, length beyond the frame."""
    over = sum(
        max(0.0, min(extent[2], other[2]) - max(extent[0], other[0]))
        * max(0.0, min(extent[3], other[3]) - max(extent[1], other[1]))
        for other in taken
    )
    inside = (np.abs(points - (extent[:2] + extent[2:]) / 2) < (extent[2:] - extent[:2]) / 2 + 4).all(axis=1)
    beyond = np.maximum(box[:2] - extent[:2], 0).sum() + np.maximum(extent[2:] - box[2:], 0).sum()
    return over + 60 * inside.sum() + 30 * beyond
