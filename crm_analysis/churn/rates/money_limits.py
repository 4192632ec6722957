"""Limits of ratios of money: the bootstrap over accounts, at a cost that grows with distinct fees, not accounts."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import ndtri

from crm_analysis.intervals import UNKNOWN, Estimate, check_level, wilson

MOST_CELLS = 500  # distinct rows drawn again; beyond, normal limits cover as often and cost nothing


def ratio_limits(
    tops: pd.DataFrame, bottom: pd.Series, *, shares: tuple[str, ...] = (), level: float = 0.95, draws: int = 1000,
    seed: int = 0,
) -> dict[str, Estimate]:  # fmt: skip
    r"""Ratios of sums over accounts, :math:`r = \sum x_i / \sum y_i`, with limits from drawing accounts again.

    Accounts with equal numbers are drawn together (multinomial counts), which is the same bootstrap. With more than
    500 different accounts the linearised normal limits stand in its place, not below 0, nor above 1 for a share:
    :math:`r \pm z \sqrt{n/(n-1) \sum (x_i - r y_i)^2} / \sum y_i`. A share of exactly 0 or 1 has Wilson's limits for
    Kish's effective number of accounts :math:`(\sum y)^2 / \sum y^2`; a ratio that is the same for all accounts
    otherwise has none. With few losses and very unequal fees either covers less often than `level` says.

    Parameters
    ----------
    tops : pandas.DataFrame, one row per account
        Numerators; not negative.
    bottom : pandas.Series
        The denominator of all of them; not negative.
    shares : tuple of str
        Those of `tops` that are parts of the denominator.
    level : float in (0, 1)
    draws, seed : int

    Returns
    -------
    dict of column of `tops` to Estimate
        Unknown if the denominator is 0.

    References
    ----------
    .. [1] Davison & Hinkley (1997). Bootstrap Methods and their Application, sections 2.4, 3.8.
    .. [2] Cochran (1977). Sampling Techniques, equation 6.13. Kish (1965). Survey Sampling, section 11.7.

    Examples
    --------
    >>> tops = pd.DataFrame({"kept": [10.0, 0.0, 20.0, 20.0]})
    >>> found = ratio_limits(tops, pd.Series([10.0, 10.0, 20.0, 20.0]))["kept"]
    >>> round(found.value, 3), found.low < found.value < found.high
    (0.833, True)
    """
    check_level(level)
    x, y = tops.to_numpy(float), bottom.to_numpy(float)
    if not y.sum() > 0:
        return dict.fromkeys(tops, UNKNOWN)
    ratio = x.sum(axis=0) / y.sum()
    low, high = _limits(np.column_stack([x, y]), ratio, level, draws, seed)
    effective = y.sum() ** 2 / (y**2).sum()
    same = np.isclose(x, ratio * y[:, None]).all(axis=0)
    found = {}
    for at, name in enumerate(tops):
        limits = (low[at], high[at])
        if same[at]:
            edge = name in shares and np.isclose(ratio[at], [0, 1]).any()
            limits = wilson(round(ratio[at]) * effective, effective, level=level) if edge else (np.nan, np.nan)
        most = 1.0 if name in shares else np.inf
        found[name] = Estimate(float(ratio[at]), *(float(np.clip(limit, 0.0, most)) for limit in limits))
    return found


def _limits(
    values: np.ndarray, ratio: np.ndarray, level: float, draws: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    cells, counts = np.unique(values, axis=0, return_counts=True)
    n = len(values)
    if len(cells) > MOST_CELLS:
        rest = values[:, :-1] - ratio * values[:, -1:]
        half = ndtri(0.5 + level / 2) * np.sqrt(n / (n - 1) * (rest**2).sum(axis=0)) / values[:, -1].sum()
        return ratio - half, ratio + half
    drawn = np.random.default_rng(seed).multinomial(n, counts / n, size=draws) @ cells
    drawn = drawn[drawn[:, -1] > 0]
    return tuple(np.quantile(drawn[:, :-1] / drawn[:, -1:], [(1 - level) / 2, (1 + level) / 2], axis=0))
