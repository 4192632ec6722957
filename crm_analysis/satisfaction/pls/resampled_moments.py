"""Moments of respondents drawn again, or left out one at a time: all that a fit of a resample needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from crm_analysis.satisfaction.survey.moments import Moments

ALIKE = 1e-10  # share of an item's mean square below which it counts as constant in a resample


def draw_counts(n: int, draws: int, seed: int, *, first: int = 0) -> np.ndarray:
    """How often each of n respondents is drawn in replicates `first`, `first` + 1, ...; shape (draws, n)."""
    streams = (np.random.SeedSequence(seed, spawn_key=(k,)) for k in range(first, first + draws))  # as spawn() gives
    return np.array([np.bincount(np.random.default_rng(s).integers(0, n, n), minlength=n) for s in streams])


@dataclass(frozen=True)
class Products:
    """Answers taken apart, so that the moments of any resample are sums.

    Parameters
    ----------
    items : tuple of str
    centre : ndarray, shape (p,)
        Means of all respondents.
    moved : ndarray, shape (n, p)
        Distances from them, so that sums of products lose no digits.
    pairs : ndarray, shape (n, p(p+1)/2)
        Products of the distances of each pair of items.
    """

    items: tuple[str, ...]
    centre: np.ndarray
    moved: np.ndarray
    pairs: np.ndarray

    @classmethod
    def of(cls, values: np.ndarray, items: tuple[str, ...]) -> Self:
        """Take answers apart, shape (respondents, items)."""
        centre = values.mean(axis=0)
        moved = values - centre
        first, second = np.triu_indices(values.shape[1])
        return cls(items, centre, moved, moved[:, first] * moved[:, second])

    def counted(self, counts: np.ndarray) -> Moments:
        """Moments of respondents who count several times, for each row of counts; all rows have the same sum.

        The correlations of an item that is constant in a replicate are NaN, that with itself included.
        """
        weight = counts.astype(float)
        return self._moments(weight @ self.moved, weight @ self.pairs, int(counts[0].sum()))

    def without(self, rows: range) -> Moments:
        """Moments of all respondents but one, for each of some rows."""
        chosen = slice(rows.start, rows.stop)
        pairs = self.pairs.sum(axis=0) - self.pairs[chosen]
        return self._moments(-self.moved[chosen], pairs, len(self.moved) - 1)

    def _moments(self, sums: np.ndarray, squares: np.ndarray, n: int) -> Moments:
        """Moments from B sums of distances and of their products."""
        p = len(self.centre)
        first, second = np.triu_indices(p)
        means = sums / n
        covariance = np.empty((len(sums), p, p))
        covariance[:, first, second] = squares
        covariance[:, second, first] = squares
        usual = np.diagonal(covariance, axis1=1, axis2=2).max(axis=0) / n
        covariance = (covariance - n * means[:, :, None] * means[:, None, :]) / (n - 1)
        variance = np.diagonal(covariance, axis1=1, axis2=2)
        some = variance > ALIKE * usual
        sds = np.sqrt(np.where(some, variance, np.nan))  # an item that is constant in a replicate
        correlations = covariance / (sds[:, :, None] * sds[:, None, :])
        correlations[:, range(p), range(p)] = np.where(some, 1.0, np.nan)
        return Moments(self.items, correlations, means + self.centre, sds, n)
