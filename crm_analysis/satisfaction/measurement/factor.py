"""One common factor behind a block of items, by maximum likelihood, for many correlation matrices at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

LEAST_UNIQUE = 0.005  # bound of an item's own variance; an item at the bound is a Heywood case
ROUNDS, TOLERANCE = 500, 1e-9
STEP = 1.0  # most that a log variance changes in one round


class OneFactor(NamedTuple):
    """Loadings on one factor, shape (B, k), NaN where there are none; and what is wrong with them, shape (B,).

    `heywood`: an item would share all its variance with the factor, or more. `solved` is False with fewer than three
    items, signs that no factor explains, or rounds that did not end.
    """

    loadings: np.ndarray
    heywood: np.ndarray
    solved: np.ndarray


def one_factor(correlations: np.ndarray) -> OneFactor:
    r"""Fit one factor to B correlation matrices by maximum likelihood.

    .. math:: \min_\psi \sum_{m \ge 2} (\theta_m - \ln\theta_m - 1), \quad \lambda = \Psi^{1/2} \omega_1
        \sqrt{\theta_1 - 1}

    with eigenvalues and vectors of :math:`\Psi^{-1/2} S \Psi^{-1/2}`. Three items have the closed form
    :math:`\lambda_1 = \sqrt{r_{12} r_{13} / r_{23}}`, whose loadings may exceed 1 (a Heywood case); with four or more,
    an item's own variance stays at .005 or above.

    Parameters
    ----------
    correlations : ndarray, shape (B, k, k)

    References
    ----------
    .. [1] Lawley & Maxwell (1971). Factor Analysis as a Statistical Method, 2nd ed., chapter 4.

    Examples
    --------
    >>> true = np.array([0.9, 0.8, 0.7, 0.6])
    >>> matrix = np.outer(true, true) + np.diag(1 - true**2)
    >>> one_factor(matrix[None]).loadings.round(6).tolist()
    [[0.9, 0.8, 0.7, 0.6]]
    """
    count, k = correlations.shape[:2]
    if k < 3:
        return OneFactor(np.full((count, k), np.nan), np.zeros(count, bool), np.zeros(count, bool))
    if k == 3:
        return _three_items(correlations)
    return _many_items(correlations)


def _three_items(correlations: np.ndarray) -> OneFactor:
    first, second, third = correlations[:, 0, 1], correlations[:, 0, 2], correlations[:, 1, 2]
    solved = first * second * third > 0
    with np.errstate(divide="ignore", invalid="ignore"):  # without a solution: NaN
        size = np.sqrt(np.stack([first * second / third, first * third / second, second * third / first], axis=1))
    sign = np.stack([np.ones_like(first), np.sign(first), np.sign(second)], axis=1)
    loadings = _turned(np.where(solved[:, None], size * sign, np.nan))
    return OneFactor(loadings, solved & (size > 1 - 1e-9).any(axis=1), solved)


def _many_items(correlations: np.ndarray) -> OneFactor:
    count, k = correlations.shape[:2]
    logs = np.full((count, k), np.log(0.5))
    solved = np.zeros(count, bool)
    at_work = np.flatnonzero(np.isfinite(correlations).all(axis=(1, 2)))
    for _ in range(ROUNDS):
        change = _step(correlations[at_work], logs[at_work])
        logs[at_work] += change
        done = np.abs(change).max(axis=1) < TOLERANCE
        solved[at_work[done]] = True
        at_work = at_work[~done]
        if not len(at_work):
            break
    values, vectors, root = _eigen(np.where(solved[:, None, None], correlations, np.eye(k)), logs)
    size = np.sqrt(np.maximum(values[:, -1:] - 1, 0))
    loadings = _turned(np.where(solved[:, None], root * vectors[:, :, -1] * size, np.nan))
    return OneFactor(loadings, solved & (logs <= np.log(LEAST_UNIQUE) + 1e-6).any(axis=1), solved)


def _step(correlations: np.ndarray, logs: np.ndarray) -> np.ndarray:
    """A scoring step of the log variances, items at the bound held there."""
    values, vectors, _ = _eigen(correlations, logs)
    rest = vectors[:, :, :-1]
    slope = (rest**2 * (1 - values[:, None, :-1])).sum(axis=2)
    curve = (rest @ np.swapaxes(rest, 1, 2)) ** 2
    bound = np.log(LEAST_UNIQUE)
    held = (logs <= bound) & (slope > 0)
    free = ~held
    curve = curve * (free[:, :, None] & free[:, None, :]) + np.eye(logs.shape[1]) * (held[:, :, None] + 1e-12)
    change = -np.linalg.solve(curve, (slope * free)[..., None])[..., 0]
    return np.maximum(logs + np.clip(change, -STEP, STEP), bound) - logs


def _eigen(correlations: np.ndarray, logs: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    root = np.exp(logs / 2)
    values, vectors = np.linalg.eigh(correlations / (root[:, :, None] * root[:, None, :]))
    return values, vectors, root


def _turned(loadings: np.ndarray) -> np.ndarray:
    """Loadings with a positive sum."""
    return loadings * np.where(loadings.sum(axis=1, keepdims=True) < 0, -1.0, 1.0)
