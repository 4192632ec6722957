"""Do groups wait equally long? The log-rank test over all groups and pair by pair."""

from __future__ import annotations

from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import chdtrc

from crm_analysis.errors import InputError
from crm_analysis.intervals import holm
from crm_analysis.survival.curves import checked


class LogRank(NamedTuple):
    """Result of the log-rank test.

    Parameters
    ----------
    statistic, df, p : float, int, float
        Chi-squared, its degrees of freedom and its p-value; NaN where the groups never waited at the same time.
    groups : pandas.DataFrame, index group
        units, occurred, expected_ends (if all groups ended at the same rate).
    """

    statistic: float
    df: int
    p: float
    groups: pd.DataFrame


def log_rank(durations: ArrayLike, observed: ArrayLike, groups: ArrayLike) -> LogRank:
    r"""Log-rank test that several groups end their waits at the same rate at every time.

    .. math:: \chi^2 = Z' V^- Z, \quad Z_g = \sum_j \Big(d_{gj} - n_{gj}\frac{d_j}{n_j}\Big), \quad
        V_{gh} = \sum_j \frac{d_j (n_j - d_j)}{n_j - 1}\,\frac{n_{gj}}{n_j}\Big(\delta_{gh} - \frac{n_{hj}}{n_j}\Big)

    At each time at which something happens, the ends of a group are set against its share of those still
    waiting. The test is strong where one group is quicker throughout; curves that cross can cancel out.

    Parameters
    ----------
    durations, observed
        As in `curves.kaplan_meier`.
    groups : array_like, shape (n,)
        Two or more groups; none blank.

    Returns
    -------
    LogRank

    Raises
    ------
    InputError
        If the times cannot be used or there are fewer than two groups.

    References
    ----------
    .. [1] Mantel (1966). Cancer Chemotherapy Reports 50, 163-170. Peto & Peto (1972). JRSS A 135, 185-207.
    .. [2] Klein & Moeschberger (2003). Survival Analysis, section 7.3.

    Examples
    --------
    >>> found = log_rank([1, 2, 3, 4, 5, 6], [1] * 6, list("aaabbb"))
    >>> round(found.statistic, 3), found.df, found.groups["occurred"].tolist()
    (5.052, 1, [3, 3])
    """
    times, happened = checked(durations, observed)
    code, names = _coded(groups, len(times))
    observed_in, at_risk = _counts(times, happened, code, len(names))
    n, d = at_risk.sum(axis=1), observed_in.sum(axis=1)
    part = at_risk / n[:, None]
    expected = (part * d[:, None]).sum(axis=0)
    excess = observed_in.sum(axis=0) - expected
    weight = d * (n - d) / np.maximum(n - 1, 1)
    cover = np.diag(part.T @ weight) - (part * weight[:, None]).T @ part
    df = int(np.linalg.matrix_rank(cover, hermitian=True)) if len(n) else 0
    statistic = float(excess @ np.linalg.pinv(cover, hermitian=True) @ excess) if df else float("nan")
    table = pd.DataFrame(
        {"units": np.bincount(code), "occurred": observed_in.sum(axis=0).astype(int), "expected_ends": expected},
        index=pd.Index(names, name="group"),
    )
    return LogRank(statistic, df, float(chdtrc(df, statistic)) if df else float("nan"), table)


def pairwise_log_rank(durations: ArrayLike, observed: ArrayLike, groups: ArrayLike) -> pd.DataFrame:
    """Log-rank test of each pair of groups, p-values corrected for their number.

    Parameters
    ----------
    durations, observed, groups
        As in `log_rank`.

    Returns
    -------
    pandas.DataFrame
        first_group, second_group, chi_squared, p, p_holm; groups in the order in which they come.

    Examples
    --------
    >>> pairwise_log_rank([1, 2, 3, 4, 5, 6], [1] * 6, list("aabbcc"))[["first_group", "second_group"]].values.tolist()
    [['a', 'b'], ['a', 'c'], ['b', 'c']]
    """
    times, happened = checked(durations, observed)
    code, names = _coded(groups, len(times))
    rows = []
    for first, second in combinations(range(len(names)), 2):
        pair = (code == first) | (code == second)
        found = log_rank(times[pair], happened[pair], code[pair])
        rows.append((names[first], names[second], found.statistic, found.p))
    table = pd.DataFrame(rows, columns=["first_group", "second_group", "chi_squared", "p"])
    return table.assign(p_holm=holm(table["p"]))


def _coded(groups: ArrayLike, rows: int) -> tuple[np.ndarray, np.ndarray]:
    """Number of the group of each row, and the groups in the order in which they come."""
    code, names = pd.factorize(np.asarray(groups, object), sort=False)
    if len(code) != rows or len(names) < 2 or (code < 0).any():
        raise InputError("the groups cannot be compared", expected="two or more groups, one named for each time",
                         zh="无法比较：至少需要两组，且每个时间都要注明组别")  # fmt: skip
    return code, names


def _counts(times: np.ndarray, happened: np.ndarray, code: np.ndarray, groups: int) -> tuple[np.ndarray, np.ndarray]:
    """Ends and units at risk of each group at each time at which something happens, shape (times, groups)."""
    moments, place = np.unique(times, return_inverse=True)
    ends, leaving = np.zeros((len(moments), groups)), np.zeros((len(moments), groups))
    np.add.at(ends, (place[happened], code[happened]), 1)
    np.add.at(leaving, (place, code), 1)
    at_risk = leaving[::-1].cumsum(axis=0)[::-1]
    some = ends.sum(axis=1) > 0
    return ends[some], at_risk[some]
