"""Customers ranked by prediction: how much of the purchases the first of them make."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

TOP = 0.10


@dataclass(frozen=True)
class Ranking:
    """Rows ordered by prediction, the highest first, and where each distinct prediction ends.

    Sorted once, it serves any weights: how the bootstrap stays cheap.
    """

    order: np.ndarray
    ends: np.ndarray

    @classmethod
    def of(cls, predicted: np.ndarray) -> Ranking:
        """Return the ranking by these predictions."""
        order = np.argsort(-predicted, kind="stable")
        return cls(order, np.flatnonzero(np.r_[np.diff(predicted[order]) != 0, True]))

    def groups(self, actual: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return customers and actual purchases up to and with each distinct prediction, shape (..., groups)."""
        ordered = weight[..., self.order]
        customers = np.cumsum(ordered, axis=-1)[..., self.ends]
        ordered *= actual[self.order]
        return customers, np.cumsum(ordered, axis=-1, out=ordered)[..., self.ends]

    def gini(self, actual: np.ndarray, weight: np.ndarray) -> np.ndarray:
        """Return ``2 A - 1``, A the area under the cumulative share of purchases (not yet normalised)."""
        return _gini(*self.groups(actual, weight))

    def measures(self, actual: np.ndarray, weight: np.ndarray, perfect: np.ndarray) -> dict[str, np.ndarray]:
        """Return the measures that hang on the ranking alone; `perfect` is the gini of the actual order."""
        customers, purchases = self.groups(actual, weight)
        return {"normalised_gini": share_of(_gini(customers, purchases), perfect),
                "top_decile": captured(customers, purchases)}  # fmt: skip


def _gini(customers: np.ndarray, purchases: np.ndarray) -> np.ndarray:
    """Return 2 A - 1 from cumulative customers and purchases, by trapezoids from (0, 0)."""
    area = customers[..., 0] * purchases[..., 0]
    area = area + (np.diff(customers, axis=-1) * (purchases[..., 1:] + purchases[..., :-1])).sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return area / (customers[..., -1] * purchases[..., -1]) - 1


def captured(customers: np.ndarray, purchases: np.ndarray) -> np.ndarray:
    """Return the share of purchases of the first tenth of customers, straight within equal predictions."""
    wanted = np.ceil(np.round(TOP * customers[..., -1:], 9))
    place = (customers < wanted).sum(axis=-1, keepdims=True)  # the group in which the tenth ends
    before, sofar = (np.where(place > 0, np.take_along_axis(cumulated, np.maximum(place - 1, 0), -1), 0)
                     for cumulated in (customers, purchases))  # fmt: skip
    size, bought = (np.take_along_axis(cumulated, place, -1) for cumulated in (customers, purchases))
    with np.errstate(divide="ignore", invalid="ignore"):
        inside = sofar + (bought - sofar) * (wanted - before) / (size - before)
        return (inside / purchases[..., -1:])[..., 0]


def share_of(found: np.ndarray, perfect: np.ndarray) -> np.ndarray:
    """Return a gini as a share of that of the perfect ranking; NaN where all customers are equal."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(perfect > 0, found / perfect, np.nan)[()]
