"""Least squares with weights: coefficients with limits that hold under unequal variances (HC3)."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import stdtr, stdtrit

from crm_analysis.intervals import check_level, holm
from crm_analysis.satisfaction.drivers.relative import betas, vif


def weighted_correlations(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Correlation matrix of columns under weights of the rows.

    Examples
    --------
    >>> weighted_correlations(np.array([[1, 1], [2, 3], [3, 2.0]]), np.ones(3)).round(2).tolist()
    [[1.0, 0.5], [0.5, 1.0]]
    """
    centred = values - np.average(values, axis=0, weights=weights)
    products = centred.T @ (centred * weights[:, None])
    scale = np.sqrt(np.diag(products))
    matrix = products / np.outer(scale, scale)
    np.fill_diagonal(matrix, 1.0)
    return matrix


def coefficient_table(
    outcome: pd.Series, drivers: pd.DataFrame, *, weights: np.ndarray, level: float = 0.95
) -> pd.DataFrame:
    r"""Coefficients of the regression on all drivers.

    .. math:: V = (X^\top W X)^{-1} \Bigl(\sum_i \frac{w_i^2 e_i^2}{(1-h_i)^2}\, x_i x_i^\top\Bigr) (X^\top W X)^{-1}

    Parameters
    ----------
    outcome : pandas.Series, shape (n,)
    drivers : pandas.DataFrame, shape (n, k)
        n of at least k + 2, columns not collinear.
    weights : ndarray, shape (n,)
    level : float in (0, 1)

    Returns
    -------
    pandas.DataFrame, index driver
        coefficient (points of the outcome per point of the driver) with limits, p, p_holm (over the drivers),
        standardised_beta, correlation (with the outcome), vif. Limits are blank where a respondent alone decides on a
        coefficient (leverage 1).

    References
    ----------
    .. [1] MacKinnon & White (1985). Journal of Econometrics 29, 305-325.
    .. [2] Long & Ervin (2000). Using heteroscedasticity consistent standard errors in the linear regression model.
       American Statistician 54, 217-224.

    Examples
    --------
    >>> x = pd.DataFrame({"quality": [1.0, 2, 3, 4]})
    >>> coefficient_table(pd.Series([1.0, 3, 2, 4]), x, weights=np.ones(4))["coefficient"].round(2).tolist()
    [0.8]
    """
    values, weights = drivers.to_numpy(float), np.asarray(weights, float)
    matrix = weighted_correlations(np.column_stack([outcome, values]), weights)
    centred = np.column_stack([np.ones(len(values)), values - np.average(values, axis=0, weights=weights)])
    inverse = np.linalg.inv(centred.T @ (centred * weights[:, None]))
    slopes = inverse @ (centred.T @ (weights * outcome.to_numpy(float)))
    leverage = weights * np.einsum("ij,jk,ik->i", centred, inverse, centred)
    residual = weights * (outcome.to_numpy(float) - centred @ slopes)
    room = np.where(leverage < 1 - 1e-9, 1 - leverage, np.nan)
    half = inverse @ (centred * (residual / room)[:, None]).T
    error = np.sqrt((half**2).sum(axis=1))[1:]
    df = len(values) - centred.shape[1]
    reach = stdtrit(df, 0.5 + check_level(level) / 2) * error
    with np.errstate(divide="ignore", invalid="ignore"):  # a perfect fit has no error: t is infinite
        p = 2 * stdtr(df, -np.abs(slopes[1:] / error))
    return pd.DataFrame(
        {
            "coefficient": slopes[1:], "coefficient_low": slopes[1:] - reach, "coefficient_high": slopes[1:] + reach,
            "p": p, "p_holm": holm(p), "standardised_beta": betas(matrix), "correlation": matrix[0, 1:],
            "vif": vif(matrix),
        },
        index=pd.Index(drivers.columns, name="driver"),
    )  # fmt: skip
