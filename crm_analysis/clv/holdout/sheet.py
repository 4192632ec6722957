"""What one model says about the customers of a holdout, and how far that is from what they did."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm_analysis.clv.holdout.baselines import Baseline
from crm_analysis.clv.holdout.calibration import LEVELS, Ahead, covered_table, outcome_limits
from crm_analysis.clv.holdout.holdout import Holdout
from crm_analysis.clv.holdout.metrics import MEASURES, average, resampled
from crm_analysis.clv.holdout.ranking import Ranking
from crm_analysis.clv.models.model import PurchaseModel

SCORED = (*MEASURES, "log_score")  # compared between models; the others only describe
ERRORS = ("bias", "mae", "rmse", "msle")
SAME_FIT = 1e-7  # relative, of log-likelihoods of one fit worked out twice

Contender = PurchaseModel | Baseline


@dataclass(frozen=True)
class Sheet:
    """What one model says about each distinct pair of case and actual count."""

    predicted: np.ndarray
    ranking: Ranking
    surprise: np.ndarray | None = None
    p_alive: float = np.nan
    p_zero: float = np.nan
    covered: pd.DataFrame | None = None

    @classmethod
    def of(cls, model: Contender, held: Holdout) -> Sheet:
        """Return what the model says about a holdout."""
        predicted = model.expected_purchases(held.pairs, horizon=held.horizon).to_numpy()
        if isinstance(model, Baseline):
            return cls(predicted, Ranking.of(predicted))
        ahead, rows = Ahead.of(model, held.pairs, held.horizon), np.arange(len(held.pairs))
        with np.errstate(divide="ignore"):
            surprise = -np.log(ahead.probability(rows, held.actual))
        nothing = ahead.probability(rows, np.zeros(len(rows)))
        within = outcome_limits(model, held.pairs, horizon=held.horizon)
        mean = [float(np.average(values, weights=held.weight)) for values in (ahead.alive, nothing)]
        return cls(
            predicted, Ranking.of(predicted), surprise, *mean, covered_table(held.actual, held.weight, within, LEVELS)
        )

    def measured(self, actual: np.ndarray, weight: np.ndarray, perfect: np.ndarray) -> dict[str, np.ndarray]:
        """Return the scored measures at weights of shape (pairs,) or (draws, pairs).

        `perfect` is the gini of the actual order at these weights, the same for all models.
        """
        found = {name: MEASURES[name](self.predicted, actual, weight=weight) for name in ERRORS}
        found |= self.ranking.measures(actual, weight, perfect)
        if self.surprise is not None:
            found["log_score"] = average(self.surprise, weight)
        return found

    def described(self) -> dict[str, float]:
        """Return what describes the model and does not compare it: mean P(alive), mean P(0), coverage at 90 %."""
        found = {"mean_p_alive": self.p_alive, "mean_p_zero": self.p_zero}
        names = ("covered", "covered_low", "covered_high")
        ninety = [np.nan] * 3 if self.covered is None else self.covered.set_index("level").loc[0.9, list(names)]
        return found | dict(zip(("coverage_90", "coverage_90_low", "coverage_90_high"), map(float, ninety)))


def measured(sheets: dict[str, Sheet], held: Holdout, weight: np.ndarray) -> dict[str, dict[str, np.ndarray]]:
    """Return the measures of each model at weights of shape (pairs,) or (draws, pairs)."""
    perfect = Ranking.of(held.actual).gini(held.actual, weight)
    return {key: sheet.measured(held.actual, weight, perfect) for key, sheet in sheets.items()}


def drawn_again(sheets: dict[str, Sheet], held: Holdout, draws: int, seed: int) -> dict[str, dict[str, np.ndarray]]:
    """Return the measures of each model in each draw of customers."""
    blocks = [measured(sheets, held, weight) for weight in resampled(held.weight, draws=draws, seed=seed)]
    if not blocks:
        return {key: {} for key in sheets}
    return {key: {name: np.concatenate([block[key][name] for block in blocks]) for name in found}
            for key, found in blocks[0].items()}  # fmt: skip


def in_sample(model: Contender, held: Holdout) -> dict[str, float]:
    """Return the log-likelihood of the calibration, and the criteria if the model was fitted on it."""
    found = dict.fromkeys(("log_likelihood", "aic", "bic"), np.nan)
    if isinstance(model, PurchaseModel):
        cases = held.calibration
        value = float(cases.weight @ model._rows(model.theta_, cases.x, cases.tx, cases.T))
        found["log_likelihood"] = value
        if model.fitted_ and abs(model.log_likelihood_ - value) <= SAME_FIT * abs(value):
            found |= {"aic": model.aic_, "bic": model.bic_}
    return found
