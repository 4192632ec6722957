"""NBD: customers buy at random for ever; the baseline that shows what dropping out adds."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from scipy.special import digamma, gammaln, polygamma

from crm_analysis.clv.cases import Cases
from crm_analysis.clv.models.likelihood import Derivatives, mixture
from crm_analysis.clv.models.model import PurchaseModel, Theta
from crm_analysis.clv.models.special import log_nbd


class NBD(PurchaseModel):
    """Negative binomial model of repeat buying (Ehrenberg 1959): nobody ever drops out.

    Purchases are Poisson with a rate that varies as Gamma(r, alpha). In the timing form used here

    ``ln L = lnG(r+x) - lnG(r) + r ln alpha - (r+x) ln(alpha+T)``

    so that it can be compared with the models that let customers drop out.

    References
    ----------
    .. [1] Ehrenberg (1959). The pattern of consumer purchases. Applied Statistics 8(1), 26-41.

    Examples
    --------
    >>> model = NBD.with_params(r=0.3847661, alpha=12.0720233)
    >>> round(float(model.expected_purchases(horizon=52)), 6)
    1.657372
    """

    names: ClassVar[tuple[str, ...]] = ("r", "alpha")
    key: ClassVar[str] = "nbd"

    @staticmethod
    def _centre(cases: Cases) -> list[float]:
        length = float(np.average(cases.T, weights=cases.weight)) or 1.0
        return [0.5, length / 4]

    @staticmethod
    def _derivatives(log_params: np.ndarray, cases: Cases) -> Derivatives:
        r, alpha = np.exp(log_params)
        x, T = cases.x, cases.T
        levels, which = cases.purchases
        share = alpha / (alpha + T)
        outer = [
            r * ((digamma(r + levels) - digamma(r))[which] + np.log(share)),
            r - (r + x) * share,
        ]
        bends = {
            (0, 0): (r**2 * (polygamma(1, r + levels) - polygamma(1, r)))[which] + outer[0],
            (0, 1): r - r * share,
            (1, 1): (r + x) * (share**2 - share),
        }
        front = (gammaln(r + levels) - gammaln(r) + r * np.log(alpha))[which] - (r + x) * np.log(alpha + T)
        flat = np.zeros((1, len(x)))
        return mixture(cases.weight, (front, outer, bends), flat, [flat, flat], {})

    @staticmethod
    def _rows(theta: Theta, x: np.ndarray, tx: np.ndarray, T: np.ndarray) -> np.ndarray:
        r, alpha = theta
        return gammaln(r + x) - gammaln(r) + r * np.log(alpha) - (r + x) * np.log(alpha + T)

    @staticmethod
    def _alive(theta: Theta, x: np.ndarray, tx: np.ndarray, T: np.ndarray) -> np.ndarray:
        return np.ones(np.broadcast(theta[0], x).shape)

    @staticmethod
    def _updated(theta: Theta, x: np.ndarray, T: np.ndarray) -> Theta:
        r, alpha = theta
        return r + x, alpha + T

    @staticmethod
    def _mean(theta: Theta, t: np.ndarray) -> np.ndarray:
        r, alpha = theta
        return r * t / alpha

    @staticmethod
    def _survival(theta: Theta, t: np.ndarray) -> np.ndarray:
        return np.ones(np.broadcast(theta[0], t).shape)

    @staticmethod
    def _pmf(theta: Theta, n: np.ndarray, t: np.ndarray) -> np.ndarray:
        r, alpha = theta
        return np.exp(log_nbd(n, r, t / (alpha + t)))

    @staticmethod
    def _clock(theta: Theta) -> np.ndarray:
        return theta[1]

    @staticmethod
    def _lives(rng: np.random.Generator, theta: Theta, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        r, alpha = theta
        return rng.gamma(r, 1 / alpha, count), np.full(count, np.inf), np.full(count, np.inf)

    @staticmethod
    def _endless(theta: Theta) -> bool:
        return True
