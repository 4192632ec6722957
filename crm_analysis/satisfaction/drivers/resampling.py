"""Respondents drawn again: correlation matrices of all draws at once, and the shares of R2 in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.drivers.relative import relative_weights
from crm_analysis.satisfaction.drivers.shapley import sampled_shapley, shapley
from crm_analysis.satisfaction.drivers.subsets import CELLS, subset_r_squared

EXACT_DRAWS = 15  # drivers up to which every draw is shared out over all subsets
ORDERS_PER_DRAW = 200  # beyond: orders of entry sampled in each draw
MOST_FAILED = 0.1  # share of draws that may fail before the result is refused


@dataclass(frozen=True)
class Draws:
    """What the draws gave.

    Parameters
    ----------
    total : ndarray, shape (draws that worked,)
        R2 or pseudo-R2 of all drivers.
    shares : dict of str to ndarray, shape (draws that worked, m)
        ``lmg`` and, of least squares, ``relative_weight``.
    asked : int
    failed : pandas.DataFrame, index cause
        draws_lost and items_at_fault: how many draws gave nothing, and the items at fault.
    """

    total: np.ndarray
    shares: dict[str, np.ndarray]
    asked: int
    failed: pd.DataFrame


def drawn_counts(n: int, draws: int, *, seed: int) -> Iterator[np.ndarray]:
    """How often each of n respondents is drawn, in batches of draws; one stream of chance for every draw.

    Examples
    --------
    >>> [batch.sum(axis=1).tolist() for batch in drawn_counts(3, 2, seed=0)]
    [[3, 3]]
    """
    streams = np.random.SeedSequence(seed).spawn(draws)
    step = max(1, CELLS // n)
    for start in range(0, draws, step):
        chosen = streams[start : start + step]
        yield np.stack([np.bincount(np.random.default_rng(s).integers(0, n, n), minlength=n) for s in chosen])


def drawn_correlations(values: np.ndarray, weights: np.ndarray, *, draws: int, seed: int) -> np.ndarray:
    """Correlation matrices of all draws by one product of counts and products of columns.

    Parameters
    ----------
    values : ndarray, shape (n, q)
        No column constant.
    weights : ndarray, shape (n,)
        Of the respondents; a respondent drawn twice weighs twice.
    draws, seed : int

    Returns
    -------
    ndarray, shape (draws, q, q)
        NaN in rows and columns that are constant in a draw.
    """
    scaled = (values - values.mean(axis=0)) / values.std(axis=0)
    row, column = np.triu_indices(values.shape[1])
    products = np.column_stack([scaled[:, row] * scaled[:, column], scaled, np.ones(len(values))]) * weights[:, None]
    sums = np.concatenate([counts @ products for counts in drawn_counts(len(values), draws, seed=seed)])
    sums /= sums[:, -1:]
    means = sums[:, len(row) : -1]
    covariance = np.empty((draws, *2 * [values.shape[1]]))
    covariance[:, row, column] = covariance[:, column, row] = sums[:, : len(row)] - means[:, row] * means[:, column]
    variance = np.diagonal(covariance, axis1=1, axis2=2)
    deviation = np.sqrt(np.where(variance > 1e-12, variance, np.nan))
    matrices = covariance / (deviation[:, :, None] * deviation[:, None, :])
    np.einsum("ijj->ij", matrices)[...] = np.where(np.isnan(deviation), np.nan, 1.0)
    return matrices


def drawn_shares(
    values: np.ndarray, weights: np.ndarray, *, names: Sequence[str], sizes: Sequence[int], draws: int, seed: int
) -> Draws:
    """LMG and relative weights in every draw; draws with a constant or collinear driver are counted, not used.

    Parameters
    ----------
    values : ndarray, shape (n, k + 1)
        The outcome first.
    weights : ndarray, shape (n,)
    names : sequence of str
        Of the columns.
    sizes : sequence of int
        Columns of each of the m groups.
    draws, seed : int

    Returns
    -------
    Draws
    """
    matrices = drawn_correlations(values, weights, draws=draws, seed=seed)
    blank = np.isnan(np.diagonal(matrices, axis1=1, axis2=2))
    constant = blank.any(axis=1)
    least = np.full(draws, np.nan)
    least[~constant] = np.linalg.eigvalsh(matrices[~constant][:, 1:, 1:])[:, 0]
    collinear = ~constant & (least < 1e-9)
    failed = failures({
        "constant_in_draw": (int(constant.sum()), [name for name, hit in zip(names, blank.any(axis=0)) if hit]),
        "collinear_in_draw": (int(collinear.sum()), []),
    })  # fmt: skip
    check_failures(failed, draws)
    good = matrices[~(constant | collinear)]
    starts = np.cumsum([0, *sizes[:-1]])
    johnson = np.add.reduceat(relative_weights(good), starts, axis=1)
    return Draws(johnson.sum(axis=1), {"lmg": _lmg(good, sizes, seed), "relative_weight": johnson}, draws, failed)


def bias_corrected(drawn: np.ndarray, value: float, *, level: float = 0.95) -> tuple[float, float]:
    """Limits of a fit from its draws, shifted by how far their median lies from the value found.

    A fit is too high in small samples, and once more in draws from them: plain percentiles of R2 of five drivers and
    100 respondents hold the truth in about 87 % of samples instead of 95 %, these in about 92 %. Where no draw comes
    as low (or as high) as the value, as with few respondents per driver, the shift is infinite and there are no limits.

    References
    ----------
    .. [1] Efron & Tibshirani (1993). An Introduction to the Bootstrap, section 14.3, with acceleration 0.

    Examples
    --------
    >>> drawn = np.linspace(0.3, 0.7, 401)
    >>> [round(float(limit), 3) for limit in bias_corrected(drawn, 0.5)]  # nothing to correct
    [0.31, 0.69]
    >>> [round(float(limit), 3) for limit in bias_corrected(drawn, 0.45)]
    [0.302, 0.663]
    """
    below = ((drawn < value).mean() + (drawn <= value).mean()) / 2 if len(drawn) else 0.0
    if not 0 < below < 1:
        return float("nan"), float("nan")
    shift = ndtri(below)
    low, high = np.quantile(drawn, ndtr(2 * shift + ndtri(0.5 + level / 2) * np.array([-1, 1])))
    return float(low), float(high)


def failures(found: dict[str, tuple[int, list[str]]]) -> pd.DataFrame:
    """Table of the causes that occurred."""
    rows = [
        {"cause": cause, "draws_lost": count, "items_at_fault": ", ".join(items)}
        for cause, (count, items) in found.items()
    ]
    return (
        pd.DataFrame(rows, columns=["cause", "draws_lost", "items_at_fault"]).query("draws_lost > 0").set_index("cause")
    )


def check_failures(failed: pd.DataFrame, draws: int) -> None:
    """Refuse a result of which more than a tenth of the draws failed."""
    lost = int(failed["draws_lost"].sum())
    if lost > MOST_FAILED * draws:
        what = "; ".join(f"{cause} {row.draws_lost:,}" + f" ({row.items_at_fault})" * bool(row.items_at_fault)
                         for cause, row in failed.iterrows())  # fmt: skip
        raise InputError(f"{lost:,} of {draws:,} draws gave no result: {what}", where="the bootstrap",
                         expected=f"at most {MOST_FAILED:.0%}",
                         mend="leave out drivers with hardly any spread, merge rare categories, or set draws=0",
                         zh=f"{draws:,} 次重抽样中有 {lost:,} 次无法估计")  # fmt: skip


def _lmg(matrices: np.ndarray, sizes: Sequence[int], seed: int) -> np.ndarray:
    m = len(sizes)
    if m <= EXACT_DRAWS:
        step = max(1, CELLS // (8 * 2**m))
        parts = (matrices[start : start + step] for start in range(0, len(matrices), step))
        return np.concatenate([shapley(subset_r_squared(part, sizes=sizes)) for part in parts])
    rng = np.random.default_rng(seed)
    return np.stack([sampled_shapley(one, sizes=sizes, orders=ORDERS_PER_DRAW, seed=rng)[0] for one in matrices])
