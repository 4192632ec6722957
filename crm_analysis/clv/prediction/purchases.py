"""What is foreseen of purchases for each distinct case: the columns of the prediction table that need no money."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from crm_analysis.clv.cases import Cases
from crm_analysis.clv.models.model import PurchaseModel
from crm_analysis.clv.prediction.counts import Counts
from crm_analysis.clv.prediction.posterior import Posterior, posterior
from crm_analysis.clv.prediction.setting import Setting
from crm_analysis.clv.prediction.uncertainty import parameter_intervals, points

NO_INTERVALS = {
    "zh": "模型参数是给定的，没有经过拟合，因此没有参数区间。",
    "en": "The parameters were given, not fitted, so how sure they are is not known: no parameter intervals.",
}


class Foreseen(NamedTuple):
    """What is foreseen of purchases, per distinct case.

    Parameters
    ----------
    columns : dict of str to numpy.ndarray of shape (cases,)
        Of the prediction table.
    counts : Counts
        How many purchases there may be.
    notes : list of dict
        What to know about the intervals, as ``zh`` and ``en``.
    """

    columns: dict[str, np.ndarray]
    counts: Counts
    notes: list[dict[str, str]]


def foresee(model: PurchaseModel, cases: Cases, setting: Setting) -> Foreseen:
    """Work out P(alive), purchases and discounted purchases with their intervals, and the outcome interval."""
    estimates = points(model, cases, setting.ahead)
    alive = estimates["p_alive"]
    found = posterior(model, draws=setting.draws, seed=setting.seed) if model.fitted_ else None
    sides = parameter_intervals(model, found, cases, setting.ahead, level=setting.level) if found else {}
    columns: dict[str, np.ndarray] = {}
    for name, point in estimates.items():
        columns[name] = point
        columns[f"{name}_low"] = np.minimum(sides.get(f"{name}_low", np.nan), point)
        columns[f"{name}_high"] = np.maximum(sides.get(f"{name}_high", np.nan), point)
        if name == "expected_purchases":
            counts, tail = Counts.of(model, cases, setting.horizon), (1 - setting.level) / 2
            columns["purchases_low"] = counts.quantile(alive, tail).astype(np.int64)
            columns["purchases_high"] = counts.quantile(alive, 1 - tail).astype(np.int64)
            columns["p_zero"] = 1 - alive * (1 - counts.zero[counts.of_case])
    return Foreseen(columns, counts, _notes(found))


def _notes(found: Posterior | None) -> list[dict[str, str]]:
    if found is None:
        return [NO_INTERVALS]
    return [] if found.reliable and not found.undetermined else [{"zh": found.zh, "en": found.en}]
