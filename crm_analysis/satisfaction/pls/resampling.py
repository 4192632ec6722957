"""The seeded bootstrap of a PLS model: respondents drawn again, all fits at once, failures counted by cause."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.pls.algorithm import Solution
from crm_analysis.satisfaction.survey.moments import Moments

if TYPE_CHECKING:
    from crm_analysis.satisfaction.pls.estimator import PLS

CHUNK = 1000  # replicates whose matrices are in memory at once


@dataclass(frozen=True)
class Resamples:
    """Moments and solutions of the replicates that could be fitted, in the order of their streams.

    Parameters
    ----------
    moments : Moments
        With a leading axis of replicates.
    solution : Solution
    kept : ndarray of bool, shape (draws,)
        Which replicates these are.
    failures : pandas.Series
        Replicates left out, by cause.
    draws, seed, signs
        As asked for.
    """

    moments: Moments
    solution: Solution
    kept: np.ndarray
    failures: pd.Series
    draws: int
    seed: int
    signs: str


def resample(fitted: PLS, *, draws: int = 5000, seed: int = 0, signs: str = "orient") -> Resamples:
    """Draw the respondents of a fitted model again, with replacement, and fit each time.

    Each replicate has its own stream of random numbers (`SeedSequence(seed).spawn`), so the result does not
    depend on how the work is cut up.
    """
    if fitted.answers_ is None:
        raise InputError("a bootstrap draws respondents again, and this model was fitted to correlations alone",
                         where="PLS.resample", mend="fit it to the answers with fit(survey)")  # fmt: skip
    values = fitted.answers_.frame.to_numpy(float)
    counts = draw_counts(len(values), draws, seed)
    moments = weighted_moments(values, counts, fitted.moments_.items)
    solution = fitted.solve(moments.correlations)
    kept = solution.converged
    failures = pd.Series({"not_converged": int((~kept).sum())}, name="replicates")
    return Resamples(_rows(moments, kept), solution.take(kept), kept, failures, draws, seed, signs)


def draw_counts(n: int, draws: int, seed: int) -> np.ndarray:
    """How often each of n respondents is drawn in each replicate, shape (draws, n)."""
    streams = np.random.SeedSequence(seed).spawn(draws)
    return np.array([np.bincount(np.random.default_rng(s).integers(0, n, n), minlength=n) for s in streams])


def weighted_moments(values: np.ndarray, counts: np.ndarray, items: tuple[str, ...]) -> Moments:
    """Moments of respondents who count several times, for each row of counts."""
    n, p = values.shape
    centre = values.mean(axis=0)
    moved = values - centre  # near 0, so that sums of products lose no digits
    upper = np.triu_indices(p)
    products = moved[:, upper[0]] * moved[:, upper[1]]
    weight = counts.astype(float)
    means = weight @ moved / n
    covariance = np.empty((len(counts), p, p))
    covariance[:, upper[0], upper[1]] = weight @ products
    covariance[:, upper[1], upper[0]] = covariance[:, upper[0], upper[1]]
    covariance = (covariance - n * means[:, :, None] * means[:, None, :]) / (n - 1)
    variance = np.diagonal(covariance, axis1=1, axis2=2)
    sds = np.sqrt(np.where(variance > 1e-12, variance, np.nan))  # an item that is constant in a replicate
    correlations = covariance / (sds[:, :, None] * sds[:, None, :])
    correlations[:, range(p), range(p)] = np.where(np.isfinite(sds), 1.0, np.nan)
    return Moments(items, correlations, means + centre, sds, n)


def _rows(moments: Moments, rows: np.ndarray) -> Moments:
    return Moments(moments.items, moments.correlations[rows], moments.means[rows], moments.sds[rows], moments.n)
