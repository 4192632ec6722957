"""What the claim "5 % less churn raises profit by 25 to 85 %" means for the company at hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm_analysis.churn.money.loyalty import LATER, NOW, discount_range, gain, loyalty_gain, retention_range
from crm_analysis.intervals import Estimate
from crm_analysis.words import Sentence, join

DISCOUNTS = (0.0, 0.05, 0.1, 0.15, 0.2)


@dataclass(frozen=True)
class LoyaltyClaim:
    """The claim worked out for one retention rate.

    Parameters
    ----------
    retention : Estimate
    points, discount : float
    margin_starts : {"now", "later"}
    claim : (float, float)
        Least and most gain claimed.
    gain : Estimate
        Gain in value per customer stream from `points` more retention.
    gain_of_fewer : Estimate
        Gain if the same number is read as per cent of the churn rate: 5 % fewer churners.
    table : pandas.DataFrame
        A row per yearly discount rate: annual_discount, loyalty_gain with limits, claim_holds (at the retention rate),
        retention_from and retention_to (rates for which it holds, the highest stretch; blank if none).
    discounts : (float, float) or None
        Discount rates for which the claim holds at this retention rate.
    """

    retention: Estimate
    points: float
    discount: float
    margin_starts: str
    claim: tuple[float, float]
    gain: Estimate
    gain_of_fewer: Estimate
    table: pd.DataFrame
    discounts: tuple[float, float] | None

    def text(self, lang: str) -> str:
        """Say what the claim amounts to, in Chinese (``zh``) or English (``en``)."""
        return join([_meaning(self), _verdict(self), _other_reading(self)]).text(lang)


def loyalty_claim(
    retention: float | Estimate,
    *,
    points: float = 0.05,
    discount: float = 0.1,
    claim: tuple[float, float] = (0.25, 0.85),
    margin_starts: str = NOW,
    discounts: Sequence[float] = DISCOUNTS,
) -> LoyaltyClaim:
    """Work out a claim of the form "retention up by 5 points raises the value of a customer by 25 to 85 %".

    Parameters
    ----------
    retention : float or Estimate
        Retention rate per year of the company at hand.
    points, discount, margin_starts
        As for `loyalty.loyalty_gain`, per year.
    claim : (float, float)
        Least and most gain claimed.
    discounts : sequence of float
        Yearly discount rates of the table.

    Returns
    -------
    LoyaltyClaim

    Raises
    ------
    InputError
        As `loyalty.loyalty_gain`.

    References
    ----------
    .. [1] Reichheld, Sasser (1990). Zero defections: quality comes to services. Harvard Business Review 68(5), 105-111.

    Examples
    --------
    >>> found = loyalty_claim(0.85)
    >>> round(found.gain.value, 4), [round(limit, 4) for limit in found.discounts]
    (0.25, [0.0, 0.1])
    >>> round(found.gain_of_fewer.value, 4)
    0.0309
    """
    rate = retention if isinstance(retention, Estimate) else Estimate(retention, float("nan"), float("nan"))
    how = {"points": points, "margin_starts": margin_starts}
    found = loyalty_gain(retention=rate, discount=discount, **how)
    within = discount_range(*claim, retention=rate.value, **how)
    rows = []
    for i in discounts:
        here = loyalty_gain(retention=rate, discount=i, **how)
        stretches = retention_range(*claim, discount=i, **how)
        low, high = stretches[-1] if stretches else (float("nan"), float("nan"))
        rows.append({"annual_discount": i, "loyalty_gain": here.value, "loyalty_gain_low": here.low,
                     "loyalty_gain_high": here.high, "claim_holds": _holds(here.value, claim),
                     "retention_from": low, "retention_to": high})  # fmt: skip
    fewer = _fewer(rate, points, discount, margin_starts)
    return LoyaltyClaim(rate, points, discount, margin_starts, tuple(claim), found, fewer, pd.DataFrame(rows), within)


def _holds(value: float, claim: tuple[float, float]) -> bool:
    return bool(claim[0] - 1e-9 <= value <= claim[1] + 1e-9)


def _fewer(rate: Estimate, share: float, discount: float, margin_starts: str) -> Estimate:
    """Return the gain if the churn rate falls by a share of itself."""
    ends = np.array(rate, float)
    values = [gain(np.array(r), discount, share * (1 - r), margin_starts) for r in ends]
    return Estimate(float(values[0]), float(np.minimum(*values[1:])), float(np.maximum(*values[1:])))


def _meaning(found: LoyaltyClaim) -> Sentence:
    r, points = found.retention, 100 * found.points
    later = found.margin_starts == LATER
    return Sentence(
        zh=f"年留存率 {r:.1%}、年折现率 {found.discount:.1%} 时，留存率提高 {points:.3g} 个百分点，"
           f"使每位客户今后带来的价值（各年边际贡献的现值之和）增加 {found.gain:.1%}。"
           f"这是每位客户今后全部价值的增幅，不是下一年利润的增幅；计算时假设每年的边际贡献和留存率不变"
           f"{'，首笔在一年后' if later else ''}。",
        en=f"At a yearly retention rate of {r:.1%} and a discount of {found.discount:.1%}, {points:.3g} percentage "
           f"points more retention raise what a customer will bring (present value of the yearly margins) by "
           f"{found.gain:.1%}. That is value per customer stream, not next year's profit, with margin and retention "
           f"constant over the "
           f"years{', the first margin a year from now' if later else ''}.",
    )  # fmt: skip


def _verdict(found: LoyaltyClaim) -> Sentence:
    low, high = found.claim
    holds, limits = _holds(found.gain.value, found.claim), found.discounts
    if limits is None:
        where = Sentence("在该留存率下，任何不低于 0 的折现率都得不到这个范围。",
                         "At this retention rate no discount of 0 or more gives such a gain.")  # fmt: skip
    elif np.isinf(limits[1]):
        where = Sentence(f"在该留存率下，折现率不低于 {limits[0]:.1%} 时成立。",
                         f"At this retention rate it holds for discounts of {limits[0]:.1%} or more.")  # fmt: skip
    else:
        span = f"{limits[0]:.1%}", f"{limits[1]:.1%}"
        where = Sentence(f"在该留存率下，折现率在 {span[0]} 与 {span[1]} 之间时成立。",
                         f"At this retention rate it holds for discounts from {span[0]} to {span[1]}.")  # fmt: skip
    claimed = f"{low:.0%}–{high:.0%}"
    ends = [_holds(end, found.claim) for end in (found.gain.low, found.gain.high) if np.isfinite(end)]
    if not all(end == holds for end in ends):
        whole = Sentence("但在增幅的整个区间内并非如此。", "Not so, however, throughout the interval of the gain.")
        where = join([whole, where])
    return join([Sentence(
        f"“增加 {claimed}”的说法在此{'成立' if holds else '不成立'}。",
        f"The claim of {claimed} {'holds' if holds else 'does not hold'} here.",
    ), where])  # fmt: skip


def _other_reading(found: LoyaltyClaim) -> Sentence:
    churn, share = 1 - found.retention.value, found.points
    lower = churn * (1 - share)
    return Sentence(
        zh=f"若把“{100 * share:.3g}%”理解为流失率本身降低 {share:.0%}（由 {churn:.2%} 降至 {lower:.2%}），"
           f"增幅只有 {found.gain_of_fewer:.1%}。",
        en=f"Read as {share:.0%} fewer churners (a churn rate of {lower:.2%} instead of {churn:.2%}), it is only "
           f"{found.gain_of_fewer:.1%}.",
    )  # fmt: skip
