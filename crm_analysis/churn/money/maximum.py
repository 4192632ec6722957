"""The most that a score can earn: at the mean acceptance (MPC) and averaged over what acceptance may be (EMPC)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import betainc

from crm_analysis.churn.money.campaign import Campaign
from crm_analysis.churn.money.inputs import cases
from crm_analysis.churn.money.plans import Plans, plans


class Maximum(NamedTuple):
    """The best plan: profit per customer, the share it contacts, and the lowest score it contacts (inf: nobody)."""

    profit: float
    contacted_share: float
    threshold: float


@dataclass(frozen=True)
class ExpectedMaximum:
    """The best plan for each acceptance there may be, and what they earn on average.

    Parameters
    ----------
    profit : float
        EMPC: profit per customer.
    contacted_share : float
        Share of customers contacted, on average.
    plans : pandas.DataFrame
        accept_from, accept_to (the acceptances for which a plan is best), chance (that acceptance lies there),
        threshold, contacted_share, profit (mean of the plan where it is best; blank where that cannot happen).
    """

    profit: float
    contacted_share: float
    plans: pd.DataFrame


def maximum_profit(score: ArrayLike, y: ArrayLike, campaign: Campaign, *, clv: ArrayLike | None = None) -> Maximum:
    r"""Maximum profit criterion (MPC): the highest point of the profit curve at the mean acceptance.

    .. math:: \max_t \; \gamma A(t) - B(t)

    A(t): value less offer of the churners with a score from t; B(t): contacts, and offers to those who stay anyway.
    Only the order of the scores counts. Among equals the plan with the fewest contacts is named. The maximum is read
    from the same customers it was found on, and is optimistic.

    Parameters
    ----------
    score : array_like or pandas.Series
        Higher for customers more likely to churn; any finite numbers.
    y : array_like or pandas.Series of 0 and 1
    campaign : Campaign
    clv : float, array_like or pandas.Series, optional

    Returns
    -------
    Maximum

    Raises
    ------
    InputError
        If scores, labels or values cannot be used.

    References
    ----------
    .. [1] Verbraken, Verbeke, Baesens (2013). IEEE TKDE 25(5), 961-973, equation (10).

    Examples
    --------
    >>> maximum_profit([0.1, 0.2], [0, 1], Campaign())
    Maximum(profit=28.0, contacted_share=0.5, threshold=0.2)
    """
    points = plans(cases(score, y, clv=campaign.clv if clv is None else clv, chances=False), campaign)
    profit = points.profit(campaign.accept_mean)
    best = int(np.argmax(profit))
    return Maximum(float(profit[best]), float(points.contacted[best]), float(points.threshold[best]))


def expected_maximum_profit(
    score: ArrayLike, y: ArrayLike, campaign: Campaign, *, clv: ArrayLike | None = None
) -> ExpectedMaximum:
    r"""Expected maximum profit (EMPC): the best plan is chosen anew for each acceptance, and averaged over them.

    .. math:: \int_0^1 \max_t \,[\gamma A(t) - B(t)]\; h(\gamma)\, d\gamma

    exactly: only corners k of the upper hull of (B, A) are ever best, corner k between the acceptances
    :math:`g_k = (B_k - B_{k-1}) / (A_k - A_{k-1})` and :math:`g_{k+1}`, and there

    .. math:: \int h = \Delta I(g; \alpha, \beta), \qquad \int \gamma h =
              \frac{\alpha}{\alpha + \beta}\, \Delta I(g; \alpha + 1, \beta)

    with the regularised incomplete beta function I. Never less than MPC (Jensen), equal if acceptance is one number.
    With values per customer the same corners hold, as profit stays linear in acceptance.

    Parameters
    ----------
    score, y, campaign, clv
        As for `maximum_profit`.

    Returns
    -------
    ExpectedMaximum

    Raises
    ------
    InputError
        If scores, labels or values cannot be used.

    References
    ----------
    .. [1] Verbraken, Verbeke, Baesens (2013). IEEE TKDE 25(5), 961-973, equations (11) to (15).

    Examples
    --------
    >>> y, score = [0, 1, 0, 1, 0, 1, 0, 1], [0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 0.8, 0.9]
    >>> found = expected_maximum_profit(score, y, Campaign())
    >>> round(found.profit, 10), round(found.contacted_share, 10)
    (23.8755934183, 0.8743700763)
    """
    points = plans(cases(score, y, clv=campaign.clv if clv is None else clv, chances=False), campaign)
    corners = _hull(points.spent, points.kept)
    points = Plans(*(column[corners] for column in points))
    switch = np.clip(np.diff(points.spent) / np.diff(points.kept), 0, 1)
    edges = np.r_[0.0, switch, 1.0]
    chance, mean = _weights(campaign, edges)
    earned = mean * points.kept - chance * points.spent
    with np.errstate(divide="ignore", invalid="ignore"):
        each = np.where(chance > 0, earned / chance, np.nan)
    table = pd.DataFrame({"accept_from": edges[:-1], "accept_to": edges[1:], "chance": chance,
                          "threshold": points.threshold, "contacted_share": points.contacted,
                          "profit": each})  # fmt: skip
    table = table[(table["accept_to"] > table["accept_from"]) | (chance > 0)].reset_index(drop=True)
    return ExpectedMaximum(float(earned.sum()), float(chance @ points.contacted), table)


def _weights(campaign: Campaign, edges: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the chance that acceptance lies between neighbouring edges, and acceptance integrated there."""
    if not isinstance(campaign.accept, tuple):
        chance = np.zeros(len(edges) - 1)
        chance[np.searchsorted(edges[1:-1], campaign.accept, side="left")] = 1.0
        return chance, campaign.accept * chance
    alpha, beta = campaign.accept
    return np.diff(betainc(alpha, beta, edges)), campaign.accept_mean * np.diff(betainc(alpha + 1, beta, edges))


def _hull(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the corners of the rising part of the upper hull of points whose x never falls.

    Of points above each other only the highest can be a corner, and nothing right of the highest of all. A point on or
    below the line between its neighbours is none either, as these are points too; what is left has only corners.
    """
    top = np.lexsort((np.arange(len(x)), -y, x))
    top = top[np.r_[True, np.diff(x[top]) > 0]]
    kept = top[: int(np.argmax(y[top])) + 1]
    while True:
        left, here, right = kept[:-2], kept[1:-1], kept[2:]
        above = (y[here] - y[left]) * (x[right] - x[left]) > (y[right] - y[left]) * (x[here] - x[left])
        if above.all():
            return kept
        kept = np.r_[kept[:1], here[above], kept[-1:]]
