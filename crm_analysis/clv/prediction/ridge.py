"""Along the ridge of a likelihood: where else than at its maximum the parameters may be, step by step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from crm_analysis.clv.models.fitting import FLAT
from crm_analysis.clv.models.likelihood import Derivatives

STEP, LONGEST = 1.0, 0.8  # standard deviations, but at most so far in log-parameters
DROP = 6.0  # in log-likelihood, at which a ridge ends
MOST_STEPS, CORRECTIONS = 40, 2
STIFF = 4.0  # information below which a direction across the ridge counts as flat too


class Place(NamedTuple):
    """A place on the ridge: where, how high, and a root of the covariance of what lies around it."""

    at: np.ndarray
    height: float
    root: np.ndarray

    @property
    def log_mass(self) -> float:
        """Log of the probability around the place, up to a constant."""
        return self.height + float(np.linalg.slogdet(self.root)[1])


def ridge(
    derivatives: Callable[[np.ndarray], Derivatives], mode: np.ndarray, *, low: np.ndarray, high: np.ndarray
) -> list[Place]:
    """Walk from the mode both ways along the softest direction, as long as the likelihood stays high.

    Each step goes along the direction in which the likelihood bends least, and then climbs back across it. Where
    shapes run to infinity together with scales, the ridge is long, flat and curved; a covariance at the mode knows
    nothing of it.

    Parameters
    ----------
    derivatives : callable
        From log-parameters of shape (k,) to value, gradient and Hessian.
    mode : numpy.ndarray of shape (k,)
    low, high : numpy.ndarray of shape (k,)
        Ends of the searched region.

    Returns
    -------
    list of Place
        The mode first.

    Examples
    --------
    >>> def normal(u):
    ...     return Derivatives(-float(u @ u) / 2, -u, -np.eye(2))
    >>> len(ridge(normal, np.zeros(2), low=np.full(2, -9.0), high=np.full(2, 9.0)))
    9
    """
    start = derivatives(mode)
    places = [_place(mode, start, start.value, _length(start))]
    for sign in (1.0, -1.0):
        places += _walk(derivatives, mode, start, sign, low, high)
    return places


def _walk(
    derivatives: Callable[[np.ndarray], Derivatives],
    mode: np.ndarray,
    start: Derivatives,
    sign: float,
    low: np.ndarray,
    high: np.ndarray,
) -> Iterator[Place]:
    here, at = mode, start
    heading = sign * np.linalg.eigh(-start.hessian)[1][:, 0]
    for _ in range(MOST_STEPS):
        softest = np.linalg.eigh(-at.hessian)[1][:, 0]
        along = softest if softest @ heading > 0 else -softest
        heading = along if along @ heading > 0.5 else heading
        length = _length(at)
        here = here + length * heading
        at = derivatives(here)
        for _ in range(CORRECTIONS):
            if not _sound(at):
                return
            here = here + _across(at, heading)
            at = derivatives(here)
        inside = ((here >= low) & (here <= high)).all()
        if not (inside and _sound(at) and at.value > start.value - DROP):
            return
        yield _place(here, at, start.value, length)


def _sound(at: Derivatives) -> bool:
    return bool(np.isfinite(at.value) and np.isfinite(at.gradient).all() and np.isfinite(at.hessian).all())


def _length(at: Derivatives) -> float:
    softest = np.linalg.eigvalsh(-at.hessian)[0]
    return min(STEP / np.sqrt(max(softest, FLAT)), LONGEST)


def _across(at: Derivatives, heading: np.ndarray) -> np.ndarray:
    """Return Newton's step across the ridge, at most half a unit long."""
    size, axes = _beside(at, heading)
    step = axes @ ((axes.T @ at.gradient) / np.maximum(size, STIFF))
    return step * min(1.0, 0.5 / max(np.linalg.norm(step), 1e-300))


def _beside(at: Derivatives, heading: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return curvatures and directions across the ridge."""
    outer = np.eye(len(heading)) - np.outer(heading, heading)
    plane = np.linalg.svd(outer)[0][:, :-1]
    size, turned = np.linalg.eigh(-plane.T @ at.hessian @ plane)
    return size, plane @ turned


def _place(here: np.ndarray, at: Derivatives, best: float, length: float) -> Place:
    size, axes = np.linalg.eigh(-at.hessian)
    spread = 1 / np.sqrt(np.maximum(size, STIFF / 10))
    spread[0] = max(length, min(spread[0], length * 1.5))
    return Place(here, at.value - best, axes * spread)
