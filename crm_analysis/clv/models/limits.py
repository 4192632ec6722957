"""What a fit says about pairs of parameters: their mean, how well it is known, and whether they run to a limit."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from crm_analysis.clv.models.fitting import Optimum

if TYPE_CHECKING:
    from crm_analysis.clv.models.estimator import Estimator

WIDE = 50.0  # an interval whose ends differ by this factor says nothing about a parameter
Z = 1.959964
FEW = 1.0  # expected customers (or purchases) of a kind below which the data hold none


class Pair(NamedTuple):
    """Two parameters that together say how a chance or a rate varies over customers."""

    first: str
    second: str
    role: str  # buy, or leave
    shape: str  # gamma: a rate with mean first / second; beta: a chance with mean first / (first + second)


BUYING, LEAVING = Pair("r", "alpha", "buy", "gamma"), Pair("a", "b", "leave", "beta")
PAIRS: dict[str, tuple[Pair, ...]] = {
    "nbd": (BUYING,),
    "pareto_nbd": (BUYING, Pair("s", "beta", "leave", "gamma")),
    "bg_nbd": (BUYING, LEAVING),
    "mbg_nbd": (BUYING, LEAVING),
    "bg_bb": (Pair("alpha", "beta", "buy", "beta"), Pair("gamma", "delta", "leave", "beta")),
    "sbg": (Pair("alpha", "beta", "leave", "beta"),),
    "bdw": (Pair("alpha", "beta", "leave", "beta"),),
}


@dataclass(frozen=True)
class Reading:
    """What a fit says about a pair.

    Parameters
    ----------
    pair : Pair
    value : dict of str to float
        The two parameters.
    error : dict of str to float
        Standard errors of their logarithms; inf where nothing is known.
    mean, low, high : float
        Mean rate or chance with its 95 % interval, which may be known when the parameters are not.
    limit : str
        Empty, or the kind of limit: none (nobody leaves), all (everybody at the first chance), alike (customers do not
        differ), split (they are of two kinds).
    """

    pair: Pair
    value: dict[str, float]
    error: dict[str, float]
    mean: float
    low: float
    high: float
    limit: str

    @property
    def unknown(self) -> list[str]:
        """Parameters whose 95 % interval spans more than a factor of 50."""
        return [name for name, error in self.error.items() if factor(error) > WIDE]

    @property
    def mean_known(self) -> bool:
        """Whether the mean is known to within a factor of 50 (a chance: its odds)."""
        odds = self.low, self.high
        if self.pair.shape == "beta" and self.high < 1:
            odds = self.low / (1 - self.low), self.high / (1 - self.high)
        return 0 < odds[1] <= WIDE * odds[0]


def factor(log_error: float) -> float:
    """Return by which factor the ends of a 95 % interval differ.

    Examples
    --------
    >>> round(factor(1.0), 1)
    50.4
    """
    return math.exp(2 * Z * log_error) if log_error < 100 else math.inf


def read(model: Estimator, pair: Pair) -> Reading:
    """Read what a fit says about a pair of parameters."""
    found: Optimum = model.optimum_
    names = list(model.names)
    at = [names.index(pair.first), names.index(pair.second)]
    axes = np.eye(len(names))
    value = {name: float(model.params_[name]) for name in pair[:2]}
    error = {name: found.log_error(axes[i]) for name, i in zip(pair[:2], at)}
    spread = min(Z * found.log_error(axes[at[0]] - axes[at[1]]), 700.0)
    odds = value[pair.first] / value[pair.second]
    ends = [odds * math.exp(shift) for shift in (0, -spread, spread)]
    mean, low, high = ends if pair.shape == "gamma" else [end / (1 + end) for end in ends]
    limit = ""
    if found.at_limit[at].any() or not np.isfinite([*error.values()]).all():
        limit = _extreme(model, pair, mean)
    if found.at_limit[at].any() and not limit:
        limit = "alike" if (found.log_params - found.centre)[at[0]] > 0 else "split"
    return Reading(pair, value, error, mean, low, high, limit)


def _extreme(model: Any, pair: Pair, mean: float) -> str:
    """Say whether nobody leaves (buys), or everybody at the first chance."""
    if pair.role == "leave" and pair.shape == "gamma" and model.customers_ * (1 - survivors(model, pair)) < FEW:
        return "none"
    if pair.shape == "beta":
        chances = _chances(model, pair)
        if mean * chances < FEW:
            return "none"
        if (1 - mean) * chances < FEW:
            return "all"
    return ""


def survivors(model: Any, pair: Pair) -> float:
    """Share of customers who are active at the end of their observation, if leaving is exponential with gamma rates."""
    s, beta = model.params_[pair.first], model.params_[pair.second]
    cases = model._cases
    return float(cases.weight @ np.exp(-s * np.log1p(cases.T / beta)) / cases.customers)


def _chances(model: Any, pair: Pair) -> float:
    """Return on how many occasions a customer could buy, or leave."""
    if hasattr(model, "tenures_"):
        return float(model.tenures_.at_risk.sum())
    cases = model._cases
    if model.discrete:
        return float(cases.weight @ cases.T)
    return float(cases.weight @ (cases.x + model.first_can_leave))
