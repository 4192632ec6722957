"""What it is worth to treat nobody, the best scored, or everybody."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from crm_analysis.errors import InputError
from crm_analysis.intervals import UNKNOWN, Estimate, with_limits
from crm_analysis.marketing.uplift.rows import Rows, difference, read_rows

SHARES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


def policy_table(
    score: ArrayLike,
    y: ArrayLike,
    treated: ArrayLike,
    *,
    shares: Sequence[float] = SHARES,
    value: float = 1.0,
    cost: float = 0.0,
    customer: ArrayLike | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    r"""Gain of treating nobody, the best scored, or everybody, per 1,000 customers.

    .. math:: G(\varphi) = 1000\,\varphi\,(v\,\hat u_\varphi - c),\quad
              \hat u_\varphi = \bar y_t(\varphi) - \bar y_c(\varphi)

    :math:`\hat u` is the difference of treated and control among the best scored share, v what a good outcome brings, c
    what treating one customer costs. Treating the best scored instead of everybody forgoes the effect on the rest, so
    their difference is estimated on the rest alone. Limits are Newcombe's, scaled; shares, value and cost are taken
    as given. Choosing the best row of the table after seeing it makes that row look better than it is: fix the rule
    first, or confirm it on other customers.

    Parameters
    ----------
    score, y, treated, customer
        As in `qini`.
    shares : sequence of float in (0, 1)
        Shares of the customers to treat; equal scores are treated or left together, so a share may be larger.
    value : float > 0
        Worth of a good outcome, as a rule a margin.
    cost : float >= 0
        Of treating one customer.
    level : float in (0, 1)

    Returns
    -------
    pandas.DataFrame
        policy (``treat_nobody``, ``treat_best``, ``treat_everybody``), share, customers, uplift (of those treated) with
        limits, responses_per_1000 (good outcomes gained) with limits, gain_per_1000 (value less cost) with limits, and
        gain_over_everybody (per 1,000) with limits.

    Raises
    ------
    InputError
        As `qini`, or if a share, the value or the cost lies outside its range.

    References
    ----------
    .. [1] Athey & Wager (2021). Econometrica 89, 133-161 (value of a treatment rule under a known randomisation).

    Examples
    --------
    >>> score = np.repeat([1.0, 0.0], 200)
    >>> treated = np.tile([1, 0], 200)
    >>> y = np.r_[np.tile([1, 0, 1, 1], 50), np.tile([0, 1, 1, 0], 50)]
    >>> table = policy_table(score, y, treated, shares=[0.5], value=10, cost=1)
    >>> table[["policy", "gain_per_1000", "gain_over_everybody"]].values.tolist()
    [['treat_nobody', 0.0, -1500.0], ['treat_best', 2000.0, 500.0], ['treat_everybody', 1500.0, 0.0]]
    """
    rows = read_rows(score, y, treated, customer=customer)
    listed = [shares] if isinstance(shares, (int, float)) else list(shares)
    wrong = [share for share in listed if not 0 < share < 1]
    if wrong or not (0 < value < np.inf) or not (0 <= cost < np.inf):
        raise InputError(f"cannot be used: shares {wrong}, value {value}, cost {cost}", where="policy_table",
                         expected="shares between 0 and 1, a value above 0, a cost from 0", mend="20 % is written 0.2",
                         zh="比例应在 0 与 1 之间，价值应大于 0，成本不能为负")  # fmt: skip
    order = np.sort(rows.score)[::-1]
    cuts = [order[max(0, int(np.ceil(share * len(order) - 1e-9)) - 1)] for share in sorted(listed)]
    targets = [np.zeros(len(order), bool)] + [rows.score >= cut for cut in cuts] + [np.ones(len(order), bool)]
    names = ["treat_nobody", *["treat_best"] * len(cuts), "treat_everybody"]
    return pd.DataFrame([_row(name, target, rows, value, cost, level) for name, target in zip(names, targets)])


def _row(name: str, target: np.ndarray, rows: Rows, value: float, cost: float, level: float) -> dict[str, object]:
    share, effect, rest = float(target.mean()), _effect(rows, target, level), _effect(rows, ~target, level)
    nothing = Estimate(0.0, 0.0, 0.0)
    gain = nothing if not target.any() else _scaled(effect, 1000 * share, value, cost)
    more = _scaled(rest, 1000 * (1 - share), value, cost)
    over = nothing if target.all() else Estimate(-more.value, -more.high, -more.low)
    return (
        {"policy": name, "share": share, "customers": int(target.sum())}
        | with_limits("uplift", effect)
        | with_limits("responses_per_1000", nothing if not target.any() else _scaled(effect, 1000 * share, 1.0, 0.0))
        | with_limits("gain_per_1000", gain)
        | with_limits("gain_over_everybody", over)
    )


def _effect(rows: Rows, part: np.ndarray, level: float) -> Estimate:
    codes = None if rows.customer is None else rows.customer[part]
    return difference(rows.y[part], rows.treated[part], codes, level=level) if part.any() else UNKNOWN


def _scaled(effect: Estimate, size: float, value: float, cost: float) -> Estimate:
    return Estimate(*(size * (value * part - cost) for part in effect))
