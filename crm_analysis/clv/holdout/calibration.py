"""Whether predictions mean what they say: means by decile, and how often intervals hold the actual count."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from crm_analysis.clv.cases import Cases, as_cases
from crm_analysis.clv.models.estimator import Theta
from crm_analysis.clv.models.model import PurchaseModel
from crm_analysis.errors import InputError
from crm_analysis.intervals import check_level, share_columns, t_half

LEVELS = (0.5, 0.8, 0.9, 0.95)
ROWS, LONGEST = 16_384, 4_096  # probabilities worked out at once; most counts of one customer at once
TINY = 1e-12  # rounding of a cumulated probability


def calibration_by_decile(
    predicted: ArrayLike,
    actual: ArrayLike,
    *,
    weight: ArrayLike | None = None,
    groups: int = 10,
    level: float = 0.95,
) -> pd.DataFrame:
    """Mean predicted and mean actual purchases in groups of equal size, the highest predictions first.

    Customers of equal prediction stay in one group (that of their middle), so the order of rows does not matter and
    groups may differ in size or be missing.

    Parameters
    ----------
    predicted, actual : array_like of shape (customers,)
    weight : array_like of shape (customers,), optional
    groups : int
    level : float in (0, 1)
        Of Student's interval of the actual mean; it is cut at 0 and empty where all counts are equal.

    Returns
    -------
    pandas.DataFrame
        group (1 is the highest), customers, predicted, actual, actual_low, actual_high.

    Examples
    --------
    >>> calibration_by_decile([3, 2, 1, 0.5], [4, 1, 1, 1], groups=2).round(2).values.tolist()
    [[1.0, 2.0, 2.5, 2.5, 0.0, 21.56], [2.0, 2.0, 0.75, 1.0, nan, nan]]
    """
    predicted, actual = np.asarray(predicted, float), np.asarray(actual, float)
    weight = np.ones(len(actual)) if weight is None else np.asarray(weight, float)
    if not predicted.shape == actual.shape == weight.shape or not len(actual):
        raise InputError("predicted, actual and weight must be of one length above 0",
                         zh="预测值、实际值与权重的长度必须一致")  # fmt: skip
    code = np.unique(-predicted, return_inverse=True)[1]
    size = np.bincount(code, weight)
    middle = (np.cumsum(size) - size / 2) / size.sum()
    group = np.minimum((middle * groups).astype(int), groups - 1)[code]
    customers, kept = np.bincount(group, weight), np.unique(group)
    with np.errstate(divide="ignore", invalid="ignore"):
        means = [np.bincount(group, weight * values) / customers for values in (predicted, actual)]
        spread = np.bincount(group, weight * (actual - means[1][group]) ** 2) / (customers - 1)
    n, mean, deviation = customers[kept], means[1][kept], np.sqrt(spread[kept])
    half = np.where(deviation > 0, t_half(deviation, n, level=check_level(level)), np.nan)
    return pd.DataFrame({"group": kept + 1, "customers": n, "predicted": means[0][kept], "actual": mean,
                         "actual_low": np.maximum(mean - half, 0), "actual_high": mean + half})  # fmt: skip


def coverage(
    model: PurchaseModel,
    data: object,
    actual: ArrayLike,
    *,
    horizon: float,
    levels: Iterable[float] = LEVELS,
    level: float = 0.95,
) -> pd.DataFrame:
    """How often the model's outcome interval holds what a customer really did.

    The interval at level c runs from the smallest n with ``P(N <= n) >= (1 - c) / 2`` to the smallest with
    ``P(N <= n) >= (1 + c) / 2``. Counts are whole numbers, so even a true model covers a little more than c.

    Parameters
    ----------
    model : PurchaseModel
    data : pandas.DataFrame or Summary
        One row per customer, or per ``weights`` customers.
    actual : pandas.Series or array_like of shape (customers,)
        Purchases in the horizon.
    horizon : float
    levels : iterable of float in (0, 1)
    level : float in (0, 1)
        Of Wilson's interval of the share covered.

    Returns
    -------
    pandas.DataFrame
        level, covered, covered_low, covered_high.

    Examples
    --------
    >>> from crm_analysis.clv import NBD
    >>> model = NBD.with_params(r=1.0, alpha=39.0)
    >>> frame = pd.DataFrame({"frequency": [0, 1], "recency": [0.0, 20.0], "T": [39.0, 39.0]})
    >>> coverage(model, frame, [0, 9], horizon=39, levels=[0.9])["covered"].tolist()
    [0.5]
    """
    cases = as_cases(data)
    if isinstance(actual, pd.Series) and not actual.index.equals(cases.index):
        raise InputError("actual and the customers do not have the same index", mend="actual.reindex(data.index)",
                         zh="实际值与客户表的索引不一致")  # fmt: skip
    counts = np.asarray(actual, float)
    if counts.shape != cases.row.shape or np.isnan(counts).any():
        raise InputError(f"{counts.size} actual counts for {len(cases.row)} customers, or empty ones",
                         expected="one number per customer", zh="实际购买次数与客户数不一致")  # fmt: skip
    levels = [check_level(value) for value in levels]
    limits = outcome_limits(model, cases, horizon=horizon, levels=levels)[:, :, cases.row]
    frame = getattr(data, "frame", data)
    weight = frame["weights"].to_numpy(float) if "weights" in frame else np.ones(len(counts))
    return covered_table(counts, weight, limits, levels, level=level)


def covered_table(
    actual: np.ndarray, weight: np.ndarray, limits: np.ndarray, levels: Sequence[float], *, level: float = 0.95
) -> pd.DataFrame:
    """Return the shares of weights whose actual count lies within limits of shape (levels, 2, rows)."""
    inside = (actual >= limits[:, 0]) & (actual <= limits[:, 1])
    return pd.DataFrame({"level": levels} | share_columns("covered", inside @ weight, weight.sum(), level=level))


def outcome_limits(
    model: PurchaseModel, cases: Cases, *, horizon: float, levels: Sequence[float] = LEVELS
) -> np.ndarray:
    """Lower and upper limit of the purchases of each case, shape (levels, 2, cases)."""
    tails = [tail for value in levels for tail in ((1 - value) / 2, (1 + value) / 2)]
    return outcome_quantiles(model, cases, horizon=horizon, probabilities=tails).reshape(len(levels), 2, -1)


def outcome_quantiles(
    model: PurchaseModel, cases: Cases, *, horizon: float, probabilities: Sequence[float]
) -> np.ndarray:
    """Smallest n with ``P(N <= n) >= p`` for each case, shape (probabilities, cases); nothing is drawn at random.

    Examples
    --------
    >>> from crm_analysis.clv import NBD
    >>> frame = pd.DataFrame({"frequency": [0], "recency": [0.0], "T": [39.0]})
    >>> outcome_quantiles(NBD.with_params(r=1.0, alpha=39.0), as_cases(frame), horizon=39, probabilities=[0.6, 0.7])
    array([[0.], [1.]])
    """
    ahead, rows, start, block = Ahead.of(model, cases, horizon), np.arange(len(cases)), 0, 1
    found, below = np.full((len(probabilities), len(cases)), -1.0), np.zeros(len(cases))
    while len(rows):
        counts = np.arange(start, start + block, dtype=float)
        chances = ahead.probability(np.tile(rows, block), np.repeat(counts, len(rows)))
        reached = below[rows] + np.cumsum(chances.reshape(block, len(rows)), axis=0)
        for quantile, p in zip(found, probabilities):
            hit = ~(reached < p - TINY)
            new = hit.any(axis=0) & (quantile[rows] < 0)
            quantile[rows[new]] = np.where(np.isnan(reached[-1]), np.nan, start + hit.argmax(axis=0))[new]
        below[rows] = reached[-1]
        rows, start = rows[(found[:, rows] < 0).any(axis=0)], start + block
        block = int(np.clip(ROWS // max(1, len(rows)), 1, LONGEST))
    return found


@dataclass(frozen=True)
class Ahead:
    """Cases as the model sees their future: P(alive) now, and the parameters of those alive.

    Parameters
    ----------
    model : PurchaseModel
    alive : numpy.ndarray of shape (cases,)
    updated : tuple of arrays of shape (cases,)
    horizon : float
    """

    model: PurchaseModel
    alive: np.ndarray
    updated: Theta
    horizon: float

    @classmethod
    def of(cls, model: PurchaseModel, cases: Cases, horizon: float) -> Ahead:
        """Return the future of cases at the model's parameters."""
        theta, shape = model.theta_, cases.x.shape
        updated = tuple(np.broadcast_to(value, shape) for value in model._updated(theta, cases.x, cases.T))
        alive = model._alive(theta, cases.x, cases.tx, cases.T)
        return cls(model, np.broadcast_to(alive, shape), updated, float(horizon))

    def probability(self, rows: np.ndarray, counts: np.ndarray) -> np.ndarray:
        """P(exactly `counts[i]` purchases in the horizon) of case `rows[i]`, a bounded number at a time."""
        found = np.empty(len(rows))
        for start in range(0, len(rows), ROWS):
            part = slice(start, start + ROWS)
            row, n = rows[part], counts[part]
            chance = self.model._pmf(tuple(value[row] for value in self.updated), n, np.full(len(n), self.horizon))
            found[part] = (1 - self.alive[row]) * (n == 0) + self.alive[row] * chance
        return found
