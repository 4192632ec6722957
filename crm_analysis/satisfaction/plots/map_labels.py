"""Labels of points in a plane that keep clear of each other, of the points and of lines."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.text import Text
from matplotlib.transforms import Bbox

SIZE = 9.0  # points
FAR = (4.0, 8.0, 14.0, 22.0, 32.0)  # points from the mark to the label
SIDES = np.array(
    [(1, 1), (1, -1), (-1, 1), (-1, -1), (1, 0), (-1, 0), (0, 1), (0, -1), (0.5, 1), (0.5, -1), (-0.5, 1), (-0.5, -1)]
)


def write_labels(
    ax: Axes, at: np.ndarray, texts: Sequence[str], *, limits: np.ndarray, avoid: Sequence[Text] = (),
    lines: tuple[float, float] | None = None,
) -> list[Text]:  # fmt: skip
    """Write a label beside each point, where it hides least; with a thin line to its point where it is far off.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        With its limits as they will be.
    at : ndarray, shape (points, 2)
        In data coordinates.
    texts : sequence of str
    limits : ndarray, shape (points, 2, 2)
        Lower and upper end of each point's interval across, and upwards.
    avoid : sequence of Text
        Texts already there.
    lines : (x, y), optional
        A vertical and a horizontal line to keep off.
    """
    ax.set_xlim(ax.get_xlim())
    ax.set_ylim(ax.get_ylim())
    figure = ax.get_figure(root=True)
    drawn = [ax.text(0, 0, text, fontsize=SIZE, parse_math=False, zorder=5) for text in texts]
    for text in drawn:
        text.set_in_layout(False)
    figure.draw_without_rendering()  # settles where the axes lie, and the size of the texts
    renderer, per_point = figure.canvas.get_renderer(), figure.dpi / 72
    places = ax.transData.transform(at)
    sizes = np.array([[box.width, box.height] for box in (text.get_window_extent(renderer) for text in drawn)])
    blocked = [text.get_window_extent(renderer) for text in avoid]
    cross = None if lines is None else ax.transData.transform(lines)
    options = [_options(place, size, per_point) for place, size in zip(places, sizes)]
    bars = _bars(ax, at, limits)
    fixed = [_fixed_cost(k, options[k], places, sizes[k], ax.bbox, blocked, cross, bars, per_point)
             for k in range(len(at))]  # fmt: skip
    back = ax.transData.inverted()
    for k, chosen in enumerate(_choose(options, fixed, sizes)):
        centre = options[k][chosen]
        drawn[k].set(position=back.transform(centre), ha="center", va="center")
        if chosen >= 2 * len(SIDES):
            ax.plot(*back.transform([places[k], _edge(centre, sizes[k], places[k])]).T, color="#888888", linewidth=0.6,
                    zorder=2)  # fmt: skip
    return drawn


def _bars(ax: Axes, at: np.ndarray, limits: np.ndarray) -> np.ndarray:
    """Ends of all intervals on the screen, shape (2 x points, 2 ends, 2)."""
    across = np.stack([np.column_stack([limits[:, 0, end], at[:, 1]]) for end in (0, 1)], axis=1)
    up = np.stack([np.column_stack([at[:, 0], limits[:, 1, end]]) for end in (0, 1)], axis=1)
    both = np.concatenate([across, up])
    both = both[np.isfinite(both).all(axis=(1, 2))]
    return ax.transData.transform(both.reshape(-1, 2)).reshape(-1, 2, 2)


def _options(place: np.ndarray, size: np.ndarray, per_point: float) -> np.ndarray:
    """Centres of the label on all sides of its point, the nearer first."""
    return np.vstack([place + SIDES * (size / 2 + far * per_point) for far in FAR])


def _fixed_cost(
    k: int, options: np.ndarray, places: np.ndarray, size: np.ndarray, frame: Bbox, blocked: list[Bbox],
    cross: np.ndarray | None, bars: np.ndarray, per_point: float,
) -> np.ndarray:  # fmt: skip
    half = size / 2
    cost = np.repeat(np.array(FAR) - FAR[0], len(SIDES)) * 0.3 + np.tile(np.arange(len(SIDES)), len(FAR)) * 0.05
    middle, reach = bars.mean(axis=1), np.abs(bars[:, 1] - bars[:, 0]) / 2
    cost += 5 * (np.abs(options[:, None] - middle) < half + reach).all(axis=-1).sum(axis=1)
    outside = (options - half < [frame.x0, frame.y0]) | (options + half > [frame.x1, frame.y1])
    cost += 200 * outside.any(axis=1)
    gap = np.abs(options[:, None] - places[None]) - half - 6 * per_point
    hits = (gap < 0).all(axis=-1)
    hits[:, k] = False
    cost += 20 * hits.sum(axis=1)
    for box in blocked:
        apart = (
            np.abs(options - [(box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2]) - half - [box.width / 2, box.height / 2]
        )
        cost += 25 * (apart < 0).all(axis=1)
    if cross is not None:
        cost += 4 * (np.abs(options - cross) < half + 1).sum(axis=1)
    return cost


def _choose(options: list[np.ndarray], fixed: list[np.ndarray], sizes: np.ndarray) -> list[int]:
    chosen = [int(np.argmin(cost)) for cost in fixed]
    for _ in range(12):
        before = list(chosen)
        for k in range(len(options)):
            cost = fixed[k].copy()
            for other in range(len(options)):
                if other != k:
                    gap = np.abs(options[k] - options[other][chosen[other]]) - (sizes[k] + sizes[other]) / 2
                    cost += 40 * (gap < 1).all(axis=1)
            chosen[k] = int(np.argmin(cost))
        if chosen == before:
            break
    return chosen


def _edge(centre: np.ndarray, size: np.ndarray, place: np.ndarray) -> np.ndarray:
    """Point of the label's border nearest to its mark."""
    return np.clip(place, centre - size / 2, centre + size / 2)
