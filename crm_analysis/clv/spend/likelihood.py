"""The likelihood of the Gamma-Gamma model with exact derivatives, quick for a million customers."""

from __future__ import annotations

import math

import numpy as np
from numpy.polynomial.chebyshev import Chebyshev
from scipy.special import betaln, digamma, polygamma

from crm_analysis.clv.models.fitting import GRADIENT, Optimum, maximise
from crm_analysis.clv.models.likelihood import Derivatives
from crm_analysis.clv.spend.cases import SpendCases

STARTS = ((0.2, 0.5, 0.2), (5.0, 2.0, 0.5), (0.5, 5.0, 10.0))  # p, q, v as multiples of the first start
FEW = 50  # customers below which the likelihood can have two maxima
CELLS = 4_000_000  # values x customers computed at once
DIGITS = 36.0  # interpolation errs by e^-36


def search(cases: SpendCases, *, first: np.ndarray | None = None) -> Optimum:
    """Maximise the likelihood of customers with x > 0; with several groups each has its own v.

    With enough customers there is one maximum, so more starts are tried only if the first does not end well.

    Parameters
    ----------
    cases : SpendCases
    first : numpy.ndarray, optional
        Where to start, in logarithms.
    """
    groups = int(cases.group.max()) + 1
    middle = math.exp(np.average(np.log(cases.m), weights=cases.weight))
    centre = [4.0, 3.0, *[middle / 2] * groups]
    how = {"likelihood": lambda u: derivatives(u, cases), "centre": centre, "customers": cases.customers}
    found = maximise(**how, first=np.log(centre) if first is None else first)
    settled = found.gradient_norm < GRADIENT and found.eigenvalues[0] > 0 and not found.at_limit.any()
    if settled and len(cases.x) >= FEW:
        return found
    return maximise(**how, starts=[[*start[:2], *[start[2]] * groups] for start in STARTS])


def derivatives(log_params: np.ndarray, cases: SpendCases) -> Derivatives:
    """Return log-likelihood, gradient and Hessian in (ln p, ln q, ln v of each group).

    Only the share s = x m / (v + x m) needs each customer; all else depends on x alone and is counted by x.
    """
    (p, q), scales = np.exp(log_params[:2]), np.exp(log_params[2:])
    x, weight, groups = cases.x, cases.weight, len(scales)
    levels, count = cases.levels
    odds = cases.spent / (scales[cases.group] if groups > 1 else scales[0])
    rest = -np.log1p(odds)
    own, share = rest + np.log(odds), odds / (1 + odds)

    def by_group(values: np.ndarray) -> np.ndarray:
        return np.bincount(cases.group, weights=values, minlength=groups) if groups > 1 else np.array([values.sum()])

    shape = p * levels
    sums = p * ((weight * x) @ own), q * (weight @ rest)
    taken, given = by_group(weight * share), by_group(weight * x * (1 - share))
    bend = by_group(weight * (p * x + q) * share * (1 - share))
    first = digamma(shape + q)
    second = polygamma(1, shape + q)
    gradient = np.concatenate((
        [count @ (shape * (first - digamma(shape))) + sums[0], q * (count @ (first - digamma(q))) + sums[1]],
        q * taken - p * given,
    ))  # fmt: skip
    hessian = np.diag(np.concatenate((
        [gradient[0] + count @ (shape**2 * (second - polygamma(1, shape))),
         gradient[1] + q**2 * (count @ (second - polygamma(1, q)))],
        -bend,
    )))  # fmt: skip
    hessian[0, 1] = hessian[1, 0] = q * (count @ (shape * second))
    hessian[0, 2:] = hessian[2:, 0] = -p * given
    hessian[1, 2:] = hessian[2:, 1] = q * taken
    value = sum(sums) - count @ betaln(shape, q) - weight @ np.log(cases.m)
    return Derivatives(float(value), gradient, hessian)


def log_likelihoods(log_params: np.ndarray, cases: SpendCases) -> np.ndarray:
    """Return the log-likelihood of all customers at many parameters: rows of (ln p, ln q, ln v)."""
    a, b, c = np.asarray(log_params, float).T
    p, q = np.exp(a), np.exp(b)
    levels, count = cases.levels
    with np.errstate(all="ignore"):
        shape = betaln(p[:, None] * levels, q[:, None]) @ count
        own, rest = _log_shares(cases, c)
    return p * own + q * rest - shape - cases.weight @ np.log(cases.m)


def _log_shares(cases: SpendCases, logs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the sums over customers of x ln s and of ln(1 - s) at many values of ln v.

    Both are smooth functions of one number, so few values of it, and Chebyshev's polynomial through them, give all.
    """
    low, high = float(logs.min()), float(logs.max())
    half = max((high - low) / 2, 1e-6)
    ratio = math.pi / half  # the nearest singularity lies at i pi beside the real line
    degree = math.ceil(DIGITS / math.log(ratio + math.hypot(ratio, 1)))
    if degree + 1 >= len(logs):
        return _exact_log_shares(cases, logs).T
    middle = (low + high) / 2
    domain = [middle - half, middle + half]
    nodes = Chebyshev.basis(degree + 1, domain=domain).roots()
    values = _exact_log_shares(cases, nodes)
    return tuple(Chebyshev.fit(nodes, column, degree, domain=domain)(logs) for column in values.T)


def _exact_log_shares(cases: SpendCases, logs: np.ndarray) -> np.ndarray:
    known, both = np.log(cases.spent), np.column_stack([cases.weight * cases.x, cases.weight])
    total = both.T @ known
    step = max(1, CELLS // len(known))
    parts = []
    for begin in range(0, len(logs), step):
        some = logs[begin : begin + step, None]
        own = -np.log1p(np.exp(some - known)) @ both  # ln s = -ln(1 + v / (x m))
        parts.append(own)
    own = np.concatenate(parts)
    rest = own[:, 1] + logs * both[:, 1].sum() - total[1]  # ln(1 - s) = ln s + ln v - ln(x m)
    return np.column_stack([own[:, 0], rest])
