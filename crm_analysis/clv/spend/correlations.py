"""Correlation of how often customers buy with what they spend, with intervals that skewed amounts do not break."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crm_analysis.intervals import Estimate

if TYPE_CHECKING:
    from crm_analysis.clv.spend.gamma_gamma import GammaGamma

MOST_DRAWN = 10_000  # customers drawn per bootstrap sample; with more customers the spread is scaled
SIMULATIONS = 999


def correlations(
    x: np.ndarray, m: np.ndarray, *, model: GammaGamma, level: float, draws: int, seed: int
) -> pd.DataFrame:
    r"""Pearson's and Spearman's correlation, and what they would be if spend were independent of frequency.

    The mean of one purchase varies more, and is more skewed, than that of ten. So the ranks of x and m correlate even
    where the spend of customers has nothing to do with how often they buy: a permutation test would then find
    dependence that is not there. What independence implies is therefore simulated from the model, at the same x.

    Intervals come from drawing customers again. Above 10,000 customers 10,000 are drawn and the spread is scaled by
    :math:`\sqrt{10000/n}` [1]_.

    Parameters
    ----------
    x, m : numpy.ndarray of shape (customers,)
        Repeat purchases, above 0, and their mean amount.
    model : GammaGamma
        Fitted to these customers.
    level : float in (0, 1)
    draws : int
    seed : int

    Returns
    -------
    pandas.DataFrame
        Rows ``pearson``, ``spearman``; columns ``correlation``, ``correlation_low``, ``correlation_high``,
        ``under_independence`` (its mean if the model is right) and ``p_value`` (two-sided); NaN where frequency does
        not vary.

    References
    ----------
    .. [1] Bickel, Gotze, van Zwet (1997). Resampling fewer than n observations. Statistica Sinica 7, 1-31.

    Examples
    --------
    >>> from crm_analysis.clv.spend.gamma_gamma import GammaGamma
    >>> truth, x = GammaGamma.with_params(p=6, q=4, v=15), np.repeat([1.0, 2.0, 9.0], 100)
    >>> m = truth.simulate(x, seed=1).to_numpy()
    >>> (correlations(x, m, model=truth, level=0.95, draws=50, seed=0)["p_value"] > 0.05).tolist()
    [True, True]
    """
    drawn = np.array([_both(x[rows], m[rows]) for rows in samples(len(x), draws, seed)])
    rows = samples(len(x), SIMULATIONS, seed + 1)
    chance = np.array([_both(x[some], model.simulate(x[some], seed=seed + 2 + k)) for k, some in enumerate(rows)])
    table = []
    for point, found, null in zip(_both(x, m), drawn.T, chance.T):
        table.append([*spread(point, found, len(x), level), *_against(point, null, len(x))])
    columns = ["correlation", "correlation_low", "correlation_high", "under_independence", "p_value"]
    return pd.DataFrame(table, index=["pearson", "spearman"], columns=columns)


def samples(customers: int, draws: int, seed: int) -> Iterator[np.ndarray]:
    """Yield places of customers drawn with replacement, at most 10,000 at a time."""
    rng = np.random.default_rng(seed)
    for _ in range(draws):
        yield rng.integers(0, customers, min(customers, MOST_DRAWN))


def spread(point: float, found: np.ndarray, customers: int, level: float) -> Estimate:
    """Return the percentile interval of a bootstrap with fewer drawn than there are, its width scaled."""
    found = found[np.isfinite(found)]
    if not len(found) or not math.isfinite(point):
        return Estimate(float(point), math.nan, math.nan)
    scale = math.sqrt(min(1.0, MOST_DRAWN / customers))
    low, high = np.quantile(found - point, [(1 - level) / 2, (1 + level) / 2]) * scale
    return Estimate(float(point), float(point + low), float(point + high))


def _against(point: float, null: np.ndarray, customers: int) -> tuple[float, float]:
    """Return the mean of the simulated correlations, and how often one lies as far from it as the observed one."""
    null = null[np.isfinite(null)]
    if not len(null) or not math.isfinite(point):
        return math.nan, math.nan
    middle = float(null.mean())
    apart = np.abs(null - middle) * math.sqrt(min(1.0, MOST_DRAWN / customers))
    return middle, float((1 + np.sum(apart >= abs(point - middle))) / (1 + len(null)))


def _both(x: np.ndarray, m: np.ndarray) -> tuple[float, float]:
    m = np.asarray(m)
    return _pearson(x, m), _pearson(_ranks(x), _ranks(m))


def _pearson(a: np.ndarray, b: np.ndarray) -> float:
    return float(_standard(a) @ _standard(b))


def _standard(values: np.ndarray) -> np.ndarray:
    """Return values with mean 0 and length 1; NaN if they do not vary."""
    centred = values - values.mean()
    length = math.sqrt(centred @ centred)
    return centred / length if length > 0 else np.full(len(values), math.nan)


def _ranks(values: np.ndarray) -> np.ndarray:
    """Return ranks; equal values share the mean of theirs."""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(count) - (count - 1) / 2)[place]
