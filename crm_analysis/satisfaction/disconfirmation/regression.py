"""Least squares with heteroscedasticity-proof standard errors: what the surface and the gain-loss model share."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import fdtrc, stdtr, stdtrit

from crm_analysis.errors import InputError

COVARIANCES = ("HC3", "OLS")


class Fit(NamedTuple):
    """A least-squares fit.

    Parameters
    ----------
    beta : numpy.ndarray, shape (k,)
    covariance : numpy.ndarray, shape (k, k)
    df : int
        Residual degrees of freedom.
    r_squared : float
    """

    beta: np.ndarray
    covariance: np.ndarray
    df: int
    r_squared: float


def least_squares(design: np.ndarray, outcome: np.ndarray, *, covariance: str = "HC3") -> Fit:
    r"""Fit by least squares; standard errors as usual (OLS) or proof against unequal spread (HC3).

    .. math:: V_{HC3} = (X'X)^{-1} X' \mathrm{diag}\!\left(\frac{e_i^2}{(1 - h_i)^2}\right) X (X'X)^{-1}

    A row that alone fixes a coefficient (h = 1) has no residual; the usual variance of all stands in for it.

    Parameters
    ----------
    design : numpy.ndarray, shape (n, k)
        With its constant.
    outcome : numpy.ndarray, shape (n,)
    covariance : {"HC3", "OLS"}

    Raises
    ------
    InputError
        If the covariance is not known, there are too few rows, or a column follows from the others.

    References
    ----------
    .. [1] MacKinnon & White (1985). Journal of Econometrics 29, 305-325. Long & Ervin (2000). American Statistician
           54, 217-224 (HC3 for samples below 250).

    Examples
    --------
    >>> fit = least_squares(np.array([[1.0, 0], [1, 1], [1, 2], [1, 3]]), np.array([1.0, 3, 4, 6]), covariance="OLS")
    >>> fit.beta.round(3).tolist(), round(fit.r_squared, 3)
    ([1.1, 1.6], 0.985)
    """
    if covariance not in COVARIANCES:
        raise InputError(f"covariance {covariance!r} is not known", expected=f"one of {', '.join(COVARIANCES)}",
                         zh=f"不存在协方差类型“{covariance}”")  # fmt: skip
    n, k = design.shape
    q, r = np.linalg.qr(design)
    pivots = np.abs(np.diag(r))
    if n <= k or pivots.min(initial=np.inf) < 1e-9 * pivots.max(initial=0.0):
        raise InputError(
            f"the model of {k} coefficients cannot be fitted to {n} respondents", where="table survey",
            expected="more respondents, whose answers spread in both directions", mend="use a larger survey",
            zh=f"{n} 名受访者不足以拟合 {k} 个系数，或答案在某个方向上没有差异",
        )  # fmt: skip
    beta = np.linalg.solve(r, q.T @ outcome)
    residual = outcome - design @ beta
    inverse = np.linalg.inv(r.T @ r)
    total = ((outcome - outcome.mean()) ** 2).sum()
    if covariance == "OLS":
        cover = inverse * (residual @ residual) / (n - k)
    else:
        lever = (q**2).sum(axis=1)
        alone = lever > 1 - 1e-9  # it alone fixes a coefficient, its residual is 0: it is taken to err as the others do
        error = np.where(alone, np.sqrt(residual @ residual / (n - k)), residual / np.where(alone, 1, 1 - lever))
        half = design * error[:, None] @ inverse
        cover = half.T @ half
    return Fit(beta, cover, n - k, float(1 - residual @ residual / total) if total > 0 else float("nan"))


def contrast_table(fit: Fit, weights: dict[str, ArrayLike], *, level: float = 0.95) -> pd.DataFrame:
    r"""Estimate, standard error, t, p and limits of sums :math:`c'\beta`, one per row.

    Parameters
    ----------
    fit : Fit
    weights : dict of name to array_like, shape (k,)
    level : float in (0, 1)

    Returns
    -------
    pandas.DataFrame, index term
        estimate with limits, standard_error, t_value, p.

    Examples
    --------
    >>> fit = least_squares(np.array([[1.0, 0], [1, 1], [1, 2], [1, 3]]), np.array([1.0, 3, 4, 6]), covariance="OLS")
    >>> contrast_table(fit, {"slope": [0, 1]})["standard_error"].round(3).tolist()
    [0.141]
    """
    c = np.array([np.asarray(row, float) for row in weights.values()])
    value = c @ fit.beta
    error = np.sqrt(np.einsum("ij,jk,ik->i", c, fit.covariance, c))
    with np.errstate(divide="ignore", invalid="ignore"):  # a perfect fit has no error
        t = value / error
    half = stdtrit(fit.df, 0.5 + level / 2) * error
    return pd.DataFrame(
        {"estimate": value, "estimate_low": value - half, "estimate_high": value + half, "standard_error": error,
         "t_value": t, "p": 2 * stdtr(fit.df, -np.abs(t))}, index=pd.Index(list(weights), name="term")
    )  # fmt: skip


def wald(fit: Fit, restrictions: ArrayLike) -> tuple[float, int, float]:
    r"""Test that all sums :math:`R\beta` are 0.

    .. math:: F = (R\hat\beta)' (R V R')^{-1} (R\hat\beta) / q

    Returns
    -------
    f, q, p : float, int, float
        F on q and n - k degrees of freedom; with the usual covariance it is the F test of the nested models.

    Examples
    --------
    >>> fit = least_squares(np.array([[1.0, 0], [1, 1], [1, 2], [1, 3]]), np.array([1.0, 3, 4, 6]), covariance="OLS")
    >>> f, q, p = wald(fit, [[0, 1]])
    >>> round(f, 1), q, round(p, 4)
    (128.0, 1, 0.0077)
    """
    r = np.atleast_2d(np.asarray(restrictions, float))
    gap, spread = r @ fit.beta, r @ fit.covariance @ r.T
    if np.linalg.matrix_rank(spread, hermitian=True) < len(r):
        return float("nan"), len(r), float("nan")
    f = float(gap @ np.linalg.solve(spread, gap) / len(r))
    return f, len(r), float(fdtrc(len(r), fit.df, f))
