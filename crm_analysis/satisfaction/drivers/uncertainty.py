"""From draws to limits: of shares, of ranks, and of all differences between drivers together."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd

from crm_analysis.satisfaction.drivers.importance import ranks
from crm_analysis.satisfaction.drivers.resampling import Draws


def with_draws(table: pd.DataFrame, drawn: Draws, level: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the table with limits beside its shares and ranks, and the share of draws with each rank."""
    columns: dict[str, object] = {}
    spread = dict(drawn.shares)
    spread |= {f"{name}_share": shares / drawn.total[:, None] for name, shares in drawn.shares.items()}
    for name in table:
        columns[name] = table[name]
        if name in spread:
            columns[f"{name}_low"], columns[f"{name}_high"] = _limits(spread[name], level)
    found, m = ranks(drawn.shares["lmg"]), len(table)
    rank_limits = _limits(found, level, method="inverted_cdf")
    share = np.stack([(found == place).mean(axis=0) if len(found) else np.full(m, np.nan) for place in range(1, m + 1)])
    columns["importance_rank_low"], columns["importance_rank_high"] = rank_limits
    columns["chance_first"] = share[0]
    return pd.DataFrame(columns), pd.DataFrame(share.T, index=table.index, columns=range(1, m + 1))


def _limits(drawn: np.ndarray, level: float, *, method: str = "linear") -> np.ndarray:
    """Percentile limits along the draws; blank without draws."""
    if not len(drawn):
        return np.full((2, *drawn.shape[1:]), np.nan)
    return np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=0, method=method)


def compare(table: pd.DataFrame, drawn: np.ndarray, level: float) -> pd.DataFrame:
    """Compare all pairs of drivers by LMG, with limits that hold for all pairs together.

    Of three equal drivers the limits set some pair apart in 4 % to 9 % of simulated surveys (75 to 600 respondents,
    with weights and without) instead of 5 %.

    Parameters
    ----------
    table : pandas.DataFrame, index driver
        Column lmg, the largest first.
    drawn : ndarray, shape (draws, m)
        LMG in the draws, columns in the order of the table.
    level : float

    Returns
    -------
    pandas.DataFrame, index (driver, lower_driver)
        As in `Drivers.comparisons`.
    """
    first, second = np.array(list(combinations(range(len(table)), 2)), int).reshape(-1, 2).T
    shares = table["lmg"].to_numpy()
    gap, gaps = shares[first] - shares[second], drawn[:, first] - drawn[:, second]
    reach = _joint_reach(gap, gaps, level)
    index = pd.MultiIndex.from_arrays([table.index[first], table.index[second]], names=["driver", "lower_driver"])
    chance = (gaps > 0).mean(axis=0) if len(gaps) else np.full(len(first), np.nan)
    return pd.DataFrame(
        {"lmg_difference": gap, "lmg_difference_low": gap - reach, "lmg_difference_high": gap + reach,
         "chance_higher": chance, "distinguishable": gap - reach > 0},
        index=index,
    )  # fmt: skip


def _joint_reach(gap: np.ndarray, gaps: np.ndarray, level: float) -> np.ndarray:
    """Half widths of limits that hold for all pairs together: the largest standardised error over the pairs."""
    if not gaps.size:
        return np.full(len(gap), np.nan)
    spread = np.maximum(gaps.std(axis=0, ddof=1), 1e-15)
    return np.quantile((np.abs(gaps - gap) / spread).max(axis=1), level) * spread
