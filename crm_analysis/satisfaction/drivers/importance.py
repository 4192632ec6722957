"""Measures of importance of all drivers in one table, from correlations alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from crm_analysis.errors import InputError
from crm_analysis.satisfaction.drivers.grouping import Groups, group_drivers
from crm_analysis.satisfaction.drivers.relative import betas, pratt, relative_weights, vif
from crm_analysis.satisfaction.drivers.shapley import alone, at_last, sampled_shapley, shapley
from crm_analysis.satisfaction.drivers.subsets import EXACT, subset_r_squared
from crm_analysis.satisfaction.survey.moments import Moments


def importance_table(
    moments: Moments, *, outcome: str, drivers: Iterable[str], groups: Groups = None, seed: int = 0
) -> pd.DataFrame:
    """Shares of R2 and their rivals from a correlation matrix, such as a published one; no intervals.

    Parameters
    ----------
    moments : Moments
        `Moments.from_correlations` makes one from a matrix.
    outcome : str
    drivers : iterable of str
        At most 25 drivers or groups; with more than 20 the shares come from sampled orders.
    groups : mapping of str to iterable of str, optional
        Drivers that enter together.
    seed : int

    Returns
    -------
    pandas.DataFrame, index driver
        lmg, lmg_error (Monte Carlo standard error; 0 where all subsets were looked at), lmg_share, relative_weight,
        relative_weight_share, entered_first (R2 alone), entered_last (what it adds to all others),
        standardised_beta, betasq, pratt, correlation, vif, importance_rank. Of a group, measures of single drivers are
        blank, and relative_weight and pratt are sums.

    Raises
    ------
    InputError
        Names unknown or used twice, outcome among the drivers, too many drivers, collinear drivers.

    References
    ----------
    .. [1] Groemping (2006). Relative importance for linear regression in R: the package relaimpo.
       Journal of Statistical Software 17(1).

    Examples
    --------
    >>> from crm_analysis.satisfaction.survey.moments import mobi
    >>> table = importance_table(mobi(), outcome="CUSA1", drivers=[f"PERQ{i}" for i in range(1, 8)])
    >>> table["lmg"].round(4).tolist()
    [0.1348, 0.0509, 0.0453, 0.0753, 0.0353, 0.0439, 0.0612]
    """
    grouped = group_drivers(outcome, drivers, groups)
    columns = [name for part in grouped.values() for name in part]
    matrix = moments.take([outcome, *columns]).correlations
    check_collinear(matrix[1:, 1:], columns)
    return measures(matrix, grouped, seed=seed)[0]


def measures(
    matrix: np.ndarray, grouped: dict[str, list[str]], *, seed: int = 0
) -> tuple[pd.DataFrame, np.ndarray | None]:
    """Table of `importance_table` and the R2 of all subsets (None where there are too many)."""
    sizes = [len(part) for part in grouped.values()]
    columns = [name for part in grouped.values() for name in part]
    starts = np.cumsum([0, *sizes[:-1]])
    fit, errors = None, np.zeros(len(sizes))
    if len(sizes) <= EXACT:
        fit = subset_r_squared(matrix, sizes=sizes)
        shares, first, last = shapley(fit), alone(fit), at_last(fit)
    else:
        shares, errors = sampled_shapley(matrix, sizes=sizes, seed=seed)
        first, last = _ends(matrix, sizes)
    single = pd.DataFrame(
        {"standardised_beta": betas(matrix), "correlation": matrix[0, 1:], "vif": vif(matrix)}, index=columns
    ).reindex([part[0] if len(part) == 1 else None for part in grouped.values()])  # fmt: skip
    johnson = np.add.reduceat(relative_weights(matrix), starts)
    table = pd.DataFrame(
        {
            "lmg": shares, "lmg_error": errors, "lmg_share": shares / shares.sum(),
            "relative_weight": johnson, "relative_weight_share": johnson / johnson.sum(),
            "entered_first": first, "entered_last": last, "standardised_beta": single["standardised_beta"].to_numpy(),
            "betasq": single["standardised_beta"].to_numpy() ** 2, "pratt": np.add.reduceat(pratt(matrix), starts),
            "correlation": single["correlation"].to_numpy(), "vif": single["vif"].to_numpy(),
            "importance_rank": ranks(shares),
        },
        index=pd.Index(list(grouped), name="driver"),
    )  # fmt: skip
    return table, fit


def ranks(shares: np.ndarray) -> np.ndarray:
    """Rank of each driver, the largest share first, equal shares alike.

    Examples
    --------
    >>> ranks(np.array([0.1, 0.3, 0.3])).tolist()
    [3, 1, 1]
    """
    return 1 + (shares[..., None, :] > shares[..., :, None]).sum(axis=-1)


def check_collinear(within: np.ndarray, names: Sequence[str]) -> None:
    """Name the drivers of which some determine the others exactly."""
    values, vectors = np.linalg.eigh(within)
    involved = (np.abs(vectors[:, values < 1e-10]) > 1e-5).any(axis=1)
    if involved.any():
        named = ", ".join(str(name) for name, hit in zip(names, involved) if hit)
        raise InputError(f"the drivers {named} determine one another exactly", where="drivers",
                         expected="no driver that is a sum or a copy of others", mend="leave one of them out",
                         zh=f"驱动因素之间完全共线：{named}")  # fmt: skip


def _ends(matrix: np.ndarray, sizes: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """R2 of each group alone, and what it adds to all others, without all subsets."""
    groups = np.split(np.arange(1, len(matrix)), np.cumsum(sizes)[:-1])

    def fit(columns: np.ndarray) -> float:
        return float(matrix[0, columns] @ np.linalg.solve(matrix[np.ix_(columns, columns)], matrix[0, columns]))

    every = np.arange(1, len(matrix))
    whole = fit(every)
    return np.array([fit(part) for part in groups]), np.array([whole - fit(np.setdiff1d(every, g)) for g in groups])
