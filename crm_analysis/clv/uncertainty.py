"""How far the parameters leave open what is predicted of a customer: intervals of P(alive) and expected purchases."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from crm_analysis.clv.cases import Cases
from crm_analysis.clv.learned import LOG, LOG_ODDS, Learner, quantiles
from crm_analysis.clv.model import PurchaseModel
from crm_analysis.clv.posterior import Posterior

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


def limits(
    model: PurchaseModel, posterior: Posterior, cases: Cases, ahead: Ahead, *, level: float
) -> dict[str, np.ndarray]:
    """Return lower and upper limits of each quantity of `LINKS`, as ``name_low`` and ``name_high`` per case.

    The interval of a case depends on the case and the posterior alone, not on the other cases.
    """
    draws = posterior.draws.to_numpy()
    learner, tail = Learner.of(np.log(draws)), (1 - level) / 2
    found = {f"{name}_{side}": np.empty(len(cases)) for name in LINKS for side in ("low", "high")}
    for cut in chunks(len(cases), AT_ONCE, "intervals"):
        some, columns = part(cases, cut), {name: column[cut] for name, column in found.items()}
        values = quantities(model, draws[learner.chosen], some, ahead)
        good = np.full(len(some), learner.usable)
        for row, (name, link) in enumerate(LINKS.items()):
            if good.any():
                low, high, fine = learner.interval(values[row], link, tail=tail)
                columns[f"{name}_low"][:], columns[f"{name}_high"][:] = low, high
                good &= fine
        _exactly(model, draws, learner, some, ahead, tail, np.flatnonzero(~good), values, columns)
    return found


def _exactly(
    model: PurchaseModel,
    draws: np.ndarray,
    learner: Learner,
    cases: Cases,
    ahead: Ahead,
    tail: float,
    poor: np.ndarray,
    known: np.ndarray,
    columns: dict[str, np.ndarray],
) -> None:
    """Work out every draw for the cases for whom no polynomial is good enough.

    How much discounting takes off hardly varies with the parameters, so a polynomial will do for that.
    """
    step = max(1, STORED // len(draws))
    for at in range(0, len(poor), step):
        some = poor[at : at + step]
        values = quantities(model, draws, part(cases, some), ahead, discounted=False)
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.nan_to_num(known[3][:, some] / known[2][:, some], nan=1.0)
        for row, name in enumerate(LINKS):
            drawn = values[row] if row < 3 else values[2] * learner.everywhere(ratio)
            columns[f"{name}_low"][some], columns[f"{name}_high"][some] = quantiles(drawn.T.copy(), tail)


def part(cases: Cases, rows: slice | np.ndarray) -> Cases:
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
