"""From purchases to money: expected spend of each customer, and the value of discounted purchases times spend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np
import pandas as pd

from crm_analysis.clv.models.estimator import Theta
from crm_analysis.clv.prediction.learned import quantiles
from crm_analysis.clv.spend.cases import SpendCases

if TYPE_CHECKING:
    from crm_analysis.clv.prediction.posterior import Posterior
    from crm_analysis.clv.spend.gamma_gamma import GammaGamma

LEVELS_AT_ONCE, SHARES = 32, 65
BASES = ("own_history", "population_mean", "own_median", "population_median")


@dataclass(frozen=True)
class Expectation:
    """Spend per purchase as a line in the customer's own mean: ``constant + slope m``, for the distinct x.

    Parameters
    ----------
    x : numpy.ndarray of shape (levels,)
        Distinct numbers of repeat purchases with known spend.
    level : numpy.ndarray of int, shape (customers,)
        The level of each customer.
    m : numpy.ndarray of shape (customers,)
        Mean spend per repeat purchase; 0 where x is 0.
    median : numpy.ndarray of bool, shape (levels,)
        Whether the median stands in for a mean that does not exist.
    line : numpy.ndarray of shape (2, levels)
        Constant and slope at the model's parameters.
    """

    x: np.ndarray
    level: np.ndarray
    m: np.ndarray
    median: np.ndarray
    line: np.ndarray

    @classmethod
    def of(cls, spend: GammaGamma, cases: SpendCases, posterior: Posterior | None, tail: float) -> Self:
        """Take the mean where it exists, also in nearly all draws of the parameters; else the median."""
        level, x = pd.factorize(cases.x, sort=True)
        x = np.asarray(x, dtype=float)
        with np.errstate(divide="ignore"):
            missing = ~np.isfinite(spend._expected(spend.theta_, x, np.ones_like(x)))
        if posterior is not None:
            p, q, _ = posterior.theta
            missing |= (p * x + q <= 1).sum(axis=0) >= tail * (len(p) - 1)
        m = np.where(cases.x > 0, cases.m, 0.0)
        return cls(x, level, m, missing, line_of(spend, spend.theta_, x, missing)[:, 0])

    @property
    def value(self) -> np.ndarray:
        """Expected (or median) spend per purchase of each customer."""
        constant, slope = (part[self.level] for part in self.line)
        return constant + slope * self.m

    @property
    def basis(self) -> pd.Categorical:
        """What each number rests on: a key of `BASES`."""
        code = 2 * self.median + (self.x == 0)
        return pd.Categorical.from_codes(code[self.level], categories=list(BASES))

    def interval(self, spend: GammaGamma, posterior: Posterior, level: float) -> tuple[np.ndarray, np.ndarray]:
        """Return limits of each customer's expected spend: what the parameters leave open.

        Relative to the estimate a draw is ``(1-t) constant/constant' + t slope/slope'`` with t the share of m in it. So
        quantiles over the draws at 65 shares, dense where both errors cancel, serve all customers of a level.
        """
        tail, grid = (1 - level) / 2, np.linspace(0, 1, SHARES)[:, None]
        edges, scales = np.empty((2, len(self.x), SHARES)), np.empty((4, len(self.x)))
        for at in range(0, len(self.x), LEVELS_AT_ONCE):
            cut = slice(at, at + LEVELS_AT_ONCE)
            drawn = line_of(spend, posterior.theta, self.x[cut], self.median[cut]).transpose(0, 2, 1)
            with np.errstate(invalid="ignore", divide="ignore"):
                first, second = drawn / self.line[:, cut, None]
            second = np.where(self.x[cut, None] > 0, second, 1.0)
            endless = ~np.isfinite(first)
            first, second = (np.where(endless, 1.0, part) for part in (first, second))
            middle, width, start, length = scales[:, cut] = _scales(first, second)
            shares = (middle + width * np.sinh(start + length * grid)).T[:, :, None]
            both = (1 - shares) * first[:, None, :] + shares * second[:, None, :]
            both[np.broadcast_to(endless[:, None, :], both.shape)] = np.inf
            edges[:, cut] = quantiles(both, tail)
        constant, slope = (part[self.level] for part in self.line)
        estimate = constant + slope * self.m
        middle, width, start, length = scales[:, self.level]
        place = (np.arcsinh((slope * self.m / estimate - middle) / width) - start) / length * (SHARES - 1)
        place = np.clip(place, 0, SHARES - 1)
        below = np.minimum(place.astype(int), SHARES - 2)
        found = ((1 - place + below) * edge[self.level, below] + (place - below) * edge[self.level, below + 1]
                 for edge in edges)  # fmt: skip
        return tuple(estimate * values for values in found)


def _scales(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return how shares are spaced: the one of least variance, the width around it, and start and length in arcsinh.

    The standard deviation over the draws is a hyperbola in the share, so it is smooth in arcsinh.
    """
    spread, cross = first.var(axis=1), ((first - first.mean(axis=1, keepdims=True)) * second).mean(axis=1)
    bend = np.maximum(spread + second.var(axis=1) - 2 * cross, 1e-30)
    middle = np.clip((spread - cross) / bend, 0, 1)
    least = np.maximum(spread - 2 * middle * (spread - cross) + middle**2 * bend, 0)
    width = np.clip(np.sqrt(least / bend), 1e-4, 1)
    start = np.arcsinh(-middle / width)
    return np.stack([middle, width, start, np.arcsinh((1 - middle) / width) - start])


def line_of(spend: GammaGamma, theta: Theta, x: np.ndarray, median: np.ndarray) -> np.ndarray:
    """Return constant and slope in m of the expected spend (or its median), shape (2, draws, levels)."""
    theta = tuple(np.reshape(value, (-1, 1)) for value in theta)
    ends = []
    for m in (0.0, 1.0):
        at = np.full_like(x, m)
        value = spend._expected(theta, x, at)
        ends.append(np.where(median, spend._quantile(theta, x, at, 0.5), value) if median.any() else value)
    with np.errstate(invalid="ignore"):
        return np.stack([ends[0], ends[1] - ends[0]])


def product_interval(
    value: np.ndarray, first: tuple[np.ndarray, ...], second: tuple[np.ndarray, ...]
) -> tuple[np.ndarray, np.ndarray]:
    """Limits of a product of two independently estimated positive numbers, from the limits of each.

    On the log scale the distances from the estimate to its limits add up as squares (the method of variance estimates
    recovery [1]_), so each side keeps its own length.

    Parameters
    ----------
    value : numpy.ndarray
        The product.
    first, second : tuple of (estimate, low, high)

    References
    ----------
    .. [1] Zou, Donner (2008). Construction of confidence limits about effect measures. Statistics in Medicine 27(10),
       1693-1702.

    Examples
    --------
    >>> low, high = product_interval(6.0, (2.0, 1.0, 4.0), (3.0, 3.0, 3.0))
    >>> round(float(low), 6), round(float(high), 6)
    (3.0, 12.0)
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        below = np.hypot(*(np.log(estimate / low) for estimate, low, _ in (first, second)))
        above = np.hypot(*(np.log(high / estimate) for estimate, _, high in (first, second)))
        return np.where(value > 0, value * np.exp(-below), value), np.where(value > 0, value * np.exp(above), value)
