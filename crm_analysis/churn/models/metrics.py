"""How good predicted chances of churn are: how well they rank customers, and how close they come to what happened."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from crm_analysis.churn.windows.auc import auc, checked
from crm_analysis.clv.holdout.ranking import Ranking
from crm_analysis.errors import InputError

MEASURES = ("auc", "average_precision", "brier", "log_loss", "top_decile_lift")
LARGER_IS_BETTER = frozenset({"auc", "average_precision", "top_decile_lift"})
TOP = 0.10
LEAST = 1e-15  # a chance of 0 or 1 counts as this far from it in the log loss
ROUNDING = 1e-9

__all__ = ["LARGER_IS_BETTER", "MEASURES", "TOP", "accuracy", "auc", "average_precision", "brier", "captured",
           "checked_chances", "lift", "log_loss", "measures", "measures_of"]  # fmt: skip


def average_precision(p: ArrayLike, y: ArrayLike, *, weight: ArrayLike | None = None) -> float:
    r"""Mean share of churners among those ranked as high or higher, over the churners.

    .. math:: AP = \sum_g (R_g - R_{g-1})\, P_g

    where :math:`R_g` is the share of all churners, and :math:`P_g` the share of churners, among the customers with
    the g highest distinct scores: equal scores come in together. A random order has the churn rate.

    Parameters
    ----------
    p : array_like, shape (n,)
        The higher, the likelier churned.
    y : array_like of 0 and 1, shape (n,)
        1 for churned.
    weight : array_like, shape (n,), optional
        Rows count as often as it says.

    Returns
    -------
    float
        NaN without churners.

    Raises
    ------
    InputError
        If a score is blank or no number, a label is neither 0 nor 1, or the rows do not meet.

    Examples
    --------
    >>> round(average_precision([0.9, 0.4, 0.4, 0.1], [1, 1, 0, 0]), 4)
    0.8333
    """
    return _one(_average_precision, p, y, weight)


def brier(p: ArrayLike, y: ArrayLike, *, weight: ArrayLike | None = None) -> float:
    r"""Brier score: mean squared distance of the chances from what happened; less is better.

    .. math:: B = \frac1n \sum_i (p_i - y_i)^2

    The same chance :math:`\pi` (the churn rate) for all gives :math:`\pi(1-\pi)`: whatever is not below it is useless.

    Parameters and errors as in `average_precision`, but `p` are chances from 0 to 1.

    References
    ----------
    .. [1] Brier (1950). Monthly Weather Review 78, 1-3.

    Examples
    --------
    >>> brier([0.5, 0.5], [1, 0])
    0.25
    """
    s, churned, w = checked_chances(p, y, weight)
    return float(_average((s - churned) ** 2, w))


def log_loss(p: ArrayLike, y: ArrayLike, *, weight: ArrayLike | None = None) -> float:
    r"""Mean of :math:`-\ln` of the chance given to what happened; sure and wrong costs most.

    .. math:: L = -\frac1n \sum_i \left[y_i \ln p_i + (1-y_i)\ln(1-p_i)\right]

    Parameters and errors as in `brier`; chances of 0 and 1 count as 1e-15 and 1 - 1e-15.

    Examples
    --------
    >>> round(log_loss([0.5, 0.5], [1, 0]), 4)
    0.6931
    """
    s, churned, w = checked_chances(p, y, weight)
    return float(_average(_loss(s, churned), w))


def accuracy(p: ArrayLike, y: ArrayLike, *, threshold: float = 0.5, weight: ArrayLike | None = None) -> float:
    """Share of customers on the right side of a threshold.

    To be read beside that of calling nobody a churner, 1 - churn rate; no measure to choose a model by, for it
    takes both errors for equally dear.

    Examples
    --------
    >>> accuracy([0.9, 0.4, 0.4, 0.1], [1, 1, 0, 0])
    0.75
    """
    s, churned, w = checked_chances(p, y, weight)
    return float(_average((s >= threshold) == churned, w))


def lift(p: ArrayLike, y: ArrayLike, share: float = TOP, *, weight: ArrayLike | None = None) -> float:
    r"""How many times the churn rate of all the customers with the highest scores have.

    .. math:: lift(q) = \frac{\text{share of churners among the first } q \text{ of customers}}{\text{churn rate}}

    Customers of equal score share alike in what is left of the first `share`: neither the order of the rows nor
    their labels decide who of them comes first.

    Parameters
    ----------
    p, y, weight
        As in `average_precision`.
    share : float in (0, 1]
        First part of the customers.

    Returns
    -------
    float
        1 for a random order and for a share of 1, at most 1 / churn rate; NaN without churners.

    Examples
    --------
    >>> lift([0.9, 0.4, 0.4, 0.1], [1, 1, 0, 0], 0.5), lift([0.3] * 4, [1, 1, 0, 0], 0.25)
    (1.5, 1.0)
    """
    if not (isinstance(share, (int, float, np.number)) and 0 < share <= 1):
        raise InputError(f"share must lie above 0 and be at most 1; got {share!r}", mend="for 10 % pass 0.10",
                         zh=f"占比必须大于 0 且不超过 1：{share!r}")  # fmt: skip
    return _one(lambda customers, churners: captured(customers, churners, share) / share, p, y, weight)


def measures(p: ArrayLike, y: ArrayLike, *, weight: ArrayLike | None = None) -> dict[str, float]:
    """All measures of `MEASURES` at once; the lift is that of the first tenth.

    Parameters, returns and errors as in `brier`.

    Examples
    --------
    >>> {name: round(x, 3) for name, x in measures([0.9, 0.4, 0.4, 0.1], [1, 1, 0, 0]).items()}
    {'auc': 0.875, 'average_precision': 0.833, 'brier': 0.135, 'log_loss': 0.409, 'top_decile_lift': 2.0}
    """
    s, churned, w = checked_chances(p, y, weight)
    return {name: float(x) for name, x in measures_of(s, churned, w).items()}


def measures_of(p: np.ndarray, churned: np.ndarray, weight: np.ndarray) -> dict[str, np.ndarray]:
    """Return the measures at weights of shape (rows,) or (draws, rows), one value per draw; nothing is checked."""
    customers, churners = Ranking.of(p).groups(churned.astype(float), weight)
    means = _average(np.column_stack([(p - churned) ** 2, _loss(p, churned)]), weight)
    return {
        "auc": _auc(customers, churners),
        "average_precision": _average_precision(customers, churners),
        "brier": means[..., 0],
        "log_loss": means[..., 1],
        "top_decile_lift": captured(customers, churners, TOP) / TOP,
    }


def captured(customers: np.ndarray, churners: np.ndarray, share: float) -> np.ndarray:
    """Return the share of churners within the first `share` of customers, from cumulated counts; straight in ties."""
    wanted = share * customers[..., -1:]
    place = (customers < wanted - ROUNDING * customers[..., -1:]).sum(axis=-1, keepdims=True)
    before = [np.where(place > 0, np.take_along_axis(x, np.maximum(place - 1, 0), -1), 0)
              for x in (customers, churners)]  # fmt: skip
    until = [np.take_along_axis(x, place, -1) for x in (customers, churners)]
    with np.errstate(divide="ignore", invalid="ignore"):
        inside = before[1] + (until[1] - before[1]) * (wanted - before[0]) / (until[0] - before[0])
        return (inside / churners[..., -1:])[..., 0]


def checked_chances(
    p: ArrayLike, y: ArrayLike, weight: ArrayLike | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return chances, labels as booleans and weights, or raise `InputError`; a chance outside 0 to 1 is named."""
    s, churned = checked(p, y)
    outside = int(((s < 0) | (s > 1)).sum())
    if outside:
        raise InputError(f"{outside:,} chances lie outside 0 to 1 (lowest {s.min():.3g}, highest {s.max():.3g})",
                         expected="a chance of churn from 0 to 1 per customer",
                         mend="85 means 0.85; a score that is no chance can be ranked (auc, lift), not scored",
                         zh=f"{outside:,} 个概率不在 0 到 1 之间")  # fmt: skip
    return s, churned, _weights(weight, len(s))


def _one(measure: Callable[..., np.ndarray], p: ArrayLike, y: ArrayLike, weight: ArrayLike | None) -> float:
    s, churned = checked(p, y)
    return float(measure(*Ranking.of(s).groups(churned.astype(float), _weights(weight, len(s)))))


def _weights(weight: ArrayLike | None, rows: int) -> np.ndarray:
    w = np.ones(rows) if weight is None else np.asarray(weight, float)
    if w.shape != (rows,) or not (np.isfinite(w) & (w >= 0)).all() or not w.sum() > 0:
        raise InputError("weights cannot be used", where="weight",
                         expected=f"{rows:,} numbers, none negative, not all 0", zh="权重无效")  # fmt: skip
    return w


def _auc(customers: np.ndarray, churners: np.ndarray) -> np.ndarray:
    """Area left of the curve of churners over those who stayed, by trapezoids from (0, 0): ties count half."""
    stayed = customers - churners
    lost = churners[..., 0] * stayed[..., 0] + _summed(_steps(churners), stayed[..., 1:] + stayed[..., :-1])
    with np.errstate(divide="ignore", invalid="ignore"):
        return 1 - lost / (2 * churners[..., -1] * stayed[..., -1])


def _average_precision(customers: np.ndarray, churners: np.ndarray) -> np.ndarray:
    precision = np.divide(churners, customers, out=np.zeros_like(churners), where=customers > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = churners[..., 0] * precision[..., 0] + _summed(_steps(churners), precision[..., 1:])
        return found / churners[..., -1]


def _steps(x: np.ndarray) -> np.ndarray:
    return x[..., 1:] - x[..., :-1]


def _summed(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.einsum("...g,...g->...", a, b)


def _average(values: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Weighted means of the columns of values."""
    total = weight.sum(axis=-1)
    return weight @ np.asarray(values, float) / (total[..., None] if values.ndim > 1 else total)


def _loss(p: np.ndarray, churned: np.ndarray) -> np.ndarray:
    return -np.log(np.clip(np.where(churned, p, 1 - p), LEAST, 1 - LEAST))
