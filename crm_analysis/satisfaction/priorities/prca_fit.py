"""The regression behind penalty-reward contrasts: dummies of low and high ratings, HC3 limits, resamples."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import fdtrc, stdtr

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.priorities.clouds import redraws

LEVERAGE = 1 - 1e-8  # a respondent who alone determines a coefficient has leverage 1, and no residual to learn from
SINGULAR = 1e-10


@dataclass(frozen=True)
class Design:
    """Dummies of low and high ratings with a constant first.

    Parameters
    ----------
    matrix : ndarray, shape (n, 1 + columns)
    low, high : ndarray of int, shape (attributes,)
        Column of each attribute's dummy; -1 where fewer than two respondents are in the cell, so that it has none.
    counts : pandas.DataFrame, index attribute
        low_count, middle_count, high_count.
    """

    matrix: np.ndarray
    low: np.ndarray
    high: np.ndarray
    counts: pd.DataFrame


def design(ratings: pd.DataFrame, low_cut: np.ndarray, high_cut: np.ndarray) -> Design:
    """Return the dummies of ratings at or below the low cut and at or above the high cut.

    Examples
    --------
    >>> found = design(pd.DataFrame({"q": [1, 2, 3, 4, 5, 5]}), np.array([2]), np.array([5]))
    >>> found.counts.values.tolist(), found.matrix[0].tolist()
    ([[2, 2, 2]], [1.0, 1.0, 0.0])
    """
    values = ratings.to_numpy(float)
    cells = values <= low_cut, values >= high_cut
    low, high = (part.sum(axis=0) for part in cells)
    columns, places = [np.ones(len(values))], []
    for part, size in zip(cells, (low, high)):
        kept = size >= 2
        places.append(np.where(kept, len(columns) + np.cumsum(kept) - 1, -1))
        columns += list(part[:, kept].T.astype(float))
    counts = pd.DataFrame({"low_count": low, "middle_count": len(values) - low - high, "high_count": high},
                          index=pd.Index(list(ratings), name="attribute"))  # fmt: skip
    return Design(np.column_stack(columns), *places, counts)


@dataclass(frozen=True)
class Fit:
    """A least-squares fit with its HC3 covariance.

    Parameters
    ----------
    coefficients : ndarray, shape (p,)
    covariance : ndarray, shape (p, p)
        NaN where a respondent alone determines a coefficient.
    free : int
        Degrees of freedom, n - p.
    r2, adjusted_r2 : float
    vif : ndarray, shape (p,)
        Variance inflation of each dummy; NaN for the constant.
    """

    coefficients: np.ndarray
    covariance: np.ndarray
    free: int
    r2: float
    adjusted_r2: float
    vif: np.ndarray

    def errors(self) -> np.ndarray:
        """Return the standard error of each coefficient; the diagonal may fall below 0 by rounding only."""
        return np.sqrt(np.maximum(np.diag(self.covariance), 0))

    def contrast(self, weights: np.ndarray) -> tuple[float, float, float]:
        """Return a sum of coefficients, its standard error and the two-sided p of its t test."""
        value = float(weights @ self.coefficients)
        error = float(np.sqrt(np.maximum(weights @ self.covariance @ weights, 0)))
        p = 2 * float(stdtr(self.free, -abs(value) / error)) if error > 0 else float("nan")
        return value, error, p

    def joint_p(self, places: np.ndarray) -> float:
        """Return the p of the Wald F test that some coefficients are all 0."""
        b, v = self.coefficients[places], self.covariance[np.ix_(places, places)]
        if not len(places) or not np.isfinite(v).all() or np.linalg.eigvalsh(v)[0] <= 0:
            return float("nan")
        return float(fdtrc(len(places), self.free, b @ np.linalg.solve(v, b) / len(places)))


def fit(matrix: np.ndarray, outcome: np.ndarray, weights: np.ndarray) -> Fit:
    r"""Weighted least squares with the HC3 covariance.

    .. math:: (X'X)^{-1} X' \operatorname{diag}\!\left(\frac{e_i^2}{(1-h_i)^2}\right) X (X'X)^{-1}

    Weighted rows enter multiplied by the root of their weight.

    Raises
    ------
    InputError
        If there are too few respondents, or dummies are collinear.

    References
    ----------
    .. [1] MacKinnon & White (1985). Journal of Econometrics 29, 305-325.
    .. [2] Long & Ervin (2000). The American Statistician 54, 217-224.

    Examples
    --------
    >>> fit(np.array([[1, 0], [1, 0], [1, 1], [1, 1.0]]), np.array([1, 3, 4, 6.0]), np.ones(4)).coefficients.tolist()
    [2.0, 3.0]
    """
    n, p = matrix.shape
    if n <= p + 1:
        raise InputError(f"{n} respondents are too few for {p} coefficients", where="table survey",
                         mend="use fewer attributes", zh=f"{n} 位受访者不足以估计 {p} 个系数")  # fmt: skip
    root = np.sqrt(weights / weights.mean())
    x, y = matrix * root[:, None], outcome * root
    if np.linalg.matrix_rank(x) < p:
        raise InputError("low and high ratings of some attributes mark the same respondents", where="attributes",
                         mend="leave out attributes that say the same, or choose other cuts",
                         zh="部分属性的高低分组完全共线")  # fmt: skip
    inverse = np.linalg.inv(x.T @ x)
    coefficients = inverse @ (x.T @ y)
    residual, leverage = y - x @ coefficients, np.einsum("ij,jk,ik->i", x, inverse, x)
    if leverage.max() > LEVERAGE:
        covariance = np.full((p, p), np.nan)
    else:
        scores = x * (residual / (1 - leverage))[:, None]
        covariance = inverse @ (scores.T @ scores) @ inverse
    centre = np.average(outcome, weights=weights)
    r2 = 1 - float(residual @ residual / ((outcome - centre) * root @ ((outcome - centre) * root)))
    return Fit(coefficients, covariance, n - p, r2, 1 - (1 - r2) * (n - 1) / (n - p), _vif(matrix, weights))


def _vif(matrix: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Variance inflation of each column but the constant: diagonal of the inverse correlation matrix."""
    covariance = np.atleast_2d(np.cov(matrix[:, 1:].T, aweights=weights))
    scale = np.sqrt(np.diag(covariance))
    return np.append(np.nan, np.diag(np.linalg.inv(covariance / np.outer(scale, scale))))


def refits(
    matrix: np.ndarray, outcome: np.ndarray, weights: np.ndarray, *, draws: int, seed: int
) -> tuple[np.ndarray, dict[str, int]]:
    """Coefficients in resamples, shape (draws, p), NaN where there are none, and how many failed of which cause.

    Examples
    --------
    >>> matrix, y = np.column_stack([np.ones(20), np.arange(20) % 2]), np.arange(20.0)
    >>> found, failed = refits(matrix, y, np.ones(20), draws=3, seed=0)
    >>> found.shape, failed
    ((3, 2), {'empty_cell': 0, 'collinear': 0})
    """
    p = matrix.shape[1]
    up, down = np.triu_indices(p)
    products, moments = matrix[:, up] * matrix[:, down], matrix * outcome[:, None]
    found, empty, collinear = [], 0, 0
    for block in redraws(len(outcome), draws, seed):
        w = block * (weights / weights.mean())
        square = np.zeros((len(w), p, p))
        square[:, up, down] = square[:, down, up] = w @ products
        blank = np.einsum("bii->bi", square).min(axis=1) <= 0
        singular = ~blank & (np.linalg.eigvalsh(square)[:, 0] < SINGULAR * len(outcome))
        empty, collinear = empty + int(blank.sum()), collinear + int(singular.sum())
        usable = ~blank & ~singular
        part = np.full((len(w), p), np.nan)
        part[usable] = np.linalg.solve(square[usable], (w @ moments)[usable][..., None])[..., 0]
        found.append(part)
    return np.concatenate(found), {"empty_cell": empty, "collinear": collinear}
