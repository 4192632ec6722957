"""Find the maximum of a log-likelihood in the logarithms of its parameters, and say how sharp it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from crm_analysis.clv.likelihood import Derivatives

REACH = 12.0  # the search stays within e^±12 of its centre; beyond it a likelihood is flat
GRADIENT = 1e-6  # of the mean log-likelihood, at which a maximum counts as reached


@dataclass(frozen=True)
class Optimum:
    """Where the search ended and how the likelihood looks there.

    Parameters
    ----------
    log_params : numpy.ndarray of shape (k,)
    derivatives : Derivatives
        At that point, for all customers together.
    customers : float
    centre : numpy.ndarray of shape (k,)
        Middle of the searched region, in logarithms.
    iterations : int
    """

    log_params: np.ndarray
    derivatives: Derivatives
    customers: float
    centre: np.ndarray
    iterations: int

    @property
    def params(self) -> np.ndarray:
        """The parameters themselves."""
        return np.exp(self.log_params)

    @property
    def gradient_norm(self) -> float:
        """Largest slope of the mean log-likelihood; 0 at a maximum."""
        return float(np.abs(self.derivatives.gradient).max() / self.customers)

    @property
    def eigenvalues(self) -> np.ndarray:
        """Eigenvalues of the information matrix in log-parameters, ascending; all positive at a proper maximum."""
        return np.linalg.eigvalsh(-self.derivatives.hessian)

    @property
    def log_covariance(self) -> np.ndarray:
        """Covariance of the log-parameters: the inverse information; NaN where the likelihood is flat."""
        if self.eigenvalues[0] <= 1e-9 * max(self.eigenvalues[-1], 1.0):
            return np.full_like(self.derivatives.hessian, np.nan)
        inverse = np.linalg.inv(-self.derivatives.hessian)
        return (inverse + inverse.T) / 2

    @property
    def at_limit(self) -> np.ndarray:
        """Whether each parameter ran towards 0 or infinity."""
        return np.abs(self.log_params - self.centre) > REACH - 3


def maximise(
    likelihood: Callable[[np.ndarray], Derivatives],
    *,
    centre: Sequence[float],
    customers: float,
    starts: Sequence[Sequence[float]] | None = None,
) -> Optimum:
    """Maximise a log-likelihood by Newton's method with a trust region.

    Other starts are tried only if the first does not end where the slope is zero and the
    information is positive. Nothing is random: two runs agree to the bit.

    Parameters
    ----------
    likelihood : callable
        From log-parameters of shape (k,) to `Derivatives`.
    centre : sequence of float
        Middle of the searched region, in the parameters themselves; the first start.
    customers : float
    starts : sequence of sequences, optional
        More starts, as multiples of the centre.

    Returns
    -------
    Optimum

    Examples
    --------
    >>> def normal(u):
    ...     return Derivatives(-float((u - 1) @ (u - 1)), -2 * (u - 1), -2 * np.eye(2))
    >>> maximise(normal, centre=[1, 1], customers=1).log_params.round(6).tolist()
    [1.0, 1.0]
    """
    middle = np.log(np.asarray(centre, float))
    tries = [np.ones_like(middle), *np.asarray(starts if starts is not None else np.empty((0, len(middle))))]
    best: Optimum | None = None
    for start in tries:
        found = _climb(likelihood, middle, middle + np.log(start), customers)
        if best is None or found.derivatives.value > best.derivatives.value + 1e-9 * abs(best.derivatives.value):
            best = found
        if found.gradient_norm < GRADIENT and found.eigenvalues[0] > 0 and not found.at_limit.any():
            break
    return best


def _climb(likelihood: Callable, centre: np.ndarray, start: np.ndarray, customers: float) -> Optimum:
    from scipy.optimize import minimize

    known: dict[bytes, tuple[float, np.ndarray, np.ndarray]] = {}

    def loss(u: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        key = u.tobytes()
        if key not in known:
            known.clear()
            known[key] = _fenced(likelihood, u, centre, customers)
        return known[key]

    options = {"gtol": GRADIENT / 100, "max_trust_radius": 3.0, "maxiter": 300}
    found = minimize(
        lambda u: loss(u)[0],
        start,
        jac=lambda u: loss(u)[1],
        hess=lambda u: loss(u)[2],
        method="trust-exact",
        options=options,
    )
    return Optimum(found.x, likelihood(found.x), customers, centre, int(found.nit))


def _fenced(likelihood: Callable, u: np.ndarray, centre: np.ndarray, customers: float) -> tuple:
    """Return mean loss and derivatives, with a smooth fence at the border of the searched region."""
    beyond = np.maximum(np.abs(u - centre) - REACH, 0)
    fence, sign = 1e-2 * beyond**3, np.sign(u - centre)
    with np.errstate(all="ignore"):
        value, gradient, hessian = likelihood(np.clip(u, centre - REACH - 5, centre + REACH + 5))
    if not (np.isfinite(value) and np.isfinite(gradient).all() and np.isfinite(hessian).all()):
        return 1e300, np.zeros_like(u), np.eye(len(u))
    return (
        -value / customers + fence.sum(),
        -gradient / customers + 3e-2 * beyond**2 * sign,
        -hessian / customers + np.diag(6e-2 * beyond),
    )
