"""How far predicted purchase counts are from actual ones: one function per measure, and its bootstrap interval.

Each measure takes a weight per row (how many customers it stands for). Weights of shape (draws, rows) give one value
per draw, so drawing customers again costs one random weight per distinct row and no loop over customers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from crm_analysis.clv.holdout.ranking import Ranking, captured, share_of
from crm_analysis.errors import InputError
from crm_analysis.intervals import Estimate, check_level

ENTRIES = 1_000_000  # most weights held at once

Measure = Callable[..., np.ndarray]


def bias(predicted: ArrayLike, actual: ArrayLike, *, weight: ArrayLike | None = None) -> np.ndarray:
    """Bias of the total: ``sum(predicted) / sum(actual) - 1``; -0.1 is 10 % too few.

    Parameters
    ----------
    predicted, actual : array_like of shape (rows,)
        Purchases per customer.
    weight : array_like of shape (rows,) or (draws, rows), optional
        Customers that each row stands for; default one each.

    Returns
    -------
    numpy.ndarray
        A number, or one per draw; NaN if nobody bought.

    Examples
    --------
    >>> float(bias([0.5, 1.0], [0, 2]))
    -0.25
    """
    predicted, actual, weight = _checked(predicted, actual, weight)
    with np.errstate(divide="ignore", invalid="ignore"):
        total = weight @ actual
        return np.where(total > 0, weight @ predicted / total - 1, np.nan)[()]


def mae(predicted: ArrayLike, actual: ArrayLike, *, weight: ArrayLike | None = None) -> np.ndarray:
    """Mean absolute error. It is least for the median: where most buy nothing, predicting 0 for all does well.

    Parameters and returns as in `bias`.

    Examples
    --------
    >>> float(mae([0.5, 1.0], [0, 2]))
    0.75
    """
    predicted, actual, weight = _checked(predicted, actual, weight)
    return average(np.abs(predicted - actual), weight)


def rmse(predicted: ArrayLike, actual: ArrayLike, *, weight: ArrayLike | None = None) -> np.ndarray:
    """Root of the mean squared error; frequent buyers weigh most.

    Parameters and returns as in `bias`.

    Examples
    --------
    >>> round(float(rmse([0.5, 1.0], [0, 2])), 4)
    0.7906
    """
    predicted, actual, weight = _checked(predicted, actual, weight)
    return np.sqrt(average((predicted - actual) ** 2, weight))


def msle(predicted: ArrayLike, actual: ArrayLike, *, weight: ArrayLike | None = None) -> np.ndarray:
    """Mean squared error of ``ln(1 + count)``: errors count in proportion.

    Parameters and returns as in `bias`.

    Examples
    --------
    >>> round(float(msle([0.5, 1.0], [0, 2])), 4)
    0.1644
    """
    predicted, actual, weight = _checked(predicted, actual, weight)
    return average((np.log1p(predicted) - np.log1p(actual)) ** 2, weight)


def normalised_gini(predicted: ArrayLike, actual: ArrayLike, *, weight: ArrayLike | None = None) -> np.ndarray:
    """How well the prediction ranks customers: 1 as well as possible, 0 as by chance.

    ``G = 2 A - 1``, where A is the area under the share of actual purchases against the share of customers, best
    predicted first and customers of equal prediction together (trapezoid); divided by the G of the actual order.

    Parameters and returns as in `bias`.

    Examples
    --------
    >>> float(normalised_gini([3, 2, 1], [2, 1, 0])), float(normalised_gini([1, 1, 1], [2, 1, 0]))
    (1.0, 0.0)
    """
    predicted, actual, weight = _checked(predicted, actual, weight)
    found, perfect = (Ranking.of(by).gini(actual, weight) for by in (predicted, actual))
    return share_of(found, perfect)


def top_decile(predicted: ArrayLike, actual: ArrayLike, *, weight: ArrayLike | None = None) -> np.ndarray:
    """Share of all actual purchases made by the tenth of customers with the highest predictions.

    A tenth is rounded up to whole customers; where it ends among equal predictions, these share alike.

    Parameters and returns as in `bias`.

    Examples
    --------
    >>> float(top_decile(range(20), [0] * 17 + [1, 1, 2]))
    0.75
    """
    predicted, actual, weight = _checked(predicted, actual, weight)
    return captured(*Ranking.of(predicted).groups(actual, weight))


MEASURES: dict[str, Measure] = {
    "bias": bias,
    "mae": mae,
    "rmse": rmse,
    "msle": msle,
    "normalised_gini": normalised_gini,
    "top_decile": top_decile,
}
LARGER_IS_BETTER = frozenset({"normalised_gini", "top_decile"})


def with_interval(
    measure: Measure,
    predicted: ArrayLike,
    actual: ArrayLike,
    *,
    weight: ArrayLike | None = None,
    level: float = 0.95,
    draws: int = 1000,
    seed: int = 0,
) -> Estimate:
    """A measure with its percentile interval from drawing customers again.

    The predictions stay as they are: the interval tells what another sample of customers, served by the same fitted
    model in the same period, might have given.

    Parameters
    ----------
    measure : callable
        `bias`, `mae`, `rmse`, `msle`, `normalised_gini` or `top_decile`.
    predicted, actual : array_like of shape (rows,)
    weight : array_like of shape (rows,), optional
    level : float in (0, 1)
    draws : int
    seed : int

    References
    ----------
    .. [1] Efron & Tibshirani (1993). An Introduction to the Bootstrap, chapter 13.

    Examples
    --------
    >>> predicted, actual = [0.2, 1.5] * 50, [0, 2] * 50
    >>> f"{with_interval(bias, predicted, actual):.3f}"
    '-0.150 [-0.183, -0.100]'
    """
    predicted, actual, weight = _checked(predicted, actual, weight)
    pairs = pd.DataFrame({"p": predicted, "a": actual, "w": weight}).groupby(["p", "a"], sort=True)["w"].sum()
    p, a = (pairs.index.get_level_values(name).to_numpy() for name in pairs.index.names)
    found = np.concatenate([measure(p, a, weight=w) for w in resampled(pairs.to_numpy(), draws=draws, seed=seed)])
    return Estimate(float(measure(p, a, weight=pairs.to_numpy())), *limits(found, level=level))


def resampled(weight: np.ndarray, *, draws: int, seed: int) -> Iterator[np.ndarray]:
    """Yield weights of shape (some draws, rows): customers drawn again with replacement, by multinomial counts.

    Examples
    --------
    >>> [block.sum(axis=1).tolist() for block in resampled(np.array([3.0, 2.0]), draws=2, seed=0)]
    [[5.0, 5.0]]
    """
    rng, size = np.random.default_rng(seed), max(1, ENTRIES // len(weight))
    customers = round(float(weight.sum()))
    for start in range(0, draws, size):
        yield rng.multinomial(customers, weight / weight.sum(), size=min(size, draws - start)).astype(float)


def limits(values: np.ndarray, *, level: float) -> tuple[float, float]:
    """Return the quantiles that hold the middle `level` of the values; NaN values are left out."""
    tail, known = (1 - check_level(level)) / 2, values[~np.isnan(values)]
    low, high = np.quantile(known, [tail, 1 - tail]) if len(known) else (np.nan, np.nan)
    return float(low), float(high)


def average(values: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return the weighted mean of values of shape (rows,), at weights of shape (rows,) or (draws, rows)."""
    with np.errstate(invalid="ignore"):
        return weight @ values / weight.sum(axis=-1)


def _checked(
    predicted: ArrayLike, actual: ArrayLike, weight: ArrayLike | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    if isinstance(predicted, pd.Series) and isinstance(actual, pd.Series) and not predicted.index.equals(actual.index):
        raise InputError("predicted and actual do not have the same index",
                         mend="actual.reindex(predicted.index)", zh="预测值与实际值的索引不一致")  # fmt: skip
    predicted, actual = np.asarray(predicted, float), np.asarray(actual, float)
    weight = np.ones(len(actual)) if weight is None else np.asarray(weight, float)
    if predicted.shape != actual.shape or weight.shape[-1:] != actual.shape or not len(actual):
        raise InputError(f"predicted, actual and weight must be of one length above 0; got shapes {predicted.shape}, "
                         f"{actual.shape}, {weight.shape}", zh="预测值、实际值与权重的长度必须一致")  # fmt: skip
    wrong = {"predicted": ~(predicted >= 0), "actual": ~(actual >= 0)}
    bad = [f"{int(hit.sum())} {name} values" for name, hit in wrong.items() if hit.any()]
    if bad:
        raise InputError(f"{' and '.join(bad)} are negative or empty", expected="purchase counts, 0 or more",
                         zh="购买次数必须是非负数")  # fmt: skip
    return predicted, actual, weight
