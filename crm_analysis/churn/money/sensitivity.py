"""Whether the decision hangs on an assumption: acceptance, offer, contact and value moved one or two at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from crm_analysis.churn.money.campaign import ASSUMPTIONS, Campaign, break_even
from crm_analysis.churn.money.curve import ALL, NONE
from crm_analysis.churn.money.inputs import Cases, cases, is_number
from crm_analysis.churn.money.plans import gains
from crm_analysis.errors import InputError
from crm_analysis.words import Sentence, join, word

SOME = "contact_some"


@dataclass(frozen=True)
class Sensitivity:
    """The decision and its profit under other assumptions, one moved at a time.

    Parameters
    ----------
    table : pandas.DataFrame, index assumption
        The one that moves the profit most comes first. base_value, least, most (its values);
        profit_at_least, profit_at_most (per customer, the decision taken anew); swing (between them);
        decision_at_least, decision_at_most; decision_changes; tipping_value: where today's list earns nothing, the
        other assumptions staying as they are.
    profit : float
        Per customer, under the base assumptions.
    decision : {"contact_none", "contact_some", "contact_all"}
    """

    table: pd.DataFrame
    profit: float
    decision: str

    def text(self, lang: str) -> str:
        """Say on which assumptions the decision hangs, in Chinese (``zh``) or English (``en``)."""
        return join(_sentences(self)).text(lang)


def sensitivity(
    p: ArrayLike,
    y: ArrayLike,
    campaign: Campaign,
    *,
    clv: ArrayLike | None = None,
    ranges: Mapping[str, tuple[float, float]] | None = None,
) -> Sensitivity:
    r"""Move one assumption at a time and decide anew: contact nobody, those from the break-even on, or all.

    Today's list, the customers from the base break-even on, earns nothing at the tipping values

    .. math:: \gamma = \frac{f s + d s_1}{V - d s_0}, \quad f = \frac{\gamma (V - d s_0) - d s_1}{s}, \quad
              d = \frac{\gamma V - f s}{\gamma s_0 + s_1}, \quad
              \mathrm{CLV}\cdot\frac{d s_0 + (f s + d s_1)/\gamma}{V}

    with the shares s of customers on the list, :math:`s_0` of churners and :math:`s_1` of others on it, and V the value
    of its churners per customer.

    Parameters
    ----------
    p, y, campaign, clv
        As for `curve.profit_curve`. Values per customer are moved in proportion; their mean stands for them.
    ranges : dict of assumption to (least, most), optional
        Of accept, offer, contact and clv. By default 90 % of the beta distribution of acceptance (half to one and a
        half of it if it is one number), and half to one and a half of the others.

    Returns
    -------
    Sensitivity

    Raises
    ------
    InputError
        If a range names no assumption or is none, or the input cannot be used.

    Examples
    --------
    >>> found = sensitivity([0.9, 0.5, 0.1, 0.05], [1, 1, 0, 0], Campaign())
    >>> found.decision, found.table["tipping_value"].round(4)["accept"].item()
    ('contact_some', 0.0053)
    >>> found.table.loc["clv", ["least", "most"]].tolist()
    [100.0, 300.0]
    """
    found = cases(p, y, clv=campaign.clv if clv is None else clv)
    base = _base(found, campaign)
    limits = _default_ranges(campaign, base) | _checked(ranges or {})
    tipping = _tipping_values(found, campaign)
    rows = []
    for name, (least, most) in limits.items():
        (low, at_least), (high, at_most) = (_decide(*_moved(found, campaign, {name: x})) for x in (least, most))
        rows.append({"base_value": base[name], "least": least, "most": most,
                     "profit_at_least": low, "profit_at_most": high,
                     "swing": abs(high - low), "decision_at_least": at_least, "decision_at_most": at_most,
                     "tipping_value": tipping[name]})  # fmt: skip
    profit, decision = _decide(found, campaign)
    table = pd.DataFrame(rows, index=pd.Index(list(limits), name="assumption"))
    changes = table[["decision_at_least", "decision_at_most"]].ne(decision).any(axis=1)
    table.insert(table.columns.get_loc("tipping_value"), "decision_changes", changes)
    return Sensitivity(table.sort_values("swing", ascending=False, kind="stable"), profit, decision)


def sensitivity_grid(
    p: ArrayLike,
    y: ArrayLike,
    campaign: Campaign,
    *,
    first: str = "accept",
    second: str = "clv",
    clv: ArrayLike | None = None,
    ranges: Mapping[str, tuple[float, float]] | None = None,
    steps: int = 21,
) -> pd.DataFrame:
    """Decision and profit with two assumptions moved together, on a grid.

    Parameters
    ----------
    p, y, campaign, clv, ranges
        As for `sensitivity`.
    first, second : str
        Two of accept, offer, contact and clv.
    steps : int >= 2
        Values of each.

    Returns
    -------
    pandas.DataFrame
        A row per pair: the two assumptions by name, profit per customer, decision.

    Raises
    ------
    InputError
        As `sensitivity`, or if the two are the same.

    Examples
    --------
    >>> grid = sensitivity_grid([0.9, 0.1], [1, 0], Campaign(), ranges={"accept": (0, 1)}, steps=3)
    >>> grid[grid["clv"] == 200][["accept", "profit", "decision"]].to_numpy().tolist()
    [[0.0, 0.0, 'contact_none'], [0.5, 47.0, 'contact_some'], [1.0, 89.0, 'contact_all']]
    """
    found = cases(p, y, clv=campaign.clv if clv is None else clv)
    unknown = [name for name in (first, second) if name not in ASSUMPTIONS]
    if unknown or first == second or not is_number(steps) or steps < 2:
        raise InputError(f"first={first!r}, second={second!r}, steps={steps!r} cannot be used",
                         expected=f"two different ones of {', '.join(ASSUMPTIONS)}, and 2 steps or more",
                         zh="请选取两个不同的假设，步数至少为 2")  # fmt: skip
    limits = _default_ranges(campaign, _base(found, campaign)) | _checked(ranges or {})
    still = [name for name in (first, second) if limits[name][0] == limits[name][1]]
    if still:
        raise InputError(f"{', '.join(still)} is 0, so half to one and a half of it is no range", where="ranges",
                         mend=f"ranges={{{still[0]!r}: (least, most)}}",
                         zh="假设的基准值为 0，请给出取值范围")  # fmt: skip
    rows = []
    for one in np.linspace(*limits[first], int(steps)):
        for other in np.linspace(*limits[second], int(steps)):
            moved = {first: float(one), second: float(other)}
            profit, decision = _decide(*_moved(found, campaign, moved))
            rows.append(moved | {"profit": profit, "decision": decision})
    return pd.DataFrame(rows)


def _base(found: Cases, campaign: Campaign) -> dict[str, float]:
    mean = float(found.clv.mean())
    if mean <= 0:
        raise InputError(f"the mean value of customers is {mean:,.10g}: nothing can be earned by keeping them",
                         where="clv", expected="margins, above 0 on average", zh="客户价值的均值不为正")  # fmt: skip
    return {"accept": campaign.accept_mean, "offer": campaign.offer, "contact": campaign.contact, "clv": mean}


def _default_ranges(campaign: Campaign, base: Mapping[str, float]) -> dict[str, tuple[float, float]]:
    limits = {name: (0.5 * base[name], 1.5 * base[name]) for name in ASSUMPTIONS}
    spread = campaign.accept_range()
    limits["accept"] = spread if spread[0] < spread[1] else (limits["accept"][0], min(1.0, limits["accept"][1]))
    return limits


def _checked(ranges: Mapping[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
    problems = [f"{name!r} is no assumption" for name in ranges if name not in ASSUMPTIONS]
    for name, limits in ranges.items():
        pair = isinstance(limits, (tuple, list)) and len(limits) == 2 and all(map(is_number, limits))
        if not pair or not 0 <= limits[0] < limits[1] or (name == "accept" and limits[1] > 1):
            problems.append(f"{name}={limits!r} is no range")
    if problems:
        raise InputError("; ".join(problems), where="ranges",
                         expected=f"(least, most) of {', '.join(ASSUMPTIONS)}; accept within 0 to 1",
                         zh="假设的取值范围有误：" + "；".join(problems))  # fmt: skip
    return {name: (float(low), float(high)) for name, (low, high) in ranges.items()}


def _moved(found: Cases, campaign: Campaign, values: Mapping[str, float]) -> tuple[Cases, Campaign]:
    """Return customers and campaign under other assumptions; values of customers move in proportion."""
    values = dict(values)
    if "clv" in values:
        found = found._replace(clv=found.clv * (values.pop("clv") / found.clv.mean()))
    offer = values.get("offer", campaign.offer)
    above = max(campaign.clv, offer + 1)  # what a campaign has for customers without a value plays no part here
    return found, campaign.changed(**values, clv=above)


def _decide(found: Cases, campaign: Campaign) -> tuple[float, str]:
    """Return the profit per customer of the best of the three plans, and its name."""
    gain = gains(found, campaign)
    listed = found.score >= break_even(campaign, found.clv)
    profits = {NONE: 0.0, SOME: float((gain * listed).mean()), ALL: float(gain.mean())}
    decision = max(profits, key=profits.get)
    return profits[decision], ALL if decision == SOME and listed.all() else decision


def _tipping_values(found: Cases, campaign: Campaign) -> dict[str, float]:
    listed = found.score >= break_even(campaign, found.clv)
    churned, stayed = (listed * found.y).mean(), (listed * (1 - found.y)).mean()
    gamma, offer, contact = campaign.accept_mean, campaign.offer, campaign.contact
    value, on_list = (listed * found.y * found.clv).mean(), churned + stayed
    paid = contact * on_list + offer * stayed
    with np.errstate(divide="ignore", invalid="ignore"):
        tipping = {
            "accept": np.divide(paid, value - offer * churned),
            "offer": np.divide(gamma * value - contact * on_list, gamma * churned + stayed),
            "contact": np.divide(gamma * (value - offer * churned) - offer * stayed, on_list),
            "clv": found.clv.mean() * np.divide(offer * churned + np.divide(paid, gamma), value),
        }
    return {name: float(x) if np.isfinite(x) and on_list > 0 else float("nan") for name, x in tipping.items()}


def _sentences(found: Sensitivity) -> list[Sentence]:
    table, first = found.table, found.table.index[0]
    row = table.iloc[0]
    decision = {lang: word(found.decision, lang) for lang in ("zh", "en")}
    lines = [Sentence(
        zh=f"在基准假设下的决定是“{decision['zh']}”，平均每位客户的利润为 {found.profit:,.2f}。"
           f"影响最大的假设是{word(first, 'zh')}：从 {_shown(first, row['least'])} 到 {_shown(first, row['most'])}，"
           f"利润由 {row['profit_at_least']:,.2f} 变为 {row['profit_at_most']:,.2f}。",
        en=f"Under the base assumptions the decision is to {decision['en']}, at a profit of {found.profit:,.2f} per "
           f"customer. What matters most is the {word(first, 'en')}: from {_shown(first, row['least'])} to "
           f"{_shown(first, row['most'])} the profit goes from {row['profit_at_least']:,.2f} to "
           f"{row['profit_at_most']:,.2f}.",
    )]  # fmt: skip
    moved = [name for name in table.index if table.loc[name, "decision_changes"]]
    lines.append(Sentence(
        zh=f"在所考察的范围内，{'、'.join(word(name, 'zh') for name in moved)}会改变决定。" if moved else
           "在所考察的范围内，任何单个假设的变化都不会改变决定。",
        en=f"Within the ranges looked at, the decision changes with the "
           f"{', '.join(word(name, 'en') for name in moved)}."
           if moved else "Within the ranges looked at, no single assumption changes the decision.",
    ))  # fmt: skip
    accept = table.loc["accept", "tipping_value"]
    if np.isfinite(accept) and accept <= 1:
        lines.append(Sentence(
            zh=f"其他假设不变、联系同样这些客户，接受率只要不低于 {accept:.1%} 就不亏损。",
            en=f"Contacting the same customers, all else equal, loses no money as long as {accept:.1%} of churners or "
               f"more accept.",
        ))  # fmt: skip
    return lines


def _shown(name: str, value: float) -> str:
    return f"{value:.1%}" if name == "accept" else f"{value:,.4g}"
