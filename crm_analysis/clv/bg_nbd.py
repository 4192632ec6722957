"""BG/NBD: like the Pareto/NBD, but customers can drop out only right after a purchase."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from scipy.special import betainc, betaln, digamma, expit, gammaln, polygamma

from crm_analysis.clv.cases import Cases
from crm_analysis.clv.likelihood import Derivatives, mixture
from crm_analysis.clv.model import PurchaseModel, Theta
from crm_analysis.clv.special import bg_mean, bg_survival, log_nbd


class BGNBD(PurchaseModel):
    """BG/NBD model of repeat buying without a contract (Fader, Hardie & Lee 2005).

    While alive, a customer buys as a Poisson process with rate lambda, which varies as Gamma(r, alpha); after each
    repeat purchase the customer drops out with probability p, which varies as Beta(a, b):

    ``L = B(a, b+x)/B(a, b) G(r+x)/G(r) alpha^r {(alpha+T)^-(r+x) + [x>0] a/(b+x-1) (alpha+tx)^-(r+x)}``

    A customer without a repeat purchase had no occasion to drop out: P(alive) = 1 for every one-time buyer. That
    is a property of the model, not loyalty; the MBG/NBD lets them drop out.

    r / alpha is the mean purchase rate, a / (a + b) the mean probability of dropping out after a purchase.

    References
    ----------
    .. [1] Fader, Hardie, Lee (2005). "Counting your customers" the easy way. Marketing Science 24, 275-284.
    .. [2] Fader, Hardie (2008). Computing P(alive) using the BG/NBD model.

    Examples
    --------
    >>> import pandas as pd
    >>> model = BGNBD.with_params(r=0.2425945, alpha=4.4136021, a=0.792922, b=2.425907)
    >>> frame = pd.DataFrame({"frequency": [2, 0], "recency": [30.43, 0], "T": [38.86, 38.86]})
    >>> model.expected_purchases(frame, horizon=39).round(4).tolist(), model.probability_alive(frame).round(4).tolist()
    ([1.2259, 0.1948], [0.7266, 1.0])
    """

    names: ClassVar[tuple[str, ...]] = ("r", "alpha", "a", "b")
    key: ClassVar[str] = "bg_nbd"
    starts: ClassVar[tuple[tuple[float, ...], ...]] = (
        (2.0, 2.0, 0.2, 0.2),
        (0.5, 0.5, 3.0, 10.0),
        (1.0, 1.0, 0.1, 1.0),
    )
    first_can_leave: ClassVar[bool] = False

    @staticmethod
    def _centre(cases: Cases) -> list[float]:
        length = float(np.average(cases.T, weights=cases.weight)) or 1.0
        return [0.5, length / 4, 1.0, 2.0]

    @classmethod
    def _derivatives(cls, log_params: np.ndarray, cases: Cases) -> Derivatives:
        theta = r, alpha, a, b = np.exp(log_params)
        x, tx, T = cases.x, cases.tx, cases.T
        can = np.ones_like(x) if cls.first_can_leave else (x > 0).astype(float)
        k = x + float(cls.first_can_leave)  # occasions on which the customer stayed, if alive
        front, logs = cls._parts(theta, x, tx, T)
        stay, gone = alpha / (alpha + T), alpha / (alpha + tx)
        zero, below = np.zeros_like(x), np.where(can > 0, b + k - 1, 1.0)
        slopes = [
            -r * np.log(np.vstack([alpha + T, alpha + tx])),
            -(r + x) * np.vstack([stay, gone]),
            np.vstack([zero, can]),
            np.vstack([zero, -can * b / below]),
        ]
        curves = {
            (0, 0): slopes[0],
            (0, 1): -r * np.vstack([stay, gone]),
            (1, 1): (r + x) * np.vstack([stay, gone]) ** 2 + slopes[1],
            (3, 3): np.vstack([zero, can * (b / below) ** 2 - can * b / below]),
        }
        sums = (digamma(a + b + k) - digamma(a + b), polygamma(1, a + b + k) - polygamma(1, a + b))
        own = (digamma(b + k) - digamma(b), polygamma(1, b + k) - polygamma(1, b))
        outer = [r * (digamma(r + x) - digamma(r) + np.log(alpha)), r + zero, -a * sums[0], b * (own[0] - sums[0])]
        bends = {
            (0, 0): r**2 * (polygamma(1, r + x) - polygamma(1, r)) + outer[0],
            (0, 1): r + zero,
            (2, 2): -(a**2) * sums[1] + outer[2],
            (2, 3): -a * b * sums[1],
            (3, 3): b**2 * (own[1] - sums[1]) + outer[3],
        }
        return mixture(cases.weight, (front, outer, bends), logs, slopes, curves)

    @staticmethod
    def _parts(theta: Theta, x: np.ndarray, tx: np.ndarray, T: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return what both fates share, and the logs of staying and of having left after the last purchase."""
        r, alpha, a, b = theta
        front = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + betaln(a, b + x) - betaln(a, b)
        left = np.log(a) - np.log(np.where(x > 0, b + x - 1, 1.0)) - (r + x) * np.log(alpha + tx)
        stayed = -(r + x) * np.log(alpha + T)
        return front, np.stack(np.broadcast_arrays(stayed, np.where(x > 0, left, -np.inf)))

    @classmethod
    def _rows(cls, theta: Theta, x: np.ndarray, tx: np.ndarray, T: np.ndarray) -> np.ndarray:
        front, (stayed, left) = cls._parts(theta, x, tx, T)
        return front + np.logaddexp(stayed, left)

    @classmethod
    def _alive(cls, theta: Theta, x: np.ndarray, tx: np.ndarray, T: np.ndarray) -> np.ndarray:
        _, (stayed, left) = cls._parts(theta, x, tx, T)
        return expit(stayed - left)

    @staticmethod
    def _updated(theta: Theta, x: np.ndarray, T: np.ndarray) -> Theta:
        r, alpha, a, b = theta
        return r + x, alpha + T, a, b + x

    @staticmethod
    def _mean(theta: Theta, t: np.ndarray) -> np.ndarray:
        return bg_mean(*theta, t)

    @staticmethod
    def _survival(theta: Theta, t: np.ndarray) -> np.ndarray:
        return bg_survival(*theta, t)

    @staticmethod
    def _pmf(theta: Theta, n: np.ndarray, t: np.ndarray) -> np.ndarray:
        r, alpha, a, b = theta
        z = t / (alpha + t)
        stayed = np.exp(betaln(a, b + n) - betaln(a, b) + log_nbd(n, r, z))
        some = np.maximum(n, 1)
        left = np.exp(betaln(a + 1, b + some - 1) - betaln(a, b)) * betainc(some, r, z)
        return stayed + np.where(n > 0, left, 0.0)

    @staticmethod
    def _clock(theta: Theta) -> np.ndarray:
        return theta[1]

    @classmethod
    def _lives(cls, rng: np.random.Generator, theta: Theta, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        r, alpha, a, b = theta
        rate, leaving = rng.gamma(r, 1 / alpha, count), rng.beta(a, b, count)
        last = _last_purchase(rng, leaving)
        return rate, np.full(count, np.inf), last - float(cls.first_can_leave)

    @staticmethod
    def _endless(theta: Theta) -> bool:
        return bool((theta[2] <= 1).any())


def _last_purchase(rng: np.random.Generator, leaving: np.ndarray) -> np.ndarray:
    """Return the number of the occasion on which each customer leaves, from 1: geometric, without its overflow."""
    with np.errstate(divide="ignore"):
        return np.maximum(np.ceil(-rng.standard_exponential(len(leaving)) / np.log1p(-leaving)), 1.0)
