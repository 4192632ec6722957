"""Measurement invariance of composites (MICOM): whether a construct is the same thing in two groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crm_analysis.satisfaction.pls.algorithm import Solution

if TYPE_CHECKING:
    from crm_analysis.satisfaction.pls.estimator import PLS

KINDS = ("invariance_full", "invariance_partial", "invariance_none")


@dataclass(frozen=True)
class PairFits:
    """A model fitted to two groups together, and to each, as they are and with labels permuted.

    Parameters
    ----------
    pooled : PLS
        Fitted to the respondents of both.
    member : ndarray of int, shape (B, respondents)
        1 for the first group, 0 for the second; row 0 is what was observed, the others are permutations.
    first, second : Solution
        Of the groups, in B fits.
    dropped : int
        Permutations in which a group has no solution.
    """

    pooled: PLS
    member: np.ndarray
    first: Solution
    second: Solution
    dropped: int


def invariance(pair: PairFits, *, level: float = 0.95) -> pd.DataFrame:
    r"""Test steps 2 and 3 of MICOM; step 1, the same items and set-up, holds by construction.

    .. math:: c = \mathrm{cor}(Z w_1, Z w_2), \qquad \bar Y_1 - \bar Y_2, \qquad \ln s^2_1 - \ln s^2_2

    Z are the standardised answers of both groups, w the weights of each, Y the scores of the fit to both. Step 2:
    a correlation c too far below 1 means that the construct is composed differently. Step 3: means and variances.

    Parameters
    ----------
    pair : PairFits
    level : float in (0, 1)

    Returns
    -------
    pandas.DataFrame, index construct
        invariance: invariance_none (step 2 fails: differences of its paths mean nothing), invariance_partial (paths
        may be compared) or invariance_full (the groups may also be pooled), each test by itself, not corrected for
        their number; composition (c), composition_bound (its 1 - level quantile under permutation),
        composition_p; mean_difference (in standard deviations of both groups), mean_p; log_variance_ratio, variance_p.

    References
    ----------
    .. [1] Henseler, Ringle & Sarstedt (2016). International Marketing Review 33, 405-431, pp. 412-417.
    """
    composition = _composition(pair)
    means, variances = _moments(pair)
    table = pd.DataFrame(
        {"composition": composition[0], "composition_bound": np.quantile(composition[1:], 1 - level, axis=0),
         "composition_p": permutation_p(-composition), "mean_difference": means[0],
         "mean_p": permutation_p(np.abs(means)), "log_variance_ratio": variances[0],
         "variance_p": permutation_p(np.abs(variances))},
        index=pd.Index(pair.pooled.model.constructs, name="construct"),
    )  # fmt: skip
    fails = table[["composition_p", "mean_p", "variance_p"]].to_numpy() < 1 - level
    kind = np.where(fails[:, 0], KINDS[2], np.where(fails[:, 1:].any(axis=1), KINDS[1], KINDS[0]))
    table.insert(0, "invariance", kind)
    return table


def permutation_p(values: np.ndarray) -> np.ndarray:
    """Share of all fits, the observed one (row 0) included, with a value as large as observed or larger."""
    return (values >= values[0] - 1e-12).mean(axis=0)  # up to rounding: single items correlate 1 in every fit


def _composition(pair: PairFits) -> np.ndarray:
    """Correlation of the scores by the weights of one group with those by the other's, shape (B, q)."""
    matrix = pair.pooled.moments_.correlations
    first, second = pair.first.weights, pair.second.weights
    spread = [(weights * (matrix @ weights)).sum(axis=1) for weights in (first, second)]
    return (first * (matrix @ second)).sum(axis=1) / np.sqrt(spread[0] * spread[1])


def _moments(pair: PairFits) -> tuple[np.ndarray, np.ndarray]:
    """Difference of the groups' means and of the logarithms of their variances, each of shape (B, q)."""
    scores = pair.pooled.scores_.to_numpy()
    means, logs = [], []
    for member in (pair.member.astype(float), 1.0 - pair.member):
        n = member.sum(axis=1, keepdims=True)
        mean = member @ scores / n
        means.append(mean)
        logs.append(np.log((member @ scores**2 - n * mean**2) / (n - 1)))
    return means[0] - means[1], logs[0] - logs[1]
