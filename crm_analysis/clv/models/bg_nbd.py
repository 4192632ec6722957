"""BG/NBD: like the Pareto/NBD, but customers can drop out only right after a purchase."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from scipy.special import betainc, betaln, digamma, expit, gammaln, polygamma

from crm_analysis.clv.cases import Cases
from crm_analysis.clv.models.likelihood import Derivatives, mixture
from crm_analysis.clv.models.model import PurchaseModel, Theta
from crm_analysis.clv.models.special import bg_mean, bg_survival, log_nbd


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
        theta = r, alpha, _, b = np.exp(log_params)
        x, until = cases.x, np.stack([cases.T, cases.tx])
        fade = alpha / (alpha + until)
        can = np.stack([np.zeros_like(x), cls._chances(x) > 0])  # leave, in the second component
        gone = can * b / (b + np.maximum(cls._chances(x), 1) - 1)
        slopes = np.stack([-r * np.log(alpha + until), -(r + x) * fade, can, -gone])
        curves = {(0, 0): slopes[0], (0, 1): -r * fade, (1, 1): slopes[1] * (1 - fade), (3, 3): gone * (gone - 1)}
        levels, which = cases.purchases
        front, outer, bends = cls._outside(theta, levels)
        common = front[which], [slope[which] for slope in outer], {pair: bend[which] for pair, bend in bends.items()}
        return mixture(cases.weight, common, cls._fates(theta, x, cases.tx, cases.T), slopes, curves)

    @classmethod
    def _chances(cls, x: np.ndarray) -> np.ndarray:
        """Return on how many occasions somebody with x repeat purchases could have dropped out."""
        return x + float(cls.first_can_leave)

    @classmethod
    def _front(cls, theta: Theta, x: np.ndarray) -> np.ndarray:
        """Return the log of what both fates share."""
        r, alpha, a, b = theta
        return gammaln(r + x) - gammaln(r) + r * np.log(alpha) + betaln(a, b + cls._chances(x)) - betaln(a, b)

    @classmethod
    def _outside(cls, theta: Theta, x: np.ndarray) -> tuple[np.ndarray, list[np.ndarray], dict]:
        """Return `_front` with its slopes and curves in the logarithms of the parameters."""
        r, alpha, a, b = theta
        k, r_alpha = cls._chances(x), np.full_like(x, r)
        both, own = (digamma(c + k) - digamma(c) for c in (a + b, b))
        both_bent, own_bent = (polygamma(1, c + k) - polygamma(1, c) for c in (a + b, b))
        slopes = [r * (digamma(r + x) - digamma(r) + np.log(alpha)), r_alpha, -a * both, b * (own - both)]
        curves = {
            (0, 0): r**2 * (polygamma(1, r + x) - polygamma(1, r)) + slopes[0],
            (0, 1): r_alpha,
            (2, 2): -(a**2) * both_bent + slopes[2],
            (2, 3): -a * b * both_bent,
            (3, 3): b**2 * (own_bent - both_bent) + slopes[3],
        }
        return cls._front(theta, x), slopes, curves

    @classmethod
    def _fates(cls, theta: Theta, x: np.ndarray, tx: np.ndarray, T: np.ndarray) -> np.ndarray:
        """Return the logs of having stayed until T and of having left after the last purchase, shape (2, ...)."""
        r, alpha, a, b = theta
        k = cls._chances(x)
        left = np.log(a) - np.log(b + np.maximum(k, 1) - 1) - (r + x) * np.log(alpha + tx)
        stayed = -(r + x) * np.log(alpha + T)
        return np.stack(np.broadcast_arrays(stayed, np.where(k > 0, left, -np.inf)))

    @classmethod
    def _rows(cls, theta: Theta, x: np.ndarray, tx: np.ndarray, T: np.ndarray) -> np.ndarray:
        return cls._front(theta, x) + np.logaddexp(*cls._fates(theta, x, tx, T))

    @classmethod
    def _alive(cls, theta: Theta, x: np.ndarray, tx: np.ndarray, T: np.ndarray) -> np.ndarray:
        stayed, left = cls._fates(theta, x, tx, T)
        return expit(stayed - left)

    @classmethod
    def _updated(cls, theta: Theta, x: np.ndarray, T: np.ndarray) -> Theta:
        r, alpha, a, b = theta
        return r + x, alpha + T, a, b + cls._chances(x)

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
