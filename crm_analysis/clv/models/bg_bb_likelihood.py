"""Likelihood of the BG/BB with its exact derivatives: the ways to have dropped out are summed once for many cases."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations_with_replacement
from typing import NamedTuple

import numpy as np
from scipy.special import digamma, gammaln, polygamma

from crm_analysis.clv.cases import Cases
from crm_analysis.clv.models.likelihood import Derivatives, mixture

PAIRS = list(combinations_with_replacement(range(4), 2))  # of parameters
OF_TWO = {(0, 0): 0, (0, 1): 1, (1, 1): 2, (2, 2): 0, (2, 3): 1, (3, 3): 2}  # where a pair stands in its log-beta


def derivatives(log_params: np.ndarray, cases: Cases) -> Derivatives:
    """Return log-likelihood, gradient and Hessian in log-parameters.

    A case is a mixture of two: alive at n, and dropped out before. The latter is itself a mixture over the occasion
    u = tx ... n-1 after which the customer left, with terms that depend on x and u alone; so their sum, the mean of
    their slopes and of their second moments are carried backwards over u for each (x, n), and each case takes them at
    its tx.

    Parameters
    ----------
    log_params : numpy.ndarray of shape (4,)
    cases : Cases
        In whole occasions.
    """
    alpha, beta, gamma, delta = np.exp(log_params)
    x, tx, n = (values.astype(int) for values in (cases.x, cases.tx, cases.T))
    buying, lasting = _LogBeta.of(alpha, beta, int(n.max())), _LogBeta.of(gamma, delta, int(n.max()) + 1)
    alive = _terms(buying, lasting, x, n, 0)
    gone = _dropped_out(buying, lasting, x, tx, n)
    logs = np.stack([alive.log, gone.log])
    slopes = list(np.stack([alive.slopes, gone.slopes], axis=1))
    spread = gone.second - np.stack([gone.slopes[i] * gone.slopes[j] for i, j in PAIRS])
    bent = alive.second - np.stack([alive.slopes[i] * alive.slopes[j] for i, j in PAIRS])
    curves = {pair: np.stack([bent[k], spread[k]]) for k, pair in enumerate(PAIRS)}
    start = _terms(buying, lasting, np.zeros(1, int), np.zeros(1, int), 0)
    zero = np.zeros(len(x))
    first = [start.slopes[i] * start.slopes[j] for i, j in PAIRS]
    bends = {pair: zero - (start.second[k] - first[k]) for k, pair in enumerate(PAIRS)}
    return mixture(
        cases.weight, (zero - start.log, [zero - slope for slope in start.slopes], bends), logs, slopes, curves
    )


class _Terms(NamedTuple):
    """Logs of terms, their slopes in the log-parameters, and their curves plus the products of the slopes."""

    log: np.ndarray  # (cases,)
    slopes: np.ndarray  # (4, cases)
    second: np.ndarray  # (10, cases)


def _terms(buying: _LogBeta, lasting: _LogBeta, x: np.ndarray, u: np.ndarray, died: int) -> _Terms:
    """Return B(alpha+x, beta+u-x) B(gamma+died, delta+u)."""
    log, slope, curve = buying.at(x, u - x)
    log_lasting, slope_lasting, curve_lasting = lasting.at(np.full_like(u, died), u)
    slopes = np.stack(np.broadcast_arrays(*slope, *slope_lasting))
    second = np.stack([slopes[i] * slopes[j] for i, j in PAIRS])
    for k, (i, j) in enumerate(PAIRS):
        if (i, j) in OF_TWO:
            second[k] += (curve if j < 2 else curve_lasting)[OF_TWO[i, j]]
    return _Terms(log + log_lasting, slopes, second)


def _dropped_out(buying: _LogBeta, lasting: _LogBeta, x: np.ndarray, tx: np.ndarray, n: np.ndarray) -> _Terms:
    """Return the sum of the terms u = tx ... n-1 of each case, with means weighted by the terms; log 0 if tx = n."""
    pairs, place = np.unique(np.stack([n, x]), axis=1, return_inverse=True)
    ends, bought = pairs
    total, slopes, second = np.full(len(ends), -np.inf), np.zeros((4, len(ends))), np.zeros((10, len(ends)))
    found = _Terms(np.full(len(x), -np.inf), np.zeros((4, len(x))), np.zeros((10, len(x))))
    order = np.argsort(tx, kind="stable")
    bounds = np.searchsorted(tx[order], np.arange(int(n.max()) + 1))
    for u in range(int(n.max()) - 1, -1, -1):
        on = np.flatnonzero((u < ends) & (u >= bought))
        one = _terms(buying, lasting, bought[on], np.full(len(on), u), 1)
        both = np.logaddexp(total[on], one.log)
        share = np.exp(one.log - both)
        total[on] = both
        slopes[:, on] += share * (one.slopes - slopes[:, on])
        second[:, on] += share * (one.second - second[:, on])
        here = order[bounds[u] : bounds[u + 1]]
        here = here[n[here] > u]
        for into, values in zip(found, (total, slopes, second)):
            into[..., here] = values[..., place[here]]
    return found


class _LogBeta(NamedTuple):
    """Log of B(p + k, q + m) and its derivatives in ln p and ln q, for whole k and m: looked up in tables."""

    p: float
    q: float
    tables: tuple[tuple[np.ndarray, np.ndarray, np.ndarray], ...]  # of p, q and p + q: ln G, psi, psi'

    @classmethod
    def of(cls, p: float, q: float, most: int) -> _LogBeta:
        steps = np.arange(most + 1)
        return cls(p, q, tuple(_table(start + steps) for start in (p, q, p + q)))

    def at(self, k: np.ndarray, m: np.ndarray) -> tuple[np.ndarray, list[np.ndarray], list[np.ndarray]]:
        (log_p, psi_p, tri_p), (log_q, psi_q, tri_q), (log_both, psi_both, tri_both) = self.tables
        p, q, both = self.p, self.q, k + m
        slopes = [p * (psi_p[k] - psi_both[both]), q * (psi_q[m] - psi_both[both])]
        curves = [
            p**2 * (tri_p[k] - tri_both[both]) + slopes[0],
            -p * q * tri_both[both],
            q**2 * (tri_q[m] - tri_both[both]) + slopes[1],
        ]
        return log_p[k] + log_q[m] - log_both[both], slopes, curves


def _table(values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    functions: tuple[Callable, ...] = (gammaln, digamma, lambda z: polygamma(1, z))
    return tuple(function(values) for function in functions)
