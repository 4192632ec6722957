"""sBG: each customer leaves at every renewal with a chance of their own, which never changes."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from crm_analysis.clv.contracts.beta_geometric import discounted_life, log_beta_rise
from crm_analysis.clv.contracts.contractual import ContractModel, Theta
from crm_analysis.clv.contracts.tenures import Tenures
from crm_analysis.errors import InputError


class SBG(ContractModel):
    """Shifted-beta-geometric model of contracts (Fader & Hardie 2007).

    A customer leaves at each renewal with a chance theta, which varies over customers as Beta(alpha, beta):

    ``S(t) = B(alpha, beta+t) / B(alpha, beta)``, ``r_t = (beta+t-1) / (alpha+beta+t-1)``

    Nobody becomes more loyal, yet the retention rate rises with tenure, because those who are quick to leave have
    left. alpha / (alpha + beta) is the mean chance of leaving at the first renewal; a small sum alpha + beta means
    that customers differ much.

    References
    ----------
    .. [1] Fader, Hardie (2007). How to project customer retention. Journal of Interactive Marketing 21(1), 76-90,
       eqs. (5), (6).
    .. [2] Fader, Hardie (2010). Customer-base valuation in a contractual setting: the perils of ignoring
       heterogeneity. Marketing Science 29(1), 85-93 (discounted residual lifetime).

    Examples
    --------
    >>> model = SBG().fit([1000, 869, 743, 653, 593, 551, 517, 491])  # "High End" of [1]_, years 0-7
    >>> model.params_.round(3).tolist(), round(model.log_likelihood_, 4)
    ([0.668, 3.806], -1611.1581)
    >>> round(model.survival(12), 3)  # 0.394 were still there
    0.378
    >>> round(model.discounted_lifetime(discount_per_period=0.1).value, 3)  # payments, the first one now
    5.922
    """

    names: ClassVar[tuple[str, ...]] = ("alpha", "beta")
    key: ClassVar[str] = "sbg"
    reach: ClassVar[tuple[float, ...]] = (7.5, 7.5)  # shapes of e^7.5: customers differ by a few per cent
    starts: ClassVar[tuple[tuple[float, ...], ...]] = ((0.1, 0.1), (20.0, 20.0))

    @staticmethod
    def _log_kept(theta: Theta, tenure: np.ndarray, t: np.ndarray) -> np.ndarray:
        alpha, beta = theta
        return log_beta_rise(alpha, beta + tenure, t)

    @staticmethod
    def _slopes(theta: Theta, periods: int) -> tuple[list[np.ndarray], dict[tuple[int, int], np.ndarray]]:
        alpha, beta = theta
        stay = beta + np.arange(periods)
        both = stay + alpha
        slopes = [-alpha / both, beta * alpha / (stay * both)]
        curves = {
            (0, 0): (alpha / both) ** 2 + slopes[0],
            (0, 1): alpha * beta / both**2,
            (1, 1): slopes[1] - slopes[1] * (beta / stay + beta / both),
        }
        return slopes, curves

    @staticmethod
    def _centre(tenures: Tenures) -> list[float]:
        lost = float(np.clip(tenures.lost.sum() / tenures.at_risk.sum(), 1e-3, 0.999))
        return [1.0, (1 - lost) / lost]

    @staticmethod
    def _leaving(rng: np.random.Generator, theta: Theta, count: int) -> tuple[np.ndarray, np.ndarray]:
        chance = rng.beta(*theta, count)
        with np.errstate(divide="ignore"):
            return chance, np.maximum(np.ceil(-rng.standard_exponential(count) / np.log1p(-chance)), 1.0)

    def _residual(self, theta: Theta, tenure: np.ndarray, v: float, horizon: float) -> np.ndarray:
        alpha, beta = theta
        if np.isfinite(horizon):
            return super()._residual(theta, tenure, v, horizon)
        if v == 1 and (alpha <= 1).any():
            raise InputError("without discounting some of these customers are expected to stay for ever",
                             where=repr(self), mend="give a horizon, or a discount above 0",
                             zh="不折现时，预期剩余寿命没有上限，请给出期限或折现率")  # fmt: skip
        return (beta + tenure) / (alpha + beta + tenure) * discounted_life(alpha, beta + tenure + 1, v)
