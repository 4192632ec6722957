"""Parts that several plots of this room share: named rows, dots with intervals."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from crm_analysis.figures import INK, PALETTE, new_axes
from crm_analysis.words import word

LIMITS = {"ecolor": INK, "elinewidth": 1.2, "capsize": 3}


def new_rows(ax: Axes | None, rows: int, names: Iterable[str], lang: str) -> Axes:
    """Axes with one named row for each entry, the first on top."""
    ax = new_axes(ax, height=max(2.2, 1.3 + 0.5 * rows))
    ax.set_yticks(np.arange(rows), labels=[word(name, lang) for name in names], parse_math=False, linespacing=1.3)
    ax.set_ylim(rows - 0.45, -0.55)
    ax.grid(visible=False, axis="y")
    return ax


def dots(ax: Axes, table: pd.DataFrame, name: str) -> None:
    """Draw a column of a table as dots with its intervals, one per row."""
    ax.errorbar(table[name], np.arange(len(table)), xerr=distances(table, name), fmt="o", color=PALETTE[0],
                markersize=7, **LIMITS)  # fmt: skip


def distances(table: pd.DataFrame, name: str) -> np.ndarray:
    """Distances from the value down and up to its limits; none where there are no limits."""
    low, high = table[name] - table[f"{name}_low"], table[f"{name}_high"] - table[name]
    return np.nan_to_num(np.vstack([low, high]).astype(float)).clip(min=0)
