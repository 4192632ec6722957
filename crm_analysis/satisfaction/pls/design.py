"""A path model as arrays: which item belongs to which construct, which construct acts on which."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from crm_analysis.satisfaction.survey.model import PathModel


@dataclass(frozen=True)
class Design:
    """What the algorithm needs of a `PathModel`, with p items and q constructs.

    Parameters
    ----------
    block : ndarray of int, shape (p,)
        Construct of each item.
    member : ndarray of float, shape (p, q)
        1 where the item belongs to the construct.
    edges : ndarray of bool, shape (q, q)
        True at [i, j] for a path from i to j.
    formative, common : ndarray of bool, shape (q,)
        Mode B; reflective with two or more items, which PLSc corrects.
    """

    block: np.ndarray
    member: np.ndarray
    edges: np.ndarray
    formative: np.ndarray
    common: np.ndarray

    @classmethod
    def of(cls, model: PathModel) -> Design:
        """Return the arrays of a model, items and constructs in its order."""
        names = list(model.constructs)
        block = np.repeat(np.arange(len(names)), [len(model.blocks[name]) for name in names])
        edges = np.zeros((len(names), len(names)), bool)
        for source, target in model.paths:
            edges[names.index(source), names.index(target)] = True
        return cls(
            block,
            (block[:, None] == np.arange(len(names))).astype(float),
            edges,
            np.array([model.mode(name) == "B" for name in names]),
            np.array([model.reflective(name) for name in names]),
        )

    def items(self, construct: int) -> np.ndarray:
        """Return the places of a construct's items."""
        return np.flatnonzero(self.block == construct)
