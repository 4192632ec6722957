"""How the edges of a path diagram run, round nodes that stand in the way, and where their labels find room."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

BENDS = (0.0, 0.22, -0.22, 0.45, -0.45, 0.7, -0.7, 1.0, -1.0, 1.35, -1.35)  # inches off the straight line
POINTS = 201  # of a curve
PLACES = np.linspace(0.18, 0.82, 17)  # of a label along the visible part of its edge
BESIDE = 0.07  # inches between an edge and a label beside it
HEAD = 0.2  # inches at the end of an edge that no label may hide
APART = 0.12  # inches between two labels
CLEAR = 0.07  # inches between an edge and a node it passes


@dataclass(frozen=True)
class Shape:
    """A node as drawn: an oval, and a box of items below it that may be absent (height 0).

    Parameters
    ----------
    x, y : float
        Centre of the oval.
    width, height : float
        Of the oval.
    box_width, box_height : float
        Of the box, whose upper edge is `box_top` below the centre of the oval.
    box_top : float
    """

    x: float
    y: float
    width: float
    height: float
    box_width: float = 0.0
    box_height: float = 0.0
    box_top: float = 0.0

    def holds(self, points: np.ndarray, room: float = 0.0) -> np.ndarray:
        """Whether points (..., 2) lie in the oval or the box, or within `room` of them."""
        dx, dy = points[..., 0] - self.x, points[..., 1] - self.y
        oval = (dx / (self.width / 2 + room)) ** 2 + (dy / (self.height / 2 + room)) ** 2 < 1
        low, high = -self.box_top - self.box_height - room, -self.box_top + room
        box = (np.abs(dx) < self.box_width / 2 + room) & (dy > low) & (dy < high) if self.box_height else False
        return oval | box

    def bounds(self) -> tuple[float, float, float, float]:
        """Left, right, bottom, top."""
        half = max(self.width, self.box_width) / 2
        bottom = max(self.height / 2, self.box_top + self.box_height)
        return self.x - half, self.x + half, self.y - bottom, self.y + self.height / 2


def route(edges: list[tuple[int, int]], shapes: list[Shape]) -> list[np.ndarray]:
    """Visible course of each edge, shape (points, 2), from the border of one node to that of the other.

    Short edges are laid first, as straight as they can; an edge that would pass a node, or run along another, bends.
    """
    length = [np.hypot(shapes[a].x - shapes[b].x, shapes[a].y - shapes[b].y) for a, b in edges]
    laid: dict[int, np.ndarray] = {}
    for k in np.argsort(length, kind="stable"):
        options = [_visible(_curve(shapes[edges[k][0]], shapes[edges[k][1]], bend), shapes, edges[k]) for bend in BENDS]
        costs = [_cost(course, bend, k, edges, shapes, laid) for course, bend in zip(options, BENDS)]
        laid[int(k)] = options[int(np.argmin(costs))]
    return [laid[k] for k in range(len(edges))]


def place_labels(
    courses: list[np.ndarray], sizes: list[tuple[float, float]], shapes: list[Shape]
) -> list[tuple[float, float]]:
    """Centre of each edge's label: on its edge or just beside it, clear of nodes, other labels and other edges."""
    options = [_label_options(course, size) for course, size in zip(courses, sizes)]
    fixed = [_fixed_cost(k, options[k], courses, sizes[k], shapes) for k in range(len(courses))]
    chosen = [int(np.argmin(cost)) for cost in fixed]
    for _ in range(8):
        before = list(chosen)
        for k in range(len(courses)):
            cost = fixed[k].copy()
            for other in range(len(courses)):
                if other != k:
                    gap = np.abs(options[k] - options[other][chosen[other]])
                    room = (np.array(sizes[k]) + sizes[other]) / 2 + APART
                    cost += 60 * (np.clip(room - gap, 0, None) / room).prod(axis=1) ** 0.5
            chosen[k] = int(np.argmin(cost))
        if chosen == before:
            break
    return [tuple(map(float, options[k][chosen[k]])) for k in range(len(courses))]


def _curve(start: Shape, end: Shape, bend: float) -> np.ndarray:
    """Bezier curve of second degree between centres; its middle lies `bend` inches off the straight line."""
    a, b = np.array([start.x, start.y]), np.array([end.x, end.y])
    step = b - a
    across = np.array([-step[1], step[0]]) / max(np.hypot(*step), 1e-9)
    middle = (a + b) / 2 + 2 * bend * across
    t = np.linspace(0, 1, POINTS)[:, None]
    return (1 - t) ** 2 * a + 2 * t * (1 - t) * middle + t**2 * b


def _visible(course: np.ndarray, shapes: list[Shape], edge: tuple[int, int]) -> np.ndarray:
    """Return the course from where it last leaves its source to where it first meets its target."""
    inside_start = np.flatnonzero(shapes[edge[0]].holds(course, 0.0))
    first = inside_start.max() if len(inside_start) else 0
    inside_end = np.flatnonzero(shapes[edge[1]].holds(course, 0.01))
    inside_end = inside_end[inside_end > first]
    last = inside_end.min() if len(inside_end) else len(course)
    return course[first:last] if last - first >= 2 else course[first : first + 2]


def _cost(
    course: np.ndarray, bend: float, k: int, edges: list[tuple[int, int]], shapes: list[Shape],
    laid: dict[int, np.ndarray],
) -> float:  # fmt: skip
    cost = 2.5 * abs(bend) + 0.25 * (bend != 0)
    for place, shape in enumerate(shapes):
        if place not in edges[k]:
            cost += 30 * float(shape.holds(course, CLEAR).mean() > 0) + 40 * float(shape.holds(course, 0.02).mean())
    for other in laid.values():
        gap = np.hypot(*(course[::8, None] - other[None, ::8]).transpose(2, 0, 1)).min(axis=1)
        near = gap < 0.09
        cost += 1.2 * float(near.any()) + 14 * max(0.0, float(near.mean()) - 0.12)  # a crossing; a way side by side
    return cost


def _label_options(course: np.ndarray, size: tuple[float, float]) -> np.ndarray:
    """Centres on the edge, and beside it on either side, shape (3 x places, 2)."""
    step = np.hypot(*np.diff(course, axis=0).T)
    along = np.concatenate([[0], np.cumsum(step)]) / step.sum()
    on = np.column_stack([np.interp(PLACES, along, course[:, d]) for d in (0, 1)])
    ahead = np.column_stack([np.interp(PLACES + 0.02, along, course[:, d]) for d in (0, 1)]) - on
    across = np.column_stack([-ahead[:, 1], ahead[:, 0]]) / np.maximum(np.hypot(*ahead.T), 1e-9)[:, None]
    off = (np.abs(across) * np.array(size)).sum(axis=1, keepdims=True) / 2 + BESIDE
    return np.vstack([on, on + across * off, on - across * off])


def _fixed_cost(
    k: int, options: np.ndarray, courses: list[np.ndarray], size: tuple[float, float], shapes: list[Shape]
) -> np.ndarray:
    """Cost of each option that does not depend on the other labels."""
    half = np.array(size) / 2
    beside = np.repeat([0.0, 1.0, 1.0], len(PLACES))
    cost = 5 * np.abs(np.tile(PLACES, 3) - 0.5) + 1.6 * beside
    own = courses[k]
    long = np.hypot(*np.diff(own, axis=0).T).sum()
    corners = options[:, None] + np.array([(x, y) for x in np.linspace(-1, 1, 7) for y in (-1, -0.3, 0.3, 1)]) * half
    for shape in shapes:
        cost += 120 * shape.holds(corners, 0.02).mean(axis=1)
    for place, course in enumerate(courses):
        inside = (np.abs(course[None] - options[:, None]) < half + 0.02).all(axis=-1)
        head = np.hypot(*(course - course[-1]).T) < HEAD
        cost += 25 * (inside & head).any(axis=1)
        if place == k:
            hidden = inside.mean(axis=1)
            cost += 14 * np.clip(hidden - 0.5, 0, None) + (8 if long < 2.2 * half[0] else 0) * hidden * (beside == 0)
        else:
            cost += 12 * inside.any(axis=1)
    return cost
