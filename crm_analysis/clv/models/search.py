"""The search for a maximum over many distinct cases: starts compared on a part of them, the top reached on all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np

from crm_analysis.clv.cases import Cases
from crm_analysis.clv.models.fitting import Likelihood, Optimum, maximise
from crm_analysis.clv.models.likelihood import Derivatives

ENOUGH = 5_000  # distinct cases that tell good starts from bad
AT_ONCE = 2_000  # distinct cases at a time: their arrays stay in the processor's cache, and memory stays bounded


def search(
    derivatives: Callable[[np.ndarray, Cases], Derivatives],
    cases: Cases,
    *,
    centre: Sequence[float],
    reach: Sequence[float],
    starts: Sequence[Sequence[float]],
) -> Optimum:
    """Try every start, with very many cases on a part of them, and go to the top on all.

    Parameters
    ----------
    derivatives : callable
        From log-parameters and cases to value, gradient and Hessian of the log-likelihood.
    cases : Cases
    centre, reach, starts
        As `fitting.maximise` takes them.

    Returns
    -------
    Optimum

    Examples
    --------
    >>> from crm_analysis.clv.cases import NOBODY
    >>> def normal(u, cases):
    ...     return Derivatives(-float(u @ u) / 2, -u, -np.eye(1))
    >>> search(normal, NOBODY, centre=[2.0], reach=[9.0], starts=[]).params.round(6).tolist()
    [1.0]
    """
    few, region = thinned(cases), {"centre": centre, "reach": reach}
    found = maximise(_whole(derivatives, few), customers=few.customers, starts=starts, **region)
    if few is cases:
        return found
    return maximise(_whole(derivatives, cases), customers=cases.customers, first=found.log_params, **region)


def _whole(derivatives: Callable, cases: Cases) -> Likelihood:
    pieces = pieces_of(cases)
    return lambda log_params: add_up(derivatives(log_params, piece) for piece in pieces)


def thinned(cases: Cases) -> Cases:
    """Return equally spaced customers, in the order of the cases, if there are very many distinct cases."""
    if len(cases) <= ENOUGH:
        return cases
    total = np.cumsum(cases.weight)
    chosen = np.searchsorted(total, (np.arange(ENOUGH) + 0.5) / ENOUGH * total[-1])
    kept, weight = np.unique(chosen, return_counts=True)
    return replace(cases, x=cases.x[kept], tx=cases.tx[kept], T=cases.T[kept], weight=weight.astype(float))


def pieces_of(cases: Cases) -> list[Cases]:
    """Cut many distinct cases into pieces."""
    cuts = [slice(start, start + AT_ONCE) for start in range(0, len(cases), AT_ONCE)]
    parts = [{name: getattr(cases, name)[cut] for name in ("x", "tx", "T", "weight")} for cut in cuts]
    return [cases] if len(cuts) == 1 else [replace(cases, **part) for part in parts]


def add_up(parts: Iterable[Derivatives]) -> Derivatives:
    """Return the sum of log-likelihoods of parts, with derivatives."""
    return Derivatives(*(sum(values) for values in zip(*parts)))
