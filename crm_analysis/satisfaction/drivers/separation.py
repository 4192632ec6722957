"""Whether drivers separate the answers, so that an ordinal model has no finite estimates."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from crm_analysis.satisfaction.drivers.cumulative import Design

CLEAR = 1e-6  # part of the largest slope below which one counts as zero


def separating(design: Design, names: Sequence[str]) -> list[str]:
    """Drivers along which the likelihood rises for ever; none if estimates exist.

    By linear programming: among the directions of the parameters that make no answer less likely and some more, the one
    that needs the least of the drivers.

    Parameters
    ----------
    design : Design
        Its columns of about the same scale.
    names : sequence of str
        Of the parameters after the thresholds.

    References
    ----------
    .. [1] Albert & Anderson (1984). On the existence of maximum likelihood estimates in logistic regression models.
       Biometrika 71, 1-10.
    .. [2] Konis (2007). Linear programming algorithms for detecting separated data in binary logistic regression
       models. DPhil thesis, University of Oxford.

    Examples
    --------
    >>> from crm_analysis.satisfaction.drivers.cumulative import cumulative_design
    >>> x = np.array([[-1.0, 0], [-1, 1], [1, 0], [1, 1]])
    >>> separating(cumulative_design(np.array([0, 0, 1, 1]), x), ["quality", "value"])
    ['quality']
    """
    from scipy.optimize import linprog

    rows = np.unique(np.vstack([design.upper[design.upper_shift == 0], -design.lower[design.lower_shift == 0]]), axis=0)
    slopes = rows[:, design.cuts :]
    both = np.hstack([rows, -slopes])  # slopes as a positive less a negative part, so that few are chosen
    cost = np.concatenate([np.zeros(design.cuts), np.ones(2 * slopes.shape[1])])
    bounds = [(None, None)] * design.cuts + [(0, None)] * 2 * slopes.shape[1]
    found = linprog(cost, A_ub=-both, b_ub=np.zeros(len(rows)), A_eq=both.sum(axis=0)[None], b_eq=[len(rows)],
                    bounds=bounds, method="highs")  # fmt: skip
    if not found.success:
        return []
    size = np.abs(np.subtract(*np.split(found.x[design.cuts :], 2)))
    return [name for name, one in zip(names, size) if one > CLEAR * size.max()]
