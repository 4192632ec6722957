"""SMOTE: new churners between old ones."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from crm_analysis.errors import InputError


class Smote(NamedTuple):
    """Synthetic rows and what they were made of.

    Parameters
    ----------
    points : numpy.ndarray of shape (n, columns)
    parent, neighbour : numpy.ndarray of int
        Rows of the input between which each point lies.
    place : numpy.ndarray of float
        0 at the parent, 1 at the neighbour.
    """

    points: np.ndarray
    parent: np.ndarray
    neighbour: np.ndarray
    place: np.ndarray


def smote(churners: np.ndarray, *, n: int, k: int = 5, rng: int | np.random.Generator = 0) -> Smote:
    r"""Make synthetic churners: points on the lines from churners to their nearest fellow churners.

    .. math:: x_{new} = x_i + u\,(x_j - x_i),\quad u \sim U(0, 1),\quad j \text{ among the } k \text{ nearest of } i

    Half a contract on paper and half by mail is no customer: on one-hot columns the new points are not even possible.

    Parameters
    ----------
    churners : numpy.ndarray of shape (rows, columns)
        Numbers only, no blanks; distances are Euclidean, so scale decides who is near.
    n : int >= 0
        Points to make; parents are drawn with replacement.
    k : int >= 1
        Neighbours; fewer where there are not that many churners.
    rng : int or numpy.random.Generator

    Returns
    -------
    Smote

    Raises
    ------
    InputError
        With fewer than two churners, blanks, or counts outside their range.

    References
    ----------
    .. [1] Chawla, Bowyer, Hall & Kegelmeyer (2002). SMOTE. JAIR 16, 321-357, section 4.2.

    Examples
    --------
    >>> made = smote(np.array([[0.0], [1.0]]), n=3)
    >>> bool(((made.points > 0) & (made.points < 1)).all()), made.points.shape
    (True, (3, 1))
    """
    from sklearn.neighbors import NearestNeighbors

    rows = np.asarray(churners, float)
    if rows.ndim != 2 or len(rows) < 2 or not np.isfinite(rows).all() or n < 0 or k < 1:
        raise InputError(f"SMOTE cannot make {n} points from an array of shape {rows.shape} with k={k}",
                         where="churners", expected="two churners or more, numbers without blanks; n from 0, k from 1",
                         mend="fill blanks and encode texts first", zh="SMOTE 需要至少两名流失客户，"
                                                                       "且特征为无空值的数值")  # fmt: skip
    rng, k = np.random.default_rng(rng), min(k, len(rows) - 1)
    near = NearestNeighbors(n_neighbors=k).fit(rows).kneighbors(return_distance=False)
    parent = rng.integers(0, len(rows), n)
    neighbour = near[parent, rng.integers(0, k, n)]
    place = rng.random(n)
    points = rows[parent] + place[:, None] * (rows[neighbour] - rows[parent])
    return Smote(points, parent, neighbour, place)
