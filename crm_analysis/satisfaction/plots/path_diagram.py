"""The path diagram: constructs as ovals, paths as arrows with coefficients, R2 inside, items on request."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from matplotlib.axes import Axes

from crm_analysis.errors import InputError
from crm_analysis.figures import WIDTH, describe, new_axes, plot
from crm_analysis.satisfaction.plots.path_content import Content, numbers
from crm_analysis.satisfaction.plots.path_layout import Grid, Sizes, depths, place_nodes
from crm_analysis.satisfaction.plots.path_parts import (
    ITEM,
    LIMITS,
    LINE,
    NAME,
    Arrow,
    Node,
    draw_arrow,
    draw_label,
    draw_node,
    label_size,
    text_width,
)
from crm_analysis.satisfaction.plots.path_routes import Shape, place_labels, route
from crm_analysis.satisfaction.pls.estimator import PLS
from crm_analysis.satisfaction.pls.inference import Bootstrap
from crm_analysis.satisfaction.survey.model import PathModel

COLUMNS = 4  # more leave no room for labels on a page
OVAL = (1.35, 0.72)  # inches: ovals up to this size do not change the layout, so both languages look alike
LABEL = (0.78, 0.32)  # inches: room that the layout leaves for a label, whether or not there is one
WIDEST, FREE = 2.9, 0.45  # inches: from column to column at most; between ovals, besides a label
SIDE, KEY = 0.06, 0.30  # inches: border, and line of explanation below


@plot
def plot_path_diagram(
    fitted: PLS | PathModel,
    bootstrap: Bootstrap | None = None,
    *,
    items: bool = False,
    ax: Axes | None = None,
    lang: str = "en",
) -> Axes:
    """Path diagram, from causes on the left to results on the right.

    An arrow carries its standardised coefficient, with the interval where there is a bootstrap, and is the thicker
    the larger it is; dashed and grey where the interval covers 0. An oval tells how much of the construct the arrows
    to it explain (R2).

    Parameters
    ----------
    fitted : PLS or PathModel
        A fitted model; of a model alone the picture shows what is to be estimated.
    bootstrap : Bootstrap, optional
        From `pls.inference.bootstrap`.
    items : bool
        List each construct's items below it, with loadings (weights, for Mode B).
    ax : matplotlib.axes.Axes, optional
    lang : {"zh", "en"}

    Examples
    --------
    >>> model = PathModel({"a": ["x"], "b": ["y", "z"]}, [("a", "b")])
    >>> sorted(text.get_text() for text in plot_path_diagram(model).texts)
    ['a', 'b']
    """
    if bootstrap is not None and isinstance(fitted, PLS) and not _same_paths(fitted, bootstrap):
        raise InputError("the bootstrap is that of another fit", where="plot_path_diagram",
                         mend="bootstrap(fitted) of the same model",
                         zh="自助法结果与所绘模型不是同一次拟合")  # fmt: skip
    content = Content.of(fitted, bootstrap, items, lang)
    nodes, arrows = _laid_out(content)
    left, right, bottom, top = _bounds(nodes, arrows)
    below = KEY * bool(content.key) + KEY / 2 * content.key.count("\n")
    wide, high = max(right - left + 2 * SIDE, WIDTH), top - bottom + 2 * SIDE + below
    scale = 1.0 if ax is None else _scale(ax, wide, high)
    ax = new_axes(ax, width=wide, height=high)
    middle = (left + right) / 2
    ax.set(xlim=(middle - wide / 2, middle + wide / 2), ylim=(bottom - SIDE - below, top + SIDE))
    ax.set_aspect("equal")
    ax.set_axis_off()
    for arrow in arrows:
        draw_arrow(ax, arrow, scale)
        draw_label(ax, arrow, scale)
    for node in nodes:
        draw_node(ax, node, scale)
    if content.key:
        ax.text(middle, bottom - SIDE - 0.05, content.key, ha="center", va="top", fontsize=8 * scale)
    for text in ax.texts:
        text.set_in_layout(False)  # they stand where they stand; the axes need not shrink for them
    return describe(ax, content.alt)


def _same_paths(fitted: PLS, bootstrap: Bootstrap) -> bool:
    one, other = fitted.paths_, bootstrap.paths
    ends = ["source", "target"]
    return one[ends].equals(other[ends]) and np.allclose(one["path"], other["path"])


def _laid_out(content: Content) -> tuple[list[Node], list[Arrow]]:
    shapes, edges = _shapes(content)
    courses = route(edges, shapes)
    texts = [numbers(row) for row in content.paths.to_dict("records")]
    sizes = [label_size(*text) for text in texts]
    labels = place_labels(courses, sizes, shapes) if any(number for number, _ in texts) else [(0.0, 0.0)] * len(edges)
    arrows = [
        Arrow(course, 0.2 if math.isnan(row["path"]) else abs(row["path"]), row["sure"], *text, label)
        for course, row, text, label in zip(courses, content.paths.to_dict("records"), texts, labels)
    ]
    nodes = [Node(*parts) for parts in zip(shapes, content.names, content.notes, content.rows)]
    return nodes, arrows


def _shapes(content: Content) -> tuple[list[Shape], list[tuple[int, int]]]:
    """Ovals of one size, with room for the longest name, where the layout puts them."""
    longest = max(text_width(line, NAME) for name in content.names for line in name.split("\n"))
    width = min(max(1.02, 1.22 * longest + 0.18), 1.7)
    texts = [(item, text) for rows in content.rows for item, text, _ in rows]
    box = max((text_width(item + text, LIMITS) + 0.22 for item, text in texts), default=0.0)
    lines = [name.count("\n") + 1 for name in content.names]
    usual = min(max(lines), 2)  # a name of three lines makes its own oval higher, not all of them
    shapes = [_shape(width, max(count, usual) * LINE + 0.15 * any(content.notes) + 0.24, box, len(rows))
              for count, rows in zip(lines, content.rows)]  # fmt: skip
    names = list(content.model.constructs)
    edges = [(names.index(a), names.index(b)) for a, b in zip(content.paths["source"], content.paths["target"])]
    at = place_nodes(tuple(edges), *_room(shapes, edges))
    return [replace(shape, x=x, y=y) for shape, (x, y) in zip(shapes, at)], edges


def _shape(width: float, high: float, box: float, rows: int) -> Shape:
    """An oval, and below it a box for so many items."""
    if not rows:
        return Shape(0.0, 0.0, width, high)
    return Shape(0.0, 0.0, width, high, max(box, 0.8 * width), ITEM * rows + 0.12, high / 2 - 0.06)


def _room(shapes: list[Shape], edges: list[tuple[int, int]]) -> tuple[Sizes, Grid]:
    """Sizes of the nodes, and a grid of columns and rows on a page for them."""
    bounds = [shape.bounds() for shape in shapes]
    sizes = tuple(
        (max(OVAL[0], right - left), max(OVAL[1], top - bottom), -(top + bottom) / 2)
        for left, right, bottom, top in bounds
    )
    wide, high = max(size[0] for size in sizes), max(size[1] for size in sizes)
    depth = depths(np.array(edges), len(shapes))
    columns = min(COLUMNS, int(depth.max()) + 1)
    apart = min(WIDEST, (WIDTH - 2 * SIDE - wide) / (columns - 1))
    row = max((OVAL[1] + LABEL[1] + FREE) / 2, 0.4 * high)
    in_column = max(math.ceil(len(shapes) / columns) + 1, np.bincount(depth).max())
    rows = math.ceil(in_column * (high + 0.25) / row) + 1
    return sizes, Grid(columns, rows, apart, row, LABEL)


def _bounds(nodes: list[Node], arrows: list[Arrow]) -> tuple[float, float, float, float]:
    """Left, right, bottom and top of all that is drawn."""
    boxes = [node.shape.bounds() for node in nodes]
    for arrow in arrows:
        (x, y), (wide, high), (low, most) = (
            arrow.label,
            arrow.label_size,
            (arrow.course.min(axis=0), arrow.course.max(axis=0)),
        )
        boxes.append((low[0], most[0], low[1], most[1]))
        boxes += [(x - wide / 2, x + wide / 2, y - high / 2, y + high / 2)] if arrow.number else []
    left, right, bottom, top = zip(*boxes)
    return min(left), max(right), min(bottom), max(top)


def _scale(ax: Axes, wide: float, high: float) -> float:
    """How much smaller than planned the diagram has to be in the axes given."""
    size = ax.get_position().size * ax.get_figure(root=True).get_size_inches()
    return float(min(1.0, size[0] / wide, size[1] / high))
