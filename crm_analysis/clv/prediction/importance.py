"""Draws from a density known up to a constant: adaptive importance sampling from multivariate t distributions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.special import logsumexp

from crm_analysis.clv.prediction.psis import TRUSTED, effective_size, smooth

DEGREES = 5  # of the t distribution: its tails are heavier than those of a posterior
PILOT = ((0.75, 1.0), (0.25, 3.0))  # first proposals: share of the points, and how much wider than the start
ROUNDS = 4
ENOUGH = 0.5  # effective size, as a share of the draws asked for


class Proposal(NamedTuple):
    """A multivariate t distribution and how many points were drawn from it."""

    count: int
    mean: np.ndarray
    root: np.ndarray

    def draw(self, rng: np.random.Generator) -> np.ndarray:
        """Return its points, shape (count, k)."""
        normal = rng.standard_normal((self.count, len(self.mean)))
        return self.mean + normal / np.sqrt(rng.chisquare(DEGREES, (self.count, 1)) / DEGREES) @ self.root.T

    def log_density(self, points: np.ndarray) -> np.ndarray:
        """Return its log-density up to a constant that all proposals share."""
        size = len(self.mean)
        squares = (np.linalg.solve(self.root, (points - self.mean).T) ** 2).sum(axis=0)
        return -(DEGREES + size) / 2 * np.log1p(squares / DEGREES) - np.linalg.slogdet(self.root)[1]


@dataclass(frozen=True)
class Sample:
    """Weighted points of a density.

    Parameters
    ----------
    points : numpy.ndarray of shape (points, k)
    log_weights : numpy.ndarray of shape (points,)
        Pareto smoothed, normalised.
    pareto_k : float
        Below 0.7 the weights are trusted.
    """

    points: np.ndarray
    log_weights: np.ndarray
    pareto_k: float

    @property
    def effective_size(self) -> float:
        """How many independent draws the weighted points are worth."""
        return effective_size(self.log_weights)


def sample(
    log_density: Callable[[np.ndarray], np.ndarray],
    *,
    first: list[Proposal],
    draws: int,
    rng: np.random.Generator,
) -> Sample:
    """Sample a density from proposals that learn from the points before.

    Points from the first proposals give a mean and a covariance; each further round draws from the t distribution
    with the mean and covariance of all points so far. All points count, weighted by the density over the mixture of
    all proposals, until the Pareto k and the effective size suffice, at most four rounds.

    Parameters
    ----------
    log_density : callable
        From points (n, k) to (n,), up to a constant; -inf where the density is 0.
    first : list of Proposal
    draws : int
        How many points of a round.
    rng : numpy.random.Generator

    Returns
    -------
    Sample

    References
    ----------
    .. [1] Cornuet, Marin, Mira, Robert (2012). Adaptive multiple importance sampling. Scandinavian Journal of
       Statistics 39(4), 798-812.
    .. [2] Paananen, Piironen, Bürkner, Vehtari (2021). Implicitly adaptive importance sampling. Statistics and
       Computing 31, 16.

    Examples
    --------
    >>> found = sample(lambda z: -0.5 * (z**2).sum(axis=1), first=around(np.zeros(2), np.eye(2), draws=1000),
    ...                draws=1000, rng=np.random.default_rng(0))
    >>> found.pareto_k < 0.5, found.effective_size > 500
    (True, True)
    """
    proposals = list(first)
    points = np.vstack([proposal.draw(rng) for proposal in proposals])
    known = log_density(points)
    for _ in range(ROUNDS):
        raw = known - _mixture(proposals, points)
        found = Sample(points, *smooth(raw))
        if found.pareto_k < TRUSTED and found.effective_size >= ENOUGH * draws:
            return found
        proposals.append(Proposal(draws, *_moments(points, raw)))
        new = proposals[-1].draw(rng)
        points, known = np.vstack([points, new]), np.concatenate([known, log_density(new)])
    return Sample(points, *smooth(known - _mixture(proposals, points)))


def around(centre: np.ndarray, root: np.ndarray, *, draws: int) -> list[Proposal]:
    """Return proposals around a mode, the most of its own width and some much wider."""
    return [Proposal(round(share * draws), centre, scale * root) for share, scale in PILOT]


def _mixture(proposals: list[Proposal], points: np.ndarray) -> np.ndarray:
    total = sum(proposal.count for proposal in proposals)
    parts = [np.log(proposal.count / total) + proposal.log_density(points) for proposal in proposals]
    return logsumexp(parts, axis=0)


def _moments(points: np.ndarray, log_weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the mean and a root of the covariance of weighted points, large weights cut [Ionides 2008]."""
    weight = np.exp(log_weights - log_weights.max())
    weight = np.minimum(weight, weight.sum() / np.sqrt(len(weight)))
    weight = weight / weight.sum()
    mean = weight @ points
    away = points - mean
    size, axes = np.linalg.eigh((away * weight[:, None]).T @ away)
    return mean, axes * np.sqrt(np.maximum(size, 1e-12 * size[-1]))
