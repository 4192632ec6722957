"""Dominance analysis: whether one driver beats another in every subset, at every size of subset, or on average."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from crm_analysis.satisfaction.drivers.shapley import by_level, shapley
from crm_analysis.satisfaction.drivers.subsets import without

KINDS = ("complete", "conditional", "general")
SAME = 1e-12  # fits that differ by less are the same


@dataclass(frozen=True)
class Dominance:
    """Which driver dominates which, from the strictest kind to the mildest.

    Parameters
    ----------
    complete, conditional, general : pandas.DataFrame, index driver, one column per driver
        1 where the driver of the row dominates that of the column, 0 where it is dominated, 0.5 where neither;
        blank on the diagonal.
    levels : pandas.DataFrame, index driver, columns 0, ..., m - 1
        What the driver adds on average to subsets of so many others.
    strongest : pandas.DataFrame, index driver, one column per driver
        Strictest kind in which the row dominates the column: ``complete_dominance``, ``conditional_dominance``,
        ``general_dominance``; ``dominated`` where it is the other way round, ``no_dominance`` where neither.
    """

    complete: pd.DataFrame
    conditional: pd.DataFrame
    general: pd.DataFrame
    levels: pd.DataFrame
    strongest: pd.DataFrame


def dominance(fit: np.ndarray, names: Sequence[str]) -> Dominance:
    r"""Compare all pairs of drivers by what they add to the fit of the same subsets.

    Driver i dominates j *completely* if :math:`f(S \cup i) \ge f(S \cup j)` for every subset S of the others and more
    for one; *conditionally* if what it adds on average to subsets of every size is at least as much; *generally* if
    its average over the sizes (LMG, Shapley) is larger. Complete dominance implies conditional, that implies general.

    Parameters
    ----------
    fit : ndarray, shape (2 ** m,)
        Of every subset, as `subset_r_squared` orders them: R2, or a pseudo-R2 of an ordinal model.
    names : sequence of str
        The m drivers.

    Returns
    -------
    Dominance

    References
    ----------
    .. [1] Azen & Budescu (2003). The dominance analysis approach for comparing predictors in multiple regression.
       Psychological Methods 8, 129-148.

    Examples
    --------
    >>> found = dominance(np.array([0, 0.36, 0.25, 0.4725]), ["quality", "value"])
    >>> found.complete.loc["quality"].tolist(), found.strongest.loc["quality", "value"]
    ([nan, 1.0], 'complete_dominance')
    """
    fit, names = np.asarray(fit, float), list(map(str, names))
    levels = by_level(fit)
    values = shapley(fit)
    gaps = {
        "complete": {(i, j): _added_more(fit, len(names), i, j) for i, j in combinations(range(len(names)), 2)},
        "conditional": {(i, j): levels[i] - levels[j] for i, j in combinations(range(len(names)), 2)},
        "general": {(i, j): values[[i]] - values[[j]] for i, j in combinations(range(len(names)), 2)},
    }
    tables = {kind: _table(gaps[kind], names) for kind in KINDS}
    sizes = pd.DataFrame(levels, index=pd.Index(names, name="driver"), columns=range(len(names)))
    return Dominance(**tables, levels=sizes, strongest=_strongest(tables))


def _added_more(fit: np.ndarray, m: int, i: int, j: int) -> np.ndarray:
    """How much more driver i adds than j to each subset of the others."""
    others = without(m, i, j)
    return fit[others | 1 << i] - fit[others | 1 << j]


def _table(gaps: dict[tuple[int, int], np.ndarray], names: list[str]) -> pd.DataFrame:
    matrix = np.full((len(names), len(names)), np.nan)
    for (i, j), gap in gaps.items():
        more, less = bool((gap > SAME).any()), bool((gap < -SAME).any())
        matrix[i, j] = 0.5 if more == less else float(more)
        matrix[j, i] = 1 - matrix[i, j]
    return pd.DataFrame(matrix, index=pd.Index(names, name="driver"), columns=names)


def _strongest(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    won = [tables[kind].to_numpy() == 1 for kind in KINDS]
    lost = tables["general"].to_numpy() == 0
    found = np.select([*won, lost], [*(f"{kind}_dominance" for kind in KINDS), "dominated"], "no_dominance")
    np.fill_diagonal(found, "")
    return pd.DataFrame(found.astype(object), index=tables["general"].index, columns=tables["general"].columns)
