"""Pareto/NBD: customers buy at random, each at a rate of their own, until they drop out unseen at some time."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from scipy.special import digamma, exprel, gammaln, logsumexp, polygamma

from crm_analysis.clv.cases import Cases
from crm_analysis.clv.likelihood import Derivatives, mixture
from crm_analysis.clv.model import PurchaseModel, Theta
from crm_analysis.clv.special import along_nodes, gauss_legendre, log_nbd

FIT_NODES, SCORE_NODES, PMF_NODES = 12, 24, 64
DECAY = 30.0  # the integrand is negligible beyond exp(-30) of its peak


class ParetoNBD(PurchaseModel):
    """Pareto/NBD model of repeat buying without a contract (Schmittlein, Morrison & Colombo 1987).

    While alive, a customer buys as a Poisson process with rate lambda; lambda varies over customers as
    Gamma(r, alpha). The life is exponential with rate mu; mu varies as Gamma(s, beta). The likelihood is

    ``L = G(r+x)/G(r) alpha^r beta^s {(alpha+T)^-(r+x) (beta+T)^-s
    + int_tx^T s (alpha+tau)^-(r+x) (beta+tau)^-(s+1) dtau}``

    the sum of "still alive at T" and "dropped out at tau after the last purchase". The integral is taken by
    Gauss-Legendre quadrature in log-time, so no hypergeometric function is needed and nothing overflows.

    r / alpha is the mean purchase rate and s / beta the mean dropout rate; small r and s mean that customers differ
    much. alpha and beta have the unit of time of the data.

    References
    ----------
    .. [1] Schmittlein, Morrison, Colombo (1987). Counting your customers. Management Science 33(1), 1-24.
    .. [2] Fader, Hardie (2005). A note on deriving the Pareto/NBD model and related expressions, eqs. (18), (27), (41).

    Examples
    --------
    >>> import pandas as pd
    >>> model = ParetoNBD.with_params(r=0.553277, alpha=10.577684, s=0.606240, beta=11.668738)
    >>> frame = pd.DataFrame({"frequency": [2], "recency": [30.43], "T": [38.86]})
    >>> model.probability_alive(frame).round(6).tolist(), model.expected_purchases(frame, horizon=39).round(4).tolist()
    ([0.869116], [1.4551])
    """

    names: ClassVar[tuple[str, ...]] = ("r", "alpha", "s", "beta")
    key: ClassVar[str] = "pareto_nbd"
    starts: ClassVar[tuple[tuple[float, ...], ...]] = ((0.5, 1.0, 0.5, 1.0), (1.0, 0.2, 1.0, 5.0), (2.0, 2.0, 0.2, 0.5))

    @staticmethod
    def _centre(cases: Cases) -> list[float]:
        length = float(np.average(cases.T, weights=cases.weight)) or 1.0
        return [0.5, length / 4, 0.5, length / 4]

    @staticmethod
    def _derivatives(log_params: np.ndarray, cases: Cases) -> Derivatives:
        r, alpha, s, beta = np.exp(log_params)
        x, T = cases.x, cases.T
        tau, logs = _deaths((r, alpha, s, beta), x, cases.tx, T, FIT_NODES)
        tau, dead = np.vstack([T, tau]), np.ones((FIT_NODES + 1, 1))
        dead[0] = 0
        in_alpha, in_beta = np.log(alpha + tau), np.log(beta + tau)
        by_alpha, by_beta = alpha / (alpha + tau), beta / (beta + tau)
        logs = np.vstack([-(r + x) * in_alpha[0] - s * in_beta[0], logs])
        slopes = [-r * in_alpha, -(r + x) * by_alpha, dead - s * in_beta, -(s + dead) * by_beta]
        curves = {
            (0, 0): slopes[0],
            (0, 1): -r * by_alpha,
            (1, 1): (r + x) * by_alpha**2 + slopes[1],
            (2, 2): -s * in_beta,
            (2, 3): -s * by_beta,
            (3, 3): (s + dead) * by_beta**2 + slopes[3],
        }
        ones = np.ones_like(x)
        outer = [r * (digamma(r + x) - digamma(r) + np.log(alpha)), r * ones, s * np.log(beta) * ones, s * ones]
        bend = r**2 * (polygamma(1, r + x) - polygamma(1, r)) + outer[0]
        bends = {(0, 0): bend, (0, 1): outer[1], (2, 2): outer[2], (2, 3): outer[3]}
        return mixture(cases.weight, (_front((r, alpha, s, beta), x), outer, bends), logs, slopes, curves)

    @staticmethod
    def _rows(theta: Theta, x: np.ndarray, tx: np.ndarray, T: np.ndarray) -> np.ndarray:
        alive, dead = _alive_and_dead(theta, x, tx, T)
        return _front(theta, x) + np.logaddexp(alive, dead)

    @staticmethod
    def _alive(theta: Theta, x: np.ndarray, tx: np.ndarray, T: np.ndarray) -> np.ndarray:
        alive, dead = _alive_and_dead(theta, x, tx, T)
        with np.errstate(over="ignore"):
            return 1 / (1 + np.exp(dead - alive))

    @staticmethod
    def _updated(theta: Theta, x: np.ndarray, T: np.ndarray) -> Theta:
        r, alpha, s, beta = theta
        return r + x, alpha + T, s, beta + T

    @staticmethod
    def _mean(theta: Theta, t: np.ndarray) -> np.ndarray:
        r, alpha, s, beta = theta
        v = np.log1p(t / beta)
        return r * beta / alpha * v * exprel(-(s - 1) * v)

    @staticmethod
    def _survival(theta: Theta, t: np.ndarray) -> np.ndarray:
        _, _, s, beta = theta
        return np.exp(-s * np.log1p(t / beta))

    @staticmethod
    def _pmf(theta: Theta, n: np.ndarray, t: np.ndarray) -> np.ndarray:
        r, alpha, s, beta = theta
        n, r, alpha, s, beta, t = np.broadcast_arrays(n, r, alpha, s, beta, t)
        v = np.log1p(t / beta)
        nodes, weights = (along_nodes(values, v.ndim) for values in gauss_legendre(PMF_NODES))
        tau = beta * np.expm1(v * nodes)
        died = np.exp(log_nbd(n, r, tau / (alpha + tau)) - s * v * nodes) * s * v * weights
        return np.exp(log_nbd(n, r, t / (alpha + t)) - s * v) + died.sum(axis=0)

    @staticmethod
    def _clock(theta: Theta) -> np.ndarray:
        return theta[3]

    @staticmethod
    def _lives(rng: np.random.Generator, theta: Theta, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        r, alpha, s, beta = theta
        rate, leaving = rng.gamma(r, 1 / alpha, count), rng.gamma(s, 1 / beta, count)
        with np.errstate(divide="ignore", over="ignore"):
            return rate, rng.standard_exponential(count) / leaving, np.full(count, np.inf)

    @staticmethod
    def _endless(theta: Theta) -> bool:
        return bool((theta[2] <= 1).any())


def _front(theta: Theta, x: np.ndarray) -> np.ndarray:
    r, alpha, s, beta = theta
    return gammaln(r + x) - gammaln(r) + r * np.log(alpha) + s * np.log(beta)


def _alive_and_dead(theta: Theta, x: np.ndarray, tx: np.ndarray, T: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    r, alpha, s, beta = theta
    alive = -(r + x) * np.log(alpha + T) - s * np.log(beta + T)
    return alive, logsumexp(_deaths(theta, x, tx, T, SCORE_NODES)[1], axis=0)


def _deaths(theta: Theta, x: np.ndarray, tx: np.ndarray, T: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return times of death between tx and T as nodes of quadrature, and the log of each one's contribution."""
    r, alpha, s, beta = theta
    shift = np.minimum(alpha, beta)
    with np.errstate(over="ignore"):
        far = (alpha + tx) * np.exp(DECAY / (r + x + s)) - alpha
    low, high = np.log(shift + tx), np.log(shift + np.minimum(T, far))
    nodes, weights = (along_nodes(values, np.ndim(low - r)) for values in gauss_legendre(count))
    u = low + (high - low) * nodes
    tau = np.maximum(np.exp(u) - shift, tx)
    with np.errstate(divide="ignore"):
        logs = np.log(s) - (r + x) * np.log(alpha + tau) - (s + 1) * np.log(beta + tau)
        return tau, logs + np.log(weights) + np.log(high - low) + u
