"""How many purchases a customer may make: the distribution of the number in a horizon, for many customers at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from crm_analysis.clv.cases import Cases
from crm_analysis.clv.models.model import PurchaseModel

SINGLE = 64  # numbers up to here are counted one by one, larger ones in classes of about half their square root
REST, NOTHING = 1e-7, 1e-12  # probability left over at which counting ends; and of a class far out
MOST_CLASSES = 100_000


@dataclass(frozen=True)
class Counts:
    """Numbers of purchases of somebody alive at T, for the distinct (x, T): one entry per pair and class of numbers.

    Parameters
    ----------
    x, T : numpy.ndarray of shape (pairs,)
    of_case : numpy.ndarray of int, shape (cases,)
        The pair of each case.
    pair : numpy.ndarray of int, shape (entries,)
        Ascending.
    n, width : numpy.ndarray of shape (entries,)
        Middle of the class, ascending within the pair, and how many whole numbers it holds.
    probability : numpy.ndarray of shape (entries,)
        Adds up to 1 in each pair.
    """

    x: np.ndarray
    T: np.ndarray
    of_case: np.ndarray
    pair: np.ndarray
    n: np.ndarray
    width: np.ndarray
    probability: np.ndarray

    @classmethod
    def of(cls, model: PurchaseModel, cases: Cases, horizon: float) -> Self:
        """Count until practically nothing is left, at the parameters of the model."""
        pairs, of_case = np.unique(cases.x + 1j * cases.T, return_inverse=True)
        x, T = pairs.real, pairs.imag
        later = tuple(np.broadcast_to(value, x.shape) for value in model._updated(model.theta_, x, T))
        mean = np.broadcast_to(model._mean(later, np.asarray(horizon)), x.shape)
        entries = _count(model, later, mean, horizon)
        order = np.argsort(entries[0], kind="stable")
        pair, n, width, probability = (values[order] for values in entries)
        total = np.bincount(pair, weights=probability, minlength=len(x))
        return cls(x, T, of_case, pair, n, width, probability / total[pair])

    def take(self, cases: np.ndarray) -> Self:
        """Return the counts of some of the cases alone."""
        pairs, of_case = np.unique(self.of_case[cases], return_inverse=True)
        kept = np.isin(self.pair, pairs)
        entries = (self.n[kept], self.width[kept], self.probability[kept])
        return type(self)(self.x[pairs], self.T[pairs], of_case, np.searchsorted(pairs, self.pair[kept]), *entries)

    @property
    def zero(self) -> np.ndarray:
        """P(no purchase) of somebody alive, per pair."""
        first = np.searchsorted(self.pair, np.arange(len(self.x)))
        return np.where(self.n[first] == 0, self.probability[first], 0.0)

    def quantile(self, alive: np.ndarray, prob: float) -> np.ndarray:
        """Return the smallest n with P(N <= n) >= prob for each case, whose P(alive) is given.

        ``P(N <= n) = 1 - P(alive) (1 - F(n))`` with F of somebody alive; within a class of numbers F is a line.
        """
        need = 1 - (1 - prob) / np.maximum(alive, 1e-300)
        steps = np.cumsum(self.probability)
        starts = steps - self.probability
        first = np.searchsorted(self.pair, np.arange(len(self.x)))
        base = starts[first]
        keys = self.pair + np.minimum(steps - base[self.pair], 1 - 1e-9)
        aim = np.clip(need, 0, 1 - 2e-9)
        place = np.searchsorted(keys, self.of_case + aim - 1e-12)
        inside = (aim - (starts[place] - base[self.of_case])) / np.maximum(self.probability[place], 1e-300)
        width = self.width[place]
        lowest = self.n[place] - (width - 1) / 2
        n = lowest + np.clip(np.ceil(inside * width - 1e-9) - 1, 0, width - 1)
        return np.where(need <= 0, 0.0, n)


def _count(model: PurchaseModel, later: tuple, mean: np.ndarray, horizon: float) -> tuple[np.ndarray, ...]:
    """Go through the classes of numbers as long as a pair has probability left."""
    open_, left = np.arange(len(mean)), np.ones(len(mean))
    found = []
    first, time = 0, np.asarray(horizon)
    for _ in range(MOST_CLASSES):
        width = 1 if first <= SINGLE else 1 + 2 * int(np.sqrt(first) / 4)
        n = first + (width - 1) / 2
        theta = tuple(value[open_] for value in later)
        probability = np.maximum(model._pmf(theta, np.asarray(n), time), 0.0) * width
        found.append((open_, np.full(len(open_), n), np.full(len(open_), width), probability))
        left[open_] -= probability
        done = (left[open_] < REST) | ((n > mean[open_]) & (probability < NOTHING))
        open_, first = open_[~done], first + width
        if not len(open_):
            break
    return tuple(np.concatenate(values) for values in zip(*found))
