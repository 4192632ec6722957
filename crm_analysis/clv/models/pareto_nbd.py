"""Pareto/NBD: customers buy at random, each at a rate of their own, until they drop out unseen at some time."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

import numpy as np
from scipy.special import digamma, expit, exprel, gammaln, logsumexp, polygamma

from crm_analysis.clv.cases import Cases
from crm_analysis.clv.models.likelihood import Derivatives, mixture
from crm_analysis.clv.models.model import PurchaseModel, Theta
from crm_analysis.clv.models.special import along_nodes, gauss_legendre, log_nbd

FIT_NODES, SCORE_NODES, PMF_NODES = 12, 24, 64
DECAY = 30.0  # the integrand is negligible beyond exp(-30) of its peak
SPREADS, TAIL = 9.0, 40.0  # standard deviations and powers of e beyond which a gamma density is negligible


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
    starts: ClassVar[tuple[tuple[float, ...], ...]] = ((2.0, 2.0, 0.03, 1e-5),)

    @staticmethod
    def _centre(cases: Cases) -> list[float]:
        length = float(np.average(cases.T, weights=cases.weight)) or 1.0
        return [0.5, length / 4, 0.5, length / 4]

    @staticmethod
    def _derivatives(log_params: np.ndarray, cases: Cases) -> Derivatives:
        theta = r, alpha, s, beta = np.exp(log_params)
        x = cases.x
        tau, in_alpha, in_beta, logs = _fates(theta, x, cases.tx, cases.T, FIT_NODES)
        dead = np.ones((len(tau), 1))
        dead[0] = 0
        by_alpha, by_beta = alpha / (alpha + tau), beta / (beta + tau)
        slopes = np.stack([-r * in_alpha, -(r + x) * by_alpha, dead - s * in_beta, -(s + dead) * by_beta])
        curves = {
            (0, 0): slopes[0],
            (0, 1): -r * by_alpha,
            (1, 1): slopes[1] * (1 - by_alpha),
            (2, 2): -s * in_beta,
            (2, 3): -s * by_beta,
            (3, 3): slopes[3] * (1 - by_beta),
        }
        levels, which = cases.purchases
        ones = np.ones_like(x)
        rise = (r * (digamma(r + levels) - digamma(r) + np.log(alpha)))[which]
        outer = [rise, r * ones, s * np.log(beta) * ones, s * ones]
        bend = (r**2 * (polygamma(1, r + levels) - polygamma(1, r)))[which] + rise
        bends = {(0, 0): bend, (0, 1): outer[1], (2, 2): outer[2], (2, 3): outer[3]}
        return mixture(cases.weight, (_front(theta, levels)[which], outer, bends), logs, slopes, curves)

    @staticmethod
    def _rows(theta: Theta, x: np.ndarray, tx: np.ndarray, T: np.ndarray) -> np.ndarray:
        return _front(theta, x) + logsumexp(_fates(theta, x, tx, T, SCORE_NODES).logs, axis=0)

    @staticmethod
    def _alive(theta: Theta, x: np.ndarray, tx: np.ndarray, T: np.ndarray) -> np.ndarray:
        logs = _fates(theta, x, tx, T, SCORE_NODES).logs
        return expit(logs[0] - logsumexp(logs[1:], axis=0))

    @staticmethod
    def _updated(theta: Theta, x: np.ndarray, T: np.ndarray) -> Theta:
        r, alpha, s, beta = theta
        return r + x, alpha + T, s, beta + T

    @staticmethod
    def _mean(theta: Theta, t: np.ndarray) -> np.ndarray:
        r, alpha, s, beta = theta
        endless = np.isinf(t)
        v = np.log1p(np.where(endless, 0.0, t) / beta)
        with np.errstate(divide="ignore"):
            forever = np.where(s > 1, 1 / np.abs(s - 1), np.inf)
        return r * beta / alpha * np.where(endless, forever, v * exprel(-(s - 1) * v))

    @staticmethod
    def _survival(theta: Theta, t: np.ndarray) -> np.ndarray:
        _, _, s, beta = theta
        return np.exp(-s * np.log1p(t / beta))

    @staticmethod
    def _pmf(theta: Theta, n: np.ndarray, t: np.ndarray) -> np.ndarray:
        r, alpha, s, beta = theta
        n, r, alpha, s, beta, t = np.broadcast_arrays(n, r, alpha, s, beta, t)
        shift = np.minimum(alpha, beta)
        first, last = (np.log1p(np.minimum(edge, t) / shift) for edge in _edges(n, r, alpha))
        nodes, weights = (along_nodes(values, t.ndim) for values in gauss_legendre(PMF_NODES))
        tau = shift * np.expm1(first + (last - first) * nodes)
        died = np.exp(log_nbd(n, r, tau / (alpha + tau)) - s * np.log1p(tau / beta))
        died *= s * (shift + tau) / (beta + tau) * (last - first) * weights
        return np.exp(log_nbd(n, r, t / (alpha + t)) - s * np.log1p(t / beta)) + died.sum(axis=0)

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


class Fates(NamedTuple):
    """Until when a customer was alive: first T, then times after the last purchase as nodes of quadrature."""

    tau: np.ndarray  # shape (1 + nodes, ...cases)
    in_alpha: np.ndarray  # ln(alpha + tau)
    in_beta: np.ndarray
    logs: np.ndarray  # of what each adds to the likelihood


def _fates(theta: Theta, x: np.ndarray, tx: np.ndarray, T: np.ndarray, count: int) -> Fates:
    """Cut the time from tx to T, as far as it counts, into nodes that are even in log-time."""
    r, alpha, s, beta = theta
    shift = np.minimum(alpha, beta) + tx
    span = np.minimum(T - tx, _fading(alpha + tx, r + x))
    span = np.minimum(span, _fading(beta + tx, s))
    span = np.minimum(span, _fading(np.maximum(alpha, beta) + tx, r + x + s))
    reach = np.log1p(span / shift)
    nodes, weights = (along_nodes(values, np.ndim(reach)) for values in gauss_legendre(count))
    tau = np.empty((1 + count, *np.shape(reach)))
    tau[0], tau[1:] = T, tx + shift * np.expm1(reach * nodes)
    in_alpha, in_beta = np.log(alpha + tau), np.log(beta + tau)
    logs = -(r + x) * in_alpha - s * in_beta
    with np.errstate(divide="ignore"):
        logs[1:] += np.log(s * reach) + np.log(weights) + np.minimum(in_alpha[1:] - in_beta[1:], 0)
    return Fates(tau, in_alpha, in_beta, logs)


def _fading(scale: np.ndarray, power: np.ndarray) -> np.ndarray:
    """Return the time in which ``(1 + t/scale)^-power`` becomes negligible."""
    with np.errstate(over="ignore"):
        return scale * np.expm1(DECAY / power)


def _edges(n: np.ndarray, r: np.ndarray, alpha: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the times between which n purchases are likely at all: of alpha G(n+1) / G(r), G being gamma variates."""
    with np.errstate(divide="ignore", over="ignore"):
        return alpha * _least(n + 1) / _most(r), alpha * _most(n + 1) / _least(r)


def _least(shape: np.ndarray) -> np.ndarray:
    """Return a value below which a gamma variate practically never falls (Wilson and Hilferty's cube root)."""
    normal = 1 - 1 / (9 * shape) - SPREADS / (3 * np.sqrt(shape))
    return shape * np.maximum(normal, np.exp(-SPREADS / (3 * np.sqrt(shape)) - TAIL / (3 * shape))) ** 3


def _most(shape: np.ndarray) -> np.ndarray:
    return shape * (1 + SPREADS / (3 * np.sqrt(shape))) ** 3
