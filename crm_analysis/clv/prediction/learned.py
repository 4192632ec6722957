"""Quantities of customers as polynomials of the parameters, learned at a few posterior draws, used at all of them.

A thousand draws of a quantity that takes a quadrature per customer are dear; as a function of the parameters it is
smooth. So it is worked out at a few draws, a polynomial is fitted to it on a scale without limits (log, log-odds), and
quantiles are taken of the polynomial. Other draws tell for whom that is good enough.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import NamedTuple, Self

import numpy as np
from scipy.special import expit

NARROW, WIDE = 0.25, 1.5  # standard deviations of log-parameters: a quadratic will do, no polynomial will do
SPARE, CHECKED = 1.8, 8  # draws to learn from, per term of the polynomial; draws to check it at
ALLOWED = 0.1  # of the interval's width, by which a checked draw may be missed
EDGE = 40.0  # log-odds at which a probability counts as 0 or 1
LEAST = 1e-300


class Link(NamedTuple):
    """A scale without limits, and the way back."""

    there: Callable[[np.ndarray], np.ndarray]
    back: Callable[[np.ndarray], np.ndarray]


def _log(values: np.ndarray) -> np.ndarray:
    return np.log(np.maximum(values, LEAST))


def _log_odds(values: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore"):
        return np.clip(_log(values) - np.log1p(-np.minimum(values, 1.0)), -EDGE, EDGE)


LOG, LOG_ODDS = Link(_log, np.exp), Link(_log_odds, expit)


@dataclass(frozen=True)
class Learner:
    """Which draws to work out, and how their values give those of all.

    Parameters
    ----------
    chosen : numpy.ndarray of int
        Draws to work out: first those to learn from, then those to check.
    solve : numpy.ndarray of shape (terms, learned)
        From the values at the learned draws to the coefficients of the polynomial.
    basis : numpy.ndarray of shape (terms, draws)
        The polynomial's terms at all draws.
    usable : bool
        Whether the posterior is narrow enough for polynomials at all.

    Examples
    --------
    >>> draws = np.random.default_rng(0).normal(size=(400, 2)) / 10
    >>> learner = Learner.of(draws)
    >>> values = np.exp(draws.sum(axis=1))[learner.chosen]
    >>> low, high, good = learner.interval(values[:, None], LOG, tail=0.025)
    >>> bool(good[0]), round(float(high[0]), 2) == round(float(np.quantile(np.exp(draws.sum(axis=1)), 0.975)), 2)
    (True, True)
    """

    chosen: np.ndarray
    solve: np.ndarray
    basis: np.ndarray
    usable: bool

    @classmethod
    def of(cls, log_draws: np.ndarray) -> Self:
        """Choose draws, spread along the widest direction of the posterior; shape (draws, parameters)."""
        away = log_draws - log_draws.mean(axis=0)
        size, axes = np.linalg.eigh(np.atleast_2d(np.cov(away.T)))
        known = size > 1e-12 * max(size[-1], 1e-300)
        z = away @ axes[:, known] / np.sqrt(size[known])
        widest = float(np.sqrt(size[-1]))
        basis = _terms(z, fourth=widest >= NARROW)
        learned = min(int(np.ceil(SPARE * basis.shape[1])), len(z) - CHECKED)
        _, distinct = np.unique(log_draws, axis=0, return_index=True)
        order = distinct[np.argsort(z[distinct, -1], kind="stable")]
        places = order[np.linspace(0, len(order) - 1, learned + CHECKED).round().astype(int)]
        check = np.linspace(0, len(places) - 1, CHECKED + 2).round().astype(int)[1:-1]
        chosen = np.concatenate([np.delete(places, check), places[check]])
        solve = np.linalg.pinv(basis[chosen[:learned]])
        return cls(chosen, solve, np.ascontiguousarray(basis.T), usable=widest < WIDE)

    def interval(self, values: np.ndarray, link: Link, *, tail: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the quantiles `tail` and 1 - `tail` over all draws, and whether they can be relied on.

        Parameters
        ----------
        values : numpy.ndarray of shape (chosen, cases)
            The quantity at the chosen draws.
        link : Link
        tail : float

        Returns
        -------
        low, high : numpy.ndarray of shape (cases,)
        good : numpy.ndarray of bool, shape (cases,)
            Whether the polynomial misses no checked draw by more than a tenth of the width.
        """
        learned = self.solve.shape[1]
        coefficients = (self.solve @ link.there(values[:learned])).T
        around = coefficients[:, 1:].astype(np.float32) @ self.basis[1:].astype(np.float32)  # half the time to sort
        low, high = (link.back(coefficients[:, 0] + edge) for edge in quantiles(around, tail))
        guessed = link.back(coefficients @ self.basis[:, self.chosen[learned:]])
        missed = np.abs(guessed - values[learned:].T).max(axis=1)
        good = missed <= ALLOWED * (high - low) + 1e-9 * np.abs(high) + 1e-12
        return low, high, good

    def everywhere(self, values: np.ndarray) -> np.ndarray:
        """Return a quantity that varies little at all draws, shape (draws, cases), within the values it takes."""
        coefficients = self.solve @ values[: self.solve.shape[1]]
        return np.clip(self.basis.T @ coefficients, values.min(axis=0), values.max(axis=0))


def quantiles(values: np.ndarray, tail: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the quantiles `tail` and 1 - `tail` along the last axis, by sorting in place.

    Examples
    --------
    >>> low, high = quantiles(np.arange(101.0)[::-1].copy(), 0.05)
    >>> float(low), float(high)
    (5.0, 95.0)
    """
    values.sort(axis=-1)
    last = values.shape[-1] - 1
    return tuple(_between(values, place * last) for place in (tail, 1 - tail))


def _between(ordered: np.ndarray, place: float) -> np.ndarray:
    below = int(place)
    above, share = min(below + 1, ordered.shape[-1] - 1), place - below
    return ordered[..., below] if share == 0 else (1 - share) * ordered[..., below] + share * ordered[..., above]


def _terms(z: np.ndarray, *, fourth: bool) -> np.ndarray:
    """Return the terms of a polynomial in standardised axes: quadratic, or with z_i^2 z_j and z_i^4 too."""
    axes = range(z.shape[1])
    terms = [np.ones(len(z)), *z.T, *(z[:, i] * z[:, j] for i, j in combinations_with_replacement(axes, 2))]
    if fourth:
        terms += [z[:, i] ** 2 * z[:, j] for i in axes for j in axes] + [z[:, i] ** 4 for i in axes]
    return np.column_stack(terms)
