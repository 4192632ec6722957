"""What predictions are worth in money: contenders on the same customers, and two ways to rank them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from crm_analysis.churn.money.campaign import Campaign, break_even
from crm_analysis.churn.money.inputs import cases, is_number
from crm_analysis.churn.money.maximum import expected_maximum_profit, maximum_profit
from crm_analysis.churn.money.plans import blocks, drawn_weights, gains, hoped, mean_draws
from crm_analysis.errors import InputError
from crm_analysis.intervals import check_level, percentile_limits


def profit_table(
    predictions: pd.DataFrame,
    y: ArrayLike,
    campaign: Campaign,
    *,
    clv: ArrayLike | None = None,
    reference: str | None = None,
    level: float = 0.95,
    draws: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Profit of each contender's chances of churn, contacting from the break-even on, beside MPC and EMPC.

    A model with ruined probabilities ranks as well as before (MPC, EMPC) and earns less at the break-even.

    Parameters
    ----------
    predictions : pandas.DataFrame
        A column of chances of churn per contender, of customers whom the models have not seen.
    y : array_like or pandas.Series of 0 and 1
    campaign, clv
        As for `curve.profit_curve`.
    reference : str, optional
        Contender from which profit_difference is counted (same customers, same draws); by default the first.
    level : float in (0, 1)
    draws, seed : int
        Of the bootstrap over customers.

    Returns
    -------
    pandas.DataFrame, index contender
        contacted_share, profit with limits, profit_difference with limits, mpc, empc (both per customer, optimistic).

    Raises
    ------
    InputError
        If there is no such contender, or the input cannot be used.

    Examples
    --------
    >>> predictions = pd.DataFrame({"prior": [0.5] * 4, "logistic": [0.9, 0.7, 0.1, 0.1]})
    >>> profit_table(predictions, [1, 1, 0, 0], Campaign(), draws=20)[["profit", "mpc"]].to_numpy().tolist()
    [[22.5, 22.5], [28.0, 28.0]]
    """
    check_level(level)
    reference = predictions.columns[0] if reference is None and len(predictions.columns) else reference
    if reference not in predictions.columns or not predictions.columns.is_unique:
        raise InputError(f"there is no single contender {reference!r}",
                         where=f"columns {', '.join(map(str, predictions.columns))}",
                         zh=f"没有名为 {reference} 的唯一模型")  # fmt: skip
    value = campaign.clv if clv is None else clv
    found = [cases(predictions[name], y, clv=value) for name in predictions]
    contacted = np.column_stack([one.score >= break_even(campaign, one.clv) for one in found])
    earned = gains(found[0], campaign)[:, None] * contacted
    versus = earned - earned[:, [predictions.columns.get_loc(reference)]]
    columns = np.column_stack([earned, versus])
    low, high = percentile_limits(mean_draws(columns, found[0].owner, draws=draws, seed=seed), level=level)
    mean, k = columns.mean(axis=0), len(found)
    best = {"mpc": maximum_profit, "empc": expected_maximum_profit}
    return pd.DataFrame(
        {"contacted_share": contacted.mean(axis=0)}
        | {"profit": mean[:k], "profit_low": low[:k], "profit_high": high[:k]}
        | {"profit_difference": mean[k:], "profit_difference_low": low[k:], "profit_difference_high": high[k:]}
        | {key: [rule(one.score, one.y, campaign, clv=one.clv).profit for one in found] for key, rule in best.items()},
        index=pd.Index(predictions.columns, name="contender"),
    )


def ranking_table(
    p: ArrayLike,
    y: ArrayLike,
    campaign: Campaign,
    *,
    clv: ArrayLike,
    shares: Sequence[float] = (0.05, 0.1, 0.2, 0.3, 0.5),
    level: float = 0.95,
    draws: int = 500,
    seed: int = 0,
) -> pd.DataFrame:
    """Profit of contacting the same share of customers, ranked by the chance of churn or by the profit to be expected.

    The riskiest customers need not be the most worth keeping; this says what the difference is.

    Parameters
    ----------
    p, y, campaign
        As for `curve.profit_curve`.
    clv : array_like or pandas.Series
        Value of each customer.
    shares : sequence of float in (0, 1]
        Shares of customers contacted.
    level : float in (0, 1)
    draws, seed : int

    Returns
    -------
    pandas.DataFrame
        contacted_share, profit_by_risk and profit_by_gain (per customer of the base, each with limits),
        profit_difference (by gain less by risk) with limits.

    Raises
    ------
    InputError
        If a share is no share, or the input cannot be used.

    Examples
    --------
    >>> table = ranking_table([0.9, 0.6], [1, 1], Campaign(), clv=[20, 900], shares=[0.5], draws=20)
    >>> table[["profit_by_risk", "profit_by_gain"]].to_numpy().tolist()
    [[1.0, 133.0]]
    """
    check_level(level)
    if not len(shares) or not all(is_number(share) and 0 < share <= 1 for share in shares):
        raise InputError(f"shares={shares!r} cannot be used", expected="shares above 0 and up to 1",
                         zh="联系比例应大于 0 且不超过 1")  # fmt: skip
    found = cases(p, y, clv=clv)
    gain, at = gains(found, campaign), np.asarray(shares, float)
    orders = [blocks(found.score), blocks(hoped(found, campaign))]
    point = _profits(gain, np.ones(len(gain)), orders, at)
    drawn = [_profits(gain, weights, orders, at) for weights in drawn_weights(found.owner, draws=draws, seed=seed)]
    low, high = percentile_limits(np.array(drawn).reshape(draws, 3, len(at)), level=level)
    table = {"contacted_share": at}
    for row, name in enumerate(("profit_by_risk", "profit_by_gain", "profit_difference")):
        table |= {name: point[row], f"{name}_low": low[row], f"{name}_high": high[row]}
    return pd.DataFrame(table)


def _profits(gain: np.ndarray, weights: np.ndarray, orders: list, at: np.ndarray) -> np.ndarray:
    """Return profit at the shares in each order, and the second less the first."""
    rows, total = [], weights.sum()
    for order, last in orders:
        w = weights[order]
        earned = np.cumsum(w * gain[order])[last] / total
        rows.append(np.interp(at, np.r_[0.0, np.cumsum(w)[last] / total], np.r_[0.0, earned]))
    return np.array([*rows, rows[1] - rows[0]])
