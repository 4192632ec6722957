"""All the plans "contact the customers with the highest scores": what each keeps and spends, with ties as one block."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from crm_analysis.churn.money.campaign import Campaign
from crm_analysis.churn.money.inputs import Cases
from crm_analysis.errors import InputError

RANKINGS = ("churn_probability", "expected_profit")


class Plans(NamedTuple):
    """Plans from contacting none (first) to contacting all (last), all per customer.

    Parameters
    ----------
    threshold : numpy.ndarray
        Lowest score contacted; inf for none.
    contacted : numpy.ndarray
        Share of customers contacted.
    kept : numpy.ndarray
        Value less offer of the churners contacted; a share `accept` of it is earned.
    spent : numpy.ndarray
        Contacts, and offers to those who would have stayed.
    """

    threshold: np.ndarray
    contacted: np.ndarray
    kept: np.ndarray
    spent: np.ndarray

    def profit(self, accept: float) -> np.ndarray:
        """Profit per customer of each plan."""
        return accept * self.kept - self.spent


def plans(cases: Cases, campaign: Campaign) -> Plans:
    """Return the plans: customers of equal score are contacted together.

    Examples
    --------
    >>> from crm_analysis.churn.money.inputs import cases
    >>> plans(cases([0.9, 0.2, 0.9], [1, 0, 0], clv=200), Campaign()).contacted.round(3).tolist()
    [0.0, 0.667, 1.0]
    """
    order, last = blocks(cases.score)
    kept, spent = stakes(cases, campaign)
    n = len(order)

    def cumulated(values: np.ndarray) -> np.ndarray:
        return np.r_[0.0, np.cumsum(values[order])[last] / n]

    return Plans(np.r_[np.inf, cases.score[order][last]], np.r_[0.0, (last + 1) / n], cumulated(kept), cumulated(spent))


def stakes(cases: Cases, campaign: Campaign) -> tuple[np.ndarray, np.ndarray]:
    """Return what contacting each customer keeps, if a churner accepts, and what it costs in any case."""
    return cases.y * (cases.clv - campaign.offer), campaign.contact + campaign.offer * (1 - cases.y)


def gains(cases: Cases, campaign: Campaign) -> np.ndarray:
    """Return the profit of contacting each customer, whose outcome is known, at the mean acceptance."""
    kept, spent = stakes(cases, campaign)
    return campaign.accept_mean * kept - spent


def blocks(score: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the order from the highest score down, and where in it each block of equal scores ends.

    Examples
    --------
    >>> order, last = blocks(np.array([1.0, 3.0, 1.0]))
    >>> order.tolist(), last.tolist()
    ([1, 0, 2], [0, 2])
    """
    order = np.argsort(-score, kind="stable")
    ranked = score[order]
    return order, np.flatnonzero(np.r_[ranked[1:] != ranked[:-1], True])


def ranked_by(cases: Cases, campaign: Campaign, rank_by: str) -> Cases:
    """Return the customers with the score to rank them by: their chance of churn, or their expected profit."""
    if rank_by not in RANKINGS:
        raise InputError(f"rank_by={rank_by!r} is not known", expected=" or ".join(RANKINGS),
                         zh=f"未知的排序方式：{rank_by}")  # fmt: skip
    return cases if rank_by == "churn_probability" else cases._replace(score=hoped(cases, campaign))


def hoped(cases: Cases, campaign: Campaign) -> np.ndarray:
    """Return the expected profit of contacting each customer, from the chance of churn."""
    kept = campaign.accept_mean * (cases.clv - campaign.offer) + campaign.offer
    return cases.score * kept - (campaign.offer + campaign.contact)


def drawn_weights(owner: np.ndarray, *, draws: int, seed: int) -> Iterator[np.ndarray]:
    """Yield, for each draw of as many customers with replacement, how often each row occurs.

    Examples
    --------
    >>> [weights.tolist() for weights in drawn_weights(np.array([0, 0, 1]), draws=2, seed=0)]
    [[0, 0, 2], [1, 1, 1]]
    """
    rng, count = np.random.default_rng(seed), int(owner.max()) + 1
    for _ in range(draws):
        yield np.bincount(rng.integers(0, count, count), minlength=count)[owner]


def mean_draws(columns: np.ndarray, owner: np.ndarray, *, draws: int, seed: int) -> np.ndarray:
    """Return, for each draw of customers, the mean of each column: shape (draws, columns)."""
    means = [weights @ columns / weights.sum() for weights in drawn_weights(owner, draws=draws, seed=seed)]
    return np.array(means).reshape(draws, columns.shape[1])
