"""Ovals, item lists, arrows and labels of a path diagram, in inches of the page."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Ellipse, Polygon, Rectangle

from crm_analysis.figures import INK
from crm_analysis.satisfaction.plots.parts import fold, width
from crm_analysis.satisfaction.plots.path_routes import Shape

GREY, PALE, BAR = "#7A7A7A", "#EDF2F7", "#C9DCEA"
NAME, SMALL, NUMBER, LIMITS = 10.0, 8.0, 9.5, 7.2  # points
LINE = 0.165  # inches from line to line of a name
ITEM = 0.145  # inches of one item's row
POINT = 1 / 72  # inches


@dataclass(frozen=True)
class Node:
    """A construct as drawn.

    Parameters
    ----------
    shape : Shape
    name : str
        With line breaks.
    note : str
        Below the name; empty for none.
    rows : list of (item, text, size)
        Items with their loading as text and as a length from 0 to 1.
    """

    shape: Shape
    name: str
    note: str
    rows: list[tuple[str, str, float]]


@dataclass(frozen=True)
class Arrow:
    """A path as drawn.

    Parameters
    ----------
    course : ndarray, shape (points, 2)
    size : float
        Absolute coefficient; sets the width of the line.
    sure : bool
        False for dashed and grey.
    number, limits : str
        Coefficient and its interval; empty for none.
    label : (x, y)
        Centre of the label.
    """

    course: np.ndarray
    size: float
    sure: bool
    number: str
    limits: str
    label: tuple[float, float] = (0.0, 0.0)

    @property
    def label_size(self) -> tuple[float, float]:
        """Width and height of the label, in inches."""
        return label_size(self.number, self.limits)


def text_width(text: str, points: float) -> float:
    """Width of a line in inches: a Chinese character is as wide as high, a Latin letter about half of that.

    Examples
    --------
    >>> text_width("质量", 10) > text_width("ab", 10)
    True
    """
    return sum(1.0 if ord(sign) > 0x2E7F else 0.56 for sign in text) * points * POINT


def label_size(number: str, limits: str) -> tuple[float, float]:
    """Width and height of a label, in inches."""
    if not number:
        return 0.0, 0.0
    wide = max(text_width(number, NUMBER), text_width(limits, LIMITS)) + 0.06
    return wide, 0.285 if limits else 0.165


def wrapped(name: str) -> str:
    r"""Break a name into lines: at spaces, or in the middle where it is Chinese and long.

    Examples
    --------
    >>> wrapped("perceived quality"), wrapped("企业社会责任感知")
    ('perceived\nquality', '企业社会\n责任感知')
    """
    if width(name) > 40:
        return fold(name, 17)
    lines, at = [""], 12 if len(name) <= 24 else 17
    for part in name.split():
        lines = [*lines[:-1], f"{lines[-1]} {part}".strip()] if len(lines[-1]) + len(part) < at else [*lines, part]
    lines = [line for line in lines if line]
    if len(lines) == 1 and len(name) > 6 and ord(name[0]) > 0x2E7F:
        half = (len(name) + 1) // 2
        lines = [name[:half], name[half:]]
    return "\n".join(lines)


def draw_node(ax: Axes, node: Node, scale: float) -> None:
    """Draw an oval with its name, and the list of its items."""
    shape = node.shape
    if node.rows:
        _draw_items(ax, node, scale)
    ax.add_patch(Ellipse((shape.x, shape.y), shape.width, shape.height, facecolor=PALE, edgecolor=INK,
                         linewidth=1.1 * scale, zorder=4))  # fmt: skip
    lines = node.name.count("\n") + 1
    high = lines * LINE + (0.15 if node.note else 0)
    y = shape.y + high / 2 - lines * LINE / 2
    ax.text(shape.x, y, node.name, ha="center", va="center", fontsize=NAME * scale, linespacing=1.1, zorder=5,
            parse_math=False)  # fmt: skip
    if node.note:
        ax.text(shape.x, shape.y - high / 2 + 0.07, node.note, ha="center", va="center", fontsize=SMALL * scale,
                color="#444444", zorder=5)  # fmt: skip


def draw_arrow(ax: Axes, arrow: Arrow, scale: float) -> None:
    """Draw a path: a line as wide as its coefficient is large, and a head that ends at the oval."""
    colour, width = (INK, 0.9 + 4.0 * min(arrow.size, 1.0)) if arrow.sure else (GREY, 0.9 + 2.0 * min(arrow.size, 1.0))
    tip, head = arrow.course[-1], 0.085 + 0.022 * width
    away = np.hypot(*(arrow.course - tip).T)
    rest = arrow.course[: max(1, int(np.argmax(away < head)))]
    ahead = tip - rest[-1]
    ahead = ahead / max(np.hypot(*ahead), 1e-9)
    base, side = tip - head * ahead, np.array([-ahead[1], ahead[0]]) * (0.035 + 0.016 * width)
    line = np.vstack([rest, base + 0.02 * ahead])
    style = "-" if arrow.sure else (0, (4, 2.5))
    ax.plot(*line.T, color=colour, linewidth=width * scale, linestyle=style, solid_capstyle="butt", zorder=2)
    ax.add_patch(Polygon([tip, base + side, base - side], closed=True, facecolor=colour, edgecolor="none", zorder=3))


def draw_label(ax: Axes, arrow: Arrow, scale: float) -> None:
    """Write the coefficient and its interval on white, over the arrow."""
    if not arrow.number:
        return
    (x, y), (wide, high) = arrow.label, arrow.label_size
    colour = INK if arrow.sure else "#5A5A5A"
    ax.add_patch(Rectangle((x - wide / 2, y - high / 2), wide, high, facecolor="white", edgecolor="none",
                           zorder=6))  # fmt: skip
    up = 0.062 if arrow.limits else 0.0
    ax.text(x, y + up, arrow.number, ha="center", va="center", fontsize=NUMBER * scale, color=colour, zorder=7,
            weight="bold" if arrow.sure else "normal")  # fmt: skip
    if arrow.limits:
        ax.text(x, y - 0.078, arrow.limits, ha="center", va="center", fontsize=LIMITS * scale, color=colour, zorder=7)


def _draw_items(ax: Axes, node: Node, scale: float) -> None:
    shape = node.shape
    left, top = shape.x - shape.box_width / 2, shape.y - shape.box_top
    bottom = top - shape.box_height
    ax.add_patch(Rectangle((left, bottom), shape.box_width, shape.box_height, facecolor="white", edgecolor=GREY,
                           linewidth=0.8 * scale, zorder=2.5))  # fmt: skip
    for row, (item, text, size) in enumerate(node.rows):
        y = bottom + ITEM * (len(node.rows) - row - 0.5) + 0.03
        ax.add_patch(Rectangle((left + 0.02, y - ITEM * 0.42), (shape.box_width - 0.04) * min(size, 1.0), ITEM * 0.84,
                               facecolor=BAR, edgecolor="none", zorder=2.6))  # fmt: skip
        ax.text(left + 0.05, y, item, ha="left", va="center", fontsize=LIMITS * scale, zorder=2.7, parse_math=False)
        ax.text(left + shape.box_width - 0.05, y, text, ha="right", va="center", fontsize=LIMITS * scale, zorder=2.7)
