"""Looking again and again: how often a test that is stopped at the first p < .05 finds what is not there."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from crm_analysis.errors import InputError
from crm_analysis.intervals import check_level, share_columns

LOOKS = (1, 2, 3, 5, 10, 20)
MOST_LOOKS, DRAWS = 1000, 50_000


def peeking_table(
    looks: Sequence[int] = LOOKS, *, level: float = 0.95, draws: int = DRAWS, seed: int = 0
) -> pd.DataFrame:
    r"""How often experiments without any effect are called successes, by how often one looks.

    .. math:: Z_j = S_j / \sqrt{j},\quad S_j = \sum_{i \le j} \varepsilon_i,\quad P(\max_{j \le k} |Z_j| > z)

    Experiments without effect are simulated, looked at k times at equal distances, and stopped at the first look
    whose p lies below 1 - `level`. One look keeps the promise of 5 % false alarms, five looks give 14 %, twenty
    25 %. The last column is the p below which each of k looks may stop so that the promise is kept (Pocock).

    Parameters
    ----------
    looks : sequence of int
        Numbers of looks, 1 to 1,000.
    level : float in (0, 1)
    draws : int
        Simulated experiments.
    seed : int

    Returns
    -------
    pandas.DataFrame
        looks, false_alarm with Wilson's limits (of the simulation), p_limit.

    Raises
    ------
    InputError
        If `looks` holds something else than such numbers.

    References
    ----------
    .. [1] Armitage, McPherson & Rowe (1969). JRSS A 132, 235-244, Table 2 (k = 2: .083, 5: .142, 10: .193).
    .. [2] Pocock (1977). Biometrika 64, 191-199, Table 1 (p limits .0294, .0158, .0106 for 2, 5, 10 looks).

    Examples
    --------
    >>> peeking_table([1, 5])["false_alarm"].round(2).tolist()
    [0.05, 0.14]
    """
    looks = [looks] if isinstance(looks, (int, np.integer)) else list(looks)
    wrong = [
        k for k in looks if isinstance(k, bool) or not isinstance(k, (int, np.integer)) or not 1 <= k <= MOST_LOOKS
    ]
    if wrong or not looks:
        raise InputError(
            f"not numbers of looks: {wrong}",
            where="looks",
            expected=f"whole numbers, 1 to {MOST_LOOKS:,}",
            zh="查看次数应为正整数",
        )
    highest = _highest(max(looks), draws, seed)
    limit = ndtri(0.5 + check_level(level) / 2)
    alarms = np.array([(highest[k] > limit).sum() for k in looks])
    bounds = np.array([np.quantile(highest[k], level) for k in looks])
    table = pd.DataFrame({"looks": looks}).assign(**share_columns("false_alarm", alarms, draws))
    return table.assign(p_limit=2 * ndtr(-bounds))


def _highest(most: int, draws: int, seed: int) -> dict[int, np.ndarray]:
    """Largest |Z| up to look k of each simulated experiment, for every k."""
    rng = np.random.default_rng(seed)
    total, highest, found = np.zeros(draws), np.zeros(draws), {}
    for k in range(1, most + 1):
        total += rng.standard_normal(draws)
        highest = np.maximum(highest, np.abs(total) / np.sqrt(k))
        found[k] = highest
    return found
