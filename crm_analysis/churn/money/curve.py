"""The profit curve: what contacting the most endangered customers earned, from nobody to everybody."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from crm_analysis.churn.money.campaign import Campaign
from crm_analysis.churn.money.inputs import Cases, cases
from crm_analysis.churn.money.plans import blocks, drawn_weights, gains, plans, ranked_by
from crm_analysis.intervals import check_level, percentile_limits

NONE, ALL = "contact_none", "contact_all"
MOST_LIMITS = 1001  # shares at which limits are worked out; between them they are straight lines


def profit_curve(
    p: ArrayLike,
    y: ArrayLike,
    campaign: Campaign,
    *,
    clv: ArrayLike | None = None,
    rank_by: str = "churn_probability",
    level: float = 0.95,
    draws: int = 500,
    seed: int = 0,
) -> pd.DataFrame:
    r"""Profit per customer of contacting those with the highest scores, against the share contacted.

    .. math:: P(x) = \frac1n \sum_{i \le xn} \left[ y_i (\gamma (\mathrm{CLV}_i - d) - f) - (1 - y_i)(d + f) \right]

    The curve starts at (0, 0), contact nobody, and ends where everybody is contacted, which often pays too. Customers
    of equal score enter together: between two rows the curve is a straight line, the mean over all orders of the tied.
    Its highest point is found on the same customers that it is read from, and is optimistic: see `choose_threshold`.

    Parameters
    ----------
    p : array_like or pandas.Series, shape (n,)
        Chances of churn, best from folds that did not see the customer (index customer_id, or customer_id and cutoff).
    y : array_like or pandas.Series of 0 and 1
        1 churned.
    campaign : Campaign
        Its mean acceptance counts.
    clv : float, array_like or pandas.Series, optional
        Value of each customer; by default the one of the campaign.
    rank_by : {"churn_probability", "expected_profit"}
        With values that differ, the profit to be expected is the better order.
    level : float in (0, 1)
    draws, seed : int
        Of the bootstrap over customers; 0 draws give no limits.

    Returns
    -------
    pandas.DataFrame
        mark (``contact_none`` first, ``contact_all`` last, else blank), threshold (lowest score contacted),
        customers_contacted, contacted_share, profit per customer with limits at that share. ``attrs`` say rank_by.

    Raises
    ------
    InputError
        If chances, labels or values cannot be used.

    References
    ----------
    .. [1] Verbraken, Verbeke, Baesens (2013). IEEE TKDE 25(5), 961-973.
    .. [2] Provost, Fawcett (2013). Data Science for Business, chapter 8 (profit curves).

    Examples
    --------
    >>> curve = profit_curve([0.9, 0.5, 0.5, 0.1], [1, 1, 0, 0], Campaign(), draws=0)
    >>> curve[["customers_contacted", "profit"]].to_numpy().tolist()
    [[0.0, 0.0], [1.0, 14.0], [3.0, 25.25], [4.0, 22.5]]
    """
    check_level(level)
    found = ranked_by(cases(p, y, clv=campaign.clv if clv is None else clv), campaign, rank_by)
    points = plans(found, campaign)
    profit = points.profit(campaign.accept_mean)
    at = np.unique(np.linspace(0, 1, MOST_LIMITS) if len(profit) > MOST_LIMITS else points.contacted)
    drawn = _drawn(found, gains(found, campaign), at, draws=draws, seed=seed)
    low, high = (np.interp(points.contacted, at, limit) for limit in percentile_limits(drawn, level=level))
    mark = np.full(len(profit), "", dtype=object)
    mark[0], mark[-1] = NONE, ALL
    count = np.rint(points.contacted * len(found.y)).astype("int64")
    curve = pd.DataFrame({"mark": mark, "threshold": points.threshold, "customers_contacted": count,
                         "contacted_share": points.contacted, "profit": profit, "profit_low": low,
                          "profit_high": high})  # fmt: skip
    curve.attrs["rank_by"] = rank_by
    return curve


def _drawn(found: Cases, gain: np.ndarray, share: np.ndarray, *, draws: int, seed: int) -> np.ndarray:
    """Return the curves of drawn customers at the shares of the curve: shape (draws, shares)."""
    order, last = blocks(found.score)
    gain, curves = gain[order], np.full((draws, len(share)), np.nan)
    for curve, weights in zip(curves, drawn_weights(found.owner[order], draws=draws, seed=seed)):
        total = weights.sum()
        at = np.r_[0.0, np.cumsum(weights)[last] / total]
        curve[:] = np.interp(share, at, np.r_[0.0, np.cumsum(weights * gain)[last] / total])
    return curves
