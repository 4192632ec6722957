"""A retention campaign in numbers, and from which chance of churn a customer is worth contacting."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import betaincinv

from crm_analysis.churn.money.inputs import check_probabilities, check_values, is_number
from crm_analysis.errors import InputError

ASSUMPTIONS = ("accept", "offer", "contact", "clv")


@dataclass(frozen=True)
class Campaign:
    r"""What contacting a customer costs and what keeping a churner is worth.

    A contact costs `contact`. Who is offered something and stays costs `offer`: a customer who would have stayed takes
    it anyway; a churner takes it, and is kept, with the chance `accept`.

    Parameters
    ----------
    clv : float > offer
        Margin that a kept churner still brings, in the currency of the data: margin, not revenue, and the value of
        somebody who *is* kept. The lifetime values of `clv.value` are multiplied by P(alive) already and would count
        leaving twice: pass `value_if_kept` of them, here (their mean) and as `clv` of the functions of this folder.
    accept : float in [0, 1] or (alpha, beta)
        Chance that a churner accepts, or the two parameters of a beta distribution that says how well it is known. It
        is the same for all churners: who is all but gone counts as no harder to win back than who wavers.
    offer, contact : float >= 0

    Raises
    ------
    InputError
        With everything that is wrong.

    References
    ----------
    .. [1] Verbraken, Verbeke, Baesens (2013). A novel profit maximizing metric for measuring classification
       performance of customer churn prediction models. IEEE TKDE 25(5), 961-973. The defaults are theirs.

    Examples
    --------
    >>> Campaign().accept_mean
    0.3
    >>> Campaign(clv=50, offer=80)
    Traceback (most recent call last):
    crm_analysis.errors.InputError: clv=50 does not exceed offer=80: nobody would be worth an offer
      where: Campaign
      how to mend: costs and values are margins in one currency; accept is a chance or (alpha, beta) of a beta
    """

    clv: float = 200.0
    accept: float | tuple[float, float] = (6.0, 14.0)
    offer: float = 10.0
    contact: float = 1.0

    def __post_init__(self) -> None:
        if isinstance(self.accept, list):
            object.__setattr__(self, "accept", tuple(self.accept))
        problems = _problems(self)
        if problems:
            raise InputError("; ".join(problems), where="Campaign", zh="营销活动的假设有误：" + "；".join(problems),
                             mend="costs and values are margins in one currency; accept is a chance or (alpha, beta) "
                                  "of a beta")  # fmt: skip

    @property
    def accept_mean(self) -> float:
        """Mean chance that a churner accepts."""
        return self.accept[0] / sum(self.accept) if isinstance(self.accept, tuple) else float(self.accept)

    def accept_range(self, level: float = 0.9) -> tuple[float, float]:
        """Return the range that holds the chance of acceptance with probability `level`; one number if it is fixed.

        Examples
        --------
        >>> [round(limit, 3) for limit in Campaign().accept_range()]
        [0.147, 0.476]
        """
        if not isinstance(self.accept, tuple):
            return float(self.accept), float(self.accept)
        return tuple(float(betaincinv(*self.accept, 0.5 + side * level / 2)) for side in (-1, 1))

    def changed(self, **values: float) -> Campaign:
        """Return the campaign with other assumptions."""
        return replace(self, **values)

    def text(self, lang: str) -> str:
        """State the assumptions in Chinese (``zh``) or English (``en``)."""
        low, high = self.accept_range()
        if lang == "zh":
            spread = f"（90% 的可能在 {low:.0%} 与 {high:.0%} 之间）" if low < high else ""
            return (f"假设：每次联系成本 {self.contact:,.10g}，优惠成本 {self.offer:,.10g}（愿意留下的客户都会领取），"
                    f"有流失倾向的客户平均有 {self.accept_mean:.0%} 接受挽留{spread}，"
                    f"挽留成功一位客户的价值为 {self.clv:,.10g}。")  # fmt: skip
        spread = f" (between {low:.0%} and {high:.0%} with 90 % probability)" if low < high else ""
        return (f"Assumed: a contact costs {self.contact:,.10g}, an offer {self.offer:,.10g} (all who stay take it), "
                f"{self.accept_mean:.0%} of churners accept and stay{spread}, and a churner kept is worth "
                f"{self.clv:,.10g}.")  # fmt: skip


def break_even(campaign: Campaign, clv: ArrayLike | None = None) -> float | np.ndarray | pd.Series:
    r"""Chance of churn from which contacting a customer pays.

    .. math:: p^*_i = \frac{d + f}{\gamma (\mathrm{CLV}_i - d) + d}

    with the mean acceptance :math:`\gamma`, offer d and contact f. Contact if the *calibrated* chance of churn reaches
    it. Where :math:`\gamma(\mathrm{CLV}_i - d) \le f` a contact never pays, and the result is infinite.

    Parameters
    ----------
    campaign : Campaign
    clv : float, array_like or pandas.Series, optional
        Value of each customer; by default the one of the campaign.

    Returns
    -------
    float, numpy.ndarray or pandas.Series
        Like `clv`; ``inf`` stands for never (``numpy.isfinite`` tells).

    Raises
    ------
    InputError
        If a value is blank, infinite or no number.

    References
    ----------
    .. [1] Verbraken, Verbeke, Baesens (2013), equation for the profit per customer at one threshold, solved for zero.

    Examples
    --------
    >>> round(break_even(Campaign()) * 67, 10)  # 11/67
    11.0
    >>> break_even(Campaign(), [200, 10, 20]).round(3).tolist()
    [0.164, inf, 0.846]
    """
    values = check_values(campaign.clv if clv is None else clv)
    gamma, offer, contact = campaign.accept_mean, campaign.offer, campaign.contact
    kept = gamma * (values - offer)
    cost = np.broadcast_to(offer + contact, values.shape)
    found = np.divide(cost, kept + offer, out=np.full(values.shape, np.inf), where=kept > contact)
    return _like(found, clv)


def expected_profit(
    p: ArrayLike, campaign: Campaign, *, clv: ArrayLike | None = None
) -> float | np.ndarray | pd.Series:
    r"""Profit to be expected from contacting each customer, in money.

    .. math:: p_i\,[\gamma (\mathrm{CLV}_i - d) - f] - (1 - p_i)(d + f)

    It is zero at the break-even chance of churn. That a contact lowers the churn of everybody by the same share
    :math:`\gamma` is an assumption; only an experiment with a holdout shows the effect.

    Parameters
    ----------
    p : float, array_like or pandas.Series
        Calibrated chance of churn.
    campaign : Campaign
    clv : float, array_like or pandas.Series, optional
        Value of each customer; a Series needs the ids of `p`.

    Returns
    -------
    float, numpy.ndarray or pandas.Series
        Like `p`.

    Raises
    ------
    InputError
        If chances lie outside 0 to 1 or are blank, or values do not fit.

    Examples
    --------
    >>> expected_profit([0.1, 11 / 67, 0.5], Campaign()).round(6).tolist()
    [-4.3, 0.0, 22.5]
    """
    chance = check_probabilities(p)
    values = check_values(campaign.clv if clv is None else clv, like=p)
    found = chance * (campaign.accept_mean * (values - campaign.offer) + campaign.offer)
    return _like(found - (campaign.offer + campaign.contact), p if clv is None or np.ndim(p) else clv)


def _like(found: np.ndarray, given: object) -> float | np.ndarray | pd.Series:
    if isinstance(given, pd.Series):
        return pd.Series(found, index=given.index)
    return found if np.ndim(found) else float(found)


def _problems(campaign: Campaign) -> list[str]:
    found = [f"{name}={getattr(campaign, name)!r} is no number of 0 or more"
             for name in ("offer", "contact", "clv")
             if not is_number(getattr(campaign, name)) or getattr(campaign, name) < 0]  # fmt: skip
    if not found and campaign.clv <= campaign.offer:
        found.append(f"clv={campaign.clv:g} does not exceed offer={campaign.offer:g}: nobody would be worth an offer")
    accept = campaign.accept
    if isinstance(accept, tuple):
        if len(accept) != 2 or not all(is_number(one) and one > 0 for one in accept):
            found.append(f"accept={accept!r} is no pair (alpha, beta) of numbers above 0")
    elif not is_number(accept) or not 0 <= accept <= 1:
        hint = f" (if {accept:g} % was meant, pass {accept / 100:g})" if is_number(accept) and accept > 1 else ""
        found.append(f"accept={accept!r} is no chance between 0 and 1{hint}")
    return found
