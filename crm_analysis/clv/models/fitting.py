"""Find the maximum of a log-likelihood in the logarithms of its parameters, and say how sharp it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from crm_analysis.clv.models.likelihood import Derivatives

REACH = 12.0  # the search stays within e^±12 of its centre; beyond it a likelihood is flat
AT_END, NEAR, VAGUE = 0.3, 2.0, 0.5  # distances from the end of the search; a standard error of a logarithm
GRADIENT, LITTLE = 1e-6, 1e-4  # slope of the mean log-likelihood, or gain left, at which a maximum is reached
SHARP, FLAT = 1e-10, 0.01  # gradient at which the search ends; information below which nothing is known
MOST_STEPS, LONGEST, SHORTEST = 200, 3.0, 1e-10  # steps in log-parameters
ROUNDING, SAME = 1e-13, 1e-9  # of a likelihood: gains it cannot tell, and maxima that count as equal

Likelihood = Callable[[np.ndarray], Derivatives]


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
    reach : float or numpy.ndarray of shape (k,)
        Half the width of the searched region, in logarithms.
    """

    log_params: np.ndarray
    derivatives: Derivatives
    customers: float
    centre: np.ndarray
    iterations: int
    reach: float | np.ndarray = REACH

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
        """Covariance of the log-parameters: the inverse information.

        NaN for parameters at the end of the search, or on which the likelihood hangs so little that their size is
        unknown; the others keep theirs.
        """
        size, axes = np.linalg.eigh(-self.derivatives.hessian)
        flat = size < FLAT
        inverse = (axes[:, ~flat] / size[~flat]) @ axes[:, ~flat].T
        unknown = ((axes[:, flat] ** 2).sum(axis=1) > FLAT) | (self._ahead < AT_END)
        inverse[unknown, :] = inverse[:, unknown] = np.nan
        return (inverse + inverse.T) / 2

    @property
    def reached(self) -> bool:
        """Whether this is a maximum: no slope is left, except along parameters held at the end of the search."""
        held = np.abs(self.log_params - self.centre) >= self.reach
        slope = np.where(held, 0.0, self.derivatives.gradient)
        size, axes = np.linalg.eigh(-self.derivatives.hessian)
        along, sharp = axes.T @ slope, size > FLAT
        gain = float((along[sharp] ** 2 / size[sharp]).sum() / 2)
        rest = np.abs(along[~sharp]).max(initial=0.0) / self.customers
        return np.abs(slope).max() < GRADIENT * self.customers or (gain < LITTLE and rest < GRADIENT)

    def log_error(self, direction: np.ndarray) -> float:
        """Standard error of a sum of log-parameters with these factors; inf if the likelihood does not hang on it."""
        size, axes = np.linalg.eigh(-self.derivatives.hessian)
        along, flat = (axes.T @ direction) ** 2, size < FLAT
        if along[flat].sum() > FLAT * (direction @ direction):
            return float("inf")
        return float(np.sqrt((along[~flat] / size[~flat]).sum()))

    @property
    def at_limit(self) -> np.ndarray:
        """Whether each parameter ran towards 0 or infinity: to the end of the search, or near it and ill determined."""
        vague = ~(np.diag(self.log_covariance) < VAGUE**2)
        return (self._ahead < AT_END) | ((self._ahead < NEAR) & vague)

    @property
    def _ahead(self) -> np.ndarray:
        return self.reach - np.abs(self.log_params - self.centre)


class Region(NamedTuple):
    """The searched region, in logarithms."""

    centre: np.ndarray
    reach: np.ndarray


def maximise(
    likelihood: Likelihood,
    *,
    centre: Sequence[float],
    customers: float,
    starts: Sequence[Sequence[float]] | None = None,
    reach: float | Sequence[float] = REACH,
    first: np.ndarray | None = None,
) -> Optimum:
    """Maximise a log-likelihood by Newton's method with a trust region.

    These likelihoods can have two maxima (customers who differ much in rate, or who mostly left early), so every
    start is tried; the highest end counts. Nothing is random: two runs agree to the bit.

    Parameters
    ----------
    likelihood : callable
        From log-parameters of shape (k,) to `Derivatives`.
    centre : sequence of float
        Middle of the searched region, in the parameters themselves; the first start.
    customers : float
    starts : sequence of sequences, optional
        More starts, as multiples of the centre.
    reach : float or sequence of float
        How far each parameter may go from its centre, in logarithms.
    first : numpy.ndarray of shape (k,), optional
        Log-parameters known to be near the maximum: the only start then.

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
    region = Region(middle, np.broadcast_to(np.asarray(reach, float), middle.shape))
    tries = [middle, *(middle + np.log(np.asarray(start, float)) for start in (() if starts is None else starts))]
    best: Optimum | None = None
    for start in tries if first is None else [first]:
        found = _climb(likelihood, region, start, customers)
        if best is None or found.derivatives.value > best.derivatives.value + SAME * abs(best.derivatives.value):
            best = found
    return best


def _climb(likelihood: Likelihood, region: Region, start: np.ndarray, customers: float) -> Optimum:
    """Go up from `start`; the step is as long as the quadratic approximation has lately been good for."""
    here, radius, steps = start, 1.0, 0
    at = _fenced(likelihood, here, region, customers)
    while np.abs(at.gradient).max() > SHARP and radius > SHORTEST and steps < MOST_STEPS:
        steps += 1
        step = _step(at, radius)
        promised = at.gradient @ step + step @ at.hessian @ step / 2
        there = _fenced(likelihood, here + step, region, customers)
        better, good = _gain(at, there, promised)
        radius = min(LONGEST, max(radius, 2 * np.linalg.norm(step))) if good else radius
        if better:
            here, at = here + step, there
        elif promised < ROUNDING * (1 + abs(at.value)):
            break
        else:
            radius = np.linalg.norm(step) / 4
    with np.errstate(all="ignore"):
        return Optimum(here, likelihood(here), customers, region.centre, steps, region.reach)


def _gain(at: Derivatives, there: Derivatives, promised: float) -> tuple[bool, bool]:
    """Say whether a step is to be taken, and whether it kept its promise.

    Where rounding hides the gain, the slope decides.
    """
    if not np.isfinite(there.value):
        return False, False
    if promised < ROUNDING * (1 + abs(at.value)):
        return bool(np.abs(there.gradient).max() < np.abs(at.gradient).max()), True
    kept = (there.value - at.value) / promised
    return kept > 0.05, kept > 0.7


def _step(at: Derivatives, radius: float) -> np.ndarray:
    """Return the step that gains most within `radius` if the likelihood were quadratic."""
    size, axes = np.linalg.eigh(-at.hessian)
    slope = axes.T @ at.gradient
    least = max(0.0, -size[0]) + 1e-14 * max(abs(size[0]), abs(size[-1]), 1e-300)

    def bent(damping: float) -> np.ndarray:
        return slope / np.maximum(size + damping, 1e-300)

    low, high = least, least + np.linalg.norm(slope) / radius
    if np.linalg.norm(bent(low)) > radius:
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if np.linalg.norm(bent(middle)) > radius else (low, middle)
        low = high
    return axes @ bent(low)


def _fenced(likelihood: Likelihood, u: np.ndarray, region: Region, customers: float) -> Derivatives:
    """Return the mean log-likelihood with a smooth fence at the border of the searched region; -inf where undefined."""
    centre, reach = region
    beyond = np.maximum(np.abs(u - centre) - reach, 0)
    with np.errstate(all="ignore"):
        value, gradient, hessian = likelihood(np.clip(u, centre - reach - 5, centre + reach + 5))
    if not (np.isfinite(value) and np.isfinite(gradient).all() and np.isfinite(hessian).all()):
        return Derivatives(-np.inf, np.zeros_like(u), -np.eye(len(u)))
    return Derivatives(
        value / customers - 1e-2 * float((beyond**3).sum()),
        gradient / customers - 3e-2 * beyond**2 * np.sign(u - centre),
        hessian / customers - np.diag(6e-2 * beyond),
    )
