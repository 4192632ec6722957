"""BdW: the sBG in which a customer's own chance of leaving may rise or fall with tenure."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from scipy.special import digamma, polygamma

from crm_analysis.clv.contracts.beta_geometric import log_beta_rise
from crm_analysis.clv.contracts.contractual import ContractModel, Theta
from crm_analysis.clv.contracts.tenures import Tenures


class BdW(ContractModel):
    """Beta-discrete-Weibull model of contracts (Fader, Hardie, Liu, Davin & Steenburgh 2018).

    A customer is still there after renewal t with chance ``(1 - theta)^(t^c)``; theta varies over customers as
    Beta(alpha, beta):

    ``S(t) = B(alpha, beta + t^c) / B(alpha, beta)``

    With c < 1 each customer becomes less likely to leave with time, with c > 1 more likely; c = 1 is the sBG. The two
    are nested: twice the difference of the log-likelihoods is chi-squared with one degree of freedom if c = 1.

    References
    ----------
    .. [1] Fader, Hardie, Liu, Davin, Steenburgh (2018). "How to project customer retention" revisited: the role of
       duration dependence. Journal of Interactive Marketing 43, 1-16.

    Examples
    --------
    >>> model = BdW().fit([1000, 869, 743, 653, 593, 551, 517, 491])
    >>> round(model.log_likelihood_, 4), round(model.survival(12), 3)  # 0.394 were still there
    (-1605.3142, 0.404)
    """

    names: ClassVar[tuple[str, ...]] = ("alpha", "beta", "c")
    key: ClassVar[str] = "bdw"
    reach: ClassVar[tuple[float, ...]] = (7.5, 7.5, 3.0)
    starts: ClassVar[tuple[tuple[float, ...], ...]] = ((0.1, 0.1, 1.5), (20.0, 20.0, 0.7))

    @staticmethod
    def _log_kept(theta: Theta, tenure: np.ndarray, t: np.ndarray) -> np.ndarray:
        alpha, beta, c = theta
        before = np.asarray(tenure, float) ** c
        return log_beta_rise(alpha, beta + before, (tenure + t) ** c - before)

    @staticmethod
    def _slopes(theta: Theta, periods: int) -> tuple[list[np.ndarray], dict[tuple[int, int], np.ndarray]]:
        """Return the differences of the derivatives of ln S(t), t = 0 ... periods, from one period to the next."""
        alpha, beta, c = theta
        t = np.arange(periods + 1.0)
        power, log = t**c, c * np.log(np.maximum(t, 1.0))
        moved = power * log  # d t^c / d ln c
        stay, both = beta + power, alpha + beta + power
        pull = digamma(stay) - digamma(both)
        bend_both = polygamma(1, both)
        bend = polygamma(1, stay) - bend_both
        slopes = [-alpha * digamma(both), beta * pull, pull * moved]
        curves = {
            (0, 0): slopes[0] - alpha**2 * bend_both,
            (0, 1): -alpha * beta * bend_both,
            (0, 2): -alpha * bend_both * moved,
            (1, 1): slopes[1] + beta**2 * bend,
            (1, 2): beta * bend * moved,
            (2, 2): bend * moved**2 + slopes[2] * (1 + log),
        }
        return [np.diff(slope) for slope in slopes], {pair: np.diff(curve) for pair, curve in curves.items()}

    @staticmethod
    def _centre(tenures: Tenures) -> list[float]:
        lost = float(np.clip(tenures.lost.sum() / tenures.at_risk.sum(), 1e-3, 0.999))
        return [1.0, (1 - lost) / lost, 1.0]

    @staticmethod
    def _leaving(rng: np.random.Generator, theta: Theta, count: int) -> tuple[np.ndarray, np.ndarray]:
        alpha, beta, c = theta
        chance = rng.beta(alpha, beta, count)
        with np.errstate(divide="ignore", over="ignore"):
            life = (-rng.standard_exponential(count) / np.log1p(-chance)) ** (1 / c)
        return chance, np.maximum(np.ceil(life), 1.0)
