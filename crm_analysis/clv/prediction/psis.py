"""Pareto smoothed importance sampling: how far importance weights can be trusted, and weights that can be more."""

from __future__ import annotations

import math

import numpy as np

TAIL_SHARE, TAIL_ROOTS, LEAST_TAIL = 0.2, 3.0, 5
PRIOR_SCALE, PRIOR_SHAPE, PRIOR_COUNT = 3.0, 0.5, 10  # of the generalized Pareto fit
TRUSTED = 0.7


def smooth(log_weights: np.ndarray) -> tuple[np.ndarray, float]:
    r"""Replace the largest importance weights by what a generalized Pareto distribution expects of them.

    The largest :math:`M = \min(S/5, 3\sqrt{S})` of S weights get the quantiles (j - 1/2) / M of the distribution
    fitted to them, at most the largest raw weight. Its shape k says how heavy the tail is: weights have a finite
    variance for k < 1/2 and are trusted for k < 0.7.

    Parameters
    ----------
    log_weights : numpy.ndarray of shape (draws,)
        Up to a constant; -inf for draws that cannot be.

    Returns
    -------
    numpy.ndarray of shape (draws,)
        Smoothed log-weights whose exponentials sum to 1.
    float
        Shape k: -inf where all large weights are equal, inf where there are too few to judge.

    References
    ----------
    .. [1] Vehtari, Simpson, Gelman, Yao, Gabry (2024). Pareto smoothed importance sampling. Journal of Machine
       Learning Research 25(72), 1-58, section 2.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> weights, k = smooth(2 * rng.standard_exponential(10_000) / 3)  # tail with shape 2/3
    >>> round(float(np.exp(weights).sum()), 6), abs(k - 2 / 3) < 0.15
    (1.0, True)
    """
    logs = np.asarray(log_weights, dtype=float) - np.max(log_weights)
    size = len(logs)
    count = math.ceil(min(TAIL_SHARE * size, TAIL_ROOTS * math.sqrt(size)))
    if count < LEAST_TAIL:
        return _normalised(logs), math.inf
    order = np.argsort(logs, kind="stable")
    tail = order[-count:]
    cutoff = math.exp(max(logs[order[-count - 1]], math.log(np.finfo(float).tiny)))
    excess = np.exp(logs[tail]) - cutoff
    if excess[-1] <= 1e-12:
        return _normalised(logs), -math.inf
    shape, scale = fit_pareto(np.maximum(excess, 1e-300))
    if np.isfinite(shape):
        expected = cutoff + pareto_quantile((np.arange(count) + 0.5) / count, shape, scale)
        logs[tail] = np.minimum(np.log(expected), 0.0)
    return _normalised(logs), shape


def fit_pareto(excess: np.ndarray) -> tuple[float, float]:
    r"""Fit the generalized Pareto distribution ``F(x) = 1 - (1 + k x / sigma)^(-1/k)`` to sorted values above 0.

    The empirical Bayes estimator of [1]_, its shape drawn towards 1/2 as if by ten more values [2]_.

    Returns
    -------
    k, sigma : float

    References
    ----------
    .. [1] Zhang, Stephens (2009). A new and efficient estimation method for the generalized Pareto distribution.
       Technometrics 51(3), 316-325.
    .. [2] Vehtari et al. (2024), appendix G.

    Examples
    --------
    >>> values = np.sort(pareto_quantile((np.arange(2000) + 0.5) / 2000, 0.4, 2.0))
    >>> [round(value, 1) for value in fit_pareto(values)]
    [0.4, 2.0]
    """
    size = len(excess)
    grid = 30 + int(math.sqrt(size))
    quartile = excess[int(size / 4 + 0.5) - 1]
    theta = 1 / excess[-1] + (1 - np.sqrt(grid / (np.arange(grid) + 0.5))) / (PRIOR_SCALE * quartile)
    shapes = np.log1p(-theta[:, None] * excess).mean(axis=1)
    with np.errstate(all="ignore"):
        profile = size * (np.log(-theta / shapes) - shapes - 1)
    profile = np.where(np.isfinite(profile), profile, -np.inf)
    weight = np.exp(profile - profile.max())
    best = float(theta @ weight / weight.sum())
    shape = float(np.log1p(-best * excess).mean())
    sigma = -shape / best
    return (size * shape + PRIOR_COUNT * PRIOR_SHAPE) / (size + PRIOR_COUNT), sigma


def pareto_quantile(prob: np.ndarray, shape: float, scale: float) -> np.ndarray:
    """Quantiles of the generalized Pareto distribution.

    Examples
    --------
    >>> float(pareto_quantile(0.75, 1.0, 2.0))
    6.0
    """
    rest = -np.log1p(-np.asarray(prob, dtype=float))
    return scale * (rest if shape == 0 else np.expm1(shape * rest) / shape)


def resample(log_weights: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """Return places of `count` draws of equal weight: systematic resampling, one random start.

    Examples
    --------
    >>> resample(np.log([0.5, 0.25, 0.25]), 4, np.random.default_rng(0)).tolist()
    [0, 0, 1, 2]
    """
    steps = np.cumsum(np.exp(log_weights))
    places = np.searchsorted(steps, (np.arange(count) + rng.random()) / count * steps[-1], side="right")
    return np.minimum(places, len(steps) - 1)


def effective_size(log_weights: np.ndarray) -> float:
    """How many independent draws normalised weights are worth: one over the sum of their squares.

    Examples
    --------
    >>> round(effective_size(np.log(np.full(8, 1 / 8))), 6)
    8.0
    """
    return float(1 / np.exp(2 * log_weights).sum())


def _normalised(logs: np.ndarray) -> np.ndarray:
    return logs - np.log(np.exp(logs).sum())
