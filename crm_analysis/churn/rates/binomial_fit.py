"""Maximum likelihood of a hazard that is the sum of a month part and a profile part, from counts alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, log_expit

from crm_analysis.churn.rates.profiles import Cells
from crm_analysis.errors import InputError

LINKS = ("logit", "cloglog")
ITERATIONS, CLOSE = 60, 1e-9
SMALL = 1e-12


@dataclass(frozen=True)
class Fit:
    """Where Fisher scoring ended: coefficients, inverse information, log-likelihood, how it went."""

    coef: np.ndarray
    covariance: np.ndarray
    log_likelihood: float
    iterations: int
    gradient_norm: float
    converged: bool


def parts(link: str, eta: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return log hazard, log of one minus it, and d hazard / d eta divided by hazard (1 - hazard).

    Examples
    --------
    >>> [round(float(x[0]), 4) for x in parts("cloglog", np.array([-1.0]))]
    [-1.1783, -0.3679, 1.1952]
    """
    if link == "logit":
        return log_expit(eta), log_expit(-eta), np.ones_like(eta)
    rate = np.exp(np.clip(eta, -700, 30))
    hazard = -np.expm1(-rate)
    return np.log(np.maximum(hazard, 1e-300)), -rate, rate / np.maximum(hazard, 1e-300)


def link_of(link: str, hazard: np.ndarray) -> np.ndarray:
    """Return the linear predictor of a hazard.

    Examples
    --------
    >>> link_of("logit", np.array([0.5])).tolist()
    [0.0]
    """
    hazard = np.clip(hazard, 1e-6, 1 - 1e-6)
    return np.log(hazard / (1 - hazard)) if link == "logit" else np.log(-np.log1p(-hazard))


def inverse(link: str, eta: np.ndarray) -> np.ndarray:
    """Return the hazard of a linear predictor, which may be infinite.

    Examples
    --------
    >>> inverse("cloglog", np.array([-np.inf, 0.0])).round(4).tolist()
    [0.0, 0.6321]
    """
    return expit(eta) if link == "logit" else -np.expm1(-np.exp(np.minimum(eta, 30)))


def maximise(cells: Cells, month: np.ndarray, use: np.ndarray, *, changing: np.ndarray, link: str) -> Fit:
    r"""Fisher scoring of :math:`g(h_{pm}) = b_m'\gamma + x_p'\beta + \ln(m)\, z_p'\delta`.

    The information is summed from blocks: profiles times months are weighted, and no row per customer
    and month, nor a column per month in it, is ever written out.

    Parameters
    ----------
    cells : Cells
    month : numpy.ndarray, shape (periods, q)
        The b of each period.
    use : numpy.ndarray of bool, shape (periods,)
        Periods that count: in the others the hazard is 0, 1 or unknown.
    changing : numpy.ndarray of int
        Columns of the profiles that make up z.
    link : {"logit", "cloglog"}

    Raises
    ------
    InputError
        If columns cannot be told apart, or a coefficient runs away.
    """
    at_risk, lost = cells.totals()
    target = link_of(link, lost[use] / at_risk[use])
    start = np.linalg.lstsq(month[use] * np.sqrt(at_risk[use])[:, None], target * np.sqrt(at_risk[use]), rcond=None)[0]
    theta = np.r_[start, np.zeros(cells.profiles.shape[1] + len(changing))]
    value, gradient, information = _sums(cells, month, use, changing, link, theta)
    converged, iterations = False, 0
    while iterations < ITERATIONS and not converged:
        iterations += 1
        step = _solve(information, gradient)
        for _ in range(30):
            new = _sums(cells, month, use, changing, link, theta + step)
            if new[0] >= value - 1e-10 * abs(value):
                break
            step = step / 2
        theta, gain = theta + step, new[0] - value
        value, gradient, information = new
        if abs(gain) <= CLOSE * (abs(value) + 1) and np.abs(step).max() < 1e-6:
            converged = True
    if not converged:
        raise InputError(
            "the covariates tell too well who leaves: a coefficient grows without end",
            where="DiscreteHazard",
            expected="in each combination some accounts that left and some that did not",
            mend="join levels, take fewer covariates, or a smooth month",
            zh="协变量几乎完全区分了流失与否，系数无法估计",
        )
    cover = np.linalg.inv(information)
    size = float(np.sqrt(max(gradient @ cover @ gradient, 0.0)))  # in standard errors
    return Fit(theta, (cover + cover.T) / 2, float(value), iterations, size, converged)


def _solve(information: np.ndarray, gradient: np.ndarray) -> np.ndarray:
    scale = 1 / np.sqrt(np.maximum(np.diag(information), 1e-300))
    even = information * np.outer(scale, scale)
    if np.linalg.eigvalsh(even)[0] < SMALL:
        raise InputError("covariates cannot be told apart: one follows from the others (or from the month)",
                         where="DiscreteHazard", mend="leave out one of those that say the same",
                         zh="协变量之间完全共线，无法区分")  # fmt: skip
    return scale * np.linalg.solve(even, gradient * scale)


def _sums(
    cells: Cells, month: np.ndarray, use: np.ndarray, changing: np.ndarray, link: str, theta: np.ndarray
) -> tuple[float, np.ndarray, np.ndarray]:
    """Return log-likelihood, gradient and expected information, summed over blocks of profiles."""
    b, g = month[use], np.log(np.arange(1, len(use) + 1))[use]
    q, k = b.shape[1], cells.profiles.shape[1]
    value, gradient, information = 0.0, np.zeros(len(theta)), np.zeros((len(theta),) * 2)
    top, left, low = slice(0, q), slice(q, q + k), slice(q + k, len(theta))
    for x, at_risk, lost in cells.blocks():
        z, n, d = x[:, changing], at_risk[:, use], lost[:, use]
        eta = b @ theta[top] + (x @ theta[left])[:, None] + (z @ theta[low])[:, None] * g
        log_h, log_s, slope = parts(link, eta)
        value += float((d * log_h + (n - d) * log_s).sum())
        pull, weight = (d - n * np.exp(log_h)) * slope, n * np.exp(log_h + log_s) * slope**2
        gradient += np.r_[b.T @ pull.sum(axis=0), x.T @ pull.sum(axis=1), z.T @ (pull @ g)]
        information[top, top] += (b.T * weight.sum(axis=0)) @ b
        information[top, left] += b.T @ (weight.T @ x)
        information[top, low] += (b.T * g) @ (weight.T @ z)
        information[left, left] += (x.T * weight.sum(axis=1)) @ x
        information[left, low] += (x.T * (weight @ g)) @ z
        information[low, low] += (z.T * (weight @ g**2)) @ z
    upper = np.triu(information)
    return value, gradient, upper + np.triu(information, 1).T
