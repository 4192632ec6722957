"""A worklist in sentences: what it holds, what it rests on, what can be learned from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from crm_analysis.segments.worklist.lots import detectable_difference, holdout_needed
from crm_analysis.words import Sentence, join, word

NEARLY_GONE = 0.95  # chance of churn from which a customer may be beyond reach

if TYPE_CHECKING:
    from crm_analysis.segments.worklist.worklist import Worklist


def worklist_text(found: Worklist) -> Sentence:
    """Return the sentences on a worklist."""
    return join(
        [
            _list(found),
            *_unspent(found),
            _left_out(found),
            *_unmatched(found),
            _bound(found),
            _assumption(found),
            *_nearly_gone(found),
            _learning(found),
        ]
    )


def _list(found: Worklist) -> Sentence:
    contact, held = found.to_contact, int(found.table["holdout"].sum())
    cost, gain = contact["cost"].sum(), contact["expected_gain"].sum()
    limit = {"zh": f"（预算 {found.budget:,.2f}）", "en": f" (budget {found.budget:,.2f})"}
    limit = limit if np.isfinite(found.budget) else {"zh": "", "en": ""}
    return Sentence(
        zh=f"名单入选 {len(found.table):,} 位客户，其中 {len(contact):,} 位需要联系，{held:,} 位随机留作对照、不联系。"
           f"联系的预计成本为 {cost:,.2f}{limit['zh']}，扣除成本后的预计净收益为 {gain:,.2f}。",
        en=f"The list selects {len(found.table):,} customers: {len(contact):,} to contact, and {held:,} held out by "
           f"lot, not to be contacted. The contacts cost {cost:,.2f} as expected{limit['en']} and gain {gain:,.2f} "
           f"after costs.",
    )  # fmt: skip


def _unspent(found: Worklist) -> list[Sentence]:
    """Say why a budget with a holdout is not spent whole."""
    if not (np.isfinite(found.budget) and found.table["holdout"].any()):
        return []
    return [Sentence(
        "选人时按入选者全部联系计算预算，留作对照的不联系，所以实际花费较少。",
        "The budget is counted as if all selected were contacted; the holdout costs nothing, so less is spent.",
    )]  # fmt: skip


def _left_out(found: Worklist) -> Sentence:
    left = found.account["customers"].drop(["to_contact", "holdout"])
    if left.empty:
        return Sentence("所有客户均已入选。", "Every customer is on the list.")
    zh = "，".join(f"{word(cause, 'zh')} {count:,} 位" for cause, count in left.items())
    en = ", ".join(f"{word(cause, 'en')} {count:,}" for cause, count in left.items())
    return Sentence(f"未入选 {left.sum():,} 位：{zh}。", f"Not on it are {left.sum():,} customers: {en}.")


def _unmatched(found: Worklist) -> list[Sentence]:
    """Say that ids to exclude are unknown: they may be written otherwise here, and then are not excluded."""
    if not found.unmatched:
        return []
    return [Sentence(
        f"排除名单中有 {found.unmatched:,} 个编号不在客户数据中：请确认编号写法一致。",
        f"Of the ids to exclude, {found.unmatched:,} are not among the customers: see that ids are written alike.",
    )]  # fmt: skip


def _bound(found: Worklist) -> Sentence:
    if found.shortfall_bound <= 0:
        return Sentence("在这些假设下，没有净收益更高的名单。", "Under these assumptions no list gains more.")
    return Sentence(
        f"同样限制下的最优名单，净收益最多再高 {found.shortfall_bound:,.2f}。",
        f"The best list possible within the same limits gains at most {found.shortfall_bound:,.2f} more.",
    )


def _assumption(found: Worklist) -> Sentence:
    if not found.assumed:
        return Sentence("效果取自所给的增量（uplift）估计。", "Effects are the uplift estimates given.")
    return Sentence(
        "净收益依据的是假设的效果（接受率 × 流失概率，或设定的降幅），并非实测：流失风险高不等于联系有效。",
        "The gain rests on assumed effects (acceptance times chance of churn, or a stated fall), which nobody has "
        "measured: a high risk does not mean that a contact helps.",
    )


def _nearly_gone(found: Worklist) -> list[Sentence]:
    """Say how much of an assumed gain rests on customers who may be beyond reach."""
    table = found.table
    gone = table["churn_probability"] >= NEARLY_GONE
    if not (found.assumed and gone.any()):
        return []
    share = table.loc[gone, "expected_gain"].sum() / table["expected_gain"].sum()
    return [Sentence(
        zh=f"入选客户中有 {gone.sum():,} 位的流失概率不低于 {NEARLY_GONE:.0%}，占预计净收益的 {share:.1%}；"
           f"这些客户是否还能挽回，要与留出的客户比较才知道。",
        en=f"Customers selected whose chance of churn is {NEARLY_GONE:.0%} or more: {gone.sum():,}, with {share:.1%} "
           f"of the expected gain; whether they can still be kept, only a comparison with a holdout tells.",
    )]  # fmt: skip


def _learning(found: Worklist) -> Sentence:
    table, held = found.table, int(found.table["holdout"].sum())
    if table.empty:
        return Sentence("没有入选客户，无从检验效果。", "Nobody is selected, so nothing can be learned.")
    rate, effect = table["churn_probability"].mean(), table["churn_reduction"].mean()
    needed = holdout_needed(len(table), rate=rate, effect=effect)
    advice = _advice(needed, len(table), held, found.holdout_share)
    if held == 0 or held == len(table):
        return join([Sentence("没有可供比较的两组客户，效果无法检验。",
                              "Without customers of both kinds the effect cannot be seen."), advice])  # fmt: skip
    found_from = detectable_difference(len(table) - held, held, rate=rate)
    enough = found_from <= effect
    basis = Sentence("假设", "assumed") if found.assumed else Sentence("估计", "estimated")
    facts = Sentence(
        zh=f"留出 {held:,} 位时，流失率至少下降 {100 * found_from:.1f} 个百分点才能以 80% 的把握检出"
           f"（双侧 5% 显著性水平），{basis.zh}的平均降幅为 {100 * effect:.1f} 个百分点，"
           f"{'足以检出' if enough else '不足以检出'}。",
        en=f"With {held:,} held out, a fall of the churn rate by {100 * found_from:.1f} points or more is found with "
           f"80 % "
           f"power (two-sided, 5 %); the {basis.en} mean fall is {100 * effect:.1f} points, which is "
           f"{'enough' if enough else 'too little'}.",
    )  # fmt: skip
    return facts if enough else join([facts, advice])


def _advice(needed: float, customers: int, held: int, asked: float) -> Sentence:
    if np.isnan(needed):
        return Sentence(
            f"名单只有 {customers:,} 位客户，即使留出一半也无法检出预计的降幅，需要更长的名单或多期合并。",
            f"With {customers:,} customers not even half of them held out would show the expected fall: it takes a "
            f"longer "
            f"list, or several periods together.",
        )
    if needed <= asked:  # the lot drew fewer than were asked for
        return Sentence(
            f"要检出预计的降幅，至少应实际留出 {round(needed * customers):,} 位；设定的比例为 {asked:.0%}，抽签只"
            f"留出 {held:,} 位（{held / customers:.1%}），请提高留出比例。",
            f"To find the expected fall, {round(needed * customers):,} must be held out in fact; {asked:.0%} was asked "
            f"for, but the lot drew {held:,} ({held / customers:.1%}): ask for a larger share.",
        )
    return Sentence(
        f"要检出预计的降幅，建议留出 {needed:.0%}。", f"To find the expected fall, hold out {needed:.0%} of the list."
    )
