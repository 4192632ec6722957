"""How far the parameters leave open what is predicted of a customer: intervals of P(alive) and expected purchases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from crm_analysis.clv.cases import Cases
from crm_analysis.clv.models.model import PurchaseModel
from crm_analysis.clv.prediction.learned import LOG, LOG_ODDS, Learner, quantiles
from crm_analysis.clv.prediction.posterior import Posterior

AT_ONCE = 1_024  # distinct cases
CELLS = 4_000  # draws x cases worked out at once: small enough for the processor's cache
STORED = 4_000_000  # draws x cases held at once
SILENT = 100_000  # distinct cases below which no progress is shown
LINKS = {
    "p_alive": LOG_ODDS,
    "p_alive_end": LOG_ODDS,
    "expected_purchases": LOG,
    "discounted_purchases": LOG,
}


class Ahead(NamedTuple):
    """How far to look ahead, in the unit of the data, and the continuous discount rate per unit."""

    horizon: float
    discount: float


def quantities(
    model: PurchaseModel, draws: np.ndarray, cases: Cases, ahead: Ahead, *, discounted: bool = True
) -> np.ndarray:
    """Return what is predicted, in the order of `LINKS`, under each of the parameters.

    What somebody alive will do depends on x and T alone, so it is worked out once for all cases that share them.

    Parameters
    ----------
    model : PurchaseModel
    draws : numpy.ndarray of shape (draws, parameters)
    cases : Cases
    ahead : Ahead
    discounted : bool
        Whether to work out the discounted purchases too, the dearest of the four.

    Returns
    -------
    numpy.ndarray of shape (4, draws, cases) or (3, draws, cases)
    """
    pairs, place = np.unique(cases.x + 1j * cases.T, return_inverse=True)
    found = np.empty((3 + discounted, len(draws), len(cases)))
    step = max(1, CELLS // len(cases))
    for at in range(0, len(draws), step):
        theta = tuple(draws[at : at + step].T[:, :, None])
        now = model._alive(theta, cases.x, cases.tx, cases.T)
        later = model._updated(theta, pairs.real, pairs.imag)
        horizon = np.asarray(ahead.horizon)
        parts = [model._survival(later, horizon), model._mean(later, horizon)]
        parts += [model._discounted(later, ahead.discount, ahead.horizon)] if discounted else []
        found[0, at : at + step] = now
        for row, part in enumerate(parts, start=1):
            found[row, at : at + step] = now * np.broadcast_to(part, (len(now), len(pairs)))[:, place]
    return found


@dataclass(frozen=True)
class Outlook:
    """A model under all draws of its parameters.

    Parameters
    ----------
    model : PurchaseModel
    draws : numpy.ndarray of shape (draws, parameters)
    learner : Learner
        Of the logarithms of the draws.
    ahead : Ahead
    tail : float
        Probability left out at either end.
    """

    model: PurchaseModel
    draws: np.ndarray
    learner: Learner
    ahead: Ahead
    tail: float

    def limits(self, cases: Cases) -> np.ndarray:
        """Return lower and upper limits of each quantity of `LINKS`, shape (4, 2, cases)."""
        values = quantities(self.model, self.draws[self.learner.chosen], cases, self.ahead)
        found = np.empty((len(LINKS), 2, len(cases)))
        good = np.full(len(cases), self.learner.usable)
        for row, link in enumerate(LINKS.values()):
            if good.any():
                *found[row], fine = self.learner.interval(values[row], link, tail=self.tail)
                good &= fine
        poor = np.flatnonzero(~good)
        if len(poor):
            found[:, :, poor] = self._worked_out(part(cases, poor), values[:, :, poor])
        return found

    def _worked_out(self, cases: Cases, known: np.ndarray) -> np.ndarray:
        """Return limits from every draw, for the cases for whom no polynomial is good enough.

        How much discounting takes off hardly varies with the parameters, so a polynomial will do for that.
        """
        values = quantities(self.model, self.draws, cases, self.ahead, discounted=False)
        with np.errstate(divide="ignore", invalid="ignore"):
            worth = self.learner.everywhere(np.nan_to_num(known[3] / known[2], nan=1.0))
        drawn = [*values, values[2] * worth]
        return np.stack([quantiles(np.ascontiguousarray(each.T), self.tail) for each in drawn])


def points(model: PurchaseModel, cases: Cases, ahead: Ahead) -> dict[str, np.ndarray]:
    """Return each quantity of `LINKS` per case, at the parameters of the model."""
    params, found = model.params_.to_numpy()[None, :], np.empty((len(LINKS), len(cases)))
    order = np.lexsort((cases.T, cases.x))  # equal (x, T) side by side
    for at in range(0, len(cases), AT_ONCE):
        rows = order[at : at + AT_ONCE]
        found[:, rows] = quantities(model, params, part(cases, rows), ahead)[:, 0]
    return dict(zip(LINKS, found))


def parameter_intervals(
    model: PurchaseModel, posterior: Posterior, cases: Cases, ahead: Ahead, *, level: float
) -> dict[str, np.ndarray]:
    """Return lower and upper limits of each quantity of `LINKS`, as ``name_low`` and ``name_high`` per case.

    The interval of a case depends on the case and the posterior alone, not on the other cases.
    """
    draws = posterior.draws.to_numpy()
    outlook = Outlook(model, draws, Learner.of(np.log(draws)), ahead, (1 - level) / 2)
    found = np.empty((len(LINKS), 2, len(cases)))
    order = np.lexsort((cases.T, cases.x))  # equal (x, T) side by side
    for cut in chunks(len(cases), max(1, min(AT_ONCE, STORED // len(draws))), "intervals"):
        found[:, :, order[cut]] = outlook.limits(part(cases, order[cut]))
    names = [f"{name}_{side}" for name in LINKS for side in ("low", "high")]
    return dict(zip(names, found.reshape(len(names), -1)))


def part(cases: Cases, rows: np.ndarray) -> Cases:
    """Return some of the cases; to which customers they belong is left out."""
    columns = (getattr(cases, name)[rows] for name in ("x", "tx", "T", "weight"))
    return Cases(*columns, cases.row[:0], cases.index[:0], cases.unit)


def chunks(count: int, step: int, label: str) -> Iterator[slice]:
    """Cut `count` cases into pieces; a progress bar is shown where there are many."""
    cuts = [slice(at, at + step) for at in range(0, count, step)]
    if count < SILENT:
        yield from cuts
        return
    import sys

    from tqdm import tqdm

    with tqdm(total=count, desc=label, unit="case", unit_scale=True, leave=False, file=sys.stderr) as bar:
        for cut in cuts:
            yield cut
            bar.update(min(cut.stop, count) - cut.start)
