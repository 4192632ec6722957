"""The best use of a budget: which customers to contact for the most profit per money spent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from crm_analysis.churn.money.campaign import Campaign, expected_profit
from crm_analysis.churn.money.inputs import check_probabilities, check_values, is_number
from crm_analysis.errors import InputError
from crm_analysis.segments.worklist.allocation import allocate, hull_steps
from crm_analysis.words import Sentence


@dataclass(frozen=True)
class BudgetUse:
    """Who is contacted for a budget, and what other budgets would bring.

    Parameters
    ----------
    table : pandas.DataFrame, index as the chances of churn
        churn_probability, clv, cost (expected: contact, and the offer to who stays), expected_profit, chosen.
    curve : pandas.DataFrame
        budget, customers, expected_profit (all in total), as a growing budget takes one customer after the other.
    budget, cost, profit : float
        What there is, what is spent of it and earned with it, as expected.
    shortfall_bound : float
        The best list for this budget earns at most so much more.
    """

    table: pd.DataFrame
    curve: pd.DataFrame
    budget: float
    cost: float
    profit: float
    shortfall_bound: float

    def text(self, lang: str) -> str:
        """Say what the budget buys, in Chinese (``zh``) or English (``en``)."""
        chosen, worth = int(self.table["chosen"].sum()), len(self.curve) - 1
        full, most = self.curve["budget"].iloc[-1], self.curve["expected_profit"].iloc[-1]
        return Sentence(
            zh=f"预算 {self.budget:,.2f} 可联系 {chosen:,} 位客户，预计花费 {self.cost:,.2f}，"
               f"预计利润 {self.profit:,.2f}；同样预算下的最优名单最多再多 {self.shortfall_bound:,.2f}。"
               f"值得联系的客户共 {worth:,} 位，全部联系需 {full:,.2f}，预计利润 {most:,.2f}。",
            en=f"A budget of {self.budget:,.2f} contacts {chosen:,} customers at an expected cost of {self.cost:,.2f} "
               f"and an expected profit of {self.profit:,.2f}; no list for that budget earns over "
               f"{self.shortfall_bound:,.2f} more. {worth:,} customers are worth contacting: all of them would cost "
               f"{full:,.2f} and earn {most:,.2f}.",
        ).text(lang)  # fmt: skip


def spend_budget(p: ArrayLike, campaign: Campaign, *, budget: float, clv: ArrayLike | None = None) -> BudgetUse:
    r"""Contact the customers with the highest expected profit per expected cost until the budget does not reach.

    .. math:: \text{cost}_i = f + d\,(1 - p_i + \gamma p_i)

    A contact is paid for everybody, an offer for those who stay: who would have stayed, and who is kept. Only customers
    with a positive profit are contacted. What is left on the table is bounded by the customer who did not fit.

    Parameters
    ----------
    p : array_like or pandas.Series
        Calibrated chances of churn.
    campaign : Campaign
    budget : float >= 0
        Money for contacts and offers; the outlay is an expectation and may turn out higher or lower.
    clv : float, array_like or pandas.Series, optional

    Returns
    -------
    BudgetUse

    Raises
    ------
    InputError
        If the budget is negative or no number, or the input cannot be used.

    References
    ----------
    .. [1] Dantzig (1957). Discrete-variable extremum problems. Operations Research 5(2), 266-277.

    Examples
    --------
    >>> found = spend_budget([0.9, 0.5, 0.1], Campaign(), budget=10)
    >>> found.table["chosen"].tolist(), round(found.cost, 2), round(found.profit, 2)
    ([True, False, False], 4.7, 49.3)
    """
    if not is_number(budget) or budget < 0:
        raise InputError(f"budget={budget!r} is no amount of 0 or more", where="spend_budget",
                         zh=f"预算应为不小于 0 的数（现为 {budget}）")  # fmt: skip
    series = p if isinstance(p, pd.Series) else pd.Series(np.atleast_1d(p))
    if not series.index.is_unique:
        raise InputError("a customer stands in two rows", where="spend_budget",
                         mend="keep one chance of churn per customer", zh="客户编号重复")  # fmt: skip
    chance = check_probabilities(series)
    values = np.broadcast_to(check_values(campaign.clv if clv is None else clv, like=series), chance.shape)
    profit = np.asarray(expected_profit(chance, campaign, clv=values))
    cost = campaign.contact + campaign.offer * (1 - chance + campaign.accept_mean * chance)
    chosen = allocate(cost[:, None], profit[:, None], budget=budget)
    steps = hull_steps(cost[:, None], profit[:, None])
    curve = pd.DataFrame({"budget": np.r_[0.0, np.cumsum(steps.cost)], "customers": np.arange(len(steps.cost) + 1),
                          "expected_profit": np.r_[0.0, np.cumsum(steps.gain)]})  # fmt: skip
    listed = chosen.action == 0
    table = pd.DataFrame({"churn_probability": chance, "clv": values, "cost": cost, "expected_profit": profit,
                          "chosen": listed}, index=series.index)  # fmt: skip
    return BudgetUse(table, curve, float(budget), float(cost[listed].sum()), float(profit[listed].sum()),
                     chosen.shortfall_bound)  # fmt: skip
