"""Intervals of what is to come of contracts, from posterior draws: of a quantity, and of a count of customers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import bdtr

from crm_analysis.intervals import check_level

if TYPE_CHECKING:
    from crm_analysis.clv.contracts.contractual import ContractModel, Theta

DRAWS = 1000
Quantity = Callable[["Theta"], np.ndarray]


def drawn(model: ContractModel, seed: int) -> Theta:
    """Return draws of the parameters, each of shape (draws, 1); of a model at known parameters, these alone."""
    if model.fitted_:
        return model.posterior(draws=DRAWS, seed=seed).theta
    return tuple(value.reshape(1, 1) for value in model.theta_)


def with_limits(
    model: ContractModel, quantity: Quantity, theta: Theta, *, level: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return a quantity at the parameters of the model, and its equal-tailed parameter interval.

    Parameters
    ----------
    model : ContractModel
    quantity : callable
        From parameters, which may be arrays of draws, to an array whose last axis has n entries.
    theta : tuple of numpy.ndarray
        From `drawn`.
    level : float in (0, 1)

    Returns
    -------
    value, low, high : numpy.ndarray of shape (n,)
        Limits are NaN at known parameters: nothing is unsure then.

    Examples
    --------
    >>> from crm_analysis.clv.contracts.sbg import SBG
    >>> model = SBG().fit([1000, 631, 468, 382])
    >>> first = with_limits(model, lambda theta: theta[1] / (theta[0] + theta[1]), drawn(model, 0), level=0.95)
    >>> [round(float(number), 2) for number in first]
    [0.63, 0.6, 0.66]
    """
    value = np.asarray(quantity(model.theta_))
    if not model.fitted_:
        return value, np.full_like(value, np.nan), np.full_like(value, np.nan)
    low, high = limits(quantity(theta), level)
    return value, low.reshape(value.shape), high.reshape(value.shape)


def limits(values: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the quantiles over the first axis that leave out as much below as above."""
    tail = (1 - check_level(level)) / 2
    return tuple(np.quantile(values, [tail, 1 - tail], axis=0))


def count_limits(share: np.ndarray, customers: int, *, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the outcome interval of how many of so many customers: binomial, given each draw of the share.

    Low and high are the smallest counts k at which ``P(count <= k)``, the mean of the binomial over the draws,
    reaches (1 - level)/2 and (1 + level)/2.

    Parameters
    ----------
    share : numpy.ndarray of shape (draws, n)
    customers : int
    level : float in (0, 1)

    Examples
    --------
    >>> low, high = count_limits(np.array([[0.5]]), 100, level=0.95)  # one draw: the binomial's quantiles
    >>> low.tolist(), high.tolist()
    ([40], [60])
    """
    tail = (1 - check_level(level)) / 2
    return tuple(_quantile(np.clip(share, 0, 1), customers, prob) for prob in (tail, 1 - tail))


def _quantile(share: np.ndarray, customers: int, prob: float) -> np.ndarray:
    below, reached = np.full(share.shape[1], -1), np.full(share.shape[1], customers)
    while (reached - below > 1).any():
        middle = (below + reached) // 2
        enough = bdtr(middle.astype(float), customers, share).mean(axis=0) >= prob
        below, reached = np.where(enough, below, middle), np.where(enough, middle, reached)
    return reached
