"""Cross-validation of a path model: folds, what each training set shows, predictions for those left out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from crm_analysis.satisfaction.pls.algorithm import Solution
from crm_analysis.satisfaction.pls.design import Design
from crm_analysis.satisfaction.survey.moments import Moments


def draw_folds(n: int, folds: int, repeats: int, seed: int) -> np.ndarray:
    """Fold of each respondent in each repeat, shape (repeats, n); sizes differ by one at most.

    Examples
    --------
    >>> sorted(draw_folds(5, 2, 1, 0)[0].tolist())
    [0, 0, 0, 1, 1]
    """
    streams = np.random.SeedSequence(seed).spawn(repeats)
    return np.array([np.random.default_rng(stream).permutation(np.arange(n) % folds) for stream in streams])


def fold_moments(values: np.ndarray, cut: np.ndarray, items: tuple[str, ...]) -> Moments:
    """Moments of each training set, leading axis repeats x folds: all respondents but those of the fold."""
    folds, (n, p) = range(cut.max() + 1), values.shape
    centre = values.mean(axis=0)
    moved = values - centre
    held = [moved[row == fold] for row in cut for fold in folds]
    size = n - np.array([len(part) for part in held])
    means = np.array([-part.sum(axis=0) for part in held]) / size[:, None]  # all of `moved` adds up to 0
    products = moved.T @ moved - np.array([part.T @ part for part in held])
    covariance = products - size[:, None, None] * means[:, :, None] * means[:, None, :]
    covariance /= (size - 1)[:, None, None]
    variance = np.diagonal(covariance, axis1=1, axis2=2)
    sds = np.sqrt(np.where(variance > 1e-10 * moved.var(axis=0), variance, np.nan))  # constant in a training set
    correlations = covariance / (sds[:, :, None] * sds[:, None, :])
    correlations[:, range(p), range(p)] = np.where(np.isnan(sds), np.nan, 1.0)
    return Moments(items, correlations, means + centre, sds, int(size.min()))


@dataclass(frozen=True)
class Fold:
    """A model fitted to one training set.

    Parameters
    ----------
    means, sds : ndarray, shape (p,)
    correlations : ndarray, shape (p, p)
    weights, paths, loadings : ndarray, shapes (p, q), (q, q), (p,)
    design : Design
    """

    means: np.ndarray
    sds: np.ndarray
    correlations: np.ndarray
    weights: np.ndarray
    paths: np.ndarray
    loadings: np.ndarray
    design: Design

    @classmethod
    def of(cls, moments: Moments, solution: Solution, design: Design, place: int) -> Fold:
        """Return the model of one training set."""
        return cls(moments.means[place], moments.sds[place], moments.correlations[place], solution.weights[place],
                   solution.paths[place], solution.loadings[place], design)  # fmt: skip

    def predict(self, values: np.ndarray, technique: str) -> dict[str, np.ndarray]:
        """Predicted answers of shape (respondents, p), by pls, lm and mean; of exogenous constructs' items the mean."""
        scaled = (values - self.means) / self.sds
        scores = self._scores(scaled @ self.weights, technique)
        found = {"pls": scores[:, self.design.block] * self.loadings, "lm": self._linear(scaled, technique),
                 "mean": np.zeros_like(scaled)}  # fmt: skip
        return {kind: part * self.sds + self.means for kind, part in found.items()}

    def _scores(self, answered: np.ndarray, technique: str) -> np.ndarray:
        """Predicted scores: 0, the mean, for exogenous constructs, which nothing predicts."""
        if technique == "direct":
            return answered @ self.paths
        inner = ~self.design.edges.any(axis=0)
        reduced = np.linalg.inv(np.eye(len(inner)) - self.paths)  # all ways from the exogenous constructs on
        return np.where(inner, 0.0, (answered * inner) @ reduced)

    def _linear(self, scaled: np.ndarray, technique: str) -> np.ndarray:
        """Items of each endogenous construct by regression on the items of its antecedents."""
        edges, block = self.design.edges, self.design.block
        found = np.zeros_like(scaled)
        for target in np.flatnonzero(edges.any(axis=0)):
            sources = edges[:, target] if technique == "direct" else ~edges.any(axis=0)
            left, right = np.flatnonzero(sources[block]), np.flatnonzero(block == target)
            slopes = np.linalg.pinv(self.correlations[np.ix_(left, left)], hermitian=True)
            found[:, right] = scaled[:, left] @ (slopes @ self.correlations[np.ix_(left, right)])
        return found
