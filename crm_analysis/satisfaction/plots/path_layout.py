"""Where the constructs of a path diagram stand: columns from causes to results, few crossings, room for labels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np

STARTS = 14  # random beginnings of the search, after the one by layers
MARGIN = 0.10  # inches kept free around a node
NARROW = np.cos(np.radians(14))  # two edges closer than this angle at a common node are hard to tell apart

Edges = tuple[tuple[int, int], ...]
Sizes = tuple[tuple[float, float, float], ...]


@dataclass(frozen=True)
class Grid:
    """Cells in which a construct may stand, in inches; rows are half a node apart so that nodes can be staggered.

    Parameters
    ----------
    columns, rows : int
    wide, high : float
        From column to column and from row to row.
    label : (width, height)
        Of the label of an edge.
    """

    columns: int
    rows: int
    wide: float
    high: float
    label: tuple[float, float]

    def centres(self, cells: np.ndarray) -> np.ndarray:
        """Positions of cells (column, row), the first row on top."""
        return cells * np.array([self.wide, -self.high])


@lru_cache(maxsize=64)
def place_nodes(edges: Edges, sizes: Sizes, grid: Grid) -> tuple[tuple[float, float], ...]:
    """Return positions of nodes in inches: edges run to the right, cross seldom and pass no other node.

    A local search over cells from several beginnings: one node moves to another cell, or two change places, as long
    as the picture gets better; the best picture wins. Beginnings are seeded, so a model always looks the same.

    Parameters
    ----------
    edges : tuple of (source, target)
        Places of nodes; without circles.
    sizes : tuple of (width, height, drop)
        Of each node's box, whose centre lies `drop` below the place to which edges run.
    grid : Grid

    Examples
    --------
    >>> grid = Grid(2, 3, 2.0, 0.6, (0.4, 0.2))
    >>> (ax, ay), (bx, by) = place_nodes(((0, 1),), ((1.0, 0.5, 0.0),) * 2, grid)
    >>> bx > ax, ay == by
    (True, True)
    """
    task = _Task(np.array(edges), np.array(sizes), grid)
    rng = np.random.default_rng(0)
    best = min((_improve(start, task) for start in _beginnings(task, rng)), key=lambda found: found[0])[1]
    mirrored = best * [1, -1] + [0, best[:, 1].max() + best[:, 1].min()]
    best = min((best, mirrored), key=lambda cells: float(task.cost(cells[None])[0]))
    best = best - best.min(axis=0)
    return tuple((float(x), float(y)) for x, y in grid.centres(best))


def depths(edges: np.ndarray, nodes: int) -> np.ndarray:
    """Length of the longest way of edges that leads to each node.

    Examples
    --------
    >>> depths(np.array([[0, 1], [1, 2], [0, 2]]), 3).tolist()
    [0, 1, 2]
    """
    depth = np.zeros(nodes, int)
    for _ in range(nodes):
        np.maximum.at(depth, edges[:, 1], depth[edges[:, 0]] + 1)
    return depth


class _Task:
    """A diagram to lay out, and the cost of candidate placements of shape (candidates, nodes, 2)."""

    def __init__(self, edges: np.ndarray, sizes: np.ndarray, grid: Grid) -> None:
        self.edges, self.sizes, self.grid, self.nodes = edges, sizes[:, :2], grid, len(sizes)
        self.drop = np.column_stack([np.zeros(len(sizes)), -sizes[:, 2]])
        self.node_pairs = np.array(list(combinations(range(len(sizes)), 2)), int).reshape(-1, 2)
        pairs = np.array(list(combinations(range(len(edges)), 2)), int).reshape(-1, 2)
        shared = (edges[pairs[:, 0], :, None] == edges[pairs[:, 1], None, :]).any(axis=(1, 2))
        self.apart, self.joined = pairs[~shared], pairs[shared]
        self.strange = (edges[:, :, None] != np.arange(self.nodes)).all(axis=1)  # (edges, nodes): not its own ends
        self.label_pairs = pairs
        self.roots = np.setdiff1d(np.arange(self.nodes), edges[:, 1])  # causes of all: on the left and on top

    def cost(self, cells: np.ndarray) -> np.ndarray:
        """Cost of each candidate; the parts are weighed by how much they disturb a reader."""
        at = self.grid.centres(cells.astype(float))
        start, end = at[:, self.edges[:, 0]], at[:, self.edges[:, 1]]
        step = end - start
        length = np.hypot(step[..., 0], step[..., 1])
        rows, box = cells[..., 1], at + self.drop
        return (
            1000 * self._overlaps(box) + 300 * (step[..., 0] < -0.01).sum(axis=1)
            + 40 * self._touched(box, start, step) + 14 * self._crossings(start, end) + 6 * self._narrow(step, length)
            + 9 * self._label_clashes(box, (start + end) / 2) + 1.2 * length.sum(axis=1)
            + 1.5 * (np.abs(step[..., 0]) < 0.01).sum(axis=1) + 0.4 * np.ptp(rows, axis=1)
            + 0.3 * (step[..., 1] > 0.01).sum(axis=1) + 0.5 * rows[:, self.roots].mean(axis=1)
            + 0.6 * np.abs(rows - (rows.max(axis=1) + rows.min(axis=1))[:, None] / 2).mean(axis=1)
        )  # fmt: skip

    def _overlaps(self, box: np.ndarray) -> np.ndarray:
        a, b = self.node_pairs.T
        room = (self.sizes[a] + self.sizes[b]) / 2 + 2 * MARGIN
        return (np.abs(box[:, a] - box[:, b]) < room).all(axis=-1).sum(axis=1)

    def _touched(self, box: np.ndarray, start: np.ndarray, step: np.ndarray) -> np.ndarray:
        """Edges that pass a node not their own: the spans in which they are level with it both ways overlap."""
        step = np.where(np.abs(step) < 1e-9, 1e-9, step)[:, :, None]
        near = (box[:, None] - start[:, :, None]) / step  # (C, edges, nodes, 2): when the edge is level with the centre
        reach = (self.sizes / 2 + MARGIN) / np.abs(step)
        enter, leave = (near - reach).max(axis=-1), (near + reach).min(axis=-1)
        hit = (np.maximum(enter, 0) < np.minimum(leave, 1)) & self.strange
        return hit.sum(axis=(1, 2))

    def _crossings(self, start: np.ndarray, end: np.ndarray) -> np.ndarray:
        a, b = self.apart.T
        one = _side(start[:, a], end[:, a], start[:, b]) * _side(start[:, a], end[:, a], end[:, b])
        two = _side(start[:, b], end[:, b], start[:, a]) * _side(start[:, b], end[:, b], end[:, a])
        return ((one < 0) & (two < 0)).sum(axis=1)

    def _narrow(self, step: np.ndarray, length: np.ndarray) -> np.ndarray:
        a, b = self.joined.T
        unit = step / np.maximum(length, 1e-9)[..., None]
        same_end = (self.edges[a] == self.edges[b]).any(axis=1)  # both leave, or both arrive; else one passes on
        cosine = (unit[:, a] * unit[:, b]).sum(axis=-1) * np.where(same_end, 1, -1)
        return (cosine > NARROW).sum(axis=1)

    def _label_clashes(self, box: np.ndarray, middle: np.ndarray) -> np.ndarray:
        a, b = self.label_pairs.T
        size = np.array(self.grid.label)
        each_other = (np.abs(middle[:, a] - middle[:, b]) < size).all(axis=-1).sum(axis=1)
        gap = np.abs(middle[:, :, None] - box[:, None])
        return each_other + (gap < (self.sizes + size) / 2).all(axis=-1).sum(axis=(1, 2))


def _side(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> np.ndarray:
    """On which side of the line from a to b the point c lies."""
    return (b[..., 0] - a[..., 0]) * (c[..., 1] - a[..., 1]) - (b[..., 1] - a[..., 1]) * (c[..., 0] - a[..., 0])


def _beginnings(task: _Task, rng: np.random.Generator) -> list[np.ndarray]:
    """Placements to improve: the columns by depth each time, rows at random but for the first."""
    grid, depth = task.grid, depths(task.edges, task.nodes)
    column = depth * (grid.columns - 1) / max(depth.max(), 1)
    found = []
    for start in range(STARTS + 1):
        moved = column + (rng.uniform(-0.7, 0.7, task.nodes) if start else 0)
        columns = np.clip(np.round(moved), 0, grid.columns - 1).astype(int)
        cells = np.zeros((task.nodes, 2), int)
        for one in range(grid.columns):
            own = np.flatnonzero(columns == one)
            spread = rng.permutation(grid.rows) if start else np.arange(0, 2 * grid.rows, 2)
            rows = spread[np.arange(len(own)) % grid.rows] % grid.rows
            cells[own] = np.column_stack([np.full(len(own), one), rows])
        found.append(cells)
    return found


def _improve(cells: np.ndarray, task: _Task) -> tuple[float, np.ndarray]:
    every = np.stack(np.meshgrid(np.arange(task.grid.columns), np.arange(task.grid.rows)), axis=-1).reshape(-1, 2)
    pairs = list(combinations(range(task.nodes), 2))
    now = float(task.cost(cells[None])[0])
    while True:
        moves = np.repeat(cells[None], task.nodes * len(every) + len(pairs), axis=0)
        for node in range(task.nodes):
            moves[node * len(every) : (node + 1) * len(every), node] = every
        for k, (a, b) in enumerate(pairs, start=task.nodes * len(every)):
            moves[k, [a, b]] = moves[k, [b, a]]
        cost = task.cost(moves)
        if cost.min() >= now - 1e-9:
            return now, cells
        now, cells = float(cost.min()), moves[cost.argmin()]
