"""Maximum likelihood of cumulative logit and probit models, many sets of drivers at once, by Newton's method."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, ndtr

from crm_analysis.satisfaction.drivers.subsets import CELLS

LINKS = ("logit", "probit")
FAR = 40.0  # stands for infinity: beyond it lies no chance in double precision
STEPS, TOLERANCE = 60, 1e-12  # of Newton; the tolerance is what a step still adds to the log-likelihood, per case


@dataclass(frozen=True)
class Design:
    """Cases of an outcome with ordered categories 0, ..., J - 1 in terms of what divides them.

    The chance of an answer above cut c is ``F(x'b - t_c)``; an answer y lies above cut y - 1 and not above cut y.

    Parameters
    ----------
    upper, lower : ndarray, shape (n, q)
        Rows that give x'b - t of the cut below the answer and of that above it; zeros where there is no such cut.
    upper_shift, lower_shift : ndarray, shape (n,)
        Plus and minus infinity, so to say, where there is no such cut.
    cuts : int
        J - 1; thresholds are the first parameters, then come the coefficients.
    link : str
    """

    upper: np.ndarray
    lower: np.ndarray
    upper_shift: np.ndarray
    lower_shift: np.ndarray
    cuts: int
    link: str


@dataclass(frozen=True)
class Fits:
    """Parameters of several models of the same cases.

    Parameters
    ----------
    theta : ndarray, shape (s, q)
        Zero where a parameter is not in the model.
    log_likelihood : ndarray, shape (s,)
    information : ndarray, shape (s, q, q)
        Observed; the identity where a parameter is not in the model.
    converged : ndarray of bool, shape (s,)
    """

    theta: np.ndarray
    log_likelihood: np.ndarray
    information: np.ndarray
    converged: np.ndarray


def cumulative_design(codes: np.ndarray, x: np.ndarray, *, link: str = "logit", freed: Sequence[int] = ()) -> Design:
    """Lay out the cases.

    Parameters
    ----------
    codes : ndarray of int, shape (n,)
        Category of each answer; each of 0, ..., J - 1 must occur.
    x : ndarray, shape (n, k)
    link : {"logit", "probit"}
    freed : sequence of int
        Columns with a coefficient of their own at every cut (partial proportional odds); these stand in the order of
        the cuts in the place of the one coefficient.

    Examples
    --------
    >>> design = cumulative_design(np.array([0, 1, 2]), np.array([[5.0], [6.0], [7.0]]))
    >>> design.upper.tolist()
    [[0.0, 0.0, 0.0], [-1.0, 0.0, 6.0], [0.0, -1.0, 7.0]]
    """
    cuts = int(codes.max())

    def rows(cut: np.ndarray) -> np.ndarray:
        here = (cut[:, None] == np.arange(cuts)).astype(float)  # all zero where there is no such cut
        exists = here.sum(axis=1, keepdims=True)
        return np.hstack([0 - here, *(x[:, [j]] * (here if j in freed else exists) for j in range(x.shape[1]))])

    bottom, top = np.where(codes == 0, FAR, 0.0), np.where(codes == cuts, -FAR, 0.0)
    return Design(rows(codes - 1), rows(codes), bottom, top, cuts, link)


def starting_values(codes: np.ndarray, weights: np.ndarray, columns: int, *, link: str) -> np.ndarray:
    """Thresholds at the shares of the categories, coefficients zero: the fit without drivers, in closed form."""
    from scipy.special import logit, ndtri

    share = np.cumsum(np.bincount(codes, weights))[:-1] / weights.sum()
    return np.concatenate([logit(share) if link == "logit" else ndtri(share), np.zeros(columns - len(share))])


def fit_cumulative(design: Design, weights: np.ndarray, *, start: np.ndarray, free: np.ndarray) -> Fits:
    r"""Maximise :math:`\sum_i w_i \ln[F(u_i) - F(l_i)]` for several choices of free parameters.

    The log-likelihood is concave, so that Newton's method with halved steps finds its top. Models are worked on
    together: the costly sums are products of matrices.

    Parameters
    ----------
    design : Design
    weights : ndarray, shape (n,)
    start : ndarray, shape (s, q)
        Thresholds rising; zero where not free.
    free : ndarray of bool, shape (s, q)

    Returns
    -------
    Fits
        Where there is no top (a driver separates the answers) ``converged`` is False or the scores lie very far out.

    References
    ----------
    .. [1] McCullagh (1980). Regression models for ordinal data. JRSS B 42, 109-142.
    .. [2] Pratt (1981). Concavity of the log likelihood. JASA 76, 103-106.
    """
    step = max(1, CELLS // (4 * len(weights)))
    parts = [_newton(design, weights, start[i : i + step], free[i : i + step]) for i in range(0, len(start), step)]
    return Fits(*(np.concatenate(column) for column in zip(*parts)))


def scores(design: Design, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return x'b - t at the cut below and the cut above each answer, shape (s, n)."""
    return theta @ design.upper.T + design.upper_shift, theta @ design.lower.T + design.lower_shift


def case_gradients(design: Design, theta: np.ndarray) -> np.ndarray:
    """Slope of each case's log-likelihood at the parameters of one model, shape (n, q)."""
    up, down = scores(design, theta[None])
    p = np.exp(_log_chance(up, down, design.link))
    return (_density(up, design.link) / p).T * design.upper - (_density(down, design.link) / p).T * design.lower


def _newton(design: Design, weights: np.ndarray, start: np.ndarray, free: np.ndarray) -> tuple[np.ndarray, ...]:
    theta, enough = start.copy(), TOLERANCE * weights.sum()
    value, gradient, information = _evaluate(design, weights, theta, free)
    converged = np.zeros(len(theta), bool)
    for _ in range(STEPS):
        try:
            step = np.linalg.solve(information, gradient[..., None])[..., 0]
        except np.linalg.LinAlgError:  # flat: the answers are separated
            break
        converged = np.einsum("sq,sq->s", step, gradient) < enough
        theta, value = _climb(design, weights, theta, value, step)
        if converged.all():
            break
        value, gradient, information = _evaluate(design, weights, theta, free)
    return theta, value, _evaluate(design, weights, theta, free)[2], converged


def _climb(
    design: Design, weights: np.ndarray, theta: np.ndarray, value: np.ndarray, step: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Take the step, halved until the log-likelihood does not fall."""
    length = np.ones(len(theta))
    for _ in range(30):
        reached = theta + length[:, None] * step
        found = _log_chance(*scores(design, reached), design.link) @ weights
        falling = ~(found >= value - 1e-9 * (1 + np.abs(value)))
        if not falling.any():
            return reached, found
        length[falling] /= 2
    return np.where(falling[:, None], theta, reached), np.where(falling, value, found)


def _evaluate(
    design: Design, weights: np.ndarray, theta: np.ndarray, free: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Log-likelihood, its gradient and the observed information of the free parameters."""
    up, down = scores(design, theta)
    log_p = _log_chance(up, down, design.link)
    p = np.exp(log_p)
    upper, lower = _density(up, design.link) / p, -_density(down, design.link) / p  # slopes in u and l
    upper_curve, lower_curve = upper * (_bend(up, design.link) - upper), lower * (_bend(down, design.link) - lower)
    both = -upper * lower
    gradient = (upper * weights) @ design.upper + (lower * weights) @ design.lower
    q = theta.shape[1]
    row, column = np.triu_indices(q)
    total = np.zeros((len(theta), len(row)))
    for part in np.array_split(np.arange(len(weights)), 1 + len(weights) * len(row) // CELLS):
        a, b, w = design.upper[part], design.lower[part], weights[part]
        total -= (upper_curve[:, part] * w) @ (a[:, row] * a[:, column])
        total -= (lower_curve[:, part] * w) @ (b[:, row] * b[:, column])
        total -= (both[:, part] * w) @ (a[:, row] * b[:, column] + b[:, row] * a[:, column])
    information = np.empty((len(theta), q, q))
    information[:, row, column] = information[:, column, row] = total
    inside = free[:, :, None] & free[:, None, :]
    information = np.where(inside, information, np.eye(q) * ~free[:, :, None])
    return log_p @ weights, gradient * free, information


def _log_chance(up: np.ndarray, down: np.ndarray, link: str) -> np.ndarray:
    """ln[F(u) - F(l)]; minus infinity where u is not above l."""
    cdf = expit if link == "logit" else ndtr
    turned = down > 0  # small differences are taken in the lower tail, where they are exact
    p = np.where(turned, cdf(-down) - cdf(-up), cdf(up) - cdf(down))
    return np.where(p > 0, np.log(np.maximum(p, 1e-300)), -np.inf)


def _density(z: np.ndarray, link: str) -> np.ndarray:
    return expit(z) * expit(-z) if link == "logit" else np.exp(-z * z / 2) / np.sqrt(2 * np.pi)


def _bend(z: np.ndarray, link: str) -> np.ndarray:
    """Slope of the density divided by the density."""
    return expit(-z) - expit(z) if link == "logit" else -z
